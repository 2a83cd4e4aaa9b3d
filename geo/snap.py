"""Snapping: the nearest point on a road, for every place asked.

Distances are measured on the ellipsoidal Mercator projection (Snyder 1987, USGS Professional Paper 1395,
eq. 7-7), which is conformal: near a place it is a map at one scale, so what is nearest on it is nearest on
the ground, and metres are projected lengths times the scale at that latitude.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from geo.errors import Fault, InputError, refuse
from geo.roads import Bools, Floats, Int32s, Int64s, RoadGraph

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1 / 298.257223563
"""Ellipsoid of WGS84."""

AT_JUNCTION_M = 0.05
"""A place meets the road at a junction when that is so near: coordinates have seven decimals at the worst."""

_E2 = FLATTENING * (2 - FLATTENING)
_MAX_LAT = 85.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapped:
    """Where ``p`` places meet the road.

    Parameters
    ----------
    edge
        Edge of each place, shape (p,).
    fraction
        Place on the edge as a share of its length, from 0 (its first junction) to 1, shape (p,).
    access_m
        Straight distance between the place and its point on the road, metres, shape (p,).
    lonlat
        The points on the road, shape (p, 2).
    """

    edge: Int32s
    fraction: Floats
    access_m: Floats
    lonlat: Floats

    def __post_init__(self) -> None:
        for array in (self.edge, self.fraction, self.access_m, self.lonlat):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.edge)


def snap(roads: RoadGraph, points_lonlat: Floats, *, usable: Bools) -> Snapped:
    """Nearest point on a usable edge for each point, shape (p, 2).

    Equally near: the lowest edge, then the lowest fraction. Within ``AT_JUNCTION_M`` of an end of its edge
    the fraction is exactly 0 or 1. The answer for one point depends on ``roads`` and ``usable``, shape (e,),
    alone, never on the other points. The index of ``roads`` and the last answers are kept between calls.

    Raises
    ------
    InputError
        N201 for points that are not numbers, N202 for points off the map (beyond longitude 180 or latitude
        85), N203 where no edge is usable.
    """
    points = checked_points(points_lonlat)
    if not usable.any():
        raise refuse(
            "N203",
            where="roads",
            found="no road that the vehicle may use",
            wanted="at least one",
            fix="Check the access, weight and height limits of the roads and the vehicle class.",
        )
    return _snapped(roads, np.packbits(usable).tobytes(), points.tobytes())


def checked_points(points_lonlat: Floats) -> Floats:
    """The points as a fresh float64 array of shape (p, 2); raises as ``snap`` does."""
    points = np.array(points_lonlat, np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"points_lonlat: want shape (p, 2), got {points.shape}")
    missing = ~np.isfinite(points).all(axis=1)
    away = ~missing & ((abs(points[:, 0]) > 180) | (abs(points[:, 1]) > _MAX_LAT))
    faults = [_fault("N201", i, points[i]) for i in np.flatnonzero(missing).tolist()]
    faults += [_fault("N202", i, points[i]) for i in np.flatnonzero(away).tolist()]
    if faults:
        raise InputError(faults)
    return points


def _fault(code: str, index: int, point: Floats) -> Fault:
    return Fault(
        code=code,
        where=f"point {index}",
        found=f"longitude {point[0]}, latitude {point[1]}",
        wanted="degrees: longitude -180 to 180, latitude -85 to 85",
        fix="Give the place WGS84 coordinates in the order longitude, latitude.",
    )


@lru_cache(maxsize=256)
def _snapped(roads: RoadGraph, usable_bits: bytes, points_bytes: bytes) -> Snapped:
    """The same places are asked for again and again: stations, teams at their bases, villages."""
    points = np.frombuffer(points_bytes, np.float64).reshape(-1, 2)
    return _nearest(_segments(roads, usable_bits), points)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Segments:
    """Straight pieces of usable edges, projected; piece ``i`` runs from ``start[i]`` to ``end[i]``."""

    tree: shapely.STRtree
    start: Floats
    end: Floats
    edge: Int32s
    fraction: Floats  # of the edge at the start and at the end of the piece, shape (pieces, 2)
    length_m: Floats  # of the edge as drawn


@lru_cache(maxsize=16)
def _segments(roads: RoadGraph, usable_bits: bytes) -> _Segments:
    usable = np.unpackbits(np.frombuffer(usable_bits, np.uint8), count=roads.edges).astype(np.bool_)
    edge_of_shape = np.repeat(np.arange(roads.edges, dtype=np.int32), np.diff(roads.shape_start))
    same_edge = edge_of_shape[:-1] == edge_of_shape[1:]
    at = np.flatnonzero(same_edge & usable[edge_of_shape[:-1]])
    xy = project(roads.shape_lonlat)
    fraction, length_m = _fractions(roads, xy, same_edge)
    start, end = xy[at], xy[at + 1]
    pieces = np.asarray(shapely.linestrings(np.stack((start, end), axis=1)), np.object_)
    return _Segments(
        tree=shapely.STRtree(pieces),
        start=start,
        end=end,
        edge=edge_of_shape[at],
        fraction=np.stack((fraction[at], fraction[at + 1]), axis=1),
        length_m=length_m[at],
    )


def _fractions(roads: RoadGraph, xy: Floats, same_edge: Bools) -> tuple[Floats, Floats]:
    """Share of its edge's length at which each shape point stands, and that length, both of shape (s,)."""
    length = np.zeros(len(xy))
    middle_lat = (roads.shape_lonlat[1:, 1] + roads.shape_lonlat[:-1, 1]) / 2
    length[1:] = np.hypot(*(xy[1:] - xy[:-1]).T) * ground_scale(middle_lat) * same_edge
    run = np.cumsum(length)
    first, last = roads.shape_start[:-1], roads.shape_start[1:] - 1
    counts = np.diff(roads.shape_start)
    total = np.repeat(run[last] - run[first], counts)
    share = np.divide(run - np.repeat(run[first], counts), total, out=np.zeros(len(xy)), where=total > 0)
    share[last[run[last] > run[first]]] = 1.0
    return np.clip(share, 0.0, 1.0), total


