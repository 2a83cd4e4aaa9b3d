"""p-median with rules, floors and capacities, against every choice that keeps to them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

from optimizer.problem import SitingProblem
from optimizer.rules import Floor, Rule
from optimizer.siting.median import p_median
from tests.optimizer.ruled import allowed, ruled_problems


def person_s(problem: SitingProblem, opened: tuple[int, ...]) -> float:
    """Response of all people but in rows that no site reaches; ``inf`` when somebody else is not reached."""
    total = 0.0
    for a, row in zip(problem.people, problem.response_s, strict=True):
        if a and np.isfinite(row).any():
            total += float(a * min((row[j] for j in opened), default=np.inf))
    return total


def shared_person_s(problem: SitingProblem, opened: tuple[int, ...]) -> float:
    """The same when sites serve only so many: a transport problem by another solver; ``inf`` = impossible."""
    assert problem.capacity is not None
    rows = np.flatnonzero((problem.people > 0) & np.isfinite(problem.response_s).any(axis=1))
    sites = np.array(opened, np.int64)
    if not len(rows):
        return 0.0
    cost = problem.response_s[np.ix_(rows, sites)]
    if not cost.size or np.isinf(cost).all(axis=1).any():
        return float("inf")
    n, k = cost.shape
    found = linprog(
        np.where(np.isinf(cost), 0.0, cost).ravel(),
        A_eq=np.kron(np.eye(n), np.ones((1, k))),
        b_eq=problem.people[rows],
        A_ub=np.kron(np.ones((1, n)), np.eye(k)),
        b_ub=problem.capacity[sites],
        bounds=[(0, 0 if np.isinf(c) else None) for c in cost.ravel()],
    )
    return float(found.fun) if found.success and found.fun is not None else float("inf")


@settings(deadline=None, max_examples=150)
@given(ruled_problems())
def test_no_other_allowed_choice_makes_people_wait_less(problem: SitingProblem) -> None:
    answer = p_median(problem)
    totals = [person_s(problem, opened) for opened in allowed(problem)]
    least = min(totals, default=np.inf)
    if np.isinf(least):
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.chosen in allowed(problem)
    assert answer.objective == pytest.approx(least)
    assert person_s(problem, answer.chosen) == pytest.approx(least)
    assert answer.bound == pytest.approx(least, abs=0.11)


@settings(deadline=None, max_examples=80)
@given(ruled_problems(most_sites=4), st.data())
def test_no_other_allowed_choice_and_sharing_makes_people_wait_less(
    bare: SitingProblem, data: st.DataObject
) -> None:
    capacity = data.draw(hnp.arrays(np.int64, bare.sites, elements=st.integers(0, 300)))
    problem = replace(bare, capacity=capacity)
    answer = p_median(problem)
    totals = [shared_person_s(problem, opened) for opened in allowed(problem)]
    least = min(totals, default=np.inf)
    if np.isinf(least):
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(least, rel=1e-6, abs=1e-4)
    assert shared_person_s(problem, answer.chosen) == pytest.approx(least, rel=1e-6, abs=1e-4)
    assert answer.bound == pytest.approx(least, rel=2e-6, abs=0.11)


def line(**more: object) -> SitingProblem:
    """Five villages on a road, 2 minutes apart, a site in each; 10, 20, 30, 40, 50 people; two sites."""
    at = np.arange(5) * 120.0
    return SitingProblem(
        response_s=abs(at[:, None] - at[None, :]),
        people=np.array([10, 20, 30, 40, 50]),
        limit_s=np.full(5, 120.0),
        fixed=np.zeros(5, bool),
        places=2,
        **more,  # type: ignore[arg-type]  # rules, floors or a capacity
    )


def test_by_hand_a_rule_a_floor_and_a_capacity_each_move_the_sites() -> None:
    assert p_median(line()).objective == 120 * (10 + 30 + 40)
    apart = Rule(name="apart: 1, 2, 4", sites=np.array([1, 2, 4]), amount=np.ones(3), at_most=1.0)
    assert p_median(line(rules=(apart,))).objective == 120 * (10 + 30 + 50)
    floor = Floor(name="east", rows=np.array([3, 4]), people=90.0)
    west = Rule(name="west", sites=np.array([0]), amount=np.ones(1), at_least=1.0)
    assert p_median(line(floors=(floor,), rules=(west,))).chosen == (0, 3)
    capacity = np.array([0, 100, 0, 100, 60])
    crowded = p_median(line(capacity=capacity))
    assert crowded.chosen == (1, 3)
    assert crowded.objective == 120 * (10 + 30 + 50)


def test_rules_that_contradict_each_other_are_infeasible_not_an_error() -> None:
    no = Rule(name="none", sites=np.arange(5), amount=np.ones(5), at_most=0.0)
    answer = p_median(line(rules=(no,)))
    assert (answer.status, answer.chosen, answer.unmet) == ("infeasible", (), ())
    assert p_median(line(capacity=np.full(5, 20))).status == "infeasible"
