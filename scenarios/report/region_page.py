"""The page of a region: its map, its layers in numbers, where every record comes from."""

from geo.region.region import Region
from geo.region.show import summary
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.page import Fact, Page
from scenarios.report.region_layers import features, ground_layers, place_layers, provenance_table
from scenarios.report.table import Column
from scenarios.report.text import Text

_STATIONS = {
    "existing": Text("已建站点", "Existing stations"),
    "under_construction": Text("在建站点", "Stations under construction"),
    "planned": Text("规划站点", "Planned stations"),
    "candidate": Text("候选站址", "Candidate sites"),
}
_PEOPLE = Column("people", Text("人口", "People"), "integer")
_SOURCE = Column("source", Text("来源", "Source"))


def region_page(region: Region) -> Page:
    """What ``muster region show`` writes."""
    found = summary(region)
    return Page(
        kind="region",
        title=Text(region.about("name_zh"), region.about("name_en") or region.name),
        subtitle=Text("区域数据一览", "The region and its data"),
        notice=_text(region, "notice"),
        facts=(
            Fact(Text("人口", "People"), found.people, "integer"),
            Fact(Text("道路", "Roads"), found.road_km * 1000, "km"),
            Fact(Text("图层", "Layers"), len(found.layers), "integer"),
            Fact(Text("记录", "Records"), sum(layer.records for layer in found.layers), "integer"),
        ),
        map_layers=(
            *ground_layers(region),
            *_demand_layer(region),
            *place_layers(region),
            *_station_layers(region),
        ),
        provenance=provenance_table(region),
        inputs=(Fact(Text("区域摘要", "Region digest"), found.digest[:16]),),
        attribution=Text.same(region.about("attribution")),
        map_review_number=region.about("map_review_number"),
    )


def _text(region: Region, key: str) -> Text | None:
    zh, en = region.about(f"{key}_zh"), region.about(f"{key}_en")
    return Text(zh, en) if zh or en else None


def _demand_layer(region: Region) -> tuple[MapLayer, ...]:
    table = region.placed("demand")
    dots = tuple(
        Feature(f.id, f.geometry, f.title, f.values, weight=float(people))
        for f, people in zip(features(table, ("people", "source")), table["people"], strict=True)
    )
    title = Text("需求点", "Demand points")
    layer = MapLayer("demand", title, "point", "demand_covered", dots, columns=(_PEOPLE, _SOURCE))
    return (layer,) if dots else ()


def _station_layers(region: Region) -> tuple[MapLayer, ...]:
    stations = region.placed("stations")
    return tuple(
        MapLayer(
            id=f"stations-{status}",
            title=title,
            kind="point",
            style=f"station_{status}",
            features=features(stations[stations["status"] == status]),
            columns=(_SOURCE,),
            labels=status != "candidate",
        )
        for status, title in _STATIONS.items()
        if (stations["status"] == status).any()
    )
