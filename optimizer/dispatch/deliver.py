"""Materials from depots to shelters: split loads, several round trips, least last hand-over.

Stages: least weighted pieces unmet by the deadline; then the last hand-over as early as possible. A trip is
loading, travel, unloading and the way back; a truck shuttles from its own depot. For a time T the program of
``rounds`` tells whether every truck has a round until T that together bring all: bisection over the times
at which a round can end, each infeasible T proving a bound and each plan lowering the other end (as the
p-center does over distances; Minieka 1970, doi:10.1137/1012016). Where rounds are too many to list, only
the short ones are used; the bound is then what the times short enough prove.
"""

import numpy as np

from optimizer.dispatch.delivery import Delivery, DeliveryProblem, Trip
from optimizer.dispatch.loading import Way, shared_out, timed
from optimizer.dispatch.rounds import Kind, Layout, kinds_of, layout_of, rounds_within
from optimizer.problem import NEVER_DS, Int64s
from optimizer.solver import Solution, solve
from optimizer.watch import Watch

_MOST_ROUNDS = 4_000
"""Rounds of one kind listed at most."""
_TRIED = 500
"""Times tried where the rounds are too many to tell when they end."""
_FIRST_S = 5.0
_NEAR_TRUCKS, _TIDY_NODES = 1_500.0, 10
"""Few trucks are tried within a truck and a half of the fewest, and not for long."""
_WHOLE = 0.999
"""Distance of bound and objective that proves a whole number."""
Planned = tuple[list[Trip], Int64s]


def deliver(
    problem: DeliveryProblem, *, watch: Watch | None = None, most_nodes: int | None = None
) -> Delivery:
    """Trips that leave least unmet, then hand over last as early as possible, then by few trucks.

    The last is tried, not proven. ``most_nodes``: of the search tree for each time; a limit that does not
    hang on the machine.
    """
    return _Search(problem, watch or Watch(limit_s=10.0), most_nodes).run()


