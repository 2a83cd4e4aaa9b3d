"""Routes: their time is the matrix entry, their roads are open, connected and as long as they say."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import pieces
from geo.closures import Closure
from geo.metric import IMPASSABLE
from geo.pieces import Piece
from geo.roads import Floats, RoadGraph
from geo.route import Route
from geo.snap import distance_m
from geo.travel import TravelTimes
from tests.geo.drawn_roads import DEGREE, TRUCK, drawn_points, drawn_roads, roads_of
from tests.geo.test_closures import roads_and_closures

METRES = 111_000.0 * DEGREE


def check(travel: TravelTimes, route: Route, origin: Floats, *, way_out: bool = False) -> None:
    """What holds for every route, whatever it should be."""
    weights = travel.conditions.leaving_ds() if way_out else travel.conditions.now_ds
    inner = route.arcs if not way_out else route.arcs[1:]
    assert (weights[inner] < IMPASSABLE).all()
    assert route.geometry.shape[0] >= 2
    assert np.allclose(route.geometry[0], travel.snap(origin[None]).lonlat[0], atol=1e-9)
    assert connected(travel, route)
    drawn_m = distance_m(route.geometry[:-1], route.geometry[1:]).sum()
    assert drawn_m == pytest.approx(route.length_m, rel=0.01, abs=0.1)


def connected(travel: TravelTimes, route: Route) -> bool:
    network = travel.conditions.network
    return bool((network.head[route.arcs[:-1]] == network.tail[route.arcs[1:]]).all())


def lattice(lengths_m: list[int]) -> RoadGraph:
    """Four by four junctions and the 24 streets between neighbours."""
    spots = [(2 * x, 2 * y) for y in range(4) for x in range(4)]
    streets = [(i, j) for i in range(16) for j in (i + 1, i + 4)
               if (j == i + 1 and j % 4) or (j == i + 4 and j < 16)]  # fmt: skip
    return roads_of(spots, streets, length_m=lengths_m)


def with_true_lengths(roads: RoadGraph) -> RoadGraph:
    """The same graph with lengths as drawn, so that lengths of routes can be checked by their geometry."""
    ends = roads.junction_lonlat[roads.edge_from], roads.junction_lonlat[roads.edge_to]
    spots = np.round((roads.junction_lonlat - [106.0, 39.0]) / DEGREE).astype(int)
    return roads_of(
        [(int(x), int(y)) for x, y in spots],
        list(zip(roads.edge_from.tolist(), roads.edge_to.tolist(), strict=True)),
        length_m=distance_m(*ends),
        oneway=np.flatnonzero(~roads.backward).tolist(),
        closed=np.flatnonzero(roads.access).tolist(),
        bridges=np.flatnonzero(roads.bridge).tolist(),
    )


@settings(deadline=None)
@given(drawn_roads(), drawn_points(most=2), drawn_points(most=2))
def test_time_of_a_route_is_the_entry_of_the_matrix(
    roads: RoadGraph, origins: Floats, destinations: Floats
) -> None:
    travel = TravelTimes(with_true_lengths(roads), TRUCK)
    seconds = travel.matrix_s(origins, destinations)
    for i, j in np.ndindex(seconds.shape):
        route = travel.route(origins[i], destinations[j])
        check(travel, route, origins[i])
        assert route.reached == (seconds[i, j] < np.inf)
        assert not route.reached or route.travel_s == seconds[i, j]


@settings(deadline=None)
@given(roads_and_closures(), drawn_points(most=1), drawn_points(most=2))
def test_a_route_keeps_off_closed_roads(
    drawn: tuple[RoadGraph, list[Closure]], origins: Floats, destinations: Floats
) -> None:
    """Except on the way out of a closed area; its end is the destination or the reachable point nearest."""
    roads, closures = drawn
    travel = TravelTimes(with_true_lengths(roads), TRUCK).with_closures(closures)
    seconds = travel.matrix_s(origins, destinations)
    for j, goal in enumerate(destinations):
        route = travel.route(origins[0], goal)
        check(travel, route, origins[0], way_out=True)
        weights = travel.conditions.now_ds[route.arcs]
        shut = np.flatnonzero(weights >= IMPASSABLE)
        assert np.array_equal(shut, np.arange(len(shut)))  # closed roads only at the beginning
        leaving = travel.conditions.network.tail[route.arcs[shut]]
        assert travel.conditions.inside[leaving[1:]].all()
        assert route.reached == (seconds[0, j] < np.inf)
        assert not route.reached or (route.travel_s == seconds[0, j] and route.short_of_m == 0)


@settings(deadline=None)
@given(st.lists(st.integers(100, 1000), min_size=24, max_size=24), drawn_points(most=1))
def test_alternatives_are_other_good_ways(lengths_m: list[int], origin: Floats) -> None:
    """Not slower than the stretch allows, the quickest first, none the same, all of them real ways."""
    travel = TravelTimes(lattice(lengths_m), TRUCK)
    goal = np.array([[106.006, 39.006]])
    best = travel.route(origin, goal, alternatives=3)
    times = [best.travel_s, *(other.travel_s for other in best.alternatives)]
    assert times == sorted(times)
    off_road_s = sum(travel.access_ds(travel.snap(place))[0] for place in (origin, goal)) / 10
    assert times[-1] - off_road_s <= 1.25 * (best.travel_s - off_road_s) + 1e-9
    ways = (best, *best.alternatives)
    for one, other in combinations([set(way.arcs[1:].tolist()) for way in ways], 2):
        shared_ds = travel.conditions.now_ds[sorted(one & other)].sum()
        assert shared_ds <= 0.8 * 10 * (best.travel_s - off_road_s) + 1e-9
    for way in best.alternatives:
        assert connected(travel, way)
        assert np.allclose(way.geometry[-1], best.geometry[-1], atol=1e-9)


TWO_WAYS = roads_of(
    [(0, 0), (4, 0), (4, 4), (0, 4), (8, 0)],
    [(0, 1), (1, 2), (2, 3), (3, 0), (1, 4)],
    length_m=[400.0, 400.0, 420.0, 390.0, 400.0],
)


def place(x: float, y: float) -> Floats:
    return np.array([106.0 + x * DEGREE, 39.0 + y * DEGREE])


def test_a_route_by_hand() -> None:
    """From the corner over two sides of a square: names, arcs, length and time."""
    route = TravelTimes(TWO_WAYS, TRUCK).route(place(0, 0), place(4, 4))
    assert route.streets == ("street 0", "street 1")
    assert route.arcs.tolist() == [0, 2]
    assert (route.travel_s, route.reached) == (80.0, True)
    assert route.length_m == pytest.approx(800.0)
    assert np.allclose(route.geometry, [place(0, 0), place(4, 0), place(4, 4)])


def test_the_other_way_round_the_square_is_the_alternative() -> None:
    """A second slower, by other arcs; asked for three, there is only this one."""
    route = TravelTimes(TWO_WAYS, TRUCK).route(place(0, 0), place(4, 4), alternatives=3)
    assert [way.arcs.tolist() for way in route.alternatives] == [[7, 5]]
    assert TravelTimes(TWO_WAYS, TRUCK).route(place(0, 0), place(4, 4)).alternatives == ()


def test_parts_of_edges_are_driven_against_their_geometry() -> None:
    """From three quarters of an edge back to one quarter."""
    route = TravelTimes(TWO_WAYS, TRUCK).route(place(3, 0), place(1, 0))
    assert route.arcs.tolist() == [1]
    assert route.length_m == pytest.approx(200.0)
    assert np.allclose(route.geometry, [place(3, 0), place(1, 0)])


def test_a_loop_is_left_by_its_shorter_side() -> None:
    """From an eighth of a loop back the way it came, from seven eighths onwards, and then along the road."""
    road = roads_of([(0, 0), (-4, 0)], [(0, 1), (0, 0)])
    corners = np.array([place(*spot) for spot in ((0, 0), (4, 0), (4, 4), (0, 4), (0, 0))])
    loop = replace(
        road,
        length_m=np.array([346.0, 1580.0]),
        shape_start=np.array([0, 2, 7]),
        shape_lonlat=np.concatenate((road.shape_of(0), corners)),
    )
    travel = TravelTimes(loop, TRUCK)
    for begin, first in ((place(2, 0), 3), (place(0, 2), 2)):
        route = travel.route(begin, place(-4, 0))
        assert route.arcs.tolist() == [first, 0]
        assert len(route.geometry) == 3
        assert route.length_m / 36 * 3.6 == pytest.approx(route.travel_s, abs=0.1)
        back = travel.route(place(-4, 0), begin)
        assert back.arcs.tolist() == [1, first ^ 1]
        assert back.travel_s == pytest.approx(route.travel_s, abs=0.1)


def test_a_place_to_itself_is_a_route_without_roads() -> None:
    route = TravelTimes(TWO_WAYS, TRUCK).route(place(2, 0), place(2, 0))
    assert (route.length_m, route.travel_s, route.streets) == (0.0, 0.0, ())
    assert np.allclose(route.geometry, [place(2, 0)] * 2)


def test_a_destination_on_a_closed_road_is_answered_with_the_nearest_reachable_point() -> None:
    """The dead end beyond (4, 0) is closed: the route ends at (4, 0), 173 m short of the middle of it."""
    travel = TravelTimes(TWO_WAYS, TRUCK).with_closures([Closure(id="a", edges=(4,), closed=True)])
    route = travel.route(place(0, 0), place(6, 0))
    assert not route.reached
    assert np.allclose(route.geometry[-1], place(4, 0))
    assert route.short_of_m == pytest.approx(2 * 86.6, rel=0.01)
    assert (route.travel_s, route.arcs.tolist()) == (40.0, [0])


def test_a_vehicle_that_cannot_move_stays() -> None:
    """On a closed one-way road that ends at a closed road, the nearest reachable point is that end."""
    road = roads_of([(0, 0), (4, 0), (8, 0)], [(0, 1), (1, 2)], length_m=[400.0] * 2, oneway=[0, 1])
    travel = TravelTimes(road, TRUCK).with_closures([Closure(id="a", edges=(0,), closed=True)])
    route = travel.route(place(4, 0), place(2, 0))
    assert not route.reached
    assert route.arcs.size == 0
    assert route.travel_s == 0.0


def test_two_places_are_not_one() -> None:
    with pytest.raises(ValueError, match="want one place, got 2"):
        TravelTimes(TWO_WAYS, TRUCK).route(np.array([place(0, 0), place(1, 0)]), place(1, 0))


def test_pieces_add_up() -> None:
    """Half an edge forward and then back: both halves, drawn once each, named once."""
    driven = [Piece(0, 0.5, 1.0), Piece(0, 1.0, 0.0)]
    assert pieces.length_m(TWO_WAYS, driven) == 600.0
    assert pieces.streets(TWO_WAYS, driven) == ("street 0",)
    assert pieces.arcs(driven).tolist() == [0, 1]
    assert np.allclose(pieces.geometry(TWO_WAYS, driven), [place(2, 0), place(4, 0), place(0, 0)])
