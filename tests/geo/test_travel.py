"""Travel times equal those of networkx on every pair; fused answers equal the reductions of the matrix."""

import numpy as np
from hypothesis import given, settings

from geo.roads import Floats, RoadGraph
from geo.travel import TravelTimes
from tests.geo.drawn_roads import TRUCK, drawn_points, drawn_roads, oracle, roads_of


def want_s(travel: TravelTimes, origins: Floats, destinations: Floats) -> Floats:
    start, end = travel.snap(origins), travel.snap(destinations)
    state = travel.conditions
    road_ds = oracle(travel.roads, state.now_ds, start, end, leaving_ds=state.now_ds)
    return (road_ds + np.add.outer(travel.access_ds(start), travel.access_ds(end))) / 10


@settings(deadline=None)
@given(drawn_roads(), drawn_points(), drawn_points())
def test_every_pair_takes_what_networkx_says(roads: RoadGraph, origins: Floats, destinations: Floats) -> None:
    travel = TravelTimes(roads, TRUCK)
    assert np.array_equal(travel.matrix_s(origins, destinations), want_s(travel, origins, destinations))


def test_a_straight_road_by_hand() -> None:
    """400 m at 36 km/h from quarter to three quarters take 20 s each way."""
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)], length_m=[400.0]), TRUCK)
    points = np.array([[106.001, 39.0], [106.003, 39.0]])
    assert np.array_equal(travel.matrix_s(points, points), [[0.0, 20.0], [20.0, 0.0]])


def test_access_off_the_road_counts_at_both_ends() -> None:
    """At 5 km/h, 111 m from the road cost about 80 s, at the start and at the end."""
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)], length_m=[400.0]), TRUCK)
    points = np.array([[106.001, 39.001], [106.003, 38.999]])
    access_s = travel.access_ds(travel.snap(points)) / 10
    assert np.allclose(access_s, 111.02 / (5 / 3.6), atol=0.05)
    assert travel.matrix_s(points[:1], points[1:])[0, 0] == 20.0 + access_s.sum()
