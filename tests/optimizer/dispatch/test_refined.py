"""A refined plan: at least the flow plan, the same each time, and asked what it would be without a team."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.dispatch.assign import assign
from optimizer.dispatch.check import complement_sum_s, people_missing, people_sent
from optimizer.dispatch.explain import reasons
from optimizer.dispatch.headcount import refine_headcount
from optimizer.dispatch.problem import DispatchProblem, Slot, Team
from optimizer.dispatch.refine import refine_complement
from optimizer.dispatch.refined import RefinedPlan
from tests.optimizer.dispatch.drawn import problems


@settings(deadline=None, max_examples=40)
@given(problems())
def test_the_sum_is_never_above_that_of_the_flow_plan(problem: DispatchProblem) -> None:
    """And the stated objective is what a recount gives."""
    found = RefinedPlan(problem)
    assert found.refined.objective == found.measure(found.plan.team_of)
    assert found.refined.objective <= complement_sum_s(problem, assign(problem).team_of)


@settings(deadline=None, max_examples=40)
@given(problems(), st.data())
def test_never_more_people_are_missing_than_in_the_flow_plan(
    problem: DispatchProblem, data: st.DataObject
) -> None:
    wanted = data.draw(hnp.arrays(np.int64, problem.incidents, elements=st.integers(0, 20)))
    problem = replace(problem, people_wanted=wanted)
    found = RefinedPlan(problem)
    assert found.by_headcount == bool(wanted.any())
    assert found.refined.objective == found.measure(found.plan.team_of)
    if found.by_headcount:
        assert found.refined.objective <= people_missing(problem, assign(problem).team_of)


def two_engines() -> DispatchProblem:
    """One slot of weight 2 and 14 people wanted: the nearer engine brings 6, the other 10."""
    return DispatchProblem(
        teams=(
            Team(id="near", capabilities={"fire": 1}, people=6),
            Team(id="full", capabilities={"fire": 1}, people=10),
        ),
        slots=(Slot(incident=0, capability="fire", alarm="first_alarm", weight=2),),
        travel_s=np.array([[100.0], [160.0]]),
        people_wanted=np.array([14], np.int64),
    )


def test_the_fuller_engine_goes_where_people_are_wanted() -> None:
    """Four missing, counted twice; without it the nearer one goes, eight missing."""
    problem = two_engines()
    found = RefinedPlan(problem)
    assert assign(problem).team_of == (0,)
    assert found.plan.team_of == (1,)
    assert (found.refined.objective, found.refined.bound, found.refined.status) == (8.0, 8.0, "optimal")
    assert people_sent(problem, found.plan.team_of) == (10,)
    (reason,) = reasons(found)
    assert (reason.team, reason.next_best, reason.later_s) == (1, 0, -60.0)


def hard() -> DispatchProblem:
    rng = np.random.default_rng(5)
    kinds = ["a", "b", "c"]
    return DispatchProblem(
        teams=tuple(
            Team(
                id=f"t{k}",
                capabilities=dict.fromkeys(rng.choice(kinds, 2).tolist(), 2),
                people=int(rng.integers(3, 30)),
            )
            for k in range(60)
        ),
        slots=tuple(
            Slot(incident=j, capability=str(rng.choice(kinds)), weight=2 ** (j % 4))
            for j in range(12)
            for _ in range(4)
        ),
        travel_s=rng.integers(100, 3600, (60, 12)).astype(float),
        people_wanted=rng.integers(40, 90, 12),
    )


def test_a_search_that_its_work_ends_gives_the_same_plan_each_time() -> None:
    """No clock decides: two runs, one plan and one bound; the gap is stated."""
    for refine in (refine_complement, refine_headcount):
        one, two = (refine(hard(), work=0.001) for _ in range(2))
        assert one == two
        assert one.stopped_by in (None, "work")
        assert 0 <= one.bound <= one.objective
    assert refine_headcount(hard(), work=0.001).stopped_by == "work"
