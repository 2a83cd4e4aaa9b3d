"""When roads are shut or slowed after a departure: the times of arcs as profiles over time.

An arc is entered only if it stays passable until it is left: of all closures in force at any instant between
entering and leaving, both inclusive, the strictest sets its time, and one that shuts it forbids to enter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from geo.closures import Closure, closed_edges, slowed_ds
from geo.conditions import Conditions
from geo.metric import IMPASSABLE
from geo.network import Network
from geo.roads import Int32s, Int64s, RoadGraph
from geo.vehicles import VehicleClass

_TICK = timedelta(milliseconds=100)


class Profiles(NamedTuple):
    """What closures make of arcs, deciseconds after the departure; those of arc ``a`` at ``start[a]`` on.

    ``open_ds``: time without closures by arc; ``begin_ds``, ``end_ds``: first and last instant (inclusive) of
    each closure; ``closed_ds``: time of the arc under it, ``IMPASSABLE`` = closed.
    """

    open_ds: Int32s
    start: Int64s
    begin_ds: Int64s
    end_ds: Int64s
    closed_ds: Int32s


class Leaving(NamedTuple):
    """Arcs by the node they leave: those of node ``v`` are ``arc[start[v]:start[v + 1]]``."""

    start: Int64s
    arc: Int32s
    head: Int32s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timetable:
    """Times of the arcs of a network after one departure.

    Parameters
    ----------
    profiles
        Arcs with the closures that hold at the departure or later, times in deciseconds after it.
    change_ds
        First instant at which a closure begins, or has ended: until then roads cost what they cost at the
        departure. A drive that arrives before it is the earliest by both accounts.
    """

    profiles: Profiles
    change_ds: int


def timetable(
    roads: RoadGraph,
    vehicle: VehicleClass,
    conditions: Conditions,
    closures: Sequence[Closure],
    depart: datetime,
) -> Timetable | None:
    """The profiles of all arcs; ``None`` where no closure begins or ends after the departure."""
    felt = [c for c in closures if c.passing_share(vehicle) < 1 and _end_ds(c, depart) >= 0]
    spans = [(_begin_ds(c, depart), _end_ds(c, depart)) for c in felt]
    change_ds = min((_change_ds(*span) for span in spans), default=IMPASSABLE)
    if change_ds >= IMPASSABLE:
        return None
    return Timetable(profiles=_profiles(roads, vehicle, conditions, felt, spans), change_ds=change_ds)


@lru_cache(maxsize=4)
def leaving(network: Network) -> Leaving:
    """The arcs of a network by the node they leave; the last few are remembered."""
    arc = np.argsort(network.tail, kind="stable").astype(np.int32)
    return Leaving(start=_starts(network.tail[arc], len(network.junction)), arc=arc, head=network.head)


def _profiles(
    roads: RoadGraph,
    vehicle: VehicleClass,
    conditions: Conditions,
    closures: Sequence[Closure],
    spans: Sequence[tuple[int, int]],
) -> Profiles:
    hits = [closed_edges(roads, closure) for closure in closures]
    number = np.repeat(np.arange(len(hits)), [2 * len(hit) for hit in hits])
    arc = np.concatenate([np.stack((2 * hit, 2 * hit + 1), axis=1).ravel() for hit in hits])
    order = np.lexsort((number, arc))
    arc, number = arc[order], number[order]
    share = np.array([closure.passing_share(vehicle) for closure in closures])[number]
    begin_ds, end_ds = np.array(spans, np.int64).reshape(-1, 2)[number].T
    return Profiles(
        open_ds=conditions.open_arc_ds,
        start=_starts(arc, len(conditions.open_arc_ds)),
        begin_ds=np.ascontiguousarray(begin_ds),
        end_ds=np.ascontiguousarray(end_ds),
        closed_ds=slowed_ds(conditions.open_ds[arc], share),
    )


def _starts(sorted_arcs: Int64s | Int32s, arcs: int) -> Int64s:
    return np.searchsorted(sorted_arcs, np.arange(arcs + 1)).astype(np.int64)


def _begin_ds(closure: Closure, depart: datetime) -> int:
    """First decisecond that is not before the closure begins; 0 where it has begun."""
    if closure.valid_from is None:
        return 0
    return min(max(-((depart - closure.valid_from) // _TICK), 0), IMPASSABLE)


def _end_ds(closure: Closure, depart: datetime) -> int:
    """Last decisecond that is not after the closure's end."""
    if closure.valid_to is None:
        return IMPASSABLE
    return min((closure.valid_to - depart) // _TICK, IMPASSABLE)


def _change_ds(begin_ds: int, end_ds: int) -> int:
    return begin_ds if begin_ds > 0 else end_ds + 1
