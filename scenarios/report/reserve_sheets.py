"""The tables of a reserve plan for spreadsheets, in the order in which a planner wants them."""

from collections.abc import Iterable
from typing import Any

from scenarios.report.reserve_needs import needs_sheet, sheltered_sheet
from scenarios.report.reserve_words import ACTIONS, LEVELS, MODES, RULES
from scenarios.report.siting_tables import Sheet
from scenarios.report.text import Text
from scenarios.reserve_plan import ReservePlan

_DEPOT = {"depot_id": Text("储备库编号", "depot"), "depot_zh": Text("储备库", "depot, Chinese")}
_ITEM = {"item_id": Text("物资编号", "item"), "item_zh": Text("物资名称", "item, Chinese")}
_UNIT = {"unit": Text("单位", "unit")}


def reserve_sheets(plan: ReservePlan) -> tuple[Sheet, ...]:
    """All tables of a plan."""
    return (
        _moves(plan), needs_sheet(plan), _held(plan), _depots(plan), _scenarios(plan), sheltered_sheet(plan),
        _places(plan), _short(plan),
        _shortages(plan), _curve(plan), _compared(plan), _rotation(plan), _townships(plan),
        _assumptions(plan),
    )  # fmt: skip


def _sheet(name: str, title: Text, headers: dict[str, Text], rows: Iterable[tuple[Any, ...]]) -> Sheet:
    return Sheet(id=name, title=title, keys=tuple(headers), headers=tuple(headers.values()), rows=tuple(rows))


def _moves(plan: ReservePlan) -> Sheet:
    depots, items = _depot_names(plan), _items(plan)
    headers = {
        "action": Text("处理", "what to do"),
        "action_zh": Text("处理（中文）", "what to do, Chinese"),
        **_DEPOT,
        **_ITEM,
        **_UNIT,
        "mode": Text("储备方式", "held"),
        "mode_zh": Text("储备方式（中文）", "held, Chinese"),
        "lead_h": Text("调运准备（小时）", "ready after, h"),
        "units": Text("数量", "units"),
    }
    rows = (
        (m.action, ACTIONS[m.action].zh, m.depot_id, depots[m.depot_id], m.item_id, *items[m.item_id],
         m.mode, MODES[m.mode].zh, m.lead_s / 3600, m.units)
        for m in plan.decisions.moves
    )  # fmt: skip
    return _sheet("moves", Text("增留调清单", "Add, keep, move"), headers, rows)


def _held(plan: ReservePlan) -> Sheet:
    """One line a depot and item with the ways of holding side by side, as planners write it."""
    depots, items = _depot_names(plan), _items(plan)
    totals: dict[tuple[str, str], dict[str, float]] = {}
    for one in plan.decisions.held:
        line = totals.setdefault((one.depot_id, one.item_id), {})
        for when, units in (("before", one.before), ("after", one.after)):
            key = f"{one.mode}_{when}"
            line[key] = line.get(key, 0.0) + units
    columns = {
        f"{mode}_{when}": Text(f"{MODES[mode].zh}（{zh}）", f"{MODES[mode].en}, {when}")
        for mode in MODES
        for when, zh in (("before", "现有"), ("after", "方案"))
    }
    rows = (
        (depot, depots[depot], item, *items[item], *(line.get(key, 0.0) for key in columns))
        for (depot, item), line in totals.items()
    )
    return _sheet("held", Text("储备台账", "What lies where"), {**_DEPOT, **_ITEM, **_UNIT, **columns}, rows)


