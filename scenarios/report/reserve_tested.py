"""The section of a reserve page that tells how the plan stood when its deliveries were played."""

from scenarios.intervals import Interval
from scenarios.report.drill_page import with_interval
from scenarios.report.facts import Note, Notes, Paragraph
from scenarios.report.page import Part, Section
from scenarios.report.reserve_words import Names, window_text
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Format, Text
from scenarios.reserve_plan import ReservePlan
from scenarios.reserve_simulation import Compared, ReserveSimulation

PERCENT = Text("%", "%")


def tested_section(plan: ReservePlan, names: Names) -> Section:
    """Empty where the plan was not tested."""
    found = plan.simulation
    parts: tuple[Part, ...] = ()
    if found is not None:
        parts = (
            Paragraph(_what_was_played(found)),
            _verdicts(plan, found),
            _compared_table(plan, found),
            _townships(plan, found),
            *((_short(found, names),) if found.short else ()),
            _depots(found, names),
            _fleets(found),
        )
    return Section("tested", Text("模拟检验", "Tested by simulation"), parts)


def _what_was_played(found: ReserveSimulation) -> Text:
    trucks = sum(one.trucks for one in found.fleets)
    return Text(
        f"新抽 {found.scenarios} 个情景，逐车逐趟播放配送：本区域 {len(found.fleets)} 支运输队伍的"
        f" {trucks} 辆车自驻地出发，在储备库装车口排队装车，沿真实路网行驶；"
        f"封路随险情按时段出现和解除（平均每个情景 {found.road_states:g} 种道路状态），"
        "每趟以出发时的道路为准，装好而无路时等道路开通。"
        "派车规则：先到期、先急需的先送，取当时最早能交付的库与点；空车提前赶往将要备齐的货。"
        f"行车与装卸用时随机（变异系数 {found.drive_cv:g} 与 {found.handling_cv:g}，"
        "装车口数量同为推定）。车辆单独行驶，不编队；安置点卸车不排队。"
        f"± 与区间为 {found.level:.0%} 置信区间。",
        f"Deliveries played truck by truck and trip by trip in {found.scenarios} fresh scenarios:"
        f" {trucks} trucks of {len(found.fleets)} transport teams of the region leave their bases, queue for"
        " the docks of the depots and drive the real roads; closures come and go with the hazard"
        f" ({found.road_states:g} states of the roads in the mean), the roads at departure hold for a drive,"
        " and a load without a road waits for one. Rule: what is due first and needed most first, by the"
        " depot and place that hand over soonest; empty trucks go ahead to goods that will stand ready."
        f" Drives and handling vary by chance (coefficients of variation {found.drive_cv:g} and"
        f" {found.handling_cv:g}; these and the numbers of docks are assumed). Trucks drive on their own, not"
        f" in convoys, and do not queue at shelters. ± and intervals are at {found.level:.0%} confidence.",
    )


def _verdicts(plan: ReservePlan, found: ReserveSimulation) -> Notes:
    relief = window_text(plan.relief_window_s)
    head = Text(f"{relief.zh}内保障齐全", f"Fully served in {relief.en}")
    notes = [Note(_verdict(found.served, people=True), head)]
    notes += [
        Note(
            _verdict(one, people=False),
            Text(f"{window_text(end).zh}满足率", f"Needs met in {window_text(end).en}"),
        )
        for end, one in zip(plan.windows_s, found.met, strict=True)
    ]
    waits = [one.wait_mean_s for one in found.depots if one.wait_mean_s is not None]
    worst = max(found.depots, key=lambda one: one.wait_mean_s or 0.0, default=None)
    if worst is not None and waits:
        minutes = (worst.wait_mean_s or 0.0) / 60
        notes.append(
            Note(
                Text(
                    f"每个情景 {found.trips.mean or 0.0:,.1f} 趟；最挤的装车口平均排队 {minutes:.0f} 分钟。",
                    f"{found.trips.mean or 0.0:,.1f} trips a scenario; at the busiest docks trucks wait"
                    f" {minutes:.0f} min in the mean.",
                ),
                Text("车辆", "Trucks"),
            )
        )
    if found.held_up.mean:
        notes.append(
            Note(
                Text(
                    f"每个情景 {found.held_up.mean:,.2f} 车货装好后到最后一个时段仍无路可走。",
                    f"{found.held_up.mean:,.2f} loads a scenario stood loaded and found no road by the end.",
                ),
                Text("断路", "Cut off"),
            )
        )
    return Notes(tuple(notes), Text("解析值与模拟值", "What was counted, and what was played"))


