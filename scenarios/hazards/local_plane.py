"""Metres east and north of a point, for shapes of a few tens of kilometres."""

from dataclasses import dataclass
from math import cos, radians, sin, sqrt
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import refuse

Floats = NDArray[np.float64]

_SEMI_MAJOR_M = 6_378_137.0
_ECCENTRICITY2 = 6.694_379_990_141e-3  # WGS84


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """Plane tangent to WGS84 at ``lon``, ``lat``; scale error below 0.3 % within 20 km at middle latitudes.

    Raises ``InputError`` H107 when the point is no longitude and latitude.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -85 <= self.lat <= 85):
            raise refuse(
                "H107",
                where="place of the hazard",
                found=f"{self.lon}, {self.lat}",
                wanted="longitude and latitude in degrees, latitude within 85",
                fix="Give WGS84 longitude and latitude, not projected metres, in this order.",
            )

    def metres(self, lonlat: Floats) -> Floats:
        """East and north of the point, metres, shape (n, 2), from longitude and latitude."""
        return np.asarray((lonlat - (self.lon, self.lat)) * self._metres_per_degree(), np.float64)

    def lonlat(self, metres: Floats) -> Floats:
        """Longitude and latitude, shape (n, 2), from metres east and north."""
        return np.asarray(metres / self._metres_per_degree() + (self.lon, self.lat), np.float64)

    def placed(self, shape: Any, *, bearing_deg: float) -> Any:
        """A shape in the wind's frame (x downwind, y to its right) as longitude and latitude.

        ``bearing_deg`` is where the wind blows to, degrees clockwise from north.
        """
        b = radians(bearing_deg)

        def turn(xy: Floats) -> Floats:
            x, y = xy[:, 0], xy[:, 1]
            east, north = x * sin(b) + y * cos(b), x * cos(b) - y * sin(b)
            return self.lonlat(np.column_stack([east, north]))

        return shapely.transform(shape, turn)

    def _metres_per_degree(self) -> tuple[float, float]:
        squash = 1 - _ECCENTRICITY2 * sin(radians(self.lat)) ** 2
        across = _SEMI_MAJOR_M / sqrt(squash)
        along = _SEMI_MAJOR_M * (1 - _ECCENTRICITY2) / squash**1.5
        return radians(across * cos(radians(self.lat))), radians(along)
