"""Whom to relocate and where to: assembly points inside the zones, shelters outside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
import pandas as pd
import shapely

from geo.region.region import Region
from optimizer.problem import Floats, Int64s
from scenarios.dispatch_hazards import IncidentHazard
from scenarios.doctrine import ReliefRule
from scenarios.hazards.local_plane import LocalPlane
from scenarios.hazards.zones import inside
from scenarios.incident_models import IncidentScenario
from scenarios.place_names import place_names
from scenarios.plan import PlanWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Where people of one incident gather: the largest place of those within walking distance.

    ``people``: all that are relocated from here; ``without_car``: those of them who need a bus.
    """

    id: str
    name_zh: str
    name_en: str
    incident: int
    lon: float
    lat: float
    people: int
    without_car: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelter:
    """A place that takes people in."""

    id: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    capacity: int
    heated: bool


def is_cold(scenario: IncidentScenario, rule: ReliefRule) -> bool:
    """Whether winter quantities and heated shelters count."""
    return scenario.weather.temperature_c <= rule.winter_below_c


def assembly_points(
    region: Region, scenario: IncidentScenario, hazards: Sequence[IncidentHazard], rule: ReliefRule
) -> tuple[tuple[Assembly, ...], tuple[PlanWarning, ...]]:
    """Assembly points of the incidents that relocate people, and S260 for those that the region cannot place.

    Of ``all``, everybody inside the zones goes; of a number, the places in the gravest zones, nearest to the
    incident first, whole until the number is reached. Nobody is relocated twice. Where fewer live inside than
    are to go, the others gather at the nearest place inside, or at the incident itself.
    """
    table = region.placed("demand")
    lonlat = np.column_stack([table.geometry.x, table.geometry.y])
    left = table["people"].fillna(0).to_numpy(np.int64).copy()
    share = table["without_car"].fillna(rule.without_car).to_numpy(float)
    found: list[Assembly] = []
    more: list[str] = []
    for number, hazard in enumerate(hazards):
        asked = hazard.incident.relocate
        if asked is None:
            continue
        order = _most_threatened(hazard, lonlat, left)
        moved = _taken(left[order], int(left[order].sum()) if asked == "all" else asked)
        left[order] -= moved
        points = _points(region.table("townships"), table, number, order, moved, share)
        if asked != "all" and (missing := asked - int(moved.sum())):
            more.append(hazard.incident.id)
            points = _with_others(points, hazard, number, missing, rule)
        found += _gathered(points, rule.gather_m)
    return tuple(_named_apart(found, hazards)), tuple(_warnings(more))


def _named_apart(points: Sequence[Assembly], hazards: Sequence[IncidentHazard]) -> Iterator[Assembly]:
    """Where two incidents share a place, the later one's carries the id of its incident too."""
    known: set[str] = set()
    for point in points:
        incident = hazards[point.incident].incident.id
        name = f"{point.id} ({incident})" if point.id in known else point.id
        known.add(name)
        yield replace(point, id=name)


def _most_threatened(hazard: IncidentHazard, lonlat: Floats, left: Int64s) -> Int64s:
    """Places with people inside the zones: gravest zone first, then the nearest to the incident."""
    level = np.zeros(len(lonlat), np.int64)
    for zone in hazard.zones:
        level = np.maximum(level, np.where(inside(zone, lonlat), zone.level, 0))
    plane = LocalPlane(float(hazard.lonlat[0]), float(hazard.lonlat[1]))
    away_m = np.hypot(*plane.metres(lonlat).T) if len(lonlat) else np.empty(0)
    order = np.lexsort((np.arange(len(level)), np.round(away_m, 1), -level))
    return order[(level[order] > 0) & (left[order] > 0)]


def _taken(people: Int64s, asked: int) -> Int64s:
    """Whole places in order until the number is reached; the last one in part."""
    before = np.concatenate([[0], np.cumsum(people)[:-1]]) if len(people) else people
    return np.asarray(np.clip(asked - before, 0, people), np.int64)


