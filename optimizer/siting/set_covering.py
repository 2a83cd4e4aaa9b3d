"""Set covering: how few sites, or how cheap ones, cover everybody or a share of the people (LSCP)."""

import math

import numpy as np

from optimizer.problem import Bools, Floats, SitingAnswer, SitingProblem
from optimizer.siting.cover_quotas import covered_by, quotas_of
from optimizer.siting.cover_task import Choice, CoverTask, cheapest
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.coverage_problem import CoverageProblem, lean
from optimizer.siting.partial_covering import fewest_covering
from optimizer.siting.rule_lines import rule_lines
from optimizer.watch import Watch


def set_covering(problem: SitingProblem, *, share: float = 1.0, watch: Watch | None = None) -> SitingAnswer:
    """Cover everybody, or a share of the people, with the fewest or the cheapest sites (LSCP).

    min sum_j c_j x_j  s.t.  sum_{j covers g} x_j >= 1 for each group g, the rules,  x binary;
    Toregas, Swain, ReVelle & Bergman (1971), doi:10.1287/opre.19.6.1363. With ``share`` < 1 a group may stay
    uncovered: sum_{j covers g} x_j >= y_g, sum_g a_g y_g >= share A (partial set covering), and the floors
    ask for so many people of their rows likewise; where only the number of sites counts
    ``fewest_covering`` answers it. ``c`` is ``problem.cost``, or 1 each, which then counts all open sites,
    fixed ones included.

    Infeasible when no choice that keeps to places, rules and floors covers what is asked; ``unmet`` then
    names the rows that no site covers, or those of a floor that cannot be met, or the rows that the best
    choice leaves out (none when even covering fewer people breaks a rule).

    Raises
    ------
    ValueError
        A share outside 0 to 1, or a problem with capacities: a site covers all its rows here.
    """
    if problem.capacity is not None:
        raise ValueError("capacity: set covering does not count what a site can serve")
    watch = watch or Watch()
    whole = lean(problem)
    reached = np.asarray(problem.covers().any(axis=1))
    choice = least_covering(whole, cost=problem.cost, share=share, watch=watch)
    unmet: tuple[int, ...] = tuple(np.flatnonzero(~reached).tolist())
    if choice.status == "infeasible":
        unmet = _beyond_reach(problem, reached, share) or _left_out(problem, watch)
    return answer_of(choice, problem.fixed, problem.cost, unmet)


def least_covering(
    problem: CoverageProblem, *, cost: Floats | None = None, share: float = 1.0, watch: Watch | None = None
) -> Choice:
    """``set_covering`` of very many rows: the free sites to open, their cost and its bound.

    Every group counts when ``share`` is 1, those without people too. One unit at a site, the first cover
    alone: ``most`` and ``worth`` of the problem do not matter here.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share: want more than 0 and at most 1, got {share}")
    watch = watch or Watch()
    watch.tell("set covering", 0.0)
    everybody = share == 1
    wanted = share * float(problem.people.sum())
    wanted = math.ceil(wanted - 1e-9) if problem.whole else wanted
    if not everybody and (cost is None or bool((cost == 1).all())):
        return fewest_covering(problem, wanted, watch)
    left = ~covered_by(problem.covers, np.flatnonzero(problem.fixed))
    task = CoverTask(
        musts=problem.covers[left & everybody],
        quotas=quotas_of(problem, None if everybody else wanted),
        cost=np.ones(problem.sites) if cost is None else cost,
        free=np.flatnonzero(~problem.fixed),
        lines=rule_lines(problem.rules, problem.fixed, problem.places),
    )
    return cheapest(task, watch)


def answer_of(choice: Choice, fixed: Bools, cost: Floats | None, unmet: tuple[int, ...] = ()) -> SitingAnswer:
    """The answer to a set-covering question, with the fixed sites (m,) and what they cost."""
    if choice.status == "infeasible":
        return SitingAnswer(
            question="lscp", status="infeasible", chosen=(), objective=None, bound=None, unmet=unmet
        )
    if choice.status == "unknown":
        return SitingAnswer(
            question="lscp", status="cancelled", chosen=(), objective=None, bound=None, stopped_by="time"
        )
    cost = np.ones(len(fixed)) if cost is None else cost
    opened = np.sort(np.concatenate([np.flatnonzero(fixed), choice.chosen]))
    total = float(cost[opened].sum())
    return SitingAnswer(
        question="lscp",
        status=choice.status,
        chosen=tuple(opened.tolist()),
        objective=total,
        bound=min(total, float(cost[fixed].sum()) + choice.bound),
        unmet=unmet,
        stopped_by=None if choice.status == "optimal" else "time",
    )


def _beyond_reach(problem: SitingProblem, reached: Bools, share: float) -> tuple[int, ...]:
    """Rows that make the question impossible whatever is open: nobody covers them, and they are asked for."""
    people = problem.people
    missing: tuple[int, ...] = tuple(np.flatnonzero(~reached).tolist())
    if (share == 1 and missing) or people[reached].sum() < share * people.sum() - 1e-9:
        return missing
    for floor in problem.floors:
        if people[floor.rows[reached[floor.rows]]].sum() < floor.people - 1e-9:
            return tuple(floor.rows[~reached[floor.rows]].tolist()) or tuple(floor.rows.tolist())
    return ()


def _left_out(problem: SitingProblem, watch: Watch) -> tuple[int, ...]:
    """Rows that the best choice leaves without service; none when there is no choice at all."""
    best = maximal_covering(problem, watch=watch)
    if best.objective is None:
        return ()
    left = ~problem.covers()[:, list(best.chosen)].any(axis=1)
    return tuple(np.flatnonzero(left).tolist())
