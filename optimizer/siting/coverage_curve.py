"""The marginal-value curve of coverage: the most that 0, 1, 2, ... units can cover, each with its bound.

Benders cuts hold for any number of places, so that one pool of cuts serves the whole curve; each number
starts from the units of the one before. Where the relaxation does not do, the numbers learn from both
neighbours in a longer search, prices take over from the cuts what is far from its bound, windows of whole
sites bound below what any relaxation can and hint at better choices, and, as long as time is left, the rest
is solved to the end, the nearest first.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.siting.coverage_core import Core, core_of
from optimizer.siting.coverage_master import ROUNDS, CoverageMaster
from optimizer.siting.coverage_partition import split
from optimizer.siting.coverage_prices import Priced, limits_of, priced
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_search import Covered, Search, improved, most_covered, most_units
from optimizer.siting.coverage_wander import HEAT, nearness, wandered
from optimizer.siting.coverage_windows import CoverageWindows, Rents, counted_once
from optimizer.watch import Watch

_WANDER, _WANDER_WORK, _LONGER = 300, 100_000_000, 4
"""Most rounds of the longer search, fewer where lists are long; so many times the rounds where the gap asked
is in reach."""
_HOTTER = 0.003
"""What the longer search loses at first there, as a share of the value."""
_LEARN = 1
"""So many times all numbers are searched longer, each time from what all neighbours then know."""
_PRICES, _PRICE_WORK = 1_200, 300_000_000
"""Most rounds of prices, fewer where lists are long."""
_CUTS, _PASSES = 40, 3
"""Rounds of cuts where windows can do what cuts cannot; passes of all rounds at what prices came near to."""
_REACH, _SMALL, _PROGRAM = 2.0, 20_000, 80_000
"""Gaps of more times the asked one are left to prices, unless there are so few entries of lists in all;
programs of more entries too: at 150,000 GSCIP had nothing to show after 20 s. Both, and the rounds above,
are set by one instance of 100,000 points and 500 sites."""
_WINDOWS, _LOOKS, _HELPS = 9, (0, 3, 3, 3), 0.95
"""So many windows; solved so often at each look at a number, with a search after it: the first only steers.
With 12 windows solving costs half, but the bounds stay above; with 6 it costs three times as much. It goes on
where less than this share of what is missing is left."""
_LOTS, _LOT, _LEAST_SHARE = 30, 0.4, 0.01
"""So many choices are drawn from what the windows share, each site's share raised by lot up to so much."""
_SEEDS = 2
"""Parts of those choices that are improved side by side, and longer searches from the best of them."""
_BESIDE = 3
"""Prices are sought for every so many numbers: they bound those beside too."""


def coverage_curve(
    problem: CoverageProblem, *, upto: int, gap: float = 0.0, watch: Watch | None = None
) -> tuple[Covered | None, ...]:
    """The best for 0, 1, ... ``upto`` units beside the fixed sites; ``problem.places`` is left aside.

    Fewer points where fewer units fit. Values and bounds never fall from one number to the next. ``None``
    where no units keep the rules.

    Parameters
    ----------
    gap
        Relative distance of bound and value that does for each number, beside a proven optimum.
    """
    watch = watch or Watch()
    stand = int(problem.fixed.sum())
    core = core_of(replace(problem, places=None), problem.fixed.astype(np.int64), most_units(problem))
    last = min(upto, int(core.most.sum()))
    if core.bound_to:
        asked = [replace(problem, places=stand + p) for p in range(last + 1)]
        return tuple(most_covered(one, gap=gap, watch=watch) for one in asked)
    curve = _Curve(problem, core, last, gap, watch)
    curve.climb()
    curve.search()
    curve.bound()
    curve.finish()
    return _in_order([search.found() for search in curve.searches])


