"""Where outside forces wait: a place on a road, outside every zone, upwind or crosswind of the incident."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely

from geo.roads import RoadGraph
from geo.travel import TravelTimes
from optimizer.problem import Bools, Floats, Int64s
from scenarios.doctrine import StagingRule
from scenarios.hazards.local_plane import LocalPlane
from scenarios.hazards.zones import HazardZone
from scenarios.kept import Kept

FIRST_TRIED, MOST_TRIED = 20, 400
"""So many of the nearest places are compared by who can reach them; the larger number where one of the first
few is not reached by all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """A staging area.

    Parameters
    ----------
    lon, lat
        On a road.
    distance_m
        From the incident.
    off_downwind_deg
        Angle off the way the cloud goes, 0 to 180; ``None`` without a direction.
    side
        ``upwind`` from 120 degrees off the way of the cloud on, ``crosswind`` before, ``any`` without wind.
    reached_by
        How many of the teams asked can reach it.
    street
        Name of the road; may be empty.
    """

    lon: float
    lat: float
    distance_m: float
    off_downwind_deg: float | None
    side: str
    reached_by: int
    street: str


UPWIND_DEG = 120.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wanted:
    """An incident that needs a place to wait: where it is, where its cloud goes, what the doctrine says."""

    lonlat: Floats
    downwind_deg: float | None
    rule: StagingRule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Near:
    """Junctions that may be used, nearest first; distance and angle of every junction."""

    junction: Int64s
    distance_m: Floats
    off_deg: Floats


def staging_areas(
    roads: RoadGraph,
    travel: Mapping[str, TravelTimes],
    teams: Sequence[tuple[str, float, float]],
    *,
    wanted: Sequence[Wanted],
    zones: Sequence[HazardZone],
) -> tuple[Staging | None, ...]:
    """For each incident the nearest place on a road that most teams can reach; ``None`` where there is none.

    Places are junctions of roads at least ``margin_m`` outside every zone of ``zones``, at most ``at_most_m``
    from the incident and, where the wind has a direction, at least ``off_downwind_deg`` off the way the cloud
    goes; on equal distance the lower junction. ``teams``: vehicle class, longitude and latitude of each.
    """
    key = (
        roads,
        tuple(travel.items()),
        tuple(teams),
        tuple(map(_place, wanted)),
        tuple(zone.polygon.wkb for zone in zones),
    )
    return _AREAS.of(key, lambda: _areas(roads, travel, teams, wanted, zones))


_AREAS: Kept[tuple[Staging | None, ...]] = Kept(64)
_NEAR: Kept[_Near] = Kept(64)
"""Junctions of incidents: they follow from the zones, wherever the teams are."""


def _place(wanted: Wanted) -> tuple[bytes, float | None, StagingRule]:
    return wanted.lonlat.tobytes(), wanted.downwind_deg, wanted.rule


def _areas(
    roads: RoadGraph,
    travel: Mapping[str, TravelTimes],
    teams: Sequence[tuple[str, float, float]],
    wanted: Sequence[Wanted],
    zones: Sequence[HazardZone],
) -> tuple[Staging | None, ...]:
    grounds = frozenset(zone.polygon.wkb for zone in zones)
    near = [_NEAR.of((roads, *_place(one), grounds), partial(_near, roads, one, zones)) for one in wanted]
    reached = _reached_by(roads, travel, teams, [one.junction[:FIRST_TRIED] for one in near])
    again = [k for k, found in enumerate(reached) if len(found) and found.max() < len(teams)]
    for k, found in zip(
        again, _reached_by(roads, travel, teams, [near[k].junction for k in again]), strict=True
    ):
        reached[k] = found
    return tuple(
        _best(roads, one, place, found) for one, place, found in zip(wanted, near, reached, strict=True)
    )


def _near(roads: RoadGraph, wanted: Wanted, zones: Sequence[HazardZone]) -> _Near:
    plane, rule = LocalPlane(float(wanted.lonlat[0]), float(wanted.lonlat[1])), wanted.rule
    metres = plane.metres(roads.junction_lonlat)
    distance_m = np.hypot(metres[:, 0], metres[:, 1])
    off_deg = _off_downwind_deg(metres, wanted.downwind_deg)
    allowed = distance_m <= rule.at_most_m
    if wanted.downwind_deg is not None and rule.off_downwind_deg is not None:
        allowed &= off_deg >= rule.off_downwind_deg
    near = np.flatnonzero(allowed)
    near = near[~_inside(plane, zones, metres[near], rule.margin_m)]
    near = near[np.argsort(distance_m[near], kind="stable")][:MOST_TRIED]
    return _Near(junction=near, distance_m=distance_m, off_deg=off_deg)


def _best(roads: RoadGraph, wanted: Wanted, near: _Near, reached: Int64s) -> Staging | None:
    """The nearest of the junctions that most teams reach."""
    if not reached.any():
        return None
    best = int(np.argmax(reached))
    junction = int(near.junction[best])
    off = None if wanted.downwind_deg is None else round(float(near.off_deg[junction]), 1)
    return Staging(
        lon=round(float(roads.junction_lonlat[junction, 0]), 7),
        lat=round(float(roads.junction_lonlat[junction, 1]), 7),
        distance_m=round(float(near.distance_m[junction]), 1),
        off_downwind_deg=off,
        side="any" if off is None else ("upwind" if off >= UPWIND_DEG else "crosswind"),
        reached_by=int(reached[best]),
        street=_street(roads, junction),
    )


def _off_downwind_deg(metres: Floats, downwind_deg: float | None) -> Floats:
    """Angle between each place and the way of the cloud, 0 to 180 degrees."""
    bearing = np.degrees(np.arctan2(metres[:, 0], metres[:, 1]))
    turned = (bearing - (downwind_deg or 0.0) + 180.0) % 360.0 - 180.0
    return np.abs(turned)


def _inside(plane: LocalPlane, zones: Sequence[HazardZone], metres: Floats, margin_m: float) -> Bools:
    """Which places lie in a zone or nearer to it than the margin."""
    hit = np.zeros(len(metres), np.bool_)
    for zone in zones:
        area = shapely.transform(zone.polygon, plane.metres)
        hit |= np.asarray(shapely.dwithin(area, shapely.points(metres), margin_m), np.bool_)
    return hit


def _reached_by(
    roads: RoadGraph,
    travel: Mapping[str, TravelTimes],
    teams: Sequence[tuple[str, float, float]],
    junctions: Sequence[Int64s],
) -> list[Int64s]:
    """How many teams reach each junction of each list; the matrices are asked for once for all lists."""
    which, back = np.unique(np.concatenate([np.empty(0, np.int64), *junctions]), return_inverse=True)
    reached = np.zeros(len(which), np.int64)
    for vehicle, times in travel.items():
        origins = np.array([(lon, lat) for one, lon, lat in teams if one == vehicle], np.float64)
        if len(origins) and len(which):
            reached += np.isfinite(times.matrix_s(origins, roads.junction_lonlat[which])).sum(axis=0)
    ends = np.cumsum([len(one) for one in junctions])[:-1]
    return np.split(reached[back], ends) if len(junctions) else []


def _street(roads: RoadGraph, junction: int) -> str:
    """The first named road at a junction."""
    edges = np.flatnonzero((roads.edge_from == junction) | (roads.edge_to == junction))
    names = (roads.road_names[int(roads.road[edge])] for edge in edges)
    return next((name for name in names if name), "")
