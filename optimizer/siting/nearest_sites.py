"""Each row's nearest free sites in order, and what follows from them: totals and Benders cuts."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, TypeVar

import numpy as np

from optimizer.problem import Bools, Floats, Int64s, Lists
from optimizer.siting.median_problem import MedianProblem
from optimizer.solver import PROVEN_GAP

_WHOLE_LISTS = 3_000_000
"""Entries up to which every row lists all of its sites."""
_BLOCK, _PART = 50_000, 125_000
"""Rows looked at together, and rows from which on parts are worked on side by side."""
_EXACT = 2.0**53

Done = TypeVar("Done")


def kernel(file: str, name: str) -> Any:
    """A compiled loop, imported when it is needed; untyped, since its arguments are spread from tuples."""
    return getattr(import_module(f"optimizer._kernels.{file}"), name)


def by_parts(work: Callable[[slice], Done], rows: int) -> list[Done]:
    """What ``work`` makes of parts of the rows, side by side, in their order.

    The parts hang on the number of rows alone: sums over them are the same on any number of processors.
    """
    parts = [slice(start, min(rows, start + _PART)) for start in range(0, max(1, rows), _PART)]
    if len(parts) < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        return list(threads.map(work, parts))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NearestSites:
    """Rows with the sites that may serve them; ``n`` rows, ``f`` free sites numbered from 0.

    Parameters
    ----------
    cost, columns
        The problem's costs, shape (n, m), and the free sites among its columns, shape (f,).
    cap
        What a row costs at most: with fixed sites, what the nearest of these gives; without, the longest it
        can get, or for a row that some free site cannot serve more than any plan that serves all, shape (n,).
    within
        The most it costs in a plan that serves all, shape (n,).
    site, value, count
        The k nearest sites below the cap, ascending, their costs, and how many are below it; shapes (n, k),
        (n, k) and (n,).
    group, groups
        Group of each row, shape (n,), and how many: rows of a group share one cost variable.
    whole
        Whether every total is a whole number.
    """

    cost: np.ndarray
    columns: Lists
    weight: Floats
    cap: Floats
    within: Floats
    site: np.ndarray
    value: np.ndarray
    count: np.ndarray
    group: Int64s
    groups: int
    whole: bool

    @property
    def free_sites(self) -> int:
        """Number of free sites."""
        return len(self.columns)

    def nearest(self, chosen: Int64s) -> Floats:
        """Cost per unit of weight of each row with these sites open, shape (n,)."""
        nearest_open = kernel("nearest", "nearest_open")
        out = np.empty(len(self.cap))
        flag = np.zeros(self.free_sites, np.bool_)
        flag[chosen] = True
        by_parts(lambda part: nearest_open(*self.lists(part), flag, chosen, out[part]), len(out))
        return out

    def lists(self, part: slice) -> tuple[np.ndarray, ...]:
        """Costs, columns, caps, and the nearest sites of some rows, as compiled loops take them."""
        return (
            self.cost[part],
            self.columns,
            self.cap[part],
            self.site[part],
            self.value[part],
            self.count[part],
        )

    def total(self, chosen: Int64s) -> float:
        """Weighted cost of all rows with these sites open."""
        return _summed(self.weight, self.nearest(chosen))

    def cuts(self, x: Floats) -> tuple[Floats, Floats]:
        """Benders cuts at ``x`` by group: theta >= constant - slope x; shapes (g, f) and (g,)."""
        cut_sums = kernel("nearest", "cut_sums")

        def sums(part: slice) -> tuple[Floats, Floats]:
            slope, constant = np.zeros((self.groups, self.free_sites)), np.zeros(self.groups)
            own = (self.within[part], self.weight[part], self.group[part])
            cut_sums(*self.lists(part), *own, x, slope, constant)
            return slope, constant

        slopes, constants = zip(*by_parts(sums, len(self.cap)), strict=True)
        return np.sum(slopes, axis=0), np.sum(constants, axis=0)

    def slack(self, total: float) -> float:
        """Distance of bound and total that counts as proven: under one unit, or the solvers' tolerance."""
        return max(0.999 if self.whole else 0.0, PROVEN_GAP * abs(total))

    def grouped(self, chosen: Int64s, groups: int) -> "NearestSites":
        """The same rows in other groups: by nearest site, those of one open site together."""
        near = np.where(self.count > 0, self.site[:, 0], 0)
        rank = np.full(self.free_sites, len(chosen))
        rank[chosen] = np.arange(len(chosen))
        home = np.full(self.free_sites, len(chosen))
        listed = np.arange(self.site.shape[1])[None, :] < self.count[:, None]
        first = np.unique(near, return_index=True)
        for site, row in zip(*first, strict=True):
            homes = rank[self.site[row][listed[row]]]
            inside = homes[homes < len(chosen)]
            home[site] = inside[0] if len(inside) else len(chosen)
        by_home = np.lexsort((np.arange(self.free_sites), home))
        weight = np.bincount(near, weights=np.ones(len(near)), minlength=self.free_sites)[by_home]
        part = np.empty(self.free_sites, np.int64)
        part[by_home] = np.minimum(groups - 1, (weight.cumsum() - weight / 2) / weight.sum() * groups)
        used, group = np.unique(part[near], return_inverse=True)
        return replace(self, group=group.astype(np.int64), groups=len(used))

    def sample(self, rows: Int64s, weight: Floats) -> "NearestSites":
        """Some of the rows, with other weights."""
        return replace(
            self,
            cost=self.cost[rows],
            weight=weight,
            cap=self.cap[rows],
            within=self.within[rows],
            site=self.site[rows],
            value=self.value[rows],
            count=self.count[rows],
            group=self.group[rows],
            whole=False,
        )


