"""Ready-made floods: the zones of a region's ``flood_zones`` layer, played through time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from geo.errors import refuse
from scenarios.hazards.figures import source, table
from scenarios.hazards.flood_zones import DEEPEST_M, FloodArea, flood_hazard
from scenarios.hazards.shapes import Area
from scenarios.hazards.zones import HazardZone

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FloodKind = Literal["gully_flood", "river_flood", "ice_jam"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FloodPreset:
    """One flood zone of a region: where and how deep at its worst, and where that is from."""

    id: str
    hazard: FloodKind
    polygon: Area
    depth_m: float
    source: str


def presets_of(flood_zones: "GeoDataFrame", ids: Sequence[str]) -> tuple[FloodPreset, ...]:
    """The zones with these ids of a region's layer, in the order asked.

    Raises ``InputError``: H119 for an id that is not there, H115 for a zone without outline, H116 for one
    without depth.
    """
    rows = {str(row["id"]): row for row in flood_zones.to_dict("records")}
    return tuple(_preset(rows, name) for name in ids)


def play(
    preset: FloodPreset, at: datetime, *, depth_factor: float = 1.0, speed_m_s: float | None = None
) -> tuple[HazardZone, ...]:
    """The flood from ``at`` on, one zone per step of the shipped course of its kind (``assumed``).

    ``depth_factor`` scales the depth, e.g. 0.5 and 2 for a test of how much hangs on it, up to 50 m;
    ``speed_m_s`` replaces the assumed speed of the water. An ice jam rises over days; outside winter that is
    noted.

    Raises ``InputError`` as ``flood_zones.flood_hazard``.
    """
    course = table("flood")["presets"][preset.hazard]
    steps = course["steps"]
    ends = [step["after_s"] for step in steps[1:]] + [course["ends_after_s"]]
    areas = [
        FloodArea(
            id=f"{preset.id}-{number}",
            polygon=preset.polygon,
            depth_m=min(preset.depth_m * depth_factor, DEEPEST_M) * step["share"],
            speed_m_s=course["speed_m_s"] if speed_m_s is None else speed_m_s,
            valid_from=at + timedelta(seconds=step["after_s"]),
            valid_to=at + timedelta(seconds=end),
        )
        for number, (step, end) in enumerate(zip(steps, ends, strict=True), 1)
    ]
    origin = f"{preset.source}; course of the flood: {source('flood', course['source'])}"
    zones = flood_hazard(areas, hazard=preset.hazard, source=origin, certainty=course["certainty"])
    if in_season(preset.hazard, at):
        return zones
    return tuple(replace(zone, notes=(*zone.notes, "unusual in this month")) for zone in zones)


def sensitivity(preset: FloodPreset, at: datetime) -> dict[float, tuple[HazardZone, ...]]:
    """The flood at half, full and double depth, by factor."""
    factors = [float(factor) for factor in table("flood")["sensitivity"]]
    return {factor: play(preset, at, depth_factor=factor) for factor in factors}


def in_season(hazard: FloodKind, at: datetime) -> bool:
    """Whether such a flood is usual in that month; only ice jams have a season."""
    months = table("flood")["presets"][hazard].get("months")
    return months is None or at.month in months


def _preset(rows: Mapping[str, Mapping[Any, Any]], name: str) -> FloodPreset:
    import pandas as pd

    if name not in rows:
        raise refuse(
            "H119",
            where="flood zone",
            found=repr(name),
            wanted=f"an id of the layer flood_zones: {', '.join(sorted(rows)[:12])}",
            fix="Correct the id or draw the flood by hand.",
        )
    row = rows[name]
    if row["geometry"] is None:
        raise refuse(
            "H115",
            where=f"flood_zones {name}",
            found="no outline",
            wanted="a polygon",
            fix="Draw the zone, or take another one.",
        )
    depth_m = row["depth_m"]
    if pd.isna(depth_m) or not depth_m > 0:
        raise refuse(
            "H116",
            where=f"flood_zones {name}, depth_m",
            found=f"{depth_m}",
            wanted="metres above 0",
            fix="Enter the depth in the layer flood_zones.",
        )
    return FloodPreset(
        id=name,
        hazard=row["hazard"],
        polygon=row["geometry"],
        depth_m=float(depth_m),
        source=str(row["source"]),
    )
