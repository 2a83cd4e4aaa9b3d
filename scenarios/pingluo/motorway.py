"""The motorway taken apart from the roads it meets, and joined to them again at its named exits only."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.pingluo.plane import line, to_plane
from scenarios.pingluo.skeleton import MAX_SNAP_M, RoadNet, motorway_neighbours

Place = NDArray[np.float64]
NEW_NODES = 10_000_000
"""Motorway places get the junction's number plus this, so that they never meet a number of the data set."""


def separate_motorway(graph: RoadNet, trunk: dict[str, Any]) -> RoadNet:
    """A graph in which a motorway junction is a place of its own beside the ordinary junction.

    At an exit a slip road (``motorway_link``, named as the exit) joins both; elsewhere the other road passes
    over or under without a connection. An exit away from every junction cuts the motorway and starts an
    ordinary junction of its own.
    """
    graph = graph.copy()
    pending = list(trunk["exits"])
    for node in motorway_neighbours(graph):
        told = _exit_at(graph.nodes[node]["xy"], pending)
        ordinary = [n for n in graph[node] if graph.edges[node, n]["class"] != "motorway"]
        if ordinary or told:
            _take_apart(graph, node, offset_m=trunk["ramp_m"])
        if told:
            graph.add_edge(node, node + NEW_NODES, **_slip_road(told, trunk["ramp_m"], number=-1))
            pending.remove(told)
    for i, told in enumerate(pending):
        _cut_in(graph, told, node=-1 - i, ramp_m=trunk["ramp_m"])
    return graph


def _exit_at(xy_m: Place, exits: list[dict[str, Any]]) -> dict[str, Any] | None:
    near = [told for told in exits if np.hypot(*(to_plane(told["at"]) - xy_m)) <= MAX_SNAP_M]
    return near[0] if near else None


def _slip_road(told: dict[str, Any], length_m: float, *, number: int) -> dict[str, Any]:
    names = {"name_zh": told["name_zh"], "name_en": told["name_en"]}
    return {
        **names,
        "number": number,
        "length_m": length_m,
        "class": "motorway_link",
        "ref": "",
        "source": told["source"],
    }


def _take_apart(graph: RoadNet, node: int, *, offset_m: float) -> None:
    """Move the motorway's links of a junction to a place of their own, beside it on the left."""
    along = motorway_neighbours(graph)[node]
    here = graph.nodes[node]["xy"]
    towards = graph.nodes[along[0]]["xy"] - (graph.nodes[along[1]]["xy"] if len(along) > 1 else here)
    graph.add_node(node + NEW_NODES, xy=here + _left_of(towards) * offset_m)
    for other in along:
        graph.add_edge(node + NEW_NODES, other, **graph.edges[node, other])
        graph.remove_edge(node, other)


def _left_of(direction: Place) -> Place:
    """The unit vector to the left; always the western one, so that neighbours lie on one side."""
    left: Place = np.array([-direction[1], direction[0]]) / np.hypot(*direction)
    return left if left[0] < 0 else -left


def _cut_in(graph: RoadNet, told: dict[str, Any], *, node: int, ramp_m: float) -> None:
    """Cut the nearest motorway link at an exit that stands away from every junction."""
    at = to_plane(told["at"])
    links = [ends for ends in graph.edges if graph.edges[ends]["class"] == "motorway"]
    shapes = [line([graph.nodes[u]["xy"], graph.nodes[v]["xy"]]) for u, v in links]
    point = line([at, at + 1]).interpolate(0)
    best = min(range(len(links)), key=lambda i: (float(shapes[i].distance(point)), links[i]))
    (u, v), shape = links[best], shapes[best]
    share = float(shape.project(point, normalized=True))
    there = np.array(shape.interpolate(share, normalized=True).coords[0])
    link = dict(graph.edges[u, v])
    graph.remove_edge(u, v)
    graph.add_node(node + NEW_NODES, xy=there)
    graph.add_node(node, xy=there - _left_of(np.array(shape.coords[1]) - shape.coords[0]) * ramp_m)
    graph.add_edge(u, node + NEW_NODES, **{**link, "length_m": link["length_m"] * share, "part": "a"})
    graph.add_edge(node + NEW_NODES, v, **{**link, "length_m": link["length_m"] * (1 - share), "part": "b"})
    graph.add_edge(node, node + NEW_NODES, **_slip_road(told, ramp_m, number=-1))
