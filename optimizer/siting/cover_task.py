"""The cheapest free sites that meet every cover set, the quotas and the rules: reduced, then solved whole.

min sum_j c_j x_j  s.t.  sum_{j covers g} x_j >= 1 for every set g that must be met,
sum_{j covers g} x_j >= y_g and sum_g a_qg y_g >= wanted_q for the quotas q, and the rules over x; x binary.
Sets that contain another and sites that another replaces go first (Toregas & ReVelle 1972,
doi:10.1111/j.1538-4632.1972.tb00446.x), the latter only where no rule tells the two apart.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.siting.cover_bits import Words
from optimizer.siting.cover_quotas import Quotas, mask_of, packed, unpacked
from optimizer.siting.rule_lines import RuleLines
from optimizer.solver import Engine, Solution, solve
from optimizer.watch import Watch

_WHOLE = 0.999
"""Absolute gap below which a whole-number objective is exact."""
_TOLERANCE = 2e-6
"""Part of a large row that solvers may leave open, and a little more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoverTask:
    """What free sites have to cover.

    Parameters
    ----------
    musts
        Cover sets that must be met, packed over all sites, shape (g, words).
    quotas
        Groups of which a part must be met; ``None`` = no such thing.
    cost
        By site, shape (m,).
    free
        Sites that may be chosen, shape (f,); bits of others do not count.
    """

    musts: Words
    quotas: Quotas | None
    cost: Floats
    free: Int64s
    lines: RuleLines


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reduced:
    """What is left of a task: sites ``columns`` (c,), sets ``musts`` (g, c), groups of quotas (q, c)."""

    columns: Int64s
    musts: Bools
    groups: Bools


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """Free sites (empty without a plan), their cost, and what any choice costs at least."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    chosen: Int64s
    cost: float
    bound: float


def least_of(words: Words) -> Int64s:
    """Rows that contain no other row, of equal ones the first; ascending."""
    from optimizer._kernels.dominance import least, sizes

    words = np.ascontiguousarray(words)
    return np.flatnonzero(least(words, np.argsort(sizes(words), kind="stable")))


def reduced(task: CoverTask) -> Reduced | None:
    """The task without sets and sites that never matter; ``None`` when a set has no site left."""
    columns, words = task.free, task.musts.shape[1]
    musts = task.musts & mask_of(columns, words)
    groups = np.empty((0, words), np.uint64) if task.quotas is None else task.quotas.covers
    while True:
        if not musts.any(axis=1).all():
            return None
        musts = musts[least_of(musts)]
        fewer = columns[_useful(np.vstack([musts, groups]), columns, task)]
        if len(fewer) == len(columns):
            return Reduced(columns=columns, musts=unpacked(musts, columns), groups=unpacked(groups, columns))
        columns, musts = fewer, musts & mask_of(fewer, words)


def _useful(words: Words, columns: Int64s, task: CoverTask) -> Int64s:
    from optimizer._kernels.dominance import useful

    flags = unpacked(words, columns)
    load = np.column_stack([task.cost[columns], task.lines.load(columns)])
    order = np.lexsort((np.arange(len(columns)), load.sum(axis=1), -flags.sum(axis=0)))
    by_site = packed(np.ascontiguousarray(flags.T))
    return np.flatnonzero(useful(by_site, np.ascontiguousarray(load), order))


def program_of(task: CoverTask, left: Reduced, *, integer: bool = True) -> Program:
    """The program over the columns left, then the groups of quotas."""
    sites, groups = len(left.columns), len(left.groups)
    rows = Rows()
    need, site = np.nonzero(left.musts)
    rows.add(len(left.musts), need, site, np.ones(len(need)), lower=1.0, upper=np.inf)
    task.lines.add_to(rows, left.columns)
    if task.quotas is not None:
        _add_quotas(rows, task.quotas, left)
    return rows.program(
        np.concatenate([task.cost[left.columns], np.zeros(groups)]),
        upper=np.ones(sites + groups),
        integer=np.full(sites + groups, integer) & (np.arange(sites + groups) < sites),
    )


def _add_quotas(rows: Rows, quotas: Quotas, left: Reduced) -> None:
    sites, groups = len(left.columns), np.arange(len(left.groups))
    group, site = np.nonzero(left.groups)
    rows.add(
        len(groups),
        np.concatenate([group, groups]),
        np.concatenate([site, sites + groups]),
        np.concatenate([np.ones(len(group)), -np.ones(len(groups))]),
        lower=0.0,
        upper=np.inf,
    )
    quota, group = np.nonzero(quotas.people)
    unit = np.maximum(1.0, quotas.wanted)
    rows.add(
        len(quotas.wanted),
        quota,
        sites + group,
        quotas.people[quota, group] / unit[quota],
        lower=quotas.wanted / unit,
        upper=np.inf,
    )


def cheapest(task: CoverTask, watch: Watch, *, engine: Engine = "gscip") -> Choice:
    """Solve a task."""
    if task.quotas is not None and not task.quotas.met_by(task.free):
        return _none("infeasible")
    left = reduced(task)
    if left is None:
        return _none("infeasible")
    whole = bool((task.cost == np.rint(task.cost)).all())
    gap = _WHOLE if whole else 0.0
    found = solve(program_of(task, left), limit_s=watch.left_s, engine=engine, absolute_gap=gap)
    choice = choice_of(task, left, found)
    if task.quotas is None or not len(choice.chosen) or task.quotas.met_by(choice.chosen):
        return choice
    return _by_the_letter(task, choice, watch, engine)


def _by_the_letter(task: CoverTask, short: Choice, watch: Watch, engine: Engine) -> Choice:
    """Ask for a little more where the solver's tolerance let a few people of very many go; same bound."""
    assert task.quotas is not None
    more = replace(task.quotas, wanted=task.quotas.wanted + _TOLERANCE * np.maximum(1.0, task.quotas.wanted))
    choice = cheapest(replace(task, quotas=more), watch, engine=engine)
    if choice.status == "infeasible":
        return _none("unknown")
    proven = choice.cost <= short.bound + _TOLERANCE
    return replace(choice, status="optimal" if proven else "feasible", bound=min(short.bound, choice.cost))


def choice_of(task: CoverTask, left: Reduced, found: Solution) -> Choice:
    """A solver's answer in the numbers of the task."""
    if found.status in ("infeasible", "unknown"):
        return _none(found.status)
    chosen = left.columns[found.values[: len(left.columns)] > 0.5]
    whole = bool((task.cost == np.rint(task.cost)).all())
    cost = float(task.cost[chosen].sum())
    bound = np.ceil(found.bound - 1e-6) if whole else found.bound
    return Choice(status=found.status, chosen=chosen, cost=cost, bound=float(min(bound, cost)))


def _none(status: str) -> Choice:
    known: Literal["infeasible", "unknown"] = "infeasible" if status == "infeasible" else "unknown"
    return Choice(status=known, chosen=np.empty(0, np.int64), cost=np.inf, bound=-np.inf)