def _depots(plan: ReservePlan) -> Sheet:
    headers = {
        "id": Text("编号", "id"),
        "name_zh": Text("名称", "Chinese name"),
        "name_en": Text("英文名称", "English name"),
        "level": Text("层级", "level"),
        "township_id": Text("所属乡镇", "township"),
        "lon": Text("经度", "longitude"),
        "lat": Text("纬度", "latitude"),
        "floor_m2": Text("库房面积（平方米）", "floor, m2"),
        "taken_before_m2": Text("现占用（平方米）", "taken before, m2"),
        "taken_after_m2": Text("方案占用（平方米）", "taken after, m2"),
        "enlarged_m2": Text("扩建（平方米）", "enlarged, m2"),
        "enlarged_cny": Text("扩建费用（元）", "cost of enlarging, CNY"),
        "opened": Text("新设", "opened"),
        "opening_cny": Text("新设费用（元）", "cost of opening, CNY"),
        "physical_m3": Text("实物（立方米）", "on shelves, m3"),
        "agreement_m3": Text("协议（立方米）", "by agreement, m3"),
        "capacity_m3": Text("产能（立方米）", "capacity, m3"),
    }
    rows = (
        tuple(
            LEVELS[one.level].zh if key == "level" and one.level in LEVELS else getattr(one, key)
            for key in headers
        )
        for one in plan.decisions.depots
    )
    return _sheet("depots", Text("储备库", "Depots"), headers, rows)


def _scenarios(plan: ReservePlan) -> Sheet:
    headers = {
        "id": Text("情景编号", "scenario"),
        "name_zh": Text("情景", "Chinese name"),
        "name_en": Text("英文名称", "English name"),
        "hazard": Text("灾种", "hazard"),
        "probability": Text("概率", "probability"),
        "displaced": Text("各乡镇转移人数", "displaced by township"),
        "close_roads": Text("中断道路", "roads cut"),
        "lost_depots": Text("失效储备库", "depots lost"),
        "served_whole": Text("按时保障齐全（人）", "people fully served in time"),
        **_met_headers(plan),
        "use": Text("使用费用（元）", "use, CNY"),
        "driving": Text("运输费用（元）", "driving, CNY"),
        "penalty": Text("短缺惩罚（元）", "penalty, CNY"),
    }
    rows = (
        (one.id, one.name_zh, one.name_en, one.hazard, one.probability,
         "; ".join(f"{name} {n}" for name, n in one.displaced.items()), "; ".join(one.close_roads),
         "; ".join(one.lost_depots), one.served_whole, *one.met, one.use, one.driving, one.penalty)
        for one in plan.scenarios
    )  # fmt: skip
    return _sheet("scenarios", Text("情景", "Scenarios"), headers, rows)


def _places(plan: ReservePlan) -> Sheet:
    headers = {
        "scenario_id": Text("情景", "scenario"),
        "place_id": Text("场所", "place"),
        "people": Text("人数", "people"),
        "whole": Text("按时保障齐全（人）", "fully served in time"),
        "first_s": Text("最早送达（秒）", "first there, s"),
        **_met_headers(plan),
    }
    rows = (
        (one.id, place.place_id, place.people, place.whole, place.first_s, *place.met)
        for one in plan.scenarios
        for place in one.places
    )
    return _sheet("places", Text("场所保障", "Shelters served"), headers, rows)


def _short(plan: ReservePlan) -> Sheet:
    items = _items(plan)
    headers = {
        "scenario_id": Text("情景", "scenario"),
        "window_h": Text("时限（小时）", "window, h"),
        **_ITEM,
        **_UNIT,
        "needed": Text("需求", "needed"),
        "short": Text("短缺", "short"),
    }
    rows = (
        (one.id, short.window_s / 3600, short.item_id, *items[short.item_id], short.needed, short.short)
        for one in plan.scenarios
        for short in one.short
    )
    return _sheet("short", Text("短缺表", "Shortages by window"), headers, rows)


def _shortages(plan: ReservePlan) -> Sheet:
    headers = {
        "code": Text("代码", "code"),
        "text_zh": Text("说明", "Chinese"),
        "text_en": Text("英文说明", "English"),
        "place_id": Text("场所", "place"),
        "item_id": Text("物资编号", "item"),
        "people": Text("人数", "people"),
        "units": Text("数量", "units"),
        "scenarios": Text("情景", "scenarios"),
    }
    rows = (
        (
            one.code,
            one.text_zh,
            one.text_en,
            one.place_id,
            one.item_id,
            one.people,
            one.units,
            "; ".join(one.scenarios),
        )
        for one in plan.shortages
    )
    return _sheet("shortages", Text("缺口", "Named shortages"), headers, rows)


