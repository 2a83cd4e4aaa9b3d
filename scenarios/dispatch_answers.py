"""A dispatch plan put together from its inputs and the solver's answers; nothing here searches.

The check of a plan puts it together a second time from the answers that the plan states.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite

from geo.region.region import Region
from optimizer.dispatch.explain import Source, shortages
from optimizer.dispatch.plan import DispatchPlan as Answer
from scenarios.board import Board
from scenarios.cover import CoverState, township_cover
from scenarios.depth_plan import DepthRun
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.dispatch_plan import (
    Cover,
    CoverTrade,
    DispatchDecisions,
    DispatchFrom,
    DispatchMeasures,
    DispatchPlan,
    IncidentMeasures,
    MovedUp,
    NearestSource,
    Order,
    OtherInput,
    SlotFilled,
    SlotShortage,
    TeamReason,
    WhatIfAnswer,
)
from scenarios.dispatch_routes import teams_sent
from scenarios.dispatch_zones import incident_plans
from scenarios.doctrine import Doctrine, shipped_doctrine
from scenarios.files import scenario_digest
from scenarios.incident_models import IncidentScenario
from scenarios.plan import Figure, PlanWarning, RegionInput, ScenarioInput
from scenarios.provenance import provenance
from scenarios.refinement_plan import Refinement
from scenarios.relief import ReliefSolved
from scenarios.relief_answers import relief_plan, relief_warnings

LAYERS = (
    "roads",
    "teams",
    "stations",
    "demand",
    "hazard_sites",
    "flood_zones",
    "hospitals",
    "shelters",
    "boundary",
)
RELIEF_LAYERS = ("depots", "items", "stock")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DispatchSolved:
    """What the solver found: who fills which slot, what is lost without each, what would repair the cover.

    ``orders`` and ``least_shortage``, the shortage of the exact plan, belong to a plan that changes another
    one only where it gains enough; such a plan is feasible, not proven best.
    """

    answer: Answer
    reasons: tuple[TeamReason, ...]
    cover: CoverState
    trades: tuple[CoverTrade, ...]
    moves: tuple[MovedUp, ...]
    what_if: tuple[WhatIfAnswer, ...] = ()
    sensitivity: tuple[DepthRun, ...] = ()
    refinement: Refinement | None = None
    orders: tuple[Order, ...] = ()
    least_shortage: int | None = None
    relief: ReliefSolved | None = None


def dispatch_plan(
    region: Region,
    scenario: IncidentScenario,
    board: Board | None,
    doctrine: Doctrine,
    inputs: DispatchInputs,
    solved: DispatchSolved,
) -> DispatchPlan:
    """The plan of these answers."""
    measures = _measures(scenario, inputs, solved.answer)
    bound = measures.shortage if solved.least_shortage is None else solved.least_shortage
    slots = tuple(_slots(scenario, inputs, solved.answer))
    relief = None if solved.relief is None else relief_plan(scenario, solved.relief)
    return DispatchPlan(
        name_zh=scenario.name_zh,
        name_en=scenario.name_en,
        status="optimal" if solved.least_shortage is None else "feasible",
        objective=_shortage_figure(measures.shortage),
        bound=_shortage_figure(bound),
        gap=round((measures.shortage - bound) / max(1, measures.shortage), 9),
        seed=scenario.seed,
        at=scenario.at.isoformat(),
        inputs=DispatchFrom(
            region=RegionInput(name=region.name, digest=region.digest()),
            scenario=ScenarioInput(
                digest=scenario_digest(scenario), content=scenario.model_dump(mode="json")
            ),
            board=_board(board),
            doctrine=_doctrine(doctrine),
        ),
        decisions=DispatchDecisions(
            incidents=incident_plans(region, scenario, doctrine, inputs),
            slots=slots,
            teams=teams_sent(scenario, inputs, solved.answer),
        ),
        measures=measures,
        reasons=solved.reasons,
        shortages=tuple(_shortages(scenario, inputs, solved.answer)),
        cover=Cover(
            townships=township_cover(region, solved.cover, doctrine.cover, solved.answer),
            trades=solved.trades,
            moves=solved.moves,
        ),
        relief=relief,
        what_if=solved.what_if,
        sensitivity=solved.sensitivity,
        refinement=solved.refinement,
        orders=solved.orders,
        warnings=(
            *inputs.warnings,
            *_of_the_plan(scenario, inputs, slots),
            *(relief_warnings(relief, solved.relief) if relief and solved.relief else ()),
        ),
        provenance=provenance(region, LAYERS if relief is None else (*LAYERS, *RELIEF_LAYERS)),
    )


def _doctrine(doctrine: Doctrine) -> OtherInput:
    if doctrine is shipped_doctrine() or doctrine == shipped_doctrine():
        return OtherInput(digest=_shipped_digest(), content=None)
    return OtherInput(digest=doctrine.digest(), content=doctrine.model_dump(mode="json"))


@cache
def _shipped_digest() -> str:
    return shipped_doctrine().digest()


def _shortage_figure(value: int) -> Figure:
    return Figure(name="weighted_shortage", unit="weight", value=float(value))


def _board(board: Board | None) -> OtherInput:
    if board is None:
        return OtherInput(digest="", content=None)
    content = board.model_dump(mode="json")
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return OtherInput(digest=hashlib.sha256(text.encode()).hexdigest(), content=content)


def _slots(scenario: IncidentScenario, inputs: DispatchInputs, answer: Answer) -> Iterator[SlotFilled]:
    arrivals_s = inputs.problem.arrival_s
    for (number, asked), team in zip(inputs.slots, answer.team_of, strict=True):
        arrival_s = None if team is None else float(arrivals_s[team, number])
        yield SlotFilled(
            incident_id=scenario.incidents[number].id,
            capability=asked.capability,
            level=asked.level,
            complement=asked.complement,
            within_s=asked.within_s,
            source=asked.source,
            team_id="" if team is None else inputs.teams[team].id,
            arrival_s=arrival_s,
            late_s=None if arrival_s is None else round(max(0.0, arrival_s - asked.within_s), 1),
        )


def _measures(scenario: IncidentScenario, inputs: DispatchInputs, answer: Answer) -> DispatchMeasures:
    found = answer.measures
    return DispatchMeasures(
        shortage=found.shortage,
        aid_teams=found.aid_teams,
        worst_complement_s=tuple(ds / 10 for ds in found.complement_ds),
        scarce_spent=found.spent,
        weighted_arrival_s=found.arrival_ds / 10,
        incidents=tuple(
            _incident_measures(scenario.incidents[number].id, number, inputs, answer)
            for number in range(len(scenario.incidents))
        ),
    )


def _incident_measures(name: str, number: int, inputs: DispatchInputs, answer: Answer) -> IncidentMeasures:
    arrivals_s = inputs.problem.arrival_s
    asked = [
        (slot, team) for (at, slot), team in zip(inputs.slots, answer.team_of, strict=True) if at == number
    ]
    came = [(slot, float(arrivals_s[team, number])) for slot, team in asked if team is not None]
    first_s = [arrival_s for slot, arrival_s in came if slot.complement == "first_alarm"]
    all_s = [arrival_s for _, arrival_s in came]
    return IncidentMeasures(
        incident_id=name,
        asked=len(asked),
        filled=len(came),
        in_time=sum(arrival_s <= slot.within_s for slot, arrival_s in came),
        first_arrival_s=min(all_s, default=None),
        first_alarm_s=max(first_s, default=None),
        complement_s=max(all_s, default=None),
    )


def _shortages(scenario: IncidentScenario, inputs: DispatchInputs, answer: Answer) -> Iterator[SlotShortage]:
    for short in shortages(inputs.problem, answer):
        yield SlotShortage(
            code="X301",
            incident_id=scenario.incidents[short.incident].id,
            capability=short.capability,
            level=short.level,
            count=short.missing,
            nearest=None if short.nearest is None else _nearest(inputs, short.nearest),
        )


def _nearest(inputs: DispatchInputs, source: Source) -> NearestSource:
    team = inputs.teams[source.team]
    return NearestSource(
        team_id=team.id,
        name_zh=team.name_zh,
        name_en=team.name_en,
        arrival_s=source.arrival_s if isfinite(source.arrival_s) else None,
        why=source.why_not,
    )


def _of_the_plan(
    scenario: IncidentScenario, inputs: DispatchInputs, slots: Sequence[SlotFilled]
) -> Iterator[PlanWarning]:
    lost = [
        incident.id
        for incident, place in zip(scenario.incidents, inputs.staging, strict=True)
        if place is None
    ]
    late = sorted({slot.team_id for slot in slots if slot.late_s})
    if lost:
        yield PlanWarning(
            code="X302",
            text_zh="没有队伍能到达的、位于危险区外的集结点",
            text_en="no place outside the zones that any team can reach to wait at",
            records=tuple(lost),
        )
    if late:
        yield PlanWarning(
            code="X303",
            text_zh="晚于规定时限到场的队伍",
            text_en="teams that arrive later than the doctrine wants",
            layer="teams",
            records=tuple(late),
        )
