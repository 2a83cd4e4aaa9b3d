"""Tiny dispatch questions drawn at random, and the plainest search through all their plans."""

from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.dispatch.check import recomputed_measures
from optimizer.dispatch.plan import Measures
from optimizer.dispatch.problem import DispatchProblem, Scarce, Slot, Team

CAPABILITIES = ("fire", "hazmat", "medical")
SECONDS = st.integers(0, 60).map(lambda ds: ds / 10)
Filled = tuple[int | None, ...]


@st.composite
def teams(draw: st.DrawFn, *, aid: bool = True) -> Team:
    return Team(
        id=draw(st.text("abc", min_size=3, max_size=3)),
        capabilities=draw(st.dictionaries(st.sampled_from(CAPABILITIES), st.integers(1, 3), max_size=2)),
        turnout_s=draw(SECONDS),
        available=draw(st.integers(0, 9)) > 0,
        mutual_aid=aid and draw(st.booleans()),
        people=draw(st.integers(0, 9)),
    )


@st.composite
def slots(draw: st.DrawFn, incidents: int) -> Slot:
    return Slot(
        incident=draw(st.integers(0, incidents - 1)),
        capability=draw(st.sampled_from(CAPABILITIES)),
        level=draw(st.integers(1, 2)),
        alarm=draw(st.sampled_from(("first_alarm", "full_complement"))),
        priority=draw(st.sampled_from((1, 4))),
        weight=draw(st.integers(0, 3)),
        shortage_weight=draw(st.integers(1, 3)),
    )


@st.composite
def problems(
    draw: st.DrawFn, *, aid: bool = True, scarce: bool = True, most_teams: int = 4
) -> DispatchProblem:
    incidents = draw(st.integers(1, 3))
    drawn = tuple(draw(st.lists(teams(aid=aid), min_size=1, max_size=most_teams)))
    times = st.one_of(SECONDS, st.just(float("inf")))
    return DispatchProblem(
        teams=drawn,
        slots=tuple(draw(st.lists(slots(incidents), min_size=1, max_size=4))),
        travel_s=draw(hnp.arrays(float, (len(drawn), incidents), elements=times)),
        scarce=(Scarce(capability="hazmat", level=draw(st.integers(1, 3))),) if scarce else (),
    )


def may_fill(problem: DispatchProblem, team: int, slot: Slot) -> bool:
    one = problem.teams[team]
    reaches = bool(np.isfinite(problem.travel_s[team, slot.incident]))
    return one.available and reaches and one.capabilities.get(slot.capability, 0) >= slot.level


def every_plan(problem: DispatchProblem, slots: list[int]) -> Iterator[Filled]:
    """All ways to fill some slots of the problem; the other slots stay empty."""

    def further(k: int, plan: list[int | None]) -> Iterator[Filled]:
        if k == len(slots):
            yield tuple(plan)
            return
        yield from further(k + 1, plan)
        for team in range(len(problem.teams)):
            if team not in plan and may_fill(problem, team, problem.slots[slots[k]]):
                plan[slots[k]] = team
                yield from further(k + 1, plan)
                plan[slots[k]] = None

    yield from further(0, [None] * len(problem.slots))


def linked(problem: DispatchProblem) -> list[list[int]]:
    """Slots in sets that share no team."""
    sets: list[tuple[list[int], set[int]]] = []
    for index, slot in enumerate(problem.slots):
        able = {t for t in range(len(problem.teams)) if may_fill(problem, t, slot)}
        joined = ([index], able)
        apart = []
        for other in sets:
            if other[1] & joined[1]:
                joined = (joined[0] + other[0], joined[1] | other[1])
            else:
                apart.append(other)
        sets = [*apart, joined]
    return [sorted(slots) for slots, _ in sets]


def first_stage(measures: Measures) -> tuple[int, ...]:
    return (measures.shortage, measures.aid_teams, measures.spent, measures.arrival_ds)


def later_stages(measures: Measures) -> tuple[object, ...]:
    return (measures.complement_ds, measures.spent, measures.arrival_ds)


def is_exact(problem: DispatchProblem, team_of: Filled) -> bool:
    """Whether a plan is best stage by stage, in each linked set of slots, by looking at every other plan."""
    return all(_best(problem, team_of, linked_slots) for linked_slots in linked(problem))


def _best(problem: DispatchProblem, team_of: Filled, slots: list[int]) -> bool:
    ours: Filled = tuple(team if k in slots else None for k, team in enumerate(team_of))
    plans = {plan: recomputed_measures(problem, plan) for plan in every_plan(problem, slots)}
    least = min(first_stage(measures) for measures in plans.values())
    fills = {_fill(plan) for plan, measures in plans.items() if first_stage(measures) == least}
    same = [m for p, m in plans.items() if _fill(p) == _fill(ours) and m.aid_teams == least[1]]
    return _fill(ours) in fills and later_stages(plans[ours]) == min(map(later_stages, same))


def _fill(plan: Filled) -> Filled:
    return tuple(None if team is None else 1 for team in plan)
