"""What happened, as zones: an incident of a scenario made into hazard zones on a region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

import numpy as np
import shapely

from geo.errors import Fault, InputError, refuse
from geo.region.region import Region
from optimizer.problem import Floats
from scenarios.doctrine import HazardDoctrine
from scenarios.flood_hazards import BY_HAND, flood_zones_of, region_outline, water_middle
from scenarios.hazards.chemical import ChemicalHazard, chemical_hazard
from scenarios.hazards.erg import ErgDistances, entered_distances
from scenarios.hazards.figures import table
from scenarios.hazards.local_plane import LocalPlane
from scenarios.hazards.release import Release
from scenarios.hazards.shapes import Area, circle, downwind_square, swept
from scenarios.hazards.substances import find_substance
from scenarios.hazards.weather import Weather
from scenarios.hazards.zones import HazardZone, ZoneKind
from scenarios.incident_models import FLOODS, RELEASES, Incident, IncidentScenario


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncidentHazard:
    """The zones of one incident.

    Parameters
    ----------
    lonlat
        Where it is; of a flood the middle of its water, on the water.
    zones
        Gravest first for gas, by time step for water; none for a collapse.
    chemical
        The release behind the zones; ``None`` where a person drew them or it is no release.
    downwind_deg
        The way a cloud goes, degrees clockwise from north; ``None`` where it has no direction.
    notes
        What was assumed.
    """

    incident: Incident
    lonlat: Floats
    zones: tuple[HazardZone, ...]
    chemical: ChemicalHazard | None
    downwind_deg: float | None
    notes: tuple[str, ...]

    def zones_between(self, begin: datetime, end: datetime) -> tuple[HazardZone, ...]:
        """Zones in force at any time from ``begin`` to ``end``, both inclusive."""
        return tuple(
            zone
            for zone in self.zones
            if (zone.valid_from is None or zone.valid_from <= end)
            and (zone.valid_to is None or begin <= zone.valid_to)
        )


def incident_hazards(region: Region, scenario: IncidentScenario) -> tuple[IncidentHazard, ...]:
    """The zones of every incident, in the order of the scenario.

    Raises
    ------
    InputError
        All that is wrong with any of them: S210 unknown hazard site, S211 no substance, S212 an incident
        outside the region, S285 and S286 water of files, and H101 to H122 as ``scenarios.hazards``.
    """
    found: list[IncidentHazard] = []
    faults: list[Fault] = []
    for number, incident in enumerate(scenario.incidents):
        try:
            found.append(_hazard(region, scenario, incident, f"incidents[{number}]"))
        except InputError as wrong:
            faults += wrong.faults
    if faults:
        raise InputError(faults)
    return tuple(found)


def closing_zones(
    hazards: Sequence[IncidentHazard],
    rules: Sequence[HazardDoctrine],
    at: datetime,
    *,
    within_s: float = 0.0,
) -> tuple[HazardZone, ...]:
    """Zones that close or slow roads within the look-ahead of their doctrine, or ``within_s`` if longer."""
    return tuple(
        zone
        for hazard, rule in zip(hazards, rules, strict=True)
        for zone in hazard.zones_between(at, at + timedelta(seconds=max(rule.look_ahead, within_s)))
        if zone.depth_m is not None or (rule.people is not None and zone.level >= rule.people.gas_from_level)
    )


def _hazard(region: Region, scenario: IncidentScenario, incident: Incident, where: str) -> IncidentHazard:
    if incident.hazard in FLOODS:
        return _flood(region, scenario, incident, where)
    site = _site(region, incident, where)
    lonlat = np.array(site[:2] if site else (incident.where.lon, incident.where.lat), np.float64)
    _refuse_outside(region, lonlat, where)
    if incident.hazard not in RELEASES:
        return IncidentHazard(
            incident=incident, lonlat=lonlat, zones=(), chemical=None, downwind_deg=None, notes=()
        )
    weather = Weather(**scenario.weather.model_dump())
    named = _named_substance(incident, site, where)
    if named is None:
        return _by_hand(incident, lonlat, weather, scenario.at)
    return _release(incident, lonlat, weather, scenario.at, named)


def _release(
    incident: Incident, lonlat: Floats, weather: Weather, at: datetime, named: tuple[str, str | None]
) -> IncidentHazard:
    said = incident.substance
    name, container = named
    release = Release(
        substance=find_substance(name),
        lon=float(lonlat[0]),
        lat=float(lonlat[1]),
        size=said.size if said else "large",
        container=container,
        rate_kg_s=said.release_kg_s if said else None,
        duration_s=said.duration if said else None,
        mass_kg=said.mass_kg if said else None,
        height_m=said.height_m if said else 0.0,
        distances=_entered(incident),
    )
    hazard = chemical_hazard(release, weather, at, name=incident.id, kind=_release_kind(incident))
    return IncidentHazard(
        incident=incident,
        lonlat=lonlat,
        zones=hazard.zones,
        chemical=hazard,
        downwind_deg=hazard.downwind_deg,
        notes=hazard.notes,
    )


def _release_kind(incident: Incident) -> Literal["toxic_gas", "flammable_liquid"]:
    return "toxic_gas" if incident.hazard == "toxic_gas" else "flammable_liquid"


def _entered(incident: Incident) -> ErgDistances | None:
    said = incident.distances
    if said is None:
        return None
    return entered_distances(isolate_m=said.isolate_m, protect_m=said.protect_m, source=said.source)


def _by_hand(incident: Incident, lonlat: Floats, weather: Weather, at: datetime) -> IncidentHazard:
    """Zones of distances that a person gives where no substance is known."""
    said = incident.distances
    assert said is not None, "a release has a substance or distances"
    downwind_deg = None if weather.calm else ((weather.wind_from_deg or 0.0) + 180) % 360
    shapes: list[tuple[ZoneKind, int, shapely.Polygon | shapely.MultiPolygon, float]] = [
        ("isolation", 3, circle(said.isolate_m), said.isolate_m)
    ]
    if said.protect_m is not None:
        area = (
            circle(said.protect_m)
            if downwind_deg is None
            else _downwind(said.protect_m, spread_deg=weather.spread_deg)
        )
        shapes.append(("protective", 2, area, said.protect_m))
    plane = LocalPlane(float(lonlat[0]), float(lonlat[1]))
    zones = tuple(
        HazardZone(
            id=f"{incident.id}-{kind}",
            hazard=_release_kind(incident),
            kind=kind,
            level=level,
            polygon=plane.placed(area, bearing_deg=downwind_deg or 0.0),
            valid_from=at,
            valid_to=None,
            formula=f"{BY_HAND} ({said.source})",
            certainty="assumed",
            reach_m=reach_m,
        )
        for kind, level, area, reach_m in shapes
    )
    return IncidentHazard(
        incident=incident,
        lonlat=lonlat,
        zones=zones,
        chemical=None,
        downwind_deg=downwind_deg,
        notes=("the substance is not known: distances were entered by hand",),
    )


@lru_cache(maxsize=256)
def _downwind(protect_m: float, *, spread_deg: float) -> Area:
    """The protective-action zone for a wind that turns."""
    return swept(downwind_square(protect_m), spread_deg=spread_deg)


def _flood(region: Region, scenario: IncidentScenario, incident: Incident, where: str) -> IncidentHazard:
    zones = flood_zones_of(region, scenario, incident, where)
    middle = water_middle(region, zones)
    lonlat = np.array([middle.x, middle.y])
    _refuse_outside(region, lonlat, where)
    notes = sorted({note for zone in zones for note in zone.notes})
    return IncidentHazard(
        incident=incident,
        lonlat=lonlat,
        zones=zones,
        chemical=None,
        downwind_deg=None,
        notes=tuple(notes),
    )


def _site(region: Region, incident: Incident, where: str) -> tuple[float, float, str, str] | None:
    """Longitude, latitude, CAS number and container of the hazard site that an incident names."""
    name = incident.where.hazard_site
    if name is None:
        return None
    sites = region.placed("hazard_sites")
    rows = sites[sites["id"] == name]
    if not len(rows):
        raise refuse(
            "S210",
            where=f"{where}.where.hazard_site",
            found=repr(name),
            wanted=f"a placed record of hazard_sites: {', '.join(sites['id'][:12]) or 'there is none'}",
            fix="Correct the id, or give lon and lat.",
        )
    row = rows.iloc[0]
    return float(row.geometry.x), float(row.geometry.y), str(row["cas"]), str(row["container"])


def _named_substance(
    incident: Incident, site: tuple[float, float, str, str] | None, where: str
) -> tuple[str, str | None] | None:
    """Name of the substance and its container, said in the scenario or by the site; ``None`` if entered."""
    said = incident.substance
    named = (said.cas or said.name) if said else None
    stored = site[2] if site else ""
    stands_in = site[3] if site and site[3] in table("erg")["containers"] else None
    container = (said.container if said else None) or stands_in
    if named or stored:
        return named or stored, container
    if incident.distances is not None:
        return None
    raise refuse(
        "S211",
        where=f"{where}.substance",
        found="neither cas nor name, and no hazard site that says it",
        wanted="a substance, or distances entered by hand",
        fix="Add the substance, or give isolation and protective distance with their source.",
    )


def _refuse_outside(region: Region, lonlat: Floats, where: str) -> None:
    county = region_outline(region)
    if county is not None and not shapely.intersects_xy(county, lonlat[0], lonlat[1]):
        raise refuse(
            "S212",
            where=where,
            found=f"{lonlat[0]:.5f}, {lonlat[1]:.5f}, outside the region {region.name}",
            wanted="a place inside its boundary",
            fix="Check the order of lon and lat, or name the region where the incident is.",
        )
