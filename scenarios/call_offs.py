"""Stock under agreement called off where the shelves do not hold enough: a delivery after the first."""

from dataclasses import replace

import numpy as np

from optimizer.dispatch.delivery import Delivery
from optimizer.problem import Int64s
from scenarios.doctrine import ReliefRule
from scenarios.materials import MaterialsCase, Start, supply_case
from scenarios.relief_roads import ReliefRoads
from scenarios.relief_stock import Promise, Stock


def call_off_case(
    case: MaterialsCase, found: Delivery, roads: ReliefRoads, rule: ReliefRule, *, roads_later: bool
) -> MaterialsCase | None:
    """What is short after a delivery, from suppliers with a stated lead time; ``None`` where none has any.

    Each supplier at a depot is a depot of its own from its lead time on. Trucks are free where the first
    delivery leaves them.
    """
    demand = case.demand - pieces_brought(case, found)
    stock = _called_stock(case, demand)
    if stock is None:
        return None
    return supply_case(
        case.shelters,
        case.people,
        case.items,
        stock,
        case.fleets,
        roads,
        demand=demand,
        unloading_s=rule.unloading,
        deadline_s=case.problem.deadline_s,
        roads_later=roads_later,
        busy=_free_again(case, found),
    )


def pieces_brought(case: MaterialsCase, found: Delivery) -> Int64s:
    """Pieces by shelter and item, shape (s, g) over all items."""
    brought = np.zeros_like(case.demand)
    for trip in found.trips:
        brought[trip.shelter, list(case.goods)] += np.array(trip.pieces, np.int64)
    return brought


def _called_stock(case: MaterialsCase, demand: Int64s) -> Stock | None:
    """Promises of what is short as depots of their own, in the order of the stock."""
    home = {depot.id: depot for depot in case.stock.depots}
    column = {item.id: number for number, item in enumerate(case.items)}
    called = [
        promise
        for promise in case.stock.promises
        if promise.mode == "agreement"
        and promise.depot_id in home
        and promise.lead_time_s is not None
        and demand[:, column[promise.item_id]].any()
    ]
    if not called:
        return None
    rows: dict[tuple[str, str, float], int] = {}
    for promise in called:
        rows.setdefault(_key(promise), len(rows))
    pieces = np.zeros((len(rows), len(case.items)), np.int64)
    for promise in called:
        pieces[rows[_key(promise)], column[promise.item_id]] += promise.pieces
    depots = tuple(
        replace(home[depot], ready_s=lead_s, supplier=supplier) for depot, supplier, lead_s in rows
    )
    return Stock(depots=depots, pieces=pieces, promises=case.stock.promises, warnings=())


def _key(promise: Promise) -> tuple[str, str, float]:
    assert promise.lead_time_s is not None, "called off only with a lead time"
    return promise.depot_id, promise.supplier, promise.lead_time_s


def _free_again(case: MaterialsCase, found: Delivery) -> dict[tuple[str, int], Start]:
    """Trucks of the first delivery, back at their depot after their last trip."""
    free: dict[tuple[str, int], Start] = {}
    for trip in sorted(found.trips, key=lambda trip: trip.handed_over_s):
        fleet, number = case.truck_of[trip.truck]
        depot = case.stock.depots[trip.depot]
        back_s = trip.handed_over_s + float(case.problem.travel_s[trip.depot, trip.shelter])
        free[case.fleets[fleet].team_id, number] = (depot.lon, depot.lat, round(back_s, 1))
    return free
