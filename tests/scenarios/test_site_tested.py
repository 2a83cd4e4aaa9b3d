"""Siting plans tested by simulation: what is counted against what is played."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.errors import InputError
from geo.region.files import write_region
from geo.region.region import Region
from optimizer.watch import Watch
from scenarios.check import check_plan
from scenarios.files import read_scenario, scenario_digest, scenario_from
from scenarios.intervals import Interval
from scenarios.plan import SitingPlan, plan_json
from scenarios.plan_simulation import Simulation
from scenarios.report import siting_tested
from scenarios.report.siting_page import siting_page
from scenarios.report.siting_tables import siting_sheets
from scenarios.scenario_models import Scenario
from scenarios.shipped import DATA
from scenarios.site import site
from scenarios.site_choice import standing, stated_choice
from scenarios.site_crews import crews_of
from scenarios.site_expected import expected_shares
from scenarios.site_inputs import siting_inputs
from scenarios.site_test_drill import with_test
from scenarios.site_trial import site_trial
from tests.scenarios.straight_county import scenario as siting
from tests.scenarios.straight_county import straight_county

QUIET: dict[str, Any] = {
    "starts": "2026-01-05T00:00:00+08:00",
    "length": "20 d",
    "replications": 6,
    "kinds": [
        {"id": "fire", "teams": [{"capability": "fire"}], "within": "20 min", "on_scene": {"mean": "1 min"}}
    ],
    "calls": {"per_day": 10},
}


def drill(**changes: Any) -> dict[str, Any]:
    return {"muster": 1, "kind": "drill", "region": "straight", "drill": {**QUIET, **changes}}


def with_drill(
    asked: dict[str, Any] | None = None, calls: dict[str, Any] | None = None, **changes: Any
) -> Scenario:
    """A siting scenario of the straight county with a drill inside."""
    said = siting(**changes).model_dump(mode="json")
    read = {"file": "drill.yaml", "drill": calls or drill()}
    said["siting"]["test"] = {"drill": "drill.yaml", "read": read, **(asked or {})}
    return scenario_from(said, where="test")


@pytest.fixture(scope="module")
def county() -> Region:
    return straight_county()


def block(plan: SitingPlan) -> Simulation:
    assert plan.simulation is not None
    return plan.simulation


def test_where_nobody_is_ever_busy_what_is_played_is_what_is_counted(county: Region) -> None:
    """Work of a minute, ten calls a day: the counted share lies in or next to the interval."""
    plan = site(county, with_drill({"replications": 12}))
    for one in block(plan).standards:
        assert one.counted_after is not None
        assert one.after.mean == pytest.approx(one.counted_after, abs=0.03)
        assert one.before.mean == pytest.approx(one.standard.share, abs=0.03)


def test_busy_crews_reach_fewer_than_counted_and_the_page_says_so(county: Region) -> None:
    slow = [{**QUIET["kinds"][0], "on_scene": {"law": "exponential", "mean": "3 h"}}]
    plan = site(county, with_drill(calls=drill(kinds=slow, calls={"per_day": 30})))
    (one, *_) = block(plan).standards
    assert one.after.holds(one.counted_after) is False
    assert one.counted_after is not None
    assert one.after.mean is not None
    assert one.after.mean < one.counted_after
    section = repr(siting_tested.tested_section(plan))
    assert "解析值在区间之外，高出" in section
    assert "lies outside the interval" in section


def test_today_and_the_plan_meet_the_same_calls(county: Region) -> None:
    found = block(site(county, with_drill()))
    assert found.calls_before.calls == found.calls_after.calls
    for one in found.townships:
        assert one.before.calls == one.after.calls


def test_a_plan_that_opens_nothing_gains_exactly_nothing(county: Region) -> None:
    found = block(site(county, with_drill(open=0)))
    assert all(one.gain == Interval(mean=0.0, low=0.0, high=0.0) for one in found.standards)
    assert all(one.before == one.after for one in found.standards)


def test_the_same_question_gives_the_same_bytes_and_another_seed_does_not(county: Region) -> None:
    said = with_drill()
    first = plan_json(site(county, said))
    assert first == plan_json(site(county, said))
    other = said.model_copy(update={"seed": said.seed + 1})
    assert block(site(county, other)).standards != block(site(county, said)).standards


def test_a_scenario_without_a_test_says_nothing_of_one(county: Region) -> None:
    """Old scenarios keep their digest, and old plans their bytes."""
    plain = siting()
    assert "test" not in plain.model_dump(mode="json")["siting"]
    assert "simulation" not in json.loads(plan_json(site(county, plain)))
    assert scenario_digest(plain) != scenario_digest(with_drill())


def test_check_plays_the_test_again_and_finds_a_changed_figure(county: Region, tmp_path: Path) -> None:
    write_region(county, tmp_path / "straight")
    text = plan_json(site(county, with_drill()))
    file = tmp_path / "plan.json"
    file.write_text(text, encoding="utf-8")
    report = check_plan(file, county)
    assert report.holds
    assert "simulation" in report.verified
    changed = json.loads(text)
    changed["simulation"]["standards"][0]["after"]["mean"] += 0.01
    file.write_text(json.dumps(changed), encoding="utf-8")
    (fault,) = check_plan(file, county).faults
    assert fault.code == "P109"
    assert "simulation.standards[0].after.mean" in fault.where
    del changed["simulation"]
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert [one.code for one in check_plan(file, county).faults] == ["P109"]


def test_crews_follow_the_choice(county: Region) -> None:
    """New sites get a crew, closed ones lose theirs, a station that moves takes its team along."""
    said = with_drill(closable=["s0"])
    inputs = siting_inputs(county, said.siting, Watch())
    trial = site_trial(county, said, inputs)
    assert trial is not None
    shut = stated_choice(inputs.sites, new=["c5"], closed=["s0"])
    crews = crews_of(inputs, shut, trial.teams, trial.forces, trial.levels)
    assert [team.station_id for team in crews.teams] == ["c5"]
    assert crews.of["fire"] == {"new c5 fire"}
    moved = stated_choice(inputs.sites, new=["c5"], closed=["s0"], moved={"s0": "c5"})
    (team,) = crews_of(inputs, moved, trial.teams, trial.forces, trial.levels).teams
    place = next(one for one in inputs.sites.places if one.id == "c5")
    assert (team.id, team.lon) == ("t0", place.lon)


def test_new_crews_can_do_what_most_own_teams_can_unless_said(county: Region) -> None:
    (usual,) = block(site(county, with_drill())).new_crews
    assert (usual.level, usual.turnout_s, usual.vehicle_class) == (2, 60.0, "fire_engine")
    (said,) = block(site(county, with_drill({"levels": {"fire": 1}}))).new_crews
    assert said.level == 1


def test_expected_coverage_of_the_plan_is_the_objective(county: Region) -> None:
    said = with_drill(question="mexclp", busy=0.3, units_per_site=2, open=3)
    plan = site(county, said)
    found = block(plan)
    assert found.busy == 0.3
    assert plan.objective is not None
    shares = [(one.expected_after, one.standard.people) for one in found.standards]
    assert plan.objective.value == pytest.approx(
        sum((share or 0) * people for share, people in shares), abs=1e-3
    )
    inputs = siting_inputs(county, said.siting, Watch())
    now = expected_shares(inputs, standing(inputs.sites))
    assert now == tuple(one.expected_before for one in found.standards)
    for one in found.standards:  # one station stands: its unit is free in seven of ten calls
        assert one.expected_before == pytest.approx(0.7 * (one.standard.share or 0.0), abs=1e-6)


def test_a_drill_that_tells_nothing_is_refused(county: Region) -> None:
    other = drill(kinds=[{**QUIET["kinds"][0], "teams": [{"capability": "medical"}]}])
    with pytest.raises(InputError) as refused:
        site(county, with_drill(calls=other))
    assert [fault.code for fault in refused.value.faults] == ["S171"]


def test_a_drill_that_is_not_there_is_refused(county: Region, tmp_path: Path) -> None:
    for beside in (None, tmp_path):
        with pytest.raises(InputError) as refused:
            with_test(siting(), "no-such-drill", beside=beside)
        assert [fault.code for fault in refused.value.faults] == ["S170"]
    for name in ("../drill-year.yaml", ""):
        with pytest.raises(InputError):
            with_test(siting(), name, beside=None)


def test_a_drill_file_beside_the_scenario_is_read_into_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(json.dumps(drill()), encoding="utf-8")
    said = siting().model_dump(mode="json", exclude_none=True)
    said["siting"]["test"] = "mine.yaml"
    (tmp_path / "siting.yaml").write_text(json.dumps(said), encoding="utf-8")
    test = read_scenario(tmp_path / "siting.yaml").siting.test
    assert test is not None
    assert test.read is not None
    assert test.read.drill["drill"]["calls"]["per_day"] == 10


def test_a_stopped_test_keeps_what_was_played(county: Region, tmp_path: Path) -> None:
    heard: list[float] = []

    def stop(phase: str, done: float, bound: float | None = None, incumbent: float | None = None) -> bool:
        heard.append(done)
        return phase == "tested by simulation" and done >= 0.5

    plan = site(county, with_drill(), stop)
    assert block(plan).replications == 3
    file = tmp_path / "plan.json"
    file.write_text(plan_json(plan), encoding="utf-8")
    assert check_plan(file, county).holds


def test_page_and_sheets_tell_the_test(county: Region) -> None:
    plan = site(county, with_drill())
    assert "tested" in {section.id for section in siting_page(plan, county).sections}
    sheet = siting_sheets(plan)[-1]
    assert sheet.id == "tested"
    assert len(sheet.rows) == len(block(plan).townships)
    assert "tested" not in {one.id for one in siting_sheets(site(county, siting()))}


def test_the_shipped_drill_tests_the_shipped_plan_in_one_line() -> None:
    content = read_scenario(DATA / "three-stations.yaml").model_dump(mode="json")
    content["siting"]["test"] = "drill-year"
    said = with_test(scenario_from(content, where="test"), beside=None)
    assert said.siting.test is not None
    assert said.siting.test.read is not None
    assert np.isclose(said.siting.test.read.drill["drill"]["calls"]["per_day"], 8.2)
