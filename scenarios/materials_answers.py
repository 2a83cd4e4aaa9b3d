"""The supply of shelters written down: needs, trips, and what is short with its nearest source."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from optimizer.dispatch.delivery import Trip
from optimizer.problem import Int64s
from scenarios.call_offs import pieces_brought
from scenarios.doctrine import ReliefRule
from scenarios.item_sources import left_over, nearest_source
from scenarios.materials import MaterialsCase
from scenarios.relief import Supply
from scenarios.relief_plan import (
    Cargo,
    DeliveryStage,
    ItemNeed,
    ItemShortage,
    MaterialsPlan,
    TruckTrip,
)

Source = Literal["stock", "agreement"]
SOURCES: tuple[Source, ...] = ("stock", "agreement")
"""Of the deliveries of a plan, in order."""


def materials_plan(supplies: Sequence[Supply], rule: ReliefRule, since_event_s: float) -> MaterialsPlan:
    """What the shelters get, item by item and trip by trip; the first supply is from the shelves."""
    stages = tuple(_stage(supply, source) for supply, source in zip(supplies, SOURCES, strict=False))
    handed_s = [stage.last_s for stage in stages if stage.last_s is not None]
    proven = all(stage.status == "optimal" for stage in stages)
    return MaterialsPlan(
        status="optimal" if proven else "feasible",
        last_s=max(handed_s, default=None),
        items=tuple(_items(supplies, rule, since_event_s)),
        deliveries=stages,
        shortages=tuple(_shortages(supplies, rule)),
    )


def _stage(supply: Supply, source: Source) -> DeliveryStage:
    case, found = supply.case, supply.delivery
    unmet = np.array(found.unmet, np.int64).reshape(case.problem.demand.shape)
    weights = np.array([good.weight for good in case.problem.goods], np.int64)
    return DeliveryStage(
        source=source,
        status=found.status,
        stopped_by=found.stopped_by,
        last_s=found.last_s if found.trips else None,
        bound_s=found.bound_s,
        roads_later=case.roads_later,
        short_weight=int((unmet @ weights).sum()),
        least_short_weight=found.unmet_bound,
        trips=tuple(_trip(case, trip) for trip in found.trips),
    )


def _trip(case: MaterialsCase, trip: Trip) -> TruckTrip:
    fleet, number = case.truck_of[trip.truck]
    goods, depot = case.problem.goods, case.stock.depots[trip.depot]
    return TruckTrip(
        team_id=case.fleets[fleet].team_id,
        vehicle_class=case.fleets[fleet].vehicle.id,
        truck=number + 1,
        depot_id=depot.id,
        supplier=depot.supplier,
        lead_time_s=depot.ready_s,
        shelter_id=case.shelters[trip.shelter].id,
        start_s=trip.start_s,
        handed_over_s=trip.handed_over_s,
        mass_kg=round(sum(n * good.mass_kg for n, good in zip(trip.pieces, goods, strict=True)), 1),
        volume_m3=round(sum(n * good.volume_m3 for n, good in zip(trip.pieces, goods, strict=True)), 3),
        load=tuple(Cargo(item_id=good.id, pieces=n) for n, good in zip(trip.pieces, goods, strict=True) if n),
    )


def _brought(supplies: Sequence[Supply]) -> Int64s:
    """Pieces by item of each delivery, shape (deliveries, g)."""
    return np.array([pieces_brought(s.case, s.delivery).sum(axis=0) for s in supplies], np.int64)


def _items(supplies: Sequence[Supply], rule: ReliefRule, since_event_s: float) -> Iterator[ItemNeed]:
    first, brought = supplies[0].case, _brought(supplies)
    for number, item in enumerate(first.items):
        last_s = max((at_s for supply in supplies for at_s in _handed_over_s(supply, number)), default=None)
        due_s = max(0.0, item.within_s - since_event_s)
        needed, sent = int(first.demand[:, number].sum()), int(brought[:, number].sum())
        yield ItemNeed(
            item_id=item.id,
            name_zh=item.name_zh,
            name_en=item.name_en,
            unit=item.unit,
            per=item.rule.per,
            quantity_per=round(item.quantity_per, 6),
            needed=needed,
            sent=sent,
            called=int(brought[1:, number].sum()),
            short=needed - sent,
            due_s=due_s,
            handed_over_s=last_s,
            late_s=None if last_s is None else round(max(0.0, last_s - due_s), 1),
            source=item.source,
        )


def _handed_over_s(supply: Supply, item: int) -> list[float]:
    """When trips with an item hand over, s."""
    if item not in supply.case.goods:
        return []
    good = supply.case.goods.index(item)
    return [trip.handed_over_s for trip in supply.delivery.trips if trip.pieces[good]]


def _shortages(supplies: Sequence[Supply], rule: ReliefRule) -> Iterator[ItemShortage]:
    first, brought = supplies[0].case, sum(pieces_brought(one.case, one.delivery) for one in supplies)
    missing = np.asarray(first.demand - brought, np.int64)
    left = left_over(supplies)
    for number, item in enumerate(first.items):
        if short := int(missing[:, number].sum()):
            yield ItemShortage(
                code="X311",
                item_id=item.id,
                name_zh=item.name_zh,
                name_en=item.name_en,
                unit=item.unit,
                short=short,
                nearest=nearest_source(supplies, number, left, missing[:, number] > 0, rule),
            )
