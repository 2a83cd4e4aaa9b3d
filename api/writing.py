"""One write: a transaction, who asks, and what the audit will say of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api import audit
from api.clock import now, written
from api.feed_events import event_of
from api.store.engine import Store
from api.store.tables import CounterRow, HeadRow


@dataclass(slots=True)
class Writing:
    """The only writer at this moment, since ``at``."""

    session: Session
    head: HeadRow
    actor: str
    request_id: str
    at: datetime

    def record(self, action: str, subject: str, **detail: Any) -> None:
        """Say in the audit what was done to what, and in the live feed to those who listen."""
        plain = {key: _plain(value) for key, value in detail.items()}
        row = audit.append(
            self.session,
            self.head,
            at=written(self.at),
            actor=self.actor,
            request_id=self.request_id,
            action=action,
            subject=subject,
            detail=plain,
        )
        event = event_of(row.number, self.at, action, subject, plain)
        if event is not None:
            self.session.add(event)

    def next_id(self, kind: str) -> str:
        """The next id of a kind of record, as ``plan-000012``: a person can say it, and ids sort."""
        row = self.session.get(CounterRow, kind)
        if row is None:
            row = CounterRow(kind=kind, value=0)
            self.session.add(row)
        row.value += 1
        return f"{kind}-{row.value:06d}"


@contextmanager
def write(store: Store, *, actor: str, request_id: str) -> Iterator[Writing]:
    """A transaction that is kept as a whole, with its rows in the audit, or not at all."""
    with store.writing() as (session, head):
        yield Writing(session=session, head=head, actor=actor, request_id=request_id, at=now())


def _plain(value: Any) -> Any:
    return written(value) if isinstance(value, datetime) else value
