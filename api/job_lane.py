"""The slow lane: threads that take jobs from a queue, and for each a process that can be ended at once.

The store knows every job before it is queued, and what became of it before anybody is told: whatever dies,
a restart finds who waits and who ran, and goes on.
"""

import asyncio
import json
import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from api import jobs
from api.job_process import Died, Ended, Failed, Finished, JobProcess, Late
from api.jobs import LANE, Known
from api.log_lines import LOG
from api.metrics import Metrics
from api.processes import PROCESSES
from api.settings import Settings
from api.store.engine import BusyError, Store
from api.store.job_tables import JobRow
from api.writing import Writing, write

_CLOSE_S = 10.0


@dataclass(slots=True)
class _Live:
    """A job in the hands of a thread."""

    process: JobProcess
    known: Known = field(default_factory=Known)


class JobLane:
    """Computes jobs, a bounded number at a time."""

    def __init__(self, settings: Settings, store: Store, digest: str, metrics: Metrics) -> None:
        self._settings, self._store, self._digest, self._metrics = settings, store, digest, metrics
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._live: dict[str, _Live] = {}
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take up what an earlier server left, and begin to work."""
        self._loop = loop
        with self._store.reading() as session:
            left = jobs.unfinished(session, "running")
        for job_id in left:
            self._write(lambda writing, name=job_id: jobs.give_back(writing, name, why="handed back"))  # type: ignore[misc]  # bound now
        with self._store.reading() as session:
            for job_id in jobs.unfinished(session, "accepted"):
                self.put(job_id)
        for number in range(self._settings.job_workers):
            thread = threading.Thread(target=self._serve, name=f"job lane {number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def put(self, job_id: str) -> None:
        """Queue a job that the store knows."""
        self._queue.put(job_id)
        self._count()

    def end(self, job_id: str) -> None:
        """End the process of a job, if one runs."""
        live = self._live.get(job_id)
        if live is not None:
            live.process.end()

    def close(self) -> None:
        """End all processes; their jobs go back into the queue, for the next server."""
        self._closing.set()
        for _ in self._threads:
            self._queue.put(None)
        for live in list(self._live.values()):
            live.process.end()
        until = time.monotonic() + _CLOSE_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def known(self, job_id: str) -> Known | None:
        """How far a job is that runs now."""
        live = self._live.get(job_id)
        return None if live is None else live.known

    @property
    def news(self) -> asyncio.Event:
        """Set, and replaced, when a job has got on; for the event loop."""
        return self._news

    def _serve(self) -> None:
        while (job_id := self._queue.get()) is not None and not self._closing.is_set():
            try:
                self._carry_out(job_id)
            except Exception:  # a thread of the lane outlives every job
                LOG.exception("a defect of the slow lane", extra={"facts": {"job": job_id}})
                self._give_up(job_id)
            finally:
                self._live.pop(job_id, None)
                self._count()
                self.tell()

    def _carry_out(self, job_id: str) -> None:
        live = self._live[job_id] = _Live(JobProcess(self._settings.job_limit_s))
        asked = self._write(lambda writing: _asked(jobs.take_up(writing, job_id)))
        if asked is None:
            return
        self._count()
        self.tell()
        process = PROCESSES.get(asked[0])
        if process is None:
            outcome: object = Failed("A209", f"this version has no process {asked[0]}", {})
        else:
            where = Path(self._settings.region).resolve()
            outcome = live.process.run(
                process.run, asked[1], where, self._digest, lambda known: self._progress(live, known)
            )
        self._write(lambda writing: self._settle(writing, job_id, outcome))

    def _give_up(self, job_id: str) -> None:
        """A job whose answer we could not keep does not run for ever."""
        text = "a defect of Muster; the log has more under the job's id"
        with suppress(Exception):
            self._write(lambda writing: jobs.fail(writing, job_id, "A132", text))

    def _settle(self, writing: Writing, job_id: str, outcome: object) -> None:
        """What becomes of a job when its process has ended."""
        match outcome:
            case Finished(document, known):
                jobs.succeed(writing, job_id, document, known)
            case Failed(code, detail, facts):
                jobs.fail(writing, job_id, code, detail, **facts)
            case Late(limit_s):
                jobs.fail(writing, job_id, "A213", f"{job_id} took longer than {limit_s:g} s and was ended")
            case Ended() if self._closing.is_set():
                jobs.give_back(writing, job_id, why="handed back")
            case Died(code):
                self._metrics.job_workers_lost.inc()
                LOG.error("the process of a job is gone", extra={"facts": {"job": job_id, "exit": code}})
                if jobs.give_back(writing, job_id, why="worker lost"):
                    self._queue.put(job_id)
        row = writing.session.get(JobRow, job_id)
        if row is not None and row.status not in jobs.UNFINISHED:
            self._metrics.jobs_ended.labels(row.process, row.status).inc()

    def _write(self, action: Callable[[Writing], Any]) -> Any:
        """Write, and where the database is gone try again until it is back: no result is thrown away."""
        wait_s = 0.25
        while True:
            try:
                with write(self._store, actor=LANE, request_id=LANE.replace(" ", "-")) as writing:
                    return action(writing)
            except (SQLAlchemyError, BusyError) as lost:
                LOG.error("the slow lane cannot write", extra={"facts": {"error": type(lost).__name__}})
                if self._closing.wait(wait_s) and wait_s >= 2.0:
                    raise
                wait_s = min(2 * wait_s, 5.0)

    def _progress(self, live: _Live, known: Known) -> None:
        live.known = known
        self.tell()

    def tell(self) -> None:
        """Wake those who follow jobs."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _count(self) -> None:
        self._metrics.jobs_waiting.set(self._queue.qsize())
        self._metrics.jobs_running.set(len(self._live))


def _asked(row: JobRow | None) -> tuple[str, Mapping[str, Any]] | None:
    return None if row is None else (row.process, json.loads(row.asked))
