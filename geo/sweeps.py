"""Searches from many sources through the same rows, 32 at once, by one thread or two."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import local

import numpy as np
from numpy.typing import NDArray

from geo._kernels.lanes import FEW, MANY
from geo._kernels.turning import SIDE
from geo.customization import Metric
from geo.roads import Int32s
from geo.rows import Rows
from geo.seeds import Seeds

Bytes = NDArray[np.int8]

AT_ONCE = MANY
"""Sources of one sweep, but for the last."""

ARCS_FOR_TWO = 20_000_000
"""Arcs times sources from which on a second thread is worth starting: some ten milliseconds of work."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Settled labels of up to 32 sources: lanes ``0..count`` are sources ``first..first + count``.

    Settled are the places at positions ``p0 <= p < p1`` of ``Rows.order``. ``labels`` (rows, lanes) and
    ``is_near`` (rows,), where a limit was set, are overwritten by the next sweep; ``tile`` (SIDE, lanes) is
    scratch for what is made of them.
    """

    first: int
    count: int
    p0: int
    p1: int
    labels: Int32s
    tile: Int32s
    is_near: Bytes


def sweep_all(
    metric: Metric,
    sources: Seeds,
    targets: Rows,
    consume: Callable[[Sweep], None],
    *,
    towards: int = 0,
    limit_ds: int | None = None,
    threads: int | None = None,
) -> None:
    """Search from all sources, up to 32 at once, and hand ``consume`` what is settled, step by step.

    ``limit_ds``: rows beyond it may be left out, and ``Sweep.is_near`` says which are not.
    ``threads``: how many share the work, ``None`` = two where the work is large and two processors are there.
    ``consume`` must only write what belongs to its own sources.
    """
    firsts = range(0, len(sources), AT_ONCE)
    if threads is None:
        is_large = len(targets.head) * len(sources) > ARCS_FOR_TWO
        threads = 2 if is_large and len(firsts) > 1 and _processors() > 1 else 1
    job = _Job(metric, sources, targets, towards, None if limit_ds is None else _within(targets, limit_ds))
    if threads == 1:
        return _sweep_part(job, consume, firsts)
    with ThreadPoolExecutor(threads) as pool:  # a pool of its own: none is left behind for a fork to break
        shares = [pool.submit(_sweep_part, job, consume, firsts[k::threads]) for k in range(threads)]
        for share in shares:
            share.result()
    return None


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Within:
    """A limit, and the rows that lead into each stretch of rows."""

    limit_ds: int
    gate_start: Int32s
    gate: Int32s


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """What the threads of one call have in common."""

    metric: Metric
    sources: Seeds
    targets: Rows
    towards: int
    within: _Within | None


def _within(targets: Rows, limit_ds: int) -> _Within:
    from geo._kernels.sweep import STRETCH, gates

    gate_start, gate = np.empty(-(-len(targets) // STRETCH) + 1, np.int32), np.empty_like(targets.head)
    count = gates(targets.start, targets.head, gate_start, gate)
    return _Within(limit_ds, gate_start, gate[:count])


def _sweep_part(job: _Job, consume: Callable[[Sweep], None], firsts: range) -> None:
    targets = job.targets
    started, is_near = np.zeros(len(targets), np.int8), np.zeros(len(targets), np.int8)
    start, ds, node = job.sources.start, job.sources.ds, job.metric.topology.rank[job.sources.node]
    for first in firsts:
        count = min(AT_ONCE, len(job.sources) - first)
        lanes = FEW if count <= FEW else MANY
        labels, tile = _SCRATCH.labels.shaped(len(targets), lanes), _SCRATCH.tile.shaped(SIDE, lanes)
        settle = _settler(job, labels, started, is_near)
        _ascend(job, (start, node, ds), first, count, labels, started)
        for r0, r1, p0, p1 in targets.steps:
            settle(r0, r1)
            if p0 < p1:
                consume(Sweep(first, count, p0, p1, labels, tile, is_near))


def _ascend(
    job: _Job, seeds: tuple[Int32s, Int32s, Int32s], first: int, count: int, labels: Int32s, started: Bytes
) -> None:
    from geo._kernels.climb import ascend
    from geo._kernels.sweep import ancestors

    t, (start, node, _) = job.metric.topology, seeds
    seen, found, position = _SCRATCH.by_node(t.nodes)
    number = ancestors(t.parent, node[start[first] : start[first + count]], seen, found)
    rising = np.sort(found[:number])
    above = _SCRATCH.above.shaped(number, labels.shape[1])
    ascend(
        t.up_start, t.up_head, job.metric.swept, job.towards, rising, position, *seeds, first, count, above,
        job.targets.row_of, labels, started,
    )  # fmt: skip


def _settler(job: _Job, labels: Int32s, started: Bytes, is_near: Bytes) -> Callable[[int, int], None]:
    from geo._kernels.sweep import sweep, sweep_within

    rows, within = job.targets, job.within
    if within is None:
        return lambda r0, r1: sweep(rows.start, rows.head, rows.ds, r0, r1, labels, started)
    widest = job.metric.topology.widest
    head, ds = np.empty(widest, np.int32), np.empty(widest, np.int32)
    return lambda r0, r1: sweep_within(
        rows.start, rows.head, rows.ds, within.gate_start, within.gate, r0, r1, labels, started,
        within.limit_ds, is_near, head, ds,
    )  # fmt: skip


class _Scratch(local):
    """Arrays that a thread uses again and again."""

    def __init__(self) -> None:
        self.nodes = _by_node(0)
        self.labels, self.above, self.tile = _Room(), _Room(), _Room()

    def by_node(self, nodes: int) -> tuple[Bytes, Int32s, Int32s]:
        """Marks, all 0, and two arrays of numbers."""
        if len(self.nodes[0]) != nodes:
            self.nodes = _by_node(nodes)
        return self.nodes


class _Room:
    """An array that grows where more is asked for; what it holds is of no account."""

    def __init__(self) -> None:
        self.room = np.empty(0, np.int32)

    def shaped(self, rows: int, lanes: int) -> Int32s:
        """Room for (rows, lanes) and a row more; from a boundary of 64 bytes no vector straddles a line."""
        if len(self.room) < (rows + 1) * lanes + 16:
            self.room = np.zeros((rows + 1) * lanes + 16, np.int32)
        at = (-self.room.ctypes.data // 4) % 16
        return self.room[at : at + rows * lanes].reshape(rows, lanes)


def _by_node(nodes: int) -> tuple[Bytes, Int32s, Int32s]:
    return np.zeros(nodes, np.int8), np.empty(nodes, np.int32), np.empty(nodes, np.int32)


_SCRATCH = _Scratch()
