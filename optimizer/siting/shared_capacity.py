"""Serving rows from sites that can serve only so many: a row may be shared between sites."""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.siting.keeping import keeping
from optimizer.siting.least_total import lacking, least_total
from optimizer.siting.median_problem import MedianAnswer, MedianProblem
from optimizer.siting.shared_prices import Priced
from optimizer.solver import Solution, solve
from optimizer.watch import Watch

_ROUNDING = 1e-6
_SMALL = 20_000
_MEDIUM = 200_000
"""Rows times sites up to which the whole program is tried at once, and after sites are excluded."""
_INFEASIBLE = MedianAnswer(status="infeasible", chosen=(), total=np.inf, bound=np.inf)

Part = tuple[int, int, float]


def least_shared_total(
    problem: MedianProblem, capacity: Floats, *, load: Floats | None = None, watch: Watch | None = None
) -> MedianAnswer:
    """Open sites and share the rows among them so that the weighted cost and that of opening is least.

    min sum_j f_j x_j + sum_ij a_i c_ij z_ij,  sum_j z_ij = 1,  sum_i d_i z_ij <= s_j x_j,  0 <= z_ij <= x_j,
    sum_j x_j <= p, rules, shares,  x binary: capacitated facility location with divided demand, Sridharan
    (1995), doi:10.1016/0377-2217(95)00042-O. ``capacity`` is s_j, shape (m,); ``load`` is d_i, shape (n,),
    the weights where not given.

    First without capacities: where nobody is crowded in that answer it stands. Otherwise as one program,
    where that is small enough; before, and else alone, prices of the capacities (``shared_prices``) give a
    plan, a bound and sites that no better plan opens.
    """
    watch = watch or Watch()
    load = problem.weight if load is None else load
    if problem.unserved is None and not load.sum() <= capacity.sum() * (1 + _ROUNDING):
        return _INFEASIBLE
    roomy = least_total(problem, watch=watch)
    if roomy.status == "infeasible":
        return roomy
    if roomy.status == "optimal":
        parts = nearest_parts(problem, capacity, load, roomy.chosen)
        if parts is not None:
            return replace(roomy, shared=parts)
    return _crowded(problem, capacity, load, roomy, watch)


def _crowded(
    problem: MedianProblem, capacity: Floats, load: Floats, roomy: MedianAnswer, watch: Watch
) -> MedianAnswer:
    if problem.cost.size <= _SMALL:
        return _Shared(problem, capacity, load).answer(roomy.bound, watch)
    priced = Priced(problem, capacity, load)
    priced.search(roomy, watch)
    best = priced.best
    if priced.proven:
        return replace(best, status="optimal", bound=min(best.total, priced.bound))
    kept = np.flatnonzero(~priced.closed)
    if best.status == "infeasible" or len(problem.cost) * len(kept) <= _MEDIUM:
        found = _Shared(_among(problem, kept), capacity[kept], load).answer(priced.bound, watch)
        if found.status in ("optimal", "infeasible") or found.total < best.total:
            return _renumbered(found, kept, best, priced.bound)
    if best.status == "infeasible":
        return MedianAnswer(
            status="cancelled",
            chosen=(),
            total=np.inf,
            bound=priced.bound,
            stopped_by=watch.stopped_by or "time",
        )
    return replace(best, bound=min(best.total, priced.bound), stopped_by=watch.stopped_by)


def _among(problem: MedianProblem, kept: Int64s) -> MedianProblem:
    """The problem with only these sites."""
    return replace(
        problem,
        cost=problem.cost[:, kept],
        fixed=problem.fixed[kept],
        opening=None if problem.opening is None else problem.opening[kept],
        rules=tuple(rule.among(kept) for rule in problem.rules),
        shares=tuple(replace(share, covers=share.covers[:, kept]) for share in problem.shares),
    )


def _renumbered(found: MedianAnswer, kept: Int64s, best: MedianAnswer, bound: float) -> MedianAnswer:
    """The answer among the kept sites in the numbers of all, or the earlier plan where that is as good."""
    if found.status == "infeasible" or found.total >= best.total:
        proven = found.status in ("infeasible", "optimal") and best.status != "infeasible"
        return replace(best, status="optimal", bound=best.total) if proven else found
    return replace(
        found,
        chosen=tuple(kept[list(found.chosen)].tolist()),
        bound=max(found.bound, min(bound, found.total)),
        shared=tuple((row, int(kept[site]), part) for row, site, part in found.shared),
    )


