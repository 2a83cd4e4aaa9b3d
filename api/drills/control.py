"""Drills made, begun, paused, sped up and ended."""

from collections.abc import Callable
from datetime import datetime

from api.clock import now
from api.closures import refuse_unknown
from api.drills import clock
from api.drills.world import drill_of, newest_revision, refuse_other_region, step
from api.incident_check import refuse_impossible
from api.incidents import place_of
from api.problems import Problem, of_faults
from api.schemas.drills import DrillAsked
from api.store.drill_tables import DrillRow, DrillWorldRow
from api.writing import Writing
from geo.errors import Fault
from geo.region.region import Region


def refuse_unfit(asked: DrillAsked, region: Region) -> None:
    """Raise ``Problem`` A128 for names that the region does not know, and as ``refuse_impossible``."""
    teams = set(region.table("teams")["id"])
    for number, inject in enumerate(asked.script):
        if inject.incident is not None:
            place_of(region, inject.incident)
            refuse_impossible(region, inject.incident, asked.starts_at or now())
        if inject.closure is not None:
            refuse_unknown(inject.closure, region)
        if inject.team_out is not None and inject.team_out not in teams:
            raise of_faults(
                [
                    Fault(
                        code="A128",
                        where=f"script.{number}.team_out",
                        found=repr(inject.team_out),
                        wanted="an id of the layer teams",
                        fix="Correct the name.",
                    )
                ]
            )


def make_drill(writing: Writing, region: Region, asked: DrillAsked, image: bytes) -> DrillRow:
    """A drill in a new world, its clock at zero."""
    row = DrillRow(
        id=writing.next_id("drill"),
        title=asked.title,
        region=region.name,
        digest=region.digest(),
        script=[one.model_dump(mode="json") for one in asked.script],
        status="planned",
        starts_at=asked.starts_at,
        elapsed_s=0.0,
        speed=asked.speed,
        made_at=writing.at,
        made_by=writing.actor,
    )
    writing.session.add(row)
    writing.session.flush()
    writing.session.add(DrillWorldRow(drill_id=row.id, revision=newest_revision(), image=image))
    writing.record("drill.made", row.id, exercise=True, status=row.status, title=row.title)
    return row


def begin(writing: Writing, region: Region, drill_id: str) -> DrillRow:
    """Start the clock for the first time."""
    drill = _in_state(writing, drill_id, "planned")
    drill.starts_at = drill.starts_at or writing.at.replace(microsecond=0)
    drill.began_at = writing.at
    return _turn(writing, region, drill, "started", lambda at: clock.run(drill, at, drill.speed), "running")


def pause(writing: Writing, region: Region, drill_id: str) -> DrillRow:
    """Let the clock stand; nobody acts until it goes on."""
    drill = _in_state(writing, drill_id, "running")
    return _turn(writing, region, drill, "paused", lambda at: clock.stop(drill, at), "paused")


def resume(writing: Writing, region: Region, drill_id: str, speed: float | None) -> DrillRow:
    """Let the clock go on, or go at another speed."""
    drill = _in_state(writing, drill_id, "paused", "running")
    pace = speed or drill.speed
    return _turn(writing, region, drill, "resumed", lambda at: clock.run(drill, at, pace), "running")


def end(writing: Writing, region: Region, drill_id: str) -> DrillRow:
    """End a drill for good; its world stays to be read."""
    drill = _in_state(writing, drill_id, "planned", "running", "paused")
    drill.ended_at = writing.at
    return _turn(writing, region, drill, "ended", lambda at: clock.stop(drill, at), "ended")


def _in_state(writing: Writing, drill_id: str, *states: str) -> DrillRow:
    drill = drill_of(writing.session, drill_id)
    if drill.status not in states:
        raise Problem("A302", 409, f"{drill_id} is {drill.status}", drill_status=drill.status)
    return drill


def _turn(
    writing: Writing,
    region: Region,
    drill: DrillRow,
    what: str,
    turn: Callable[[datetime], None],
    status: str,
) -> DrillRow:
    """Turn the clock, after everything that was due until now; the log of the exercise says so."""
    if status != "ended":
        refuse_other_region(writing.session, drill)
    with step(writing, region, drill) as world:
        turn(writing.at)
        drill.status = status
        world.record(f"clock.{what}", drill.id, speed=drill.speed)
    writing.record(f"drill.{what}", drill.id, exercise=True, status=status, speed=drill.speed)
    return drill
