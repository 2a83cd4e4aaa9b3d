"""The supply of shelters written down: needs, trips, and what is short with its nearest source."""

from collections.abc import Iterator

import numpy as np

from optimizer.dispatch.delivery import Delivery, Trip
from optimizer.problem import Int64s
from scenarios.doctrine import ReliefRule
from scenarios.materials import MaterialsCase
from scenarios.relief_needs import Promise
from scenarios.relief_plan import Cargo, ItemNeed, ItemShortage, ItemSource, MaterialsPlan, TruckTrip


def materials_plan(
    case: MaterialsCase, found: Delivery, rule: ReliefRule, since_event_s: float
) -> MaterialsPlan:
    """What the shelters get, item by item and trip by trip."""
    sent = pieces_sent(case, found)
    return MaterialsPlan(
        status=found.status,
        stopped_by=found.stopped_by,
        last_s=found.last_s if found.trips else None,
        bound_s=found.bound_s,
        roads_later=case.roads_later,
        short_weight=_short_weight(case, found),
        least_short_weight=found.unmet_bound,
        items=tuple(_items(case, found, sent, rule, since_event_s)),
        trips=tuple(_trip(case, trip) for trip in found.trips),
        shortages=tuple(_shortages(case, found, sent, rule)),
    )


def _short_weight(case: MaterialsCase, found: Delivery) -> int:
    unmet = np.array(found.unmet, np.int64).reshape(case.problem.demand.shape)
    return int((unmet @ np.array([good.weight for good in case.problem.goods], np.int64)).sum())


def pieces_sent(case: MaterialsCase, found: Delivery) -> Int64s:
    """Pieces by depot and item, shape (d, g) over all items."""
    sent = np.zeros(case.stock.pieces.shape, np.int64)
    for trip in found.trips:
        sent[trip.depot, list(case.goods)] += np.array(trip.pieces, np.int64)
    return sent


def _items(
    case: MaterialsCase, found: Delivery, sent: Int64s, rule: ReliefRule, since_event_s: float
) -> Iterator[ItemNeed]:
    good_of = {item: good for good, item in enumerate(case.goods)}
    for number, item in enumerate(case.items):
        good = good_of.get(number)
        handed_s = [trip.handed_over_s for trip in found.trips if good is not None and trip.pieces[good]]
        due_s = max(0.0, item.within_s - since_event_s)
        last_s = max(handed_s, default=None)
        needed, brought = int(case.demand[:, number].sum()), int(sent[:, number].sum())
        yield ItemNeed(
            item_id=item.id,
            name_zh=item.name_zh,
            name_en=item.name_en,
            unit=item.unit,
            per=item.per,
            quantity_per=round(item.quantity_per, 6),
            needed=needed,
            sent=brought,
            short=needed - brought,
            due_s=due_s,
            handed_over_s=last_s,
            late_s=None if last_s is None else round(max(0.0, last_s - due_s), 1),
            source=item.source,
        )


def _trip(case: MaterialsCase, trip: Trip) -> TruckTrip:
    fleet, number = case.truck_of[trip.truck]
    goods = case.problem.goods
    return TruckTrip(
        team_id=case.fleets[fleet].team_id,
        vehicle_class=case.fleets[fleet].vehicle.id,
        truck=number + 1,
        depot_id=case.stock.depots[trip.depot].id,
        shelter_id=case.shelters[trip.shelter].id,
        start_s=trip.start_s,
        handed_over_s=trip.handed_over_s,
        mass_kg=round(sum(n * good.mass_kg for n, good in zip(trip.pieces, goods, strict=True)), 1),
        volume_m3=round(sum(n * good.volume_m3 for n, good in zip(trip.pieces, goods, strict=True)), 3),
        load=tuple(Cargo(item_id=good.id, pieces=n) for n, good in zip(trip.pieces, goods, strict=True) if n),
    )


def _shortages(
    case: MaterialsCase, found: Delivery, sent: Int64s, rule: ReliefRule
) -> Iterator[ItemShortage]:
    for number, item in enumerate(case.items):
        needed, brought = case.demand[:, number], int(sent[:, number].sum())
        if short := int(needed.sum()) - brought:
            yield ItemShortage(
                code="X311",
                item_id=item.id,
                name_zh=item.name_zh,
                name_en=item.name_en,
                unit=item.unit,
                short=short,
                nearest=_nearest(case, number, case.stock.pieces[:, number] - sent[:, number], rule),
            )


def _nearest(case: MaterialsCase, item: int, left: Int64s, rule: ReliefRule) -> ItemSource | None:
    """Stock that a truck could fetch, else the promise that is there first, else stock without a road."""
    open_roads = np.isfinite(case.problem.travel_s).any(axis=1) | (not case.fleets)
    on_shelf = [
        ItemSource(
            depot_id=case.stock.depots[depot].id,
            supplier="",
            mode="physical",
            pieces=int(left[depot]),
            hand_over_s=None,
            why="no_truck" if open_roads[depot] else "no_road",
        )
        for depot in np.argsort(-left, kind="stable").tolist()
        if left[depot] > 0
    ]
    near = [source for source in on_shelf if source.why == "no_truck"]
    promised = sorted(
        (_promised(case, promise, rule) for promise in case.stock.promises if _fits(case, promise, item)),
        key=lambda source: (source.hand_over_s is None, source.hand_over_s or 0.0, source.depot_id),
    )
    return next(iter((*near, *promised, *on_shelf)), None)


def _fits(case: MaterialsCase, promise: Promise, item: int) -> bool:
    return promise.item_id == case.items[item].id and promise.pieces > 0


def _promised(case: MaterialsCase, promise: Promise, rule: ReliefRule) -> ItemSource:
    """When the first of it could be handed over: lead time, loading, the way to the nearest shelter."""
    depots = [depot.id for depot in case.stock.depots]
    hand_over_s = None
    if promise.lead_time_s is not None and promise.depot_id in depots:
        row = depots.index(promise.depot_id)
        way_s = float(case.problem.travel_s[row].min(initial=np.inf))
        total_s = promise.lead_time_s + case.stock.depots[row].loading_s + way_s + rule.unloading
        hand_over_s = round(total_s, 1) if np.isfinite(total_s) else None
    return ItemSource(
        depot_id=promise.depot_id,
        supplier=promise.supplier,
        mode=promise.mode,
        pieces=promise.pieces,
        hand_over_s=hand_over_s,
        why="lead_time",
    )
