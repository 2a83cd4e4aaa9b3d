"""Reserve plans on paper and for programs: page in both languages, spreadsheet, GeoPackage, command line."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import yaml

from api.cli import main
from geo.region.files import write_region
from geo.region.region import Region
from scenarios.report.heat import HeatMap, HeatRow, heat_html
from scenarios.report.page import render
from scenarios.report.reserve_files import write_reserve
from scenarios.report.reserve_page import reserve_page
from scenarios.report.text import Text
from scenarios.reserve_plan import ReservePlan
from scenarios.stock import stock
from tests.scenarios.reserve_county import depots, flood, quake, reserve_county, reserve_scenario, shelters


@pytest.fixture(scope="module")
def county() -> Region:
    """The water cuts 60 people off from the only depot."""
    return reserve_county(depots=depots().head(1), shelters=shelters(west=40, east=60))


@pytest.fixture(scope="module")
def plan(county: Region) -> ReservePlan:
    asked = reserve_scenario(compare=True, curve=[0.5, 1.0], validate_on=20, shares={"each_township": 0.1})
    return stock(county, asked)


def test_the_page_says_everything_in_both_languages(plan: ReservePlan, county: Region) -> None:
    page = render(reserve_page(plan, county), bundle=None)
    for words in (
        "增、留、调清单", "Add, keep, move", "各情景结果", "更新轮换日历", "Renewal calendar", "X401", "S432",
        "任何时限内都无库可达", "no depot reaches this place within any window",
        "与其他做法比较", "all in the county depot",
        "服务水平与费用", "On fresh scenarios", "随机解的价值", "Short at the end of 10 h",
    ):  # fmt: skip
        assert words in page, words
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_page_shows_who_is_served_in_each_scenario(plan: ReservePlan, county: Region) -> None:
    layers = {layer.id: layer for layer in reserve_page(plan, county).map_layers}
    assert [one.id for one in layers["late-flood"].features] == ["east"]
    assert [one.id for one in layers["served-flood"].features] == ["west", "work"]
    assert layers["served-quake"].shown is False
    (store,) = layers["stock-physical"].features
    assert store.weight == pytest.approx(plan.decisions.depots[0].physical_m3)


def test_a_question_without_an_answer_still_has_a_page(county: Region) -> None:
    none = stock(county, reserve_scenario(budget=0, shares={"county": 1.0}))
    page = render(reserve_page(none, county), bundle=None)
    assert "没有方案能同时满足下列规则：县级最低份额、预算" in page
    assert "no plan keeps these rules together: least share of the county level, budget" in page
    assert "No plan keeps every rule" in page


def test_a_heat_map_is_readable_without_colour() -> None:
    heat = HeatMap(
        id="h",
        title=Text("短缺", "Short"),
        columns=(Text("帐篷", "tent"), Text("水", "water"), Text("毯", "blanket")),
        rows=(HeatRow(Text("洪水", "flood"), (0.4, 0.0, None)),),
    )
    text = heat_html(heat)
    assert ">40</td>" in text
    assert ">·</td>" in text
    with pytest.raises(ValueError, match="2 cells for 3 columns"):
        HeatMap("h", heat.title, heat.columns, (HeatRow(Text("x", "x"), (0.1, 0.2)),))


def test_files_are_the_same_bytes_each_time_and_open_in_their_programs(
    tmp_path: Path, plan: ReservePlan
) -> None:
    for name in ("one", "two"):
        write_reserve(plan, tmp_path / name)
    for path in [*sorted((tmp_path / "one").glob("*.csv")), tmp_path / "one" / "plan.json"]:
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    book = openpyxl.load_workbook(tmp_path / "one" / "plan.xlsx")
    ledger = book["储备台账"]
    headers = [cell.value for cell in ledger[1]]
    assert headers[:5] == ["储备库编号", "储备库", "物资编号", "物资名称", "单位"]
    assert "实物储备（方案）" in headers
    text = (tmp_path / "one" / "plan-moves.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["action"] for row in rows} <= {"add", "keep", "move_in", "move_out", "lapse"}
    assert len(rows) == len(plan.decisions.moves)
    layer = gpd.read_file(tmp_path / "one" / "plan.gpkg", layer="places")
    assert set(layer["scenario_id"]) == {"flood", "quake"}
    assert len(gpd.read_file(tmp_path / "one" / "plan.gpkg", layer="depots")) == 1


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A region folder and a scenario file beside it."""
    write_region(reserve_county(), tmp_path / "straight")
    asked = {
        "people": 100, "season": "summer", "counted_on": "2026-06-01", "scenarios": [flood(), quake()],
    }  # fmt: skip
    content = {"muster": 1, "kind": "reserve", "region": "straight", "reserve": asked}
    (tmp_path / "ask.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return tmp_path / "ask.yaml"


def test_the_command_plans_and_the_check_agrees(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stock", str(files), "--quick", "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "everybody fully served within 10 h in 2 of 2 scenarios" in said
    assert main(["check", str(tmp_path / "out" / "plan.json")]) == 0
    assert "verified: digests" in capsys.readouterr().out


def test_an_own_ledger_takes_the_place_of_the_stock(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A spreadsheet with Chinese headers: 100 quilts in hand, so none is bought; the check reads it again."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["储备库", "物资", "储备方式", "数量"])
    sheet.append(["store", "quilt", "physical", 100])
    book.save(tmp_path / "ledger.xlsx")
    arguments = ["stock", str(files), "--quick", "--ledger", str(tmp_path / "ledger.xlsx")]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    quilts = {one["mode"]: one for one in plan["decisions"]["held"] if one["item_id"] == "quilt"}
    assert quilts["physical"]["before"] == 100
    assert main(["check", str(tmp_path / "out" / "plan.json")]) == 0


def test_an_impossible_question_ends_with_1_and_a_wrong_one_with_2(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = yaml.safe_load(files.read_text(encoding="utf-8"))
    content["reserve"]["budget"] = 0
    content["reserve"]["shares"] = {"village": 0.5}
    files.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    assert main(["stock", str(files), "--quick", "--out", str(tmp_path / "out")]) == 1
    assert "X402" in capsys.readouterr().out
    content["reserve"]["scenarios"][0]["probability"] = 0.5
    files.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    assert main(["stock", str(files), "--quick", "--out", str(tmp_path / "other")]) == 2
    assert "S420" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()
