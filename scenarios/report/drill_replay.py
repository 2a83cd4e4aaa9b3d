"""The replay of a drill: some hours of one replication, to be played on the map of its page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely

from geo.errors import refuse
from geo.region.region import Region
from scenarios.dispatch_teams import ReadyTeam
from scenarios.drill import Drill
from scenarios.drill_roads import road_states
from scenarios.drill_trace import COLUMNS, Cells
from scenarios.region_travel import region_travel

HOURS, MOST_HOURS = 24.0, 168.0
_DECIMALS, _TOLERANCE_DEG = 4, 0.0002
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A call, seconds from the start of the drill; ``None`` where nobody came or it was open at the end."""

    number: int
    at_s: float
    kind: str
    lon: float
    lat: float
    came_s: float | None
    ended_s: float | None
    lost: bool


@dataclass(frozen=True, slots=True)
class TeamCourse:
    """A team: ``home`` when the hours begin, then ``drives`` (from, to, points); ``out``: on a call."""

    team: ReadyTeam
    home: tuple[float, float]
    drives: tuple[tuple[float, float, list[list[float]]], ...]
    out: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """Hours of the first replication, seconds from the start; ``chosen``: they were asked for."""

    from_s: float
    to_s: float
    calls: tuple[Call, ...]
    teams: tuple[TeamCourse, ...]
    chosen: bool


def replay_of(
    ready: Drill,
    rows: Sequence[Cells],
    region: Region,
    *,
    from_h: float | None = None,
    hours: float = HOURS,
) -> Replay:
    """What is replayed of a trace: ``hours`` from ``from_h`` on, else those with the most calls.

    Drives follow the roads as they were open then. The hours with the most calls begin at a whole multiple of
    ``hours``; of equal ones the first is taken.

    Raises
    ------
    InputError
        S475 where the hours are not a part of the drill, or more than ``MOST_HOURS``.
    """
    events = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    calls = list(_calls(events))
    length_s, span_s = ready.scenario.drill.length, hours * 3600
    refuse_hours(from_h, hours, length_s)
    begin = _busiest(calls, span_s, length_s) if from_h is None else from_h * 3600
    end = min(length_s, begin + span_s)
    drive = _drives(ready, region)
    return Replay(
        from_s=begin,
        to_s=end,
        calls=tuple(one for one in calls if begin <= one.at_s < end),
        teams=tuple(_course(team, events, begin, end, drive) for team in ready.inputs.teams),
        chosen=from_h is not None,
    )


def refuse_hours(from_h: float | None, hours: float, length_s: float) -> None:
    """Raise ``InputError`` S475 for hours that a drill of this length has not."""
    length_h = length_s / 3600
    begin = from_h or 0.0
    if 0 <= begin < length_h and 0 < hours <= MOST_HOURS:
        return
    raise refuse(
        "S475",
        where="hours to replay",
        found=f"{hours:g} hours from hour {begin:g} on",
        wanted=f"at most {MOST_HOURS:g} hours, beginning within the {length_h:g} hours of the drill",
        fix="Choose other hours.",
    )


def _calls(events: Sequence[Event]) -> Iterator[Call]:
    begun: dict[int, Event] = {}
    came: dict[int, float] = {}
    ended: dict[int, Event] = {}
    for one in events:
        if one["event"] == "call":
            begun[one["call"]] = one
        elif one["event"] == "arrive":
            came.setdefault(one["call"], one["at_s"])
        elif one["event"] in ("served", "lost"):
            ended[one["call"]] = one
    for number, one in begun.items():
        last = ended.get(number)
        yield Call(
            number=number, at_s=one["at_s"], kind=one["kind"], lon=one["lon"], lat=one["lat"],
            came_s=came.get(number), ended_s=None if last is None else last["at_s"],
            lost=last is not None and last["event"] == "lost",
        )  # fmt: skip


def _busiest(calls: Sequence[Call], span_s: float, length_s: float) -> float:
    counts = np.bincount([int(one.at_s // span_s) for one in calls if one.at_s < length_s], minlength=1)
    return float(counts.argmax()) * span_s


def _drives(ready: Drill, region: Region) -> Any:
    """Points and seconds of a drive by vehicle class, state of the roads, start and goal."""
    states = road_states(region, ready.scenario).closures

    @cache
    def roads(vehicle: str, state: int) -> Any:
        return region_travel(region, vehicle).with_closures(states[state])

    @cache
    def drive(
        vehicle: str, state: int, start: tuple[float, float], goal: tuple[float, float]
    ) -> tuple[list[list[float]], float]:
        travel = roads(vehicle, state)
        route = travel.route(travel.snap(np.array([start])), travel.snap(np.array([goal])))
        line = [list(start), list(goal)]
        if route.reached and len(route.geometry) > 1:
            thin = shapely.simplify(shapely.LineString(route.geometry), _TOLERANCE_DEG)
            line = [list(start), *shapely.get_coordinates(thin).tolist(), list(goal)]
        return np.round(line, _DECIMALS).tolist(), float(route.travel_s)

    return drive


def _course(team: ReadyTeam, events: Sequence[Event], begin: float, end: float, drive: Any) -> TeamCourse:
    """Drives end when the trace says so, and begin as late as the roads allow."""
    at, since, state = (team.lon, team.lat), 0.0, 0
    home, drives, out = at, [], []
    ordered: float | None = None
    for one in events:
        if one["at_s"] >= end:
            break
        if one["event"] == "roads":
            state = one["slot"]
        if one["team_id"] != team.id:
            continue
        if one["event"] == "order" and ordered is None:
            ordered = one["at_s"]
        if one["event"] == "free" and ordered is not None:
            out.append((ordered, one["at_s"]))
            ordered = None
        if one["event"] in ("arrive", "hospital", "home"):
            goal = (one["lon"], one["lat"])
            if goal != at and one["at_s"] >= begin:
                line, takes_s = drive(team.vehicle_class, state, at, goal)
                drives.append((max(since, one["at_s"] - takes_s), one["at_s"], line))
            at = goal
        if one["at_s"] < begin:
            home = at
        since = one["at_s"]
    if ordered is not None:
        out.append((ordered, end))
    return TeamCourse(team, home, tuple(drives), tuple(one for one in out if one[1] > begin))
