"""The summary counts rightly; the schema accepts what the tables accept and refuses what they refuse."""

from typing import Any

import jsonschema
import pytest
import shapely
from hypothesis import given, settings

from geo.region import LAYERS
from geo.region.geojson import geojson_bytes
from geo.region.schema import DIALECT, region_schema
from geo.region.show import summary
from geo.region.tables import layer_table, make_region
from tests.geo.region.making import frame, layer_frames


def test_summary_counts_records_places_people_roads_and_what_is_assumed() -> None:
    roads = [
        {"id": "a", "class": "road", "at": shapely.LineString([(0, 0), (1, 0)])},
        {"id": "b", "class": "road", "length_m": 500, "at": shapely.LineString([(0, 0), (1, 0)])},
        {"id": "c", "class": "road", "status": "planned", "at": shapely.LineString([(0, 0), (1, 0)])},
    ]
    demand = [
        {"id": "a", "people": 5, "source": "census", "at": shapely.Point(2, 3)},
        {"id": "b", "people": 6, "source": "map; people assumed"},
        {"id": "c", "people": 7, "source": "census"},
    ]
    found = summary(make_region("r", {"roads": frame("roads", *roads), "demand": frame("demand", *demand)}))
    layer = {entry.layer: entry for entry in found.layers}
    assert set(layer) == {"roads", "demand"}
    assert (layer["demand"].records, layer["demand"].unplaced, layer["demand"].assumed) == (3, 2, 1)
    assert layer["demand"].sources == (("census", 2), ("map; people assumed", 1))
    assert layer["demand"].assumed_share == pytest.approx(1 / 3)
    assert found.people == 18
    assert found.road_km == pytest.approx(111.32 + 0.5, abs=0.01)
    assert found.bounds == (0, 0, 2, 3)


def test_summary_of_an_empty_region() -> None:
    found = summary(make_region("r", {}))
    assert (found.layers, found.people, found.road_km, found.bounds) == ((), 0, 0, None)


def test_the_schema_is_valid_and_covers_every_layer_and_column() -> None:
    schema = region_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    for name, layer in LAYERS.items():
        columns = {column.name for column in layer.columns} | ({"geometry"} if layer.geometry else set())
        assert set(schema["$defs"][name]["properties"]) == columns


def valid(layer: str, record: dict[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(region_schema()).is_valid({layer: [record]})


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        ({}, True),
        ({"capabilities": "fire:2;hazmat:1"}, True),
        ({"capabilities": "fire:4"}, False),
        ({"people": -1}, False),
        ({"people": 1.5}, False),
        ({"force": "army"}, False),
        ({"source": ""}, False),
        ({"peple": 3}, False),
        ({"geometry": {"type": "Point", "coordinates": [1, 2]}}, True),
        ({"geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}, False),
        ({"geometry": None}, True),
    ],
)
def test_the_schema_holds_the_rules_of_a_record(change: dict[str, Any], accepted: bool) -> None:
    record = {"id": "t", "people": 9, "force": "township", "source": "x", **change}
    assert valid("teams", record) is accepted


@settings(deadline=None, max_examples=25)
@given(layer_frames("teams"))
def test_whatever_the_tables_accept_the_schema_accepts(table: Any) -> None:
    import json

    settled, faults = layer_table("teams", table)
    assert not faults
    content = json.loads(geojson_bytes("teams", settled))  # type: ignore[arg-type] # teams have places
    for feature in content["features"]:
        assert valid("teams", {**feature["properties"], "geometry": feature["geometry"]})
