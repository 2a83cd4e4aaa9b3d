"""Coverage left behind: who is still near the zones once the teams have left, and what keeping one costs.

A zone is covered when a team that may still be sent stands at a station within the zone's limit, inclusive,
with the capability asked for. ``repair`` keeps teams back where another can go in their place: the plan is
solved again without each team whose zones were left bare, and the trade with the least delay for the people
it keeps covered is taken, one after the other, as long as no slot more stays empty and nobody waits longer
than allowed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.dispatch.plan import Change, DispatchPlan, change
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.what_if import WhatIf
from optimizer.problem import Bools, Floats, Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zones:
    """Zones to keep covered; ``z`` zones, ``s`` stations.

    Parameters
    ----------
    response_s
        Order to arrival at each zone from each station, s, shape (z, s); ``inf`` = no road.
    limit_s
        Longest response that covers, inclusive, s, shape (z,).
    people
        Shape (z,).
    capability, level
        What a team must have to cover.
    """

    response_s: Floats
    limit_s: Floats
    people: Int64s
    capability: str = "fire"
    level: int = 1

    def __post_init__(self) -> None:
        zones = len(self.response_s)
        if self.response_s.ndim != 2 or self.limit_s.shape != (zones,) or self.people.shape != (zones,):
            raise ValueError("zones: want response_s (z, s), limit_s (z,) and people (z,)")
        if np.isnan(self.response_s).any() or (self.people < 0).any():
            raise ValueError("zones: want times in seconds or inf, and people >= 0")

    def near(self) -> Bools:
        """Whether a team at a station covers a zone, shape (z, s)."""
        return np.isfinite(self.response_s) & (self.response_s <= self.limit_s[:, None])

    def covered(self, problem: DispatchProblem, sent: frozenset[int] = frozenset()) -> Bools:
        """Zones covered by available teams of this county, at a station and not sent, shape (z,)."""
        return self.covered_from(station for team, station in posts(problem, self) if team not in sent)

    def covered_from(self, stations: Iterable[int]) -> Bools:
        """Zones covered by teams at some stations, shape (z,)."""
        staffed = np.zeros(self.response_s.shape[1], np.bool_)
        staffed[list(stations)] = True
        return np.asarray((self.near() & staffed).any(axis=1))


def posts(problem: DispatchProblem, zones: Zones) -> list[tuple[int, int]]:
    """Teams that count for coverage where they stand, and their stations."""
    return [
        (number, team.station)
        for number, team in enumerate(problem.teams)
        if team.station is not None and covering(problem, zones, number)
    ]


def covering(problem: DispatchProblem, zones: Zones, team: int) -> bool:
    """Whether a team, where it stands, counts for coverage at all."""
    one = problem.teams[team]
    able = one.available and not one.mutual_aid and one.serves(zones.capability, zones.level)
    return able and one.station is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Zones covered before and after the plan's teams leave, ascending, and the people who lose it."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    people_before: int
    people_after: int

    @property
    def lost(self) -> tuple[int, ...]:
        """Zones covered before and not after."""
        return tuple(sorted(set(self.before) - set(self.after)))


def coverage_left(problem: DispatchProblem, plan: DispatchPlan, zones: Zones) -> Coverage:
    """What the plan leaves behind."""
    before = zones.covered(problem)
    after = zones.covered(problem, frozenset(plan.slot_of))
    return Coverage(
        before=tuple(np.flatnonzero(before).tolist()),
        after=tuple(np.flatnonzero(after).tolist()),
        people_before=int(zones.people[before].sum()),
        people_after=int(zones.people[after].sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A team kept at its station, the zones and people this keeps covered, and what the plan loses."""

    team: int
    zones: tuple[int, ...]
    people: int
    cost: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """The plan with teams kept back, the trades in the order made, and the coverage reached."""

    plan: DispatchPlan
    trades: tuple[Trade, ...]
    coverage: Coverage


def repair(
    problem: DispatchProblem, zones: Zones, *, later_s: float, state: WhatIf | None = None
) -> Repaired:
    """Keep zones covered by sending slightly later teams.

    Parameters
    ----------
    later_s
        Most by which one trade may delay the last team of any priority class, and the mean weighted arrival
        of a slot, inclusive, s.
    state
        The same problem solved before, whatever its teams' stations.
    """
    trades: list[Trade] = []
    kept: tuple[int, ...] = ()
    while True:
        if kept or state is None:
            state = WhatIf(_without(problem, kept))
        best = _best_trade(problem, state, zones, later_s)
        if best is None:
            left = coverage_left(problem, state.plan, zones)
            return Repaired(plan=state.plan, trades=tuple(trades), coverage=left)
        trades.append(best)
        kept = (*kept, best.team)


def _without(problem: DispatchProblem, kept: tuple[int, ...]) -> DispatchProblem:
    teams = (replace(t, available=t.available and k not in kept) for k, t in enumerate(problem.teams))
    return replace(problem, teams=tuple(teams))


def _best_trade(problem: DispatchProblem, state: WhatIf, zones: Zones, later_s: float) -> Trade | None:
    """The trade with most people kept covered for each second of weighted delay; ties: the first team."""
    found: list[tuple[float, int, Trade]] = []
    sent = frozenset(state.plan.slot_of)
    post_of = dict(posts(problem, zones))
    bare = zones.covered_from(post_of[team] for team in post_of.keys() - sent)
    for team in sorted(sent & post_of.keys()):
        without = state.without(team)
        cost = change(state.plan.measures, without.measures)
        now = zones.covered_from(post_of[other] for other in post_of.keys() - without.slot_of.keys())
        gained = int(zones.people[now].sum()) - int(zones.people[bare].sum())
        if gained > 0 and _bearable(state, cost, later_s):
            kept = tuple(np.flatnonzero(now & ~bare).tolist())
            trade = Trade(team=team, zones=kept, people=gained, cost=cost)
            found.append((-gained / max(0.1, cost.arrival_s), team, trade))
    return min(found, key=lambda one: one[:2])[2] if found else None


def _bearable(state: WhatIf, cost: Change, later_s: float) -> bool:
    weight = sum(state.problem.slots[slot].weight for slot in state.plan.slot_of.values())
    return (
        cost.shortage <= 0
        and cost.aid_teams <= 0
        and max(cost.complement_s, default=0.0) <= later_s
        and cost.arrival_s <= later_s * max(1, weight) / max(1, len(state.plan.slot_of))
    )
