"""Customization: the travel times of hierarchy arcs from those of the input arcs.

Basic: every arc gets the least of its input arcs and its lower triangles. Perfect: every arc gets the
shortest time between its ends. Partial: only what changed input arcs can change. Dibbelt, Strasser & Wagner
(2016), doi:10.1145/2886843. ``weights[2 a]`` goes up arc ``a`` and ``weights[2 a + 1]`` down, deciseconds;
the array ends with ``PADDING`` unused places, which whole vectors may touch.
"""

from numba import njit

from geo._kernels.flow import Ints
from geo._kernels.lanes import UNREACHED
from geo._kernels.triangles import relax_four

PADDING = 8


@njit(cache=True, nogil=True)
def enter(slot: Ints, arc_ds: Ints, weights: Ints) -> None:
    """Weights from input arcs alone: the least of parallel ones, ``UNREACHED`` where there is none."""
    for k in range(weights.size):
        weights[k] = UNREACHED
    for k in range(slot.size):
        if slot[k] >= 0 and arc_ds[k] < weights[slot[k]]:
            weights[slot[k]] = arc_ds[k]


@njit(cache=True, nogil=True)
def basic(up_start: Ints, up_head: Ints, weights: Ints) -> None:
    """Relax all lower triangles, lowest node first."""
    for v in range(up_start.size - 1):
        begin, end = up_start[v], up_start[v + 1]
        for i in range(begin, end - 1):
            up_ds, down_ds = weights[2 * i + 1], weights[2 * i]  # to v by arc i, then on by arc j
            if up_ds == UNREACHED and down_ds == UNREACHED:
                continue
            j, p = i + 1, up_start[up_head[i]]
            while up_head[p] < up_head[j]:
                p += 1
            run = end - j
            if up_head[p + run - 1] == up_head[end - 1]:  # every arc between stands opposite its own
                _relax_run(weights, p, j, run, up_ds, down_ds)
                continue
            while j < end:
                while up_head[p] < up_head[j]:
                    p += 1
                weights[2 * p] = min(weights[2 * p], up_ds + weights[2 * j])
                weights[2 * p + 1] = min(weights[2 * p + 1], down_ds + weights[2 * j + 1])
                j += 1


@njit(cache=True, nogil=True)
def _relax_run(weights: Ints, p: int, j: int, run: int, up_ds: int, down_ds: int) -> None:
    k = 0
    while k + 4 <= run:
        relax_four(weights, 2 * (p + k), weights, 2 * (j + k), up_ds, down_ds)
        k += 4
    while k < run:
        weights[2 * (p + k)] = min(weights[2 * (p + k)], up_ds + weights[2 * (j + k)])
        weights[2 * (p + k) + 1] = min(weights[2 * (p + k) + 1], down_ds + weights[2 * (j + k) + 1])
        k += 1


@njit(cache=True, nogil=True)
def perfect(up_start: Ints, up_head: Ints, weights: Ints, exact: Ints) -> None:
    """Relax all upper triangles, highest node first; ``exact`` starts as a copy of ``weights``."""
    for v in range(up_start.size - 2, -1, -1):
        begin, end = up_start[v], up_start[v + 1]
        for i in range(begin, end - 1):
            up_ds, down_ds = exact[2 * i], exact[2 * i + 1]
            via_up, via_down = weights[2 * i], weights[2 * i + 1]
            j, p = i + 1, up_start[up_head[i]]
            while j < end:
                while up_head[p] < up_head[j]:
                    p += 1
                exact[2 * j] = min(exact[2 * j], via_up + exact[2 * p])
                exact[2 * j + 1] = min(exact[2 * j + 1], via_down + exact[2 * p + 1])
                up_ds = min(up_ds, weights[2 * j] + exact[2 * p + 1])
                down_ds = min(down_ds, weights[2 * j + 1] + exact[2 * p])
                j += 1
            exact[2 * i], exact[2 * i + 1] = up_ds, down_ds
