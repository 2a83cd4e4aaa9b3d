"""Maximal covering: how many people a few sites cover (MCLP)."""

import math

import numpy as np

from optimizer.problem import Bools, Int64s, SitingAnswer, SitingProblem
from optimizer.program import Program, Rows
from optimizer.siting.cover_sets import CoverSets, cover_sets
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


def _still_open(problem: SitingProblem, covers: Bools) -> tuple[int, CoverSets]:
    """People that fixed sites cover, and the groups that free sites may still win."""
    done = covers[:, problem.fixed].any(axis=1)
    free = covers[:, problem.free]
    left = ~done & free.any(axis=1) & (problem.people > 0)
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
