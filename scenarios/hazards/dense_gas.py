"""Stage 2: is the cloud heavier than air, and how far does such a cloud reach (Britter-McQuaid)."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cbrt, inf, log10, pi, sqrt
from typing import Any, Literal

import numpy as np

from scenarios.hazards.concentration import DRY_AIR_G_MOL, ZERO_CELSIUS_K, density_kg_m3
from scenarios.hazards.figures import Certainty, table
from scenarios.hazards.plume_rise import G_M_S2
from scenarios.hazards.substances import Substance

_DOUBT = "Gaussian zones are not valid near the source"


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseFlag:
    """Whether the Gaussian zones may be believed near the source.

    ``number`` is Britter and McQuaid's criterion, ``limit`` the value from which on the cloud is dense; a gas
    not heavier than air has number 0. ``aerosol``: dense because a liquefied release makes a cold mist.
    """

    dense: bool
    number: float
    limit: float
    aerosol: bool
    certainty: Certainty
    reason: str


def dense_flag(
    substance: Substance,
    *,
    wind_m_s: float,
    air_c: float,
    rate_kg_s: float | None = None,
    mass_kg: float | None = None,
) -> DenseFlag:
    """Flag of a release of pure vapour at its boiling point or at air temperature, whichever is colder.

    Give either ``rate_kg_s`` (continuous) or ``mass_kg`` (at once); wind > 0.
    """
    if (rate_kg_s is None) == (mass_kg is None):
        raise ValueError("want either rate_kg_s or mass_kg")
    air_k = air_c + ZERO_CELSIUS_K
    gas_k = min(substance.boiling_point_k.value, air_k)
    gas_kg_m3 = density_kg_m3(substance.molar_mass_g_mol.value, temperature_k=gas_k)
    reduced = max(reduced_gravity_m_s2(gas_kg_m3, air_k=air_k), 0.0)
    limits = table("dispersion")["britter_mcquaid"]["dense"]
    if rate_kg_s is not None:
        flow_m3_s, limit = rate_kg_s / gas_kg_m3, float(limits["continuous"])
        number = cbrt(reduced * flow_m3_s / (wind_m_s**3 * sqrt(flow_m3_s / wind_m_s)))
    else:
        assert mass_kg is not None
        volume_m3, limit = mass_kg / gas_kg_m3, float(limits["instantaneous"])
        number = sqrt(reduced * volume_m3) / (wind_m_s * cbrt(volume_m3))
    return _flag(substance, number, limit, limits["certainty"])


def reduced_gravity_m_s2(gas_kg_m3: float, *, air_k: float) -> float:
    """``g (rho - rho_air) / rho_air`` in dry air at one atmosphere, m/s2; negative for a light gas."""
    air_kg_m3 = density_kg_m3(DRY_AIR_G_MOL, temperature_k=air_k)
    return G_M_S2 * (gas_kg_m3 - air_kg_m3) / air_kg_m3


def dense_plume_share(
    x_m: float, *, flow_m3_s: float, gas_kg_m3: float, gas_k: float, air_k: float, wind_m_s: float
) -> float:
    """Largest volume share of gas at ground level ``x_m`` downwind of a steady dense release, 0 to 1.

    Britter and McQuaid (1988): with ``D = sqrt(q / u)`` and ``alpha = 0.2 log10(g'^2 q / u^5)``, near field
    ``306 / (306 + (x/D)^2)`` up to x/D = 30, then interpolation of concentration over ``log10(x/D)``, then
    decay with the square of the distance; corrected for a cold release (CCPS 1999 p. 122). Wind at 10 m.
    Figures beyond alpha = 1 continue the last straight line.
    """
    rules = table("dispersion")["britter_mcquaid"]["plume"]
    scale_m = sqrt(flow_m3_s / wind_m_s)
    reduced = reduced_gravity_m_s2(gas_kg_m3, air_k=air_k)
    alpha = 0.2 * log10(reduced**2 * flow_m3_s / wind_m_s**5) if reduced != 0 else -inf
    near = rules["near_field"]
    shares, betas = correlation("plume", alpha)
    near_end = min(float(near["up_to"]), 10 ** betas[0])
    if near_end == near["up_to"]:
        shares = [near["constant"] / (near["constant"] + near_end**2), *shares]
        betas = [log10(near_end), *betas]
    ratio = x_m / scale_m
    share = near["constant"] / (near["constant"] + ratio**2)
    if ratio > near_end:
        share = _beyond(ratio, shares, betas)
    return float(share / (share + (1 - share) * gas_k / air_k))


def dense_puff_share(
    t_s: float,
    *,
    x_m: float,
    volume_m3: float,
    gas_kg_m3: float,
    air_k: float,
    wind_m_s: float,
) -> float:
    """Volume share of the first cloud's gas at ``x_m`` downwind, ``t_s`` after a dense puff, 0 to 1.

    Britter and McQuaid (1988): centre at 0.4 u t, ``R^2 = R0^2 + 1.2 sqrt(g' V0) t``; inside the cloud the
    largest share belonging to the distance its front has reached, outside 0. No correction for temperature.
    """
    rules = table("dispersion")["britter_mcquaid"]["puff"]
    reduced = reduced_gravity_m_s2(gas_kg_m3, air_k=air_k)
    if reduced <= 0:
        raise ValueError("gas_kg_m3: want a gas heavier than air")
    centre_m = rules["advection_share"] * wind_m_s * t_s
    start_m = cbrt(3 * volume_m3 / (4 * pi))
    radius_m = sqrt(start_m**2 + rules["spread_constant"] * sqrt(reduced * volume_m3) * t_s)
    if abs(x_m - centre_m) > radius_m:
        return 0.0
    shares, betas = correlation("puff", 0.5 * log10(reduced * cbrt(volume_m3) / wind_m_s**2))
    ratio = (centre_m + radius_m) / cbrt(volume_m3)
    if ratio <= 10 ** betas[0]:
        constant = rules["near_field"]["constant"]
        return max(float(constant / (constant + ratio**2)), shares[0])
    return _beyond(ratio, shares, betas)


def correlation(kind: Literal["plume", "puff"], alpha: float) -> tuple[list[float], list[float]]:
    """Shares of the correlation and ``log10`` of their scaled distances at one ``alpha`` (TSCREEN)."""
    levels = table("dispersion")["britter_mcquaid"][kind]["levels"]
    return [float(level["concentration"]) for level in levels], [_beta(level, alpha) for level in levels]


def _beta(level: Mapping[str, Any], alpha: float) -> float:
    rows = level["rows"]
    _, slope, intercept = next((row for row in rows if alpha <= row[0]), rows[-1])
    return float(intercept if slope == 0 else slope * alpha + intercept)


def _beyond(ratio: float, shares: list[float], betas: list[float]) -> float:
    far = 10 ** betas[-1]
    if ratio >= far:
        return shares[-1] * far**2 / ratio**2
    return float(np.interp(log10(ratio), betas, shares))


def _flag(substance: Substance, number: float, limit: float, certainty: Certainty) -> DenseFlag:
    heavy = number >= limit
    if heavy:
        reason = f"heavier than air: {number:.2f} is at least {limit:g}; {_DOUBT}"
    elif substance.dense_aerosol:
        reason = f"a liquefied release makes a cold mist heavier than air; {_DOUBT}"
    else:
        reason = f"not dense: {number:.2f} is below {limit:g}"
    return DenseFlag(
        dense=heavy or substance.dense_aerosol,
        number=number,
        limit=limit,
        aerosol=substance.dense_aerosol,
        certainty=certainty,
        reason=reason,
    )
