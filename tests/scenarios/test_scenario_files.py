"""Scenario files: everything wrong is found at once, coded, with its line; nothing wrong gets through."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from geo.errors import InputError
from scenarios.files import read_scenario, region_path, scenario_digest
from scenarios.schemas import board_schema, plan_schema, scenario_schema
from scenarios.shipped import PINGLUO
from scenarios.where import WhereError, read_condition
from tests.conftest import ROOT

GOOD = """\
muster: 1
kind: siting
region: county
siting:
  question: mclp
  open: 3
  candidates: {layer: stations, where: "status in ('planned', 'candidate')"}
  keep: existing
  standards:
    - {force: fire, zone: town, within_s: 5 min}
    - {force: fire, zone: outskirts, within_s: 1200}
"""
SHIPPED = sorted(
    path for path in (ROOT / "scenarios" / "data").glob("*.yaml") if "kind: siting" in path.read_text("utf-8")
)


def written(folder: Path, text: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def codes(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        read_scenario(written(folder, text))
    return [fault.code for fault in refused.value.faults]


def test_a_good_file_is_read_in_seconds(tmp_path: Path) -> None:
    """Durations become seconds whatever their unit."""
    scenario = read_scenario(written(tmp_path, GOOD))
    assert [standard.within_s for standard in scenario.siting.standards] == [300.0, 1200.0]
    assert scenario.siting.keep == "existing"


BAD = {
    "unknown key": ("  open: 3", "  opne: 3", ["S105", "S106"]),
    "unknown key at the top": ("kind: siting", "kind: siting\ncolour: red", ["S105"]),
    "unknown key in a standard": ("zone: town,", "zone: town, until: 3,", ["S105"]),
    "unknown key in candidates": ("{layer: stations,", "{layers: stations,", ["S105"]),
    "missing key": ("  question: mclp\n", "", ["S106"]),
    "missing standards": ("  standards:", "  evaluate_at: [300]\n  x:", ["S105", "S106"]),
    "open left out": ("  open: 3\n", "", ["S106"]),
    "text for a number": ("open: 3", "open: three", ["S107"]),
    "truth for a count": ("open: 3", "open: true", ["S107"]),
    "quoted count": ("open: 3", 'open: "3"', ["S107"]),
    "a character YAML does not allow": ("open: 3", "open: 3\0", ["S102"]),
    "a control character in a name": ("kind: siting", 'kind: siting\nname_en: "a\\u0007b"', ["S107"]),
    "half a character in a name": ("kind: siting", 'kind: siting\nname_en: "a\\ud800"', ["S107"]),
    "fraction for a count": ("open: 3", "open: 2.5", ["S107"]),
    "negative number": ("open: 3", "open: -1", ["S109"]),
    "wrong unit": ("5 min", "5 km", ["S108"]),
    "duration that is a list": ("5 min", "[5, min]", ["S108"]),
    "zero duration": ("5 min", "0", ["S109"]),
    "negative duration": ("5 min", "-300", ["S109"]),
    "duration beyond a year": ("5 min", "9000 h", ["S109"]),
    "duration that is no number": ("5 min", ".nan", ["S109"]),
    "unknown zone": ("zone: town", "zone: downtown", ["S110"]),
    "unknown question": ("question: mclp", "question: best", ["S110"]),
    "unknown kind": ("kind: siting", "kind: sitting", ["S110"]),
    "later kind": ("kind: siting", "kind: incident", ["S111"]),
    "a question without its figure": ("question: mclp", "question: mexclp", ["S106"]),
    "newer format": ("muster: 1", "muster: 2", ["S113"]),
    "broken condition": ("status in (", "status in in (", ["S114"]),
    "open bracket": ("'candidate')", "'candidate'", ["S114"]),
    "program text": ("status in ('planned', 'candidate')", "__import__('os')", ["S114"]),
    "unknown column": ("status in", "state in", ["S115"]),
    "unknown value": ("'planned'", "'plnned'", ["S115"]),
    "text column with a number": ("status in ('planned', 'candidate')", "status == 3", ["S115"]),
    "number column with text": ("status in ('planned', 'candidate')", "opening_cost < 'x'", ["S115"]),
    "kept and closable": ("keep: existing", "keep: [a, b]\n  closable: [b]", ["S123"]),
    "keep is a number": ("keep: existing", "keep: 3", ["S107"]),
    "closable with a negative cost": ("keep: existing", "closable: {a: -5}", ["S109"]),
    "unknown force": ("force: fire, zone: town", "force: navy, zone: town", ["S124"]),
    "two limits for one zone": ("zone: outskirts", "zone: town", ["S125"]),
    "a limit for all beside one for a zone": ("zone: outskirts, ", "", ["S125"]),
    "layer of lines": ("layer: stations", "layer: roads", ["S128"]),
    "layer that does not exist": ("layer: stations", "layer: station", ["S128"]),
    "places of a layer that does not exist": ("zone: town", "of: {layer: tonws}", ["S128"]),
    "places of a layer that is not there, by a condition": (
        "zone: town",
        "of: {layer: tonws, where: \"id == 'a'\"}",
        ["S128"],
    ),
    "places of a table": ("zone: town", "of: {layer: stock}", ["S128"]),
    "share for mclp": ("open: 3", "open: 3\n  share: 0.5", ["S133"]),
    "share beyond one": ("question: mclp", "question: lscp\n  share: 1.5", ["S109"]),
    "key twice": ("  open: 3", "  open: 3\n  open: 4", ["S104"]),
    "bad indentation": ("  open: 3", " open: 3", ["S102"]),
    "unclosed quote": ("region: county", 'region: "county', ["S102"]),
    "impossible date": ("region: county", "region: 2026-13-45", ["S102"]),
    "empty region": ("region: county", "region: ''", ["S107"]),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_file_is_refused_with_its_code(tmp_path: Path, case: str) -> None:
    """One fault in an otherwise good file gives that fault and no other."""
    before, after, expected = BAD[case]
    assert before in GOOD
    found = codes(tmp_path, GOOD.replace(before, after, 1))
    assert set(found) <= set(expected)
    assert expected[0] in found


def test_all_faults_of_a_file_come_at_once_with_their_lines(tmp_path: Path) -> None:
    """Three faults, three lines, and the nearest known key."""
    text = GOOD.replace("open: 3", "open: -3").replace("keep:", "kep:").replace("5 min", "5 km")
    path = written(tmp_path, text)
    with pytest.raises(InputError) as refused:
        read_scenario(path)
    places = [(fault.code, fault.where) for fault in refused.value.faults]
    assert places == [
        ("S109", f"{path}:6 siting.open"),
        ("S105", f"{path}:8 siting.kep"),
        ("S108", f"{path}:10 siting.standards[0].within_s"),
    ]
    assert refused.value.faults[1].fix == "Did you mean 'keep'?"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "S103"),
        (b"- a\n- b\n", "S103"),
        (b"\xff\xfe\x00", "S102"),
        (b"{" * 400, "S102"),
        (b"a: [", "S102"),
    ],
)
def test_what_is_no_scenario_at_all_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """Empty, a list, another encoding, nested without end, cut off."""
    path = tmp_path / "scenario.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_scenario(path)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_file_that_multiplies_itself_is_refused(tmp_path: Path) -> None:
    """Aliases of aliases do not fill the memory."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 9)]
    assert codes(tmp_path, "\n".join(lines)) == ["S102"]


