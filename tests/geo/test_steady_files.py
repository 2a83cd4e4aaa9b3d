"""Workbooks and GeoPackages hold no clock: the same content is the same bytes, and still opens."""

import io
import time
import zipfile
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import shapely

from geo.region.files import read_region
from geo.region.geopackage import write_geopackage
from geo.region.workbook import write_workbook
from geo.steady_files import STAMP, steady_geopackages, workbook_bytes
from scenarios.shipped import PINGLUO


def _book() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["物资", 1.5, "=no formula"])
    return book


def _wait() -> None:
    """Archives count time in steps of two seconds."""
    time.sleep(2.1)


def test_a_workbook_is_the_same_bytes_two_seconds_later() -> None:
    first = workbook_bytes(_book())
    _wait()
    assert workbook_bytes(_book()) == first
    opened = openpyxl.load_workbook(io.BytesIO(first))
    assert opened.worksheets[0]["A1"].value == "物资"
    assert opened.properties.modified == opened.properties.created == datetime(1980, 1, 1)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
        assert str(datetime.now().year).encode() not in archive.read("docProps/core.xml")


def test_a_geopackage_is_the_same_bytes_two_seconds_later(tmp_path: Path) -> None:
    """The setting holds inside the block alone."""
    layer = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(106.5, 38.9)], crs="EPSG:4326")

    def written(name: str) -> bytes:
        with steady_geopackages():
            layer.to_file(tmp_path / name, layer="one", driver="GPKG", engine="pyogrio")
        return (tmp_path / name).read_bytes()

    first = written("a.gpkg")
    _wait()
    assert written("b.gpkg") == first
    assert STAMP.encode() in first
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None
    assert list(gpd.read_file(tmp_path / "b.gpkg")["id"]) == ["a"]


def test_a_region_is_the_same_bytes_in_both_forms(tmp_path: Path) -> None:
    region = read_region(PINGLUO)
    tables = {name: region.table(name) for name in ("depots", "contacts", "teams")}
    for write, end in ((write_geopackage, "gpkg"), (write_workbook, "xlsx")):
        write(tables, tmp_path / f"a.{end}")
        _wait()
        write(tables, tmp_path / f"b.{end}")
        assert (tmp_path / f"a.{end}").read_bytes() == (tmp_path / f"b.{end}").read_bytes()
