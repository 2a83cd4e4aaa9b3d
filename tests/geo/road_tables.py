"""Small ``roads`` tables written in the tests as lines between named places."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.vehicles import VehicleClass

Line = Sequence[tuple[float, float]]

CAR = VehicleClass(id="car", name_zh="小汽车", name_en="car", source="test")


def road_table(lines: Mapping[str, Line | None], **columns: Any) -> gpd.GeoDataFrame:
    """Roads of class ``primary`` by id; ``columns`` add or replace columns, one value a road."""
    table = {"id": list(lines), "class": ["primary"] * len(lines), **columns}
    shapes = np.empty(len(lines), dtype=object)
    shapes[:] = [None if line is None else shapely.LineString(line) for line in lines.values()]
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
