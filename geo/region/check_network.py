"""Checks of the roads as a network: loose ends, parts cut off, places that no vehicle reaches."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from geo.components import main_network
from geo.errors import Fault, InputError
from geo.metric import IMPASSABLE, arc_weights_ds
from geo.region.finding import CheckLimits, at_record
from geo.region.region import Region
from geo.road_layer import road_graph
from geo.roads import Bools, Floats, Int64s, RoadGraph
from geo.snap import ground_scale, project, snap
from geo.vehicles import VehicleClass

REACHED = ("demand", "stations", "teams", "depots", "shelters", "hospitals", "hazard_sites", "neighbours")
"""Layers whose places vehicles drive to or from."""


def network_faults(region: Region, vehicle: VehicleClass, limits: CheckLimits) -> list[Fault]:
    """Faults of the roads and of the places beside them, L210 to L219, or those of ``road_graph``."""
    lines = region.placed("roads")
    if not (lines["status"] != "planned").any():
        return [_no_roads()]
    try:
        preset = region.about("speed_preset", "china")
        roads = road_graph(lines, region.table("turns"), preset=preset)
    except InputError as error:
        return list(error.faults)
    return [
        *_line_faults(lines),
        *_loose_ends(lines, roads, limits),
        *_reach_faults(region, roads, vehicle, limits),
    ]


def _no_roads() -> Fault:
    return Fault(
        code="L210",
        where="roads",
        found="no existing road with a line",
        wanted="the roads of the region",
        fix="Build the region from an OpenStreetMap extract, or from a road file with a column mapping.",
    )


def _line_faults(lines: gpd.GeoDataFrame) -> Iterator[Fault]:
    again = lines.geometry.to_wkb().duplicated()
    for position, record in enumerate(lines.to_dict("records")):
        if lines.geometry.iloc[position].length == 0:
            yield at_record(
                "L211",
                "roads",
                record,
                found="a line without length",
                wanted="a line",
                fix="Draw or delete it.",
            )
        elif again.iloc[position]:
            yield at_record(
                "L212",
                "roads",
                record,
                found="the very line of an earlier record",
                wanted="each road once",
                fix="Delete one of the two.",
            )


def _loose_ends(lines: gpd.GeoDataFrame, roads: RoadGraph, limits: CheckLimits) -> Iterator[Fault]:
    degree = np.bincount(np.concatenate([roads.edge_from, roads.edge_to]), minlength=roads.junctions)
    ends = np.flatnonzero(degree == 1)
    edge_at = np.full(roads.junctions, -1)
    edge_at[roads.edge_from], edge_at[roads.edge_to] = np.arange(roads.edges), np.arange(roads.edges)
    other, gaps_m = _nearest_other(roads, ends, edge_at[ends], within_m=limits.dangling_m)
    for junction, neighbour, gap_m in zip(ends, other, gaps_m, strict=True):
        if neighbour >= 0:
            lon, lat = roads.junction_lonlat[junction]
            beside = roads.road_ids[roads.road[neighbour]]
            yield at_record(
                "L213",
                "roads",
                lines.iloc[roads.road[edge_at[junction]]].to_dict(),
                found=f"an end at {lon:.6f}, {lat:.6f}, {gap_m:.1f} m from {beside}",
                wanted="a vertex shared with that road, or a wider gap",
                fix="Snap the end to a vertex of the other road if one can drive there.",
            )


def _nearest_other(roads: RoadGraph, ends: Int64s, own: Int64s, *, within_m: float) -> tuple[Int64s, Floats]:
    """Nearest edge other than its own within that reach of each end, -1 for none, and the gap in metres."""
    numbers = np.repeat(np.arange(roads.edges), np.diff(roads.shape_start))
    shapes = np.asarray(shapely.linestrings(project(roads.shape_lonlat), indices=numbers), np.object_)
    lonlat = roads.junction_lonlat[ends]
    points = np.asarray(shapely.points(project(lonlat)), np.object_)
    reach = within_m / ground_scale(lonlat[:, 1])
    end, edge = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=reach)
    foreign = edge != own[end]
    end, edge = end[foreign], edge[foreign]
    metres = shapely.distance(points[end], shapes[edge]) * ground_scale(lonlat[end, 1])
    nearest, gap_m = np.full(len(ends), -1), np.full(len(ends), np.inf)
    order = np.argsort(-metres, kind="stable")
    nearest[end[order]], gap_m[end[order]] = edge[order], metres[order]
    return nearest, gap_m


def _reach_faults(
    region: Region, roads: RoadGraph, vehicle: VehicleClass, limits: CheckLimits
) -> Iterator[Fault]:
    weights_ds = arc_weights_ds(roads, vehicle)
    usable: Bools = weights_ds.reshape(-1, 2).min(axis=1) < IMPASSABLE
    if not usable.any():
        yield _no_roads()
        return
    in_main = main_network(roads, weights_ds)
    on_main: Bools = in_main[roads.edge_from] & in_main[roads.edge_to] & usable
    yield from _islands(roads, usable, on_main)
    for layer in REACHED:
        yield from _place_faults(region, layer, roads, usable, on_main, limits)


def _islands(roads: RoadGraph, usable: Bools, on_main: Bools) -> Iterator[Fault]:
    off = usable & ~on_main
    if not off.any():
        return
    ids = sorted({roads.road_ids[i] for i in roads.road[off]})
    few = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
    yield Fault(
        code="L214",
        where="roads",
        found=f"{len(ids):,} roads, {roads.length_m[off].sum() / 1000:.1f} km, off the main network ({few})",
        wanted="roads that one can drive to and back from",
        fix="Join their ends to the network, or correct direction or access; courts and islands may stay.",
        severity="warning",
    )


def _place_faults(
    region: Region, layer: str, roads: RoadGraph, usable: Bools, on_main: Bools, limits: CheckLimits
) -> Iterator[Fault]:
    table = region.placed(layer)
    if not len(table):
        return
    points = np.column_stack([table.geometry.x, table.geometry.y])
    nearest = snap(roads, points, usable=usable)
    to_main_m = (
        snap(roads, points, usable=on_main).access_m if on_main.any() else np.full(len(points), np.inf)
    )
    for position, record in enumerate(table.to_dict("records")):
        if nearest.access_m[position] > limits.far_from_road_m:
            yield at_record(
                "L215",
                layer,
                record,
                found=f"a place {nearest.access_m[position]:,.0f} m from the nearest road",
                wanted=f"at most {limits.far_from_road_m:,.0f} m",
                fix="Check the coordinates, or add the road that leads there.",
            )
        elif not on_main[nearest.edge[position]]:
            yield at_record(
                "L216",
                layer,
                record,
                found=f"a road cut off from the main network, which is {to_main_m[position]:,.0f} m away",
                wanted="a road that joins the main network",
                fix="Join the road, or correct its direction or access; an island may stay.",
            )
