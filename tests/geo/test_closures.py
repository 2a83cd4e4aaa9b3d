"""Closures: any order and any history give the metric built from scratch; each rule by hand."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.closures import Closure, closed_weights_ds
from geo.errors import InputError
from geo.metric import IMPASSABLE, arc_weights_ds
from geo.roads import Floats, Int32s, RoadGraph
from geo.travel import TravelTimes
from tests.geo.drawn_roads import DEGREE, TRUCK, drawn_points, drawn_roads, oracle, roads_of

CAR = "car"
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A box in grid steps."""
    corners = np.array([[west, south], [east, north]]) * DEGREE + [106.0, 39.0]
    return shapely.box(*corners.ravel())


@st.composite
def drawn_closure(draw: st.DrawFn, roads: RoadGraph) -> Closure:
    low, high = st.integers(-1, 5), st.floats(0.5, 5)
    west, south = draw(low), draw(low)
    places: list[dict[str, Any]] = [
        {"polygon": box(west, south, west + draw(high), south + draw(high))},
        {"edges": (draw(st.integers(0, roads.edges - 1)),)},
        {"road_ids": (draw(st.sampled_from(roads.road_ids)),)},
    ]
    effects: list[dict[str, Any]] = [
        {"closed": True},
        {"speed_factor": draw(st.floats(0.01, 1))},
        {"depth_m": draw(st.floats(0, 0.6))},
    ]
    where, how = draw(st.sampled_from(places)), draw(st.sampled_from(effects))
    whom = draw(st.sampled_from([None, (CAR,), ("truck",)]))
    return Closure(id="c", **where, **how, vehicle_classes=whom)


@st.composite
def roads_and_closures(draw: st.DrawFn) -> tuple[RoadGraph, list[Closure]]:
    roads = draw(drawn_roads(bridges=True))
    return roads, draw(st.lists(drawn_closure(roads), max_size=4))


@settings(deadline=None)
@given(roads_and_closures(), drawn_points(most=4), drawn_points(most=4))
def test_closed_roads_give_the_times_of_networkx(
    drawn: tuple[RoadGraph, list[Closure]], origins: Floats, destinations: Floats
) -> None:
    roads, closures = drawn
    travel = TravelTimes(roads, TRUCK).with_closures(closures)
    start, end = travel.snap(origins), travel.snap(destinations)
    access_ds = np.add.outer(travel.access_ds(start), travel.access_ds(end))
    want_s = (oracle(roads, travel.conditions, start, end) + access_ds) / 10
    want_s[want_s >= IMPASSABLE / 10] = np.inf  # 34 years through water that all but stops a vehicle
    assert np.array_equal(travel.matrix_s(origins, destinations), want_s)


@settings(deadline=None)
@given(roads_and_closures(), st.data())
def test_any_sequence_of_closures_ends_where_the_last_one_says(
    drawn: tuple[RoadGraph, list[Closure]], data: st.DataObject
) -> None:
    """Applied, replaced, withdrawn in any order: the metric is that of the last set, built from scratch."""
    roads, closures = drawn
    places = roads.junction_lonlat[:3]
    travel = fresh = TravelTimes(roads, TRUCK)
    open_s = fresh.matrix_s(places, places)
    for _ in range(3):
        chosen = data.draw(st.permutations(closures))[: data.draw(st.integers(0, 4))]
        travel = travel.with_closures(chosen)
        scratch = TravelTimes(roads, TRUCK).with_closures(sorted(chosen, key=id))
        assert np.array_equal(travel.conditions.now_ds, scratch.conditions.now_ds)
        assert np.array_equal(travel.matrix_s(places, places), scratch.matrix_s(places, places))
    assert np.array_equal(fresh.matrix_s(places, places), open_s)
    assert np.array_equal(travel.with_closures(()).matrix_s(places, places), open_s)


@settings(deadline=None)
@given(roads_and_closures(), drawn_points())
def test_closures_never_move_a_place(drawn: tuple[RoadGraph, list[Closure]], points: Floats) -> None:
    roads, closures = drawn
    travel = TravelTimes(roads, TRUCK)
    before, after = travel.snap(points), travel.with_closures(closures).snap(points)
    assert np.array_equal(before.edge, after.edge)
    assert np.array_equal(before.fraction, after.fraction)


LINE = roads_of([(0, 0), (4, 0), (8, 0)], [(0, 1), (1, 2)], length_m=[400.0, 400.0], bridges=[1])


