"""The evacuation of an incident scenario as a problem: who has to go, with what, where to, by which roads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.evacuate import evacuate
from optimizer.dispatch.evacuation import BusTrip, Evacuation, EvacuationProblem
from optimizer.problem import Floats, Int64s
from optimizer.watch import Watch
from scenarios.doctrine import ReliefRule
from scenarios.relief_fleet import Fleet
from scenarios.relief_places import Assembly, Shelter
from scenarios.relief_roads import ReliefRoads

MOST_NODES = 5_000
"""Of the search tree of each stage: the same end on every machine; the clock only guards against a hang."""
GUARD_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvacuationCase:
    """Places, shelters, buses and the problem that they make.

    ``second_wave_later``: the second wave drives on the roads that stay; before, it trusts the roads of now.
    """

    places: tuple[Assembly, ...]
    shelters: tuple[Shelter, ...]
    buses: tuple[Fleet, ...]
    roads: ReliefRoads
    rule: ReliefRule
    gather_s: float
    second_wave_later: bool
    problem: EvacuationProblem


def evacuation_case(
    places: Sequence[Assembly],
    shelters: Sequence[Shelter],
    buses: Sequence[Fleet],
    roads: ReliefRoads,
    rule: ReliefRule,
    *,
    gather_s: float,
    second_wave_later: bool = False,
) -> EvacuationCase:
    """The problem; a trip that ends by the first further closure (inclusive) uses the roads of now."""
    at, to = _lonlat(places), _lonlat(shelters)
    first_s = [_first_wave_s(bus, at, to, roads, rule, gather_s) for bus in buses]
    seconds = [roads.later_s if second_wave_later else roads.now_s] * len(buses)
    shape = (len(buses), len(places), len(shelters))
    travel = [s(bus.vehicle.id, at, to) for s, bus in zip(seconds, buses, strict=True)]
    back = [s(bus.vehicle.id, to, at) for s, bus in zip(seconds, buses, strict=True)]
    return EvacuationCase(
        places=tuple(places),
        shelters=tuple(shelters),
        buses=tuple(buses),
        roads=roads,
        rule=rule,
        gather_s=gather_s,
        second_wave_later=second_wave_later,
        problem=EvacuationProblem(
            people=np.array([place.people for place in places], np.int64),
            without_car=np.array([place.without_car for place in places], np.int64),
            capacity=np.array([shelter.capacity for shelter in shelters], np.int64),
            buses=np.array([bus.vehicles for bus in buses], np.int64),
            seats=np.array([bus.vehicle.seats for bus in buses], np.int64),
            first_s=np.array(first_s, float).reshape(shape),
            travel_s=np.array(travel, float).reshape(shape),
            back_s=np.array(back, float).reshape(shape[0], shape[2], shape[1]),
            drive_s=_driving_s(at, to, roads, rule, gather_s),
            boarding_s=rule.boarding,
        ),
    )


def solve_evacuation(case: EvacuationCase) -> tuple[EvacuationCase, Evacuation]:
    """Who goes where, and the case it holds for.

    The second wave first counts on the roads of now; where one of its trips would end after they close, the
    question is answered again with the second wave on the roads that stay.
    """
    found = evacuate(case.problem, watch=Watch(limit_s=GUARD_S), most_nodes=MOST_NODES)
    if case.second_wave_later or not list(_too_late(case, found)):
        return case, found
    safe = evacuation_case(
        case.places,
        case.shelters,
        case.buses,
        case.roads,
        case.rule,
        gather_s=case.gather_s,
        second_wave_later=True,
    )
    return safe, evacuate(safe.problem, watch=Watch(limit_s=GUARD_S), most_nodes=MOST_NODES)


def _too_late(case: EvacuationCase, found: Evacuation) -> Iterator[BusTrip]:
    """Trips of the second wave that end after the roads of now close."""
    return (trip for trip in found.trips if trip.wave == 2 and trip.arrival_s > case.roads.until_s)


def _first_wave_s(
    bus: Fleet, at: Floats, to: Floats, roads: ReliefRoads, rule: ReliefRule, gather_s: float
) -> Floats:
    """From the order until people of each place are handed over at each shelter, shape (p, s)."""
    base, vehicle = np.array([[bus.lon, bus.lat]]), bus.vehicle.id

    def handed_over_s(seconds: Floats, ride_s: Floats) -> Floats:
        there_s = np.maximum(bus.ready_s + seconds[0], gather_s)
        return np.asarray(np.round(there_s[:, None] + rule.boarding + ride_s, 1), np.float64)

    now_s = handed_over_s(roads.now_s(vehicle, base, at), roads.now_s(vehicle, at, to))
    later_s = handed_over_s(roads.later_s(vehicle, base, at), roads.later_s(vehicle, at, to))
    return _sooner(now_s, later_s, roads.until_s)


def _driving_s(at: Floats, to: Floats, roads: ReliefRoads, rule: ReliefRule, gather_s: float) -> Floats:
    """From the order until people with a car are at each shelter, shape (p, s)."""
    now_s, later_s = roads.now_s(rule.car, at, to), roads.later_s(rule.car, at, to)
    return _sooner(np.round(gather_s + now_s, 1), np.round(gather_s + later_s, 1), roads.until_s)


def _sooner(now_s: Floats, later_s: Floats, until_s: float) -> Floats:
    """The roads of now for what is over in time, the roads that stay for everything else."""
    return np.where(now_s <= until_s, now_s, later_s)


def people_at(case: EvacuationCase, found: Evacuation) -> Int64s:
    """People at each shelter when everybody is there, shape (s,)."""
    people = np.zeros(len(case.shelters), np.int64)
    for trip in found.trips:
        people[trip.shelter] += trip.people
    for _, shelter, driving in found.driving:
        people[shelter] += driving
    return people


def _lonlat(places: Sequence[Assembly] | Sequence[Shelter]) -> Floats:
    return np.array([(place.lon, place.lat) for place in places], np.float64).reshape(-1, 2)
