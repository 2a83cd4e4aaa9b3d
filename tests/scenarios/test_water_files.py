"""Floods from files that an incident names: polygons and rasters, read, planned with, and checked."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import yaml
from shapely.geometry import Polygon, box, mapping

from api.cli import main
from geo.errors import InputError
from geo.region.files import write_region
from geo.region.region import Region
from scenarios.dispatch import dispatch
from scenarios.dispatch_check import check_dispatch
from scenarios.dispatch_plan import dispatch_json, read_dispatch_plan
from scenarios.files import read_scenario
from scenarios.incident_models import IncidentScenario
from tests.scenarios.incident_county import incident_county, incident_scenario
from tests.scenarios.straight_county import LAT, LONS

ROAD = box(LONS[5] - 0.004, LAT - 0.01, LONS[5] + 0.004, LAT + 0.01)
EARLY, LATE = "2026-07-01T10:00:00+08:00", "2026-07-01T12:00:00+08:00"


def feature(polygon: object, **properties: object) -> dict[str, object]:
    geometry = mapping(polygon) if isinstance(polygon, Polygon) else polygon
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def geojson(path: Path, *features: Mapping[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def raster(path: Path, depth_m: list[list[float]], west: float = LONS[5] - 0.004) -> Path:
    rasterio, affine = pytest.importorskip("rasterio"), pytest.importorskip("affine")
    grid = np.asarray(depth_m, np.float32)
    shape = {"height": grid.shape[0], "width": grid.shape[1], "count": 1, "dtype": "float32"}
    placed = affine.Affine(0.004, 0.0, west, 0.0, -0.004, LAT + 0.004)
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4326", transform=placed, **shape) as out:
        out.write(grid, 1)
    return path


def incident_file(folder: Path, **incident: object) -> Path:
    """A river flood at level IV, with the made-up county beside it."""
    write_region(incident_county(), folder / "county")
    said = incident_scenario({"id": "f", "hazard": "river_flood", "level": "IV", "water_file": "x"})
    content = said.model_dump(mode="json", exclude_defaults=True) | {"muster": 1, "region": "county"}
    content["incidents"] = [{"id": "f", "hazard": "river_flood", "level": "IV", **incident}]
    path = folder / "flood.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_scenario(path, IncidentScenario)
    return [fault.code for fault in caught.value.faults]


@pytest.fixture
def county() -> Region:
    return incident_county()


def test_polygons_of_a_file_close_the_road_by_time_step(tmp_path: Path, county: Region) -> None:
    """Shallow now, deep in two hours: two zones with their times, the ids told apart."""
    geojson(
        tmp_path / "steps.geojson",
        feature(ROAD, id="gully", depth_m=0.1, valid_from=EARLY, valid_to=LATE),
        feature(ROAD, id="gully", depth_m=0.9, valid_from=LATE),
    )
    scenario = read_scenario(incident_file(tmp_path, water_file="steps.geojson"), IncidentScenario)
    zones = dispatch(county, scenario).decisions.incidents[0].zones
    assert [(zone.id, zone.depth_m, zone.closes_roads) for zone in zones] == [
        ("gully", 0.1, True),
        ("gully (2)", 0.9, True),
    ]
    assert "steps.geojson" in zones[0].formula
    assert zones[1].valid_from == LATE


def test_rasters_become_zones_that_hold_until_the_next(tmp_path: Path, county: Region) -> None:
    """Two steps of one cell each; the last holds until the time that the incident says."""
    raster(tmp_path / "a.tif", [[0.2, 0.0], [0.0, 0.0]])
    raster(tmp_path / "b.tif", [[0.0, 1.0], [0.0, 0.0]])
    steps = [{"file": "a.tif", "valid_from": EARLY}, {"file": "b.tif", "valid_from": LATE}]
    end = "2026-07-02T00:00:00+08:00"
    path = incident_file(tmp_path, depth_rasters=steps, rasters_until=end)
    zones = dispatch(county, read_scenario(path, IncidentScenario)).decisions.incidents[0].zones
    assert [(zone.depth_m, zone.valid_from, zone.valid_to) for zone in zones] == [
        (0.2, EARLY, LATE),
        (1.0, LATE, end),
    ]


def test_depth_factor_holds_for_files_too(tmp_path: Path, county: Region) -> None:
    """Twice 0.2 m is 0.4 m; 30 m stops at 50 m."""
    geojson(tmp_path / "w.geojson", feature(ROAD, depth_m=0.2), feature(ROAD, depth_m=30))
    path = incident_file(tmp_path, water_file="w.geojson", depth_factor=2)
    zones = dispatch(county, read_scenario(path, IncidentScenario)).decisions.incidents[0].zones
    assert [zone.depth_m for zone in zones] == [0.4, 50.0]


CROSSED = Polygon([(106.5, 38.8), (106.6, 38.9), (106.6, 38.8), (106.5, 38.9)])
BAD = {
    "crosses itself": (feature(CROSSED, depth_m=1), "H115"),
    "in metres": (feature(box(500_000, 4_300_000, 501_000, 4_301_000), depth_m=1), "H107"),
    "without depth": (feature(ROAD), "H118"),
    "below nought": (feature(ROAD, depth_m=-1), "H116"),
    "a level, not a depth": (feature(ROAD, depth_m=1101.5), "H116"),
    "time without zone": (feature(ROAD, depth_m=1, valid_from="2026-07-01T10:00:00"), "H117"),
    "ends before it begins": (feature(ROAD, depth_m=1, valid_from=LATE, valid_to=EARLY), "H117"),
    "no polygon": (feature({"type": "Point", "coordinates": [106, 38]}, depth_m=1), "H118"),
}


@pytest.mark.parametrize(("bad", "code"), BAD.values(), ids=BAD.keys())
def test_bad_features_are_refused_with_their_number(
    tmp_path: Path, bad: dict[str, object], code: str
) -> None:
    geojson(tmp_path / "w.geojson", feature(ROAD, depth_m=1), bad)
    path = incident_file(tmp_path, water_file="w.geojson")
    with pytest.raises(InputError) as caught:
        read_scenario(path, IncidentScenario)
    assert [fault.code for fault in caught.value.faults] == [code]
    assert "w.geojson feature 2" in caught.value.faults[0].where


def test_a_file_that_is_not_there_is_refused_with_its_line(tmp_path: Path) -> None:
    """Also where its name leads to a folder."""
    (tmp_path / "folder").mkdir()
    for name in ("nowhere.geojson", "folder"):
        path = incident_file(tmp_path, water_file=name)
        with pytest.raises(InputError, match=r"S280.*flood\.yaml:\d+ incidents\[0\]\.water_file"):
            read_scenario(path, IncidentScenario)


def test_files_of_the_wrong_kind_are_refused(tmp_path: Path) -> None:
    """A raster among the polygons, polygons among the rasters, rasters that are dry or out of order."""
    geojson(tmp_path / "w.geojson", feature(ROAD, depth_m=1))
    raster(tmp_path / "wet.tif", [[1.0]])
    raster(tmp_path / "dry.tif", [[0.0]])
    step = {"valid_from": EARLY}
    assert refused(incident_file(tmp_path, water_file="wet.tif")) == ["H114"]
    assert refused(incident_file(tmp_path, depth_rasters=[{"file": "w.geojson", **step}])) == ["H121"]
    assert refused(incident_file(tmp_path, depth_rasters=[{"file": "dry.tif", **step}])) == ["S284"]
    twice = [{"file": "wet.tif", **step}, {"file": "dry.tif", **step}]
    assert refused(incident_file(tmp_path, depth_rasters=twice)) == ["H117"]
    ends_first = incident_file(
        tmp_path, depth_rasters=[{"file": "wet.tif", "valid_from": LATE}], rasters_until=EARLY
    )
    assert refused(ends_first) == ["H117"]


def test_water_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    """On a leak, an end without rasters, contents written by hand."""
    leak = {
        "hazard": "toxic_gas",
        "where": {"lon": LONS[5], "lat": LAT},
        "distances": {"isolate_m": 5, "source": "x"},
    }
    assert refused(incident_file(tmp_path, **leak, water_file="w.geojson")) == ["S281"]
    assert refused(incident_file(tmp_path, where={"flood_zones": ["a"]}, rasters_until=EARLY)) == ["S282"]
    forged = {
        "files": [{"file": "other", "digest": "0" * 64}],
        "areas": [{"id": "a", "polygon": {}, "depth_m": 1}],
    }
    assert refused(incident_file(tmp_path, water_file="w.geojson", water_read=forged)) == ["S283"]


def test_contents_written_by_hand_do_not_replace_the_file(tmp_path: Path) -> None:
    """Even under the file's own name: what the file says counts."""
    geojson(tmp_path / "w.geojson", feature(ROAD, depth_m=1))
    area = {"id": "a", "polygon": mapping(ROAD), "depth_m": 7}
    forged = {"files": [{"file": "w.geojson", "digest": "0" * 64}], "areas": [json.loads(json.dumps(area))]}
    scenario = read_scenario(
        incident_file(tmp_path, water_file="w.geojson", water_read=forged), IncidentScenario
    )
    read = scenario.incidents[0].water_read
    assert read is not None
    assert [area.depth_m for area in read.areas] == [1]


