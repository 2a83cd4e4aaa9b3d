"""Restricted downward sweeps: times from many sources to chosen places at once.

Rows are the ancestors of the chosen places, highest first; one pass over their arcs settles all lanes.
PHAST and RPHAST: Delling, Goldberg, Nowatzyk & Werneck (2013), doi:10.1016/j.jpdc.2012.02.007; Delling,
Goldberg & Werneck (2011), doi:10.4230/OASIcs.ATMOS.2011.52. A row sums at most ``UNREACHED`` plus a weight.
"""

import numpy as np
from numba import njit

from geo._kernels.flow import Bytes, Ints
from geo._kernels.lanes import (
    FEW,
    UNREACHED,
    sweep_row_few,
    sweep_row_many,
    within_few,
    within_many,
)

STRETCH = 64
"""Rows that are passed over together where nothing within a limit leads into them."""


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
def by_last_row(
    start: Ints,
    row: Ints,
    ds: Ints,
    ends: Ints,
    order: Ints,
    at: Ints,
    new_start: Ints,
    new_row: Ints,
    new_ds: Ints,
) -> None:
    """Places and their seeds in the order in which they are settled: by the lowest row they are reached from.

    ``ends`` (rows + 1,) is 0 before; afterwards the places settled by rows ``0..r`` are ``[:ends[r]]``.
    ``order`` and ``at`` are the permutation and its inverse.
    """
    places = start.size - 1
    for place in range(places):
        last = 0
        for k in range(start[place], start[place + 1]):
            last = max(last, row[k])
        at[place] = last
        ends[last + 1] += 1
    for r in range(1, ends.size):
        ends[r] += ends[r - 1]
    for place in range(places):
        r = at[place]
        at[place] = ends[r]
        order[ends[r]] = place
        ends[r] += 1
    end = 0
    for position in range(places):
        new_start[position] = end
        for k in range(start[order[position]], start[order[position] + 1]):
            new_row[end], new_ds[end] = row[k], ds[k]
            end += 1
    new_start[places] = end


@njit(cache=True, nogil=True)
def sweep(
    row_start: Ints, row_head: Ints, row_ds: Ints, first: int, stop: int, labels: Ints, started: Bytes
) -> None:
    """Settle rows ``first <= r < stop``, those above being settled; their ``started`` is 0 afterwards."""
    few = labels.shape[1] == FEW
    for r in range(first, stop):
        begin, end = row_start[r], row_start[r + 1]
        if few:
            sweep_row_few(labels, row_head, row_ds, r, begin, end, started[r] != 0)
        else:
            sweep_row_many(labels, row_head, row_ds, r, begin, end, started[r] != 0)
        started[r] = 0


@njit(cache=True, nogil=True)
def gates(row_start: Ints, row_head: Ints, gate_start: Ints, gate: Ints) -> int:
    """Rows above each stretch of ``STRETCH`` rows with arcs into it; returns their number.

    Those of stretch ``s`` are ``gate[gate_start[s]:gate_start[s + 1]]``, each once. Neighbouring rows mostly
    belong to one cell, whose border is small.
    """
    rows = row_start.size - 1
    seen = np.full(rows, -1, np.int32)
    end = 0
    for s in range(gate_start.size - 1):
        gate_start[s] = end
        for a in range(row_start[s * STRETCH], row_start[min((s + 1) * STRETCH, rows)]):
            head = row_head[a]
            if head < s * STRETCH and seen[head] != s:
                seen[head] = s
                gate[end] = head
                end += 1
    gate_start[gate_start.size - 1] = end
    return end


@njit(cache=True, nogil=True)
def sweep_within(
    row_start: Ints, row_head: Ints, row_ds: Ints, gate_start: Ints, gate: Ints, first: int, stop: int,
    labels: Ints, started: Bytes, limit_ds: int, is_near: Bytes, head: Ints, ds: Ints,
) -> None:  # fmt: skip
    """As ``sweep``, for times up to a limit, inclusive: rows that no lane reaches within it are passed over.

    ``is_near`` says which rows are within the limit; the others hold nothing of use. ``first`` and ``stop``
    are whole stretches; ``head`` and ``ds`` are scratch for the arcs of one row.
    """
    few = labels.shape[1] == FEW
    for begin in range(first, stop, STRETCH):
        end = min(begin + STRETCH, stop)
        is_open = False
        for k in range(gate_start[begin // STRETCH], gate_start[begin // STRETCH + 1]):
            is_open |= is_near[gate[k]] != 0
        for r in range(begin, end):
            is_near[r] = 0
            is_open |= started[r] != 0
        if not is_open:
            continue
        for r in range(begin, end):
            count = 0
            for a in range(row_start[r], row_start[r + 1]):
                if is_near[row_head[a]]:
                    head[count], ds[count] = row_head[a], row_ds[a]
                    count += 1
            if count == 0 and not started[r]:
                continue
            if few:
                sweep_row_few(labels, head, ds, r, 0, count, started[r] != 0)
                is_near[r] = within_few(labels, r, 0, limit_ds) != 0
            else:
                sweep_row_many(labels, head, ds, r, 0, count, started[r] != 0)
                is_near[r] = within_many(labels, r, 0, limit_ds) != 0
            started[r] = 0
