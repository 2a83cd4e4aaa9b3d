"""Flood polygons from a GeoJSON file."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from geo.errors import Fault, InputError, refuse
from scenarios.hazards.flood_zones import FloodArea, area_faults
from scenarios.hazards.shapes import as_area


def read_flood_areas(path: Path) -> tuple[FloodArea, ...]:
    """Areas of a GeoJSON file: polygons with ``depth_m``, maybe ``speed_m_s``, ``valid_from``, ``valid_to``.

    Raises ``InputError`` with all faults of the file: H114 for a file that is no feature collection, H118 for
    a feature that cannot be read, else those of ``flood_zones.flood_hazard``.
    """
    features = _features(path)
    areas: list[FloodArea] = []
    faults: list[Fault] = []
    for number, feature in enumerate(features, 1):
        where = f"{path.name} feature {number}"
        try:
            area = _area(feature, number)
        except (TypeError, ValueError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
            faults.append(_unusable(where, error))
            continue
        areas.append(area)
        faults += area_faults(area, where=where)
    if faults:
        raise InputError(faults)
    return _told_apart(areas)


def _told_apart(areas: list[FloodArea]) -> tuple[FloodArea, ...]:
    """Areas with ids of their own: of one place at several times the later ones get a number."""
    seen: dict[str, int] = {}
    apart = []
    for area in areas:
        seen[area.id] = seen.get(area.id, 0) + 1
        number = seen[area.id]
        apart.append(area if number == 1 else replace(area, id=f"{area.id} ({number})"))
    return tuple(apart)


def _features(path: Path) -> list[Mapping[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        features = content["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise refuse(
            "H114",
            where=path.name,
            found=f"{type(error).__name__}: {error}"[:120],
            wanted="a GeoJSON feature collection in UTF-8",
            fix="Export the layer as GeoJSON (WGS84).",
        ) from error
    if not isinstance(features, list) or not features:
        raise refuse(
            "H114",
            where=path.name,
            found="no features",
            wanted="at least one polygon",
            fix="Check that the layer was not empty when it was exported.",
        )
    return features


def _area(feature: Mapping[str, Any], number: int) -> FloodArea:
    properties = feature.get("properties") or {}
    if properties.get("depth_m") is None:
        raise ValueError("no depth_m")
    speed = properties.get("speed_m_s")
    return FloodArea(
        id=str(feature.get("id") or properties.get("id") or f"flood-{number}"),
        polygon=as_area(shape(feature["geometry"])),
        depth_m=float(properties["depth_m"]),
        speed_m_s=None if speed is None else float(speed),
        valid_from=_time(properties.get("valid_from")),
        valid_to=_time(properties.get("valid_to")),
    )


def _time(text: str | None) -> datetime | None:
    return None if not text else datetime.fromisoformat(text)


def _unusable(where: str, error: Exception) -> Fault:
    return Fault(
        code="H118",
        where=where,
        found=str(error)[:120] if type(error) is ValueError else f"{type(error).__name__}: {error}"[:120],
        wanted="a polygon with the number depth_m; times in ISO 8601",
        fix="Correct the feature or remove it.",
    )
