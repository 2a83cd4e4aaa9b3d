"""Plans, bounds and deliveries against the whole program in one piece and against what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.reserve.extensive import extensive_form
from optimizer.reserve.first_stage import first_stage
from optimizer.reserve.recourse import SecondStage
from optimizer.reserve.reserve_answer import Aim, ReserveAnswer
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.stochastic import stock_reserve
from optimizer.solver import solve
from tests.optimizer.reserve.made_up import made_up

SMALL = {"townships": 3, "villages": 1, "items": 3, "shelters": 4, "scenarios": 4}
SEEDS = st.integers(0, 10_000)
TRUCKS = st.sampled_from([np.inf, 6.0, 1.0, 0.2])


def small(seed: int, trucks: float = np.inf, **other: float) -> ReserveProblem:
    return made_up(seed=seed, trucks=trucks, **{**SMALL, **other})  # type: ignore[arg-type]  # all numbers


def in_one_piece(problem: ReserveProblem, aim: Aim) -> float:
    """Least objective of the extensive form."""
    first = first_stage(problem, SecondStage.of(problem).columns)
    answer = solve(extensive_form(first, aim), limit_s=30)
    assert answer.status == "optimal"
    factor = 1 + aim.cvar_weight if aim.kind == "cvar" else 1
    return answer.objective + factor * first.constant


def best(problem: ReserveProblem, aim: Aim | None = None, gap: float = 1e-5) -> ReserveAnswer:
    answer = stock_reserve(problem, aim=aim, relative_gap=gap, limit_s=np.inf)
    assert answer.status == "optimal"
    return answer


@settings(deadline=None, max_examples=12)
@given(SEEDS, TRUCKS)
def test_the_plan_costs_what_the_whole_program_in_one_piece_costs(seed: int, trucks: float) -> None:
    problem = small(seed, trucks)
    answer = best(problem)
    least = in_one_piece(problem, Aim())
    assert answer.objective == pytest.approx(least, rel=2e-5)
    assert answer.bound is not None
    assert answer.bound <= least * (1 + 1e-6)


@settings(deadline=None, max_examples=8)
@given(SEEDS, TRUCKS)
def test_mean_and_risk_together_cost_what_the_whole_program_in_one_piece_costs(
    seed: int, trucks: float
) -> None:
    problem = small(seed, trucks)
    aim = Aim(kind="cvar", cvar_level=0.6, cvar_weight=2.0)
    answer = best(problem, aim, gap=1e-4)
    assert answer.objective == pytest.approx(in_one_piece(problem, aim), rel=2e-4)
