"""The trunk roads as records: pieces of at most 1 km, bridges as edges of their own, names and provenance."""

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from scenarios.pingluo.bends import bent_link, cut_at_river
from scenarios.pingluo.motorway import separate_motorway
from scenarios.pingluo.plane import line, rounded, shape_to_lonlat, to_plane
from scenarios.pingluo.river import River
from scenarios.pingluo.skeleton import read_skeleton
from scenarios.pingluo.sources import Sources, facts

MOTORWAY = ("motorway", "motorway_link")
BRIDGE_SNAP_M = 1500.0
"""A crossing link bears the name of a bridge whose told place is this near; the river is good to 1-2 km."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One record of the trunk roads; ``shape`` in plane metres, ``length_m`` the true length if known."""

    id: str
    shape: shapely.LineString
    length_m: float | None
    told: dict[str, Any]

    def record(self) -> dict[str, Any]:
        """The record of the layer ``roads``."""
        length_m = None if self.length_m is None else round(self.length_m, 1)
        return {**self.told, "id": self.id, "length_m": length_m, "geometry": shape_to_lonlat(self.shape)}


def trunk_pieces(sources: Sources, river: River) -> list[Piece]:
    """All pieces of the trunk roads: skeleton, slip roads, bridges, and the told roads that it lacks."""
    trunk, water = facts("trunk"), facts("river")
    graph = separate_motorway(read_skeleton(sources, trunk), trunk)
    pieces: list[Piece] = []
    for i, (u, v, link) in enumerate(
        sorted(graph.edges(data=True), key=lambda e: (e[2]["number"], e[0], e[1]))
    ):
        ends = sorted((u, v))
        straight = line([rounded(graph.nodes[n]["xy"]) for n in ends])
        whole = Piece(
            id=_link_id(link, i), shape=straight, length_m=link["length_m"], told=_told(link, trunk)
        )
        if river.bank(straight.coords[0]) == river.bank(straight.coords[1]):
            shape = bent_link(straight, river, keep_off_m=water["keep_off_m"])
            pieces += _cut(replace(whole, shape=shape), trunk["piece_m"])
        else:
            pieces += _crossing(whole, river, trunk, bridge_m=water["bridge_m"])
    return pieces + _additional(trunk, pieces)


def _link_id(link: dict[str, Any], i: int) -> str:
    return f"slip-{i}" if link["number"] < 0 else f"t{link['number']}{link.get('part', '')}"


def _told(link: dict[str, Any], trunk: dict[str, Any]) -> dict[str, Any]:
    """What a record says beside its place."""
    columns = {k: link[k] for k in ("class", "ref", "name_zh", "name_en")}
    if link["number"] < 0:
        return {**columns, "source": link["source"], "note": "slip road, reconstructed"}
    return {
        **columns,
        "source": trunk["source"],
        "note": f"skeleton link {link['number']}; class and name assumed",
    }


def _cut(whole: Piece, most_m: float) -> list[Piece]:
    """Equal pieces, none longer than ``most_m`` as drawn or in truth."""
    drawn_m = float(whole.shape.length)
    true_m = drawn_m if whole.length_m is None else whole.length_m
    count = math.ceil(max(drawn_m * 1.01, true_m) / most_m)
    marks = np.linspace(0, drawn_m, count + 1)
    shapes = [_rounded_shape(substring(whole.shape, a, b)) for a, b in pairwise(marks)]
    share = None if whole.length_m is None else true_m / count
    return [
        replace(whole, id=f"{whole.id}-{i:02d}", shape=s, length_m=share) for i, s in enumerate(shapes, 1)
    ]


def _rounded_shape(shape: BaseGeometry) -> shapely.LineString:
    return line(rounded(shapely.get_coordinates(shape)))


def _crossing(whole: Piece, river: River, trunk: dict[str, Any], *, bridge_m: float) -> list[Piece]:
    """Way, named bridge, way; the true length is shared out as drawn."""
    before, bridge, after = cut_at_river(whole.shape, river, bridge_m=bridge_m)
    told = _bridge_facts(bridge, trunk)
    scale = (whole.length_m or 0) / float(whole.shape.length)
    span = Piece(
        id=told["id"],
        shape=_rounded_shape(bridge),
        length_m=float(bridge.length) * scale,
        told={
            **whole.told,
            **{k: told[k] for k in ("name_zh", "name_en", "source", "note")},
            "bridge": "yes",
        },
    )
    ways = [
        replace(whole, id=f"{whole.id}{side}", shape=way, length_m=float(way.length) * scale)
        for side, way in (("a", before), ("b", after))
    ]
    return [*_cut(ways[0], trunk["piece_m"]), span, *_cut(ways[1], trunk["piece_m"])]


def _bridge_facts(bridge: shapely.LineString, trunk: dict[str, Any]) -> dict[str, Any]:
    for told in trunk["bridges"]:
        if bridge.distance(shapely.Point(to_plane(told["near"]))) <= BRIDGE_SNAP_M:
            return dict(told)
    raise ValueError(f"no named bridge where a link crosses the river near {bridge.centroid}")


def _additional(trunk: dict[str, Any], pieces: list[Piece]) -> list[Piece]:
    """Told roads that the skeleton lacks, from junction to junction."""
    added: list[Piece] = []
    for road in trunk["additional"]:
        ends = junctions([*pieces, *added])
        places = [rounded(to_plane(at)) for at in road["via"]]
        for end in (0, -1):
            near = ends[int(np.argmin(np.hypot(*(ends - places[end]).T)))]
            if np.hypot(*(near - places[end])) <= trunk["piece_m"]:
                places[end] = near
        told = {k: road[k] for k in ("class", "name_zh", "name_en", "source", "maxspeed_kmh") if k in road}
        whole = Piece(id=road["id"], shape=line(places), length_m=road.get("length_m"), told=told)
        added += _cut(replace(whole, told={**told, "note": "reconstructed"}), trunk["piece_m"])
    return added


def junctions(pieces: list[Piece]) -> np.ndarray:
    """Ends of ordinary pieces: where other roads may join them, shape (n, 2), without repeats.

    Motorways and bridges are joined nowhere but at their ends; a slip road has one ordinary end.
    """
    barred = {c for p in pieces if p.told["class"] == "motorway" or "bridge" in p.told for c in _ends(p)}
    free = {c for p in pieces if p.told["class"] != "motorway" and "bridge" not in p.told for c in _ends(p)}
    return np.array(sorted(free - barred))


def _ends(piece: Piece) -> list[tuple[float, ...]]:
    return [piece.shape.coords[0], piece.shape.coords[-1]]
