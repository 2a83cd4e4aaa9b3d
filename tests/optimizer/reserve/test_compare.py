"""What a plan is worth: order of the values of information, what ways of holding save, rules of thumb."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.reserve.compare import central, equal, knowledge, rivals, savings
from optimizer.reserve.cost_curve import cost_curve
from optimizer.reserve.evaluate import outcome, sampled
from optimizer.reserve.risk import cvar, worst_chance
from optimizer.reserve.stochastic import stock_reserve
from tests.optimizer.reserve.made_up import made_up
from tests.optimizer.reserve.test_stochastic import small

SEEDS = st.integers(0, 10_000)
GAP = 1e-3


@settings(deadline=None, max_examples=5)
@given(SEEDS)
def test_knowing_more_never_costs_and_planning_for_the_mean_never_saves(seed: int) -> None:
    problem = small(seed)
    answer = stock_reserve(problem, relative_gap=GAP)
    found = knowledge(problem, answer, relative_gap=GAP)
    assert found.vss is not None
    assert found.evpi is not None
    assert found.vss >= -2 * GAP * found.rp
    assert found.evpi >= 0


@settings(deadline=None, max_examples=4)
@given(SEEDS)
def test_one_way_of_holding_less_never_saves(seed: int) -> None:
    problem = replace(small(seed, budget_share=2.0), least=(), agreement_share=0.0)
    answer = stock_reserve(problem, relative_gap=GAP)
    for saving in savings(problem, answer, relative_gap=GAP):
        assert saving.objective is not None
        assert answer.bound is not None
        assert saving.objective >= answer.bound * (1 - 1e-9)


@settings(deadline=None, max_examples=4)
@given(SEEDS)
def test_rules_of_thumb_that_keep_the_limits_are_no_better_than_the_plan(seed: int) -> None:
    problem = small(seed)
    room = {name: 1e4 * getattr(problem.depots, name) for name in ("floor_m2", "volume_m3")}
    roomy = replace(
        problem,
        depots=replace(problem.depots, **room),
        least=(),
        agreement_share=0.0,
        budget=np.inf,
        most=problem.most * 100,
    )
    answer = stock_reserve(roomy, relative_gap=GAP)
    assert answer.held is not None
    assert answer.bound is not None
    for rival in rivals(roomy, answer.held):
        assert rival.held.quantity.sum() == pytest.approx(answer.held.quantity.sum())
        assert rival.cost.total >= answer.bound * (1 - 1e-9)


def test_rules_of_thumb_put_all_in_one_place_or_the_same_everywhere() -> None:
    problem = small(1)
    held = stock_reserve(problem, relative_gap=GAP).held
    assert held is not None
    assert central(problem, held).quantity[1:, :, 0].sum() == 0
    goods = equal(problem, held).quantity[:, :, 0]
    assert np.ptp(goods, axis=0) == pytest.approx(0)
    assert goods.sum(axis=0) == pytest.approx(held.quantity[:, :, 0].sum(axis=0))


def test_the_curve_buys_service_with_money() -> None:
    problem = small(4)
    points = cost_curve(problem, factors=(4.0, 0.05, 0.5), relative_gap=1e-4)
    assert [point.factor for point in points] == [0.05, 0.5, 4.0]
    for less, more in pairwise(points):
        assert more.shortage <= less.shortage * (1 + 1e-3)
        assert more.spent >= less.spent * (1 - 1e-3)


def test_a_plan_is_judged_on_scenarios_it_has_not_seen() -> None:
    problem = small(2)
    held = stock_reserve(problem, relative_gap=GAP).held
    assert held is not None
    fresh = made_up(seed=2, townships=3, villages=1, items=3, shelters=4, scenarios=60, first_scenario=500)
    assert fresh.items.ids == problem.items.ids
    seen = sampled(fresh, held, outcome(fresh, held), fresh.scenarios)
    assert seen.cost.low < seen.cost.mean < seen.cost.high
    assert seen.cost.mean >= seen.spent.mean
    assert all(0 <= window.mean <= 1 for window in seen.service)


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.integers(0, 5)), min_size=1, max_size=8).filter(
        lambda pairs: sum(chance for _, chance in pairs) > 0
    ),
    st.floats(0, 0.95),
)
def test_value_at_risk_is_the_least_of_the_formula_of_rockafellar_and_uryasev(
    pairs: list[tuple[float, int]], level: float
) -> None:
    values = np.array([value for value, _ in pairs])
    chance = np.array([part for _, part in pairs], float)
    chance /= chance.sum()
    assert worst_chance(values, chance, level).sum() == pytest.approx(1)
    formula = min(t + float(chance @ np.maximum(values - t, 0)) / (1 - level) for t in values)
    assert cvar(values, chance, level) == pytest.approx(formula, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("trucks", [np.inf, 3.0])
def test_what_becomes_of_a_plan_does_not_depend_on_the_number_of_workers(trucks: float) -> None:
    """50 scenarios are worked out in three parts, on threads or not: the same bits."""
    problem = made_up(seed=3, townships=3, villages=1, items=3, shelters=4, scenarios=50, trucks=trucks)
    answer = stock_reserve(problem, relative_gap=0.05)
    assert answer.held is not None
    one, three = (outcome(problem, answer.held, workers=workers) for workers in (1, 3))
    assert one.shortage.tobytes() == three.shortage.tobytes()
    assert one.delivered.units.tobytes() == three.delivered.units.tobytes()
    assert (one.delivered.scenario == three.delivered.scenario).all()
    assert one.delivered.scenario.max() >= 40
    assert (one.penalty == three.penalty).all()
