"""Travel times of one vehicle class on one road graph: matrices, nearest, covered, routes, reach.

A time is access + road + access: the straight way between each place and its road at the vehicle's
``off_road_kmh``, and the quickest drive between the two points on the road. Inside, all of it is whole
deciseconds, so that sums are exact; outside, float64 seconds, ``inf`` where there is no road. The access
counts at both ends, also between two places that meet the road at one point. Forbidden turns are not
regarded by this engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from geo._kernels.dijkstra import UNREACHED
from geo.adjacency import adjacency
from geo.conditions import Conditions
from geo.dijkstra import Block, Dijkstra
from geo.metric import IMPASSABLE, arc_weights_ds
from geo.roads import Floats, Int64s, RoadGraph
from geo.snap import Snapped, snap
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

    def matrix_s(self, origins: Places, destinations: Places) -> Floats:
        """Seconds from every origin to every destination, shape (n, m)."""
        ...

    def nearest(self, stations: Places, points: Places, k: int) -> tuple[Int64s, Floats]:
        """The ``k`` stations that are first at each point, and their seconds, both of shape (p, k)."""
        ...

    def covered(self, stations: Places, points: Places, limits_s: Sequence[float]) -> tuple[Pairs, ...]:
        """For each limit, the pairs of points and stations that arrive within it."""
        ...


class TravelTimes:
    """Travel times by Dijkstra's method; immutable, safe to share between threads.

    Parameters
    ----------
    roads, vehicle
        What is driven, by what. Work that depends on the roads alone is shared between vehicles.

    Attributes
    ----------
    conditions
        The metric in force, in deciseconds by arc.
    """

    def __init__(self, roads: RoadGraph, vehicle: VehicleClass) -> None:
        open_ds = arc_weights_ds(roads, vehicle)
        nowhere = np.zeros(roads.junctions, np.bool_)
        self.roads, self.vehicle = roads, vehicle
        self._use(Conditions(adjacency=adjacency(roads), open_ds=open_ds, now_ds=open_ds, inside=nowhere))

    def _use(self, conditions: Conditions) -> None:
        self.conditions = conditions
        self._engine = Dijkstra(conditions)

    def snap(self, places: Places) -> Snapped:
        """Where places meet the roads that the vehicle may ever use, ferries excepted; closures do not count.

        Raises
        ------
        InputError
            N201, N202, N203 as ``geo.snap.snap``.
        """
        if isinstance(places, Snapped):
            return places
        drivable = (self.conditions.open_ds < IMPASSABLE).reshape(-1, 2).any(axis=1)
        return snap(self.roads, places, usable=drivable & ~self.roads.ferry)

    def matrix_s(self, origins: Places, destinations: Places) -> Floats:
        """Seconds from every origin to every destination, shape (n, m), ``inf`` where there is no road."""
        origins, destinations = self.snap(origins), self.snap(destinations)
        seconds = np.full((len(origins), len(destinations)), np.inf)
        for block in self._engine.blocks(origins, destinations):
            seconds[block.origins, block.destinations] = self._seconds(block, origins, destinations)
        return seconds

    def access_ds(self, place: Snapped) -> Int64s:
        """Time between each place and its road, deciseconds, halves rounded up, shape (p,)."""
        return np.floor(place.access_m / (self.vehicle.off_road_kmh / 3.6) * 10 + 0.5).astype(np.int64)

    def _seconds(self, block: Block, origins: Snapped, destinations: Snapped) -> Floats:
        off_road = np.add.outer(
            self.access_ds(origins)[block.origins], self.access_ds(destinations)[block.destinations]
        )
        return np.where(block.ds < UNREACHED, (block.ds + off_road) / 10, np.inf)
