"""The main network against networkx and on hand-made roads."""

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.components import main_network
from geo.metric import IMPASSABLE, arc_weights_ds
from geo.road_layer import road_graph
from tests.geo.road_tables import CAR, road_table

PLACE = st.tuples(st.integers(0, 3), st.integers(0, 3))


def test_a_road_one_can_enter_but_not_leave_is_no_part_of_it() -> None:
    table = road_table({"two_way": [(0, 0), (1, 0)], "trap": [(1, 0), (2, 0)]}, oneway=["no", "yes"])
    graph = road_graph(table)
    assert main_network(graph, arc_weights_ds(graph, CAR)).tolist() == [True, True, False]


def test_on_a_tie_the_westernmost_counts() -> None:
    graph = road_graph(road_table({"east": [(5, 0), (6, 0)], "west": [(0, 0), (1, 0)]}))
    assert main_network(graph, arc_weights_ds(graph, CAR)).tolist() == [True, True, False, False]


def test_no_roads_have_no_network() -> None:
    graph = road_graph(road_table({}))
    assert main_network(graph, arc_weights_ds(graph, CAR)).shape == (0,)


def test_many_parallel_roads_still_connect() -> None:
    """256 equal arcs must not add up to nothing in a narrow integer."""
    graph = road_graph(road_table({f"r{i}": [(0, 0), (1, 0)] for i in range(256)}))
    assert main_network(graph, arc_weights_ds(graph, CAR)).all()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(PLACE, PLACE, st.sampled_from(["yes", "no", "reverse"])), min_size=1, max_size=14))
def test_it_is_the_largest_strong_component(
    roads: list[tuple[tuple[int, int], tuple[int, int], str]],
) -> None:
    lines = {f"r{i}": [a, b] for i, (a, b, _) in enumerate(roads)}
    graph = road_graph(road_table(lines, oneway=[oneway for _, _, oneway in roads]))
    weights_ds = arc_weights_ds(graph, CAR)
    oracle: nx.DiGraph[int] = nx.DiGraph()
    oracle.add_nodes_from(range(graph.junctions))
    ends = np.column_stack([graph.edge_from, graph.edge_to])
    for arc in np.flatnonzero(weights_ds < IMPASSABLE):
        oracle.add_edge(*ends[arc // 2][:: -1 if arc % 2 else 1].tolist())
    components = list(nx.strongly_connected_components(oracle))
    largest = max(map(len, components), default=0)
    main = set(np.flatnonzero(main_network(graph, weights_ds)).tolist())
    assert len(main) == largest
    assert main in components or not components
    if components:
        assert min(main) == min(min(c) for c in components if len(c) == largest)
