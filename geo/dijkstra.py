"""The first engine behind ``TravelTimes``: one Dijkstra search for each place of the smaller side.

Another engine fits in its place when it has the same two methods, ``blocks`` and ``tree``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo._kernels.dijkstra import UNREACHED, Arcs, Seeds, search, table_ds
from geo.conditions import Conditions
from geo.ends import Direct, arrivals, departures, direct
from geo.roads import Int32s, Int64s
from geo.snap import Snapped

BLOCK_ENTRIES = 1 << 22
"""Entries of a time table computed at once: 16 MB of int32 bound the memory of fused answers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Road times between some origins and some destinations, without access to the road.

    ``ds[i, j]`` is from ``origins.start + i`` to ``destinations.start + j``, deciseconds; ``UNREACHED`` where
    there is no road or it takes longer than the limit.
    """

    origins: slice
    destinations: slice
    ds: Int32s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """Least times from one place, deciseconds, shape (n,), ``UNREACHED`` = not reached.

    ``parent``: last arc driven to each junction, -1 where the drive began there or it was not reached.
    """

    ds: Int32s
    parent: Int32s


class Dijkstra:
    """Exact least road times under one set of conditions."""

    def __init__(self, conditions: Conditions) -> None:
        self.conditions = conditions

    def blocks(
        self,
        origins: Snapped,
        destinations: Snapped,
        *,
        limit_ds: int = UNREACHED - 1,
        entries: int = BLOCK_ENTRIES,
    ) -> Iterator[Block]:
        """Road times from every origin to every destination within the limit (inclusive), piece by piece.

        The pieces, of about ``entries``, come in ascending order of origins, or of destinations where these
        are fewer.
        """
        out, into = departures(self.conditions, origins), arrivals(self.conditions, destinations)
        along = direct(self.conditions, origins, destinations)
        if len(origins) <= len(destinations):
            for part in _parts(len(origins), max(1, entries // max(1, len(destinations)))):
                ds = table_ds(self._leaving, _seeds_of(out, part), into, limit_ds)
                yield _with_direct(part, slice(0, len(destinations)), ds, along, limit_ds)
        else:
            for part in _parts(len(destinations), max(1, entries // max(1, len(origins)))):
                ds = table_ds(self._entering, _seeds_of(into, part), out, limit_ds).T
                yield _with_direct(slice(0, len(origins)), part, ds, along, limit_ds)

    def tree(self, seeds: Seeds, *, limit_ds: int = UNREACHED - 1, backward: bool = False) -> Tree:
        """Least times from one place, or ``backward`` to it, at every junction within the limit (inclusive).

        Backward, ``parent`` is the arc that leaves a junction towards the place.
        """
        arcs = self._entering if backward else self._leaving
        ds, last = np.empty(len(arcs.start) - 1, np.int32), np.empty(len(arcs.start) - 1, np.int32)
        search(arcs, seeds.junction, seeds.ds, limit_ds, ds, last)
        star = self.conditions.adjacency.entering if backward else self.conditions.adjacency.leaving
        return Tree(ds=ds, parent=np.where(last >= 0, star.arc[last], np.int32(-1)))

    @cached_property
    def _leaving(self) -> Arcs:
        return self.conditions.adjacency.leaving.weighed(self.conditions.now_ds)

    @cached_property
    def _entering(self) -> Arcs:
        return self.conditions.adjacency.entering.weighed(self.conditions.now_ds)


def _parts(searches: int, step: int) -> Iterator[slice]:
    for begin in range(0, searches, step):
        yield slice(begin, min(searches, begin + step))


def _seeds_of(seeds: Seeds, part: slice) -> Seeds:
    return Seeds(seeds.start[part.start : part.stop + 1], seeds.junction, seeds.ds)


def _with_direct(origins: slice, destinations: slice, ds: Int32s, along: Direct, limit_ds: int) -> Block:
    here = (along.origin >= origins.start) & (along.origin < origins.stop) & (along.ds <= limit_ds)
    here &= (along.destination >= destinations.start) & (along.destination < destinations.stop)
    at: tuple[Int64s, Int64s] = (
        along.origin[here] - origins.start,
        along.destination[here] - destinations.start,
    )
    ds[at] = np.minimum(ds[at], along.ds[here])
    return Block(origins=origins, destinations=destinations, ds=ds)
