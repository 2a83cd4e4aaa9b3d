"""The p-median's linear relaxation by Benders cuts: bound, reduced costs and a point to round.

theta_k >= sum_{i in k} a_i (D_i - sum_j (D_i - d_ij)^+ x_j), where D_i is the cost at which the sites of row
i taken in order make up one whole: closed-form cuts of Duran-Mateluna, Ales & Elloumi (2023),
doi:10.1016/j.ejor.2022.09.012, summed over groups k of rows and separated half-way to an inner point
(Ben-Ameur & Neto 2007, Networks 49:1).
"""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.siting.keeping import Keeping
from optimizer.siting.nearest_sites import NearestSites
from optimizer.warm_program import WarmProgram, WarmSolution

_VIOLATED = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Bounded:
    """A lower limit of the total, and what each free site adds to it when open: ``reduced`` (f,)."""

    bound: float
    reduced: Floats


class Relaxation:
    """Benders master in linear form; grows by cuts, and its sites' limits move while a tree is searched."""

    def __init__(self, sites: NearestSites, keeping: Keeping, opening: Floats, total: float) -> None:
        self.sites, self.keeping, self.opening = sites, keeping, opening
        self.f, self.k = sites.free_sites, sites.groups
        self.unit = max(1e-9, total / self.k)
        self.least_seen = np.inf
        self._lines = _Lines(self.f)
        self._cuts = _Lines(self.f)
        self._theta = np.empty(0, np.int64)
        self._is_cut = np.empty(0, np.bool_)
        self._program = WarmProgram(
            np.concatenate([opening / self.unit, np.ones(self.k)]),
            lower=np.zeros(self.f + self.k),
            upper=np.concatenate([np.ones(self.f), np.full(self.k, np.inf)]),
        )
        self._add_lines(
            np.ones((1, self.f)), np.full(1, float(keeping.at_least)), np.full(1, float(keeping.places))
        )
        if len(keeping.lower):
            size = np.maximum(1e-9, np.abs(keeping.amount).max(axis=1, initial=0.0))
            self._add_lines(keeping.amount / size[:, None], keeping.lower / size, keeping.upper / size)

    @property
    def rows(self) -> int:
        """Number of cuts."""
        return len(self._theta)

    def limit(self, lower: Floats, upper: Floats) -> None:
        """Limits of the free sites, each 0 or 1, shape (f,)."""
        self._program.limit(
            np.concatenate([lower, np.zeros(self.k)]), np.concatenate([upper, np.full(self.k, np.inf)])
        )

    def solve(self, limit_s: float) -> WarmSolution:
        """Solve as it stands."""
        return self._program.solve(limit_s)

    def point(self, found: WarmSolution) -> tuple[Floats, Floats]:
        """The sites' values and the groups' costs of a solution."""
        return np.clip(found.values[: self.f], 0.0, 1.0), found.values[self.f :] * self.unit

    def separate(self, at: Floats, x: Floats | None = None, theta: Floats | None = None) -> int:
        """Add the cuts at a point that (x, theta) violates, or all; returns how many."""
        slope, constant = self.sites.cuts(at)
        self.least_seen = min(self.least_seen, float((constant - slope @ at).sum() + self.opening @ at))
        groups = np.arange(self.k)
        if x is not None and theta is not None:
            short = constant - slope @ x - theta
            groups = groups[short > _VIOLATED * np.maximum(self.unit, np.abs(theta))]
        if len(groups):
            self._add_cuts(groups, slope[groups], constant[groups])
        return len(groups)

    def separate_shares(self, x: Floats) -> int:
        """Add the rows of shares that a point violates; returns how many."""
        slope, least = self.keeping.share_cuts(x)
        if len(least):
            size = np.maximum(1e-9, slope.max(axis=1))
            self._add_lines(slope / size[:, None], least / size, np.full(len(least), np.inf))
        return len(least)

    def bounded(self, duals: Floats, lower: Floats, upper: Floats) -> Bounded:
        """Lagrangian bound from any multipliers, so that no solver tolerance enters it."""
        line, cut = duals[~self._is_cut], np.maximum(0.0, duals[self._is_cut])
        line = np.where(line > 0, np.where(np.isfinite(self._lines.lower), line, 0.0), line)
        line = np.where(line < 0, np.where(np.isfinite(self._lines.upper), line, 0.0), line)
        line[0] = 0.0  # the number of sites is kept exactly below
        cut = cut / np.maximum(1.0, np.bincount(self._theta, weights=cut, minlength=self.k))[self._theta]
        limits = np.where(line > 0, self._lines.lower, np.where(line < 0, self._lines.upper, 0.0))
        line_part = np.where(line != 0, line * np.where(np.isfinite(limits), limits, 0.0), 0.0).sum()
        reduced = self.opening - cut @ self._cuts.slope - (line * self.unit) @ self._lines.slope
        constant = float(cut @ self._cuts.lower + line_part * self.unit)
        return Bounded(constant + self._least(reduced, lower, upper), reduced)

    def _least(self, reduced: Floats, lower: Floats, upper: Floats) -> float:
        """Least sum of reduced costs over as many sites as may be open, within their limits."""
        open_already = lower > 0.5
        free = np.sort(reduced[~open_already & (upper > 0.5)])
        left = max(0, self.keeping.places - int(open_already.sum()))
        due = max(0, self.keeping.at_least - int(open_already.sum()))
        return float(reduced[open_already].sum() + free[:due].sum() + np.minimum(0.0, free[due:left]).sum())

    def _add_lines(self, slope: Floats, lower: Floats, upper: Floats) -> None:
        row, column = np.nonzero(slope)
        self._program.add(row, column, slope[row, column], row_lower=lower, row_upper=upper)
        self._lines.add(slope, lower, upper)
        self._is_cut = np.append(self._is_cut, np.zeros(len(lower), np.bool_))

    def _add_cuts(self, groups: Int64s, slope: Floats, constant: Floats) -> None:
        row, column = np.nonzero(slope)
        own = np.arange(len(groups))
        self._program.add(
            np.concatenate([row, own]),
            np.concatenate([column, self.f + groups]),
            np.concatenate([slope[row, column] / self.unit, np.ones(len(groups))]),
            row_lower=constant / self.unit,
            row_upper=np.full(len(groups), np.inf),
        )
        self._cuts.add(slope, constant, np.full(len(groups), np.inf))
        self._theta = np.append(self._theta, groups)
        self._is_cut = np.append(self._is_cut, np.ones(len(groups), np.bool_))

    def close(self) -> None:
        """Give the solver's memory back."""
        self._program.close()


