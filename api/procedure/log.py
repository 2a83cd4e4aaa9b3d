"""The log of an incident: everything the audit says about it, with entries written by hand, as one timeline.

The log is not kept a second time. The audit is the record; entries by hand are rows of it too.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.clock import written
from api.positions import AHEAD
from api.problems import Problem
from api.procedure.log_words import Names, said
from api.store.procedure_tables import AlertRow, LogEntryRow, ReportRow, ResponseRow
from api.store.tables import AuditRow, ClosureRow, IncidentRow, OrderRow, PlanRow, TeamRow
from api.writing import Writing
from scenarios.report.text import Text

_MOST_SUBJECTS = 500
"""Subjects of one query: databases take a limited number of values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a log; ``at`` when it happened, ``written_at`` when it was written down."""

    at: datetime
    written_at: datetime
    number: int
    by: str
    action: str
    subject: str
    text: Text

    @property
    def by_hand(self) -> bool:
        """Whether a person wrote it as a line of the log."""
        return self.action == "log.entry"


def write_entry(writing: Writing, incident_id: str, text: str, *, at: datetime | None = None) -> LogEntryRow:
    """An entry by hand, also after the incident ended; raises ``Problem`` A118, A233 of the future."""
    if writing.session.get(IncidentRow, incident_id) is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    if at is not None and at > writing.at + AHEAD:
        raise Problem("A233", 422, f"{at.isoformat()} has not come yet")
    row = LogEntryRow(
        id=writing.next_id("entry"),
        incident_id=incident_id,
        at=at or writing.at,
        written_at=writing.at,
        written_by=writing.actor,
        text=text,
    )
    writing.session.add(row)
    writing.record("log.entry", row.id, incident_id=incident_id, at=row.at, text=text)
    return row


def log_of(session: Session, incident_id: str) -> list[Line]:
    """The log of an incident, oldest first; raises ``Problem`` A118."""
    incident = session.get(IncidentRow, incident_id)
    if incident is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    orders = session.scalars(select(OrderRow).where(OrderRow.incident_id == incident_id)).all()
    names = team_names(session)
    rows = [
        *_about(session, _subjects(session, incident_id, orders)),
        *_statuses(session, orders),
        *_closures(session, incident),
    ]
    lines = [_line(row, names) for row in {row.number: row for row in rows}.values()]
    return sorted(lines, key=lambda line: (line.at, line.number))


def _subjects(session: Session, incident_id: str, orders: Sequence[OrderRow]) -> list[str]:
    """Ids of all records of an incident."""
    plans = session.execute(select(PlanRow.id, PlanRow.incidents))
    found = [incident_id, *(name for name, incidents in plans if incident_id in incidents)]
    found += [row.id for row in orders]
    for kind in (ResponseRow, LogEntryRow, ReportRow, AlertRow):
        found += session.scalars(select(kind.id).where(kind.incident_id == incident_id))
    return found


def _about(session: Session, subjects: Sequence[str]) -> Iterator[AuditRow]:
    for start in range(0, len(subjects), _MOST_SUBJECTS):
        some = subjects[start : start + _MOST_SUBJECTS]
        yield from session.scalars(select(AuditRow).where(AuditRow.subject.in_(some)))


def _statuses(session: Session, orders: Sequence[OrderRow]) -> Iterator[AuditRow]:
    """What teams said while they held an order for it."""
    for order in orders:
        during = [AuditRow.at >= written(order.issued_at)]
        if order.ended_at is not None:
            during.append(AuditRow.at <= written(order.ended_at))
        query = select(AuditRow).where(AuditRow.subject == order.team_id, AuditRow.action == "team.status")
        yield from session.scalars(query.where(*during))


def _closures(session: Session, incident: IncidentRow) -> Iterator[AuditRow]:
    """Roads closed and opened while it went on, wherever: every plan of that time drove round them."""
    query = select(ClosureRow.id)
    query = query.where(or_(ClosureRow.lifted_at.is_(None), ClosureRow.lifted_at >= incident.reported_at))
    if incident.closed_at is not None:
        query = query.where(ClosureRow.reported_at <= incident.closed_at)
    first = written(incident.reported_at)
    last = "9999" if incident.closed_at is None else written(incident.closed_at)
    for row in _about(session, session.scalars(query).all()):
        if first <= row.at <= last:
            yield row


def _line(row: AuditRow, names: Names) -> Line:
    detail: dict[str, Any] = json.loads(row.detail)
    at = detail["at"] if row.action == "log.entry" else row.at
    return Line(
        at=datetime.fromisoformat(at),
        written_at=datetime.fromisoformat(row.at),
        number=row.number,
        by=row.actor,
        action=row.action,
        subject=row.subject,
        text=said(row.action, row.subject, detail, names),
    )


def team_names(session: Session) -> Names:
    """Names of all teams."""
    rows = session.execute(select(TeamRow.id, TeamRow.name_zh, TeamRow.name_en))
    return {name: Text(zh or en or name, en or zh or name) for name, zh, en in rows}
