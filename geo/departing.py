"""Earliest arrivals of one departure while roads close and open, from every place to others.

Off-road access comes first, then the road. A vehicle may wait at a junction, or where it stands, until a road
opens. On a closed road it stands on it leaves at once, as ``geo.ends`` says, and a road that closes while it
leaves does not hold it; the way out of a closed area is that of the departure. Searches go from one origin at
a time over all roads (``geo._kernels.departing``); ``geo.travel`` asks for them only where the hierarchy,
which knows the roads as they are at the departure, cannot know the answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geo.conditions import Conditions
from geo.ends import departures, enclosed, nodes_in, nodes_out
from geo.many_to_many import Spread
from geo.metric import IMPASSABLE
from geo.pieces import Piece
from geo.roads import Bools, Floats, Int32s, Int64s
from geo.route import Departure, between, out_to, whole_pieces
from geo.snap import Snapped
from geo.timetable import Profiles, Timetable, leaving
from geo.trees import Tree


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Snapped places, and the time between each and its road, deciseconds, shape (p,)."""

    place: Snapped
    access_ds: Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChangingRoads:
    """Roads as they are at a departure, and how they change after it."""

    conditions: Conditions
    timetable: Timetable

    def tree(self, origin: Places, *, limit_ds: int = IMPASSABLE - 1) -> Tree:
        """Earliest arrivals from one place at all nodes within the limit (inclusive)."""
        from geo._kernels.departing import search

        network = self.conditions.network
        node, ds, _ = self._seeds(origin)
        parent = np.empty(len(network.junction), np.int32)
        dist = search(self.timetable.profiles, leaving(network), node, ds, limit_ds, parent)
        return Tree(ds=dist, parent=parent)

    def rows_ds(
        self, origins: Places, destinations: Places, which: Sequence[int] | Int64s, limit_ds: int
    ) -> Iterator[tuple[int, Int32s]]:
        """For some of the origins, earliest arrivals at the destinations, ``IMPASSABLE`` beyond the limit."""
        into = nodes_in(self.conditions, destinations.place).astype(np.int32)
        for i in which:
            origin = _one(origins, int(i))
            grown = self.tree(origin, limit_ds=limit_ds)
            ds, _ = self._finished(grown, origin, destinations.place, into)
            total = ds.astype(np.int64) + destinations.access_ds
            yield int(i), np.where(total <= limit_ds, total, IMPASSABLE).astype(np.int32)

    def drive(self, start: Departure, origin: Places, end: Snapped) -> tuple[int, list[Piece]] | None:
        """Earliest arrival at a place on the road with the pieces driven; ``None`` where there is none."""
        grown = self.tree(origin)
        into = nodes_in(self.conditions, end).astype(np.int32)
        ds, side = self._finished(grown, origin, end, into)
        if ds[0] >= IMPASSABLE:
            return None
        if side[0] < 0:
            return int(ds[0]), between(start.place, end)
        arcs, node = self._back(grown, int(into[0, side[0]]))
        last = Piece(int(end.edge[0]), float(side[0]), float(end.fraction[0]))
        driven = [*self._first(start, origin, node), *whole_pieces(self.conditions, arcs)]
        return int(ds[0]), driven + [last] * (last.begin != last.end)

    def shares_within(self, grown: Tree, limit_ds: int) -> Floats:
        """Share of each arc reached from its tail by a limit (inclusive), -1 = nothing, shape (2 e,)."""
        from geo._kernels.departing import shares_within

        network = self.conditions.network
        share = np.empty(network.arcs)
        shares_within(self.timetable.profiles, grown.ds, network.tail, limit_ds, share)
        return share

    def arcs_reached(self, origin: Places) -> Bools:
        """Whether a vehicle can ever drive each arc as a whole, shape (2 e,)."""
        whole: Bools = self.shares_within(self.tree(origin), IMPASSABLE - 1) == 1.0
        return whole

    def parts_within(self, origin: Places, limit_ds: int) -> Floats:
        """Parts of edges reached by a limit (inclusive), as ``geo.reach.reached_parts`` gives them."""
        share = self.shares_within(self.tree(origin, limit_ds=limit_ds), limit_ds)
        edge = np.arange(len(share) // 2)
        ahead, behind = share[0::2], share[1::2]
        return np.concatenate(
            (
                np.stack((edge, np.zeros(len(edge)), ahead), axis=1)[ahead >= 0],
                np.stack((edge, 1 - behind, np.ones(len(edge))), axis=1)[behind >= 0],
                self._own_part(origin, limit_ds),
            )
        )

    def _own_part(self, origin: Places, limit_ds: int) -> Floats:
        """The reached part of the edge that the vehicle stands on, at least its own point."""
        from geo._kernels.departing import last_share

        edge, at, begin_ds = _standing(origin)
        profiles = self.timetable.profiles
        up_to = last_share(profiles, 2 * edge, begin_ds, at, 1.0, limit_ds)
        down_to = last_share(profiles, 2 * edge + 1, begin_ds, at, 0.0, limit_ds)
        return np.array([[edge, min(down_to, at), max(up_to, at)]], np.float64)

    def _seeds(self, origin: Places) -> tuple[Int32s, Int32s, Int32s]:
        """Nodes that a vehicle comes to first, when, and by which end of its edge (-1: out of an area)."""
        from geo._kernels.departing import leaving_ds

        own_nodes = nodes_out(self.conditions, origin.place)[0].astype(np.int32)
        ends_inside = self.conditions.inside[self.conditions.network.junction[own_nodes]]
        if enclosed(self.conditions, origin.place)[0] and ends_inside.any():
            seeds = departures(self.conditions, origin.place).later(origin.access_ds)
            return seeds.node, seeds.ds, np.full(len(seeds.node), -1, np.int32)
        edge, at, begin_ds = _standing(origin)
        ds = np.full(2, IMPASSABLE, np.int32)
        for side in (0, 1):
            if at == side:
                ds[side] = begin_ds
            elif at != 1 - side:
                arc = 2 * edge + 1 - side
                ds[side] = leaving_ds(self.timetable.profiles, arc, begin_ds, at, float(side))
        return own_nodes, ds, np.arange(2, dtype=np.int32)

    def _finished(self, grown: Tree, origin: Places, place: Snapped, into: Int32s) -> tuple[Int32s, Int32s]:
        """Earliest arrivals at places on the road, and by which end; -1 where the edge is never left."""
        from geo._kernels.departing import along, finish

        ds, side = np.empty(len(place), np.int32), np.empty(len(place), np.int32)
        fraction = np.ascontiguousarray(place.fraction, np.float64)
        edge = np.ascontiguousarray(place.edge, np.int32)
        finish(self.timetable.profiles, grown.ds, into, edge, fraction, ds, side)
        own, at, begin_ds = _standing(origin)
        along(self.timetable.profiles, own, at, begin_ds, edge, fraction, ds, side)
        return ds, side

    def _first(self, start: Departure, origin: Places, node: int) -> list[Piece]:
        """From where a vehicle stands to the node of one of its seeds."""
        nodes, ds, sides = self._seeds(origin)
        at_node = np.flatnonzero(nodes == node)
        side = int(sides[at_node[np.argmin(ds[at_node])]])
        if side < 0:
            return out_to(start, node)
        edge, at, _ = _standing(origin)
        return [Piece(edge, at, float(side))] if at != side else []

    def _back(self, grown: Tree, node: int) -> tuple[list[int], int]:
        back: list[int] = []
        while (arc := int(grown.parent[node])) >= 0:
            back.append(arc)
            node = int(self.conditions.network.tail[arc])
        return back[::-1], node


def nearest(rows: Iterator[tuple[int, Int32s]], places: int, k: int) -> tuple[Int32s, Int32s]:
    """The ``k`` origins first at each place, and when, as ``geo.many_to_many.nearest``; rows in order."""
    origin, ds = np.full((places, k), -1, np.int32), np.full((places, k), IMPASSABLE, np.int32)
    for i, row in rows:
        ds = np.column_stack((ds, row))
        origin = np.column_stack((origin, np.where(row < IMPASSABLE, np.int32(i), np.int32(-1))))
        first = np.argsort(ds, axis=1, kind="stable")[:, :k]
        ds, origin = np.take_along_axis(ds, first, axis=1), np.take_along_axis(origin, first, axis=1)
    return origin, ds


def covered(rows: Iterator[tuple[int, Int32s]], limits_ds: Sequence[int]) -> list[tuple[Int64s, Int64s]]:
    """For each limit (inclusive) the places and origins that it suffices for, by place, then origin."""
    found: list[list[Int64s]] = [[] for _ in limits_ds]
    for i, row in rows:
        for kept, limit_ds in zip(found, limits_ds, strict=True):
            place = np.flatnonzero(row <= limit_ds)
            kept.append(np.stack((place, np.full(len(place), i))))
    return [_by_place(np.concatenate([np.empty((2, 0), np.int64), *kept], axis=1)) for kept in found]


def spread_into(found: Spread, i: int, row: Int32s, people: Floats) -> None:
    """Enter the mean and the worst time of one origin's row."""
    is_reached = row < IMPASSABLE
    weight = np.where(is_reached, people, 0.0)
    found.reached[i] = weight.sum()
    total = float((row * weight).sum())
    found.mean_ds[i] = total / found.reached[i] if found.reached[i] > 0 else np.nan
    found.worst_ds[i] = row.max(initial=0)


def warm(conditions: Conditions) -> None:
    """Compile what a first answer about a departure would wait for."""
    never = Profiles(
        open_ds=conditions.open_arc_ds,
        start=np.zeros(len(conditions.open_arc_ds) + 1, np.int64),
        begin_ds=np.empty(0, np.int64),
        end_ds=np.empty(0, np.int64),
        closed_ds=np.empty(0, np.int32),
    )
    roads = ChangingRoads(conditions=conditions, timetable=Timetable(profiles=never, change_ds=0))
    place = Snapped(
        edge=np.zeros(1, np.int32), fraction=np.full(1, 0.5), access_m=np.zeros(1), lonlat=np.zeros((1, 2))
    )
    somewhere = Places(place=place, access_ds=np.zeros(1, np.int64))
    list(roads.rows_ds(somewhere, somewhere, [0], 0))
    roads.parts_within(somewhere, 0)


def _by_place(pairs: Int64s) -> tuple[Int64s, Int64s]:
    order = np.lexsort((pairs[1], pairs[0]))
    return pairs[0, order], pairs[1, order]


def _standing(origin: Places) -> tuple[int, float, int]:
    """Edge of one place, share of its length, and when the vehicle is on the road there."""
    place = origin.place
    return int(place.edge[0]), float(place.fraction[0]), int(origin.access_ds[0])


def _one(places: Places, i: int) -> Places:
    place, at = places.place, slice(i, i + 1)
    one = Snapped(
        edge=place.edge[at],
        fraction=place.fraction[at],
        access_m=place.access_m[at],
        lonlat=place.lonlat[at],
    )
    return Places(place=one, access_ds=places.access_ds[at])
