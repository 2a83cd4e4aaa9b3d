"""Why each team, and what is missing: found by solving again without it, never by a phrase."""

from dataclasses import dataclass
from typing import Literal, Protocol

from optimizer.dispatch.plan import Change, DispatchPlan, change
from optimizer.dispatch.problem import DispatchProblem, Slot
from optimizer.problem import NEVER_DS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What would be done without a team.

    Parameters
    ----------
    team, slot
        Who fills what.
    next_best
        Team that takes the place without it; ``None`` = the place stays empty, or another slot of the same
        kind is given up for it.
    later_s
        Arrival of ``next_best`` minus arrival of the team, s; ``None`` without a next best.
    cost
        What the whole plan loses.
    without
        The plan without the team.
    """

    team: int
    slot: int
    next_best: int | None
    later_s: float | None
    cost: Change
    without: DispatchPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A team that could fill a shortage if something were otherwise.

    Parameters
    ----------
    arrival_s
        Order to arrival, s; ``inf`` = no road.
    why_not
        ``not_available``; ``sent_elsewhere`` (it fills a slot of another kind); ``level_below``; ``no_road``.
    """

    team: int
    arrival_s: float
    why_not: Literal["not_available", "sent_elsewhere", "level_below", "no_road"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Slots of one kind that stay empty.

    Parameters
    ----------
    missing
        How many teams of this capability and level.
    slots
        The empty slots.
    nearest
        The nearest team that has the capability, one at the level before one below it, one with a road before
        one without; ``None`` = nobody has it.
    """

    incident: int
    capability: str
    level: int
    missing: int
    slots: tuple[int, ...]
    nearest: Source | None


class State(Protocol):
    """A problem with its plan and the plans without one team, found the same way; ``WhatIf`` is one."""

    @property
    def problem(self) -> DispatchProblem:
        """What is asked."""

    @property
    def plan(self) -> DispatchPlan:
        """The plan with every team."""

    def without(self, team: int) -> DispatchPlan:
        """The plan without a team."""


def reasons(state: State) -> tuple[Reason, ...]:
    """A reason for every team sent, in the order of the teams."""
    return tuple(_reason(state, team, slot) for team, slot in state.plan.slot_of.items())


def _reason(state: State, team: int, slot: int) -> Reason:
    problem, plan, without = state.problem, state.plan, state.without(team)
    arrival_ds = problem.arrival_ds[:, problem.slots[slot].incident]
    kind = _alike(problem, slot)
    before, after = ({p.team_of[k] for k in kind} - {None} for p in (plan, without))
    joined = sorted((int(arrival_ds[t]), t) for t in after - before if t is not None)
    return Reason(
        team=team,
        slot=slot,
        next_best=joined[0][1] if joined else None,
        later_s=(joined[0][0] - int(arrival_ds[team])) / 10 if joined else None,
        cost=change(plan.measures, without.measures),
        without=without,
    )


def _alike(problem: DispatchProblem, slot: int) -> list[int]:
    """Slots that ask for the same as a slot, itself among them."""
    return [k for k, other in enumerate(problem.slots) if other == problem.slots[slot]]


def shortages(problem: DispatchProblem, plan: DispatchPlan) -> tuple[Shortage, ...]:
    """What is missing, by incident, capability and level in the order of the slots."""
    empty: dict[tuple[int, str, int], list[int]] = {}
    for index, (slot, team) in enumerate(zip(problem.slots, plan.team_of, strict=True)):
        if team is None:
            empty.setdefault((slot.incident, slot.capability, slot.level), []).append(index)
    return tuple(
        Shortage(
            incident=incident,
            capability=capability,
            level=level,
            missing=len(slots),
            slots=tuple(slots),
            nearest=_nearest(problem, plan, problem.slots[slots[0]]),
        )
        for (incident, capability, level), slots in empty.items()
    )


def _nearest(problem: DispatchProblem, plan: DispatchPlan, slot: Slot) -> Source | None:
    there = {
        team
        for team, k in plan.slot_of.items()
        if problem.slots[k].incident == slot.incident
        and problem.slots[k].capability == slot.capability
        and problem.slots[k].level >= slot.level
    }
    able = [
        (not team.serves(slot.capability, slot.level), int(problem.arrival_ds[index, slot.incident]), index)
        for index, team in enumerate(problem.teams)
        if slot.capability in team.capabilities and index not in there
    ]
    if not able:
        return None
    below, arrival_ds, index = min(able, key=lambda one: (one[1] >= NEVER_DS, *one))
    return Source(
        team=index,
        arrival_s=float(problem.arrival_s[index, slot.incident]),
        why_not=_why_not(problem, index, arrival_ds=arrival_ds, below=below),
    )


def _why_not(
    problem: DispatchProblem, team: int, *, arrival_ds: int, below: bool
) -> Literal["not_available", "sent_elsewhere", "level_below", "no_road"]:
    if arrival_ds >= NEVER_DS:
        return "no_road"
    if below:
        return "level_below"
    return "sent_elsewhere" if problem.teams[team].available else "not_available"
