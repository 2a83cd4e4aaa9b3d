"""Convoys: vehicles with the same task between the same places, each with its road."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenarios.relief import ReliefSolved
from scenarios.relief_plan import Convoy
from scenarios.route_plan import written

Task = tuple[str, str, str, str, bool]
"""Task, vehicle class, from, to, and whether on the roads of now."""


@dataclass(slots=True)
class _Together:
    """What belongs to one convoy."""

    origin: tuple[float, float]
    goal: tuple[float, float]
    trips: int = 0
    people: int = 0
    pieces: int = 0
    last_s: float = 0.0


def convoys(solved: ReliefSolved) -> tuple[Convoy, ...]:
    """Convoys in the order of their first trip: buses, cars, trucks."""
    found: dict[Task, _Together] = {}
    for task, trip in (*_buses(solved), *_cars(solved), *_trucks(solved)):
        one = found.setdefault(task, _Together(trip.origin, trip.goal))
        one.trips += trip.trips
        one.people += trip.people
        one.pieces += trip.pieces
        one.last_s = max(one.last_s, trip.last_s)
    return tuple(_convoy(solved, number, *pair) for number, pair in enumerate(found.items(), 1))


def _buses(solved: ReliefSolved) -> Iterator[tuple[Task, _Together]]:
    case, until_s = solved.people, solved.setting.roads.until_s
    for trip in solved.evacuation.trips:
        place, shelter = case.places[trip.place], case.shelters[trip.shelter]
        vehicle = case.buses[trip.kind].vehicle.id
        now = trip.arrival_s <= until_s if trip.wave == 1 else not case.second_wave_later
        yield (
            ("evacuation", vehicle, place.id, shelter.id, now),
            _Together((place.lon, place.lat), (shelter.lon, shelter.lat), 1, trip.people, 0, trip.arrival_s),
        )


def _cars(solved: ReliefSolved) -> Iterator[tuple[Task, _Together]]:
    case, until_s = solved.people, solved.setting.roads.until_s
    for p, s, people in solved.evacuation.driving:
        place, shelter = case.places[p], case.shelters[s]
        arrival_s = float(case.problem.drive_s[p, s])
        yield (
            ("own_cars", solved.setting.rule.car, place.id, shelter.id, arrival_s <= until_s),
            _Together((place.lon, place.lat), (shelter.lon, shelter.lat), 1, people, 0, arrival_s),
        )


def _trucks(solved: ReliefSolved) -> Iterator[tuple[Task, _Together]]:
    for supply in solved.supplies:
        case = supply.case
        for trip in supply.delivery.trips:
            depot, shelter = case.stock.depots[trip.depot], case.shelters[trip.shelter]
            vehicle = case.fleets[case.truck_of[trip.truck][0]].vehicle.id
            yield (
                ("materials", vehicle, depot.id, shelter.id, not case.roads_later),
                _Together(
                    (depot.lon, depot.lat),
                    (shelter.lon, shelter.lat),
                    trips=1,
                    pieces=sum(trip.pieces),
                    last_s=trip.handed_over_s,
                ),
            )


def _convoy(solved: ReliefSolved, number: int, task: Task, one: _Together) -> Convoy:
    kind, vehicle, origin, goal, now = task
    roads = (solved.setting.roads.now if now else solved.setting.roads.later)[vehicle]
    return Convoy(
        id=f"convoy-{number}",
        task=kind,  # type: ignore[arg-type]  # one of the three above
        vehicle_class=vehicle,
        from_id=origin,
        to_id=goal,
        trips=one.trips,
        people=one.people,
        pieces=one.pieces,
        last_s=round(one.last_s, 1),
        route=written(roads.route(np.array(one.origin), np.array(one.goal))),
    )
