"""Live drills, and the routes of a command center inside each of them."""

from collections.abc import Callable
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Response

from api.clock import now
from api.deps import Answer, Reading, Served, Write, Writes, in_drill, needs
from api.drills import clock, control
from api.drills.after_action import after_action
from api.drills.course import course
from api.drills.scoring import scores
from api.drills.shipped_scripts import scripts_for
from api.drills.world import drill_of, drills_of, new_image, reading_world
from api.local_time import zone_of
from api.reports.docx_file import report_docx
from api.reports.page import report_page
from api.routes import (
    closures,
    comparisons,
    depots,
    incidents,
    orders,
    places,
    plans,
    procedure,
    reports,
    teams,
)
from api.routes.reports import DOCX, DOCX_FILE, HTML_PAGE, Lang
from api.schemas.drills import (
    ClockAsked,
    DrillAsked,
    DrillEvents,
    DrillRecords,
    DrillScores,
    DrillScripts,
    DrillShown,
    DrillStatus,
)
from api.schemas.edge import RecordId, Rows, problems
from api.schemas.reports import ReportContent
from api.store.drill_tables import DrillRow
from api.writing import Writing

router = APIRouter(prefix="/drills", tags=["drills"], dependencies=[needs("read")])
worlds = APIRouter(
    prefix="/drills/{drill_id}", dependencies=[Depends(in_drill)], responses=problems(404, 409)
)
"""The same routes as in real life, on the world of a drill."""
for noun in (incidents, procedure, reports, closures, comparisons, plans, orders, teams, depots):
    worlds.include_router(noun.router)
worlds.include_router(places.seen)


@router.get("", responses=problems())
def drills(session: Reading) -> DrillRecords:
    """All drills, newest first."""
    return DrillRecords(items=tuple(map(_shown, drills_of(session))))


@router.post(
    "", status_code=201, dependencies=[needs("operate")], responses=problems(), response_model=DrillShown
)
def make(asked: DrillAsked, service: Served, write: Writes) -> Response:
    """Prepare a drill: a world of its own, with every team at its base, and a script."""
    control.refuse_unfit(asked, service.region)
    before = write.done_before()
    if before is not None:
        return before
    image = new_image(service.region, now())

    def action(writing: Writing) -> Answer:
        row = control.make_drill(writing, service.region, asked, image)
        return Answer(body=_shown(row), status=201, location=f"/drills/{row.id}")

    return write.do(action)


@router.get("/scripts", dependencies=[needs("operate")], responses=problems())
def scripts(service: Served) -> DrillScripts:
    """Exercises that come with Muster and fit the region; only for those who prepare drills."""
    return DrillScripts(items=scripts_for(service.region))


@router.get("/{drill_id}", responses=problems(404))
def drill(drill_id: RecordId, session: Reading) -> DrillShown:
    """One drill and its clock."""
    return _shown(drill_of(session, drill_id))


@router.post(
    "/{drill_id}/start",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=DrillShown,
)
def start(drill_id: RecordId, service: Served, write: Writes) -> Response:
    """Start the clock of the exercise."""
    return _turned(write, lambda writing: control.begin(writing, service.region, drill_id))


@router.post(
    "/{drill_id}/pause",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=DrillShown,
)
def pause(drill_id: RecordId, service: Served, write: Writes) -> Response:
    """Let the clock stand; nothing in the drill is changed until it goes on."""
    return _turned(write, lambda writing: control.pause(writing, service.region, drill_id))


@router.post(
    "/{drill_id}/resume",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=DrillShown,
)
def resume(drill_id: RecordId, asked: ClockAsked, service: Served, write: Writes) -> Response:
    """Let the clock go on, or go at another speed."""
    return _turned(write, lambda writing: control.resume(writing, service.region, drill_id, asked.speed))


@router.post(
    "/{drill_id}/end",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=DrillShown,
)
def end(drill_id: RecordId, service: Served, write: Writes) -> Response:
    """End a drill for good; it stays to be read."""
    return _turned(write, lambda writing: control.end(writing, service.region, drill_id))


@router.get("/{drill_id}/events", responses=problems(404))
def events(
    drill_id: RecordId,
    session: Reading,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="the last number of the page before")] = 0,
    limit: Rows = 200,
) -> DrillEvents:
    """The course of a drill, to be played again: every event by the clock of the exercise."""
    with reading_world(session, drill_id) as world:
        rows = course(world, drill_of(session, drill_id), after=after, limit=limit + 1)
    following = rows[limit - 1].number if len(rows) > limit else None
    return DrillEvents(items=tuple(rows[:limit]), next=following)


@router.get("/{drill_id}/scores", responses=problems(404))
def scored(drill_id: RecordId, session: Reading) -> DrillScores:
    """Times and decisions until now, and the rule of each figure."""
    with reading_world(session, drill_id) as world:
        return scores(world, drill_of(session, drill_id))


@router.get("/{drill_id}/report", responses=problems(404))
def report(drill_id: RecordId, session: Reading, service: Served) -> ReportContent:
    """The after-action report until now."""
    with reading_world(session, drill_id) as world:
        return after_action(world, drill_of(session, drill_id), zone_of(service.region))


@router.get("/{drill_id}/report/docx", responses={**problems(404), **DOCX_FILE}, response_class=Response)
def report_file(drill_id: RecordId, session: Reading, service: Served, language: Lang = "zh") -> Response:
    """The after-action report as a file for word processors."""
    content = report(drill_id, session, service)
    name = f"{drill_id}-{language}.docx"
    return Response(
        report_docx(content, language),
        media_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/{drill_id}/report/page", responses={**problems(404), **HTML_PAGE}, response_class=Response)
def printed(drill_id: RecordId, session: Reading, service: Served, language: Lang = "zh") -> Response:
    """The after-action report as a page to print, in both languages."""
    return report_page(report(drill_id, session, service), language)


def _turned(write: Write, turn: Callable[[Writing], DrillRow]) -> Response:
    return write.do(lambda writing: Answer(body=_shown(turn(writing))))


def _shown(row: DrillRow) -> DrillShown:
    at = now()
    return DrillShown(
        id=row.id,
        title=row.title,
        status=cast(DrillStatus, row.status),
        region=row.region,
        starts_at=row.starts_at,
        now=None if row.starts_at is None else clock.instant(row, at),
        elapsed_s=clock.elapsed_s(row, at),
        speed=row.speed,
        injects=len(row.script),
        made_at=row.made_at,
        made_by=row.made_by,
        began_at=row.began_at,
        ended_at=row.ended_at,
    )
