"""Travel times between sets of places on one metric, by restricted downward sweeps of 32 searches at once.

Places are given as seeds: nodes and the time between the place and each of them, any number for a place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from threading import local

import numpy as np

from geo._kernels.lanes import FEW, MANY, UNREACHED
from geo.customization import Metric
from geo.hierarchy import Topology
from geo.roads import Int32s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seeds:
    """Places on the graph: nodes they are joined to, and how far these are.

    Parameters
    ----------
    start
        Seeds of place ``i`` are ``start[i]:start[i + 1]``, shape (p + 1,). None at all is an unreachable place.
    node, ds
        Node of the graph and time between it and the place, deciseconds, shape (s,).
    """

    start: Int32s
    node: Int32s
    ds: Int32s

    def __len__(self) -> int:
        return len(self.start) - 1

    @classmethod
    def at(cls, node: Int32s) -> "Seeds":
        """Places that are nodes."""
        node = np.ascontiguousarray(node, np.int32)
        return cls(start=np.arange(len(node) + 1, dtype=np.int32), node=node, ds=np.zeros(len(node), np.int32))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """What one downward sweep to fixed places needs: their ancestors and the arcs between these.

    ``row_of`` (n,) is the row of each rank or -1; rows stand highest first. The places follow as seeds on
    rows instead of nodes.
    """

    row_of: Int32s
    start: Int32s
    head: Int32s
    ds: Int32s
    place_start: Int32s
    place_row: Int32s
    place_ds: Int32s

    def __len__(self) -> int:
        return len(self.start) - 1


class _Scratch(local):
    """Arrays that a thread uses again and again for graphs of one size."""

    def __init__(self) -> None:
        self.label = np.empty(0, np.int32)
        self.room = np.empty(0, np.int32)

    def labels_by_node(self, nodes: int) -> Int32s:
        if len(self.label) != nodes:
            self.label = np.full(nodes, UNREACHED, np.int32)
        return self.label

    def labels_by_row(self, rows: int, lanes: int) -> Int32s:
        """Room for (rows, lanes), on a boundary of 64 bytes so that no vector straddles a cache line."""
        if len(self.room) < rows * lanes + 16:
            self.room = np.empty(rows * lanes + 16, np.int32)
        at = (-self.room.ctypes.data // 4) % 16
        return self.room[at : at + rows * lanes].reshape(rows, lanes)


_SCRATCH = _Scratch()


def rows_to(metric: Metric, places: Seeds, *, towards: int = 0) -> Rows:
    """Prepare sweeps to places (``towards`` 0) or, against all arcs, from them (1)."""
    from geo._kernels.sweep import ancestors, rows

    t = metric.topology
    node = t.rank[places.node]
    found = np.empty(t.nodes, np.int32)
    count = ancestors(t.parent, node, np.zeros(t.nodes, np.int8), found)
    ordered = np.sort(found[:count])[::-1].copy()
    row_of = np.full(t.nodes, -1, np.int32)
    start = np.empty(count + 1, np.int32)
    most = int((t.up_start[ordered + 1] - t.up_start[ordered]).sum())
    head, ds = np.empty(most, np.int32), np.empty(most, np.int32)
    end = rows(t.up_start, t.up_head, metric.swept, towards, ordered, row_of, start, head, ds)
    return Rows(
        row_of=row_of,
        start=start,
        head=head[:end],
        ds=ds[:end],
        place_start=np.ascontiguousarray(places.start, np.int32),
        place_row=row_of[node],
        place_ds=np.ascontiguousarray(places.ds, np.int32),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sweep:
    """Settled labels of up to 32 sources: lanes ``0..count`` are sources ``first..first + count``."""

    first: int
    count: int
    labels: Int32s


def sweeps(
    metric: Metric, sources: Seeds, targets: Rows, *, towards: int = 0, part: slice = slice(None)
) -> Iterator[Sweep]:
    """Search from all sources in turn; the labels of one sweep are overwritten by the next.

    ``part``: which of the blocks of 32 sources to handle, for threads that share the work.
    """
    from geo._kernels.climb import ascend
    from geo._kernels.sweep import sweep

    t = metric.topology
    lanes = FEW if len(sources) <= FEW else MANY
    label = _SCRATCH.labels_by_node(t.nodes)
    labels = _SCRATCH.labels_by_row(len(targets), lanes)
    started = np.zeros(len(targets), np.int8)
    start, node, ds = sources.start, t.rank[sources.node], sources.ds
    for first in range(0, len(sources), lanes)[part]:
        count = min(lanes, len(sources) - first)
        ascend(
            t.up_start, t.up_head, t.parent, metric.swept, towards, start, node, ds, first, count,
            targets.row_of, label, labels, started,
        )  # fmt: skip
        sweep(targets.start, targets.head, targets.ds, labels, started)
        yield Sweep(first=first, count=count, labels=labels)


def table_ds(metric: Metric, origins: Seeds, destinations: Seeds) -> Int32s:
    """Times from every origin to every destination, deciseconds, ``IMPASSABLE`` = none, shape (o, d).

    The smaller side is searched from; where these are the destinations, against the arcs.
    """
    from geo._kernels.sweep import TILE, write_table, write_table_across

    table = np.empty((len(origins), len(destinations)), np.int32)
    forward = len(origins) <= len(destinations)
    sources, others = (origins, destinations) if forward else (destinations, origins)
    targets = rows_to(metric, others, towards=0 if forward else 1)
    write = write_table if forward else write_table_across
    for done in sweeps(metric, sources, targets, towards=0 if forward else 1):
        tile = np.empty((TILE, done.labels.shape[1]), np.int32)
        write(
            done.labels, targets.place_start, targets.place_row, targets.place_ds, done.first, done.count,
            tile, table,
        )  # fmt: skip
    return table
