"""A region and a drill scenario made into what the clock runs on: places, teams, kinds, rates, roads."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geo.errors import Fault, InputError, refuse
from geo.region.region import Region
from optimizer.drill.arrivals import Source, Spread
from optimizer.drill.problem import ComplianceTable, DrillProblem, Fleet, Kinds
from optimizer.problem import Bools, Floats, Int64s
from scenarios.dispatch_teams import ReadyTeam, ready_teams
from scenarios.doctrine import Doctrine, asked_slots
from scenarios.drill_calls_check import refuse_wrong_calls
from scenarios.drill_calls_models import Time
from scenarios.drill_models import CallKind, DrillScenario
from scenarios.drill_places import Places, places_of
from scenarios.drill_rates import Groups, groups_of
from scenarios.drill_roads import drives_of, road_states
from scenarios.drill_shifts import Duty, duty_of
from scenarios.drill_warnings import off_road, rosters_outside, uncalled, unserved
from scenarios.plan import PlanWarning
from scenarios.records import meeting
from scenarios.team_positions import near_roads


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrillInputs:
    """All that a drill rests on; it can be handed to other processes.

    Parameters
    ----------
    problem, source
        What the clock runs on, and where its calls come from.
    teams
        Those that take part, as ids.
    places
        Scenes; they are the first nodes.
    nodes
        Longitude and latitude of every node, shape (n, 2).
    names
        Id of the team, station or hospital at a node that is no scene, "" for scenes.
    posts
        Nodes of the stations that the move-up rule may choose or names, shape (s,).
    logged
        Time, kind and node of each call of a log, or ``None``: time and kind -1 where chance says it.
    """

    problem: DrillProblem
    source: Source
    teams: tuple[ReadyTeam, ...]
    places: Places
    nodes: Floats
    names: tuple[str, ...]
    posts: Int64s
    logged: tuple[Int64s, Int64s, Int64s] | None
    warnings: tuple[PlanWarning, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """All places that matter, each once; ``at`` numbers by longitude and latitude."""

    lonlat: Floats
    names: tuple[str, ...]
    at: dict[tuple[float, float], int]


def drill_inputs(
    region: Region, scenario: DrillScenario, doctrine: Doctrine, *, crews: Sequence[ReadyTeam] | None = None
) -> DrillInputs:
    """Read off a region all that a drill needs.

    Parameters
    ----------
    crews
        Teams that take part in place of those that the scenario asks for.

    Raises
    ------
    InputError
        S128, S209, S213, S450, S452 to S459, S466 to S469, S476, and the faults of roads, closures and
        floods.
    """
    drill = scenario.drill
    _refuse_unread(scenario)
    teams, warnings = asked_teams(region, scenario, doctrine)
    teams = teams if crews is None else tuple(crews)
    vehicles = sorted({team.vehicle_class for team in teams})
    places = places_of(region, scenario, vehicles[0] if vehicles else doctrine.times.vehicle_class)
    kinds = _kinds(scenario, doctrine, teams)
    posts = _posts(region, scenario, teams)
    hospitals = region.placed("hospitals") if any(kind.hospital for kind in drill.kinds) else None
    beds = {} if hospitals is None else _lonlats(hospitals)
    nodes = _nodes(
        places,
        [(team.id, team.lon, team.lat) for team in teams],
        [(name, lon, lat) for name, (lon, lat) in posts.items()],
        [(name, lon, lat) for name, (lon, lat) in beds.items()],
    )
    states = road_states(region, scenario)
    at_hospital = np.array([nodes.at[place] for place in beds.values()], np.int64)
    duty = duty_of(region, scenario, [team.id for team in teams])
    fleet = _fleet(teams, nodes, vehicles, len(kinds), duty)
    problem = DrillProblem(
        fleet=fleet,
        kinds=kinds,
        drives=drives_of(region, states, vehicles, nodes.lonlat, at_hospital),
        horizon_ds=_ds(drill.length),
        warm_up_ds=_ds(drill.warm_up or 0.0),
        handling_ds=_ds(drill.handling),
        waits=drill.waits,
        give_up_ds=None if drill.give_up is None else _ds(drill.give_up),
        free_returning=drill.redispatch.returning,
        divert_gain_ds=None if drill.redispatch.gain is None else _ds(drill.redispatch.gain),
        table=_table(scenario, teams, nodes, posts),
    )
    groups = groups_of(region, scenario, places)
    return DrillInputs(
        problem=problem,
        source=_source(scenario, groups),
        teams=teams,
        places=places,
        nodes=nodes.lonlat,
        names=nodes.names,
        posts=np.array([nodes.at[place] for place in posts.values()], np.int64),
        logged=_logged(scenario, places, groups),
        warnings=(
            *warnings,
            *unserved(scenario, kinds, teams),
            *uncalled(scenario, places),
            *off_road(places),
            *rosters_outside(duty),
        ),
    )


def _refuse_unread(scenario: DrillScenario) -> None:
    """A file of calls that nobody has read, and calls that cannot be played."""
    calls = scenario.drill.calls
    if calls.per_day is None and calls.read is None:
        raise refuse(
            "S450", where="drill.calls", found=f"{calls.rates or calls.log!r}, which was not read",
            wanted="what the file says, under the key 'read'", fix="Read the scenario from its file.",
        )  # fmt: skip
    refuse_wrong_calls(scenario, where="")


def _ds(seconds: float) -> int:
    return round(seconds * 10)


def asked_teams(
    region: Region, scenario: DrillScenario, doctrine: Doctrine
) -> tuple[tuple[ReadyTeam, ...], tuple[PlanWarning, ...]]:
    """Teams that take part, in the order of the region; raises ``InputError`` S457 for unknown ones."""
    asked = scenario.drill.teams
    known = set(map(str, region.table("teams")["id"]))
    named = {("out", one) for one in asked.out} | {("shifts", shift.team) for shift in asked.shifts}
    if unknown := sorted((key, one) for key, one in named if one not in known):
        raise InputError(
            Fault(
                code="S457", where=f"drill.teams.{key}", found=f"{one!r}, which is no team of the region",
                wanted="ids of teams", fix="Correct the id.",
            )
            for key, one in unknown
        )  # fmt: skip
    wanted = set(map(str, meeting(region.table("teams"), asked.where.where)["id"])) - set(asked.out)
    teams, warnings = ready_teams(region, None, doctrine.times, mutual_aid=asked.mutual_aid)
    near, away = near_roads(region, [team for team in teams if team.id in wanted])
    return tuple(team for team in near if team.available), (*warnings, *away)


def _kinds(scenario: DrillScenario, doctrine: Doctrine, teams: Sequence[ReadyTeam]) -> Kinds:
    kinds = scenario.drill.kinds
    asked = [asked_rows(kind, doctrine) for kind in kinds]
    if empty := [kind for kind, rows in zip(kinds, asked, strict=True) if not rows]:
        raise InputError(
            Fault(
                code="S467", where=f"drill.kinds {kind.id}",
                found=f"no team asked for by the doctrine for {kind.hazard}, level {kind.level}",
                wanted="at least one", fix="Name teams, another level, or change the doctrine.",
            )
            for kind in empty
        )  # fmt: skip
    rows = [(kind, row) for kind, rows in zip(kinds, asked, strict=True) for row in rows]
    priority = [doctrine.weight_of(kind.level) for kind in kinds]
    ranks = {weight: rank for rank, weight in enumerate(sorted(set(priority)))}
    return Kinds(
        priority=np.array([ranks[weight] for weight in priority], np.int64),
        slot_from=np.cumsum([0, *map(len, asked)]).astype(np.int64),
        eligible=np.array(
            [[team.capabilities.get(name, 0) >= level for team in teams] for _, (name, level, _, _) in rows],
            np.bool_,
        ).reshape(len(rows), len(teams)),
        weight=np.array(
            [doctrine.weight_of(kind.level) * weight for kind, (_, _, weight, _) in rows], np.int64
        ),
        shortage_weight=np.array(
            [doctrine.weight_of(kind.level) * short for kind, (_, _, _, short) in rows], np.int64
        ),
        within_ds=np.array([_ds(kind.within) for kind in kinds], np.int64),
        recovery_ds=np.array([_ds(kind.recovery) for kind in kinds], np.int64),
    )


def asked_rows(kind: CallKind, doctrine: Doctrine) -> list[tuple[str, int, int, int]]:
    """Capability, level, weight of arrival and of shortage of each slot, the first alarm first."""
    if kind.hazard is None:
        return [(one.capability, one.level, 1, 1) for one in kind.teams for _ in range(one.count)]
    slots = asked_slots(doctrine.of(kind.hazard), kind.level)
    ordered = sorted(slots, key=lambda slot: slot.complement != "first_alarm")
    return [
        (slot.capability, slot.level, getattr(doctrine.arrival_weight, slot.complement), slot.weight)
        for slot in ordered
    ]


def _posts(
    region: Region, scenario: DrillScenario, teams: Sequence[ReadyTeam]
) -> dict[str, tuple[float, float]]:
    """Places of the posts that the move-up rule names: stations, or bases of teams."""
    move = scenario.drill.move_up
    stations = region.placed("stations")
    if move.policy == "optimised":
        stands = stations[(stations["kind"] == "fire_station") & (stations["status"] == "existing")]
        return _lonlats(stands)
    known = {team.id: (team.lon, team.lat) for team in teams} | _lonlats(stations)
    named = sorted({post for row in move.posts.values() for post in row})
    if unknown := [post for post in named if post not in known]:
        raise InputError(
            Fault(
                code="S457", where="drill.move_up.posts", found=f"{post!r}, no placed station or team",
                wanted="ids of stations or of teams that take part", fix="Correct the id.",
            )
            for post in unknown
        )  # fmt: skip
    return {post: known[post] for post in named}


def _lonlats(table: gpd.GeoDataFrame) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the records by id."""
    at = zip(table.geometry.x.round(7).tolist(), table.geometry.y.round(7).tolist(), strict=True)
    return dict(zip(map(str, table["id"]), at, strict=True))


