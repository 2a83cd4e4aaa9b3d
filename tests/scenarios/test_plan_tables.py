"""Plans written for people: files whole, the same each time, readable by their programs."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from geo.errors import InputError
from scenarios.check import check_plan
from scenarios.plan import SitingPlan, read_plan
from scenarios.report.siting_tables import siting_sheets
from scenarios.report.tables import csv_text, write_plan
from scenarios.run_record import run_record
from scenarios.site import site
from tests.scenarios.straight_county import scenario, stations, straight_county


@pytest.fixture(scope="module")
def plan() -> SitingPlan:
    return site(straight_county(), scenario())


def test_plan_and_tables_are_the_same_bytes_each_time(tmp_path: Path, plan: SitingPlan) -> None:
    """JSON and CSV byte for byte; the others hold the same and are compared below."""
    for name in ("one", "two"):
        write_plan(plan, straight_county(), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert {"plan.json", "plan.xlsx", "plan.gpkg", "plan-townships.csv", "plan-curve.csv"} <= set(files)
    for name in files:
        if name.endswith((".json", ".csv")):
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_written_plan_is_read_back_and_holds(tmp_path: Path, plan: SitingPlan) -> None:
    """The run record beside it leads to nothing the plan needs."""
    region = straight_county()
    record = run_record(started=datetime(2026, 1, 1, tzinfo=UTC), seconds=1.5, region=None, scenario=None)
    paths = write_plan(plan, region, tmp_path, run=record)
    assert read_plan(paths[0]) == plan
    assert check_plan(paths[0], region).holds
    assert json.loads((tmp_path / "plan.run.json").read_text())["seconds"] == 1.5
    assert "2026-01-01" not in paths[0].read_text(encoding="utf-8")


def test_csv_opens_in_a_spreadsheet(tmp_path: Path, plan: SitingPlan) -> None:
    """Byte-order mark, Chinese names, one row a township and standard."""
    write_plan(plan, straight_county(), tmp_path)
    content = (tmp_path / "plan-townships.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [row["name_zh"] for row in rows] == ["城关镇", "东乡"]
    assert sum(int(row["covered_after"]) for row in rows) == 800


def test_text_never_becomes_a_formula() -> None:
    """A name that a spreadsheet would compute is written as text."""
    wicked = stations()
    wicked.loc[wicked["id"] == "c8", "name_zh"] = "=HYPERLINK(1)"
    plan = site(straight_county(stations=wicked), scenario())
    sheet = next(sheet for sheet in siting_sheets(plan) if sheet.id == "sites")
    assert "'=HYPERLINK(1)" in csv_text(sheet)
    assert ",=HYPERLINK" not in csv_text(sheet)


def test_workbook_has_a_sheet_a_table_with_both_headers(tmp_path: Path, plan: SitingPlan) -> None:
    """Numbers stay numbers."""
    write_plan(plan, straight_county(), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    sheets = siting_sheets(plan)
    assert book.sheetnames == [sheet.title.zh for sheet in sheets]
    rows = list(book["达标情况（按乡镇）"].iter_rows(values_only=True))
    assert rows[0][1] == "乡镇"
    assert rows[2][5] == 400


def test_geopackage_shows_sites_and_the_service_of_each_point(tmp_path: Path, plan: SitingPlan) -> None:
    """Layers open in QGIS; a point nobody reaches has no time."""
    write_plan(plan, straight_county(), tmp_path)
    assert list(gpd.read_file(tmp_path / "plan.gpkg", layer="sites_open")["id"]) == ["c8"]
    points = gpd.read_file(tmp_path / "plan.gpkg", layer="demand").set_index("id")
    assert points.loc["v10", "in_time_after"]
    assert not points.loc["v10", "in_time_before"]
    assert points["after_s"].isna().sum() == 1
    assert points.loc["v0", "before_s"] == 45


def test_a_plan_without_decisions_is_written_too(tmp_path: Path) -> None:
    """Infeasible: before is there, after is empty."""
    region = straight_county(stations=stations().query("id != 'c-island'"))
    write_plan(site(region, scenario(question="lscp", open=None)), region, tmp_path)
    rows = list(csv.DictReader((tmp_path / "plan-townships.csv").read_text("utf-8-sig").splitlines()))
    assert {row["covered_after"] for row in rows} == {""}
    assert len(gpd.read_file(tmp_path / "plan.gpkg", layer="sites_open")) == 0


def test_a_place_that_cannot_be_written_is_a_coded_error(tmp_path: Path, plan: SitingPlan) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("here")
    with pytest.raises(InputError, match="P110"):
        write_plan(plan, straight_county(), tmp_path / "file")
