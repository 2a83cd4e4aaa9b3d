"""What is in hand: shelves on a day, agreements, makers; and the floor that it takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.problem import Floats
from optimizer.reserve.reserve_problem import CAPACITY, MODES, PHYSICAL
from scenarios.items import Item
from scenarios.plan import PlanWarning
from scenarios.reserve_rules import ReserveRules
from scenarios.rotation import SHORTEST_LIFE_D
from scenarios.stock_sources import Sources, number_or, sources

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One record of the stock as it counts: ``lead`` is its lead class, 0 for shelves."""

    id: str
    depot_id: str
    item_id: str
    mode: int
    quantity: float
    lead: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InHand:
    """What is in hand.

    Parameters
    ----------
    quantity
        Units by source, item and way of holding, shape (d, k, m).
    taken_m2, taken_m3
        Floor and room by source that goods outside the question take, shape (d,).
    """

    sources: Sources
    quantity: Floats
    taken_m2: Floats
    taken_m3: Floats
    warnings: tuple[PlanWarning, ...]


def in_hand(
    region: Region, items: Sequence[Item], known: Sequence[Item], rules: ReserveRules, *, on: date
) -> InHand:
    """Stock on a day; ``known`` are all items of the region, ``items`` those that are asked about.

    Capacity counts as far as it is made until ``rules.capacity.until``.

    Raises
    ------
    InputError
        S425 for each depot whose goods take more floor or room than it has; S427 no depot.
    """
    held, warnings = _held(region, rules, on)
    new = [(depot, lead) for depot, lead in _new_suppliers(region, items, rules)]
    places = sources(region, rules, slower=[*((one.depot_id, one.lead) for one in held), *new])
    column = {item.id: number for number, item in enumerate(items)}
    by_id = {item.id: item for item in known}
    quantity = np.zeros((len(places), len(items), len(MODES)))
    all_m2, all_m3, other_m2, other_m3 = np.zeros((4, len(places)))
    for one in held:
        row = places.at(one.depot_id, one.lead)
        if row is None or one.item_id not in by_id:
            continue
        if one.item_id in column:
            quantity[row, column[one.item_id], one.mode] += one.quantity
        if one.mode == PHYSICAL:
            item = by_id[one.item_id]
            floor, room = one.quantity * floor_m2(item, rules), one.quantity * item.volume_m3
            all_m2[row], all_m3[row] = all_m2[row] + floor, all_m3[row] + room
            if one.item_id not in column:
                other_m2[row], other_m3[row] = other_m2[row] + floor, other_m3[row] + room
    _refuse_over(region, places, all_m2, all_m3)
    return InHand(sources=places, quantity=quantity, taken_m2=other_m2, taken_m3=other_m3, warnings=warnings)


def floor_m2(item: Item, rules: ReserveRules) -> float:
    """Floor of one unit as it is stacked, its share of aisles included; 0 for what is never on a shelf."""
    height_m = rules.storage.stack_m.get(item.storage_class or "dry")
    return 0.0 if height_m is None else item.volume_m3 / (height_m * rules.storage.used_floor)


def keeps_on_shelf(item: Item, rules: ReserveRules) -> bool:
    """Whether an item may be laid on shelves: it is stacked there and does not spoil within a month."""
    lasts = item.shelf_life_d is None or item.shelf_life_d >= SHORTEST_LIFE_D
    return lasts and (item.storage_class or "dry") in rules.storage.stack_m


def _held(region: Region, rules: ReserveRules, on: date) -> tuple[list[Held], tuple[PlanWarning, ...]]:
    found: list[Held] = []
    expired, slow = [], []
    for record in region.table("stock").to_dict("records"):
        said = str(record["expires_on"])
        if said and date.fromisoformat(said) < on:
            expired.append(str(record["id"]))
        elif (one := _one(record, rules)) is None:
            slow.append(str(record["id"]))
        else:
            found.append(one)
    return found, tuple(_warnings(expired, slow))


def _one(record: Mapping[Any, Any], rules: ReserveRules) -> Held | None:
    """A record as it counts; ``None`` when its supplier comes later than any lead class."""
    mode, quantity, lead = MODES.index(record["mode"]), float(record["quantity"]), 0
    if mode != PHYSICAL:
        other_s = rules.lead_s(str(record["item_id"])) or rules.lead_classes.value[-1]
        number = rules.lead_class(number_or(record["lead_time_s"], other_s))
        if number is None:
            return None
        lead = number
    if mode == CAPACITY:
        makes_s = max(0.0, rules.capacity.until - rules.lead_classes.value[lead])
        quantity = np.floor(min(quantity, number_or(record["rate_per_day"], np.inf) * makes_s / DAY_S))
    return Held(
        id=str(record["id"]),
        depot_id=str(record["depot_id"]),
        item_id=str(record["item_id"]),
        mode=mode,
        quantity=quantity,
        lead=lead,
    )


def _new_suppliers(region: Region, items: Sequence[Item], rules: ReserveRules) -> Iterator[tuple[str, int]]:
    """Depots beside which new agreements may be signed, with their lead classes."""
    leads = {rules.lead_class(lead) for item in items if (lead := rules.lead_s(item.id)) is not None}
    table = region.placed("depots")
    for depot, level in zip(table["id"], table["level"], strict=True):
        yield from (
            (str(depot), lead)
            for lead in sorted(one for one in leads if one)
            if rules.agreement.share(level, lead)
        )


def _refuse_over(region: Region, places: Sources, taken_m2: Floats, taken_m3: Floats) -> None:
    """Refuse depots that hold more than they can (S425): a plan on top would be built on sand."""
    table = region.placed("depots").set_index("id")
    faults = [
        Fault(
            code="S425",
            where=f"layer depots, {depot}, column {column}",
            found=f"{has:,.0f} {unit}, while its stock takes {taken:,.0f} {unit}",
            wanted="room for what it holds",
            fix="Correct the floor, the volume or the stock, or move goods to another depot.",
        )
        for column, unit, takes in (("floor_m2", "m2", taken_m2), ("volume_m3", "m3", taken_m3))
        for depot, has, taken in zip(
            places.depot_ids, table.loc[list(places.depot_ids), column], takes[places.lead == 0], strict=True
        )
        if pd.notna(has) and taken > has
    ]
    if faults:
        raise InputError(faults)


def _warnings(expired: Sequence[str], slow: Sequence[str]) -> Iterator[PlanWarning]:
    if expired:
        zh, en = "已过期、不计入的库存", "stock past its day of use, not counted"
        yield PlanWarning(code="S430", text_zh=zh, text_en=en, layer="stock", records=tuple(expired))
    if slow:
        zh, en = "供应商到货太慢、不计入", "suppliers too slow for any window, not counted"
        yield PlanWarning(code="S431", text_zh=zh, text_en=en, layer="stock", records=tuple(slow))
