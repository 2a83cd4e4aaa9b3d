"""``muster site`` with a scenario of kind park: told by its kind, written whole, checked afterwards."""

import json
from pathlib import Path

import pytest

from api.cli import main
from geo.region.files import write_region
from tests.scenarios.small_park import point, road
from tests.scenarios.straight_county import straight_county


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A park with one road of 240 m beside its region."""
    write_region(straight_county(), tmp_path / "county")
    return written(tmp_path, points=[point("gate", 120, 60)])


def written(folder: Path, **changes: object) -> Path:
    park = {
        "roads": [road("a", (0, 0), (240, 0))],
        "fire_areas": [{"id": "units", "flow_l_s": 100}],
        **changes,
    }
    content = {"muster": 1, "kind": "park", "region": "county", "name_zh": "小园区", "park": park}
    file = folder / "park.yaml"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_the_command_plans_a_park_and_its_check_holds(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The kind of the file decides; plan, tables and page lie in one folder."""
    out = tmp_path / "out"
    assert main(["site", str(scenario), "--out", str(out), "-q"]) == 0
    said = capsys.readouterr().out
    assert "optimal, 2 hydrants" in said
    assert "pond: 2,160 m3, as two, 6 h of units" in said
    names = {file.name for file in out.iterdir()}
    assert {"plan.json", "plan.html", "plan.xlsx", "plan.gpkg", "plan.run.json", "plan-hydrants.csv"} <= names
    assert main(["check", str(out / "plan.json")]) == 0
    assert "not verifiable without a solver: bound" in capsys.readouterr().out


def test_a_point_out_of_reach_ends_with_exit_code_1(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The point is named; the check of the plan needs no solver to agree."""
    far = written(tmp_path, points=[point("far", 120, 400)])
    out = tmp_path / "out"
    assert main(["site", str(far), "--out", str(out), "-q"]) == 1
    assert "X120 warning" in capsys.readouterr().out
    assert main(["check", str(out / "plan.json")]) == 0
    assert "infeasibility" in capsys.readouterr().out


def test_many_points_out_of_reach_are_counted_not_poured_out(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line names eight; the plan has all."""
    far = written(tmp_path, points=[point(f"far-{k}", 10 * k, 400) for k in range(20)])
    assert main(["site", str(far), "--out", str(tmp_path / "out"), "-q"]) == 1
    assert "far-7 and 12 more)" in capsys.readouterr().out
    assert "far-19" in (tmp_path / "out" / "plan.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "arguments", "code"),
    [
        ({}, ["--drawn", "a,b"], "S160"),
        ({"roads": []}, [], "S107"),
        ({"hydrants": 4}, [], "S105"),
        ({"rules": {"spacing": 60}}, [], "S105"),
        ({"plants": {"layer": "hazard_sites", "where": "nothing =="}}, [], "S114"),
        ({"plants": {"layer": "plants"}}, [], "S128"),
        ({"plants": {"layer": "stock"}}, [], "S128"),
        ({"plants": {"layer": "hazard_sites", "where": "id == 'none'"}}, [], "S166"),
    ],
    ids=[
        "drawn",
        "no road",
        "unknown key",
        "unknown rule",
        "condition",
        "no such layer",
        "no places",
        "no plant",
    ],
)
def test_bad_input_is_named_with_its_line(
    scenario: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, object],
    arguments: list[str],
    code: str,
) -> None:
    file = written(tmp_path, **change)
    assert main(["site", str(file), "--out", str(tmp_path / "out"), "-q", *arguments]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"{code} error: {arguments[0] if arguments else f'{file}:1 park'}")
    assert not (tmp_path / "out" / "plan.json").exists()
