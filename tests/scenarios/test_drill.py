"""Drills on a county that can be followed by hand, and on Pingluo."""

import json
import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.region.region import Region
from optimizer.drill.log import Event, Outcome
from scenarios.drill import drill, play, prepared, replicate
from scenarios.drill_check import check_drill
from scenarios.drill_files import with_calls_read
from scenarios.drill_models import DrillScenario
from scenarios.drill_report import Interval, drill_json
from scenarios.drill_trace import COLUMNS, trace
from scenarios.files import read_scenario, scenario_from
from scenarios.report.bundle import Bundle
from scenarios.report.drill_page import drill_page, with_interval
from scenarios.report.drill_replay import replay_of
from scenarios.report.page import render
from scenarios.report.replay_block import replay_block
from scenarios.report.text import Text
from scenarios.shipped import DATA
from tests.scenarios.straight_county import LAT, LONS, straight_county

BUNDLE = Bundle(script="", style="")
FIRE = {"id": "fire", "teams": [{"capability": "fire"}], "within": "20 min", "on_scene": "30 min"}


def scenario(**changes: Any) -> DrillScenario:
    """Five days of fires in the straight county."""
    section: dict[str, Any] = {
        "starts": "2026-01-05T00:00:00+08:00",  # a Monday
        "length": "5 d",
        "replications": 4,
        "handling": 0,
        "kinds": [FIRE],
        "calls": {"per_day": 12},
        **changes,
    }
    return scenario_from(
        {"muster": 1, "kind": "drill", "region": "straight", "drill": section},
        where="test",
        model=DrillScenario,
    )


def logged(tmp_path: Path, rows: list[tuple[str, float]], **changes: Any) -> DrillScenario:
    """Calls at given times and longitudes."""
    lines = ["at,lon,lat", *(f"{at},{lon},{LAT}" for at, lon in rows)]
    (tmp_path / "log.csv").write_text("\n".join(lines), encoding="utf-8")
    said = scenario(calls={"log": "log.csv"}, **changes)
    return with_calls_read(said, tmp_path, where=lambda key: f"test {key}")


@pytest.fixture(scope="module")
def county() -> Region:
    return straight_county()


def test_a_call_next_door_is_reached_after_turnout_and_drive(county: Region, tmp_path: Path) -> None:
    """The team stands at v0 and needs 45 s to leave; v2 is 1,732 m away on a secondary road."""
    said = logged(tmp_path, [("2026-01-05T08:00:00", LONS[2]), ("2026-01-05T08:01:00", LONS[0])])
    ready = prepared(county, said)
    drive_ds = ready.inputs.problem.drives.drive_ds[0, 0]
    there = int(np.flatnonzero(ready.inputs.nodes[:, 0] == LONS[2])[0])
    home = int(ready.inputs.problem.fleet.home[0])
    calls, run = play(ready, 0, log=True)
    assert run.arrived_ds[0] - calls.at_ds[0] == 450 + drive_ds[there, home] > 450
    assert run.ordered_ds[1] == run.arrived_ds[0] + 18_000, "the second call waits until the first is done"
    assert run.arrived_ds[1] - run.ordered_ds[1] == drive_ds[home, there], "from the scene, without turnout"
    assert (run.outcome == Outcome.SERVED).all()


def test_without_waiting_the_second_call_is_lost(county: Region, tmp_path: Path) -> None:
    said = logged(tmp_path, [("2026-01-05T08:00:00", LONS[2]), ("2026-01-05T08:01:00", LONS[0])], waits=False)
    _, run = play(prepared(county, said), 0)
    assert run.outcome.tolist() == [Outcome.SERVED, Outcome.LOST]


def test_a_closed_road_keeps_the_call_waiting_until_it_opens(county: Region, tmp_path: Path) -> None:
    closure = {
        "id": "bridge", "road_ids": ["r1"],
        "valid_from": "2026-01-05T07:00:00+08:00", "valid_to": "2026-01-05T10:00:00+08:00",
    }  # fmt: skip
    said = logged(tmp_path, [("2026-01-05T08:00:00", LONS[3])], closures=[closure])
    ready = prepared(county, said)
    _, run = play(ready, 0, log=True)
    assert len(ready.inputs.problem.drives.drive_ds) == 2
    assert run.ordered_ds[0] == 10 * 36_000 + 1, "a closure holds up to and at its end"


