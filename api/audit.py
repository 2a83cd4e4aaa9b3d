"""The audit: one row for each change of state, chained by hash, never changed.

``hash = SHA-256([previous hash, number, time, actor, request, action, subject, detail])``, the list as JSON
in UTF-8 without spaces. Whoever alters, removes or inserts a row breaks every hash after it; whoever writes
the whole chain anew is found out by a number and hash noted elsewhere.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.tables import AuditRow, HeadRow

GENESIS = "0" * 64
"""What the first row is chained to."""
_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at the whole chain found: rows read, the newest, what is wrong (empty if nothing)."""

    rows: int
    number: int
    hash: str
    faults: tuple[str, ...]


def row_hash(row: AuditRow, before: str) -> str:
    """The hash of a row that follows ``before``."""
    parts = [before, row.number, row.at, row.actor, row.request_id, row.action, row.subject, row.detail]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def append(
    session: Session,
    head: HeadRow,
    *,
    at: str,
    actor: str,
    request_id: str,
    action: str,
    subject: str,
    detail: dict[str, Any],
) -> AuditRow:
    """Add a row and move the head on; the caller is the only writer."""
    row = AuditRow(
        number=head.number + 1,
        at=at,
        actor=actor,
        request_id=request_id,
        action=action,
        subject=subject,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )
    row.hash = row_hash(row, head.hash)
    head.number, head.hash = row.number, row.hash
    session.add(row)
    return row


def verify(session: Session, *, expected: tuple[int, str] | None = None) -> Verified:
    """Recompute the whole chain; ``expected``: number and hash that were noted at another time."""
    before, number, faults = GENESIS, 0, []
    noted = expected
    for row in _rows(session):
        number += 1
        if row.number != number:
            faults.append(f"row {number} is missing: the next is {row.number}")
            number = row.number
        if row.hash != row_hash(row, before):
            faults.append(f"row {row.number} was changed, or the one before it")
        if noted is not None and row.number == noted[0]:
            faults += [] if row.hash == noted[1] else [f"row {row.number} is not the one that was noted"]
            noted = None
        before = row.hash
        if len(faults) >= 20:
            break
    else:
        faults += _head_faults(session, number, before)
        if noted is not None:
            faults.append(f"row {noted[0]}, which was noted, is missing")
    return Verified(rows=number, number=number, hash=before, faults=tuple(faults))


def _head_faults(session: Session, number: int, last: str) -> Iterator[str]:
    head = session.get(HeadRow, 1)
    if head is None or (head.number, head.hash) != (number, last):
        found = "no head" if head is None else f"the head at row {head.number}"
        yield f"the chain ends at row {number}, but there is {found}: rows were removed at the end"


def _rows(session: Session) -> Iterator[AuditRow]:
    """All rows in order, a page at a time."""
    last = -1
    while page := session.scalars(
        select(AuditRow).where(AuditRow.number > last).order_by(AuditRow.number).limit(_PAGE)
    ).all():
        yield from page
        last = page[-1].number
        session.expunge_all()
