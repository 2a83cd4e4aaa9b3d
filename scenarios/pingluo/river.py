"""The Yellow River as one centre line, and the bank on which a place stands."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from scenarios.pingluo.plane import line, shape_to_lonlat, shape_to_plane, to_plane
from scenarios.pingluo.sources import Sources, facts

Bank = Literal["west", "east"]
MARGIN_M = 60_000.0
"""How far the two banks reach beyond the ends of the river line: farther than any place of the region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class River:
    """Centre line from south to north and the area of each bank, in plane metres."""

    centre: shapely.LineString
    west: BaseGeometry
    east: BaseGeometry

    def bank(self, xy_m: Any) -> Bank:
        """The bank of a place."""
        return "west" if shapely.contains_xy(self.west, *np.asarray(xy_m)) else "east"

    def area(self, bank: Bank) -> BaseGeometry:
        """All land of a bank."""
        return self.west if bank == "west" else self.east


def read_river(sources: Sources) -> River:
    """Join the parts that ``facts/river.yaml`` names into one line and divide the land by it."""
    places = np.vstack([_part(part, sources) for part in facts("river")["parts"]])
    centre = line(places)
    if not centre.is_simple:
        raise ValueError("the parts of the river line cross or run back")
    low, high = places[0] - [0, MARGIN_M], places[-1] + [0, MARGIN_M]
    whole = shapely.box(low[0] - 3 * MARGIN_M, low[1], high[0] + 3 * MARGIN_M, high[1])
    halves = sorted(split(whole, line([low, *places, high])).geoms, key=lambda g: g.centroid.x)
    if len(halves) != 2:
        raise ValueError(f"the river line divides the land into {len(halves)} parts, wanted 2")
    return River(centre=centre, west=halves[0], east=halves[1])


def river_record(river: River, *, within: BaseGeometry) -> dict[str, Any]:
    """The record of the layer ``rivers``: the part of the line inside an area of the plane."""
    told = facts("river")
    inside = max(shapely.get_parts(river.centre.intersection(within)), key=lambda g: float(g.length))
    return {
        "id": "yellow-river",
        "name_zh": told["name_zh"],
        "name_en": told["name_en"],
        "source": told["source"],
        "note": "centre line, good to 1-2 km",
        "geometry": shape_to_lonlat(inside),
    }


def _part(part: dict[str, Any], sources: Sources) -> Any:
    """The stretch of a line or border between two places, both snapped to its nearest vertex."""
    if "border_of" in part:
        area = max(shapely.get_parts(sources.counties[part["border_of"]]), key=lambda g: float(g.area))
        return _arc(shapely.get_coordinates(area.exterior)[:-1], part["from"], part["to"])
    start = np.array(part["gshhg_line_from"])
    nearest = min(sources.river_lines, key=lambda g: float(np.hypot(*(np.array(g.coords[0]) - start))))
    places = shapely.get_coordinates(shape_to_plane(nearest))
    return places[: _nearest(places, part["to"]) + 1]


def _arc(ring: Any, start: Any, end: Any) -> Any:
    """The shorter way round a ring from one place to another."""
    places = to_plane(ring)
    i, j = _nearest(places, start), _nearest(places, end)
    ways = [
        places[np.arange(i, i + (j - i) % len(places) + 1) % len(places)],
        places[np.arange(i, i - (i - j) % len(places) - 1, -1) % len(places)],
    ]
    return min(ways, key=lambda way: float(line(way).length))


def _nearest(places: Any, lonlat: Any) -> int:
    return int(np.argmin(np.hypot(*(places - to_plane(lonlat)).T)))
