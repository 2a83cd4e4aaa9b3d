"""The check of a plan: a true plan holds, every kind of changed plan is caught, nothing needs a solver."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InputError
from geo.region import write_region
from geo.region.region import Region
from scenarios import check
from scenarios.check import check_plan
from scenarios.plan import plan_json
from scenarios.site import site
from tests.scenarios.straight_county import demand, scenario, stations, straight_county


@pytest.fixture(scope="module")
def region() -> Region:
    return straight_county()


@pytest.fixture(scope="module")
def text(region: Region) -> str:
    return plan_json(site(region, scenario(evaluate_at=[300])))


def saved(folder: Path, text: str) -> Path:
    path = folder / "plan.json"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"question": "p_median", "open": 2},
        {"question": "p_center", "open": 1},
        {"question": "lscp", "open": None, "share": 0.5},
        {"question": "lscp", "open": None, "share": 0.5, "cheapest": True},
        {"open": 0, "closable": ["s0"]},
        {"keep": []},
        {"candidates": {"layer": "demand"}, "open": 2},
    ],
    ids=str,
)
def test_a_plan_as_it_was_computed_holds(tmp_path: Path, region: Region, changes: dict[str, Any]) -> None:
    """Every question and rule survives the way through its file."""
    report = check_plan(saved(tmp_path, plan_json(site(region, scenario(**changes)))), region)
    assert report.faults == ()
    assert report.holds


def test_an_infeasible_plan_holds_too(tmp_path: Path) -> None:
    """What it names is computed again; that no other choice helps is said to be trusted."""
    cut = straight_county(stations=stations().query("id != 'c-island'"))
    report = check_plan(saved(tmp_path, plan_json(site(cut, scenario(question="lscp", open=None)))), cut)
    assert report.holds
    assert report.trusted == ("infeasibility",)


def raised(plan: dict[str, Any], *path: Any, by: float = 1) -> None:
    for part in path[:-1]:
        plan = plan[part]
    plan[path[-1]] += by


def other_site(plan: dict[str, Any]) -> None:
    """c5 in place of the best site, its own place and name, and nothing else changed."""
    plan["decisions"]["open"][0] |= {"id": "c5"}


CHANGED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "objective": lambda p: raised(p, "objective", "value"),
    "bound below the objective": lambda p: raised(p, "bound", "value", by=-100),
    "bound far off but called optimal": lambda p: raised(p, "bound", "value", by=100),
    "another site": other_site,
    "a site that does not exist": lambda p: p["decisions"]["open"][0].update(id="c99"),
    "a site moved": lambda p: raised(p, "decisions", "open", 0, "lon", by=0.01),
    "one site too many": lambda p: p["decisions"]["open"].append(p["decisions"]["open"][0] | {"id": "c5"}),
    "an existing site dropped": lambda p: p["decisions"]["keep"].clear(),
    "people covered before": lambda p: raised(p, "measures", "before", "standards", 0, "covered"),
    "people covered after": lambda p: raised(p, "measures", "after", "townships", 1, "covered"),
    "a further limit": lambda p: raised(p, "measures", "after", "limits", 0, "covered", by=-1),
    "a response time": lambda p: raised(p, "measures", "after", "standards", 1, "worst_response_s", by=-60),
    "a point of the curve": lambda p: raised(p, "curve", "points", 1, "objective"),
    "a reason": lambda p: raised(p, "reasons", 0, "without"),
    "the loss of a reason": lambda p: raised(p, "reasons", 0, "covered_lost"),
    "a shortage hidden": lambda p: p["shortages"].clear(),
    "a warning hidden": lambda p: p["warnings"].clear(),
    "an assumption hidden": lambda p: p["assumptions"].clear(),
    "the share assumed": lambda p: raised(p, "provenance", 0, "assumed", by=-1),
    "a millionth of the objective": lambda p: raised(p, "objective", "value", by=1e-6),
    "a site moved by a centimetre": lambda p: raised(p, "decisions", "open", 0, "lon", by=1e-7),
    "a number of the curve": lambda p: raised(p, "curve", "points", 1, "open"),
    "a number of the curve below nothing": lambda p: raised(p, "curve", "points", 0, "open", by=-2),
    "a point of the curve dropped": lambda p: p["curve"]["points"].pop(),
    "a point of the curve twice": lambda p: p["curve"]["points"].append(p["curve"]["points"][-1]),
    "a reason dropped": lambda p: p["reasons"].pop(),
    "a reason twice": lambda p: p["reasons"].append(p["reasons"][0]),
    "a reason of no site": lambda p: p["reasons"][0].update(sites=[""]),
    "the scenario": lambda p: raised(p, "inputs", "scenario", "content", "siting", "open"),
    "the region's digest": lambda p: p["inputs"]["region"].update(digest="0" * 64),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_changed_plan_is_caught(tmp_path: Path, region: Region, text: str, case: str) -> None:
    """One change anywhere, and the plan no longer holds."""
    plan = json.loads(text)
    CHANGED[case](plan)
    report = check_plan(saved(tmp_path, json.dumps(plan)), region)
    assert not report.holds
    assert all(fault.code.startswith("P1") for fault in report.faults)


def test_a_plan_of_another_region_is_refused_as_such(tmp_path: Path, text: str) -> None:
    """One fault that says so, not a list of differing figures."""
    other = straight_county(demand=demand().query("id != 'v10'"))
    assert [fault.code for fault in check_plan(saved(tmp_path, text), other).faults] == ["P105"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "P102"),
        ("{", "P102"),
        ("[]", "P103"),
        ('{"muster": 1, "kind": "siting"}', "P103"),
        ("[" * 99999, "P102"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, region: Region, content: str, code: str) -> None:
    """Cut off, another shape, nested without end."""
    with pytest.raises(InputError, match=code):
        check_plan(saved(tmp_path, content), region)


def test_the_region_is_found_by_the_run_record_or_asked_for(
    tmp_path: Path, region: Region, text: str
) -> None:
    """No record: P104. A record: its region is read, though it lies elsewhere."""
    path = saved(tmp_path, text)
    with pytest.raises(InputError, match="P104"):
        check_plan(path)
    write_region(region, tmp_path / "straight")
    path.with_suffix(".run.json").write_text(json.dumps({"region": str(tmp_path / "straight")}))
    assert check_plan(path).holds
    with pytest.raises(InputError, match="P101"):
        check_plan(tmp_path / "none.json")


def test_the_check_loads_no_solver(tmp_path: Path, region: Region, text: str) -> None:
    """OR-Tools stays unloaded in a process that only checks."""
    import subprocess

    path = saved(tmp_path, text)
    write_region(region, tmp_path / "straight")
    program = (
        f"import sys; from {check.__name__} import check_plan;"
        "assert check_plan(sys.argv[1], sys.argv[2]).holds;"
        "assert not [name for name in sys.modules if name.startswith('ortools')]"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path), str(tmp_path / "straight")],
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
