"""Expected coverage: people who find a unit within the standard that is not busy elsewhere (MEXCLP)."""

from dataclasses import replace

import numpy as np

from optimizer.problem import Int64s, SitingAnswer, SitingProblem
from optimizer.rules import Rule
from optimizer.siting.coverage_answer import answered
from optimizer.siting.coverage_problem import CoverageProblem, lean
from optimizer.siting.coverage_search import Covered, most_covered
from optimizer.watch import Watch


def expected_covering(
    problem: SitingProblem, *, busy: float, most: int | None = None, watch: Watch | None = None
) -> SitingAnswer:
    """Place at most ``places`` units so that the most people can be expected to find one free (MEXCLP).

    max sum_g a_g sum_k (1 - q) q^(k-1) y_gk  s.t.  sum_k y_gk <= sum_{j covers g} x_j,  sum_j x_j <= p,
    x_j <= most, rules, floors,  x whole, 0 <= y <= 1; Daskin (1983), doi:10.1287/trsc.17.1.48: units are busy
    independently, each a share q of the time. ``places`` counts units; a fixed site has one unit at least.
    ``objective`` and ``bound`` are expected people, ``units`` the number at each chosen site. A rule counts a
    site once however many units it has; floors count those within the standard of any unit. Infeasible when
    no choice keeps the rules and floors.

    Parameters
    ----------
    busy
        q, share of the time that a unit is busy, 0 <= q < 1.
    most
        Most units at one site; ``None`` = as many as there are places.

    Raises
    ------
    ValueError
        A share outside 0 to 1, fewer than one unit, neither ``places`` nor ``most``; or capacities.
    """
    if not 0 <= busy < 1:
        raise ValueError(f"busy: want at least 0 and less than 1, got {busy}")
    if most is not None and most < 1:
        raise ValueError(f"most: want at least 1, got {most}")
    if most is None and problem.places is None:
        raise ValueError("most: want a number of units at one site, or places for all")
    if problem.capacity is not None:
        raise ValueError("capacity: expected coverage does not share people between sites")
    watch = watch or Watch()
    watch.tell("expected coverage", 0.0)
    each = max(1, problem.places or 1) if most is None else most
    asked, site = _further_units(problem, each)
    units = problem.places if problem.places is not None else each * problem.sites
    worth = tuple((1 - busy) * busy**k for k in range(max(1, units)) if k == 0 or busy > 0)
    found = most_covered(_with_most(lean(asked, worth=worth), problem, each), watch=watch)
    return answered(problem, "mexclp", _by_site(found, site, problem.sites), watch, stacked=True)


def _further_units(problem: SitingProblem, each: int) -> tuple[SitingProblem, Int64s]:
    """The problem with a second column, for further units, of each site under a rule; sites of columns.

    Rules count open sites, units are counted by column: so the first unit has a column of its own.
    """
    ruled = np.unique(np.concatenate([np.empty(0, np.int64), *(rule.sites for rule in problem.rules)]))
    m = problem.sites
    if each == 1 or not len(ruled):
        return problem, np.arange(m)
    site = np.concatenate([np.arange(m), ruled])
    after = tuple(
        Rule(
            name=f"further units: {j}",
            sites=np.array([j, m + k]),
            amount=np.array([1.0 - each, 1.0]),
            at_most=0.0,
            structural=True,
        )
        for k, j in enumerate(ruled.tolist())
    )
    return replace(
        problem,
        response_s=problem.response_s[:, site],
        fixed=np.concatenate([problem.fixed, np.zeros(len(ruled), np.bool_)]),
        cost=None,
        rules=(*problem.rules, *after),
    ), site


def _with_most(asked: CoverageProblem, problem: SitingProblem, each: int) -> CoverageProblem:
    """The lean problem with the units that each column may have."""
    most = np.full(asked.sites, each)
    if asked.sites > problem.sites:
        ruled = np.concatenate([rule.sites for rule in problem.rules])
        most[ruled] = 1
        most[problem.sites :] = each - 1
    return replace(asked, most=most)


def _by_site(found: Covered | None, site: Int64s, sites: int) -> Covered | None:
    if found is None:
        return None
    units = np.bincount(site, weights=found.units, minlength=sites).astype(np.int64)
    return replace(found, units=units)
