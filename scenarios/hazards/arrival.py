"""When a cloud reaches a place, and how strong it is there."""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from scenarios.hazards.chemical import ChemicalHazard
from scenarios.hazards.concentration import ppm_of_kg_m3
from scenarios.hazards.local_plane import LocalPlane

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudAtPlaces:
    """Arrival, seconds after the start of the release (``inf`` = never), and peak, ppm; each shape (n,)."""

    arrival_s: Floats
    peak_ppm: Floats


def cloud_at_places(hazard: ChemicalHazard, lonlat: Floats) -> CloudAtPlaces:
    """Arrival and peak at places of shape (n, 2), at the worst direction within the wind's spread.

    The cloud travels with the wind; a place beyond the limit of the formula or outside the spread, farther
    across than three standard deviations, is never reached. Without a rate or mass the peak is ``nan`` and
    only the direction counts. In a calm every direction is possible, at the lowest speed of the formula.
    """
    metres = LocalPlane(hazard.release.lon, hazard.release.lat).metres(lonlat)
    distance_m = np.maximum(np.hypot(metres[:, 0], metres[:, 1]), 1.0)
    off_rad = np.maximum(np.abs(_off_axis_rad(hazard, metres)) - np.radians(_spread_deg(hazard)), 0.0)
    along_m = np.maximum(distance_m * np.cos(off_rad), 1e-9)
    across_m = np.where(off_rad < np.pi / 2, distance_m * np.sin(off_rad), inf)
    cloud = hazard.cloud
    if cloud is None:
        wind_m_s = max(hazard.weather.wind_m_s or 0.0, 1.0)
        arrival_s = np.where(off_rad == 0, distance_m / wind_m_s, inf)
        return CloudAtPlaces(arrival_s=arrival_s, peak_ppm=np.full(len(metres), np.nan))
    within = (along_m <= cloud.limit_m()) & (across_m <= 3 * cloud.sigma_y_m(along_m))
    peak_kg_m3 = np.where(within, cloud.peak_kg_m3(along_m, np.where(within, across_m, 0.0)), 0.0)
    substance, air_c = hazard.release.substance, hazard.weather.temperature_c
    per_kg_m3 = ppm_of_kg_m3(1.0, molar_mass_g_mol=substance.molar_mass_g_mol.value, temperature_c=air_c)
    return CloudAtPlaces(
        arrival_s=np.where(within, along_m / cloud.wind_m_s, inf), peak_ppm=peak_kg_m3 * per_kg_m3
    )


def _off_axis_rad(hazard: ChemicalHazard, metres: Floats) -> Floats:
    if hazard.downwind_deg is None:
        return np.zeros(len(metres))
    bearing = np.arctan2(metres[:, 0], metres[:, 1])
    turned = bearing - np.radians(hazard.downwind_deg)
    return np.asarray((turned + np.pi) % (2 * np.pi) - np.pi, np.float64)


def _spread_deg(hazard: ChemicalHazard) -> float:
    return 180.0 if hazard.downwind_deg is None else hazard.weather.spread_deg
