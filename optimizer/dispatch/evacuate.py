"""Evacuation: people from threatened places to shelters within capacity, buses in two waves.

People without a car go by bus, the others drive; all need a place in a shelter. Stages, each exact and kept
by the next: most people without a car brought by both waves; most of them in the first wave; most people with
a car placed; least person-seconds on the way. A wave is one trip of each bus; the second starts where the
first ended. Everybody is counted: brought by a wave, driving, or left with the number and place. A relative
of the bus evacuation problem (Bish 2011, Planning for a bus-based evacuation, OR Spectrum 33) without routes
through several places.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.solver import solve
from optimizer.watch import Watch

_WHOLE = 0.999


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvacuationProblem:
    """Places, shelters and buses; ``p`` places, ``s`` shelters, ``b`` buses.

    Parameters
    ----------
    people, without_car
        By place, the second part of the first, shape (p,).
    capacity
        Free places by shelter, shape (s,).
    seats
        By bus, shape (b,).
    first_s
        From the order until a bus is at a place, s, shape (b, p); ``inf`` = no road.
    travel_s
        Place to shelter and back, each way, s, shape (p, s); ``inf`` = no road.
    boarding_s
        Boarding and alighting of one trip, s.
    """

    people: Int64s
    without_car: Int64s
    capacity: Int64s
    seats: Int64s
    first_s: Floats
    travel_s: Floats
    boarding_s: float = 0.0

    def __post_init__(self) -> None:
        p, s = self.travel_s.shape
        b = len(self.seats)
        if self.people.shape != (p,) or self.without_car.shape != (p,) or self.capacity.shape != (s,):
            raise ValueError(f"people, without_car, capacity: want {p}, {p} and {s} numbers")
        if self.first_s.shape != (b, p):
            raise ValueError(f"first_s: want shape {(b, p)}, got {self.first_s.shape}")
        if (self.without_car > self.people).any() or (self.without_car < 0).any():
            raise ValueError("without_car: want 0 to the people of the place")
        if (self.capacity < 0).any() or (self.seats < 0).any():
            raise ValueError("capacity, seats: want >= 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class BusTrip:
    """A bus in one wave: people from a place to a shelter, when they are there, s from the order."""

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
    driving
        (place, shelter, people) of those who drive.
    left
        People who stay, by place.
    left_without_car
        Those among them without a car.
    least_left
        People that any plan leaves behind at least, counted after the stages before.
    """

    trips: tuple[BusTrip, ...]
    driving: tuple[tuple[int, int, int], ...]
    left: tuple[int, ...]
    left_without_car: tuple[int, ...]
    least_left: int
    status: Literal["optimal", "feasible"]


def evacuate(problem: EvacuationProblem, *, watch: Watch | None = None) -> Evacuation:
    """Who goes with which bus, who drives where, and who is left."""
    watch = watch or Watch(limit_s=10.0)
    model = _Model(problem)
    proven, bound = True, 0.0
    values = np.zeros(model.variables)
    for stage in range(4):
        watch.tell("evacuate", stage / 4)
        program = model.stage(stage)
        found = solve(program, limit_s=watch.left_s, absolute_gap=_WHOLE)
        if not len(found.values):
            proven = False
            break
        values, proven = found.values, proven and found.status == "optimal"
        if stage in (0, 2):
            bound += float(np.floor(found.bound + 1e-6)) if np.isfinite(found.bound) else np.inf
        model.keep(stage, int(np.rint(program.objective @ np.rint(values))))
    return model.answer(np.rint(values).astype(np.int64), proven, bound)