def weights(*closures: Closure, at: datetime | None = None) -> Int32s:
    """Forward weights of the two edges of ``LINE``; open both are 400 ds."""
    return closed_weights_ds(LINE, TRUCK, arc_weights_ds(LINE, TRUCK), closures, at)[::2]


def test_a_polygon_spares_bridges_and_names_do_not() -> None:
    all_over = box(-1, -1, 9, 1)
    assert weights(Closure(id="a", polygon=all_over, closed=True)).tolist() == [IMPASSABLE, 400]
    named = Closure(id="a", polygon=all_over, road_ids=("r1",), closed=True)
    assert weights(named).tolist() == [IMPASSABLE, IMPASSABLE]
    assert weights(Closure(id="a", edges=(1,), closed=True)).tolist() == [400, IMPASSABLE]


def test_a_polygon_hits_what_it_touches() -> None:
    """An edge is hit by a corner of a polygon, and not by one that ends beside it."""
    assert weights(Closure(id="a", polygon=box(1, 0, 2, 3), closed=True))[0] == IMPASSABLE
    assert weights(Closure(id="a", polygon=box(1, 0.01, 2, 3), closed=True))[0] == 400


@pytest.mark.parametrize(
    ("depth_m", "want_ds"), [(0.0, 400), (0.25, 1600), (0.4999, IMPASSABLE - 1), (0.5, IMPASSABLE)]
)
def test_water_slows_by_the_parabola_and_stops_at_the_limit(depth_m: float, want_ds: int) -> None:
    """Half the wading limit leaves a quarter of the speed; just below it next to nothing; at it nothing."""
    found = weights(Closure(id="a", edges=(0,), depth_m=depth_m))[0]
    assert found == want_ds or (depth_m == 0.4999 and 10**9 < found < IMPASSABLE)


def test_the_strictest_of_several_closures_holds() -> None:
    slow = Closure(id="a", edges=(0, 1), speed_factor=0.5)
    wet = Closure(id="b", edges=(0,), depth_m=0.25)
    assert weights(slow, wet).tolist() == weights(wet, slow).tolist() == [1600, 800]


def test_a_closure_of_others_does_not_hold() -> None:
    assert weights(Closure(id="a", edges=(0,), closed=True, vehicle_classes=(CAR,)))[0] == 400


