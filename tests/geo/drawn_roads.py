"""Small road graphs for tests: drawn by hand or by hypothesis, and networkx as the oracle of their times."""

from collections.abc import Iterable

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from geo.conditions import Conditions
from geo.metric import IMPASSABLE
from geo.roads import Floats, Int32s, RoadGraph
from geo.snap import Snapped
from geo.vehicles import VehicleClass

DEGREE = 0.001
"""Distance between neighbours on the grid that test junctions stand on, degrees."""

TRUCK = VehicleClass(id="truck", name_zh="", name_en="", source="test", wading_limit_m=0.5)


def roads_of(
    junctions: Iterable[tuple[float, float]],
    edges: Iterable[tuple[int, int]],
    *,
    length_m: Iterable[float] | None = None,
    speed_kmh: float = 36.0,
    oneway: Iterable[int] = (),
    bridges: Iterable[int] = (),
    closed: Iterable[int] = (),
) -> RoadGraph:
    """Straight edges between junctions given in grid steps; 36 km/h is a decisecond a metre."""
    lonlat = 106.0 + np.array(list(junctions), np.float64).reshape(-1, 2) * DEGREE
    lonlat[:, 1] -= 67.0
    ends = np.array(list(edges), np.int32).reshape(-1, 2)
    e = len(ends)
    straight = np.hypot(*((lonlat[ends[:, 1]] - lonlat[ends[:, 0]]) * [86_500.0, 111_000.0]).T)
    flags = {"oneway": oneway, "bridges": bridges, "closed": closed}
    of = {name: np.isin(np.arange(e), list(which)) for name, which in flags.items()}
    return RoadGraph(
        junction_lonlat=lonlat,
        edge_from=ends[:, 0].copy(),
        edge_to=ends[:, 1].copy(),
        length_m=straight if length_m is None else np.array(list(length_m), np.float64),
        speed_kmh=np.full(e, speed_kmh),
        road_class=np.zeros(e, np.int32),
        forward=np.ones(e, np.bool_),
        backward=~of["oneway"],
        access=np.where(of["closed"], 2, 0).astype(np.int32),
        bridge=of["bridges"],
        tunnel=np.zeros(e, np.bool_),
        ferry=np.zeros(e, np.bool_),
        max_weight_t=np.full(e, np.inf),
        max_height_m=np.full(e, np.inf),
        shape_start=2 * np.arange(e + 1, dtype=np.int64),
        shape_lonlat=lonlat[ends].reshape(-1, 2),
        road=np.arange(e, dtype=np.int32),
        road_ids=tuple(f"r{i}" for i in range(e)),
        road_names=tuple(f"street {i}" for i in range(e)),
        road_classes=("residential",),
    )


@st.composite
def drawn_roads(draw: st.DrawFn, *, bridges: bool = False) -> RoadGraph:
    """Random graphs with loops, parallel edges, one-ways, barriers, edges of no length, unreachable parts."""
    n = draw(st.integers(2, 8))
    spot = st.tuples(st.integers(0, 6), st.integers(0, 6))
    junctions = draw(st.lists(spot, min_size=n, max_size=n, unique=True))
    end = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(end, end), min_size=1, max_size=14))
    length = st.one_of(st.just(0.0), st.floats(0.01, 900.0), st.floats(20_000.0, 90_000.0))
    which = st.sets(st.integers(0, len(edges) - 1))
    return roads_of(
        junctions,
        edges,
        length_m=[draw(length) for _ in edges],
        oneway=draw(which),
        closed=draw(st.sets(st.integers(1, 14), max_size=2)),
        bridges=draw(which) if bridges else (),
    )


@st.composite
def drawn_points(draw: st.DrawFn, *, most: int = 6) -> Floats:
    """Random places on and between the grid lines that the junctions stand on."""
    step = st.sampled_from([0.0, 0.25, 0.5, 1 / 3, 0.9])
    side = st.builds(lambda whole, part: whole + part, st.integers(-1, 6), step)
    spots = draw(st.lists(st.tuples(side, side), min_size=1, max_size=most))
    return np.array(spots) * DEGREE + [106.0, 39.0]


