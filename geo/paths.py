"""The shortest way between two places on a metric, arc by arc."""

from dataclasses import dataclass

import numpy as np

from geo.customization import Metric
from geo.metric import IMPASSABLE
from geo.roads import Int32s
from geo.seeds import Seeds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """A shortest way: its time with that of both seeds, the nodes where it begins and ends, its arcs."""

    ds: int
    begins: int
    ends: int
    arcs: Int32s


def shortest_path(metric: Metric, out: Seeds, into: Seeds) -> Path | None:
    """The shortest way from one place to another, ``None`` where there is none.

    ``out`` and ``into`` hold one place each. Of equally short ways always the same one is given.
    """
    from geo._kernels.paths import climbed, meeting_node

    t = metric.topology
    up, down = _climb(metric, out, 0), _climb(metric, into, 1)
    meeting, ds = meeting_node(t.parent, t.rank[out.node], up.label, down.label)
    if meeting < 0:
        return None
    slots = np.empty(2 * t.nodes, np.int32)
    first, begins = climbed(up.via, up.below, meeting, 0, slots)
    slots[:first] = slots[:first][::-1].copy()
    second, ends = climbed(down.via, down.below, meeting, 1, slots[first:])
    nodes = t.nodes_by_rank
    return Path(
        ds=int(ds),
        begins=int(nodes[begins]),
        ends=int(nodes[ends]),
        arcs=_unpacked(metric, slots[: first + second]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Climb:
    """By rank: time from a place, the arc by which it was reached, the rank it was reached from."""

    label: Int32s
    via: Int32s
    below: Int32s


def _climb(metric: Metric, place: Seeds, towards: int) -> _Climb:
    from geo._kernels.paths import climb_back

    t = metric.topology
    up = _Climb(
        np.full(t.nodes, IMPASSABLE, np.int32), np.empty(t.nodes, np.int32), np.empty(t.nodes, np.int32)
    )
    node, ds = t.rank[place.node], place.ds
    climb_back(
        t.up_start, t.up_head, t.parent, metric.swept, towards, node, ds, up.label, up.via, up.below
    )  # fmt: skip
    return up


def _unpacked(metric: Metric, slots: Int32s) -> Int32s:
    """The input arcs of consecutive weights."""
    from geo._kernels.paths import unpack

    t = metric.topology
    leg_start, legs, _, _ = t.triangles
    room, count = t.nodes + 1, -1
    while count < 0:  # only ways round and round that take no time are longer than the graph has nodes
        arcs = np.empty(room, np.int32)
        count = unpack(
            slots, metric.weights, leg_start, legs, t.input_start, t.input_arc, metric.arc_ds, arcs
        )
        room *= 2
    return arcs[:count].copy()
