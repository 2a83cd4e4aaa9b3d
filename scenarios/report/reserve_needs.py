"""Needs on paper: what is asked for, item by item, with the catalogue's row behind it; who goes where."""

from typing import Any

from scenarios.report.reserve_words import DUE, MODES, PER, STORAGE, WEIGHTS, Names
from scenarios.report.siting_tables import Sheet
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text
from scenarios.reserve_plan import ItemLine, ReservePlan

DAYS_A_YEAR = 365.25


def needs_table(plan: ReservePlan, names: Names) -> Table:
    """One row an item: needed, in hand, held in the plan, and what one unit is."""
    kg, litres, years = Text("千克", "kg"), Text("升", "L"), Text("年", "years")
    columns = (
        Column("item", Text("物资", "Item")),
        Column("unit", Text("单位", "Unit")),
        Column("weight", Text("轻重", "Weight")),
        Column("rule", Text("计算标准", "Asked for")),
        Column("need", Text("需求", "Needed"), "integer"),
        Column("in-hand", Text("现有实物", "On shelves now"), "integer"),
        *(
            Column(mode, Text(f"方案{text.zh}", f"planned {text.en}"), "integer")
            for mode, text in MODES.items()
        ),
        Column("mass", Text("单重", "Each"), "decimal", kg),
        Column("volume", Text("单件体积", "Each"), "decimal", litres),
        Column("life", Text("保质期", "Keeps"), "decimal", years),
        Column("storage", Text("储存条件", "Stored")),
        Column("code", Text("分类编码", "GB/T 38565")),
        Column("certainty", Text("可靠程度", "Certainty")),
    )
    rows = tuple(
        Row(
            (
                names.items[one.id],
                Text(*_unit(one)),
                WEIGHTS[one.weight],
                _asked(one, winter=_winter(plan)),
                one.need,
                one.in_hand["physical"],
                *(one.held[mode] for mode in ("physical", "agreement", "capacity")),
                one.mass_kg,
                1000 * one.volume_m3,
                None if one.shelf_life_d is None else one.shelf_life_d / DAYS_A_YEAR,
                STORAGE.get(one.storage_class, Text.same(one.storage_class)),
                one.gb38565_code,
                CERTAIN.get(one.certainty, Text.same(one.certainty)),
            )
        )
        for one in plan.items
    )
    note = Text(
        "需求：全部人员的用量，每种物资合计后一次取整（进一）；按起计的物资取最重情景。各情景中每个安置点"
        "分别取整，按户计的物资不足一户计一户，因此各安置点之和可略大于此处的需求。"
        "来源见表格文件“需求”表。",
        "Needed: for all people, each item rounded up to whole units once; what is counted by incident in"
        " the gravest scenario. In the scenarios each shelter rounds up by itself, and a part of a"
        " household counts as a household, so that the sum over shelters may be a little more than what"
        " stands here. Sources stand in the spreadsheet, table needs.",
    )
    return Table("needs", Text("物资需求与储备", "Needs and what is kept"), columns, rows, note)


CERTAIN = {
    "high": Text("高", "high"),
    "medium": Text("中", "medium"),
    "low": Text("低", "low"),
}


def _winter(plan: ReservePlan) -> bool:
    reserve = plan.inputs.scenario.content.get("reserve")
    return isinstance(reserve, dict) and reserve.get("season") == "winter"


def _unit(one: ItemLine) -> tuple[str, str]:
    zh, _, en = one.unit.partition("|")
    return zh.strip(), en.strip() or zh.strip()


def _asked(one: ItemLine, *, winter: bool) -> Text:
    """Quantity per person, household, day or incident as it counts in the season."""
    if one.per is None or one.quantity_per is None:
        return Text.same("–")
    factor = one.winter_factor if winter else 1.0
    zh, en = PER[one.per].zh, PER[one.per].en
    times = "" if factor == 1 else f" x {factor:g}"
    units = f"{one.quantity_per:,.3f}".rstrip("0").rstrip(".")
    return Text(f"每{zh} {units}{times}", f"{units} per {en}{times}")


def needs_sheet(plan: ReservePlan) -> Sheet:
    """The needs with every column of the catalogue and where its figures come from."""
    headers = {
        "id": Text("物资编号", "item"),
        "name_zh": Text("物资名称", "item, Chinese"),
        "name_en": Text("英文名称", "item, English"),
        "unit": Text("单位", "unit"),
        "gb38565_code": Text("分类编码（GB/T 38565-2020）", "code of GB/T 38565-2020"),
        "weight": Text("轻重", "weight"),
        "due": Text("到达要求", "due"),
        "per": Text("计算基数", "counted by"),
        "quantity_per": Text("基数用量", "quantity each"),
        "winter_factor": Text("冬季系数", "winter factor"),
        "hazards": Text("适用灾种", "hazards"),
        "need": Text("需求", "needed"),
        "mass_kg": Text("单重（千克）", "mass each, kg"),
        "volume_m3": Text("单件体积（立方米）", "volume each, m3"),
        "need_mass_kg": Text("需求总重（千克）", "mass of the need, kg"),
        "need_volume_m3": Text("需求总体积（立方米）", "volume of the need, m3"),
        "shelf_life_d": Text("保质期（天）", "shelf life, days"),
        "storage_class": Text("储存条件", "storage class"),
        "unit_cost": Text("单价（元）", "price each, CNY"),
        **{f"in_hand_{mode}": Text(f"现有{text.zh}", f"now {text.en}") for mode, text in MODES.items()},
        **{f"held_{mode}": Text(f"方案{text.zh}", f"planned {text.en}") for mode, text in MODES.items()},
        "certainty": Text("可靠程度", "certainty"),
        "source": Text("来源", "source"),
    }
    rows = tuple(tuple(_cell(one, key) for key in headers) for one in plan.items)
    return _sheet("needs", Text("需求", "Needs"), headers, rows)


def _cell(one: ItemLine, key: str) -> Any:
    worded = {"weight": WEIGHTS, "due": DUE, "per": PER, "storage_class": STORAGE, "certainty": CERTAIN}
    if key == "need_mass_kg":
        return round(one.need * one.mass_kg, 3)
    if key == "need_volume_m3":
        return round(one.need * one.volume_m3, 4)
    if key.startswith(("in_hand_", "held_")):
        when, _, mode = key.rpartition("_")
        return getattr(one, when)[mode]
    value = getattr(one, key)
    if key == "unit":
        return _unit(one)[0]
    if key == "hazards":
        return "; ".join(value)
    return worded[key][value].zh if key in worded and value in worded[key] else value


def sheltered_sheet(plan: ReservePlan) -> Sheet:
    """Who goes from which township to which shelter, by scenario."""
    headers = {
        "scenario_id": Text("情景", "scenario"),
        "township_id": Text("乡镇", "township"),
        "shelter_id": Text("避难场所", "shelter"),
        "people": Text("人数", "people"),
    }
    rows = tuple(
        (one.id, way.township_id, way.shelter_id, way.people)
        for one in plan.scenarios
        for way in one.sheltered
    )
    return _sheet("sheltered", Text("转移去向", "Who goes where"), headers, rows)


def _sheet(name: str, title: Text, headers: dict[str, Text], rows: tuple[tuple[Any, ...], ...]) -> Sheet:
    return Sheet(id=name, title=title, keys=tuple(headers), headers=tuple(headers.values()), rows=rows)
