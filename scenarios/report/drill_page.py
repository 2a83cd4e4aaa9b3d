"""The page of a drill: what would have happened, with intervals, by kind, township and team."""

from geo.region.region import Region
from scenarios.drill_report import CallFigures, DrillReport, Interval
from scenarios.plan import PlanWarning
from scenarios.report.chart import Axis, BarChart, Bars
from scenarios.report.drill_map import drill_map
from scenarios.report.facts import Fact, Note, Paragraph, Status
from scenarios.report.page import Page, Part, Section
from scenarios.report.region_layers import provenance_table
from scenarios.report.replay_block import HEADING, ReplayBlock
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Format, Text, Value, scaled, written

_SHOWN = 8
_UNEVEN = 1e-5
"""More than what rounding makes of an even interval."""
_CALLS = (
    Column("calls", Text("呼叫数", "Calls"), "decimal"),
    Column("in_time", Text("按时到场", "In time")),
    Column("mean", Text("平均响应", "Mean response")),
    Column("p50", Text("中位数", "Median")),
    Column("p90", Text("90% 分位", "90th percentile")),
    Column("p95", Text("95% 分位", "95th percentile")),
    Column("lost", Text("无人响应", "Lost"), "decimal"),
    Column("short", Text("缺少队次", "Teams never sent"), "decimal"),
)
_DISPATCH_ZH = {"nearest": "就近", "flow": "按最优方案"}
_MOVE_UP_ZH = {"none": "不移防", "table": "按预案表移防", "optimised": "优化移防"}


def drill_page(report: DrillReport, region: Region, *, replay: ReplayBlock | None = None) -> Page:
    """Everything a planner reads of a drill, on one page in both languages; ``replay``: hours on its map."""
    zh, en = region.about("name_zh") or region.name, region.about("name_en") or region.name
    notice = Text(region.about("notice_zh"), region.about("notice_en"))
    name = Text(report.name_zh, report.name_en)
    return Page(
        kind="drill",
        title=name if name.zh or name.en else Text(f"{zh}演练", f"A drill in {en}"),
        subtitle=_subtitle(report),
        status=_status(report),
        notice=notice if notice.zh or notice.en else None,
        facts=_facts(report),
        map_layers=(*drill_map(report, region), *((replay.layer,) if replay else ())),
        replay=replay.replay if replay else None,
        sections=(
            *((Section("replay-calls", HEADING, (Paragraph(replay.note), replay.table)),) if replay else ()),
            Section("kinds", Text("各类呼叫", "By kind of call"), (_kinds(report),)),
            Section("townships", Text("各乡镇响应", "By township"), _townships(report)),
            Section("teams", Text("队伍占用", "How busy teams are"), (_teams(report),)),
            Section("method", Text("方法", "Method"), (Paragraph(_method(report)),)),
        ),
        warnings=tuple(Note(_warning(one), Text.same(one.code)) for one in report.warnings),
        provenance=provenance_table(region),
        inputs=(
            Fact(Text("区域", "Region"), report.inputs.region.name),
            Fact(Text("区域摘要", "Region digest"), report.inputs.region.digest[:16]),
            Fact(Text("情景摘要", "Scenario digest"), report.inputs.scenario.digest[:16]),
            Fact(Text("随机种子", "Seed"), str(report.seed)),
        ),
        attribution=Text.same(region.about("attribution")),
        map_review_number=region.about("map_review_number"),
    )


def with_interval(one: Interval, how: Format) -> Value:
    """A mean and how far its interval reaches to each side; its ends where it was cut at what is possible."""
    if one.mean is None or one.low is None or one.high is None:
        return written(one.mean, how)
    if abs(one.low + one.high - 2 * one.mean) > _UNEVEN:
        mean, low, high = (written(value, how) for value in (one.mean, one.low, one.high))
        return Text(f"{mean.zh}（{low.zh} 至 {high.zh}）", f"{mean.en} ({low.en} to {high.en})")
    half = scaled((one.high - one.low) / 2, how)
    digits = 2 if half < 0.1 else 1
    mean = written(one.mean, how)
    return Text(f"{mean.zh} ± {half:.{digits}f}", f"{mean.en} ± {half:.{digits}f}")


def _subtitle(report: DrillReport) -> Text:
    days = report.length_s / 86_400
    unit = "day" if days == 1 else "days"
    return Text(
        f"{report.starts[:10]} 起 {days:g} 天，重复 {report.replications} 次",
        f"{days:g} {unit} from {report.starts[:10]}, {report.replications} replications",
    )


def _status(report: DrillReport) -> Status:
    served, calls = report.totals.served.mean or 0.0, report.totals.calls.mean or 0.0
    lost = report.totals.lost.mean or 0.0
    if report.status == "cancelled":
        return Status("warning", Text("演练被中止，以下为已完成部分", "Stopped; figures of what was played"))
    if lost > 0:
        return Status(
            "bad",
            Text(
                f"平均 {lost:,.1f} 起呼叫无人响应（共 {calls:,.1f} 起）",
                f"{lost:,.1f} of {calls:,.1f} calls lost in the mean",
            ),
        )
    return Status(
        "good",
        Text(f"{calls:,.1f} 起呼叫中处置 {served:,.1f} 起", f"{served:,.1f} of {calls:,.1f} calls served"),
    )


def _facts(report: DrillReport) -> tuple[Fact, ...]:
    totals = report.totals
    busiest = max((team.utilisation.mean or 0.0 for team in report.teams), default=0.0)
    minutes, percent = Text("分钟", "min"), Text("%", "%")
    return (
        Fact(Text("按时到场", "In time"), with_interval(totals.in_time, "percent"), unit=percent),
        Fact(Text("平均响应", "Mean response"), with_interval(totals.mean_s, "minutes"), unit=minutes),
        Fact(Text("90% 分位响应", "90th percentile"), with_interval(totals.p90_s, "minutes"), unit=minutes),
        Fact(Text("最忙队伍占用", "Busiest team out"), busiest, "percent"),
    )


