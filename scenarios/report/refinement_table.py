"""The tables of a dispatch page that show what a refinement gained and proved."""

from scenarios.dispatch_plan import DispatchPlan
from scenarios.report.dispatch_words import named
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Change, Text

MEASURES = {
    "completion": Text("各事件到齐时间的加权和（秒）", "Weighted sum of completion times, s"),
    "headcount": Text("加权缺员（人）", "Weighted people missing"),
}


def refinement_tables(plan: DispatchPlan) -> tuple[Table, ...]:
    """The measure before and after, with its bound, and heads by incident; none where nothing was refined."""
    found = plan.refinement
    if found is None:
        return ()
    columns = (
        Column("measure", Text("指标", "Measure")),
        Column("value", Text("精确方案 → 本方案", "Exact plan → this plan"), "decimal", better="lower"),
        Column("bound", Text("下界", "No plan below"), "decimal"),
        Column("gap", Text("差距", "Gap"), "percent"),
    )
    row = Row((MEASURES[found.measure], Change(found.exact, found.objective), found.bound, found.gap))
    title = Text("在相同任务内的优化", "Refined within the same slots")
    return (Table("refinement-table", title, columns, (row,)), *_people(plan))


def _people(plan: DispatchPlan) -> tuple[Table, ...]:
    assert plan.refinement is not None
    names = {incident.id: named(incident) for incident in plan.decisions.incidents}
    columns = (
        Column("incident", Text("事件", "Incident")),
        Column("wanted", Text("需要人数", "People wanted"), "integer"),
        Column("sent", Text("派出人数", "People sent"), "integer"),
    )
    rows = tuple(
        Row(
            (names[one.incident_id], one.wanted, one.sent),
            "warning" if one.sent < one.wanted else "plain",
        )
        for one in plan.refinement.people
    )
    title = Text("各事件人数", "People at each incident")
    return (Table("people-table", title, columns, rows),) if rows else ()
