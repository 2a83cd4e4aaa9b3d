"""What a user can get wrong at the command line: a coded line, the right exit code, nothing half written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.cli import main
from scenarios.shipped import DATA, PINGLUO


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A copy of the shipped region that a test may spoil."""
    return Path(shutil.copytree(PINGLUO, tmp_path / "pingluo"))


@pytest.fixture
def scenario(tmp_path: Path, region: Path) -> Path:
    """A copy of the shipped scenario beside its region."""
    return Path(shutil.copy(DATA / "three-stations.yaml", tmp_path / "three-stations.yaml"))


def _first_record(region: Path, layer: str) -> dict[str, Any]:
    content = json.loads((region / f"{layer}.geojson").read_text(encoding="utf-8"))
    first: dict[str, Any] = content["features"][0]
    return first


def _spoil_first(region: Path, layer: str, change: Callable[[dict[str, Any]], None]) -> None:
    file = region / f"{layer}.geojson"
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content["features"][0])
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _point(lon: float, lat: float) -> Callable[[dict[str, Any]], None]:
    return lambda record: record.update(geometry={"type": "Point", "coordinates": [lon, lat]})


def _value(column: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(record: dict[str, Any]) -> None:
        record["properties"][column] = value

    return change


WRONG_RECORDS = {
    "metres instead of degrees": ("demand", _point(645000.0, 4305000.0)),
    "latitude before longitude": ("demand", _point(38.89, 106.53)),
    "a negative population": ("demand", _value("people", -5)),
    "people as words": ("demand", _value("people", "many")),
    "a township that does not exist": ("demand", _value("township_id", "nowhere")),
    "an unknown column": ("demand", _value("peple", 5)),
    "an unknown road class": ("roads", _value("class", "autobahn")),
    "a status that is none": ("stations", _value("status", "built")),
    "an empty id": ("stations", _value("id", "")),
    "no source": ("stations", _value("source", "")),
    "a capability nobody knows": ("teams", _value("capabilities", "magic:3")),
    "a level beyond three": ("teams", _value("capabilities", "fire:9")),
    "a day that does not exist": ("stations", _value("opens_on", "2025-02-30")),
    "a polygon where a point belongs": (
        "stations",
        lambda r: r.update(
            geometry={"type": "Polygon", "coordinates": [[[106, 38], [107, 38], [107, 39], [106, 38]]]}
        ),
    ),
}


@pytest.mark.parametrize("wrong", WRONG_RECORDS)
def test_a_wrong_record_is_refused_with_its_place(
    wrong: str, region: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``region check`` ends with 2 and names file, record and remedy in one line."""
    layer, change = WRONG_RECORDS[wrong]
    _spoil_first(region, layer, change)
    assert main(["region", "check", str(region)]) == 2
    said = capsys.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if " error: " in line]
    assert any(line.startswith("L") and layer in line for line in lines), said


def test_a_demand_point_far_outside_is_reported(region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A point in the sea reads well, so only the check of the whole region can find it."""
    _spoil_first(region, "demand", _point(121.5, 38.5))
    main(["region", "check", str(region)])
    said = capsys.readouterr().out
    assert str(_first_record(region, "demand")["properties"]["id"]) in said


WRONG_SCENARIOS: dict[str, Callable[[dict[str, Any]], object]] = {
    "an unknown key": lambda s: s["siting"].update(opne=3),
    "an unknown question": lambda s: s["siting"].update(question="best"),
    "more sites than candidates": lambda s: s["siting"].update(open=500),
    "no sites to open": lambda s: s["siting"].pop("open"),
    "a negative number of sites": lambda s: s["siting"].update(open=-1),
    "a unit nobody knows": lambda s: s["siting"]["standards"][0].update(within_s="5 furlongs"),
    "a force nobody has": lambda s: s["siting"]["standards"][0].update(force="magic"),
    "a layer that does not exist": lambda s: s["siting"].update(candidates={"layer": "stars"}),
    "a condition that is no condition": lambda s: s["siting"].update(
        candidates={"layer": "stations", "where": "status ="}
    ),
    "a condition on an unknown column": lambda s: s["siting"].update(
        candidates={"layer": "stations", "where": "stauts == 'planned'"}
    ),
    "code in a condition": lambda s: s["siting"].update(
        candidates={"layer": "stations", "where": "__import__('os').system('true') == 0"}
    ),
    "a region that is not there": lambda s: s.update(region="elsewhere"),
    "a file format of the future": lambda s: s.update(muster=2),
    "another kind": lambda s: s.update(kind="drill"),
    "no standards": lambda s: s["siting"].update(standards=[]),
    "an empty file": lambda s: s.clear(),
}


@pytest.mark.parametrize("wrong", WRONG_SCENARIOS)
def test_a_wrong_scenario_is_refused_and_nothing_is_written(
    wrong: str, scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``site`` ends with 2, names a code of scenarios, and leaves no folder behind."""
    content = yaml.safe_load(scenario.read_text(encoding="utf-8"))
    WRONG_SCENARIOS[wrong](content)
    scenario.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert main(["site", str(scenario), "--out", str(tmp_path / "plan")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines
    assert all(line.startswith("S") for line in lines)
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["region", "check", "nowhere"], "F101"),
        (["region", "convert", "nowhere", "there.gpkg"], "F101"),
        (["site", "nowhere.yaml"], "S101"),
        (["check", "nowhere.json"], "P101"),
        (["region", "convert", "same", "./same"], "F305"),
        (["schema", "stars"], "F303"),
        (["region", "build", "--osm", "nowhere.pbf", "--out", "out.gpkg"], "N1"),
        (["region", "build", "--out", "out.gpkg"], "F133"),
        (["region", "build", "--place", "Pingluo", "--datum", "gcj02", "--out", "out.gpkg"], "F304"),
        (["region", "ledger", "nowhere", "nowhere.csv", "--out", "out", "--layer", "depots"], "F"),
    ],
)
def test_a_missing_input_is_one_coded_line(
    arguments: list[str],
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No traceback, exit code 2, and an empty folder stays empty."""
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(code)
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_extract_is_refused(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half a .pbf gives a coded line and no region."""
    whole = (shared_data / "networks" / "liechtenstein-latest.osm.pbf").read_bytes()
    (tmp_path / "half.osm.pbf").write_bytes(whole[: len(whole) // 2])
    out = tmp_path / "out.gpkg"
    assert main(["region", "build", "--osm", str(tmp_path / "half.osm.pbf"), "--out", str(out)]) == 2
    assert capsys.readouterr().err.startswith("N1")
    assert not out.exists()


def test_unknown_options_are_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    """A typing error in an option ends with 2 and points to the help."""
    assert main(["region", "check", "--fast"]) == 2
    assert "--help" in capsys.readouterr().err