def _verdict(one: Compared, *, people: bool) -> Text:
    """What the plan states against the interval, in one sentence."""
    played = one.played
    inside = played.holds(one.stated)
    if inside is None or played.mean is None or played.low is None or played.high is None:
        return Text("情景太少，无从比较。", "too few scenarios to compare.")

    def said(value: float) -> Text:
        return Text(f"{value:,.0f} 人", f"{value:,.0f} people") if people else Text.same(f"{value:.1%}")

    stated, mean, low, high = map(said, (one.stated, played.mean, played.low, played.high))
    zh = f"方案所计 {stated.zh}，模拟 {mean.zh}（{low.zh} 至 {high.zh}）："
    en = f"the plan states {stated.en}, played {mean.en} ({low.en} to {high.en}): "
    if inside:
        zh, en = f"{zh}解析值在区间之内。", f"{en}the analytic figure lies inside the interval."
    elif one.stated > played.mean:
        why = _why_lower(one)
        zh += f"解析值在区间之外，偏高；{why.zh}。"
        en += f"the analytic figure lies outside the interval, too high; {why.en}."
    else:
        zh += "解析值在区间之外，偏低；实际优于所计。"
        en += "the analytic figure lies outside the interval, too low; the plan does better than was counted."
    return Text(zh, en)


def _why_lower(one: Compared) -> Text:
    """Whether deliveries fall behind what is counted in the same scenarios, or these are graver."""
    if one.lost.low is not None and one.lost.low > 0:
        return Text(
            "在同样情景下，车辆、排队和断路使实际达不到所计",
            "in the same scenarios trucks, queues and closed roads keep the plan from what is counted",
        )
    return Text(
        "新抽情景比方案所依据的更重，配送本身未见落后",
        "the fresh scenarios are graver than those of the plan; deliveries do not fall behind in them",
    )


def _compared_table(plan: ReservePlan, found: ReserveSimulation) -> Table:
    relief = window_text(plan.relief_window_s)
    lines: list[tuple[Text, Compared, Format]] = [
        (
            Text(f"{relief.zh}内保障齐全（人）", f"Fully served in {relief.en}, people"),
            found.served,
            "decimal",
        ),
        (
            Text(f"{relief.zh}内全员保障齐全的概率（%）", f"Everybody fully served in {relief.en}, %"),
            found.everybody,
            "percent",
        ),
    ]
    for end, one in zip(plan.windows_s, found.met, strict=True):
        window = window_text(end)
        lines.append((Text(f"{window.zh}满足率（%）", f"Needs met in {window.en}, %"), one, "percent"))
    rows = tuple(
        Row(
            (
                title,
                with_interval(Interval(mean=one.stated), how),
                with_interval(one.counted, how),
                with_interval(one.played, how),
                with_interval(one.lost, how),
            ),
            "plain" if one.played.holds(one.stated) is not False else "warning",
        )
        for title, one, how in lines
    )
    columns = (
        Column("measure", Text("指标", "Measure")),
        Column("stated", Text("方案所计", "As the plan states")),
        Column("counted", Text("同样情景：所计", "Same scenarios, counted")),
        Column("played", Text("同样情景：模拟", "Same scenarios, played")),
        Column("lost", Text("所计减模拟", "Counted less played")),
    )
    note = Text(
        "所计：各储备库的货在各时段内可达即算送达，方案未限车辆数时车辆不限；封路按最不利情形一直有效。"
        "模拟：逐车播放。最后一列逐情景相减。底色行：方案所计在模拟区间之外。",
        "Counted: goods that can be there in time are there, by any number of trucks unless the scenario"
        " limits them, on roads that stay closed throughout. Played: truck by truck. The last column is the"
        " difference scenario by scenario. Marked rows: what the plan states lies outside the interval.",
    )
    return Table("tested-figures", Text("所计与模拟", "Counted and played"), columns, rows, note)


