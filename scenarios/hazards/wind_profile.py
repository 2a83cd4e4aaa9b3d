"""Wind speed at another height by the power law."""

from typing import Literal

from scenarios.hazards.figures import table
from scenarios.hazards.pasquill import Stability
from scenarios.hazards.weather import Terrain

ExponentSet = Literal["rural", "urban_isc3", "urban_ccps"]


def wind_at_m_s(
    wind_m_s: float, *, measured_at_m: float, height_m: float, stability: Stability, exponents: ExponentSet
) -> float:
    """Wind at ``height_m`` from wind at ``measured_at_m``: ``u0 (z / z0)^p``, both heights > 0.

    Exponents of ISC3 (EPA-454/B-95-003b) or, for comparison, Irwin (1979) as in CCPS (1999): the two
    disagree in town for classes E and F. The program itself uses ISC3.
    """
    if not (measured_at_m > 0 and height_m > 0):
        raise ValueError(f"heights: want > 0 m, got {measured_at_m}, {height_m}")
    exponent = float(table("dispersion")["wind_exponent"]["sets"][exponents][stability])
    return float(wind_m_s * (height_m / measured_at_m) ** exponent)


def exponents_of(terrain: Terrain) -> ExponentSet:
    """The set of exponents the program uses in open country or in town."""
    return "rural" if terrain == "rural" else "urban_isc3"
