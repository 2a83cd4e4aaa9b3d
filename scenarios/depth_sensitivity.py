"""The same flood at half and double depth: how much of a plan hangs on a depth that is assumed."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np

from geo.errors import refuse
from geo.metric import IMPASSABLE
from geo.region.region import Region
from optimizer.dispatch.assign import assign
from optimizer.dispatch.plan import DispatchPlan as Answer
from optimizer.dispatch.problem import DispatchProblem
from scenarios.board import Board
from scenarios.depth_plan import DepthRun
from scenarios.dispatch_inputs import DispatchInputs, dispatch_inputs
from scenarios.doctrine import Doctrine
from scenarios.hazards.figures import table
from scenarios.hazards.zones import people_in_any
from scenarios.incident_models import FLOODS, IncidentScenario
from scenarios.key_places import people_points
from scenarios.region_travel import region_roads
from scenarios.what_if import changed_tasks, filled_slots, last_arrival_s

DEADLY = 3
"""Level of a zone that is dangerous to life."""


def refuse_without_flood(scenario: IncidentScenario) -> None:
    """Refuse a question about depth where there is no water (S289)."""
    if not any(incident.hazard in FLOODS for incident in scenario.incidents):
        raise refuse(
            "S289",
            where="sensitivity",
            found=f"incidents of {', '.join(sorted({i.hazard for i in scenario.incidents}))}",
            wanted=f"one of {', '.join(FLOODS)}",
            fix="Ask for the sensitivity of floods only; turn the wind by --what-if 'wind +45'.",
        )


def depth_runs(
    region: Region,
    scenario: IncidentScenario,
    board: Board | None,
    doctrine: Doctrine,
    inputs: DispatchInputs,
    answer: Answer,
    *,
    again: Callable[[DispatchProblem], Answer] = assign,
) -> tuple[DepthRun, ...]:
    """The plan at the shipped factors of depth, ascending; ``inputs`` and ``answer`` are those of factor 1.

    ``again`` solves the others, as ``answer`` was.

    Raises
    ------
    InputError
        S289 without a flood, and what ``dispatch_inputs`` raises.
    """
    refuse_without_flood(scenario)
    return tuple(
        _run(region, scenario, factor, others, inputs, answer, again)
        for factor, others in inputs_by_depth(region, scenario, board, doctrine, inputs)
    )


def inputs_by_depth(
    region: Region,
    scenario: IncidentScenario,
    board: Board | None,
    doctrine: Doctrine,
    inputs: DispatchInputs,
) -> Iterator[tuple[float, DispatchInputs]]:
    """Factor and inputs of each run; the given ones at factor 1."""
    for factor in sorted(float(one) for one in table("flood")["sensitivity"]):
        deeper = _deeper(scenario, factor)
        yield factor, inputs if factor == 1 else dispatch_inputs(region, deeper, board, doctrine)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthFigures:
    """What a depth means before anybody is sent; as ``DepthRun`` says them."""

    people: int
    people_in_danger: int
    closed_to_some_m: float
    closed_to_all_m: float


def depth_figures(region: Region, inputs: DispatchInputs) -> DepthFigures:
    """People in the water and roads closed."""
    lonlat, people = people_points(region)
    water = [zone for hazard in inputs.hazards for zone in hazard.zones if zone.depth_m is not None]
    deadly = [zone for zone in water if zone.level >= DEADLY]
    some_m, all_m = _closed_m(region, inputs)
    return DepthFigures(
        people=people_in_any(water, lonlat, people),
        people_in_danger=people_in_any(deadly, lonlat, people),
        closed_to_some_m=some_m,
        closed_to_all_m=all_m,
    )


def _closed_m(region: Region, inputs: DispatchInputs) -> tuple[float, float]:
    """Length of road closed to some and to all of the vehicle classes that could use it, in any direction."""
    length_m = region_roads(region).length_m
    some, usable, still = (np.zeros(len(length_m), np.bool_) for _ in range(3))
    for times in inputs.travel.values():
        could = times.conditions.open_ds.reshape(-1, 2) < IMPASSABLE
        can = could & (times.conditions.now_ds.reshape(-1, 2) < IMPASSABLE)
        some |= (could & ~can).any(axis=1)
        usable |= could.any(axis=1)
        still |= can.any(axis=1)
    return round(float(length_m[some].sum()), 1), round(float(length_m[usable & ~still].sum()), 1)


def _run(
    region: Region,
    scenario: IncidentScenario,
    factor: float,
    others: DispatchInputs,
    inputs: DispatchInputs,
    answer: Answer,
    again: Callable[[DispatchProblem], Answer],
) -> DepthRun:
    then = answer if others is inputs else again(others.problem)
    return DepthRun(
        factor=factor,
        **asdict(depth_figures(region, others)),
        short=len(then.team_of) - filled_slots(then),
        shortage=then.measures.shortage,
        last_arrival_s=last_arrival_s(others, then),
        changed=tuple(one.team_id for one in changed_tasks(scenario, inputs, answer, others, then)),
    )


def _deeper(scenario: IncidentScenario, factor: float) -> IncidentScenario:
    incidents = tuple(
        incident.model_copy(update={"depth_factor": incident.depth_factor * factor})
        for incident in scenario.incidents
    )
    return scenario.model_copy(update={"incidents": incidents})
