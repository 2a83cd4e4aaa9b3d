"""A route: the roads driven from one place to another, in order."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geo import pieces
from geo.conditions import Conditions
from geo.ends import arrivals, direct, enclosed, nodes_in, nodes_out, own_ends, sides_in, sides_out, way_out
from geo.metric import IMPASSABLE
from geo.paths import shortest_path
from geo.pieces import Piece
from geo.roads import Bools, Floats, Int32s, Int64s, RoadGraph
from geo.seeds import Seeds
from geo.snap import Snapped, distance_m, snap
from geo.trees import Tree, tree


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """A way from an origin to a destination.

    Parameters
    ----------
    geometry
        Longitude and latitude from the origin's point on the road to the last one, shape (k, 2), k >= 2.
    length_m
        Metres driven on roads.
    travel_s
        Seconds with access to the road at both ends: the entry of the matrix. Where the destination is not
        reached, seconds to the last point of the geometry.
    streets
        Names of the streets in order.
    arcs
        Arcs driven in order, the first and the last perhaps in part.
    reached
        Whether the destination is reached. If not (it stands on a closed road, or no road leads there), the
        route ends at the reachable point nearest to it in a straight line.
    short_of_m
        Straight distance from the end of the route to the destination, if it is not reached; else 0.
    alternatives
        Other ways to the same place, the quickest first.
    """

    geometry: Floats
    length_m: float
    travel_s: float
    streets: tuple[str, ...]
    arcs: Int32s
    reached: bool = True
    short_of_m: float = 0.0
    alternatives: tuple["Route", ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Departure:
    """Where one vehicle stands: seeds of the search, and what led to them."""

    conditions: Conditions
    place: Snapped
    seeds: Seeds
    out_arc: Int32s  # by node: arc by which it was reached on the way out of a closed area, -1 = none

    @classmethod
    def of(cls, conditions: Conditions, place: Snapped) -> "Departure":
        """The ways that leave one place."""
        seeds = own_ends(conditions, place)
        if not enclosed(conditions, place)[0]:
            out_arc = np.full(len(conditions.network.junction), -1, np.int32)
            return cls(conditions=conditions, place=place, seeds=seeds, out_arc=out_arc)
        out = way_out(conditions, seeds)
        node = np.flatnonzero(out.ds < IMPASSABLE).astype(np.int32)
        seeds = Seeds(start=np.array([0, len(node)], np.int32), node=node, ds=out.ds[node])
        return cls(conditions=conditions, place=place, seeds=seeds, out_arc=out.parent)

    @cached_property
    def tree(self) -> Tree:
        """All that the vehicle reaches."""
        return tree(self.conditions.metric, self.conditions.network, self.seeds)


def drive(start: Departure, destination: Snapped) -> tuple[int, list[Piece]] | None:
    """Quickest drive to one place, deciseconds and pieces; ``None`` where there is none."""
    conditions = start.conditions
    path = shortest_path(conditions.metric, start.seeds, arrivals(conditions, destination))
    along = direct(conditions, start.place, destination)
    best_ds = path.ds if path else IMPASSABLE
    if len(along.ds) and along.ds[0] <= best_ds and along.ds[0] < IMPASSABLE:
        return int(along.ds[0]), between(start.place, destination)
    if path is None:
        return None
    driven = whole_pieces(conditions, path.arcs.tolist())
    first, last = out_to(start, path.begins), arrival_piece(conditions, destination, path.ends)
    return path.ds, [*first, *driven, *last]


def to_node(start: Departure, node: int) -> list[Piece]:
    """Pieces driven from where a vehicle stands to a node that it reaches."""
    arcs, node = _back(start.conditions, start.tree.parent, node)
    return [*out_to(start, node), *whole_pieces(start.conditions, arcs)]


def out_to(start: Departure, node: int) -> list[Piece]:
    """Pieces driven from where a vehicle stands to one of its seeds."""
    arcs, node = _back(start.conditions, start.out_arc, node)
    return [*_departure_piece(start.conditions, start.place, node), *whole_pieces(start.conditions, arcs)]


def whole_pieces(conditions: Conditions, arcs: list[int]) -> list[Piece]:
    """Arcs as pieces, turns left out."""
    return [pieces.whole(arc) for arc in arcs if arc < conditions.network.arcs]


def _back(conditions: Conditions, parent: Int32s, node: int) -> tuple[list[int], int]:
    """Arcs that lead to a node in a tree, in the order driven, and the node where they begin."""
    back: list[int] = []
    while (arc := int(parent[node])) >= 0:
        back.append(arc)
        node = int(conditions.network.tail[arc])
    return back[::-1], node


def arcs_reached(start: Departure) -> Bools:
    """Whether a vehicle can drive each arc as a whole, shape (2 e,)."""
    tail = start.conditions.network.tail[: start.conditions.network.arcs]
    reached: Bools = (start.tree.ds[tail] < IMPASSABLE) & (start.conditions.now_ds < IMPASSABLE)
    return reached


def nearest_reachable(roads: RoadGraph, stands: Snapped, arcs: Bools, goal: Floats) -> Snapped:
    """Point nearest to ``goal``, shape (1, 2), on the roads reached in full, or where the vehicle stands."""
    reached = arcs[0::2] | arcs[1::2]
    if not reached.any():
        return stands
    found = snap(roads, goal, usable=reached)
    stay_m = distance_m(stands.lonlat, goal)[0]
    return found if found.access_m[0] <= stay_m else stands


def between(origin: Snapped, destination: Snapped) -> list[Piece]:
    """The part of the one edge that two places share."""
    begin, end = float(origin.fraction[0]), float(destination.fraction[0])
    return [Piece(int(origin.edge[0]), begin, end)] if begin != end else []


def _departure_piece(conditions: Conditions, place: Snapped, node: int) -> list[Piece]:
    begin = float(place.fraction[0])
    end = _side(sides_out(conditions, place)[0], nodes_out(conditions, place)[0], node)
    return [Piece(int(place.edge[0]), begin, end)] if begin != end else []


def arrival_piece(conditions: Conditions, place: Snapped, node: int) -> list[Piece]:
    """From an end of its edge to a place; nothing where the place stands at that junction."""
    begin = _side(sides_in(conditions, place)[0], nodes_in(conditions, place)[0], node)
    end = float(place.fraction[0])
    return [Piece(int(place.edge[0]), begin, end)] if begin != end else []


def _side(ds: Int64s, nodes: Int32s, node: int) -> float:
    """Which end of its edge, 0 or 1, a drive between a place and a node uses: the quicker of a loop."""
    return min((int(ds[side]), float(side)) for side in (0, 1) if nodes[side] == node)[1]