def test_states_of_the_roads_that_no_team_tells_apart_share_their_drives(
    county: Region, tmp_path: Path
) -> None:
    """A second closure of a closed road is a state of its own, under its own number, with the same drives."""
    first = {
        "id": "bridge", "road_ids": ["r1"],
        "valid_from": "2026-01-05T07:00:00+08:00", "valid_to": "2026-01-05T10:00:00+08:00",
    }  # fmt: skip
    second = first | {"id": "works", "valid_from": "2026-01-05T08:00:00+08:00"}
    said = logged(tmp_path, [("2026-01-05T09:00:00", LONS[3])], closures=[first, second])
    ready = prepared(county, said)
    drives = ready.inputs.problem.drives
    assert (drives.tables.tolist(), len(drives.drive_ds)) == ([0, 1, 1], 2)
    _, run = play(ready, 0, log=True)
    assert [row[5] for row in run.log.tolist() if row[1] == Event.ROADS] == [1, 2, 0]
    assert run.ordered_ds[0] == 10 * 36_000 + 1, "it waits under the second state too"
    assert drill(county, said).road_states == 3


def test_traffic_slows_the_drive_at_its_hours_only(county: Region, tmp_path: Path) -> None:
    rows = [
        ("2026-01-05T07:30:00", LONS[5]),
        ("2026-01-05T12:30:00", LONS[5]),
        ("2026-01-10T07:30:00", LONS[5]),
    ]
    said = logged(
        tmp_path, rows, length="7 d",
        traffic=[{"hours": [7], "weekdays": [1, 2, 3, 4, 5], "speed_factor": 0.5}],
    )  # fmt: skip
    calls, run = play(prepared(county, said), 0)
    drive = run.arrived_ds - calls.at_ds - 450
    assert drive[1] == drive[2]
    assert drive[0] == pytest.approx(2 * drive[1], rel=0.02)


def test_a_team_off_shift_is_not_sent(county: Region, tmp_path: Path) -> None:
    shift = {"team": "t0", "start": "08:00", "end": "20:00"}
    rows = [("2026-01-05T06:00:00", LONS[1]), ("2026-01-05T21:00:00", LONS[1])]
    _, run = play(prepared(county, logged(tmp_path, rows, teams={"shifts": [shift]})), 0, log=True)
    assert run.ordered_ds.tolist() == [8 * 36_000, (24 + 8) * 36_000]


def test_a_report_is_the_same_bytes_again_and_in_another_process(county: Region) -> None:
    said = scenario()
    first = drill_json(drill(county, said))
    assert first == drill_json(drill(county, said))
    there = pickle.loads(pickle.dumps(prepared(county, said)))
    here = replicate(prepared(county, said), 2)
    assert np.array_equal(here.parts[0].total, replicate(there, 2).parts[0].total, equal_nan=True)


def test_fewer_teams_see_the_same_calls(county: Region) -> None:
    """Common random numbers: what differs between two drills is what was changed in them."""
    with_team, _ = play(prepared(county, scenario()), 3)
    without, run = play(prepared(county, scenario(teams={"out": ["t0"]})), 3)
    assert np.array_equal(with_team.at_ds, without.at_ds)
    assert np.array_equal(with_team.node, without.node)
    assert (run.outcome == Outcome.OPEN).all()


def test_zero_teams_are_told_and_every_call_stays_open(county: Region) -> None:
    report = drill(county, scenario(teams={"out": ["t0"]}))
    assert "X420" in [warning.code for warning in report.warnings]
    assert report.totals.open.mean == report.totals.calls.mean
    assert report.totals.in_time.mean == 0
    assert report.totals.p90_s.mean is None


def test_totals_are_those_of_kinds_and_townships(county: Region) -> None:
    report = drill(county, scenario(kinds=[FIRE, FIRE | {"id": "other", "share": 2}]))
    total = report.totals.calls.mean
    assert total == pytest.approx(sum(one.figures.calls.mean or 0 for one in report.kinds))
    assert total == pytest.approx(sum(one.figures.calls.mean or 0 for one in report.townships))
    assert report.totals.calls.mean == pytest.approx(60, rel=0.3)


