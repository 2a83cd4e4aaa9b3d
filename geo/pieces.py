"""Pieces of edges driven one after another: their geometry, length and street names."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from geo.roads import Floats, Int32s, RoadGraph
from geo.snap import ground_scale, project


class Piece(NamedTuple):
    """An edge driven from one share of its length to another; downwards is against its geometry."""

    edge: int
    begin: float
    end: float

    @property
    def arc(self) -> int:
        """Number of the arc driven."""
        return 2 * self.edge + (self.end < self.begin)


def whole(arc: int) -> Piece:
    """All of an arc."""
    return Piece(arc // 2, 0.0, 1.0) if arc % 2 == 0 else Piece(arc // 2, 1.0, 0.0)


def length_m(roads: RoadGraph, pieces: Sequence[Piece]) -> float:
    """Length of the drive on the ellipsoid, metres."""
    return float(sum(roads.length_m[p.edge] * abs(p.end - p.begin) for p in pieces))


def arcs(pieces: Sequence[Piece]) -> Int32s:
    """Numbers of the arcs driven, in order, partly driven ones included."""
    return np.array([p.arc for p in pieces], np.int32)


def streets(roads: RoadGraph, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Names of the streets driven, in order; roads without a name are left out."""
    names = (roads.road_names[roads.road[p.edge]] for p in pieces)
    return tuple(name for name, _ in groupby(name for name in names if name))


def geometry(roads: RoadGraph, pieces: Sequence[Piece]) -> Floats:
    """Longitude and latitude along the drive, no point twice in a row, shape (k, 2)."""
    if not pieces:
        return np.empty((0, 2))
    line = np.concatenate([shape(roads, piece) for piece in pieces])
    new = np.ones(len(line), np.bool_)
    new[1:] = (line[1:] != line[:-1]).any(axis=1)
    return line[new]


def shape(roads: RoadGraph, piece: Piece) -> Floats:
    """Geometry of one piece in the order driven, shape (k, 2)."""
    line = roads.shape_of(piece.edge)
    low, high = sorted((piece.begin, piece.end))
    if (low, high) != (0.0, 1.0):
        line = _between(line, low, high)
    return line if piece.begin <= piece.end else line[::-1]


def _between(line: Floats, low: float, high: float) -> Floats:
    share = shares(line)
    inner = line[(share > low) & (share < high)]
    ends = [[np.interp(at, share, line[:, axis]) for axis in (0, 1)] for at in (low, high)]
    return np.concatenate((ends[:1], inner, ends[1:]))


def shares(line: Floats) -> Floats:
    """Share of the line's length at which each of its points stands, shape (k,)."""
    xy = project(line)
    step = np.hypot(*(xy[1:] - xy[:-1]).T) * ground_scale((line[1:, 1] + line[:-1, 1]) / 2)
    run = np.concatenate(([0.0], np.cumsum(step)))
    return run / run[-1] if run[-1] > 0 else run