def test_water_outside_the_region_is_refused(tmp_path: Path, county: Region) -> None:
    """A polygon far away is; one that touches the county may reach beyond it."""
    geojson(tmp_path / "w.geojson", feature(ROAD, depth_m=1), feature(box(20, 10, 21, 11), depth_m=1))
    scenario = read_scenario(incident_file(tmp_path, water_file="w.geojson"), IncidentScenario)
    with pytest.raises(InputError, match="S286"):
        dispatch(county, scenario)
    geojson(tmp_path / "w.geojson", feature(box(106.9, 38.85, 109, 38.95), depth_m=1))
    scenario = read_scenario(incident_file(tmp_path, water_file="w.geojson"), IncidentScenario)
    assert dispatch(county, scenario).decisions.incidents[0].lon < 107.0


def test_a_scenario_whose_files_were_not_read_is_refused(county: Region) -> None:
    """Made from content alone, as a program may do."""
    scenario = incident_scenario(
        {"id": "f", "hazard": "river_flood", "level": "IV", "water_file": "w.geojson"}
    )
    with pytest.raises(InputError, match="S285"):
        dispatch(county, scenario)


def test_the_check_verifies_the_plan_and_refuses_a_changed_file(tmp_path: Path) -> None:
    """From the copy in the plan, even when the file is gone; a file that says something else is named."""
    file = geojson(tmp_path / "w.geojson", feature(ROAD, depth_m=1))
    path = incident_file(tmp_path, water_file="w.geojson")
    assert main(["dispatch", str(path), "--out", str(tmp_path / "out"), "-q"]) == 0
    plan = tmp_path / "out" / "plan.json"
    assert check_dispatch(plan).holds
    geojson(file, feature(ROAD, depth_m=2))
    assert [fault.code for fault in check_dispatch(plan).faults] == ["S288"]
    file.unlink()
    assert check_dispatch(plan).holds


def test_a_plan_with_changed_water_inside_is_refused(tmp_path: Path, county: Region) -> None:
    """The scenario's digest covers what the files said."""
    geojson(tmp_path / "w.geojson", feature(ROAD, depth_m=1))
    plan = dispatch(county, read_scenario(incident_file(tmp_path, water_file="w.geojson"), IncidentScenario))
    content = json.loads(dispatch_json(plan))
    content["inputs"]["scenario"]["content"]["incidents"][0]["water_read"]["areas"][0]["depth_m"] = 0.2
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_dispatch_plan(path)
    assert "P106" in [fault.code for fault in check_dispatch(path, county).faults]
