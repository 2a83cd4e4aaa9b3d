"""Coverage models: how few sites cover everybody (LSCP), how many people a few sites cover (MCLP)."""

import math

import numpy as np

from optimizer.problem import Bools, Floats, Int64s, SitingAnswer, SitingProblem
from optimizer.program import Program, Rows
from optimizer.siting.cover_sets import CoverSets, cover_sets, least_sets, useful_sites
from optimizer.siting.covering_bound import narrow
from optimizer.siting.equals import quickest_of_equals
from optimizer.solver import Solution, solve
from optimizer.watch import Watch

_WHOLE = 0.999
"""Absolute gap below which a whole-number objective is exact."""


def maximal_covering(problem: SitingProblem, *, watch: Watch | None = None) -> SitingAnswer:
    """Choose at most ``places`` sites so that the most people are covered (MCLP).

    max sum_g a_g y_g  s.t.  y_g <= sum_{j covers g} x_j,  sum_j x_j <= p,  x binary, 0 <= y <= 1
    over groups g of rows with equal cover sets; Church & ReVelle (1974),
    doi:10.1111/j.1435-5597.1974.tb00902.x, there with ``= p``; fixed sites have x = 1. ``objective`` and
    ``bound`` are people, fixed coverage included; ``unmet`` are the rows that no site covers. Of choices that
    cover the same people the quicker is taken (``quickest_of_equals``).
    """
    watch = watch or Watch()
    covers = problem.covers()
    base, sets = _still_open(problem, covers)
    unmet = tuple(np.flatnonzero(~covers.any(axis=1)).tolist())
    p = problem.may_open
    start = _best_first(sets, p)
    if p == 0 or not len(sets.people):
        return _covering(
            problem, start, bound=float(base + _covered(sets, start)), unmet=unmet, stopped_by=None
        )
    watch.tell("maximal covering", 0.0, float(problem.people.sum()), float(base + _covered(sets, start)))
    chosen, bound, stopped_by = _most_covered(sets, p, start, watch)
    return _covering(problem, chosen, bound=float(base + bound), unmet=unmet, stopped_by=stopped_by)


def _most_covered(sets: CoverSets, p: int, start: Int64s, watch: Watch) -> tuple[Int64s, int, str | None]:
    """Best choice of at most ``p`` sites, most people that any covers, and why the search stopped early."""
    known = narrow(sets, p, start, watch)
    if known.stopped_by or known.bound <= _covered(sets, known.chosen):
        return known.chosen, max(known.bound, _covered(sets, known.chosen)), known.stopped_by
    opened, open_sites = np.flatnonzero(known.opened), np.flatnonzero(~known.opened & ~known.closed)
    left = ~sets.covers[:, opened].any(axis=1) & sets.covers[:, open_sites].any(axis=1)
    rest = cover_sets(sets.covers[np.ix_(left, open_sites)], sets.people[left])
    sure = _covered(sets, opened)
    program = _mclp(rest, p - len(opened))
    found = solve(
        program, limit_s=watch.left_s, engine="gscip", absolute_gap=_WHOLE
    )  # 3 x faster here than HiGHS
    if found.status == "unknown":
        return known.chosen, known.bound, "time"
    further = open_sites[found.values[: len(open_sites)] > 0.5]
    chosen = _better(sets, known.chosen, np.union1d(opened, further))
    bound = sure + math.floor(_bound(found, float(rest.people.sum())) + 1e-6)
    best = _covered(sets, chosen)
    stopped_by = None if found.status == "optimal" else "time"
    return chosen, max(best, min(known.bound, bound)), stopped_by


