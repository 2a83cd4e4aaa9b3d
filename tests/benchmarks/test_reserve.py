"""The reserve benchmarks: every row that was asked for has a case; small ones run and are checked."""

from pathlib import Path

import pytest

from benchmarks.registry import Options, cases
from benchmarks.reserve_instances import pingluo
from benchmarks.reserve_peers import plain_extensive
from benchmarks.reserve_scale import holds
from optimizer.reserve.stochastic import stock_reserve

ASKED = {
    "published", "pingluo-12", "pingluo-12-trucks", "pingluo-rules", "pingluo-200", "pingluo-200-trucks",
    "pingluo-200-plain", "pingluo-200-build", "pingluo-200-memory", "pingluo-200-fresh", "pingluo-2000",
}  # fmt: skip


def test_every_row_asked_for_has_a_case_and_long_ones_are_not_quick() -> None:
    found = {case.name: case.quick for case in cases("reserve")}
    assert set(found) == ASKED
    assert {name for name, quick in found.items() if quick} == {"published", "pingluo-12", "pingluo-rules"}


@pytest.mark.data
def test_published_programs_come_out_as_published(shared_data: Path) -> None:
    (published,) = cases("reserve", "published")
    rows = list(published.measure(Options(data=shared_data)))
    assert len(rows) == 4
    assert all(row.verified and row.met for row in rows)


def test_the_plain_form_and_our_answer_bound_each_other() -> None:
    """Two scenarios of Pingluo: neither cost lies below the other's proven bound."""
    problem = pingluo().problem
    problem = problem.among(problem.scenarios.only([0, 5]))
    answer = stock_reserve(problem, relative_gap=1e-3)
    plain = plain_extensive(problem, limit_s=60.0, gap=100.0)
    assert holds(problem, answer)
    assert answer.objective is not None
    assert answer.bound is not None
    assert plain.objective is not None
    assert plain.bound is not None
    assert plain.objective >= answer.bound * (1 - 1e-6)
    assert answer.objective >= plain.bound * (1 - 1e-6)
