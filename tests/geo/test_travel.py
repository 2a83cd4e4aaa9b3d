"""Travel times equal those of networkx on every pair; fused answers equal the reductions of the matrix."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.closures import Closure
from geo.errors import InputError
from geo.roads import Floats, RoadGraph
from geo.travel import TravelEngine, TravelTimes, whole_ds
from tests.geo.drawn_roads import TRUCK, drawn_points, drawn_roads, oracle, roads_of


def want_s(travel: TravelTimes, origins: Floats, destinations: Floats) -> Floats:
    start, end = travel.snap(origins), travel.snap(destinations)
    road_ds = oracle(travel.roads, travel.conditions, start, end)
    return (road_ds + np.add.outer(travel.access_ds(start), travel.access_ds(end))) / 10


@settings(deadline=None)
@given(drawn_roads(), drawn_points(), drawn_points())
def test_every_pair_takes_what_networkx_says(roads: RoadGraph, origins: Floats, destinations: Floats) -> None:
    travel = TravelTimes(roads, TRUCK)
    assert np.array_equal(travel.matrix_s(origins, destinations), want_s(travel, origins, destinations))


@settings(deadline=None)
@given(drawn_roads(), drawn_points(), drawn_points(), st.integers(1, 4))
def test_nearest_is_the_sorted_matrix(roads: RoadGraph, stations: Floats, points: Floats, k: int) -> None:
    travel = TravelTimes(roads, TRUCK)
    matrix = travel.matrix_s(stations, points)
    found, seconds = travel.nearest(stations, points, k)
    for point, column in enumerate(matrix.T):
        arriving = sorted((t, i) for i, t in enumerate(column) if t < np.inf)[:k]
        none = [(np.inf, -1)] * (k - len(arriving))
        assert list(zip(seconds[point], found[point], strict=True)) == arriving + none


@settings(deadline=None)
@given(drawn_roads(), drawn_points(), drawn_points(), st.lists(st.floats(0, 500), max_size=3))
def test_covered_is_the_matrix_within_each_limit(
    roads: RoadGraph, stations: Floats, points: Floats, limits_s: list[float]
) -> None:
    travel = TravelTimes(roads, TRUCK)
    matrix = travel.matrix_s(stations, points)
    limits_s = [*limits_s, *matrix[matrix < np.inf][:2]]  # a limit that is met exactly counts
    for pairs, limit_s in zip(travel.covered(stations, points, limits_s), limits_s, strict=True):
        by_point = matrix.T
        want = np.argwhere(by_point <= limit_s)
        assert np.array_equal(np.stack((pairs.point, pairs.station), axis=1), want)


@given(st.floats(0, 1e7))
def test_whole_deciseconds_are_the_most_that_a_limit_admits(limit_s: float) -> None:
    assert whole_ds(limit_s) / 10 <= limit_s < (whole_ds(limit_s) + 1) / 10


def test_a_straight_road_by_hand() -> None:
    """400 m at 36 km/h from quarter to three quarters take 20 s each way."""
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)], length_m=[400.0]), TRUCK)
    points = np.array([[106.001, 39.0], [106.003, 39.0]])
    assert np.array_equal(travel.matrix_s(points, points), [[0.0, 20.0], [20.0, 0.0]])


def test_a_one_way_road_is_driven_round() -> None:
    """From three quarters back to one quarter of a one-way side of a square: three quarters of the square."""
    square = roads_of([(0, 0), (4, 0), (4, 4), (0, 4)], [(0, 1), (1, 2), (2, 3), (3, 0)], oneway=[0],
                      length_m=[400.0] * 4)  # fmt: skip
    points = np.array([[106.003, 39.0], [106.001, 39.0]])
    assert TravelTimes(square, TRUCK).matrix_s(points[:1], points[1:])[0, 0] == 140.0


def test_access_off_the_road_counts_at_both_ends() -> None:
    """At 5 km/h, 111 m from the road cost about 80 s, at the start and at the end."""
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)], length_m=[400.0]), TRUCK)
    points = np.array([[106.001, 39.001], [106.003, 38.999]])
    access_s = travel.access_ds(travel.snap(points)) / 10
    assert np.allclose(access_s, 111.02 / (5 / 3.6), atol=0.05)
    assert travel.matrix_s(points[:1], points[1:])[0, 0] == 20.0 + access_s.sum()


def test_no_places_give_empty_answers() -> None:
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)]), TRUCK)
    none, one = np.empty((0, 2)), np.array([[106.0, 39.0]])
    assert travel.matrix_s(none, one).shape == (0, 1)
    assert travel.matrix_s(one, none).shape == (1, 0)
    assert travel.nearest(none, one, 2)[0].tolist() == [[-1, -1]]
    assert travel.covered(one, none, [60.0])[0].point.size == 0


def test_wrong_points_are_all_named() -> None:
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)]), TRUCK)
    with pytest.raises(InputError) as refused:
        travel.matrix_s(np.array([[106.0, 39.0], [np.nan, 39.0], [500_000.0, 4_300_000.0]]), np.empty((0, 2)))
    assert [(f.code, f.where) for f in refused.value.faults] == [("N201", "point 1"), ("N202", "point 2")]


def test_a_vehicle_without_roads_is_refused() -> None:
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)], closed=[0]), TRUCK)
    with pytest.raises(InputError, match="N203"):
        travel.snap(np.array([[106.0, 39.0]]))


def test_another_process_gives_the_same_answers() -> None:
    """What is sent to a worker process and back, closures included, answers as before."""
    closure = Closure(id="a", edges=(1,), speed_factor=0.5)
    roads = roads_of([(0, 0), (4, 0), (4, 4)], [(0, 1), (1, 2)])
    travel = TravelTimes(roads, TRUCK).with_closures([closure])
    sent = pickle.loads(pickle.dumps(travel))
    points = roads.junction_lonlat
    assert np.array_equal(sent.matrix_s(points, points), travel.matrix_s(points, points))
    assert sent.closures[0].speed_factor == 0.5


def test_threads_share_one_object() -> None:
    """Eight threads asking at once get the answers of one."""
    travel: TravelEngine = TravelTimes(roads_of([(0, 0), (4, 0), (4, 4)], [(0, 1), (1, 2)]), TRUCK)
    points = np.random.default_rng(0).uniform([106.0, 39.0], [106.004, 39.004], (50, 2))
    want = travel.matrix_s(points, points)
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: travel.matrix_s(points, points), range(32))
    assert all(np.array_equal(answer, want) for answer in answers)
