"""A route: the roads driven from one place to another, in order."""

from dataclasses import dataclass

import numpy as np

from geo import pieces
from geo._kernels.dijkstra import UNREACHED, Seeds
from geo.dijkstra import Dijkstra, Tree
from geo.ends import arrivals, direct, enclosed, own_ends, sides_in, sides_out, way_out
from geo.metric import IMPASSABLE
from geo.pieces import Piece
from geo.roads import Bools, Floats, Int32s, Int64s, RoadGraph
from geo.snap import Snapped, distance_m, snap


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Departure:
    """All that one vehicle reaches from where it stands: seeds of the search, and what led to them."""

    place: Snapped
    tree: Tree
    out_arc: Int32s  # arc by which a junction of a closed area was reached on the way out, -1 = none

    @classmethod
    def of(cls, engine: Dijkstra, place: Snapped) -> "Departure":
        """Search from one place."""
        seeds = own_ends(engine.conditions, place)
        out_arc = np.full(len(engine.conditions.inside), -1, np.int32)
        if enclosed(engine.conditions, place)[0]:
            ds, last = way_out(engine.conditions, seeds.junction, seeds.ds, parents=True)
            junction = np.flatnonzero(ds < UNREACHED).astype(np.int32)
            seeds = Seeds(np.array([0, len(junction)]), junction, ds[junction])
            out_arc = np.where(last >= 0, engine.conditions.adjacency.leaving.arc[last], out_arc)
        return cls(place=place, tree=engine.tree(seeds), out_arc=out_arc)


def drive(engine: Dijkstra, start: Departure, destination: Snapped) -> tuple[int, list[Piece]] | None:
    """Quickest drive to one place, deciseconds and pieces; ``None`` where there is none."""
    into = arrivals(engine.conditions, destination)
    total = start.tree.ds[into.junction].astype(np.int64) + into.ds
    along = direct(engine.conditions, start.place, destination)
    best = min(total, default=UNREACHED)
    if len(along.ds) and along.ds[0] <= best and along.ds[0] < UNREACHED:
        return int(along.ds[0]), _between(start.place, destination)
    if best >= UNREACHED:
        return None
    at = int(np.argmin(total))
    junction = int(into.junction[at])
    last = arrival_piece(engine, destination, junction)
    return int(best), [*to_junction(engine, start, junction), *last]


def to_junction(engine: Dijkstra, start: Departure, junction: int) -> list[Piece]:
    """Pieces driven from where a vehicle stands to a junction that it reaches."""
    tail = engine.conditions.adjacency.tail
    back: list[int] = []
    for parent in (start.tree.parent, start.out_arc):
        while (arc := int(parent[junction])) >= 0:
            back.append(arc)
            junction = int(tail[arc])
    return [*_departure_piece(engine, start.place, junction), *map(pieces.whole, reversed(back))]


def nearest_reachable(roads: RoadGraph, engine: Dijkstra, start: Departure, goal: Floats) -> Snapped:
    """Point nearest to ``goal``, shape (1, 2), on the roads reached in full, or where the vehicle stands."""
    tail = engine.conditions.adjacency.tail
    driven = (start.tree.ds[tail] < UNREACHED) & (engine.conditions.now_ds < IMPASSABLE)
    reached: Bools = driven[0::2] | driven[1::2]
    if not reached.any():
        return start.place
    found = snap(roads, goal, usable=reached)
    stay_m = distance_m(start.place.lonlat, goal)[0]
    return found if found.access_m[0] <= stay_m else start.place


def _between(origin: Snapped, destination: Snapped) -> list[Piece]:
    begin, end = float(origin.fraction[0]), float(destination.fraction[0])
    return [Piece(int(origin.edge[0]), begin, end)] if begin != end else []


def _departure_piece(engine: Dijkstra, place: Snapped, junction: int) -> list[Piece]:
    begin = float(place.fraction[0])
    end = _side(engine, place, sides_out(engine.conditions, place)[0], junction)
    return [Piece(int(place.edge[0]), begin, end)] if begin != end else []


def arrival_piece(engine: Dijkstra, place: Snapped, junction: int) -> list[Piece]:
    """From an end of its edge to a place; nothing where the place stands at that junction."""
    begin = _side(engine, place, sides_in(engine.conditions, place)[0], junction)
    end = float(place.fraction[0])
    return [Piece(int(place.edge[0]), begin, end)] if begin != end else []


def _side(engine: Dijkstra, place: Snapped, ds: Int64s, junction: int) -> float:
    """Which end of its edge, 0 or 1, a drive between a place and a junction uses: the quicker of a loop."""
    network, arc = engine.conditions.adjacency, 2 * int(place.edge[0])
    ends = ((int(ds[0]), 0.0, network.tail[arc]), (int(ds[1]), 1.0, network.head[arc]))
    return min(end[:2] for end in ends if end[2] == junction)[1]
