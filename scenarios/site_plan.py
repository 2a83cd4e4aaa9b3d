"""A siting plan put together from its inputs and the solver's answers; nothing here searches.

The check of a plan puts it together a second time from the answers that the plan states, so every other
figure of a plan has one origin.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geo.region.region import Region
from optimizer.check import recomputed_objective
from optimizer.problem import NEVER_DS, SitingAnswer, SitingProblem
from optimizer.siting.asked import Asked
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
    SiteReason,
    SitingPlan,
)
from scenarios.provenance import provenance
from scenarios.scenario_models import Scenario, SitingSection
from scenarios.shortages import shortages
from scenarios.site_asked import asked_of
from scenarios.site_choice import Choice, standing
from scenarios.site_further import FurtherSolved, further
from scenarios.site_inputs import SitingInputs
from scenarios.site_problem import weights
from scenarios.site_response import asked_forces

NAMES = {
    "mclp": ("covered_people", "people"),
    "backup": ("backup_coverage", "people"),
    "mexclp": ("expected_coverage", "people"),
    "decay": ("worth_of_response", "people"),
    "p_median": ("response_of_all_people", "person s"),
    "p_center": ("longest_response", "s"),
    "mix": ("weighted_measure", ""),
}
CURVE_BEYOND = 2
"""New sites beyond those asked for that the marginal-value curve shows unless the scenario says how many."""
_ALONE = ("mclp", "backup", "mexclp", "decay", "p_median", "p_center", "mix")
LAYERS = ("demand", "townships", "roads", "stations", "teams")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """What the solver found: answer and curve in columns of the problem, reasons by number of the site."""

    answer: SitingAnswer
    curve: tuple[SolvedPoint, ...]
    reasons: tuple[tuple[int, Reason], ...]
    further: FurtherSolved
    stopped_by: str | None


def siting_plan(region: Region, scenario: Scenario, inputs: SitingInputs, solved: Solved) -> SitingPlan:
    """The plan of these answers; what it is tested by comes later (``with_simulation``)."""
    section, answer = scenario.siting, solved.answer
    before = standing(inputs.sites)
    after = inputs.choice(answer) if answer.objective is not None else None
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
        decisions=_decisions(inputs, after),
        measures=BeforeAfter(
            before=measures(region, section, inputs, before),
            after=None if after is None else measures(region, section, inputs, after),
        ),
        curve=_curve(scenario, inputs, solved.curve),
        reasons=tuple(_reason(inputs, answer, number, reason) for number, reason in solved.reasons),
        shortages=shortages(region, section, inputs, before if after is None else after),
        further=further(region, inputs, answer, solved.further),
        warnings=(*inputs.warnings, *_of_the_plan(inputs, solved)),
        provenance=provenance(region, _layers(section)),
        assumptions=inputs.assumptions,
    )


def _layers(section: SitingSection) -> tuple[str, ...]:
    """Layers that a plan rests on."""
    standing = [force.layer for force in asked_forces(section).values()]
    return (*LAYERS, *standing, section.candidates.layer)


def explained(inputs: SitingInputs, answer: SitingAnswer) -> list[int]:
    """Sites that a plan gives reasons for: new ones, existing ones that might have closed or got teams."""
    if answer.objective is None:
        return []
    choice = inputs.choice(answer)
    teams = {number for number, _ in choice.teams}
    closable = set(np.flatnonzero(inputs.sites.closable).tolist()) & set(choice.opened)
    return sorted({*choice.new(inputs.sites), *teams, *closable})


def measure_of(scenario: Scenario) -> tuple[str, str]:
    """Name and unit of the question's objective."""
    section = scenario.siting
    if section.question == "lscp":
        return ("cost", "CNY") if section.cheapest else ("open_sites", "sites")
    name, unit = NAMES[section.question]
    plain = all(standard.of is None and standard.weight == 1 for standard in section.standards)
    return (name, unit) if plain and not section.phases else (name.replace("people", "weight"), "weight")


def curve_problem(problem: SitingProblem) -> SitingProblem:
    """The problem that a curve is about: the same one without costs."""
    return replace(problem, cost=None)


def curve_asked(asked: Asked) -> Asked:
    """What the curve measures: coverage by number of new sites for LSCP, the question's own otherwise."""
    return replace(asked, question="mclp") if asked.question == "lscp" else asked


