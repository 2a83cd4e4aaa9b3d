"""Ensembles over plans: siting plans in drills, reserve plans in drawn events."""

from pathlib import Path
from typing import Any

import pyarrow.parquet  # type: ignore[import-untyped]  # it has no types
import pytest
import yaml

from geo.errors import InputError
from geo.region.files import read_region, write_region
from scenarios.drill import prepared, replicate
from scenarios.drill_models import DrillScenario
from scenarios.ensemble import EnsembleResult, ensemble
from scenarios.ensemble_base import read_base
from scenarios.ensemble_measures import drill_measures
from scenarios.ensemble_models import EnsembleScenario
from scenarios.ensemble_plans import plan_crews
from scenarios.ensemble_store import MEMBERS
from scenarios.files import read_scenario
from scenarios.plan import plan_json, read_plan
from scenarios.reserve_models import plan_alone
from scenarios.reserve_plan import reserve_json
from scenarios.shipped import DATA
from scenarios.site import site
from scenarios.stock import stock
from scenarios.task_pool import Processes
from tests.scenarios.reserve_county import reserve_county, reserve_scenario
from tests.scenarios.straight_county import scenario as siting
from tests.scenarios.straight_county import straight_county
from tests.scenarios.test_ensemble import Here
from tests.scenarios.test_site_tested import drill
from tests.scenarios.test_stock_tested import trucks


def _write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _ensemble(folder: Path, base: str, values: list[str], *more: Any, replications: int = 3) -> Path:
    section = {
        "scenario": base, "replications": replications, "vary": [{"path": "plan", "values": values}, *more],
    }  # fmt: skip
    whole = {"muster": 1, "kind": "ensemble", "region": "county", "seed": 2, "ensemble": section}
    _write(folder / "ensemble.yaml", whole)
    return folder / "ensemble.yaml"


def in_drills(folder: Path, values: list[str], **changes: Any) -> Path:
    """Siting plans of the straight county through a drill: as a plan file and as a scenario."""
    county = straight_county()
    write_region(county, folder / "county")
    one = siting().model_copy(update={"region": "county"})
    (folder / "one.json").write_text(plan_json(site(county, one)), encoding="utf-8")
    _write(
        folder / "two.yaml", siting(open=2).model_dump(mode="json", exclude_none=True) | {"region": "county"}
    )
    _write(folder / "drill.yaml", drill(length="3 d", **changes) | {"region": "county"})
    return _ensemble(folder, "drill.yaml", values)


def in_events(folder: Path, values: list[str], **changes: Any) -> Path:
    """What there is today and a reserve plan in drawn events."""
    county = reserve_county(teams=trucks())
    write_region(county, folder / "county")
    asked = reserve_scenario(**changes)
    (folder / "held.json").write_text(reserve_json(stock(county, plan_alone(asked))), encoding="utf-8")
    _write(folder / "reserve.yaml", asked.model_dump(mode="json", exclude_none=True) | {"region": "county"})
    return _ensemble(folder, "reserve.yaml", values, replications=8)


def _run(file: Path, out: Path, engine: Any = None) -> EnsembleResult:
    said = read_scenario(file, EnsembleScenario)
    region = read_region(file.parent / said.region)
    return ensemble(region, said, beside=file.parent, out=out, engine=engine or Here())


