"""Checks of single places: inside the boundary, shaped rightly, not doubled, not in a shifted datum."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from geo.datum import to_wgs84
from geo.errors import Fault
from geo.region.finding import CheckLimits, at_record
from geo.region.layers import LAYERS
from geo.region.region import Region
from geo.roads import Floats
from geo.snap import distance_m, ground_scale, project

INSIDE = ("townships", "demand", "stations", "teams", "depots", "shelters", "hospitals", "hazard_sites")
"""Layers whose places belong inside the boundary; teams of neighbours are excepted."""
SHIFTED = ("gcj02", "bd09")


def place_faults(region: Region, limits: CheckLimits) -> list[Fault]:
    """Faults L201 to L206 of all layers with places."""
    faults = [*_declared_datum(region)]
    for layer in (name for name, spec in LAYERS.items() if spec.geometry):
        faults += [*_unplaced(region, layer), *_shapes(region, layer)]
        if LAYERS[layer].geometry == "point" and layer != "turns":
            faults += [*_doubled(region, layer), *_shifted(region, layer, limits)]
    for layer in INSIDE:
        faults += _outside(region, layer)
    return faults


def _declared_datum(region: Region) -> Iterator[Fault]:
    datum = region.about("datum", "wgs84")
    if datum not in ("wgs84", "cgcs2000"):
        yield Fault(
            code="L201",
            where="about datum",
            found=datum,
            wanted="wgs84 or cgcs2000",
            fix="Convert the coordinates with `--datum` when the region is built, then correct this entry.",
        )


def _unplaced(region: Region, layer: str) -> Iterator[Fault]:
    table = region.table(layer)
    for record in table[table.geometry.isna()].to_dict("records"):
        yield at_record(
            "L202",
            layer,
            record,
            found="no coordinates",
            wanted="a place",
            fix="Place it on the map or fill its coordinates; until then it is left out of computing.",
        )


def _shapes(region: Region, layer: str) -> Iterator[Fault]:
    table = region.placed(layer)
    crossed = ~shapely.is_valid(table.geometry.to_numpy()) & (table.geom_type != "LineString").to_numpy()
    for position in np.flatnonzero(crossed):
        yield at_record(
            "L203",
            layer,
            table.iloc[position].to_dict(),
            found=shapely.is_valid_reason(table.geometry.iloc[position]),
            wanted="a shape that does not cross itself",
            fix="Mend it; in QGIS: Fix geometries.",
            severity="error",
        )


def _doubled(region: Region, layer: str) -> Iterator[Fault]:
    table = region.placed(layer)
    named = table[(table["name_zh"] + table["name_en"]) != ""]
    again = named.assign(at=named.geometry.to_wkb()).duplicated(["name_zh", "name_en", "at"])
    for record in named[again].to_dict("records"):
        yield at_record(
            "L204",
            layer,
            record,
            found="the name and the place of an earlier record",
            wanted="each place once",
            fix="Delete one of the two.",
        )


def _outside(region: Region, layer: str) -> Iterator[Fault]:
    outline = region.placed("boundary")
    table = region.placed(layer)
    if "force" in table:
        table = table[table["force"] != "neighbour"]
    if not len(outline) or not len(table) or not outline.geometry.is_valid.all():
        return
    inside = shapely.union_all(outline.geometry.to_numpy())
    shapes = shapely.point_on_surface(table.geometry.to_numpy())
    for position in np.flatnonzero(~shapely.intersects(inside, shapes)):
        point = shapes[position]
        swapped = bool(shapely.intersects(inside, shapely.Point(point.y, point.x)))
        yield at_record(
            "L205",
            layer,
            table.iloc[position].to_dict(),
            found=f"{point.x:.6f}, {point.y:.6f}, {_apart_m(inside, point):,.0f} m outside the boundary",
            wanted="a place inside",
            fix="Exchange longitude and latitude." if swapped else "Check the coordinates or the boundary.",
        )


def _apart_m(area: shapely.Geometry, point: shapely.Point) -> float:
    foot = shapely.get_coordinates(shapely.shortest_line(area, point))
    return float(distance_m(foot[:1], foot[1:])[0])


def _shifted(region: Region, layer: str, limits: CheckLimits) -> Iterator[Fault]:
    places, roads = region.placed(layer), region.placed("roads")
    if len(places) < limits.datum_places or not len(roads):
        return
    given = np.column_stack([places.geometry.x, places.geometry.y])
    before_m = _median_to_roads_m(roads, given)
    if before_m <= limits.datum_before_m:
        return
    after_m = {datum: _median_to_roads_m(roads, to_wgs84(given, datum)) for datum in SHIFTED}
    best = min(after_m, key=after_m.__getitem__)
    if after_m[best] * limits.datum_gain <= before_m:
        yield Fault(
            code="L206",
            where=f"{layer} ({len(places):,} places)",
            found=f"places {before_m:,.0f} m from the roads, {after_m[best]:,.0f} m if they were in {best}",
            wanted="WGS84 coordinates",
            fix=f"Ask where they come from; if from a Chinese web map, import them again with datum {best}.",
            severity="warning",
        )


def _median_to_roads_m(roads: gpd.GeoDataFrame, lonlat: Floats) -> float:
    lines = shapely.transform(roads.geometry.to_numpy(), project)
    points = project(lonlat)
    _, apart = shapely.STRtree(lines).query_nearest(
        shapely.points(points), all_matches=False, return_distance=True
    )
    return float(np.median(apart * ground_scale(lonlat[:, 1])))
