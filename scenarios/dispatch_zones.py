"""Incidents of a plan: their zones with the people inside, key places, staging area."""

import json

import shapely

from geo.region.region import Region
from scenarios.dispatch_hazards import IncidentHazard
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.dispatch_plan import IncidentPlan, StagingArea, Zone
from scenarios.doctrine import Doctrine
from scenarios.hazards.zones import HazardZone, people_in_any, people_inside
from scenarios.incident_models import IncidentScenario
from scenarios.key_places import key_places, people_points
from scenarios.staging import Staging

DECIMALS = 6
"""Of degrees in a plan: a tenth of a metre."""


def incident_plans(
    region: Region, scenario: IncidentScenario, doctrine: Doctrine, inputs: DispatchInputs
) -> tuple[IncidentPlan, ...]:
    """What a plan says of each incident, in the order of the scenario."""
    closing = {id(zone) for zone in inputs.closing}
    return tuple(
        _incident(region, hazard, doctrine, place, closing)
        for hazard, place in zip(inputs.hazards, inputs.staging, strict=True)
    )


def _incident(
    region: Region, hazard: IncidentHazard, doctrine: Doctrine, place: Staging | None, closing: set[int]
) -> IncidentPlan:
    lonlat, people = people_points(region)
    said = hazard.incident
    return IncidentPlan(
        id=said.id,
        name_zh=said.name_zh,
        name_en=said.name_en,
        hazard=said.hazard,
        level=said.level,
        priority=doctrine.weight_of(said.level),
        lon=round(float(hazard.lonlat[0]), 7),
        lat=round(float(hazard.lonlat[1]), 7),
        downwind_deg=hazard.downwind_deg,
        zones=tuple(
            _zone(zone, people_inside(zone, lonlat, people), id(zone) in closing) for zone in hazard.zones
        ),
        people=people_in_any(hazard.zones, lonlat, people),
        staging=_staging(place),
        key_places=key_places(region, hazard.zones, hazard.chemical, clearance_s=doctrine.times.clearance),
        notes=hazard.notes,
    )


def _zone(zone: HazardZone, people: int, closes_roads: bool) -> Zone:
    return Zone(
        id=zone.id,
        kind=zone.kind,
        level=zone.level,
        polygon=geojson(zone.polygon),
        valid_from=None if zone.valid_from is None else zone.valid_from.isoformat(),
        valid_to=None if zone.valid_to is None else zone.valid_to.isoformat(),
        formula=zone.formula,
        certainty=zone.certainty,
        threshold=zone.threshold,
        reach_m=None if zone.reach_m is None else round(zone.reach_m, 1),
        capped=zone.capped,
        depth_m=None if zone.depth_m is None else round(zone.depth_m, 3),
        water_class=zone.water_class,
        people=people,
        closes_roads=closes_roads,
        notes=zone.notes,
    )


def geojson(area: shapely.Geometry) -> dict[str, object]:
    """GeoJSON of an area, rounded to a tenth of a metre."""
    rounded = shapely.set_precision(area, 10.0**-DECIMALS, mode="pointwise")
    return dict(json.loads(shapely.to_geojson(rounded)))


def _staging(place: Staging | None) -> StagingArea | None:
    if place is None:
        return None
    return StagingArea(
        lon=place.lon,
        lat=place.lat,
        distance_m=place.distance_m,
        off_downwind_deg=place.off_downwind_deg,
        side=place.side,
        street=place.street,
    )
