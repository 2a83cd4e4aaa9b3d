"""One shortest way between two places: two climbs, the best meeting node, unpacking down to input arcs.

Dibbelt, Strasser & Wagner (2016), doi:10.1145/2886843. A hierarchy arc is as long as an input arc or as the
two legs of one of its lower triangles; legs are lower, so unpacking ends.
"""

import numpy as np
from numba import njit

from geo._kernels.flow import Ints
from geo._kernels.lanes import UNREACHED


@njit(cache=True, nogil=True)
def climb_back(
    up_start: Ints, up_head: Ints, parent: Ints, weights: Ints, towards: int, node: Ints, ds: Ints,
    label: Ints, via: Ints, below: Ints,
) -> None:  # fmt: skip
    """Labels above the seeds, the last arc to each node and the node it came from; -1 at the seeds."""
    for k in range(node.size):
        v = node[k]
        if ds[k] < label[v]:
            label[v] = ds[k]
            via[v] = -1
            below[v] = -1
        while v >= 0:
            here_ds = np.int64(label[v])
            if here_ds < UNREACHED:
                for arc in range(up_start[v], up_start[v + 1]):
                    there_ds = here_ds + weights[2 * arc + towards]
                    u = up_head[arc]
                    if there_ds < label[u]:
                        label[u] = there_ds
                        via[u] = arc
                        below[u] = v
            v = parent[v]


@njit(cache=True, nogil=True)
def meeting_node(parent: Ints, node: Ints, out_label: Ints, into_label: Ints) -> tuple[int, np.int64]:
    """The node above the origin through which the way is shortest, lowest on a tie, and the time; or -1."""
    best_ds, best = np.int64(UNREACHED), -1
    for start in node:
        v = start
        while v >= 0:
            ds = np.int64(out_label[v]) + into_label[v]
            if ds < best_ds or (ds == best_ds and ds < UNREACHED and v < best):
                best_ds, best = ds, v
            v = parent[v]
    return best, best_ds


@njit(cache=True, nogil=True)
def climbed(via: Ints, below: Ints, node: int, towards: int, slots: Ints) -> tuple[int, int]:
    """Weights used from ``node`` down to a seed, nearest first; returns their number and the seed."""
    count = 0
    while via[node] >= 0:
        slots[count] = 2 * via[node] + towards
        count += 1
        node = below[node]
    return count, node


@njit(cache=True, nogil=True)
def unpack(
    slots: Ints, weights: Ints, leg_start: Ints, legs: Ints, input_start: Ints, input_arc: Ints, arc_ds: Ints,
    arcs: Ints,
) -> int:  # fmt: skip
    """Write the input arcs of consecutive weights; returns how many, -1 where ``arcs`` is too short."""
    stack = np.empty(2 * leg_start.size + slots.size, np.int32)
    waiting, count = 0, 0
    for k in range(slots.size - 1, -1, -1):
        stack[waiting] = slots[k]
        waiting += 1
    while waiting > 0:
        waiting -= 1
        slot = stack[waiting]
        arc = -1
        for k in range(input_start[slot], input_start[slot + 1]):
            if arc < 0 and arc_ds[input_arc[k]] == weights[slot]:
                arc = input_arc[k]
        if arc >= 0:
            if count == arcs.size:
                return -1
            arcs[count] = arc
            count += 1
            continue
        is_down = slot & 1
        for k in range(leg_start[slot >> 1], leg_start[(slot >> 1) + 1]):
            first = 2 * legs[2 * k + is_down] + 1
            second = 2 * legs[2 * k + 1 - is_down]
            if np.int64(weights[first]) + weights[second] == weights[slot]:
                stack[waiting], stack[waiting + 1] = second, first
                waiting += 2
                break
    return count
