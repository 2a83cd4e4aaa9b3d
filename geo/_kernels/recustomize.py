"""Partial customization: a few input arcs changed, and only weights that depend on them are made anew.

Nodes are handled from the lowest; a weight is recomputed from its input arcs and its lower triangles, and
where it changed, the weights that it supported, or now undercuts, wait for their turn. The result equals a
full basic customization. Dibbelt, Strasser & Wagner (2016), doi:10.1145/2886843, on partial updates.
"""

import numpy as np
from numba import njit

from geo._kernels.flow import Bytes, Int, Ints
from geo._kernels.lanes import UNREACHED


@njit(cache=True, nogil=True)
def touched(
    slot: Ints, changed: Ints, up_start: Ints, parent: Ints, dirty: Bytes, seen: Bytes, found: Ints
) -> int:
    """Mark the hierarchy arcs of changed input arcs; write the nodes whose arcs may change into ``found``.

    Returns how many. ``seen`` is 0 before and after.
    """
    count = 0
    for a in changed:
        if slot[a] < 0:
            continue
        arc = slot[a] >> 1
        dirty[arc] = 1
        low, high = 0, up_start.size - 1
        while low + 1 < high:  # the lower end: the last row that begins at or before the arc
            middle = (low + high) >> 1
            if up_start[middle] <= arc:
                low = middle
            else:
                high = middle
        v = low
        while v >= 0 and not seen[v]:
            seen[v] = 1
            found[count] = v
            count += 1
            v = parent[v]
    for k in range(count):
        seen[found[k]] = 0
    return count


@njit(cache=True, nogil=True)
def recustomize(
    up_start: Ints, leg_start: Ints, legs: Ints, apex_start: Ints, apex: Ints, input_start: Ints,
    input_arc: Ints, arc_ds: Ints, node: Ints, weights: Ints, dirty: Bytes,
) -> int:  # fmt: skip
    """Bring ``weights`` up to date; returns how many hierarchy arcs changed.

    ``dirty`` (m,) marks the hierarchy arcs whose input arcs changed and is 0 afterwards; ``node`` holds
    their lower ends and all ancestors of these, rising. ``leg_start`` ... ``apex``: see ``triangles``.
    """
    changed = 0
    for v in node:
        for i in range(up_start[v], up_start[v + 1]):
            if not dirty[i]:
                continue
            dirty[i] = 0
            was_up, was_down = weights[2 * i], weights[2 * i + 1]
            up = _least_input(input_start, input_arc, arc_ds, 2 * i)
            down = _least_input(input_start, input_arc, arc_ds, 2 * i + 1)
            for k in range(leg_start[i], leg_start[i + 1]):
                near, far = 2 * legs[2 * k], 2 * legs[2 * k + 1]
                up = min(up, np.int64(weights[near + 1]) + weights[far])
                down = min(down, np.int64(weights[far + 1]) + weights[near])
            if up != was_up or down != was_down:
                weights[2 * i], weights[2 * i + 1] = up, down
                changed += 1
            if up != was_up:
                _mark_dependents(up_start, apex_start, apex, weights, v, i, was_up, np.int64(1), dirty)
            if down != was_down:
                _mark_dependents(up_start, apex_start, apex, weights, v, i, was_down, np.int64(0), dirty)
    return changed


@njit(cache=True, nogil=True)
def _least_input(input_start: Ints, input_arc: Ints, arc_ds: Ints, slot: int) -> np.int64:
    least = np.int64(UNREACHED)
    for k in range(input_start[slot], input_start[slot + 1]):
        least = min(least, np.int64(arc_ds[input_arc[k]]))
    return least


@njit(cache=True, nogil=True)
def _mark_dependents(
    up_start: Ints,
    apex_start: Ints,
    apex: Ints,
    weights: Ints,
    v: int,
    i: int,
    was: int,
    is_up: Int,
    dirty: Bytes,
) -> None:
    """Mark the arcs above arc ``i`` of node ``v`` whose weight rested on its old one or exceeds the new one.

    ``is_up``: 1 where the weight up the arc changed from ``was``, 0 where the one down it did. The way to
    the other end of each triangle is completed by the opposite direction of arc ``j``.
    """
    now = np.int64(weights[2 * i + 1 - is_up])
    for j in range(up_start[v], up_start[v + 1]):
        if j == i:
            continue
        low, high = min(i, j), max(i, j)
        arc = apex[apex_start[low] + high - low - 1]
        goes_up = is_up == (j < i)
        supported = weights[2 * arc + 1 - goes_up]
        rest = weights[2 * j + is_up]
        if was + rest == supported or now + rest < supported:
            dirty[arc] = 1
