"""Weighted mix: people left uncovered, mean response and longest response in one measure."""

import heapq
from dataclasses import dataclass, field, replace

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Int64s, SitingAnswer, SitingProblem
from optimizer.siting.least_total import least_total
from optimizer.siting.median import median_of, serving_all
from optimizer.siting.median_problem import MedianAnswer, MedianProblem
from optimizer.solver import PROVEN_GAP
from optimizer.watch import Watch


def weighted_mix(
    problem: SitingProblem,
    *,
    uncovered: float = 0.0,
    mean: float = 0.0,
    worst: float = 0.0,
    per_s: float = 600.0,
    watch: Watch | None = None,
) -> SitingAnswer:
    """Choose at most ``places`` sites so that a weighted sum of three measures is least.

    min u U/A + (v sum_i a_i t_i / A + w max_i t_i) / per_s,  t_i = min_{j open} d_ij,
    U = sum of a_i with t_i > limit,  A = sum of a_i;  sum_j x_j <= p,  rules, floors,  x binary.

    The first two parts are a median, whose cost of a row at a site is both together: each grows with the
    time, so that the nearest site is best for both. The longest response enters by its limit: with times
    above R forbidden the median M(R) is a bound for all plans whose longest response is at most R: plans
    with a longest response in (L, R] reach at best M(R) + w next(L) / per_s. Ranges are halved, the one
    with the lowest bound first, until none can be better than the best plan (after the epsilon-constraint
    method, Haimes, Lasdon & Wismer 1971, doi:10.1109/TSMC.1971.4308298).

    ``objective`` and ``bound`` have no unit. Rows without people do not count; rows that no site reaches are
    left out, of A too, and named in ``unmet``. Everybody else has to be reached, as in the p-median; when no
    choice does so the question is infeasible and ``unmet`` names rows that the best choice does not reach.

    Parameters
    ----------
    uncovered, mean, worst
        Weights u, v, w, >= 0, not all 0.
    per_s
        Seconds of mean or longest response that count as much as all people uncovered, > 0.

    Raises
    ------
    ValueError
        For weights that are negative or all 0, and for capacities, with which the nearest site is not always
        the one that serves.
    """
    if min(uncovered, mean, worst) < 0 or max(uncovered, mean, worst) <= 0 or not per_s > 0:
        raise ValueError("weights: want numbers >= 0, one above 0, and per_s above 0")
    if problem.capacity is not None:
        raise ValueError("capacity: a weighted mix cannot be asked with capacities")
    watch = watch or Watch()
    reached = (problem.response_ds < NEVER_DS).any(axis=1)
    kept: Bools = np.asarray(reached & (problem.people > 0))
    ds = problem.response_ds[kept]
    late = ds > problem.limit_ds[kept][:, None]
    median = median_of(problem, kept, uncovered * late + mean * (ds / 10) / per_s)
    people = max(1.0, float(median.weight.sum()))
    ranges = _Ranges(median, ds, people * worst / (10 * per_s), watch)
    found = ranges.answer()
    if found.status == "infeasible":
        unmet, _ = serving_all(problem, kept, watch)
    else:
        unmet = tuple(np.flatnonzero(~reached).tolist())
    planned = found.status in ("optimal", "feasible")
    return SitingAnswer(
        question="mix",
        status=found.status,
        chosen=found.chosen,
        objective=found.total / people if planned else None,
        bound=found.bound / people if planned else None,
        unmet=unmet,
        stopped_by=found.stopped_by,
    )


@dataclass(order=True, slots=True)
class _Range:
    """Plans whose longest response is one of ``times[first : last + 1]``; ``below`` is what M(R) proves."""

    bound: float
    first: int
    last: int
    below: float = field(compare=False)


