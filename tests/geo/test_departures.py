"""Closures with times: a drive within the horizon never is on a road while that is closed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.closures import Closure
from geo.metric import IMPASSABLE
from geo.roads import RoadGraph
from geo.travel import TravelTimes
from tests.geo.drawn_roads import DEGREE, TRUCK, drawn_roads, roads_of

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@st.composite
def timed_closures(draw: st.DrawFn) -> tuple[RoadGraph, list[Closure]]:
    """Roads that close and open again around noon."""
    roads = draw(drawn_roads())
    closures = []
    for number in range(draw(st.integers(0, 4))):
        begin, length = draw(st.integers(-60, 120)), draw(st.integers(0, 120))
        times: dict[str, Any] = {"valid_from": NOON + timedelta(seconds=begin)}
        if draw(st.booleans()):
            times["valid_to"] = times["valid_from"] + timedelta(seconds=length)
        edge = draw(st.integers(0, roads.edges - 1))
        closures.append(Closure(id=str(number), edges=(edge,), closed=True, **times))
    return roads, closures


@settings(deadline=None)
@given(timed_closures(), st.sampled_from([30.0, 100.0, 1000.0]))
def test_roads_stay_open_while_they_are_crossed(
    drawn: tuple[RoadGraph, list[Closure]], horizon_s: float
) -> None:
    """Between junctions, so that every arc of a route is driven as a whole."""
    roads, closures = drawn
    travel = TravelTimes(roads, TRUCK).with_closures(closures, NOON, horizon_s=horizon_s)
    for origin in roads.junction_lonlat[:3]:
        for goal in roads.junction_lonlat[:3]:
            route = travel.route(origin, goal)
            if not route.reached or route.travel_s > horizon_s:
                continue
            ds = travel.conditions.now_ds[route.arcs]
            if (ds >= IMPASSABLE).any():
                continue  # on the way off the closed road that it stands on
            leaves = np.concatenate(([0], np.cumsum(ds))) / 10
            for arc, begin_s, end_s in zip(route.arcs.tolist(), leaves, leaves[1:], strict=False):
                on, off = (NOON + timedelta(seconds=float(s)) for s in (begin_s, end_s))
                assert not any(c.in_force(on, off) for c in closures if arc // 2 in c.edges)


SQUARE = roads_of(
    [(0, 0), (4, 0), (4, 4), (0, 4)], [(0, 1), (1, 2), (2, 3), (3, 0)], length_m=[400.0, 400.0, 400.0, 500.0]
)


def test_a_road_that_closes_before_it_is_left_is_not_used_by_hand() -> None:
    """The quick side closes after 30 s of the 40 s that it takes: round by the other three."""
    travel = TravelTimes(SQUARE, TRUCK)
    later = Closure(id="a", edges=(0,), closed=True, valid_from=NOON + timedelta(seconds=30))
    points = np.array([[106.0, 39.0], [106.0 + 4 * DEGREE, 39.0]])
    assert travel.with_closures([later], NOON).matrix_s(points[:1], points[1:])[0, 0] == 40.0
    careful = travel.with_closures([later], NOON, horizon_s=600)
    assert careful.matrix_s(points[:1], points[1:])[0, 0] == 130.0
    assert careful.with_closures([later], NOON, horizon_s=29).matrix_s(points[:1], points[1:])[0, 0] == 40.0


def test_a_horizon_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="horizon_s"):
        TravelTimes(SQUARE, TRUCK).with_closures((), NOON, horizon_s=-1)
