"""Charts of the reserve page: cost against service level, fresh scenarios, the years of renewal."""

from scenarios.report.chart import Axis, BarChart, Bars, LineChart, Series
from scenarios.report.facts import Paragraph
from scenarios.report.reserve_words import Names, window_text
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text
from scenarios.reserve_further import Estimate
from scenarios.reserve_plan import ReservePlan

_MOST_RENEWALS = 400


def curve_chart(plan: ReservePlan) -> LineChart | None:
    """Cost before the event by the needs met in the relief window; ``None`` without two points."""
    points = plan.further.curve
    if len(points) < 2:
        return None
    at, relief = plan.windows_s.index(plan.relief_window_s), window_text(plan.relief_window_s)
    met, cost = tuple(p.met[at] for p in points), tuple(p.first_stage for p in points)
    return LineChart(
        id="curve",
        title=Text("服务水平与费用", "What a service level costs"),
        x=Axis(Text(f"{relief.zh}需求满足率", f"Needs met in {relief.en}"), "percent", from_zero=False),
        y=Axis(Text("事前费用", "Cost before the event"), "yuan"),
        series=(Series(Text("事前费用", "before the event"), met, cost),),
        note=Text(
            "每一点为短缺惩罚取不同权重时的最优方案：没有更便宜而又更好的方案。",
            "Each point is the best plan for another weight of shortages: none is both cheaper and better.",
        ),
    )


def curve_table(plan: ReservePlan) -> Table | None:
    """The points of the curve with every window."""
    if not plan.further.curve:
        return None
    columns = (
        Column("factor", Text("惩罚权重", "Weight of shortages")),
        Column("first", Text("事前费用", "Before the event"), "yuan"),
        Column("spent", Text("含使用与运输", "With use and driving"), "yuan"),
        *(Column(f"met-{number}", window_text(end), "percent") for number, end in enumerate(plan.windows_s)),
    )
    rows = tuple(Row((f"{p.factor:g}", p.first_stage, p.spent, *p.met)) for p in plan.further.curve)
    return Table("curve-points", Text("曲线各点", "Points of the curve"), columns, rows)


def validation_table(plan: ReservePlan) -> Table | None:
    """In-sample and out-of-sample figures with intervals."""
    found = plan.further.validation
    if found is None:
        return None
    columns = (
        Column("measure", Text("指标", "Measure")),
        Column("in", Text("规划情景", "Scenarios of the plan")),
        Column("in-interval", Text("95 % 置信区间", "95 % interval")),
        Column("out", Text(f"新抽 {found.scenarios:,} 个情景", f"{found.scenarios:,} fresh scenarios")),
        Column("out-interval", Text("95 % 置信区间", "95 % interval")),
    )
    relief = window_text(plan.relief_window_s)
    measures = (
        (Text("总费用（万元）", "Cost in all, 10,000 CNY"), found.in_cost, found.out_cost, 1e-4),
        (
            Text("其中短缺惩罚（万元）", "of it penalties, 10,000 CNY"),
            found.in_penalty, found.out_penalty, 1e-4,
        ),
        (
            Text(f"{relief.zh}内保障齐全（人）", f"Fully served in {relief.en}, people"),
            found.in_served, found.out_served, 1.0,
        ),
        (
            Text(f"{relief.zh}内全员保障齐全的概率（%）", f"Everybody fully served in {relief.en}, %"),
            found.in_everybody, found.out_everybody, 100.0,
        ),
        *(
            (Text(f"{title.zh}满足率（%）", f"Needs met in {title.en}, %"), inside, out, 100.0)
            for title, inside, out in zip(
                map(window_text, plan.windows_s), found.in_met, found.out_met, strict=True
            )
        ),
    )  # fmt: skip
    rows = tuple(
        Row((title, f"{inside.mean * scale:,.1f}", _interval(inside, scale), f"{out.mean * scale:,.1f}",
             _interval(out, scale)))
        for title, inside, out, scale in measures
    )  # fmt: skip
    return Table("validation", Text("新情景检验", "On fresh scenarios"), columns, rows, _VALIDATION_NOTE)


