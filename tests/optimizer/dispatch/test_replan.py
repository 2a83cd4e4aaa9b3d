"""Replanning: orders that are a plan again, and no change without its gain."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.dispatch.assign import assign
from optimizer.dispatch.check import recomputed_measures, violations
from optimizer.dispatch.problem import DispatchProblem, Slot, Team
from optimizer.dispatch.replan import Filled, replan
from tests.optimizer.dispatch.drawn import may_fill, problems


@st.composite
def situations(draw: st.DrawFn) -> tuple[DispatchProblem, Filled]:
    """A problem and some plan in force, perhaps one that no longer holds."""
    problem = draw(problems(scarce=False, aid=False))
    order = draw(st.permutations(range(len(problem.teams))))
    teams: list[int | None] = [*order, *[None] * len(problem.slots)]
    present = tuple(t if draw(st.booleans()) else None for t in teams[: len(problem.slots)])
    return problem, present


def still(problem: DispatchProblem, present: Filled) -> Filled:
    pairs = zip(problem.slots, present, strict=True)
    return tuple(t if t is not None and may_fill(problem, t, slot) else None for slot, t in pairs)


@settings(deadline=None, max_examples=100)
@given(situations())
def test_the_new_plan_holds_and_fills_as_much_as_the_exact_one(
    situation: tuple[DispatchProblem, Filled],
) -> None:
    problem, present = situation
    found = replan(problem, present, worth_s=0.1)
    assert not [v for v in violations(problem, found.plan) if "idle" not in v]
    assert found.plan.measures.shortage <= recomputed_measures(problem, still(problem, present)).shortage
    assert assign(problem).measures.shortage <= found.plan.measures.shortage


@settings(deadline=None, max_examples=100)
@given(situations(), st.integers(1, 40))
def test_every_change_gains_what_was_asked(situation: tuple[DispatchProblem, Filled], worth_s: int) -> None:
    problem, present = situation
    found = replan(problem, present, worth_s=worth_s)
    for order in found.orders:
        if order.gain is not None:
            fills = order.gain.shortage < 0
            sooner = min((*order.gain.complement_s, order.gain.arrival_s)) <= -worth_s
            assert fills or sooner
        if order.order == "divert":
            assert order.gain is not None
    named = {order.team: order for order in found.orders}
    assert set(named) == {t for t in (*present, *found.plan.team_of) if t is not None}


@settings(deadline=None, max_examples=50)
@given(problems(scarce=False, aid=False))
def test_an_exact_plan_in_force_stays_as_it_is(problem: DispatchProblem) -> None:
    plan = assign(problem)
    found = replan(problem, plan.team_of, worth_s=0.1)
    assert found.plan == plan
    assert {order.order for order in found.orders} <= {"hold"}


def closer(seconds: float, locked: frozenset[int] = frozenset()) -> list[tuple[int, str]]:
    """Team 0 is on its way, 500 s out; team 1 has become free at some distance."""
    problem = DispatchProblem(
        teams=(Team(id="far", capabilities={"fire": 1}), Team(id="free", capabilities={"fire": 1})),
        slots=(Slot(incident=0, capability="fire"),),
        travel_s=np.array([[500.0], [seconds]]),
    )
    found = replan(problem, (0,), worth_s=60, locked=locked)
    return [(order.team, order.order) for order in found.orders]


def test_a_team_that_became_free_takes_over_only_when_it_gains_a_minute() -> None:
    assert closer(440) == [(0, "release"), (1, "send")]
    assert closer(441) == [(0, "hold")]
    assert closer(10, locked=frozenset({0})) == [(0, "hold")]


def test_a_new_fire_diverts_the_team_that_can_be_replaced() -> None:
    """Team 0 goes to the new leak, which only it can serve; team 1 takes its place."""
    problem = DispatchProblem(
        teams=(Team(id="a", capabilities={"fire": 1, "hazmat": 1}), Team(id="b", capabilities={"fire": 1})),
        slots=(Slot(incident=0, capability="fire"), Slot(incident=1, capability="hazmat")),
        travel_s=np.array([[100.0, 300.0], [900.0, 900.0]]),
    )
    found = replan(problem, (0, None))
    assert [(o.team, o.order, o.slot) for o in found.orders] == [(0, "divert", 1), (1, "send", 0)]
    assert found.gain.shortage == -1
