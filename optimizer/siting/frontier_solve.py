"""One measure optimized while others are held to limits: the questions behind a Pareto front."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from optimizer.problem import NEVER_DS, SitingAnswer, SitingProblem
from optimizer.rules import Floor, Rule
from optimizer.siting.center import p_center
from optimizer.siting.cover_quotas import covered_by, packed, quotas_of, unpacked
from optimizer.siting.cover_task import CoverTask, cheapest, least_of
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.coverage_problem import lean
from optimizer.siting.median import p_median
from optimizer.siting.rule_lines import rule_lines
from optimizer.siting.set_covering import answer_of
from optimizer.watch import Watch

_ROUNDING = 1e-6
Measure = Literal["coverage", "mean_time", "worst_time", "cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Open sites (``None`` = no plan), the measure's bound, and whether the plan is proven the best."""

    chosen: tuple[int, ...] | None
    bound: float | None
    exact: bool


def solve_one(
    problem: SitingProblem, measure: Measure, limits: Mapping[Measure, float], watch: Watch
) -> Solved:
    """Optimize ``coverage``, ``mean_time``, ``worst_time`` or ``cost`` within limits of the others.

    ``limits``: least people covered, longest response in s, highest cost, all inclusive; infinite or absent =
    none.
    """
    held = _held(problem, limits)
    if held is None:
        return Solved(chosen=None, bound=None, exact=True)
    if measure == "cost":
        return _solved(_cheapest(held, limits, watch), 1.0)
    if measure == "worst_time":
        return _solved(p_center(held, watch=watch), 1.0)
    if measure == "coverage":
        return _solved(maximal_covering(held, watch=watch), 1.0)
    reached = (problem.response_ds < NEVER_DS).any(axis=1)
    return _solved(p_median(held, watch=watch), max(1.0, float(problem.people[reached].sum())))


def _solved(answer: SitingAnswer, unit: float) -> Solved:
    if answer.objective is None:
        return Solved(chosen=None, bound=None, exact=answer.status == "infeasible")
    bound = None if answer.bound is None else answer.bound / unit
    return Solved(chosen=answer.chosen, bound=bound, exact=answer.status == "optimal")


def _held(problem: SitingProblem, limits: Mapping[Measure, float]) -> SitingProblem | None:
    """The problem with the limits as rules and floors; ``None`` when a row has no site near enough."""
    rules, floors = list(problem.rules), list(problem.floors)
    if np.isfinite(limits.get("cost", np.inf)):
        cost = np.ones(problem.sites) if problem.cost is None else problem.cost
        rules.append(
            Rule(name="cost limit", sites=np.arange(problem.sites), amount=cost, at_most=limits["cost"])
        )
    if limits.get("coverage", 0.0) > 0:
        floors.append(
            Floor(name="coverage limit", rows=np.arange(problem.rows), people=float(limits["coverage"]))
        )
    if np.isfinite(limits.get("worst_time", np.inf)):
        near = _near(problem, limits["worst_time"])
        if near is None:
            return None
        rules.extend(near)
    return replace(problem, rules=tuple(rules), floors=tuple(floors))


def _near(problem: SitingProblem, longest_s: float) -> list[Rule] | None:
    """Rules that everybody who can be reached has a site within a time, those that bind alone."""
    reached = (problem.response_ds < NEVER_DS).any(axis=1)
    within = problem.response_ds[reached] <= np.floor(longest_s * 10 + _ROUNDING)
    if not within.any(axis=1).all():
        return None
    sets = packed(within[~within[:, problem.fixed].any(axis=1)])
    binding = unpacked(sets[least_of(sets)], np.arange(problem.sites))
    return [
        Rule(
            name=f"within {longest_s:g} s ({k})",
            sites=np.flatnonzero(sites),
            amount=np.ones(int(sites.sum())),
            at_least=1.0,
            structural=True,
        )
        for k, sites in enumerate(binding, start=1)
    ]


def _cheapest(problem: SitingProblem, limits: Mapping[Measure, float], watch: Watch) -> SitingAnswer:
    """The cheapest choice that keeps rules and floors, and, unless coverage is limited, reaches everybody."""
    whole = lean(problem)
    reach = packed(problem.response_ds < NEVER_DS)
    reach = reach[reach.any(axis=1) & ~covered_by(reach, np.flatnonzero(problem.fixed))]
    cost = np.ones(problem.sites) if problem.cost is None else problem.cost
    task = CoverTask(
        musts=reach[: 0 if "coverage" in limits else len(reach)],
        quotas=quotas_of(whole),
        cost=cost,
        free=problem.free,
        lines=rule_lines(problem.rules, problem.fixed, problem.places),
    )
    return answer_of(cheapest(task, watch), problem.fixed, problem.cost)
