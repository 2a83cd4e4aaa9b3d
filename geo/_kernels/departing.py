"""Earliest arrivals on roads whose times change: Dijkstra's method over arcs with profiles.

Who may enter an arc later rather than earlier never arrives before those who waited at its tail (they may do
the same), so labels are set once, as with constant times (Dreyfus 1969, doi:10.1287/opre.17.3.395).
"""

import numpy as np
from numba import njit

from geo.metric import IMPASSABLE
from geo.roads import Floats, Int32s
from geo.timetable import Leaving, Profiles


@njit(cache=True, nogil=True)
def _driven_ds(weight_ds: int, near: float, far: float) -> int:
    return abs(int(np.floor(weight_ds * far + 0.5)) - int(np.floor(weight_ds * near + 0.5)))


@njit(cache=True, nogil=True)
def _across_ds(profiles: Profiles, arc: int, enter_ds: int, near: float, far: float, heed_shut: bool) -> int:
    """Arrival of who enters at one instant: the strictest closure met until then sets the pace."""
    weight = profiles.open_ds[arc]
    while True:
        if weight >= IMPASSABLE:
            return IMPASSABLE
        until = enter_ds + _driven_ds(weight, near, far)
        strictest = weight
        for k in range(profiles.start[arc], profiles.start[arc + 1]):
            under = profiles.closed_ds[k]
            if under >= IMPASSABLE and not heed_shut:
                continue
            if enter_ds <= profiles.end_ds[k] and until >= profiles.begin_ds[k]:
                strictest = max(strictest, under)
        if strictest == weight:
            return until
        weight = strictest


@njit(cache=True, nogil=True)
def arrival_ds(
    profiles: Profiles, arc: int, at_ds: int, near: float, far: float, heed_shut: bool = True
) -> int:
    """Earliest arrival at share ``far`` of an arc's edge of who stands at ``near`` and may wait there.

    Between two ends of closures a later start meets no fewer of them, so only these instants come into
    question. ``IMPASSABLE`` = never.
    """
    best = _across_ds(profiles, arc, at_ds, near, far, heed_shut)
    for k in range(profiles.start[arc], profiles.start[arc + 1]):
        after = profiles.end_ds[k] + 1
        if at_ds < after < best:
            best = min(best, _across_ds(profiles, arc, after, near, far, heed_shut))
    return min(best, IMPASSABLE)


@njit(cache=True, nogil=True)
def leaving_ds(profiles: Profiles, arc: int, at_ds: int, near: float, far: float) -> int:
    """The same for a vehicle on the road it stands on: closed roads do not hold it, slowed ones slow it."""
    if profiles.open_ds[arc] >= IMPASSABLE:
        return IMPASSABLE
    for k in range(profiles.start[arc], profiles.start[arc + 1]):
        is_shut = profiles.closed_ds[k] >= IMPASSABLE
        if is_shut and profiles.begin_ds[k] <= at_ds <= profiles.end_ds[k]:
            return at_ds + _driven_ds(profiles.open_ds[arc], near, far)
    return arrival_ds(profiles, arc, at_ds, near, far, False)


@njit(cache=True, nogil=True)
def search(
    profiles: Profiles, leaving: Leaving, node: Int32s, ds: Int32s, limit_ds: int, parent: Int32s
) -> Int32s:
    """Earliest arrival at all nodes from seeds, ``IMPASSABLE`` beyond the limit (inclusive), shape (n,).

    ``parent`` is filled with the last arc to each node, -1 at seeds and where nothing arrives.
    """
    nodes = leaving.start.size - 1
    dist = np.full(nodes, IMPASSABLE, np.int32)
    parent[:] = -1
    heap, place, size = np.empty(nodes, np.int32), np.full(nodes, -1, np.int32), 0
    for i in range(node.size):
        if ds[i] <= limit_ds and ds[i] < dist[node[i]]:
            dist[node[i]] = ds[i]
            size = _raise(heap, place, dist, node[i], size)
    while size > 0:
        u = heap[0]
        now = int(dist[u])
        size = _drop_first(heap, place, dist, size)
        for k in range(leaving.start[u], leaving.start[u + 1]):
            arc = leaving.arc[k]
            v = leaving.head[arc]
            if now + profiles.open_ds[arc] >= dist[v]:
                continue
            reach = arrival_ds(profiles, arc, now, 0.0, 1.0)
            if reach < dist[v] and reach <= limit_ds:
                dist[v], parent[v] = reach, arc
                size = _raise(heap, place, dist, v, size)
    return dist


