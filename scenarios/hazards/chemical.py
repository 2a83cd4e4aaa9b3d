"""A chemical release as zones: guidebook distances, contours where a rate is known, a dense-gas flag."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from scenarios.hazards.concentration import ZERO_CELSIUS_K, density_kg_m3
from scenarios.hazards.contours import Cloud, Contour, contour
from scenarios.hazards.dense_gas import DenseFlag, dense_flag
from scenarios.hazards.erg import ErgDistances, erg_distances
from scenarios.hazards.figures import Certainty, least_certain, table
from scenarios.hazards.local_plane import LocalPlane
from scenarios.hazards.pasquill import StabilityReading, read_stability
from scenarios.hazards.release import Release
from scenarios.hazards.shapes import Area, circle, downwind_square, swept
from scenarios.hazards.substances import AeglSet
from scenarios.hazards.sun import is_day
from scenarios.hazards.weather import Weather
from scenarios.hazards.wind_profile import exponents_of, wind_at_m_s
from scenarios.hazards.zones import HazardZone, ZoneKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A harmful concentration, ppm, with its words and certainty."""

    kind: ZoneKind
    level: int
    ppm: float
    words: str
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class ChemicalHazard:
    """Zones of a release, gravest first, and what they rest on.

    ``aegl`` is the set whose exposure time is nearest the release; ``cloud``, ``dense`` and ``aegl`` are
    ``None`` without a rate or mass. ``downwind_deg`` is ``None`` when the wind has no direction.
    """

    kind: Literal["toxic_gas", "flammable_liquid"]
    release: Release
    weather: Weather
    at: datetime
    day: bool
    stability: StabilityReading
    distances: ErgDistances
    downwind_deg: float | None
    zones: tuple[HazardZone, ...]
    cloud: Cloud | None
    aegl: AeglSet | None
    dense: DenseFlag | None
    notes: tuple[str, ...]


def chemical_hazard(
    release: Release,
    weather: Weather,
    at: datetime,
    *,
    name: str = "release",
    kind: Literal["toxic_gas", "flammable_liquid"] = "toxic_gas",
) -> ChemicalHazard:
    """Zones of a chemical release at a time.

    Stage 0, always: isolation circle and protective square of the guidebook (or entered by hand). Stage 1,
    with a rate or a mass: contours at AEGL-1/2/3, ERPG-2 and IDLH. Stage 2: the dense-gas flag. Wind shift
    and uncertainty: each downwind zone is the union over the spread of directions; an unknown or calm wind
    makes full circles, with contours at the lowest speed of the formula. ``name`` begins the zones' ids,
    ``kind`` is the hazard they belong to.

    Raises ``InputError``: H102, H110 (guidebook), H106 (time zone), H107 (place).
    """
    plane = LocalPlane(release.lon, release.lat)
    day = is_day(at, release.lon, release.lat)
    stability = read_stability(weather, at, lon=release.lon, lat=release.lat)
    distances = release.distances or erg_distances(
        release.substance,
        size=release.size,
        day=day,
        wind_m_s=weather.wind_m_s,
        container=release.container,
        instantaneous=release.mass_kg is not None,
    )
    cloud = _cloud(release, weather, stability)
    draft = ChemicalHazard(
        kind=kind,
        release=release,
        weather=weather,
        at=at,
        day=day,
        stability=stability,
        distances=distances,
        downwind_deg=None if weather.calm else ((weather.wind_from_deg or 0.0) + 180) % 360,
        zones=(),
        cloud=cloud,
        aegl=release.substance.aegl_for(release.duration_s) if cloud else None,
        dense=_dense(release, weather, cloud),
        notes=(),
    )
    zones = (*_stage0(draft, plane, name), *_stage1(draft, plane, name))
    ordered = tuple(sorted(zones, key=lambda zone: (-zone.level, zone.kind)))
    return replace(draft, zones=ordered, notes=tuple(_notes(draft, ordered)))


def thresholds(hazard: ChemicalHazard) -> list[Threshold]:
    """Concentrations that contours are drawn at: the chosen AEGL set, ERPG-2 and IDLH where known."""
    substance, found = hazard.release.substance, []
    kinds: tuple[ZoneKind, ...] = ("aegl_1", "aegl_2", "aegl_3")
    if hazard.aegl is not None:
        for rank, kind in enumerate(kinds):
            ppm = hazard.aegl.ppm[rank]
            if ppm is not None:
                words = f"AEGL-{rank + 1}, {hazard.aegl.minutes} min: {ppm:g} ppm"
                certainty = hazard.aegl.certainties[rank]
                found.append(Threshold(kind=kind, level=rank + 1, ppm=ppm, words=words, certainty=certainty))
    for kind, level, name, entry in (
        ("erpg_2", 2, "ERPG-2, 60 min", substance.erpg2_ppm),
        ("idlh", 3, "IDLH, 30 min", substance.idlh_ppm),
    ):
        if entry is not None:
            words = f"{name}: {entry.value:g} ppm"
            found.append(
                Threshold(kind=kind, level=level, ppm=entry.value, words=words, certainty=entry.certainty)
            )
    return found


