"""The core of a coverage problem as one integer program, for what the bound leaves undecided."""

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.siting.coverage_core import Core
from optimizer.solver import Engine, Solution, solve
from optimizer.watch import Watch

_NEAR = 0.02
"""Share of the most pull that a start may miss."""


def levels(core: Core) -> Int64s:
    """How many further covers of each group are worth something and can be had, shape (g,)."""
    if not len(core.people):
        return np.empty(0, np.int64)
    most = np.add.reduceat(core.most[core.site], core.start[:-1])
    return np.minimum(np.minimum(most, core.places), len(core.worth) - 1 - core.done)


def solve_core(core: Core, *, absolute_gap: float, watch: Watch) -> tuple[Solution, Int64s]:
    """Solve the core; units by column beside what the solver said.

    GSCIP is measured 2 times faster without rules and floors, HiGHS 2 times faster with them.
    """
    engine: Engine = "highs" if core.bound_to else "gscip"
    found = solve(_program(core), limit_s=watch.left_s, engine=engine, absolute_gap=absolute_gap)
    added = np.rint(found.values[: len(core.columns)]).astype(np.int64)
    return found, added


def allowed_units(core: Core, pull: Floats, cuts: tuple[Floats, Floats], watch: Watch) -> Int64s | None:
    """Units that keep rules and ``slope @ x >= right`` with the most ``pull``; ``None`` if there are none."""
    k = len(core.columns)
    rows = Rows()
    rows.add_one(np.arange(k), np.ones(k), lower=0.0, upper=float(core.places))
    _add_rules(core, rows)
    slope, right = cuts
    row, column = np.nonzero(slope)
    rows.add(len(right), row, column, slope[row, column], lower=right, upper=np.inf)
    program = rows.program(pull, upper=core.most.astype(float), integer=np.ones(k, np.bool_), maximize=True)
    near = _NEAR * float(np.sort(pull)[::-1][: core.places].sum())
    found = solve(program, limit_s=watch.left_s, engine="highs", absolute_gap=max(0.0, near))
    return np.rint(found.values).astype(np.int64) if found.status in ("optimal", "feasible") else None


def _program(core: Core) -> Program:
    """The program over units by column and the covers of each group.

    max sum_g a_g sum_l worth_l y_gl  s.t.  sum_l y_gl <= units that cover g,  rules, floors,  0 <= y <= 1.
    Further covers are worth less, so that the first ones fill first. A group that a single unit can cover,
    and no more, is counted on its column.
    """
    k = len(core.columns)
    count = levels(core)
    size = np.diff(core.start)
    plain = (count == 1) & (size == 1) & (core.most[core.site[core.start[:-1]]] == 1)
    weight = np.zeros(k)
    worth = core.people * core.worth[core.done]
    np.add.at(weight, core.site[core.start[:-1][plain]], worth[plain])
    shared = np.flatnonzero(~plain)
    group = np.repeat(shared, count[shared])
    level = np.arange(len(group)) - np.repeat(np.cumsum(count[shared]) - count[shared], count[shared])
    number = np.full(len(size), -1)
    number[shared] = np.arange(len(shared))
    entry_group = np.repeat(np.arange(len(size)), size)
    inside = number[entry_group] >= 0
    rows = Rows()
    y = k + np.arange(len(group))
    rows.add(
        len(shared),
        np.concatenate([number[entry_group[inside]], number[group]]),
        np.concatenate([core.site[inside].astype(np.int64), y]),
        np.concatenate([np.ones(int(inside.sum())), -np.ones(len(y))]),
        lower=0.0,
        upper=np.inf,
    )
    rows.add_one(np.arange(k), np.ones(k), lower=0.0, upper=float(core.places))
    _add_rules(core, rows)
    _add_floors(core, rows, plain, y[level == 0], shared)
    return rows.program(
        np.concatenate([weight, core.people[group] * core.worth[core.done[group] + level]]),
        upper=np.concatenate([core.most.astype(float), np.ones(len(y))]),
        integer=np.arange(k + len(y)) < k,
        maximize=True,
    )


def _add_rules(core: Core, rows: Rows) -> None:
    rules = core.rules
    column = np.repeat(np.arange(len(core.columns)), np.diff(rules.entry))
    rows.add(len(rules.low), rules.rule, column, rules.amount, lower=rules.low, upper=rules.high)


def _add_floors(core: Core, rows: Rows, plain: np.ndarray, first: Int64s, shared: Int64s) -> None:
    """Floors over the first cover of each group: its column where it has but one, else its first level."""
    variable = np.full(len(plain), -1)
    variable[plain] = core.site[core.start[:-1][plain]]
    variable[shared] = first
    for weight, people in zip(core.floor_weight, core.floor_people, strict=True):
        counted = np.flatnonzero(weight)
        columns, place = np.unique(variable[counted], return_inverse=True)
        total = np.bincount(place, weights=weight[counted], minlength=len(columns))
        rows.add_one(columns, total.astype(float), lower=people - 1e-6, upper=np.inf)
