"""Local roads, reconstructed: a sparse network without detours that gives every place a road.

Greedy spanner over a Delaunay triangulation (Althoefer et al. 1993, doi:10.1007/BF02189308): roads are tried
from the shortest to the longest, and built only where the way without one is more than ``detour`` times
longer. No road crosses the river, and none joins the motorway; under it roads pass where the detour would be
worse.
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
from shapely.geometry.base import BaseGeometry

from scenarios.pingluo.plane import line, rounded, shape_to_lonlat
from scenarios.pingluo.river import River
from scenarios.pingluo.skeleton import RoadNet
from scenarios.pingluo.sources import facts
from scenarios.pingluo.trunk_roads import MOTORWAY, Piece, junctions

Places = NDArray[np.float64]
Place = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What local roads join, cross and avoid, in plane metres; the first of ``seats`` is the county town."""

    river: River
    county: BaseGeometry
    trunk: list[Piece]
    seats: list[Places]
    towns: BaseGeometry


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
    built = _spanner(network, _candidates(own, joints, around, told), told) if len(own) else []
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
    return np.array(own).reshape(-1, 2), joints[near & dry]


def _trunk_network(trunk: list[Piece]) -> RoadNet:
    """Ordinary trunk roads by their ends; the motorway is no way from village to village."""
    network: RoadNet = nx.Graph()
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
    sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    pairs = np.unique(np.sort(sides, axis=1), axis=0)
    pairs = pairs[pairs[:, 0] < len(own)]
    shapes = [line(nodes[pair]) for pair in pairs]
    under = _crossing(shapes, [p for p in around.trunk if p.told["class"] == "motorway"])
    barred = _crossing(shapes, [p for p in around.trunk if p.told["class"] != "motorway"])
    return sorted(
        Candidate(
            under_motorway=i in under,
            length_m=float(shape.length),
            ends=(shape.coords[0], shape.coords[-1]),
        )
        for i, shape in enumerate(shapes)
        if i not in barred and _may_stand(shape, around, told)
    )


def _crossing(shapes: list[shapely.LineString], trunk: list[Piece]) -> set[int]:
    """Numbers of the shapes that cross a piece."""
    tree = shapely.STRtree([piece.shape for piece in trunk])
    return set(tree.query(shapes, predicate="crosses")[0].tolist())


def _may_stand(shape: shapely.LineString, around: Surroundings, told: dict[str, Any]) -> bool:
    """Whether a road may take this line: short, in the county, clear of the river."""
    return (
        shape.length <= told["most_m"]
        and not shape.dwithin(around.river.centre, told["keep_off_river_m"])
        and shape.interpolate(0.5, normalized=True).dwithin(around.county, told["beside_county_m"])
    )


def _spanner(network: RoadNet, candidates: list[Candidate], told: dict[str, Any]) -> list[Candidate]:
    """The roads built; ``network`` gains them."""
    built = []
    for road in candidates:
        detour = told["detour_under_motorway" if road.under_motorway else "detour"]
        if not _reaches(network, road.ends, within_m=detour * road.length_m):
            network.add_edge(*road.ends, length_m=road.length_m, trunk=False)
            built.append(road)
    return built


def _reaches(network: RoadNet, ends: tuple[Place, Place], *, within_m: float) -> bool:
    if not all(end in network for end in ends):
        return False
    near = nx.single_source_dijkstra_path_length(network, ends[0], cutoff=within_m, weight="length_m")
    return ends[1] in near


def _hold_reached(network: RoadNet, own: Places) -> None:
    main = max(nx.connected_components(network), key=len)
    if lost := [tuple(at) for at in own.tolist() if tuple(at) not in main]:
        raise ValueError(f"no road reaches {len(lost)} places, the first at {lost[0]} (plane metres)")


def _main_roads(network: RoadNet, around: Surroundings, told: dict[str, Any]) -> set[frozenset[Place]]:
    """Local roads on the way between neighbouring seats and to the county town."""

    def cost(u: Place, v: Place, road: dict[str, Any]) -> float:
        return float(road["length_m"]) * (told["trunk_counts"] if road["trunk"] else 1.0)

    main: set[frozenset[Place]] = set()
    seats = [_nearest(network, seat) for seat in around.seats]
    to_town = [(0, i) for i in range(1, len(seats))]
    for i, j in sorted({*to_town, *_neighbours(np.array(around.seats))}):
        way = nx.dijkstra_path(network, seats[i], seats[j], weight=cost)
        main.update(frozenset(pair) for pair in pairwise(way))
    return main


def _neighbours(places: Places) -> list[tuple[int, int]]:
    """Pairs of places without a third in the circle between them (Gabriel graph)."""
    apart = ((places[:, None] - places) ** 2).sum(axis=2)
    return [
        (i, j)
        for i in range(len(places))
        for j in range(i + 1, len(places))
        if not (np.delete(apart[i] + apart[j], [i, j]) < apart[i, j]).any()
    ]


def _nearest(network: RoadNet, at: Places) -> Place:
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
