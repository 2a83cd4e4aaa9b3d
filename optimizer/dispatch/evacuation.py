"""An evacuation as question and answer, and what is wrong with an answer, told without a solver."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from optimizer.problem import Floats, Int64s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvacuationProblem:
    """Places, shelters and buses; ``p`` places, ``s`` shelters, ``k`` kinds of buses.

    Parameters
    ----------
    people, without_car
        By place, the second part of the first, shape (p,).
    capacity
        Free places by shelter, shape (s,).
    buses, seats
        Number of buses of a kind and seats of each, shape (k,).
    first_s
        From the order until a bus of the first wave has handed people of a place over at a shelter, s, shape
        (k, p, s); ``inf`` = cannot.
    travel_s
        The ride of the second wave, place to shelter, s, shape (k, p, s); ``inf`` = cannot.
    back_s
        From the shelter where the first trip ended to the place of the second, s, shape (k, s, p).
    drive_s
        From the order until people with a car are at a shelter, s, shape (p, s); ``inf`` = cannot.
    boarding_s
        Boarding and alighting of one trip of the second wave, s; the first wave has it in ``first_s``.
    """

    people: Int64s
    without_car: Int64s
    capacity: Int64s
    buses: Int64s
    seats: Int64s
    first_s: Floats
    travel_s: Floats
    back_s: Floats
    drive_s: Floats
    boarding_s: float = 0.0

    def __post_init__(self) -> None:
        k, p, s = self.first_s.shape
        if self.people.shape != (p,) or self.without_car.shape != (p,) or self.capacity.shape != (s,):
            raise ValueError(f"people, without_car, capacity: want {p}, {p} and {s} numbers")
        if self.buses.shape != (k,) or self.seats.shape != (k,):
            raise ValueError(f"buses, seats: want {k} numbers each")
        if self.travel_s.shape != (k, p, s) or self.back_s.shape != (k, s, p) or self.drive_s.shape != (p, s):
            raise ValueError(f"travel_s, back_s, drive_s: want {(k, p, s)}, {(k, s, p)} and {(p, s)}")
        if (self.without_car > self.people).any() or (self.without_car < 0).any():
            raise ValueError("without_car: want 0 to the people of the place")
        if (self.capacity < 0).any() or (self.seats < 0).any() or (self.buses < 0).any():
            raise ValueError("capacity, seats, buses: want >= 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class BusTrip:
    """A bus in one wave: people from a place to a shelter, when they are there, s from the order.

    ``bus`` counts the buses of its kind from 0.
    """

    kind: int
    bus: int
    wave: Literal[1, 2]
    place: int
    shelter: int
    people: int
    arrival_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evacuation:
    """Who goes where.

    Parameters
    ----------
    trips
        By kind, bus and wave.
    driving
        (place, shelter, people) of those who drive.
    left
        People who stay, by place.
    left_without_car
        Those among them without a car.
    least_left
        People that any plan leaves behind at least, counted after the stages before.
    stopped_by
        What ended a stage before it was proven: ``time``, ``user`` or ``size`` (nodes); ``None`` = nothing.
    """

    trips: tuple[BusTrip, ...]
    driving: tuple[tuple[int, int, int], ...]
    left: tuple[int, ...]
    left_without_car: tuple[int, ...]
    least_left: int
    status: Literal["optimal", "feasible"]
    stopped_by: str | None = None


def evacuation_violations(problem: EvacuationProblem, plan: Evacuation) -> tuple[str, ...]:
    """Everything that is wrong with an evacuation, as sentences, by the arrays alone; empty when it holds."""
    return (*_trip_faults(problem, plan), *_count_faults(problem, plan), *_bound_faults(plan))


def _bound_faults(plan: Evacuation) -> list[str]:
    """The bound is no more than who stays, and the same where the plan is proven."""
    left = sum(plan.left)
    holds = plan.least_left == left if plan.status == "optimal" else 0 <= plan.least_left <= left
    return [] if holds else [f"{left} people stay, not at least {plan.least_left} in a plan {plan.status}"]


def _trip_faults(problem: EvacuationProblem, plan: Evacuation) -> list[str]:
    """Seats, roads, times, and two trips of a bus at most."""
    found: list[str] = []
    first = {(trip.kind, trip.bus): trip for trip in plan.trips if trip.wave == 1}
    for trip in plan.trips:
        name = f"bus {trip.bus} of kind {trip.kind}"
        if not 0 <= trip.bus < problem.buses[trip.kind]:
            found.append(f"{name}: there are {problem.buses[trip.kind]}")
        if not 0 < trip.people <= problem.seats[trip.kind]:
            found.append(f"{name} carries {trip.people} people on {problem.seats[trip.kind]} seats")
        before = first.get((trip.kind, trip.bus))
        if trip.wave == 2 and before is None:
            found.append(f"{name} has a second wave without a first")
            continue
        at_s = _arrival_s(problem, trip, before)
        if not np.isfinite(at_s):
            found.append(f"{name} has no road in wave {trip.wave}")
        elif abs(at_s - trip.arrival_s) > 0.05:
            found.append(f"{name} is there at {at_s:g} s in wave {trip.wave}, not {trip.arrival_s:g}")
    waves = [(trip.kind, trip.bus, trip.wave) for trip in plan.trips]
    if len(set(waves)) < len(waves):
        found.append("a bus makes two trips in one wave")
    return found


def _arrival_s(problem: EvacuationProblem, trip: BusTrip, before: BusTrip | None) -> float:
    if trip.wave == 1 or before is None:
        return float(problem.first_s[trip.kind, trip.place, trip.shelter])
    back_s = problem.back_s[trip.kind, before.shelter, trip.place]
    ride_s = problem.travel_s[trip.kind, trip.place, trip.shelter]
    return float(before.arrival_s + back_s + problem.boarding_s + ride_s)


def _count_faults(problem: EvacuationProblem, plan: Evacuation) -> list[str]:
    """Everybody counted once, no shelter over its capacity."""
    found: list[str] = []
    driving, by_bus, free = (
        np.zeros_like(problem.people),
        np.zeros_like(problem.people),
        problem.capacity.copy(),
    )
    for trip in plan.trips:
        by_bus[trip.place] += trip.people
        free[trip.shelter] -= trip.people
    for place, shelter, people in plan.driving:
        driving[place] += people
        free[shelter] -= people
        if not np.isfinite(problem.drive_s[place, shelter]) or people < 1:
            found.append(f"{people} people drive from place {place} where there is no road")
    if (free < 0).any():
        found.append("a shelter is over its capacity")
    left, left_bus = np.array(plan.left, np.int64), np.array(plan.left_without_car, np.int64)
    if not np.array_equal(driving + by_bus + left, problem.people) or (left < left_bus).any():
        found.append("not everybody is counted")
    if not np.array_equal(by_bus + left_bus, problem.without_car):
        found.append("people without a car are not all counted")
    if (left_bus < 0).any():
        found.append("more people are brought than there are")
    return found
