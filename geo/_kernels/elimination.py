"""Chordal completion: which arcs a hierarchy needs so that its nodes can be contracted in order.

Nodes are numbered by rank, low ranks contracted first. Contracting a node joins its higher neighbours to
each other; the result does not depend on any travel time. Dibbelt, Strasser & Wagner (2016), Customizable
Contraction Hierarchies, doi:10.1145/2886843.
"""

import numpy as np
from numba import njit

from geo._kernels.flow import Ints


@njit(cache=True, nogil=True)
def complete(start: Ints, head: Ints) -> tuple[Ints, Ints, Ints]:
    """Higher neighbours of each node after completion, unsorted, and the elimination tree.

    ``start``, ``head``: neighbours by rank, both directions present. Returns ``up_start`` (n + 1,),
    ``up_head`` (m,) and ``parent`` (n,): the lowest higher neighbour, -1 at a root.
    """
    n = start.size - 1
    up_start, up_head = np.zeros(n + 1, np.int32), np.empty(head.size + n + 16, np.int32)
    parent = np.full(n, -1, np.int32)
    first_child, next_child = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    seen = np.full(n, -1, np.int32)
    end = 0
    for v in range(n):
        if up_head.size < end + n:  # room for the largest possible row
            wider = np.empty(2 * up_head.size + n, np.int32)
            for k in range(end):
                wider[k] = up_head[k]
            up_head = wider
        lowest = n
        for a in range(start[v], start[v + 1]):
            u = head[a]
            if u > v:
                seen[u] = v
                up_head[end] = u
                end += 1
                lowest = min(lowest, u)
        child = first_child[v]
        while child >= 0:
            for a in range(up_start[child], up_start[child + 1]):
                u = up_head[a]
                if u > v and seen[u] != v:
                    seen[u] = v
                    up_head[end] = u
                    end += 1
                    lowest = min(lowest, u)
            child = next_child[child]
        up_start[v + 1] = end
        if lowest < n:
            parent[v] = lowest
            next_child[v] = first_child[lowest]
            first_child[lowest] = v
    return up_start, up_head[:end], parent


@njit(cache=True, nogil=True)
def turn_over(start: Ints, head: Ints) -> tuple[Ints, Ints]:
    """Rows of the opposite direction, rising within each row; twice over, it sorts the rows."""
    n = start.size - 1
    low_start = np.zeros(n + 1, np.int32)
    for u in head:
        low_start[u + 1] += 1
    for v in range(n):
        low_start[v + 1] += low_start[v]
    at = np.empty(n, np.int32)
    for v in range(n):
        at[v] = low_start[v]
    low_tail = np.empty(head.size, np.int32)
    for v in range(n):
        for a in range(start[v], start[v + 1]):
            u = head[a]
            low_tail[at[u]] = v
            at[u] += 1
    return low_start, low_tail


@njit(cache=True, nogil=True)
def find_arc(up_start: Ints, up_head: Ints, low: int, high: int) -> int:
    """Number of the hierarchy arc between two neighbours; heads rise within a row."""
    left, right = up_start[low], up_start[low + 1]
    while left < right:
        middle = (left + right) >> 1
        if up_head[middle] < high:
            left = middle + 1
        else:
            right = middle
    return int(left)


@njit(cache=True, nogil=True)
def slots(up_start: Ints, up_head: Ints, tail: Ints, head: Ints) -> Ints:
    """Weight that each input arc enters: ``2 a`` up hierarchy arc ``a``, ``2 a + 1`` down; -1 for a loop."""
    slot = np.empty(tail.size, np.int32)
    for k in range(tail.size):
        low, high = min(tail[k], head[k]), max(tail[k], head[k])
        if low == high:
            slot[k] = -1
        else:
            slot[k] = 2 * find_arc(up_start, up_head, low, high) + (1 if tail[k] > head[k] else 0)
    return slot


@njit(cache=True, nogil=True)
def triangles(up_start: Ints, up_head: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """All triangles of the hierarchy, by their lower arcs and by the arc above.

    A node and two of its arcs ``i < j`` stand below the arc that joins the upper ends of ``i`` and ``j``:
    ``apex[apex_start[i] + j - i - 1]``. Pairs below arc ``a`` are ``leg_start[a] <= k < leg_start[a + 1]``:
    ``legs[2 k]`` joins the lower node to the lower end of ``a``, ``legs[2 k + 1]`` to its upper end.
    """
    apex_start, total = np.empty(up_head.size + 1, np.int32), 0
    for v in range(up_start.size - 1):
        for i in range(up_start[v], up_start[v + 1]):
            apex_start[i] = total
            total += up_start[v + 1] - i - 1
    apex_start[up_head.size] = total
    apex, legs = np.empty(total, np.int32), np.empty(2 * total, np.int32)
    leg_start = np.zeros(up_head.size + 2, np.int32)
    k = 0
    for v in range(up_start.size - 1):
        for i in range(up_start[v], up_start[v + 1]):
            arc = up_start[up_head[i]]
            for j in range(i + 1, up_start[v + 1]):
                while up_head[arc] < up_head[j]:
                    arc += 1
                apex[k] = arc
                leg_start[arc + 2] += 1
                k += 1
    for arc in range(2, up_head.size + 2):
        leg_start[arc] += leg_start[arc - 1]
    for v in range(up_start.size - 1):
        for i in range(up_start[v], up_start[v + 1]):
            for j in range(i + 1, up_start[v + 1]):
                place = apex[apex_start[i] + j - i - 1] + 1  # counts stand one further on
                legs[2 * leg_start[place]], legs[2 * leg_start[place] + 1] = i, j
                leg_start[place] += 1
    return leg_start[: up_head.size + 1], legs, apex_start, apex
