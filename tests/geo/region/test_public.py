"""The public export: what must not go out does not, in any form of a region."""

import csv
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest

from api.cli import main
from geo.errors import InputError
from geo.region.files import read_region, write_region
from geo.region.layers import LAYERS
from geo.region.public import public_columns, public_region
from geo.region.region import Region
from scenarios.shipped import PINGLUO
from tests.conftest import ROOT

SECRETS: dict[str, tuple[str, str | float]] = {
    "contacts": ("duty_phone", "0952-6012345"),
    "rosters": ("note", "ask Wang"),
    "units": ("phone", "13895000001"),
    "teams": ("phone", "13895000002"),
    "hazard_sites": ("quantity_t", 777.125),
    "depots": ("floor_m2", 888.125),
    "stock": ("quantity", 999.125),
}
"""A value by layer that nobody may find in what goes out."""


@pytest.fixture(scope="module")
def region() -> Region:
    """Pingluo with a value of each withheld kind that stands out."""
    shipped = read_region(PINGLUO)
    tables = dict(shipped.tables)
    for layer, (column, value) in SECRETS.items():
        tables[layer] = tables[layer].copy()
        tables[layer][column] = [value, *tables[layer][column].iloc[1:]]
    return Region(name=shipped.name, tables=tables)


def test_every_column_of_every_layer_is_decided() -> None:
    """A new column is withheld until somebody decides, and this test asks them to."""
    with (ROOT / "geo" / "data" / "public_columns.csv").open(encoding="utf-8") as file:
        decided = [(row["layer"], row["column"]) for row in csv.DictReader(file)]
    assert len(decided) == len(set(decided))
    assert set(decided) == {
        (layer.name, column.name) for layer in LAYERS.values() for column in layer.columns
    }


@pytest.mark.parametrize("form", ["out", "out.gpkg", "out.xlsx"])
def test_nothing_withheld_goes_out(form: str, region: Region, tmp_path: Path) -> None:
    """Neither a planted value nor a withheld column has a cell, and no byte of a file holds a planted one."""
    write_region(region, tmp_path / "whole.gpkg")
    assert main(["region", "export", "--public", str(tmp_path / "whole.gpkg"), str(tmp_path / form)]) == 0
    out = read_region(tmp_path / form)
    for name, layer in LAYERS.items():
        for column in {one.name for one in layer.columns} - set(public_columns()[name]):
            cells = out.table(name)[column].dropna().astype(str)
            assert set(cells) - {""} <= {"withheld", *_numbered(name, column, len(cells))}, (name, column)
    assert {len(out.table(name)) for name in ("stock", "contacts", "rosters")} == {0}
    for name in ("roads", "demand", "stations", "shelters", "teams", "depots", "hazard_sites"):
        assert len(out.table(name)) == len(region.table(name))
    for raw in _contents(tmp_path / form):
        for _, value in SECRETS.values():
            assert str(value).encode() not in raw


def _numbered(layer: str, column: str, count: int) -> list[str]:
    if column not in ("id", "name_en"):
        return []
    return [f"{layer}-{number:04d}" for number in range(1, count + 1)]


def _contents(path: Path) -> list[bytes]:
    if path.is_dir():
        return [file.read_bytes() for file in path.iterdir()]
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return [book.read(name) for name in book.namelist()]
    return [path.read_bytes()]


def test_hazard_sites_do_not_tell_by_their_names(region: Region) -> None:
    """Ids and names say what is kept: they are numbered anew, the places stay."""
    sites = public_region(region).table("hazard_sites")
    assert list(sites["id"][:2]) == ["hazard_sites-0001", "hazard_sites-0002"]
    assert isinstance(sites, gpd.GeoDataFrame)
    assert sites.geometry.geom_equals(region.placed("hazard_sites").geometry).all()
    words = sites.drop(columns="geometry").to_csv().lower()
    assert "化工" in words, "the park it stands in"
    assert all(word not in words for word in ("chlor", "ammonia", "tank", "7782-50-5", "液"))


def test_a_phone_in_a_name_stops_the_export(region: Region) -> None:
    """The cell is named; nothing is written around it in silence."""
    tables = dict(region.tables)
    tables["teams"] = tables["teams"].copy()
    tables["teams"].loc[tables["teams"].index[3], "name_zh"] = "抢险队 13895000002"
    with pytest.raises(InputError, match=r"L290.*teams, column name_zh"):
        public_region(Region(name="x", tables=tables))


def test_a_whole_export_withholds_nothing(tmp_path: Path, region: Region) -> None:
    write_region(region, tmp_path / "whole.gpkg")
    assert main(["region", "export", str(tmp_path / "whole.gpkg"), str(tmp_path / "again.gpkg")]) == 0
    assert read_region(tmp_path / "again.gpkg").digest() == region.digest()
    assert main(["region", "export", str(tmp_path / "whole.gpkg"), str(tmp_path / "whole.gpkg")]) == 2
