"""The layers of a region and their columns: the one place that knows them.

Readers, writers, checks, the published JSON Schema, the Chinese spreadsheet headers and ``docs/files.md`` are
all made from ``LAYERS``.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "count", "number", "date", "flag", "choice", "capabilities"]
Geometry = Literal["point", "line", "polygon", "area", None]
"""``area`` is a polygon or a single point that stands for it; ``None`` is a table without places."""

_GEOMETRY_TYPES: dict[Geometry, tuple[str, ...]] = {
    None: (),
    "point": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
    "area": ("Point", "Polygon", "MultiPolygon"),
}
ROAD_CLASSES = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service",
    "track", "road", "ferry",
)  # fmt: skip
CAPABILITIES = (
    "fire", "hazmat", "water_rescue", "road_rescue", "collapse_rescue", "gas_repair", "pumping",
    "forest_fire", "medical", "decontamination", "evacuation_support", "transport", "command",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a layer.

    Parameters
    ----------
    kind
        ``text``; ``count`` (whole number); ``number``; ``date`` (``YYYY-MM-DD``); ``flag`` (``yes`` / ``no``);
        ``choice`` (one of ``choices``); ``capabilities`` (``fire:2;hazmat:1``).
    zh, about
        Chinese header of spreadsheets, and what the column says, with its unit.
    required
        An empty cell is a fault. Other columns may be empty: ``""`` for words, missing for numbers.
    at_least, at_most
        Inclusive limits of numbers.
    refers_to
        Layer whose ``id`` the value must be.
    """

    name: str
    kind: Kind
    zh: str
    about: str
    required: bool = False
    at_least: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer: a table of records, with or without places."""

    name: str
    zh: str
    about: str
    geometry: Geometry
    columns: tuple[Column, ...]

    @property
    def geometry_types(self) -> tuple[str, ...]:
        """GeoJSON types the layer takes; a road is a single line, since its ends join other roads."""
        return ("LineString",) if self.name == "roads" else _GEOMETRY_TYPES[self.geometry]

    def column(self, name: str) -> Column:
        """The column of that name; raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _text(name: str, zh: str, about: str, *, required: bool = False, refers_to: str | None = None) -> Column:
    return Column(name=name, kind="text", zh=zh, about=about, required=required, refers_to=refers_to)


def _choice(name: str, zh: str, about: str, *choices: str, required: bool = False) -> Column:
    return Column(name=name, kind="choice", zh=zh, about=about, choices=choices, required=required)


MOST_COUNTED = 10**9
"""Most that one record may count, inclusive, so that sums of people times deciseconds stay exact in 64 bits."""


def _count(name: str, zh: str, about: str, *, required: bool = False) -> Column:
    return Column(
        name=name, kind="count", zh=zh, about=about, required=required, at_least=0, at_most=MOST_COUNTED
    )


def _number(
    name: str,
    zh: str,
    about: str,
    *,
    required: bool = False,
    at_least: float = 0,
    at_most: float | None = None,
) -> Column:
    return Column(
        name=name,
        kind="number",
        zh=zh,
        about=about,
        required=required,
        at_least=at_least,
        at_most=at_most,
    )


def _flag(name: str, zh: str, about: str) -> Column:
    return Column(name=name, kind="flag", zh=zh, about=about)


def _date(name: str, zh: str, about: str) -> Column:
    return Column(name=name, kind="date", zh=zh, about=about)


EVERYWHERE = (
    _text("id", "编号", "unique in its layer", required=True),
    _text("name_zh", "名称", "Chinese name; one of the two names may be empty"),
    _text("name_en", "英文名称", "English or romanised name"),
    _text(
        "source",
        "来源",
        "where the record comes from: a document, a data set, or `assumed`",
        required=True,
    ),
    _text("note", "备注", "anything a reader should know"),
)


def _layer(name: str, zh: str, about: str, geometry: Geometry, *columns: Column) -> Layer:
    return Layer(
        name=name,
        zh=zh,
        about=about,
        geometry=geometry,
        columns=(*EVERYWHERE[:3], *columns, *EVERYWHERE[3:]),
    )


LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        _layer(
            "about", "区域说明", "facts about the region itself, one a row, named by `id`", None,
            _text("value", "值", "the fact"),
        ),
        _layer("boundary", "边界", "outline of the region", "polygon"),
        _layer(
            "townships", "乡镇", "townships, as areas or as the point of the seat", "area",
            _count("people", "人口", "residents", required=True),
            _choice("zone", "区域类型", "which service standard holds", "town", "outskirts", required=True),
        ),
        _layer(
            "demand", "需求点", "places where people live or risks stand", "point",
            _count("people", "人口", "people this point stands for", required=True),
            _text("kind", "类型", "town, village, park, school, hospital, shelter ..."),
            _text("township_id", "所属乡镇", "township it belongs to", refers_to="townships"),
            _number("without_car", "无车人口比例", "share of people without a car, 0 to 1", at_most=1),
        ),
        _layer(
            "roads", "道路", "road pieces; pieces that share a vertex are joined there", "line",
            _choice("class", "道路等级", "OpenStreetMap highway value, or ferry", *ROAD_CLASSES, required=True),
            _text("ref", "路线编号", "road number, e.g. G109"),
            _choice("oneway", "单行", "traffic along the line only (yes) or against it only (reverse)", "yes", "no", "reverse"),
            _number("maxspeed_kmh", "限速", "signed limit, km/h", at_least=1, at_most=150),
            _text("surface", "路面", "OpenStreetMap surface value"),
            _flag("bridge", "桥梁", "the piece is a bridge"),
            _flag("tunnel", "隧道", "the piece is a tunnel"),
            _choice("access", "通行", "who may use it; `no` also marks a barrier across the road", "yes", "private", "no"),
            _number("max_weight_t", "限重", "t"),
            _number("max_height_m", "限高", "m"),
            _number("length_m", "真实长度", "true length, m, where the line is drawn simplified"),
            _choice("status", "状态", "planned roads are left out of computing", "existing", "planned"),
            _text("osm_id", "OSM编号", "OpenStreetMap way"),
        ),
        _layer(
            "turns", "转向限制", "forbidden, prescribed and slow turns, at the junction", "point",
            _text("from_road", "驶出道路", "road one comes from", required=True, refers_to="roads"),
            _text("to_road", "驶入道路", "road one turns into", required=True, refers_to="roads"),
            _choice(
                "kind", "类型", "`no` forbids this turn, `only` forbids every other, `delay` slows it", "no", "only",
                "delay", required=True,
            ),
            _number("delay_s", "转向延误", "time that a turn of kind `delay` takes besides the roads, s"),
        ),
        _layer(
            "stations", "站点", "fire stations and bases", "point",
            _text("kind", "类型", "fire_station, hazmat_base, gas_base, rescue_base, helipad ...", required=True),
            _choice(
                "status", "状态", "whether it stands", "existing", "under_construction", "planned", "candidate",
                required=True,
            ),
            _date("opens_on", "启用日期", "opening day"),
            _number("opening_cost", "建设费用", "CNY"),
            _number("closing_cost", "关闭费用", "CNY"),
            _count("team_places", "可驻队伍数", "teams it can house"),
            _text("township_id", "所属乡镇", "township it stands in", refers_to="townships"),
        ),
        _layer(
            "teams", "救援队伍", "rescue teams, at their base", "point",
            _text("station_id", "驻地站点", "station it is based at", refers_to="stations"),
            _choice(
                "force", "力量类型", "family of force", "fire_rescue", "professional", "enterprise", "township",
                "volunteer", "neighbour", required=True,
            ),
            _count("people", "人数", "members", required=True),
            Column(
                name="capabilities", kind="capabilities", zh="救援能力",
                about="what it can do, with level 1 (basic) to 3 (specialised), as `hazmat:3;fire:2`",
            ),
            _text("vehicle_class", "车辆类别", "class of its vehicles"),
            _count("vehicles", "车辆数", "number of vehicles"),
            _number("turnout_s", "出动时间", "order to wheels rolling, s"),
            _text("phone", "值班电话", "duty phone"),
            _text("call_sign", "呼号", "radio call sign"),
            _text("duty", "值班表", "roster it follows", refers_to="rosters"),
        ),
        _layer(
            "depots", "物资储备库", "stores of relief material", "point",
            _choice("level", "层级", "who runs it", "county", "township", "village", required=True),
            _number("floor_m2", "库房面积", "m2"),
            _number("volume_m3", "库容", "m3"),
            _number("can_enlarge_m2", "可扩建面积", "m2"),
            _number("enlarge_cost_m2", "扩建单价", "CNY per m2"),
            _number("loading_s", "装车时间", "order to first truck leaving, s"),
            _text("township_id", "所属乡镇", "township it stands in", refers_to="townships"),
        ),
        _layer(
            "stock", "库存", "what is held, by depot and way of holding", None,
            _text("depot_id", "储备库", "depot that holds it", required=True, refers_to="depots"),
            _text("item_id", "物资", "item of the catalogue", required=True, refers_to="items"),
            _choice("mode", "储备方式", "way of holding", "physical", "agreement", "capacity", required=True),
            _number("quantity", "数量", "in the item's unit", required=True),
            _date("expires_on", "到期日", "last day of use"),
            _number("lead_time_s", "调运准备时间", "order to ready for loading, s"),
            _number("rate_per_day", "日产能", "units a day, for capacity"),
            _text("supplier", "供应商", "who holds or makes it"),
        ),
        _layer(
            "items", "物资目录", "catalogue of relief material", None,
            _text("unit", "单位", "what one is", required=True),
            _number("mass_kg", "单件重量", "kg each"),
            _number("volume_m3", "单件体积", "m3 each"),
            _number("shelf_life_d", "保质期", "days"),
            _choice("storage_class", "储存条件", "how it must be stored: `bulk` is delivered, never on a shelf", "dry", "frost_free", "hazardous", "open", "bulk"),
            _text("gb38565_code", "分类编码", "code of GB/T 38565-2020"),
            _choice(
                "per", "计算基数", "what `quantity_per` counts; `day` is one person for one day", "person", "household",
                "incident", "day",
            ),
            _number("quantity_per", "基数用量", "units per person, household, incident or day"),
            _number("winter_factor", "冬季系数", "factor on the quantity in winter, 0 = not needed then; empty = 1"),
            _text("hazards", "适用灾种", "hazards that ask for an item counted per incident, as `ice_jam;collapse`; empty = all"),
            _number("unit_cost", "单价", "CNY each"),
            _text("certainty", "可靠程度", "how sure the figures are"),
        ),
        _layer(
            "shelters", "避难场所", "places that take people in", "point",
            _count("capacity_people", "容纳人数", "people"),
            _flag("heated", "供暖", "heated in winter"),
            _text("township_id", "所属乡镇", "township it stands in", refers_to="townships"),
        ),
        _layer(
            "hazard_sites", "危险源", "sites with dangerous substances", "point",
            _text("park", "园区", "chemical park"),
            _text("operator", "单位", "who runs it"),
            _text("cas", "CAS号", "substance, CAS number"),
            _number("quantity_t", "存量", "t"),
            _text("container", "容器", "tank, rail_car, cylinder ..."),
        ),
        _layer(
            "flood_zones", "洪水风险区", "areas under water by hazard and return period", "polygon",
            _choice("hazard", "灾种", "kind of flood", "gully_flood", "river_flood", "ice_jam", required=True),
            _text("gully", "沟道", "gully or reach"),
            _number("return_period_y", "重现期", "years"),
            _number("depth_m", "水深", "m"),
        ),
        _layer(
            "rivers", "河流", "water courses, for orientation and the side of a place", "line",
        ),
        _layer(
            "railways", "铁路", "railways, for orientation", "line",
        ),
        _layer(
            "hospitals", "医院", "hospitals", "point",
            _count("beds", "床位", "beds"),
        ),
        _layer(
            "neighbours", "周边地区", "where the forces of a neighbour enter or stand", "point",
            _text("county", "县区", "neighbouring county or district"),
            _text("agreement", "互助协议", "mutual-aid agreement"),
        ),
        _layer(
            "contacts", "联系人", "whom to call", None,
            _text("unit", "单位", "unit", required=True),
            _text("leader", "负责人", "leader"),
            _text("duty_phone", "值班电话", "duty phone"),
            _text("call_sign", "呼号", "radio call sign"),
            _text("channel", "频道", "370 MHz channel"),
        ),
        _layer(
            "rosters", "值班表", "who is on duty when", None,
            _text("team_id", "队伍", "team", required=True, refers_to="teams"),
            _text("from", "起", "start of the shift, `HH:MM` or a date and time", required=True),
            _text("to", "止", "end of the shift", required=True),
            _count("people", "人数", "members on duty"),
        ),
        _layer(
            "units", "责任单位", "responsible unit by hazard and place", None,
            _text("hazard", "灾种", "hazard", required=True),
            _text("place_id", "地点", "township or hazard site; empty for the whole region"),
            _text("unit", "单位", "responsible unit", required=True),
            _text("leader", "负责人", "leader"),
            _text("phone", "电话", "phone"),
        ),
        _layer(
            "plans", "预案", "plan documents (预案)", None,
            _text("hazard", "灾种", "hazard", required=True),
            _text("place_id", "地点", "township or hazard site; empty for the whole region"),
            _choice("level", "响应级别", "response level", "I", "II", "III", "IV"),
            _text("document", "文件", "file or address of the document", required=True),
        ),
    )
}  # fmt: skip