def _nodes(places: Places, *named: list[tuple[str, float, float]]) -> _Nodes:
    at: dict[tuple[float, float], int] = {}
    lonlat = [tuple(map(float, place)) for place in places.lonlat]
    names = [""] * len(lonlat)
    for group in named:
        for name, lon, lat in group:
            if (lon, lat) not in at:
                at[lon, lat] = len(lonlat)
                lonlat.append((lon, lat))
                names.append(name)
    return _Nodes(np.array(lonlat, np.float64).reshape(-1, 2), tuple(names), at)


def _fleet(
    teams: Sequence[ReadyTeam], nodes: _Nodes, vehicles: Sequence[str], kinds: int, duty: Duty
) -> Fleet:
    mode = np.array([vehicles.index(team.vehicle_class) for team in teams], np.int64)
    return Fleet(
        home=np.array([nodes.at[team.lon, team.lat] for team in teams], np.int64),
        turnout_ds=np.array([_ds(team.turnout_s) for team in teams], np.int64),
        aid=np.array([team.mutual_aid for team in teams], np.bool_),
        mode=np.repeat(mode[:, None], kinds, axis=1),
        home_mode=mode,
        on_duty=duty.on_duty,
        duty_at_ds=duty.at_ds,
        duty_team=duty.team,
        duty_on=duty.on,
    )


