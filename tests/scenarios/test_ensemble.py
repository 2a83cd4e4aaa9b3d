"""Ensembles: members, what is changed, engines, what is kept, what it all says."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.errors import InputError
from geo.region.files import read_region
from scenarios.dispatch import dispatch
from scenarios.drill import play, prepared
from scenarios.ensemble import EnsembleResult, ensemble
from scenarios.ensemble_base import member_measures, read_base
from scenarios.ensemble_measures import Measures
from scenarios.ensemble_members import Batches, BatchSize, member, members
from scenarios.ensemble_models import EnsembleScenario, EnsembleSection
from scenarios.ensemble_store import MEMBERS, PARTS, Store
from scenarios.ensemble_summary import summary
from scenarios.files import read_scenario, scenario_from
from scenarios.report.ensemble_page import ensemble_page
from scenarios.report.page import render
from scenarios.shipped import DATA, PINGLUO
from scenarios.task_pool import Job, Processes
from tests.scenarios.small_ensemble import write_small

MOST = settings(deadline=None, max_examples=60)


class Here:
    """Tasks one after the other in this process."""

    def __init__(self, most: int | None = None) -> None:
        self.most, self.tasks = most, 0

    def results(self, job: Job, tasks: Any) -> Any:
        for task in tasks:
            if self.most is not None and self.tasks >= self.most:
                return
            self.tasks += 1
            yield task, job.work(job.shared, task)


def _section(**changes: Any) -> EnsembleSection:
    return EnsembleSection.model_validate({"scenario": "a.yaml", **changes})


def _run(file: Path, out: Path, engine: Any = None) -> EnsembleResult:
    scenario = read_scenario(file, EnsembleScenario)
    region = read_region(file.parent / scenario.region)
    return ensemble(region, scenario, beside=file.parent, out=out, engine=engine or Here())


SWEPT = _section(
    replications=3,
    vary=[
        {"path": "a", "values": [1, 2]},
        {"path": "b", "draw": {"uniform": [0, 1]}},
        {"path": "c", "values": ["x", "y", "z"]},
    ],
)


def test_every_combination_meets_every_replication_once() -> None:
    found = list(members(SWEPT, seed=1))
    assert [one.number for one in found] == list(range(18))
    assert {(one.changes["a"], one.changes["c"], one.replication) for one in found} == {
        (a, c, r) for a in (1, 2) for c in "xyz" for r in range(3)
    }


def test_combinations_meet_the_same_chance_and_replications_another() -> None:
    found = list(members(SWEPT, seed=1))
    drawn = {one.replication: {other.changes["b"] for other in found if other.replication == one.replication}
             for one in found}  # fmt: skip
    assert [len(values) for values in drawn.values()] == [1, 1, 1]
    assert len(set.union(*drawn.values())) == 3
    assert {one.changes["b"] for one in members(SWEPT, seed=2)}.isdisjoint(set.union(*drawn.values()))


@pytest.mark.parametrize(
    ("draw", "holds"),
    [
        ({"uniform": [2, 5]}, lambda v: 2 <= v <= 5),
        ({"whole": [1, 3]}, lambda v: v in (1, 2, 3)),
        ({"normal": [0, 1]}, lambda v: isinstance(v, float)),
        ({"choice": ["a", "b"], "weights": [1, 9]}, lambda v: v in ("a", "b")),
        ({"each": [1, 2, 3], "chance": 0.5}, lambda v: set(v) <= {1, 2, 3}),
        ({"sample": [4, 5, 6], "count": 2}, lambda v: len(set(v)) == 2 and set(v) <= {4, 5, 6}),
    ],
)
def test_what_is_drawn_is_of_its_kind(draw: dict[str, Any], holds: Any) -> None:
    section = _section(replications=200, vary=[{"path": "a", "draw": draw}])
    values = [member(section, 7, number).changes["a"] for number in range(200)]
    assert all(holds(value) for value in values)
    assert len({str(value) for value in values}) > 1


def test_draws_have_their_law() -> None:
    section = _section(
        replications=3000,
        vary=[
            {"path": "a", "draw": {"uniform": [0, 1]}},
            {"path": "b", "draw": {"choice": [0, 1], "weights": [1, 3]}},
            {"path": "c", "draw": {"whole": [1, 6]}},
        ],
    )
    found = [member(section, 11, number).changes for number in range(3000)]
    assert stats.kstest([one["a"] for one in found], "uniform").pvalue > 1e-4
    assert stats.binomtest(sum(one["b"] for one in found), 3000, 0.75).pvalue > 1e-4
    assert stats.chisquare(np.bincount([one["c"] for one in found])[1:]).pvalue > 1e-4


@given(done=st.sets(st.integers(0, 17)), sizes=st.lists(st.integers(1, 6), min_size=1))
@MOST
def test_batches_hold_each_missing_member_once_whatever_their_size(done: set[int], sizes: list[int]) -> None:
    size, found = BatchSize(), list[int]()
    for number, batch in enumerate(Batches(SWEPT, done, size)):
        found += batch
        size.members = sizes[number % len(sizes)]
    assert found == sorted(set(range(18)) - done)


@given(
    done=st.sets(st.integers(0, 17)),
    sizes=st.lists(st.integers(1, 6), min_size=1),
    turns=st.lists(st.integers(0, 2), min_size=60, max_size=60),
)
@MOST
def test_workers_keep_to_their_stretch_and_then_help(
    done: set[int], sizes: list[int], turns: list[int]
) -> None:
    """Whoever draws when, each missing member is handed out once, and none before the own ones are done."""
    size = BatchSize()
    drawn = Batches(SWEPT, done, size)
    missing = sorted(set(range(18)) - done)
    own = [missing[len(missing) * part // 3 : len(missing) * (part + 1) // 3] for part in range(3)]
    found = list[int]()
    for number, worker in enumerate((*turns, *(0,) * 18)):
        left = set(own[worker]) - set(found)
        batch = drawn.draw(worker, 3)
        assert batch is None or not left or left >= set(batch)
        found += batch or ()
        size.members = sizes[number % len(sizes)]
    assert sorted(found) == missing
    assert drawn.draw(0, 3) is None


def test_a_task_grows_until_it_lasts_long_enough_and_shrinks_near_the_end() -> None:
    """Members of a millisecond: 750 a task; of the last 1,200 a quarter, so that two workers end together."""
    size = BatchSize()
    for _ in range(7):
        size.learn(size.members, 0.001 * size.members)
    assert size.members == 750
    assert [size.among(left, 2) for left in (10_000, 3_000, 1_200, 40)] == [750, 750, 300, 250]
    size.learn(250, 100.0)
    assert (size.members, size.among(100, 2), size.among(2, 2)) == (2, 2, 1)


def test_a_member_is_what_the_use_case_answers_for_its_values(tmp_path: Path) -> None:
    """The values written into the scenario by hand give the same figures."""
    file = write_small(tmp_path)
    scenario = read_scenario(file, EnsembleScenario)
    region = read_region(tmp_path / "county")
    base = read_base(scenario, tmp_path, region)
    one = member(scenario.ensemble, scenario.seed, 7)
    changed = base.changed(one.changes, one.seed)
    plan = dispatch(region, changed.scenario, changed.board)
    assert changed.scenario.incidents[0].level == "IV"
    assert changed.board is not None
    assert [(team.id, team.status) for team in changed.board.teams] == [
        (one.changes["board.off_duty"][0], "off_duty")
    ]
    rows = _run(file, tmp_path / "out")
    kept = pd.read_parquet(rows.store / MEMBERS).set_index("member").loc[7]
    assert kept["slots_filled"] == sum(row.filled for row in plan.measures.incidents)
    assert kept["weighted_arrival_s"] == plan.measures.weighted_arrival_s
    assert kept["set.incidents.0.level"] == "IV"


def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    file = write_small(tmp_path)
    for name, engine in (("here", Here()), ("three", Processes(3))):
        _run(file, tmp_path / name, engine)
    assert (tmp_path / "here" / MEMBERS).read_bytes() == (tmp_path / "three" / MEMBERS).read_bytes()


def test_a_run_that_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    file, out = write_small(tmp_path), tmp_path / "out"
    whole = _run(file, tmp_path / "whole")
    part = _run(file, out, Here(most=2))
    assert not part.whole
    assert part.done == len(Store(out, _header(out)).done()) > 0
    rest = Here()
    again = _run(file, out, rest)
    assert again.whole
    assert (out / MEMBERS).read_bytes() == (tmp_path / "whole" / MEMBERS).read_bytes()
    assert again.combinations == whole.combinations
    assert not (out / PARTS).exists()
    done = Here()
    _run(file, out, done)
    assert done.tasks == 0


def test_a_half_written_part_is_no_part(tmp_path: Path) -> None:
    file, out = write_small(tmp_path), tmp_path / "out"
    _run(file, out, Here(most=1))
    broken = out / PARTS / ".000000009.abc.parquet.part"
    broken.write_bytes(b"PAR1 half")
    assert _run(file, out).whole


def _header(out: Path) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads((out / "ensemble.json").read_text(encoding="utf-8"))
    return found


def test_another_ensemble_does_not_go_on_in_the_folder(tmp_path: Path) -> None:
    file, out = write_small(tmp_path), tmp_path / "out"
    _run(file, out, Here(most=1))
    with pytest.raises(InputError, match="S488"):
        _run(write_small(tmp_path, replications=6), out)


@given(
    st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=2, max_size=4),
)
@MOST
def test_the_summary_is_what_numpy_and_scipy_say(values: list[list[float]]) -> None:
    rows: dict[int, Measures] = {
        3 * combination + at: {"status": "optimal", "x": value}
        for combination, three in enumerate(values)
        for at, value in enumerate(three)
    }
    found = summary(rows, combinations=len(values), replications=3, confidence=0.9)
    for one, three in zip(found, values, strict=True):
        (figure,) = one.figures
        assert (figure.count, one.statuses) == (3, {"optimal": 3})
        rounding = 1e-12 * max(1.0, *map(abs, three))
        assert figure.mean == pytest.approx(np.mean(three), abs=rounding)
        assert (figure.least, figure.most) == (min(three), max(three))
        assert figure.p50 == pytest.approx(np.median(three))
        if np.std(three) > 0:
            low, _ = stats.t.interval(0.9, 2, np.mean(three), stats.sem(three))
            assert figure.half_width == pytest.approx(np.mean(three) - low, abs=rounding)
        if one.number:
            assert figure.against_first is not None
            assert figure.against_first[0] == pytest.approx(np.mean(np.subtract(three, values[0])), abs=1e-6)


def test_a_member_whose_values_make_no_scenario_is_told_by_its_code(tmp_path: Path) -> None:
    vary = [{"path": "incidents.0.distances.isolate_m", "draw": {"choice": [300, -5]}}]
    result = _run(write_small(tmp_path, vary=vary, replications=12), tmp_path / "out")
    statuses = result.combinations[0].statuses
    assert set(statuses) == {"S109", "optimal"}
    assert sum(statuses.values()) == 12
    assert "12" in render(ensemble_page(result))


def test_a_partial_page_loads_itself_again_and_a_whole_one_does_not(tmp_path: Path) -> None:
    file = write_small(tmp_path)
    part = _run(file, tmp_path / "out", Here(most=1))
    assert 'http-equiv="refresh"' in render(ensemble_page(part))
    assert 'http-equiv="refresh"' not in render(ensemble_page(_run(file, tmp_path / "out")))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"vary": [{"path": "incidents.7.level", "values": ["I"]}]}, "S485"),
        ({"vary": [{"path": "weather.wind_from_deg.x", "values": [1]}]}, "S485"),
        ({"vary": [{"path": "incidents.0.colour", "values": ["red"]}]}, "S105"),
        ({"vary": [{"path": "incidents.0.level", "values": ["V"]}]}, "S110"),
        ({"vary": [{"path": "board.off_duty", "values": [["nobody"]]}]}, ""),
        ({"scenario": "missing.yaml"}, "S101"),
        ({"scenario": "ensemble.yaml"}, "S487"),
        ({"board": "missing.json"}, "S215"),
    ],
)
def test_bad_ensembles_are_refused_before_anything_runs(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    file, engine = write_small(tmp_path, **changes), Here()
    if not code:
        assert _run(file, tmp_path / "out", engine).whole
        return
    with pytest.raises(InputError) as refused:
        _run(file, tmp_path / "out", engine)
    assert refused.value.faults[0].code == code
    assert engine.tasks == 0


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ({"vary": [{"path": "a", "values": [1], "draw": {"uniform": [0, 1]}}]}, "S483"),
        ({"vary": [{"path": "a"}]}, "S483"),
        ({"vary": [{"path": "a b", "values": [1]}]}, "S483"),
        ({"vary": [{"path": "a", "values": [1]}, {"path": "a", "values": [2]}]}, "S483"),
        ({"vary": [{"path": "a", "draw": {}}]}, "S482"),
        ({"vary": [{"path": "a", "draw": {"uniform": [1, 0]}}]}, "S482"),
        ({"vary": [{"path": "a", "draw": {"uniform": [0, 1], "whole": [0, 1]}}]}, "S482"),
        ({"vary": [{"path": "a", "draw": {"choice": [1, 2], "weights": [1]}}]}, "S482"),
        ({"vary": [{"path": "a", "draw": {"each": [1]}}]}, "S482"),
        ({"vary": [{"path": "a", "draw": {"sample": [1], "count": 2}}]}, "S482"),
        ({"vary": [{"path": "a", "values": []}]}, "S107"),
        ({"vary": [{"path": "a", "values": list(range(2000))}], "replications": 1000}, "S484"),
        ({"replications": 0}, "S109"),
        ({"color": 1}, "S105"),
    ],
)
def test_bad_sections_have_their_codes(section: dict[str, Any], code: str) -> None:
    content = {
        "muster": 1, "kind": "ensemble", "region": "county", "ensemble": {"scenario": "a.yaml", **section},
    }  # fmt: skip
    with pytest.raises(InputError) as refused:
        scenario_from(content, where="e.yaml", model=EnsembleScenario)
    assert refused.value.faults[0].code == code


def test_only_incidents_have_a_board(tmp_path: Path) -> None:
    file = write_small(tmp_path)
    scenario = read_scenario(file, EnsembleScenario)
    base = replace(read_base(scenario, tmp_path, read_region(tmp_path / "county")), kind="siting")
    with pytest.raises(InputError, match="S486"):
        base.changed({"board.off_duty": ["t0"]}, None)


def test_a_member_of_a_drill_is_one_replication_and_combinations_share_the_calls() -> None:
    """The calls are those of the member's seed; without mutual aid they are the same."""
    scenario = read_scenario(DATA / "flood-days.yaml", EnsembleScenario)
    region = read_region(PINGLUO)
    base = read_base(scenario, DATA, region)
    one = member(scenario.ensemble, scenario.seed, 1)
    found = member_measures(base, one, own_seed=True)
    changed = base.changed(one.changes, one.seed).scenario
    calls, run = play(prepared(region, changed), 0)
    first_ds = run.first_arrival_ds()
    waited_s = (first_ds - calls.at_ds)[first_ds >= 0] / 10
    assert found["calls"] == len(calls)
    assert found["response_mean_s"] == pytest.approx(waited_s.mean())
    alone = member_measures(base, member(scenario.ensemble, scenario.seed, 1001), own_seed=True)
    assert (alone["calls"], found["status"]) == (found["calls"], "done")
