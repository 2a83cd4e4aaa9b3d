"""Shapes of zones in the wind's frame: x downwind, y to the right, metres, source at the origin."""

from math import ceil, cos, pi

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

Area = Polygon | MultiPolygon

_CORNERS = 72
_STEP_DEG = 5.0


def circle(radius_m: float) -> Polygon:
    """A circle as the polygon drawn around it, so that no place within the radius is left out."""
    angle = np.linspace(0, 2 * pi, _CORNERS, endpoint=False)
    corner_m = radius_m / cos(pi / _CORNERS)
    return Polygon(np.column_stack([np.cos(angle), np.sin(angle)]) * corner_m)


def downwind_square(side_m: float) -> Polygon:
    """The protective-action zone: a square from the source downwind, centred on the wind's axis."""
    return shapely.box(0, -side_m / 2, side_m, side_m / 2)


def swept(shape: Area, *, spread_deg: float) -> Area:
    """Union of the shape over wind directions within ``spread_deg`` either side.

    Directions lie at most 5 degrees apart; between neighbours the convex hull of both and the source is taken
    and widened by 1 / cos(half a step), at most 0.1 %, so that the union contains the shape at every
    direction between. From 180 degrees on the result is a full circle.
    """
    if spread_deg == 0 or shape.is_empty:
        return shape
    if spread_deg >= 180:
        return circle(reach_m(shape))
    steps = max(1, ceil(2 * spread_deg / _STEP_DEG))
    angle = np.radians(np.linspace(-spread_deg, spread_deg, steps + 1))[:, None]
    widened = 1 / cos(np.radians(spread_deg) / steps)
    hull = shapely.union(shape, Point(0, 0)).convex_hull
    x, y = shapely.get_coordinates(hull).T * widened
    turned = np.stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], axis=2)
    neighbours = np.concatenate([turned[:-1], turned[1:]], axis=1)
    return as_area(shapely.union_all(shapely.convex_hull(shapely.linestrings(neighbours))))


def reach_m(shape: Area) -> float:
    """Distance of the farthest corner from the source, metres."""
    return float(np.hypot(*shapely.get_coordinates(shape).T).max())


def as_area(geometry: object) -> Area:
    """The geometry if it is a polygon or several; raises ``TypeError`` otherwise."""
    if isinstance(geometry, Polygon | MultiPolygon):
        return geometry
    raise TypeError(f"want a polygon, got {type(geometry).__name__}")
