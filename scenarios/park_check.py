"""Verify a park plan from its inputs without a solver: distances, counts and sizes are computed again."""

from pathlib import Path
from typing import Any

from geo.errors import Fault
from geo.region.region import Region
from optimizer.check import violations
from optimizer.problem import SitingAnswer
from scenarios.check import MOST_DIFFERENCES, CheckReport, region_of_plan, unequal
from scenarios.files import scenario_digest, scenario_from
from scenarios.park_answers import beyond_reach, park_plan
from scenarios.park_inputs import ParkInputs, park_inputs
from scenarios.park_models import ParkScenario
from scenarios.park_plan import ParkPlan, read_park_plan

VERIFIED = ("digests", "spacing", "reach", "number of hydrants", "pond", "foam", "provenance")
_AGAIN = "Do not use the plan; compute it again."


def check_park(plan_path: Path | str, region: Region | Path | str | None = None) -> CheckReport:
    """Verify a park plan; ``region`` where its run record does not say, or no longer lies, where it did.

    That a plan is infeasible needs no solver: a point lies beyond the reach of every place, or none does.

    Raises
    ------
    InputError
        P101 to P103 no readable plan, P104 no region to check against, and the faults of that region.
    """
    where = str(plan_path)
    plan = read_park_plan(plan_path)
    content = plan.inputs.scenario.content
    scenario = scenario_from(content, where=f"{where} inputs.scenario.content", model=ParkScenario)
    found = region_of_plan(Path(plan_path), region)
    faults = _foreign(where, plan, scenario, found)
    if not faults:
        inputs = park_inputs(found, scenario)
        faults = _unknown_places(where, plan, inputs) or _differences(where, plan, found, inputs)
    return CheckReport(
        plan=where,
        faults=tuple(faults[:MOST_DIFFERENCES]),
        verified=(*VERIFIED, *(("infeasibility",) if plan.status == "infeasible" else ())),
        trusted=() if plan.status == "infeasible" else ("bound",),
    )


def _foreign(where: str, plan: ParkPlan, scenario: ParkScenario, region: Region) -> list[Fault]:
    said = plan.inputs
    pairs = (
        ("P105", "inputs.region.digest", said.region.digest, region.digest()),
        ("P106", "inputs.scenario.digest", said.scenario.digest, scenario_digest(scenario)),
    )
    return [
        _fault(
            code,
            f"{where} {key}",
            found,
            wanted,
            "Check against what it was computed from, or compute it again.",
        )
        for code, key, found, wanted in pairs
        if found != wanted
    ]


def _numbers(inputs: ParkInputs) -> dict[tuple[float, float], int]:
    lonlat = inputs.places.lonlat.tolist()
    return {(lon, lat): number for number, (lon, lat) in enumerate(lonlat)}


def _unknown_places(where: str, plan: ParkPlan, inputs: ParkInputs) -> list[Fault]:
    known = _numbers(inputs)
    return [
        _fault("P107", f"{where} hydrants {one.id}", f"{one.lon}, {one.lat}", "a place along a road", _AGAIN)
        for one in plan.hydrants
        if (one.lon, one.lat) not in known
    ]


def _differences(where: str, plan: ParkPlan, region: Region, inputs: ParkInputs) -> list[Fault]:
    answer = _stated(plan, inputs)
    wrong = list(violations(inputs.rows.problem, answer))
    impossible = bool(beyond_reach(inputs))
    if impossible != (plan.status == "infeasible"):
        wrong.append(
            "a point beyond every place, and a plan" if impossible else "infeasible without a reason"
        )
    if (answer.objective is None) != (plan.status in ("infeasible", "cancelled")):
        wrong.append(f"the plan is {plan.status}, its number of hydrants {answer.objective}")
    if wrong:
        return [_fault("P108", f"{where} hydrants", text, "an answer that holds", _AGAIN) for text in wrong]
    again = park_plan(region, inputs, answer).model_dump(mode="json")
    different = unequal(plan.model_dump(mode="json"), again, "")
    return [_fault("P109", f"{where} {key}", found, wanted, _AGAIN) for key, found, wanted in different]


def _stated(plan: ParkPlan, inputs: ParkInputs) -> SitingAnswer:
    """The answer that the plan states."""
    known = _numbers(inputs)
    return SitingAnswer(
        question="lscp",
        status=plan.status,
        chosen=tuple(sorted({known[one.lon, one.lat] for one in plan.hydrants})),
        objective=None if plan.objective is None else plan.objective.value,
        bound=None if plan.bound is None else plan.bound.value,
        stopped_by=plan.stopped_by,
    )


def _fault(code: str, where: str, found: Any, wanted: Any, fix: str) -> Fault:
    return Fault(code=code, where=where, found=str(found)[:80], wanted=str(wanted)[:80], fix=fix)
