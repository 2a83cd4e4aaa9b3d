"""Closures: which roads are shut or slowed, where, for whom and when.

Water slows a vehicle to ``v_free (1 - w / w0)^2`` at depth ``w`` below its wading limit ``w0`` and stops it
at and beyond ``w0``: the parabola of Pregnolato et al. 2017, doi:10.1016/j.trd.2017.06.020 (there 87 km/h and
0.3 m), written for any speed and limit. Where several closures hit an edge, the strictest holds, so their
order does not matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import Fault, InputError, refuse
from geo.metric import IMPASSABLE
from geo.roads import Bools, Floats, Int32s, Int64s, RoadGraph
from geo.vehicles import VehicleClass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closure:
    """Roads shut or slowed; exactly one of ``closed``, ``speed_factor``, ``depth_m`` says how.

    Parameters
    ----------
    polygon
        Hits every edge whose geometry it touches, bridges excepted.
    road_ids, edges
        Records of the roads layer, all their edges, and single edges; bridges named so are hit.
    closed
        Nobody passes.
    speed_factor
        Factor on the speed, above 0, at most 1.
    depth_m
        Depth of water: closed at and beyond the vehicle's wading limit, slowed before.
    vehicle_classes
        Ids of the vehicle classes it holds for; ``None`` = all.
    valid_from, valid_to
        In force from and to these instants, inclusive, with time zone; ``None`` = without beginning or end.

    Raises
    ------
    InputError
        N204 effect, N205 place, N206 times: all that is wrong with it at once.
    """

    id: str
    polygon: BaseGeometry | None = None
    road_ids: tuple[str, ...] = ()
    edges: tuple[int, ...] = ()
    closed: bool = False
    speed_factor: float | None = None
    depth_m: float | None = None
    vehicle_classes: tuple[str, ...] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None

    def __post_init__(self) -> None:
        found = (self._effect_fault(), self._place_fault(), self._time_fault())
        if faults := [fault for fault in found if fault]:
            raise InputError(faults)

    def passing_share(self, vehicle: VehicleClass) -> float:
        """What is left of the vehicle's speed where this closure holds: 1 unhindered, 0 stopped."""
        if self.vehicle_classes is not None and vehicle.id not in self.vehicle_classes:
            return 1.0
        if self.closed:
            return 0.0
        if self.speed_factor is not None:
            return self.speed_factor
        assert self.depth_m is not None
        if self.depth_m >= vehicle.wading_limit_m:
            return 0.0
        return float((1 - self.depth_m / vehicle.wading_limit_m) ** 2)

    def in_force(self, at: datetime | None, until: datetime | None = None) -> bool:
        """Whether it holds at an instant (with time zone), or at any up to another, both inclusive.

        ``None`` asks for no instant: it holds.
        """
        if at is None:
            return True
        begun = self.valid_from is None or self.valid_from <= (until or at)
        return begun and (self.valid_to is None or at <= self.valid_to)

    def _effect_fault(self) -> Fault | None:
        slowed = self.speed_factor is not None
        wet = self.depth_m is not None
        wrong = slowed and not 0 < (self.speed_factor or 0) <= 1
        wrong |= self.depth_m is not None and not 0 <= self.depth_m < np.inf
        if self.closed + slowed + wet == 1 and not wrong:
            return None
        return self._fault(
            "N204",
            found=f"closed {self.closed}, speed factor {self.speed_factor}, depth {self.depth_m} m",
            wanted="exactly one of closed, a speed factor above 0 and at most 1, a depth of 0 m or more",
            fix="Say in one way what the closure does.",
        )

    def _place_fault(self) -> Fault | None:
        if self.polygon is None:
            found = "" if self.road_ids or self.edges else "no place"
        elif self.polygon.is_empty or self.polygon.geom_type not in ("Polygon", "MultiPolygon"):
            found = f"a geometry without area ({self.polygon.geom_type})"
        else:
            found = "" if self.polygon.is_valid else shapely.is_valid_reason(self.polygon)
        wanted = "a valid polygon, road ids or edges"
        return (
            self._fault("N205", found=found, wanted=wanted, fix="Draw or name the place.") if found else None
        )

    def _time_fault(self) -> Fault | None:
        given = [t for t in (self.valid_from, self.valid_to) if t is not None]
        naive = any(t.tzinfo is None for t in given)
        if not naive and given == sorted(given):
            return None
        return self._fault(
            "N206",
            found=" to ".join(t.isoformat() for t in given),
            wanted="times with their time zone, not the end before the beginning",
            fix="Write times like 2026-01-15T02:10:00+08:00.",
        )

    def _fault(self, code: str, *, found: str, wanted: str, fix: str) -> Fault:
        return Fault(code=code, where=f"closure {self.id}", found=found, wanted=wanted, fix=fix)


