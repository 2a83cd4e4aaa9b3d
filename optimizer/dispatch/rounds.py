"""Rounds of trucks: what one truck can do until a time, and the program that chooses a round for each.

Trucks of one load and readiness are a *fleet*; a fleet at one of the depots that its trucks may shuttle from
is a *kind*. A *round* is a set of trips (shelters, with
repetition) whose last hand-over is within the time; the truck ends at the shelter that is farthest, so that
its longest way back is never driven. Only rounds to which no trip can be added are kept: idle trips are
dropped afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.delivery import DeliveryProblem, Truck
from optimizer.problem import NEVER_DS, Floats, Int64s
from optimizer.program import Program, Rows

_TRUCK = 1000.0
"""What one more truck counts against minutes until trucks can load."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """Trucks that are alike, ascending, one of them as pattern, at one of the depots that they may use.

    ``fleet`` is the same for all kinds of the same trucks; ``ready_ds`` deciseconds until they can be loaded.
    """

    trucks: tuple[int, ...]
    like: Truck
    fleet: int
    depot: int
    ready_ds: int


def kinds_of(problem: DeliveryProblem) -> tuple[Kind, ...]:
    """Kinds in the order of their first truck and its depots; depots without stock or road are left out."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for index, truck in enumerate(problem.trucks):
        alike.setdefault((truck.depots, truck.load_kg, truck.load_m3), []).append(index)
    served = np.flatnonzero(problem.demand.any(axis=1))
    road = (problem.back_ds[:, served] < NEVER_DS).any(axis=1)
    useful = np.asarray(problem.stock.any(axis=1) & road)
    return tuple(
        Kind(tuple(trucks), problem.trucks[trucks[0]], fleet, depot, round(ready_s * 10))
        for fleet, trucks in enumerate(alike.values())
        for depot, ready_s in problem.trucks[trucks[0]].depots
        if useful[depot] and ready_s < NEVER_DS / 10
    )


