"""Zones as closures of roads."""

from datetime import UTC, datetime

import numpy as np
import pytest
from shapely.geometry import box

from geo.closures import closed_weights_ds
from geo.metric import IMPASSABLE
from geo.roads import RoadGraph
from geo.vehicles import VehicleClass
from scenarios.hazards.flood_depth import speed_share
from scenarios.hazards.flood_zones import FloodArea, flood_hazard
from scenarios.hazards.zone_closures import closures_of
from scenarios.hazards.zones import HazardZone

AT = datetime(2026, 1, 15, tzinfo=UTC)
CAR = VehicleClass(id="car", name_zh="轿车", name_en="car", source="test", wading_limit_m=0.3)
TRUCK = VehicleClass(id="truck", name_zh="高底盘车", name_en="truck", source="test", wading_limit_m=0.75)
OPEN_DS = np.full(6, 100, np.int32)


def roads() -> RoadGraph:
    """Three edges in a row, 0-1-2-3; the middle one is a bridge."""
    ends = np.array([[0, 0], [1, 0], [2, 0], [3, 0]], np.float64)
    shape = np.array([ends[0], ends[1], ends[1], ends[2], ends[2], ends[3]])
    yes = np.ones(3, np.bool_)
    return RoadGraph(
        junction_lonlat=ends,
        edge_from=np.array([0, 1, 2], np.int32),
        edge_to=np.array([1, 2, 3], np.int32),
        length_m=np.full(3, 1000.0),
        speed_kmh=np.full(3, 60.0),
        road_class=np.zeros(3, np.int32),
        forward=yes,
        backward=yes,
        access=np.zeros(3, np.int32),
        bridge=np.array([False, True, False]),
        tunnel=~yes,
        ferry=~yes,
        max_weight_t=np.full(3, np.inf),
        max_height_m=np.full(3, np.inf),
        shape_start=np.array([0, 2, 4, 6]),
        shape_lonlat=shape,
        road=np.arange(3, dtype=np.int32),
        road_ids=("a", "b", "c"),
        road_names=("", "", ""),
        road_classes=("primary",),
    )


def gas(level: int) -> HazardZone:
    return HazardZone(
        id=f"gas-{level}",
        hazard="toxic_gas",
        kind="isolation",
        level=level,
        polygon=box(1.2, -0.5, 1.8, 0.5),
        valid_from=AT,
        valid_to=None,
        formula="test",
        certainty="assumed",
    )


def water(depth_m: float) -> HazardZone:
    flooded = FloodArea(id="water", polygon=box(0.2, -0.5, 1.8, 0.5), depth_m=depth_m, valid_from=AT)
    return flood_hazard([flooded], hazard="river_flood", source="test")[0]


def test_gas_closes_a_bridge_only_when_the_roads_are_known() -> None:
    graph = roads()
    blind = closed_weights_ds(graph, CAR, OPEN_DS, closures_of([gas(3)]))
    seeing = closed_weights_ds(graph, CAR, OPEN_DS, closures_of([gas(3)], roads=graph))
    assert (blind == 100).all()
    assert seeing.tolist() == [100, 100, IMPASSABLE, IMPASSABLE, 100, 100]


def test_mild_gas_leaves_roads_open_unless_asked() -> None:
    assert closures_of([gas(1)]) == []
    assert [closure.id for closure in closures_of([gas(1), gas(2)], gas_from_level=1)] == ["gas-1", "gas-2"]


@pytest.mark.parametrize("depth_m", [0.1, 0.29, 0.3, 0.5, 0.75])
def test_water_slows_or_stops_each_vehicle_by_its_own_limit_and_spares_bridges(depth_m: float) -> None:
    for vehicle in (CAR, TRUCK):
        weights = closed_weights_ds(roads(), vehicle, OPEN_DS, closures_of([water(depth_m)]))
        share = speed_share(depth_m, wading_limit_m=vehicle.wading_limit_m)
        wanted = IMPASSABLE if share == 0 else int(100 / share + 0.5)
        assert weights.tolist() == [wanted, wanted, 100, 100, 100, 100]


def test_pregnolato_makes_one_closure_for_each_vehicle() -> None:
    found = closures_of([water(0.15)], curve="pregnolato", vehicles=[CAR, TRUCK])
    assert [closure.id for closure in found] == ["water-car", "water-truck"]
    weights = closed_weights_ds(roads(), TRUCK, OPEN_DS, found)
    assert weights[0] == int(100 * 86.9448 / 24.2598 + 0.5)


def test_closures_hold_as_long_as_their_zones() -> None:
    (closure,) = closures_of([gas(3)])
    assert (closure.valid_from, closure.valid_to) == (AT, None)
