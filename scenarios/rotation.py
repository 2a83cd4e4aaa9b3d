"""The calendar that renews a region's stock: what to buy, give away and write off in which month."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field

from geo.errors import Fault, InputError
from geo.region.finding import at_record
from geo.region.region import Region
from optimizer.reserve.rotation import Calendar, rotate
from optimizer.reserve.shelf import Lot, ShelfItem
from scenarios.items import Item, region_items
from scenarios.shipped import DATA

DAYS_A_MONTH = 365.25 / 12
SHORTEST_LIFE_D = 28
"""A calendar of months cannot renew what lives shorter; lives are rounded to the nearest month."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Months(_Strict):
    """A number of months of the rotation rules and where it comes from."""

    value: Annotated[int, Field(ge=1)]
    source: str
    note: str = ""


class Share(_Strict):
    """A share of the rotation rules and where it comes from."""

    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    source: str
    note: str = ""


class HandOver(_Strict):
    """Months before the end of their life at which items are given away."""

    source: str
    items: Mapping[str, Annotated[int, Field(ge=0)]]


class RotationRules(_Strict):
    """How a reserve is renewed; ``scenarios/data/rotation.yaml`` says what each figure means."""

    muster_rotation: Literal[1]
    months: Months
    budget_months: Months
    dearer: Share
    hand_over_months: HandOver


