"""A siting plan put together from its inputs and the solver's answers; nothing here searches.

The check of a plan puts it together a second time from the answers that the plan states, so every other
figure of a plan has one origin.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.region.region import Region
from optimizer.check import recomputed_objective
from optimizer.problem import NEVER_DS, SitingAnswer, SitingProblem
from optimizer.siting.marginal import CurvePoint as SolvedPoint
from optimizer.siting.reasons import Reason
from scenarios.coverage_table import measures
from scenarios.files import scenario_digest
from scenarios.plan import (
    BeforeAfter,
    Curve,
    CurvePoint,
    Decisions,
    Figure,
    Inputs,
    PlanWarning,
    RegionInput,
    ScenarioInput,
    Site,
    SiteReason,
    SitingPlan,
)
from scenarios.provenance import provenance
from scenarios.scenario_models import Scenario
from scenarios.shortages import shortages
from scenarios.site_inputs import SitingInputs

NAMES = {
    "mclp": ("covered_people", "people"),
    "p_median": ("response_of_all_people", "person s"),
    "p_center": ("longest_response", "s"),
}
CURVE_BEYOND = 2
"""New sites beyond those asked for that the marginal-value curve shows unless the scenario says how many."""
LAYERS = ("demand", "townships", "roads", "stations", "teams")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What the solver found: the answer, the curve, the reasons, in columns of the problem."""

    answer: SitingAnswer
    curve: tuple[SolvedPoint, ...]
    reasons: tuple[Reason, ...]
    stopped_by: str | None


def siting_plan(region: Region, scenario: Scenario, inputs: SitingInputs, solved: Solved) -> SitingPlan:
    """The plan of these answers."""
    section, answer = scenario.siting, solved.answer
    decided = answer.objective is not None
    before = np.flatnonzero(inputs.sites.existing).tolist()
    after = inputs.usable[list(answer.chosen)].tolist()
    name, unit = measure_of(scenario)
    return SitingPlan(
        name_zh=scenario.name_zh,
        name_en=scenario.name_en,
        question=section.question,
        status=answer.status,
        objective=None if answer.objective is None else Figure(name=name, unit=unit, value=answer.objective),
        bound=None if answer.bound is None else Figure(name=name, unit=unit, value=answer.bound),
        gap=None if answer.gap is None else round(answer.gap, 9),
        stopped_by=solved.stopped_by,
        seed=scenario.seed,
        inputs=Inputs(
            region=RegionInput(name=region.name, digest=region.digest()),
            scenario=ScenarioInput(
                digest=scenario_digest(scenario), content=scenario.model_dump(mode="json")
            ),
        ),
        decisions=_decisions(inputs, after if decided else None),
        measures=BeforeAfter(
            before=measures(region, section, inputs, before),
            after=measures(region, section, inputs, after) if decided else None,
        ),
        curve=_curve(scenario, inputs, solved.curve),
        reasons=tuple(_reason(inputs, answer, reason) for reason in solved.reasons),
        shortages=shortages(region, section, inputs, answer.chosen if decided else _standing(inputs)),
        warnings=(*inputs.warnings, *_of_the_plan(inputs, solved)),
        provenance=provenance(region, (*LAYERS, section.candidates.layer)),
        assumptions=inputs.assumptions,
    )


def measure_of(scenario: Scenario) -> tuple[str, str]:
    """Name and unit of the question's objective."""
    if scenario.siting.question == "lscp":
        return ("cost", "CNY") if scenario.siting.cheapest else ("open_sites", "sites")
    return NAMES[scenario.siting.question]


def curve_problem(problem: SitingProblem) -> SitingProblem:
    """The problem that a curve is about: the same one without costs."""
    return replace(problem, cost=None)


def curve_upto(scenario: Scenario, inputs: SitingInputs, chosen: int) -> int:
    """Most new sites that the curve of a plan with so many ``chosen`` sites shows, if there are as many."""
    section = scenario.siting
    asked = section.open if section.open is not None else max(chosen - int(inputs.problem.fixed.sum()), 0)
    return section.curve_to if section.curve_to is not None else asked + CURVE_BEYOND


def _standing(inputs: SitingInputs) -> tuple[int, ...]:
    """Columns of the existing sites that may stay."""
    return tuple(np.flatnonzero(inputs.sites.existing[inputs.usable]).tolist())