class _Search:
    """Bisection over the last hand-over."""

    def __init__(self, problem: DeliveryProblem, watch: Watch, most_nodes: int | None) -> None:
        self.problem, self.watch, self.most_nodes = problem, watch, most_nodes
        self.kinds = kinds_of(problem)
        self.best: Planned = ([], problem.demand)
        self.unmet_bound = self._short_of_stock()

    def run(self) -> Delivery:
        """Find a first plan, then halve what lies between it and the bound."""
        bound, high = self._first()
        times, every = self._ends(bound, high)
        lower = int(np.searchsorted(times, bound))
        upper = int(np.searchsorted(times, self._last(self.best)))
        if every and lower < len(times):
            bound = int(times[lower])  # no round ends between two ends
        proven = True
        while lower < upper and not self.watch.stopped_by:
            middle = (lower + upper) // 2
            self.watch.tell("deliver", 0.0, bound / 10, self._last(self.best) / 10)
            planned, impossible = self._probe(int(times[middle]), self._unmet(self.best))
            if planned is not None:
                self.best = planned
                upper = min(middle, int(np.searchsorted(times, self._last(planned))))
            elif impossible:
                lower = middle + 1
                bound = int(times[lower]) if every else int(times[middle]) + 1
            else:
                proven = False
                break
        last = self._last(self.best)
        self._by_few_trucks(last)
        return self._answer(min(bound, last), proven and bound >= last)

    def _short_of_stock(self) -> int:
        """Weighted pieces that no plan can bring: beyond all stock that trucks can take there."""
        near = self.problem.out_ds <= self.problem.deadline_ds
        near &= self.problem.out_ds < NEVER_DS
        near &= np.isin(np.arange(len(near)), [kind.depot for kind in self.kinds])[:, None]
        weight = np.array([good.weight for good in self.problem.goods], np.int64)
        total = self.problem.demand.sum(axis=0) - self.problem.stock[near.any(axis=1)].sum(axis=0)
        alone = self.problem.demand[~near.any(axis=0)].sum(axis=0)
        return int(weight @ np.maximum(total, alone))

    def _first(self) -> tuple[int, int]:
        """A first plan by the earliest time, doubled until it suffices; bounds of the last hand-over, ds."""
        earliest = self._earliest()
        deadline = self.problem.deadline_ds
        low, time = earliest, max(earliest, 1)
        while time < deadline and self.watch.stopped_by != "user":
            planned, impossible = self._probe(time, self.unmet_bound)
            if planned is not None:
                self.best = planned
                return low, time
            if impossible:
                low = time
            time = min(2 * time, deadline)
            if time >= 4 * max(1, self._longest_sensible()):
                break
        return self._by_the_deadline(low, min(deadline, 4 * max(1, self._longest_sensible())))

    def _longest_sensible(self) -> int:
        """One truck of the smallest load brings everything alone, ds; above any sensible last hand-over."""
        mass = float((self.problem.demand @ [g.mass_kg for g in self.problem.goods]).sum())
        load = min((kind.like.load_kg for kind in self.kinds), default=1.0)
        reached = self.problem.out_ds < NEVER_DS
        trip = int((self.problem.out_ds + self.problem.back_ds)[reached].max(initial=0))
        ready = max((kind.ready_ds for kind in self.kinds), default=0)
        return ready + trip * (int(np.ceil(mass / load)) + len(self.problem.demand))

    def _by_the_deadline(self, low: int, until_ds: int) -> tuple[int, int]:
        """As much as can be brought at all; sets how much that is."""
        asked_before = self.unmet_bound
        layout, all_listed = self._layout(until_ds, None, slack=0.0)
        found = self._solve(layout, _WHOLE)
        if all_listed and np.isfinite(found.bound):
            self.unmet_bound = max(self.unmet_bound, int(np.ceil(found.bound - 1e-6)))
        planned = self._planned(layout, found) if len(found.values) else None
        if planned is not None:
            self.best = planned
        # what was impossible so far was so for less unmet: with more, it proves nothing
        return (low if self._unmet(self.best) <= asked_before else 0), until_ds

    def _earliest(self) -> int:
        """No plan hands over last before the farthest shelter with a demand sees its nearest truck, ds."""
        reach = np.full(self.problem.travel_s.shape, NEVER_DS, np.int64)
        for kind in self.kinds:
            depot = kind.depot
            reach[depot] = np.minimum(reach[depot], self.problem.out_ds[depot] + kind.ready_ds)
        nearest = reach.min(axis=0, initial=NEVER_DS)[self.problem.demand.any(axis=1)]
        return int(nearest[nearest < NEVER_DS].max(initial=0)) if not self.unmet_bound else 0

    def _ends(self, low: int, high: int) -> tuple[Int64s, bool]:
        """Times to try, ascending, up to a time, and whether these are all at which a round can end."""
        ends = {0, high, self._last(self.best)}
        for kind in self.kinds:
            rounds = rounds_within(self.problem, kind, high, _MOST_ROUNDS)
            if rounds is None:
                return np.unique(np.linspace(low, self._last(self.best), _TRIED).astype(np.int64)), False
            for trips in rounds:
                ends.update(self._round_ends(kind, trips))
        return np.array(sorted(end for end in ends if end <= high), np.int64), True

    def _round_ends(self, kind: Kind, trips: Int64s) -> set[int]:
        """When parts of a round end: all its parts with as many or fewer trips to each shelter."""
        depot = kind.depot
        ends = {kind.ready_ds}
        sums = {(0, 0)}
        for shelter in np.flatnonzero(trips).tolist():
            out, back = int(self.problem.out_ds[depot, shelter]), int(self.problem.back_ds[depot, shelter])
            sums |= {
                (total + n * (out + back), max(longest, back))
                for total, longest in sums
                for n in range(1, int(trips[shelter]) + 1)
            }
        return {kind.ready_ds + total - longest for total, longest in sums} | ends

    def _layout(
        self, until_ds: int, unmet_most: int | None, *, slack: float, few_trucks: bool = False
    ) -> tuple[Layout, bool]:
        rounds: list[tuple[int, Int64s]] = []
        all_listed = True
        for index, kind in enumerate(self.kinds):
            within, time = rounds_within(self.problem, kind, until_ds, _MOST_ROUNDS), until_ds
            while within is None:
                all_listed, time = False, time // 2
                within = rounds_within(self.problem, kind, time, _MOST_ROUNDS)
            rounds += [(index, trips) for trips in within]
        layout = layout_of(
            self.problem,
            self.kinds,
            tuple(rounds),
            unmet_most=unmet_most,
            slack=slack,
            few_trucks=few_trucks,
        )
        return layout, all_listed

    def _probe(self, until_ds: int, unmet_most: int) -> tuple[Planned | None, bool]:
        """A plan that ends by a time, and whether there is proven to be none."""
        for slack in (0.0, 1.0):
            layout, all_listed = self._layout(until_ds, unmet_most, slack=slack)
            found = self._solve(layout)
            if not len(found.values):
                return None, found.status == "infeasible" and all_listed and slack == 0
            planned = self._planned(layout, found)
            if planned is not None:
                return planned, False
        return None, False

    def _by_few_trucks(self, until_ds: int) -> None:
        """As much brought by the same time with fewer trucks, where the search finds that."""
        if not self.best[0] or self.watch.stopped_by:
            return
        layout, _ = self._layout(until_ds, self._unmet(self.best), slack=0.0, few_trucks=True)
        nodes = min(_TIDY_NODES, self.most_nodes or _TIDY_NODES)
        found = self._solve(layout, _NEAR_TRUCKS, nodes)
        planned = self._planned(layout, found) if len(found.values) else None
        if planned is not None and _trucks(planned) <= _trucks(self.best):
            self.best = planned

    def _solve(self, layout: Layout, absolute_gap: float = 0.0, most_nodes: int | None = None) -> Solution:
        return solve(
            layout.program,
            limit_s=self._limit_s(),
            absolute_gap=absolute_gap,
            most_nodes=most_nodes or self.most_nodes,
        )

    def _limit_s(self) -> float:
        """A first plan is found whatever the clock says; only better ones must keep the time."""
        return self.watch.left_s if self.best[0] else max(self.watch.left_s, _FIRST_S)

    def _planned(self, layout: Layout, found: Solution) -> Planned | None:
        """Trips with their loads and times; ``None`` where whole pieces do not fit the trips one by one."""
        pieces = layout.pieces(self.problem, found.values)
        ways: list[Way] = []
        free = {kind.fleet: list(kind.trucks) for kind in self.kinds}
        for (number, trips), times in zip(layout.rounds, np.rint(found.values).astype(int), strict=False):
            kind = self.kinds[number]
            for _ in range(times):
                truck = free[kind.fleet].pop(0)
                for shelter in np.flatnonzero(trips).tolist():
                    ways += [(truck, kind.depot, shelter)] * int(trips[shelter])
        loads = shared_out(self.problem, ways, pieces)
        if loads is None:
            return None
        brought = pieces.sum(axis=0)
        return timed(self.problem, ways, loads), self.problem.demand - brought

    def _unmet(self, planned: Planned) -> int:
        return int((planned[1] @ [good.weight for good in self.problem.goods]).sum())

    def _last(self, planned: Planned) -> int:
        return max((round(trip.handed_over_s * 10) for trip in planned[0]), default=0)

    def _answer(self, bound_ds: int, proven: bool) -> Delivery:
        trips, unmet = self.best
        least_unmet = self._unmet(self.best) <= self.unmet_bound
        optimal = proven and least_unmet
        return Delivery(
            trips=tuple(trips),
            status="optimal" if optimal else "feasible",
            last_s=self._last(self.best) / 10,
            bound_s=bound_ds / 10,
            unmet=tuple(tuple(row) for row in unmet.tolist()),
            unmet_bound=min(self.unmet_bound, self._unmet(self.best)),
            stopped_by=None if optimal else self.watch.stopped_by or "size",
        )


def _trucks(planned: Planned) -> int:
    return len({trip.truck for trip in planned[0]})
