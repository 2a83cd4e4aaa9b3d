"""Records of the fact files, put in their place."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from scenarios.pingluo.plane import rounded, shape_to_lonlat, to_plane
from scenarios.pingluo.river import River

Place = NDArray[np.float64]
HOW = (
    "lonlat",
    "at",
    "offset_m",
    "of",
    "seat",
    "at_station",
    "at_neighbour",
    "course",
    "width_m",
    "along_river",
)
"""Keys that say where a record lies; they are no columns."""


def told_records(told: Mapping[str, Any], key: str = "records") -> list[dict[str, Any]]:
    """The records of a fact file with its defaults filled in."""
    return [{**told.get("defaults", {}), **record} for record in told[key]]


def placed(record: dict[str, Any], anchors: Mapping[str, Place]) -> dict[str, Any]:
    """The record with its point: ``lonlat``, or an anchor's place moved by ``offset_m`` (east, north)."""
    if "lonlat" in record:
        place = to_plane(record["lonlat"])
    else:
        anchor = next(record[k] for k in ("at", "of", "seat", "at_station", "at_neighbour") if k in record)
        place = anchors[anchor] + np.array(record.get("offset_m", [0, 0]), np.float64)
    return {**_columns(record), "geometry": shape_to_lonlat(shapely.Point(rounded(place)))}


def flooded(record: dict[str, Any], river: River) -> dict[str, Any]:
    """The record with its area: a course, or the river between two latitudes, widened to ``width_m``."""
    if "course" in record:
        course: BaseGeometry = shapely.LineString(to_plane(record["course"]))
    else:
        (_, south), (_, north) = to_plane([[0, lat] for lat in record["along_river"]])
        band = shapely.box(-1e6, south, 1e6, north)
        course = max(shapely.get_parts(river.centre.intersection(band)), key=lambda g: float(g.length))
    area = course.buffer(record["width_m"] / 2, quad_segs=4).simplify(10.0)
    return {**_columns(record), "geometry": shape_to_lonlat(area)}


def _columns(record: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k not in HOW}
