"""The response to an incident: a level from I (the gravest) to IV, started, raised, lowered, ended."""

from collections.abc import Iterable, Sequence
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.keys import Principal
from api.problems import Problem
from api.procedure.approvals import approve, confirm_row
from api.situation import open_incident
from api.store.procedure_tables import ResponseRow
from api.writing import Writing
from scenarios.incident_models import IncidentLevel

Step = Literal["start", "raise", "lower", "end"]
LEVELS: tuple[IncidentLevel, ...] = ("I", "II", "III", "IV")
"""From the gravest on."""


def steps(session: Session, incident_id: str) -> Sequence[ResponseRow]:
    """All steps of the response to an incident, oldest first."""
    query = select(ResponseRow).where(ResponseRow.incident_id == incident_id).order_by(ResponseRow.id)
    return session.scalars(query).all()


def level_in_force(session: Session, incident_id: str) -> IncidentLevel | None:
    """The level at which an incident is answered now, if any."""
    return levels_in_force(session, [incident_id]).get(incident_id)


def levels_in_force(session: Session, incident_ids: Iterable[str]) -> dict[str, IncidentLevel]:
    """Levels in force by incident; incidents without a response are left out."""
    query = select(ResponseRow).where(ResponseRow.incident_id.in_(list(incident_ids)))
    newest = {row.incident_id: row for row in session.scalars(query.order_by(ResponseRow.id))}
    return {name: cast(IncidentLevel, row.level) for name, row in newest.items() if row.step != "end"}


def set_level(
    writing: Writing,
    incident_id: str,
    level: IncidentLevel,
    principal: Principal,
    *,
    why: str,
    approved_verbally_by: str | None = None,
) -> ResponseRow:
    """Start the response to an incident, or raise or lower its level.

    Raises
    ------
    Problem
        A118 no such incident, A127 it is closed, A230 it is answered at this level already, A124 nobody
        approved.
    """
    open_incident(writing.session, incident_id)
    before = level_in_force(writing.session, incident_id)
    if before == level:
        raise Problem("A230", 409, f"{incident_id} is answered at level {level} already", level=level)
    if before is None:
        step: Step = "start"
    else:
        step = "raise" if LEVELS.index(level) < LEVELS.index(before) else "lower"
    return _write(writing, incident_id, step, level, principal, why, approved_verbally_by)


def end_response(
    writing: Writing,
    incident_id: str,
    principal: Principal,
    *,
    why: str,
    approved_verbally_by: str | None = None,
) -> ResponseRow:
    """End the response to an incident; raises ``Problem`` A118, A124, A127, A231 none is in force."""
    open_incident(writing.session, incident_id)
    level = level_in_force(writing.session, incident_id)
    if level is None:
        raise Problem("A231", 409, f"no response to {incident_id} is in force")
    return _write(writing, incident_id, "end", level, principal, why, approved_verbally_by)


def confirm_response(writing: Writing, response_id: str, principal: Principal) -> ResponseRow:
    """Confirm a step that was approved by word; raises ``Problem`` A118 or A136."""
    row = writing.session.get(ResponseRow, response_id)
    if row is None:
        raise Problem("A118", 404, f"no response {response_id}")
    confirm_row(writing, row, "response", principal)
    return row


def _write(
    writing: Writing,
    incident_id: str,
    step: Step,
    level: IncidentLevel,
    principal: Principal,
    why: str,
    verbally: str | None,
) -> ResponseRow:
    row = ResponseRow(
        id=writing.next_id("response"),
        incident_id=incident_id,
        step=step,
        level=level,
        at=writing.at,
        by=writing.actor,
        why=why,
    )
    approve(row, principal, verbally)
    writing.session.add(row)
    writing.session.flush()
    writing.record(
        f"response.{step}",
        row.id,
        incident_id=incident_id,
        level=level,
        why=why,
        approved_by=row.approved_by,
        approved_verbally_by=row.approved_verbally_by,
    )
    return row
