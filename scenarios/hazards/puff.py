"""Concentration in a puff: all at once, or a release of some minutes."""

from math import erf, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenarios.hazards.figures import table
from scenarios.hazards.pasquill import Stability
from scenarios.hazards.plume import reflected

Floats = NDArray[np.float64]


def puff_sigma_m(x_m: ArrayLike, *, stability: Stability) -> tuple[Floats, Floats]:
    """Horizontal and vertical standard deviation of a puff, metres, shape of ``x_m``: ``a x^b`` (CCPS 1999).

    The spread along the wind is taken equal to that across it.
    """
    x = np.asarray(x_m, np.float64)
    sets = table("dispersion")["ccps_puff"]
    across, vertical = sets["sigma_y"][stability], sets["sigma_z"][stability]
    return (
        np.asarray(across["a"] * x ** across["b"], np.float64),
        np.asarray(vertical["a"] * x ** vertical["b"], np.float64),
    )


def puff_kg_m3(
    mass_kg: float,
    *,
    x_m: ArrayLike,
    t_s: float,
    wind_m_s: float,
    sigma_x_m: ArrayLike,
    sigma_y_m: ArrayLike,
    sigma_z_m: ArrayLike,
    y_m: ArrayLike = 0.0,
    z_m: ArrayLike = 0.0,
    height_m: float = 0.0,
) -> Floats:
    """Concentration ``t_s`` after an instantaneous release, reflected at the ground, kg/m3.

    ``c = m / ((2 pi)^1.5 sx sy sz) exp(-(x-ut)^2 / 2 sx^2) exp(-y^2 / 2 sy^2) [...]`` with the vertical term
    of the plume (CCPS 1999 p. 101). Standard deviations > 0, taken where the puff's centre is.
    """
    sigma_x, sigma_y = np.asarray(sigma_x_m, np.float64), np.asarray(sigma_y_m, np.float64)
    sigma_z = np.asarray(sigma_z_m, np.float64)
    along = np.exp(-0.5 * ((np.asarray(x_m, np.float64) - wind_m_s * t_s) / sigma_x) ** 2)
    across = np.exp(-0.5 * (np.asarray(y_m, np.float64) / sigma_y) ** 2)
    vertical = reflected(np.asarray(z_m, np.float64), height_m, sigma_z)
    share = mass_kg / ((2 * pi) ** 1.5 * sigma_x * sigma_y * sigma_z)
    return np.asarray(share * along * across * vertical, np.float64)


def release_kg_m3(
    rate_kg_s: float,
    *,
    duration_s: float,
    x_m: float,
    t_s: float,
    wind_m_s: float,
    stability: Stability,
    y_m: float = 0.0,
    z_m: float = 0.0,
    height_m: float = 0.0,
) -> float:
    """Concentration ``t_s`` after the start of a steady release of ``duration_s``, kg/m3.

    The integral over puffs released in turn, closed by the error function, with puff spreads:
    ``c = Q / (4 pi u sy sz) [erf(a) - erf(b)] exp(...) [...]``, where a and b are the distances of the last
    and the first puff's centre in ``sqrt(2) sx`` of that puff; zero upwind and before the start.
    """
    if x_m <= 0 or t_s <= 0:
        return 0.0
    released_s = min(t_s, duration_s)
    last_m, first_m = wind_m_s * (t_s - released_s), wind_m_s * t_s
    along = _passed(x_m - last_m, last_m, stability) - _passed(x_m - first_m, first_m, stability)
    sigma_y, sigma_z = puff_sigma_m(x_m, stability=stability)
    across = np.exp(-0.5 * (y_m / sigma_y) ** 2) / (sqrt(2 * pi) * sigma_y)
    vertical = reflected(np.asarray(z_m), height_m, sigma_z) / (sqrt(2 * pi) * sigma_z)
    return float(rate_kg_s * along / (2 * wind_m_s) * across * vertical)


def _passed(ahead_m: float, centre_m: float, stability: Stability) -> float:
    if centre_m <= 0:
        return 1.0 if ahead_m > 0 else -1.0
    sigma_x = float(puff_sigma_m(centre_m, stability=stability)[0])
    return erf(ahead_m / (sqrt(2) * sigma_x))
