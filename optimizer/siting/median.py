"""p-median: open p sites so that people wait least in all."""

import math

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Int64s, SitingAnswer, SitingProblem
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.median_costs import MedianCosts, median_costs
from optimizer.siting.median_master import Master
from optimizer.siting.set_covering import set_covering
from optimizer.siting.swap import greedy, improve
from optimizer.watch import Watch


def p_median(problem: SitingProblem, *, watch: Watch | None = None) -> SitingAnswer:
    """Choose at most ``places`` sites so that the response summed over all people is least (p-median).

    min sum_i a_i min_{j open} d_ij,  sum_j x_j <= p,  x binary; Hakimi (1964), doi:10.1287/opre.12.3.450.
    Solved by Benders decomposition with closed-form cuts per client on sorted times, in-out stabilised and
    summed over groups of clients: theta_k >= sum_{i in k} a_i (D_i - sum_j (D_i - d_ij)^+ x_j), where D_i is
    the time at which the sites taken in order make up one whole; Duran-Mateluna, Ales & Elloumi (2023),
    doi:10.1016/j.ejor.2022.09.012. Sites that the Lagrangian bound excludes are fixed before branching.

    ``objective`` and ``bound`` are person-seconds. Rows that no site reaches are left out and named in
    ``unmet``; when no choice of p sites reaches all others the question is infeasible and ``unmet`` names
    rows that the best choice does not reach.
    """
    watch = watch or Watch()
    reached = (problem.response_ds < NEVER_DS).any(axis=1)
    unmet = tuple(np.flatnonzero(~reached).tolist())
    kept = reached & (problem.people > 0)
    stranded, start = serving_all(problem, kept, watch)
    if stranded:
        return SitingAnswer(
            question="p_median", status="infeasible", chosen=(), objective=None, bound=None, unmet=stranded
        )
    costs = median_costs(problem, kept)
    chosen, bound, stopped_by = _search(costs, np.flatnonzero(np.isin(problem.free, start)), watch)
    total = costs.total(chosen)
    opened = np.concatenate([np.flatnonzero(problem.fixed), problem.free[chosen]])
    return SitingAnswer(
        question="p_median",
        status="optimal" if total - bound <= costs.slack(total) else "feasible",
        chosen=tuple(np.sort(opened).tolist()),
        objective=total / 10,
        bound=min(math.ceil(bound - 1e-6), total) / 10,
        unmet=unmet,
        stopped_by=stopped_by,
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


def _search(costs: MedianCosts, start: Int64s, watch: Watch) -> tuple[Int64s, float, str | None]:
    """Best choice of free sites, proven bound in person-deciseconds, and why the search stopped early.

    ``start`` are free sites that serve all rows between them.
    """
    none = np.empty(0, np.int64)
    if costs.p == 0 or not len(costs.cap):
        return none, float(costs.total(none)), None
    chosen = min(
        (improve(costs.time, costs.cap, costs.people, _filled(costs, first)) for first in (none, start)),
        key=costs.total,
    )
    watch.tell("p-median: start", 0.1, None, costs.total(chosen) / 10)
    master = Master(costs, chosen)
    chosen, stopped_by = master.relax(chosen, watch)
    if stopped_by or costs.total(chosen) - master.bound <= costs.slack(costs.total(chosen)):
        return chosen, master.bound, stopped_by
    return master.branch(chosen, watch)


def _filled(costs: MedianCosts, first: Int64s) -> Int64s:
    """These sites, and those that save most beside them until p are open."""
    cap = np.minimum(costs.cap, costs.time[:, first].min(axis=1, initial=np.inf))
    more = greedy(costs.time, cap, costs.people, costs.p - len(first))
    return np.union1d(first, more)
