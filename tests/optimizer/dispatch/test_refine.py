"""Refinement against a search through all plans that fill the same slots."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.dispatch.assign import assign
from optimizer.dispatch.check import recomputed_measures, violations
from optimizer.dispatch.choices import choices_of
from optimizer.dispatch.complement import complement_of
from optimizer.dispatch.headcount import refine_headcount
from optimizer.dispatch.price_bound import Levels, proven, raised
from optimizer.dispatch.problem import DispatchProblem, Slot, Team
from optimizer.dispatch.refine import refine_complement
from optimizer.dispatch.stages import solved
from optimizer.watch import Watch
from tests.optimizer.dispatch.drawn import CAPABILITIES, Filled, every_plan, problems


def rivals(problem: DispatchProblem, filled: Filled) -> list[Filled]:
    """All plans that fill the same slots with no more aid teams."""
    aid = recomputed_measures(problem, filled).aid_teams
    return [
        plan
        for plan in every_plan(problem, list(range(len(problem.slots))))
        if [team is None for team in plan] == [team is None for team in filled]
        and recomputed_measures(problem, plan).aid_teams <= aid
    ]


def complement_s(problem: DispatchProblem, plan: Filled, filled: Filled) -> float:
    """Sum over incidents of the weight of its filled full-complement slots times the last arrival."""
    total = 0.0
    for incident in range(problem.incidents):
        slots = [
            k
            for k, slot in enumerate(problem.slots)
            if slot.incident == incident and slot.alarm == "full_complement" and filled[k] is not None
        ]
        if slots:
            weight = max(problem.slots[k].weight for k in slots)
            total += weight * max(
                problem.arrival_s[team, incident] for k in slots if (team := plan[k]) is not None
            )
    return total


@settings(deadline=None, max_examples=60)
@given(problems())
def test_no_plan_with_the_same_slots_has_a_smaller_sum_of_completion_times(problem: DispatchProblem) -> None:
    exact = assign(problem)
    refined = refine_complement(problem)
    best = min(complement_s(problem, plan, exact.team_of) for plan in rivals(problem, exact.team_of))
    assert refined.status == "optimal"
    assert abs(refined.objective - best) < 1e-6
    assert refined.bound == refined.objective
    assert abs(complement_s(problem, refined.plan.team_of, exact.team_of) - best) < 1e-6
    assert violations(problem, refined.plan) == ()


def county(seed: int, teams: int, incidents: int) -> DispatchProblem:
    """More teams and slots than can be searched through, many teams with two capabilities."""
    rng = np.random.default_rng(seed)
    return DispatchProblem(
        teams=tuple(
            Team(id=f"t{k}", capabilities=dict.fromkeys(rng.choice(CAPABILITIES, 2).tolist(), 2))
            for k in range(teams)
        ),
        slots=tuple(
            Slot(incident=j, capability=str(rng.choice(CAPABILITIES)), weight=2 ** (j % 4))
            for j in range(incidents)
            for _ in range(4)
        ),
        travel_s=rng.integers(100, 3600, (teams, incidents)).astype(float),
    )


def test_prices_prove_a_bound_below_the_optimum_and_leave_its_arcs() -> None:
    """The optimum of CP-SAT never uses an arc that the bound called useless."""
    for seed in range(4):
        problem = county(seed, 24, 5)
        optimum = refine_complement(problem)
        assert optimum.status == "optimal"
        choices = choices_of(problem)
        complement = complement_of(choices, solved(choices))
        upper = round(optimum.objective * 10)
        levels = Levels(complement)
        price, _ = raised(levels, upper, steps=60, watch=Watch())
        bound = proven(levels, price, upper)
        assert 0.8 * upper < bound.total <= upper
        sent = set(zip(choices.team.tolist(), choices.group.tolist(), strict=True))
        useless = {
            (team, group)
            for (team, group), useful in zip(sorted(sent, key=lambda p: p[::-1]), bound.useful, strict=True)
            if not useful
        }
        group_of = {slot: group for group, slots in enumerate(choices.slots) for slot in slots}
        assert not useless & {(t, group_of[k]) for t, k in optimum.plan.slot_of.items()}


def test_a_stopped_search_still_has_a_plan_and_a_bound() -> None:
    problem = county(1, 60, 12)
    refined = refine_complement(problem, watch=Watch(limit_s=0.0))
    assert refined.plan.team_of.count(None) == assign(problem).team_of.count(None)
    assert 0 <= refined.bound < refined.objective
    assert (refined.status, refined.stopped_by) == ("feasible", "time")


@settings(deadline=None, max_examples=40)
@given(problems(), st.data())
def test_no_plan_inside_the_worst_arrivals_misses_fewer_people(
    problem: DispatchProblem, data: st.DataObject
) -> None:
    wanted = data.draw(hnp.arrays(np.int64, problem.incidents, elements=st.integers(0, 20)))
    problem = DispatchProblem(
        teams=problem.teams,
        slots=tuple(Slot(incident=s.incident, capability=s.capability) for s in problem.slots),
        travel_s=problem.travel_s,
        people_wanted=wanted,
    )
    exact, refined = assign(problem), refine_headcount(problem)
    assert refined.status == "optimal"
    assert refined.objective == refined.bound == missing(problem, refined.plan.team_of)
    assert violations(problem, refined.plan) == ()
    choices = choices_of(problem)
    limit_ds = solved(choices).limit_ds
    group_of = {slot: group for group, slots in enumerate(choices.slots) for slot in slots}
    for plan in rivals(problem, exact.team_of):
        late = any(
            problem.arrival_ds[team, problem.slots[k].incident] > limit_ds[group_of[k]]
            for k, team in enumerate(plan)
            if team is not None
        )
        assert late or missing(problem, plan) >= refined.objective


def missing(problem: DispatchProblem, plan: Filled) -> int:
    assert problem.people_wanted is not None
    left = problem.people_wanted.copy()
    for slot, team in zip(problem.slots, plan, strict=True):
        if team is not None:
            left[slot.incident] -= problem.teams[team].people
    return int(np.maximum(left, 0).sum())