def test_a_missing_file_and_a_missing_region_are_named(tmp_path: Path) -> None:
    """Both say what was looked for."""
    with pytest.raises(InputError, match="S101"):
        read_scenario(tmp_path / "nothing.yaml")
    path = written(tmp_path, GOOD)
    with pytest.raises(InputError, match="S116"):
        region_path(read_scenario(path), path)


def test_a_scenario_copied_elsewhere_keeps_the_shipped_region(tmp_path: Path) -> None:
    """What lies beside the file goes first; a path that only ends like the shipped name is another place."""
    path = written(tmp_path, GOOD.replace("region: county", "region: pingluo"))
    assert region_path(read_scenario(path), path) == PINGLUO
    (tmp_path / "pingluo").mkdir()
    assert region_path(read_scenario(path), path) == tmp_path / "pingluo"
    other = written(tmp_path, GOOD.replace("region: county", "region: mine/pingluo"))
    with pytest.raises(InputError, match="S116"):
        region_path(read_scenario(other), other)


def test_the_digest_depends_on_what_is_said_not_how(tmp_path: Path) -> None:
    """Layout, units and the region's path do not count; a limit does."""
    digest = scenario_digest(read_scenario(written(tmp_path, GOOD)))
    same = GOOD.replace("5 min", "300").replace("region: county", "region: ../county # here")
    other = GOOD.replace("5 min", "301")
    assert scenario_digest(read_scenario(written(tmp_path, same))) == digest
    assert scenario_digest(read_scenario(written(tmp_path, other))) != digest


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_scenarios_are_read_and_fit_the_published_schema(path: Path) -> None:
    """The schema accepts what the reader accepts."""
    read_scenario(path)
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), scenario_schema())


def test_the_published_schema_refuses_an_unknown_key() -> None:
    """A schema that accepts everything would be none."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**yaml.safe_load(GOOD), "colour": "red"}, scenario_schema())


@pytest.mark.parametrize(
    "schema", [scenario_schema(), plan_schema(), board_schema()], ids=lambda s: s["title"]
)
def test_published_schemas_are_valid_and_plain_json(schema: dict[str, object]) -> None:
    """Each is a schema of its dialect and survives JSON."""
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    ("condition", "meets"),
    [
        ("people > 5", True),
        ("people >= 6 and people <= 6", True),
        ("people != 6", False),
        ("not people < 6", True),
        ("kind == 'a' or kind == 'b' and people == 0", True),
        ("(kind == 'a' or kind == 'b') and people == 0", False),
        ("kind not in ('b', 'c')", True),
        ('kind in ["b", "a"]', True),
        ("missing < 5", False),
        ("missing != 5", True),
        ("people == 6.0e0", True),
    ],
)
def test_conditions_mean_what_they_say(condition: str, meets: bool) -> None:
    """'and' binds tighter than 'or'; a missing number meets no comparison but 'not equal'."""
    record = {"people": 6, "kind": "a", "missing": float("nan")}
    assert read_condition(condition).test(record) is meets


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "and",
        "people",
        "people >",
        "people > kind",
        "5 < people",
        "people > 5)",
        "a.b == 1",
        "a in ()",
        "a = 1",
    ],
)
def test_conditions_that_cannot_be_read_are_refused(condition: str) -> None:
    """Never a traceback, never a guess."""
    with pytest.raises(WhereError):
        read_condition(condition)


def test_a_condition_nested_without_end_is_refused() -> None:
    """Brackets do not exhaust the stack."""
    with pytest.raises(WhereError):
        read_condition("(" * 5000)
