"""The map of a park plan: the ground, the park's roads, points of plants, hydrants."""

from collections.abc import Iterable

from geo.region.region import Region
from scenarios.files import scenario_from
from scenarios.park_models import ParkRoad, ParkScenario
from scenarios.park_plan import Hydrant, ParkPlan, PointServed
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.region_layers import SOURCE, ground_layers, place_layers
from scenarios.report.table import Column
from scenarios.report.text import Text

HYDRANTS, ROADS, POINTS = "hydrants", "park-roads", "plant-points"
"""Layers that tables lead to."""
_WIDTH = Column("width", Text("路宽", "Width"), "metres")
_AWAY = Column("away", Text("距最近消火栓", "To the nearest hydrant"), "metres")
_ON = Column("on", Text("位置", "Where"))
_MARGIN = 0.15


def park_map(plan: ParkPlan, region: Region) -> tuple[MapLayer, ...]:
    """Layers from the ground up; empty ones are left out."""
    roads = stated_roads(plan)
    layers = (
        *ground_layers(region),
        *place_layers(region),
        MapLayer(
            id=ROADS,
            title=Text("园区道路", "Park roads"),
            kind="line",
            style="road_major",
            features=tuple(map(_road, roads)),
            columns=(_WIDTH, SOURCE),
            labels=True,
        ),
        MapLayer(
            id=POINTS,
            title=Text("厂区保护点", "Points of plants"),
            kind="point",
            style="hazard_site",
            features=tuple(map(_point, plan.points)),
            columns=(_AWAY, SOURCE),
        ),
        MapLayer(
            id=HYDRANTS,
            title=Text("消火栓", "Hydrants"),
            kind="point",
            style="hydrant",
            features=tuple(map(_hydrant, plan.hydrants)),
            columns=(_ON,),
            labels=True,
            label_zoom=15,
        ),
    )
    return tuple(layer for layer in layers if layer.features)


def park_frame(plan: ParkPlan) -> tuple[float, float, float, float]:
    """West, south, east, north around the park's roads and points."""
    at = [point for road in stated_roads(plan) for point in road.line]
    at += [(point.lon, point.lat) for point in plan.points]
    lons, lats = [lon for lon, _ in at], [lat for _, lat in at]
    pad = _MARGIN * max(max(lons) - min(lons), max(lats) - min(lats), 1e-3)
    return min(lons) - pad, min(lats) - pad, max(lons) + pad, max(lats) + pad


def stated_roads(plan: ParkPlan) -> tuple[ParkRoad, ...]:
    """The park's roads as the plan's copy of the scenario has them."""
    content = plan.inputs.scenario.content
    return scenario_from(content, where="inputs.scenario.content", model=ParkScenario).park.roads


def named(zh: str, en: str, identifier: str) -> Text:
    """Its name, or its id where it has none."""
    return Text(zh, en) if zh or en else Text.same(identifier)


def on_roads(hydrant: Hydrant, roads: Iterable[ParkRoad]) -> Text:
    """Where a hydrant stands, as a surveyor reads it."""
    names = {road.id: named(road.name_zh, road.name_en, road.id) for road in roads}
    sides = {"both": Text("", ""), "left": Text("左侧", " left"), "right": Text("右侧", " right")}
    zh = [f"{names[on.road].of('zh')}{sides[on.side].zh} {on.at_m:.0f} 米" for on in hydrant.on]
    en = [f"{names[on.road].of('en')}{sides[on.side].en} at {on.at_m:.0f} m" for on in hydrant.on]
    return Text("；".join(zh), "; ".join(en))


def _road(road: ParkRoad) -> Feature:
    line = {"type": "LineString", "coordinates": [list(point) for point in road.line]}
    return Feature(road.id, line, named(road.name_zh, road.name_en, road.id), (road.width_m, road.source))


def _point(point: PointServed) -> Feature:
    name = named(point.name_zh, point.name_en, point.id)
    return Feature(point.id, _at(point.lon, point.lat), name, (point.distance_m, point.source))


def _hydrant(hydrant: Hydrant) -> Feature:
    on = "; ".join(f"{one.road} {one.at_m:.0f} m" for one in hydrant.on)
    return Feature(hydrant.id, _at(hydrant.lon, hydrant.lat), Text.same(hydrant.id), (on,))


def _at(lon: float, lat: float) -> dict[str, object]:
    return {"type": "Point", "coordinates": [lon, lat]}
