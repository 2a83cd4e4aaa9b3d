"""Coverage under several states of the roads as one task: groups of rows, and what each weighs in each state.

All three measures are the least mean over a set of weights of the states: with q_s <= c_s and sum_s q_s = 1,
min_q sum_s q_s C_s is the mean for c = probability, the worst case for c = 1, and the mean over the worst
``tail`` of probability (CVaR at 1 - tail) for c = probability / tail; Rockafellar & Uryasev (2000),
doi:10.21314/JOR.2000.038, in the dual form of Artzner, Delbaen, Eber & Heath (1999),
doi:10.1111/1467-9965.00068.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Int64s, SitingProblem
from optimizer.program import Program, Rows
from optimizer.siting.cover_sets import cover_sets
from optimizer.siting.rule_lines import RuleLines, rule_lines


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RobustTask:
    """Choose among ``f`` free sites; ``g`` groups of rows, ``s`` states of the roads, ``k`` floors.

    Parameters
    ----------
    covers
        Whether each free site covers each group, no two groups alike, shape (g, f).
    people
        What each group weighs in each state, then in each floor, shape (s + k, g).
    sure
        What fixed sites cover of each state and each floor, shape (s + k,).
    most
        Most weight q_s of each state in the measure, shape (s,); together at least 1.
    floors
        Least weight of each floor, shape (k,).
    lines
        Rules and the number of places, over the free sites.
    """

    covers: Bools
    people: Floats
    sure: Floats
    most: Floats
    floors: Floats
    lines: RuleLines

    @property
    def states(self) -> int:
        """Number of states of the roads."""
        return len(self.most)

    @property
    def whole(self) -> bool:
        """Whether the measure of any choice is a whole number of people."""
        return bool((self.most >= 1).all())

    def reached(self, chosen: Int64s) -> Floats:
        """Weight covered in each state and each floor, shape (s + k,)."""
        return self.sure + self.people @ self.covers[:, chosen].any(axis=1)

    def value(self, chosen: Int64s) -> float:
        """The measure of a choice."""
        return float(least_mean(self.reached(chosen)[: self.states], self.most))

    def keeps(self, chosen: Int64s) -> bool:
        """Whether a choice keeps all rules and floors."""
        reached = self.reached(chosen)[self.states :]
        return self.lines.kept(chosen) and bool((reached >= self.floors - 1e-6).all())


def robust_task(problems: list[SitingProblem], most: Floats) -> RobustTask:
    """The task over the states' problems; sites, fixed ones, places and rules are those of the first."""
    fixed, free = problems[0].fixed, problems[0].free
    covers = np.concatenate([problem.covers() for problem in problems])
    people = _weights(problems)
    done = covers[:, fixed].any(axis=1)
    left = ~done & covers[:, free].any(axis=1) & (people > 0).any(axis=0)
    sets = cover_sets(covers[np.ix_(left, free)], np.zeros(int(left.sum()), np.int64))
    by_group = np.zeros((len(people), len(sets.people)))
    for line, weight in zip(by_group, people[:, left], strict=True):
        line += np.bincount(sets.group, weights=weight, minlength=len(line))
    lines = rule_lines(problems[0].rules, fixed, problems[0].places)
    return RobustTask(
        covers=sets.covers,
        people=by_group,
        sure=people[:, done].sum(axis=1),
        most=most,
        floors=np.array([floor.people for problem in problems for floor in problem.floors], float),
        lines=RuleLines(amount=lines.amount[:, free], lower=lines.lower, upper=lines.upper),
    )


def _weights(problems: list[SitingProblem]) -> Floats:
    """What each row of all states weighs in each state and each floor, shape (s + k, rows)."""
    start = np.cumsum([0, *(problem.rows for problem in problems)])
    weights = np.zeros((len(problems) + sum(len(problem.floors) for problem in problems), start[-1]))
    floor_line = len(problems)
    for s, problem in enumerate(problems):
        weights[s, start[s] : start[s + 1]] = problem.people
        for floor in problem.floors:
            weights[floor_line, start[s] + floor.rows] = problem.people[floor.rows]
            floor_line += 1
    return weights


def least_mean(covered: Floats, most: Floats) -> Floats:
    """min_q sum_s q_s C_s, the weights filled from the worst state up; ``covered`` (s,) or (s, choices)."""
    order = np.argsort(covered, axis=0, kind="stable")
    filled = np.minimum(np.cumsum(most[order], axis=0), 1.0)
    weight = np.diff(filled, axis=0, prepend=0.0)
    return np.asarray((weight * np.take_along_axis(covered, order, axis=0)).sum(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Where variables and rows of the program stand: sites and covering rows come first."""

    sites: int
    groups: int
    states: int
    unit: float

    @property
    def variables(self) -> int:
        """Sites, groups, the value at risk, the shortfall of each state below it."""
        return self.sites + self.groups + 1 + self.states


def robust_program(task: RobustTask, *, integer: bool) -> tuple[Program, Layout]:
    """The program of a task, people counted in a unit that keeps numbers near 1.

    max v - sum_s c_s u_s  s.t.  y_g <= sum_{j covers g} x_j,  v - u_s <= sum_g a_sg y_g (+ what is sure),
    sum_g a_kg y_g >= floor k,  the lines;  x binary, 0 <= y <= 1, u >= 0.
    """
    g, f = task.covers.shape
    unit = max(1.0, float(task.people.sum(axis=1).max(initial=0.0)) / max(g, 1))
    at = Layout(sites=f, groups=g, states=task.states, unit=unit)
    rows = Rows()
    group, site = np.nonzero(task.covers)
    own = np.arange(g)
    rows.add(
        g,
        np.concatenate([group, own]),
        np.concatenate([site, f + own]),
        np.concatenate([np.ones(len(site)), -np.ones(g)]),
        lower=0.0,
        upper=np.inf,
    )
    level = f + g
    for s in range(task.states):
        rows.add_one(
            np.concatenate([f + own, [level, level + 1 + s]]),
            np.concatenate([task.people[s] / unit, [-1.0, 1.0]]),
            lower=-task.sure[s] / unit,
            upper=np.inf,
        )
    for weight, least in zip(task.people[task.states :], task.floors - task.sure[task.states :], strict=True):
        rows.add_one(f + own, weight / unit, lower=least / unit, upper=np.inf)
    _scaled(task.lines).add_to(rows, np.arange(f))
    objective = np.zeros(at.variables)
    objective[level], objective[level + 1 :] = 1.0, -task.most
    upper = np.ones(at.variables)
    upper[level:] = np.inf
    program = rows.program(
        objective, upper=upper, integer=(np.arange(at.variables) < f) & integer, maximize=True
    )
    return program, at


def _scaled(lines: RuleLines) -> RuleLines:
    """The same lines with amounts of at most 1, as solvers like them."""
    unit = np.maximum(np.abs(lines.amount).max(axis=1, initial=0.0), 1e-9)
    return RuleLines(amount=lines.amount / unit[:, None], lower=lines.lower / unit, upper=lines.upper / unit)
