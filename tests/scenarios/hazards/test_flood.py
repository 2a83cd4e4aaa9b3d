"""Floods: depth and vehicles, zones by time step, people by class, presets, files and rasters."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from geo.errors import InputError
from scenarios.hazards.flood_depth import boat_floats, passable_in_current, pregnolato_kmh, speed_share
from scenarios.hazards.flood_file import read_flood_areas
from scenarios.hazards.flood_people import level_of_class, people_by_class, water_class
from scenarios.hazards.flood_presets import in_season, play, presets_of, sensitivity
from scenarios.hazards.flood_raster import DepthStep, read_depth_rasters
from scenarios.hazards.flood_zones import FloodArea, flood_hazard
from scenarios.hazards.zones import HazardZone, people_inside

START = datetime(2026, 7, 20, 6, tzinfo=UTC)
LAND = box(106.7, 38.9, 106.8, 39.0)


def area(depth_m: float = 0.8, **more: Any) -> FloodArea:
    return FloodArea(**{"id": "a", "polygon": LAND, "depth_m": depth_m, **more})


def zones(*areas: FloodArea) -> tuple[HazardZone, ...]:
    return flood_hazard(areas, hazard="river_flood", source="test")


@settings(deadline=None)
@given(st.floats(0, 3), st.floats(0, 3), st.floats(0.1, 2), st.sampled_from(["parabola", "pregnolato"]))
def test_deeper_water_is_never_faster(one: float, two: float, limit_m: float, curve: Any) -> None:
    shallow, deep = sorted((one, two))
    shares = [speed_share(depth, wading_limit_m=limit_m, curve=curve) for depth in (shallow, deep)]
    assert 1 >= shares[0] >= shares[1] >= 0
    assert shares[1] == 0 or deep < limit_m


def test_the_wading_limit_itself_is_closed() -> None:
    assert speed_share(0.45, wading_limit_m=0.45) == 0
    assert speed_share(0.15, wading_limit_m=0.30) == pytest.approx(0.25)
    assert speed_share(0, wading_limit_m=0.30) == 1
    assert speed_share(0.3, wading_limit_m=0.75, curve="pregnolato") == 0


def test_pregnolato_never_rises_again_in_deep_water() -> None:
    assert [pregnolato_kmh(depth) for depth in (0.3, 0.5, 1.0)] == [0, 0, 0]


def test_impossible_depths_are_refused() -> None:
    with pytest.raises(ValueError, match="depth"):
        speed_share(-0.1, wading_limit_m=0.3)
    with pytest.raises(ValueError, match="depth"):
        water_class(-1, speed_m_s=0)


def test_a_total_head_at_the_limit_is_passable() -> None:
    assert passable_in_current(0.3, speed_m_s=0, vehicle="car")
    assert not passable_in_current(0.3, speed_m_s=0.1, vehicle="car")
    assert passable_in_current(0.3, speed_m_s=0.1, vehicle="emergency")


def test_boats_float_from_half_a_metre() -> None:
    assert [boat_floats(depth) for depth in (0.49, 0.5)] == [False, True]


@settings(deadline=None)
@given(st.floats(0, 6), st.floats(0, 6), st.floats(0, 6), st.floats(0, 6))
def test_deeper_or_faster_water_is_never_of_a_milder_class(
    d1: float, d2: float, v1: float, v2: float
) -> None:
    mild = water_class(min(d1, d2), speed_m_s=min(v1, v2))
    grave = water_class(max(d1, d2), speed_m_s=max(v1, v2))
    assert mild.number <= grave.number


def test_limits_of_the_classes_are_inclusive() -> None:
    assert [water_class(d, speed_m_s=0).number for d in (0.3, 0.31, 0.5, 1.2, 2.0, 4.0, 4.01)] == [
        1, 2, 2, 3, 4, 5, 6,
    ]  # fmt: skip
    assert water_class(1.2, speed_m_s=None).number == 3
    assert [level_of_class(number) for number in range(1, 7)] == [1, 1, 2, 3, 3, 3]


def test_each_area_becomes_a_zone_with_its_class_and_time() -> None:
    (one,) = zones(area(1.5, speed_m_s=1.0, valid_from=START, valid_to=START + timedelta(hours=2)))
    assert (one.water_class, one.level, one.depth_m) == (5, 3, 1.5)
    assert one.in_force(START)
    assert one.in_force(START + timedelta(hours=2))
    assert not one.in_force(START + timedelta(hours=3))
    assert people_inside(one, np.array([[106.7, 38.95], [107.0, 38.95]]), np.array([5, 7])) == 5
    (unknown,) = zones(area())
    assert "lower bound" in unknown.notes[0]


def test_all_faults_of_a_flood_come_at_once() -> None:
    crossing = Polygon([(106, 38), (107, 39), (107, 38), (106, 39)])
    metres = box(500_000, 4_300_000, 501_000, 4_301_000)
    with pytest.raises(InputError) as caught:
        zones(
            area(polygon=crossing),
            area(polygon=metres),
            area(depth_m=-1),
            area(depth_m=float("nan")),
            area(speed_m_s=99),
            area(polygon=Polygon()),
            area(valid_from=datetime(2026, 7, 20)),
            area(valid_from=START, valid_to=START - timedelta(hours=1)),
        )
    codes = [fault.code for fault in caught.value.faults]
    assert codes == ["H115", "H107", "H116", "H116", "H116", "H115", "H117", "H117"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(106.6, 106.9), st.floats(38.8, 39.1), st.integers(0, 500)), max_size=20))
def test_nobody_is_left_out_of_the_count_by_class(places: list[tuple[float, float, int]]) -> None:
    inner = area(2.5, id="deep", polygon=box(106.72, 38.92, 106.75, 38.95))
    found = list(zones(area(0.4), inner))
    lonlat = np.array([place[:2] for place in places], np.float64).reshape(-1, 2)
    people = np.array([place[2] for place in places], np.int64)
    counted = people_by_class(found, lonlat, people)
    assert counted.sum() == people.sum()
    assert counted[5] == people_inside(found[1], lonlat, people)
    assert counted[2] == people_inside(found[0], lonlat, people) - counted[5]
    assert (counted == people_by_class(found[::-1], lonlat, people)).all()


def layer() -> gpd.GeoDataFrame:
    rows = {
        "id": ["gully", "jam", "dry", "nowhere"],
        "hazard": ["gully_flood", "ice_jam", "river_flood", "river_flood"],
        "depth_m": [1.0, 1.5, np.nan, 1.0],
        "source": ["assumed"] * 4,
    }
    return gpd.GeoDataFrame(rows, geometry=np.array([LAND, LAND, LAND, None], object), crs=4326)


def test_a_preset_plays_without_gap_from_start_to_end() -> None:
    gully, jam = presets_of(layer(), ["gully", "jam"])
    for preset in (gully, jam):
        steps = play(preset, START)
        assert steps[0].valid_from == START
        for one, two in pairwise(steps):
            assert one.valid_to == two.valid_from
        assert max(zone.depth_m or 0 for zone in steps) == preset.depth_m
        assert all(zone.hazard == preset.hazard for zone in steps)
        assert all(zone.certainty == "assumed" for zone in steps)


def test_an_ice_jam_rises_over_days_and_belongs_to_winter() -> None:
    (jam,) = presets_of(layer(), ["jam"])
    worst = max(play(jam, START), key=lambda zone: zone.depth_m or 0)
    assert worst.valid_from is not None
    assert worst.valid_from - START >= timedelta(days=1)
    assert "unusual in this month" in worst.notes
    winter = START.replace(month=1)
    assert in_season("ice_jam", winter)
    assert "unusual in this month" not in play(jam, winter)[0].notes


def test_sensitivity_runs_at_half_full_and_double_depth() -> None:
    (gully,) = presets_of(layer(), ["gully"])
    runs = sensitivity(gully, START)
    deepest = {factor: max(zone.depth_m or 0 for zone in steps) for factor, steps in runs.items()}
    assert deepest == {0.5: 0.5, 1.0: 1.0, 2.0: 2.0}


def test_unknown_zones_and_zones_without_depth_or_outline_are_refused() -> None:
    with pytest.raises(InputError, match="H115"):
        presets_of(layer(), ["nowhere"])
    with pytest.raises(InputError, match=r"H119.*gully"):
        presets_of(layer(), ["none"])
    with pytest.raises(InputError, match="H116"):
        presets_of(layer(), ["dry"])


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def geojson(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_a_file_of_polygons_is_read(tmp_path: Path) -> None:
    square = json.loads(shapely.to_geojson(LAND))
    path = geojson(
        tmp_path / "flood.geojson",
        feature(square, depth_m=0.8, speed_m_s=1.5, valid_from="2026-07-20T14:00:00+08:00"),
        feature(square, depth_m=1),
    )
    one, two = read_flood_areas(path)
    assert (one.depth_m, one.speed_m_s, two.id) == (0.8, 1.5, "flood-2")
    assert one.valid_from == START
    assert one.polygon.equals(LAND)


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    square = json.loads(shapely.to_geojson(LAND))
    crossing = json.loads(shapely.to_geojson(Polygon([(106, 38), (107, 39), (107, 38), (106, 39)])))
    path = geojson(
        tmp_path / "flood.geojson",
        feature(square),
        feature(crossing, depth_m=1),
        feature({"type": "Point", "coordinates": [106, 38]}, depth_m=1),
        feature(None, depth_m=1),
        feature(square, depth_m="deep"),
        feature(square, depth_m=1, valid_from="yesterday"),
        feature({"type": "Polygon", "coordinates": [[[1, 2]]]}, depth_m=1),
        feature(square, depth_m=-3),
    )
    with pytest.raises(InputError) as caught:
        read_flood_areas(path)
    codes = [fault.code for fault in caught.value.faults]
    assert codes == ["H118", "H115", "H118", "H118", "H118", "H118", "H118", "H116"]
    assert "feature 2" in caught.value.faults[1].where


@pytest.mark.parametrize("text", ["", "[1]", '{"features": []}', '{"features": 3}', "{", '{"features": [3]}'])
def test_a_file_that_is_no_collection_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "flood.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"H114|H118"):
        read_flood_areas(path)


def raster(
    path: Path,
    depth_m: Any,
    *,
    crs: str | None = "EPSG:4326",
    origin: tuple[float, float] = (106.7, 39.0),
    cell: float = 0.01,
) -> Path:
    rasterio, affine = pytest.importorskip("rasterio"), pytest.importorskip("affine")
    grid = np.asarray(depth_m, np.float32)
    rows, columns = grid.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="float32",
        crs=crs,
        nodata=-9999,
        transform=affine.Affine(cell, 0.0, origin[0], 0.0, -cell, origin[1]),
    ) as out:
        out.write(grid, 1)
    return path


def test_a_raster_becomes_areas_by_depth_band(tmp_path: Path) -> None:
    path = raster(tmp_path / "depth.tif", [[0.0, 0.2, 0.25], [0.02, 1.5, -9999], [np.nan, 0.05, 9.0]])
    found = read_depth_rasters([DepthStep(path=path, valid_from=START)], until=None)
    cells = {round(one.depth_m, 3): round(one.polygon.area / 1e-4) for one in found}
    assert cells == {0.05: 1, 0.25: 2, 1.5: 1, 9.0: 1}
    (deep,) = (one for one in found if one.depth_m > 5)
    assert deep.polygon.bounds == pytest.approx((106.72, 38.97, 106.73, 38.98))
    assert len(zones(*found)) == 4


def test_a_projected_raster_lands_where_it_belongs(tmp_path: Path) -> None:
    """UTM zone 48 north; the oracle is pyproj."""
    from pyproj import Transformer

    path = raster(tmp_path / "utm.tif", [[1.0]], crs="EPSG:32648", origin=(650_000, 4_310_000), cell=100.0)
    (only,) = read_depth_rasters([DepthStep(path=path, valid_from=START)], until=None)
    lon, lat = Transformer.from_crs(32648, 4326, always_xy=True).transform(650_050, 4_309_950)
    assert only.polygon.centroid.x == pytest.approx(lon, abs=1e-6)
    assert only.polygon.centroid.y == pytest.approx(lat, abs=1e-6)


def test_a_raster_without_coordinate_system_is_refused(tmp_path: Path) -> None:
    path = raster(tmp_path / "bare.tif", [[1.0]], crs=None)
    with pytest.raises(InputError, match="H121"):
        read_depth_rasters([DepthStep(path=path, valid_from=START)], until=None)


def test_steps_of_rasters_hold_until_the_next(tmp_path: Path) -> None:
    path = raster(tmp_path / "depth.tif", [[1.0]])
    later = START + timedelta(hours=1)
    end = START + timedelta(hours=3)
    one, two = read_depth_rasters(
        [DepthStep(path=path, valid_from=START), DepthStep(path=path, valid_from=later)], until=end
    )
    assert (one.valid_from, one.valid_to, two.valid_from, two.valid_to) == (START, later, later, end)


def test_faulty_rasters_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\0 not a raster")
    with pytest.raises(InputError, match="H121"):
        read_depth_rasters([DepthStep(path=broken, valid_from=START)], until=None)
    step = DepthStep(path=broken, valid_from=START)
    with pytest.raises(InputError, match="H117"):
        read_depth_rasters([step, step], until=None)
