"""Forbidden and slow turns: kept by times and routes, ignored by those who may, against a search by arcs."""

from dataclasses import replace

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.metric import IMPASSABLE
from geo.network import network
from geo.roads import Floats, RoadGraph
from geo.snap import Snapped
from geo.travel import TravelTimes
from tests.geo.drawn_roads import TRUCK, drawn_roads, roads_of


@st.composite
def roads_with_turns(draw: st.DrawFn) -> RoadGraph:
    """Random roads, up to eight random turns that are forbidden, and up to eight that take time."""
    roads = draw(drawn_roads())
    tail = np.stack((roads.edge_from, roads.edge_to), axis=1).ravel()
    head = np.stack((roads.edge_to, roads.edge_from), axis=1).ravel()
    turns = [(a, b) for a in range(len(tail)) for b in range(len(tail)) if head[a] == tail[b]]
    chosen = draw(st.lists(st.sampled_from(turns), max_size=8, unique=True))
    slow = draw(st.lists(st.sampled_from(turns), max_size=8, unique=True))
    return replace(
        roads,
        turns=np.array(sorted(chosen), np.int32).reshape(-1, 2),
        slow_turns=np.array(slow, np.int32).reshape(-1, 2),
        turn_delay_ds=np.array([draw(st.integers(0, 900)) for _ in slow], np.int32),
    )


def at_junctions(roads: RoadGraph) -> Snapped:
    """Both ends of every edge, from there into any road of the junction."""
    edge = np.repeat(np.arange(roads.edges, dtype=np.int32), 2)
    fraction = np.tile([0.0, 1.0], roads.edges)
    lonlat = np.zeros((len(edge), 2))
    return Snapped(edge=edge, fraction=fraction, access_m=np.zeros(len(edge)), lonlat=lonlat)


def oracle_s(travel: TravelTimes) -> Floats:
    """Seconds between the ends of edges by a search whose nodes are the arcs themselves."""
    roads, weights = travel.roads, travel.conditions.now_ds.tolist()
    forbidden = set(map(tuple, roads.turns.tolist()))
    slow = map(tuple, roads.slow_turns.tolist())
    delay_ds = dict(zip(slow, roads.turn_delay_ds.tolist(), strict=True))
    ends = [pair for u, v in zip(roads.edge_from.tolist(), roads.edge_to.tolist(), strict=True)
            for pair in ((u, v), (v, u))]  # fmt: skip
    graph: nx.DiGraph[tuple[str, int]] = nx.DiGraph()
    for arc, (u, v) in enumerate(ends):
        if weights[arc] >= IMPASSABLE:
            continue
        graph.add_edge(("start", u), ("arc", arc), weight=weights[arc])
        graph.add_edge(("arc", arc), ("goal", v), weight=0)
        for onward, (w, _) in enumerate(ends):
            if w == v and weights[onward] < IMPASSABLE and (arc, onward) not in forbidden:
                turned_ds = weights[onward] + delay_ds.get((arc, onward), 0)
                graph.add_edge(("arc", arc), ("arc", onward), weight=turned_ds)
    found = np.full((roads.junctions, roads.junctions), np.inf)
    for u in range(roads.junctions):
        graph.add_node(("start", u))
        for (kind, v), ds in nx.single_source_dijkstra_path_length(graph, ("start", u)).items():
            if kind == "goal":
                found[u, v] = ds / 10
        found[u, u] = 0.0
    junction = np.stack((roads.edge_from, roads.edge_to), axis=1).ravel()
    between: Floats = found[np.ix_(junction, junction)]
    return between


@settings(deadline=None)
@given(roads_with_turns())
def test_forbidden_and_slow_turns_are_kept_on_every_pair(roads: RoadGraph) -> None:
    travel, places = TravelTimes(roads, TRUCK), at_junctions(roads)
    assert np.array_equal(travel.matrix_s(places, places), oracle_s(travel))


@settings(deadline=None)
@given(roads_with_turns())
def test_routes_make_no_forbidden_turn_and_take_the_time_of_the_matrix(roads: RoadGraph) -> None:
    travel = TravelTimes(roads, TRUCK)
    forbidden = set(map(tuple, roads.turns.tolist()))
    places = roads.junction_lonlat[:3]
    seconds = travel.matrix_s(places, places)
    for i, j in np.ndindex(seconds.shape):
        route = travel.route(places[i], places[j], alternatives=2)
        assert route.reached == bool(np.isfinite(seconds[i, j]))
        assert not route.reached or route.travel_s == seconds[i, j]
        for way in (route, *route.alternatives):
            assert not forbidden & set(zip(way.arcs.tolist(), way.arcs[1:].tolist(), strict=False))


@settings(deadline=None)
@given(roads_with_turns())
def test_who_may_ignore_turns_drives_as_if_there_were_none(roads: RoadGraph) -> None:
    bold = replace(TRUCK, may_ignore_turns=True)
    none = roads.turns[:0]
    free_roads = replace(roads, turns=none, slow_turns=none, turn_delay_ds=roads.turn_delay_ds[:0])
    free = TravelTimes(free_roads, TRUCK)
    places = at_junctions(roads)
    assert np.array_equal(TravelTimes(roads, bold).matrix_s(places, places), free.matrix_s(places, places))


CROSS = roads_of(
    [(0, 0), (4, 0), (8, 0), (4, 4), (4, 8)], [(0, 1), (1, 2), (1, 3), (3, 4)], length_m=[400.0] * 4
)


def test_a_forbidden_left_turn_costs_the_way_round_by_hand() -> None:
    """West to north is forbidden at the crossing: on to the east end, back, and then north."""
    barred = TravelTimes(replace(CROSS, turns=np.array([[0, 4]], np.int32)), TRUCK)
    west, north, east = (CROSS.junction_lonlat[[k]] for k in (0, 3, 2))
    assert TravelTimes(CROSS, TRUCK).matrix_s(west, north)[0, 0] == 80.0
    assert barred.matrix_s(west, north)[0, 0] == 160.0
    assert barred.matrix_s(east, north)[0, 0] == 80.0
    assert barred.matrix_s(west, CROSS.junction_lonlat[[1]])[0, 0] == 40.0
    assert barred.route(west, north).arcs.tolist() == [0, 2, 3, 4]


def test_a_slow_left_turn_by_hand() -> None:
    """15 s at the crossing; who may ignore turns does not wait; 90 s are more than the way round."""
    west, north = (CROSS.junction_lonlat[[k]] for k in (0, 3))
    for delay_ds, seconds in ((150, 95.0), (900, 160.0)):
        slow = replace(
            CROSS, slow_turns=np.array([[0, 4]], np.int32), turn_delay_ds=np.array([delay_ds], np.int32)
        )
        assert TravelTimes(slow, TRUCK).matrix_s(west, north)[0, 0] == seconds
        assert TravelTimes(slow, TRUCK).route(west, north).travel_s == seconds
        bold = replace(TRUCK, may_ignore_turns=True)
        assert TravelTimes(slow, bold).matrix_s(west, north)[0, 0] == 80.0


def test_only_junctions_that_need_it_are_split() -> None:
    """One forbidden turn at a junction of three roads: one node to enter, three to leave, one to stop at."""
    assert len(network(CROSS).junction) == 5
    assert len(network(replace(CROSS, turns=np.array([[0, 4]], np.int32))).junction) == 5 + 1 + 3 + 1
