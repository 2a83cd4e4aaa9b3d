"""Concentration in a steady plume."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def plume_kg_m3(
    rate_kg_s: float,
    *,
    wind_m_s: float,
    sigma_y_m: ArrayLike,
    sigma_z_m: ArrayLike,
    y_m: ArrayLike = 0.0,
    z_m: ArrayLike = 0.0,
    height_m: float = 0.0,
) -> Floats:
    """Concentration of a continuous point release, reflected at the ground, kg/m3.

    ``c = Q / (2 pi u sy sz) exp(-y^2 / 2 sy^2) [exp(-(z-h)^2 / 2 sz^2) + exp(-(z+h)^2 / 2 sz^2)]``
    (Turner 1970, AP-26; CCPS 1999 p. 97). Standard deviations > 0; arrays broadcast.
    """
    if not (rate_kg_s >= 0 and wind_m_s > 0):
        raise ValueError(f"want rate >= 0 kg/s and wind > 0 m/s, got {rate_kg_s}, {wind_m_s}")
    sigma_y, sigma_z = np.asarray(sigma_y_m, np.float64), np.asarray(sigma_z_m, np.float64)
    y, z = np.asarray(y_m, np.float64), np.asarray(z_m, np.float64)
    across = np.exp(-0.5 * (y / sigma_y) ** 2)
    vertical = reflected(z, height_m, sigma_z)
    return np.asarray(rate_kg_s / (2 * np.pi * wind_m_s * sigma_y * sigma_z) * across * vertical, np.float64)


def reflected(z: Floats, height_m: float, sigma_z: Floats) -> Floats:
    """Vertical term of a source at ``height_m`` and its mirror image below the ground."""
    down = np.exp(-0.5 * ((z - height_m) / sigma_z) ** 2)
    up = np.exp(-0.5 * ((z + height_m) / sigma_z) ** 2)
    return np.asarray(down + up, np.float64)
