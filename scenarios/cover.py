"""The cover left behind while teams are away, by township, and what would repair it.

A *station* is a place where an own team with the capability of the doctrine's ``cover`` stands, or a fire
station that exists. A *zone* is all people with the same stations in reach within the standard that holds for
their township.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from geo.region.region import Region
from optimizer.dispatch.coverage import Zones, repair
from optimizer.dispatch.move_up import move_up
from optimizer.dispatch.plan import DispatchPlan as Answer
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.what_if import WhatIf
from optimizer.problem import Bools, Floats, Int64s
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.dispatch_plan import CoverTrade, MovedUp, TownshipCover
from scenarios.doctrine import CoverRule
from scenarios.key_places import people_points
from scenarios.region_travel import closed_travel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoverState:
    """Stations, people and who is near whom; ``n`` points, ``s`` stations, ``z`` zones.

    Parameters
    ----------
    lonlat, names
        Of the stations, shape (s, 2): the team that stands there first, or the fire station.
    near
        Whether a station covers a point, shape (n, s).
    people, township
        Of the points, shape (n,).
    zones
        Points with the same stations in reach, as one, in the problem's own terms.
    problem
        The dispatch problem, its teams at their stations.
    """

    lonlat: Floats
    names: tuple[str, ...]
    near: Bools
    people: Int64s
    township: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    zones: Zones
    problem: DispatchProblem


def cover_state(region: Region, rule: CoverRule, inputs: DispatchInputs) -> CoverState:
    """Stations and zones of a region; times run from the order on the roads that the incidents leave open."""
    names, lonlat, station_of = _stations(region, rule, inputs)
    places, people = people_points(region)
    near = _near(region, rule, inputs, lonlat, places)
    teams = tuple(
        replace(team, station=station) for team, station in zip(inputs.problem.teams, station_of, strict=True)
    )
    return CoverState(
        lonlat=lonlat,
        names=names,
        near=near,
        people=people,
        township=_township(region),
        zones=_zones(near, people, rule),
        problem=replace(inputs.problem, teams=teams),
    )


@lru_cache(maxsize=8)
def _township(region: Region) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Of each point, shape (n,)."""
    return region.placed("demand")["township_id"].to_numpy(dtype=object)


def township_cover(
    region: Region, state: CoverState, rule: CoverRule, answer: Answer
) -> tuple[TownshipCover, ...]:
    """Townships in the order of the region, with the people covered before and with the plan."""
    before = _covered(state, frozenset())
    after = _covered(state, frozenset(answer.slot_of))
    return tuple(
        TownshipCover(
            id=str(record["id"]),
            name_zh=str(record["name_zh"]),
            name_en=str(record["name_en"]),
            within_s=_limit_s(rule, str(record["zone"])),
            people=int(state.people[here].sum()),
            covered_before=int(state.people[here & before].sum()),
            covered_after=int(state.people[here & after].sum()),
        )
        for record in _townships(region)
        for here in [state.township == record["id"]]
    )


@lru_cache(maxsize=8)
def _townships(region: Region) -> list[dict[Hashable, Any]]:
    return region.table("townships").to_dict("records")


def cover_trades(state: CoverState, rule: CoverRule, exact: WhatIf) -> tuple[CoverTrade, ...]:
    """Teams that could stay for the sake of the people they cover, and what the exact plan would lose."""
    found = repair(state.problem, state.zones, later_s=rule.later, state=exact)
    return tuple(
        CoverTrade(
            team_id=state.problem.teams[trade.team].id,
            people=trade.people,
            complement_later_s=trade.cost.complement_s,
            weighted_later_s=trade.cost.arrival_s,
        )
        for trade in found.trades
    )


def moved_up(
    region: Region, state: CoverState, rule: CoverRule, inputs: DispatchInputs, answer: Answer
) -> tuple[MovedUp, ...]:
    """Idle teams that should stand elsewhere while the others are away, and what all moves together give."""
    travel = closed_travel(region, rule.vehicle_class, inputs.closures)
    found = move_up(
        state.problem,
        answer,
        state.zones,
        between_s=travel.matrix_s(state.lonlat, state.lonlat),
        within_s=rule.move_within,
        moves=rule.moves,
    )
    return tuple(
        MovedUp(
            team_id=state.problem.teams[move.team].id,
            to=state.names[move.station],
            lon=float(state.lonlat[move.station, 0]),
            lat=float(state.lonlat[move.station, 1]),
            travel_s=move.travel_s,
            people_before=found.people_before,
            people_after=found.people_after,
        )
        for move in found.moves
    )


