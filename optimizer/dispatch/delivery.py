"""Materials to bring: goods, depots, shelters, trucks; and a plan of trips, verified without a solver."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from optimizer.dispatch.problem import LONGEST_S
from optimizer.problem import NEVER_DS, Floats, Int64s, deciseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A commodity by the piece; ``weight`` is what a missing piece counts, >= 1."""

    id: str
    mass_kg: float
    volume_m3: float = 0.0
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Truck:
    """A truck that shuttles from one depot.

    Parameters
    ----------
    depot
        Row of the stock.
    load_kg, load_m3
        Most it carries, inclusive.
    ready_s
        From the order until it can be loaded, s.
    elsewhere
        Other depots that it may shuttle from instead, with the time from the order until it can be loaded
        there, s. It keeps to the one that it is given.
    """

    id: str
    depot: int
    load_kg: float
    load_m3: float = float("inf")
    ready_s: float = 0.0
    elsewhere: tuple[tuple[int, float], ...] = ()

    @property
    def depots(self) -> tuple[tuple[int, float], ...]:
        """Every depot that it may shuttle from, and from when, s."""
        return ((self.depot, self.ready_s), *self.elsewhere)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DeliveryProblem:
    """Stock, demand and times; ``d`` depots, ``s`` shelters, ``g`` goods.

    Parameters
    ----------
    stock, demand
        Pieces, shape (d, g) and (s, g).
    travel_s
        From depot to shelter and back again, each way, s, shape (d, s); ``inf`` = no road.
    loading_s, unloading_s
        For one trip, s, shape (d,) and (s,).
    deadline_s
        Hand-over at the shelter (end of unloading) by, inclusive, s from the order.
    """

    goods: tuple[Good, ...]
    trucks: tuple[Truck, ...]
    stock: Int64s
    demand: Int64s
    travel_s: Floats
    loading_s: Floats
    unloading_s: Floats
    deadline_s: float = float("inf")
    out_ds: Int64s = field(init=False)
    back_ds: Int64s = field(init=False)

    def __post_init__(self) -> None:
        d, s = self.travel_s.shape
        g = len(self.goods)
        if self.stock.shape != (d, g) or self.demand.shape != (s, g):
            raise ValueError(f"stock, demand: want shapes {(d, g)} and {(s, g)}")
        if self.loading_s.shape != (d,) or self.unloading_s.shape != (s,):
            raise ValueError(f"loading_s, unloading_s: want shapes {(d,)} and {(s,)}")
        if (self.stock < 0).any() or (self.demand < 0).any():
            raise ValueError("stock, demand: want pieces >= 0")
        depots = [depot for truck in self.trucks for depot, _ in truck.depots]
        if any(not 0 <= depot < d for depot in depots) or any(truck.load_kg <= 0 for truck in self.trucks):
            raise ValueError(f"trucks: want depots below {d} and load_kg > 0")
        if (np.isfinite(self.travel_s) & (self.travel_s > LONGEST_S)).any():
            raise ValueError(f"travel_s: want at most {LONGEST_S:g} s, or inf")
        out_s = self.travel_s + self.loading_s[:, None] + self.unloading_s
        object.__setattr__(self, "out_ds", deciseconds(out_s))
        object.__setattr__(self, "back_ds", deciseconds(self.travel_s))

    @property
    def deadline_ds(self) -> int:
        """The deadline as the models compare it."""
        return int(deciseconds(np.array([self.deadline_s]))[0])

    def carries(self, truck: Truck, pieces: tuple[int, ...]) -> bool:
        """Whether a load of pieces by good is within a truck's mass and volume."""
        pairs = list(zip(self.goods, pieces, strict=True))
        mass = sum(good.mass_kg * n for good, n in pairs)
        volume = sum(good.volume_m3 * n for good, n in pairs)
        return mass <= truck.load_kg + 1e-6 and volume <= truck.load_m3 + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One way out of a truck: when it starts to load, when it has handed over, and pieces by good."""

    truck: int
    depot: int
    shelter: int
    start_s: float
    handed_over_s: float
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Trips and how good they are.

    Parameters
    ----------
    trips
        In the order of trucks, then time.
    last_s, bound_s
        Last hand-over, and the least that any plan that brings as much can reach, s.
    unmet
        Pieces not brought by shelter and good, shape (s, g).
    unmet_bound
        Least weighted pieces that any plan leaves unmet.
    """

    trips: tuple[Trip, ...]
    status: Literal["optimal", "feasible"]
    last_s: float
    bound_s: float
    unmet: tuple[tuple[int, ...], ...]
    unmet_bound: int
    stopped_by: str | None = None

    @property
    def gap(self) -> float:
        """Distance of bound and last hand-over over the last hand-over; 0 = proven."""
        return (self.last_s - self.bound_s) / max(1.0, self.last_s)