def _points(
    townships: pd.DataFrame, table: pd.DataFrame, number: int, order: Int64s, moved: Int64s, share: Floats
) -> list[Assembly]:
    return [
        Assembly(
            id=str(table["id"].iloc[row]),
            name_zh=str(table["name_zh"].iloc[row]) or names[0],
            name_en=str(table["name_en"].iloc[row]) or names[1],
            incident=number,
            lon=round(float(table.geometry.x.iloc[row]), 7),
            lat=round(float(table.geometry.y.iloc[row]), 7),
            people=int(people),
            without_car=_by_bus(int(people), float(share[row])),
        )
        for row, people in zip(order.tolist(), moved.tolist(), strict=True)
        for names in [place_names(townships, str(table["township_id"].iloc[row]), str(table["id"].iloc[row]))]
        if people
    ]


def _by_bus(people: int, share: float) -> int:
    """People without a car, rounded up: a seat too many is better than one too few."""
    return min(people, ceil(people * share - 1e-9))


def _with_others(
    points: list[Assembly], hazard: IncidentHazard, number: int, missing: int, rule: ReliefRule
) -> list[Assembly]:
    """The same points with people whose place the region does not know."""
    no_car = _by_bus(missing, rule.without_car)
    if points:
        first = points[0]
        more = replace(first, people=first.people + missing, without_car=first.without_car + no_car)
        return [more, *points[1:]]
    said = hazard.incident
    return [
        Assembly(
            id=said.id, name_zh=said.name_zh, name_en=said.name_en, incident=number,
            lon=round(float(hazard.lonlat[0]), 7), lat=round(float(hazard.lonlat[1]), 7),
            people=missing, without_car=no_car,
        )
    ]  # fmt: skip


def _gathered(points: Sequence[Assembly], within_m: float) -> list[Assembly]:
    """The largest places first, each with the people of those within walking distance."""
    waiting = sorted(points, key=lambda point: (-point.people, point.id))
    found: list[Assembly] = []
    while waiting:
        largest = waiting[0]
        plane = LocalPlane(largest.lon, largest.lat)
        metres = plane.metres(np.array([(point.lon, point.lat) for point in waiting]))
        near = np.hypot(metres[:, 0], metres[:, 1]) <= within_m
        together = [point for point, joins in zip(waiting, near, strict=True) if joins or point is largest]
        found.append(
            replace(
                largest,
                people=sum(point.people for point in together),
                without_car=sum(point.without_car for point in together),
            )
        )
        waiting = [point for point in waiting if point not in together]
    return found


def _warnings(more: Sequence[str]) -> Iterable[PlanWarning]:
    if more:
        yield PlanWarning(
            code="S260",
            text_zh="需转移的人数多于危险区内的已知居民，多出者按最近地点计",
            text_en="more people to relocate than live in the zones; the others count at the nearest place",
            records=tuple(more),
        )


def usable_shelters(
    region: Region, hazards: Sequence[IncidentHazard], *, cold: bool
) -> tuple[tuple[Shelter, ...], tuple[PlanWarning, ...]]:
    """Shelters with places, outside every zone and heated where it is cold; S264 names the others."""
    table = region.placed("shelters")
    lonlat = np.column_stack([table.geometry.x, table.geometry.y])
    threatened = np.zeros(len(table), np.bool_)
    for zone in (zone for hazard in hazards for zone in hazard.zones):
        threatened |= np.asarray(shapely.intersects_xy(zone.polygon, lonlat[:, 0], lonlat[:, 1]), np.bool_)
    capacity = table["capacity_people"].fillna(0).to_numpy(np.int64)
    heated = (table["heated"] == "yes").to_numpy(np.bool_)
    usable = ~threatened & (capacity > 0) & (heated | (not cold))
    left_out = tuple(map(str, table["id"][~usable]))
    warning = PlanWarning(
        code="S264",
        text_zh="未启用的避难场所（位于危险区内、无容量或冬季无供暖）",
        text_en="shelters not used (inside a zone, without places, or unheated in the cold)",
        layer="shelters",
        records=left_out,
    )
    shelters = tuple(
        Shelter(
            id=str(record["id"]),
            name_zh=str(record["name_zh"]),
            name_en=str(record["name_en"]),
            lon=round(record["geometry"].x, 7),
            lat=round(record["geometry"].y, 7),
            capacity=int(capacity[row]),
            heated=bool(heated[row]),
        )
        for row, record in enumerate(table.to_dict("records"))
        if usable[row]
    )
    return shelters, (warning,) if left_out else ()
