"""Travel times between sets of places on one metric, and answers about them that never write the table.

All times are deciseconds, ``IMPASSABLE`` where there is no way; limits are inclusive. ``direct`` are drives
between a source and a place that need no node; ``threads`` as in ``geo.sweeps``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.customization import Metric
from geo.metric import IMPASSABLE
from geo.roads import Floats, Int32s
from geo.rows import Rows, rows_to
from geo.seeds import Direct, Seeds
from geo.sweeps import AT_ONCE, Bytes, Sweep, sweep_all


def table_ds(metric: Metric, origins: Seeds, destinations: Seeds, *, threads: int | None = None) -> Int32s:
    """Times from every origin to every destination, shape (o, d).

    The smaller side is searched from; where these are the destinations, against the arcs.
    """
    from geo._kernels.reductions import write_table

    towards = 0 if len(origins) <= len(destinations) else 1
    sources, others = (destinations, origins) if towards else (origins, destinations)
    targets = rows_to(metric, others, towards=towards, as_given=True)
    source_at, sources = _neighbours_together(metric, sources)
    table = np.empty((len(sources), len(others)), np.int32)

    def keep(done: Sweep) -> None:
        own = source_at[done.first : done.first + done.count]
        write_table(done.labels, *_places(targets), done.p0, done.p1, done.count, own, done.tile, table)

    sweep_all(metric, sources, targets, keep, towards=towards, threads=threads)
    return table.T if towards else table


def nearest(
    metric: Metric,
    sources: Seeds,
    places: Seeds,
    k: int,
    *,
    direct: Direct | None = None,
    towards: int = 0,
) -> tuple[Int32s, Int32s]:
    """The ``k`` sources first at each place and their times, both of shape (p, k), -1 where there are fewer.

    On equal times the lower source is first. ``towards`` 1 asks for the way from the places to the sources.
    """
    from geo._kernels.reductions import keep_nearest

    targets = rows_to(metric, places, towards=towards)
    drives = _drives(direct, targets)
    source, ds = np.full((len(places), k), -1, np.int32), np.full((len(places), k), IMPASSABLE, np.int32)
    if k == 0:
        return source, ds

    def keep(done: Sweep) -> None:
        keep_nearest(done.labels, *_places(targets), *drives, *_range(done), done.tile, source, ds)

    sweep_all(metric, sources, targets, keep, towards=towards, threads=1)  # sources compete for a place
    return source[targets.at], ds[targets.at]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Within:
    """Places within a limit of sources, as pairs by place, then source; shapes (k,)."""

    place: Int32s
    source: Int32s


def covered(
    metric: Metric,
    sources: Seeds,
    places: Seeds,
    limits_ds: Sequence[int],
    *,
    direct: Direct | None = None,
    threads: int | None = None,
) -> tuple[Within, ...]:
    """For each limit the pairs of places and sources that it suffices for."""
    from geo._kernels.reductions import mark_within

    targets = rows_to(metric, places)
    source_at, sources = _neighbours_together(metric, sources)
    drives = _drives(_renamed(direct, source_at), targets)
    limits = np.minimum(np.asarray(limits_ds, np.int64), IMPASSABLE - 1).astype(np.int32)
    marks = np.zeros((len(limits), len(places), -(-len(sources) // AT_ONCE)), np.int32)
    is_marked = np.zeros(len(places), np.int8)

    def keep(done: Sweep) -> None:
        mark_within(
            done.labels, *_places(targets), *drives, *_range(done), done.is_near, limits, marks, is_marked
        )

    sweep_all(metric, sources, targets, keep, limit_ds=int(limits.max(initial=0)), threads=threads)
    return tuple(_pairs(marked, is_marked, targets.at, source_at) for marked in marks)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """How far places are from each source, shapes (sources,).

    Parameters
    ----------
    mean_ds
        Mean over the places reached, weighted; NaN where no weight is reached.
    worst_ds
        Longest time over all places, ``IMPASSABLE`` where one is not reached.
    reached
        Weight of the places reached.
    """

    mean_ds: Floats
    worst_ds: Int32s
    reached: Floats


def spread(
    metric: Metric,
    sources: Seeds,
    places: Seeds,
    weight: Floats,
    *,
    direct: Direct | None = None,
    threads: int | None = None,
) -> Spread:
    """Weighted mean and worst time of the places from each source; ``weight`` (p,), zero or more."""
    from geo._kernels.reductions import add_up

    targets = rows_to(metric, places)
    drives = _drives(direct, targets)
    weight = np.ascontiguousarray(weight, np.float64)
    if weight.shape != (len(places),) or not (weight >= 0).all():
        raise ValueError(f"weight: want shape ({len(places)},) of zero or more, got {weight.shape}")
    by_position = weight[targets.order]
    total, reached = np.zeros(len(sources)), np.zeros(len(sources))
    worst = np.zeros(len(sources), np.int32)

    def keep(done: Sweep) -> None:
        add_up(
            done.labels, *_places(targets), *drives, *_range(done), done.tile, by_position, total,
            reached, worst,
        )  # fmt: skip

    sweep_all(metric, sources, targets, keep, threads=threads)
    mean = np.divide(total, reached, out=np.full(len(sources), np.nan), where=reached > 0)
    return Spread(mean_ds=mean, worst_ds=worst, reached=reached)


def _neighbours_together(metric: Metric, sources: Seeds) -> tuple[Int32s, Seeds]:
    """The sources in order of rank, so that a block of them has few ancestors in all, and that order."""
    first = np.minimum(sources.start[:-1], max(len(sources.node) - 1, 0))
    rank = (
        metric.topology.rank[sources.node[first]] if len(sources.node) else np.zeros(len(sources), np.int32)
    )
    order = np.argsort(rank, kind="stable").astype(np.int32)
    return order, sources.taken(order)


def _renamed(direct: Direct | None, source_at: Int32s) -> Direct | None:
    """The drives with their origins numbered by place in ``source_at``."""
    if direct is None:
        return None
    position = np.empty(len(source_at), np.int32)
    position[source_at] = np.arange(len(source_at), dtype=np.int32)
    return replace(direct, origin=position[direct.origin])


def _places(targets: Rows) -> tuple[Int32s, Int32s, Int32s]:
    return targets.place_start, targets.place_row, targets.place_ds


def _range(done: Sweep) -> tuple[int, int, int, int]:
    return done.p0, done.p1, done.first, done.count


def _drives(direct: Direct | None, targets: Rows) -> tuple[Int32s, Int32s, Int32s]:
    """Direct drives by position of their destination: where each position's begin, origins, times."""
    if direct is None or len(direct.ds) == 0:
        return _NONE, _NONE, _NONE
    position = targets.at[direct.destination]
    by_position = np.argsort(position, kind="stable")
    counts = np.bincount(position, minlength=targets.places)
    start = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    origin, ds = direct.origin[by_position], direct.ds[by_position]
    return start, origin.astype(np.int32), ds.astype(np.int32)


_NONE = np.empty(0, np.int32)


def _pairs(marks: Int32s, is_marked: Bytes, at: Int32s, source_at: Int32s) -> Within:
    from geo._kernels.reductions import count_marks, list_marks

    count = count_marks(marks, is_marked)
    place, source = np.empty(count, np.int32), np.empty(count, np.int32)
    list_marks(marks, is_marked, at, source_at, place, source)
    return Within(place=place, source=source)
