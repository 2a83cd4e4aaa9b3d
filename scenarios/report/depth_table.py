"""The table of a dispatch page that shows what other depths of the water would change."""

from scenarios.depth_plan import DepthRun
from scenarios.dispatch_plan import DispatchPlan
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text, Value


def depth_table(plan: DispatchPlan) -> tuple[Table, ...]:
    """One row a depth, the plan's own among them; no table where the question was not asked."""
    if not plan.sensitivity:
        return ()
    columns = (
        Column("factor", Text("水深", "Depth")),
        Column("people", Text("淹没区人口", "People in the water"), "integer"),
        Column("danger", Text("有生命危险", "In danger of life"), "integer"),
        Column("some", Text("部分车辆不能通行", "Closed to some vehicles"), "km"),
        Column("all", Text("全部车辆不能通行", "Closed to all"), "km"),
        Column("short", Text("缺任务", "Slots short"), "integer"),
        Column("last", Text("全部到场", "Last arrival"), "minutes"),
        Column("changed", Text("改变任务的队伍", "Teams that change")),
    )
    title = Text("水深减半与加倍（各按新水深重新求解）", "Half and double depth (each solved again)")
    note = Text(
        "不能通行指各队车型原可通行而现不能通行的道路；生命危险指 AIDR H4 级及以上。",
        "Closed: roads that vehicles of the teams could use and cannot now. In danger: AIDR H4 and beyond.",
    )
    return (Table("depth-table", title, columns, tuple(map(_row, plan.sensitivity)), note),)


def _row(run: DepthRun) -> Row:
    cells: tuple[Value, ...] = (
        Text("本方案", "as planned") if run.factor == 1 else f"× {run.factor:g}",
        run.people,
        run.people_in_danger,
        run.closed_to_some_m,
        run.closed_to_all_m,
        run.short,
        run.last_arrival_s,
        "; ".join(run.changed) or None,
    )
    return Row(cells, "total" if run.factor == 1 else "plain")
