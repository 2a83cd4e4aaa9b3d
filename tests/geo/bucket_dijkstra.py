"""The simple engine that the hierarchy is held against: Dijkstra's method.

It searches on a bucket queue (Dial 1969, doi:10.1145/363269.363610).

The queue is a wheel of ``WHEEL`` slots, one decisecond each; a junction due at ``t`` waits in slot
``t mod WHEEL``, and one that is due in a later turn of the wheel stays there when its slot passes. Entries
are never moved when a junction becomes cheaper: the old one is recognised as out of date and dropped.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from geo.roads import Int32s, Int64s

UNREACHED = 2**30
"""Distance of a junction that was not reached, deciseconds; equal to ``geo.metric.IMPASSABLE``."""

WHEEL = 1 << 14
"""Slots of the queue, a power of two: arcs up to 27 minutes wait less than one turn."""


class Arcs(NamedTuple):
    """Arcs sorted by the junction they leave: those of ``v`` stand at ``start[v]:start[v + 1]``.

    ``head`` is the junction entered, ``weight_ds`` the driving time; ``UNREACHED`` or more = not drivable.
    """

    start: Int64s
    head: Int32s
    weight_ds: Int32s


class Seeds(NamedTuple):
    """Junctions and their costs for several places: those of place ``p`` at ``start[p]:start[p + 1]``."""

    start: Int64s
    junction: Int32s
    ds: Int32s


@njit(cache=True, nogil=True)
def search(arcs: Arcs, junction: Int32s, ds: Int32s, limit_ds: int, dist: Int32s, parent: Int32s) -> None:
    """Fill ``dist`` (and ``parent``, unless it is empty) with the least times from seeded junctions.

    ``junction``, ``ds``: where to begin, and what it costs to be there, shape (k,). ``dist``, deciseconds,
    shape (n,): ``UNREACHED`` beyond ``limit_ds`` (inclusive, below ``UNREACHED``). ``parent``: position in
    ``arcs`` of the last arc driven, -1 where a seed stands or nothing was reached.
    """
    dist[:] = UNREACHED
    parent[:] = -1
    first = np.full(WHEEL, -1, np.int32)
    following = np.empty(arcs.head.size + junction.size, np.int32)
    waiting = np.empty(arcs.head.size + junction.size, np.int32)
    entries = 0
    now = limit_ds + 1
    for i in range(junction.size):
        if ds[i] <= limit_ds and ds[i] < dist[junction[i]]:
            dist[junction[i]] = ds[i]
            slot = ds[i] & (WHEEL - 1)
            waiting[entries], following[entries], first[slot] = junction[i], first[slot], entries
            entries += 1
            now = min(now, int(ds[i]))
    pending, idle = entries, 0
    while pending > 0:
        slot = now & (WHEEL - 1)
        later = -1
        idle += 1
        while first[slot] >= 0:  # again and again: arcs of no length put new entries into this very slot
            entry, first[slot] = first[slot], -1
            while entry >= 0:
                after, u = following[entry], waiting[entry]
                if dist[u] > now:
                    following[entry], later = later, entry
                else:
                    pending -= 1
                if dist[u] == now:
                    idle = 0
                    for k in range(arcs.start[u], arcs.start[u + 1]):
                        reach = now + arcs.weight_ds[k]
                        v = arcs.head[k]
                        if reach < dist[v] and reach <= limit_ds:
                            dist[v] = reach
                            if parent.size:
                                parent[v] = k
                            put = reach & (WHEEL - 1)
                            waiting[entries], following[entries], first[put] = v, first[put], entries
                            entries += 1
                            pending += 1
                entry = after
        first[slot] = later
        now += 1
        if idle >= WHEEL and pending > 0:  # a whole turn without work: go to the next time that is due
            now = _next_due(first, following, waiting, dist, now)
            idle = 0


@njit(cache=True, nogil=True)
def _next_due(first: Int32s, following: Int32s, waiting: Int32s, dist: Int32s, now: int) -> int:
    due = UNREACHED
    for slot in range(first.size):
        entry = first[slot]
        while entry >= 0:
            at = int(dist[waiting[entry]])
            if now <= at < due:
                due = at
            entry = following[entry]
    return due if due < UNREACHED else now


@njit(cache=True, nogil=True)
def table_ds(arcs: Arcs, sources: Seeds, targets: Seeds, limit_ds: int) -> Int32s:
    """Least times between places, deciseconds, shape (sources, targets), ``UNREACHED`` beyond the limit."""
    dist = np.empty(arcs.start.size - 1, np.int32)
    parent = np.empty(0, np.int32)
    out = np.empty((sources.start.size - 1, targets.start.size - 1), np.int32)
    for s in range(out.shape[0]):
        a, b = sources.start[s], sources.start[s + 1]
        search(arcs, sources.junction[a:b], sources.ds[a:b], limit_ds, dist, parent)
        for t in range(out.shape[1]):
            best = UNREACHED
            for k in range(targets.start[t], targets.start[t + 1]):
                best = min(best, int(dist[targets.junction[k]]) + int(targets.ds[k]))
            out[s, t] = best if best <= limit_ds else UNREACHED
    return out
