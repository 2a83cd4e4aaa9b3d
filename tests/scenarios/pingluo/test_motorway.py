"""A motorway taken apart from the roads it meets."""

from typing import Any

import networkx as nx
import numpy as np
import pytest

from scenarios.pingluo.motorway import NEW_NODES, separate_motorway
from scenarios.pingluo.plane import to_lonlat
from scenarios.pingluo.skeleton import RoadNet


def _cross_roads() -> RoadNet:
    """A motorway 1-2-3 from south to north, 10 km each; roads 4-2-5 across its middle and 3-6 at its end."""
    graph: RoadNet = nx.Graph()
    places = {1: (0, -10e3), 2: (0, 0), 3: (0, 10e3), 4: (-5e3, 0), 5: (5e3, 0), 6: (5e3, 10e3)}
    for node, xy in places.items():
        graph.add_node(node, xy=np.array(xy, np.float64))
    for number, (u, v, kind) in enumerate(
        [(1, 2, "motorway"), (2, 3, "motorway"), (4, 2, "trunk"), (2, 5, "trunk"), (3, 6, "trunk")]
    ):
        graph.add_edge(u, v, number=number, length_m=10_000.0, **{"class": kind})
    return graph


def _told(*places: tuple[float, float]) -> dict[str, Any]:
    exits = [
        {"name_zh": f"出口{i}", "name_en": "", "source": "assumed", "at": to_lonlat(at).tolist()}
        for i, at in enumerate(places)
    ]
    return {"exits": exits, "ramp_m": 250}


def _ordinary(graph: RoadNet) -> RoadNet:
    return nx.Graph((u, v) for u, v in graph.edges if graph.edges[u, v]["class"] == "trunk")


def test_without_an_exit_the_road_passes_and_is_not_joined() -> None:
    graph = separate_motorway(_cross_roads(), _told())
    motorway = {node for e in graph.edges if graph.edges[e]["class"] == "motorway" for node in e}
    assert not motorway & set(_ordinary(graph))
    assert nx.has_path(graph, 4, 5)
    assert not nx.has_path(graph, 4, 1)


def test_an_exit_joins_both_by_one_named_slip_road() -> None:
    graph = separate_motorway(_cross_roads(), _told((0.0, 0.0)))
    slips = [e for e in graph.edges if graph.edges[e]["class"] == "motorway_link"]
    assert [graph.edges[e]["name_zh"] for e in slips] == ["出口0"]
    assert set(slips[0]) == {2, 2 + NEW_NODES}
    assert nx.has_path(graph, 4, 1)
    assert not nx.has_path(graph, 6, 1)


def test_an_exit_between_junctions_cuts_the_motorway_at_its_true_share() -> None:
    graph = separate_motorway(_cross_roads(), _told((0.0, 2500.0)))
    lengths = sorted(graph.edges[e]["length_m"] for e in graph.edges if graph.edges[e]["class"] == "motorway")
    assert lengths == pytest.approx([2500, 7500, 10_000], rel=0.04)
    assert [graph.edges[-1, n]["class"] for n in graph[-1]] == ["motorway_link"]
    assert graph.nodes[-1]["xy"] == pytest.approx([0, 2500], abs=1)


def test_the_motorway_stands_a_slip_roads_length_beside_the_junction() -> None:
    graph = separate_motorway(_cross_roads(), _told((0.0, 0.0)))
    away = graph.nodes[2 + NEW_NODES]["xy"] - graph.nodes[2]["xy"]
    assert np.hypot(*away) == pytest.approx(250)
    assert away[0] < 0