def set_covering(problem: SitingProblem, *, share: float = 1.0, watch: Watch | None = None) -> SitingAnswer:
    """Cover everybody, or a share of the people, with the fewest or the cheapest sites (LSCP).

    min sum_j c_j x_j  s.t.  sum_{j covers g} x_j >= 1 for each group g,  x binary;
    Toregas, Swain, ReVelle & Bergman (1971), doi:10.1287/opre.19.6.1363. With ``share`` < 1 a group may stay
    uncovered: sum_{j covers g} x_j >= y_g, sum_g a_g y_g >= share A (partial set covering). ``c`` is
    ``problem.cost``, or 1 each, which then counts all open sites, fixed ones included.

    Infeasible when sites cannot cover what is asked; ``unmet`` then names the rows that no site covers, or,
    with ``places`` too few, the rows that the best choice of so many leaves out.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: want more than 0 and at most 1, got {share}")
    watch = watch or Watch()
    covers = problem.covers()
    unmet = tuple(np.flatnonzero(~covers.any(axis=1)).tolist())
    wanted = math.ceil(share * int(problem.people.sum()) - 1e-9)
    reached = int(problem.people[covers.any(axis=1)].sum())
    if (share == 1 and unmet) or reached < wanted:
        return _infeasible(unmet)
    base, sets = _still_open(problem, covers, weightless=share == 1)
    watch.tell("set covering", 0.0)
    cost = np.ones(problem.sites) if problem.cost is None else problem.cost
    found = _least_cost(sets, cost[problem.free], problem, share=share, people=wanted - base, watch=watch)
    if found.status == "infeasible":
        best = maximal_covering(problem, watch=watch)
        left = ~covers[:, list(best.chosen)].any(axis=1)
        return _infeasible(tuple(np.flatnonzero(left).tolist()))
    if found.status == "unknown":
        return SitingAnswer(
            question="lscp", status="cancelled", chosen=(), objective=None, bound=None, stopped_by="time"
        )
    fixed = float(cost[problem.fixed].sum())
    whole = bool((cost == np.rint(cost)).all())
    bound = math.ceil(found.bound - 1e-6) if whole else found.bound
    return SitingAnswer(
        question="lscp",
        status="optimal" if found.status == "optimal" else "feasible",
        chosen=_all_open(problem, np.flatnonzero(found.values[: len(problem.free)] > 0.5)),
        objective=fixed + round(found.objective, 6),
        bound=fixed + min(bound, round(found.objective, 6)),
        unmet=unmet,
        stopped_by=None if found.status == "optimal" else "time",
    )


def _still_open(problem: SitingProblem, covers: Bools, *, weightless: bool = False) -> tuple[int, CoverSets]:
    """People that fixed sites cover, and the groups that free sites may still win."""
    done = covers[:, problem.fixed].any(axis=1)
    free = covers[:, problem.free]
    left = ~done & free.any(axis=1) & (weightless | (problem.people > 0))
    return int(problem.people[done].sum()), cover_sets(free[left], problem.people[left])


def _mclp(sets: CoverSets, p: int) -> Program:
    """The program of ``maximal_covering``; a group of a single site is counted on the site itself."""
    m = sets.covers.shape[1]
    single = sets.covers.sum(axis=1) == 1
    weight = np.zeros(m)
    np.add.at(weight, np.nonzero(sets.covers[single])[1], sets.people[single])
    shared = np.flatnonzero(~single)
    g, j = np.nonzero(sets.covers[shared])
    rows = Rows()
    y = m + np.arange(len(shared))
    rows.add(
        len(shared),
        np.concatenate([g, np.arange(len(shared))]),
        np.concatenate([j, y]),
        np.concatenate([np.ones(len(g)), -np.ones(len(shared))]),
        lower=0.0,
        upper=np.inf,
    )
    rows.add_one(np.arange(m), np.ones(m), lower=0.0, upper=float(p))
    return rows.program(
        np.concatenate([weight, sets.people[shared]]),
        upper=np.ones(m + len(shared)),
        integer=np.arange(m + len(shared)) < m,
        maximize=True,
    )


def _least_cost(
    sets: CoverSets, cost: Floats, problem: SitingProblem, *, share: float, people: int, watch: Watch
) -> Solution:
    """Solve the program of ``set_covering`` over the free sites."""
    m = len(cost)
    rows = Rows()
    if problem.places is not None:
        rows.add_one(np.arange(m), np.ones(m), lower=0.0, upper=float(problem.may_open))
    if share == 1:
        kept = least_sets(sets.covers)
        g, j = np.nonzero(sets.covers[kept])
        rows.add(len(kept), g, j, np.ones(len(g)), lower=1.0, upper=np.inf)
        groups = 0
        upper = np.zeros(m)
        upper[useful_sites(sets.covers, cost)] = 1.0
        upper[cost < 0] = 1.0
    else:
        groups = len(sets.people)
        g, j = np.nonzero(sets.covers)
        rows.add(
            groups,
            np.concatenate([g, np.arange(groups)]),
            np.concatenate([j, m + np.arange(groups)]),
            np.concatenate([np.ones(len(g)), -np.ones(groups)]),
            lower=0.0,
            upper=np.inf,
        )
        rows.add_one(m + np.arange(groups), sets.people.astype(float), lower=float(people), upper=np.inf)
        upper = np.ones(m)
    program = rows.program(
        np.concatenate([cost, np.zeros(groups)]),
        upper=np.concatenate([upper, np.ones(groups)]),
        integer=np.ones(m + groups, np.bool_),
    )
    whole = bool((cost == np.rint(cost)).all())
    return solve(program, limit_s=watch.left_s, absolute_gap=_WHOLE if whole else 0.0)


def _best_first(sets: CoverSets, p: int) -> Int64s:
    """A start: the site that adds most, again and again."""
    left = sets.people.astype(np.int64).copy()
    chosen: list[int] = []
    for _ in range(p):
        gain = left @ sets.covers
        if not len(gain) or gain.max() == 0:
            break
        chosen.append(int(gain.argmax()))
        left[sets.covers[:, chosen[-1]]] = 0
    return np.array(sorted(chosen), np.int64)


def _covered(sets: CoverSets, chosen: Int64s) -> int:
    return int(sets.people[sets.covers[:, chosen].any(axis=1)].sum())


def _better(sets: CoverSets, one: Int64s, other: Int64s) -> Int64s:
    """The choice that covers more; ``other`` when equal."""
    return one if _covered(sets, one) > _covered(sets, other) else other


def _bound(found: Solution, at_most: float) -> float:
    return min(found.bound, at_most) if np.isfinite(found.bound) else at_most


def _covering(
    problem: SitingProblem,
    chosen: Int64s,
    *,
    bound: float,
    unmet: tuple[int, ...],
    stopped_by: str | None,
) -> SitingAnswer:
    opened = quickest_of_equals(problem, _all_open(problem, chosen))
    people = float(problem.people[problem.covers()[:, list(opened)].any(axis=1)].sum())
    return SitingAnswer(
        question="mclp",
        status="optimal" if bound <= people else "feasible",
        chosen=opened,
        objective=people,
        bound=max(bound, people),
        unmet=unmet,
        stopped_by=stopped_by,
    )


def _all_open(problem: SitingProblem, chosen: Int64s) -> tuple[int, ...]:
    """Fixed sites and the chosen ones of the free sites."""
    opened = np.concatenate([np.flatnonzero(problem.fixed), problem.free[chosen]])
    return tuple(np.sort(opened).tolist())


def _infeasible(unmet: tuple[int, ...]) -> SitingAnswer:
    return SitingAnswer(
        question="lscp", status="infeasible", chosen=(), objective=None, bound=None, unmet=unmet
    )
