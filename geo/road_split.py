"""Lines cut into edges wherever a vertex is shared, as arrays; the geometry under ``geo.road_layer``."""

from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray

from geo.roads import Bools, Floats, Int32s, Int64s

PER_DEGREE = 10_000_000
"""Vertices are equal when they agree in 7 decimals of a degree, which is the precision of OpenStreetMap."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SplitLines:
    """Edges between junctions; ``e`` edges, ``n`` junctions, ``s`` shape points.

    Parameters
    ----------
    junction_lonlat
        WGS84 degrees, rounded to 7 decimals, shape (n, 2), from west to east, then from south to north.
    edge_from, edge_to
        Junction at the start and at the end, shape (e,).
    shape_start, shape_lonlat
        Geometry of the edges, ends included, shapes (e + 1,) and (s, 2).
    line
        Number of the line that an edge is a piece of, shape (e,), not decreasing.
    """

    junction_lonlat: Floats
    edge_from: Int32s
    edge_to: Int32s
    shape_start: Int64s
    shape_lonlat: Floats
    line: Int32s


def split_at_shared_vertices(lonlat: Floats, line: Int64s) -> SplitLines:
    """Cut lines at their ends and at each vertex that occurs more than once.

    ``lonlat`` holds the vertices of all lines one after the other, degrees, shape (v, 2); ``line`` the number
    of the line each belongs to, not decreasing, shape (v,). A vertex equal to the one before it is dropped; a
    line whose vertices all fall on one place yields no edge.
    """
    grid = np.round(lonlat * PER_DEGREE).astype(np.int64)
    key = (grid[:, 0] << 32) + grid[:, 1]
    kept = _without_repeats(key, line)
    grid, key, line = grid[kept], key[kept], line[kept]
    _, first, place, times = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    cut = _ends(line) | (times[place] > 1)
    is_junction = np.zeros(len(first), np.bool_)
    is_junction[place[cut]] = True
    number = np.cumsum(is_junction) - 1
    at = np.flatnonzero(cut)
    joined = line[at[:-1]] == line[at[1:]]
    start, end = at[:-1][joined], at[1:][joined]
    shape_start = np.concatenate([[0], np.cumsum(end - start + 1)])
    within = np.arange(shape_start[-1]) - np.repeat(shape_start[:-1], end - start + 1)
    return SplitLines(
        junction_lonlat=grid[first[is_junction]] / PER_DEGREE,
        edge_from=number[place[start]].astype(np.int32),
        edge_to=number[place[end]].astype(np.int32),
        shape_start=shape_start.astype(np.int64),
        shape_lonlat=grid[np.repeat(start, end - start + 1) + within] / PER_DEGREE,
        line=line[start].astype(np.int32),
    )


def edge_lengths_m(shape_start: Int64s, shape_lonlat: Floats) -> Floats:
    """Geodesic length of each edge on the WGS84 ellipsoid, metres, shape (e,).

    Karney (2013), doi:10.1007/s00190-012-0578-z, as computed by PROJ.
    """
    if len(shape_start) == 1:
        return np.zeros(0)
    lon, lat = shape_lonlat.T
    step_m = np.zeros(len(shape_lonlat))
    step_m[:-1] = pyproj.Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    step_m[shape_start[1:] - 1] = 0.0  # from the last point of an edge to the first of the next
    return np.add.reduceat(step_m, shape_start[:-1])


def _without_repeats(key: Int64s, line: Int64s) -> Bools:
    fresh = np.ones(len(key), np.bool_)
    fresh[1:] = (key[1:] != key[:-1]) | (line[1:] != line[:-1])
    alone: NDArray[np.bool_] = np.bincount(line[fresh], minlength=1)[line] == 1
    return fresh & ~alone


def _ends(line: Int64s) -> Bools:
    ends = np.ones(len(line), np.bool_)
    ends[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    return ends