def decided(
    found: Bounded, limit: float, lower: Floats, upper: Floats, keeping: Keeping
) -> tuple[Floats, Floats]:
    """Limits of the sites after dropping every choice whose total would pass ``limit``; shapes (f,).

    Opening a site beside the ``taken`` that make up the bound displaces the dearest of these, or nothing;
    closing one of them brings in the next, or nothing.
    """
    lower, upper = lower.copy(), upper.copy()
    already = int((lower > 0.5).sum())
    most, due = max(0, keeping.places - already), max(0, keeping.at_least - already)
    free = np.flatnonzero((lower < 0.5) & (upper > 0.5))
    order = free[np.argsort(found.reduced[free], kind="stable")]
    reduced = found.reduced[order]
    taken = min(len(order), max(due, min(most, int((reduced < 0).sum()))))
    if most == 0:
        upper[free] = 0.0
        return lower, upper
    dearest = reduced[taken - 1] if taken else 0.0
    displaced = dearest if taken == most else max(0.0, dearest)
    following = reduced[taken] if taken < len(order) else np.inf
    brought = following if taken <= due else min(0.0, following)
    upper[order[taken:][found.bound + reduced[taken:] - displaced > limit]] = 0.0
    lower[order[:taken][found.bound - reduced[:taken] + brought > limit]] = 1.0
    return lower, upper


class _Lines:
    """Rows ``lower <= slope x <= upper`` that grow, kept in one array each."""

    def __init__(self, f: int) -> None:
        self._slope, self._lower, self._upper = np.empty((64, f)), np.empty(64), np.empty(64)
        self._count = 0

    def add(self, slope: Floats, lower: Floats, upper: Floats) -> None:
        """Append rows."""
        last = self._count + len(lower)
        while last > len(self._lower):
            self._slope = np.concatenate([self._slope, np.empty_like(self._slope)])
            self._lower = np.concatenate([self._lower, np.empty_like(self._lower)])
            self._upper = np.concatenate([self._upper, np.empty_like(self._upper)])
        part = slice(self._count, last)
        self._slope[part], self._lower[part], self._upper[part] = slope, lower, upper
        self._count = last

    @property
    def slope(self) -> Floats:
        """Shape (rows, f)."""
        return self._slope[: self._count]

    @property
    def lower(self) -> Floats:
        """Shape (rows,)."""
        return self._lower[: self._count]

    @property
    def upper(self) -> Floats:
        """Shape (rows,)."""
        return self._upper[: self._count]
