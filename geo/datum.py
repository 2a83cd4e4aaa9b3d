"""Datums met in Chinese data, turned into WGS84 longitude and latitude.

``wgs84``
    stays as it is.
``cgcs2000``
    China's national system; taken as WGS84, from which it differs by decimetres.
``gcj02``
    the shifted coordinates of Chinese web maps (Amap, Tencent), 50 to 700 m off. Its formula was never
    published officially; this is the form in common use since 2010, on the Krasovsky 1940 ellipsoid.
``bd09``
    Baidu's coordinates, a second shift on top of GCJ-02.

The shifts are inverted by fixed-point iteration, which contracts by about a hundredth a step, so that forward
after inverse agrees within a millimetre.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import refuse
from geo.roads import Floats

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

_SEMI_MAJOR_M = 6_378_245.0  # Krasovsky 1940
_ECCENTRICITY_2 = 0.006_693_421_622_965_943_23
_SHIFTED_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of the box in which GCJ-02 is shifted; elsewhere it is WGS84."""
_BD09_WAVE = np.pi * 3000 / 180
_STEPS = 12


def known_datum(name: str) -> Datum:
    """The datum of that name; raises ``InputError`` F120."""
    if name not in DATUMS:
        raise refuse(
            "F120",
            where="datum",
            found=repr(name),
            wanted=f"one of {', '.join(DATUMS)}",
            fix="Ask the supplier of the data; maps of Amap and Tencent are gcj02, of Baidu bd09.",
        )
    return name


def to_wgs84(lonlat: Floats, datum: str) -> Floats:
    """WGS84 longitude and latitude of points given in ``datum``, degrees, shapes (n, 2).

    NaN stays NaN. Raises ``InputError`` F120 for an unknown datum.
    """
    lonlat = _checked(lonlat)
    match known_datum(datum):
        case "gcj02":
            return _inverted(_gcj02, lonlat)
        case "bd09":
            return _inverted(_bd09, lonlat)
    return lonlat.copy()


def from_wgs84(lonlat: Floats, datum: str) -> Floats:
    """Points in ``datum``, as a Chinese web map shows them; the inverse of ``to_wgs84``."""
    lonlat = _checked(lonlat)
    match known_datum(datum):
        case "gcj02":
            return _gcj02(lonlat)
        case "bd09":
            return _bd09(lonlat)
    return lonlat.copy()


def shapes_to_wgs84(shapes: Sequence[Any] | NDArray[np.object_], datum: str) -> NDArray[np.object_]:
    """WGS84 geometries of points, lines or polygons given in ``datum``; ``None`` stays ``None``."""
    moved: NDArray[np.object_] = shapely.transform(
        np.array(shapes, dtype=object), lambda lonlat: to_wgs84(lonlat, datum)
    )
    return moved


def _checked(lonlat: Floats) -> Floats:
    lonlat = np.asarray(lonlat, np.float64)
    if lonlat.ndim != 2 or lonlat.shape[1] != 2:
        raise ValueError(f"lonlat: want shape (n, 2), got {lonlat.shape}")
    return lonlat


def _inverted(forward: Callable[[Floats], Floats], shifted: Floats) -> Floats:
    guess = shifted.copy()
    for _ in range(_STEPS):
        guess += shifted - forward(guess)
    return guess


def _gcj02(lonlat: Floats) -> Floats:
    west, south, east, north = _SHIFTED_BOX
    lon, lat = lonlat.T
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return np.where(inside[:, None], lonlat + _gcj02_shift(lon, lat), lonlat)


def _gcj02_shift(lon: Floats, lat: Floats) -> Floats:
    x, y = lon - 105.0, lat - 35.0
    north_m = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north_m += _waves(x, (6, 20), (2, 20)) + _waves(y, (1, 20), (1 / 3, 40), (1 / 12, 160), (1 / 30, 320))
    east_m = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east_m += _waves(x, (6, 20), (2, 20), (1, 20), (1 / 3, 40), (1 / 12, 150), (1 / 30, 300))
    phi = np.radians(lat)
    bend = 1 - _ECCENTRICITY_2 * np.sin(phi) ** 2
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_2) / bend**1.5
    parallel_m = _SEMI_MAJOR_M / np.sqrt(bend) * np.cos(phi)
    return np.degrees(np.column_stack([east_m / parallel_m, north_m / meridian_m]))


def _waves(of: Floats, *terms: tuple[float, float]) -> Floats:
    waves: Floats = sum((a * np.sin(f * np.pi * of) for f, a in terms), np.zeros_like(of)) * 2 / 3
    return waves


def _bd09(lonlat: Floats) -> Floats:
    lon, lat = _gcj02(lonlat).T
    radius = np.hypot(lon, lat) + 0.000_02 * np.sin(lat * _BD09_WAVE)
    angle = np.arctan2(lat, lon) + 0.000_003 * np.cos(lon * _BD09_WAVE)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])
