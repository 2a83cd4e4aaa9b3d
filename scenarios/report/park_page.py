"""The page of a park plan: hydrants on the map and by road, pond and foam station with their arithmetic."""

from geo.region.region import Region
from scenarios.park_plan import ParkPlan
from scenarios.plan import PlanWarning
from scenarios.report.assumptions import assumptions_table
from scenarios.report.facts import Fact, Note, Paragraph, Status
from scenarios.report.page import Page, Section
from scenarios.report.park_map import park_frame, park_map
from scenarios.report.park_tables import (
    fires_table,
    foam_table,
    hydrants_table,
    points_table,
    roads_table,
    sources_table,
)
from scenarios.report.region_layers import provenance_table
from scenarios.report.text import Text

_CUBIC = Text("立方米", "m³")


def park_page(plan: ParkPlan, region: Region) -> Page:
    """Everything a planner reads of a park plan, in both languages."""
    return Page(
        kind="park",
        title=Text(plan.name_zh, plan.name_en)
        if plan.name_zh or plan.name_en
        else Text("园区消防基础设施", "Fire-fighting infrastructure of a park"),
        subtitle=Text("消火栓、消防水池、泡沫站", "Hydrants, fire-water pond, foam station"),
        status=_status(plan),
        notice=_about(region),
        facts=_facts(plan),
        map_layers=park_map(plan, region),
        map_frame=park_frame(plan),
        sections=_sections(plan),
        warnings=tuple(map(_warning, plan.warnings)),
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


def _about(region: Region) -> Text | None:
    zh, en = region.about("notice_zh"), region.about("notice_en")
    return Text(zh, en) if zh or en else None


def _status(plan: ParkPlan) -> Status:
    if plan.status == "infeasible":
        return Status("bad", Text("按所给道路无可行方案", "No plan: some points are too far from every road"))
    if plan.objective is None or plan.bound is None:
        return Status("bad", Text("计算中止，未得方案", "Stopped before a plan was found"))
    if plan.status == "optimal":
        return Status("good", Text("已证明数量最少", "Proven: no fewer hydrants keep every distance"))
    least = f"{plan.bound.value:.0f}"
    return Status("warning", Text(f"可行方案，至少需 {least} 个", f"Feasible; at least {least} are needed"))


def _facts(plan: ParkPlan) -> tuple[Fact, ...]:
    """Hydrants, longest way between them, pond, foam concentrate."""
    decided = plan.objective is not None
    gap_m = max((row.longest_gap_m for row in plan.roads), default=0.0)
    away_m = max((point.distance_m for point in plan.points), default=0.0)
    foam = plan.foam.concentrate_m3 if plan.foam else None
    return (
        Fact(Text("消火栓", "Hydrants"), len(plan.hydrants) if decided else None, "integer"),
        Fact(Text("最大间距", "Longest spacing"), gap_m if decided else None, "metres"),
        Fact(Text("厂区点最远", "Farthest point"), away_m if plan.points else None, "metres"),
        Fact(Text("消防水池", "Fire-water pond"), plan.pond.volume_m3, "integer", _CUBIC, _ponds(plan)),
        Fact(Text("泡沫液", "Foam concentrate"), foam, "decimal", _CUBIC),
    )


def _ponds(plan: ParkPlan) -> Text | None:
    if plan.pond.ponds == 1:
        return None
    return Text("分设两座，各自可独立使用", "as two that work by themselves")


def _sections(plan: ParkPlan) -> tuple[Section, ...]:
    hydrants = (roads_table(plan), *((points_table(plan),) if plan.points else ()), hydrants_table(plan))
    foam = (_how_foam(), foam_table(plan.foam)) if plan.foam else ()
    return tuple(
        section
        for section in (
            Section("hydrants", Text("消火栓", "Hydrants"), hydrants if plan.hydrants else ()),
            Section("pond", Text("消防水池", "Fire-water pond"), (_how_pond(plan), fires_table(plan.pond))),
            Section("foam", Text("泡沫站", "Foam station"), foam),
            Section("sources", Text("园区资料来源", "Sources of the park's data"), (sources_table(plan),)),
            Section(
                "assumptions",
                Text("规范参数", "Figures of the rules"),
                (assumptions_table(plan.assumptions),),
            ),
        )
        if section.parts
    )


def _how_pond(plan: ParkPlan) -> Paragraph:
    hours = f"{plan.pond.hours:g}"
    return Paragraph(
        Text(
            f"容积按最大火灾 {hours} 小时用水量：流量（L/s）×{hours} 小时×3.6，储罐另加泡沫混合液用水。",
            f"The volume lasts {hours} h of the largest fire: flow in L/s x {hours} h x 3.6; for a tank, the"
            " water in its foam beside it.",
        )
    )


def _how_foam() -> Paragraph:
    return Paragraph(
        Text(
            "混合液＝液面面积×供给强度×时间＋辅助泡沫枪＋管道剩余量；泡沫液＝混合液×混合比；按最大罐确定。",
            "Solution = surface x rate x time, plus the branches beside the tank and what stays in the pipes;"
            " concentrate = solution x its share; the largest tank counts.",
        )
    )


def _warning(one: PlanWarning) -> Note:
    listed = f": {', '.join(one.records)}" if one.records else ""
    zh = f"：{'、'.join(one.records)}" if one.records else ""
    return Note(Text(f"{one.text_zh}{zh}。", f"{one.text_en}{listed}."), Text.same(one.code))