_VALIDATION_NOTE = Text(
    "情景太少会高估方案；以新抽情景的数字为准。规划情景由人写定而非抽样时没有置信区间。",
    "Few scenarios flatter a plan: believe the fresh ones. Scenarios that were written down, not drawn, have"
    " no interval.",
)


def knowing_words(plan: ReservePlan) -> Paragraph | None:
    """Value of the stochastic solution and of perfect information."""
    found = plan.further.knowing
    if found is None or found.vss is None or found.evpi is None:
        return None
    return Paragraph(
        Text(
            f"随机解的价值（VSS）{found.vss / 1e4:,.1f} 万元：按平均情景规划要多付这么多。"
            f"完全信息期望值（EVPI）{found.evpi / 1e4:,.1f} 万元：事先知道发生何事至多值这么多。",
            f"Value of the stochastic solution {found.vss / 1e4:,.1f} x 10,000 CNY: planning for the mean"
            f" scenario costs so much more. Expected value of perfect information {found.evpi / 1e4:,.1f}"
            " x 10,000 CNY: knowing beforehand what happens is worth at most that.",
        )
    )


def rotation_chart(plan: ReservePlan) -> BarChart | None:
    """What is bought, given away and written off by budget year."""
    found = plan.further.rotation
    if found is None:
        return None
    years = tuple(Text(f"第 {n} 年", f"year {n}") for n in range(1, len(found.years_cny) + 1))
    dearest, now = found.dearest_just_in_time_cny / 1e4, max(found.years_cny, default=0.0) / 1e4
    return BarChart(
        id="rotation-years",
        title=Text("更新轮换：各年采购、捐赠、报废", "Renewal: bought, given away, written off by year"),
        categories=years,
        value=Axis(Text("金额", "worth"), "yuan"),
        bars=(
            Bars(Text("采购（平滑后）", "bought, smoothed"), found.years_cny),
            Bars(Text("捐赠", "given away"), found.years_donated_cny, "second"),
            Bars(Text("报废", "written off"), found.years_written_off_cny, "before"),
        ),
        note=Text(
            "第 1 年含补足到方案数量的采购。"
            f"最贵一年采购 {now:,.1f} 万元；若到期才买，最贵一年 {dearest:,.1f} 万元。"
            f"合计捐赠 {found.donated_cny / 1e4:,.1f} 万元，报废 {found.written_off_cny / 1e4:,.1f} 万元。",
            "The first year also buys what the plan adds."
            f" The dearest year buys {now:,.1f} x 10,000 CNY; bought only when it lacks, {dearest:,.1f}."
            f" In all {found.donated_cny / 1e4:,.1f} are given away, {found.written_off_cny / 1e4:,.1f}"
            " written off.",
        ),
    )


def rotation_table(plan: ReservePlan, names: Names) -> Table | None:
    """What to buy, give away and write off in which month."""
    found = plan.further.rotation
    if found is None:
        return None
    columns = (
        Column("month", Text("月份", "Month")),
        Column("item", Text("物资", "Item")),
        Column("bought", Text("采购", "Buy"), "integer"),
        Column("donated", Text("捐赠", "Give away"), "integer"),
        Column("written", Text("报废", "Write off"), "integer"),
    )
    rows = tuple(
        Row(
            (
                one.month[:7],
                Text(one.name_zh or one.item_id, one.name_en or one.item_id),
                one.bought or None,
                one.donated or None,
                one.written_off or None,
            )
        )
        for one in found.renewals[:_MOST_RENEWALS]
    )
    more = len(found.renewals) - len(rows)
    note = (
        Text(f"另有 {more} 行见表格文件。", f"{more} more rows stand in the spreadsheet.") if more else None
    )
    return Table("rotation-calendar", Text("更新轮换日历", "Renewal calendar"), columns, rows, note)


def _interval(found: Estimate, scale: float) -> str:
    if found.low is None or found.high is None:
        return "–"
    return f"{found.low * scale:,.1f} – {found.high * scale:,.1f}"
