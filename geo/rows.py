"""What a downward sweep to chosen places needs: their ancestors and the arcs between these."""

from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from geo.customization import Metric
from geo.roads import Int32s
from geo.seeds import Seeds

MANY_SHARE = 0.125
"""Share of all nodes from which on places are swept to through all nodes: those rows are kept ready."""

FEW_ANCESTORS = 0.01
"""Share of all nodes up to which ancestors are sorted; more are quicker to mark and to list."""

STEP_ROWS = 8192
"""Rows settled before their places are looked at: a megabyte of labels, which a processor's cache holds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Ancestors of places, highest first, with the arcs into each from rows above; ``r`` rows, ``c`` arcs.

    Parameters
    ----------
    row_of
        Row of each rank, -1 = none, shape (n,).
    start, head, ds
        Arcs into row ``i`` are ``start[i]:start[i + 1]``: row they come from and their deciseconds, shapes
        (r + 1,), (c,), (c,).
    place_start, place_row, place_ds
        The places as ``Seeds`` on rows, in the order in which a sweep settles them.
    order, at
        Which place stands at each position of that order, and where each place stands, shape (p,).
    steps
        A sweep in steps that stay in the processor's cache: (row from, row to, position from, position to).
    """

    row_of: Int32s
    start: Int32s
    head: Int32s
    ds: Int32s
    place_start: Int32s
    place_row: Int32s
    place_ds: Int32s
    order: Int32s
    at: Int32s
    steps: tuple[tuple[int, int, int, int], ...]

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.place_start) - 1


def rows_to(metric: Metric, places: Seeds, *, towards: int = 0, as_given: bool = False) -> Rows:
    """Prepare sweeps to places (``towards`` 0) or, against all arcs, from them (1).

    ``as_given``: places stay in their order, for what is written place by place, and none is settled before
    all rows are.
    """
    node = metric.topology.rank[places.node]
    if len(node) > MANY_SHARE * metric.topology.nodes:
        rows = _all_rows(metric, towards)
    else:
        rows = _rows(metric, _ancestors(metric, node), towards)
    return _with_places(rows, places, rows.row_of[node], as_given=as_given)


def _with_places(rows: Rows, places: Seeds, row: Int32s, *, as_given: bool) -> Rows:
    start, ds = (np.ascontiguousarray(given, np.int32) for given in (places.start, places.ds))
    if as_given or len(rows) <= STEP_ROWS:
        at = np.arange(len(places), dtype=np.int32)
        steps = ((0, len(rows), 0, len(places)),)
        return replace(rows, place_start=start, place_row=row, place_ds=ds, order=at, at=at, steps=steps)
    from geo._kernels.sweep import by_last_row

    ends = np.zeros(len(rows) + 1, np.int32)
    order, at = np.empty(len(places), np.int32), np.empty(len(places), np.int32)
    sorted_start, sorted_row, sorted_ds = np.empty_like(start), np.empty_like(row), np.empty_like(ds)
    by_last_row(start, row, ds, ends, order, at, sorted_start, sorted_row, sorted_ds)
    bounds = [*range(0, len(rows), STEP_ROWS), len(rows)]
    settled = [0, *(int(ends[r - 1]) for r in bounds[1:])]
    return replace(
        rows,
        place_start=sorted_start,
        place_row=sorted_row,
        place_ds=sorted_ds,
        order=order,
        at=at,
        steps=tuple(zip(bounds, bounds[1:], settled, settled[1:], strict=False)),
    )


_ALL: WeakKeyDictionary[Metric, dict[int, Rows]] = WeakKeyDictionary()
_NO_PLACE = np.zeros(1, np.int32)


def _all_rows(metric: Metric, towards: int) -> Rows:
    """Rows of all nodes, made once for each metric and direction."""
    ready = _ALL.setdefault(metric, {})
    if towards not in ready:
        ready[towards] = _rows(metric, np.arange(metric.topology.nodes, dtype=np.int32)[::-1].copy(), towards)
    return ready[towards]


def _ancestors(metric: Metric, node: Int32s) -> Int32s:
    """The nodes and all above them, by falling rank."""
    from geo._kernels.sweep import ancestors

    found = np.empty(metric.topology.nodes, np.int32)
    count = ancestors(metric.topology.parent, node, np.zeros(len(found), np.int8), found)
    if count < FEW_ANCESTORS * len(found):
        return np.sort(found[:count])[::-1].copy()
    is_above = np.zeros(len(found), np.bool_)
    is_above[found[:count]] = True
    return np.flatnonzero(is_above)[::-1].astype(np.int32)


def _rows(metric: Metric, node: Int32s, towards: int) -> Rows:
    from geo._kernels.sweep import rows

    t = metric.topology
    row_of, start = np.full(t.nodes, -1, np.int32), np.empty(len(node) + 1, np.int32)
    most = int((t.up_start[node + 1] - t.up_start[node]).sum())
    head, ds = np.empty(most, np.int32), np.empty(most, np.int32)
    end = rows(t.up_start, t.up_head, metric.swept, towards, node, row_of, start, head, ds)
    return Rows(
        row_of=row_of,
        start=start,
        head=head[:end],
        ds=ds[:end],
        place_start=_NO_PLACE,
        place_row=_NO_PLACE[:0],
        place_ds=_NO_PLACE[:0],
        order=_NO_PLACE[:0],
        at=_NO_PLACE[:0],
        steps=(),
    )
