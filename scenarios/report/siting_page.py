"""The page of a siting plan."""

from geo.region.region import Region
from scenarios.plan import SitingPlan, StandardServed
from scenarios.point_service import point_service
from scenarios.report.assumptions import assumptions_table
from scenarios.report.facts import Fact, Paragraph
from scenarios.report.map_layer import MapLayer
from scenarios.report.page import Page, Section
from scenarios.report.region_layers import provenance_table
from scenarios.report.siting_further import further_sections
from scenarios.report.siting_map import siting_map
from scenarios.report.siting_reasons import (
    reason_notes,
    shortage_notes,
    site_names,
    status_of,
    warning_notes,
)
from scenarios.report.siting_service import curve_chart, limits_table, standards_table, townships_table
from scenarios.report.siting_tested import tested_section
from scenarios.report.siting_words import sites_of_plan
from scenarios.report.text import Change, Text

_QUESTIONS = {
    "mclp": Text("最大覆盖模型（MCLP）", "Maximal covering (MCLP)"),
    "backup": Text("备份覆盖模型（BACOP）", "Backup coverage (BACOP)"),
    "mexclp": Text("期望覆盖模型（MEXCLP）", "Expected coverage (MEXCLP)"),
    "decay": Text("衰减覆盖模型", "Decaying coverage"),
    "mix": Text("加权综合模型", "Weighted mix"),
    "lscp": Text("集合覆盖模型（LSCP）", "Set covering (LSCP)"),
    "p_median": Text("P-中位模型", "p-median"),
    "p_center": Text("P-中心模型", "p-center"),
}


def siting_page(plan: SitingPlan, region: Region) -> Page:
    """Everything a planner reads of a plan, on one page in both languages."""
    layers = siting_map(plan, region, point_service(plan, region))
    return Page(
        kind="siting",
        title=_title(plan, region),
        subtitle=_subtitle(plan),
        status=status_of(plan),
        notice=_about(region, "notice"),
        facts=_facts(plan),
        map_layers=layers,
        sections=tuple(section for section in _sections(plan, region, layers) if section.parts),
        warnings=warning_notes(plan),
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


def _title(plan: SitingPlan, region: Region) -> Text:
    if plan.name_zh or plan.name_en:
        return Text(plan.name_zh, plan.name_en)
    zh, en = region.about("name_zh") or region.name, region.about("name_en") or region.name
    words = sites_of_plan(plan)
    return Text(f"{zh}{words.zh}选址方案", f"{words.en.capitalize()} for {en}")


def _subtitle(plan: SitingPlan) -> Text:
    question, opened, kept = _QUESTIONS[plan.question], len(plan.decisions.open), len(plan.decisions.keep)
    words = sites_of_plan(plan)
    return Text(
        f"{question.zh}，新增{words.zh} {opened} 处，保留 {kept} 处",
        f"{question.en}; {words.en}: {opened} new, {kept} kept",
    )


def _about(region: Region, key: str) -> Text | None:
    zh, en = region.about(f"{key}_zh"), region.about(f"{key}_en")
    return Text(zh, en) if zh or en else None


def _facts(plan: SitingPlan) -> tuple[Fact, ...]:
    """Share in time, people newly in time, mean and longest response."""
    before = _of_people(plan.measures.before.standards)
    after = _of_people(plan.measures.after.standards) if plan.measures.after else None
    people = sum(s.people for s in before)
    in_time = sum(s.covered for s in before)
    then = sum(s.covered for s in after) if after else None
    left = people - (in_time if then is None else then)
    unit = Text("人", "people")
    return (
        Fact(
            Text("达标率", "People in time"), Change(_share(in_time, people), _share(then, people)), "percent"
        ),
        Fact(Text("新增达标", "Newly in time"), None if then is None else then - in_time, "integer", unit),
        Fact(Text("仍未达标", "Still not in time"), left, "integer", unit),
        Fact(
            Text("最长到场", "Longest response"),
            Change(_longest(before), _longest(after) if after else None),
            "minutes",
            note=_left_out(after or before),
        ),
    )


def _of_people(standards: tuple[StandardServed, ...]) -> tuple[StandardServed, ...]:
    """Those that count people; all of them where none does."""
    return tuple(standard for standard in standards if standard.of is None) or standards


def _left_out(standards: tuple[StandardServed, ...]) -> Text | None:
    """Whom the longest response does not speak of."""
    people = sum(standard.unreached for standard in standards)
    if not people:
        return None
    return Text(f"不含无道路可达的 {people:,} 人", f"without {people:,} people whom no road reaches")


def _share(part: int | None, whole: int) -> float | None:
    return part / whole if part is not None and whole else None


def _longest(standards: tuple[StandardServed, ...]) -> float:
    return max((s.worst_response_s or 0.0 for s in standards), default=0.0)


def _sections(plan: SitingPlan, region: Region, layers: tuple[MapLayer, ...]) -> tuple[Section, ...]:
    stations = region.table("stations")
    names = {
        str(i): Text(zh, en) if zh or en else Text.same(str(i))
        for i, zh, en in zip(stations["id"], stations["name_zh"], stations["name_en"], strict=True)
    } | site_names((*plan.decisions.open, *plan.decisions.keep, *plan.decisions.close))
    on_map = {feature.id for layer in layers if layer.id == "townships" for feature in layer.features}
    service = [standards_table(plan), townships_table(plan, on_map)]
    if plan.measures.before.limits:
        service.append(limits_table(plan))
    curve, reasons, short = curve_chart(plan), reason_notes(plan, names), shortage_notes(plan, names)
    return (
        Section("service", Text("方案前后对比", "Before and after"), tuple(service)),
        tested_section(plan),
        *further_sections(plan, names),
        Section("value", Text("边际价值", "Marginal value"), (curve,) if curve else ()),
        Section("reasons", Text("选址理由", "Why these sites"), (_how(), reasons) if reasons.items else ()),
        Section("shortages", Text("缺口", "Who stays short, and why"), (short,) if short.items else ()),
        Section("assumptions", Text("参数与假定", "Figures assumed"), (assumptions_table(plan.assumptions),)),
    )


def _how() -> Paragraph:
    return Paragraph(
        Text(
            "以下各条均为去掉该站后重新求解所得，并附已证明的界。",
            "Each line comes from solving again without the site, with a proven bound.",
        )
    )
