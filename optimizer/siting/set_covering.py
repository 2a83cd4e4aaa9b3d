"""Set covering: how few sites, or how cheap ones, cover everybody or a share of the people (LSCP)."""

import math

import numpy as np

from optimizer.problem import Bools, Floats, Int64s, SitingAnswer, SitingProblem
from optimizer.program import Rows
from optimizer.siting.cover_sets import CoverSets, cover_sets, least_sets, useful_sites
from optimizer.siting.coverage import maximal_covering
from optimizer.solver import Solution, solve
from optimizer.watch import Watch

_WHOLE = 0.999
"""Absolute gap below which a whole-number objective is exact."""


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


def _all_open(problem: SitingProblem, chosen: Int64s) -> tuple[int, ...]:
    """Fixed sites and the chosen ones of the free sites."""
    opened = np.concatenate([np.flatnonzero(problem.fixed), problem.free[chosen]])
    return tuple(np.sort(opened).tolist())


def _infeasible(unmet: tuple[int, ...]) -> SitingAnswer:
    return SitingAnswer(
        question="lscp", status="infeasible", chosen=(), objective=None, bound=None, unmet=unmet
    )
