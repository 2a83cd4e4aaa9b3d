"""Plans, bounds and deliveries against the whole program in one piece and against what must always hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.reserve.check import reserve_violations
from optimizer.reserve.decomposition import Found, decompose
from optimizer.reserve.evaluate import cost_split, outcome
from optimizer.reserve.extensive import extensive_form
from optimizer.reserve.first_stage import first_stage
from optimizer.reserve.recourse import SecondStage
from optimizer.reserve.reserve_answer import Aim, ReserveAnswer
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.service import service_met
from optimizer.reserve.stochastic import stock_in_units, stock_reserve
from optimizer.reserve.whole_units import whole_units
from optimizer.solver import solve
from optimizer.watch import Watch
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


def by_cuts(problem: ReserveProblem, aim: Aim) -> Found:
    """The answer of the cuts, which questions as small as these do not meet by themselves."""
    return decompose(problem, Watch(np.inf), aim=aim, relative_gap=1e-3)[1]


def agrees(found: Found, least: float) -> bool:
    """Whether bound and cost enclose the optimum within the gap asked for."""
    return found.bound <= least * (1 + 1e-6) and least * (1 - 1e-6) <= found.objective <= least * (1 + 1e-3)


@settings(deadline=None, max_examples=8)
@given(SEEDS, TRUCKS, st.sampled_from([0.3, 1.0, 20.0]), st.sampled_from([0, 3]))
def test_cuts_enclose_the_optimum_of_the_whole_program_in_one_piece(
    seed: int, trucks: float, dearer: float, steps: int
) -> None:
    problem = small(seed, trucks, steps=steps)
    problem = replace(problem, penalty=dearer * problem.penalty)
    found = by_cuts(problem, Aim())
    if found.infeasible:
        first = first_stage(problem, SecondStage.of(problem).columns)
        assert solve(extensive_form(first, Aim()), limit_s=30).status == "infeasible"
        return
    assert agrees(found, in_one_piece(problem, Aim()))


@settings(deadline=None, max_examples=4)
@given(SEEDS, TRUCKS)
def test_cuts_enclose_the_least_of_mean_and_risk(seed: int, trucks: float) -> None:
    problem, aim = small(seed, trucks, scenarios=3), Aim(kind="cvar", cvar_level=0.6, cvar_weight=1.0)
    assert agrees(by_cuts(problem, aim), in_one_piece(problem, aim))


@pytest.mark.parametrize("room", [0.05, 0.3])
def test_floors_that_must_be_enlarged_in_whole_steps_are_as_cheap_as_the_whole_program_says(
    room: float,
) -> None:
    """Steps cost little and shelves are tight, so that the best number of steps lies between whole ones."""
    problem = small(771, budget_share=0.9, steps=6)
    depots = replace(
        problem.depots, floor_m2=room * problem.depots.floor_m2, step_cost=0.1 * problem.depots.step_cost
    )
    tight = replace(problem, depots=depots)
    least = in_one_piece(tight, Aim())
    assert agrees(by_cuts(tight, Aim()), least)
    answer = best(tight, gap=1e-4)
    assert answer.objective == pytest.approx(least, rel=2e-4)
    assert answer.held is not None
    assert answer.held.steps.any()


@settings(deadline=None, max_examples=8)
@given(SEEDS, TRUCKS)
def test_the_plan_costs_what_the_whole_program_in_one_piece_costs(seed: int, trucks: float) -> None:
    problem = small(seed, trucks)
    answer = best(problem)
    least = in_one_piece(problem, Aim())
    assert answer.objective == pytest.approx(least, rel=2e-5)
    assert answer.bound is not None
    assert answer.bound <= least * (1 + 1e-6)


@settings(deadline=None, max_examples=5)
@given(SEEDS, TRUCKS)
def test_mean_and_risk_together_cost_what_the_whole_program_in_one_piece_costs(
    seed: int, trucks: float
) -> None:
    problem = small(seed, trucks)
    aim = Aim(kind="cvar", cvar_level=0.6, cvar_weight=2.0)
    answer = best(problem, aim, gap=1e-4)
    assert answer.objective == pytest.approx(in_one_piece(problem, aim), rel=2e-4)


@settings(deadline=None, max_examples=6)
@given(SEEDS, TRUCKS)
def test_the_check_finds_nothing_wrong_with_any_plan_or_delivery(seed: int, trucks: float) -> None:
    problem = small(seed, trucks)
    answer = best(problem, gap=1e-3)
    assert answer.held is not None
    assert reserve_violations(problem, answer.held, answer.outcome, answer.cost) == ()


@settings(deadline=None, max_examples=6)
@given(SEEDS, st.floats(0.3, 1.0), st.floats(0.3, 1.0))
def test_more_budget_never_raises_what_shortage_and_spending_cost(
    seed: int, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    poor, rich = best(small(seed, budget_share=low)), best(small(seed, budget_share=high))
    assert rich.objective is not None
    assert rich.objective <= (poor.objective or np.inf) * (1 + 1e-5)


@settings(deadline=None, max_examples=4)
@given(SEEDS)
def test_more_budget_never_raises_the_least_shortage_there_can_be(seed: int) -> None:
    """Where penalties are far above all costs only the budget holds the plan back."""
    shortages = []
    for share in (0.2, 0.5, 1.0):
        problem = small(seed, budget_share=share)
        dear = replace(problem, penalty=30 * problem.penalty)
        answer = best(dear, gap=1e-4)
        assert answer.cost is not None
        shortages.append(answer.cost.penalty)
    assert shortages[1] <= shortages[0] * (1 + 2e-4)
    assert shortages[2] <= shortages[1] * (1 + 2e-4) + 1e-3 * shortages[0]


@settings(deadline=None, max_examples=5)
@given(SEEDS, TRUCKS)
def test_a_scenario_that_cannot_happen_changes_nothing(seed: int, trucks: float) -> None:
    problem = small(seed, trucks)
    more = small(seed, trucks, scenarios=5).scenarios
    chance = np.append(problem.scenarios.probability, 0.0)
    assert best(problem.among(more.only(range(5), probability=chance))).objective == pytest.approx(
        best(problem).objective, rel=3e-5
    )


@pytest.mark.parametrize("trucks", [np.inf, 4.0])
def test_any_number_of_workers_gives_the_same_plan_to_the_last_bit(trucks: float) -> None:
    problem = small(3, trucks, scenarios=25)
    one, two = (
        decompose(problem, Watch(np.inf), aim=Aim(), relative_gap=5e-3, workers=workers)[1]
        for workers in (1, 3)
    )
    assert one.values is not None
    assert two.values is not None
    assert one.values.tobytes() == two.values.tobytes()
    assert (one.objective, one.bound) == (two.objective, two.bound)


def test_a_question_whose_rules_ask_for_more_than_the_floor_takes_has_no_plan() -> None:
    problem = small(1)
    asked = replace(problem.least[0], least=problem.least[0].least * 1e4)
    crowded = replace(problem, least=(asked,), most=problem.most * 1e4)
    assert stock_reserve(crowded).status == "infeasible"


def test_cuts_see_that_no_whole_choice_keeps_the_rules_where_a_part_of_one_would() -> None:
    """A township's depot costs more than the budget to open, and a hundredth of it would hold its share."""
    problem = small(1)
    opening = np.where(np.arange(5) == 1, problem.budget + 1, problem.depots.opening_cost)
    dear = replace(problem, depots=replace(problem.depots, opening_cost=opening))
    assert by_cuts(dear, Aim()).infeasible
    assert stock_reserve(dear).status == "infeasible"


