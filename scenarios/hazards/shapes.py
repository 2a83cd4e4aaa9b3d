"""Shapes of zones in the wind's frame: x downwind, y to the right, metres, source at the origin."""

from itertools import pairwise
from math import ceil, cos, pi

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon

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

    Directions lie at most 5 degrees apart; between neighbours their common convex hull is taken, so the union
    contains the shape at every direction between. From 180 degrees on the result is a full circle.
    """
    if spread_deg == 0 or shape.is_empty:
        return shape
    if spread_deg >= 180:
        return circle(reach_m(shape))
    steps = max(1, ceil(2 * spread_deg / _STEP_DEG))
    angles = np.linspace(-spread_deg, spread_deg, steps + 1)
    turned = [affinity.rotate(shape, float(angle), origin=(0, 0)) for angle in angles]
    arms = [shapely.union(one, two).convex_hull for one, two in pairwise(turned)]
    return as_area(shapely.union_all([*arms, *turned]))


def reach_m(shape: Area) -> float:
    """Distance of the farthest corner from the source, metres."""
    return float(np.hypot(*shapely.get_coordinates(shape).T).max())


def as_area(geometry: object) -> Area:
    """The geometry if it is a polygon or several; raises ``TypeError`` otherwise."""
    if isinstance(geometry, Polygon | MultiPolygon):
        return geometry
    raise TypeError(f"want a polygon, got {type(geometry).__name__}")
