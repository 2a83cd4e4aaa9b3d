"""The three forms of a region hold the same; files that are none are refused with a code."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.region import LAYERS, Region, read_region, write_region
from geo.region.tables import make_region
from tests.geo.region.making import frame, region_frames

FORMS = ("one", "two.gpkg", "three.xlsx")


def small_region() -> Region:
    return make_region(
        "small",
        {
            "about": frame("about", {"id": "name_zh", "value": "平罗县"}),
            "demand": frame(
                "demand",
                {
                    "id": "a",
                    "people": 12,
                    "name_zh": '甲,"村"\n二队',
                    "at": shapely.Point(106.12345678, 38.5),
                },
                {"id": "b", "people": 0, "without_car": 0.1 + 0.2},
            ),
            "roads": frame(
                "roads", {"id": "r", "class": "primary", "at": shapely.LineString([(1, 2), (3, 4)])}
            ),
        },
    )


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_region(path)
    assert all(fault.fix and fault.where for fault in caught.value.faults)
    return [fault.code for fault in caught.value.faults]


@settings(
    deadline=None,
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(region_frames(), st.permutations(FORMS))
def test_any_chain_of_conversions_keeps_every_record_and_every_byte_of_it(
    frames: dict[str, pd.DataFrame], chain: list[str]
) -> None:
    region = make_region("any", frames)
    digest = region.digest()
    with tempfile.TemporaryDirectory() as folder:
        for form in chain:
            write_region(region, Path(folder) / form)
            region = read_region(Path(folder) / form)
            assert region.digest() == digest


@pytest.mark.parametrize("form", FORMS)
def test_types_are_the_same_after_reading(tmp_path: Path, form: str) -> None:
    region = small_region()
    write_region(region, tmp_path / form)
    again = read_region(tmp_path / form)
    for layer in LAYERS:
        assert (again.table(layer).dtypes == region.table(layer).dtypes).all(), layer
    assert again.name == Path(form).stem
    assert len(again.placed("demand")) == 1
    assert again.about("name_zh") == "平罗县"


@pytest.mark.parametrize("form", FORMS)
def test_a_region_without_any_record_survives(tmp_path: Path, form: str) -> None:
    empty = make_region("empty", {})
    write_region(empty, tmp_path / form)
    assert read_region(tmp_path / form).digest() == empty.digest()


def test_long_geometry_goes_over_several_cells(tmp_path: Path) -> None:
    """A line of 4,000 points does not fit one spreadsheet cell."""
    line = shapely.LineString([(100 + i / 1e4, 30.1234567) for i in range(4000)])
    region = make_region("long", {"rivers": frame("rivers", {"id": "r", "at": line}, {"id": "s"})})
    write_region(region, tmp_path / "long.xlsx")
    assert read_region(tmp_path / "long.xlsx").digest() == region.digest()


def test_writing_a_folder_twice_gives_the_same_bytes_and_drops_layers_that_became_empty(
    tmp_path: Path,
) -> None:
    region = small_region()
    write_region(region, tmp_path / "a")
    write_region(region, tmp_path / "b")
    names = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert names == ["about.csv", "demand.geojson", "roads.geojson"]
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)
    (tmp_path / "a" / "README.md").write_text("kept")
    write_region(make_region("none", {}), tmp_path / "a")
    assert sorted(file.name for file in (tmp_path / "a").iterdir()) == ["README.md", "about.csv"]


def test_csv_carries_the_mark_that_makes_spreadsheets_read_utf8(tmp_path: Path) -> None:
    write_region(small_region(), tmp_path / "a")
    assert (tmp_path / "a" / "about.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")


def test_points_may_stand_in_csv_with_chinese_headers_in_gb18030(tmp_path: Path) -> None:
    text = "编号,人口,名称,来源,经度,纬度\nv1,30,头闸,assumed,106.67,38.93\nv2,5,未定,assumed,,\n"
    (tmp_path / "demand.csv").write_bytes(text.encode("gb18030"))
    region = read_region(tmp_path)
    assert list(region.table("demand")["name_zh"]) == ["头闸", "未定"]
    assert region.placed("demand").geometry[0] == shapely.Point(106.67, 38.93)


def test_nothing_there_is_f101(tmp_path: Path) -> None:
    assert refused(tmp_path / "missing") == ["F101"]


@pytest.mark.parametrize("name", ["region.txt", "region"])
def test_a_file_of_another_form_is_f102(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("hello")
    assert refused(tmp_path / name) == ["F102"]


def test_a_folder_without_layers_is_f102(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello")
    assert refused(tmp_path) == ["F102"]


@pytest.mark.parametrize("form", ["two.gpkg", "three.xlsx"])
@pytest.mark.parametrize("part", [0.0, 0.02, 0.5, 0.9])
def test_a_truncated_file_is_f103(tmp_path: Path, form: str, part: float) -> None:
    write_region(small_region(), tmp_path / form)
    whole = (tmp_path / form).read_bytes()
    (tmp_path / form).write_bytes(whole[: int(len(whole) * part)])
    assert set(refused(tmp_path / form)) == {"F103"}


def test_truncated_geojson_is_f103(tmp_path: Path) -> None:
    write_region(small_region(), tmp_path / "a")
    file = tmp_path / "a" / "demand.geojson"
    file.write_bytes(file.read_bytes()[:150])
    assert refused(tmp_path / "a") == ["F103"]


def test_unpaired_quote_in_csv_is_f103(tmp_path: Path) -> None:
    (tmp_path / "about.csv").write_text('id,value,source\na,"open,assumed\n')
    assert refused(tmp_path) == ["F103"]


@pytest.mark.parametrize("encoding", ["utf-16", "big5", "shift_jis"])
def test_wrong_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    """Big5 and Shift-JIS bytes may be legal GB18030, then the headers do not fit."""
    (tmp_path / "about.csv").write_bytes(
        "編號,値,來源\n一,平羅縣人口,測定\n".replace("來", "来").encode(encoding, "replace")
    )
    assert set(refused(tmp_path)) <= {"F104", "L101", "L102"}


def test_utf16_is_f104(tmp_path: Path) -> None:
    (tmp_path / "about.csv").write_bytes("id,value,source\n".encode("utf-16"))
    assert refused(tmp_path) == ["F104"]


def test_a_layer_in_two_files_is_f106(tmp_path: Path) -> None:
    write_region(small_region(), tmp_path / "a")
    (tmp_path / "a" / "demand.csv").write_text("id,people,source\n")
    assert refused(tmp_path / "a") == ["F106"]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": [1]}',
        '{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"}}]}',
        '{"features": [{"geometry": {"type": "LineString", "coordinates": [[1, 2]]}}]}',
    ],
)
def test_broken_geojson_is_f108(tmp_path: Path, text: str) -> None:
    (tmp_path / "demand.geojson").write_text(text)
    assert refused(tmp_path) == ["F108"]


def test_geojson_in_metres_by_its_own_word_is_f109(tmp_path: Path) -> None:
    crs = '{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}'
    (tmp_path / "demand.geojson").write_text(f'{{"type": "FeatureCollection", "crs": {crs}, "features": []}}')
    assert refused(tmp_path) == ["F109"]


def test_geopackage_in_metres_is_f109(tmp_path: Path) -> None:
    import pyogrio

    table = small_region().placed("demand").to_crs("EPSG:3857")
    pyogrio.write_dataframe(table, tmp_path / "m.gpkg", layer="demand")
    assert refused(tmp_path / "m.gpkg") == ["F109"]


def test_csv_row_with_too_many_cells_is_f111(tmp_path: Path) -> None:
    (tmp_path / "about.csv").write_text("id,value,source\na,1,200,assumed\n")
    assert refused(tmp_path) == ["F111"]


def test_spreadsheet_error_is_f112_and_the_same_text_typed_in_is_not(tmp_path: Path) -> None:
    import openpyxl

    write_region(small_region(), tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    cell = book["区域说明"]["D2"]
    cell.value, cell.data_type = "#N/A", "s"
    book.save(tmp_path / "typed.xlsx")
    assert "#N/A" in set(read_region(tmp_path / "typed.xlsx").table("about").loc[0])
    cell.value = "#N/A"
    book.save(tmp_path / "failed.xlsx")
    assert refused(tmp_path / "failed.xlsx") == ["F112"]


def test_an_unknown_sheet_is_l122_with_the_nearest_name(tmp_path: Path) -> None:
    import openpyxl

    write_region(small_region(), tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    book.create_sheet("demands").append(["id"])
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(InputError, match="Rename it to demand"):
        read_region(tmp_path / "r.xlsx")


def test_a_place_that_cannot_be_written_is_f110_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for form in FORMS:
        with pytest.raises(InputError) as caught:
            write_region(small_region(), tmp_path / "file" / form)
        assert caught.value.faults[0].code == "F110"
    assert [f.name for f in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("form", ["two.gpkg", "three.xlsx"])
def test_a_failed_write_keeps_the_old_file(tmp_path: Path, form: str) -> None:
    write_region(small_region(), tmp_path / form)
    old = (tmp_path / form).read_bytes()
    broken = Region(name="broken", tables={"demand": None, "unknown": None})  # type: ignore[dict-item] # on purpose
    with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
        write_region(broken, tmp_path / form)
    assert (tmp_path / form).read_bytes() == old
    assert [f.name for f in tmp_path.iterdir()] == [form]


def test_an_ending_that_is_no_form_is_f102(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_region(small_region(), tmp_path / "region.shp")
    assert caught.value.faults[0].code == "F102"


def test_a_file_nearly_named_like_a_layer_is_l122_and_other_files_are_left_alone(tmp_path: Path) -> None:
    write_region(small_region(), tmp_path)
    (tmp_path / "vehicle_classes.csv").write_text("a,b\n")
    assert read_region(tmp_path).digest() == small_region().digest()
    (tmp_path / "station.geojson").write_text("{}")
    assert refused(tmp_path) == ["L122"]


def test_a_folder_with_a_dot_in_its_name_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "pingluo.v2"
    folder.mkdir()
    write_region(small_region(), folder)
    assert read_region(folder).name == "pingluo.v2"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_blank_rows_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path, form: str) -> None:
    import openpyxl

    rows = [["编号", "人口", "来源"], [], ["a", "1", "x"], ["", "", ""], ["b", "-1", "x"], ["c", "1", ""]]
    if form == "csv":
        (tmp_path / "demand.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
        path = tmp_path
    else:
        book = openpyxl.Workbook()
        sheet = book.create_sheet("需求点")
        for row in rows:
            sheet.append(row)
        path = tmp_path / "r.xlsx"
        book.save(path)
    with pytest.raises(InputError) as caught:
        read_region(path)
    wheres = [fault.where.split(" ", 1)[1].removeprefix("sheet 需求点 ") for fault in caught.value.faults]
    assert wheres == ["row 5 (b), column people", "row 6 (c), column source"]