def _cells(figures: CallFigures) -> tuple[Value, ...]:
    return (
        figures.calls.mean,
        with_interval(figures.in_time, "percent"),
        with_interval(figures.mean_s, "minutes"),
        with_interval(figures.p50_s, "minutes"),
        with_interval(figures.p90_s, "minutes"),
        with_interval(figures.p95_s, "minutes"),
        figures.lost.mean,
        figures.short.mean,
    )


def _kinds(report: DrillReport) -> Table:
    columns = (
        Column("kind", Text("类型", "Kind")),
        Column("within", Text("时限", "Limit"), "minutes"),
        *_CALLS,
    )
    rows = (
        *(
            Row((Text(one.name_zh or one.id, one.name_en or one.id), one.within_s, *_cells(one.figures)))
            for one in report.kinds
        ),
        Row((Text("合计", "All"), None, *_cells(report.totals)), style="total"),
    )
    return Table(
        "kinds-table", Text("各类呼叫的响应", "Response by kind"), columns, rows, note=_unit_note(report)
    )


def _townships(report: DrillReport) -> tuple[Part, ...]:
    called = [one for one in report.townships if one.figures.calls.mean]
    columns = (Column("township", Text("乡镇", "Township")), *_CALLS)
    rows = tuple(
        Row((Text(one.name_zh, one.name_en), *_cells(one.figures)), feature=("townships", one.id))
        for one in called
    )
    table = Table("townships-table", Text("各乡镇的响应", "Response by township"), columns, rows)
    if not called:
        return (table,)
    chart = BarChart(
        id="townships-chart",
        title=Text("各乡镇响应时间", "Response by township"),
        categories=tuple(Text(one.name_zh, one.name_en) for one in called),
        value=Axis(Text("响应", "Response"), "minutes"),
        bars=(
            Bars(Text("中位数", "median"), tuple(one.figures.p50_s.mean for one in called), "first"),
            Bars(
                Text("90% 分位", "90th percentile"), tuple(one.figures.p90_s.mean for one in called), "second"
            ),
        ),
    )
    return (table, chart)


def _teams(report: DrillReport) -> Table:
    columns = (
        Column("team", Text("队伍", "Team")),
        Column("share", Text("出动占用", "Share of time out"), "percent", bar=True),
        Column("interval", Text("区间", "Interval")),
        Column("duty_share", Text("在岗时占用", "Share of duty")),
        Column("duty", Text("在岗时间", "On duty"), "percent"),
        Column("jobs", Text("出动次数", "Calls answered"), "decimal"),
        Column("aid", Text("跨区增援", "Mutual aid")),
    )
    busy = sorted(report.teams, key=lambda one: (-(one.utilisation.mean or 0.0), one.id))
    rows = tuple(
        Row(
            (
                Text(one.name_zh or one.id, one.name_en or one.id),
                one.utilisation.mean,
                with_interval(one.utilisation, "percent"),
                with_interval(one.utilisation_on_duty, "percent"),
                one.on_duty,
                one.jobs.mean,
                one.mutual_aid,
            )
        )
        for one in busy
        if one.jobs.mean
    )
    note = Text(
        "出动占用按全部时间计，在岗时占用按在岗时间计；出动跨过换班时后者可超过 100%。",
        "Share of time out is of the whole time, share of duty of the time on duty; the latter may pass 100 %"
        " where calls outlast shifts.",
    )
    title = Text("队伍占用与出动次数", "Teams by share of time out")
    return Table("teams-table", title, columns, rows, note=note)


def _unit_note(report: DrillReport) -> Text:
    percent = f"{report.level:.0%}"
    return Text(
        f"时间为分钟，按时到场为百分比；± 为 {percent} 置信区间的半宽，括号内为截去不可能部分后的两端。",
        f"Times in minutes, in time in per cent; ± is half the width of the {percent} interval, brackets are"
        " its ends where it was cut at what is possible.",
    )


def _method(report: DrillReport) -> Text:
    engine = {
        "compiled": Text("编译引擎", "the compiled engine"),
        "exact": Text(
            "精确引擎（调用实战调度程序）", "the exact engine, which asks the dispatch code of real incidents"
        ),
    }[report.engine]
    how = (
        Text(
            f"区间由一次长模拟的 {report.batches} 个分段均值求得",
            f"intervals from {report.batches} batch means of one run",
        )
        if report.batches
        else Text(
            f"区间由 {report.replications} 次独立重复求得",
            f"intervals over {report.replications} replications",
        )
    )
    return Text(
        f"离散事件模拟，{engine.zh}，派遣{_DISPATCH_ZH[report.dispatch]}，{_MOVE_UP_ZH[report.move_up]}，"
        f"道路状态 {report.road_states} 种；{how.zh}。行车时间取自同一路网。未与任何实际接警记录核对。",
        f"Discrete-event simulation by {engine.en}; dispatch {report.dispatch}, move-up {report.move_up},"
        f" {report.road_states} states of the roads; {how.en}. Drives are those of the region's roads."
        " Not compared with any record of real calls.",
    )


def _warning(one: PlanWarning) -> Text:
    listed, more = ", ".join(one.records[:_SHOWN]), len(one.records) - _SHOWN
    zh, en = (f" 等 {len(one.records)} 条", f" and {more} more") if more > 0 else ("", "")
    return Text(f"{one.text_zh}：{listed}{zh}。", f"{one.text_en}: {listed}{en}.")
