"""A whole country of real roads: every answer against networkx or scipy, and against one another."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.closures import Closure
from geo.metric import IMPASSABLE
from geo.osm import read_osm
from geo.road_layer import road_graph
from geo.roads import Floats, RoadGraph
from geo.snap import Snapped
from geo.travel import TravelTimes
from geo.vehicles import VehicleClass
from tests.geo.drawn_roads import oracle

pytestmark = pytest.mark.data

ENGINE = VehicleClass(
    id="engine", name_zh="", name_en="", source="test", may_contraflow=True, may_ignore_turns=True
)
"""Turns are ignored as the oracles ignore them; ``test_turns`` holds them to an oracle of their own."""
FLOOD = shapely.Point(9.52, 47.14).buffer(0.02)


@pytest.fixture(scope="module")
def country(shared_data: Path) -> tuple[RoadGraph, Floats]:
    """Roads, and every eleventh building in an order of no meaning."""
    extract = read_osm(shared_data / "networks" / "liechtenstein-latest.osm.pbf")
    buildings = np.asarray(shapely.get_coordinates(extract.buildings.geometry))
    roads = road_graph(extract.roads, extract.turns, preset="generic")
    return roads, np.random.default_rng(0).permutation(buildings)[::11]


@pytest.fixture(scope="module", params=["open", "flooded"])
def travel(request: pytest.FixtureRequest, country: tuple[RoadGraph, Floats]) -> TravelTimes:
    open_roads = TravelTimes(country[0], ENGINE)
    if request.param == "open":
        return open_roads
    wet = Closure(id="wet", polygon=FLOOD, depth_m=0.2)
    return open_roads.with_closures(
        [wet, Closure(id="shut", polygon=FLOOD.centroid.buffer(0.01), closed=True)]
    )


def test_buildings_are_as_far_apart_as_networkx_says(
    country: tuple[RoadGraph, Floats], travel: TravelTimes
) -> None:
    """25 buildings to 300 others, points on edges all of them."""
    origins, destinations = travel.snap(country[1][:25]), travel.snap(country[1][25:325])
    access_ds = np.add.outer(travel.access_ds(origins), travel.access_ds(destinations))
    want_s = (oracle(travel.roads, travel.conditions, origins, destinations) + access_ds) / 10
    found_s = travel.matrix_s(origins, destinations)
    assert np.array_equal(found_s, want_s)
    assert 0.3 < np.isfinite(found_s).mean() < 1.0


def test_junctions_are_as_far_apart_as_scipy_says(travel: TravelTimes) -> None:
    """Every seventh to all 4,633; an origin inside the closed area leaves it first, so these are left out."""
    check_against_scipy(travel, np.flatnonzero(~travel.conditions.inside)[::7])


@pytest.mark.slow
def test_every_pair_of_junctions_is_as_far_apart_as_scipy_says(country: tuple[RoadGraph, Floats]) -> None:
    check_against_scipy(TravelTimes(country[0], ENGINE), np.arange(country[0].junctions))


def check_against_scipy(travel: TravelTimes, origins: NDArray[np.int64]) -> None:
    roads, state = travel.roads, travel.conditions
    ok = state.now_ds < IMPASSABLE
    ends = np.stack((roads.edge_from, roads.edge_to), axis=1)
    tail, head = ends.ravel()[ok], ends[:, ::-1].ravel()[ok]
    least = np.lexsort((state.now_ds[ok], head, tail))
    tail, head = tail[least], head[least]
    first = np.concatenate(([True], (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])))
    arcs = (tail[first], head[first])
    graph = csr_array((state.now_ds[ok][least][first].astype(float), arcs), shape=(roads.junctions,) * 2)
    every = junctions(roads)
    for part in np.array_split(origins, 5):
        found_s = travel.matrix_s(at(every, part), every)
        assert np.array_equal(found_s, dijkstra(graph, indices=part) / 10)


def junctions(roads: RoadGraph) -> Snapped:
    """A place at each junction, at the end of some edge."""
    edges = np.arange(roads.edges)
    edge, fraction = np.zeros(roads.junctions, np.int32), np.zeros(roads.junctions)
    edge[roads.edge_from] = edges
    edge[roads.edge_to], fraction[roads.edge_to] = edges, 1.0
    nothing = np.zeros(roads.junctions)
    return Snapped(edge=edge, fraction=fraction, access_m=nothing, lonlat=roads.junction_lonlat.copy())


def at(places: Snapped, which: NDArray[np.int64]) -> Snapped:
    return Snapped(
        edge=places.edge[which],
        fraction=places.fraction[which],
        access_m=places.access_m[which],
        lonlat=places.lonlat[which],
    )


def test_fused_answers_are_those_of_the_matrix(
    country: tuple[RoadGraph, Floats], travel: TravelTimes
) -> None:
    stations, points = country[1][:10], country[1][10:]
    matrix = travel.matrix_s(stations, points)
    station, seconds = travel.nearest(stations, points, 3)
    order = np.argsort(matrix, axis=0, kind="stable")[:3]
    want_s = np.take_along_axis(matrix, order, axis=0).T
    assert np.array_equal(seconds, want_s)
    assert np.array_equal(station, np.where(np.isinf(want_s), -1, order.T))
    limits_s = (300.0, 480.0, 600.0)
    for pairs, limit_s in zip(travel.covered(stations, points, limits_s), limits_s, strict=True):
        covered = np.zeros(matrix.T.shape, np.bool_)
        covered[pairs.point, pairs.station] = True
        assert np.array_equal(covered, np.less_equal(matrix.T, limit_s))


def test_routes_take_the_time_of_the_matrix(country: tuple[RoadGraph, Floats], travel: TravelTimes) -> None:
    """Their arcs join, and add up to their time less the access and the parts of the first and last edge."""
    places = country[1][:20]
    seconds = travel.matrix_s(places[:5], places)
    for i, j in np.ndindex(seconds.shape):
        route = travel.route(places[i], places[j], alternatives=2)
        assert route.reached == bool(np.isfinite(seconds[i, j]))
        assert not route.reached or route.travel_s == seconds[i, j]
        network = travel.conditions.network
        for way in (route, *route.alternatives):
            met, left = network.head[way.arcs[:-1]], network.tail[way.arcs[1:]]
            assert (network.junction[met] == network.junction[left]).all()
            inner_s = travel.conditions.leaving_ds()[way.arcs[1:-1]].sum() / 10
            assert inner_s <= way.travel_s + 1e-9
            assert way.travel_s <= route.travel_s * 1.25 + 1e-9


def test_places_within_reach_are_in_the_polygon(
    country: tuple[RoadGraph, Floats], travel: TravelTimes
) -> None:
    """Points on roads: those reached within five minutes are inside, and few others are."""
    everywhere = travel.snap(country[1])
    on_road = Snapped(
        edge=everywhere.edge,
        fraction=everywhere.fraction,
        access_m=np.zeros(len(everywhere)),
        lonlat=everywhere.lonlat.copy(),
    )
    start = at(on_road, np.array([5]))
    in_time = travel.matrix_s(start, on_road)[0] <= 300
    area = travel.reachable(start, 300.0, margin_m=5.0)
    inside = np.array([area.covers(shapely.Point(lonlat)) for lonlat in on_road.lonlat])
    assert inside[in_time].all()
    assert (inside & ~in_time).sum() <= 0.02 * len(inside)
    assert 10 < in_time.sum() < len(in_time)
