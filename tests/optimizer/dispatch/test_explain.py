"""Reasons and shortages against the exact plan of the problem without the team."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from optimizer.dispatch.assign import assign
from optimizer.dispatch.explain import reasons, shortages
from optimizer.dispatch.problem import DispatchProblem, Scarce, Slot, Team
from optimizer.dispatch.what_if import WhatIf
from tests.optimizer.dispatch.drawn import is_exact, problems


def without(problem: DispatchProblem, team: int) -> DispatchProblem:
    teams = tuple(replace(t, available=t.available and k != team) for k, t in enumerate(problem.teams))
    return replace(problem, teams=teams)


@settings(deadline=None, max_examples=60)
@given(problems(most_teams=5))
def test_without_a_team_is_the_exact_plan_of_the_rest(problem: DispatchProblem) -> None:
    state = WhatIf(problem)
    assert state.plan == assign(problem)
    for team, plan in enumerate(state.without_each()):
        assert team not in plan.slot_of
        assert is_exact(without(problem, team), plan.team_of)
        assert plan.measures.shortage == assign(without(problem, team)).measures.shortage


@settings(deadline=None, max_examples=60)
@given(problems())
def test_no_reason_claims_that_the_plan_is_better_without_the_team(problem: DispatchProblem) -> None:
    for reason in reasons(WhatIf(problem)):
        cost = reason.cost
        assert (cost.shortage, cost.aid_teams) >= (0, 0)
        if reason.next_best is not None:
            assert reason.without.team_of.count(reason.next_best) == 1


@settings(deadline=None, max_examples=60)
@given(problems())
def test_every_empty_slot_is_in_one_shortage(problem: DispatchProblem) -> None:
    plan = assign(problem)
    told = shortages(problem, plan)
    assert sorted(k for s in told for k in s.slots) == [k for k, t in enumerate(plan.team_of) if t is None]
    assert all(s.missing == len(s.slots) for s in told)


def four(**extra: bool) -> DispatchProblem:
    """Two fire slots and a hazmat slot; two engines, a hazmat team and a far engine."""
    return DispatchProblem(
        teams=(
            Team(id="near", capabilities={"fire": 1}),
            Team(id="mid", capabilities={"fire": 1}),
            Team(id="hazmat", capabilities={"fire": 1, "hazmat": 3}),
            Team(id="far", capabilities={"fire": 1}, **extra),
        ),
        slots=(
            Slot(incident=0, capability="fire"),
            Slot(incident=0, capability="fire"),
            Slot(incident=0, capability="hazmat", level=2),
        ),
        travel_s=np.array([[60.0], [120.0], [90.0], [600.0]]),
    )


def test_the_next_best_of_an_engine_is_the_far_engine_and_hazmat_has_none() -> None:
    near, mid, hazmat = reasons(WhatIf(four()))
    assert (near.next_best, near.later_s, near.cost.arrival_s) == (3, 540.0, 540.0)
    assert (mid.next_best, mid.later_s, mid.cost.complement_s) == (3, 480.0, (480.0,))
    assert (hazmat.next_best, hazmat.later_s, hazmat.cost.shortage) == (None, None, 1)


def test_a_shortage_names_the_nearest_source_and_why_it_does_not_come() -> None:
    problem = four(available=False)
    short = replace(
        problem,
        slots=(*problem.slots, Slot(incident=0, capability="fire")),
        scarce=(Scarce(capability="hazmat"),),
    )
    (shortage,) = shortages(short, assign(short))
    assert (shortage.capability, shortage.level, shortage.missing) == ("fire", 1, 1)
    assert shortage.nearest is not None
    assert (shortage.nearest.team, shortage.nearest.why_not) == (2, "sent_elsewhere")
    higher = replace(
        problem, slots=(Slot(incident=0, capability="medical"), Slot(incident=0, capability="fire", level=2))
    )
    nobody, below = shortages(higher, assign(higher))
    assert nobody.nearest is None
    assert below.nearest is not None
    assert (below.nearest.team, below.nearest.why_not) == (0, "level_below")
    cut = replace(four(), travel_s=np.full((4, 1), np.inf))
    assert {s.nearest.why_not for s in shortages(cut, assign(cut)) if s.nearest} == {"no_road"}


def test_an_idle_team_that_links_two_incidents_changes_the_plan_when_it_is_gone() -> None:
    """Linked, the class is complete at 50 s anyhow and the pair saves its sum; alone its worst counts."""
    inf = float("inf")
    problem = DispatchProblem(
        teams=tuple(Team(id=name, capabilities={"fire": 1}) for name in ("a", "b", "far", "link")),
        slots=tuple(Slot(incident=k, capability="fire") for k in range(3)),
        travel_s=np.array([[5.0, 10.0, inf], [9.9, 10.1, inf], [inf, inf, 50.0], [90.0, inf, 90.0]]),
    )
    state = WhatIf(problem)
    assert state.plan.team_of == (0, 1, 2)
    assert state.without(3).team_of == (1, 0, 2)
