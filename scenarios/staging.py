"""Where outside forces wait: a place on a road, outside every zone, upwind or crosswind of the incident."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.roads import RoadGraph
from geo.travel import TravelTimes
from optimizer.problem import Bools, Floats, Int64s
from scenarios.doctrine import StagingRule
from scenarios.hazards.local_plane import LocalPlane
from scenarios.hazards.zones import HazardZone

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


def staging_area(
    roads: RoadGraph,
    travel: Mapping[str, TravelTimes],
    teams: Sequence[tuple[str, float, float]],
    *,
    lonlat: Floats,
    zones: Sequence[HazardZone],
    downwind_deg: float | None,
    rule: StagingRule,
) -> Staging | None:
    """The nearest place on a road that as many teams as possible can reach; ``None`` where there is none.

    Places are junctions of roads at least ``margin_m`` outside every zone of ``zones``, at most ``at_most_m``
    from the incident and, where the wind has a direction, at least ``off_downwind_deg`` off the way the cloud
    goes; on equal distance the lower junction. ``teams``: vehicle class, longitude and latitude of each.
    """
    plane = LocalPlane(float(lonlat[0]), float(lonlat[1]))
    metres = plane.metres(roads.junction_lonlat)
    distance_m = np.hypot(metres[:, 0], metres[:, 1])
    off_deg = _off_downwind_deg(metres, downwind_deg)
    allowed = distance_m <= rule.at_most_m
    if downwind_deg is not None and rule.off_downwind_deg is not None:
        allowed &= off_deg >= rule.off_downwind_deg
    near = np.flatnonzero(allowed)
    near = near[~_inside(plane, zones, metres[near], rule.margin_m)]
    near = near[np.argsort(distance_m[near], kind="stable")][:MOST_TRIED]
    if not len(near):
        return None
    reached = _reached_by(travel, teams, roads.junction_lonlat[near[:FIRST_TRIED]])
    if reached.max() < len(teams):
        reached = _reached_by(travel, teams, roads.junction_lonlat[near])
    best = int(np.argmax(reached))
    if reached[best] == 0:
        return None
    junction = int(near[best])
    off = None if downwind_deg is None else round(float(off_deg[junction]), 1)
    return Staging(
        lon=round(float(roads.junction_lonlat[junction, 0]), 7),
        lat=round(float(roads.junction_lonlat[junction, 1]), 7),
        distance_m=round(float(distance_m[junction]), 1),
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
    travel: Mapping[str, TravelTimes], teams: Sequence[tuple[str, float, float]], places: Floats
) -> Int64s:
    reached = np.zeros(len(places), np.int64)
    for vehicle, times in travel.items():
        origins = np.array([(lon, lat) for one, lon, lat in teams if one == vehicle], np.float64)
        if len(origins):
            reached += np.isfinite(times.matrix_s(origins, places)).sum(axis=0)
    return reached


def _street(roads: RoadGraph, junction: int) -> str:
    """The first named road at a junction."""
    edges = np.flatnonzero((roads.edge_from == junction) | (roads.edge_to == junction))
    names = (roads.road_names[int(roads.road[edge])] for edge in edges)
    return next((name for name in names if name), "")
