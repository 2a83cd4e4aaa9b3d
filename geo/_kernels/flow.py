"""The least cut between two sets of nodes inside a cell: maximum flow by blocking flows.

Every arc has capacity one in each direction. Dinitz (1970); with unit capacities few phases are needed
(Even & Tarjan 1975, doi:10.1137/0204043).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo import _kernels  # noqa: F401 - sets numba's cache folder first

Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]
Floats = NDArray[np.float64]
Int = int | np.int64
"""A number that is never a literal to numba: a literal would have the kernel compiled once more."""

SOURCE, SINK = 1, 2


class Network(NamedTuple):
    """Neighbours of each node, the opposite of each arc, the flow on each arc (-1, 0 or 1)."""

    start: Ints
    head: Ints
    twin: Ints
    flow: Bytes


class Cells(NamedTuple):
    """Per node: name of its cell (-1 none), ``SOURCE`` or ``SINK``, level, next arc; a queue of n + 1."""

    name: Ints
    side: Bytes
    level: Ints
    next_arc: Ints
    queue: Ints


@njit(cache=True, nogil=True)
def cut(network: Network, cells: Cells, here: Ints, outer: int, border: Ints, give_up: Int) -> Int:
    """Arcs in a least cut between the first and the last ``outer`` nodes, ``give_up`` when none is below it.

    ``cells.side`` names these nodes as ``SOURCE`` and ``SINK``. Afterwards ``cells.level >= 0`` marks the
    nodes between them that are on the side of the sources. ``border`` is scratch of ``outer`` places.
    """
    for v in here:
        for a in range(network.start[v], network.start[v + 1]):
            network.flow[a] = 0
    sources = _find_border(network, cells, here, outer, border)
    total = 0
    while total < give_up:
        found = _set_levels(network, cells, here, outer, border, sources)
        if found < 0:
            return total
        total += _saturate(network, cells, here, outer, border, sources, found)
    return give_up


@njit(cache=True, nogil=True)
def _find_border(network: Network, cells: Cells, here: Ints, outer: int, border: Ints) -> int:
    """Collect the sources that have a neighbour in the cell which is none: flow starts only there."""
    count = 0
    for i in range(outer):
        v = here[i]
        cells.level[v] = 0
        for a in range(network.start[v], network.start[v + 1]):
            u = network.head[a]
            if cells.name[u] == cells.name[v] and cells.side[u] != SOURCE:
                border[count] = v
                count += 1
                break
    return count


@njit(cache=True, nogil=True)
def _set_levels(network: Network, cells: Cells, here: Ints, outer: int, border: Ints, sources: int) -> int:
    """Breadth-first levels from the sources over arcs with room; the level of the first sink, or -1."""
    level, queue, name = cells.level, cells.queue, cells.name
    for i in range(outer, here.size - outer):
        level[here[i]] = -1
    for i in range(sources):
        queue[i] = border[i]
    at, last, found = 0, sources, -1
    while at < last:
        v = queue[at]
        at += 1
        if found >= 0 and level[v] + 1 >= found:
            break
        for a in range(network.start[v], network.start[v + 1]):
            u = network.head[a]
            if name[u] != name[v] or network.flow[a] >= 1:
                continue
            if cells.side[u] == SINK:
                found = level[v] + 1
            elif level[u] < 0:
                level[u] = level[v] + 1
                queue[last] = u
                last += 1
    return found


@njit(cache=True, nogil=True)
def _saturate(
    network: Network, cells: Cells, here: Ints, outer: int, border: Ints, sources: int, found: int
) -> int:
    """Fill every way of ``found`` steps from the sources to the sinks; returns the units of flow added."""
    start, head, twin, flow = network
    level, next_arc, path = cells.level, cells.next_arc, cells.queue
    for i in range(outer, here.size - outer):
        next_arc[here[i]] = start[here[i]]
    added = 0
    for i in range(sources):
        v = border[i]
        next_arc[v] = start[v]
        steps = 0
        while True:
            a = next_arc[v]
            if a == start[v + 1]:
                if steps == 0:
                    break
                steps -= 1
                v = head[twin[path[steps]]]
                continue
            next_arc[v] = a + 1
            u = head[a]
            if flow[a] >= 1 or cells.name[u] != cells.name[v]:
                continue
            if cells.side[u] == SINK:
                path[steps] = a
                for k in range(steps + 1):
                    flow[path[k]] += 1
                    flow[twin[path[k]]] -= 1
                added += 1
                v, steps = border[i], 0
            elif level[u] == level[v] + 1 and level[u] < found:
                path[steps] = a
                steps += 1
                v = u
    return added
