"""A flood of a scenario as zones: presets of the region, water drawn by hand, water read from files."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import cast

import geopandas as gpd
import shapely
from shapely.geometry import shape

from geo.errors import Fault, InputError, refuse
from geo.region.region import Region
from scenarios.hazards.flood_presets import play, presets_of
from scenarios.hazards.flood_zones import FloodArea, area_faults, flood_hazard, scaled
from scenarios.hazards.shapes import Area
from scenarios.hazards.zones import Hazard, HazardZone
from scenarios.incident_models import Incident, IncidentScenario
from scenarios.water_models import WaterArea

BY_HAND = "entered by hand"


def flood_zones_of(
    region: Region, scenario: IncidentScenario, incident: Incident, where: str
) -> tuple[HazardZone, ...]:
    """Zones of a flood: presets, then water drawn by hand, then water of files, each as deep as asked.

    Raises
    ------
    InputError
        S285 files that were not read, S286 water that lies wholly outside the region, and H107, H115
        to H119.
    """
    zones: list[HazardZone] = []
    if incident.where.flood_zones:
        known = cast(gpd.GeoDataFrame, region.table("flood_zones"))  # a layer with geometry
        begins = scenario.at + timedelta(seconds=incident.water_after or 0)
        for preset in presets_of(known, incident.where.flood_zones):
            zones += play(preset, begins, depth_factor=incident.depth_factor)
    zones += _laid(region, incident, incident.water, f"{where}.water", BY_HAND)
    if incident.water_files:
        zones += _of_files(region, incident, where)
    return tuple(zones)


def water_middle(region: Region, zones: Sequence[HazardZone]) -> shapely.Point:
    """A point on the water, inside the region where its boundary is known."""
    water = shapely.union_all([zone.polygon for zone in zones])
    county = region_outline(region)
    within = water if county is None or shapely.covers(county, water) else shapely.intersection(water, county)
    return (water if within.is_empty else within).representative_point()


@lru_cache(maxsize=8)
def region_outline(region: Region) -> shapely.Geometry | None:
    """The boundary of a region as one area; ``None`` where it states none."""
    boundary = region.placed("boundary")
    return shapely.union_all(boundary.geometry.to_numpy()) if len(boundary) else None


def _of_files(region: Region, incident: Incident, where: str) -> tuple[HazardZone, ...]:
    read = incident.water_read
    if read is None:
        raise refuse(
            "S285",
            where=where,
            found=f"{', '.join(incident.water_files)}, not read",
            wanted="a scenario read from its file",
            fix="Read it with scenarios.files.read_scenario, or give the polygons as `water`.",
        )
    origin = ", ".join(f"{one.file} {one.digest[:12]}" for one in read.files)
    return _laid(region, incident, read.areas, f"{where} {incident.water_files[0]}", origin)


def _laid(
    region: Region, incident: Incident, drawn: Sequence[WaterArea], where: str, origin: str
) -> tuple[HazardZone, ...]:
    """Zones of areas of water; all their faults at once."""
    deep = [scaled(area, incident.depth_factor) for area in drawn_areas(region, drawn, where)]
    return flood_hazard(deep, hazard=cast(Hazard, incident.hazard), source=origin)


def drawn_areas(region: Region, drawn: Sequence[WaterArea], where: str) -> tuple[FloodArea, ...]:
    """Areas of water, each checked by itself.

    Raises
    ------
    InputError
        All their faults at once: S286 water wholly outside the region, and H107, H115 to H118.
    """
    faults: list[Fault] = []
    areas: list[FloodArea] = []
    county = region_outline(region)
    for number, one in enumerate(drawn):
        place = f"{where}[{number}]"
        try:
            area = _area(one, place)
        except InputError as wrong:
            faults += wrong.faults
            continue
        found = [*area_faults(area, where=place)]
        if not found and county is not None and not shapely.intersects(area.polygon, county):
            found = [_outside(area, region, place)]
        faults += found
        areas.append(area)
    if faults:
        raise InputError(faults)
    return tuple(areas)


def _area(area: WaterArea, where: str) -> FloodArea:
    try:
        polygon = shape(area.polygon)
    except Exception as broken:  # shapely raises whatever the malformed part provokes
        raise refuse(
            "H118",
            where=f"{where} {area.id}",
            found=f"{type(broken).__name__} while reading the polygon",
            wanted="a GeoJSON Polygon or MultiPolygon",
            fix="Draw the outline again and paste its geometry.",
        ) from broken
    return FloodArea(
        id=area.id,
        polygon=cast(Area, polygon),  # whatever else it is, `area_faults` says
        depth_m=area.depth_m,
        speed_m_s=area.speed_m_s,
        valid_from=area.valid_from,
        valid_to=area.valid_to,
    )


def _outside(area: FloodArea, region: Region, where: str) -> Fault:
    west, south, east, north = area.polygon.bounds
    return Fault(
        code="S286",
        where=f"{where} {area.id}",
        found=f"{west:.4f}, {south:.4f} to {east:.4f}, {north:.4f}, outside the region {region.name}",
        wanted="water that touches the region",
        fix="Check the order of longitude and latitude, or name the region where the water is.",
    )
