"""Places as the hierarchy sees them: nodes and the time between the place and each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.metric import IMPASSABLE
from geo.roads import Int32s, Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seeds:
    """Places on a graph: the nodes they are joined to, and how far these are; ``p`` places, ``s`` seeds.

    Parameters
    ----------
    start
        Seeds of place ``i`` are ``start[i]:start[i + 1]``, shape (p + 1,); without any it is unreachable.
    node, ds
        Node of the graph and time between it and the place, deciseconds, shape (s,).
    """

    start: Int32s
    node: Int32s
    ds: Int32s

    def __len__(self) -> int:
        return len(self.start) - 1

    def taken(self, order: Int32s) -> "Seeds":
        """Some of the places, in another order."""
        counts = np.diff(self.start)[order]
        start = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        seed = np.repeat(self.start[order] - start[:-1], counts) + np.arange(start[-1], dtype=np.int32)
        return Seeds(start=start, node=self.node[seed], ds=self.ds[seed])

    def later(self, ds: Int64s) -> "Seeds":
        """The same places with a time added to each, deciseconds, shape (p,)."""
        total = self.ds + np.repeat(ds, np.diff(self.start))
        return Seeds(start=self.start, node=self.node, ds=np.minimum(total, IMPASSABLE).astype(np.int32))

    @classmethod
    def at(cls, node: Int32s | Sequence[int]) -> "Seeds":
        """Places that are nodes."""
        nodes = np.ascontiguousarray(node, np.int32)
        return cls(
            start=np.arange(len(nodes) + 1, dtype=np.int32), node=nodes, ds=np.zeros(len(nodes), np.int32)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Direct:
    """Drives between an origin and a destination that need no node; sorted by destination, then origin.

    ``origin``, ``destination``, ``ds``: shape (k,), deciseconds.
    """

    origin: Int32s | Int64s
    destination: Int32s | Int64s
    ds: Int32s | Int64s

    @classmethod
    def none(cls) -> "Direct":
        """No such drives."""
        return cls(origin=_NOTHING, destination=_NOTHING, ds=_NOTHING)


_NOTHING = np.empty(0, np.int32)
