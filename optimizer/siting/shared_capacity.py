"""Serving rows from sites that can serve only so many: people of a row may be shared between sites."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.siting.keeping import keeping
from optimizer.siting.least_total import lacking, least_total
from optimizer.siting.median_problem import MedianAnswer, MedianProblem
from optimizer.solver import Solution, solve
from optimizer.watch import Watch

_ROUNDING = 1e-6


def least_shared_total(
    problem: MedianProblem, capacity: Floats, *, watch: Watch | None = None
) -> MedianAnswer:
    """Open sites and share the rows among them so that the weighted cost and that of opening is least.

    min sum_j f_j x_j + sum_ij a_i c_ij z_ij,  sum_j z_ij = 1,  sum_i a_i z_ij <= b_j x_j,  0 <= z_ij <= x_j,
    sum_j x_j <= p, rules, shares,  x binary: capacitated facility location with divided demand, Sridharan
    (1995), doi:10.1016/0377-2217(95)00042-O; ``capacity`` is b_j, in the unit of the weights, shape (m,).

    First without capacities: where nobody is crowded in that answer it stands. Otherwise as one program.
    """
    watch = watch or Watch()
    if not problem.weight.sum() <= capacity.sum() * (1 + _ROUNDING):
        return MedianAnswer(status="infeasible", chosen=(), total=np.inf, bound=np.inf)
    roomy = least_total(problem, watch=watch)
    if roomy.status == "infeasible":
        return roomy
    if roomy.status == "optimal" and (parts := nearest_parts(problem, capacity, roomy.chosen)) is not None:
        return MedianAnswer(
            status="optimal",
            chosen=roomy.chosen,
            total=roomy.total,
            bound=roomy.bound,
            whole=roomy.whole,
            shared=parts,
        )
    return _Shared(problem, capacity).answer(roomy.bound, watch)


def nearest_parts(
    problem: MedianProblem, capacity: Floats, chosen: tuple[int, ...]
) -> tuple[tuple[int, int, float], ...] | None:
    """Every row served whole by the site where it costs least, or ``None`` where that crowds a site."""
    opened = np.array(chosen, np.int64)
    if not len(opened):
        return () if not len(problem.weight) else None
    home = opened[problem.cost[:, opened].argmin(axis=1)]
    load = np.bincount(home, weights=problem.weight, minlength=len(capacity))
    if (load > capacity * (1 + 1e-12)).any():
        return None
    return tuple(
        (row, int(site), float(a))
        for row, (site, a) in enumerate(zip(home, problem.weight, strict=True))
        if a
    )


@dataclass(slots=True, eq=False)
class _Shared:
    """The whole program: sites first, then a variable for each row and site that can serve it."""

    problem: MedianProblem
    capacity: Floats

    def answer(self, bound: float, watch: Watch) -> MedianAnswer:
        served = np.isfinite(self.problem.cost)
        row, site = np.nonzero(served)
        found = solve(self._program(row, site), limit_s=watch.left_s)
        if found.status == "infeasible":
            return MedianAnswer(status="infeasible", chosen=(), total=np.inf, bound=np.inf)
        if found.status == "unknown":
            return MedianAnswer(
                status="cancelled", chosen=(), total=np.inf, bound=max(bound, found.bound), stopped_by="time"
            )
        return self._read(found, row, site, max(bound, found.bound))

    def _read(self, found: Solution, row: Int64s, site: Int64s, bound: float) -> MedianAnswer:
        m = len(self.problem.fixed)
        opened = np.flatnonzero(self.problem.fixed | (found.values[:m] > 0.5))
        weight = self.problem.weight[row] * found.values[m : m + len(row)]
        used = weight > _ROUNDING * np.maximum(1.0, self.problem.weight[row])
        opening = np.zeros(m) if self.problem.opening is None else self.problem.opening
        total = float(opening[opened].sum() + weight @ self.problem.cost[row, site])
        proven = found.status == "optimal"
        return MedianAnswer(
            status="optimal" if proven else "feasible",
            chosen=tuple(opened.tolist()),
            total=total,
            bound=min(bound, total),
            shared=tuple(zip(row[used].tolist(), site[used].tolist(), weight[used].tolist(), strict=True)),
            stopped_by=None if proven else "time",
        )

    def _program(self, row: Int64s, site: Int64s) -> Program:
        problem, n, m = self.problem, len(self.problem.weight), len(self.problem.fixed)
        rows = Rows()
        pair = np.arange(len(row))
        rows.add(n, row, m + pair, np.ones(len(row)), lower=1.0, upper=1.0)
        unit = max(1.0, float(problem.weight.max(initial=0.0)))
        rows.add(
            m,
            np.concatenate([site, np.arange(m)]),
            np.concatenate([m + pair, np.arange(m)]),
            np.concatenate([problem.weight[row] / unit, -self.capacity / unit]),
            lower=-np.inf,
            upper=0.0,
        )
        rows.add(
            len(row),
            np.concatenate([pair, pair]),
            np.concatenate([m + pair, site]),
            np.concatenate([np.ones(len(row)), -np.ones(len(row))]),
            lower=-np.inf,
            upper=0.0,
        )
        columns = problem.free
        size = keeping(problem, lacking(problem)).add_to(rows, columns, m + len(row))
        opening = np.zeros(m) if problem.opening is None else problem.opening
        serve = problem.weight[row] * problem.cost[row, site]
        more = size - m - len(row)
        return rows.program(
            np.concatenate([opening, serve, np.zeros(more)]),
            lower=np.concatenate([problem.fixed.astype(float), np.zeros(len(row) + more)]),
            upper=np.ones(size),
            integer=np.arange(size) < m,
        )
