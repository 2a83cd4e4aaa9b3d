"""p-center: open p sites so that the last person waits least."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Int64s, SitingAnswer, SitingProblem
from optimizer.program import Rows
from optimizer.siting.cover_sets import cover_sets, least_sets, useful_sites
from optimizer.siting.median import serving_all
from optimizer.solver import solve
from optimizer.watch import Watch


def p_center(problem: SitingProblem, *, watch: Watch | None = None) -> SitingAnswer:
    """Choose at most ``places`` sites so that the longest response is least (p-center).

    min max_i min_{j open} d_ij,  sum_j x_j <= p,  x binary; Hakimi (1964), doi:10.1287/opre.12.3.450. By
    bisection over the distinct times with a set-covering question at each (Minieka 1970,
    doi:10.1137/1012016): first with its linear bound, which is cheap and settles most, then exactly.

    ``objective`` and ``bound`` are seconds. All rows count, whatever their weight. Rows that no site reaches
    are left out and named in ``unmet``; when no choice reaches all others the question is infeasible and
    ``unmet`` names rows that the best choice does not reach.
    """
    watch = watch or Watch()
    reached: Bools = np.asarray((problem.response_ds < NEVER_DS).any(axis=1))
    unmet = tuple(np.flatnonzero(~reached).tolist())
    stranded, start = serving_all(problem, reached, watch)
    if stranded:
        return SitingAnswer(
            question="p_center", status="infeasible", chosen=(), objective=None, bound=None, unmet=stranded
        )
    radius = _Radius(
        free=problem.response_ds[np.ix_(reached, ~problem.fixed)],
        fixed=problem.response_ds[np.ix_(reached, problem.fixed)].min(axis=1, initial=NEVER_DS),
        p=problem.may_open,
    )
    first = np.flatnonzero(np.isin(problem.free, start))
    chosen, bound, stopped_by = _bisect(radius, first, watch)
    longest = radius.longest(chosen)
    opened = np.concatenate([np.flatnonzero(problem.fixed), problem.free[chosen]])
    return SitingAnswer(
        question="p_center",
        status="optimal" if bound >= longest else "feasible",
        chosen=tuple(np.sort(opened).tolist()),
        objective=longest / 10,
        bound=min(bound, longest) / 10,
        unmet=unmet,
        stopped_by=stopped_by,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Radius:
    """Times of free sites (n, f) and of the nearest fixed site (n,), ds; p free sites may open."""

    free: Int64s
    fixed: Int64s
    p: int

    def longest(self, chosen: Int64s) -> int:
        """Longest response with these free sites open, ds."""
        nearest = np.minimum(self.fixed, self.free[:, chosen].min(axis=1, initial=NEVER_DS))
        return int(nearest.max(initial=0))

    def needs(self, radius_ds: int) -> Bools:
        """Cover sets that free sites must meet so that nobody waits longer, least ones only."""
        rows = self.free[self.fixed > radius_ds] <= radius_ds
        sets = cover_sets(rows, np.ones(len(rows), np.int64)).covers
        return sets[least_sets(sets)]

    def least_possible(self) -> int:
        """No choice does better: every site open, ds."""
        nearest = np.minimum(self.fixed, self.free.min(axis=1, initial=NEVER_DS))
        return int(nearest.max(initial=0))


def _bisect(radius: _Radius, first: Int64s, watch: Watch) -> tuple[Int64s, int, str | None]:
    """Best choice of free sites, proven bound in ds, and why the search stopped early.

    ``first`` are free sites that serve all rows somehow.
    """
    low = radius.least_possible()
    chosen = min(_farthest_first(radius), first, key=radius.longest)
    high = radius.longest(chosen)
    values = np.unique(np.concatenate([radius.free.ravel(), radius.fixed]))
    for exact in (False, True):
        top = high
        while len(below := values[(values >= low) & (values < top)]):
            watch.tell("p-center", 0.9 if exact else 0.4, low / 10, high / 10)
            middle = int(below[len(below) // 2])
            possible, found = _coverable(radius, middle, exact=exact, watch=watch)
            if found is not None:
                chosen = found
                top = high = radius.longest(found)
            elif possible is None or watch.stopped_by:
                return chosen, low, watch.stopped_by or "time"
            elif possible:
                top = middle
            else:
                low = int(values[np.searchsorted(values, middle) + 1])
    return chosen, low, None


def _coverable(
    radius: _Radius, limit_ds: int, *, exact: bool, watch: Watch
) -> tuple[bool | None, Int64s | None]:
    """Whether p free sites can meet the limit (``None`` = time ran out), with a choice where one is known."""
    sets = radius.needs(limit_ds)
    if not sets.any(axis=1).all():
        return False, None
    chosen = _most_first(sets)
    if len(chosen) <= radius.p:
        return True, chosen
    sites = useful_sites(sets, np.ones(sets.shape[1]))
    rows = Rows()
    need, site = np.nonzero(sets[:, sites])
    rows.add(len(sets), need, site, np.ones(len(need)), lower=1.0, upper=np.inf)
    if exact:
        rows.add_one(np.arange(len(sites)), np.ones(len(sites)), lower=0.0, upper=float(radius.p))
    program = rows.program(np.ones(len(sites)), upper=np.ones(len(sites)), integer=np.full(len(sites), exact))
    found = solve(program, limit_s=watch.left_s, engine="highs" if exact else "glop", absolute_gap=0.999)
    if found.status == "infeasible":
        return False, None
    if found.status == "unknown":
        return None, None
    if exact:
        return True, sites[found.values > 0.5]
    return bool(found.bound <= radius.p + 1e-6), None


def _most_first(sets: Bools) -> Int64s:
    """Cover all groups: the site that covers most of the rest, again and again."""
    left = np.ones(len(sets), np.bool_)
    chosen: list[int] = []
    while left.any():
        j = int(sets[left].sum(axis=0).argmax())
        chosen.append(j)
        left &= ~sets[:, j]
    return np.array(sorted(chosen), np.int64)


def _farthest_first(radius: _Radius) -> Int64s:
    """A start: serve the row that waits longest from its nearest site, p times, if that reaches everybody."""
    now, chosen = radius.fixed.copy(), np.zeros(radius.free.shape[1], np.bool_)
    for _ in range(radius.p):
        if not len(now):
            break
        j = int(radius.free[int(now.argmax())].argmin())
        chosen[j] = True
        now = np.minimum(now, radius.free[:, j])
    return np.flatnonzero(chosen)
