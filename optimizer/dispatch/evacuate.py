"""Evacuation: people from threatened places to shelters within capacity, buses in two waves.

People without a car go by bus, the others drive; all need a place in a shelter. Stages, each exact and kept
by the next: most people without a car brought by both waves, and of such plans most in the first wave; most
people with a car placed; least person-seconds until all are there (to within ``_NEAR_S`` a person), where a
bus that drives empty to its second place counts its seats. A wave is one trip of each bus; the second starts
where the first ended. Everybody is counted: brought by a wave, driving, or left with the number and place. A
relative of the bus evacuation problem (Bish 2011, Planning for a bus-based evacuation, OR Spectrum 33)
without routes through several places.

Buses that are alike are one *kind*: the program counts how many of a kind make a trip, and the trips are
dealt out to single buses afterwards, which is always possible.
"""

import numpy as np

from optimizer.dispatch.evacuation import BusTrip, Evacuation, EvacuationProblem
from optimizer.problem import Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.solver import solve
from optimizer.watch import Watch

_WHOLE = 0.999
_NEAR_S = 1.0
_BUS, _CAR, _TIME = range(3)


def evacuate(
    problem: EvacuationProblem, *, watch: Watch | None = None, most_nodes: int | None = None
) -> Evacuation:
    """Who goes with which bus, who drives where, and who is left.

    ``most_nodes``: of the search tree of each stage; a limit that does not hang on the machine.
    """
    watch = watch or Watch(limit_s=10.0)
    model = _Model(problem)
    proven, bound, stopped_by = True, 0.0, None
    values = np.zeros(model.variables)
    for stage in (_BUS, _CAR, _TIME):
        watch.tell("evacuate", stage / 3)
        program = model.stage(stage)
        gap = _WHOLE if stage < _TIME else _NEAR_S * float(problem.people.sum())
        found = solve(program, limit_s=watch.left_s, absolute_gap=gap, most_nodes=most_nodes)
        if found.status != "optimal":
            proven, stopped_by = False, watch.stopped_by or "size"
        if model.variables and not len(found.values):
            bound += np.inf if stage < _TIME else 0.0
            break
        values = np.rint(found.values)
        if stage < _TIME:
            bound += model.most_people(stage, found.bound)
        model.keep(stage, int(program.objective @ values))
    return model.answer(values.astype(np.int64), proven, bound, stopped_by)


