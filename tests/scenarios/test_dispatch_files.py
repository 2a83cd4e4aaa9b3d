"""Incident, doctrine, board and plan files: every fault coded, plans verified and written whole."""

import csv
import html
import json
from pathlib import Path

import geopandas as gpd
import jsonschema
import openpyxl
import pytest
import yaml

from api.cli import main
from geo.errors import InputError
from geo.region.files import read_region
from geo.region.region import Region
from scenarios.board import Board
from scenarios.board_file import read_board
from scenarios.dispatch import dispatch
from scenarios.dispatch_check import check_dispatch
from scenarios.dispatch_plan import DispatchPlan, dispatch_json, read_dispatch_plan
from scenarios.doctrine import SHIPPED, asked_slots, read_doctrine, shipped_doctrine
from scenarios.files import read_scenario
from scenarios.incident_models import IncidentScenario
from scenarios.report.dispatch_page import dispatch_page
from scenarios.report.dispatch_tables import write_dispatch
from scenarios.report.page import render
from scenarios.schemas import dispatch_plan_schema, doctrine_schema, incident_schema
from scenarios.shipped import DATA, PINGLUO
from scenarios.verify import verify
from tests.scenarios.incident_county import doctrine, incident_county, incident_scenario, slot

GOOD = """\
muster: 1
kind: incident
region: county
at: 2026-01-15T02:10:00+08:00
weather: {wind_from_deg: 315, wind_m_s: 2.0}
incidents:
  - id: leak-1
    hazard: toxic_gas
    level: II
    where: {hazard_site: tank}
    substance: {cas: 7782-50-5}
"""
BAD = {
    "unknown key": ("level: II", "levle: II", ["S106", "S105"]),
    "unknown key of a place": ("{hazard_site: tank}", "{site: tank, lon: 1, lat: 1}", ["S105"]),
    "unknown hazard": ("hazard: toxic_gas", "hazard: dragon", ["S110"]),
    "level five": ("level: II", "level: V", ["S110"]),
    "no time zone": ("+08:00", "", ["S107"]),
    "wind of 200 m/s": ("wind_m_s: 2.0", "wind_m_s: 200", ["S109"]),
    "wind below nought": ("wind_m_s: 2.0", "wind_m_s: -1", ["S109"]),
    "two places": ("{hazard_site: tank}", "{hazard_site: tank, lon: 106, lat: 38}", ["S201"]),
    "half a place": ("{hazard_site: tank}", "{lon: 106}", ["S201"]),
    "no place": ("    where: {hazard_site: tank}\n", "", ["S201"]),
    "flood without water": ("hazard: toxic_gas", "hazard: ice_jam", ["S203"]),
    "rate and mass": ("7782-50-5}", "7782-50-5, release_kg_s: 1, mass_kg: 5}", ["S202"]),
    "nothing leaks": (
        "{hazard_site: tank}\n    substance: {cas: 7782-50-5}",
        "{lon: 106, lat: 38}",
        ["S204"],
    ),
    "siting": ("kind: incident", "kind: siting", ["S111"]),
    "a later kind": ("kind: incident", "kind: drill", ["S111"]),
    "longitude of 400": ("{hazard_site: tank}", "{lon: 400, lat: 38}", ["S109"]),
}


@pytest.mark.parametrize(("old", "new", "codes"), BAD.values(), ids=BAD.keys())
def test_faulty_incident_files_are_refused(tmp_path: Path, old: str, new: str, codes: list[str]) -> None:
    """Each with its code and the line to go to."""
    assert old in GOOD
    path = tmp_path / "incident.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_scenario(path, IncidentScenario)
    assert [fault.code for fault in refused.value.faults] == codes
    assert all(f"{path}:" in fault.where for fault in refused.value.faults)


def test_an_incident_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "incident.yaml"
    path.write_text(GOOD + GOOD[GOOD.index("  - id") :], encoding="utf-8")
    with pytest.raises(InputError, match="S206"):
        read_scenario(path, IncidentScenario)


def test_shipped_files_meet_their_schemas() -> None:
    """Incidents and doctrine, as written."""
    for path in sorted((DATA / "incidents").glob("*.yaml")):
        content = json.loads(read_scenario(path, IncidentScenario).model_dump_json())
        jsonschema.Draft202012Validator(incident_schema()).validate(content)
    table = json.loads(read_doctrine(SHIPPED).model_dump_json())
    jsonschema.Draft202012Validator(doctrine_schema()).validate(table)


