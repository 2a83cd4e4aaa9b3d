"""Local roads, reconstructed: a sparse network without detours that gives every place a road.

Greedy spanner over a Delaunay triangulation (Althoefer et al. 1993, doi:10.1007/BF02189308): roads are tried from
the shortest to the longest, and built only where the way without it is more than ``detour`` times longer. No road
crosses the river, and none joins the motorway; under it roads pass where the detour would be worse.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from scenarios.pingluo.plane import line, rounded, shape_to_lonlat
from scenarios.pingluo.river import River
from scenarios.pingluo.sources import facts
from scenarios.pingluo.trunk_roads import MOTORWAY, Piece, junctions

Places = NDArray[np.float64]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What local roads join, cross and avoid, in plane metres; the first of ``seats`` is the county town."""

    river: River
    county: shapely.Geometry
    trunk: list[Piece]
    seats: list[Places]
    towns: shapely.Geometry


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Candidate:
    """A road that may be built; ordinary ones come before those under the motorway, short before long."""

    under_motorway: bool
    length_m: float
    ends: tuple[Place, Place]


def local_road_records(places: Places, around: Surroundings) -> list[dict[str, Any]]:
    """Records of local roads; ``places`` in plane metres as written, shape (n, 2), the most important first.

    Raises ``ValueError`` for places that no road can reach.
    """
    told = facts("local_roads")
    own, joints = _nodes(places, around, told)
    network = _trunk_network(around.trunk)
    built = _spanner(network, _candidates(own, joints, around, told), told)
    _hold_reached(network, own)
    main = _main_roads(network, around, told)
    return [
        record
        for n, road in enumerate(sorted(built, key=lambda road: road.ends), 1)
        for record in _records(f"l{n:04d}", road, _kind(road, main, around, told), told)
    ]


def _nodes(places: Places, around: Surroundings, told: dict[str, Any]) -> tuple[Places, Places]:
    """Places that need a road of their own, and the trunk junctions they may be joined to."""
    ordinary = shapely.union_all([p.shape for p in around.trunk if p.told["class"] not in MOTORWAY])
    off_trunk = shapely.distance(shapely.points(places), ordinary) > told["on_trunk_m"]
    own: list[Any] = []
    for at in places[off_trunk]:
        if not own or np.hypot(*(np.array(own) - at).T).min() > told["share_m"]:
            own.append(at)
    joints = junctions(around.trunk)
    near = shapely.dwithin(shapely.points(joints), around.county, 2 * told["piece_m"])
    dry = shapely.distance(shapely.points(joints), around.river.centre) > told["keep_off_river_m"]
    return np.array(own), joints[near & dry]


def _trunk_network(trunk: list[Piece]) -> nx.Graph:
    """Ordinary trunk roads by their ends; the motorway is no way from village to village."""
    network = nx.Graph()
    for piece in trunk:
        if piece.told["class"] not in MOTORWAY:
            length_m = float(piece.shape.length)
            network.add_edge(piece.shape.coords[0], piece.shape.coords[-1], length_m=length_m, trunk=True)
    return network


def _candidates(own: Places, joints: Places, around: Surroundings, told: dict[str, Any]) -> list[Candidate]:
    """Edges of the Delaunay triangulation that a road could take."""
    from scipy.spatial import Delaunay

    nodes = np.vstack([own, joints])
    corners = Delaunay(nodes).simplices
    pairs = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])), axis=0)
    pairs = pairs[pairs[:, 0] < len(own)]
    shapes = shapely.linestrings(nodes[pairs])
    under = shapely.crosses(shapes, _union(around.trunk, "motorway"))
    ordinary = shapely.union_all([p.shape for p in around.trunk if p.told["class"] != "motorway"])
    allowed = shapely.length(shapes) <= told["most_m"]
    allowed &= ~shapely.crosses(shapes, ordinary)
    allowed &= shapely.distance(shapes, around.river.centre) >= told["keep_off_river_m"]
    allowed &= shapely.dwithin(shapely.line_interpolate_point(shapes, 0.5, normalized=True), around.county, 1000)
    return sorted(
        Candidate(
            under_motorway=bool(under[i]),
            length_m=float(shapes[i].length),
            ends=(tuple(nodes[pairs[i, 0]].tolist()), tuple(nodes[pairs[i, 1]].tolist())),
        )
        for i in np.flatnonzero(allowed)
    )


def _union(trunk: list[Piece], road_class: str) -> shapely.Geometry:
    return shapely.union_all([p.shape for p in trunk if p.told["class"] == road_class])


def _spanner(network: nx.Graph, candidates: list[Candidate], told: dict[str, Any]) -> list[Candidate]:
    """The roads built; ``network`` gains them."""
    built = []
    for road in candidates:
        detour = told["detour_under_motorway" if road.under_motorway else "detour"]
        if not _reaches(network, road.ends, within_m=detour * road.length_m):
            network.add_edge(*road.ends, length_m=road.length_m, trunk=False)
            built.append(road)
    return built


def _reaches(network: nx.Graph, ends: tuple[Place, Place], *, within_m: float) -> bool:
    if not all(end in network for end in ends):
        return False
    near = nx.single_source_dijkstra_path_length(network, ends[0], cutoff=within_m, weight="length_m")
    return ends[1] in near


def _hold_reached(network: nx.Graph, own: Places) -> None:
    main = max(nx.connected_components(network), key=len)
    if lost := [tuple(at) for at in own.tolist() if tuple(at) not in main]:
        raise ValueError(f"no road reaches {len(lost)} places, the first at {lost[0]} (plane metres)")


def _main_roads(network: nx.Graph, around: Surroundings, told: dict[str, Any]) -> set[frozenset[Place]]:
    """Local roads on the way from a seat to the county town, where trunk roads count for less."""

    def cost(u: Place, v: Place, road: dict[str, Any]) -> float:
        return float(road["length_m"]) * (told["trunk_counts"] if road["trunk"] else 1.0)

    main: set[frozenset[Place]] = set()
    town, *seats = (_nearest(network, seat) for seat in around.seats)
    for seat in seats:
        way = nx.dijkstra_path(network, seat, town, weight=cost)
        main.update(frozenset(pair) for pair in pairwise(way))
    return main


def _nearest(network: nx.Graph, at: Places) -> Place:
    nodes = sorted(network)
    nearest: Place = nodes[int(np.argmin(np.hypot(*(np.array(nodes) - at).T)))]
    return nearest


def _kind(road: Candidate, main: set[frozenset[Place]], around: Surroundings, told: dict[str, Any]) -> str:
    if frozenset(road.ends) in main:
        return "main"
    in_town = road.length_m <= told["street_m"] and line(road.ends).within(around.towns)
    return "street" if in_town else "village"


def _records(number: str, road: Candidate, kind: str, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pieces of a road, none longer than ``piece_m``."""
    count = math.ceil(road.length_m * 1.01 / told["piece_m"])
    places = rounded(np.linspace(road.ends[0], road.ends[1], count + 1))
    note = told["note"] + ("; passes under the motorway, no junction" if road.under_motorway else "")
    for i, ends in enumerate(pairwise(places), 1):
        yield {
            "id": number if count == 1 else f"{number}-{i}",
            "class": told["classes"][kind],
            "source": told["source"],
            "note": note,
            "geometry": shape_to_lonlat(line(ends)),
        }
