"""Drives between all places of a drill under every state of its roads: traffic, closures, floods.

A state is a set of rules and closures in force at once. The roads change at whole hours where traffic rules
do, and when closures begin and end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from geo.closures import Closure
from geo.errors import refuse
from geo.region.region import Region
from geo.travel import TravelTimes
from optimizer.drill.problem import NO_ROAD_DS, Drives, Int32s
from optimizer.problem import Floats, Int64s
from scenarios.board import Board
from scenarios.board_closures import closures_of_board
from scenarios.dispatch_hazards import incident_hazards
from scenarios.drill_models import DrillScenario, Traffic
from scenarios.hazards.zone_closures import closures_of
from scenarios.incident_models import IncidentScenario
from scenarios.records import meeting
from scenarios.region_travel import region_roads, region_travel

MOST_STATES = 24
"""States of the roads in one drill at most: each holds a table of all drives for each class of vehicle."""


@dataclass(frozen=True, slots=True)
class RoadStates:
    """States by number, the closures of each, and when they change, seconds after the start."""

    closures: tuple[tuple[Closure, ...], ...]
    at_s: tuple[float, ...]
    state: tuple[int, ...]


def road_states(region: Region, scenario: DrillScenario) -> RoadStates:
    """The states of the roads of a drill.

    Raises
    ------
    InputError
        S459 too many states; S214, S292, N204 to N207 as closures, H101 to H122 as floods.
    """
    drill = scenario.drill
    ends = drill.starts + timedelta(seconds=drill.length)
    timed = (*_reported(scenario), *_floods(region, scenario))
    traffic = tuple(_slower(region, rule, number) for number, rule in enumerate(drill.traffic))
    numbers: dict[tuple[str, ...], int] = {}
    closures: list[tuple[Closure, ...]] = []
    changes: list[tuple[float, int]] = []
    for at in _instants(drill.starts, ends, timed, drill.traffic):
        slow = [one for one, rule in zip(traffic, drill.traffic, strict=True) if _holds(rule, at)]
        now = (*(one for one in timed if one.in_force(at)), *slow)
        key = tuple(f"{one.id} {number}" for number, one in enumerate((*timed, *traffic)) if one in now)
        if key not in numbers:
            numbers[key] = len(closures)
            closures.append(now)
        if not changes or changes[-1][1] != numbers[key]:
            changes.append(((at - drill.starts).total_seconds(), numbers[key]))
    if len(closures) > MOST_STATES:
        raise refuse(
            "S459",
            where="drill closures, floods and traffic",
            found=f"{len(closures)} different states of the roads",
            wanted=f"at most {MOST_STATES}",
            fix="Let fewer of them overlap, or begin and end together.",
        )
    return RoadStates(
        closures=tuple(closures),
        at_s=tuple(at for at, _ in changes[1:]),
        state=tuple(number for _, number in changes[1:]),
    )


def drives(
    region: Region, states: RoadStates, vehicles: Sequence[str], nodes: Floats
) -> tuple[Int32s, Int64s]:
    """Drives by table, vehicle class, destination and origin, and the table of each state.

    Deciseconds, shapes (w, m, n, n) and (states,). States that no vehicle tells apart share a table.
    """
    travel = [region_travel(region, vehicle) for vehicle in vehicles]
    roads = [[one.with_closures(closures) for one in travel] for closures in states.closures]
    alike = [_first_alike([by_mode[mode] for by_mode in roads]) for mode in range(len(vehicles))]
    columns = list(zip(*alike, strict=True)) if alike else [()] * len(roads)
    kinds = list(dict.fromkeys(columns))
    drive_ds = np.empty((len(kinds), len(vehicles), len(nodes), len(nodes)), np.int32)
    for mode in range(len(vehicles)):
        places = travel[mode].snap(nodes) if len(nodes) else nodes
        counted: dict[int, int] = {}
        for table, kind in enumerate(kinds):
            state = kind[mode]
            if state in counted:
                drive_ds[table, mode] = drive_ds[counted[state], mode]
                continue
            counted[state] = table
            drive_ds[table, mode] = roads[state][mode].matrix_ds(places, places).T
            np.fill_diagonal(drive_ds[table, mode], 0)  # a team that stands there needs no way to the road
    return drive_ds, np.array([kinds.index(column) for column in columns], np.int64)


def _first_alike(roads: Sequence[TravelTimes]) -> list[int]:
    """For each state of the roads the first one that is the same to the vehicle."""
    first: dict[tuple[bytes, ...], int] = {}
    found = []
    for number, one in enumerate(roads):
        now = one.conditions
        shut = b"" if now.shut is None else now.shut.tobytes()
        found.append(first.setdefault((now.now_ds.tobytes(), now.inside.tobytes(), shut), number))
    return found


def drives_of(
    region: Region, states: RoadStates, vehicles: Sequence[str], nodes: Floats, hospitals: Int64s
) -> Drives:
    """All drives with their changes, and the nearest hospital of each node for each vehicle class."""
    drive_ds, table = drives(region, states, vehicles, nodes)
    hospital = np.full(drive_ds.shape[:3], -1, np.int64)
    if len(hospitals) and len(vehicles):
        to_hospital = drive_ds[:, :, hospitals, :]
        nearest = to_hospital.argmin(axis=2)
        reached = to_hospital.min(axis=2) < NO_ROAD_DS
        hospital = np.where(reached, hospitals[nearest], -1)
    return Drives(
        drive_ds=drive_ds,
        state_at_ds=np.rint(np.array(states.at_s) * 10).astype(np.int64),
        state=np.array(states.state, np.int64),
        hospital=hospital,
        table=table,
    )


def _reported(scenario: DrillScenario) -> tuple[Closure, ...]:
    return closures_of_board(Board(muster=1, closures=scenario.drill.closures))


def _floods(region: Region, scenario: DrillScenario) -> tuple[Closure, ...]:
    """Zones of the floods as closures with their times; each flood plays from its ``event_at``."""
    found: list[Closure] = []
    for flood in scenario.drill.floods:
        at = flood.event_at or scenario.drill.starts
        played = IncidentScenario(
            muster=1, kind="incident", region=scenario.region, at=at, incidents=(flood,)
        )
        zones = [zone for hazard in incident_hazards(region, played) for zone in hazard.zones]
        found += closures_of(zones, gas_from_level=2, roads=region_roads(region))
    return tuple(found)


def _slower(region: Region, rule: Traffic, number: int) -> Closure:
    table = region.table("roads")
    chosen = table if rule.roads is None else meeting(table, rule.roads.where)
    return Closure(
        id=f"traffic-{number}", road_ids=tuple(map(str, chosen["id"])), speed_factor=rule.speed_factor
    )


def _holds(rule: Traffic, at: datetime) -> bool:
    return at.hour in rule.hours and at.isoweekday() in rule.weekdays


def _instants(
    starts: datetime, ends: datetime, timed: Sequence[Closure], traffic: Sequence[Traffic]
) -> list[datetime]:
    """Instants at which the roads may change, the start first."""
    after = timedelta(milliseconds=100)  # closures hold up to and at the instant they end
    found = {starts}
    for closure in timed:
        found |= {closure.valid_from} if closure.valid_from else set()
        found |= {closure.valid_to + after} if closure.valid_to else set()
    if traffic:
        hour = starts.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        while hour < ends:
            found.add(hour)
            hour += timedelta(hours=1)
    return sorted(at.astimezone(starts.tzinfo) for at in found if starts <= at < ends)
