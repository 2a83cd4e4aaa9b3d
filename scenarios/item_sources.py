"""The nearest source of material that is short: stock that no truck brings, or what suppliers promised."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from optimizer.problem import Bools
from scenarios.doctrine import ReliefRule
from scenarios.relief import Supply
from scenarios.relief_plan import ItemSource
from scenarios.relief_stock import Depot, Promise

Left = dict[tuple[str, str, float, int], int]
"""Pieces by depot, supplier, lead time and item that no truck takes."""


def left_over(supplies: Sequence[Supply]) -> Left:
    """What stays on the shelves and with suppliers who state a lead time, after all deliveries."""
    left: Left = {}
    first = supplies[0].case
    for row, column in np.argwhere(first.stock.pieces):
        left[(*_at(first.stock.depots[row]), int(column))] = int(first.stock.pieces[row, column])
    column_of = {item.id: number for number, item in enumerate(first.items)}
    for promise in first.stock.promises:
        if promise.lead_time_s is not None:
            key = (promise.depot_id, promise.supplier, promise.lead_time_s, column_of[promise.item_id])
            left[key] = left.get(key, 0) + promise.pieces
    for supply in supplies:
        for trip in supply.delivery.trips:
            at = _at(supply.case.stock.depots[trip.depot])
            for good, pieces in zip(supply.case.goods, trip.pieces, strict=True):
                if pieces:
                    left[(*at, good)] -= pieces
    return left


def _at(depot: Depot) -> tuple[str, str, float]:
    return depot.id, depot.supplier, depot.ready_s


def nearest_source(
    supplies: Sequence[Supply], item: int, left: Left, wanting: Bools, rule: ReliefRule
) -> ItemSource | None:
    """Stock that a truck could fetch, else the promise that is there first, else stock without a road.

    ``wanting``: whether each shelter is short of the item, shape (s,).
    """
    case = supplies[0].case
    reached = np.isfinite(case.problem.travel_s[:, wanting])
    open_roads = [bool(row.any()) or not case.fleets for row in reached]
    on_shelf = [
        ItemSource(
            depot_id=depot.id,
            supplier="",
            mode="physical",
            pieces=left[(*_at(depot), item)],
            hand_over_s=None,
            why="no_truck" if open_roads[row] else "no_road",
        )
        for row, depot in enumerate(case.stock.depots)
        if left.get((*_at(depot), item), 0) > 0
    ]
    on_shelf.sort(key=lambda source: -source.pieces)
    near = [source for source in on_shelf if source.why == "no_truck"]
    promised = sorted(
        (
            source
            for promise in case.stock.promises
            if promise.item_id == case.items[item].id
            for source in _promised(supplies, item, promise, left, wanting, rule)
        ),
        key=lambda source: (source.hand_over_s is None, source.hand_over_s or 0.0, source.depot_id),
    )
    return next(iter((*near, *promised, *on_shelf)), None)


def _promised(
    supplies: Sequence[Supply], item: int, promise: Promise, left: Left, wanting: Bools, rule: ReliefRule
) -> Iterator[ItemSource]:
    """What a supplier still has, and when the first could be handed over at a shelter that is short."""
    pieces = promise.pieces
    if promise.lead_time_s is not None:
        pieces = left[promise.depot_id, promise.supplier, promise.lead_time_s, item]
    if pieces > 0:
        handed_s = _hand_over_s(supplies, promise, wanting, rule)
        known = handed_s is not None and np.isfinite(handed_s)
        yield ItemSource(
            depot_id=promise.depot_id,
            supplier=promise.supplier,
            mode=promise.mode,
            pieces=pieces,
            hand_over_s=handed_s if known else None,
            why=_why(promise, handed_s, supplies[0].case.problem.deadline_s),
        )


def _why(
    promise: Promise, handed_s: float | None, due_s: float
) -> Literal["no_truck", "no_road", "lead_time"]:
    if handed_s == np.inf:
        return "no_road"
    in_time = promise.mode == "agreement" and handed_s is not None and handed_s <= due_s
    return "no_truck" if in_time else "lead_time"


def _hand_over_s(
    supplies: Sequence[Supply], promise: Promise, wanting: Bools, rule: ReliefRule
) -> float | None:
    """From the order, by the roads of the last delivery that knows the depot; ``inf`` = no road.

    ``None`` where the lead time or the place of the depot is not known.
    """
    if promise.lead_time_s is None:
        return None
    for case in (supply.case for supply in reversed(supplies)):
        for row, depot in enumerate(case.stock.depots):
            if depot.id == promise.depot_id:
                way_s = float(case.problem.travel_s[row, wanting].min(initial=np.inf))
                return round(promise.lead_time_s + depot.loading_s + way_s + rule.unloading, 1)
    return None
