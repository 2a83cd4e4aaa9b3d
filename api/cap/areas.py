"""Areas of a CAP 1.2 message: polygons and circles drawn as one shape, at a cost that has a limit.

Outlines of few points can cross each other millions of times; how often they do is counted before anything is
united.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError, refuse

MOST_POINTS = 10_000
"""Of all areas of one language of a message together, and of their union; inclusive."""
MOST_CROSSINGS = 50_000
"""Pairs of lines of different areas that come near each other, inclusive."""
_CIRCLE_POINTS = 64
_AT_ONCE = 64
"""Lines whose neighbours are looked up together."""
_LARGEST_LAT = 85.0
_EARTH = Geod(ellps="WGS84")


def drawn(polygons: Sequence[str], circles: Sequence[str]) -> BaseGeometry | None:
    """The union of all areas; missing where none is drawn.

    Raises
    ------
    InputError
        A252 an area that cannot be used, or areas that cross each other too often.
    """
    shapes = [_polygon(text) for text in polygons[:MOST_POINTS]]
    points = sum(len(one.exterior.coords) for one in shapes) + _CIRCLE_POINTS * len(circles)
    if points > MOST_POINTS:
        raise _crooked("areas", f"more than {MOST_POINTS} points")
    shapes += [_circle(text) for text in circles]
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    _refuse_tangled(shapes)
    union = shapely.union_all(shapes)
    if shapely.get_num_coordinates(union) > MOST_POINTS:
        raise _crooked("areas", f"areas that together have more than {MOST_POINTS} points")
    return union


def _refuse_tangled(shapes: Sequence[Polygon]) -> None:
    """By the boxes around lines: some that do not cross count as well."""
    lines, owners = _lines(shapes)
    tree = shapely.STRtree(lines)
    near = 0
    for begin in range(0, len(lines), _AT_ONCE):
        one, other = tree.query(lines[begin : begin + _AT_ONCE])
        near += int(np.count_nonzero(owners[begin + one] < owners[other]))
        if near > MOST_CROSSINGS:
            raise _crooked("areas", f"areas that cross each other more than {MOST_CROSSINGS} times")


def _lines(shapes: Sequence[Polygon]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Every line of every outline, and the number of the shape that it belongs to."""
    places, owners = shapely.get_coordinates([one.exterior for one in shapes], return_index=True)
    inside = owners[:-1] == owners[1:]
    ends = np.stack([places[:-1][inside], places[1:][inside]], axis=1)
    return np.asarray(shapely.linestrings(ends)), owners[:-1][inside]


def _polygon(text: str) -> Polygon:
    """``latitude,longitude`` between spaces, the first repeated at the end."""
    pairs = [_position(part) for part in text.split()[: MOST_POINTS + 1]]
    if len(pairs) < 4 or pairs[0] != pairs[-1]:
        raise _crooked("polygon", text[:60])
    return _usable(Polygon(pairs), "polygon")


def _circle(text: str) -> Polygon:
    """``latitude,longitude radius``, the radius in kilometres; a radius of 0 is taken as 100 m."""
    parts = text.split()
    if len(parts) != 2:
        raise _crooked("circle", text[:60])
    lon, lat = _position(parts[0])
    radius_m = max(_number(parts[1]) * 1000, 100.0)
    if radius_m > 1_000_000:
        raise _crooked("circle", f"a radius of {parts[1]} km")
    turn = np.linspace(0, 360, _CIRCLE_POINTS, endpoint=False)
    from_lon, from_lat, far = (np.full(_CIRCLE_POINTS, value) for value in (lon, lat, radius_m))
    lons, lats, _ = _EARTH.fwd(from_lon, from_lat, turn, far)
    if np.ptp(lons) > 180 or np.abs(lats).max() > _LARGEST_LAT:
        raise _crooked("circle", f"{text[:60]}: over the 180th meridian or near a pole")
    return _usable(Polygon(np.column_stack([lons, lats])), "circle")


def _usable(shape: Polygon, what: str) -> Polygon:
    if not shape.is_valid or not shape.area > 0:
        raise _crooked(what, str(shapely.is_valid_reason(shape)))
    return shape


def _position(text: str) -> tuple[float, float]:
    """Longitude and latitude of ``latitude,longitude``."""
    parts = text.split(",")
    if len(parts) != 2:
        raise _crooked("position", text[:60])
    lat, lon = _number(parts[0]), _number(parts[1])
    if not (-_LARGEST_LAT <= lat <= _LARGEST_LAT and -180 <= lon <= 180):
        raise _crooked("position", text[:60])
    return lon, lat


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or len(text) > 30:
        raise _crooked("number", text[:60])
    return found


def _crooked(what: str, found: str) -> InputError:
    return refuse(
        "A252",
        where=f"area {what}",
        found=found,
        wanted="closed polygons of latitude,longitude that do not cross themselves, or circles in km",
        fix="Correct the area.",
    )
