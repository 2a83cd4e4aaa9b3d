"""The p-median's costs: times capped at what fixed sites give, in groups, with closed-form Benders cuts."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Floats, Int64s, SitingProblem
from optimizer.siting.cover_sets import cover_sets, least_sets
from optimizer.solver import PROVEN_GAP

_GROUPS = 60
"""Most client groups with a cost variable of their own: finer groups need more rows, coarser more rounds."""
_EPS = 1e-9
_WHOLE = 0.999


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedianCosts:
    """Times of the free sites, capped at what fixed sites give; rows sorted by group.

    ``time`` (n, f) and ``cap`` (n,) in deciseconds, ``within`` the longest time a row can get in a plan that
    serves all (n,), ``people`` (n,), ``start`` of each group (k,), ``must``
    groups of rows that only free sites reach (r, f), ``order`` the sites of each row by time (n, f).
    """

    time: Floats
    cap: Floats
    within: Floats
    people: Floats
    start: Int64s
    must: Bools
    order: Int64s
    near: int
    p: int

    def total(self, chosen: Int64s) -> int:
        """Person-deciseconds with these free sites open."""
        nearest = np.minimum(self.cap, self.time[:, chosen].min(axis=1, initial=np.inf))
        return int(self.people @ nearest)

    def slack(self, total: float) -> float:
        """Distance of bound and total that counts as proven: under one unit, or the solvers' tolerance."""
        return max(_WHOLE, PROVEN_GAP * total)

    def cuts(self, x: Floats) -> tuple[Floats, Floats]:
        """Benders cuts at x by group: theta >= constant - slope x; shapes (k, f) and (k,)."""
        critical = self._critical(x)
        saved = np.maximum(0.0, critical[:, None] - self.time) * self.people[:, None]
        return np.add.reduceat(saved, self.start), np.add.reduceat(critical * self.people, self.start)

    def _critical(self, x: Floats) -> Floats:
        """Time at which the sites of a row, nearest first, make up one whole."""
        out = self._within(x, np.arange(len(self.cap)), self.near)
        if self.near < self.time.shape[1]:
            rest = np.flatnonzero(np.isinf(out))
            out[rest] = self._within(x, rest, self.time.shape[1])
        return np.minimum(out, self.within)

    def _within(self, x: Floats, rows: Int64s, near: int) -> Floats:
        order = self.order[rows, :near]
        whole = np.cumsum(x[order], axis=1) >= 1 - _EPS
        first = whole.argmax(axis=1)
        site = order[np.arange(len(rows)), first]
        return np.where(whole[np.arange(len(rows)), first], self.time[rows, site], np.inf)


def median_costs(problem: SitingProblem, kept: Bools) -> MedianCosts:
    """The free sites' times at the rows of ``kept``, capped, grouped and sorted."""
    free, p = problem.free, problem.may_open
    times = problem.response_ds[np.ix_(kept, free)].astype(float)
    by_fixed = problem.response_ds[np.ix_(kept, problem.fixed)].min(axis=1, initial=NEVER_DS)
    stranded = by_fixed >= NEVER_DS
    reach = times < NEVER_DS
    farthest = np.where(reach, times, 0.0).max(axis=1, initial=0.0)
    people = problem.people[kept]
    dear = 1.0 + float(people.sum()) * farthest.max(
        initial=0.0
    )  # leaving one row out costs more than any plan
    cap = np.where(stranded, dear, by_fixed.astype(float))
    times = np.minimum(times, cap[:, None])
    must = cover_sets(reach[stranded], np.ones(int(stranded.sum()), np.int64)).covers
    groups = max(1, min(_GROUPS, 4 * p, max(1, len(free))))
    nearest = times.argmin(axis=1) if len(free) else np.zeros(len(times), np.int64)
    group = nearest * groups // max(1, len(free))
    by_group = np.argsort(group, kind="stable")
    times = np.ascontiguousarray(times[by_group])
    return MedianCosts(
        time=times,
        cap=cap[by_group],
        within=np.where(stranded, farthest, cap)[by_group],
        people=people[by_group].astype(float),
        start=np.flatnonzero(np.diff(group[by_group], prepend=-1)),
        must=must[least_sets(must)],
        order=np.argsort(times, axis=1, kind="stable"),
        near=min(len(free), max(16, 4 * len(free) // max(1, p))),
        p=p,
    )