def _townships(plan: ReservePlan, found: ReserveSimulation) -> Table:
    relief = window_text(plan.relief_window_s)
    rows = tuple(
        Row(
            (
                Text(one.name_zh, one.name_en), one.scenarios, one.people,
                with_interval(one.whole_share, "percent"), one.p50_s, one.p90_s, one.p95_s,
                one.unmet_share.mean,
            ),
            "plain",
            ("townships", one.id),
        )
        for one in found.townships
    )  # fmt: skip
    columns = (
        Column("township", Text("乡镇", "Township")),
        Column("scenarios", Text("涉及情景", "Scenarios"), "integer"),
        Column("people", Text("转移人数（平均）", "People, in the mean"), "decimal"),
        Column("whole", Text(f"{relief.zh}内齐全的情景", f"Whole in {relief.en}"), unit=PERCENT),
        Column("p50", Text("齐全时间：中位数", "Whole after: median"), "hours"),
        Column("p90", Text("90% 分位", "90th percentile"), "hours"),
        Column("p95", Text("95% 分位", "95th percentile"), "hours"),
        Column("unmet", Text("始终不齐的情景", "Never whole"), "percent"),
    )
    note = Text(
        f"齐全：该乡镇转移群众所在安置点，{relief.zh}内应到的生命必需与基本物资全部交付；自险情发生起算。"
        "分位数只计最终齐全的情景。",
        f"Whole: all vital and basic items due by {relief.en} handed over at every shelter that takes the"
        " township's people in, from the event on. Percentiles are over the scenarios in which that came.",
    )
    return Table("tested-townships", Text("各乡镇", "By township"), columns, rows, note)


def _short(found: ReserveSimulation, names: Names) -> Table:
    rows = tuple(
        Row(
            (
                names.items.get(one.item_id, Text.same(one.item_id)),
                with_interval(one.counted, "decimal"),
                with_interval(one.played, "decimal"),
            )
        )
        for one in found.short
    )
    columns = (
        Column("item", Text("物资", "Item")),
        Column("counted", Text("所计短缺（件）", "Short, counted, units")),
        Column("played", Text("模拟短缺（件）", "Short, played, units")),
    )
    title = Text(
        "救助时限末的短缺（每个情景平均）", "Short at the end of the relief window, mean of a scenario"
    )
    return Table("tested-short", title, columns, rows)


def _depots(found: ReserveSimulation, names: Names) -> Table:
    rows = tuple(
        Row(
            (
                names.depots.get(one.id, Text.same(one.id)), one.docks, with_interval(one.loads, "decimal"),
                one.wait_mean_s, one.wait_p95_s, one.wait_most_s,
            )
        )
        for one in found.depots
    )  # fmt: skip
    columns = (
        Column("depot", Text("储备库", "Depot")),
        Column("docks", Text("装车口", "Docks"), "integer"),
        Column("loads", Text("装车次数", "Loads")),
        Column("mean", Text("平均排队", "Mean wait"), "minutes"),
        Column("p95", Text("95% 分位", "95th percentile"), "minutes"),
        Column("most", Text("最长", "Longest"), "minutes"),
    )
    return Table("tested-depots", Text("装车排队", "Queues at the docks"), columns, rows)


def _fleets(found: ReserveSimulation) -> Table:
    rows = tuple(
        Row(
            (
                Text(one.name_zh or one.team_id, one.name_en or one.team_id), one.trucks, one.ready_s,
                with_interval(one.utilisation, "percent"), with_interval(one.trips, "decimal"),
            )
        )
        for one in found.fleets
    )  # fmt: skip
    columns = (
        Column("team", Text("运输队伍", "Transport team")),
        Column("trucks", Text("车辆", "Trucks"), "integer"),
        Column("ready", Text("出动（险情发生后）", "Rolls after the event"), "hours"),
        Column("busy", Text("出车占用", "Share of time out"), unit=PERCENT),
        Column("trips", Text("趟数", "Trips")),
    )
    return Table("tested-fleets", Text("车辆占用", "How busy trucks are"), columns, rows)
