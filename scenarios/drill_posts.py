"""Posts of idle teams chosen by the program that moves teams up in real incidents."""

from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.coverage import Zones
from optimizer.dispatch.move_up import move_up
from optimizer.dispatch.plan import DispatchPlan, Measures
from optimizer.dispatch.problem import DispatchProblem, Team
from optimizer.drill.clock import Clock, Station
from optimizer.drill.problem import NO_ROAD_DS
from optimizer.problem import Bools, Floats, Int64s
from scenarios.doctrine import Doctrine
from scenarios.drill_inputs import DrillInputs, asked_rows
from scenarios.drill_models import DrillScenario

_NOBODY_SENT = DispatchPlan(
    team_of=(), measures=Measures(shortage=0, aid_teams=0, complement_ds=(), spent=0, arrival_ds=0)
)


def posts_by_cover(inputs: DrillInputs, scenario: DrillScenario, doctrine: Doctrine) -> Station:
    """A rule that puts idle teams where most people are covered, by ``optimizer.dispatch.move_up``."""
    questions = Posts(inputs, scenario, doctrine)

    def station(clock: Clock) -> None:
        idle = clock.idle()
        clock.post[idle] = questions.answered(clock.roads, np.flatnonzero(idle))[idle]

    return station


@dataclass(frozen=True, slots=True, eq=False)
class _Cover:
    """What a state of the roads allows: who is covered from which column, and the way between columns, s."""

    zones: Zones
    between_s: Floats


class Posts:
    """Homes of the teams that may move and the fire stations as posts, scenes as zones to cover.

    A *column* is a post as teams of one vehicle class and turnout man it: each team keeps to the columns of
    its like. Scenes that the same columns cover count as one zone.
    """

    def __init__(self, inputs: DrillInputs, scenario: DrillScenario, doctrine: Doctrine) -> None:
        self.inputs, self.rule, self.move = inputs, doctrine.cover, scenario.drill.move_up
        fleet, table = inputs.problem.fleet, inputs.problem.table
        group = np.ones(len(fleet), np.bool_) if table is None else table.group
        self.posts = np.unique(np.concatenate([fleet.home[group], inputs.posts])).astype(np.int64)
        likes = np.stack([fleet.home_mode, fleet.turnout_ds], axis=1)
        self.likes, like = np.unique(likes[group], axis=0, return_inverse=True)
        self.column = np.full(len(fleet), -1, np.int64)
        at_home = np.searchsorted(self.posts, fleet.home[group])
        self.column[group] = like.reshape(-1) * len(self.posts) + at_home
        self.limit_s = _limit_s(scenario, doctrine)
        self._cover: dict[int, _Cover] = {}
        self._moves: dict[tuple[int, bytes], tuple[tuple[int, int], ...]] = {}

    def answered(self, roads: int, idle: Int64s) -> Int64s:
        """The post of each team, node, shape (t,): its home where it is not moved.

        The answer depends on the roads and on how many teams are idle at each column; of those at one column
        the first go. A question asked before is answered from memory.
        """
        post = self.inputs.problem.fleet.home.copy()
        columns = len(self.posts) * len(self.likes)
        count = np.minimum(np.bincount(self.column[idle], minlength=columns), self.rule.moves + 1)
        key = (roads, count.tobytes())
        if key not in self._moves:
            self._moves[key] = self._asked(roads, count)
        here = {column: idle[self.column[idle] == column].tolist() for column, _ in self._moves[key]}
        for column, to in self._moves[key]:
            post[here[column].pop(0)] = self.posts[to % len(self.posts)]
        return post

    def _asked(self, roads: int, count: Int64s) -> tuple[tuple[int, int], ...]:
        """Moves from column to column for so many idle teams at each."""
        cover = self._covered(roads)
        stands = np.repeat(np.arange(len(count)), count).tolist()
        teams = tuple(
            Team(id=str(number), capabilities={cover.zones.capability: 3}, station=column)
            for number, column in enumerate(stands)
        )
        if not teams:
            return ()
        found = move_up(
            DispatchProblem(teams=teams, slots=(), travel_s=np.zeros((len(teams), 1))),
            _NOBODY_SENT,
            cover.zones,
            between_s=cover.between_s,
            within_s=self.rule.move_within,
            moves=self.rule.moves,
        )
        return tuple((stands[move.team], move.station) for move in found.moves)

    def _covered(self, roads: int) -> _Cover:
        if roads not in self._cover:
            scenes, posts = len(self.inputs.places.lonlat), len(self.posts)
            near = np.zeros((scenes, posts * len(self.likes)), np.bool_)
            between_s = np.full((posts * len(self.likes),) * 2, np.inf)
            for like, (mode, turnout_ds) in enumerate(self.likes.tolist()):
                mine = slice(like * posts, (like + 1) * posts)
                drive_s = self._drive_s(roads, mode)
                near[:, mine] = drive_s[:scenes, self.posts] + turnout_ds / 10 <= self.limit_s
                between_s[mine, mine] = drive_s[np.ix_(self.posts, self.posts)].T
            self._cover[roads] = _Cover(self._zones(near), between_s)
        return self._cover[roads]

    def _zones(self, near: Bools) -> Zones:
        """Scenes that are covered alike as one, those without people or cover left out."""
        people = np.rint(self.inputs.places.weight).astype(np.int64)
        counted = near.any(axis=1) & (people > 0)
        patterns, which = np.unique(near[counted], axis=0, return_inverse=True)
        return Zones(
            response_s=np.where(patterns, 0.0, np.inf),
            limit_s=np.zeros(len(patterns)),
            people=np.bincount(which.reshape(-1), people[counted], len(patterns)).astype(np.int64),
            capability=self.move.capability,
            level=self.move.level,
        )

    def _drive_s(self, roads: int, mode: int) -> Floats:
        drive_ds = self.inputs.problem.drives.drive_ds[roads, mode]
        return np.where(drive_ds >= NO_ROAD_DS, np.inf, drive_ds / 10)


def _limit_s(scenario: DrillScenario, doctrine: Doctrine) -> float:
    """From order to arrival, s: the shortest time of the kinds that ask for the capability, less handling.

    Where none asks for it, of all kinds.
    """
    drill = scenario.drill
    asked = [
        kind.within
        for kind in drill.kinds
        if any(row[0] == drill.move_up.capability for row in asked_rows(kind, doctrine))
    ]
    return max(0.0, min(asked or [kind.within for kind in drill.kinds]) - drill.handling)
