"""Townships of a region that is being built: administrative areas, or one for all; and who lives in which."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import refuse
from geo.osm import OsmExtract
from geo.region.outline import Outline
from geo.region.places import CRS

LEVEL = 8
"""Deepest OpenStreetMap ``admin_level`` taken by itself: townships in China, many municipalities."""
TOWNS = ("city", "town")
"""OpenStreetMap ``place`` values that make a township ``town``."""
MARGIN_DEG = 0.001
"""Width given to a township whose roads all lie on one line, degrees: about 100 m to each side."""
_GUESSED = "zone assumed from OpenStreetMap places"


def township_areas(
    extract: OsmExtract | None, outline: Outline, roads: gpd.GeoDataFrame, *, level: int | None
) -> gpd.GeoDataFrame:
    """Areas of the townships, without people yet.

    Those of the ``level`` asked for or, without one, of the deepest up to ``LEVEL``; where there are none, a
    single township: the outline, else the hull of the roads. Raises ``InputError`` F136 for a level that no
    area has.
    """
    areas = _areas(extract, outline)
    wanted = areas["admin_level"].where(areas["admin_level"] <= LEVEL).max() if level is None else level
    chosen = areas[areas["admin_level"] == wanted]
    if level is not None and not len(chosen):
        raise refuse(
            "F136",
            where="admin_level",
            found=f"no whole administrative area of level {level}",
            wanted=f"one of {sorted(set(areas['admin_level'])) or 'none in this file'}",
            fix="Choose another level, or leave it out.",
        )
    if not len(chosen):
        return _one_for_all(outline, roads)
    towns = extract.settlements[extract.settlements["kind"].isin(TOWNS)] if extract else None
    return _zoned(chosen[["id", "name_zh", "name_en", "source", "geometry"]].reset_index(drop=True), towns)


def _areas(extract: OsmExtract | None, outline: Outline) -> gpd.GeoDataFrame:
    if extract is None:
        return gpd.GeoDataFrame({"admin_level": pd.array([], "Int64")}, geometry=[], crs=CRS)
    areas = extract.admin_areas
    inner = areas.set_geometry(gpd.GeoSeries(shapely.point_on_surface(areas.geometry.to_numpy()), crs=CRS))
    return areas[areas["id"].isin(outline.within(inner)["id"])]


def _one_for_all(outline: Outline, roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shape = outline.shape or shapely.convex_hull(
        shapely.union_all(shapely.envelope(roads.geometry.to_numpy()))
    )
    if shapely.area(shape) == 0:
        shape = shapely.buffer(shape, MARGIN_DEG)  # roads on a single line have a hull without an area
    cells = {
        "id": ["all"],
        "zone": ["town"],
        "source": ["assumed"],
        "note": ["one township for the whole region"],
    }
    return gpd.GeoDataFrame(cells, geometry=[shape], crs=CRS)


def _zoned(areas: gpd.GeoDataFrame, towns: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    places = shapely.union_all(towns.geometry.to_numpy()) if towns is not None else shapely.Point()
    urban = shapely.intersects(areas.geometry.to_numpy(), places)
    return areas.assign(zone=np.where(urban, "town", "outskirts"), note=_GUESSED)


def in_townships(places: gpd.GeoDataFrame, townships: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The places with the ``township_id`` of the area they stand in, the first on a border; else ``""``."""
    tree = shapely.STRtree(townships.geometry.to_numpy())
    place, area = tree.query(places.geometry.to_numpy(), predicate="intersects")
    ids = np.full(len(places), "", dtype=object)
    order = np.lexsort((-area, place))  # the lowest area last, so that it stays
    ids[place[order]] = townships["id"].to_numpy()[area[order]]
    return places.assign(township_id=ids)


def with_people(townships: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The townships with the sum of their demand points as ``people``."""
    sums = demand.groupby("township_id")["people"].sum()
    people = pd.array([int(sums.get(i, 0)) for i in townships["id"]], "Int64")
    return townships.assign(people=people)