class _Model:
    """Trips and people by kind, place and shelter for both waves, ways back by shelter, and drivers."""

    def __init__(self, problem: EvacuationProblem) -> None:
        self.problem = problem
        k, p, s = problem.first_s.shape
        each = k * p * s
        self.trip = np.arange(2 * each).reshape(2, k, p, s)
        self.rides = 2 * each + self.trip
        self.turn = 4 * each + np.arange(each).reshape(k, s, p)
        self.drives = 5 * each + np.arange(p * s).reshape(p, s)
        self.variables = 5 * each + p * s
        self._rows = Rows()
        self._buses()
        self._people()
        self._full_buses()
        self._upper = self._most()

    def _buses(self) -> None:
        """Each bus makes one trip in a wave; the second starts where the first ended; seats at most."""
        problem = self.problem
        _, p, s = problem.first_s.shape
        for kind, buses in enumerate(problem.buses.tolist()):
            first = self.trip[0, kind].ravel()
            self._rows.add_one(first, np.ones(len(first)), lower=0.0, upper=float(buses))
            for shelter in range(s):
                self._at_most(self.turn[kind, shelter], self.trip[0, kind, :, shelter])
            for place in range(p):
                self._at_most(self.trip[1, kind, place], self.turn[kind, :, place])
        trips, rides = self.trip.ravel(), self.rides.ravel()
        seats = np.tile(np.repeat(problem.seats, p * s), 2).astype(float)
        each = np.arange(len(trips))
        both, row = np.concatenate([rides, trips]), np.concatenate([each, each])
        ones = np.ones(len(trips))
        self._rows.add(len(trips), row, both, np.concatenate([ones, -seats]), lower=-np.inf, upper=0.0)
        self._rows.add(len(trips), row, both, np.concatenate([-ones, ones]), lower=-np.inf, upper=0.0)

    def _at_most(self, less: Int64s, more: Int64s) -> None:
        """The sum of some variables is at most that of others."""
        signs = np.concatenate([np.ones(less.size), -np.ones(more.size)])
        columns = np.concatenate([less.ravel(), more.ravel()])
        self._rows.add_one(columns, signs, lower=-np.inf, upper=0.0)

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

    def _full_buses(self) -> None:
        """With one trip less than all people need, the last part of them stays; only tightens the program.

        Mixed-integer rounding of "people at most seats times trips" (Nemhauser and Wolsey 1990), by place
        for the first wave and for both, where all buses have as many seats.
        """
        seats = set(self.problem.seats.tolist())
        if len(seats) != 1:
            return
        each = max(1, seats.pop())
        for place, people in enumerate(self.problem.without_car.tolist()):
            rest, whole = people % each, -(-people // each)
            for waves in (self.rides[:1], self.rides) if rest else ():
                rides = waves[:, :, place].ravel()
                trips = self.trip[: len(waves), :, place].ravel()
                values = np.concatenate([np.ones(len(rides)), np.full(len(trips), -float(rest))])
                most = float(people - rest * whole)
                self._rows.add_one(np.concatenate([rides, trips]), values, lower=-np.inf, upper=most)

    def _most(self) -> Floats:
        """Nothing goes where there is no road."""
        problem = self.problem
        road = np.stack([np.isfinite(problem.first_s), np.isfinite(problem.travel_s)])
        trips = road * problem.buses[:, None, None]
        rides = trips * problem.seats[:, None, None]
        turns = np.isfinite(problem.back_s) * problem.buses[:, None, None]
        drives = np.isfinite(problem.drive_s) * (problem.people - problem.without_car)[:, None]
        return np.concatenate([part.ravel() for part in (trips, rides, turns, drives)]).astype(float)

    def _aim(self, stage: int) -> Floats:
        aim = np.zeros(self.variables)
        if stage == _BUS:
            aim[self.rides] = self._before_first_wave
            aim[self.rides[0]] += 1.0
        elif stage == _CAR:
            aim[self.drives] = 1.0
        else:
            problem = self.problem
            aim[self.rides] = -np.stack([_whole(problem.first_s), _whole(problem.travel_s)])
            aim[self.turn] = -_whole(problem.back_s) * problem.seats[:, None, None]
            aim[self.drives] = -_whole(problem.drive_s)
            aim[self.trip] = -1.0  # of equal plans the one with fewer trips
        return aim

    @property
    def _before_first_wave(self) -> float:
        """One more person brought counts for more than all seats of a wave."""
        return float(self.problem.buses @ self.problem.seats) + 1.0

    def most_people(self, stage: int, bound: float) -> float:
        """Most people that the bound of a stage admits."""
        if not np.isfinite(bound):
            return np.inf
        return float(np.floor(bound / (self._before_first_wave if stage == _BUS else 1.0) + 1e-6))

    def stage(self, stage: int) -> Program:
        """The program of a stage; always maximized."""
        return self._rows.program(
            self._aim(stage), upper=self._upper, integer=np.ones(self.variables, np.bool_), maximize=True
        )

    def keep(self, stage: int, reached: int) -> None:
        """Later stages reach as much as this one did."""
        aim = self._aim(stage)
        columns = np.flatnonzero(aim)
        self._rows.add_one(columns, aim[columns], lower=float(reached), upper=np.inf)

    def answer(self, values: Int64s, proven: bool, bound: float, stopped_by: str | None) -> Evacuation:
        """Trips with their times, and everybody counted."""
        problem = self.problem
        rides, drives = values[self.rides], values[self.drives]
        left_bus = problem.without_car - rides.sum(axis=(0, 1, 3))
        left_car = problem.people - problem.without_car - drives.sum(axis=1)
        most = min(bound, float(problem.people.sum()))
        trips = [
            trip
            for kind in range(len(problem.buses))
            for trip in _dealt(
                problem, kind, values[self.trip[:, kind]], rides[:, kind], values[self.turn[kind]]
            )
        ]
        return Evacuation(
            trips=tuple(trips),
            driving=tuple((int(p), int(s), int(drives[p, s])) for p, s in np.argwhere(drives)),
            left=tuple((left_bus + left_car).tolist()),
            left_without_car=tuple(left_bus.tolist()),
            least_left=int(problem.people.sum() - most),
            status="optimal" if proven else "feasible",
            stopped_by=stopped_by,
        )


def _whole(seconds: Floats) -> Floats:
    return np.rint(np.where(np.isfinite(seconds), seconds, 0.0))


def _dealt(
    problem: EvacuationProblem, kind: int, trips: Int64s, rides: Int64s, turn: Int64s
) -> list[BusTrip]:
    """Trips of a kind dealt out to its buses: those that are back first go out again."""
    found: list[BusTrip] = []
    ended: dict[int, list[int]] = {}
    for place, shelter, people in _shared(trips[0], rides[0]):
        bus, at_s = len(found), float(problem.first_s[kind, place, shelter])
        found.append(
            BusTrip(kind=kind, bus=bus, wave=1, place=place, shelter=shelter, people=people, arrival_s=at_s)
        )
        ended.setdefault(shelter, []).append(bus)
    waiting = {
        shelter: sorted(buses, key=lambda bus: (found[bus].arrival_s, bus))
        for shelter, buses in ended.items()
    }
    for place, shelter, people in _shared(trips[1], rides[1]):
        start = int(np.flatnonzero(turn[:, place])[0])
        turn[start, place] -= 1
        before = found[waiting[start].pop(0)]
        on_way_s = (
            problem.back_s[kind, start, place] + problem.boarding_s + problem.travel_s[kind, place, shelter]
        )
        at_s = round(float(before.arrival_s + on_way_s), 1)
        found.append(
            BusTrip(
                kind=kind, bus=before.bus, wave=2, place=place, shelter=shelter, people=people, arrival_s=at_s
            )
        )
    return sorted(found, key=lambda trip: (trip.bus, trip.wave))


def _shared(trips: Int64s, rides: Int64s) -> list[tuple[int, int, int]]:
    """(place, shelter, people) of each single trip, people shared evenly among trips that are alike."""
    return [
        (int(place), int(shelter), int(part))
        for place, shelter in np.argwhere(trips)
        for part in _parts(int(rides[place, shelter]), int(trips[place, shelter]))
    ]


def _parts(people: int, trips: int) -> list[int]:
    return [people // trips + (number < people % trips) for number in range(trips)]
