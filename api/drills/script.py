"""The script of a drill: injects are given when their time has come, in order, whoever looks first."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.closures import report_closure
from api.drills.clock import elapsed_s
from api.exercise import Exercise, enter
from api.incidents import report_incident
from api.orders import end, order_of, report_status
from api.problems import Problem
from api.schemas.drills import Inject, WindShift
from api.situation import open_incident
from api.store.drill_tables import DrillRow
from api.store.tables import AuditRow
from api.writing import Writing
from geo.region.region import Region

if TYPE_CHECKING:
    from api.drills.world import ExerciseWriting

SCRIPT = "script"
"""Who reports what the script says."""
GIVEN = "inject.given"


def give_due(world: "ExerciseWriting", region: Region, drill: DrillRow) -> float | None:
    """Let everything happen that is due at the writing's instant; exercise time of what comes next.

    Each inject happens at its own instant, however late it is looked at.
    """
    if drill.starts_at is None:
        return None
    given = set(world.session.scalars(select(AuditRow.subject).where(AuditRow.action == GIVEN)))
    passed_s = (world.at - drill.starts_at) / timedelta(seconds=1)
    for inject in injects(drill):
        if inject.id in given:
            continue
        if inject.after_s > passed_s:
            return inject.after_s
        at = drill.starts_at + timedelta(seconds=inject.after_s)
        enter(world.session, Exercise(drill.id, at))
        _give(replace(world, at=at, actor=SCRIPT), region, inject)
    return None


def is_due(drill: DrillRow, at: datetime) -> bool:
    """Whether something of the script has to happen now."""
    return drill.next_due_s is not None and elapsed_s(drill, at) >= drill.next_due_s


def injects(drill: DrillRow) -> list[Inject]:
    """The script in the order in which it happens."""
    return sorted(map(Inject.model_validate, drill.script), key=lambda one: one.after_s)


def given_injects(session: Session) -> dict[str, dict[str, Any]]:
    """What came of each inject that was given, by its id, with the instant ``at``."""
    rows = session.scalars(select(AuditRow).where(AuditRow.action == GIVEN).order_by(AuditRow.number))
    return {row.subject: {**json.loads(row.detail), "at": row.at} for row in rows}


def _give(writing: Writing, region: Region, inject: Inject) -> None:
    """One inject; what does not fit the course of the exercise any more is noted and left."""
    outcome: dict[str, Any] = {"made": None}
    try:
        with writing.session.begin_nested():
            outcome |= _happen(writing, region, inject)
    except Problem as refused:
        outcome = {"made": None, "without_effect": refused.detail}
    writing.record(GIVEN, inject.id, kind=inject.kind, **outcome)


def _happen(writing: Writing, region: Region, inject: Inject) -> dict[str, Any]:
    if inject.incident is not None:
        return {"made": report_incident(writing, region, inject.incident).id}
    if inject.closure is not None:
        return {"made": report_closure(writing, inject.closure).id}
    if inject.team_out is not None:
        return _team_out(writing, inject.team_out)
    if inject.wind is not None:
        return _wind(writing, inject.wind)
    return {"text": inject.message}


def _team_out(writing: Writing, team_id: str) -> dict[str, Any]:
    """A team that breaks down loses its order."""
    order = order_of(writing.session, team_id)
    if order is not None:
        end(writing, order.id, "released", why=SCRIPT)
    report_status(writing, team_id, "off_duty", crew=None)
    return {"team_id": team_id, "order_id": order and order.id}


def _wind(writing: Writing, shift: WindShift) -> dict[str, Any]:
    """Other weather at an incident, whatever else was corrected there meanwhile."""
    made = given_injects(writing.session).get(shift.incident, {}).get("made")
    row = open_incident(writing.session, made or shift.incident)
    row.weather, row.version = shift.weather.model_dump(mode="json"), row.version + 1
    writing.record("incident.corrected", row.id, version=row.version, report=row.report, weather=row.weather)
    return {"incident_id": row.id, "weather": row.weather}
