"""Wrong cells, headers, ids and references are each refused with their code and place."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings

from geo.errors import InputError
from geo.region import LAYERS
from geo.region.capabilities import format_capabilities, parse_capabilities
from geo.region.cell_faults import SHOWN_PER_COLUMN
from geo.region.origin import sheet_origin
from geo.region.tables import empty_table, layer_table, make_region
from tests.geo.region.making import frame, layer_frames

VILLAGE = {"id": "v", "people": 5, "at": shapely.Point(106.5, 38.9)}
TWO_LINES = shapely.MultiLineString([[(1, 2), (3, 4)], [(5, 6), (7, 8)]])
TEAM = {"id": "t", "people": 9, "force": "township", "at": None}


def faults(layer: str, *records: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and place of every fault of a sheet with these records."""
    _, found = layer_table(layer, frame(layer, *records), origin=sheet_origin("sheet"))
    return [(fault.code, fault.where) for fault in found]


@pytest.mark.parametrize(
    ("layer", "record", "code", "column"),
    [
        ("demand", {"people": None}, "L103", "people"),
        ("demand", {"source": " "}, "L103", "source"),
        ("demand", {"people": "12 persons"}, "L104", "people"),
        ("demand", {"people": "1,200"}, "L104", "people"),
        ("demand", {"people": "1_200"}, "L104", "people"),
        ("demand", {"people": "inf"}, "L104", "people"),
        ("demand", {"people": 2.5}, "L105", "people"),
        ("demand", {"people": 1e15}, "L106", "people"),
        ("demand", {"people": -1}, "L106", "people"),
        ("demand", {"without_car": 1.01}, "L106", "without_car"),
        ("teams", {"force": "army"}, "L107", "force"),
        ("stations", {"kind": "x", "status": "planned", "opens_on": "2025-02-30"}, "L108", "opens_on"),
        ("stations", {"kind": "x", "status": "planned", "opens_on": "20250201"}, "L108", "opens_on"),
        ("shelters", {"heated": "perhaps"}, "L109", "heated"),
        ("demand", {"note": "a\x07b"}, "L110", "note"),
        ("demand", {"note": "x" * 32_768}, "L111", "note"),
        ("teams", {"capabilities": "hazmat"}, "L112", "capabilities"),
        ("teams", {"capabilities": "hazmat:4"}, "L112", "capabilities"),
        ("teams", {"capabilities": "fire:1;fire:2"}, "L112", "capabilities"),
        ("demand", {"at": shapely.LineString([(1, 2), (3, 4)])}, "L114", "geometry"),
        ("demand", {"at": shapely.Point(106.5, 95)}, "L115", "geometry"),
        ("demand", {"at": shapely.Point(38.9, 106.5)}, "L116", "geometry"),
        ("demand", {"at": shapely.Point(456_789.1, 4_305_678.2)}, "L117", "geometry"),
        ("roads", {"class": "road", "at": TWO_LINES}, "L114", "geometry"),
    ],
)
def test_a_wrong_cell_is_named_by_code_row_and_column(
    layer: str, record: dict[str, Any], code: str, column: str
) -> None:
    good = {"demand": VILLAGE, "teams": TEAM}.get(layer, {"id": "s", "at": None})
    assert faults(layer, {**good, **record}) == [(code, f"sheet row 2 ({good['id']}), column {column}")]


def test_unknown_column_is_l101_with_the_nearest_name() -> None:
    _, found = layer_table("demand", frame("demand", {**VILLAGE, "peple": 3}))
    assert [(f.code, f.fix) for f in found] == [("L101", "Rename it to people.")]


def test_a_missing_column_is_one_fault_however_many_records() -> None:
    assert faults("demand", {"id": "a"}, {"id": "b"}) == [("L102", "sheet")]


def test_a_column_in_both_languages_is_l113() -> None:
    assert faults("demand", {**VILLAGE, "人口": 7}) == [("L113", "sheet, column people")]


@pytest.mark.parametrize("lon_lat", [(106.5, None), ("east", "north")])
def test_half_a_place_is_l118(lon_lat: tuple[Any, Any]) -> None:
    table = pd.DataFrame(
        {"id": ["v"], "people": [1], "source": ["x"], "lon": lon_lat[:1], "lat": lon_lat[1:]}
    )
    assert [f.code for f in layer_table("demand", table)[1]] == ["L118"]


