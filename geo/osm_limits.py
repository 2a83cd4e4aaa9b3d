"""Speed, weight and height limits as OpenStreetMap writes them, in km/h, tonnes and metres.

A value that cannot be understood, or says there is no limit, is ``None``; of a list (``50;30``) the lowest
understood value holds.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

KMH_PER_UNIT = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
T_PER_UNIT = {"": 1.0, "t": 1.0, "kg": 0.001, "lbs": 0.00045359237, "lb": 0.00045359237, "st": 0.90718474}
M_PER_UNIT = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": 0.3048, "'": 0.3048, "in": 0.0254}
SPEEDS_KMH = (1.0, 150.0)
"""Lowest and highest speed limit that is believed, inclusive, as the layer ``roads`` allows them."""

_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z/']*)")
_ZONE = re.compile(r"([A-Z]{2}):(?:zone:?)?(\w+)")
_FEET_INCHES = re.compile(r"(\d+)\s*(?:'|ft)\s*(\d+(?:\.\d+)?)\s*(?:\"|in|'')?")


def speed_kmh(text: str) -> float | None:
    """Speed limit of a ``maxspeed`` value: ``50``, ``30 mph``, ``CH:urban``, ``DE:zone30``, ``walk``."""
    found = _lowest(text, _one_speed_kmh)
    return found if found is not None and SPEEDS_KMH[0] <= found <= SPEEDS_KMH[1] else None


def weight_t(text: str) -> float | None:
    """Weight limit of a ``maxweight`` value: ``7.5``, ``7500 kg``, ``16000 lbs``, ``5 st`` (short tons)."""
    return _lowest(text, lambda one: _measure(one, T_PER_UNIT))


def height_m(text: str) -> float | None:
    """Height limit of a ``maxheight`` value: ``3.6``, ``3.6 m``, ``12'6"``, ``12 ft``."""
    return _lowest(text, _one_height_m)


def _lowest(text: str, read: Callable[[str], float | None]) -> float | None:
    if not text:
        return None
    values = [read(one.strip()) for one in text.split(";")]
    return min((value for value in values if value is not None), default=None)


def _measure(text: str, units: dict[str, float]) -> float | None:
    match = _NUMBER.fullmatch(text.lower())
    if match is None or match[2] not in units:
        return None
    return round(float(match[1].replace(",", ".")) * units[match[2]], 3)


def _one_speed_kmh(text: str) -> float | None:
    if text == "walk":
        return float(_zones()["walk_kmh"])
    if zone := _ZONE.fullmatch(text):
        return float(zone[2]) if zone[2].isdecimal() else _zone_kmh(zone[1], zone[2].removeprefix("zone"))
    return _measure(text, KMH_PER_UNIT)


def _zone_kmh(country: str, zone: str) -> float | None:
    limit = float(zone) if zone.isdecimal() else _zones()["zones"].get(country, {}).get(zone)
    return None if limit is None else float(limit)


def _one_height_m(text: str) -> float | None:
    if feet := _FEET_INCHES.fullmatch(text):
        return round(int(feet[1]) * M_PER_UNIT["ft"] + float(feet[2]) * M_PER_UNIT["in"], 3)
    return _measure(text, M_PER_UNIT)


@cache
def _zones() -> dict[str, Any]:
    tables: dict[str, Any] = yaml.safe_load(
        (files("geo") / "data" / "osm_speed_zones.yaml").read_text("utf-8")
    )
    return tables
