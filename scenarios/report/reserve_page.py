"""The page of a reserve plan."""

from geo.region.region import Region
from scenarios.plan import Assumption, PlanWarning
from scenarios.report.facts import Fact, Note
from scenarios.report.page import Page, Part, Section
from scenarios.report.region_layers import provenance_table
from scenarios.report.reserve_charts import (
    curve_chart,
    curve_table,
    knowing_words,
    rotation_chart,
    rotation_table,
    validation_table,
)
from scenarios.report.reserve_map import reserve_map
from scenarios.report.reserve_needs import needs_table
from scenarios.report.reserve_shortage import heat_maps
from scenarios.report.reserve_tables import (
    binding_table,
    compared_table,
    depots_table,
    moves_table,
    scenarios_table,
    townships_table,
)
from scenarios.report.reserve_tested import tested_section
from scenarios.report.reserve_words import Names, aim_text, names_of, shortage_notes, status_line, window_text
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text
from scenarios.reserve_plan import ReservePlan

_CERTAINTY = {
    "cited": Text("有出处", "cited"),
    "recalled": Text("待核对原文", "to be checked against the original"),
    "assumed": Text("推定", "assumed"),
}
_SHOWN = 8


def reserve_page(plan: ReservePlan, region: Region) -> Page:
    """Everything a planner reads of a reserve plan, on one page in both languages."""
    names = names_of(plan, region)
    zh, en = region.about("name_zh") or region.name, region.about("name_en") or region.name
    title = (
        Text(plan.name_zh, plan.name_en)
        if plan.name_zh or plan.name_en
        else Text(f"{zh}应急物资储备方案", f"The material reserve of {en}")
    )
    aim = aim_text(plan)
    notice = Text(region.about("notice_zh"), region.about("notice_en"))
    return Page(
        kind="reserve",
        title=title,
        subtitle=Text(
            f"{plan.people:,} 人，{len(plan.items)} 种物资，{len(plan.scenarios)} 个情景；{aim.zh}",
            f"{plan.people:,} people, {len(plan.items)} items, {len(plan.scenarios)} scenarios; {aim.en}",
        ),
        status=status_line(plan),
        notice=notice if notice.zh or notice.en else None,
        facts=_facts(plan),
        map_layers=reserve_map(plan, region, names),
        sections=tuple(section for section in _sections(plan, names) if section.parts),
        warnings=tuple(Note(_warning(one), Text.same(one.code)) for one in plan.warnings),
        provenance=provenance_table(region),
        inputs=(
            Fact(Text("区域", "Region"), plan.inputs.region.name),
            Fact(Text("区域摘要", "Region digest"), plan.inputs.region.digest[:16]),
            Fact(Text("情景摘要", "Scenario digest"), plan.inputs.scenario.digest[:16]),
            Fact(Text("随机种子", "Seed"), str(plan.seed)),
        ),
        attribution=Text.same(region.about("attribution")),
        map_review_number=region.about("map_review_number"),
    )


def _facts(plan: ReservePlan) -> tuple[Fact, ...]:
    if plan.cost is None:
        return ()
    relief = window_text(plan.relief_window_s)
    expected = sum(one.probability * one.served_whole for one in plan.scenarios)
    worst = min((one.served_whole for one in plan.scenarios), default=0)
    people = Text("人", "people")
    return (
        Fact(
            Text(f"{relief.zh}内保障齐全（期望）", f"Fully served in {relief.en}, expected"),
            expected, "integer", people,
            note=Text(f"最差情景 {worst:,} 人", f"{worst:,} in the worst scenario"),
        ),
        Fact(Text("事前费用", "Cost before the event"), plan.cost.first_stage, "yuan"),
        Fact(Text("总费用（期望）", "Cost in all, expected"), plan.cost.total, "yuan"),
        Fact(Text("其中短缺惩罚", "of it penalties"), plan.cost.penalty, "yuan"),
    )  # fmt: skip


def _sections(plan: ReservePlan, names: Names) -> tuple[Section, ...]:
    held = plan.cost is not None
    return (
        _section("needs", Text("需要什么", "What is needed"), needs_table(plan, names)),
        _section(
            "decisions",
            Text("配置方案", "What to keep where"),
            depots_table(plan, names),
        ),
        _section(
            "scenarios",
            Text("各情景保障", "In each scenario"),
            scenarios_table(plan, names) if held else None,
            *heat_maps(plan, names),
        ),
        _section(
            "shortages",
            Text("缺口", "What stays short"),
            shortage_notes(plan, names) if plan.shortages else None,
        ),
        _section("cost", Text("费用与服务水平", "Cost and service"), curve_chart(plan), curve_table(plan)),
        _section(
            "compared",
            Text("方案价值", "What the plan is worth"),
            compared_table(plan),
            knowing_words(plan),
            validation_table(plan),
        ),
        tested_section(plan, names),
        _section(
            "limits",
            Text("约束", "Limits"),
            binding_table(plan, names) if held else None,
            townships_table(plan),
        ),
        _section(
            "moves-list",
            Text("怎样做", "What to do"),
            moves_table(plan, names) if held else None,
        ),
        _section("rotation", Text("更新轮换", "Renewal"), rotation_chart(plan), rotation_table(plan, names)),
        _section("assumptions", Text("参数与假定", "Figures assumed"), _assumptions(plan)),
    )


def _section(name: str, title: Text, *parts: Part | None) -> Section:
    return Section(name, title, tuple(part for part in parts if part is not None))


def _warning(one: PlanWarning) -> Text:
    listed, more = ", ".join(one.records[:_SHOWN]), len(one.records) - _SHOWN
    zh, en = (f" 等 {len(one.records)} 条", f" and {more} more") if more > 0 else ("", "")
    return Text(f"{one.text_zh}：{listed}{zh}。", f"{one.text_en}: {listed}{en}.")


def _assumptions(plan: ReservePlan) -> Table:
    columns = (
        Column("name", Text("参数", "Figure")),
        Column("value", Text("取值", "Value")),
        Column("source", Text("来源", "Source")),
        Column("certainty", Text("可靠程度", "Certainty")),
    )
    rows = tuple(map(_assumption, plan.assumptions))
    return Table("assumptions", Text("没有记录给出的参数", "Figures that no record gives"), columns, rows)


def _assumption(one: Assumption) -> Row:
    certainty = _CERTAINTY.get(one.certainty, Text.same(one.certainty))
    return Row((Text(one.text_zh, one.text_en), f"{one.value} {one.unit}".strip(), one.source, certainty))
