"""Tasks, vehicles and tables of one routing question; all figures are whole numbers.

Times are *ticks*: deciseconds in Muster, thousandths or whole units in published instances. Lengths have a
unit of their own, since what a road costs need not be what it takes. All limits are inclusive.
"""

from dataclasses import dataclass, field

import numpy as np

from optimizer.problem import NEVER_DS, Bools, Int64s

NO_ROAD = NEVER_DS
"""From here on an entry of a table is no road; what ``optimizer.problem.deciseconds`` makes of ``inf``."""
LAST_TICK = 2**36
"""Latest time that a window may name; stands for "no limit"."""
MOST_LENGTH = 2**36
MOST_COST = 2**20
"""Largest entry of a table of lengths, and largest cost of one unit of length or time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A visit that one vehicle makes once.

    Parameters
    ----------
    place
        Row of the tables.
    load
        What the vehicle must carry for it, by dimension (mass, volume, seats ...).
    service_ticks
        Time at the place.
    earliest_ticks, latest_ticks
        Window in which the service begins; who comes earlier waits.
    weight
        What leaving it out counts, >= 1: the plan leaves the least weight out before it looks at costs.
    needs
        Capabilities that the vehicle must offer, all of them.
    """

    id: str
    place: int
    load: tuple[int, ...] = ()
    service_ticks: int = 0
    earliest_ticks: int = 0
    latest_ticks: int = LAST_TICK
    weight: int = 1
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleKind:
    """Vehicles that are alike, each driving one route or none.

    Parameters
    ----------
    start, end
        Rows of the tables where a route begins and ends.
    capacity
        Most that is carried at once, by dimension.
    fixed_cost, cost_per_length, cost_per_tick
        Of a vehicle that drives; of each unit of length; of each tick between departure and return.
    table
        Which table of travel and length holds for it.
    from_ticks, until_ticks
        Earliest departure and latest return.
    longest_ticks
        Most between departure and return.
    offers
        Capabilities.
    """

    id: str
    start: int
    end: int
    count: int = 1
    capacity: tuple[int, ...] = ()
    fixed_cost: int = 0
    cost_per_length: int = 1
    cost_per_tick: int = 0
    table: int = 0
    from_ticks: int = 0
    until_ticks: int = LAST_TICK
    longest_ticks: int = LAST_TICK
    offers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """Tasks, a fleet and the tables between places.

    Parameters
    ----------
    travel_ticks, length
        From row to column, shape (tables, places, places); entries of ``NO_ROAD`` and more are no road.
    allowed
        Which kinds of vehicle offer what each task needs, shape (tasks, kinds); computed.
    """

    tasks: tuple[Task, ...]
    fleet: tuple[VehicleKind, ...]
    travel_ticks: Int64s
    length: Int64s
    allowed: Bools = field(init=False)

    def __post_init__(self) -> None:
        shape = self.travel_ticks.shape
        if len(shape) != 3 or shape[1] != shape[2] or self.length.shape != shape:
            raise ValueError(f"travel_ticks, length: want one shape (tables, places, places), got {shape}")
        if self.travel_ticks.dtype != np.int64 or self.length.dtype != np.int64:
            raise ValueError("travel_ticks, length: want int64")
        no_road = self.travel_ticks >= NO_ROAD
        if (self.travel_ticks < 0).any() or (self.length < 0).any():
            raise ValueError("travel_ticks, length: want entries >= 0")
        if (self.travel_ticks[~no_road] > LAST_TICK).any() or (self.length[~no_road] > MOST_LENGTH).any():
            raise ValueError(f"travel_ticks, length: want at most {LAST_TICK}, or NO_ROAD in both")
        dimensions = {len(task.load) for task in self.tasks} | {len(kind.capacity) for kind in self.fleet}
        if len(dimensions) > 1:
            raise ValueError("loads, capacities: want the same dimensions for all tasks and vehicles")
        for task in self.tasks:
            _check_task(task, shape[1])
        for kind in self.fleet:
            _check_kind(kind, shape)
        allowed = [[task.needs <= kind.offers for kind in self.fleet] for task in self.tasks]
        table = np.array(allowed, np.bool_).reshape(len(self.tasks), len(self.fleet))
        object.__setattr__(self, "allowed", table)


def _check_task(task: Task, places: int) -> None:
    if not 0 <= task.place < places:
        raise ValueError(f"task {task.id}: want a place below {places}")
    if not 0 <= task.earliest_ticks <= task.latest_ticks <= LAST_TICK:
        raise ValueError(f"task {task.id}: want 0 <= earliest_ticks <= latest_ticks <= {LAST_TICK}")
    if not 0 <= task.service_ticks <= LAST_TICK or min(task.load, default=0) < 0 or task.weight < 1:
        raise ValueError(f"task {task.id}: want service_ticks and load >= 0 and weight >= 1")


def _check_kind(kind: VehicleKind, shape: tuple[int, ...]) -> None:
    if not (0 <= kind.start < shape[1] and 0 <= kind.end < shape[1] and 0 <= kind.table < shape[0]):
        raise ValueError(f"vehicles {kind.id}: want start and end below {shape[1]}, table below {shape[0]}")
    if not 0 <= kind.from_ticks <= kind.until_ticks <= LAST_TICK or kind.longest_ticks < 0:
        raise ValueError(f"vehicles {kind.id}: want 0 <= from_ticks <= until_ticks <= {LAST_TICK}")
    if kind.count < 0 or min(kind.capacity, default=0) < 0 or not 0 <= kind.fixed_cost <= MOST_LENGTH:
        raise ValueError(f"vehicles {kind.id}: want count, capacity and fixed_cost >= 0")
    if not (0 <= kind.cost_per_length <= MOST_COST and 0 <= kind.cost_per_tick <= MOST_COST):
        raise ValueError(f"vehicles {kind.id}: want costs of a unit from 0 to {MOST_COST}")
