"""Demand points: homes around the seats and along roads, exact in sum, inside the township, on its bank."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from scenarios.pingluo.plane import rounded, shape_to_lonlat, to_plane
from scenarios.pingluo.river import River
from scenarios.pingluo.shares import largest_remainder
from scenarios.pingluo.sources import facts
from scenarios.pingluo.townships import Township

Places = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """What keeps homes off or draws them near, in plane metres."""

    river: River
    motorway: BaseGeometry
    trunk: BaseGeometry
    parks: dict[str, list[Places]]


def demand_records(townships: list[Township], land: Land) -> list[dict[str, Any]]:
    """Records of the layer ``demand``; a township's points sum to its people."""
    told = facts("demand")
    records: list[dict[str, Any]] = []
    for i, township in enumerate(townships):
        rng = np.random.default_rng([told["seed"], i])
        records += _of_township(township, land, told, rng)
    return records


def _of_township(
    township: Township, land: Land, told: dict[str, Any], rng: np.random.Generator
) -> list[dict[str, Any]]:
    by_kind = {
        "town": _town(township, land, told, rng),
        "village": _villages(township, land, told, rng),
        "school": _schools(township, land, told, rng),
        "park": _park(township, land, told, rng),
    }
    people = _people(township, {kind: len(at) for kind, at in by_kind.items()}, told, rng)
    kinds = [kind for kind, at in by_kind.items() for _ in range(len(at))]
    places = np.vstack([at for at in by_kind.values() if len(at)])
    return [
        {
            "id": f"{township.id}-{n:03d}",
            "people": int(count),
            "kind": kind,
            "township_id": township.id,
            "without_car": told["without_car"][kind],
            "source": told["source"],
            "geometry": shape_to_lonlat(shapely.Point(at)),
        }
        for n, (kind, at, count) in enumerate(zip(kinds, places, people, strict=True), 1)
    ]


def _of(table: dict[str, Any], township: Township) -> Any:
    return table.get(township.id, table["others"])


def _town(township: Township, land: Land, told: dict[str, Any], rng: np.random.Generator) -> Places:
    town = told["town"]
    radius_m, grid_m = _of(town["radius_m"], township), _of(town["grid_m"], township)
    free = _free(_grid(township.seat_m, radius_m, grid_m, rng), township, land, told)
    away_m = np.hypot(*(free - township.seat_m).T)
    people = township.people * _of(town["share_of_people"], township)
    count = max(6, round(people / told["people_per_point"]["town"]))
    weight = np.where(away_m <= radius_m, np.exp(-away_m / (0.6 * radius_m)), 0.0)
    return _draw(free, weight, count, rng)


def _villages(township: Township, land: Land, told: dict[str, Any], rng: np.random.Generator) -> Places:
    village, town = told["village"], told["town"]
    west, south, east, north = township.area.bounds
    reach_m = max(east - west, north - south) / 2
    grid = _grid(np.array([west + east, south + north]) / 2, reach_m, village["grid_m"], rng)
    free = _free(grid, township, land, told)
    free = free[np.hypot(*(free - township.seat_m).T) > _of(town["radius_m"], township)]
    people = township.people * (1 - _of(town["share_of_people"], township))
    count = max(told["least_points"], round(people / told["people_per_point"]["village"]))
    return _draw(free, _village_weight(free, township, land, village, told), count, rng)


def _village_weight(
    places: Places, township: Township, land: Land, village: dict[str, Any], told: dict[str, Any]
) -> NDArray[np.float64]:
    """How likely a village stands at each place, shape (n,): near the seat, near roads, not in waste land."""
    seat_m = np.hypot(*(places - township.seat_m).T)
    road_m = shapely.distance(shapely.points(places), land.trunk)
    weight: NDArray[np.float64] = np.exp(-seat_m / village["fades_from_seat_m"]) + village["base_weight"]
    weight += village["road_weight"] * np.exp(-road_m / village["fades_from_road_m"])
    if township.bank == "east":
        weight[np.minimum(seat_m, road_m) > village["east_reach_m"]] = 0
    mountain = places[:, 0] < to_plane([village["mountain_west_of"], 38.9])[0]
    hamlets = np.array([to_plane(h["at"]) for h in told["hamlets"]])
    hamlet_m = np.hypot(*(places[:, None] - hamlets).transpose(2, 0, 1)).min(axis=1)
    weight[mountain] = np.where(hamlet_m[mountain] <= village["hamlet_reach_m"], 0.5, 0.0)
    return weight


def _schools(township: Township, land: Land, told: dict[str, Any], rng: np.random.Generator) -> Places:
    """Schools in a ring around the seat, as evenly as land and roads allow."""
    count = _of(told["schools_per_township"], township)
    around = _ring(township.seat_m, _of(told["school_ring_m"], township), 24, rng)
    free = _free(around, township, land, told)
    return np.asarray(free[np.linspace(0, len(free), count, endpoint=False).astype(int)])


def _park(township: Township, land: Land, told: dict[str, Any], rng: np.random.Generator) -> Places:
    rings = [
        _ring(park, told["park_ring_m"], told["park_points"], rng) for park in land.parks.get(township.id, [])
    ]
    return np.vstack([np.empty((0, 2)), *rings])


def _ring(centre: Places, radius_m: float, count: int, rng: np.random.Generator) -> Places:
    angle = 2 * np.pi * (np.arange(count) + rng.random()) / count
    return rounded(centre + radius_m * np.column_stack([np.cos(angle), np.sin(angle)]))


def _grid(centre: Places, reach_m: float, step_m: float, rng: np.random.Generator) -> Places:
    """A square grid over a square, each place shifted by up to a third of a step."""
    steps = np.arange(-reach_m, reach_m + step_m, step_m)
    places = centre + np.array(np.meshgrid(steps, steps)).reshape(2, -1).T
    return rounded(places + step_m * (rng.random(places.shape) - 0.5) * (2 / 3))


def _free(places: Places, township: Township, land: Land, told: dict[str, Any]) -> Places:
    """Places inside the township that stand clear of river and roads."""
    keep_off, points = told["keep_off"], shapely.points(places)
    shapely.prepare(township.area)
    clear = shapely.contains(township.area, points)
    clear &= shapely.distance(points, land.river.centre) >= keep_off["river_m"]
    clear &= shapely.distance(points, land.motorway) >= keep_off["motorway_m"]
    clear &= shapely.distance(points, land.trunk) >= keep_off["trunk_m"]
    return np.asarray(places[clear])


def _draw(places: Places, weight: NDArray[np.float64], count: int, rng: np.random.Generator) -> Places:
    """``count`` places without repeats, by weight; all that have any weight if they are fewer."""
    places, weight = places[weight > 0], weight[weight > 0]
    chosen = rng.choice(len(places), min(count, len(places)), replace=False, p=weight / weight.sum())
    return places[np.sort(chosen)]


def _people(
    township: Township, counts: dict[str, int], told: dict[str, Any], rng: np.random.Generator
) -> NDArray[np.int64]:
    """People of each point: by kind, varied by up to a factor two either way, at least ``least_people``."""
    share = _of(told["town"]["share_of_people"], township)
    each = {
        "town": township.people * share / counts["town"],
        "village": township.people * (1 - share) / counts["village"],
    }
    each |= {kind: told[f"{kind}_weight"] * each["village"] for kind in ("school", "park")}
    mean = np.repeat([each[kind] for kind in counts], list(counts.values()))
    weight = mean * np.exp(np.log(2) * (2 * rng.random(len(mean)) - 1))
    least = told["least_people"]
    return np.asarray(least + largest_remainder(township.people - least * len(mean), weight), np.int64)
