"""Trips of trucks with their loads and times: pieces shared out among trips, trips put one after another."""

import numpy as np

from optimizer.dispatch.delivery import DeliveryProblem, Trip, Truck
from optimizer.problem import Int64s

Way = tuple[int, int, int]
"""Truck, depot and shelter of one trip."""


def shared_out(problem: DeliveryProblem, ways: list[Way], pieces: Int64s) -> list[tuple[int, ...]] | None:
    """Pieces of each trip, one tuple a way; ``None`` where whole pieces are not seen to fit.

    Tried first: largest trucks first, each filled with the heaviest goods first. Then: every trip of a way
    takes a like part of each good, and what is left over goes where it fits.
    """
    for evenly in (False, True):
        left = pieces.copy()
        loads = np.zeros((len(ways), len(problem.goods)), np.int64)
        if evenly:
            _even_parts(problem, ways, left, loads)
        _filled(problem, ways, left, loads)
        if not left.any():
            return [tuple(load) for load in loads.tolist()]
    return None


def _even_parts(problem: DeliveryProblem, ways: list[Way], left: Int64s, loads: Int64s) -> None:
    """Whole pieces of each trip's part of its way, by what its truck carries."""
    room = np.array([(t.load_kg, min(t.load_m3, 1e9)) for t, _, _ in _trucks_of(problem, ways)]).reshape(
        -1, 2
    )
    for depot, shelter in sorted({(depot, shelter) for _, depot, shelter in ways}):
        trips = [index for index, way in enumerate(ways) if way[1:] == (depot, shelter)]
        part = (room[trips] / room[trips].sum(axis=0)).min(axis=1)
        loads[trips] = np.floor(part[:, None] * left[depot, shelter] + 1e-9).astype(np.int64)
        left[depot, shelter] -= loads[trips].sum(axis=0)


def _filled(problem: DeliveryProblem, ways: list[Way], left: Int64s, loads: Int64s) -> None:
    """What is left goes on the trips of its way as far as there is room, largest trucks first."""
    goods = problem.goods
    heavy = sorted(range(len(goods)), key=lambda g: (-goods[g].mass_kg, g))
    order = sorted(range(len(ways)), key=lambda index: (-problem.trucks[ways[index][0]].load_kg, index))
    mass, volume = np.array([g.mass_kg for g in goods]), np.array([g.volume_m3 for g in goods])
    for index in order:
        truck, depot, shelter = _trucks_of(problem, [ways[index]])[0]
        room_kg = truck.load_kg + 1e-9 - float(loads[index] @ mass)
        room_m3 = truck.load_m3 + 1e-9 - float(loads[index] @ volume)
        for g in heavy:
            sizes = ((room_kg, goods[g].mass_kg), (room_m3, goods[g].volume_m3))
            fits = min((room / size for room, size in sizes if size), default=float("inf"))
            more = int(min(max(0.0, fits), left[depot, shelter, g]))
            loads[index, g] += more
            left[depot, shelter, g] -= more
            room_kg, room_m3 = room_kg - more * goods[g].mass_kg, room_m3 - more * goods[g].volume_m3


def _trucks_of(problem: DeliveryProblem, ways: list[Way]) -> list[tuple[Truck, int, int]]:
    return [(problem.trucks[truck], depot, shelter) for truck, depot, shelter in ways]


def timed(problem: DeliveryProblem, ways: list[Way], loads: list[tuple[int, ...]]) -> list[Trip]:
    """Trips with something on board; a truck sees its nearest shelter first, its longest way back is last."""
    trips: list[Trip] = []
    by_truck: dict[tuple[int, int], list[tuple[int, int, tuple[int, ...]]]] = {}
    for (truck, depot, shelter), load in zip(ways, loads, strict=True):
        if any(load):
            back = int(problem.back_ds[depot, shelter])
            by_truck.setdefault((truck, depot), []).append((back, shelter, load))
    for truck, depot in sorted(by_truck):
        free_ds = round(dict(problem.trucks[truck].depots)[depot] * 10)
        for back, shelter, load in sorted(by_truck[truck, depot]):
            over_ds = free_ds + int(problem.out_ds[depot, shelter])
            trips.append(
                Trip(
                    truck=truck,
                    depot=depot,
                    shelter=shelter,
                    start_s=free_ds / 10,
                    handed_over_s=over_ds / 10,
                    pieces=load,
                )
            )
            free_ds = over_ds + back
    return trips
