"""The section of a siting page that tells how the plan stood the test by simulation."""

from collections.abc import Iterator

from scenarios.intervals import Interval
from scenarios.plan import SitingPlan
from scenarios.plan_simulation import Simulation, StandardTested
from scenarios.report.chart import Axis, BarChart, Bars
from scenarios.report.drill_page import with_interval
from scenarios.report.facts import Note, Notes, Paragraph
from scenarios.report.page import Part, Section
from scenarios.report.siting_service import ZONES, force_name, whom
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text, Value

PERCENT, MINUTES = Text("%", "%"), Text("分钟", "min")


def tested_section(plan: SitingPlan) -> Section:
    """Empty where the plan was not tested."""
    found = plan.simulation
    parts: tuple[Part, ...] = ()
    if found is not None:
        parts = (
            Paragraph(_what_was_played(found)),
            _verdicts(plan, found),
            _standards(found),
            *_townships(found),
            _crews(found),
        )
    return Section("tested", Text("模拟检验", "Tested by simulation"), parts)


def _what_was_played(found: Simulation) -> Text:
    days = found.length_s / 86_400
    calls, drill = found.calls_after.calls.mean or 0.0, Text(found.drill_zh, found.drill_en)
    name = Text(f"“{drill.of('zh')}”" if drill.of("zh") else "演练", drill.of("en") or "the drill")
    return Text(
        f"按{name.zh}逐起播放呼叫：自 {found.starts[:10]} 起 {days:g} 天，每次约 {calls:,.0f} 起，"
        f"重复 {found.replications} 次；现状与方案面对完全相同的呼叫。{_who(found).zh}"
        f"{_new_crews(found).zh}± 与区间均为 {found.level:.0%} 置信区间。"
        "呼叫数量、时刻与现场用时取自该演练情景，除另有说明外均为推定。",
        f"Calls played one by one as in {name.en}: {days:g} days from {found.starts[:10]}, some {calls:,.0f}"
        f" calls each time, {found.replications} replications; today's stations and the plan meet the very"
        f" same calls. {_who(found).en} {_new_crews(found).en}"
        f"± and intervals are at {found.level:.0%} confidence."
        " Numbers, hours and work of the calls are those of the drill, assumed unless it says otherwise.",
    )


def _who(found: Simulation) -> Text:
    if found.answered_by == "everybody":
        return Text(
            "凡有相应能力的队伍均可应答，含乡镇小队等不驻本方案站点者。",
            "Any team with the capability answers, those based elsewhere too.",
        )
    return Text(
        "有时限的力量只由方案所计站点的队伍应答。",
        "Calls for the forces of the standards are answered by crews of the sites that the plan counts.",
    )


def _new_crews(found: Simulation) -> Text:
    if not found.new_crews:
        return Text("", "")
    zh = "；".join(
        f"{force_name(one.force).zh} {one.crews} 队（{one.level} 级，出动 {one.turnout_s:g} 秒）"
        for one in found.new_crews
    )
    en = "; ".join(
        f"{one.crews} {force_name(one.force).en} (level {one.level}, turnout {one.turnout_s:g} s)"
        for one in found.new_crews
    )
    return Text(f"新增站点按此配队：{zh}。", f"New sites are given these crews: {en}. ")


def _verdicts(plan: SitingPlan, found: Simulation) -> Notes:
    """For each standard whether what was counted lies inside the interval; then unmet calls and gaps."""
    notes = [note for one in found.standards for note in _verdict(found, one)]
    notes.append(_unmet(found))
    if found.stations_without_crew:
        listed = found.stations_without_crew
        notes.append(
            Note(
                Text(
                    f"解析覆盖计入的以下站点没有驻队记录，演练中无人出动：{'、'.join(listed)}。",
                    "coverage counts on these stations, but no team of the records is based there:"
                    f" {', '.join(listed)}.",
                ),
                Text("无驻队", "No crew"),
            )
        )
    for number in found.not_played:
        one = plan.measures.before.standards[number]
        name = _name(one.force, one.zone, one.of)
        notes.append(
            Note(Text("本演练没有这类呼叫，未检验。", "the drill has no such calls: not tested."), name)
        )
    return Notes(tuple(notes), Text("解析值与模拟值", "What was counted, and what was played"))


