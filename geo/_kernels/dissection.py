"""Nested dissection by inertial flow: the order in which a hierarchy contracts the nodes.

A cell of nodes is cut by a least cut between its outermost nodes along four directions; the nodes of the
best cut on its thinner side form the separator, which is contracted last, and both sides go on by
themselves. Schild & Sommer (2015), doi:10.1007/978-3-319-20086-6_22; the cut itself is in
``geo._kernels.flow``.
"""

import numpy as np
from numba import njit

from geo._kernels.flow import SINK, SOURCE, Bytes, Cells, Floats, Int, Ints, Network, cut

_SEPARATOR = 3
_TINY = 3


@njit(cache=True, nogil=True)
def nested_dissection(start: Ints, head: Ints, twin: Ints, x: Floats, y: Floats, balance: float) -> Ints:
    """Nodes from the first contracted to the last, shape (n,).

    ``start``, ``head``: neighbours of each node, both directions present, no loops, no repeats;
    ``twin[a]`` is the opposite of arc ``a``. ``x``, ``y``: position of each node, any length unit.
    ``balance``: share of a cell on each outer side that a cut may not enter, below 0.5.
    """
    n = x.size
    network = Network(start, head, twin, np.zeros(head.size, np.int8))
    level, next_arc, queue = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n + 1, np.int32)
    cells = Cells(np.zeros(n, np.int32), np.zeros(n, np.int8), level, next_arc, queue)
    border, bounds = np.empty(n, np.int32), np.empty(n + 1, np.int32)
    inside, key = np.zeros(n, np.int8), np.empty(n, np.float64)
    nodes, order = np.arange(n).astype(np.int32), np.empty(n, np.int32)
    begins, stops, is_whole = np.zeros(n + 2, np.int32), np.empty(n + 2, np.int32), np.zeros(n + 2, np.int8)
    stops[0] = n
    waiting, free, known = 1, n, np.int64(1)
    while waiting > 0:
        waiting -= 1
        lo, hi = begins[waiting], stops[waiting]
        here = nodes[lo:hi]
        if hi - lo <= _TINY:
            free = _place_by_degree(network, cells, here, order, free)
        elif not is_whole[waiting]:
            parts = _components(network, cells, here, bounds)
            for part in range(parts):
                begins[waiting], stops[waiting], is_whole[waiting] = (
                    lo + bounds[part],
                    lo + bounds[part + 1],
                    1,
                )
                _rename(cells, nodes[lo + bounds[part] : lo + bounds[part + 1]], known)
                known += 1
                waiting += 1
        else:
            _best_cut(network, cells, here, x, y, balance, inside, key, bounds, border)
            thin = _thinner_side(network, cells, here, inside)
            _mark_separator(network, cells, here, inside, thin)
            low, high = _part(cells, here, inside)
            for v in here[low:high]:
                free -= 1
                order[free] = v
                cells.name[v] = -1
            _rename(cells, here[high:], known)
            known += 1
            begins[waiting], stops[waiting], is_whole[waiting] = lo, lo + low, 0
            waiting += 1 if low > 0 else 0
            begins[waiting], stops[waiting], is_whole[waiting] = lo + high, hi, 0
            waiting += 1 if lo + high < hi else 0
    return order


@njit(cache=True, nogil=True)
def _place_by_degree(network: Network, cells: Cells, here: Ints, order: Ints, free: int) -> int:
    """Order a tiny cell, the node with most neighbours last: it would join the others."""
    start = network.start
    for i in range(here.size):
        top = i
        for j in range(i + 1, here.size):
            a, b = here[j], here[top]
            if start[a + 1] - start[a] > start[b + 1] - start[b]:
                top = j
        v = here[top]
        here[top] = here[i]
        here[i] = v
        free -= 1
        order[free] = v
        cells.name[v] = -1
    return free


@njit(cache=True, nogil=True)
def _rename(cells: Cells, here: Ints, name: Int) -> None:
    for v in here:
        cells.name[v] = name


