"""Reserve runs: a cluster that is silent, one budget of time, files without a clock."""

import time
from pathlib import Path

import pytest

from geo.errors import InputError
from optimizer.reserve.stochastic import stock_reserve
from optimizer.watch import Watch
from scenarios.report.reserve_files import write_reserve
from scenarios.report.reserve_needs import needs_table
from scenarios.report.reserve_words import names_of
from scenarios.reserve_plan import ReservePlan
from scenarios.stock import RELATIVE_GAP, _in_units, stock
from scenarios.stock_problem import stock_inputs
from tests.scenarios.reserve_county import reserve_county, reserve_scenario


@pytest.fixture(scope="module")
def straight() -> ReservePlan:
    return stock(reserve_county(), reserve_scenario())


@pytest.mark.filterwarnings("default")  # Dask warns of its own sockets
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tcp://dead.invalid:8786", "nonsense://here"])
def test_a_cluster_that_does_not_answer_is_refused_before_any_work(address: str) -> None:
    """Also where the question is small enough to need none; without Dask the extra is asked for."""
    heard: list[str] = []

    def progress(phase: str, done: float, bound: float | None = None, incumbent: float | None = None) -> None:
        heard.append(phase)

    with pytest.raises(InputError, match="S435") as refused:
        stock(reserve_county(), reserve_scenario(), progress, cluster=address)
    assert refused.value.faults[0].where == f"cluster {address}"
    assert set(heard) <= {"scenarios"}


def test_amounts_and_whole_units_share_one_budget() -> None:
    """Nothing of the time is granted again: what is used up is not there for the second search."""
    inputs = stock_inputs(reserve_county(), reserve_scenario())
    answer = stock_reserve(inputs.problem, aim=inputs.aim, relative_gap=RELATIVE_GAP)
    found, bound, cut_by = _in_units(inputs, answer, Watch(0.0), None)
    assert (bound, cut_by) == (answer.bound, "time")
    in_time, proven, uncut = _in_units(inputs, answer, Watch(60.0), None)
    assert uncut is None
    assert in_time.objective <= found.objective
    assert proven is not None
    assert answer.bound is not None
    assert proven >= answer.bound


def test_files_of_a_plan_are_the_same_bytes_two_seconds_later(straight: ReservePlan, tmp_path: Path) -> None:
    """Every one of them; archives count time in steps of two seconds."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = list(write_reserve(straight, tmp_path / "a"))
    time.sleep(2.1)
    second = list(write_reserve(straight, tmp_path / "b"))
    assert {file.suffix for file in first} >= {".json", ".xlsx", ".gpkg", ".csv"}
    assert [file.name for file in first] == [file.name for file in second]
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def test_the_needs_say_that_each_shelter_rounds_up(straight: ReservePlan) -> None:
    note = needs_table(straight, names_of(straight, reserve_county())).note
    assert note is not None
    assert "household counts as a household" in note.en
    assert "分别取整" in note.zh