class _Model:
    """Variables: trips (wave, bus, place, shelter), people by bus (alike), drivers (place, shelter)."""

    def __init__(self, problem: EvacuationProblem) -> None:
        self.problem = problem
        p, s = problem.travel_s.shape
        b = len(problem.seats)
        self.trip = np.arange(2 * b * p * s).reshape(2, b, p, s)
        self.rides = self.trip + self.trip.size
        self.drives = 2 * self.trip.size + np.arange(p * s).reshape(p, s)
        self.variables = 2 * self.trip.size + p * s
        self._rows = Rows()
        self._seats()
        self._people()
        self._upper = self._most()

    def _seats(self) -> None:
        """A bus makes one trip in a wave, the second only after a first with people, its seats at most."""
        for bus, seats in enumerate(self.problem.seats.tolist()):
            first, second = self.trip[0, bus].ravel(), self.trip[1, bus].ravel()
            aboard = self.rides[0, bus].ravel()
            self._rows.add_one(first, np.ones(len(first)), lower=0.0, upper=1.0)
            self._rows.add_one(second, np.ones(len(second)), lower=0.0, upper=1.0)
            both = np.concatenate([second, aboard])
            signs = np.concatenate([np.ones(len(second)), -np.ones(len(aboard))])
            self._rows.add_one(both, signs, lower=-np.inf, upper=0.0)
            self._way_back(bus)
            trips, rides = self.trip[:, bus].ravel(), self.rides[:, bus].ravel()
            each = np.arange(len(trips))
            self._rows.add(
                len(trips),
                np.concatenate([each, each]),
                np.concatenate([rides, trips]),
                np.concatenate([np.ones(len(trips)), np.full(len(trips), -float(seats))]),
                lower=-np.inf,
                upper=0.0,
            )

    def _way_back(self, bus: int) -> None:
        """The second trip starts at a place with a road from the shelter where the first ended."""
        for place, road in enumerate(np.isfinite(self.problem.travel_s)):
            second, first = self.trip[1, bus, place], self.trip[0, bus][:, road].ravel()
            signs = np.concatenate([np.ones(len(second)), -np.ones(len(first))])
            self._rows.add_one(np.concatenate([second, first]), signs, lower=-np.inf, upper=0.0)

    def _people(self) -> None:
        """Nobody twice, and shelters within capacity."""
        problem = self.problem
        with_car = problem.people - problem.without_car
        for place in range(len(problem.people)):
            rides, drives = self.rides[:, :, place].ravel(), self.drives[place]
            self._rows.add_one(rides, np.ones(len(rides)), lower=0.0, upper=float(problem.without_car[place]))
            self._rows.add_one(drives, np.ones(len(drives)), lower=0.0, upper=float(with_car[place]))
        for shelter, capacity in enumerate(problem.capacity.tolist()):
            columns = np.concatenate([self.rides[..., shelter].ravel(), self.drives[:, shelter]])
            self._rows.add_one(columns, np.ones(len(columns)), lower=0.0, upper=float(capacity))

    def _most(self) -> Floats:
        """Nothing goes where there is no road."""
        road = np.isfinite(self.problem.travel_s)
        reached = np.isfinite(self.problem.first_s)[:, :, None] & road
        trips = np.stack([reached, np.broadcast_to(road, reached.shape)]).astype(float)
        seats = trips * self.problem.seats[:, None, None]
        drives = road * (self.problem.people - self.problem.without_car)[:, None]
        return np.concatenate([trips.ravel(), seats.ravel(), drives.ravel().astype(float)])

    def _aim(self, stage: int) -> Floats:
        aim = np.zeros(self.variables)
        if stage == 0:
            aim[self.rides] = 1.0
        elif stage == 1:
            aim[self.rides[0]] = 1.0
        elif stage == 2:
            aim[self.drives] = 1.0
        else:
            seconds = np.rint(np.where(np.isfinite(self.problem.travel_s), self.problem.travel_s, 0.0))
            aim[self.rides] = -seconds
            aim[self.drives] = -seconds
            aim[self.trip] = -1.0  # of equal plans the one with fewer trips
        return aim

    def stage(self, stage: int) -> Program:
        """The program of a stage, 0 to 3; always maximized."""
        return self._rows.program(
            self._aim(stage), upper=self._upper, integer=np.ones(self.variables, np.bool_), maximize=True
        )

    def keep(self, stage: int, reached: int) -> None:
        """Later stages reach as much as this one did."""
        aim = self._aim(stage)
        columns = np.flatnonzero(aim)
        self._rows.add_one(columns, aim[columns], lower=float(reached), upper=np.inf)

    def answer(self, values: Int64s, proven: bool, bound: float) -> Evacuation:
        """Trips with their times, and everybody counted."""
        problem = self.problem
        rides, drives = values[self.rides], values[self.drives]
        left_bus = problem.without_car - rides.sum(axis=(0, 1, 3))
        left_car = problem.people - problem.without_car - drives.sum(axis=1)
        most = min(bound, float(problem.people.sum()))
        return Evacuation(
            trips=tuple(self._trips(rides)),
            driving=tuple((int(p), int(s), int(drives[p, s])) for p, s in np.argwhere(drives)),
            left=tuple((left_bus + left_car).tolist()),
            left_without_car=tuple(left_bus.tolist()),
            least_left=int(problem.people.sum() - most),
            status="optimal" if proven else "feasible",
        )

    def _trips(self, rides: Int64s) -> list[BusTrip]:
        """Trips with people, bus by bus, with their times."""
        problem, trips = self.problem, []
        for bus in range(len(problem.seats)):
            ways = [(int(p), int(s), int(rides[w, bus, p, s])) for w, p, s in np.argwhere(rides[:, bus])]
            free_s, at = 0.0, -1
            for wave, (place, shelter, people) in enumerate(ways, start=1):
                there_s = problem.first_s[bus, place] if at < 0 else free_s + problem.travel_s[place, at]
                free_s = float(there_s + problem.boarding_s + problem.travel_s[place, shelter])
                at = shelter
                trips.append(
                    BusTrip(
                        bus=bus,
                        wave=1 if wave == 1 else 2,
                        place=place,
                        shelter=shelter,
                        people=people,
                        arrival_s=free_s,
                    )
                )
        return trips


def evacuation_violations(problem: EvacuationProblem, plan: Evacuation) -> tuple[str, ...]:
    """Everything that is wrong with an evacuation, as sentences, by the arrays alone; empty when it holds."""
    found: list[str] = []
    moved, free = np.zeros_like(problem.people), problem.capacity.copy()
    by_bus = np.zeros_like(problem.people)
    for trip in plan.trips:
        if not 0 < trip.people <= problem.seats[trip.bus]:
            found.append(f"bus {trip.bus} carries {trip.people} people on {problem.seats[trip.bus]} seats")
        by_bus[trip.place] += trip.people
        free[trip.shelter] -= trip.people
        if not np.isfinite(trip.arrival_s):
            found.append(f"bus {trip.bus} has no road")
    for place, shelter, people in plan.driving:
        moved[place] += people
        free[shelter] -= people
    waves = [(trip.bus, trip.wave) for trip in plan.trips]
    if len(set(waves)) < len(waves):
        found.append("a bus makes two trips in one wave")
    if (free < 0).any():
        found.append("a shelter is over its capacity")
    left, left_bus = np.array(plan.left), np.array(plan.left_without_car)
    if not np.array_equal(moved + by_bus + left, problem.people) or (left < left_bus).any():
        found.append("not everybody is counted")
    if not np.array_equal(by_bus + left_bus, problem.without_car):
        found.append("people without a car are not all counted")
    return tuple(found)
