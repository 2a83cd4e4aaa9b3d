"""Roads as the engine drives them: nodes and arcs, junctions split where turns are forbidden or take time.

Only junctions with such a turn are split. There every arc from which some turn is forbidden or slow ends in a
node of its own, every arc that leaves starts from a node of its own, and turn arcs join them;
drives that end at the junction have one more node. The other arcs enter the junction itself, as before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from geo.roads import Bools, Floats, Int32s, RoadGraph


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Nodes and arcs of ``n`` junctions and ``e`` edges, with ``t`` turn arcs and ``x`` nodes for them.

    Parameters
    ----------
    edge_from, edge_to
        Junctions of each edge, as in the road graph.
    tail, head
        Nodes of each arc, shape (2 e + t,): first the arcs of the edges, then the turn arcs.
    forbidden
        Whether a turn arc is a forbidden turn, shape (t,).
    delay_ds
        Time that each turn arc takes, deciseconds, shape (t,).
    junction
        Junction of each node, shape (n + x,); the first ``n`` nodes are the junctions.
    arrival
        Node at which a drive to each junction ends, shape (n,).
    lonlat
        Position of each node, shape (n + x, 2).
    """

    edge_from: Int32s
    edge_to: Int32s
    tail: Int32s
    head: Int32s
    forbidden: Bools
    delay_ds: Int32s
    junction: Int32s
    arrival: Int32s
    lonlat: Floats

    @property
    def arcs(self) -> int:
        """Number of arcs that are driven, without turn arcs."""
        return 2 * len(self.edge_from)


@lru_cache(maxsize=4)
def network(roads: RoadGraph) -> Network:
    """The network of a road graph; the last few are remembered."""
    tail = np.stack((roads.edge_from, roads.edge_to), axis=1).ravel()
    head = np.stack((roads.edge_to, roads.edge_from), axis=1).ravel()
    junction = np.arange(roads.junctions, dtype=np.int32)
    split = _Split(roads, tail, head)
    turns = np.array(list(split.turns()), np.int32).reshape(-1, 4)
    junction = np.concatenate((junction, np.array(split.junction_of, np.int32)))
    return Network(
        edge_from=roads.edge_from,
        edge_to=roads.edge_to,
        tail=np.concatenate((split.tail, turns[:, 0])),
        head=np.concatenate((split.head, turns[:, 1])),
        forbidden=turns[:, 2].astype(np.bool_),
        delay_ds=turns[:, 3].copy(),
        junction=junction,
        arrival=split.arrival,
        lonlat=roads.junction_lonlat[junction],
    )


class _Split:
    """The nodes added at junctions with forbidden or slow turns, and the turn arcs between them."""

    def __init__(self, roads: RoadGraph, tail: Int32s, head: Int32s) -> None:
        self.forbidden = set(map(tuple, roads.turns.tolist()))
        slow = map(tuple, roads.slow_turns.tolist())
        self.delay_ds = dict(zip(slow, roads.turn_delay_ds.tolist(), strict=True))
        self.tail, self.head = tail.copy(), head.copy()
        self.arrival = np.arange(roads.junctions, dtype=np.int32)
        self.junction_of: list[int] = []
        self._count = roads.junctions
        self.bound = np.union1d(roads.turns[:, 0], roads.slow_turns[:, 0])
        self.junctions = np.unique(head[self.bound])
        self.leaving = {int(j): np.flatnonzero(tail == j).tolist() for j in self.junctions}
        self.entering = {int(j): [a for a in self.bound.tolist() if head[a] == j] for j in self.junctions}
        for j in self.junctions.tolist():
            self.arrival[j] = self._new(j)
            for arc in self.entering[j]:
                self.head[arc] = self._new(j)
            for arc in self.leaving[j]:
                self.tail[arc] = self._new(j)

    def turns(self) -> Iterator[tuple[int, int, bool, int]]:
        """Turn arcs as tail, head, whether the turn is forbidden, and the time that it takes."""
        for j in self.junctions.tolist():
            for arc in [None, *self.entering[j]]:
                node = j if arc is None else int(self.head[arc])
                yield node, int(self.arrival[j]), False, 0
                for onward in self.leaving[j]:
                    turn = arc, onward
                    forbidden, delay_ds = turn in self.forbidden, self.delay_ds.get(turn, 0)
                    yield node, int(self.tail[onward]), forbidden, delay_ds

    def _new(self, junction: int) -> int:
        self.junction_of.append(junction)
        self._count += 1
        return self._count - 1
