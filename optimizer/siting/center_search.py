"""The search of the p-center: radii tried by bisection, each a set-covering question."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.siting.cover_bits import CoverRows, Words, words_for
from optimizer.siting.cover_quotas import Quotas, covered_by
from optimizer.siting.cover_task import CoverTask, Reduced, least_of, program_of, reduced
from optimizer.siting.rule_lines import RuleLines
from optimizer.solver import solve
from optimizer.watch import Watch

NEVER = 2**31 - 1
"""Time that stands for "no road" in 32-bit times."""

_MANY = 20_000
"""Rows beyond which those that never decide are left out once the radius is known roughly."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CenterTimes:
    """Times (n, m) in whole numbers, ``NEVER`` or more = no road; each row is reached by some site."""

    time: np.ndarray
    fixed: Bools
    places: int | None
    lines: RuleLines
    quotas: Quotas | None = None

    @property
    def free(self) -> Int64s:
        """Sites that may be chosen, ascending."""
        return np.flatnonzero(~self.fixed)

    @property
    def may_open(self) -> int:
        """How many of them at once."""
        free = int((~self.fixed).sum())
        return free if self.places is None else min(free, self.places - int(self.fixed.sum()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Free sites, the longest time with them (``None`` = no plan), and a proven bound of it."""

    chosen: Int64s
    radius: int | None
    bound: int
    stopped_by: str | None = None


def least_radius(times: CenterTimes, watch: Watch, *, many: int = _MANY) -> Found:
    """The choice whose longest time is least, by bisection; of more than ``many`` rows those that decide."""
    search = _Search(times)
    if not len(times.time):
        return search.any_choice(watch)
    if search.start() is None:
        found = search.any_choice(watch)
        if found.radius is None:
            return found
    search.bisect(watch, exact=False)
    if len(times.time) > many:
        search.leave_out()
    stopped_by = search.bisect(watch, exact=True)
    return Found(chosen=search.chosen, radius=search.high, bound=search.low, stopped_by=stopped_by)


class _Search:
    """Bracket of the least radius: ``low`` is proven, ``high`` is what ``chosen`` gives."""

    def __init__(self, times: CenterTimes) -> None:
        self.times = times
        self.rows = times.time
        self.low = int(times.time.min(axis=1).max(initial=0)) if len(times.time) else 0
        self.high = NEVER
        self.chosen: Int64s = np.empty(0, np.int64)

    def start(self) -> int | None:
        """The longest time of a quick choice, when it reaches everybody and keeps to all rules."""
        self._improve(_farthest_first(self.times))
        return self.high if self.high < NEVER else None

    def any_choice(self, watch: Watch) -> Found:
        """A choice that reaches everybody somehow; none when rules forbid all of them."""
        answer = self._exact(NEVER - 1, watch)
        if answer is None:
            stopped = watch.stopped_by or "time"
            return Found(chosen=self.chosen, radius=None, bound=self.low, stopped_by=stopped)
        if not answer:
            return Found(chosen=self.chosen, radius=None, bound=self.low)
        return Found(chosen=self.chosen, radius=self.high, bound=self.low)

    def bisect(self, watch: Watch, *, exact: bool) -> str | None:
        """Close the bracket as far as linear bounds can, or wholly; returns why it stopped early.

        An impossible radius costs much to prove, so after each the one just below the best choice is tried:
        where that is impossible too, it settles all between.
        """
        top, last = self.high, False
        while self.low < top:
            watch.tell("p-center", 0.9 if exact else 0.4, self.low / 10, self.high / 10)
            if watch.stopped_by:
                return watch.stopped_by
            middle = top - 1 if last else (self.low + top - 1) // 2
            possible = self._exact(middle, watch) if exact else self._linear(middle, watch)
            if possible is None:
                return watch.stopped_by or "time"
            if possible:
                top = min(middle, self.high)
            else:
                self.low = self._next_above(middle)
            if exact:
                top, last = self.high, not possible
        return None

    def _next_above(self, radius: int) -> int:
        from optimizer._kernels.dominance import next_above

        return min(int(next_above(self.rows, radius)), self.high)

    def _linear(self, radius: int, watch: Watch) -> bool | None:
        """Whether the relaxation allows a radius; good choices met on the way are kept."""
        task, left = self._task(radius)
        if left is None:
            return False
        if self._try(task, left, np.ones(len(left.columns))):
            return True
        found = solve(program_of(task, left, integer=False), limit_s=watch.left_s, engine="glop")
        if found.status == "infeasible":
            return False
        if found.status == "unknown":
            return None
        if found.objective > self.times.may_open + 1e-6:
            return False
        self._try(task, left, found.values[: len(left.columns)])
        return True

    def _exact(self, radius: int, watch: Watch) -> bool | None:
        """Whether some choice meets a radius; keeps it."""
        task, left = self._task(radius)
        if left is None:
            return False
        if self._try(task, left, np.ones(len(left.columns))):
            return True
        found = solve(
            program_of(task, left), limit_s=watch.left_s, engine="gscip", absolute_gap=0.999, cuts=False
        )  # cutting planes double the time of these proofs
        if found.status == "infeasible":
            return False
        if found.status == "unknown":
            return None
        self._improve(left.columns[found.values[: len(left.columns)] > 0.5])
        return True

    def _task(self, radius: int) -> tuple[CoverTask, Reduced | None]:
        """The sets that free sites must meet so that nobody waits longer."""
        times, covers = self.times, self._within(radius)
        musts = covers[~covered_by(covers, np.flatnonzero(times.fixed))]
        task = CoverTask(
            musts=musts,
            quotas=times.quotas,
            cost=np.ones(len(times.fixed)),
            free=times.free,
            lines=times.lines,
        )
        if times.quotas is not None and not times.quotas.met_by(times.free):
            return task, None
        return task, reduced(task)

    def _within(self, radius: int) -> Words:
        rows = CoverRows(len(self.times.fixed))
        rows.add_times(self.rows, np.full(len(self.rows), radius, self.rows.dtype), np.ones(len(self.rows)))
        return rows.groups().covers

    def _try(self, task: CoverTask, left: Reduced, worth: Floats) -> bool:
        """Greedy cover weighted by ``worth``; kept and ``True`` when it meets all that is asked."""
        if task.quotas is not None:
            return False
        chosen = left.columns[_most_first(left.musts, worth)]
        if not task.lines.kept(chosen):
            return False
        self._improve(chosen)
        return True

    def _improve(self, chosen: Int64s) -> None:
        """Keep a choice that is better than the best and allowed."""
        times = self.times
        if not times.lines.kept(chosen) or (times.quotas is not None and not times.quotas.met_by(chosen)):
            return
        opened = np.concatenate([np.flatnonzero(times.fixed), chosen])
        radius = int(times.time[:, opened].min(axis=1, initial=NEVER).max(initial=0))
        if radius < self.high:
            self.high, self.chosen = radius, np.sort(chosen)

    def leave_out(self) -> None:
        """Drop rows that another makes sure of at every radius of the bracket."""
        from optimizer._kernels.dominance import implied

        wide = _bits(self.rows, self.high)
        decide = least_of(wide)
        kept = ~implied(_bits(self.rows, self.low), np.ascontiguousarray(wide[decide]))
        kept[decide] = True
        self.rows = np.ascontiguousarray(self.rows[kept])


def _bits(time: np.ndarray, radius: int) -> Words:
    from optimizer._kernels.covers import mark_within

    bits = np.empty((len(time), words_for(time.shape[1])), np.uint64)
    mark_within(time, np.full(len(time), radius, time.dtype), bits)
    return bits


def _most_first(sets: Bools, worth: Floats) -> Int64s:
    """Cover all sets: the site that covers most of the rest, times its worth, again and again."""
    left = sets.astype(np.float64)
    chosen: list[int] = []
    while len(left):
        j = int((left.sum(axis=0) * (worth + 1e-3)).argmax())
        chosen.append(j)
        left = left[left[:, j] == 0]
    return np.array(sorted(chosen), np.int64)


def _farthest_first(times: CenterTimes) -> Int64s:
    """A start: serve the row that waits longest from its nearest site, p times."""
    free = times.free
    now = times.time[:, times.fixed].min(axis=1, initial=NEVER)
    chosen: list[int] = []
    for _ in range(times.may_open):
        j = int(free[int(times.time[int(now.argmax()), free].argmin())])
        if j in chosen:
            break
        chosen.append(j)
        now = np.minimum(now, times.time[:, j])
    return np.array(sorted(chosen), np.int64)
