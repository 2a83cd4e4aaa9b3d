"""Drill files: what is refused, with which code and where."""

from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from geo.errors import InputError
from geo.region.region import Region
from scenarios.drill import prepared
from scenarios.drill_models import DrillScenario
from scenarios.files import read_scenario
from tests.scenarios.straight_county import LAT, LONS, straight_county
from tests.scenarios.test_drill import FIRE

DAY = [f"{hour},0.5" for hour in range(24)]
HEAD = "hour,calls_per_h"


@cache
def county() -> Region:
    return straight_county()


def written(tmp_path: Path, **changes: Any) -> Path:
    section = {
        "starts": "2026-01-05T00:00:00+08:00", "length": "5 d", "kinds": [FIRE],
        "calls": {"per_day": 12}, **changes,
    }  # fmt: skip
    content = {"muster": 1, "kind": "drill", "region": "straight", "drill": section}
    path = tmp_path / "drill.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def codes(path: Path) -> list[str]:
    try:
        prepared(county(), read_scenario(path, DrillScenario))
    except InputError as refused:
        return [fault.code for fault in refused.faults]
    return []


def table(tmp_path: Path, *lines: str) -> Path:
    (tmp_path / "rates.csv").write_text("\n".join(lines), encoding="utf-8")
    return written(tmp_path, calls={"rates": "rates.csv"})


def log(tmp_path: Path, *lines: str) -> Path:
    (tmp_path / "log.csv").write_text("\n".join(["at,lon,lat,kind", *lines]), encoding="utf-8")
    return written(tmp_path, calls={"log": "log.csv"})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kinds": []}, "S107"),
        ({"kinds": [FIRE, FIRE]}, "S206"),
        ({"kinds": [FIRE | {"hazard": "collapse"}]}, "S461"),
        ({"kinds": [{k: v for k, v in FIRE.items() if k != "teams"}]}, "S461"),
        ({"kinds": [FIRE | {"hazrd": "collapse"}]}, "S105"),
        ({"kinds": [FIRE | {"within": "2 fortnights"}]}, "S108"),
        ({"kinds": [FIRE | {"on_scene": {"mean": -5}}]}, "S109"),
        ({"calls": {}}, "S462"),
        ({"calls": {"per_day": 5, "log": "log.csv"}}, "S462"),
        ({"calls": {"per_day": 5, "hours": [0] * 24}}, "S456"),
        ({"calls": {"per_day": -5}}, "S109"),
        ({"calls": {"log": "nowhere.csv"}}, "S450"),
        ({"calls": {"per_day": 5, "where": {"layer": "townships"}}}, "S128"),
        ({"calls": {"per_day": 5, "where": {"layer": "hospitals"}}}, "S466"),
        ({"warm_up": "5 d"}, "S465"),
        ({"dispatch": "flow"}, "S460"),
        ({"move_up": {"policy": "table"}}, "S463"),
        ({"move_up": {"policy": "table", "posts": {1: ["nowhere"]}}}, "S457"),
        ({"teams": {"out": ["nobody"]}}, "S457"),
        ({"teams": {"shifts": [{"team": "t0", "start": "8", "end": "20:00"}]}}, "S107"),
        ({"waits": False, "give_up": "1 h"}, "S464"),
        ({"length": 0}, "S109"),
        ({"replications": 0}, "S109"),
    ],
)
def test_a_wrong_drill_is_refused_with_its_code(changes: dict[str, Any], code: str, tmp_path: Path) -> None:
    assert code in codes(written(tmp_path, **changes))


def test_a_plain_drill_a_plain_table_and_a_plain_log_are_read(tmp_path: Path) -> None:
    assert codes(written(tmp_path)) == []
    assert codes(table(tmp_path, HEAD, *DAY)) == []
    assert codes(log(tmp_path, f"2026-01-05T08:00:00,{LONS[1]},{LAT},fire")) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([HEAD, *DAY[:-1], "23,-0.5"], "S451"),
        ([HEAD, *DAY[:-1], "23,many"], "S451"),
        ([HEAD, *DAY[:-1], "23,nan"], "S451"),
        ([HEAD, *DAY[:-1]], "S452"),
        ([HEAD, *DAY, "5,0.5"], "S452"),
        ([HEAD, *DAY[:-1], "24,0.5"], "S452"),
        ([HEAD], "S452"),
        ([f"{HEAD},kind", *(f"{row},flood" for row in DAY)], "S453"),
        ([f"{HEAD},weekday", *(f"{row},8" for row in DAY)], "S452"),
        ([f"{HEAD},township_id", *(f"{row},nowhere" for row in DAY)], "S469"),
        (["hour,rate", *DAY], "S450"),
        ([""], "F103"),
    ],
)
def test_a_wrong_rate_table_is_refused_with_its_code(lines: list[str], code: str, tmp_path: Path) -> None:
    assert code in codes(table(tmp_path, *lines))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2026-01-05T08:00:00,10.5,48.9,fire", "S455"),
        ("yesterday,106.5,38.9,fire", "S454"),
        ("2026-01-05T08:00:00,abc,38.9,fire", "S454"),
        ("2026-01-05T08:00:00,38.9,106.5,fire", "S454"),
        ("2026-01-05T08:00:00,106.5,38.9,flood", "S453"),
        ("2026-01-04T08:00:00,106.5,38.9,fire", "S468"),
        ("2026-01-10T00:00:00,106.5,38.9,fire", "S468"),
    ],
)
def test_a_wrong_log_is_refused_with_its_code_and_line(line: str, code: str, tmp_path: Path) -> None:
    assert codes(log(tmp_path, line)) == [code]


def test_all_faults_of_a_table_are_named_at_once(tmp_path: Path) -> None:
    assert codes(table(tmp_path, HEAD, "0,-1", "25,1", "x,1", *DAY[1:])) == ["S451", "S452", "S452"]


def test_a_workbook_with_chinese_headers_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["小时", "每小时起数", "乡镇"])
    for hour in range(24):
        sheet.append([hour, 0.25, "town"])
    book.save(tmp_path / "rates.xlsx")
    said = read_scenario(written(tmp_path, calls={"rates": "rates.xlsx"}), DrillScenario)
    assert said.drill.calls.read is not None
    assert len(said.drill.calls.read.rates) == 24
    assert {row.township for row in said.drill.calls.read.rates} == {"town"}