def test_one_long_run_has_intervals_by_batches(county: Region) -> None:
    report = drill(county, scenario(replications=1, length="200 d", batches=10))
    assert (report.replications, report.batches) == (1, 10)
    assert report.totals.calls.mean == pytest.approx(2_400, rel=0.1)
    assert report.totals.mean_s.low is not None


def test_the_trace_tells_every_event_in_words(county: Region) -> None:
    rows = trace(prepared(county, scenario()))
    assert {row[1] for row in rows} <= {event.name.lower() for event in Event}
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)  # type: ignore[type-var]  # all floats


def test_rates_by_hour_put_calls_into_these_hours(county: Region, tmp_path: Path) -> None:
    hours = [0.0] * 24
    hours[9] = 1.0
    calls, _ = play(prepared(county, scenario(calls={"per_day": 40, "hours": hours})), 0)
    assert set((calls.at_ds // 36_000 % 24).tolist()) == {9}


def test_idle_teams_move_to_the_posts_of_the_table(tmp_path: Path) -> None:
    teams = pd.DataFrame(
        {
            "id": ["t0", "t1"], "source": "test", "station_id": "s0", "force": "fire_rescue", "people": 9,
            "capabilities": "fire:2", "turnout_s": 60, "lon": [LONS[0], LONS[0]], "lat": LAT,
        }
    )  # fmt: skip
    county = straight_county(teams=teams)
    said = logged(
        tmp_path, [("2026-01-05T08:00:00", LONS[8])],
        move_up={"policy": "table", "posts": {1: ["c5"], 2: ["s0", "c8"]}},
    )  # fmt: skip
    ready = prepared(county, said)
    _, run = play(ready, 0, log=True)
    moved = [ready.inputs.names[node] for _, event, *_, node in run.log.tolist() if event == Event.MOVE_UP]
    assert moved[0] == "c8", "before any call, one of two waits in the east"
    assert "c5" in moved, "while it is out, the other one waits in the middle"


def test_flow_and_optimised_move_up_run_on_the_real_code(county: Region) -> None:
    said = scenario(engine="exact", dispatch="flow", move_up={"policy": "optimised"}, replications=2)
    report = drill(county, said)
    nearest = drill(county, scenario(replications=2))
    assert report.totals.calls == nearest.totals.calls
    assert report.totals.served.mean is not None


@pytest.mark.parametrize("name", ["drill-year", "drill-flood-day"])
def test_the_shipped_drills_can_be_read(name: str) -> None:
    said = read_scenario(DATA / f"{name}.yaml", DrillScenario)
    assert said.drill.kinds


def test_a_report_is_verified_by_playing_it_again_and_a_changed_figure_is_found(
    county: Region, tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    report = drill(county, scenario(replications=2))
    path.write_text(drill_json(report), encoding="utf-8")
    assert check_drill(path, county).holds
    wrong = report.totals.model_copy(update={"lost": Interval(mean=1.0)})
    path.write_text(drill_json(report.model_copy(update={"totals": wrong})), encoding="utf-8")
    assert [fault.code for fault in check_drill(path, county).faults][:1] == ["P109"]


def test_the_replay_moves_teams_along_roads_from_place_to_place_in_time(county: Region) -> None:
    ready = prepared(county, scenario())
    replay = replay_of(ready, trace(ready), county, from_h=0.0, hours=168.0)
    calls = play(ready, 0)[0]
    end = min(168 * 3600, ready.scenario.drill.length)
    assert len(replay.calls) == sum(at_ds / 10 < end for at_ds in calls.at_ds.tolist())
    drives = [drive for course in replay.teams for drive in course.drives]
    assert drives
    for course in replay.teams:
        for (_, to_s, line), (from_s, _, following) in pairwise(course.drives):
            assert from_s >= to_s
            assert line[-1] == following[0]
    assert all(from_s <= to_s and len(line) > 1 for from_s, to_s, line in drives)


def test_without_a_begin_the_hours_with_most_calls_are_replayed(county: Region) -> None:
    ready = prepared(county, scenario())
    rows = trace(ready)
    busiest = replay_of(ready, rows, county, hours=2.0)
    assert not busiest.chosen
    for hour in range(0, int(ready.scenario.drill.length / 3600), 2):
        other = replay_of(ready, rows, county, from_h=float(hour), hours=2.0)
        assert len(other.calls) <= len(busiest.calls)
    with pytest.raises(InputError) as refused:
        replay_of(ready, rows, county, from_h=1e9)
    assert [fault.code for fault in refused.value.faults] == ["S475"]


def test_the_page_carries_the_replay_in_both_languages_and_the_same_bytes(county: Region) -> None:
    ready = prepared(county, scenario())
    block = replay_block(replay_of(ready, trace(ready), county), ready.scenario)
    assert block == replay_block(replay_of(ready, trace(ready), county), ready.scenario)
    page = render(drill_page(drill(county, scenario(), ready=ready), county, replay=block), bundle=BUNDLE)
    assert page.count('id="replay-data"') == page.count('id="replay-time"') == 1
    assert json.loads(block.replay.data)["calls"][0][0] == block.layer.features[0].id
    plain = render(drill_page(drill(county, scenario(), ready=ready), county), bundle=BUNDLE)
    assert 'id="replay-time"' not in plain


def test_two_replications_promise_nothing_impossible(county: Region) -> None:
    report = drill(county, scenario(replications=2, length="1 d", calls={"per_day": 3}))
    for one in (report.totals, *(kind.figures for kind in report.kinds)):
        for name in type(one).model_fields:
            found = getattr(one, name)
            assert found.low is None or found.low >= 0
        assert one.in_time.high is None or one.in_time.high <= 1
    assert with_interval(Interval(mean=0.4, low=0.0, high=1.0), "percent") == Text(
        "40.0（0.0 至 100.0）", "40.0 (0.0 to 100.0)"
    )


def test_teams_of_one_long_run_have_intervals_and_shares_of_their_duty(county: Region) -> None:
    """On duty from 8 to 16: a third of the time."""
    shift = {"team": "t0", "start": "08:00", "end": "16:00"}
    said = scenario(replications=1, length="30 d", batches=10, teams={"shifts": [shift]})
    (team,) = drill(county, said).teams
    assert team.on_duty == pytest.approx(1 / 3)
    assert team.utilisation.low is not None
    assert team.jobs.low is not None
    assert team.utilisation.mean is not None
    assert team.utilisation_on_duty.mean == pytest.approx(3 * team.utilisation.mean, abs=1e-5)


def test_a_patient_goes_to_the_hospital_that_is_nearest_for_the_vehicle_that_carries() -> None:
    """Each class has its own nearest hospital, whatever class stands first in the alphabet."""
    places = pd.DataFrame(
        [
            {"id": f"h{k}", "source": "test", "name_zh": "医院", "lon": LONS[k], "lat": LAT}
            for k in (1, 9)
        ]
    )  # fmt: skip
    kind = FIRE | {"hospital": {"share": 1, "handover": "5 min"}}
    problem = prepared(straight_county(hospitals=places), scenario(kinds=[kind])).inputs.problem
    drives = problem.drives
    assert drives.hospital is not None
    for state, mode, node in np.ndindex(drives.hospital.shape):
        at = drives.hospital[state, mode, node]
        best = drives.drive_ds[state, mode, np.unique(drives.hospital[drives.hospital >= 0]), node].min()
        assert at < 0 or drives.drive_ds[state, mode, at, node] == best


def test_more_open_slots_than_one_question_holds_are_told(county: Region, tmp_path: Path) -> None:
    """One team, 410 calls at once; the plan over all of them looks at the first 400."""
    rows = [("2026-01-05T08:00:00", LONS[k % 5]) for k in range(410)]
    said = logged(tmp_path, rows, engine="exact", dispatch="flow", length="9 h", replications=1)
    codes = [one.code for one in drill(county, said).warnings]
    assert "X427" in codes
    few = logged(tmp_path, rows[:20], engine="exact", dispatch="flow", length="9 h", replications=1)
    assert "X427" not in [one.code for one in drill(county, few).warnings]
