"""A plane in metres for drawing and measuring within the county, and the rounding of what is written."""

import math
from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

CENTRE = (106.5, 38.9)
"""Origin of the plane, near the county town."""

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on the sphere of 6,371 km; the error over the county is below 1 %, and no length in the region
comes from here: true lengths stand in ``length_m`` or are measured on the ellipsoid by the road graph."""

DECIMALS = 5
"""Of degrees in the written files: about 1 m."""

_SCALE = np.array([METRES_PER_DEGREE * math.cos(math.radians(CENTRE[1])), METRES_PER_DEGREE])
_ORIGIN = np.array(CENTRE)


def to_plane(lonlat: ArrayLike) -> NDArray[np.float64]:
    """Metres east and north of the centre; shape (n, 2) or (2,)."""
    xy_m: NDArray[np.float64] = (np.asarray(lonlat, np.float64) - _ORIGIN) * _SCALE
    return xy_m


def to_lonlat(xy_m: ArrayLike) -> NDArray[np.float64]:
    """Longitude and latitude, rounded as written; shape (n, 2) or (2,)."""
    lonlat: NDArray[np.float64] = np.round(np.asarray(xy_m, np.float64) / _SCALE + _ORIGIN, DECIMALS)
    return lonlat


def rounded(xy_m: ArrayLike) -> NDArray[np.float64]:
    """The same places as they will be written: two of them are joined when they are equal."""
    return to_plane(to_lonlat(xy_m))


def shape_to_plane(shape: BaseGeometry) -> BaseGeometry:
    """A geometry in longitude and latitude, in metres."""
    return shapely.transform(shape, to_plane)


def shape_to_lonlat(shape: BaseGeometry) -> BaseGeometry:
    """A geometry in metres, in longitude and latitude as written."""
    return shapely.transform(shape, to_lonlat)


def line(places: Iterable[ArrayLike]) -> shapely.LineString:
    """A line through places of the plane."""
    return shapely.LineString(np.array([np.asarray(p, np.float64) for p in places]))


def largest_polygon(shape: BaseGeometry) -> shapely.Polygon:
    """The largest polygon of an area: islands and slivers beside it are left out."""
    polygons = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return max(polygons, key=lambda part: float(part.area))
