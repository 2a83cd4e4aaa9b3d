"""Files that are not what their names say: each is refused with a code, none is passed over or garbled."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from geo.errors import InputError
from geo.region.files import read_region, write_region
from tests.geo.region.test_files import small_region


def codes(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_region(path)
    return [fault.code for fault in caught.value.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_region(small_region(), tmp_path / "county")
    return tmp_path / "county"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    write_region(small_region(), tmp_path / "county.xlsx")
    return tmp_path / "county.xlsx"


@pytest.mark.parametrize("name", ["rosters.csv", "rivers.geojson"])
def test_a_folder_or_a_dangling_link_named_like_a_layer_is_f113(folder: Path, name: str) -> None:
    """Neither is passed over in silence."""
    (folder / name).mkdir()
    assert codes(folder) == ["F113"]
    (folder / name).rmdir()
    try:
        (folder / name).symlink_to(folder / "nowhere")
    except OSError:
        pytest.skip("no right to make links")
    assert codes(folder) == ["F113"]


@pytest.mark.parametrize("name", ["rosters.CSV", "rivers.GeoJSON", "rivers.json"])
def test_a_layer_with_another_spelling_of_its_ending_is_not_passed_over(folder: Path, name: str) -> None:
    """Read where the file system does not mind, refused where it does."""
    (folder / name).write_text("id\n")
    assert codes(folder)[0] in ("F113", "F103", "L102")


@pytest.mark.parametrize("name", ["._demand.geojson", ".hazard_sites.7.csv"])
def test_hidden_leftovers_do_no_harm(folder: Path, name: str) -> None:
    """Other systems and interrupted runs leave hidden files that are nearly named like a layer."""
    before = read_region(folder).digest()
    (folder / name).write_bytes(b"\0\5\x16\7")
    assert read_region(folder).digest() == before


def test_an_empty_csv_is_f103(folder: Path) -> None:
    """A file cut off to nothing is not a layer without records."""
    (folder / "rosters.csv").write_bytes(b"\xef\xbb\xbf")
    assert codes(folder) == ["F103"]


def test_json_nested_beyond_reading_is_f103(folder: Path) -> None:
    (folder / "rivers.geojson").write_text("[" * 100_000)
    assert codes(folder) == ["F103"]


def test_a_system_whose_number_begins_like_wgs84_is_f109(folder: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::43260"}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": []})
    (folder / "rivers.geojson").write_text(text)
    assert codes(folder) == ["F109"]


def test_a_lost_character_does_not_garble_the_chinese_of_its_file(folder: Path) -> None:
    """UTF-8 that holds U+FFFD is read as UTF-8 and the cell refused, never guessed to be GB18030."""
    properties = {"id": "r", "name_zh": "黄河\ufffd", "source": "assumed"}
    line = shapely.geometry.mapping(shapely.LineString([(106.5, 38.9), (106.6, 38.9)]))
    feature = {"type": "Feature", "properties": properties, "geometry": line}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    (folder / "rivers.geojson").write_text(text, encoding="utf-8")
    assert codes(folder) == ["L110"]


def test_private_characters_of_old_fonts_survive_every_form(folder: Path, tmp_path: Path) -> None:
    """Names with characters that Unicode lacks are common in ledgers of villages."""
    (folder / "about.csv").write_text("id,value,source\nkey,\ue000家\ue812,assumed\n", encoding="utf-8")
    region = read_region(folder)
    assert region.about("key") == "\ue000家\ue812"
    for name in ("again.gpkg", "again.xlsx", "again"):
        write_region(region, tmp_path / name)
        assert read_region(tmp_path / name).digest() == region.digest()


def test_a_message_shortens_a_long_id(folder: Path) -> None:
    (folder / "about.csv").write_text(f"id,value,source\n{'x' * 40_000},1,assumed\n")
    with pytest.raises(InputError) as caught:
        read_region(folder)
    assert len(str(caught.value)) < 500


def test_bytes_that_are_no_text_in_a_geopackage_are_f103(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "county.gpkg"
    write_region(small_region(), path)
    with sqlite3.connect(path) as database:
        database.execute("insert into about (id, value, source) values ('z', cast(x'ff00fe' as text), 's')")
    database.close()
    assert codes(path) == ["F103"]


def edited(book: Path, edit: Callable[[Any], None]) -> Path:
    opened = openpyxl.load_workbook(book)
    edit(opened)
    opened.save(book)
    return book


def test_a_formula_that_nobody_computed_is_f112(book: Path) -> None:
    """Its value is not in the file; an optional cell would silently come out empty."""
    assert codes(edited(book, lambda b: b["需求点"].__setitem__("G2", "=1/2"))) == ["F112"]


def test_a_workbook_that_unpacks_beyond_measure_is_f103(book: Path, tmp_path: Path) -> None:
    """Refused by its directory, before anything is unpacked."""
    bomb = tmp_path / "bomb.xlsx"
    shutil.copy(book, bomb)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet99.xml", b"<c/>" * 5_000_000)
    assert codes(bomb) == ["F103"]


def test_a_part_packed_in_an_unknown_way_is_f103(book: Path) -> None:
    """The reader of archives has no error of its own for it."""
    content = bytearray(book.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 0x20  # flag of compressed patched data
    name = bytes(content[at + 46 : at + 46 + int.from_bytes(content[at + 28 : at + 30], "little")])
    local = content.index(b"PK\x03\x04" + content[content.index(name) - 26 : content.index(name)] + name)
    content[local + 6] |= 0x20
    book.write_bytes(bytes(content))
    assert codes(book) == ["F103"]


def test_a_workbook_whose_first_bytes_are_gone_is_f103(book: Path) -> None:
    """Its directory points before the file; reading there is an error of the system, not of archives."""
    book.write_bytes(book.read_bytes()[100:])
    assert codes(book) == ["F103"]


def test_a_count_beyond_all_people_is_l106(folder: Path) -> None:
    """Sums of people times deciseconds would no longer fit 64 bits, and come out negative."""
    text = "id,people,lon,lat,source\nv,1000000001,106.5,38.9,assumed\n"
    (folder / "demand.geojson").unlink()
    (folder / "demand.csv").write_text(text)
    assert codes(folder) == ["L106"]


def test_a_cell_far_out_on_a_sheet_is_f103(book: Path) -> None:
    """One cell in the last corner is no reason to make seventeen thousand million empty ones."""
    opened = openpyxl.load_workbook(book)
    opened.worksheets[0].cell(1_048_576, 16_384, "x")
    opened.save(book)
    assert codes(book) == ["F103"]


def test_entities_that_unfold_without_end_are_f103(book: Path) -> None:
    """A kilobyte of XML that would become gigabytes is refused by whichever reader of XML is installed."""
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "ha">{rows}]><a>&e11;</a>'
    whole = book.read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(book, "w") as new:
        for name in old.namelist():
            new.writestr(name, bomb if name == "xl/workbook.xml" else old.read(name))
    assert codes(book) == ["F103"]
