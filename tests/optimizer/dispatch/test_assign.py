"""The exact plan against a search through all plans, and the properties that people rely on."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.dispatch.assign import assign
from optimizer.dispatch.check import violations
from optimizer.dispatch.plan import late_s
from optimizer.dispatch.problem import DispatchProblem, Scarce, Slot, Team
from tests.optimizer.dispatch.drawn import is_exact, may_fill, problems


def two(
    capabilities: list[dict[str, int]], travel_s: list[list[float]], slots: list[Slot]
) -> DispatchProblem:
    teams = tuple(Team(id=f"t{i}", capabilities=c) for i, c in enumerate(capabilities))
    return DispatchProblem(teams=teams, slots=tuple(slots), travel_s=np.array(travel_s, float))


@settings(deadline=None, max_examples=120)
@given(problems(aid=False, scarce=False))
def test_the_plan_is_the_best_of_all_plans_stage_by_stage(problem: DispatchProblem) -> None:
    plan = assign(problem)
    assert violations(problem, plan) == ()
    assert is_exact(problem, plan.team_of)


@settings(deadline=None, max_examples=120)
@given(problems())
def test_the_plan_is_exact_with_mutual_aid_and_scarce_teams_too(problem: DispatchProblem) -> None:
    plan = assign(problem)
    assert violations(problem, plan) == ()
    assert is_exact(problem, plan.team_of)


@settings(deadline=None, max_examples=60)
@given(problems(), problems())
def test_an_incident_never_changes_when_another_comes_with_its_own_teams(
    first: DispatchProblem, second: DispatchProblem
) -> None:
    n, i = first.travel_s.shape
    travel_s = np.full((n + len(second.teams), i + second.incidents), np.inf)
    travel_s[:n, :i], travel_s[n:, i:] = first.travel_s, second.travel_s
    moved = tuple(replace(slot, incident=slot.incident + i) for slot in second.slots)
    both = DispatchProblem(
        teams=first.teams + second.teams,
        slots=first.slots + moved,
        travel_s=travel_s,
        scarce=first.scarce,
    )
    assert assign(both).team_of[: len(first.slots)] == assign(first).team_of


@settings(deadline=None, max_examples=80)
@given(problems(aid=False))
def test_hazmat_is_never_stranded(problem: DispatchProblem) -> None:
    """No hazmat slot is empty while a hazmat team fills an ordinary slot that counts no more."""
    problem = replace(problem, scarce=(Scarce(capability="hazmat"),))
    plan = assign(problem)
    for wanted, _ in (p for p in zip(problem.slots, plan.team_of, strict=True) if p[1] is None):
        for slot, team in zip(problem.slots, plan.team_of, strict=True):
            if wanted.capability == "hazmat" and slot.capability != "hazmat" and team is not None:
                heavier = slot.shortage_weight > wanted.shortage_weight
                assert heavier or not may_fill(problem, team, wanted)


@settings(deadline=None, max_examples=60)
@given(problems())
def test_aid_goes_only_where_the_countys_own_teams_leave_a_shortage(problem: DispatchProblem) -> None:
    own = replace(
        problem, teams=tuple(replace(t, available=t.available and not t.mutual_aid) for t in problem.teams)
    )
    plan, alone = assign(problem), assign(own)
    assert plan.measures.aid_teams <= alone.team_of.count(None)
    assert plan.measures.shortage <= alone.measures.shortage
    if alone.measures.shortage == plan.measures.shortage:
        assert plan.measures.aid_teams == 0


@settings(deadline=None, max_examples=50)
@given(problems())
def test_the_same_problem_gives_the_same_plan(problem: DispatchProblem) -> None:
    assert assign(problem) == assign(replace(problem))


def test_the_near_team_gives_way_where_only_the_other_slot_needs_it() -> None:
    """Hazmat stands next to the fire, but only it can go to the leak."""
    fire, leak = Slot(incident=0, capability="fire"), Slot(incident=1, capability="hazmat")
    problem = two([{"fire": 1, "hazmat": 2}, {"fire": 1}], [[10, 300], [200, 900]], [fire, leak])
    assert assign(problem).team_of == (1, 0)


def test_a_scarce_team_stays_back_when_an_ordinary_one_comes_in_time_for_its_class() -> None:
    """The hazmat team waits although it is nearer; only where a class would be complete later, it goes."""
    fire = Slot(incident=0, capability="fire", alarm="first_alarm")
    problem = two([{"fire": 1, "hazmat": 2}, {"fire": 1}], [[10], [200]], [fire])
    assert assign(problem).team_of == (0,)
    assert assign(replace(problem, scarce=(Scarce(capability="hazmat"),))).team_of == (1,)
    complement = replace(problem, slots=(replace(fire, alarm="full_complement"),))
    assert assign(replace(complement, scarce=(Scarce(capability="hazmat"),))).team_of == (0,)


def test_the_highest_class_is_complete_first_though_the_sum_is_worse() -> None:
    """Sum alone would send team 0 to the lower class (10 + 300 < 100 + 250); the class of 8 decides."""
    high = Slot(incident=0, capability="fire", priority=8)
    low = Slot(incident=1, capability="fire", priority=1)
    problem = two([{"fire": 1}, {"fire": 1}], [[100, 10], [300, 250]], [high, low])
    plan = assign(problem)
    assert plan.team_of == (0, 1)
    assert plan.measures.complement_ds == (1000, 2500)


def test_a_late_team_is_sent_and_the_plan_says_how_late() -> None:
    """100 s meet a deadline of 100 s; 300 s miss one of 250 s by 50 s; the third slot has nobody."""
    slots = [
        Slot(incident=0, capability="fire", deadline_s=100),
        Slot(incident=1, capability="fire", deadline_s=250),
        Slot(incident=1, capability="medical", deadline_s=250),
    ]
    problem = two([{"fire": 1}, {"fire": 1}], [[100, 900], [900, 300]], slots)
    assert late_s(problem, assign(problem)) == (0.0, 50.0, None)


def test_nobody_and_nothing_are_plans_too() -> None:
    nobody = DispatchProblem(
        teams=(), slots=(Slot(incident=0, capability="fire"),), travel_s=np.empty((0, 1))
    )
    assert assign(nobody).team_of == (None,)
    assert assign(nobody).measures.shortage == 1
    nothing = DispatchProblem(teams=(), slots=(), travel_s=np.empty((0, 0)))
    assert assign(nothing).team_of == ()


@settings(deadline=None, max_examples=60)
@given(problems(), st.data())
def test_the_check_finds_every_slot_that_is_filled_otherwise(
    problem: DispatchProblem, data: st.DataObject
) -> None:
    """A team sent twice or unfit, and figures of another plan, do not pass."""
    plan = assign(problem)
    slot = data.draw(st.integers(0, len(problem.slots) - 1))
    team = data.draw(st.integers(0, len(problem.teams) - 1))
    if plan.team_of[slot] == team:
        return
    changed = replace(plan, team_of=(*plan.team_of[:slot], team, *plan.team_of[slot + 1 :]))
    if team in plan.team_of or not may_fill(problem, team, problem.slots[slot]):
        assert violations(problem, changed)
    worse = replace(plan, measures=replace(plan.measures, shortage=plan.measures.shortage + 1))
    assert violations(problem, worse)


def test_a_tenth_of_a_second_earlier_in_the_worst_case_beats_any_sum() -> None:
    """10.0 s at worst (sum 19.9 s) is taken before 10.1 s at worst (sum 15.1 s)."""
    slots = [Slot(incident=0, capability="fire"), Slot(incident=1, capability="fire")]
    plan = assign(two([{"fire": 1}, {"fire": 1}], [[5.0, 10.0], [9.9, 10.1]], slots))
    assert plan.team_of == (1, 0)
    assert plan.measures.complement_ds == (100,)