def _nearest(segments: _Segments, points_lonlat: Floats) -> Snapped:
    xy = project(points_lonlat)
    point, piece = segments.tree.query_nearest(shapely.points(xy), all_matches=True)
    start, along = segments.start[piece], segments.end[piece] - segments.start[piece]
    share = _share_along(xy[point] - start, along)
    low, high = segments.fraction[piece].T
    fraction = _at_ends(low + share * (high - low), segments.length_m[piece])
    order = np.lexsort((fraction, segments.edge[piece], point))
    best: Int64s = order[np.searchsorted(point[order], np.arange(len(xy)))]
    on_road = start[best] + share[best, None] * along[best]
    lonlat = unproject(on_road)
    return Snapped(
        edge=segments.edge[piece[best]],
        fraction=fraction[best],
        access_m=distance_m(lonlat, points_lonlat),
        lonlat=lonlat,
    )


def _at_ends(fraction: Floats, length_m: Floats) -> Floats:
    near_end = np.where((1 - fraction) * length_m <= AT_JUNCTION_M, 1.0, fraction)
    return np.where(fraction * length_m <= AT_JUNCTION_M, 0.0, near_end)


def _share_along(offset: Floats, along: Floats) -> Floats:
    squared = (along**2).sum(axis=1)
    share = np.divide((offset * along).sum(axis=1), squared, out=np.zeros(len(squared)), where=squared > 0)
    clipped: Floats = np.clip(share, 0.0, 1.0)
    return clipped


def distance_m(from_lonlat: Floats, to_lonlat: Floats) -> Floats:
    """Straight metres between points near each other, both of shape (p, 2)."""
    apart = np.hypot(*(project(to_lonlat) - project(from_lonlat)).T)
    metres: Floats = apart * ground_scale((from_lonlat[:, 1] + to_lonlat[:, 1]) / 2)
    return metres


def project(lonlat: Floats) -> Floats:
    """Ellipsoidal Mercator coordinates, metres at the equator, shape (p, 2)."""
    e, lat = np.sqrt(_E2), np.radians(lonlat[:, 1])
    y = np.arcsinh(np.tan(lat)) - e * np.arctanh(e * np.sin(lat))
    return SEMI_MAJOR_M * np.stack((np.radians(lonlat[:, 0]), y), axis=1)


def unproject(xy: Floats) -> Floats:
    """Longitude and latitude of Mercator coordinates, shape (p, 2); the inverse of ``project``."""
    e, y = np.sqrt(_E2), xy[:, 1] / SEMI_MAJOR_M
    lat = np.arctan(np.sinh(y))
    for _ in range(6):  # each round gains more than two digits: the eccentricity squared is 0.0067
        lat = np.arctan(np.sinh(y + e * np.arctanh(e * np.sin(lat))))
    return np.stack((np.degrees(xy[:, 0] / SEMI_MAJOR_M), np.degrees(lat)), axis=1)


def ground_scale(lat_deg: Floats) -> Floats:
    """Metres on the ground for one projected metre at a latitude."""
    lat = np.radians(lat_deg)
    scale: Floats = np.cos(lat) / np.sqrt(1 - _E2 * np.sin(lat) ** 2)
    return scale
