"""The whole use case against trying every holding, on counties of a few people and one item."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.reserve.check import reserve_violations
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import ReserveProblem
from scenarios.stock import stock
from scenarios.stock_problem import StockInputs, stock_inputs
from scenarios.stock_whole import judged
from tests.scenarios.reserve_county import (
    flood,
    items,
    quake,
    reserve_county,
    reserve_scenario,
    shelters,
    village_of,
)
from tests.scenarios.reserve_county import stock as stock_layer

SHARE = st.sampled_from([0.0, 0.3, 0.7, 1.0])


@settings(deadline=None, max_examples=6)
@given(
    people=st.integers(1, 3),
    west=st.integers(1, 3),
    chance=st.floats(0.1, 0.9),
    agreement=SHARE,
    in_hand=st.integers(0, 2),
    floor=st.sampled_from([0.02, 0.05, 20.0]),
    budget=st.sampled_from([None, 150, 400]),
    lost=st.booleans(),
)
def test_no_holding_in_whole_units_beats_the_bound_and_the_plan_is_within_its_gap(
    people: int, west: int, chance: float, agreement: float, in_hand: int, floor: float, budget: int | None,
    lost: bool,
) -> None:  # fmt: skip
    """Every number of quilts at either depot, on the shelf or by agreement, is tried."""
    county = reserve_county(
        shelters=shelters(west=west, east=3),
        items=items().head(1),
        stock=stock_layer(quilts=in_hand).head(1),
        depots=village_of(floor),
    )
    scenario = reserve_scenario(
        flood(probability=chance),
        quake(
            probability=1 - chance,
            suppliers={"agreement": agreement, "capacity": 0.0},
            lost_depots=["store"] if lost else [],
        ),
        people=people,
        budget=budget,
    )
    inputs, plan = stock_inputs(county, scenario), stock(county, scenario)
    best = least_by_trying(inputs)
    assert plan.objective is not None
    assert plan.bound is not None
    assert plan.bound.value <= best + 1e-6 * best + 0.01
    assert plan.objective.value >= best - 1e-6 * best - 0.01
    if plan.status == "optimal":
        assert plan.objective.value == pytest.approx(best, rel=1e-3, abs=0.1)


def least_by_trying(inputs: StockInputs) -> float:
    """Least objective over all holdings that keep the rules."""
    problem, found = inputs.problem, np.inf
    ranges = [range(int(most) + 1) for most in problem.most.ravel()]
    for units in product(*ranges):
        quantity = np.array(units, np.float64).reshape(problem.shape)
        held = holding(problem, quantity)
        if not reserve_violations(problem, held):
            found = min(found, judged(problem, held, inputs.aim).objective)
    return found


def holding(problem: ReserveProblem, quantity: np.ndarray) -> Holding:
    depots_ = problem.shape[0]
    return Holding(quantity=quantity, steps=np.zeros(depots_, np.int64), opened=np.zeros(depots_, np.bool_))
