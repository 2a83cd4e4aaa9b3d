"""Links of the skeleton bent to stay on their bank, and cut at the river where they cross it."""

from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from scenarios.pingluo.plane import line
from scenarios.pingluo.river import River

WINDOW_M = 6_000.0
"""Only the river beside a link bends it: the stretch within this distance (assumed)."""

TOLERANCE_M = 10.0
"""Bends are drawn no finer than this; the river line is good to 1-2 km."""


def bent_link(straight: shapely.LineString, river: River, *, keep_off_m: float) -> shapely.LineString:
    """The shortest way between the ends of a link that stays on their bank, ``keep_off_m`` from the river.

    An end nearer to the river than that is reached all the same: the distance shrinks to four fifths of the
    end's. The river lies on one side of a link, so the shortest way is the near side of the convex hull of
    both ends and the land that must not be entered.
    """
    bank = river.area(river.bank(straight.coords[0]))
    ends = [shapely.Point(c) for c in straight.coords]
    off_m = min(keep_off_m, *(0.8 * float(river.centre.distance(end)) for end in ends))
    beside = straight.buffer(WINDOW_M, cap_style="flat")
    barred = (
        beside.difference(bank).union(river.centre.intersection(beside).buffer(off_m)).intersection(beside)
    )
    if not straight.crosses(barred) and not straight.within(barred):
        return straight
    sides = [_hull_side(straight, barred, left=left) for left in (True, False)]
    on_bank = [way for way in sides if way.within(bank)]
    if not on_bank:
        raise ValueError(f"no way on one bank between {straight.coords[0]} and {straight.coords[1]}")
    shortest = min(on_bank, key=lambda way: float(way.length))
    return shapely.LineString(shortest.simplify(TOLERANCE_M).coords)


def _hull_side(straight: shapely.LineString, barred: BaseGeometry, *, left: bool) -> shapely.LineString:
    """One side of the hull of a link and the barred land on that side of it."""
    reach = straight.buffer((1 if left else -1) * WINDOW_M, single_sided=True)
    hull = shapely.convex_hull(shapely.union_all([straight, barred.intersection(reach)]))
    if not isinstance(hull, shapely.Polygon):
        return straight
    ring = shapely.get_coordinates(hull.exterior)[:-1]
    start, end = (int(np.argmin(np.hypot(*(ring - c).T))) for c in straight.coords)
    ways = [_walk(ring, start, end, step) for step in (1, -1)]
    way = max(ways, key=len)
    way[0], way[-1] = straight.coords[0], straight.coords[-1]
    return line(way)


def _walk(ring: np.ndarray, start: int, end: int, step: int) -> np.ndarray:
    count = ((end - start) * step) % len(ring)
    return ring[(start + step * np.arange(count + 1)) % len(ring)].copy()


def cut_at_river(crossing: shapely.LineString, river: River, *, bridge_m: float) -> list[shapely.LineString]:
    """A crossing link as the way to the river, the bridge, and the way from it."""
    meets = shapely.get_parts(crossing.intersection(river.centre))
    if len(meets) != 1:
        raise ValueError(f"a link crosses the river {len(meets)} times, wanted once")
    middle = float(crossing.project(meets[0]))
    half = min(bridge_m / 2, 0.9 * middle, 0.9 * (float(crossing.length) - middle))
    marks = [0.0, middle - half, middle + half, float(crossing.length)]
    return [shapely.LineString(substring(crossing, a, b).coords) for a, b in pairwise(marks)]
