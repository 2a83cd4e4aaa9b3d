"""The trunk skeleton cut to the boxes of the region, with the two carriageways of a road made one."""

from collections import defaultdict
from itertools import pairwise
from typing import Any, TypeAlias

import networkx as nx
import numpy as np

from scenarios.pingluo.plane import to_plane
from scenarios.pingluo.sources import LonLat, Sources

RoadNet: TypeAlias = "nx.Graph[Any]"

MAX_SNAP_M = 400.0
"""A waypoint of a fact must be this near to a junction; the skeleton has positions to about 100 m."""


def read_skeleton(sources: Sources, trunk: dict[str, Any]) -> RoadNet:
    """The largest connected part of the skeleton inside the boxes, in plane metres.

    Nodes have ``xy``; edges have ``number`` (of the link), ``length_m`` and what the named routes say:
    ``class``, ``ref``, ``name_zh``, ``name_en``.
    """
    inside = {node for node, at in sources.junctions.items() if _in_any(trunk["boxes"], at)}
    links = [link for link in sources.links if inside.issuperset(link.ends)]
    graph: RoadNet = nx.Graph()
    joint = _merged([link.ends for link in links if link.length_m <= trunk["merge_m"]], inside)
    for link in sorted(links, key=lambda link: (link.length_m, link.number)):
        u, v = sorted(joint[end] for end in link.ends)
        if u != v and not graph.has_edge(u, v):
            graph.add_edge(u, v, number=link.number, length_m=link.length_m, **_unnamed(trunk))
    for node in graph:
        graph.nodes[node]["xy"] = to_plane(sources.junctions[node])
    largest = graph.subgraph(
        max(nx.connected_components(graph), key=lambda part: (len(part), min(part)))
    ).copy()
    for route in trunk["routes"]:
        _name(largest, route)
    return largest


def _in_any(boxes: list[list[float]], at: LonLat) -> bool:
    return any(west <= at[0] <= east and south <= at[1] <= north for west, south, east, north in boxes)


def _unnamed(trunk: dict[str, Any]) -> dict[str, str]:
    return {"class": trunk["default_class"], "ref": "", "name_zh": "", "name_en": ""}


def _merged(pairs: list[tuple[int, int]], nodes: set[int]) -> dict[int, int]:
    """For each junction the one that stands for it: the lowest number of those joined by short links."""
    near: RoadNet = nx.Graph(pairs)
    near.add_nodes_from(nodes)
    return {node: min(part) for part in nx.connected_components(near) for node in part}


def nearest_junction(graph: RoadNet, lonlat: Any) -> int:
    """The junction at a waypoint; ``ValueError`` if none is near enough."""
    nodes = sorted(graph)
    away_m = [float(np.hypot(*(graph.nodes[n]["xy"] - to_plane(lonlat)))) for n in nodes]
    best = int(np.argmin(away_m))
    if away_m[best] > MAX_SNAP_M:
        raise ValueError(f"waypoint {lonlat}: nearest junction is {away_m[best]:.0f} m away")
    node: int = nodes[best]
    return node


def route_nodes(graph: RoadNet, via: list[Any]) -> list[int]:
    """Junctions along the shortest way through the waypoints."""
    stops = [nearest_junction(graph, at) for at in via]
    legs = [nx.shortest_path(graph, a, b, weight="length_m") for a, b in pairwise(stops)]
    return [stops[0], *(node for leg in legs for node in leg[1:])]


def _name(graph: RoadNet, route: dict[str, Any]) -> None:
    """Give class, number and name to the links of a route; a link keeps the first name it gets."""
    nodes = route_nodes(graph, route["via"])
    for u, v in pairwise(nodes):
        if not graph.edges[u, v]["name_zh"]:
            graph.edges[u, v].update(
                {k: route[k] for k in ("class", "ref", "name_zh", "name_en") if k in route}
            )


def motorway_neighbours(graph: RoadNet) -> dict[int, list[int]]:
    """For each junction on a motorway its neighbours along it, in order of number."""
    along: dict[int, list[int]] = defaultdict(list)
    for u, v in graph.edges:
        if graph.edges[u, v]["class"] == "motorway":
            along[u].append(v)
            along[v].append(u)
    return {node: sorted(next_ones) for node, next_ones in sorted(along.items())}
