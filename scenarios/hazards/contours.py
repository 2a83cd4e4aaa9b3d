"""Stage 1: the ground contour of a concentration, in closed form, without a grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from scenarios.hazards.briggs import briggs_sigma_m
from scenarios.hazards.figures import table
from scenarios.hazards.pasquill import Stability
from scenarios.hazards.plume import plume_kg_m3
from scenarios.hazards.puff import puff_kg_m3, puff_sigma_m
from scenarios.hazards.weather import Terrain

Floats = NDArray[np.float64]

_NEAR_M = np.geomspace(1.0, 1000.0, 61)
_STEP_M = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """A release with its wind and air: what the peak concentration at a place on the ground is.

    Parameters
    ----------
    rate_kg_s, mass_kg
        One of them: steady release, or all at once.
    duration_s
        Of a steady release; ``None`` = without end.
    wind_m_s
        At release height, at least the lowest speed of the plume formula.
    height_m
        Of the release above ground.
    wind_known
        Otherwise ``wind_m_s`` is only the worst case, and an hour's travel no limit.
    """

    wind_m_s: float
    stability: Stability
    terrain: Terrain
    rate_kg_s: float | None = None
    mass_kg: float | None = None
    duration_s: float | None = None
    height_m: float = 0.0
    wind_known: bool = True

    def __post_init__(self) -> None:
        if (self.rate_kg_s is None) == (self.mass_kg is None):
            raise ValueError("cloud: want either rate_kg_s or mass_kg")
        if not self.wind_m_s > 0:
            raise ValueError(f"cloud: want wind > 0 m/s, got {self.wind_m_s}")

    def sigma_y_m(self, x_m: Floats) -> Floats:
        """Crosswind standard deviation ``x_m`` downwind: Briggs for a plume, CCPS for a puff."""
        if self.mass_kg is not None:
            return puff_sigma_m(x_m, stability=self.stability)[0]
        return briggs_sigma_m(x_m, stability=self.stability, terrain=self.terrain)[0]

    def peak_kg_m3(self, x_m: Floats, y_m: float | Floats = 0.0) -> Floats:
        """Highest concentration that the ground ``x_m`` downwind (> 0), ``y_m`` across ever sees, kg/m3.

        Puff: when its centre is there. Release of some minutes: the plume times
        ``erf(u t_d / (2 sqrt(2) sx))`` with sx = sy, the integrated puff at its worst moment.
        """
        if self.mass_kg is not None:
            across, vertical = puff_sigma_m(x_m, stability=self.stability)
            return puff_kg_m3(
                self.mass_kg,
                x_m=0.0,
                t_s=0.0,
                wind_m_s=self.wind_m_s,
                sigma_x_m=across,
                sigma_y_m=across,
                sigma_z_m=vertical,
                y_m=y_m,
                height_m=self.height_m,
            )
        assert self.rate_kg_s is not None
        across, vertical = briggs_sigma_m(x_m, stability=self.stability, terrain=self.terrain)
        steady = plume_kg_m3(
            self.rate_kg_s,
            wind_m_s=self.wind_m_s,
            sigma_y_m=across,
            sigma_z_m=vertical,
            y_m=y_m,
            height_m=self.height_m,
        )
        return steady * self._passing_share(across)

    def limit_m(self) -> float:
        """Distance beyond which nothing is drawn: 10 km, or where a known wind gets in 60 minutes."""
        limits = table("dispersion")["limits"]
        travel_m = self.wind_m_s * float(limits["travel_s"]) if self.wind_known else np.inf
        return min(float(limits["reach_m"]), travel_m)

    def _passing_share(self, sigma_x: Floats) -> Floats | float:
        if self.duration_s is None:
            return 1.0
        from scipy.special import erf

        half_m = self.wind_m_s * self.duration_s / 2
        return np.asarray(erf(half_m / (np.sqrt(2) * sigma_x)), np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contour:
    """Ground where a concentration is reached, in the wind's frame (x downwind, metres).

    ``from_m`` to ``reach_m`` on the axis, both included; ``capped`` when the limit cut it.
    """

    polygon: Polygon
    from_m: float
    reach_m: float
    capped: bool


def contour(cloud: Cloud, threshold_kg_m3: float) -> Contour | None:
    """Contour of a concentration > 0; ``None`` where the ground never sees it beyond the first metre.

    On the axis ``c0(x)``; across, ``c = c0 exp(-y^2 / 2 sy^2)`` gives the half width
    ``y = sy sqrt(2 ln(c0 / c))`` (solved, not searched). The ends on the axis are found by bisection.
    """
    if not threshold_kg_m3 > 0:
        raise ValueError(f"threshold_kg_m3: want > 0, got {threshold_kg_m3}")
    limit_m = cloud.limit_m()
    grid = _grid_m(limit_m)
    above = np.flatnonzero(cloud.peak_kg_m3(grid) >= threshold_kg_m3)
    if not above.size:
        return None
    first, last = int(above[0]), int(above[-1])
    capped = last == len(grid) - 1
    reach_m = limit_m if capped else _crossing(cloud, threshold_kg_m3, grid[last], grid[last + 1])
    from_m = 0.0 if first == 0 else _crossing(cloud, threshold_kg_m3, grid[first], grid[first - 1])
    return Contour(
        polygon=_outline(cloud, threshold_kg_m3, grid[above], from_m=from_m, reach_m=reach_m, capped=capped),
        from_m=from_m,
        reach_m=reach_m,
        capped=capped,
    )


def half_width_m(cloud: Cloud, threshold_kg_m3: float, x_m: Floats) -> Floats:
    """Half width of the contour at ``x_m`` > 0, metres; 0 where the axis itself stays below."""
    ratio = cloud.peak_kg_m3(x_m) / threshold_kg_m3
    return np.asarray(cloud.sigma_y_m(x_m) * np.sqrt(2 * np.log(np.maximum(ratio, 1.0))), np.float64)


def _grid_m(limit_m: float) -> Floats:
    """Where outlines have corners: the same for every threshold, so that contours nest exactly."""
    far_m = np.arange(_NEAR_M[-1] + _STEP_M, limit_m, _STEP_M)
    return np.asarray([*_NEAR_M[: _NEAR_M.searchsorted(limit_m)], *far_m, limit_m])


def _outline(
    cloud: Cloud, threshold_kg_m3: float, x_m: Floats, *, from_m: float, reach_m: float, capped: bool
) -> Polygon:
    y_m = half_width_m(cloud, threshold_kg_m3, x_m)
    side = np.column_stack([x_m, y_m])
    other = np.column_stack([x_m[::-1], -y_m[::-1]])
    tip = np.empty((0, 2)) if capped else np.array([[reach_m, 0.0]])
    return Polygon(np.vstack([[[from_m, 0.0]], side, tip, other]))


def _crossing(cloud: Cloud, threshold_kg_m3: float, inside_m: float, outside_m: float) -> float:
    for _ in range(60):
        middle_m = (inside_m + outside_m) / 2
        if cloud.peak_kg_m3(np.array([middle_m]))[0] >= threshold_kg_m3:
            inside_m = middle_m
        else:
            outside_m = middle_m
    return float(inside_m)
