"""Tables of a park plan: hydrants, rows along roads, points of plants, fires, tanks, sources."""

from geo.region.layers import LAYERS
from scenarios.park_plan import FoamStation, ParkPlan, Pond, RoadServed
from scenarios.report.park_map import HYDRANTS, POINTS, ROADS, named, on_roads, stated_roads
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text

SIDES = {
    "both": Text("单排", "one row"),
    "left": Text("左侧", "left side"),
    "right": Text("右侧", "right side"),
}
LIQUIDS = {"soluble": Text("水溶性", "soluble in water"), "insoluble": Text("非水溶性", "not soluble")}
KINDS = {"fire_area": Text("防火区", "fire area"), "tank": Text("储罐", "tank")}
PARK = {
    "park.roads": Text("园区道路", "park roads"),
    "park.points": Text("厂区点", "points of plants"),
    "park.fire_areas": Text("防火区", "fire areas"),
    "park.tanks": Text("储罐", "tanks"),
}
_CUBIC = Text("立方米", "m³")
_SOURCE = Column("source", Text("来源", "Source"))


def roads_table(plan: ParkPlan) -> Table:
    """One row a row of hydrants."""
    columns = (
        Column("road", Text("道路", "Road")),
        Column("side", Text("位置", "Side")),
        Column("width", Text("路宽", "Width"), "metres"),
        Column("length", Text("长度", "Length"), "metres"),
        Column("hydrants", Text("消火栓", "Hydrants"), "integer"),
        Column("gap", Text("最大间距", "Longest spacing"), "metres"),
        Column("end", Text("端点最远", "From an end"), "metres"),
        _SOURCE,
    )
    note = Text("交叉口的消火栓在各条道路上均计入。", "A hydrant at a crossing counts on each of its roads.")
    return Table("roads", Text("按道路", "By road"), columns, tuple(map(_road, plan.roads)), note)


def _road(row: RoadServed) -> Row:
    name = named(row.name_zh, row.name_en, row.road)
    cells = (row.width_m, row.length_m, row.hydrants, row.longest_gap_m, row.end_m, row.source)
    return Row((name, SIDES[row.side], *cells), feature=(ROADS, row.road))


def points_table(plan: ParkPlan) -> Table:
    """One row a point of a plant."""
    columns = (
        Column("point", Text("厂区点", "Point")),
        Column("hydrant", Text("最近消火栓", "Nearest hydrant")),
        Column("away", Text("直线距离", "Straight distance"), "metres"),
        _SOURCE,
    )
    rows = tuple(
        Row(
            (named(one.name_zh, one.name_en, one.id), one.hydrant, one.distance_m, one.source),
            feature=(POINTS, one.id),
        )
        for one in plan.points
    )
    return Table("points", Text("厂区点的保护", "Points of plants"), columns, rows)


def hydrants_table(plan: ParkPlan) -> Table:
    """One row a hydrant, to be taken to the field."""
    columns = (
        Column("id", Text("编号", "Id")),
        Column("on", Text("位置（自道路起点）", "Where, from the beginning of the road")),
        Column("lon", Text("经度", "Longitude")),
        Column("lat", Text("纬度", "Latitude")),
    )
    roads = stated_roads(plan)
    rows = tuple(
        Row((one.id, on_roads(one, roads), f"{one.lon:.7f}", f"{one.lat:.7f}"), feature=(HYDRANTS, one.id))
        for one in plan.hydrants
    )
    return Table("hydrants", Text("消火栓一览", "All hydrants"), columns, rows)


def fires_table(pond: Pond) -> Table:
    """One row a fire that the pond was sized by."""
    columns = (
        Column("fire", Text("火灾", "Fire")),
        Column("kind", Text("类别", "Kind")),
        Column("flow", Text("流量", "Flow"), "decimal", Text("L/s", "L/s")),
        Column("foam", Text("泡沫用水", "Water in foam"), "decimal", _CUBIC),
        Column("volume", Text("用水量", "Water"), "integer", _CUBIC, bar=True),
        _SOURCE,
    )
    rows = tuple(
        Row(
            (
                named(one.name_zh, one.name_en, one.id),
                KINDS[one.kind],
                one.flow_l_s,
                one.foam_m3,
                one.volume_m3,
                one.source,
            ),
            "total" if one.id == pond.largest else "plain",
        )
        for one in pond.fires
    )
    return Table("fires", Text("各处火灾用水", "Water by fire"), columns, rows)


def foam_table(foam: FoamStation) -> Table:
    """One row a tank that the foam station was sized by."""
    columns = (
        Column("tank", Text("储罐", "Tank")),
        Column("liquid", Text("液体", "Liquid")),
        Column("diameter", Text("直径", "Diameter"), "metres"),
        Column("surface", Text("液面用量", "On the surface"), "decimal", _CUBIC),
        Column("branches", Text("泡沫枪用量", "From branches"), "decimal", _CUBIC),
        Column("pipes", Text("管道剩余", "In pipes"), "decimal", _CUBIC),
        Column("solution", Text("混合液", "Solution"), "decimal", _CUBIC),
        Column("concentrate", Text("泡沫液", "Concentrate"), "decimal", _CUBIC),
        Column("flow", Text("混合液流量", "Flow of solution"), "decimal", Text("L/s", "L/s")),
        _SOURCE,
    )
    rows = tuple(
        Row(
            (
                named(one.name_zh, one.name_en, one.id),
                LIQUIDS[one.liquid],
                one.diameter_m,
                one.surface_m3,
                one.branches_m3,
                one.pipes_m3,
                one.solution_m3,
                one.concentrate_m3,
                one.flow_l_s,
                one.source,
            ),
            "total" if one.id == foam.largest else "plain",
        )
        for one in foam.tanks
    )
    return Table("foam", Text("各罐泡沫用量", "Foam by tank"), columns, rows)


def _layer(layer: str) -> Text:
    return PARK.get(layer) or Text(LAYERS[layer].zh, layer.replace("_", " "))


def sources_table(plan: ParkPlan) -> Table:
    """Where roads, points, fire areas and tanks come from."""
    columns = (
        Column("layer", Text("资料", "Data")),
        Column("records", Text("记录数", "Records"), "integer"),
        Column("assumed", Text("其中推定", "Of these assumed"), "integer"),
        Column("sources", Text("来源", "Sources")),
    )
    rows = tuple(
        Row(
            (
                _layer(one.layer),
                one.records,
                one.assumed,
                "; ".join(f"{s} ({n})" for s, n in one.sources.items()),
            )
        )
        for one in plan.provenance
    )
    return Table("sources", Text("来源", "Sources"), columns, rows)
