"""What makes the scripts of drills happen in time, though nobody asks."""

import asyncio
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from api.clock import now
from api.drills.script import SCRIPT, is_due
from api.drills.world import drill_of, refuse_other_region, step
from api.log_lines import LOG
from api.problems import Problem
from api.service import Service
from api.store.drill_tables import DrillRow
from api.store.engine import BusyError
from api.writing import write

_LOOK_S = 0.5
"""Real time between two looks."""


class Pace:
    """Looks at all running drills; a restart looks again, and nothing that was due is left out."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._task: asyncio.Task[None] | None = None
        self._looking: asyncio.Future[None] | None = None

    def begin(self) -> None:
        """Look from now on; called in the event loop."""
        self._task = asyncio.create_task(self._go_on())

    async def close(self) -> None:
        """End; what is being written is finished first."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._looking is not None:
            await asyncio.wait([self._looking])

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                self._looking = asyncio.ensure_future(asyncio.to_thread(self.look))
                await asyncio.shield(self._looking)
            except (SQLAlchemyError, BusyError) as lost:
                LOG.error("scripts cannot go on", extra={"facts": {"error": type(lost).__name__}})
            except Exception:  # the pace outlives every drill
                LOG.exception("a defect of the pace of drills")

    def look(self) -> None:
        """Let happen what is due now."""
        for name in self._due():
            with write(self._service.store, actor=SCRIPT, request_id=SCRIPT) as writing:
                drill = drill_of(writing.session, name)
                if drill.status == "running" and is_due(drill, writing.at):
                    with step(writing, self._service.region, drill):
                        pass

    def _due(self) -> list[str]:
        query = select(DrillRow).where(DrillRow.status == "running", DrillRow.next_due_s.is_not(None))
        found = []
        with self._service.store.reading() as session:
            for drill in session.scalars(query.order_by(DrillRow.id)):
                with suppress(Problem):  # of another region: it waits for that region to come back
                    refuse_other_region(session, drill)
                    found += [drill.id] if is_due(drill, now()) else []
        return found