@cache
def shipped_rules() -> RotationRules:
    """The rules as shipped with the program."""
    return RotationRules.model_validate(yaml.safe_load((DATA / "rotation.yaml").read_text("utf-8")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What happens to one item in one month, in units of the item; ``held`` is in hand at its end."""

    month: date
    item_id: str
    bought: int
    donated: int
    written_off: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RotationPlan:
    """The calendar of a region's stock.

    Parameters
    ----------
    start
        First day of the first month.
    items
        In the order of the calendar's shelves.
    renewals
        Months in which something is bought or leaves, by month and then by item.
    bought_cny, donated_cny, written_off_cny
        All of it at the items' unit costs.
    warnings
        S405 lots that outlive a fresh unit.
    """

    start: date
    items: tuple[Item, ...]
    calendar: Calendar
    renewals: tuple[Renewal, ...]
    bought_cny: float
    donated_cny: float
    written_off_cny: float
    warnings: tuple[Fault, ...]


def rotation(
    region: Region,
    *,
    start: date,
    rules: RotationRules | None = None,
    targets: Mapping[str, int] | None = None,
) -> RotationPlan:
    """Plan the renewal of what a region holds on its own shelves.

    Parameters
    ----------
    start
        Any day of the first month.
    targets
        Units of items to keep in hand; without it, of each item what is in hand and not expired at the start.

    Raises
    ------
    InputError
        Faults of the layer ``items``; S404 an item on a shelf or with a target has no unit cost, S406 a lot
        of an item that spoils has no last day, S407 an item spoils within a month.
    """
    rules, start = rules or shipped_rules(), start.replace(day=1)
    lots, warnings = _lots(region, {item.id: item for item in region_items(region)}, start)
    kept = [item for item in region_items(region) if item.id in lots or item.id in (targets or {})]
    if faults := [fault for item in kept for fault in _item_faults(item)]:
        raise InputError(faults)
    shelves = [_shelf(item, lots.get(item.id, []), rules, targets) for item in kept]
    calendar = rotate(shelves, budget_months=rules.budget_months.value, dearer=rules.dearer.value)
    return _plan(start, kept, calendar, warnings)


def refuse_unrenewable(region: Region, *, start: date) -> None:
    """Refuse what is on the shelves and cannot be renewed, before anything is computed.

    Raises
    ------
    InputError
        As ``rotation``, for the items that are in hand.
    """
    lots, _ = _lots(region, {item.id: item for item in region_items(region)}, start.replace(day=1))
    kept = [item for item in region_items(region) if item.id in lots]
    if faults := [fault for item in kept for fault in _item_faults(item)]:
        raise InputError(faults)


def _plan(start: date, items: Sequence[Item], calendar: Calendar, warnings: Sequence[Fault]) -> RotationPlan:
    def worth(kind: str) -> float:
        pairs = zip(items, calendar.shelves, strict=True)
        return float(sum((item.unit_cost or 0.0) * getattr(shelf, kind).sum() for item, shelf in pairs))

    return RotationPlan(
        start=start,
        items=tuple(items),
        calendar=calendar,
        renewals=tuple(sorted(_renewals(start, items, calendar), key=lambda renewal: renewal.month)),
        bought_cny=worth("bought"),
        donated_cny=worth("donated"),
        written_off_cny=worth("written_off"),
        warnings=tuple(warnings),
    )


def _renewals(start: date, items: Sequence[Item], calendar: Calendar) -> Iterator[Renewal]:
    for item, shelf in zip(items, calendar.shelves, strict=True):
        for month in np.flatnonzero(shelf.bought + shelf.donated + shelf.written_off).tolist():
            yield Renewal(
                month=_month(start, month),
                item_id=item.id,
                bought=int(shelf.bought[month]),
                donated=int(shelf.donated[month]),
                written_off=int(shelf.written_off[month]),
                held=int(shelf.held[month]),
            )


def _month(start: date, after: int) -> date:
    years, month = divmod(start.month - 1 + after, 12)
    return date(start.year + years, month + 1, 1)


def months_left(expires_on: date, start: date) -> int:
    """Whole months from the month of ``start`` on that end on or before the last day of use."""
    months = (expires_on.year - start.year) * 12 + expires_on.month - start.month
    return months + ((expires_on + timedelta(days=1)).day == 1)


def _life_months(item: Item) -> int | None:
    return None if item.shelf_life_d is None else round(item.shelf_life_d / DAYS_A_MONTH)


def _shelf(
    item: Item, lots: Sequence[Lot], rules: RotationRules, targets: Mapping[str, int] | None
) -> ShelfItem:
    life, months = _life_months(item), rules.months.value
    hand_over = 0 if life is None else min(rules.hand_over_months.items.get(item.id, 0), life - 1)
    usable = sum(lot.quantity for lot in lots if lot.months is None or lot.months > 0)
    return ShelfItem(
        id=item.id,
        life_months=life,
        hand_over_months=hand_over,
        cost=item.unit_cost or 0.0,
        target=np.full(months, usable if targets is None else targets.get(item.id, 0), np.int64),
        use=np.zeros(months, np.int64),
        lots=tuple(lots),
    )


def _lots(region: Region, items: Mapping[str, Item], start: date) -> tuple[dict[str, list[Lot]], list[Fault]]:
    """Lots on own shelves by item, whole units; warnings of lots cut to the life of a fresh unit."""
    found: dict[str, list[Lot]] = {}
    faults: list[Fault] = []
    for record in region.table("stock").to_dict("records"):
        item = items.get(record["item_id"])
        if record["mode"] != "physical" or item is None:
            continue
        months, fault = _lot_months(record, item, start)
        faults += [fault] if fault else []
        found.setdefault(item.id, []).append(Lot(quantity=int(record["quantity"]), months=months))
    if errors := [fault for fault in faults if fault.severity == "error"]:
        raise InputError(errors)
    return found, faults


def _lot_months(record: Mapping[Any, Any], item: Item, start: date) -> tuple[int | None, Fault | None]:
    life = _life_months(item)
    if life is None:
        return None, None
    if not record["expires_on"]:
        return 0, at_record(
            "S406",
            "stock",
            record,
            found="no last day of use",
            wanted=f"a day, since {item.id} spoils after {item.shelf_life_d} days",
            fix="Fill in expires_on, or empty shelf_life_d of the item if it does not spoil.",
            severity="error",
        )
    months = months_left(date.fromisoformat(record["expires_on"]), start)
    if months <= life:
        return months, None
    return life, at_record(
        "S405",
        "stock",
        record,
        found=f"{months} months left at {start:%Y-%m}",
        wanted=f"at most the {life} months of a fresh unit",
        fix="Check expires_on and the item's shelf_life_d; the lot is counted as fresh.",
    )


def _item_faults(item: Item) -> Iterator[Fault]:
    where = f"items {item.id} ({item.name_zh or item.name_en})"
    if item.unit_cost is None:
        yield Fault(
            code="S404",
            where=where,
            found="no unit_cost",
            wanted="CNY each, 0 if it is given",
            fix="Fill it in; without prices the years cannot be evened out.",
        )
    if item.shelf_life_d is not None and item.shelf_life_d < SHORTEST_LIFE_D:
        yield Fault(
            code="S407",
            where=where,
            found=f"a shelf life of {item.shelf_life_d} days",
            wanted="a month or more for what stands on a shelf",
            fix="Hold it by agreement or capacity, or correct shelf_life_d.",
        )
