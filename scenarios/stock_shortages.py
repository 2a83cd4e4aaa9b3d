"""Shortages that a person must know by name: places that nobody reaches, items that come late."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from optimizer.reserve.reserve_answer import Binding as Limit
from scenarios.reserve_plan import NamedShortage, ScenarioResult
from scenarios.stock_problem import StockInputs
from scenarios.stock_served import relief_window

WHOLE = 1 - 1e-6
"""Less than a unit is a part that a share of losses leaves over, and no shortage to name."""


def named_shortages(inputs: StockInputs, results: Sequence[ScenarioResult]) -> tuple[NamedShortage, ...]:
    """X401 places that nobody reaches within any window, X403 items short at the end of the relief window."""
    return (*_unreached(inputs, results), *_late(inputs, results))


def no_plan(inputs: StockInputs, limits: Sequence[Limit]) -> NamedShortage:
    """X402: the rules that exclude each other, by name."""
    names = [_rule(inputs, one) for one in limits]
    return NamedShortage(
        code="X402",
        text_zh="没有方案能同时满足下列规则：" + "、".join(zh for zh, _ in names),
        text_en="no plan keeps these rules together: " + ", ".join(en for _, en in names),
    )


def _rule(inputs: StockInputs, limit: Limit) -> tuple[str, str]:
    """A rule in Chinese and English."""
    rule, _, place = limit.place.partition("/")[0].partition(" ")
    if limit.kind != "least":
        return _LIMITS.get(limit.kind, (limit.kind, limit.kind))
    if rule == "level":
        return f"{_LEVELS[place]}最低份额", f"least share of the {place} level"
    table = inputs.maker.grounds.region.table("townships").set_index("id")
    zh, en = str(table.loc[place, "name_zh"] or place), str(table.loc[place, "name_en"] or place)
    return f"{zh}最低份额", f"least share of {en}"


_LEVELS = {"county": "县级", "township": "乡镇级", "village": "村级"}
_LIMITS = {
    "budget": ("预算", "budget"),
    "agreement_share": ("协议储备最低占比", "least share held in agreement"),
    "room": ("库房面积、库容与承重", "floor, room and load of the depots"),
    "most": ("各库最多可存数量", "most that a depot may hold"),
    "service": ("要求的服务水平", "service level asked for"),
}


def _unreached(inputs: StockInputs, results: Sequence[ScenarioResult]) -> Iterator[NamedShortage]:
    last_s = inputs.section.windows[-1]
    scenarios: dict[str, list[str]] = defaultdict(list)
    people: dict[str, int] = defaultdict(int)
    for result in results:
        for place in result.places:
            if place.first_s is None or place.first_s > last_s:
                scenarios[place.place_id].append(result.id)
                people[place.place_id] = max(people[place.place_id], place.people)
    for name in sorted(scenarios):
        yield NamedShortage(
            code="X401",
            text_zh="任何时限内都无库可达",
            text_en="no depot reaches this place within any window",
            scenarios=tuple(scenarios[name]),
            place_id=name,
            people=people[name],
        )


def _late(inputs: StockInputs, results: Sequence[ScenarioResult]) -> Iterator[NamedShortage]:
    end_s = inputs.section.windows[relief_window(inputs.section.windows, inputs.rules)]
    weight = {item.id: inputs.rules.kind_of(item.id)[0] for item in inputs.items}
    scenarios: dict[str, list[str]] = defaultdict(list)
    units: dict[str, float] = defaultdict(float)
    for result in results:
        for short in result.short:
            if short.window_s == end_s and short.short >= WHOLE and weight[short.item_id] != "useful":
                scenarios[short.item_id].append(result.id)
                units[short.item_id] = max(units[short.item_id], short.short)
    for name in (item.id for item in inputs.items if item.id in scenarios):
        yield NamedShortage(
            code="X403",
            text_zh="部分情景中基本救助时限内不足",
            text_en="short within the time for basic relief in some scenarios",
            scenarios=tuple(scenarios[name]),
            item_id=name,
            units=round(units[name], 6),
        )