@njit(cache=True, nogil=True)
def _components(network: Network, cells: Cells, here: Ints, bounds: Ints) -> int:
    """Bring the nodes of each connected part together; part ``k`` is ``bounds[k]:bounds[k + 1]``."""
    seen, queue, name = cells.level, cells.queue, cells.name
    for v in here:
        seen[v] = 0
    last, parts = 0, 0
    for root in here:
        if seen[root]:
            continue
        bounds[parts] = last
        parts += 1
        seen[root] = 1
        queue[last] = root
        at = last
        last += 1
        while at < last:
            v = queue[at]
            at += 1
            for a in range(network.start[v], network.start[v + 1]):
                u = network.head[a]
                if name[u] == name[v] and not seen[u]:
                    seen[u] = 1
                    queue[last] = u
                    last += 1
    bounds[parts] = last
    for i in range(last):
        here[i] = queue[i]
    return parts


@njit(cache=True, nogil=True)
def _best_cut(
    network: Network,
    cells: Cells,
    here: Ints,
    x: Floats,
    y: Floats,
    balance: float,
    inside: Bytes,
    key: Floats,
    byside: Ints,
    border: Ints,
) -> None:
    """Set ``inside`` on one side of the least cut found along west-east, south-north and both diagonals."""
    size = here.size
    outer = max(1, int(size * balance))
    best: Int = np.int64(2**30)
    for direction in range(4):
        along_x = 1.0 if direction != 1 else 0.0
        along_y = 0.0 if direction == 0 else (-1.0 if direction == 3 else 1.0)
        for i in range(size):
            v = here[i]
            byside[i] = v
            cells.side[v] = 0
            key[v] = along_x * x[v] + along_y * y[v]
        _least_first(key, byside, np.int64(0), size, outer)
        _least_first(key, byside, outer, size, size - 2 * outer)
        for i in range(outer):
            cells.side[byside[i]] = SOURCE
            cells.side[byside[size - 1 - i]] = SINK
        arcs = cut(network, cells, byside[:size], outer, border, best)
        if arcs < best:
            best = arcs
            for v in here:
                inside[v] = 1 if cells.side[v] != SINK and cells.level[v] >= 0 else 0


@njit(cache=True, nogil=True)
def _least_first(key: Floats, order: Ints, lo: Int, hi: int, k: int) -> None:
    """Permute ``order[lo:hi]`` until its first ``k`` entries have the least keys (Hoare's selection)."""
    left, right, wanted = lo, hi - 1, lo + k
    while left < right:
        pivot = key[order[(left + right) >> 1]]
        i, j = left, right
        while i <= j:
            while key[order[i]] < pivot:
                i += 1
            while key[order[j]] > pivot:
                j -= 1
            if i <= j:
                v = order[i]
                order[i] = order[j]
                order[j] = v
                i += 1
                j -= 1
        if wanted <= j:
            right = j
        elif wanted >= i:
            left = i
        else:
            return


@njit(cache=True, nogil=True)
def _is_at_cut(network: Network, cells: Cells, inside: Bytes, v: int) -> bool:
    for a in range(network.start[v], network.start[v + 1]):
        u = network.head[a]
        if cells.name[u] == cells.name[v] and inside[u] != inside[v]:
            return True
    return False


@njit(cache=True, nogil=True)
def _thinner_side(network: Network, cells: Cells, here: Ints, inside: Bytes) -> int:
    """Which side, 0 or 1, has fewer nodes at the cut."""
    excess = 0
    for v in here:
        if _is_at_cut(network, cells, inside, v):
            excess += 1 if inside[v] else -1
    return 1 if excess <= 0 else 0


@njit(cache=True, nogil=True)
def _mark_separator(network: Network, cells: Cells, here: Ints, inside: Bytes, thin: int) -> None:
    for v in here:
        is_chosen = inside[v] == thin and _is_at_cut(network, cells, inside, v)
        cells.side[v] = _SEPARATOR if is_chosen else 0


@njit(cache=True, nogil=True)
def _part(cells: Cells, here: Ints, inside: Bytes) -> tuple[int, int]:
    """Permute ``here``: one side in ``[:low]``, the separator in ``[low:high]``, the other side after it."""
    at = 0
    for wanted in (1, _SEPARATOR, 0):
        if wanted == _SEPARATOR:
            low = at
        elif wanted == 0:
            high = at
        for v in here:
            kind = _SEPARATOR if cells.side[v] == _SEPARATOR else inside[v]
            if kind == wanted:
                cells.queue[at] = v
                at += 1
    for i in range(here.size):
        here[i] = cells.queue[i]
    return low, high
