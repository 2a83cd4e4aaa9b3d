"""What people in shelters need, by the catalogue of the items that a region keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.reserve.needs import NeedRule, Relief, needed
from scenarios.doctrine import ReliefRule
from scenarios.items import item_records, need_rule

PER_PEOPLE = ("person", "household", "day")
"""Bases of quantities that grow with people; material counted by the incident goes to its teams instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of basic relief: how much people need of it, ``within_s`` from the event."""

    id: str
    name_zh: str
    name_en: str
    unit: str
    mass_kg: float
    volume_m3: float
    rule: NeedRule
    winter: bool
    within_s: float
    source: str

    @property
    def quantity_per(self) -> float:
        """Units of one person, household or person and day, the season in it."""
        return self.rule.quantity * (self.rule.winter_factor if self.winter else 1.0)

    def pieces(self, people: int, rule: ReliefRule) -> int:
        """What so many people need, rounded up to whole pieces."""
        relief = Relief(people=people, days=rule.days, household_size=rule.household, winter=self.winter)
        return needed(self.rule, relief)


def basic_relief(region: Region, rule: ReliefRule, *, cold: bool) -> tuple[Item, ...]:
    """Items that people in shelters need, in the order of the catalogue.

    Left out: what is counted by the incident, what the doctrine leaves out, supplies in bulk, and what the
    season does not ask for.

    Raises
    ------
    InputError
        S262 for each needed item without a mass.
    """
    asked = [
        _item(record, rule, cold=cold)
        for record in item_records(region)
        if record["per"] in PER_PEOPLE
        and record["id"] not in rule.leave_out
        and record["storage_class"] != "bulk"
        and _number(record["quantity_per"]) > 0
    ]
    found = tuple(item for item in asked if item.quantity_per > 0)
    if unknown := [item.id for item in found if item.mass_kg <= 0]:
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
    return found


def _item(record: Mapping[Any, Any], rule: ReliefRule, *, cold: bool) -> Item:
    return Item(
        id=str(record["id"]),
        name_zh=str(record["name_zh"]),
        name_en=str(record["name_en"]),
        unit=str(record["unit"]),
        mass_kg=_number(record["mass_kg"]),
        volume_m3=_number(record["volume_m3"]),
        rule=need_rule(record),
        winter=cold,
        within_s=rule.items_within.get(str(record["id"]), rule.within),
        source=str(record["source"]),
    )


def _number(cell: Any) -> float:
    return 0.0 if pd.isna(cell) else float(cell)