def delivery_violations(problem: DeliveryProblem, delivery: Delivery) -> tuple[str, ...]:
    """Everything that is wrong with a delivery, as sentences, from the arrays alone; empty when it holds."""
    found: list[str] = []
    left, brought = problem.stock.copy(), np.zeros_like(problem.demand)
    free_ds: dict[int, int] = {}
    home: dict[int, int] = {}
    last_ds = 0
    for trip in sorted(delivery.trips, key=lambda trip: trip.start_s):
        truck, depot = problem.trucks[trip.truck], trip.depot
        ready_s = dict(truck.depots).get(depot)
        if ready_s is None or home.setdefault(trip.truck, depot) != depot:
            found.append(f"truck {truck.id} may not load at depot {depot}")
            continue
        if problem.back_ds[depot, trip.shelter] >= NEVER_DS:
            found.append(f"truck {truck.id} has no road to shelter {trip.shelter}")
            continue
        if not problem.carries(truck, trip.pieces) or min(trip.pieces) < 0:
            found.append(f"truck {truck.id} is over its load on the way to shelter {trip.shelter}")
        over_ds = round(trip.start_s * 10) + int(problem.out_ds[depot, trip.shelter])
        earliest_ds = free_ds.get(trip.truck, round(ready_s * 10))
        if round(trip.start_s * 10) < earliest_ds or round(trip.handed_over_s * 10) != over_ds:
            found.append(f"truck {truck.id} cannot keep its times at shelter {trip.shelter}")
        if over_ds > problem.deadline_ds:
            found.append(f"truck {truck.id} hands over at shelter {trip.shelter} after the deadline")
        free_ds[trip.truck] = over_ds + int(problem.back_ds[depot, trip.shelter])
        left[depot] -= trip.pieces
        brought[trip.shelter] += trip.pieces
        last_ds = max(last_ds, over_ds)
    if (left < 0).any():
        found.append("more leaves a depot than it has")
    if not np.array_equal(problem.demand - brought, np.array(delivery.unmet).reshape(brought.shape)):
        found.append("what is brought and what is unmet are not the demand")
    if (brought > problem.demand).any():
        found.append("more is brought than asked for")
    if last_ds != round(delivery.last_s * 10) or delivery.bound_s > delivery.last_s + 1e-9:
        found.append(f"the last hand-over is {last_ds / 10:g} s, not {delivery.last_s:g}, or below its bound")
    return (*found, *_bound_faults(problem, delivery))


def _bound_faults(problem: DeliveryProblem, delivery: Delivery) -> list[str]:
    """What is unmet is no less than its bound, and the same where the delivery is proven."""
    weights = np.array([good.weight for good in problem.goods], np.int64)
    unmet = int((np.array(delivery.unmet, np.int64).reshape(problem.demand.shape) @ weights).sum())
    least, proven = delivery.unmet_bound, delivery.status == "optimal"
    found = [] if (least == unmet if proven else 0 <= least <= unmet) else [f"unmet is {unmet}, not {least}"]
    if proven and abs(delivery.bound_s - delivery.last_s) > 0.05:
        found.append(f"a proven last hand-over at {delivery.last_s:g} s has the bound {delivery.bound_s:g}")
    return found