def _verdict(found: Simulation, one: StandardTested) -> Iterator[Note]:
    said = one.standard
    name = _name(said.force, said.zone, said.of)
    counted = Text("按覆盖计算", "counted coverage")
    yield Note(_compared(counted, one.counted_after, one.after, one.gain), name)
    if found.busy is not None:
        expected = Text(
            f"期望覆盖（MEXCLP，忙率 {found.busy:.0%}）", f"expected coverage (MEXCLP, busy {found.busy:.0%})"
        )
        yield Note(_compared(expected, one.expected_after, one.after, None), name)


def _compared(what: Text, analytic: float | None, played: Interval, gain: Interval | None) -> Text:
    """One sentence: inside, above or below."""
    inside = played.holds(analytic)
    if inside is None or analytic is None or played.mean is None or played.low is None or played.high is None:
        return Text("呼叫太少，无从比较。", "too few calls to compare.")
    span = f"{played.low:.1%}–{played.high:.1%}"
    zh = f"{what.zh} {analytic:.1%}，模拟 {played.mean:.1%}（{span}）："
    en = f"{what.en} {analytic:.1%}, played {played.mean:.1%} ({span}): "
    if inside:
        zh, en = f"{zh}解析值在区间之内。", f"{en}the analytic figure lies inside the interval."
    elif analytic > played.mean:
        points = 100 * (analytic - played.mean)
        zh += f"解析值在区间之外，高出 {points:.1f} 个百分点；不宜按解析值对外承诺。"
        en += (
            f"the analytic figure lies outside the interval, {points:.1f} points too high;"
            " do not promise what was counted."
        )
    else:
        points = 100 * (played.mean - analytic)
        zh += f"解析值在区间之外，低 {points:.1f} 个百分点；实际优于所计。"
        en += (
            f"the analytic figure lies outside the interval, {points:.1f} points too low;"
            " the plan does better than was counted."
        )
    if gain is not None and gain.mean is not None:
        zh += f"方案比现状{_signed(gain)}个百分点。"
        en += f" The plan against today: {_signed(gain)} points."
    return Text(zh, en)


def _signed(gain: Interval) -> str:
    assert gain.mean is not None
    span = (
        "" if gain.low is None or gain.high is None else f" ({100 * gain.low:+.1f} – {100 * gain.high:+.1f})"
    )
    return f"{100 * gain.mean:+.1f}{span}".replace("-", "\u2212")


def _unmet(found: Simulation) -> Note:
    before, after = found.calls_before, found.calls_after

    def count(one: Interval) -> str:
        return f"{one.mean or 0.0:,.2f}"

    zh = (
        f"每次无人响应的呼叫：现状 {count(before.lost)} 起，方案 {count(after.lost)} 起；"
        f"始终缺少的队次：现状 {count(before.short)}，方案 {count(after.short)}"
        f"（共 {after.calls.mean or 0.0:,.0f} 起）。"
    )
    en = (
        f"lost calls each time: {count(before.lost)} today, {count(after.lost)} with the plan; teams never"
        f" sent: {count(before.short)} and {count(after.short)} (of {after.calls.mean or 0.0:,.0f} calls)."
    )
    return Note(Text(zh, en), Text("无人响应", "Unmet calls"))


def _name(force: str, zone: str | None, of: str | None) -> Text:
    name, where = force_name(force), ZONES[zone] if of is None else whom(of)
    return Text(f"{name.zh}，{where.zh}", f"{name.en}, {where.en}")


def _standards(found: Simulation) -> Table:
    mexclp = found.busy is not None
    rows = tuple(
        Row(
            (
                _name(one.standard.force, one.standard.zone, one.standard.of),
                one.standard.within_s,
                one.standard.share,
                with_interval(one.before, "percent"),
                one.counted_after,
                *((one.expected_after,) if mexclp else ()),
                with_interval(one.after, "percent"),
                with_interval(one.gain, "percent"),
            ),
            "plain" if one.after.holds(one.counted_after) is not False else "warning",
        )
        for one in found.standards
    )
    columns = (
        Column("standard", Text("力量与区域", "Force and zone")),
        Column("within", Text("时限", "Limit"), "minutes"),
        Column("counted-before", Text("现状：所计", "Today, counted"), "percent"),
        Column("played-before", Text("现状：模拟", "Today, played"), unit=PERCENT),
        Column("counted-after", Text("方案：所计", "Plan, counted"), "percent"),
        *((Column("expected", Text("方案：期望覆盖", "Plan, expected"), "percent"),) if mexclp else ()),
        Column("played-after", Text("方案：模拟", "Plan, played"), unit=PERCENT),
        Column("gain", Text("方案比现状", "Plan against today"), unit=PERCENT),
    )
    note = Text(
        "所计：各队都在站时，时限内可达人口的占比；模拟：时限内到场的呼叫占比，自下达命令起算，含排队等待。"
        "底色行：所计在区间之外。",
        "Counted: share of people in reach with every crew at home. Played: share of calls reached in time"
        " from the order, waiting in line included. Marked rows: what was counted lies outside the interval.",
    )
    title = Text("按时限：所计与模拟", "By standard: counted and played")
    return Table("tested-standards", title, columns, rows, note)