def test_unreadable_wkt_is_l119() -> None:
    table = pd.DataFrame({"id": ["v"], "source": ["x"], "WKT": ["LINE (1 2)"]})
    assert [f.code for f in layer_table("rivers", table)[1]] == ["L119"]


def test_an_id_twice_is_l120_at_its_second_row() -> None:
    assert faults("demand", VILLAGE, VILLAGE) == [("L120", "sheet row 3, column id")]


def test_a_reference_to_nothing_is_l121_and_all_layers_report_at_once() -> None:
    stock: dict[str, Any] = {"id": "s", "depot_id": "d", "item_id": "i", "mode": "physical", "quantity": 1}
    with pytest.raises(InputError) as caught:
        make_region(
            "r",
            {
                "demand": frame(
                    "demand", {**VILLAGE, "township_id": "no"}, {**VILLAGE, "id": "w", "people": -3}
                ),
                "stock": frame("stock", stock),
                "demads": frame("demand"),
            },
        )
    assert [f.code for f in caught.value.faults] == ["L122", "L106", "L121", "L121", "L121"]


def test_thousands_of_like_faults_are_counted_in_one_line() -> None:
    found = faults("demand", *({**VILLAGE, "id": str(i), "people": -1} for i in range(1000)))
    assert len(found) == SHOWN_PER_COLUMN + 1
    assert found[-1] == ("L106", "sheet, column people")


def test_cells_of_any_making_come_to_the_column_type() -> None:
    """Spreadsheets give dates, floats for whole numbers, numbers for names, truth values for yes and no."""
    records: list[dict[str, Any]] = [
        {
            "id": 7.0,
            "kind": 119,
            "status": "planned",
            "opens_on": dt.datetime(2025, 3, 1),
            "team_places": "2.0",
        },
        {"id": "07", "kind": " 消防站\u3000", "status": "existing", "opening_cost": "1e6", "note": "a\r\nb"},
    ]
    table, found = layer_table("stations", frame("stations", *records))
    assert not found
    assert list(table["id"]) == ["7", "07"]
    assert list(table["kind"]) == ["119", "消防站"]
    assert list(table["opens_on"]) == ["2025-03-01", ""]
    assert table["team_places"][0] == 2
    assert table["team_places"][1] is pd.NA
    assert np.isnan(table["opening_cost"][0])
    assert table["opening_cost"][1] == 1e6
    assert table["note"][1] == "a\nb"
    heated, found = layer_table(
        "shelters", frame("shelters", *({"id": i, "heated": h} for i, h in enumerate((True, "否", "NO"))))
    )
    assert list(heated["heated"]) == ["yes", "no", "no"]
    assert not found


def test_coordinates_are_kept_to_seven_decimals_without_height_and_collections_of_one_unpacked() -> None:
    lines = frame(
        "roads",
        {"id": "r", "class": "road", "at": shapely.from_wkt("MULTILINESTRING Z ((1.00000004 2 9, 3 4 9))")},
    )
    table, found = layer_table("roads", lines)
    assert not found
    assert table.geometry[0].wkt == "LINESTRING (1 2, 3 4)"


def test_a_list_in_a_cell_is_text_like_any_other() -> None:
    table, found = layer_table("demand", frame("demand", {**VILLAGE, "note": ["a", 1], "people": [3]}))
    assert [f.code for f in found] == ["L104"]
    assert table["note"][0] == "['a', 1]"


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_headers_are_unique_in_both_languages_and_empty_tables_are_typed(layer: str) -> None:
    columns = LAYERS[layer].columns
    assert len({c.name for c in columns}) == len({c.zh for c in columns}) == len(columns)
    table = empty_table(layer)
    assert list(table.columns[: len(columns)]) == [c.name for c in columns]
    assert len(table) == 0


@settings(deadline=None, max_examples=30)
@given(layer_frames("teams"))
def test_a_settled_table_settles_to_itself(table: pd.DataFrame) -> None:
    once, found = layer_table("teams", table)
    twice, _ = layer_table("teams", once)
    assert not found
    pd.testing.assert_frame_equal(pd.DataFrame(once), pd.DataFrame(twice))


def test_capabilities_read_full_width_marks_and_write_back() -> None:
    levels = parse_capabilities("hazmat：3； fire:2")
    assert levels == {"hazmat": 3, "fire": 2}
    assert format_capabilities(levels) == "hazmat:3;fire:2"
    assert parse_capabilities("") == {}
    with pytest.raises(ValueError, match="flying:2"):
        parse_capabilities("fire:1;flying:2")