def _curve(plan: ReservePlan) -> Sheet:
    headers = {
        "factor": Text("惩罚权重", "weight of shortages"),
        "first_stage": Text("事前费用（元）", "before the event, CNY"),
        "spent": Text("含使用与运输（元）", "with use and driving, CNY"),
        "penalty": Text("短缺惩罚（元）", "penalty, CNY"),
        "gap": Text("差距", "gap"),
        **_met_headers(plan),
    }
    rows = ((p.factor, p.first_stage, p.spent, p.penalty, p.gap, *p.met) for p in plan.further.curve)
    return _sheet("curve", Text("费用曲线", "Cost of service"), headers, rows)


def _met_headers(plan: ReservePlan) -> dict[str, Text]:
    hours = [f"{end / 3600:g}" for end in plan.windows_s]
    return {f"met_{one}h": Text(f"{one} 小时满足率", f"met in {one} h") for one in hours}


def _compared(plan: ReservePlan) -> Sheet:
    headers = {
        "rule": Text("做法", "rule"),
        "rule_zh": Text("做法（中文）", "rule, Chinese"),
        "status": Text("状态", "status"),
        "first_stage": Text("事前费用（元）", "before the event, CNY"),
        "total": Text("总费用（元）", "in all, CNY"),
        "penalty": Text("短缺惩罚（元）", "penalty, CNY"),
        "met": Text("各时限满足率", "met in each window"),
    }
    rows = (
        (one.rule, RULES[one.rule].zh if one.rule in RULES else one.rule, one.status, one.first_stage,
         one.total, one.penalty, "; ".join(f"{share:.4f}" for share in one.met))
        for one in plan.further.compared
    )  # fmt: skip
    return _sheet("compared", Text("做法比较", "Rules compared"), headers, rows)


def _rotation(plan: ReservePlan) -> Sheet:
    headers = {
        "month": Text("月份", "month"),
        "item_id": Text("物资编号", "item"),
        "name_zh": Text("物资名称", "item, Chinese"),
        "bought": Text("采购", "buy"),
        "donated": Text("捐赠", "give away"),
        "written_off": Text("报废", "write off"),
    }
    found = plan.further.rotation
    rows = (tuple(getattr(one, key) for key in headers) for one in (found.renewals if found else ()))
    return _sheet("rotation", Text("更新轮换", "Renewal"), headers, rows)


def _townships(plan: ReservePlan) -> Sheet:
    headers = {
        "id": Text("乡镇编号", "township"),
        "name_zh": Text("乡镇", "Chinese name"),
        "name_en": Text("英文名称", "English name"),
        "share": Text("最低份额", "least share"),
        "poor_roads": Text("道路差", "poor roads"),
        "high_risk": Text("风险高", "high risk"),
        "drive_s": Text("距县级库（秒）", "from the county depot, s"),
        "risk": Text("风险比", "risk"),
    }
    rows = (tuple(getattr(one, key) for key in headers) for one in plan.townships)
    return _sheet("townships", Text("乡镇最低份额", "Least shares"), headers, rows)


def _assumptions(plan: ReservePlan) -> Sheet:
    headers = {
        "name": Text("参数", "figure"),
        "text_zh": Text("说明", "Chinese"),
        "text_en": Text("英文说明", "English"),
        "value": Text("取值", "value"),
        "unit": Text("单位", "unit"),
        "source": Text("来源", "source"),
        "certainty": Text("可靠程度", "certainty"),
    }
    rows = (tuple(getattr(one, key) for key in headers) for one in plan.assumptions)
    return _sheet("assumptions", Text("参数与假定", "Figures no record gives"), headers, rows)


def _depot_names(plan: ReservePlan) -> dict[str, str]:
    return {one.id: one.name_zh or one.name_en or one.id for one in plan.decisions.depots}


def _items(plan: ReservePlan) -> dict[str, tuple[str, str]]:
    """Chinese name and unit by id."""
    return {
        one.id: (one.name_zh or one.name_en or one.id, one.unit.split("|")[0].strip()) for one in plan.items
    }
