"""Restricted downward sweeps: times from many sources to chosen places at once.

Rows are the ancestors of the chosen places, highest first; one pass over their arcs settles all lanes.
PHAST and RPHAST: Delling, Goldberg, Nowatzyk & Werneck (2013), doi:10.1016/j.jpdc.2012.02.007; Delling,
Goldberg & Werneck (2011), doi:10.4230/OASIcs.ATMOS.2011.52. A row sums at most ``UNREACHED`` plus a weight.
"""

import numpy as np
from numba import njit

from geo._kernels.flow import Bytes, Ints
from geo._kernels.lanes import FEW, UNREACHED, arrive_few, arrive_many, sweep_row_few, sweep_row_many

TILE = 16


@njit(cache=True, nogil=True)
def ancestors(parent: Ints, node: Ints, seen: Bytes, found: Ints) -> int:
    """Write the nodes and all above them into ``found``; returns how many. ``seen`` is 0 before and after."""
    count = 0
    for start in node:
        v = start
        while v >= 0 and not seen[v]:
            seen[v] = 1
            found[count] = v
            count += 1
            v = parent[v]
    for k in range(count):
        seen[found[k]] = 0
    return count


@njit(cache=True, nogil=True)
def rows(
    up_start: Ints, up_head: Ints, weights: Ints, towards: int, node: Ints, row_of: Ints, row_start: Ints,
    row_head: Ints, row_ds: Ints,
) -> int:  # fmt: skip
    """Arcs into each node (descending rank) from rows above; returns their number.

    ``row_of`` of every node in ``node`` is set. Arcs that nothing may use are left out.
    """
    end = 0
    for r in range(node.size):
        v = node[r]
        row_of[v] = r
        row_start[r] = end
        for arc in range(up_start[v], up_start[v + 1]):
            ds = weights[2 * arc + 1 - towards]
            if ds < UNREACHED:
                row_head[end] = row_of[up_head[arc]]
                row_ds[end] = ds
                end += 1
    row_start[node.size] = end
    return end


@njit(cache=True, nogil=True)
def sweep(row_start: Ints, row_head: Ints, row_ds: Ints, labels: Ints, started: Bytes) -> None:
    """Settle all rows from the highest down; ``started`` is 0 afterwards."""
    few = labels.shape[1] == FEW
    for r in range(started.size):
        begin, end = row_start[r], row_start[r + 1]
        if few:
            sweep_row_few(labels, row_head, row_ds, r, begin, end, started[r] != 0)
        else:
            sweep_row_many(labels, row_head, row_ds, r, begin, end, started[r] != 0)
        started[r] = 0


@njit(cache=True, nogil=True)
def arrive(labels: Ints, start: Ints, row: Ints, ds: Ints, place: int, tile: Ints, at: int) -> None:
    """Times of all lanes at one place: the least over the rows it is reached from, into ``tile[at]``."""
    begin, end = start[place], start[place + 1]
    if begin == end:
        tile[at, :] = UNREACHED
    for k in range(begin, end):
        if labels.shape[1] == FEW:
            arrive_few(labels, row[k], ds[k], tile, at, k == begin)
        else:
            arrive_many(labels, row[k], ds[k], tile, at, k == begin)


@njit(cache=True, nogil=True)
def write_table(
    labels: Ints, start: Ints, row: Ints, ds: Ints, first: int, count: int, tile: Ints, table: Ints
) -> None:
    """``table[first + lane, place]`` for all places of the rows and the first ``count`` lanes."""
    places = start.size - 1
    for begin in range(0, places, TILE):
        end = min(begin + TILE, places)
        for place in range(begin, end):
            arrive(labels, start, row, ds, place, tile, place - begin)
        for lane in range(count):
            for place in range(begin, end):
                table[first + lane, place] = tile[place - begin, lane]


@njit(cache=True, nogil=True)
def write_table_across(
    labels: Ints, start: Ints, row: Ints, ds: Ints, first: int, count: int, tile: Ints, table: Ints
) -> None:
    """``table[place, first + lane]``: as ``write_table`` the other way round."""
    for place in range(start.size - 1):
        arrive(labels, start, row, ds, place, tile, 0)
        for lane in range(count):
            table[place, first + lane] = tile[0, lane]