def test_validity_includes_both_instants_in_any_time_zone() -> None:
    hour = timedelta(hours=1)
    closure = Closure(id="a", edges=(0,), closed=True, valid_from=NOON, valid_to=NOON + hour)
    china = timezone(timedelta(hours=8))
    closed = [at for at in (NOON - hour / 60, NOON, NOON + hour, NOON + 61 * hour / 60)
              if weights(closure, at=at.astimezone(china))[0] == IMPASSABLE]  # fmt: skip
    assert closed == [NOON, NOON + hour]
    assert weights(closure)[0] == IMPASSABLE


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"edges": (0,)}, ["N204"]),
        ({"edges": (0,), "closed": True, "depth_m": 0.1}, ["N204"]),
        ({"edges": (0,), "speed_factor": 0.0}, ["N204"]),
        ({"edges": (0,), "speed_factor": 1.5}, ["N204"]),
        ({"edges": (0,), "depth_m": float("nan")}, ["N204"]),
        ({"closed": True}, ["N205"]),
        ({"closed": True, "polygon": shapely.Point(106, 39)}, ["N205"]),
        ({"closed": True, "polygon": shapely.Polygon()}, ["N205"]),
        ({"closed": True, "polygon": shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])}, ["N205"]),
        ({"closed": True, "edges": (0,), "valid_to": datetime(2026, 1, 1)}, ["N206"]),
        ({"valid_from": NOON, "valid_to": NOON - timedelta(1)}, ["N204", "N205", "N206"]),
    ],
)
def test_a_wrong_closure_names_all_its_faults(wrong: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        Closure(id="dyke", **wrong)
    assert [fault.code for fault in refused.value.faults] == codes
    assert {fault.where for fault in refused.value.faults} == {"closure dyke"}


def test_roads_that_do_not_exist_are_all_named() -> None:
    closure = Closure(id="a", road_ids=("r0", "r7"), edges=(1, 2), closed=True)
    with pytest.raises(InputError) as refused:
        weights(closure)
    assert [(f.code, f.found) for f in refused.value.faults] == [("N207", "road r7"), ("N207", "edge 2")]


def test_a_departure_needs_a_time_zone() -> None:
    with pytest.raises(InputError, match="N206"):
        TravelTimes(LINE, TRUCK).with_closures((), depart=NOON.replace(tzinfo=None))


STREET = roads_of([(0, 0), (4, 0), (8, 0), (12, 0)], [(0, 1), (1, 2), (2, 3)], length_m=[400.0] * 3)


def at(*steps: float) -> Floats:
    """Places on ``STREET``, in grid steps along it."""
    return np.array([[106.0 + step * DEGREE, 39.0] for step in steps])


def test_a_vehicle_on_a_closed_road_leaves_by_both_ends() -> None:
    """From a quarter of the middle edge: 100 m to one end, 300 m to the other; nobody gets in or through."""
    travel = TravelTimes(STREET, TRUCK).with_closures([Closure(id="a", edges=(1,), closed=True)])
    assert travel.matrix_s(at(5), at(4, 8, 0, 12, 6)).tolist() == [[10.0, 30.0, 50.0, 70.0, np.inf]]
    assert travel.matrix_s(at(0), at(5, 8)).tolist() == [[np.inf, np.inf]]


def test_a_vehicle_at_the_end_of_a_closed_road_does_not_drive_it() -> None:
    """A team beside a closed bridge cannot cross it, on whichever edge it was snapped."""
    travel = TravelTimes(STREET, TRUCK).with_closures([Closure(id="a", edges=(1,), closed=True)])
    assert travel.matrix_s(at(4), at(0, 12)).tolist() == [[40.0, np.inf]]


def test_a_vehicle_inside_a_closed_area_drives_out_of_it() -> None:
    """Three closed edges in a row: from the middle of the area the vehicle reaches both sides."""
    area = Closure(id="a", polygon=box(3, -1, 9, 1), closed=True)
    travel = TravelTimes(STREET, TRUCK).with_closures([area])
    assert travel.matrix_s(at(6), at(0, 12)).tolist() == [[60.0, 60.0]]
    assert travel.matrix_s(at(0), at(12)).tolist() == [[np.inf]]
    assert travel.matrix_s(at(0), at(0)).tolist() == [[0.0]]


def test_a_road_closed_by_name_stays_closed_inside_a_closed_area() -> None:
    """The area is left by its other roads only, and by the road on which the vehicle itself stands."""
    area = Closure(id="gas", polygon=box(3, -1, 9, 1), closed=True)
    fallen = Closure(id="bridge down", edges=(2,), closed=True)
    travel = TravelTimes(STREET, TRUCK).with_closures([area, fallen])
    assert travel.matrix_s(at(6), at(0, 12)).tolist() == [[60.0, np.inf]]
    assert travel.matrix_s(at(9), at(12)).tolist() == [[30.0]]
    slow = Closure(id="works", edges=(2,), speed_factor=0.5)
    assert TravelTimes(STREET, TRUCK).with_closures([area, slow]).matrix_s(at(6), at(12)).tolist() == [[60.0]]


@pytest.mark.parametrize("bridge", [(0, 1), (1, 0)])
def test_a_vehicle_at_a_junction_of_a_closed_area_may_take_any_of_its_roads(bridge: tuple[int, int]) -> None:
    """The open bridge it was snapped to leads one way; the closed road goes the other way, and out."""
    roads = roads_of([(4, 0), (0, 0), (8, 0)], [bridge, (0, 2)], length_m=[400.0] * 2, bridges=[0])
    travel = TravelTimes(roads, TRUCK).with_closures([Closure(id="a", polygon=box(3, -1, 5, 1), closed=True)])
    assert travel.snap(at(4)).edge.tolist() == [0]
    assert travel.matrix_s(at(4), at(0, 8)).tolist() == [[40.0, 40.0]]
    assert travel.matrix_s(at(0), at(8)).tolist() == [[np.inf]]


def test_a_village_surrounded_by_water_stays_cut_off() -> None:
    """Dry junctions in a hole of the polygon are not inside it: their vehicles do not drive through water."""
    ring = box(1, -1, 11, 1) - box(3, -0.5, 9, 0.5)
    travel = TravelTimes(STREET, TRUCK).with_closures([Closure(id="a", polygon=ring, closed=True)])
    assert travel.matrix_s(at(6), at(8, 12)).tolist() == [[20.0, np.inf]]