def _rows(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pyarrow.parquet.read_table(out / MEMBERS).to_pylist()
    return found


def test_a_plan_is_played_with_its_own_crews_and_todays_calls(tmp_path: Path) -> None:
    file = in_drills(tmp_path, ["today", "one.json", "two.yaml"])
    found = _run(file, tmp_path / "out")
    assert found.whole
    assert [found.values(number) for number in range(3)] == [
        {"plan": "today"}, {"plan": "one.json"}, {"plan": "two.yaml"},
    ]  # fmt: skip
    calls, mean_s = (
        [
            [row[name] for row in _rows(tmp_path / "out") if row["set.plan"] == plan]
            for plan in ("today", "two.yaml")
        ]
        for name in ("calls", "response_mean_s")
    )
    assert calls[0] == calls[1]
    assert sum(mean_s[1]) < sum(mean_s[0])


def test_a_member_is_what_the_drill_answers_for_these_crews(tmp_path: Path) -> None:
    file = in_drills(tmp_path, ["one.json"])
    said = read_scenario(file, EnsembleScenario)
    region = read_region(tmp_path / "county")
    base = read_base(said, tmp_path, region)
    seed = 77
    changed = base.changed({"plan": "one.json"}, seed)
    played = read_scenario(tmp_path / "drill.yaml", DrillScenario).model_copy(update={"seed": seed})
    crews = plan_crews(region, read_plan(tmp_path / "one.json"), played, prepared(region, played).doctrine)
    assert len(crews) == 2
    assert changed.measures() == drill_measures(replicate(prepared(region, played, crews=crews), 0))


def test_a_reserve_plan_is_counted_and_played_in_drawn_events(tmp_path: Path) -> None:
    file = in_events(tmp_path, ["today", "held.json"])
    assert _run(file, tmp_path / "out").whole
    rows = _rows(tmp_path / "out")
    assert {row["event"] for row in rows} == {"river_flood", "collapse"}
    by_plan = {plan: [row for row in rows if row["set.plan"] == plan] for plan in ("today", "held.json")}
    events = [[row["event"] for row in by_plan[plan]] for plan in by_plan]
    assert events[0] == events[1]
    served = {plan: sum(row["served_people_counted"] for row in found) for plan, found in by_plan.items()}
    assert served["held.json"] > served["today"]
    for row in rows:
        assert 0 <= row["served_people_played"] <= 100
        assert 0 <= row["met_share_10h_played"] <= 1


@pytest.mark.parametrize("made", [in_drills, pytest.param(in_events, marks=pytest.mark.slow)])
def test_the_number_of_workers_changes_no_byte(made: Any, tmp_path: Path) -> None:
    plans = {in_drills: ["today", "one.json"], in_events: ["today", "held.json"]}[made]
    file = made(tmp_path, plans)
    _run(file, tmp_path / "one")
    _run(file, tmp_path / "two", Processes(2))
    assert (tmp_path / "one" / MEMBERS).read_bytes() == (tmp_path / "two" / MEMBERS).read_bytes()


def test_a_changed_plan_is_another_ensemble(tmp_path: Path) -> None:
    file = in_drills(tmp_path, ["one.json"])
    _run(file, tmp_path / "out", Here(1))
    (tmp_path / "one.json").write_text(
        plan_json(site(straight_county(), siting(open=2).model_copy(update={"region": "county"}))),
        encoding="utf-8",
    )
    with pytest.raises(InputError) as refused:
        _run(file, tmp_path / "out")
    assert [one.code for one in refused.value.faults] == ["S488"]


def test_plans_that_cannot_be_run_are_refused(tmp_path: Path) -> None:
    def codes(file: Path) -> list[str]:
        with pytest.raises(InputError) as refused:
            _run(file, tmp_path / "out")
        return [one.code for one in refused.value.faults]

    file = in_drills(tmp_path, ["missing.json"])
    assert codes(file) == ["S491"]
    assert codes(_ensemble(tmp_path, "two.yaml", ["one.json"])) == ["S105"]
    drawn = {"path": "plan", "draw": {"choice": ["one.json"]}}
    _write(tmp_path / "ensemble.yaml", {
        "muster": 1, "kind": "ensemble", "region": "county",
        "ensemble": {"scenario": "drill.yaml", "vary": [drawn]},
    })  # fmt: skip
    assert codes(tmp_path / "ensemble.yaml") == ["S491"]
    impossible = siting(rules={"budget": 1, "must_open": ["c5"]}).model_dump(mode="json", exclude_none=True)
    _write(tmp_path / "none.yaml", impossible | {"region": "county"})
    assert codes(_ensemble(tmp_path, "drill.yaml", ["none.yaml"])) == ["S491"]


def test_a_reserve_plan_of_other_goods_is_told_by_its_code(tmp_path: Path) -> None:
    file = in_events(tmp_path, ["held.json"])
    content = yaml.safe_load((tmp_path / "reserve.yaml").read_text(encoding="utf-8"))
    content["reserve"]["items"] = ["pump-portable"]
    _write(tmp_path / "reserve.yaml", content)
    _run(file, tmp_path / "out")
    assert {row["status"] for row in _rows(tmp_path / "out")} == {"S492"}


@pytest.mark.parametrize("name", ["plans-in-drills", "reserves-in-events"])
def test_the_shipped_examples_can_be_read(name: str) -> None:
    said = read_scenario(DATA / f"{name}.yaml", EnsembleScenario)
    (plans, *_) = said.ensemble.vary
    assert plans.path == "plan"
    assert all(one == "today" or (DATA / one).is_file() for one in plans.values or ())
