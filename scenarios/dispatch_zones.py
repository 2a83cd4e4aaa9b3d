"""Incidents of a plan: their zones with the people inside, key places, staging area."""

import json
from dataclasses import dataclass
from functools import partial

import shapely

from geo.region.region import Region
from scenarios.dispatch_hazards import IncidentHazard
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.dispatch_plan import IncidentPlan, PlaceInside, StagingArea, Zone
from scenarios.doctrine import Doctrine
from scenarios.hazards.zones import HazardZone, people_in_any, people_inside
from scenarios.incident_models import IncidentScenario
from scenarios.kept import Kept
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
    said, ground = hazard.incident, _ground(region, hazard, clearance_s=doctrine.times.clearance)
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
            _zone(zone, drawn, people, id(zone) in closing)
            for zone, drawn, people in zip(hazard.zones, ground.drawn, ground.people, strict=True)
        ),
        people=ground.people_in_any,
        staging=_staging(place),
        key_places=ground.key_places,
        notes=hazard.notes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """The zones of an incident as a plan draws them, the people in each and in any, the key places inside."""

    drawn: tuple[dict[str, object], ...]
    people: tuple[int, ...]
    people_in_any: int
    key_places: tuple[PlaceInside, ...]


_GROUNDS: Kept[_Ground] = Kept(64)


def _ground(region: Region, hazard: IncidentHazard, *, clearance_s: float) -> _Ground:
    """Kept by the zones' shapes, unless a cloud moves: when it arrives where depends on the hour."""
    look = partial(_looked_at, region, hazard, clearance_s)
    if hazard.chemical is not None:
        return look()
    shapes = tuple((zone.id, zone.level, zone.polygon.wkb) for zone in hazard.zones)
    return _GROUNDS.of((region, clearance_s, shapes), look)


def _looked_at(region: Region, hazard: IncidentHazard, clearance_s: float) -> _Ground:
    lonlat, people = people_points(region)
    return _Ground(
        drawn=tuple(geojson(zone.polygon) for zone in hazard.zones),
        people=tuple(people_inside(zone, lonlat, people) for zone in hazard.zones),
        people_in_any=people_in_any(hazard.zones, lonlat, people),
        key_places=key_places(region, hazard.zones, hazard.chemical, clearance_s=clearance_s),
    )


def _zone(zone: HazardZone, drawn: dict[str, object], people: int, closes_roads: bool) -> Zone:
    return Zone(
        id=zone.id,
        kind=zone.kind,
        level=zone.level,
        polygon=drawn,
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