def _stage0(hazard: ChemicalHazard, plane: LocalPlane, name: str) -> Iterator[HazardZone]:
    distances = hazard.distances
    shapes: list[tuple[ZoneKind, int, Area, float]] = [
        ("isolation", 3, circle(distances.isolate_m), distances.isolate_m)
    ]
    if distances.protect_m is not None:
        square = downwind_square(distances.protect_m)
        shape = _over_directions(hazard, square, calm_radius_m=distances.protect_m)
        shapes.append(("protective", 2, shape, distances.protect_m))
    for kind, level, shape, reach_m in shapes:
        yield HazardZone(
            id=f"{name}-{kind}",
            hazard=hazard.kind,
            kind=kind,
            level=level,
            polygon=plane.placed(shape, bearing_deg=hazard.downwind_deg or 0.0),
            valid_from=hazard.at,
            valid_to=None,
            formula=f"{distances.row} ({distances.source})",
            certainty=distances.certainty if kind == "isolation" else distances.protect_certainty,
            reach_m=reach_m,
            capped=distances.may_exceed and kind == "protective",
            notes=distances.notes,
        )


def _stage1(hazard: ChemicalHazard, plane: LocalPlane, name: str) -> Iterator[HazardZone]:
    if hazard.cloud is None:
        return
    for threshold in thresholds(hazard):
        found = contour(hazard.cloud, _kg_m3(hazard, threshold.ppm))
        if found is None:
            continue
        shape = _over_directions(hazard, found.polygon, calm_radius_m=found.reach_m)
        yield HazardZone(
            id=f"{name}-{threshold.kind}",
            hazard=hazard.kind,
            kind=threshold.kind,
            level=threshold.level,
            polygon=plane.placed(shape, bearing_deg=hazard.downwind_deg or 0.0),
            valid_from=hazard.at,
            valid_to=_passed_at(hazard, found),
            formula=_formula(hazard),
            certainty=least_certain("high", threshold.certainty),
            threshold=threshold.words,
            reach_m=found.reach_m,
            capped=found.capped,
        )


def _over_directions(hazard: ChemicalHazard, shape: Area, *, calm_radius_m: float) -> Area:
    if hazard.weather.calm:
        return circle(calm_radius_m)
    return swept(shape, spread_deg=hazard.weather.spread_deg)


def _cloud(release: Release, weather: Weather, stability: StabilityReading) -> Cloud | None:
    if release.rate_kg_s is None and release.mass_kg is None:
        return None
    slowest_m_s = float(table("weather")["calm"]["below_m_s"])
    wind_m_s = slowest_m_s if weather.wind_m_s is None else max(weather.wind_m_s, slowest_m_s)
    if release.height_m > 10:
        wind_m_s = wind_at_m_s(
            wind_m_s,
            measured_at_m=10,
            height_m=release.height_m,
            stability=stability.stability,
            exponents=exponents_of(weather.terrain),
        )
    return Cloud(
        wind_m_s=wind_m_s,
        stability=stability.stability,
        terrain=weather.terrain,
        rate_kg_s=release.rate_kg_s,
        mass_kg=release.mass_kg,
        duration_s=release.duration_s if release.rate_kg_s is not None else None,
        height_m=release.height_m,
        wind_known=weather.wind_m_s is not None,
    )


def _dense(release: Release, weather: Weather, cloud: Cloud | None) -> DenseFlag | None:
    if cloud is None:
        return None
    return dense_flag(
        release.substance,
        wind_m_s=cloud.wind_m_s,
        air_c=weather.temperature_c,
        rate_kg_s=release.rate_kg_s,
        mass_kg=release.mass_kg,
    )


def _kg_m3(hazard: ChemicalHazard, ppm: float) -> float:
    mass = hazard.release.substance.molar_mass_g_mol.value
    return ppm * 1e-6 * density_kg_m3(mass, temperature_k=hazard.weather.temperature_c + ZERO_CELSIUS_K)


def _passed_at(hazard: ChemicalHazard, found: Contour) -> datetime | None:
    assert hazard.cloud is not None
    if hazard.cloud.mass_kg is None and hazard.cloud.duration_s is None:
        return None
    passing_s = (hazard.cloud.duration_s or 0.0) + found.reach_m / hazard.cloud.wind_m_s
    return hazard.at + timedelta(seconds=round(passing_s))


def _formula(hazard: ChemicalHazard) -> str:
    if hazard.release.mass_kg is not None:
        return f"Gaussian puff, class {hazard.stability.stability}, spreads of CCPS 1999"
    terrain, stability = hazard.weather.terrain, hazard.stability.stability
    return f"Gaussian plume, class {stability}, {terrain} spreads of Briggs 1973"


def _notes(hazard: ChemicalHazard, zones: tuple[HazardZone, ...]) -> Iterator[str]:
    yield from hazard.stability.notes
    yield from hazard.distances.notes
    yield f"guidebook distances describe the first {table('erg')['first_minutes']} minutes"
    if hazard.weather.calm:
        yield "wind unknown or calm: zones are full circles"
    elif hazard.weather.wind_spread_deg is None:
        yield f"wind may turn {hazard.weather.spread_deg:g} degrees either side (assumed)"
    if hazard.cloud is not None and hazard.stability.sky in ("strong", "moderate", "slight"):
        yield "insolation by classes recalled, not read"
    if hazard.distances.may_exceed:
        yield "the guidebook's distance can be larger than given"
    if any(zone.capped and zone.kind != "protective" for zone in zones):
        yield "contours are cut at 10 km or 60 minutes of travel: harm may reach farther"
    if hazard.dense is not None and hazard.dense.dense:
        yield hazard.dense.reason
    if hazard.aegl is not None:
        yield f"AEGL values for {hazard.aegl.minutes} min, nearest the release"
    if hazard.cloud is not None and not thresholds(hazard):
        yield "no harmful concentration of this substance is known: no contours are drawn"
    if recalled := sorted(zone.kind for zone in zones if zone.certainty == "recalled"):
        yield f"rest on figures recalled, not read: {', '.join(recalled)}"
