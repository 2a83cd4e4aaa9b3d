"""The part of a customizable contraction hierarchy that depends on the roads alone, not on travel times.

Built once per road graph and kept on disk under its digest; any vehicle class and any closures then get
their travel times in milliseconds (``geo.customization``). Dibbelt, Strasser & Wagner (2016),
doi:10.1145/2886843.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.roads import Floats, Int32s

BALANCE = 0.3
"""Share of a cell on either side that a separator keeps clear of; a quarter to a third is usual."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Topology:
    """Order, completed arcs and elimination tree; ``n`` nodes, ``m`` hierarchy arcs, ``a`` input arcs.

    Nodes are known by rank inside: 0 is contracted first. A hierarchy arc joins a lower to a higher node and
    has two weights: ``2 i`` up, ``2 i + 1`` down.

    Parameters
    ----------
    rank
        Rank of each node of the graph, shape (n,).
    up_start, up_head
        Higher neighbours of each rank, rising, shapes (n + 1,) and (m,).
    parent
        Lowest higher neighbour of each rank, -1 at a root, shape (n,).
    slot
        Weight that each input arc enters, -1 for loops, shape (a,).
    input_start, input_arc
        Input arcs of each weight, rising, shapes (2 m + 1,) and (at most a,).
    digest
        SHA-256 over the arcs and coordinates it was built from.
    """

    rank: Int32s
    up_start: Int32s
    up_head: Int32s
    parent: Int32s
    slot: Int32s
    input_start: Int32s
    input_arc: Int32s
    digest: str

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @cached_property
    def triangles(self) -> tuple[Int32s, Int32s, Int32s, Int32s]:
        """Triangles by upper and by lower arc, as ``geo._kernels.elimination.triangles``: 12 bytes each."""
        from geo._kernels.elimination import triangles

        found = triangles(self.up_start, self.up_head)
        for array in found:
            array.setflags(write=False)
        return found

    @cached_property
    def widest(self) -> int:
        """Most higher neighbours that a node has."""
        return int(np.diff(self.up_start).max(initial=0))

    @cached_property
    def nodes_by_rank(self) -> Int32s:
        """Node of each rank, shape (n,)."""
        nodes = np.empty(len(self.rank), np.int32)
        nodes[self.rank] = np.arange(len(nodes), dtype=np.int32)
        return nodes

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.rank)

    @property
    def arcs(self) -> int:
        """Number of input arcs."""
        return len(self.slot)

    def save(self, file: Path) -> None:
        """Write as .npz; an interrupted run leaves an older file intact."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "digest"}
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=file.parent, suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as out:
                np.savez(out, digest=np.frombuffer(bytes.fromhex(self.digest), np.uint8), **arrays)
            Path(beside).replace(file)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, file: Path) -> "Topology":
        """Read what ``save`` wrote; raises ``OSError``, ``ValueError`` or ``KeyError`` on anything else."""
        with file.open("rb") as raw, np.load(raw, allow_pickle=False) as stored:
            arrays = {f.name: stored[f.name] for f in fields(cls) if f.name != "digest"}
            return cls(**arrays, digest=stored["digest"].tobytes().hex())


def digest_of(lonlat: Floats, tail: Int32s, head: Int32s) -> str:
    """What a topology is known by: SHA-256 over what it is built from, in hexadecimal."""
    total = hashlib.sha256(b"muster topology 1\0")
    for array in (lonlat, tail, head):
        total.update(str(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    return total.hexdigest()


def build(lonlat: Floats, tail: Int32s, head: Int32s) -> Topology:
    """Order, complete and index a graph.

    ``lonlat``: degrees, or any plane coordinates, shape (n, 2); ``tail``, ``head``: nodes of each arc,
    shape (a,). Parallel arcs, loops and nodes without arcs occur. Needs about 1 s and 60 MB for 100,000 arcs.

    Raises
    ------
    ValueError
        On shapes that do not fit and on node numbers out of range.
    """
    lonlat = np.ascontiguousarray(lonlat, np.float64)
    tail, head = (np.ascontiguousarray(ends, np.int32) for ends in (tail, head))
    n = _checked(lonlat, tail, head)
    rank = _rank(lonlat, tail, head)
    up_start, up_head, parent = _completed(rank[tail], rank[head], n)
    slot = _slots(up_start, up_head, rank[tail], rank[head])
    by_slot = np.argsort(slot, kind="stable").astype(np.int32)[np.count_nonzero(slot < 0) :]
    return Topology(
        rank=rank,
        up_start=up_start,
        up_head=up_head,
        parent=parent,
        slot=slot,
        input_start=_starts(slot[slot >= 0], 2 * len(up_head)),
        input_arc=by_slot,
        digest=digest_of(lonlat, tail, head),
    )


def _checked(lonlat: Floats, tail: Int32s, head: Int32s) -> int:
    if lonlat.ndim != 2 or lonlat.shape[1] != 2 or not np.isfinite(lonlat).all():
        raise ValueError(f"lonlat: want finite numbers of shape (n, 2), got shape {lonlat.shape}")
    if tail.shape != head.shape or tail.ndim != 1:
        raise ValueError(f"tail, head: want one shape (a,), got {tail.shape} and {head.shape}")
    if len(tail) and not (min(tail.min(), head.min()) >= 0 and max(tail.max(), head.max()) < len(lonlat)):
        raise ValueError(f"tail, head: a node is not in 0..{len(lonlat) - 1}")
    return len(lonlat)


def _rank(lonlat: Floats, tail: Int32s, head: Int32s) -> Int32s:
    from geo._kernels.dissection import nested_dissection

    start, neighbour, twin = _both_ways(tail, head, len(lonlat))
    east = (
        np.cos(np.radians(np.clip(lonlat[:, 1].mean(), -89, 89)))
        if len(lonlat) and _is_lonlat(lonlat)
        else 1.0
    )
    x, y = np.ascontiguousarray(lonlat[:, 0] * east), np.ascontiguousarray(lonlat[:, 1])
    order = nested_dissection(start, neighbour, twin, x, y, BALANCE)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank


def _is_lonlat(lonlat: Floats) -> bool:
    return bool((np.abs(lonlat) <= (180.0, 90.0)).all())


def _both_ways(tail: Int32s, head: Int32s, n: int) -> tuple[Int32s, Int32s, Int32s]:
    """Neighbours of each node in both directions without loops and repeats, and each arc's opposite."""
    there = np.flatnonzero(tail != head)
    ends = tail[there].astype(np.int64), head[there].astype(np.int64)
    key = np.unique(np.concatenate([ends[0] * n + ends[1], ends[1] * n + ends[0]]))
    a, b = np.divmod(key, max(n, 1))
    twin = np.argsort(b * n + a).astype(np.int32)  # arc i is the one whose key is the turned key of its twin
    return _starts(a, n), b.astype(np.int32), twin


def _starts(sorted_or_not: NDArray[np.integer], rows: int) -> Int32s:
    counts = np.bincount(sorted_or_not, minlength=rows) if rows else np.zeros(0, np.int64)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


def _completed(tail: Int32s, head: Int32s, n: int) -> tuple[Int32s, Int32s, Int32s]:
    from geo._kernels.elimination import complete, turn_over

    start, neighbour, _ = _both_ways(tail, head, n)
    up_start, unsorted, parent = complete(start, neighbour)
    up_start, up_head = turn_over(*turn_over(up_start, unsorted))
    return up_start, up_head, parent


def _slots(up_start: Int32s, up_head: Int32s, tail: Int32s, head: Int32s) -> Int32s:
    from geo._kernels.elimination import slots

    return slots(up_start, up_head, tail, head)
