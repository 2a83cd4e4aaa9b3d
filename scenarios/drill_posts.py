"""Posts of idle teams chosen by the program that moves teams up in real incidents."""

import numpy as np

from optimizer.dispatch.coverage import Zones
from optimizer.dispatch.move_up import move_up
from optimizer.dispatch.plan import DispatchPlan, Measures
from optimizer.dispatch.problem import DispatchProblem, Team
from optimizer.drill.clock import Clock, Station
from optimizer.drill.problem import NO_ROAD_DS
from optimizer.problem import Floats, Int64s
from scenarios.doctrine import Doctrine
from scenarios.drill_inputs import DrillInputs
from scenarios.drill_models import DrillScenario

_NOBODY_SENT = DispatchPlan(
    team_of=(), measures=Measures(shortage=0, aid_teams=0, complement_ds=(), spent=0, arrival_ds=0)
)


def posts_by_cover(inputs: DrillInputs, scenario: DrillScenario, doctrine: Doctrine) -> Station:
    """A rule that puts idle teams where most people are covered, by ``optimizer.dispatch.move_up``.

    A question asked before is answered from memory: it depends on who is idle and on the roads alone.
    """
    questions = _Posts(inputs, scenario, doctrine)
    known: dict[tuple[int, bytes], Int64s] = {}

    def station(clock: Clock) -> None:
        idle = clock.idle()
        key = (clock.roads, idle.tobytes())
        if key not in known:
            known[key] = questions.answered(clock.roads, np.flatnonzero(idle))
        clock.post[idle] = known[key][idle]

    return station


class _Posts:
    """Homes of the teams that may move and the fire stations as posts, scenes as zones to cover."""

    def __init__(self, inputs: DrillInputs, scenario: DrillScenario, doctrine: Doctrine) -> None:
        self.inputs, self.rule, self.move = inputs, doctrine.cover, scenario.drill.move_up
        homes = inputs.problem.fleet.home
        table = inputs.problem.table
        group = np.ones(len(homes), np.bool_) if table is None else table.group
        scenes = len(inputs.places.lonlat)
        others = [node for node in range(scenes, len(inputs.nodes)) if node not in set(homes.tolist())]
        self.posts = np.unique(np.concatenate([homes[group], np.array(others, np.int64)])).astype(np.int64)
        self.limit_s = self._limits(scenario)

    def _limits(self, scenario: DrillScenario) -> Floats:
        """The standard of each scene, s: by the kinds' shortest time, less handling."""
        shortest = min(kind.within for kind in scenario.drill.kinds) - scenario.drill.handling
        return np.full(len(self.inputs.places.lonlat), max(0.0, shortest))

    def answered(self, roads: int, idle: Int64s) -> Int64s:
        """The post of each team, node, shape (t,): its home where it is not moved."""
        fleet = self.inputs.problem.fleet
        post = fleet.home.copy()
        if not len(idle):
            return post
        drive_s = self._drive_s(roads, int(fleet.home_mode[idle[0]]))
        scenes = len(self.inputs.places.lonlat)
        zones = Zones(
            response_s=drive_s[:scenes, self.posts] + fleet.turnout_ds[idle[0]] / 10,
            limit_s=self.limit_s,
            people=np.rint(self.inputs.places.weight).astype(np.int64),
            capability=self.move.capability,
            level=self.move.level,
        )
        column = {int(node): at for at, node in enumerate(self.posts)}
        teams = tuple(
            Team(id=str(number), capabilities={zones.capability: 3}, station=column[int(fleet.home[number])])
            for number in idle.tolist()
        )
        found = move_up(
            DispatchProblem(teams=teams, slots=(), travel_s=np.zeros((len(teams), 1))),
            _NOBODY_SENT,
            zones,
            between_s=drive_s[np.ix_(self.posts, self.posts)].T,
            within_s=self.rule.move_within,
            moves=self.rule.moves,
        )
        for move in found.moves:
            post[idle[move.team]] = self.posts[move.station]
        return post

    def _drive_s(self, roads: int, mode: int) -> Floats:
        drive_ds = self.inputs.problem.drives.drive_ds[roads, mode]
        return np.where(drive_ds >= NO_ROAD_DS, np.inf, drive_ds / 10)
