"""Material brought from depots to places, event by event: trucks, queues at the docks, roads that change.

A truck that is free takes the load that is due first: the earliest window with something outstanding, the
gravest items in it, and of all depots and places the pair that hands over soonest as roads and queues are
now. Room left over takes what the same place needs next. Times are whole deciseconds from the event.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from optimizer.drill.problem import NO_ROAD_DS, Int32s
from optimizer.problem import Bools, Floats, Int64s

_FREE, _AT_DEPOT, _LOADED, _OVER = range(4)
FACTORS = 3
"""Factors by chance of a trip: drives, loading, unloading."""
_AHEAD = 1.25
"""Times its usual length a drive begins before goods stand ready."""
_SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HaulProblem:
    """To bring: ``t`` trucks, ``d`` depots, ``j`` places, ``k`` items, ``w`` windows, ``b`` batches.

    Parameters
    ----------
    batch_depot, batch_item, batch_ready_ds, batch_units
        What stands where from when on, shape (b,).
    need
        Whole units that each place must have by the end of each window, in all, shape (j, k, w).
    due_ds
        Ends of the windows, inclusive, shape (w,).
    rank
        Of the items, 0 first, shape (k,).
    volume_m3, mass_kg
        Of a unit, shape (k,).
    truck_node, truck_mode, truck_ready_ds, load_m3, load_kg
        Where each truck stands, which table of drives is its own, from when on it rolls, shape (t,).
    depot_node, docks, loading_ds
        Shape (d,); a dock loads one truck at a time.
    place_node
        Shape (j,).
    drive_ds
        By state of the roads, mode, destination and origin, shape (s, m, n, n); ``NO_ROAD_DS`` = no road. The
        state at the start of a drive holds for all of it.
    state_at_ds, state
        When the roads change, ascending, after 0, and to which state; state 0 at the event.
    factor
        By truck and trip, shape (t, r, 3), used again from the first when there are more trips.
    """

    batch_depot: Int64s
    batch_item: Int64s
    batch_ready_ds: Int64s
    batch_units: Int64s
    need: Int64s
    due_ds: Int64s
    rank: Int64s
    volume_m3: Floats
    mass_kg: Floats
    truck_node: Int64s
    truck_mode: Int64s
    truck_ready_ds: Int64s
    load_m3: Floats
    load_kg: Floats
    depot_node: Int64s
    docks: Int64s
    loading_ds: Int64s
    unloading_ds: int
    place_node: Int64s
    drive_ds: Int32s
    state_at_ds: Int64s
    state: Int64s
    factor: Floats

    def __post_init__(self) -> None:
        if self.need.ndim != 3 or (np.diff(self.need, axis=2) < 0).any() or (self.need < 0).any():
            raise ValueError("need: want units >= 0 that do not fall from window to window")
        if (self.docks < 1).any():
            raise ValueError("docks: want at least one at each depot")
        if self.factor.ndim != 3 or self.factor.shape[2] != FACTORS or (self.factor <= 0).any():
            raise ValueError("factor: want shape (t, r, 3), above 0")

    @property
    def horizon_ds(self) -> int:
        """End of the last window; what is not handed over by then is not played."""
        return int(self.due_ds[-1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Haul:
    """Trips in the order in which they were given; ``r`` trips.

    Parameters
    ----------
    truck, depot, place
        Shape (r,).
    ordered_ds, at_dock_ds, loading_ds, left_ds, over_ds
        Order, at the depot with the goods there, begin of loading, departure, hand-over, shape (r,);
        -1 = not by the horizon.
    units
        On board, shape (r, k).
    busy_ds
        Of each truck from order to hand-over, up to the horizon, shape (t,).
    """

    truck: Int64s
    depot: Int64s
    place: Int64s
    ordered_ds: Int64s
    at_dock_ds: Int64s
    loading_ds: Int64s
    left_ds: Int64s
    over_ds: Int64s
    units: Int64s
    busy_ds: Int64s

    def __len__(self) -> int:
        return len(self.truck)

    def brought(self, places: int, by_ds: int) -> Int64s:
        """Units handed over at each place by a time, inclusive, shape (j, k)."""
        found = np.zeros((places, self.units.shape[1]), np.int64)
        mine = (self.over_ds >= 0) & (self.over_ds <= by_ds)
        np.add.at(found, self.place[mine], self.units[mine])
        return found


def haul(problem: HaulProblem) -> Haul:
    """Play all deliveries: same problem, same trips."""
    return _Play(problem).run()


@dataclass(slots=True, eq=False)
class _Trip:
    truck: int
    depot: int
    place: int
    units: Int64s
    ordered_ds: int
    at_dock_ds: int = -1
    loading_ds: int = -1
    left_ds: int = -1
    over_ds: int = -1


class _Play:
    """The state between two events."""

    def __init__(self, problem: HaulProblem) -> None:
        self.problem = problem
        self.heap: list[tuple[int, int, int]] = []
        self.trips: list[_Trip] = []
        self.left = problem.batch_units.copy()
        self.open = problem.need.copy()
        self.dock_free = [[0] * int(docks) for docks in problem.docks]
        self.node = problem.truck_node.copy()
        trucks = len(problem.truck_node)
        self.trip_of: list[_Trip | None] = [None] * trucks
        self.count = np.zeros(trucks, np.int64)
        self.liftable = (problem.volume_m3[None] <= problem.load_m3[:, None] + _SLACK) & (
            problem.mass_kg[None] <= problem.load_kg[:, None] + _SLACK
        )

    def run(self) -> Haul:
        """Event by event; of one instant by kind, then by truck."""
        for truck, ready_ds in enumerate(self.problem.truck_ready_ds.tolist()):
            self._push(ready_ds, _FREE, truck)
        while self.heap:
            now, kind, truck = heapq.heappop(self.heap)
            (self._free, self._at_depot, self._loaded, self._over)[kind](now, truck)
        return self._result()

    def _push(self, at_ds: int, kind: int, truck: int) -> None:
        if at_ds <= self.problem.horizon_ds:
            heapq.heappush(self.heap, (at_ds, kind, truck))

    def _drive(self, now: int, truck: int) -> Int32s:
        """Drives under the roads of now, shape (n, n), destination first."""
        state_at = self.problem.state_at_ds
        change = int(np.searchsorted(state_at, now, side="right"))
        state = int(self.problem.state[change - 1]) if change else 0
        return self.problem.drive_ds[state, self.problem.truck_mode[truck]]  # type: ignore[no-any-return]  # a view

    def _factor(self, truck: int, which: int) -> float:
        factors = self.problem.factor[truck]
        return float(factors[self.count[truck] % len(factors), which])

    def _free(self, now: int, truck: int) -> None:
        job = self._job(now, truck)
        if job is None:
            later = self._next_change(now, truck)
            if later is not None and self.open.any():
                self._push(later, _FREE, truck)
            return
        depot, place, window = job
        drive = int(self._drive(now, truck)[self.problem.depot_node[depot], self.node[truck]])
        arrives = now + round(drive * self._factor(truck, 0))
        units, ready_ds = self._load(now + round(_AHEAD * drive), truck, depot, place, window)
        trip = _Trip(truck, depot, place, units, now)
        self.trips.append(trip)
        self.trip_of[truck] = trip
        self._push(max(arrives, ready_ds), _AT_DEPOT, truck)

    def _next_change(self, now: int, truck: int) -> int | None:
        """When to leave for goods that stand ready later, or roads change next; ``None`` = never."""
        leave = self.problem.batch_ready_ds - self._ahead(now, truck)[self.problem.batch_depot]
        ready = leave[(self.left > 0) & (leave > now)]
        roads = self.problem.state_at_ds[self.problem.state_at_ds > now]
        times = [int(one.min()) for one in (ready, roads) if len(one)]
        return min(times, default=None)

    def _ahead(self, now: int, truck: int) -> Int64s:
        """How long before goods stand ready a truck leaves for each depot, shape (d,)."""
        drive = self._drive(now, truck)[self.problem.depot_node, self.node[truck]].astype(np.int64)
        return np.asarray(np.where(drive < NO_ROAD_DS, np.rint(_AHEAD * drive), 0), np.int64)

    def _job(self, now: int, truck: int) -> tuple[int, int, int] | None:
        """Depot, place and window of the load that is due first and handed over soonest."""
        problem, drive = self.problem, self._drive(now, truck)
        to_depot = drive[problem.depot_node, self.node[truck]].astype(np.int64)
        out = drive[np.ix_(problem.place_node, problem.depot_node)].T.astype(np.int64)
        there = self._there(now + self._ahead(now, truck))
        free = np.array([min(one) for one in self.dock_free], np.int64)
        begins = np.maximum(now + to_depot, free) + problem.loading_ds
        over = begins[:, None] + out + problem.unloading_ds
        reached = (to_depot[:, None] < NO_ROAD_DS) & (out < NO_ROAD_DS)
        for window in range(len(problem.due_ds)):
            wanted = self.open[:, :, window] > 0
            for rank in np.unique(problem.rank).tolist():
                mine = (problem.rank == rank) & self.liftable[truck]
                can = reached & (
                    (there[:, mine] > 0).astype(np.int64) @ wanted[:, mine].T.astype(np.int64) > 0
                )
                if can.any():
                    best = int(np.argmin(np.where(can, over, np.iinfo(np.int64).max)))
                    return best // over.shape[1], best % over.shape[1], window
        return None

    def _there(self, by_ds: Int64s) -> Int64s:
        """Units at each depot that stand ready by a time of its own, shape (d, k)."""
        problem = self.problem
        ready: Bools = problem.batch_ready_ds <= by_ds[problem.batch_depot]
        found = np.zeros((len(problem.docks), problem.need.shape[1]), np.int64)
        np.add.at(found, (problem.batch_depot[ready], problem.batch_item[ready]), self.left[ready])
        return found

    def _load(self, by_ds: int, truck: int, depot: int, place: int, window: int) -> tuple[Int64s, int]:
        """Fill a truck for a place, what is due first first; what others lack more urgently is left.

        Beside the units, from when on all of them stand ready.
        """
        problem, ready_ds = self.problem, 0
        room_m3, room_kg = float(problem.load_m3[truck]), float(problem.load_kg[truck])
        units = np.zeros(problem.need.shape[1], np.int64)
        stock = np.bincount(problem.batch_item, self.left, len(units)).astype(np.int64)
        order = np.argsort(problem.rank, kind="stable").tolist()
        for until in range(window, len(problem.due_ds)):
            for item in order:
                wanted = int(self.open[place, item, until])
                if until > window:
                    wanted = min(wanted, int(stock[item] - self.open[:, item, window].sum()))
                if wanted <= 0:
                    continue
                fits = _fits(room_m3, float(problem.volume_m3[item]), room_kg, float(problem.mass_kg[item]))
                taken, ready = self._take(depot, item, min(wanted, fits), by_ds)
                ready_ds = max(ready_ds, ready)
                units[item] += taken
                stock[item] -= taken
                room_m3 -= taken * float(problem.volume_m3[item])
                room_kg -= taken * float(problem.mass_kg[item])
                self.open[place, item] = np.maximum(0, self.open[place, item] - taken)
        return units, ready_ds

    def _take(self, depot: int, item: int, wanted: int, by_ds: int) -> tuple[int, int]:
        """Units off the batches of a depot, those that stand ready first; and from when on."""
        problem, taken, ready_ds = self.problem, 0, 0
        mine = (problem.batch_depot == depot) & (problem.batch_item == item) & (self.left > 0)
        numbers = np.flatnonzero(mine & (problem.batch_ready_ds <= by_ds))
        for number in numbers[np.argsort(problem.batch_ready_ds[numbers], kind="stable")].tolist():
            part = min(wanted - taken, int(self.left[number]))
            self.left[number] -= part
            taken += part
            ready_ds = int(problem.batch_ready_ds[number]) if part else ready_ds
        return taken, ready_ds

    def _at_depot(self, now: int, truck: int) -> None:
        trip = self._trip(truck)
        docks = self.dock_free[trip.depot]
        dock = docks.index(min(docks))
        trip.at_dock_ds, trip.loading_ds = now, max(now, docks[dock])
        loaded = trip.loading_ds + round(int(self.problem.loading_ds[trip.depot]) * self._factor(truck, 1))
        docks[dock] = loaded
        self._push(loaded, _LOADED, truck)

    def _loaded(self, now: int, truck: int) -> None:
        """Leave, or wait until there is a road."""
        trip, problem = self._trip(truck), self.problem
        drive = int(self._drive(now, truck)[problem.place_node[trip.place], problem.depot_node[trip.depot]])
        if drive >= NO_ROAD_DS:
            changes = problem.state_at_ds[problem.state_at_ds > now]
            if len(changes):
                self._push(int(changes[0]), _LOADED, truck)
            return
        trip.left_ds = now
        over = now + round(drive * self._factor(truck, 0))
        self._push(over + round(problem.unloading_ds * self._factor(truck, 2)), _OVER, truck)

    def _over(self, now: int, truck: int) -> None:
        trip = self._trip(truck)
        trip.over_ds = now
        self.node[truck] = self.problem.place_node[trip.place]
        self.trip_of[truck] = None
        self.count[truck] += 1
        self._push(now, _FREE, truck)

    def _trip(self, truck: int) -> _Trip:
        trip = self.trip_of[truck]
        assert trip is not None, "only trucks on a trip have such events"
        return trip

    def _result(self) -> Haul:
        def column(name: str) -> Int64s:
            return np.array([getattr(one, name) for one in self.trips], np.int64)

        busy = np.zeros(len(self.problem.truck_node), np.int64)
        for one in self.trips:
            busy[one.truck] += (one.over_ds if one.over_ds >= 0 else self.problem.horizon_ds) - one.ordered_ds
        names = ("truck", "depot", "place", "ordered_ds", "at_dock_ds", "loading_ds", "left_ds", "over_ds")
        units = np.array([one.units for one in self.trips], np.int64)
        return Haul(
            **{name: column(name) for name in names},
            units=units.reshape(-1, self.problem.need.shape[1]),
            busy_ds=busy,
        )


def _fits(room_m3: float, volume_m3: float, room_kg: float, mass_kg: float) -> int:
    """Whole pieces that a room takes."""
    pairs = ((room_m3, volume_m3), (room_kg, mass_kg))
    parts = [max(0.0, room + _SLACK) / size for room, size in pairs if size > 0]
    return int(min(parts, default=2**31))
