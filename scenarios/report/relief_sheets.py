"""Relief for programs: sheets of the workbook and CSV files, layers of the GeoPackage."""

from collections.abc import Iterator
from typing import Any

from shapely.geometry import LineString, Point

from scenarios.relief_plan import MaterialsPlan, Relief
from scenarios.report.siting_tables import Cell, Sheet
from scenarios.report.text import Text


def relief_sheets(relief: Relief) -> Iterator[Sheet]:
    """Places, buses, shelters, and with materials items, trips and loads."""
    yield _sheet("places", Text("集合点", "Assembly points"), relief.places, _PLACES)
    yield _sheet("shelters", Text("避难场所", "Shelters"), relief.shelters, _SHELTERS)
    yield _sheet("buses", Text("客车班次", "Trips of buses"), relief.evacuation.rides, _BUSES)
    yield _sheet("cars", Text("自驾转移", "Own cars"), relief.evacuation.cars, _CARS)
    if relief.materials is not None:
        yield _sheet("items", Text("物资", "Items"), relief.materials.items, _ITEMS)
        yield _sheet("trips", Text("物资车次", "Trips of trucks"), relief.materials.trips, _TRIPS)
        yield _loads(relief.materials)


_PLACES = {
    "id": Text("编号", "id"),
    "name_zh": Text("名称", "Chinese name"),
    "name_en": Text("英文名称", "English name"),
    "incident_id": Text("事件", "incident"),
    "people": Text("需转移", "to relocate"),
    "without_car": Text("无车", "without a car"),
    "by_bus": Text("乘车", "by bus"),
    "driving": Text("自驾", "driving"),
    "left": Text("未能转移", "left"),
    "why_left": Text("原因", "why"),
    "last_s": Text("全部到达（秒）", "all there, s"),
}
_SHELTERS = {
    "id": Text("编号", "id"),
    "name_zh": Text("名称", "Chinese name"),
    "name_en": Text("英文名称", "English name"),
    "capacity": Text("容量", "places"),
    "people": Text("接收", "people"),
    "people_s": Text("人员到齐（秒）", "people there, s"),
    "materials_s": Text("物资交付（秒）", "supplied, s"),
}
_BUSES = {
    "team_id": Text("车队", "team"),
    "vehicle_class": Text("车型", "vehicle class"),
    "bus": Text("车号", "bus"),
    "wave": Text("批次", "wave"),
    "place_id": Text("集合点", "from"),
    "shelter_id": Text("避难场所", "to"),
    "people": Text("人数", "people"),
    "arrival_s": Text("到达（秒）", "arrival, s"),
}
_CARS = {key: _BUSES[key] for key in ("place_id", "shelter_id", "people", "arrival_s")}
_ITEMS = {
    "item_id": Text("物资", "item"),
    "name_zh": Text("名称", "Chinese name"),
    "name_en": Text("英文名称", "English name"),
    "unit": Text("单位", "unit"),
    "per": Text("计算基数", "per"),
    "quantity_per": Text("基数用量", "quantity"),
    "needed": Text("需要", "needed"),
    "sent": Text("送达", "brought"),
    "called": Text("其中协议调运", "called from suppliers"),
    "short": Text("缺", "short"),
    "due_s": Text("时限（秒）", "due, s"),
    "handed_over_s": Text("最后交付（秒）", "last hand-over, s"),
    "late_s": Text("迟（秒）", "late, s"),
    "source": Text("来源", "source"),
}
_TRIPS = {
    "team_id": Text("车队", "team"),
    "vehicle_class": Text("车型", "vehicle class"),
    "truck": Text("车号", "truck"),
    "depot_id": Text("储备库", "depot"),
    "supplier": Text("供应商", "supplier"),
    "lead_time_s": Text("到库（秒）", "at the depot, s"),
    "shelter_id": Text("避难场所", "shelter"),
    "start_s": Text("开始装车（秒）", "loading from, s"),
    "handed_over_s": Text("交付（秒）", "handed over, s"),
    "mass_kg": Text("载重（千克）", "load, kg"),
    "volume_m3": Text("体积（立方米）", "volume, m3"),
}


def _sheet(name: str, title: Text, records: Any, headers: dict[str, Text]) -> Sheet:
    rows = tuple(tuple(getattr(record, key) for key in headers) for record in records)
    return Sheet(id=name, title=title, keys=tuple(headers), headers=tuple(headers.values()), rows=rows)


def _loads(materials: MaterialsPlan) -> Sheet:
    """One row an item on a trip."""
    keys = ("team_id", "truck", "depot_id", "shelter_id", "handed_over_s")
    headers = {key: _TRIPS[key] for key in keys}
    headers |= {"item_id": Text("物资", "item"), "pieces": Text("件数", "pieces")}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (*(getattr(trip, key) for key in keys), cargo.item_id, cargo.pieces)
        for trip in materials.trips
        for cargo in trip.load
    )
    return Sheet(
        id="loads",
        title=Text("装载清单", "Loads"),
        keys=tuple(headers),
        headers=tuple(headers.values()),
        rows=rows,
    )


def relief_shapes(relief: Relief) -> dict[str, tuple[list[dict[str, Any]], list[Any]]]:
    """Layers ``convoys``, ``assembly`` and ``shelters``: records and shapes."""
    drawn = {"lon", "lat"}
    return {
        "convoys": (
            [one.model_dump(exclude={"route"}) | {"length_m": one.route.length_m} for one in relief.convoys],
            [LineString(one.route.geometry) for one in relief.convoys],
        ),
        "assembly": (
            [one.model_dump(exclude=drawn) for one in relief.places],
            [Point(one.lon, one.lat) for one in relief.places],
        ),
        "shelters": (
            [one.model_dump(exclude=drawn) for one in relief.shelters],
            [Point(one.lon, one.lat) for one in relief.shelters],
        ),
    }