def nearest_parts(
    problem: MedianProblem, capacity: Floats, load: Floats, chosen: tuple[int, ...]
) -> tuple[Part, ...] | None:
    """Every row served whole by the site where it costs least, or ``None`` where that crowds a site.

    A row that costs no more unserved has no part.
    """
    opened = np.array(chosen, np.int64)
    if not len(opened) or not len(load):
        return ()
    cost = problem.cost[:, opened]
    home = opened[cost.argmin(axis=1)]
    served = cost.min(axis=1) < (np.inf if problem.unserved is None else problem.unserved)
    crowd = np.bincount(home[served], weights=load[served], minlength=len(capacity))
    if (crowd > capacity * (1 + 1e-12)).any():
        return None
    return tuple((row, site, 1.0) for row, site in enumerate(home.tolist()) if served[row])


@dataclass(slots=True, eq=False)
class _Shared:
    """The whole program: sites first, then a variable for each row and site that can serve it."""

    problem: MedianProblem
    capacity: Floats
    load: Floats

    def answer(self, bound: float, watch: Watch) -> MedianAnswer:
        worthwhile = np.isfinite(self.problem.cost)
        if self.problem.unserved is not None:
            worthwhile &= self.problem.cost < self.problem.unserved[:, None]
        row, site = np.nonzero(worthwhile)
        found = solve(self._program(row, site), limit_s=watch.left_s)
        if found.status == "infeasible":
            return _INFEASIBLE
        unserved = (
            0.0 if self.problem.unserved is None else float(self.problem.weight @ self.problem.unserved)
        )
        bound = max(bound, found.bound + unserved)
        if found.status == "unknown":
            return MedianAnswer(status="cancelled", chosen=(), total=np.inf, bound=bound, stopped_by="time")
        return self._read(found, row, site, bound)

    def _read(self, found: Solution, row: Int64s, site: Int64s, bound: float) -> MedianAnswer:
        m = len(self.problem.fixed)
        opened = np.flatnonzero(self.problem.fixed | (found.values[:m] > 0.5))
        part = found.values[m : m + len(row)]
        used = part > _ROUNDING
        opening = np.zeros(m) if self.problem.opening is None else self.problem.opening
        cost = self.problem.weight[row[used]] * self.problem.cost[row[used], site[used]]
        total = float(opening[opened].sum() + part[used] @ cost)
        if self.problem.unserved is not None:
            left = 1.0 - np.bincount(row[used], weights=part[used], minlength=len(self.load))
            total += float((self.problem.weight * self.problem.unserved) @ left)
        proven = found.status == "optimal"
        return MedianAnswer(
            status="optimal" if proven else "feasible",
            chosen=tuple(opened.tolist()),
            total=total,
            bound=min(bound, total),
            shared=tuple(zip(row[used].tolist(), site[used].tolist(), part[used].tolist(), strict=True)),
            stopped_by=None if proven else "time",
        )

    def _program(self, row: Int64s, site: Int64s) -> Program:
        problem, n, m = self.problem, len(self.problem.weight), len(self.problem.fixed)
        rows = Rows()
        pair, one = np.arange(len(row)), np.ones(len(row))
        rows.add(n, row, m + pair, one, lower=1.0 if problem.unserved is None else 0.0, upper=1.0)
        unit = max(1e-9, float(self.load.max(initial=0.0)))
        rows.add(
            m,
            np.concatenate([site, np.arange(m)]),
            np.concatenate([m + pair, np.arange(m)]),
            np.concatenate([self.load[row], -self.capacity]) / unit,
            lower=-np.inf,
            upper=0.0,
        )
        both = np.concatenate([pair, pair])
        rows.add(
            len(row),
            both,
            np.concatenate([m + pair, site]),
            np.concatenate([one, -one]),
            lower=-np.inf,
            upper=0.0,
        )
        size = keeping(problem, lacking(problem)).add_to(rows, problem.free, m + len(row))
        opening = np.zeros(m) if problem.opening is None else problem.opening
        more = size - m - len(row)
        saved = np.zeros(n) if problem.unserved is None else problem.unserved
        serve = problem.weight[row] * (problem.cost[row, site] - saved[row])
        return rows.program(
            np.concatenate([opening, serve, np.zeros(more)]),
            lower=np.concatenate([problem.fixed.astype(float), np.zeros(len(row) + more)]),
            upper=np.ones(size),
            integer=np.arange(size) < m,
        )
