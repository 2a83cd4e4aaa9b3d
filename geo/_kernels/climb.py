"""Upward searches along the elimination tree: from the seeds of a place to all hierarchy nodes above them.

Every shortest way goes up and then down the hierarchy, and all nodes on its upward part are ancestors of
where it began; so a search needs no queue. Dibbelt, Strasser & Wagner (2016), doi:10.1145/2886843, section
on elimination tree queries. ``towards``: 0 follows the arcs, 1 goes against them.
"""

import numpy as np
from numba import njit

from geo._kernels.flow import Bytes, Ints
from geo._kernels.lanes import UNREACHED


@njit(cache=True, nogil=True)
def climb(
    up_start: Ints, up_head: Ints, parent: Ints, weights: Ints, towards: int, a: int, b: int, label: Ints
) -> None:
    """Relax upward from the ancestors of nodes ``a`` and ``b`` (-1 = none), lowest first."""
    while a >= 0 or b >= 0:
        if a == b:
            b = -1
        if b < 0 or (0 <= a < b):
            v = a
            a = parent[a]
        else:
            v = b
            b = parent[b]
        here_ds = np.int64(label[v])
        if here_ds < UNREACHED:
            for arc in range(up_start[v], up_start[v + 1]):
                ds = here_ds + weights[2 * arc + towards]
                if ds < label[up_head[arc]]:
                    label[up_head[arc]] = ds


@njit(cache=True, nogil=True)
def ascend(
    up_start: Ints,
    up_head: Ints,
    parent: Ints,
    weights: Ints,
    towards: int,
    seed_start: Ints,
    seed_node: Ints,
    seed_ds: Ints,
    first: int,
    count: int,
    row_of: Ints,
    label: Ints,
    labels: Ints,
    started: Bytes,
) -> None:
    """Search from places ``first`` to ``first + count`` and write the labels of rows into their lanes.

    Seeds of place ``i``: ``seed_start[i]:seed_start[i + 1]``. ``label`` (n,) is all ``UNREACHED`` before
    and after. ``started[r]`` is set where row ``r`` of ``labels`` (rows, lanes) has been written.
    """
    lanes = labels.shape[1]
    for lane in range(count):
        begin, end = seed_start[first + lane], seed_start[first + lane + 1]
        for k in range(begin, end):
            label[seed_node[k]] = min(label[seed_node[k]], seed_ds[k])
        for k in range(begin, end, 2):
            other = seed_node[k + 1] if k + 1 < end else -1
            climb(up_start, up_head, parent, weights, towards, seed_node[k], other, label)
        for k in range(begin, end):
            v = seed_node[k]
            while v >= 0 and label[v] >= 0:
                r = row_of[v]
                if r >= 0 and label[v] < UNREACHED:
                    if not started[r]:
                        started[r] = 1
                        for other_lane in range(lanes):
                            labels[r, other_lane] = UNREACHED
                    labels[r, lane] = label[v]
                label[v] = -1  # seen: the rest of the way up has been written by another seed
                v = parent[v]
        for k in range(begin, end):
            v = seed_node[k]
            while v >= 0 and label[v] < 0:
                label[v] = UNREACHED
                v = parent[v]
