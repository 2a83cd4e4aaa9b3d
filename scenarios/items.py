"""The items that a region keeps: its layer ``items``, or the shipped catalogue where it has none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any, get_args

from geo.errors import Fault, InputError
from geo.region.finding import at_record
from geo.region.region import Region
from optimizer.reserve.needs import NeedRule
from scenarios.catalogue import shipped_catalogue
from scenarios.incident_models import IncidentHazard

HAZARDS = get_args(IncidentHazard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One kind of relief material.

    Parameters
    ----------
    unit
        What one is, Chinese and English with `` | `` between, as the file says it.
    mass_kg, volume_m3
        Of one unit, > 0.
    shelf_life_d
        Days from purchase to the last day of use; ``None`` = does not spoil.
    gb38565_code
        Of GB/T 38565-2020, as far as known.
    unit_cost
        CNY each; ``None`` = not known.
    rule
        How much is needed; ``None`` = the catalogue does not say, so nobody needs any.
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    mass_kg: float
    volume_m3: float
    shelf_life_d: int | None
    storage_class: str
    gb38565_code: str
    unit_cost: float | None
    rule: NeedRule | None
    source: str
    certainty: str


def region_items(region: Region) -> tuple[Item, ...]:
    """The items of a region in the order of its layer; the shipped catalogue when the layer is empty.

    Raises
    ------
    InputError
        S401 mass or volume missing or 0, S402 a hazard that no incident has, S403 ``per`` without
        ``quantity_per`` or the other way round; all of them at once.
    """
    if not has_items(region):
        return shipped_items()
    records = item_records(region)
    faults = [fault for record in records for fault in _faults(record)]
    if faults:
        raise InputError(faults)
    return tuple(_item(record) for record in records)


def has_items(region: Region) -> bool:
    """Whether a region says itself what it keeps."""
    return len(region.table("items")) > 0


def item_records(region: Region) -> list[Mapping[Any, Any]]:
    """A region's records as they stand, unchecked; those of the shipped catalogue when there are none."""
    return list(region.table("items").to_dict("records")) or _shipped_records()


def shipped_items() -> tuple[Item, ...]:
    """The items of the shipped catalogue."""
    return tuple(_item(record) for record in _shipped_records())


def _shipped_records() -> list[Mapping[Any, Any]]:
    empty = {"shelf_life_d": None, "storage_class": "", "gb38565_code": "", "unit_cost": None}
    return [{**empty, **row.record()} for row in shipped_catalogue().items]


def _faults(record: Mapping[Any, Any]) -> Iterator[Fault]:
    if missing := [name for name in ("mass_kg", "volume_m3") if not record[name] > 0]:
        yield at_record(
            "S401",
            "items",
            record,
            found=f"no {' and '.join(missing)}",
            wanted="what one unit weighs and fills, above 0",
            fix="Fill it in; without it no truck and no shelf can be planned.",
            severity="error",
        )
    if unknown := [hazard for hazard in _hazards(record) if hazard not in HAZARDS]:
        yield at_record(
            "S402",
            "items",
            record,
            found=f"hazards {', '.join(unknown)}",
            wanted=f"some of {', '.join(HAZARDS)}, or nothing",
            fix="Correct the hazards; separate several by a semicolon.",
            severity="error",
        )
    if (record["per"] == "") != isnan(record["quantity_per"]):
        yield at_record(
            "S403",
            "items",
            record,
            found="per without quantity_per" if record["per"] else "quantity_per without per",
            wanted="both or none",
            fix="Fill in the other, or empty both if nobody needs the item for relief.",
            severity="error",
        )


def _hazards(record: Mapping[Any, Any]) -> list[str]:
    return [hazard.strip() for hazard in record["hazards"].split(";") if hazard.strip()]


def _item(record: Mapping[Any, Any]) -> Item:
    return Item(
        id=record["id"],
        name_zh=record["name_zh"],
        name_en=record["name_en"],
        unit=record["unit"],
        mass_kg=record["mass_kg"],
        volume_m3=record["volume_m3"],
        shelf_life_d=_whole(record["shelf_life_d"]),
        storage_class=record["storage_class"],
        gb38565_code=record["gb38565_code"],
        unit_cost=_number(record["unit_cost"]),
        rule=need_rule(record) if record["per"] else None,
        source=record["source"],
        certainty=record["certainty"],
    )


def need_rule(record: Mapping[Any, Any]) -> NeedRule:
    """How much is needed of an item that states ``per``."""
    factor = _number(record["winter_factor"])
    return NeedRule(
        id=record["id"],
        per=record["per"],
        quantity=record["quantity_per"],
        winter_factor=1.0 if factor is None else factor,
        hazards=frozenset(_hazards(record)),
    )


def _number(cell: float | None) -> float | None:
    return None if cell is None or isnan(cell) else float(cell)


def _whole(cell: float | None) -> int | None:
    number = _number(cell)
    return None if number is None else int(number)
