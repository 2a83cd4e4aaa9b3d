"""p-median: open p sites so that people wait least in all."""

import math

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Floats, Question, SitingAnswer, SitingProblem
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.least_total import least_total
from optimizer.siting.median_problem import MedianAnswer, MedianProblem, Share
from optimizer.siting.set_covering import set_covering
from optimizer.siting.shared_capacity import least_shared_total
from optimizer.watch import Watch


def p_median(problem: SitingProblem, *, watch: Watch | None = None) -> SitingAnswer:
    """Choose at most ``places`` sites so that the response summed over all people is least (p-median).

    min sum_i a_i min_{j open} d_ij,  sum_j x_j <= p,  rules, floors,  x binary; Hakimi (1964),
    doi:10.1287/opre.12.3.450. Solved by ``least_total``. With ``capacity`` people of a row may be shared
    between sites: min sum_ij a_i d_ij z_ij,  sum_j z_ij = 1,  sum_i a_i z_ij <= capacity_j x_j,
    0 <= z_ij <= x_j (``least_shared_total``). Floors count people within ``limit_s`` of an open site.

    ``objective`` and ``bound`` are person-seconds. Rows that no site reaches are left out and named in
    ``unmet``; when no choice of p sites reaches all others the question is infeasible and ``unmet`` names
    rows that the best choice does not reach. Infeasible without ``unmet``: rules, floors or capacities.
    """
    watch = watch or Watch()
    reached = (problem.response_ds < NEVER_DS).any(axis=1)
    kept: Bools = np.asarray(reached & (problem.people > 0))
    median = median_of(problem, kept, problem.response_ds[kept].astype(float))
    if problem.capacity is None:
        found = least_total(median, watch=watch)
    else:
        found = least_shared_total(median, problem.capacity.astype(float), watch=watch)
    if found.status == "infeasible":
        stranded, _ = serving_all(problem, kept, watch)
        return answer_of("p_median", found, unmet=stranded)
    return answer_of("p_median", found, unmet=tuple(np.flatnonzero(~reached).tolist()), unit=10.0)


def median_of(problem: SitingProblem, kept: Bools, cost: Floats) -> MedianProblem:
    """The rows of ``kept`` as a median with these costs, shape (kept, m), deciseconds for the p-median.

    A cost where there is no road becomes ``inf``.
    """
    return MedianProblem(
        cost=np.where(problem.response_ds[kept] < NEVER_DS, cost, np.inf),
        weight=problem.people[kept].astype(float),
        fixed=problem.fixed,
        places=problem.places,
        rules=problem.rules,
        shares=shares_of(problem),
    )


def shares_of(problem: SitingProblem) -> tuple[Share, ...]:
    """Floors as shares of rows that must be covered within their limits."""
    covers = problem.covers() if problem.floors else np.empty((0, problem.sites), np.bool_)
    return tuple(
        Share(
            covers=covers[floor.rows],
            people=problem.people[floor.rows].astype(float),
            at_least=float(floor.people),
        )
        for floor in problem.floors
    )


def answer_of(
    question: Question,
    found: MedianAnswer,
    *,
    unmet: tuple[int, ...] = (),
    unit: float = 1.0,
    most: float | None = None,
) -> SitingAnswer:
    """A median's answer in the measure of a question: total over ``unit``, or what it leaves of ``most``."""
    planned = found.status in ("optimal", "feasible")
    total, bound = found.total, found.bound
    if planned and found.whole:
        bound = float(math.ceil(min(bound, total) - 1e-6))  # infinite where nothing else is allowed
    if most is not None:
        total, bound = most - total, most - bound
    return SitingAnswer(
        question=question,
        status=found.status,
        chosen=found.chosen,
        objective=total / unit if planned else None,
        bound=bound / unit if planned else None,
        unmet=unmet,
        stopped_by=found.stopped_by,
    )


def serving_all(problem: SitingProblem, kept: Bools, watch: Watch) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Rows of ``kept`` that the best choice of ``places`` sites leaves without any, and that choice."""
    rows = np.flatnonzero(kept)
    reach = SitingProblem(
        response_s=problem.response_s[rows],
        people=np.ones(len(rows), np.int64),
        limit_s=np.full(len(rows), (NEVER_DS - 1) / 10),
        fixed=problem.fixed,
        places=problem.places,
    )
    if reach.covers()[:, problem.fixed].any(axis=1).all():
        return (), ()
    answer = set_covering(reach, watch=watch)
    if answer.status != "infeasible":
        return (), answer.chosen
    best = maximal_covering(reach, watch=watch)
    left = ~reach.covers()[:, list(best.chosen)].any(axis=1)
    return tuple(rows[left].tolist()), best.chosen
