"""What if a team were not there: the exact plan without it, from the state of the plan with it.

Only the part of the question that hangs together with the team is solved again; a team that fills nothing and
links nothing leaves the plan as it is. Every answer is the one that ``assign`` gives without the team.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizer.dispatch.choices import Choices, apart, choices_of
from optimizer.dispatch.plan import DispatchPlan, plan_of
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.stages import Staged, solved, staged
from optimizer.problem import Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """A part of the question: arcs and teams by their numbers in the whole, its plan, arcs used elsewhere."""

    choices: Choices
    exact: Staged
    arcs: Int64s
    teams: Int64s
    elsewhere: Int64s


class WhatIf:
    """A problem, its exact plan, and the plans without one team.

    Parameters
    ----------
    problem
        Solved at once.
    """

    def __init__(self, problem: DispatchProblem) -> None:
        self.problem: DispatchProblem = problem
        self.choices = choices_of(problem)
        found = [(arcs, self.choices.take(groups, arcs)) for groups, arcs in apart(self.choices)]
        exact = [staged(part) for _, part in found]
        used = [arcs[one.used] for (arcs, _), one in zip(found, exact, strict=True)]
        self.used = np.sort(np.concatenate([np.empty(0, np.int64), *used]))
        self._part_of: dict[int, _Part] = {}
        for (arcs, choices), one in zip(found, exact, strict=True):
            part = _Part(
                choices=choices,
                exact=one,
                arcs=arcs,
                teams=np.unique(self.choices.team[arcs]),
                elsewhere=self.used[~np.isin(self.used, arcs)],
            )
            self._part_of |= dict.fromkeys(part.teams.tolist(), part)
        self._without: dict[int, DispatchPlan] = {}

    @cached_property
    def plan(self) -> DispatchPlan:
        """The exact plan with every team."""
        return plan_of(self.problem, self.choices, self.used)

    def without(self, team: int) -> DispatchPlan:
        """The exact plan without a team; kept, since reasons and trades ask for the same."""
        if team not in self._without:
            used = self.used_without(team)
            same = used is self.used
            self._without[team] = self.plan if same else plan_of(self.problem, self.choices, used)
        return self._without[team]

    def without_each(self) -> tuple[DispatchPlan, ...]:
        """The exact plan without each team in turn."""
        return tuple(self.without(team) for team in range(len(self.problem.teams)))

    def used_without(self, team: int) -> Int64s:
        """Arcs of the plan without a team; the very array ``used`` where nothing changes."""
        part = self._part_of.get(team)
        if part is None:
            return self.used
        again = _again(part.choices, part.exact, int(np.searchsorted(part.teams, team)))
        if again is None:
            return self.used
        return np.sort(np.concatenate([part.elsewhere, part.arcs[again]]))


def _again(part: Choices, known: Staged, team: int) -> Int64s | None:
    """Arcs of a part used without one of its teams; ``None`` = as before."""
    others = np.flatnonzero(part.team != team)
    linked = _still_linked(part, team)
    if linked and not (part.team[known.used] == team).any():
        return None
    rest = part.take(np.arange(part.groups), others)
    return others[(staged(rest) if linked else solved(rest)).used]


def _still_linked(part: Choices, team: int) -> bool:
    """Whether the groups a team serves hang together without it.

    Enough, and nearly always so: one of them shares another team with each of the others.
    """
    groups = part.group[part.team == team]
    if len(groups) == 1:
        return bool((part.group == groups[0]).sum() > 1)
    serves = np.zeros((part.groups, len(part.aid)), np.bool_)
    serves[part.group, part.team] = True
    serves[:, team] = False
    mine = serves[groups].astype(np.int32)
    if ((mine @ mine.T) > 0).all(axis=1).any():
        return True
    rest = part.take(np.arange(part.groups), np.flatnonzero(part.team != team))
    parts = [set(found.tolist()) for found, _ in apart(rest)]
    return len(parts) == 1 and len(parts[0]) == part.groups
