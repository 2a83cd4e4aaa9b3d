"""Where the name of a feature belongs, the same on the drawn and the interactive map."""

import math
from itertools import pairwise

from scenarios.report.map_frame import LonLat, parts
from scenarios.report.map_layer import Geometry


def label_point(geometry: Geometry) -> LonLat:
    """Place of a name, lon/lat: the point, halfway on the longest line, the roomiest place of an area.

    The roomiest place is the centre of the largest circle inside the area, here in degrees, which is near
    enough for a name; an area with a fault in its outline gets some point inside it.
    """
    if "Polygon" in geometry["type"]:
        return _roomiest(geometry)
    longest = max(parts(geometry), key=_length)
    return _halfway(longest)


def _roomiest(geometry: Geometry) -> LonLat:
    import shapely
    from shapely.geometry import shape

    area = max(shapely.get_parts(shape(dict(geometry))), key=lambda part: part.area)
    if not area.is_valid or area.area == 0.0:
        point = area.representative_point()
        return float(point.x), float(point.y)
    lon, lat = shapely.maximum_inscribed_circle(area).coords[0]
    return float(lon), float(lat)


def _halfway(run: list[LonLat]) -> LonLat:
    left = _length(run) / 2
    for a, b in pairwise(run):
        step = math.dist(a, b)
        if step >= left and step > 0:
            share = left / step
            return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
        left -= step
    return run[0]


def _length(run: list[LonLat]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(run))
