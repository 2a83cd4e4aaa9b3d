"""Arc weights: rounding, directions, permissions, limits."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.metric import IMPASSABLE, arc_weights_ds, forbidden_turns, usable_edges
from geo.road_layer import road_graph
from geo.roads import RoadGraph
from geo.vehicles import VehicleClass
from tests.geo.road_tables import CAR, road_table

LINE = [(0.0, 0.0), (0.01, 0.0)]
FIRE_ENGINE = replace(CAR, id="fire_engine", may_contraflow=True, may_use_private=True)


def one_road(length_m: float = 1000.0, **columns: Any) -> RoadGraph:
    return road_graph(road_table({"a": LINE}, length_m=[length_m], **{k: [v] for k, v in columns.items()}))


def weights(vehicle: VehicleClass = CAR, **columns: Any) -> list[int]:
    return [int(w) for w in arc_weights_ds(one_road(**columns), vehicle)]


def test_a_kilometre_of_primary_road_at_60_takes_a_minute_both_ways() -> None:
    assert weights() == [600, 600]


def test_halves_are_rounded_up() -> None:
    """At 36 km/h a metre takes exactly one decisecond."""
    slow = replace(CAR, max_speed_kmh=36)
    assert [arc_weights_ds(one_road(m), slow)[0] for m in (2.49, 2.5, 2.51, 3.5)] == [2, 3, 3, 4]


def test_a_road_costs_nothing_only_if_it_is_nothing_long() -> None:
    assert weights(length_m=0.0) == [0, 0]
    assert weights(length_m=0.001) == [1, 1]


@pytest.mark.parametrize(("oneway", "forward", "backward"), [("yes", 1, 0), ("reverse", 0, 1), ("no", 1, 1)])
def test_one_ways_hold_for_ordinary_traffic(oneway: str, forward: int, backward: int) -> None:
    assert [w < IMPASSABLE for w in weights(oneway=oneway)] == [bool(forward), bool(backward)]


def test_contraflow_is_slower_and_never_on_motorways() -> None:
    assert weights(FIRE_ENGINE, oneway="yes") == [600, 1200]
    road = road_table({"a": LINE}, **{"class": ["motorway"], "oneway": ["yes"], "length_m": [1000.0]})
    assert arc_weights_ds(road_graph(road), FIRE_ENGINE).tolist() == [360, IMPASSABLE]


def test_a_road_open_in_no_direction_is_no_one_way_to_drive_against() -> None:
    shut = replace(one_road(), forward=np.array([False]), backward=np.array([False]))
    assert arc_weights_ds(shut, FIRE_ENGINE).tolist() == [IMPASSABLE] * 2


def test_private_roads_are_for_those_who_may() -> None:
    assert weights(access="private") == [IMPASSABLE] * 2
    assert weights(FIRE_ENGINE, access="private") == [600] * 2


def test_closed_roads_and_barriers_are_for_those_who_pass_barriers() -> None:
    assert weights(FIRE_ENGINE, access="no") == [IMPASSABLE] * 2
    assert weights(replace(CAR, may_pass_barriers=True), access="no") == [600] * 2


def test_weight_and_height_limits_are_inclusive() -> None:
    assert weights(max_weight_t=CAR.weight_t, max_height_m=CAR.height_m) == [600] * 2
    assert weights(max_weight_t=CAR.weight_t - 0.1) == [IMPASSABLE] * 2
    assert weights(max_height_m=CAR.height_m - 0.1) == [IMPASSABLE] * 2


def test_ferries_go_at_their_own_speed_and_only_with_those_who_use_them() -> None:
    table = road_table({"a": LINE}, **{"class": ["ferry"], "length_m": [1000.0]})
    hurried = replace(CAR, priority_factor=1.5, default_factor=2)
    assert arc_weights_ds(road_graph(table), hurried).tolist() == [4500, 4500]
    assert arc_weights_ds(road_graph(table), replace(CAR, may_use_ferries=False))[0] == IMPASSABLE


def test_factors_multiply_and_the_vehicle_caps_the_speed() -> None:
    assert weights(replace(CAR, speed_factor={"primary": 0.5}, priority_factor=1.2)) == [1000, 1000]
    assert weights(replace(CAR, speed_factor={"track": 0.5}, default_factor=2, max_speed_kmh=90)) == [
        400,
        400,
    ]


def test_a_road_too_slow_for_an_integer_is_impassable() -> None:
    assert weights(replace(CAR, max_speed_kmh=1e-5)) == [IMPASSABLE] * 2


def test_turns_bind_only_those_who_may_not_ignore_them() -> None:
    graph = replace(one_road(), turns=np.array([[0, 1]], np.int32))
    assert forbidden_turns(graph, CAR).tolist() == [[0, 1]]
    assert forbidden_turns(graph, replace(CAR, may_ignore_turns=True)).shape == (0, 2)


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(["yes", "no", "reverse", ""]),
    st.sampled_from(["yes", "private", "no", ""]),
    st.tuples(*[st.booleans()] * 4),
)
def test_a_permission_never_closes_a_road_and_usable_means_one_open_arc(
    oneway: str, access: str, may: tuple[bool, bool, bool, bool]
) -> None:
    graph = one_road(oneway=oneway, access=access)
    vehicle = replace(
        CAR, may_contraflow=may[0], may_use_private=may[1], may_pass_barriers=may[2], may_use_ferries=may[3]
    )
    allowed = arc_weights_ds(graph, vehicle) < IMPASSABLE
    assert bool(allowed.any()) == bool(usable_edges(graph, vehicle)[0])
    assert not np.any((arc_weights_ds(graph, CAR) < IMPASSABLE) & ~allowed)