def movable(scenario: DrillScenario, teams: Sequence[ReadyTeam]) -> Bools:
    """Own teams with the capability that the move-up rule is about, shape (t,)."""
    move = scenario.drill.move_up
    return np.array(
        [team.capabilities.get(move.capability, 0) >= move.level and not team.mutual_aid for team in teams],
        np.bool_,
    )


def _table(
    scenario: DrillScenario, teams: Sequence[ReadyTeam], nodes: _Nodes, posts: dict[str, tuple[float, float]]
) -> ComplianceTable | None:
    move = scenario.drill.move_up
    if move.policy == "none":
        return None
    rows: list[tuple[int, ...]] = []
    if move.policy == "table":
        row: tuple[int, ...] = ()
        for count in range(max(move.posts) + 1):
            row = tuple(nodes.at[posts[post]] for post in move.posts[count]) if count in move.posts else row
            rows.append(row)
    return ComplianceTable(group=movable(scenario, teams), posts=tuple(rows))


def _source(scenario: DrillScenario, groups: Groups) -> Source:
    starts, kinds = scenario.drill.starts, scenario.drill.kinds
    first = 24 * (starts.isoweekday() - 1) + starts.hour
    into_s = 60 * starts.minute + starts.second
    none = Spread("fixed", 0.0)
    return Source(
        rate_per_h=np.roll(groups.rate_per_h, -first, axis=0),
        kind=groups.kind,
        place_from=groups.place_from,
        node=groups.node,
        share=groups.share,
        work=tuple(_spread(kind.on_scene) for kind in kinds),
        handover=tuple(_spread(kind.hospital.handover) if kind.hospital else none for kind in kinds),
        transport=np.array([kind.hospital.share if kind.hospital else 0.0 for kind in kinds]),
        into_hour_ds=_ds(into_s),
    )


def _spread(time: Time) -> Spread:
    return Spread(time.law, time.mean, time.exponent if time.law == "weibull" else time.cv)


def _logged(scenario: DrillScenario, places: Places, groups: Groups) -> tuple[Int64s, Int64s, Int64s] | None:
    read = scenario.drill.calls.read
    if scenario.drill.calls.log is None or read is None:
        return None
    number = {kind.id: at for at, kind in enumerate(scenario.drill.kinds)}
    end_ds = _ds(scenario.drill.length) - 1  # a call in the last half decisecond is a call of the drill
    return (
        np.array([min(_ds(call.at_s), end_ds) for call in read.log], np.int64),
        np.array([number.get(call.kind, -1) for call in read.log], np.int64),
        places.logged,
    )