def test_a_search_told_to_stop_returns_what_it_has_with_its_bound() -> None:
    answer = stock_reserve(small(5), progress=lambda *_, **__: True)
    assert answer.stopped_by == "user"
    assert answer.held is not None
    assert answer.bound is not None
    assert answer.bound <= (answer.objective or 0.0)


@settings(deadline=None, max_examples=10)
@given(SEEDS, TRUCKS)
def test_whole_units_are_whole_near_the_plan_and_keep_its_limits(seed: int, trucks: float) -> None:
    problem = small(seed, trucks)
    held = best(problem, gap=1e-2).held
    assert held is not None
    whole = whole_units(problem, held)
    assert (whole.quantity == np.rint(whole.quantity)).all()
    assert np.abs(whole.quantity - held.quantity).max() <= 1
    assert reserve_violations(problem, whole) == ()


@settings(deadline=None, max_examples=4)
@given(SEEDS, TRUCKS)
def test_the_best_plan_in_whole_units_lies_between_the_amounts_and_their_rounding(
    seed: int, trucks: float
) -> None:
    problem = small(seed, trucks)
    amounts, units = best(problem, gap=1e-4), stock_in_units(problem, relative_gap=1e-4)
    assert amounts.held is not None
    assert amounts.bound is not None
    assert units is not None
    assert units.status == "optimal"
    assert units.held is not None
    assert (units.held.quantity == np.rint(units.held.quantity)).all()
    assert reserve_violations(problem, units.held, units.outcome, units.cost) == ()
    assert units.objective is not None
    assert units.objective >= amounts.bound * (1 - 1e-9)
    rounded = whole_units(problem, amounts.held)
    then = outcome(problem, rounded)
    assert units.bound is not None
    assert units.bound <= cost_split(problem, rounded, then).total * (1 + 1e-9)


@settings(deadline=None, max_examples=5)
@given(SEEDS, st.sampled_from([np.inf, 6.0]), st.floats(0.5, 0.95))
def test_a_level_of_service_costs_what_the_whole_program_in_one_piece_costs(
    seed: int, trucks: float, level: float
) -> None:
    problem = small(seed, trucks, steps=0, villages=0)
    aim = Aim(kind="service", service=(0.0, level, 0.0, level))
    first = first_stage(problem, SecondStage.of(problem).columns)
    least = solve(extensive_form(first, aim), limit_s=30)
    answer = stock_reserve(problem, aim=aim, relative_gap=1e-3, limit_s=np.inf)
    if least.status == "infeasible":
        assert answer.status == "infeasible"
        return
    assert answer.objective == pytest.approx(least.objective + first.constant, rel=2e-3)
    assert answer.bound is not None
    assert answer.bound <= (least.objective + first.constant) * (1 + 1e-5)
    assert answer.outcome is not None
    assert answer.held is not None
    met = service_met(problem.scenarios, answer.outcome.shortage)
    assert (met >= np.array(aim.service) - 2e-4).all()
    assert reserve_violations(problem, answer.held, answer.outcome, answer.cost) == ()
