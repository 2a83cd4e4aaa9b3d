"""Rise of a plume that leaves a stack or a vent with speed or heat."""

from math import pi, sin, sqrt

from scenarios.hazards.figures import table
from scenarios.hazards.pasquill import Stability

G_M_S2 = 9.80616


def plume_rise_m(
    x_m: float,
    *,
    diameter_m: float,
    exit_m_s: float,
    release_k: float,
    air_k: float,
    wind_m_s: float,
    stability: Stability,
) -> float:
    """Height gained over the stack at ``x_m`` downwind, metres.

    Briggs (1969) as in ISC3 (EPA-454/B-95-003b, 1.1.4): buoyancy or momentum, whichever governs; transitional
    rise up to the distance of final rise. Diameter, speeds and temperatures > 0.
    """
    buoyancy = G_M_S2 * exit_m_s * diameter_m**2 * (release_k - air_k) / (4 * release_k)
    momentum = exit_m_s**2 * diameter_m**2 * air_k / (4 * release_k)
    lapse = table("dispersion")["plume_rise"]["lapse_k_m"].get(stability)
    stable = None if lapse is None else G_M_S2 / air_k * float(lapse)
    warmer = release_k - air_k > _crossover_k(buoyancy, exit_m_s, diameter_m, release_k, stable)
    if warmer:
        far_m, final_m = _buoyant_end(buoyancy, wind_m_s, stable)
        near_m = 1.60 * (buoyancy * x_m**2 / wind_m_s**3) ** (1 / 3)
    else:
        far_m, final_m = _momentum_end(momentum, buoyancy, diameter_m, exit_m_s, wind_m_s, stable)
        near_m = _momentum_near(x_m, momentum, exit_m_s, wind_m_s, stable) if x_m < far_m else final_m
    return min(near_m, final_m) if x_m < far_m else final_m


def widened_sigma_m(sigma_m: float, rise_m: float) -> float:
    """Spread with the turbulence of the rising plume added (Pasquill 1976): rise / 3.5 in quadrature."""
    return sqrt((rise_m / 3.5) ** 2 + sigma_m**2)


def _crossover_k(
    buoyancy: float, exit_m_s: float, diameter_m: float, release_k: float, stable: float | None
) -> float:
    if stable is not None:
        return 0.019582 * release_k * exit_m_s * sqrt(stable)
    if buoyancy < 55:
        return float(0.0297 * release_k * (exit_m_s / diameter_m) ** (1 / 3))
    return float(0.00575 * release_k * (exit_m_s**2 / diameter_m) ** (1 / 3))


def _buoyant_end(buoyancy: float, wind_m_s: float, stable: float | None) -> tuple[float, float]:
    if stable is None:
        if buoyancy < 55:
            return 49 * buoyancy ** (5 / 8), 21.425 * buoyancy**0.75 / wind_m_s
        return 119 * buoyancy**0.4, 38.71 * buoyancy**0.6 / wind_m_s
    windy_m = 2.6 * (buoyancy / (wind_m_s * stable)) ** (1 / 3)
    calm_m = 4 * buoyancy**0.25 / stable**0.375
    return 2.0715 * wind_m_s / sqrt(stable), min(windy_m, calm_m)


def _momentum_end(
    momentum: float,
    buoyancy: float,
    diameter_m: float,
    exit_m_s: float,
    wind_m_s: float,
    stable: float | None,
) -> tuple[float, float]:
    unstable_m = 3 * diameter_m * exit_m_s / wind_m_s
    if stable is not None:
        stable_m = 1.5 * (momentum / (wind_m_s * sqrt(stable))) ** (1 / 3)
        return pi / 2 * wind_m_s / sqrt(stable), min(stable_m, unstable_m)
    if buoyancy > 0:
        far_m = 49 * buoyancy ** (5 / 8) if buoyancy < 55 else 119 * buoyancy**0.4
    else:
        far_m = 4 * diameter_m * (exit_m_s + 3 * wind_m_s) ** 2 / (exit_m_s * wind_m_s)
    return far_m, unstable_m


def _momentum_near(
    x_m: float, momentum: float, exit_m_s: float, wind_m_s: float, stable: float | None
) -> float:
    entrainment = 1 / 3 + wind_m_s / exit_m_s
    if stable is None:
        return float((3 * momentum * x_m / (entrainment * wind_m_s) ** 2) ** (1 / 3))
    wave = sin(x_m * sqrt(stable) / wind_m_s)
    return float((3 * momentum * wave / (entrainment**2 * wind_m_s * sqrt(stable))) ** (1 / 3))
