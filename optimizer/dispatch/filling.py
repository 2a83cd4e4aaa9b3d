"""Filled slots that stay filled while their limits tighten: stage 2 by augmenting paths.

A greatest flow kept from one threshold to the next (bottleneck assignment by thresholds: Gross 1959, RAND
P-1630; Burkard, Dell'Amico and Martello 2009, section 6.2, doi:10.1137/1.9780898717754). Each step
withdraws the latest teams of a class and looks for a path of exchanges that fills their slots within the
lower limit; the step that finds none proves the limit before it.
"""

from bisect import bisect_right

import numpy as np

from optimizer.dispatch.choices import Choices
from optimizer.problem import NEVER_DS, Int64s


class Filling:
    """Which group each team serves now, and how late each group may be served.

    Parameters
    ----------
    used
        Arcs of a plan; as many slots of each group stay filled.
    aid_teams
        Most mutual-aid teams at once.
    """

    def __init__(self, choices: Choices, used: Int64s, aid_teams: int) -> None:
        order = np.lexsort((choices.team, choices.arrival_ds, choices.group))
        starts = np.searchsorted(choices.group[order], np.arange(1, choices.groups))
        self._teams = [part.tolist() for part in np.split(choices.team[order], starts)]
        self._times = [part.tolist() for part in np.split(choices.arrival_ds[order], starts)]
        self._aid = choices.aid.tolist()
        self._group: list[int | None] = [None] * len(choices.aid)
        self._time: list[int] = [0] * len(choices.aid)
        self._aid_left = aid_teams
        self._limit = [NEVER_DS] * choices.groups
        for team, group, time in zip(
            choices.team[used].tolist(),
            choices.group[used].tolist(),
            choices.arrival_ds[used].tolist(),
            strict=True,
        ):
            self._send(team, group, time)

    @property
    def limit_ds(self) -> Int64s:
        """Latest arrival allowed by group, ds, inclusive."""
        return np.array(self._limit, np.int64)

    def tighten(self, members: Int64s) -> None:
        """Give some groups one common limit, as low as all filled slots can stay filled."""
        groups = set(members.tolist())
        while True:
            held = [team for team, group in enumerate(self._group) if group in groups]
            worst = max((self._time[team] for team in held), default=NEVER_DS)
            before = (self._group.copy(), self._time.copy(), self._aid_left)
            self._set_limit(groups, worst - 1)
            late = [team for team in held if self._time[team] == worst]
            wanting = [self._withdraw(team) for team in late]
            if not held or not all(self._refill(group) for group in wanting):
                self._group, self._time, self._aid_left = before
                self._set_limit(groups, worst)
                return

    def _set_limit(self, groups: set[int], limit_ds: int) -> None:
        for group in groups:
            self._limit[group] = limit_ds

    def _send(self, team: int, group: int, time: int) -> None:
        if self._group[team] is None:
            self._aid_left -= self._aid[team]
        self._group[team], self._time[team] = group, time

    def _withdraw(self, team: int) -> int:
        group = self._group[team]
        assert group is not None, "only a team that serves is withdrawn"
        self._aid_left += self._aid[team]
        self._group[team] = None
        return group

    def _refill(self, start: int) -> bool:
        """Fill one slot of a group by the shortest chain of exchanges that ends with an idle team."""
        reached: dict[int, tuple[int, int]] = {}  # team: the group that would take it, its arrival there
        opened: dict[int, tuple[int, int]] = {start: (0, 0)}  # group: the team it loses, the team that comes
        queue = [start]
        for group in queue:
            within = bisect_right(self._times[group], self._limit[group])
            for team, time in zip(self._teams[group][:within], self._times[group], strict=False):
                if team in reached:
                    continue
                reached[team] = (group, time)
                holder = self._group[team]
                if holder is None and (self._aid_left > 0 or not self._aid[team]):
                    self._exchange(start, team, reached, opened)
                    return True
                for loser, other in self._losers(team, holder):
                    if other not in opened:
                        opened[other] = (loser, team)
                        queue.append(other)
        return False

    def _losers(self, team: int, holder: int | None) -> list[tuple[int, int]]:
        """Who gives way for a team: its own group, or, where aid is used up, any group with an aid team."""
        if holder is not None:
            return [(team, holder)]
        return [(t, g) for t, g in enumerate(self._group) if g is not None and self._aid[t]]

    def _exchange(
        self,
        start: int,
        team: int,
        reached: dict[int, tuple[int, int]],
        opened: dict[int, tuple[int, int]],
    ) -> None:
        """Walk the chain back from an idle team to the group that wants one."""
        while True:
            group, time = reached[team]
            if group == start:
                self._send(team, group, time)
                return
            loser, comes = opened[group]
            self._send(team, group, time)
            if loser != comes:
                self._withdraw(loser)
            team = comes