def oracle(roads: RoadGraph, conditions: Conditions, origins: Snapped, destinations: Snapped) -> Floats:
    """Road times in deciseconds by networkx, with a node put in at every place.

    Origins are one-way stubs out of their edge, destinations one-way stubs into it, pairs on one edge get an
    arc of their own. An origin shut in by closures has a copy of the junctions to itself, from which it
    enters the open roads at any time. There it may drive closed roads, unless closed by name, from junctions
    inside the closed area.
    """
    graph: nx.DiGraph[tuple[str, int]] = nx.DiGraph()
    weights_ds, open_ds, inside = conditions.now_ds, conditions.open_ds, conditions.inside
    leaving_ds = np.where(weights_ds >= IMPASSABLE, open_ds, weights_ds)
    graph.add_nodes_from(("junction", j) for j in range(roads.junctions))
    for tail, head, weight in _arcs(roads, weights_ds):
        _add(graph, ("junction", tail), ("junction", head), weight)
    for i in range(len(origins)):
        shut_in = _shut_in(roads, conditions, origins, i)
        layer = f"way out {i}" if shut_in else "junction"
        for junction, cost in _stubs(roads, leaving_ds, origins, i, outward=True):
            _add(graph, ("origin", i), (layer, junction), cost)
        if shut_in:
            for arc, (tail, head, weight) in enumerate(_arcs(roads, leaving_ds)):
                barred = not inside[tail] or (conditions.shut is not None and conditions.shut[arc // 2])
                _add(graph, (layer, tail), (layer, head), IMPASSABLE if barred else weight)
            for junction in range(roads.junctions):
                _add(graph, (layer, junction), ("junction", junction), 0)
    for i in range(len(destinations)):
        for junction, cost in _stubs(roads, weights_ds, destinations, i, outward=False):
            _add(graph, ("junction", junction), ("destination", i), cost)
    _add_direct(graph, weights_ds, origins, destinations)
    ds: Floats = np.full((len(origins), len(destinations)), np.inf)
    for i in range(len(origins)):
        graph.add_node(("origin", i))
        for (kind, j), total in nx.single_source_dijkstra_path_length(graph, ("origin", i)).items():
            if kind == "destination":
                ds[i, j] = total
    return ds


def _arcs(roads: RoadGraph, weights_ds: Int32s) -> list[tuple[int, int, int]]:
    pairs = list(zip(roads.edge_from.tolist(), roads.edge_to.tolist(), strict=True))
    both = [ends for u, v in pairs for ends in ((u, v), (v, u))]
    return [(u, v, w) for (u, v), w in zip(both, weights_ds.tolist(), strict=True)]


def _shut_in(roads: RoadGraph, conditions: Conditions, place: Snapped, i: int) -> bool:
    edge, fraction = int(place.edge[i]), float(place.fraction[i])
    at_start, at_end = conditions.inside[roads.edge_from[edge]], conditions.inside[roads.edge_to[edge]]
    if fraction in (0.0, 1.0):
        return bool(at_end if fraction else at_start)
    closed = (conditions.now_ds[2 * edge : 2 * edge + 2] >= IMPASSABLE).all()
    return bool(closed or (at_start and at_end))


def _add(graph: "nx.DiGraph[tuple[str, int]]", u: tuple[str, int], v: tuple[str, int], cost: int) -> None:
    if cost < IMPASSABLE and cost < graph.get_edge_data(u, v, {"weight": IMPASSABLE})["weight"]:
        graph.add_edge(u, v, weight=cost)


def _stubs(
    roads: RoadGraph, weights_ds: Int32s, place: Snapped, i: int, *, outward: bool
) -> list[tuple[int, int]]:
    edge, fraction = int(place.edge[i]), float(place.fraction[i])
    start, end = int(roads.edge_from[edge]), int(roads.edge_to[edge])
    if fraction in (0.0, 1.0):
        return [(end if fraction else start, 0)]
    forward, backward = int(weights_ds[2 * edge]), int(weights_ds[2 * edge + 1])
    q_forward, q_backward = int(forward * fraction + 0.5), int(backward * fraction + 0.5)
    to_start, to_end = (backward, q_backward), (forward, forward - q_forward)
    from_start, from_end = (forward, q_forward), (backward, backward - q_backward)
    sides = (to_start, to_end) if outward else (from_start, from_end)
    return [(j, q) for j, (w, q) in zip((start, end), sides, strict=True) if w < IMPASSABLE]


def _add_direct(
    graph: "nx.DiGraph[tuple[str, int]]", weights_ds: Int32s, origins: Snapped, destinations: Snapped
) -> None:
    for i, edge in enumerate(origins.edge):
        for j in np.flatnonzero(destinations.edge == edge):
            a, b = float(origins.fraction[i]), float(destinations.fraction[j])
            weight = int(weights_ds[2 * edge + (b < a)])
            if a == b:
                _add(graph, ("origin", i), ("destination", int(j)), 0)
            elif weight < IMPASSABLE:
                along = abs(int(weight * b + 0.5) - int(weight * a + 0.5))
                _add(graph, ("origin", i), ("destination", int(j)), along)
