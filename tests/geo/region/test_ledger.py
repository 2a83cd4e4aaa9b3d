"""Ledgers and road files with a county's own headers, and every way their mapping can be wrong."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely

from geo.datum import from_wgs84, to_wgs84
from geo.errors import InputError
from geo.region.ledger import read_ledger, with_ledger
from geo.region.mapping import read_mapping
from geo.region.road_file import read_road_file
from geo.region.tables import make_region
from tests.geo.region.making import frame

LEDGER: list[list[Any]] = [
    ["平罗县应急物资储备库台账", None, None, None, None, None],
    ["库名", "级别", "经度(高德)", "纬度(高德)", "出库准备(分钟)", "管理员电话"],
    ["县级中心库", "县级", 106.5411, 38.891507, 30, "无"],
    ["崇岗镇库", "乡级", None, None, 20, "无"],
    ["宝丰村库", "村级", "106.731627", "39.050351", None, "无"],
]
MAPPING = """
layer: depots
header_row: 2
datum: gcj02
columns: {库名: name_zh, 级别: level, 经度(高德): lon, 纬度(高德): lat, 出库准备(分钟): loading_s}
values:
  level: {县级: county, 乡级: township, 村级: village}
factors: {loading_s: 60}
constants: {source: county ledger 2025}
"""


def mapping_file(folder: Path, text: str = MAPPING) -> Path:
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")
    return folder / "mapping.yaml"


def ledger_file(folder: Path, form: str) -> Path:
    path = folder / f"ledger.{form.split('-')[0]}"
    if form == "xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.title = "台账"
        for row in LEDGER:
            book.active.append(row)
        book.save(path)
    else:
        lines = [",".join("" if cell is None else str(cell) for cell in row) for row in LEDGER]
        path.write_bytes("\r\n".join(lines).encode(form.split("-", 1)[1]))
    return path


def code(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read_ledger(path, **options)
    assert all(fault.fix for fault in caught.value.faults)
    return caught.value.faults[0].code


@pytest.mark.parametrize("form", ["xlsx", "csv-utf-8", "csv-utf-8-sig", "csv-gb18030"])
def test_a_ledger_in_any_form_becomes_the_same_layer(tmp_path: Path, form: str) -> None:
    ledger = read_ledger(ledger_file(tmp_path, form), mapping=mapping_file(tmp_path))
    table = ledger.table
    assert ledger.layer == "depots"
    assert list(table["id"]) == ["depots-3", "depots-4", "depots-5"]
    assert list(table["level"]) == ["county", "township", "village"]
    assert list(table["loading_s"].fillna(-1)) == [1800, 1200, -1]
    assert set(table["source"]) == {"county ledger 2025"}
    shown = from_wgs84(shapely.get_coordinates([g for g in table.geometry if g]), "gcj02")
    assert np.allclose(shown, [[106.5411, 38.891507], [106.731627, 39.050351]], rtol=0, atol=2e-7)


def test_records_without_coordinates_are_kept_and_listed_and_unused_columns_named(tmp_path: Path) -> None:
    ledger = read_ledger(ledger_file(tmp_path, "xlsx"), mapping=mapping_file(tmp_path))
    assert [(w.code, w.severity) for w in ledger.warnings] == [("F125", "warning"), ("L202", "warning")]
    assert "管理员电话" in ledger.warnings[0].found
    assert "崇岗镇库" in ledger.warnings[1].where


def test_a_ledger_takes_its_place_in_a_region(tmp_path: Path) -> None:
    ledger = read_ledger(ledger_file(tmp_path, "xlsx"), mapping=mapping_file(tmp_path))
    region = with_ledger(make_region("r", {"demand": frame("demand")}), ledger)
    assert len(region.table("depots")) == 3
    assert len(region.placed("depots")) == 2


def test_our_own_chinese_headers_need_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "shelters.csv"
    path.write_bytes(
        "名称,容纳人数,经度,纬度,负责人\n一中,800,106.5,38.9,王\n,,,,\n二中,,,,\n".encode("gb18030")
    )
    ledger = read_ledger(path, layer="shelters")
    assert list(ledger.table["name_zh"]) == ["一中", "二中"]
    assert list(ledger.table["source"]) == ["shelters.csv"] * 2
    assert ledger.table.geometry[0] == shapely.Point(106.5, 38.9)


def test_wrong_cells_are_named_by_their_row_in_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("编号,名称,容纳人数\na,一中,八百\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"t\.csv row 2 \(a\), column capacity_people"):
        read_ledger(path, layer="shelters")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("none.csv", None, "F101"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "F102"),
        ("broken.xlsx", b"PK\x03\x04 cut", "F103"),
        ("utf16.csv", "名称\n一中\n".encode("utf-16"), "F104"),
        ("latin.csv", b"name\n\xe9cole \xff\n", "F104"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused(
    tmp_path: Path, name: str, content: bytes | None, expected: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert code(tmp_path / name, layer="shelters") == expected


@pytest.mark.parametrize("layer", [None, "shelter"])
def test_a_ledger_without_a_layer_of_ours_is_f127(tmp_path: Path, layer: str | None) -> None:
    assert code(ledger_file(tmp_path, "xlsx"), layer=layer) == "F127"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("layer: [depots", ["F121"]),
        ("columns: {库名: name_zh}", ["F122"]),
        ("layer: depots\ncolums: {}", ["F122"]),
        ("layer: depots\ndatum: gcj2\nheader_row: 0", ["F122", "F122"]),
        ("layer: depot", ["F123"]),
        ("layer: depots\ncolumns: {库名: nam_zh}\nfactors: {load_s: 60}", ["F123", "F123"]),
        ("layer: stock\ncolumns: {经度: lon}", ["F123"]),
    ],
)
def test_a_wrong_mapping_file_reports_all_its_faults(tmp_path: Path, text: str, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_mapping(mapping_file(tmp_path, text))
    assert [fault.code for fault in caught.value.faults] == codes


def test_a_missing_mapping_file_is_f101(tmp_path: Path) -> None:
    assert code(ledger_file(tmp_path, "xlsx"), mapping=tmp_path / "none.yaml") == "F101"


def test_a_header_that_the_ledger_lacks_is_f124_with_the_nearest_one(tmp_path: Path) -> None:
    text = MAPPING.replace("{库名:", "{库的名:")
    with pytest.raises(InputError, match="Write '库名'"):
        read_ledger(ledger_file(tmp_path, "xlsx"), mapping=mapping_file(tmp_path, text))


def test_a_sheet_that_the_workbook_lacks_is_f126(tmp_path: Path) -> None:
    text = MAPPING + "sheet: 明细\n"
    assert code(ledger_file(tmp_path, "xlsx"), mapping=mapping_file(tmp_path, text)) == "F126"


def road_table(**columns: Any) -> gpd.GeoDataFrame:
    one = shapely.LineString([(106.5, 38.9), (106.6, 38.9)])
    two = shapely.MultiLineString([[(106.6, 38.9), (106.7, 38.9)], [(106.8, 38.9), (106.9, 38.9)]])
    return gpd.GeoDataFrame(columns, geometry=[one, two], crs="EPSG:4326")


ROAD_MAPPING = """
layer: roads
columns: {DLMC: name_zh, JSDJ: class}
values: {class: {一级: primary, 四级: unclassified}}
"""


@pytest.mark.parametrize("form", ["gpkg", "shp", "projected.gpkg"])
def test_a_road_file_is_mapped_and_its_lines_taken_apart(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"r.{form}"
    roads = road_table(DLMC=["山水大道", "乡道"], JSDJ=["一级", "四级"], XH=[1, 2])
    (roads.to_crs("EPSG:4548") if "projected" in form else roads).to_file(path, encoding="utf-8")
    read = read_road_file(path, mapping_file(tmp_path, ROAD_MAPPING))
    region = make_region("r", {"roads": read})
    table = region.table("roads")
    assert list(table["id"]) == ["road-1", "road-2-1", "road-2-2"]
    assert list(table["class"]) == ["primary", "unclassified", "unclassified"]
    assert list(table["name_zh"]) == ["山水大道", "乡道", "乡道"]
    assert shapely.get_coordinates(table.geometry.to_numpy())[0] == pytest.approx([106.5, 38.9], abs=2e-7)
    assert set(table["source"]) == {path.name}


def test_a_road_file_in_gcj02_is_moved_by_its_mapping(tmp_path: Path) -> None:
    road_table(DLMC=["", ""], JSDJ=["一级", "四级"]).to_file(tmp_path / "r.gpkg")
    read = read_road_file(tmp_path / "r.gpkg", mapping_file(tmp_path, ROAD_MAPPING + "datum: gcj02\n"))
    shown = shapely.get_coordinates(road_table().geometry.to_numpy())
    assert shapely.get_coordinates(read.geometry.to_numpy()) == pytest.approx(to_wgs84(shown, "gcj02"))


def test_a_road_file_without_classes_is_f138(tmp_path: Path) -> None:
    road_table(DLMC=["", ""]).to_file(tmp_path / "r.gpkg")
    with pytest.raises(InputError) as caught:
        read_road_file(tmp_path / "r.gpkg")
    assert caught.value.faults[0].code == "F138"
