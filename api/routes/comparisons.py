"""Plans compared, and plans of what might be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.deps import Drilled, Reading, Served, needs, reading
from api.drills.world import drill_of, refuse_other_region
from api.plan_comparison import compare
from api.planning import plan_text
from api.planning_records import open_incidents_of, present_document
from api.problems import Problem, of_faults
from api.schemas.comparison import PlansCompared, WhatIfAsked, WhatIfShown
from api.schemas.edge import RecordId, problems
from api.service import Service
from api.situation import Situation, situation
from api.store.tables import PlanRow
from geo.errors import Fault
from geo.region.region import Region
from scenarios.board import Board, RoadClosure
from scenarios.dispatch_plan import DispatchPlan
from scenarios.incident_models import IncidentScenario

router = APIRouter(tags=["plans"], dependencies=[needs("read")])


@router.get("/plans/{plan_id}/compare/{other_id}", responses=problems(404))
def compare_plans(plan_id: RecordId, other_id: RecordId, session: Reading) -> PlansCompared:
    """Two plans beside each other: who goes where, when, and what stays short."""
    one, other = _plan(session, plan_id), _plan(session, other_id)
    return PlansCompared(plans=(plan_id, other_id), **compare(one, other).model_dump())


@router.post(
    "/incidents/{incident_id}/what-if",
    dependencies=[needs("plan")],
    responses=problems(404, 409),
    response_model=WhatIfShown,
)
async def what_if(incident_id: RecordId, asked: WhatIfAsked, service: Served, drill_id: Drilled) -> Response:
    """The plan if the wind turned, a road were closed or teams could not go, beside the plan as things are.

    Both are computed from one state of the store. Nothing is written.
    """
    _refuse_unknown(asked, service.region)
    ground = await run_in_threadpool(_ground, service, drill_id, (incident_id, *asked.also))
    texts = await asyncio.gather(
        _planned(service, ground, ground.seen.scenario, ground.seen.board),
        _planned(
            service,
            ground,
            _other_wind(ground.seen.scenario, asked),
            _otherwise(ground.seen.board, asked),
        ),
    )
    return await run_in_threadpool(_answer, ground, asked, texts[0], texts[1])


@dataclass(frozen=True, slots=True)
class _Ground:
    """One state, the incidents asked about, and the plan in force that both plans go on from."""

    names: Sequence[str]
    seen: Situation
    in_force: str | None
    present: str | None


def _ground(service: Service, drill_id: str | None, asked: Sequence[str]) -> _Ground:
    """Of real life, or of a drill, which lives by the region that it was made for (A303)."""
    if drill_id is not None:
        with service.store.reading() as real:
            refuse_other_region(real, drill_of(real, drill_id))
    with reading(service, drill_id) as session:
        names = list(dict.fromkeys(asked))
        row = _carried_out(session, names)
        if row is None:
            return _Ground(names, situation(session, names), None, None)
        names = list(dict.fromkeys((*names, *open_incidents_of(session, row))))
        return _Ground(names, situation(session, names), row.id, present_document(session, row))


def _carried_out(session: Session, names: Sequence[str]) -> PlanRow | None:
    """The newest plan in force for one of the incidents."""
    query = select(PlanRow).where(PlanRow.status == "committed").order_by(PlanRow.id.desc())
    return next((row for row in session.scalars(query) if set(names) & set(row.incidents)), None)


async def _planned(service: Service, ground: _Ground, scenario: IncidentScenario, board: Board) -> str:
    return await service.lane.run(
        plan_text, scenario.model_dump_json(), board.model_dump_json(), ground.present
    )


def _other_wind(scenario: IncidentScenario, asked: WhatIfAsked) -> IncidentScenario:
    if asked.wind is None:
        return scenario
    weather = scenario.weather.model_copy(update=asked.wind.model_dump(exclude_none=True))
    return scenario.model_copy(update={"weather": weather})


def _otherwise(board: Board, asked: WhatIfAsked) -> Board:
    """The board with roads closed and teams off duty."""
    closures = list(board.closures)
    if asked.close_roads:
        closures.append(RoadClosure(id="what if roads", road_ids=asked.close_roads))
    if asked.close_area is not None:
        area = asked.close_area.model_dump(mode="json")
        closures.append(RoadClosure(id="what if area", polygon=area))
    out = set(asked.without_teams)
    teams = tuple(
        team.model_copy(update={"status": "off_duty"}) if team.id in out else team for team in board.teams
    )
    return board.model_copy(update={"closures": tuple(closures), "teams": teams})


def _answer(ground: _Ground, asked: WhatIfAsked, now: str, then: str) -> Response:
    comparison = compare(DispatchPlan.model_validate_json(now), DispatchPlan.model_validate_json(then))
    head = WhatIfShown.model_construct(
        incidents=tuple(ground.names),
        at=ground.seen.scenario.at,
        asked=asked.model_dump(mode="json", exclude_defaults=True),
        in_force=ground.in_force,
        comparison=comparison,
    ).model_dump_json(exclude={"now", "then"})
    text = f'{head[:-1]},"now":{now.strip()},"then":{then.strip()}}}'
    return Response(text, media_type="application/json")


def _plan(session: Session, plan_id: str) -> DispatchPlan:
    row = session.get(PlanRow, plan_id)
    if row is None:
        raise Problem("A118", 404, f"no plan {plan_id}")
    return DispatchPlan.model_validate_json(row.document)


def _refuse_unknown(asked: WhatIfAsked, region: Region) -> None:
    """Roads and teams that nobody knows, all at once."""
    roads, teams = set(region.table("roads")["id"]), set(region.table("teams")["id"])
    faults = [
        Fault(
            code="A128",
            where=f"what-if {key}",
            found=repr(name),
            wanted=f"an id of the layer {layer}",
            fix="Correct the name.",
        )
        for key, layer, names, known in (
            ("close_roads", "roads", asked.close_roads, roads),
            ("without_teams", "teams", asked.without_teams, teams),
        )
        for name in names
        if name not in known
    ]
    if faults:
        raise of_faults(faults)
