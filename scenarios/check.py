"""Verify a plan from its inputs without a solver: everything it states is computed again and compared."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import Fault, refuse
from geo.region.files import read_region
from geo.region.region import Region
from optimizer.watch import Watch
from scenarios.answer_check import broken_answers
from scenarios.files import scenario_digest, scenario_from
from scenarios.plan import SitingPlan, read_plan
from scenarios.run_record import recorded_region
from scenarios.scenario_models import Scenario
from scenarios.site import with_simulation
from scenarios.site_inputs import SitingInputs, siting_inputs
from scenarios.site_plan import Solved, curve_length, explained, siting_plan
from scenarios.site_trial import site_trial
from scenarios.stated_answers import stated_answers, unknown_sites

MOST_DIFFERENCES = 50
_EXACT = 1e-12
"""Relative slack of figures computed a second time, for sums of floats on another machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What the check of a plan found.

    Parameters
    ----------
    faults
        Everything that does not hold; empty when the plan is verified.
    verified
        What was computed again, as short names.
    trusted
        What cannot be verified without a solver: that the proven bound is a bound, and, for an infeasible
        plan with a limited number of sites, that no other choice serves everybody.
    """

    plan: str
    faults: tuple[Fault, ...]
    verified: tuple[str, ...]
    trusted: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def check_plan(plan_path: Path | str, region: Region | Path | str | None = None) -> CheckReport:
    """Verify a siting plan; ``region`` where its run record does not say, or no longer lies, where it did.

    Raises
    ------
    InputError
        P101 to P103 no readable plan, P104 no region to check against, and the faults of that region.
    """
    plan = read_plan(plan_path)
    scenario = scenario_from(plan.inputs.scenario.content, where=f"{plan_path} inputs.scenario.content")
    region = region_of_plan(Path(plan_path), region)
    faults = _foreign(str(plan_path), plan, scenario, region)
    if not faults:
        inputs = siting_inputs(region, scenario.siting, Watch())
        faults = [*_unknown_sites(str(plan_path), plan, inputs)]
        if not faults:
            faults += _missing_parts(str(plan_path), plan, scenario, inputs)
        if not faults:
            faults = _differences(str(plan_path), plan, region, scenario, inputs)
    return CheckReport(
        plan=str(plan_path),
        faults=tuple(faults),
        verified=(
            "digests",
            "travel times",
            "coverage",
            "objective",
            "curve",
            "reasons",
            "shortages",
            "provenance",
            *(("simulation",) if plan.simulation is not None else ()),
        ),
        trusted=("bound",) if plan.status != "infeasible" else ("infeasibility",),
    )


def region_of_plan(plan_path: Path, region: Region | Path | str | None) -> Region:
    """The region to check a plan against: the one named, else the one its run record leads to (P104)."""
    if isinstance(region, Region):
        return region
    path = Path(region) if region is not None else recorded_region(plan_path)
    if path is None or not path.exists():
        raise refuse(
            "P104",
            where=str(plan_path),
            found="no run record beside it that leads to the region"
            if path is None
            else f"nothing at {path}",
            wanted="the region it was computed from",
            fix="Name the region on the command line.",
        )
    return read_region(path)


def _foreign(where: str, plan: SitingPlan, scenario: Scenario, region: Region) -> list[Fault]:
    """Digests that do not fit: the plan is of another region, or its scenario was changed."""
    found = []
    if (digest := region.digest()) != plan.inputs.region.digest:
        found.append(
            _fault("P105", f"{where} inputs.region.digest", plan.inputs.region.digest, digest,
                   "Check against the region that the plan was computed from, or compute it again.")
        )  # fmt: skip
    if (digest := scenario_digest(scenario)) != plan.inputs.scenario.digest:
        found.append(
            _fault("P106", f"{where} inputs.scenario.digest", plan.inputs.scenario.digest, digest,
                   "The scenario inside the plan was changed; compute the plan again.")
        )  # fmt: skip
    return found


def _unknown_sites(where: str, plan: SitingPlan, inputs: SitingInputs) -> Iterator[Fault]:
    for key, one in unknown_sites(plan, inputs):
        yield _fault(
            "P107", f"{where} {key}", one, "a site that this scenario allows", "Compute the plan again."
        )


def _missing_parts(where: str, plan: SitingPlan, scenario: Scenario, inputs: SitingInputs) -> Iterator[Fault]:
    """Points of the curve and reasons that a plan must have; a stopped search may leave off the last ones."""
    solved = stated_answers(plan, inputs)
    points = curve_length(scenario, inputs, solved.answer)
    for key, found, wanted in (
        ("curve.points", [point.open for point in plan.curve.points], list(range(points))),
        ("reasons", [number for number, _ in solved.reasons], explained(inputs, solved.answer)),
    ):
        whole = found == wanted
        if not (whole or (plan.stopped_by and _begins(found, wanted))):
            yield _fault("P109", f"{where} {key}", found, wanted, "Do not use the plan; compute it again.")


def _begins(found: list[Any], wanted: list[Any]) -> bool:
    """Whether nothing is said twice and nothing else than wanted."""
    return len(found) == len(set(found)) and set(found) <= set(wanted)


def _differences(
    where: str, plan: SitingPlan, region: Region, scenario: Scenario, inputs: SitingInputs
) -> list[Fault]:
    """What the answers of the plan break, and where the plan differs from the one they give."""
    solved = stated_answers(plan, inputs)
    faults = [
        _fault(
            "P108", f"{where} {key}", text, "an answer that holds", "Do not use the plan; compute it again."
        )
        for key, text in broken_answers(inputs, solved)
    ]
    again = _again(plan, region, scenario, inputs, solved).model_dump(mode="json")
    for key, found, wanted in unequal(plan.model_dump(mode="json"), again, ""):
        faults.append(
            _fault("P109", f"{where} {key}", found, wanted, "Do not use the plan; compute it again.")
        )
    return faults[:MOST_DIFFERENCES]


def _again(
    plan: SitingPlan, region: Region, scenario: Scenario, inputs: SitingInputs, solved: Solved
) -> SitingPlan:
    """The plan that its answers give, its test played again as often as it says."""
    again = siting_plan(region, scenario, inputs, solved)
    trial = site_trial(region, scenario, inputs)
    if trial is None or (plan.simulation is None and plan.stopped_by):
        return again
    asked = trial.drill.drill.replications
    often = asked if plan.simulation is None else min(asked, plan.simulation.replications)
    return with_simulation(region, again, inputs, solved, trial, Watch(math.inf), replications=often)


def unequal(found: Any, wanted: Any, key: str) -> Iterator[tuple[str, Any, Any]]:
    """Places where two plans differ, floats compared to one part in 10^12."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in sorted({*found, *wanted}):
            yield from unequal(found.get(name), wanted.get(name), f"{key}.{name}".lstrip("."))
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from unequal(one, other, f"{key}[{number}]")
    elif not _same(found, wanted):
        yield key, found, wanted


def _same(found: Any, wanted: Any) -> bool:
    numbers = isinstance(found, (int, float)) and isinstance(wanted, (int, float))
    if isinstance(found, float) or isinstance(wanted, float):
        return numbers and math.isclose(found, wanted, rel_tol=_EXACT, abs_tol=_EXACT)
    return bool(found == wanted)


def _fault(code: str, where: str, found: Any, wanted: Any, fix: str) -> Fault:
    return Fault(code=code, where=where, found=_short(found), wanted=_short(wanted), fix=fix)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
