"""A dispatch plan: who fills which slot, and how good that is stage by stage."""

from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.choices import Choices
from optimizer.dispatch.problem import DispatchProblem
from optimizer.problem import Int64s


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Measures:
    """What the stages weigh; the lower the better, compared in this order.

    Parameters
    ----------
    shortage
        Sum of ``shortage_weight`` over empty slots.
    aid_teams
        Mutual-aid teams sent.
    complement_ds
        Worst arrival over the filled full-complement slots of each priority class that the problem has,
        highest class first, ds; 0 where none is filled.
    spent
        Scarce capabilities spent on slots that do not ask for them.
    arrival_ds
        Sum of weight times arrival over filled slots, ds.
    """

    shortage: int
    aid_teams: int
    complement_ds: tuple[int, ...]
    spent: int
    arrival_ds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchPlan:
    """Teams by slot.

    Parameters
    ----------
    team_of
        Team of each slot, ``None`` = empty, in the order of the problem's slots.
    """

    team_of: tuple[int | None, ...]
    measures: Measures

    @property
    def slot_of(self) -> dict[int, int]:
        """Slot by team sent, in the order of the teams."""
        return dict(sorted((team, slot) for slot, team in enumerate(self.team_of) if team is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How much worse one plan is than another, stage by stage; negative = better.

    Parameters
    ----------
    shortage, aid_teams, spent
        As in ``Measures``.
    complement_s
        Later arrival of the last full-complement team by priority class, highest first, s.
    arrival_s
        More weighted arrival, s.
    """

    shortage: int
    aid_teams: int
    complement_s: tuple[float, ...]
    spent: int
    arrival_s: float


def change(before: Measures, after: Measures) -> Change:
    """What the second plan costs more than the first; both of the same priority classes."""
    pairs = zip(before.complement_ds, after.complement_ds, strict=True)
    return Change(
        shortage=after.shortage - before.shortage,
        aid_teams=after.aid_teams - before.aid_teams,
        complement_s=tuple((b - a) / 10 for a, b in pairs),
        spent=after.spent - before.spent,
        arrival_s=(after.arrival_ds - before.arrival_ds) / 10,
    )


def plan_of(problem: DispatchProblem, choices: Choices, used: Int64s) -> DispatchPlan:
    """The plan that uses some arcs; in a group of equal slots the earliest team takes the first slot."""
    team_of: list[int | None] = [None] * len(problem.slots)
    taken = [0] * choices.groups
    for arc in used[np.lexsort((choices.team[used], choices.arrival_ds[used], choices.group[used]))].tolist():
        group = int(choices.group[arc])
        team_of[choices.slots[group][taken[group]]] = int(choices.team[arc])
        taken[group] += 1
    return DispatchPlan(team_of=tuple(team_of), measures=_measures(choices, used, np.array(taken, np.int64)))


def late_s(problem: DispatchProblem, plan: DispatchPlan) -> tuple[float | None, ...]:
    """How long after its deadline each slot is filled, s; 0 in time (inclusive), ``None`` if empty."""
    return tuple(
        None if team is None else max(0.0, float(problem.arrival_s[team, slot.incident]) - slot.deadline_s)
        for slot, team in zip(problem.slots, plan.team_of, strict=True)
    )


def _measures(choices: Choices, used: Int64s, taken: Int64s) -> Measures:
    group, arrival_ds = choices.group[used], choices.arrival_ds[used]
    worst = tuple(
        int(arrival_ds[(choices.priority[group] == priority) & choices.complement[group]].max(initial=0))
        for priority in np.unique(choices.priority[choices.complement])[::-1]
    )
    return Measures(
        shortage=int(((choices.count - taken) * choices.shortage_weight).sum()),
        aid_teams=int(choices.aid[choices.team[used]].sum()),
        complement_ds=worst,
        spent=int(choices.spent[used].sum()),
        arrival_ds=int((choices.weight[group] * arrival_ds).sum()),
    )
