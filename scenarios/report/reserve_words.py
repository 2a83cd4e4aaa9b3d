"""What a reserve plan is called on paper: ways of holding, actions, depots, items, limits, rules compared."""

from dataclasses import dataclass

from geo.region.region import Region
from scenarios.report.facts import Note, Notes, Status
from scenarios.report.text import Text
from scenarios.reserve_plan import NamedShortage, ReservePlan
from scenarios.reserve_scenarios import WORK

MODES = {
    "physical": Text("实物储备", "on the shelf"),
    "agreement": Text("协议储备", "by agreement"),
    "capacity": Text("产能储备", "production capacity"),
}
ACTIONS = {
    "add": Text("新增", "add"),
    "keep": Text("保留", "keep"),
    "move_in": Text("调入", "move in"),
    "move_out": Text("调出", "move out"),
    "lapse": Text("不再续签", "let lapse"),
}
LEVELS = {
    "county": Text("县级", "county"),
    "township": Text("乡镇级", "township"),
    "village": Text("村级", "village"),
}
WEIGHTS = {
    "vital": Text("急需", "vital"),
    "basic": Text("基本", "basic"),
    "useful": Text("补充", "useful"),
}
PER = {
    "person": Text("人", "person"),
    "household": Text("户", "household"),
    "day": Text("人日", "person and day"),
    "incident": Text("起", "incident"),
}
STORAGE = {
    "dry": Text("干燥", "dry"),
    "frost_free": Text("防冻", "frost-free"),
    "hazardous": Text("危险品", "hazardous goods"),
    "open": Text("露天", "in the open"),
    "bulk": Text("随用随送", "never on a shelf"),
}
DUE = {
    "relief": Text("基本救助时限内全部", "all within the time for relief"),
    "daily": Text("逐日", "day by day"),
    "rescue": Text("抢险优先", "for rescue, first"),
    "works": Text("工程抢险", "for works"),
}
LIMITS = {
    "budget": Text("预算", "budget"),
    "room": Text("库房面积、库容与承重", "floor, room and load"),
    "most": Text("各库最多可存数量", "most that a depot may hold"),
    "agreement_share": Text("协议储备最低占比", "least share in agreement"),
    "floor": Text("库房面积", "floor"),
    "volume": Text("库容", "room"),
    "load": Text("楼面承重", "load on the floor"),
    "opening": Text("新设储备点", "opening"),
    "least": Text("层级与乡镇最低份额", "least share of a level or township"),
    "service": Text("服务水平", "service level"),
    "in_hand": Text("现有实物不得报废", "goods in hand stay"),
}
RULES = {
    "present": Text("现有储备（不新增）", "what is in hand"),
    "mean": Text("按平均情景规划", "planned for the mean scenario"),
    "county": Text("全部放县级库", "all in the county depot"),
    "equal": Text("各乡镇均分", "the same to every township"),
    "without_physical": Text("不新增实物储备", "without new goods on the shelf"),
    "without_agreement": Text("不用协议储备", "without agreements"),
    "without_capacity": Text("不用产能储备", "without production capacity"),
    "plan": Text("本方案", "this plan"),
}
_AIMS = {
    "cost": Text("费用与短缺惩罚最小", "least cost and penalties of shortages"),
    "service": Text("给定服务水平下费用最小", "least cost at a service level"),
    "cvar": Text("兼顾最坏情形的费用最小", "least cost with the worst outcomes weighed"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id."""

    depots: dict[str, Text]
    items: dict[str, Text]
    places: dict[str, Text]
    townships: dict[str, Text]
    scenarios: dict[str, Text]


def names_of(plan: ReservePlan, region: Region) -> Names:
    """Names of everything that a plan speaks of; the id where a record has none."""
    shelters, townships = region.table("shelters"), region.table("townships")
    places = {str(i): _name(i, zh, en) for i, zh, en in _rows(shelters)}
    return Names(
        depots={one.id: _name(one.id, one.name_zh, one.name_en) for one in plan.decisions.depots},
        items={one.id: _name(one.id, one.name_zh, one.name_en) for one in plan.items},
        places={**places, WORK: Text("抢险作业点", "place of work")},
        townships={str(i): _name(i, zh, en) for i, zh, en in _rows(townships)},
        scenarios={one.id: _name(one.id, one.name_zh, one.name_en) for one in plan.scenarios},
    )


def _rows(table: object) -> list[tuple[str, str, str]]:
    columns = [list(map(str, table[name])) for name in ("id", "name_zh", "name_en")]  # type: ignore[index]  # a table of a region
    return list(zip(*columns, strict=True))


def _name(one: str, zh: str, en: str) -> Text:
    return Text(zh, en) if zh or en else Text.same(one)


def window_text(seconds: float) -> Text:
    """The end of a window as people say it."""
    hours = f"{seconds / 3600:g}"
    return Text(f"{hours} 小时", f"{hours} h")


def status_line(plan: ReservePlan) -> Status:
    """Proven, feasible with a gap, or impossible."""
    if plan.status == "infeasible":
        return Status("bad", Text("按所给规则无可行方案", "No plan keeps every rule"))
    if plan.status == "cancelled" or plan.gap is None:
        return Status("bad", Text("计算中止，未得方案", "Stopped before a plan was found"))
    gap = f"{plan.gap:.3%}"
    if plan.status == "optimal":
        return Status("good", Text(f"已证明最优（差距 {gap}）", f"Proven optimal (gap {gap})"))
    words = Text(
        f"可行方案（整件），距最优不超过 {gap}；界按可拆分数量计算",
        f"Feasible in whole units, at most {gap} from the optimum; the bound counts parts of units",
    )
    return Status("warning", words)


def aim_text(plan: ReservePlan) -> Text:
    """What was made least."""
    return _AIMS[plan.objective_kind]


def shortage_notes(plan: ReservePlan, names: Names) -> Notes:
    """One note a named shortage."""
    return Notes(tuple(Note(_shortage(one, names), _head(one, names)) for one in plan.shortages))


def _head(one: NamedShortage, names: Names) -> Text:
    known = {**names.items, **names.places}
    return known.get(one.item_id or one.place_id, Text.same(one.code))


def _shortage(one: NamedShortage, names: Names) -> Text:
    zh, en = one.text_zh, one.text_en
    if one.people:
        zh, en = f"{zh}，至多 {one.people:,} 人", f"{en}, up to {one.people:,} people"
    if one.units:
        zh, en = f"{zh}，至多缺 {one.units:,.0f}", f"{en}, up to {one.units:,.0f} units"
    listed = [names.scenarios.get(name, Text.same(name)) for name in one.scenarios[:6]]
    if listed:
        more = len(one.scenarios) - len(listed)
        zh += (
            "："
            + "、".join(text.of("zh") for text in listed)
            + (f" 等 {len(one.scenarios)} 个情景" if more else "")
        )
        en += ": " + "; ".join(text.of("en") for text in listed) + (f" and {more} more" if more else "")
    return Text(f"{zh}（{one.code}）。", f"{en} ({one.code}).")
