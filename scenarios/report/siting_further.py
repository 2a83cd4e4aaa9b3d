"""What a siting page shows beside the choice: teams, years, road states, other plans, front, drawn plan."""

from collections.abc import Mapping

from scenarios.plan import SitingPlan
from scenarios.plan_further import Conflict, FrontOfPlans, RobustServed
from scenarios.report.chart import Axis, LineChart, Series
from scenarios.report.facts import Note, Notes
from scenarios.report.page import Section
from scenarios.report.siting_map import KEEP, OPEN
from scenarios.report.siting_service import ZONES, force_name, whom
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Change, Format, Text

Names = Mapping[str, Text]
AIMS: dict[str, tuple[Text, Format]] = {
    "covered": (Text("达标人口", "People in time"), "integer"),
    "mean": (Text("平均到场", "Mean response"), "minutes"),
    "worst": (Text("最长到场", "Longest response"), "minutes"),
    "cost": (Text("费用", "Cost"), "yuan"),
}
_MEASURES = {
    "mean": Text("各状态加权平均", "mean over all states"),
    "worst": Text("最不利状态", "worst state"),
    "cvar": Text("最不利部分的平均（CVaR）", "mean of the worst part (CVaR)"),
}


def further_sections(plan: SitingPlan, names: Names) -> tuple[Section, ...]:
    """A section for each further part that the plan has."""
    found = (
        ("conflicts", Text("规则冲突", "Rules that cannot all hold"), (_conflicts(plan),)),
        ("teams", Text("队伍部署", "Teams"), (_teams(plan, names),)),
        ("years", Text("分期建设", "Year by year"), (_years(plan, names),)),
        ("roads", Text("道路中断时", "When roads are closed"), (_states(plan, names),)),
        ("others", Text("其他近优方案", "Other plans nearly as good"), (_others(plan, names),)),
        ("front", Text("目标权衡", "What one aim costs the other"), (_curve(plan), _front(plan, names))),
        ("drawn", Text("手绘方案", "The plan drawn by hand"), (_drawn(plan, names), _broken(plan))),
    )
    return tuple(
        Section(id_, title, tuple(part for part in parts if part is not None)) for id_, title, parts in found
    )


def _conflicts(plan: SitingPlan) -> Notes | None:
    """The way out first, then who excludes whom."""
    found = plan.further.conflicts
    return Notes(tuple(_conflict(one) for one in found)) if found else None


def _conflict(one: Conflict) -> Note:
    head = (
        Text("一种解决办法", "One way out")
        if one.group == 0
        else Text(f"冲突 {one.group}", f"Conflict {one.group}")
    )
    return Note(Text(f"{one.text_zh}。", f"{one.text_en}."), head)


def _teams(plan: SitingPlan, names: Names) -> Table | None:
    """Sites by force; the last row counts."""
    said = plan.decisions.teams
    if not said and not plan.decisions.units:
        return None
    forces = list(dict.fromkeys(one.force for one in said)) or [""]
    count = {(one.site, one.force): one.teams for one in said} or {
        (one.site, ""): one.units for one in plan.decisions.units
    }
    stands = {one.site: one.existing for one in said} | {
        one.site: one.existing for one in plan.decisions.units
    }
    layer = {one: KEEP if existing else OPEN for one, existing in stands.items()}
    rows = [
        Row(
            (names.get(site, Text.same(site)), *(count.get((site, f)) for f in forces)), "plain", (kind, site)
        )
        for site, kind in layer.items()
    ]
    total = [sum(count.get((site, f), 0) for site in layer) for f in forces]
    rows.append(Row((Text("合计", "Total"), *total), "total"))
    columns = (
        Column("site", Text("站点", "Site")),
        *(Column(f or "units", force_name(f) if f else Text("单位数", "Units"), "integer") for f in forces),
    )
    title = Text("各站新增队伍", "New teams by site") if said else Text("各站单位数", "Units by site")
    return Table("teams", title, columns, tuple(rows))


def _years(plan: SitingPlan, names: Names) -> Table | None:
    if not plan.further.phases:
        return None
    rows = tuple(
        Row(
            (
                str(phase.year),
                _joined([names.get(one, Text.same(one)) for one in phase.opened]),
                phase.covered,
                phase.covered / phase.people if phase.people else None,
            )
        )
        for phase in plan.further.phases
    )
    columns = (
        Column("year", Text("年份", "Year")),
        Column("opened", Text("当年新建", "Opens in the year")),
        Column("covered", Text("年末达标", "In time at its end"), "integer"),
        Column("share", Text("达标率", "Share in time"), "percent", bar=True),
    )
    return Table("years", Text("按年份", "By year"), columns, rows)


def _states(plan: SitingPlan, names: Names) -> Table | None:
    robust = plan.further.robust
    if robust is None:
        return None
    rows = tuple(
        Row(
            (
                Text(state.name_zh, state.name_en),
                state.probability,
                Change(state.before, state.covered),
                state.nominal,
            )
        )
        for state in robust.states
    )
    columns = (
        Column("state", Text("道路状态", "State of the roads")),
        Column("probability", Text("概率", "Probability"), "percent"),
        Column("covered", Text("达标", "In time"), "integer", better="higher"),
        Column("nominal", Text("只按平时路网选址时", "By the plan for every day"), "integer"),
    )
    measure, note = _MEASURES[robust.measure], None
    if robust.price is not None and robust.gain is not None:
        instead = _for_every_day(plan, robust, names)
        note = Text(
            f"目标：{measure.zh}。稳健的代价：平时少 {robust.price:,}；所得：目标值多 {robust.gain:,.0f}。"
            f"{instead.zh}",
            f"Aim: {measure.en}. Price of robustness: {robust.price:,} fewer on an ordinary day;"
            f" gain: {robust.gain:,.0f} more in the aim. {instead.en}",
        )
    return Table("roads", Text("按道路状态", "By state of the roads"), columns, rows, note)


