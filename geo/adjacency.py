"""Arcs of a road graph sorted by the junction they leave or enter: made once per graph, for every vehicle."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from geo._kernels.dijkstra import Arcs
from geo.roads import Int32s, Int64s, RoadGraph


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Star:
    """Arcs by junction: those of junction ``v`` are ``arc[start[v]:start[v + 1]]`` and lead to ``head``."""

    start: Int64s
    head: Int32s
    arc: Int32s

    def weighed(self, weights_ds: Int32s) -> Arcs:
        """The arcs with their driving times; ``weights_ds`` by arc number, shape (2 e,)."""
        return Arcs(self.start, self.head, weights_ds[self.arc])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Adjacency:
    """Junctions at both ends of each arc, shape (2 e,), and the arcs that leave and enter each junction.

    In ``entering`` the ``head`` of an arc is the junction it comes from: the graph driven backwards.
    """

    tail: Int32s
    head: Int32s
    leaving: Star
    entering: Star


@lru_cache(maxsize=4)
def adjacency(roads: RoadGraph) -> Adjacency:
    """The adjacency of a road graph; the last few graphs are remembered."""
    tail = np.stack((roads.edge_from, roads.edge_to), axis=1).ravel()
    head = np.stack((roads.edge_to, roads.edge_from), axis=1).ravel()
    return Adjacency(
        tail=tail,
        head=head,
        leaving=_star(tail, head, roads.junctions),
        entering=_star(head, tail, roads.junctions),
    )


def _star(tail: Int32s, head: Int32s, junctions: int) -> Star:
    arc = np.argsort(tail, kind="stable").astype(np.int32)
    start = np.searchsorted(tail[arc], np.arange(junctions + 1))
    return Star(start=start, head=np.ascontiguousarray(head[arc], np.int32), arc=arc)
