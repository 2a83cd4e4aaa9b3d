"""Release rate through a hole, when nobody has measured it."""

from math import pi, sqrt

from scenarios.hazards.concentration import ATMOSPHERE_PA
from scenarios.hazards.plume_rise import G_M_S2


def liquid_rate_kg_s(
    diameter_m: float,
    *,
    density_kg_m3: float,
    pressure_pa: float,
    head_m: float = 0.0,
    coefficient: float = 0.63,
) -> float:
    """Liquid through a hole: ``Cd A rho sqrt(2 (p - pa) / rho + 2 g h)``, kg/s (CCPS 1999 p. 40).

    ``pressure_pa`` is absolute, at the hole, or over the liquid with ``head_m`` as its level above the hole.
    """
    overpressure_pa = max(pressure_pa - ATMOSPHERE_PA, 0.0)
    speed_m_s = sqrt(2 * overpressure_pa / density_kg_m3 + 2 * G_M_S2 * head_m)
    return coefficient * _area_m2(diameter_m) * density_kg_m3 * speed_m_s


def choked_gas_rate_kg_s(
    diameter_m: float,
    *,
    density_kg_m3: float,
    pressure_pa: float,
    heat_capacity_ratio: float,
    coefficient: float = 0.85,
) -> float:
    """Gas through a hole at the speed of sound: ``Cd A sqrt(k rho p (2 / (k+1))^((k+1)/(k-1)))``, kg/s.

    CCPS 1999 p. 47. Density and absolute pressure inside the vessel; ``heat_capacity_ratio`` k > 1. Holds
    while the pressure inside is at least ``((k+1)/2)^(k/(k-1))`` atmospheres; raises ``ValueError`` below.
    """
    k = heat_capacity_ratio
    choked_pa = ATMOSPHERE_PA * ((k + 1) / 2) ** (k / (k - 1))
    if pressure_pa < choked_pa:
        raise ValueError(f"pressure_pa: want >= {choked_pa:.0f} for choked flow, got {pressure_pa}")
    flux = sqrt(k * density_kg_m3 * pressure_pa * (2 / (k + 1)) ** ((k + 1) / (k - 1)))
    return coefficient * _area_m2(diameter_m) * flux


def _area_m2(diameter_m: float) -> float:
    return pi / 4 * diameter_m**2