def _for_every_day(plan: SitingPlan, robust: RobustServed, names: Names) -> Text:
    """What the plan for every day would open in place of which sites of this one."""
    opened = [site.id for site in plan.decisions.open]
    only = {
        "here": [one for one in opened if one not in robust.nominal_sites],
        "there": [one for one in robust.nominal_sites if one not in opened],
    }
    if not only["here"] and not only["there"]:
        return Text("只按平时路网选址结果相同。", "The plan for every day opens the same sites.")
    here, there = (
        _joined([names.get(one, Text.same(one)) for one in only[key]]) for key in ("here", "there")
    )
    return Text(
        f"只按平时路网选址时：以{there.zh or '无'}代替{here.zh or '无'}。",
        f"The plan for every day opens {there.en or 'nothing'} in place of {here.en or 'nothing'}.",
    )


def _others(plan: SitingPlan, names: Names) -> Table | None:
    pool = plan.further.pool
    if pool is None:
        return None
    opened = {site.id for site in plan.decisions.open}
    rows = tuple(
        Row(
            (
                _joined([names.get(one, Text.same(one)) for one in other.sites if one not in opened]),
                _joined([names.get(one, Text.same(one)) for one in sorted(opened - set(other.sites))]),
                round(other.objective, 1),
                other.gap,
            )
        )
        for other in pool.plans
    )
    columns = (
        Column("in", Text("改设", "Comes in")),
        Column("out", Text("不设", "Goes out")),
        Column("objective", Text("目标值", "Objective"), "decimal"),
        Column("gap", Text("与本方案之差", "Off the plan"), "percent"),
    )
    within = f"{pool.within:.0%}"
    note = (
        Text(
            f"已证明：{within} 以内再无相差 {pool.least_difference} 站以上的方案。",
            f"Proven: no further plan within {within} differs in {pool.least_difference} sites or more.",
        )
        if pool.complete
        else Text(f"差距 {within} 以内可能还有其他方案。", f"There may be further plans within {within}.")
    )
    return Table("others", Text("其他方案", "Other plans"), columns, rows, note)


def _front(plan: SitingPlan, names: Names) -> Table | None:
    front = plan.further.front
    if front is None:
        return None
    rows = tuple(
        Row(
            (
                _joined([names.get(one, Text.same(one)) for one in point.sites]),
                *(point.values[aim] for aim in front.aims),
                Text("是", "yes") if point.exact else Text("否", "no"),
            )
        )
        for point in front.points
    )
    columns = (
        Column("sites", Text("新增站点", "New sites")),
        *(Column(aim, AIMS[aim][0], AIMS[aim][1]) for aim in front.aims),
        Column("exact", Text("已证明", "Proven")),
    )
    note = Text(
        "表中任一方案都不能在各目标上同时被改进。", "No plan here can be improved in every aim at once."
    )
    return Table("front", Text("权衡方案", "Plans of the front"), columns, rows, note)


def _curve(plan: SitingPlan) -> LineChart | None:
    """The first two aims against each other."""
    front: FrontOfPlans | None = plan.further.front
    if front is None or len(front.points) < 2:
        return None
    across, up = front.aims[:2]
    points = sorted((point.values[across], point.values[up]) for point in front.points)
    title = Text(f"{AIMS[across][0].zh}与{AIMS[up][0].zh}", f"{AIMS[across][0].en} against {AIMS[up][0].en}")
    return LineChart(
        id="front",
        title=title,
        x=Axis(AIMS[across][0], AIMS[across][1], from_zero=False),
        y=Axis(AIMS[up][0], AIMS[up][1], from_zero=False),
        series=(Series(AIMS[up][0], tuple(x for x, _ in points), tuple(y for _, y in points)),),
    )


def _drawn(plan: SitingPlan, names: Names) -> Table | None:
    """Drawn against computed, standard by standard."""
    drawn, after = plan.further.drawn, plan.measures.after
    if drawn is None:
        return None
    rows = tuple(
        Row(
            (
                force_name(mine.force),
                ZONES[mine.zone] if mine.of is None else whom(mine.of),
                mine.within_s,
                mine.people,
                mine.covered,
                None if after is None else after.standards[number].covered,
                mine.mean_response_s,
                mine.worst_response_s,
            )
        )
        for number, mine in enumerate(drawn.measures.standards)
    )
    columns = (
        Column("force", Text("力量", "Force")),
        Column("zone", Text("区域", "Zone")),
        Column("within", Text("时限", "Limit"), "minutes"),
        Column("people", Text("人口", "People"), "integer"),
        Column("drawn", Text("手绘方案达标", "In time as drawn"), "integer"),
        Column("plan", Text("优化方案达标", "In time by the plan"), "integer"),
        Column("mean", Text("手绘平均到场", "Mean as drawn"), "minutes"),
        Column("worst", Text("手绘最长到场", "Longest as drawn"), "minutes"),
    )
    sites = _joined([names.get(one, Text.same(one)) for one in drawn.sites])
    title = Text(f"手绘方案（{sites.of('zh')}）", f"As drawn ({sites.of('en')})")
    return Table("drawn", title, columns, rows)


def _broken(plan: SitingPlan) -> Notes | None:
    drawn = plan.further.drawn
    if drawn is None or not drawn.breaks:
        return None
    return Notes(
        tuple(
            Note(Text(f"未遵守：{one.text_zh}。", f"Does not keep: {one.text_en}.")) for one in drawn.breaks
        )
    )


def _joined(names: list[Text]) -> Text:
    return Text("、".join(one.of("zh") for one in names), ", ".join(one.of("en") for one in names))