class _Curve:
    """A search for each number, and how far the relaxation alone brought them."""

    def __init__(self, problem: CoverageProblem, core: Core, last: int, gap: float, watch: Watch) -> None:
        self.problem, self.core, self.last, self.gap, self.watch = problem, core, last, gap, watch
        self.master = CoverageMaster(core)
        self.searches: list[Search] = []
        self.drawn = 0
        self.hard = last + 1
        self.divides = gap > 0 and len(core.site) > _SMALL and counted_once(core)
        self.near: Floats = np.empty((0, 0))
        self.prices: list[Priced] = []
        self.nearest, self.ceiling = np.empty(0, np.int64), np.empty(0)
        entries = max(1, len(core.site))
        self.wander_rounds = max(20, min(_WANDER, _WANDER_WORK // entries))
        self.price_rounds = max(100, min(_PRICES, _PRICE_WORK // entries))

    def climb(self) -> None:
        """Up to the first number whose bound is not near enough bound by cuts, then find units only."""
        units = self.problem.fixed.astype(np.int64)
        for p in range(self.last + 1):
            self.watch.tell("coverage curve", 0.5 * p / max(1, self.last))
            search = self._started(p, units)
            if p == 0:
                search.bound = search.value
            elif not self.watch.stopped_by and p < self.hard:
                self.master.set_places(p)
                search.relax(self.master, rounds=_CUTS if self.divides else ROUNDS)
                search.decide(self.master)
                self.hard = p if not search.ended else self.hard
            self.searches.append(search)
            units = search.units

    def _started(self, p: int, units: Int64s) -> Search:
        places = int(self.problem.fixed.sum()) + p
        here = replace(self.core, places=p)
        start = improved(here, self.core.added(units)[None], restarts=0)
        problem = replace(self.problem, places=places)
        return Search(problem, here, self.core.units(start), gap=self.gap, watch=self.watch)

    def search(self) -> None:
        """Search longer from what the neighbours know, all numbers side by side."""
        left = self.searches[self.hard :]
        if not left:
            return
        self.near = nearness(self.core)
        for seed in range(1, _LEARN + 1):
            if self.watch.stopped_by:
                return
            self._spread(left)
            with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
                found = list(threads.map(partial(self._wandered, self.wander_rounds, seed), left))
            for search, units in zip(left, found, strict=True):
                search.offer(units)
        self._spread(left)

    def _spread(self, left: list[Search]) -> None:
        """Let every number learn from both neighbours, upwards and then downwards."""
        for search in [*left, *left[::-1]]:
            for beside in self.searches[search.core.places - 1 : search.core.places + 2 : 2]:
                self._learn(search, beside.units)

    def _learn(self, search: Search, beside: Int64s) -> None:
        first = improved(search.core, self._fitting(search.core, beside)[None], restarts=0)
        search.offer(search.core.units(first))

    def _wandered(self, rounds: int, seed: int, search: Search, heat: float = HEAT) -> Int64s:
        core = search.core
        return core.units(
            wandered(core, self.near, core.added(search.units), rounds=rounds, seed=seed, heat=heat)
        )

    def _fitting(self, core: Core, units: Int64s) -> Int64s:
        """Units by column, without those whose closing costs least where they are too many."""
        added = core.added(units)
        while added.sum() > core.places:
            opened = np.flatnonzero(added)
            least = [self.problem.value(core.units(added - (np.arange(len(added)) == j))) for j in opened]
            added[opened[int(np.argmax(least))]] -= 1
        return added

    def bound(self) -> None:
        """Bound what is left by prices, then windows, and by cuts what the prices came near to."""
        left = [search for search in self.searches[self.hard :] if not search.ended]
        self._price(left)
        near = [search for search in left if self._reachable(search)]
        self._divide([search for search in left if not search.ended])
        for search in near:
            if not search.ended:
                self._cut(search)

    def _price(self, left: list[Search]) -> None:
        """Bound every few numbers by prices, which bound those beside too."""
        sought = left if self.gap == 0 or not left else left[min(1, len(left) - 1) :: _BESIDE]
        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            self.prices = list(threads.map(self._priced, sought))
        if self.prices:
            limits = np.array([limits_of(self.core, found.price) for found in self.prices])
            self.ceiling = self.core.base + limits.min(axis=0)
            self.nearest = limits.argmin(axis=0)
        for search in left:
            search.bound = min(search.bound, float(self.ceiling[search.core.places]))

    def _priced(self, search: Search) -> Priced:
        enough = search.value * (1 + self.gap) - search.core.base
        rounds = 0 if self.watch.stopped_by else self.price_rounds
        return priced(search.core, search.value - search.core.base, rounds=rounds, enough=enough)

    def _divide(self, left: list[Search]) -> None:
        """Bound by windows what is left, from below: what they learn where it is easy helps above.

        What one division leaves is bound by two, again and again while that helps.
        """
        if not self.divides or not left:
            return
        divisions, missing = [split(self.core, _WINDOWS)], np.inf
        windows, rents = CoverageWindows(self.core, *divisions), dict[int, Rents]()
        sought = left
        while sought and not self.watch.stopped_by:
            for search in sought:
                if not search.ended and not self.watch.stopped_by:
                    self._look_into(search, windows, rents)
            sought = [search for search in left if not search.ended]
            before, missing = missing, sum(self._missing(search) for search in sought)
            if missing <= 0 or missing > _HELPS * before:
                break
            if sought and len(divisions) == 1:
                divisions.append(split(self.core, _WINDOWS, between=True))
                windows, rents = CoverageWindows(self.core, *divisions), {}

    def _missing(self, search: Search) -> float:
        return search.bound - search.value - self.gap * max(1.0, search.value)

    def _look_into(self, search: Search, windows: CoverageWindows, rents: dict[int, Rents]) -> None:
        """Lower the bound, from where it was left or from prices; what the windows share makes starts."""
        core, places = search.core, search.core.places
        self.watch.tell("coverage curve: windows", 0.6 + 0.3 * places / self.last)
        if places not in rents:
            rents[places] = windows.first_rents(self.prices[self.nearest[places]].price, places)
        for solves in _LOOKS:
            best, enough = search.value - core.base, search.value * (1 + self.gap) - core.base
            rents[places] = windows.lower(
                rents[places], places, best, solves=solves, enough=enough, watch=self.watch
            )
            self._note(windows)
            if search.ended or self.watch.stopped_by:
                break
            before = search.value
            self._draw(search, windows.shares)
            for beside in self.searches[max(1, places - 1) : places + 2]:
                if search.value > before and beside is not search and not beside.ended:
                    self._learn(beside, search.units)

    def _note(self, windows: CoverageWindows) -> None:
        for search in self.searches[self.hard :]:
            search.bound = min(search.bound, self.core.base + float(windows.limits[search.core.places]))

    def _draw(self, search: Search, shares: Floats) -> None:
        """Offer what swaps and a longer search make of the sites that the windows share, taken by lot."""
        self.drawn += 1
        core, random = search.core, np.random.default_rng(self.drawn)
        lots = shares + _LOT * (shares > _LEAST_SHARE) * random.random((_LOTS, len(shares)))
        first = np.zeros(lots.shape, np.int64)
        np.put_along_axis(first, np.argsort(-lots, axis=1, kind="stable")[:, : core.places], 1, axis=1)
        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            for found in threads.map(partial(improved, core, restarts=0), np.array_split(first, _SEEDS)):
                search.offer(core.units(found))
            seeds = [_LEARN + _SEEDS * self.drawn + i for i in range(_SEEDS)]
            ways = [partial(self._wandered, self.wander_rounds, seed) for seed in seeds]
            for units in list(threads.map(lambda way: way(search), ways)):
                search.offer(units)

    def _cut(self, search: Search) -> None:
        for seed in (3, 4):
            search.offer(self._wandered(_LONGER * self.wander_rounds, seed, search, _HOTTER))
        self.master.set_places(search.core.places)
        self.master.cut_priced(self.prices[self.nearest[search.core.places]].price)
        for _ in range(_PASSES):  # the inner point of one pass lets the cuts of the next go deeper
            if not search.ended:
                search.relax(self.master)
        search.decide(self.master)

    def _reachable(self, search: Search) -> bool:
        """Whether cuts and programs may be expected to close the gap: further they take very long."""
        near = search.bound - search.value <= _REACH * self.gap * search.value
        return near or self.gap == 0 or len(self.core.site) <= _SMALL

    def finish(self) -> None:
        """Prove what is left, the nearest to a proof first."""
        for search in sorted(self.searches, key=lambda one: one.bound - one.value):
            if self.watch.stopped_by:
                break
            if not search.ended and search.decided is not None and self._reachable(search):
                search.finish(entries=_PROGRAM if self.gap > 0 else None)


def _in_order(points: Sequence[Covered]) -> tuple[Covered, ...]:
    """The points, each at least as good as the one before and bounded by the one after."""
    values: list[Covered] = []
    for point in points:
        if values and values[-1].value > point.value:
            point = replace(point, units=values[-1].units, value=values[-1].value)
        values.append(replace(point, bound=max(point.bound, point.value)))
    for k in range(len(values) - 2, -1, -1):
        bound = min(values[k].bound, values[k + 1].bound)
        values[k] = replace(values[k], bound=max(values[k].value, bound))
    return tuple(values)
