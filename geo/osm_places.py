"""Places of OpenStreetMap made into tables: points for stations and settlements, areas for administration."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.osm_scan import Feature
from geo.osm_tags import names
from geo.roads import Floats

WGS84 = "EPSG:4326"
Shapes = NDArray[np.object_]

_AUTHALIC_RADIUS_M = 6_371_007.181  # of the sphere with the area of WGS84
_NUMBER = re.compile(r"\d+(\.\d+)?")


def place_table(
    features: Sequence[Feature],
    *,
    source: str,
    kind: str | None = None,
    counts: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame:
    """One point within each feature.

    ``kind`` names the tag whose value becomes the column ``kind``; ``counts`` the tag of each column of whole
    numbers, missing where the tag is not a whole number.
    """
    features = sorted(features, key=_order)
    columns = _common(features, source)
    if kind is not None:
        columns["kind"] = [feature.tags.get(kind, "") for feature in features]
    for column, tag in (counts or {}).items():
        columns[column] = pd.array([_count(feature.tags.get(tag, "")) for feature in features], "Int64")
    return gpd.GeoDataFrame(columns, geometry=shapely.point_on_surface(_shapes(features)), crs=WGS84)


def building_table(features: Sequence[Feature], *, source: str) -> gpd.GeoDataFrame:
    """Centroid, kind, storeys (missing: NaN) and ground area of each building."""
    features = sorted(features, key=_order)
    shapes = _shapes(features)
    columns = _common(features, source)
    columns["kind"] = [feature.tags["building"] for feature in features]
    columns["levels"] = [_number(feature.tags.get("building:levels", "")) for feature in features]
    columns["area_m2"] = area_m2(shapes)
    return gpd.GeoDataFrame(columns, geometry=shapely.centroid(shapes), crs=WGS84)


def admin_area_table(features: Sequence[Feature], *, source: str) -> gpd.GeoDataFrame:
    """Polygon and administrative level (0 where it is not a number) of each area.

    Areas without a name are left out: they are rings that belong to the areas of relations.
    """
    features = sorted((feature for feature in features if any(names(feature.tags))), key=_order)
    columns = _common(features, source)
    columns["admin_level"] = [_count(feature.tags.get("admin_level", "")) or 0 for feature in features]
    return gpd.GeoDataFrame(columns, geometry=_shapes(features), crs=WGS84)


def area_m2(shapes: Shapes) -> Floats:
    """Area of lon/lat shapes in the sinusoidal projection of the authalic sphere, which keeps areas, m2.

    Against the ellipsoid the error stays below 0.5 % from the equator to 55 degrees, and below 1 % beyond.
    """

    def sinusoidal(lonlat: Floats) -> Floats:
        lon, lat = np.radians(lonlat).T
        return np.column_stack([lon * np.cos(lat), lat]) * _AUTHALIC_RADIUS_M

    areas: Floats = shapely.area(shapely.transform(shapes, sinusoidal))
    return areas


def _common(features: Sequence[Feature], source: str) -> dict[str, Any]:
    both = [names(feature.tags) for feature in features]
    return {
        "id": [feature.id for feature in features],
        "name_zh": [zh for zh, _ in both],
        "name_en": [en for _, en in both],
        "source": [source] * len(features),
        "note": [""] * len(features),
    }


def _shapes(features: Sequence[Feature]) -> Shapes:
    shapes: Shapes = shapely.from_wkb(np.array([feature.wkb for feature in features], dtype=object))
    return shapes


def _order(feature: Feature) -> tuple[str, int]:
    return feature.id[0], int(feature.id[1:])


def _number(text: str) -> float:
    return float(text) if _NUMBER.fullmatch(text) else np.nan


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