def nearest_sites(
    problem: MedianProblem, rows: Int64s | None = None, *, listed: int | None = None
) -> NearestSites:
    """List the free sites of all rows, or of some, ``listed`` at most for each; one group as yet."""
    from optimizer._kernels.nearest import nearest_lists

    cost = problem.cost if rows is None else problem.cost[rows]
    weight = np.asarray(problem.weight if rows is None else problem.weight[rows], float)
    n, f = len(cost), len(problem.free)
    columns = problem.free.astype(np.uint32)
    unserved = np.full(n, np.inf) if problem.unserved is None else problem.unserved
    cap, within, whole = _limits(problem, cost, weight, unserved if rows is None else unserved[rows])
    few = f if n * f <= _WHOLE_LISTS else min(f, max(32, 4 * f // max(1, problem.may_open)))
    k = few if listed is None else min(f, listed)
    site, value = np.zeros((n, k), np.uint32), np.zeros((n, k), cost.dtype)
    count = np.zeros(n, np.int32)
    by_parts(lambda p: nearest_lists(cost[p], columns, cap[p], site[p], value[p], count[p]), n)
    return NearestSites(
        cost=cost,
        columns=columns,
        weight=weight,
        cap=cap,
        within=within,
        site=site,
        value=value,
        count=count,
        group=np.zeros(n, np.int64),
        groups=1,
        whole=whole,
    )


def _limits(
    problem: MedianProblem, cost: np.ndarray, weight: Floats, unserved: Floats
) -> tuple[Floats, Floats, bool]:
    """Cap and longest cost of each row, and whether all of it is whole numbers; in blocks of rows."""
    n = len(cost)
    cap, within = np.empty(n), np.empty(n)
    lacking: Bools = np.zeros(n, np.bool_)
    whole = bool((weight == np.rint(weight)).all())
    fixed = np.flatnonzero(problem.fixed)
    for start in range(0, n, _BLOCK):
        part = slice(start, min(n, start + _BLOCK))
        block = cost[part]
        by_fixed = unserved[part]
        if len(fixed):
            by_fixed = np.minimum(by_fixed, block[:, fixed].min(axis=1))
        finite = np.isfinite(block) if block.dtype.kind == "f" else np.ones(block.shape, np.bool_)
        farthest = block.max(axis=1, initial=0.0, where=finite).astype(float)
        lacking[part] = np.isinf(by_fixed) & ~finite.all(axis=1)
        within[part] = np.where(np.isinf(by_fixed), farthest, by_fixed)
        cap[part] = within[part]
        whole = whole and _is_whole(within[part], np.ones(len(block), np.bool_))
        whole = whole and (block.dtype.kind in "iu" or _is_whole(block, finite))
    dear = 1.0 + _summed(weight, within)  # leaving one row out costs more than any plan
    cap[lacking] = np.ceil(dear / np.maximum(weight[lacking], 1e-9)) + within[lacking]
    whole = whole and _summed(weight, within) < _EXACT
    opening = np.zeros(1) if problem.opening is None else problem.opening
    return cap, within, whole and bool((opening == np.rint(opening)).all())


def _summed(weight: Floats, amount: Floats) -> float:
    """The weighted sum: without BLAS, whose sums hang on how many threads it has."""
    return float((weight * amount).sum())


def _is_whole(block: np.ndarray, finite: Bools) -> bool:
    return bool((~finite | (block == np.rint(block))).all())
