"""The part of a customizable contraction hierarchy that depends on travel times: one ``Metric`` for each.

A metric never changes; closures make another one on the same topology. So an answer computed from a metric
is never stale, and old and new ones serve side by side.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from geo.hierarchy import Topology
from geo.metric import IMPASSABLE
from geo.roads import Int32s, Int64s

FEW_SHARE = 0.002
"""Share of changed input arcs above which a full customization is quicker than a partial one."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Metric:
    """Travel times of all hierarchy arcs under one set of conditions.

    Parameters
    ----------
    topology
        What it was customized on.
    arc_ds
        Travel time of each input arc, deciseconds, ``IMPASSABLE`` = closed, shape (a,).
    weights
        Travel time up and down each hierarchy arc, from input arcs and lower triangles, shape (2 m + 8,).
    swept
        The same without those that no shortest way needs; ``weights`` itself where that was not worked out.
    """

    topology: Topology
    arc_ds: Int32s
    weights: Int32s
    swept: Int32s = field(repr=False)

    def __post_init__(self) -> None:
        for array in (self.arc_ds, self.weights, self.swept):
            array.setflags(write=False)

    @cached_property
    def digest(self) -> str:
        """What its answers may be kept under: SHA-256 of the topology and the travel times."""
        return hashlib.sha256(self.topology.digest.encode() + self.arc_ds.tobytes()).hexdigest()


def customize(topology: Topology, arc_ds: Int32s, *, perfect: bool = True) -> Metric:
    """The metric of these travel times, deciseconds, shape (a,).

    ``perfect`` also finds the weights that no shortest way needs: twice the time, then quicker answers.

    Raises
    ------
    ValueError
        On a shape other than (a,), a negative time or one above ``IMPASSABLE``.
    """
    from geo._kernels.customize import PADDING, basic, enter

    arc_ds = _checked(topology, arc_ds)
    weights = np.empty(2 * len(topology.up_head) + PADDING, np.int32)
    enter(topology.slot, arc_ds, weights)
    basic(topology.up_start, topology.up_head, weights)
    return Metric(
        topology=topology,
        arc_ds=arc_ds,
        weights=weights,
        swept=_without_needless(topology, weights) if perfect else weights,
    )


def recustomize(metric: Metric, arcs: Int64s, arc_ds: Int32s) -> Metric:
    """The metric with new travel times for some input arcs; what stood in ``metric`` stays as it is.

    ``arcs``: numbers of the arcs, shape (c,), each once; ``arc_ds``: their times, deciseconds, shape (c,).
    Equals ``customize`` from scratch without ``perfect``.

    Raises
    ------
    ValueError
        On shapes that do not fit, arcs that do not exist, a time that ``customize`` would refuse.
    """
    arcs, arc_ds = np.asarray(arcs, np.int64), np.asarray(arc_ds, np.int32)
    if arcs.shape != arc_ds.shape or arcs.ndim != 1:
        raise ValueError(f"arcs, arc_ds: want one shape (c,), got {arcs.shape} and {arc_ds.shape}")
    if len(arcs) and not (arcs.min() >= 0 and arcs.max() < metric.topology.arcs):
        raise ValueError(f"arcs: an arc is not in 0..{metric.topology.arcs - 1}")
    _check_times(arc_ds)
    changed = arcs[arc_ds != metric.arc_ds[arcs]].astype(np.int32)
    if len(changed) == 0:
        return metric
    now_ds = metric.arc_ds.copy()
    now_ds[arcs] = arc_ds
    if len(changed) > FEW_SHARE * len(now_ds):
        return customize(metric.topology, now_ds, perfect=False)
    return _partial(metric, changed, now_ds)


def _checked(topology: Topology, arc_ds: Int32s) -> Int32s:
    arc_ds = np.array(arc_ds, np.int32)
    if arc_ds.shape != (topology.arcs,):
        raise ValueError(f"arc_ds: want shape ({topology.arcs},), got {arc_ds.shape}")
    _check_times(arc_ds)
    arc_ds.setflags(write=False)
    return arc_ds


def _check_times(arc_ds: Int32s) -> None:
    if len(arc_ds) and not (arc_ds.min() >= 0 and arc_ds.max() <= IMPASSABLE):
        raise ValueError(f"arc_ds: want 0 to {IMPASSABLE}, got {arc_ds.min()} to {arc_ds.max()}")


def _without_needless(topology: Topology, weights: Int32s) -> Int32s:
    from geo._kernels.customize import perfect

    exact = weights.copy()
    perfect(topology.up_start, topology.up_head, weights, exact)
    np.copyto(exact, IMPASSABLE, where=exact < weights)
    return exact


def _partial(metric: Metric, changed: Int32s, now_ds: Int32s) -> Metric:
    from geo._kernels import recustomize as kernels

    t = metric.topology
    now_ds.setflags(write=False)
    dirty, found = np.zeros(len(t.up_head), np.int8), np.empty(t.nodes, np.int32)
    count = kernels.touched(t.slot, changed, t.up_start, t.parent, dirty, np.zeros(t.nodes, np.int8), found)
    weights = metric.weights.copy()
    kernels.recustomize(
        t.up_start, *t.triangles, t.input_start, t.input_arc, now_ds, np.sort(found[:count]), weights, dirty,
    )  # fmt: skip
    return Metric(topology=t, arc_ds=now_ds, weights=weights, swept=weights)
