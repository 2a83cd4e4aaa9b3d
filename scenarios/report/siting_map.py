"""The map of a siting plan: ground, demand by what the plan changes, stations that stand, open, close."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from geo.region.region import Region
from scenarios.forces import forces
from scenarios.plan import Site, SitingPlan
from scenarios.point_service import PointService
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.region_layers import ground_layers, place_layers
from scenarios.report.siting_words import sites_of_plan
from scenarios.report.table import Column
from scenarios.report.text import Text

OPEN, KEEP, CLOSE = "sites-open", "sites-keep", "sites-close"
"""Layers of the sites, which tables and reasons lead to."""
_DEMAND = (
    ("demand-covered", Text("现状与方案均达标", "In time before and after"), "demand_covered"),
    ("demand-newly", Text("方案新增达标", "In time by the plan"), "demand_newly_covered"),
    ("demand-uncovered", Text("方案仍未达标", "Not in time"), "demand_uncovered"),
    ("demand-unreachable", Text("现有与新选站均无路可达", "No road from any station"), "demand_unreachable"),
)
_SERVICE = (
    Column("people", Text("人口", "People"), "integer", Text("人", "people")),
    Column("before", Text("现状到场", "Response before"), "minutes"),
    Column("after", Text("方案到场", "Response after"), "minutes"),
)
_COST = Column("cost", Text("费用", "Cost"), "yuan")


def siting_map(plan: SitingPlan, region: Region, service: PointService) -> tuple[MapLayer, ...]:
    """Layers from the ground up; empty ones are left out."""
    decided, words = plan.decisions, sites_of_plan(plan)
    zh, en = words.zh, words.en
    layers = (
        *ground_layers(region),
        *_demand_layers(service),
        *(layer for layer in place_layers(region) if layer.id != "teams"),
        _candidates(plan, region),
        _site_layer(KEEP, Text(f"现有{zh}", f"Existing {en}"), "station_existing", _standing(plan, region)),
        _site_layer(CLOSE, Text(f"关闭{zh}", f"{en.capitalize()} to close"), "station_closed", decided.close),
        _site_layer(OPEN, Text(f"新选{zh}", f"New {en}"), "station_chosen", decided.open),
    )
    return tuple(layer for layer in layers if layer.features)


def _demand_layers(service: PointService) -> list[MapLayer]:
    """Each point once: in time when every standard that holds for it is met."""
    ids = (service.points["layer"] + " " + service.points["id"]).to_numpy(dtype=str)
    unique, first, point = np.unique(ids, return_index=True, return_inverse=True)
    before, after = np.ones(len(unique), np.bool_), np.ones(len(unique), np.bool_)
    np.logical_and.at(before, point, service.covered_before)
    np.logical_and.at(after, point, service.covered_after)
    cut = np.zeros(len(unique), np.bool_)
    np.logical_or.at(cut, point, np.isinf(service.after_s))
    kind = np.where(cut, 3, np.where(~after, 2, np.where(before, 0, 1)))
    return [
        MapLayer(
            id=layer,
            title=title,
            kind="point",
            style=style,
            features=_points(service, np.sort(first[kind == number]).tolist()),
            columns=_SERVICE,
        )
        for number, (layer, title, style) in enumerate(_DEMAND)
    ]


def _points(service: PointService, rows: Sequence[int]) -> tuple[Feature, ...]:
    table = service.points
    names = list(zip(table["id"], table["name_zh"], table["name_en"], strict=True))
    people = table["people"].to_numpy(np.int64)
    x, y = table.geometry.x.round(5).to_numpy(), table.geometry.y.round(5).to_numpy()
    return tuple(
        Feature(
            id=str(names[row][0]),
            geometry={"type": "Point", "coordinates": [float(x[row]), float(y[row])]},
            title=Text(str(names[row][1]), str(names[row][2]))
            if names[row][1] or names[row][2]
            else Text.same(str(names[row][0])),
            values=(int(people[row]), float(service.before_s[row]), float(service.after_s[row])),
            weight=float(people[row]),
        )
        for row in rows
    )


def _candidates(plan: SitingPlan, region: Region) -> MapLayer:
    """Stations that might have been built and were not chosen; records of other layers show anyway."""
    table = _housing(plan, region)
    chosen = {site.id for site in plan.decisions.open}
    rest = table[(table["status"] != "existing") & ~table["id"].isin(chosen)]
    title = Text("未选候选站址", "Candidates not chosen")
    return _site_layer("candidates", title, "station_candidate", _stations(rest))


def _standing(plan: SitingPlan, region: Region) -> Sequence[Site]:
    """Existing stations; without a plan, those of the region."""
    if plan.decisions.keep or plan.measures.after is not None:
        return plan.decisions.keep
    table = _housing(plan, region)
    return _stations(table[table["status"] == "existing"])


def _housing(plan: SitingPlan, region: Region) -> gpd.GeoDataFrame:
    """Stations of the kinds that house a force of the plan."""
    table = region.placed("stations")
    asked = {one.force for one in plan.measures.before.standards}
    return table[table["kind"].isin({kind for force in asked for kind in forces()[force].station_kinds})]


def _stations(table: gpd.GeoDataFrame) -> list[Site]:
    x, y = table.geometry.x, table.geometry.y
    return [
        Site(id=str(i), layer="stations", name_zh=str(zh), name_en=str(en), lon=float(lon), lat=float(lat))
        for i, zh, en, lon, lat in zip(table["id"], table["name_zh"], table["name_en"], x, y, strict=True)
    ]


def _site_layer(layer: str, title: Text, style: str, sites: Sequence[Site]) -> MapLayer:
    return MapLayer(
        id=layer,
        title=title,
        kind="point",
        style=style,
        features=tuple(
            Feature(
                id=site.id,
                geometry={"type": "Point", "coordinates": [round(site.lon, 5), round(site.lat, 5)]},
                title=site_name(site),
                values=(site.cost,),
            )
            for site in sites
        ),
        columns=(_COST,),
        labels=layer != "candidates",
    )


def site_name(site: Site) -> Text:
    """Its name, or its id where it has none."""
    return Text(site.name_zh, site.name_en) if site.name_zh or site.name_en else Text.same(site.id)
