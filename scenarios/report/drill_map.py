"""The map of a drill: townships by share in time, teams by how busy they are."""

import geopandas as gpd

from geo.region.region import Region
from scenarios.drill_report import DrillReport
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.region_layers import ground_layers
from scenarios.report.table import Column
from scenarios.report.text import Text


def drill_map(report: DrillReport, region: Region) -> tuple[MapLayer, ...]:
    """Layers from the ground up; a team's circle grows with its share of time out."""
    layers = (*ground_layers(region), _townships(report, region), _teams(report, region))
    return tuple(layer for layer in layers if layer.features)


def _teams(report: DrillReport, region: Region) -> MapLayer:
    placed = region.placed("teams")
    at = dict(zip(map(str, placed["id"]), _lonlats(placed), strict=True))
    return MapLayer(
        id="busy-teams",
        title=Text("队伍（按占用比例）", "Teams, by share of time out"),
        kind="point",
        style="team",
        features=tuple(
            Feature(
                id=one.id,
                geometry=_point(*at[one.id]),
                title=Text(one.name_zh or one.id, one.name_en or one.id),
                values=(one.utilisation.mean, one.jobs.mean),
                weight=one.utilisation.mean or 0.0,
            )
            for one in report.teams
            if one.id in at and one.jobs.mean
        ),
        columns=(
            Column("utilisation", Text("出动占用", "Share of time out"), "percent"),
            Column("jobs", Text("出动次数", "Calls answered"), "decimal"),
        ),
        label_zoom=10.0,
        labels=True,
    )


def _townships(report: DrillReport, region: Region) -> MapLayer:
    table = region.placed("townships")
    at = dict(zip(map(str, table["id"]), _lonlats(table), strict=True))
    return MapLayer(
        id="township-response",
        title=Text("乡镇响应", "Response by township"),
        kind="point",
        style="demand_covered",
        features=tuple(
            Feature(
                id=one.id,
                geometry=_point(*at[one.id]),
                title=Text(one.name_zh, one.name_en),
                values=(one.figures.calls.mean, one.figures.in_time.mean, one.figures.p90_s.mean),
                weight=one.figures.calls.mean,
            )
            for one in report.townships
            if one.id in at and one.figures.calls.mean
        ),
        columns=(
            Column("calls", Text("呼叫数", "Calls"), "decimal"),
            Column("in_time", Text("按时到场", "In time"), "percent"),
            Column("p90", Text("90% 分位响应", "90th percentile"), "minutes"),
        ),
    )


def _lonlats(table: gpd.GeoDataFrame) -> list[tuple[float, float]]:
    """A point inside each record."""
    inside = table.geometry.representative_point()
    return list(zip(inside.x.tolist(), inside.y.tolist(), strict=True))


def _point(lon: float, lat: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
