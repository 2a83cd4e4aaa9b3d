"""Relief written down: who goes where and what comes when, from the answers; nothing here searches."""

from collections.abc import Iterator

import numpy as np

from optimizer.dispatch.evacuation import BusTrip
from optimizer.problem import Int64s
from scenarios.incident_models import IncidentScenario
from scenarios.materials_answers import materials_plan
from scenarios.plan import PlanWarning
from scenarios.relief import ReliefSolved
from scenarios.relief_convoys import convoys
from scenarios.relief_fleet import Fleet
from scenarios.relief_places import Assembly
from scenarios.relief_plan import (
    AssemblyPlace,
    BusRide,
    EvacuationPlan,
    FleetTeam,
    OwnCars,
    Relief,
    ShelterUse,
    WhyLeft,
)


def relief_plan(scenario: IncidentScenario, solved: ReliefSolved) -> Relief:
    """The relief of a plan."""
    setting = solved.setting
    until_s = setting.roads.until_s
    return Relief(
        due_s=max(0.0, setting.rule.within - setting.since_event_s),
        roads_until_s=until_s if np.isfinite(until_s) else None,
        cold=setting.cold,
        days=setting.rule.days,
        household=setting.rule.household,
        trucks=tuple(_fleet(fleet) for fleet in setting.fleets.trucks),
        buses=tuple(_fleet(fleet) for fleet in setting.fleets.buses),
        places=tuple(_place(scenario, solved, number, place) for number, place in enumerate(setting.places)),
        shelters=tuple(_shelters(solved)),
        evacuation=_evacuation(solved),
        materials=materials_plan(solved.supplies, setting.rule, setting.since_event_s)
        if solved.supplies
        else None,
        convoys=convoys(solved),
    )


def _fleet(fleet: Fleet) -> FleetTeam:
    return FleetTeam(
        team_id=fleet.team_id,
        name_zh=fleet.name_zh,
        name_en=fleet.name_en,
        vehicle_class=fleet.vehicle.id,
        vehicles=fleet.vehicles,
        ready_s=fleet.ready_s,
    )


def _evacuation(solved: ReliefSolved) -> EvacuationPlan:
    found = solved.evacuation
    rides = tuple(_ride(solved, trip) for trip in found.trips)
    cars = tuple(_cars(solved))
    last_s = [ride.arrival_s for ride in rides] + [one.arrival_s for one in cars]
    return EvacuationPlan(
        status=found.status,
        stopped_by=found.stopped_by,
        people=int(solved.people.problem.people.sum()),
        by_bus=sum(ride.people for ride in rides),
        first_wave=sum(ride.people for ride in rides if ride.wave == 1),
        driving=sum(one.people for one in cars),
        left=sum(found.left),
        least_left=found.least_left,
        last_arrival_s=max(last_s, default=None),
        second_wave_later=solved.people.second_wave_later,
        rides=rides,
        cars=cars,
    )


def _ride(solved: ReliefSolved, trip: BusTrip) -> BusRide:
    bus = solved.people.buses[trip.kind]
    return BusRide(
        team_id=bus.team_id,
        vehicle_class=bus.vehicle.id,
        bus=trip.bus + 1,
        wave=trip.wave,
        place_id=solved.people.places[trip.place].id,
        shelter_id=solved.people.shelters[trip.shelter].id,
        people=trip.people,
        arrival_s=round(trip.arrival_s, 1),
    )


def _cars(solved: ReliefSolved) -> Iterator[OwnCars]:
    case = solved.people
    for place, shelter, people in solved.evacuation.driving:
        yield OwnCars(
            place_id=case.places[place].id,
            shelter_id=case.shelters[shelter].id,
            people=people,
            arrival_s=round(float(case.problem.drive_s[place, shelter]), 1),
        )


