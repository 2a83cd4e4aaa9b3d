"""Names on the relief part of a dispatch page: shelters, depots, places, items; why something is short."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.region.region import Region
from scenarios.relief_plan import Relief
from scenarios.report.text import Text

WHY_LEFT = {
    "": Text("", ""),
    "no_bus": Text("车辆不足", "not enough buses"),
    "no_road": Text("无道路可达", "no road"),
    "no_shelter": Text("无可用避难场所", "no shelter"),
    "shelters_full": Text("避难场所已满", "shelters full"),
}
WHY_SHORT = {
    "no_truck": Text("时限内无车送达", "no truck in time"),
    "no_road": Text("道路不通", "no road"),
    "lead_time": Text("须向供应方调运", "to be called from the supplier"),
}
MODES = {
    "physical": Text("实物", "stock"),
    "agreement": Text("协议储备", "agreement"),
    "capacity": Text("产能储备", "production"),
}
SOURCES = {
    "stock": Text("库存物资", "From stock"),
    "agreement": Text("协议调运物资", "Called from suppliers"),
}
TASKS = {
    "evacuation": Text("大客车转移", "People by bus"),
    "own_cars": Text("自驾转移", "People in their own cars"),
    "materials": Text("物资运输", "Materials"),
}
VEHICLES = {
    "truck": Text("载货汽车", "truck"),
    "light_truck": Text("轻型货车", "light truck"),
    "bus": Text("大客车", "bus"),
    "minibus": Text("中型客车", "minibus"),
    "car": Text("小汽车", "car"),
}
PER = {
    "person": Text("每人", "a person"),
    "household": Text("每户", "a household"),
    "day": Text("每人每日", "a person and day"),
}


@dataclass(frozen=True, slots=True)
class ReliefNames:
    """Names by id of what relief speaks of."""

    places: Mapping[str, Text]
    shelters: Mapping[str, Text]
    depots: Mapping[str, Text]
    items: Mapping[str, Text]
    teams: Mapping[str, Text]


def relief_names(relief: Relief, region: Region) -> ReliefNames:
    """Names of the plan, and of the depots, which a plan names by id."""
    items = () if relief.materials is None else relief.materials.items
    depots = region.table("depots")
    return ReliefNames(
        places={one.id: either(one.name_zh, one.name_en, one.id) for one in relief.places},
        shelters={one.id: either(one.name_zh, one.name_en, one.id) for one in relief.shelters},
        depots={
            str(name): either(str(zh), str(en), str(name))
            for name, zh, en in zip(depots["id"], depots["name_zh"], depots["name_en"], strict=True)
        },
        items={one.item_id: either(one.name_zh, one.name_en, one.item_id) for one in items},
        teams={
            one.team_id: either(one.name_zh, one.name_en, one.team_id)
            for one in (*relief.trucks, *relief.buses)
        },
    )


def either(zh: str, en: str, name: str) -> Text:
    """Names in both languages, or the id where there is none."""
    return Text(zh, en) if zh or en else Text.same(name)


def unit_words(unit: str) -> Text:
    """A unit as the catalogue writes it: Chinese and English with a bar between."""
    zh, _, en = unit.partition("|")
    return Text(zh.strip(), en.strip()) if en else Text.same(unit)


def vehicle_words(vehicle: str) -> Text:
    """A vehicle class in words, or its id."""
    return VEHICLES.get(vehicle, Text.same(vehicle))
