"""Tables and curve of the siting page: who is served before and after, what each further site is worth."""

from collections.abc import Collection

from geo.region.layers import LAYERS
from scenarios.forces import forces
from scenarios.plan import Served, SitingPlan
from scenarios.report.chart import Axis, LineChart, Series
from scenarios.report.siting_words import response_note, sites_of_plan
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Change, Format, Text, Value

_PEOPLE = Column("people", Text("人口", "People"), "integer", Text("人", "people"))
_SERVICE = (
    _PEOPLE,
    Column("covered", Text("达标人口", "In time"), "integer", Text("人", "people"), better="higher"),
    Column("share", Text("达标率", "Share in time"), "percent", bar=True, better="higher"),
    Column("mean", Text("平均到场", "Mean response"), "minutes", better="lower"),
    Column("worst", Text("最长到场", "Longest response"), "minutes", better="lower"),
)
_OTHERS = {
    "backup_coverage": Text("备份覆盖", "Backup coverage"),
    "expected_coverage": Text("期望覆盖", "Expected coverage"),
    "worth_of_response": Text("到场价值", "Worth of response"),
}
_LIMIT = Column("within", Text("时限", "Limit"), "minutes")
ZONES = {
    "town": Text("城镇", "town"),
    "outskirts": Text("城外", "outskirts"),
    None: Text("全区域", "whole region"),
}


def force_name(force: str) -> Text:
    """The force as people call it."""
    return Text(forces()[force].name_zh, forces()[force].name_en)


def whom(layer: str) -> Text:
    """What a standard counts in place of people: the places of a layer."""
    return Text(LAYERS[layer].zh, f"places of {layer}")


def standards_table(plan: SitingPlan) -> Table:
    """One row a standard."""
    after = plan.measures.after
    rows = [
        Row(
            (
                force_name(before.force),
                ZONES[before.zone] if before.of is None else whom(before.of),
                before.within_s,
                *_served(before, after.standards[number] if after else None),
            )
        )
        for number, before in enumerate(plan.measures.before.standards)
    ]
    columns = (
        Column("force", Text("力量", "Force")),
        Column("zone", Text("区域", "Zone")),
        _LIMIT,
        *_SERVICE,
    )
    title = Text("按到场时限", "By service standard")
    return Table("standards", title, columns, tuple(rows), response_note(plan))


def townships_table(plan: SitingPlan, on_map: Collection[str]) -> Table:
    """One row a township and standard; ``on_map`` are townships that the map can show."""
    after = plan.measures.after
    several = len({one.force for one in plan.measures.before.townships}) > 1
    rows = []
    for number, before in enumerate(plan.measures.before.townships):
        then = after.townships[number] if after else None
        short = (then or before).share
        name = Text(before.name_zh, before.name_en) if before.id else Text("未归乡镇", "no township")
        if before.of is not None:
            name = Text(f"{name.zh}（{whom(before.of).zh}）", f"{name.en} ({whom(before.of).en})")
        force = (force_name(before.force),) if several else ()
        rows.append(
            Row(
                (name, *force, before.within_s, *_served(before, then)),
                "warning" if short is not None and short < 0.5 else "plain",
                ("townships", before.id) if before.id in on_map else None,
            )
        )
    force_column = (Column("force", Text("力量", "Force")),) if several else ()
    columns = (Column("township", Text("乡镇", "Township")), *force_column, _LIMIT, *_SERVICE)
    note = Text("底色行：方案后达标率仍低于 50 %。", "Marked rows: less than half in time after the plan.")
    return Table("townships", Text("按乡镇", "By township"), columns, tuple(rows), note)


def limits_table(plan: SitingPlan) -> Table:
    """People within further limits, wherever they live."""
    after = plan.measures.after
    rows = [
        Row(
            (
                force_name(before.force),
                before.within_s,
                before.people,
                Change(before.covered, after.limits[number].covered if after else None),
                Change(before.share, after.limits[number].share if after else None),
            )
        )
        for number, before in enumerate(plan.measures.before.limits)
    ]
    columns = (Column("force", Text("力量", "Force")), _LIMIT, *_SERVICE[:3])
    return Table("limits", Text("其他时限内可达人口", "Within further limits"), columns, tuple(rows))


def _served(before: Served, after: Served | None) -> tuple[Value, ...]:
    return (
        before.people,
        Change(before.covered, after.covered if after else None),
        Change(before.share, after.share if after else None),
        Change(before.mean_response_s, after.mean_response_s if after else None),
        Change(before.worst_response_s, after.worst_response_s if after else None),
    )


def curve_chart(plan: SitingPlan) -> LineChart | None:
    """The objective by number of new sites with its proven bound; ``None`` without two points."""
    points = [p for p in plan.curve.points if p.objective is not None and p.bound is not None]
    if len(points) < 2:
        return None
    title, how, scale = _measure(plan)
    x = tuple(float(p.open) for p in points)
    y = tuple(float(p.objective or 0.0) / scale for p in points)
    bound = tuple(float(p.bound or 0.0) / scale for p in points)
    asked, words = float(len(plan.decisions.open)), sites_of_plan(plan)
    return LineChart(
        id="curve",
        title=Text(f"每增一处{words.zh}的价值", f"What further {words.en} are worth, one by one"),
        x=Axis(Text("新增数", f"New {words.en}"), "integer"),
        y=Axis(title, how, from_zero=False),
        series=(Series(title, x, y, bound=bound),),
        mark=(asked, Text("本方案", "this plan")) if plan.measures.after is not None else None,
        note=Text(
            "每一点都单独求解并附已证明的界；带状部分为尚未证明的差距。",
            "Each point is solved by itself with its proven bound; a band is what is not yet proven.",
        ),
    )


def _measure(plan: SitingPlan) -> tuple[Text, Format, float]:
    """What the curve shows, how it is written, and what its figures are divided by."""
    people = sum(standard.people for standard in plan.measures.before.standards) or 1
    if plan.curve.unit in ("weight", "") or plan.curve.name in _OTHERS:
        return _OTHERS.get(plan.curve.name, Text("目标值", "Objective")), "decimal", 1.0
    if plan.curve.name == "covered_people":
        return Text("达标率", "Share in time"), "percent", float(people)
    if plan.curve.name == "longest_response":
        return Text("最长到场", "Longest response"), "minutes", 1.0
    return Text("平均到场", "Mean response"), "minutes", float(people)