def _place(scenario: IncidentScenario, solved: ReliefSolved, number: int, place: Assembly) -> AssemblyPlace:
    found, drive_s = solved.evacuation, solved.people.problem.drive_s
    by_bus = [trip for trip in found.trips if trip.place == number]
    driving = [(shelter, people) for at, shelter, people in found.driving if at == number]
    arrivals = [trip.arrival_s for trip in by_bus]
    arrivals += [float(drive_s[number, shelter]) for shelter, _ in driving]
    return AssemblyPlace(
        id=place.id,
        incident_id=scenario.incidents[place.incident].id,
        name_zh=place.name_zh,
        name_en=place.name_en,
        lon=place.lon,
        lat=place.lat,
        people=place.people,
        without_car=place.without_car,
        by_bus=sum(trip.people for trip in by_bus),
        driving=sum(people for _, people in driving),
        left=found.left[number],
        left_without_car=found.left_without_car[number],
        why_left=_why_left(solved, number),
        last_s=round(max(arrivals), 1) if arrivals else None,
    )


def _why_left(solved: ReliefSolved, place: int) -> WhyLeft:
    """What stands in the way of those who stay: no shelter, no road, no place in the shelters, no bus."""
    found, problem = solved.evacuation, solved.people.problem
    if not found.left[place]:
        return ""
    if not problem.capacity.any():
        return "no_shelter"
    by_car = np.isfinite(problem.drive_s[place])
    by_bus = np.isfinite(problem.first_s[:, place]).any(axis=0)
    if not found.left_without_car[place]:
        return "shelters_full" if by_car.any() else "no_road"
    if not by_bus.any():
        return "no_road" if problem.buses.any() else "no_bus"
    return "no_bus" if _free(solved)[by_bus].any() else "shelters_full"


def _free(solved: ReliefSolved) -> Int64s:
    """Places that stay free by shelter."""
    free = solved.people.problem.capacity.copy()
    for trip in solved.evacuation.trips:
        free[trip.shelter] -= trip.people
    for _, shelter, people in solved.evacuation.driving:
        free[shelter] -= people
    return free


def _shelters(solved: ReliefSolved) -> Iterator[ShelterUse]:
    """Shelters that take people in, in the order of the region."""
    case, found = solved.people, solved.evacuation
    used = solved.people.problem.capacity - _free(solved)
    for number, shelter in enumerate(case.shelters):
        if not used[number]:
            continue
        arrivals = [trip.arrival_s for trip in found.trips if trip.shelter == number]
        arrivals += [float(case.problem.drive_s[p, s]) for p, s, _ in found.driving if s == number]
        handed_s = [
            trip.handed_over_s
            for supply in solved.supplies
            for trip in supply.delivery.trips
            if supply.case.shelters[trip.shelter].id == shelter.id
        ]
        yield ShelterUse(
            id=shelter.id,
            name_zh=shelter.name_zh,
            name_en=shelter.name_en,
            lon=shelter.lon,
            lat=shelter.lat,
            capacity=shelter.capacity,
            heated=shelter.heated,
            people=int(used[number]),
            people_s=round(max(arrivals), 1) if arrivals else None,
            materials_s=max(handed_s, default=None),
        )


def relief_warnings(relief: Relief, solved: ReliefSolved) -> Iterator[PlanWarning]:
    """What was left out or stays undone: S260 to S265, X310 people, X312 items later than due."""
    yield from solved.setting.warnings
    slow = [fleet for supply in solved.supplies for fleet in supply.case.left_out]
    if slow:
        yield PlanWarning(
            code="S265",
            text_zh="道路条件使其无法到达他车可达之处，未用于运输的车队",
            text_en="vehicles not used because roads stop them that others can pass",
            layer="teams",
            records=tuple(dict.fromkeys(fleet.team_id for fleet in slow)),
        )
    left = [place for place in relief.places if place.left]
    if left:
        yield PlanWarning(
            code="X310",
            text_zh="未能转移的人员",
            text_en="people who cannot be relocated",
            layer="demand",
            records=tuple(place.id for place in left),
            people=sum(place.left for place in left),
        )
    late = [] if relief.materials is None else [item for item in relief.materials.items if item.late_s]
    if late:
        yield PlanWarning(
            code="X312",
            text_zh="晚于自身时限送达的物资",
            text_en="items handed over later than they are due",
            layer="items",
            records=tuple(item.item_id for item in late),
        )
