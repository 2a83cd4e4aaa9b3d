"""Travel times of one vehicle class on one road graph: matrices, nearest, covered, routes, reach.

A time is access + road + access: the straight way between each place and its road at the vehicle's
``off_road_kmh``, and the quickest drive between the two points on the road. Inside, all of it is whole
deciseconds, so that sums are exact; outside, float64 seconds, ``inf`` where there is no road. The access
counts at both ends, also between two places that meet the road at one point. Forbidden turns are kept
unless the vehicle may ignore them. Times come from a customizable contraction hierarchy (``geo.hierarchy``);
those of drives that roads close or open on after the departure from a search over time (``geo.departing``).
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import numpy as np
from shapely.geometry import MultiPolygon, Polygon

from geo import departing, many_to_many, pieces
from geo.alternatives import other_drives
from geo.closures import Closure, checked_instant, closed_weights_ds, inside_closed, shut_by_name
from geo.conditions import Conditions
from geo.departing import ChangingRoads
from geo.ends import arrivals, departures, direct
from geo.metric import IMPASSABLE, arc_weights_ds
from geo.network import network
from geo.pieces import Piece
from geo.reach import reached_parts, strip
from geo.roads import Bools, Floats, Int32s, Int64s, RoadGraph
from geo.route import Departure, Route, arcs_reached, drive, nearest_reachable
from geo.seeds import Direct, Seeds
from geo.snap import Snapped, distance_m, snap
from geo.timetable import timetable
from geo.trees import tree
from geo.vehicles import VehicleClass

Places = Floats | Snapped
"""Longitude and latitude, shape (p, 2), or the same places snapped before by the same ``TravelTimes``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Which points are covered by which stations: sparse pairs sorted by point, then station, shape (k,)."""

    point: Int64s
    station: Int64s


class TravelEngine(Protocol):
    """What answers questions of travel time, whatever computes them."""

    def snap(self, places: Places) -> Snapped:
        """Where places meet the road: edge, share of its length, access in metres."""
        ...

    def matrix_s(self, origins: Places, destinations: Places) -> Floats:
        """Seconds from every origin to every destination, shape (n, m)."""
        ...

    def nearest(self, stations: Places, points: Places, k: int) -> tuple[Int64s, Floats]:
        """The ``k`` stations that are first at each point, and their seconds, both of shape (p, k)."""
        ...

    def covered(self, stations: Places, points: Places, limits_s: Sequence[float]) -> tuple[Pairs, ...]:
        """For each limit, the pairs of points and stations that arrive within it."""
        ...

    def route(self, origin: Places, destination: Places, alternatives: int = 0) -> Route:
        """The quickest way between two places, with up to some other ways."""
        ...

    def reachable(self, origin: Places, within_s: float) -> Polygon | MultiPolygon:
        """The area within reach of one place."""
        ...

    def with_closures(self, closures: Sequence[Closure], depart: datetime | None = None) -> "TravelEngine":
        """The same roads and vehicle under these closures, and no others."""
        ...


class TravelTimes:
    """Travel times by a hierarchy of the roads; immutable, safe to share between threads.

    Parameters
    ----------
    roads, vehicle
        What is driven, by what. Work that depends on the roads alone is shared between vehicles.

    Attributes
    ----------
    closures, depart
        The closures regarded, and the instant at which they are looked up; ``None`` = each is in force.
    conditions
        The metric in force, in deciseconds by arc; with a departure, at that instant.
    changing
        How the roads change after the departure; ``None`` where they do not.
    """

    def __init__(self, roads: RoadGraph, vehicle: VehicleClass) -> None:
        open_ds = arc_weights_ds(roads, vehicle)
        nowhere = np.zeros(roads.junctions, np.bool_)
        self.roads, self.vehicle = roads, vehicle
        self._usable = (open_ds < IMPASSABLE).reshape(-1, 2).any(axis=1) & ~roads.ferry
        self.closures: tuple[Closure, ...] = ()
        self.depart: datetime | None = None
        self.changing: ChangingRoads | None = None
        self.conditions = Conditions(
            network=network(roads),
            open_ds=open_ds,
            now_ds=open_ds,
            inside=nowhere,
            ignores_turns=vehicle.may_ignore_turns,
        )

    def with_closures(self, closures: Sequence[Closure], depart: datetime | None = None) -> "TravelTimes":
        """The same roads and vehicle under these closures and no others; this object stays as it is.

        ``depart``: the instant, with time zone, at which every drive begins; a road is then used only if it
        stays open while it is crossed, and a vehicle may wait for one to open (``geo.timetable``). ``None``
        regards no times: all closures hold. ``with_closures(())`` opens every road again.

        Raises
        ------
        InputError
            N206 for a departure without time zone, N207 for roads that do not exist.
        """
        at = checked_instant(depart)
        now_ds = closed_weights_ds(self.roads, self.vehicle, self.conditions.open_ds, closures, at)
        inside = inside_closed(self.roads, self.vehicle, closures, at)
        changed = copy(self)
        changed.closures, changed.depart = tuple(closures), at
        shut = shut_by_name(self.roads, self.vehicle, closures, at)
        now = changed.conditions = self.conditions.closed(now_ds, inside, shut)
        times = timetable(self.roads, self.vehicle, now, closures, at) if at is not None else None
        changed.changing = ChangingRoads(conditions=now, timetable=times) if times else None
        return changed

    def snap(self, places: Places) -> Snapped:
        """Where places meet the roads that the vehicle may ever use, ferries excepted; closures do not count.

        Raises
        ------
        InputError
            N201, N202, N203 as ``geo.snap.snap``.
        """
        if isinstance(places, Snapped):
            return places
        return snap(self.roads, places, usable=self._usable)

    def access_ds(self, place: Snapped) -> Int64s:
        """Time between each place and its road, deciseconds, halves rounded up, shape (p,)."""
        return np.floor(place.access_m / (self.vehicle.off_road_kmh / 3.6) * 10 + 0.5).astype(np.int64)

    def matrix_s(self, origins: Places, destinations: Places) -> Floats:
        """Seconds from every origin to every destination, shape (n, m), ``inf`` where there is no road."""
        return _seconds(self.matrix_ds(origins, destinations))

    def matrix_ds(self, origins: Places, destinations: Places) -> Int32s:
        """The same in whole deciseconds, as they are counted, ``IMPASSABLE`` where there is no road."""
        origins, destinations = self.snap(origins), self.snap(destinations)
        out, into, along = self._ends(origins, destinations)
        ds = many_to_many.table_ds(self.conditions.metric, out, into)
        np.minimum.at(ds, (along.origin, along.destination), along.ds)
        late = np.flatnonzero(self._is_late(ds).any(axis=1))
        for i, row in self._rows_ds(origins, destinations, late):
            ds[i] = row
        return ds

    def nearest(self, stations: Places, points: Places, k: int) -> tuple[Int64s, Floats]:
        """The ``k`` stations that are first at each point, and their seconds, both of shape (p, k).

        On equal times the lower station is first. Where fewer than ``k`` arrive: station -1, ``inf`` seconds.
        The matrix is never held as a whole.
        """
        if k < 1:
            raise ValueError(f"k: want at least 1, got {k}")
        stations, points = self.snap(stations), self.snap(points)
        out, into, along = self._ends(stations, points)
        station, ds = many_to_many.nearest(self.conditions.metric, out, into, k, direct=along)
        if self._is_late(ds).any():
            rows = self._rows_ds(stations, points, np.arange(len(stations)))
            station, ds = departing.nearest(rows, len(points), k)
        return station.astype(np.int64), _seconds(ds)

    def covered(self, stations: Places, points: Places, limits_s: Sequence[float]) -> tuple[Pairs, ...]:
        """For each limit, the pairs of points and stations that arrive within it (inclusive).

        The matrix is never held as a whole, and no search goes beyond the longest limit.
        """
        stations, points = self.snap(stations), self.snap(points)
        limits_ds = [whole_ds(limit_s) for limit_s in limits_s]
        if self._is_late(np.array(limits_ds)).any():
            rows = self._rows_ds(stations, points, np.arange(len(stations)), max(limits_ds))
            return tuple(Pairs(point=p, station=s) for p, s in departing.covered(rows, limits_ds))
        out, into, along = self._ends(stations, points)
        found = many_to_many.covered(self.conditions.metric, out, into, limits_ds, direct=along)
        return tuple(
            Pairs(point=pairs.place.astype(np.int64), station=pairs.source.astype(np.int64))
            for pairs in found
        )

    def mean_and_worst_s(
        self, stations: Places, points: Places, people: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """For each station: mean time over the people reached, time of the last point, people reached.

        ``people``: weight of each point, shape (p,). Mean is NaN where nobody is reached; the time of the
        last point is ``inf`` where one is not reached. All of shape (n,); the matrix is never held.
        """
        stations, points = self.snap(stations), self.snap(points)
        out, into, along = self._ends(stations, points)
        found = many_to_many.spread(self.conditions.metric, out, into, people, direct=along)
        late = np.flatnonzero(self._is_late(found.worst_ds))
        for i, row in self._rows_ds(stations, points, late):
            departing.spread_into(found, i, row, people)
        return found.mean_ds / 10, _seconds(found.worst_ds), found.reached

    def route(self, origin: Places, destination: Places, alternatives: int = 0) -> Route:
        """The quickest way from one place to another, each of shape (1, 2), (2,) or snapped.

        A destination that no road reaches is answered with the nearest reachable point; see ``Route``.
        ``alternatives``: how many other ways to look for; there may be fewer (``geo.alternatives``), and only
        those are given that arrive before any road closes or opens after the departure.
        """
        start = Departure.of(self.conditions, self.snap(_one(origin)))
        goal = _one(destination)
        end = self.snap(goal)
        drives = self._drives(start, end, alternatives)
        if not drives:
            return self._short_of(start, end.lonlat if isinstance(goal, Snapped) else goal)
        best, *rest = [self._route(end, ds, driven) for ds, driven in drives]
        return replace(best, alternatives=tuple(rest))

    def reachable(self, origin: Places, within_s: float, *, margin_m: float = 50.0) -> Polygon | MultiPolygon:
        """Roads within a time (inclusive) of one place, drawn ``margin_m`` wide to each side, lon/lat.

        Access to the road counts at the origin. Empty where the road itself is not reached. How the area is
        drawn, and what it leaves out, is said in ``geo.reach``.
        """
        place = self.snap(_one(origin))
        limit_ds = whole_ds(within_s) - int(self.access_ds(place)[0])
        if limit_ds < 0:
            return Polygon()
        now = self.conditions
        if self.changing and self._is_late(np.array(whole_ds(within_s))):
            parts = self.changing.parts_within(self._places(place), whole_ds(within_s))
            return strip(self.roads, parts, margin_m=margin_m)
        grown = tree(now.metric, now.network, departures(now, place), limit_ds=limit_ds)
        return strip(self.roads, reached_parts(now, place, grown, limit_ds), margin_m=margin_m)

    def _drives(self, start: Departure, end: Snapped, alternatives: int) -> list[tuple[int, list[Piece]]]:
        """Deciseconds with access and the pieces driven, quickest first; none where no road leads there."""
        access_ds = int(self.access_ds(start.place)[0] + self.access_ds(end)[0])
        found = drive(start, end)
        if self.changing and self._is_late(np.array(found[0] + access_ds if found else IMPASSABLE)):
            timed = self.changing.drive(start, self._places(start.place), end)
            return [(timed[0] + int(self.access_ds(end)[0]), timed[1])] if timed else []
        if found is None:
            return []
        others = other_drives(start, end, found, count=alternatives) if alternatives else []
        return [
            (ds + access_ds, driven)
            for ds, driven in (found, *others)
            if not self._is_late(np.array(ds + access_ds))
        ]

    def _short_of(self, start: Departure, goal: Floats) -> Route:
        """To the reachable point nearest to a goal that no road reaches."""
        arcs = self.changing.arcs_reached(self._places(start.place)) if self.changing else arcs_reached(start)
        end = nearest_reachable(self.roads, start.place, arcs, goal)
        access_ds = int(self.access_ds(start.place)[0] + self.access_ds(end)[0])
        ds, driven = (*self._drives(start, end, 0), (access_ds, []))[0]
        route = self._route(end, ds - int(self.access_ds(end)[0]), driven)
        return replace(route, reached=False, short_of_m=float(distance_m(end.lonlat, goal)[0]))

    def _route(self, end: Snapped, ds: int, driven: list[Piece]) -> Route:
        line = pieces.geometry(self.roads, driven)
        return Route(
            geometry=line if len(line) > 1 else np.repeat(end.lonlat, 2, axis=0),
            length_m=pieces.length_m(self.roads, driven),
            travel_s=ds / 10,
            streets=pieces.streets(self.roads, driven),
            arcs=pieces.arcs(driven),
        )

    def warm(self) -> "TravelTimes":
        """Make ready what a first answer would wait for: topology, metric, compiled code; returns itself."""
        where = self.snap(self.roads.junction_lonlat[:1])
        self.matrix_s(where, where)
        self.nearest(where, where, 1)
        self.covered(where, where, [0.0])
        self.route(where, where)
        departing.warm(self.conditions)
        return self

    def _is_late(self, ds: Int32s | Int64s) -> Bools:
        """Whether roads close or open up to such a time after the departure: the metric may be wrong."""
        change_ds = self.changing.timetable.change_ds if self.changing else IMPASSABLE + 1
        late: Bools = np.asarray(ds >= change_ds)
        return late

    def _places(self, place: Snapped) -> departing.Places:
        return departing.Places(place=place, access_ds=self.access_ds(place))

    def _rows_ds(
        self, origins: Snapped, destinations: Snapped, which: Int64s, limit_ds: int = IMPASSABLE - 1
    ) -> Iterator[tuple[int, Int32s]]:
        """Rows of the matrix, one at a time, with regard to what changes after the departure."""
        if self.changing is None:
            return iter(())
        return self.changing.rows_ds(self._places(origins), self._places(destinations), which, limit_ds)

    def _ends(self, origins: Snapped, destinations: Snapped) -> tuple[Seeds, Seeds, Direct]:
        """Ways from the origins, to the destinations and directly between them, with access to the road."""
        out, into = departures(self.conditions, origins), arrivals(self.conditions, destinations)
        along = direct(self.conditions, origins, destinations)
        out_ds, into_ds = self.access_ds(origins), self.access_ds(destinations)
        along_ds = along.ds + out_ds[along.origin] + into_ds[along.destination]
        return (
            out.later(out_ds),
            into.later(into_ds),
            replace(along, ds=np.minimum(along_ds, IMPASSABLE).astype(np.int32)),
        )


def _seconds(ds: Int32s) -> Floats:
    """Deciseconds as seconds, ``inf`` where there is no road."""
    return np.where(ds < IMPASSABLE, ds / 10, np.inf)


def whole_ds(limit_s: float) -> int:
    """The most whole deciseconds that a limit admits (inclusive), at most those that a road time can have."""
    if not limit_s >= 0:
        raise ValueError(f"limit: want seconds, at least 0, got {limit_s}")
    nearest_ds = round(min(limit_s * 10, IMPASSABLE - 1))
    return nearest_ds if nearest_ds / 10 <= limit_s else nearest_ds - 1


def _one(place: Places) -> Places:
    """One place, a pair of numbers made into shape (1, 2)."""
    one = place if isinstance(place, Snapped) else np.asarray(place, np.float64).reshape(-1, 2)
    if len(one) != 1:
        raise ValueError(f"want one place, got {len(one)}")
    return one
