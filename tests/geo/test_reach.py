"""The area within reach holds exactly the places whose matrix entry is within the limit."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.closures import Closure
from geo.ends import departures
from geo.reach import reached_parts
from geo.roads import Floats, RoadGraph
from geo.snap import Snapped
from geo.travel import TravelTimes
from geo.trees import Tree, tree
from tests.geo.drawn_roads import DEGREE, TRUCK, drawn_points, drawn_roads, roads_of


def grown(travel: TravelTimes, start: Snapped, limit_ds: int) -> Tree:
    """Least times from one place."""
    now = travel.conditions
    return tree(now.metric, now.network, departures(now, start), limit_ds=limit_ds)


TENTHS = np.linspace(0.0, 1.0, 11)


@settings(deadline=None)
@given(drawn_roads(), drawn_points(most=1), st.integers(0, 900))
def test_a_place_is_on_a_reached_part_if_and_only_if_it_is_in_time(
    roads: RoadGraph, origin: Floats, limit_ds: int
) -> None:
    travel = TravelTimes(roads, TRUCK)
    start = travel.snap(origin)
    usable = np.flatnonzero((travel.conditions.now_ds.reshape(-1, 2) < 2**30).any(axis=1))
    edge = np.repeat(usable, len(TENTHS)).astype(np.int32)
    fraction = np.tile(TENTHS, len(usable))
    zero = np.zeros(len(edge))
    everywhere = Snapped(edge=edge, fraction=fraction, access_m=zero, lonlat=np.zeros((len(edge), 2)))
    road_s = travel.matrix_s(start, everywhere)[0] - travel.access_ds(start)[0] / 10
    reached = grown(travel, start, limit_ds)
    parts = reached_parts(travel.conditions, start, reached, limit_ds)
    on = edge == parts[:, :1].astype(np.int64)
    within = (on & (parts[:, 1:2] <= fraction) & (fraction <= parts[:, 2:])).any(axis=0)
    rim = np.isclose(parts[:, 1:2], fraction) | np.isclose(parts[:, 2:], fraction)
    very_end = (on & rim).any(axis=0)
    ends = (fraction == 0) | (fraction == 1)  # junctions may be reached by another edge alone
    in_time = np.round(road_s * 10) <= limit_ds
    assert np.array_equal(within[~ends & ~very_end], in_time[~ends & ~very_end])
    assert in_time[ends & within].all()


CROSS = roads_of([(0, 0), (4, 0), (-4, 0), (0, 4)], [(0, 1), (0, 2), (0, 3)], length_m=[400.0] * 3)
CENTRE = np.array([106.0, 39.0])


def test_reach_by_hand() -> None:
    """Twenty seconds from the crossing: half of each arm, and the margin round it."""
    area = TravelTimes(CROSS, TRUCK).reachable(CENTRE, 20.0, margin_m=10.0)
    steps = {1.9: True, 2.0: True, 2.1: True, 2.2: False}  # a step is 87 m, the margin 0.12 of it
    for step, inside in steps.items():
        assert area.covers(shapely.Point(106.0 + step * DEGREE, 39.0)) == inside
    assert not area.covers(shapely.Point(106.0 + DEGREE, 39.0 + DEGREE))
    assert area.covers(shapely.Point(106.0, 39.0 + 2 * DEGREE))
    assert area.area * 86_500 * 111_000 == pytest.approx((2 * 173 + 222) * 20, rel=0.05)


def test_reach_counts_the_access_and_can_be_empty() -> None:
    """111 m from the road at 5 km/h are 80 s."""
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)]), TRUCK)
    aside = np.array([106.001, 39.001])
    assert travel.reachable(aside, 79.0).is_empty
    assert not travel.reachable(aside, 81.0).is_empty


def test_a_vehicle_that_does_not_move_reaches_where_it_stands() -> None:
    area = TravelTimes(CROSS, TRUCK).reachable(np.array([106.001, 39.0]), 0.0, margin_m=10.0)
    assert area.covers(shapely.Point(106.001, 39.0))


def test_reached_parts_end_where_the_rounding_of_positions_says() -> None:
    """On an edge of 3 ds a place is within 1 ds if it rounds to 1: up to, not at, half of the edge."""
    travel = TravelTimes(roads_of([(0, 0), (4, 0)], [(0, 1)], length_m=[3.0]), TRUCK)
    start = travel.snap(np.array([[106.0, 39.0]]))
    reached = grown(travel, start, 1)
    parts = reached_parts(travel.conditions, start, reached, 1)
    assert parts.tolist() == [[0.0, 0.0, 0.5], [0.0, 0.0, 0.0]]
    places = np.array([[106.0 + 4 * DEGREE * share, 39.0] for share in (0.49, 0.51)])
    assert travel.matrix_s(start, places).tolist() == [[0.1, 0.2]]


def test_reach_ends_at_closed_roads() -> None:
    travel = TravelTimes(CROSS, TRUCK).with_closures([Closure(id="a", edges=(0,), closed=True)])
    area = travel.reachable(CENTRE, 20.0, margin_m=10.0)
    assert not area.covers(shapely.Point(106.001, 39.0))
    assert area.covers(shapely.Point(105.999, 39.0))


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        TravelTimes(CROSS, TRUCK).reachable(CENTRE, -1.0)