def curve_length(scenario: Scenario, inputs: SitingInputs, answer: SitingAnswer) -> int:
    """Points of the curve, the one for no new site included; none where sites are not simply counted."""
    section, problem = scenario.siting, inputs.problem
    if section.teams or section.phases or section.rules.movable:
        return 0
    chosen = len(answer.chosen) - int(problem.fixed.sum())
    asked = section.open if section.open is not None else max(chosen, 0)
    upto = section.curve_to if section.curve_to is not None else asked + CURVE_BEYOND
    return min(upto, len(problem.free)) + 1


def _decisions(inputs: SitingInputs, after: Choice | None) -> Decisions:
    if after is None:
        return Decisions(open=(), keep=(), close=())
    sites, new = inputs.sites, after.new(inputs.sites)
    return Decisions(
        open=tuple(sites.places[number] for number in new),
        keep=tuple(sites.places[number] for number in after.opened if number not in set(new)),
        close=tuple(sites.places[number] for number in after.closed(sites)),
        teams=after.teams_at(sites),
        years=after.years(sites),
        moves=after.moved(sites),
        units=after.units_at(sites),
    )


def _said(inputs: SitingInputs, answer: SitingAnswer) -> dict[str, Any]:
    """The choice of an answer by ids: new sites and closed ones, teams, years, moves."""
    if answer.objective is None:
        return {"sites": (), "closed": ()}
    choice, sites = inputs.choice(answer), inputs.sites
    usable = set(inputs.ground.usable.tolist())
    return {
        "sites": tuple(sites.places[number].id for number in choice.new(sites)),
        "closed": tuple(sites.places[n].id for n in choice.closed(sites) if n in usable),
        "teams": choice.teams_at(sites),
        "years": choice.years(sites),
        "moves": choice.moved(sites),
        "units": choice.units_at(sites),
    }


def _curve(scenario: Scenario, inputs: SitingInputs, points: tuple[SolvedPoint, ...]) -> Curve:
    lscp = scenario.siting.question == "lscp"
    name, unit = NAMES["mclp"] if lscp else measure_of(scenario)
    return Curve(name=name, unit=unit, points=tuple(_point(inputs, point) for point in points))


def _point(inputs: SitingInputs, point: SolvedPoint) -> CurvePoint:
    answer = point.answer
    decided = answer.objective is not None
    choice = inputs.choice(answer)
    nearest, counted = inputs.row_ds(choice), weights(inputs.ground)
    counts = (nearest < NEVER_DS) & (counted > 0)
    people = int(counted[counts].sum())
    said = _said(inputs, answer)
    return CurvePoint(
        open=point.opened,
        status=answer.status,
        objective=answer.objective,
        bound=answer.bound,
        covered=inputs.covered(choice) if decided else None,
        mean_response_s=round(int(counted[counts] @ nearest[counts]) / people / 10, 1)
        if decided and people
        else None,
        sites=said["sites"],
        closed=said["closed"],
        units=said.get("units", ()),
    )


def _reason(inputs: SitingInputs, answer: SitingAnswer, number: int, reason: Reason) -> SiteReason:
    problem, without = inputs.problem, reason.without
    bare = _bare(answer, reason.columns)
    asked = asked_of(inputs.ground.section)
    alone = recomputed_objective(problem, bare, asked) if answer.question in _ALONE else math.inf
    choice = inputs.choice(answer)
    left = inputs.choice(without if without.objective is not None else bare)
    said = _said(inputs, without)
    before = {inputs.sites.places[n].id for n in choice.new(inputs.sites)}
    return SiteReason(
        site=inputs.sites.places[number].id,
        existing=bool(inputs.sites.existing[number]),
        status=without.status,
        alone=alone if math.isfinite(alone) else None,
        without=without.objective,
        bound=without.bound,
        instead=tuple(one for one in said["sites"] if one not in before),
        covered_lost=inputs.covered(choice) - inputs.covered(left),
        **said,
    )


def _bare(answer: SitingAnswer, without: tuple[int, ...]) -> SitingAnswer:
    """The answer with some columns left out and nothing in their place."""
    kept = [k for k, column in enumerate(answer.chosen) if column not in set(without)]
    return replace(
        answer,
        status="feasible",
        chosen=tuple(answer.chosen[k] for k in kept),
        units=tuple(answer.units[k] for k in kept) if answer.units else (),
        objective=None,
        bound=None,
    )


def _of_the_plan(inputs: SitingInputs, solved: Solved) -> list[PlanWarning]:
    """Warnings about the answer itself: rows that make it impossible, a search that was stopped."""
    found = []
    if solved.answer.status == "infeasible":
        rows = np.array(solved.answer.unmet, np.int64)
        points = np.unique(inputs.row_points(rows))
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