def _decisions(inputs: SitingInputs, after: Sequence[int] | None) -> Decisions:
    places, existing = inputs.sites.places, inputs.sites.existing
    if after is None:
        return Decisions(open=(), keep=(), close=())
    stands = set(np.flatnonzero(existing).tolist())

    def named(numbers: set[int]) -> tuple[Site, ...]:
        return tuple(places[number] for number in sorted(numbers))

    return Decisions(
        open=named(set(after) - stands), keep=named(set(after) & stands), close=named(stands - set(after))
    )


def _ids(inputs: SitingInputs, columns: Sequence[int]) -> tuple[str, ...]:
    """Ids of the columns that are new sites."""
    numbers = inputs.usable[list(columns)].tolist()
    return tuple(inputs.sites.places[n].id for n in numbers if not inputs.sites.existing[n])


def _closed(inputs: SitingInputs, answer: SitingAnswer) -> tuple[str, ...]:
    """Ids of existing sites that an answer gives up; none without a plan."""
    if answer.objective is None:
        return ()
    shut = sorted(set(_standing(inputs)) - set(answer.chosen))
    return tuple(inputs.sites.places[int(inputs.usable[column])].id for column in shut)


def _curve(scenario: Scenario, inputs: SitingInputs, points: tuple[SolvedPoint, ...]) -> Curve:
    question = "mclp" if scenario.siting.question == "lscp" else scenario.siting.question
    name, unit = NAMES[question]
    return Curve(name=name, unit=unit, points=tuple(_point(inputs, point) for point in points))


def _point(inputs: SitingInputs, point: SolvedPoint) -> CurvePoint:
    answer, problem = point.answer, inputs.problem
    decided = answer.objective is not None
    nearest = problem.response_ds[:, list(answer.chosen)].min(axis=1, initial=NEVER_DS)
    counts = (nearest < NEVER_DS) & (problem.people > 0)
    people = int(problem.people[counts].sum())
    return CurvePoint(
        open=point.opened,
        status=answer.status,
        objective=answer.objective,
        bound=answer.bound,
        covered=covered(problem, answer.chosen) if decided else None,
        mean_response_s=round(int(problem.people[counts] @ nearest[counts]) / people / 10, 1)
        if decided and people
        else None,
        sites=_ids(inputs, answer.chosen),
        closed=_closed(inputs, answer),
    )


def covered(problem: SitingProblem, columns: Sequence[int]) -> int:
    """People within their limit with these columns open."""
    return int(problem.people[problem.covers()[:, list(columns)].any(axis=1)].sum())


def _reason(inputs: SitingInputs, answer: SitingAnswer, reason: Reason) -> SiteReason:
    problem, without = inputs.problem, reason.without
    rest = tuple(column for column in answer.chosen if column != reason.site)
    alone = recomputed_objective(
        problem,
        SitingAnswer(question=answer.question, status="feasible", chosen=rest, objective=None, bound=None),
    )
    decided = without.objective is not None
    served = answer.question != "lscp" and np.isfinite(alone)
    return SiteReason(
        site=inputs.sites.places[int(inputs.usable[reason.site])].id,
        status=without.status,
        alone=alone if served else None,
        without=without.objective,
        bound=without.bound,
        sites=_ids(inputs, without.chosen),
        closed=_closed(inputs, without),
        instead=_ids(inputs, sorted(set(without.chosen) - set(answer.chosen))),
        covered_lost=covered(problem, answer.chosen)
        - covered(problem, rest if not decided else without.chosen),
    )


def _of_the_plan(inputs: SitingInputs, solved: Solved) -> list[PlanWarning]:
    """Warnings about the answer itself: rows that make it impossible, a search that was stopped."""
    found = []
    if solved.answer.status == "infeasible":
        rows = np.array(solved.answer.unmet, np.int64)
        points = np.unique(inputs.points.row_point[rows])
        found.append(
            PlanWarning(
                code="X104",
                text_zh="按所给规则无可行方案：以下需求点无法满足",
                text_en="no plan meets the rules: these demand points cannot be served as asked",
                layer="demand",
                records=tuple(map(str, inputs.points.id[points])),
                people=int(inputs.points.people[points][inputs.points.demand[points]].sum()),
            )
        )
    if solved.stopped_by is not None:
        found.append(
            PlanWarning(
                code="X105",
                text_zh="搜索提前结束：所列数值附已证明的界，其余部分可能缺少",
                text_en=f"the search was ended by {solved.stopped_by}: figures stand with their bounds,"
                " others may be missing",
            )
        )
    return found
