"""Floods as zones: polygons with depth, by time step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import shapely

from geo.errors import Fault, InputError
from scenarios.hazards.figures import Certainty
from scenarios.hazards.flood_people import level_of_class, water_class
from scenarios.hazards.shapes import Area
from scenarios.hazards.zones import Hazard, HazardZone

DEEPEST_M = 50.0
"""Deepest water that is believed; more is a level above the sea or a wrong unit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FloodArea:
    """Ground under water of one depth during one step of time.

    Parameters
    ----------
    polygon
        Longitude and latitude, WGS84.
    depth_m
        Deepest water in it, above 0, at most 50.
    speed_m_s
        Of the current; ``None`` if unknown.
    valid_from, valid_to
        Inclusive, with time zone; ``None`` = without beginning or end.
    """

    id: str
    polygon: Area
    depth_m: float
    speed_m_s: float | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


def flood_hazard(
    areas: Sequence[FloodArea], *, hazard: Hazard, source: str, certainty: Certainty = "assumed"
) -> tuple[HazardZone, ...]:
    """Zones of a flood, in the order given, with their AIDR class.

    Raises ``InputError`` with all faults: H107 coordinates that are no degrees, H115 a polygon that crosses
    itself or has no area, H116 a depth or speed that makes no sense, H117 times.
    """
    if faults := [fault for area in areas for fault in area_faults(area)]:
        raise InputError(faults)
    return tuple(_zone(area, hazard, source, certainty) for area in areas)


def scaled(area: FloodArea, factor: float) -> FloodArea:
    """The area with its depth multiplied, up to 50 m; the speed of the water stays."""
    return replace(area, depth_m=min(area.depth_m * factor, DEEPEST_M))


def area_faults(area: FloodArea, *, where: str | None = None) -> Iterator[Fault]:
    """What is wrong with an area, all at once."""
    place = where or f"flood area {area.id}"
    yield from _geometry_faults(area, place)
    if not (np.isfinite(area.depth_m) and 0 < area.depth_m <= DEEPEST_M):
        yield Fault(
            code="H116",
            where=f"{place}, depth_m",
            found=f"{area.depth_m}",
            wanted=f"metres above 0, at most {DEEPEST_M:g}",
            fix="Give the depth of the water in metres; leave dry ground out.",
        )
    if area.speed_m_s is not None and not 0 <= area.speed_m_s <= 20:
        yield Fault(
            code="H116",
            where=f"{place}, speed_m_s",
            found=f"{area.speed_m_s}",
            wanted="0 to 20 m/s, or nothing if unknown",
            fix="Give the speed of the current in metres per second.",
        )
    times = [time for time in (area.valid_from, area.valid_to) if time is not None]
    if any(time.tzinfo is None for time in times) or times != sorted(times):
        yield Fault(
            code="H117",
            where=f"{place}, times",
            found=" to ".join(time.isoformat() for time in times),
            wanted="times with their zone, the end not before the beginning",
            fix="Write times like 2026-07-20T14:00:00+08:00.",
        )


def _geometry_faults(area: FloodArea, place: str) -> Iterator[Fault]:
    polygon = area.polygon
    if polygon.geom_type not in ("Polygon", "MultiPolygon") or polygon.is_empty:
        yield _geometry_fault(place, f"a {polygon.geom_type}{' without points' if polygon.is_empty else ''}")
        return
    west, south, east, north = polygon.bounds
    if not (min(west, -east) >= -180 and min(south, -north) >= -90):
        yield Fault(
            code="H107",
            where=place,
            found=f"coordinates from {west:.0f}, {south:.0f} to {east:.0f}, {north:.0f}",
            wanted="longitude and latitude in degrees (WGS84)",
            fix="Convert the polygon from projected metres to WGS84 longitude and latitude.",
        )
    elif not polygon.is_valid or polygon.area == 0:
        yield _geometry_fault(place, shapely.is_valid_reason(polygon) if not polygon.is_valid else "no area")


def _geometry_fault(place: str, found: str) -> Fault:
    return Fault(
        code="H115",
        where=place,
        found=found,
        wanted="a polygon that does not cross itself",
        fix="Redraw the outline; in QGIS run Fix geometries.",
    )


def _zone(area: FloodArea, hazard: Hazard, source: str, certainty: Certainty) -> HazardZone:
    reading = water_class(area.depth_m, speed_m_s=area.speed_m_s)
    notes = () if area.speed_m_s is not None else ("speed of the water unknown: the class is a lower bound",)
    return HazardZone(
        id=area.id,
        hazard=hazard,
        kind="flood",
        level=level_of_class(reading.number),
        polygon=area.polygon,
        valid_from=area.valid_from,
        valid_to=area.valid_to,
        formula=f"water {area.depth_m:g} m deep ({source}); class H{reading.number} of AIDR Guideline 7-3",
        certainty=certainty,
        depth_m=area.depth_m,
        speed_m_s=area.speed_m_s,
        water_class=reading.number,
        notes=notes,
    )
