"""Partial customization: a few input arcs changed, and only weights that depend on them are made anew.

Nodes are handled from the lowest; a weight is recomputed from its input arcs and its lower triangles, and
where it changed, the weights that it supports, or now undercuts, wait for their turn. The result equals a
full basic customization. Dibbelt, Strasser & Wagner (2016), doi:10.1145/2886843, section on partial updates.
"""

import numpy as np
from numba import njit

from geo._kernels.elimination import find_arc
from geo._kernels.flow import Bytes, Ints
from geo._kernels.lanes import UNREACHED


@njit(cache=True, nogil=True)
def _from_inputs(input_start: Ints, input_arc: Ints, arc_ds: Ints, slot: int) -> int:
    least = UNREACHED
    for k in range(input_start[slot], input_start[slot + 1]):
        least = min(least, arc_ds[input_arc[k]])
    return least


@njit(cache=True, nogil=True)
def _mark(weights: Ints, dirty: Bytes, arc: int, up: int, down: int, new_up: int, new_down: int) -> None:
    """Mark an arc whose weight rested on the old legs (``up``, ``down``) or is above the new ones."""
    old_up, old_down = weights[2 * arc], weights[2 * arc + 1]
    if (up == old_up and up != new_up) or (down == old_down and down != new_down):
        dirty[arc] = 1
    if new_up < old_up or new_down < old_down:
        dirty[arc] = 1


@njit(cache=True, nogil=True)
def recustomize(
    up_start: Ints,
    up_head: Ints,
    low_start: Ints,
    low_tail: Ints,
    low_arc: Ints,
    input_start: Ints,
    input_arc: Ints,
    arc_ds: Ints,
    node: Ints,
    weights: Ints,
    dirty: Bytes,
) -> int:
    """Bring ``weights`` up to date; returns how many hierarchy arcs changed.

    ``dirty`` (m,) marks the hierarchy arcs whose input arcs changed and is 0 afterwards; ``node`` holds
    their lower ends and all ancestors of these, rising.
    """
    changed = 0
    for v in node:
        begin, end = up_start[v], up_start[v + 1]
        for i in range(begin, end):
            if not dirty[i]:
                continue
            dirty[i] = 0
            x = up_head[i]
            up = _from_inputs(input_start, input_arc, arc_ds, 2 * i)
            down = _from_inputs(input_start, input_arc, arc_ds, 2 * i + 1)
            for k in range(low_start[v], low_start[v + 1]):
                z, to_v = low_tail[k], low_arc[k]
                to_x = find_arc(up_start, up_head, z, x)
                if to_x < up_start[z + 1] and up_head[to_x] == x:
                    up = min(up, weights[2 * to_v + 1] + weights[2 * to_x])
                    down = min(down, weights[2 * to_x + 1] + weights[2 * to_v])
            was_up, was_down = weights[2 * i], weights[2 * i + 1]
            if up == was_up and down == was_down:
                continue
            weights[2 * i], weights[2 * i + 1] = up, down
            changed += 1
            for j in range(begin, end):
                y = up_head[j]
                on_up, on_down = weights[2 * j], weights[2 * j + 1]
                if y > x:  # the triangle's upper arc runs from x up to y, by way of v
                    arc = find_arc(up_start, up_head, x, y)
                    _mark(weights, dirty, arc, was_down + on_up, on_down + was_up, down + on_up, on_down + up)
                elif y < x:
                    arc = find_arc(up_start, up_head, y, x)
                    _mark(weights, dirty, arc, on_down + was_up, was_down + on_up, on_down + up, down + on_up)
    return changed
