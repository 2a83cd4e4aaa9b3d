"""Spread of a plume after Briggs, rural and urban."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenarios.hazards.figures import table
from scenarios.hazards.pasquill import Stability
from scenarios.hazards.weather import Terrain

Floats = NDArray[np.float64]


def briggs_sigma_m(x_m: ArrayLike, *, stability: Stability, terrain: Terrain) -> tuple[Floats, Floats]:
    """Crosswind and vertical standard deviation of a plume, metres, each of the shape of ``x_m``.

    ``sigma = a x (1 + b x)^p`` with the coefficients of Briggs (1973), doi:10.2172/5118833, in the reading
    of Griffiths (1994), doi:10.1016/1352-2310(94)90086-8. ``x_m`` is the distance downwind, >= 0; the curves
    rest on observations from 100 m to 10 km and on averages of about ten minutes.
    """
    x = np.asarray(x_m, np.float64)
    sets = table("dispersion")["briggs"][terrain]
    return _curve(x, sets["sigma_y"][stability]), _curve(x, sets["sigma_z"][stability])


def isc3_rural_sigma_z_m(x_m: float, *, stability: Stability) -> float:
    """Vertical standard deviation of the ISC3 rural curves, metres; a check on Briggs, not used for zones.

    ``sigma_z = a (x / km)^b`` piecewise (EPA-454/B-95-003b, table 1-3), the upper end of each piece included.
    """
    curves = table("dispersion")["isc3_rural_sigma_z"]
    x_km = x_m / 1000
    _, a, b = next(row for row in curves["rows"][stability] if x_km <= row[0])
    return min(float(a * x_km**b), float(curves["cap_m"].get(stability, np.inf)))


def _curve(x: Floats, row: dict[str, float]) -> Floats:
    return np.asarray(row["a"] * x * (1 + row["b"] * x) ** row["p"], np.float64)
