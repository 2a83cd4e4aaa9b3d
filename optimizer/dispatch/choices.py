"""Who can fill what: slots that are alike in groups, and an arc for each team that serves a group."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from optimizer.dispatch.problem import DispatchProblem, Slot
from optimizer.problem import NEVER_DS, Bools, Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """Groups of equal slots and the arcs from them to teams; ``g`` groups, ``a`` arcs.

    Parameters
    ----------
    slots
        Slots of each group, ascending.
    count, incident, priority, weight, shortage_weight, complement
        By group, shape (g,); ``complement`` tells full-complement slots.
    team, group, arrival_ds, spent
        By arc, shape (a,), ordered by group, then team; ``spent`` counts scarce capabilities wasted.
    aid
        Whether a team is mutual aid, shape (t,).
    """

    slots: tuple[tuple[int, ...], ...]
    count: Int64s
    incident: Int64s
    priority: Int64s
    weight: Int64s
    shortage_weight: Int64s
    complement: Bools
    team: Int64s
    group: Int64s
    arrival_ds: Int64s
    spent: Int64s
    aid: Bools

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.count)

    def keep(self, arcs: Bools) -> "Choices":
        """The same groups with some of the arcs."""
        return replace(
            self,
            team=self.team[arcs],
            group=self.group[arcs],
            arrival_ds=self.arrival_ds[arcs],
            spent=self.spent[arcs],
        )

    def take(self, groups: Int64s, arcs: Int64s) -> "Choices":
        """Some groups and their arcs, groups and teams numbered anew in the old order."""
        is_taken = np.zeros(len(self.aid), np.bool_)
        is_taken[self.team[arcs]] = True
        number = np.cumsum(is_taken) - 1
        return Choices(
            slots=tuple(self.slots[g] for g in groups),
            count=self.count[groups],
            incident=self.incident[groups],
            priority=self.priority[groups],
            weight=self.weight[groups],
            shortage_weight=self.shortage_weight[groups],
            complement=self.complement[groups],
            team=number[self.team[arcs]],
            group=np.searchsorted(groups, self.group[arcs]),
            arrival_ds=self.arrival_ds[arcs],
            spent=self.spent[arcs],
            aid=self.aid[is_taken],
        )


def choices_of(problem: DispatchProblem) -> Choices:
    """Groups and arcs of a problem; a team serves a group that it can reach, at its level or below."""
    alike: dict[Slot, list[int]] = {}
    for index, slot in enumerate(problem.slots):
        alike.setdefault(slot, []).append(index)
    kinds = tuple(alike)
    incident = np.array([kind.incident for kind in kinds], np.int64)
    group, team = np.nonzero(_serves(problem, kinds, incident))
    return Choices(
        slots=tuple(map(tuple, alike.values())),
        count=np.array([len(slots) for slots in alike.values()], np.int64),
        incident=incident,
        priority=np.array([kind.priority for kind in kinds], np.int64),
        weight=np.array([kind.weight for kind in kinds], np.int64),
        shortage_weight=np.array([kind.shortage_weight for kind in kinds], np.int64),
        complement=np.array([kind.alarm == "full_complement" for kind in kinds], np.bool_),
        team=team,
        group=group,
        arrival_ds=problem.arrival_ds[team, incident[group]],
        spent=_spent(problem, kinds, team, group),
        aid=np.array([t.mutual_aid for t in problem.teams], np.bool_),
    )


def _serves(problem: DispatchProblem, kinds: tuple[Slot, ...], incident: Int64s) -> Bools:
    """Whether a team (column) may fill a group (row)."""
    names = {name: column for column, name in enumerate(sorted({kind.capability for kind in kinds}))}
    level = np.zeros((len(names), len(problem.teams)), np.int64)
    for index, team in enumerate(problem.teams):
        for name in names.keys() & team.capabilities.keys():
            level[names[name], index] = team.capabilities[name]
    asked = np.array([names[kind.capability] for kind in kinds], np.int64)
    wanted = np.array([kind.level for kind in kinds], np.int64)
    available = np.array([team.available for team in problem.teams], np.bool_)
    near = problem.arrival_ds[:, incident].T < NEVER_DS
    return np.asarray((level[asked] >= wanted[:, None]) & near & available)


def _spent(problem: DispatchProblem, kinds: tuple[Slot, ...], team: Int64s, group: Int64s) -> Int64s:
    if not problem.scarce:
        return np.zeros(len(team), np.int64)
    scarce = problem.scarce
    serves = [[t.serves(one.capability, one.level) for one in scarce] for t in problem.teams]
    wastes = [
        [not (kind.capability == one.capability and kind.level >= one.level) for one in scarce]
        for kind in kinds
    ]
    shape = (-1, len(scarce))
    spent = np.array(wastes, np.int64).reshape(shape) @ np.array(serves, np.int64).reshape(shape).T
    return np.asarray(spent[group, team], np.int64)


def apart(choices: Choices) -> Iterator[tuple[Int64s, Int64s]]:
    """Groups and arcs of each part that shares no team with another; groups nobody serves are left out."""
    from optimizer._kernels.exchanges import parts

    group, team = np.ascontiguousarray(choices.group), np.ascontiguousarray(choices.team)
    root = parts(group, team, choices.groups, len(choices.aid))
    root_of_arc = root[choices.group]
    for label in sorted(set(root_of_arc.tolist())):
        yield np.flatnonzero(root == label), np.flatnonzero(root_of_arc == label)
