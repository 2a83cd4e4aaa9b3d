"""Answers made from pieces of a time table, so that the whole of it is never held."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.dijkstra import Block
from geo.roads import Floats, Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Which points are covered by which stations: sparse pairs sorted by point, then station, shape (k,)."""

    point: Int64s
    station: Int64s


def merge_nearest(best: tuple[Int64s, Floats], block: Block, seconds: Floats) -> None:
    """Put the stations of a block among the best of its points, in place.

    ``best``: stations and seconds, both of shape (points, k), ascending; blocks come with ascending stations,
    so that a stable sort leaves the lower station first on equal times.
    """
    station, best_s = (array[block.destinations] for array in best)
    k = station.shape[1]
    newcomers = np.broadcast_to(np.arange(block.origins.start, block.origins.stop), seconds.T.shape)
    all_s = np.concatenate((best_s, seconds.T), axis=1)
    all_stations = np.concatenate((station, np.where(np.isinf(seconds.T), -1, newcomers)), axis=1)
    order = np.argsort(all_s, axis=1, kind="stable")[:, :k]
    station[:] = np.take_along_axis(all_stations, order, axis=1)
    best_s[:] = np.take_along_axis(all_s, order, axis=1)


def pairs_within(block: Block, seconds: Floats, limit_s: float) -> Pairs:
    """Pairs of a block that arrive within a limit (inclusive)."""
    station, point = np.nonzero(seconds <= limit_s)
    return Pairs(point=point + block.destinations.start, station=station + block.origins.start)


def sorted_pairs(parts: Sequence[Pairs]) -> Pairs:
    """All pairs of several blocks in one order."""
    point = np.concatenate([part.point for part in parts]) if parts else np.empty(0, np.int64)
    station = np.concatenate([part.station for part in parts]) if parts else np.empty(0, np.int64)
    order = np.lexsort((station, point))
    return Pairs(point=point[order], station=station[order])