def test_a_graver_level_never_asks_for_fewer_teams() -> None:
    """For every hazard of the shipped doctrine, I asks for at least as many as II does, and so on."""
    table = shipped_doctrine()
    for rules in table.hazards.values():
        numbers = [len(asked_slots(rules, level)) for level in ("I", "II", "III", "IV")]
        assert numbers == sorted(numbers, reverse=True)
        assert numbers[-1] >= 1


DOCTRINE_BAD = {
    "unknown capability": ("capability: hazmat", "capability: magic"),
    "level four of a capability": ("at: 2, weight: 8", "at: 4, weight: 8"),
    "no source": (', source: "kind ZW (七) (command vehicle); numbers assumed"}\n  flam', "}\n  flam"),
    "no deadline": ("first_within: 20 min, ", ""),
    "unknown key": ("look_ahead: 2 h", "look_back: 2 h"),
    "unknown hazard": ("  collapse:", "  dragons:"),
}


@pytest.mark.parametrize(("old", "new"), DOCTRINE_BAD.values(), ids=DOCTRINE_BAD.keys())
def test_faulty_doctrine_is_refused_with_its_line(tmp_path: Path, old: str, new: str) -> None:
    """Every fault S208, all at once."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "doctrine.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_doctrine(path)
    assert {fault.code for fault in refused.value.faults} == {"S208"}
    assert all(f"{path}:" in fault.where for fault in refused.value.faults)


def test_a_doctrine_without_the_hazard_is_refused(tmp_path: Path) -> None:
    table = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    del table["hazards"]["toxic_gas"]
    path = tmp_path / "doctrine.yaml"
    path.write_text(yaml.safe_dump(table), encoding="utf-8")
    with pytest.raises(InputError, match="S209"):
        dispatch(incident_county(), incident_scenario(), doctrine=read_doctrine(path))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "S216"),
        ('{"muster": 1, "teams": [{"id": "a", "status": "asleep"}]}', "S217"),
        ('{"muster": 1, "colour": 1}', "S217"),
    ],
)
def test_faulty_boards_are_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "board.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=code):
        read_board(path)
    with pytest.raises(InputError, match="S215"):
        read_board(tmp_path / "none.json")


@pytest.fixture(scope="module")
def county() -> Region:
    return incident_county()


@pytest.fixture(scope="module")
def plan(county: Region) -> DispatchPlan:
    asked = doctrine(slot("hazmat", 2, first=1, more=1), slot("pumping", 1, more=1))
    return dispatch(county, incident_scenario(), doctrine=asked)


def test_a_written_plan_is_read_back_and_holds(tmp_path: Path, plan: DispatchPlan, county: Region) -> None:
    """The check needs the region only; doctrine and scenario are inside the plan."""
    files = write_dispatch(plan, tmp_path)
    assert read_dispatch_plan(files[0]) == plan
    report = check_dispatch(files[0], county)
    assert report.holds, report.faults
    assert verify(files[0], county).holds
    jsonschema.Draft202012Validator(dispatch_plan_schema()).validate(json.loads(dispatch_json(plan)))


def test_plan_files_are_the_same_bytes_and_readable(tmp_path: Path, plan: DispatchPlan) -> None:
    """JSON and CSV twice the same; the workbook and the GeoPackage hold the same teams."""
    for name in ("one", "two"):
        write_dispatch(plan, tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        if path.suffix in (".json", ".csv"):
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    ids = [team.id for team in plan.decisions.teams]
    with (tmp_path / "one" / "plan-teams.csv").open(encoding="utf-8-sig") as text:
        assert [row["id"] for row in csv.DictReader(text)] == ids
    assert list(gpd.read_file(tmp_path / "one" / "plan.gpkg", layer="teams")["id"]) == ids
    book = openpyxl.load_workbook(tmp_path / "one" / "plan.xlsx")
    assert [row[0].value for row in book["派出队伍"].iter_rows(min_row=3)] == ids


def tampered(plan: DispatchPlan, folder: Path, *path: str | int, value: object) -> Path:
    content = json.loads(dispatch_json(plan))
    at = content
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    target = folder / "plan.json"
    target.write_text(json.dumps(content), encoding="utf-8")
    return target


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("inputs", "region", "digest"), "0" * 64, "P105"),
        (("inputs", "scenario", "digest"), "0" * 64, "P106"),
        (("inputs", "doctrine", "digest"), "0" * 64, "P106"),
        (("decisions", "slots", 0, "team_id"), "ghost", "P107"),
        (("decisions", "slots", 0, "team_id"), "t2", "P108"),
        (("decisions", "slots", 0, "team_id"), "", "P108"),
        (("decisions", "teams", 0, "arrival_s"), 1.0, "P109"),
        (("decisions", "teams", 0, "route", "length_m"), 1.0, "P109"),
        (("decisions", "incidents", 0, "people"), 7, "P109"),
        (("shortages",), [], "P109"),
        (("measures", "shortage"), 0, "P109"),
    ],
)
def test_a_changed_plan_does_not_hold(
    tmp_path: Path, plan: DispatchPlan, county: Region, path: tuple[str, ...], value: object, code: str
) -> None:
    """Every figure is computed again."""
    report = check_dispatch(tampered(plan, tmp_path, *path, value=value), county)
    assert code in {fault.code for fault in report.faults}


def test_damaged_plans_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    with pytest.raises(InputError, match="P101"):
        read_dispatch_plan(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="P102"):
        read_dispatch_plan(path)
    path.write_text('{"kind": "dispatch"}', encoding="utf-8")
    with pytest.raises(InputError, match="P103"):
        verify(path)


def test_the_page_says_what_the_plan_says(plan: DispatchPlan, county: Region) -> None:
    """Teams, shortage and staging in both languages, the same bytes each time, no other address."""
    page = render(dispatch_page(plan, county), bundle=None)
    assert page == render(dispatch_page(plan, county), bundle=None)
    for team in plan.decisions.teams:
        assert team.id in page
    assert "1 short of pumping 1" in page
    assert "缺排涝 1 级 1 支" in page
    assert "http-equiv" in page
    assert 'src="http' not in page


def test_the_page_calls_teams_that_stay_by_their_name(pingluo: Region) -> None:
    """Whoever would go instead, moves up or comes late is named in both languages, nobody by an id."""
    scenario = read_scenario(DATA / "incidents" / "leak-and-flood.yaml", IncidentScenario)
    found = dispatch(pingluo, scenario, what_ifs=["without crew-hongyazi"])
    page = render(dispatch_page(found, pingluo), bundle=None)
    told = page.split('id="reasons"')[1].split('id="zones"')[0]
    teams = pingluo.table("teams")
    spoken = {reason.instead for reason in found.reasons} | {move.team_id for move in found.cover.moves}
    for name in spoken - {""}:
        (zh, en) = teams.loc[teams["id"] == name, ["name_zh", "name_en"]].iloc[0]
        assert zh in told
        assert html.escape(en) in told
    ids = [name for name in teams["id"] if "-" in name]
    assert not [
        name for name in ids if f">{name}" in told or f"{name}接替" in told or f"{name} takes" in told
    ]


def test_the_command_answers_a_shipped_incident(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0, all files there, and the check of what was written holds."""
    assert main(["dispatch", "chlorine-leak", "--explain", "-q", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "Hongyazi crew: hazmat 2" in said
    assert "why these teams" in said
    names = {path.name for path in tmp_path.iterdir()}
    assert {"plan.json", "plan.html", "plan.gpkg", "plan.xlsx", "plan-slots.csv", "plan.run.json"} <= names
    assert main(["check", str(tmp_path / "plan.json")]) == 0


def test_the_command_refuses_bad_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, a code, and nothing half-written."""
    path = tmp_path / "incident.yaml"
    path.write_text(GOOD.replace("level: II", "level: V"), encoding="utf-8")
    out = tmp_path / "out"
    assert main(["dispatch", str(path), "--out", str(out), "-q"]) == 2
    assert "S110" in capsys.readouterr().err
    assert not out.exists()


def test_a_replanned_plan_holds_too(tmp_path: Path, plan: DispatchPlan, county: Region) -> None:
    """The check finds the engaged teams in the orders."""
    asked = doctrine(slot("hazmat", 2, first=1, more=1), slot("pumping", 1, more=1))
    board = Board.model_validate({"muster": 1, "teams": [{"id": "t1", "status": "en_route"}]})
    again = dispatch(county, incident_scenario(), board, doctrine=asked, present=plan)
    report = check_dispatch(write_dispatch(again, tmp_path)[0], county)
    assert report.holds, report.faults
    assert "重新规划的命令" in render(dispatch_page(again, county), bundle=None)


def test_the_first_view_shows_every_route_with_room_around(county: Region) -> None:
    """All points lie strictly inside the frame; a plan along one line has no frame of its own."""
    region = read_region(PINGLUO)
    scenario = read_scenario(DATA / "incidents" / "flash-flood.yaml", IncidentScenario)
    found = dispatch(region, scenario)
    frame = dispatch_page(found, region).map_frame
    assert frame is not None
    west, south, east, north = frame
    for team in found.decisions.teams:
        for lon, lat in team.route.geometry:
            assert west < lon < east
            assert south < lat < north
    assert dispatch_page(dispatch(county, incident_scenario()), county).map_frame is None
