"""Set covering: how few sites, or how cheap ones, cover everybody or a share of the people (LSCP)."""

import math

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Floats, Int64s, SitingAnswer, SitingProblem
from optimizer.siting.cover_bits import CoverGroups, CoverRows
from optimizer.siting.cover_task import CoverTask, Quotas, cheapest, mask_of
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.rule_lines import rule_lines
from optimizer.watch import Watch


def set_covering(problem: SitingProblem, *, share: float = 1.0, watch: Watch | None = None) -> SitingAnswer:
    """Cover everybody, or a share of the people, with the fewest or the cheapest sites (LSCP).

    min sum_j c_j x_j  s.t.  sum_{j covers g} x_j >= 1 for each group g, the rules,  x binary;
    Toregas, Swain, ReVelle & Bergman (1971), doi:10.1287/opre.19.6.1363. With ``share`` < 1 a group may stay
    uncovered: sum_{j covers g} x_j >= y_g, sum_g a_g y_g >= share A (partial set covering), and the floors
    ask for so many people of their rows likewise. ``c`` is ``problem.cost``, or 1 each, which then counts all
    open sites, fixed ones included.

    Infeasible when no choice that keeps to places, rules and floors covers what is asked; ``unmet`` then
    names the rows that no site covers, or those of a floor that cannot be met, or the rows that the best
    choice leaves out (none when even covering fewer people breaks a rule).

    Raises
    ------
    ValueError
        A share outside 0 to 1, or a problem with capacities: a site covers all its rows here.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: want more than 0 and at most 1, got {share}")
    if problem.capacity is not None:
        raise ValueError("capacity: set covering does not count what a site can serve")
    watch = watch or Watch()
    groups = _groups(problem)
    unmet = np.flatnonzero((groups.covers == 0).all(axis=1)[groups.group])
    if beyond := _beyond_reach(problem, groups, unmet, share):
        return _infeasible(tuple(beyond))
    watch.tell("set covering", 0.0)
    cost = np.ones(problem.sites) if problem.cost is None else problem.cost
    found = cheapest(_task(problem, groups, cost, share=share), watch)
    if found.status == "infeasible":
        return _infeasible(_left_out(problem, watch))
    if found.status == "unknown":
        return SitingAnswer(
            question="lscp", status="cancelled", chosen=(), objective=None, bound=None, stopped_by="time"
        )
    opened = np.sort(np.concatenate([np.flatnonzero(problem.fixed), found.chosen]))
    total = float(cost[opened].sum())
    return SitingAnswer(
        question="lscp",
        status="optimal" if found.status == "optimal" else "feasible",
        chosen=tuple(opened.tolist()),
        objective=total,
        bound=min(total, float(cost[problem.fixed].sum()) + found.bound),
        unmet=tuple(unmet.tolist()),
        stopped_by=None if found.status == "optimal" else "time",
    )


def _groups(problem: SitingProblem) -> CoverGroups:
    rows = CoverRows(problem.sites)
    rows.add_times(problem.response_ds, np.minimum(problem.limit_ds, NEVER_DS - 1), problem.people)
    return rows.groups()


def _beyond_reach(problem: SitingProblem, groups: CoverGroups, unmet: Int64s, share: float) -> list[int]:
    """Rows that make the question impossible whatever is open: nobody covers them, and they are asked for."""
    people = problem.people.astype(float)
    missing = np.zeros(problem.rows, np.bool_)
    missing[unmet] = True
    if (share == 1 and missing.any()) or people[~missing].sum() < _wanted(problem, share):
        return [int(row) for row in unmet]
    for floor in problem.floors:
        if people[floor.rows[~missing[floor.rows]]].sum() < floor.people - 1e-9:
            return [int(row) for row in floor.rows[missing[floor.rows]]] or [int(row) for row in floor.rows]
    return []


def _wanted(problem: SitingProblem, share: float) -> int:
    return math.ceil(share * int(problem.people.sum()) - 1e-9)


def _task(problem: SitingProblem, groups: CoverGroups, cost: Floats, *, share: float) -> CoverTask:
    """Groups that fixed sites leave open, as sets to be met or as quotas."""
    fixed = mask_of(np.flatnonzero(problem.fixed), groups.covers.shape[1])
    done = ((groups.covers & fixed) != 0).any(axis=1)
    whole = share == 1
    quotas = None if whole else _quotas(problem, groups, ~done, share)
    return CoverTask(
        musts=groups.covers[~done & whole],
        quotas=quotas,
        cost=cost,
        free=problem.free,
        lines=rule_lines(problem.rules, problem.fixed, problem.places),
    )


def _quotas(problem: SitingProblem, groups: CoverGroups, left: Bools, share: float) -> Quotas:
    """The share and the floors over the groups ``left`` (g,); what others give counts towards them."""
    by_group = [groups.people]
    for floor in problem.floors:
        weight = problem.people[floor.rows].astype(float)
        counted = np.bincount(groups.group[floor.rows], weights=weight, minlength=len(left))
        by_group.append(counted.astype(float))
    people = np.array(by_group)
    wanted = np.array([_wanted(problem, share), *(floor.people for floor in problem.floors)], float)
    binds = left & (people > 0).any(axis=0)
    return Quotas(
        covers=groups.covers[binds], people=people[:, binds], wanted=wanted - people[:, ~left].sum(axis=1)
    )


def _left_out(problem: SitingProblem, watch: Watch) -> tuple[int, ...]:
    """Rows that the best choice leaves without service; none when there is no choice at all."""
    best = maximal_covering(problem, watch=watch)
    if best.objective is None:
        return ()
    left = ~problem.covers()[:, list(best.chosen)].any(axis=1)
    return tuple(np.flatnonzero(left).tolist())


def _infeasible(unmet: tuple[int, ...]) -> SitingAnswer:
    return SitingAnswer(
        question="lscp", status="infeasible", chosen=(), objective=None, bound=None, unmet=unmet
    )
