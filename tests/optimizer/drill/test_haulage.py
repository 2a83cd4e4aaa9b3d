"""Deliveries event by event: followed by hand, and properties that always hold."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.drill.haulage import Haul, HaulProblem, haul
from optimizer.drill.problem import NO_ROAD_DS

MIN = 600


def one_depot(**changes: Any) -> HaulProblem:
    """Two trucks at node 1, 10 min before the depot at 0; places 2 and 3 come 10 and 20 min behind it."""
    line = np.array([1, 0, 2, 3])
    drive = np.abs(line[:, None] - line[None]) * 10 * MIN
    said: dict[str, Any] = {
        "batch_depot": np.array([0]),
        "batch_item": np.array([0]),
        "batch_ready_ds": np.array([0]),
        "batch_units": np.array([100]),
        "need": np.array([[[10]], [[0]]]),
        "due_ds": np.array([600 * MIN]),
        "rank": np.array([0]),
        "volume_m3": np.array([1.0]),
        "mass_kg": np.array([1.0]),
        "truck_node": np.array([1, 1]),
        "truck_mode": np.array([0, 0]),
        "truck_ready_ds": np.array([0, 0]),
        "load_m3": np.array([10.0, 10.0]),
        "load_kg": np.array([1000.0, 1000.0]),
        "depot_node": np.array([0]),
        "docks": np.array([1]),
        "loading_ds": np.array([30 * MIN]),
        "unloading_ds": 5 * MIN,
        "place_node": np.array([2, 3]),
        "drive_ds": drive[None, None].astype(np.int32),
        "state_at_ds": np.array([], np.int64),
        "state": np.array([], np.int64),
        "factor": np.ones((2, 1, 3)),
    }
    return HaulProblem(**{**said, **changes})


def test_one_load_drives_loads_drives_and_unloads() -> None:
    """10 min to the depot, 30 of loading, 10 on the road, 5 of unloading."""
    found = haul(one_depot())
    assert len(found) == 1
    assert (found.at_dock_ds[0], found.loading_ds[0]) == (10 * MIN, 10 * MIN)
    assert (found.left_ds[0], found.over_ds[0]) == (40 * MIN, 55 * MIN)
    assert found.brought(2, 55 * MIN).tolist() == [[10], [0]]
    assert found.brought(2, 55 * MIN - 1).tolist() == [[0], [0]]
    assert found.busy_ds.tolist() == [55 * MIN, 0]


def test_two_trucks_queue_for_one_dock_and_not_for_two() -> None:
    need = np.array([[[20]], [[0]]])
    found = haul(one_depot(need=need))
    assert sorted((found.loading_ds - found.at_dock_ds).tolist()) == [0, 30 * MIN]
    both = haul(one_depot(need=need, docks=np.array([2])))
    assert (both.loading_ds - both.at_dock_ds).tolist() == [0, 0]


def test_a_load_waits_until_its_road_opens() -> None:
    """Closed from the event, open after 3 h: the truck stands loaded and leaves then."""
    table = one_depot().drive_ds[0]
    closed = table.copy()
    closed[:, 2:, :2] = NO_ROAD_DS
    opened = one_depot(
        drive_ds=np.stack([table, closed, table]),
        state_at_ds=np.array([5 * MIN, 180 * MIN]),
        state=np.array([1, 2]),
    )
    found = haul(opened)
    assert found.left_ds[0] == 180 * MIN
    assert found.over_ds[0] == 195 * MIN


def test_where_no_road_ever_opens_nothing_is_loaded() -> None:
    closed = one_depot().drive_ds.copy()
    closed[:, :, 2:, :2] = NO_ROAD_DS
    assert len(haul(one_depot(drive_ds=closed))) == 0


def test_trucks_go_ahead_to_goods_that_stand_ready_later() -> None:
    """Ready at 2 h: the truck is at the dock by then, and loading begins at that minute."""
    found = haul(one_depot(batch_ready_ds=np.array([120 * MIN])))
    assert found.ordered_ds[0] < 120 * MIN
    assert found.loading_ds[0] == 120 * MIN


def test_what_is_due_first_and_grave_goes_first() -> None:
    """One truck, a load each: the place with the earlier window first, of two items the graver one."""
    early = one_depot(
        need=np.array([[[0, 10]], [[10, 10]]]), due_ds=np.array([120, 600]) * MIN, truck_node=np.array([1]),
        truck_mode=np.array([0]), truck_ready_ds=np.array([0]), load_m3=np.array([10.0]),
        load_kg=np.array([1e3]), factor=np.ones((1, 1, 3)),
    )  # fmt: skip
    assert haul(early).place.tolist() == [1, 0]
    grave = replace(
        early, need=np.array([[[10], [10]], [[0], [0]]]), due_ds=np.array([600 * MIN]), rank=np.array([1, 0]),
        volume_m3=np.ones(2), mass_kg=np.ones(2), batch_depot=np.array([0, 0]), batch_item=np.array([0, 1]),
        batch_ready_ds=np.array([0, 0]), batch_units=np.array([10, 10]),
    )  # fmt: skip
    assert haul(grave).units.tolist() == [[0, 10], [10, 0]]


def test_a_piece_larger_than_every_truck_stays() -> None:
    assert len(haul(one_depot(volume_m3=np.array([11.0])))) == 0


def test_wrong_arrays_are_refused() -> None:
    with pytest.raises(ValueError, match="docks"):
        one_depot(docks=np.array([0]))
    with pytest.raises(ValueError, match="need"):
        one_depot(need=np.array([[[3, 2]], [[0, 0]]]), due_ds=np.array([1, 2]))


@st.composite
def counties(draw: st.DrawFn) -> HaulProblem:
    """Random small ones: closed roads, late batches, scarce stock."""
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    depots, places, items, windows, trucks = (int(chance.integers(1, 4)) for _ in range(5))
    nodes, states, batches = depots + places + trucks, int(chance.integers(1, 4)), int(chance.integers(0, 8))
    drive = chance.integers(0, 3_000, (states, 1, nodes, nodes))
    drive[chance.random(drive.shape) < 0.2] = NO_ROAD_DS
    need = np.cumsum(chance.integers(0, 15, (places, items, windows)), axis=2)
    return HaulProblem(
        batch_depot=chance.integers(0, depots, batches),
        batch_item=chance.integers(0, items, batches),
        batch_ready_ds=chance.integers(0, 20_000, batches),
        batch_units=chance.integers(0, 40, batches),
        need=need,
        due_ds=np.cumsum(chance.integers(1, 20_000, windows)),
        rank=chance.integers(0, 3, items),
        volume_m3=chance.choice([0.0, 0.5, 2.0, 50.0], items),
        mass_kg=chance.choice([0.0, 1.0, 30.0], items),
        truck_node=depots + places + np.arange(trucks),
        truck_mode=np.zeros(trucks, np.int64),
        truck_ready_ds=chance.integers(0, 5_000, trucks),
        load_m3=chance.choice([5.0, 20.0], trucks),
        load_kg=chance.choice([100.0, 1_000.0], trucks),
        depot_node=np.arange(depots),
        docks=chance.integers(1, 3, depots),
        loading_ds=chance.integers(0, 2_000, depots),
        unloading_ds=int(chance.integers(0, 1_000)),
        place_node=depots + np.arange(places),
        drive_ds=drive.astype(np.int32),
        state_at_ds=np.sort(chance.choice(np.arange(1, 30_000), states - 1, replace=False)),
        state=np.arange(1, states),
        factor=chance.uniform(0.7, 1.4, (trucks, 3, 3)),
    )


@settings(deadline=None, max_examples=60)
@given(counties())
def test_nothing_is_made_lost_or_overloaded(problem: HaulProblem) -> None:
    """Stock and loads hold, no place gets more than it needs, times run forward, docks hold their trucks."""
    found = haul(problem)
    assert_same(found, haul(problem))
    taken = np.zeros((len(problem.docks), problem.need.shape[1]), np.int64)
    np.add.at(taken, found.depot, found.units)
    stock = np.zeros_like(taken)
    np.add.at(stock, (problem.batch_depot, problem.batch_item), problem.batch_units)
    assert (taken <= stock).all()
    given_ = np.zeros((len(problem.place_node), problem.need.shape[1]), np.int64)
    np.add.at(given_, found.place, found.units)
    assert (given_ <= problem.need[:, :, -1]).all()
    assert (found.units.sum(axis=1) > 0).all()
    assert (found.units @ problem.volume_m3 <= problem.load_m3[found.truck] + 1e-6).all()
    assert (found.units @ problem.mass_kg <= problem.load_kg[found.truck] + 1e-6).all()
    times = np.stack([found.ordered_ds, found.at_dock_ds, found.loading_ds, found.left_ds, found.over_ds])
    for one in times.T:
        came = one[one >= 0]
        assert (np.diff(came) >= 0).all()
    assert_docks_hold(problem, found)
    assert (found.busy_ds <= problem.horizon_ds).all()


def assert_same(one: Haul, other: Haul) -> None:
    assert one.over_ds.tolist() == other.over_ds.tolist()
    assert one.units.tolist() == other.units.tolist()


def assert_docks_hold(problem: HaulProblem, found: Haul) -> None:
    """At the begin of each loading no more trucks are being loaded than there are docks."""
    for depot, docks in enumerate(problem.docks.tolist()):
        mine = np.flatnonzero((found.depot == depot) & (found.loading_ds >= 0)).tolist()
        factors = [problem.factor[int(found.truck[n]), _trip_of_truck(found, n) % 3, 1] for n in mine]
        ends = found.loading_ds[mine] + np.rint(problem.loading_ds[depot] * np.array(factors)).astype(int)
        for begin, end in zip(found.loading_ds[mine].tolist(), ends.tolist(), strict=True):
            if end > begin:
                assert ((found.loading_ds[mine] <= begin) & (ends > begin)).sum() <= docks


def _trip_of_truck(found: Haul, number: int) -> int:
    return int((found.truck[:number] == found.truck[number]).sum())
