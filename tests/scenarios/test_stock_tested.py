"""Reserve plans tested by deliveries that are played, on a county that can be followed by hand."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.closures import Closure
from geo.errors import InputError
from geo.region.region import Region
from optimizer.watch import Watch
from scenarios.files import scenario_digest
from scenarios.report.reserve_page import reserve_page
from scenarios.reserve_check import check_reserve, stated_holding
from scenarios.reserve_models import ReserveScenario, plan_alone, with_test
from scenarios.reserve_plan import ReservePlan, reserve_json
from scenarios.reserve_simulation import ReserveSimulation
from scenarios.stock import stock
from scenarios.stock_haulage import haulage, road_changes
from scenarios.stock_problem import stock_inputs
from scenarios.stock_tested import simulation
from tests.scenarios.reserve_county import flood, quake, reserve_county, reserve_scenario
from tests.scenarios.straight_county import LAT, LONS

OFTEN = 12


def trucks(number: int = 6, **changes: object) -> pd.DataFrame:
    """A transport team at v0."""
    team = {
        "id": "carriers", "force": "enterprise", "people": 20, "vehicles": number,
        "capabilities": "transport:1", "vehicle_class": "truck", "turnout_s": 600, "lon": LONS[0],
        "lat": LAT, "source": "assumed",
    }  # fmt: skip
    return pd.DataFrame([{**team, **changes}])


def asked(**test: Any) -> ReserveScenario:
    """Half floods, half earthquakes; nothing varies by chance unless said."""
    said = {"replications": OFTEN, "drive_cv": 0.0, "handling_cv": 0.0, **test}
    plain = reserve_scenario(flood(probability=0.5), quake(probability=0.5))
    content = plan_alone(plain).model_dump(mode="json")
    content["reserve"]["test"] = said
    return ReserveScenario.model_validate(content)


@pytest.fixture(scope="module")
def county() -> Region:
    return reserve_county(teams=trucks())


@pytest.fixture(scope="module")
def plan(county: Region) -> ReservePlan:
    return stock(county, asked())


def block(plan: ReservePlan) -> ReserveSimulation:
    assert plan.simulation is not None
    return plan.simulation


def played(region: Region, plan: ReservePlan, **test: Any) -> ReserveSimulation:
    """The same holding under another test."""
    inputs = stock_inputs(region, asked(**test))
    assert inputs.section.test is not None
    found = simulation(
        region, inputs, plan, stated_holding(plan, inputs), haulage(region, inputs, inputs.section.test),
        watch=Watch(),
    )  # fmt: skip
    assert found is not None
    return found


def test_what_is_played_never_beats_what_is_counted_on_closed_roads_that_stay(plan: ReservePlan) -> None:
    """Earthquakes close no road for a time: there no truck is quicker than the counted door time."""
    found = block(plan)
    assert found.scenarios == OFTEN
    assert found.served.played.mean is not None
    assert 0 <= found.served.played.mean <= plan.people
    for one in (found.everybody, *found.met):
        assert one.played.low is not None
        assert one.played.high is not None
        assert 0 <= one.played.low <= one.played.high <= 1


def test_fewer_trucks_and_docks_bring_no_more(county: Region, plan: ReservePlan) -> None:
    many = played(county, plan, docks=10)
    few = played(reserve_county(teams=trucks(1)), plan, docks=1)
    assert sum(one.trucks for one in few.fleets) == 1
    for one, other in zip(few.met, many.met, strict=True):
        assert (one.played.mean or 0) <= (other.played.mean or 0) + 1e-9
    waits = [one.wait_most_s for one in many.depots]
    assert all(wait == 0 for wait in waits)


def test_the_same_question_gives_the_same_bytes(county: Region, plan: ReservePlan) -> None:
    assert reserve_json(stock(county, asked())) == reserve_json(plan)


def test_chance_moves_the_times_and_hangs_on_the_seed_alone(county: Region, plan: ReservePlan) -> None:
    one, again = (played(county, plan, drive_cv=0.5, handling_cv=0.5) for _ in range(2))
    assert one == again
    other = played(county, plan.model_copy(update={"seed": 5}), drive_cv=0.5, handling_cv=0.5)
    assert other.townships != one.townships


def test_without_a_test_nothing_is_said_of_one(county: Region) -> None:
    plain = plan_alone(asked())
    assert "test" not in plain.model_dump(mode="json")["reserve"]
    assert scenario_digest(plain) != scenario_digest(asked())
    assert "simulation" not in json.loads(reserve_json(stock(county, plain)))


def test_check_plays_again_and_finds_a_changed_figure(
    county: Region, plan: ReservePlan, tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(reserve_json(plan), encoding="utf-8")
    report = check_reserve(file, county)
    assert report.holds
    assert "simulation" in report.verified
    changed = json.loads(reserve_json(plan))
    changed["simulation"]["served"]["played"]["mean"] += 1.0
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert [one.code for one in check_reserve(file, county).faults] == ["P109"]


def test_a_region_without_trucks_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        stock(reserve_county(), asked())
    assert [one.code for one in refused.value.faults] == ["S436"]


def test_roads_change_when_closures_begin_and_end() -> None:
    """Closed from 1 h to 2 h, both inclusive: three states, the last from a tick after."""
    (emergency,) = reserve_scenario(flood(probability=1)).reserve.scenarios
    begins = emergency.at
    shut = Closure(
        id="shut", road_ids=("r1",), closed=True,
        valid_from=begins + timedelta(hours=1), valid_to=begins + timedelta(hours=2),
    )  # fmt: skip
    at, states = road_changes(emergency, [shut], 10 * 3600)
    assert at.tolist() == [36_000, 72_001]
    assert [len(one) for one in states] == [0, 1, 0]
    at, states = road_changes(emergency, [], 3600)
    assert (at.tolist(), states) == ([], [()])


def test_the_number_on_the_way_replaces_that_of_the_scenario() -> None:
    test = with_test(asked(docks=3), 40).reserve.test
    assert test is not None
    assert (test.replications, test.docks) == (40, 3)
    short = ReserveScenario.model_validate(
        {
            **asked().model_dump(mode="json"),
            "reserve": {**asked().reserve.model_dump(mode="json"), "test": 30},
        }
    )
    assert short.reserve.test is not None
    assert short.reserve.test.replications == 30


def test_the_page_tells_what_was_played_and_compares(county: Region, plan: ReservePlan) -> None:
    sections = {one.id: one for one in reserve_page(plan, county).sections}
    words = repr(sections["tested"])
    assert "not in convoys" in words
    assert "the analytic figure lies" in words
    assert "解析值在区间" in words
    plain = plan.model_copy(update={"simulation": None})
    assert "tested" not in {one.id for one in reserve_page(plain, county).sections}


def test_townships_wait_until_all_they_must_have_is_there(plan: ReservePlan) -> None:
    for one in block(plan).townships:
        assert one.scenarios <= OFTEN
        if one.p50_s is not None:
            assert one.p90_s is not None
            assert one.p95_s is not None
            assert 0 < one.p50_s <= one.p90_s <= one.p95_s <= max(plan.windows_s)
