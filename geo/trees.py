"""Least times from one place to every node, and the arcs that lead there."""

from dataclasses import dataclass

import numpy as np

from geo.customization import Metric
from geo.many_to_many import table_ds
from geo.metric import IMPASSABLE
from geo.network import Network
from geo.roads import Bools, Int32s, Int64s
from geo.seeds import Seeds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """Least times from one place, deciseconds, by node, ``IMPASSABLE`` = not reached.

    ``parent``: last arc to each node, -1 where the drive began there or it was not reached.
    """

    ds: Int32s
    parent: Int32s


def tree(
    metric: Metric, network: Network, seeds: Seeds, *, limit_ds: int = IMPASSABLE - 1, backward: bool = False
) -> Tree:
    """Least times from one place, or ``backward`` to it, at every node within the limit (inclusive).

    Backward, ``parent`` is the arc that leaves a node towards the place.
    """
    everywhere = Seeds.at(np.arange(metric.topology.nodes, dtype=np.int32))
    if backward:
        ds = table_ds(metric, everywhere, seeds, threads=1)[:, 0]
    else:
        ds = table_ds(metric, seeds, everywhere, threads=1)[0]
    ds = np.where(ds <= limit_ds, ds, np.int32(IMPASSABLE))
    near, far = (network.head, network.tail) if backward else (network.tail, network.head)
    return Tree(ds=ds, parent=_parents(ds, near, far, metric.arc_ds, seeds))


def _parents(ds: Int32s, near: Int32s, far: Int32s, arc_ds: Int32s, seeds: Seeds) -> Int32s:
    """For each node the lowest arc that brings its least time; arcs of no time last, so that none loops."""
    parent = np.full(len(ds), -1, np.int32)
    is_known: Bools = np.zeros(len(ds), np.bool_)
    is_known[seeds.node[ds[seeds.node] == seeds.ds]] = True
    is_tight = (ds[near].astype(np.int64) + arc_ds == ds[far]) & (ds[far] < IMPASSABLE)
    tight = np.flatnonzero(is_tight).astype(np.int64)
    takes_time = arc_ds[tight] > 0
    _adopt(parent, is_known, tight[takes_time], far)
    idle = tight[~takes_time]
    while len(ready := idle[is_known[near[idle]] & ~is_known[far[idle]]]):
        _adopt(parent, is_known, ready, far)
    return parent


def _adopt(parent: Int32s, is_known: Bools, arcs: Int64s, far: Int32s) -> None:
    new = arcs[~is_known[far[arcs]]][::-1]
    parent[far[new]] = new  # of several the last written, hence the lowest, stays
    is_known[far[new]] = True