def most_trips(problem: DeliveryProblem, kind: Kind) -> Int64s:
    """Most trips to each shelter that a truck can use: those that bring each good alone, shape (s,)."""
    trips = np.zeros(len(problem.demand), np.int64)
    for good, wanted in zip(problem.goods, problem.demand.T, strict=True):
        limits = [(kind.like.load_kg, good.mass_kg), (kind.like.load_m3, good.volume_m3)]
        whole = min((room / size for room, size in limits if size), default=float("inf"))
        pieces = int(min(whole, int(problem.demand.max()) + 1))
        trips += -(-wanted // pieces) if pieces else 0
    return trips


def rounds_within(problem: DeliveryProblem, kind: Kind, until_ds: int, most: int) -> list[Int64s] | None:
    """Full rounds of a kind until a time as trips by shelter; ``None`` = more than ``most``."""
    out, back = problem.out_ds[kind.depot], problem.back_ds[kind.depot]
    allowed = most_trips(problem, kind)
    order = [s for s in np.argsort(-back, kind="stable").tolist() if allowed[s] and back[s] < NEVER_DS]
    cheapest = min(((int(out[s] + back[s])) for s in order), default=0)
    found: list[Int64s] = []

    def further(k: int, left_ds: int, trips: Int64s) -> Iterator[Int64s]:
        """Rounds that go on with the k-th shelter; the first, longest way back is not driven."""
        if k == len(order):
            yield trips.copy()
            return
        shelter = order[k]
        step = int(out[shelter] + back[shelter])
        free = int(back[shelter]) if not trips.any() else 0
        for count in range(int(allowed[shelter]) + 1):
            spare = left_ds - count * step + (free if count else 0)
            if spare < 0:
                break
            trips[shelter] = count
            more = spare >= cheapest or not count
            yield from further(k + 1, spare, trips) if more else iter([trips.copy()])
        trips[shelter] = 0

    for trips in further(0, until_ds - kind.ready_ds, np.zeros(len(out), np.int64)):
        if _full(trips, allowed, order, out, back, until_ds - kind.ready_ds):
            found.append(trips)
        if len(found) > most:
            return None
    return found


def _full(
    trips: Int64s, allowed: Int64s, order: list[int], out: Int64s, back: Int64s, within_ds: int
) -> bool:
    """Whether no trip can be added in time."""
    used = int((trips[order] * (out + back)[order]).sum())
    longest = int(back[trips > 0].max(initial=0))
    return all(
        trips[s] >= allowed[s] or used + int(out[s] + back[s]) - max(longest, int(back[s])) > within_ds
        for s in order
    )


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A program; its variables are choices of rounds, then pieces (d, s, g), then unmet (s, g)."""

    program: Program
    rounds: tuple[tuple[int, Int64s], ...]

    def pieces(self, problem: DeliveryProblem, values: Floats) -> Int64s:
        """Pieces by depot, shelter and good."""
        shape = (*problem.travel_s.shape, len(problem.goods))
        first = len(self.rounds)
        return np.rint(values[first : first + int(np.prod(shape))]).astype(np.int64).reshape(shape)


def layout_of(
    problem: DeliveryProblem,
    kinds: tuple[Kind, ...],
    rounds: tuple[tuple[int, Int64s], ...],
    *,
    unmet_most: int | None,
    slack: float,
    few_trucks: bool = False,
) -> Layout:
    """Choose a round for each truck and pieces for each way.

    Parameters
    ----------
    rounds
        Kind and trips by shelter.
    unmet_most
        Weighted pieces that may stay unmet; ``None`` = as few as possible is the objective.
    slack
        Pieces of each good that every trip leaves free, so that whole pieces can be shared out among trips.
    few_trucks
        Few trucks, and of these such as can load early, are the objective, within ``unmet_most``.
    """
    d, s = problem.travel_s.shape
    g, r = len(problem.goods), len(rounds)
    piece = r + np.arange(d * s * g).reshape(d, s, g)
    unmet = r + d * s * g + np.arange(s * g).reshape(s, g)
    rows = Rows()
    trucks = {kind.fleet: float(len(kind.trucks)) for kind in kinds}
    of = np.array([list(trucks).index(kinds[kind].fleet) for kind, _ in rounds], np.int64)
    count = np.array(list(trucks.values()), np.float64)
    rows.add(len(count), of, np.arange(r), np.ones(r), lower=0.0, upper=count)
    _limits(rows, problem, kinds, rounds, piece, slack)
    for depot in range(d):
        for good in range(g):
            stock = float(problem.stock[depot, good])
            rows.add_one(piece[depot, :, good], np.ones(s), lower=0.0, upper=stock)
    for shelter in range(s):
        for good in range(g):
            columns = np.append(piece[:, shelter, good], unmet[shelter, good])
            demand = float(problem.demand[shelter, good])
            rows.add_one(columns, np.ones(d + 1), lower=demand, upper=demand)
    weight = np.tile([float(good.weight) for good in problem.goods], s)
    objective = np.zeros(r + d * s * g + s * g)
    if unmet_most is None:
        objective[unmet.ravel()] = weight
    else:
        rows.add_one(unmet.ravel(), weight, lower=0.0, upper=float(unmet_most))
        if few_trucks:
            ready_min = np.array([kinds[kind].ready_ds / 600 for kind, _ in rounds])
            objective[:r] = _TRUCK + np.minimum(np.rint(ready_min), _TRUCK - 1)
    upper = np.concatenate([count[of], np.tile(problem.demand.ravel(), d), problem.demand.ravel()])
    program = rows.program(objective, upper=upper.astype(float), integer=np.ones(len(upper), np.bool_))
    return Layout(program, rounds)


def _limits(
    rows: Rows,
    problem: DeliveryProblem,
    kinds: tuple[Kind, ...],
    rounds: tuple[tuple[int, Int64s], ...],
    piece: Int64s,
    slack: float,
) -> None:
    """Mass and volume on each way are within what the trips carry."""
    for unit, load in (("mass_kg", "load_kg"), ("volume_m3", "load_m3")):
        size = np.array([getattr(good, unit) for good in problem.goods])
        if not size.any():
            continue
        room = np.array([max(0.0, min(getattr(k.like, load), 1e9) - slack * size.sum()) for k in kinds])
        for depot, shelter in np.ndindex(piece.shape[:2]):
            carry = [
                (column, room[kind] * float(trips[shelter]))
                for column, (kind, trips) in enumerate(rounds)
                if kinds[kind].depot == depot and trips[shelter]
            ]
            columns = np.array([*piece[depot, shelter], *(c for c, _ in carry)], np.int64)
            values = np.array([*size, *(-v for _, v in carry)])
            rows.add_one(columns, values / max(1.0, float(room.max(initial=1.0))), lower=-np.inf, upper=0.0)