class _Ranges:
    """Ranges of the longest response, bounded by medians; ``per_ds`` is what a decisecond of it costs."""

    def __init__(self, median: MedianProblem, ds: Int64s, per_ds: float, watch: Watch) -> None:
        self.median, self.ds, self.per_ds, self.watch = median, ds, per_ds, watch
        nearest = ds.min(axis=1, initial=NEVER_DS)
        times = np.unique(ds[ds < NEVER_DS])
        self.times = times[times >= nearest.max(initial=0)] if len(times) else np.zeros(1, np.int64)
        self.best = MedianAnswer(status="infeasible", chosen=(), total=np.inf, bound=np.inf)
        self.closed = np.inf
        self.known: dict[tuple[int, ...], int] = {}

    def answer(self) -> MedianAnswer:
        """The best plan with its bound."""
        last = len(self.times) - 1
        waiting: list[_Range] = []
        stopped = self._solve(_Range(-np.inf, 0, last, -np.inf), waiting)
        while waiting and not stopped and not self._beaten(waiting[0].bound):
            self.watch.tell("weighted mix", 0.5, waiting[0].bound, self.best.total)
            part = heapq.heappop(waiting)
            stopped = self.watch.stopped_by
            if stopped:
                heapq.heappush(waiting, part)
                break
            middle = (part.first + part.last) // 2
            if middle < part.last:
                self._push(waiting, middle + 1, part.last, part.below)
            stopped = self._solve(_Range(part.bound, part.first, middle, part.below), waiting)
        bound = min([self.closed, *(part.bound for part in waiting)])
        return self._said(bound, stopped)

    def _solve(self, part: _Range, waiting: list[_Range]) -> str | None:
        """Answer the median at the end of a range; what is left of it goes back; why it stopped early."""
        limit = int(self.times[part.last])
        found = self._median(limit, self.best.total - self.per_ds * float(self.times[part.first]))
        if found.status == "infeasible":
            return None
        if found.status == "cancelled":
            self._push(waiting, part.first, part.last, part.below)
            return found.stopped_by
        longest = self.known[found.chosen] = self._longest(found.chosen)
        total = found.total + self.per_ds * longest
        if total < self.best.total:
            self.best = replace(found, total=total)
        below = max(part.below, found.bound)
        if found.status != "optimal":  # out of time, or the range is beaten as a whole
            self._push(waiting, part.first, part.last, below)
            return found.stopped_by
        self.closed = min(self.closed, below + self.per_ds * longest)
        rest = int(np.searchsorted(self.times, longest)) - 1
        if self.per_ds > 0 and rest >= part.first:
            self._push(waiting, part.first, rest, below)
        return found.stopped_by

    def _median(self, limit_ds: int, enough: float) -> MedianAnswer:
        if self.per_ds == 0:
            return least_total(self.median, watch=self.watch)
        cost = np.where(self.ds <= limit_ds, self.median.cost, np.inf)
        known = next((plan for plan, longest in self.known.items() if longest <= limit_ds), None)
        return least_total(replace(self.median, cost=cost), enough=enough, known=known, watch=self.watch)

    def _push(self, waiting: list[_Range], first: int, last: int, below: float) -> None:
        bound = below + self.per_ds * float(self.times[first])
        heapq.heappush(waiting, _Range(bound, first, last, below))

    def _longest(self, chosen: tuple[int, ...]) -> int:
        return int(self.ds[:, list(chosen)].min(axis=1, initial=NEVER_DS).max(initial=0))

    def _beaten(self, bound: float) -> bool:
        return self.best.total - bound <= PROVEN_GAP * self.best.total

    def _said(self, bound: float, stopped: str | None) -> MedianAnswer:
        if not np.isfinite(self.best.total):
            if stopped:
                return replace(self.best, status="cancelled", bound=-np.inf, stopped_by=stopped)
            return self.best
        bound = min(bound, self.best.total)
        proven = self._beaten(bound)
        return replace(
            self.best,
            status="optimal" if proven else "feasible",
            bound=bound,
            whole=False,
            stopped_by=None if proven else stopped,
        )
