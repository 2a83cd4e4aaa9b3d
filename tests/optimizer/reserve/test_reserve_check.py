"""Plans and deliveries broken by hand: the check names what is wrong."""

from dataclasses import replace

import numpy as np
import pytest

from optimizer.reserve.check import reserve_violations
from optimizer.reserve.reserve_answer import CostSplit, Holding, Outcome
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.stochastic import stock_reserve
from tests.optimizer.reserve.test_stochastic import small


@pytest.fixture(scope="module")
def planned() -> tuple[ReserveProblem, Holding, Outcome, CostSplit]:
    problem = small(2, trucks=6.0)
    answer = stock_reserve(problem, relative_gap=1e-3)
    assert answer.held is not None
    assert answer.outcome is not None
    assert answer.cost is not None
    return problem, answer.held, answer.outcome, answer.cost


Planned = tuple[ReserveProblem, Holding, Outcome, CostSplit]


def test_a_whole_plan_has_nothing_wrong(planned: Planned) -> None:
    assert reserve_violations(*planned) == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda h: replace(h, quantity=h.quantity * 100), "may"),
        (lambda h: replace(h, quantity=h.quantity - 1), "want units >= 0"),
        (lambda h: replace(h, quantity=np.where(np.arange(3) == 0, 0, h.quantity)), "in hand"),
        (lambda h: replace(h, quantity=np.where(np.arange(3) == 0, 0, h.quantity)), "township"),
        (lambda h: replace(h, quantity=np.where(np.arange(3) == 1, 0, h.quantity)), "agreements"),
        (lambda h: replace(h, steps=h.steps + 9), "steps of enlargement"),
        (lambda h: replace(h, quantity=h.quantity * 3), "floor m2"),
        (lambda h: replace(h, quantity=h.quantity * 30), "budget"),
        (lambda h: replace(h, quantity=h.quantity + 1, opened=h.opened & False), "not opened"),
    ],
)
def test_what_is_held_wrongly_is_named(planned: Planned, change, says: str) -> None:  # type: ignore[no-untyped-def]  # any change
    problem, held, _, _ = planned
    assert any(says in line for line in reserve_violations(problem, change(held)))


def test_deliveries_beyond_stock_time_and_trucks_are_named(planned: Planned) -> None:
    problem, held, found, cost = planned
    sent = found.delivered
    more = replace(found, delivered=replace(sent, units=sent.units * 50))
    wrong = reserve_violations(problem, held, more)
    assert any("sends" in line for line in wrong)
    assert any("truck seconds" in line for line in wrong)
    late = problem.scenarios.door_s + 80 * 3600
    slow = problem.among(replace(problem.scenarios, door_s=late))
    assert any("too late" in line for line in reserve_violations(slow, held, found))
    lost = problem.among(replace(problem.scenarios, usable=0 * problem.scenarios.usable))
    assert any("sends" in line for line in reserve_violations(lost, held, found))
    flattered = replace(found, delivered=replace(sent, units=sent.units / 2))
    assert any("short" in line for line in reserve_violations(problem, held, flattered))
    cheaper = replace(cost, holding=cost.holding / 2)
    assert any("holding costs" in line for line in reserve_violations(problem, held, found, cheaper))
