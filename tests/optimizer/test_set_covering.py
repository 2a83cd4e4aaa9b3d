"""Set covering with rules, floors and shares against every choice, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.problem import SitingProblem
from optimizer.rules import Floor, Rule
from optimizer.siting.set_covering import set_covering
from tests.optimizer.ruled import allowed, covered, ruled_problems


@settings(deadline=None, max_examples=200)
@given(ruled_problems(costs=True), st.sampled_from([1.0, 1.0, 0.9, 0.5]))
def test_no_allowed_choice_covers_enough_for_less(problem: SitingProblem, share: float) -> None:
    """The cheapest choice of all that keep to rules, floors, places and share; its bound is its cost."""
    assert problem.cost is not None
    rows = np.arange(problem.rows)
    enough = [
        opened
        for opened in allowed(problem)
        if (share == 1 and all(any(problem.covers()[i, list(opened)]) for i in rows))
        or (share < 1 and covered(problem, opened, rows) >= share * problem.people.sum() - 1e-9)
    ]
    answer = set_covering(problem, share=share)
    if not enough:
        assert answer.status == "infeasible"
        assert answer.chosen == ()
        return
    assert answer.status == "optimal"
    assert answer.chosen in enough
    assert answer.objective == pytest.approx(min(problem.cost[list(c)].sum() for c in enough))
    assert answer.bound == pytest.approx(answer.objective)


@settings(deadline=None, max_examples=100)
@given(ruled_problems(), st.sampled_from([0.9, 0.5, 0.2]))
def test_no_allowed_choice_covers_the_share_with_fewer_sites(problem: SitingProblem, share: float) -> None:
    """Found by maximal covering with more and more sites: the least number of all allowed choices."""
    rows, wanted = np.arange(problem.rows), share * problem.people.sum() - 1e-9
    enough = [opened for opened in allowed(problem) if covered(problem, opened, rows) >= wanted]
    answer = set_covering(problem, share=share)
    if not enough:
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.chosen in enough
    assert answer.objective == answer.bound == min(len(opened) for opened in enough)


def _row(**changes: object) -> SitingProblem:
    """Four villages of 10, 20, 30 and 40 people, a site in each that covers it and the next one."""
    reach = np.full((4, 4), 900.0)
    for j in range(4):
        reach[j, j] = 0.0
        reach[min(j + 1, 3), j] = 60.0
    base = SitingProblem(
        response_s=reach,
        people=np.array([10, 20, 30, 40]),
        limit_s=np.full(4, 60.0),
        fixed=np.zeros(4, np.bool_),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # any field by name


def _apart(*sites: int) -> Rule:
    return Rule(name="apart", sites=np.array(sites), amount=np.ones(len(sites)), at_most=1.0)


def test_by_hand_an_exclusion_costs_a_site() -> None:
    assert set_covering(_row()).chosen == (0, 2)
    apart = set_covering(_row(rules=(_apart(0, 2),)))
    assert apart.chosen == (0, 1, 3)
    assert apart.bound == apart.objective == 3


def test_by_hand_a_budget_forbids_the_fewest_and_a_floor_asks_for_more_than_the_share() -> None:
    dear = Rule(name="budget", sites=np.arange(4), amount=np.array([1.0, 1.0, 9.0, 1.0]), at_most=3.0)
    assert set_covering(_row(rules=(dear,))).chosen == (0, 1, 3)
    assert set_covering(_row(), share=0.7).chosen == (2,)
    floor = Floor(name="west", rows=np.array([0, 1]), people=25.0)
    assert set_covering(_row(floors=(floor,)), share=0.7).chosen == (0, 2)


def test_rules_that_cannot_be_kept_are_infeasible_not_an_error() -> None:
    none = Rule(name="none", sites=np.arange(4), amount=np.ones(4), at_most=0.0)
    assert set_covering(_row(rules=(none,))).status == "infeasible"
    floor = Floor(name="all", rows=np.arange(4), people=101.0)
    assert set_covering(_row(floors=(floor,))).status == "infeasible"


def test_capacities_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="capacity"):
        set_covering(_row(capacity=np.full(4, 5)))