def _stations(
    region: Region, rule: CoverRule, inputs: DispatchInputs
) -> tuple[tuple[str, ...], Floats, list[int | None]]:
    """Names and places of the stations, and the station of each team; ``None`` where it covers nobody."""
    known: dict[tuple[float, float], int] = {}
    names: list[str] = []
    station_of: list[int | None] = []

    def station(name: str, lon: float, lat: float) -> int:
        if (lon, lat) not in known:
            known[lon, lat] = len(names)
            names.append(name)
        return known[lon, lat]

    for team in inputs.teams:
        able = not team.mutual_aid and team.capabilities.get(rule.capability, 0) >= rule.at
        station_of.append(station(team.id, team.lon, team.lat) if able else None)
    for name, lon, lat in _fire_stations(region):
        station(name, lon, lat)
    return tuple(names), np.array(list(known), np.float64).reshape(-1, 2), station_of


@lru_cache(maxsize=8)
def _fire_stations(region: Region) -> tuple[tuple[str, float, float], ...]:
    """Id, longitude and latitude of those that exist."""
    table = region.placed("stations")
    table = table[(table["kind"] == "fire_station") & (table["status"] == "existing")]
    return tuple(
        (str(name), round(lon, 7), round(lat, 7))
        for name, lon, lat in zip(table["id"], table.geometry.x, table.geometry.y, strict=True)
    )


def _near(region: Region, rule: CoverRule, inputs: DispatchInputs, stations: Floats, places: Floats) -> Bools:
    if not len(stations) or not len(places):
        return np.zeros((len(places), len(stations)), np.bool_)
    travel = closed_travel(region, rule.vehicle_class, inputs.closures)
    response_s = travel.matrix_s(stations, places).T + rule.turnout
    return np.asarray(response_s <= _limits_s(region, rule)[:, None], np.bool_)


@lru_cache(maxsize=8)
def _limits_s(region: Region, rule: CoverRule) -> Floats:
    """Standard that holds at each point, by the zone of its township, shape (n,)."""
    limit_of = {str(record["id"]): _limit_s(rule, str(record["zone"])) for record in _townships(region)}
    return np.array([limit_of.get(str(name), rule.outskirts_within) for name in _township(region)])


def _limit_s(rule: CoverRule, zone: str) -> float:
    return rule.town_within if zone == "town" else rule.outskirts_within


def _zones(near: Bools, people: Int64s, rule: CoverRule) -> Zones:
    """Points with the same stations in reach become one zone with all their people."""
    kinds, zone = _told_apart(near)
    return Zones(
        response_s=np.where(kinds, 0.0, np.inf),
        limit_s=np.zeros(len(kinds)),
        people=np.bincount(zone, weights=people, minlength=len(kinds)).astype(np.int64),
        capability=rule.capability,
        level=rule.at,
    )


def _told_apart(near: Bools) -> tuple[Bools, Int64s]:
    """The rows that differ, ascending, and which of them each row is: as texts of bits, sorted far sooner."""
    bits = np.packbits(np.column_stack([near, np.ones(len(near), np.bool_)]), axis=1)
    texts = np.ascontiguousarray(bits).view(f"V{bits.shape[1]}").ravel()
    _, first, which = np.unique(texts, return_index=True, return_inverse=True)
    return near[first], which


def _covered(state: CoverState, sent: frozenset[int]) -> Bools:
    """Points that some available own team still at its station covers, shape (n,)."""
    staffed = np.zeros(state.near.shape[1], np.bool_)
    for number, team in enumerate(state.problem.teams):
        if team.station is not None and team.available and number not in sent:
            staffed[team.station] = True
    return np.asarray((state.near & staffed).any(axis=1), np.bool_)