def _townships(found: Simulation) -> tuple[Part, ...]:
    several = len({one.force for one in found.townships}) > 1
    rows = []
    for one in found.townships:
        force: tuple[Value, ...] = (force_name(one.force),) if several else ()
        rows.append(
            Row(
                (
                    Text(one.name_zh, one.name_en),
                    *force,
                    one.after.calls.mean,
                    one.counted_after,
                    with_interval(one.before.in_time, "percent"),
                    with_interval(one.after.in_time, "percent"),
                    with_interval(one.after.p50_s, "minutes"),
                    with_interval(one.before.p90_s, "minutes"),
                    with_interval(one.after.p90_s, "minutes"),
                    with_interval(one.after.p95_s, "minutes"),
                    one.after.unmet.mean,
                ),
                "plain" if one.after.in_time.holds(one.counted_after) is not False else "warning",
                ("townships", one.id),
            )
        )
    columns = (
        Column("township", Text("乡镇", "Township")),
        *((Column("force", Text("力量", "Force")),) if several else ()),
        Column("calls", Text("呼叫数", "Calls"), "decimal"),
        Column("counted", Text("方案：所计", "Plan, counted"), "percent"),
        Column("in-time-before", Text("现状：及时", "Today, in time"), unit=PERCENT),
        Column("in-time", Text("方案：及时", "Plan, in time"), unit=PERCENT),
        Column("p50", Text("方案：中位数", "Plan, median"), unit=MINUTES),
        Column("p90-before", Text("现状：90% 分位", "Today, 90th percentile"), unit=MINUTES),
        Column("p90", Text("方案：90% 分位", "Plan, 90th percentile"), unit=MINUTES),
        Column("p95", Text("方案：95% 分位", "Plan, 95th percentile"), unit=MINUTES),
        Column("unmet", Text("无人到场", "Never reached"), "decimal"),
    )
    table = Table("tested-townships", Text("各乡镇响应", "Response by township"), columns, tuple(rows))
    if not found.townships or several:
        return (table,)
    chart = BarChart(
        id="tested-townships-chart",
        title=Text("各乡镇 90% 分位响应", "90th percentile by township"),
        categories=tuple(Text(one.name_zh, one.name_en) for one in found.townships),
        value=Axis(Text("响应", "Response"), "minutes"),
        bars=(
            Bars(Text("现状", "today"), tuple(one.before.p90_s.mean for one in found.townships), "first"),
            Bars(Text("方案", "plan"), tuple(one.after.p90_s.mean for one in found.townships), "second"),
        ),
    )
    return (table, chart)


def _crews(found: Simulation) -> Table:
    rows = tuple(
        Row(
            (
                Text(one.name_zh or one.id, one.name_en or one.id),
                force_name(one.force),
                Text("新增", "new") if one.new else Text("现有", "standing"),
                None if one.utilisation_before is None else with_interval(one.utilisation_before, "percent"),
                None if one.utilisation_after is None else with_interval(one.utilisation_after, "percent"),
            )
        )
        for one in found.crews
    )
    columns = (
        Column("crew", Text("队伍", "Crew")),
        Column("force", Text("力量", "Force")),
        Column("new", Text("来源", "Standing or new")),
        Column("busy-before", Text("现状：出动占用", "Today, out"), unit=PERCENT),
        Column("busy-after", Text("方案：出动占用", "Plan, out"), unit=PERCENT),
    )
    note = None
    if found.busy is not None:
        note = Text(
            f"选址时假定每队有 {found.busy:.0%} 的时间在外。",
            f"The question took each unit to be out {found.busy:.0%} of the time.",
        )
    return Table("tested-crews", Text("队伍占用", "How busy crews are"), columns, rows, note)