@njit(cache=True, nogil=True)
def _raise(heap: Int32s, place: Int32s, dist: Int32s, node: int, size: int) -> int:
    """Put a node into the heap, or up in it after its label fell; returns the new size."""
    at = place[node]
    if at < 0:
        at = size
        size += 1
    while at > 0 and dist[heap[(at - 1) // 2]] > dist[node]:
        heap[at] = heap[(at - 1) // 2]
        place[heap[at]] = at
        at = (at - 1) // 2
    heap[at], place[node] = node, at
    return size


@njit(cache=True, nogil=True)
def _drop_first(heap: Int32s, place: Int32s, dist: Int32s, size: int) -> int:
    """Take the first node out of the heap; returns the new size."""
    place[heap[0]] = -1
    size -= 1
    node, at = heap[size], 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and dist[heap[child + 1]] < dist[heap[child]]:
            child += 1
        if dist[heap[child]] >= dist[node]:
            break
        heap[at] = heap[child]
        place[heap[at]] = at
        at = child
    if size > 0:
        heap[at], place[node] = node, at
    return size


@njit(cache=True, nogil=True)
def finish(
    profiles: Profiles,
    dist: Int32s,
    node: Int32s,
    edge: Int32s,
    share: Floats,
    ds: Int32s,
    side: Int32s,
) -> None:
    """Earliest arrival at places on edges, shape (p,), and by which end of the edge: 0 start, 1 end, -1 none.

    ``node``: where one comes from at both ends, shape (p, 2). Places at an end are reached by that alone.
    """
    for i in range(edge.size):
        ds[i], side[i] = IMPASSABLE, -1
        for end in range(2):
            at = dist[node[i, end]]
            if at >= IMPASSABLE or share[i] == 1.0 - end:
                continue
            if share[i] != end:
                at = arrival_ds(profiles, 2 * edge[i] + end, at, float(end), share[i])
            if at < ds[i]:
                ds[i], side[i] = at, end


@njit(cache=True, nogil=True)
def along(
    profiles: Profiles,
    edge: int,
    near: float,
    at_ds: int,
    others: Int32s,
    share: Floats,
    ds: Int32s,
    side: Int32s,
) -> None:
    """Lower ``ds``, shape (p,), to the arrival of who never leaves the edge that ``near`` is on; side -1."""
    for i in range(others.size):
        if others[i] != edge:
            continue
        reach = at_ds
        if share[i] != near:
            reach = arrival_ds(profiles, 2 * edge + (share[i] < near), at_ds, near, share[i])
        if reach <= ds[i] and reach < IMPASSABLE:
            ds[i], side[i] = reach, -1


@njit(cache=True, nogil=True)
def last_share(profiles: Profiles, arc: int, at_ds: int, near: float, far: float, limit_ds: int) -> float:
    """Last point of an arc's edge, from ``near`` to ``far``, that is reached within a limit (inclusive).

    A later point is never reached before an earlier one, so halving the interval finds it.
    """
    if arrival_ds(profiles, arc, at_ds, near, far) <= limit_ds:
        return far
    here, beyond = near, far
    for _ in range(40):
        middle = (here + beyond) / 2
        if arrival_ds(profiles, arc, at_ds, near, middle) <= limit_ds:
            here = middle
        else:
            beyond = middle
    return here


@njit(cache=True, nogil=True)
def shares_within(profiles: Profiles, dist: Int32s, tail: Int32s, limit_ds: int, share: Floats) -> None:
    """Share of each arc that is reached from its tail within a limit (inclusive), -1 where nothing is."""
    for arc in range(share.size):
        begin = float(arc % 2)
        at = dist[tail[arc]]
        share[arc] = -1.0
        if at <= limit_ds and arrival_ds(profiles, arc, at, begin, begin) <= limit_ds:
            share[arc] = abs(last_share(profiles, arc, at, begin, 1.0 - begin, limit_ds) - begin)
