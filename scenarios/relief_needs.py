"""What people in shelters need by the catalogue of a region, and what of it is in stock where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, isnan
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.problem import Int64s
from scenarios.doctrine import ReliefRule
from scenarios.plan import PlanWarning

PER_PEOPLE = ("person", "household", "day")
"""Bases of quantities that grow with people; material counted by the incident goes to its teams instead."""
_ROUNDING = 1e-6
"""Of a quantity that a table writes with a limited number of digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of basic relief; ``quantity_per`` with the season in it, ``within_s`` from the event."""

    id: str
    name_zh: str
    name_en: str
    unit: str
    mass_kg: float
    volume_m3: float
    per: str
    quantity_per: float
    within_s: float
    source: str

    def pieces(self, people: int, rule: ReliefRule) -> int:
        """What so many people need, rounded up to whole pieces."""
        counted = {
            "person": people,
            "household": -(-people // rule.household),
            "day": people * rule.days,
        }[self.per]
        return ceil(counted * self.quantity_per - _ROUNDING)


def basic_relief(region: Region, rule: ReliefRule, *, cold: bool) -> tuple[Item, ...]:
    """Items that people in shelters need, in the order of the catalogue.

    Left out: what is counted by the incident, what the doctrine leaves out, supplies in bulk, and what the
    season does not ask for.

    Raises
    ------
    InputError
        S262 for each needed item without a mass.
    """
    table = region.table("items")
    needed = [
        record
        for record in table.to_dict("records")
        if record["per"] in PER_PEOPLE
        and record["id"] not in rule.leave_out
        and record.get("storage_class") != "bulk"
        and _quantity(record, cold=cold) > 0
    ]
    if unknown := [str(record["id"]) for record in needed if _number(record["mass_kg"]) <= 0]:
        raise InputError(
            Fault(
                code="S262",
                where=f"region {region.name}, layer items, {name}, column mass_kg",
                found="no mass",
                wanted="kg of one piece, above 0",
                fix="Weigh it and fill in mass_kg; no truck can be loaded without.",
            )
            for name in unknown
        )
    return tuple(_item(record, rule, cold=cold) for record in needed)


def _item(record: Mapping[Any, Any], rule: ReliefRule, *, cold: bool) -> Item:
    return Item(
        id=str(record["id"]),
        name_zh=str(record["name_zh"]),
        name_en=str(record["name_en"]),
        unit=str(record["unit"]),
        mass_kg=_number(record["mass_kg"]),
        volume_m3=_number(record["volume_m3"]),
        per=str(record["per"]),
        quantity_per=_quantity(record, cold=cold),
        within_s=rule.items_within.get(str(record["id"]), rule.within),
        source=str(record["source"]),
    )


def _quantity(record: Mapping[Any, Any], *, cold: bool) -> float:
    factor = record["winter_factor"]
    winter = 1.0 if not cold or factor is None or isnan(factor) else float(factor)
    return _number(record["quantity_per"]) * winter


def _number(cell: Any) -> float:
    return 0.0 if pd.isna(cell) else float(cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A depot on the map; ``loading_s`` of one truck.

    Where a supplier brings stock under an agreement to it, that is a depot of its own for the trucks:
    ``ready_s`` from the order until the stock is there, from ``supplier``.
    """

    id: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    loading_s: float
    ready_s: float = 0.0
    supplier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a supplier has to bring: agreement stock or production.

    ``lead_time_s``: from the order until the first of it is at the depot; ``None`` if not stated.
    """

    item_id: str
    depot_id: str
    mode: str
    pieces: int
    lead_time_s: float | None
    supplier: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stock:
    """Whole pieces on the shelf, shape (d, g), and what suppliers promise."""

    depots: tuple[Depot, ...]
    pieces: Int64s
    promises: tuple[Promise, ...]
    warnings: tuple[PlanWarning, ...]


def stock_of(region: Region, items: Sequence[Item], rule: ReliefRule, *, on: date) -> Stock:
    """Physical stock that has not expired on a day, by depot and item; S263 names what has."""
    depots = _depots(region, rule)
    row = {depot.id: number for number, depot in enumerate(depots)}
    column = {item.id: number for number, item in enumerate(items)}
    pieces = np.zeros((len(depots), len(items)), np.int64)
    promises: list[Promise] = []
    expired: list[str] = []
    for record in region.table("stock").to_dict("records"):
        item, depot = str(record["item_id"]), str(record["depot_id"])
        if item not in column:
            continue
        if str(record["expires_on"]) and date.fromisoformat(str(record["expires_on"])) < on:
            expired.append(str(record["id"]))
        elif record["mode"] == "physical":
            if depot in row:
                pieces[row[depot], column[item]] += int(record["quantity"])
        else:
            promises.append(_promise(record))
    return Stock(
        depots=depots, pieces=pieces, promises=tuple(promises), warnings=tuple(_warnings(region, expired))
    )


def _depots(region: Region, rule: ReliefRule) -> tuple[Depot, ...]:
    return tuple(
        Depot(
            id=str(record["id"]),
            name_zh=str(record["name_zh"]),
            name_en=str(record["name_en"]),
            lon=round(record["geometry"].x, 7),
            lat=round(record["geometry"].y, 7),
            loading_s=rule.loading if pd.isna(record["loading_s"]) else float(record["loading_s"]),
        )
        for record in region.placed("depots").to_dict("records")
    )


def _promise(record: Mapping[Any, Any]) -> Promise:
    lead_s = record["lead_time_s"]
    return Promise(
        item_id=str(record["item_id"]),
        depot_id=str(record["depot_id"]),
        mode=str(record["mode"]),
        pieces=int(record["quantity"]),
        lead_time_s=None if pd.isna(lead_s) else float(lead_s),
        supplier=str(record["supplier"]),
    )


def _warnings(region: Region, expired: Sequence[str]) -> list[PlanWarning]:
    if not len(region.table("items")):
        zh, en = (
            "区域数据没有物资目录，无法计算物资保障",
            "the region has no catalogue of items: materials were not computed",
        )
        return [PlanWarning(code="S261", text_zh=zh, text_en=en, layer="items", records=())]
    if not expired:
        return []
    zh, en = "已过期、不计入的库存", "stock past its day of use, not counted"
    return [PlanWarning(code="S263", text_zh=zh, text_en=en, layer="stock", records=tuple(expired))]