def closed_weights_ds(
    roads: RoadGraph,
    vehicle: VehicleClass,
    weights_ds: Int32s,
    closures: Sequence[Closure],
    at: datetime | None = None,
) -> Int32s:
    """Arc weights with closures applied to the open ones, deciseconds, shape (2 e,).

    ``at``: only closures in force at that instant count; ``None`` counts all.

    Raises
    ------
    InputError
        N207 for road ids and edges that the graph does not have.
    """
    return slowed_ds(weights_ds, _speed_share(roads, vehicle, _in_force(roads, closures, at)).repeat(2))


def slowed_ds(weights_ds: Int32s, share: Floats) -> Int32s:
    """Arc weights with a share of speed left to each: weight / share, halves up, below ``IMPASSABLE``.

    ``IMPASSABLE`` where nothing is left, or already was. Both of one shape.
    """
    slowed = np.divide(weights_ds, share, out=np.full(len(share), np.inf), where=share > 0)
    rounded = np.minimum(np.floor(slowed + 0.5), IMPASSABLE - 1)
    shut = (share == 0) | (weights_ds >= IMPASSABLE)
    return np.where(shut, IMPASSABLE, rounded).astype(np.int32)


def inside_closed(
    roads: RoadGraph, vehicle: VehicleClass, closures: Sequence[Closure], at: datetime | None = None
) -> Bools:
    """Junctions in or on the border of a polygon that is closed to the vehicle, shape (n,)."""
    inside = np.zeros(roads.junctions, np.bool_)
    for closure in _in_force(roads, closures, at):
        if closure.polygon is not None and closure.passing_share(vehicle) == 0:
            hit = _junction_tree(roads).query(closure.polygon, predicate="intersects")
            inside[hit] = True
    return inside


def shut_by_name(
    roads: RoadGraph, vehicle: VehicleClass, closures: Sequence[Closure], at: datetime | None = None
) -> Bools:
    """Edges closed to the vehicle by closures that name roads and draw no area, shape (e,).

    A bridge that is down stays down for those who leave a closed area, too.
    """
    shut = np.zeros(roads.edges, np.bool_)
    for closure in _in_force(roads, closures, at):
        if closure.polygon is None and closure.passing_share(vehicle) == 0:
            shut[closed_edges(roads, closure)] = True
    return shut


def checked_instant(at: datetime | None) -> datetime | None:
    """An instant with its time zone, or ``None``; raises ``InputError`` N206 for one without."""
    if at is not None and at.tzinfo is None:
        raise refuse(
            "N206",
            where="departure",
            found=at.isoformat(),
            wanted="a time with its time zone",
            fix="Write times like 2026-01-15T02:10:00+08:00.",
        )
    return at


def _in_force(roads: RoadGraph, closures: Sequence[Closure], at: datetime | None) -> list[Closure]:
    if faults := [fault for closure in closures for fault in _unknown(roads, closure)]:
        raise InputError(faults)
    return [closure for closure in closures if closure.in_force(at)]


def _unknown(roads: RoadGraph, closure: Closure) -> Iterable[Fault]:
    known = _road_numbers(roads)
    strangers = [f"road {name}" for name in closure.road_ids if name not in known]
    strangers += [f"edge {edge}" for edge in closure.edges if not 0 <= edge < roads.edges]
    for stranger in strangers:
        yield Fault(
            code="N207",
            where=f"closure {closure.id}",
            found=stranger,
            wanted="a road or an edge of this region",
            fix="Look up the id in the roads layer.",
        )


def _speed_share(roads: RoadGraph, vehicle: VehicleClass, closures: Iterable[Closure]) -> Floats:
    share = np.ones(roads.edges)
    for closure in closures:
        left = closure.passing_share(vehicle)
        if left < 1:
            hit = closed_edges(roads, closure)
            share[hit] = np.minimum(share[hit], left)
    return share


def closed_edges(roads: RoadGraph, closure: Closure) -> Int64s:
    """Edges that a closure hits, whether or not it stops anybody, in order, shape (k,)."""
    hit = np.zeros(roads.edges, np.bool_)
    if closure.polygon is not None:
        hit[_edge_tree(roads).query(closure.polygon, predicate="intersects")] = True
        hit &= ~roads.bridge
    known = _road_numbers(roads)
    hit |= np.isin(roads.road, [known[name] for name in closure.road_ids])
    hit[list(closure.edges)] = True
    return np.flatnonzero(hit)


@lru_cache(maxsize=4)
def _edge_tree(roads: RoadGraph) -> shapely.STRtree:
    edge_of_shape = np.repeat(np.arange(roads.edges), np.diff(roads.shape_start))
    return shapely.STRtree(np.asarray(shapely.linestrings(roads.shape_lonlat, indices=edge_of_shape)))


@lru_cache(maxsize=4)
def _junction_tree(roads: RoadGraph) -> shapely.STRtree:
    return shapely.STRtree(np.asarray(shapely.points(roads.junction_lonlat)))


@lru_cache(maxsize=4)
def _road_numbers(roads: RoadGraph) -> dict[str, int]:
    return {name: number for number, name in enumerate(roads.road_ids)}
