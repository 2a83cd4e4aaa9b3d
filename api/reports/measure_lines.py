"""Measures taken: the response, teams, closures, alerts, materials."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from api.local_time import minute
from api.procedure.log_words import STATUSES
from api.procedure.responses import steps
from api.reports.ground import Ground, name_of, same_words, sourced
from api.schemas.reports import ReportGrid, ReportLine, Said
from api.store.procedure_tables import AlertRow
from api.store.tables import (
    ClosureRow,
    MovementRow,
    OrderRow,
    TeamRow,
)
from scenarios.report.dispatch_words import capability_words
from scenarios.report.text import Text

STEPS = {
    "start": ("启动 {} 级响应", "Response started at level {}"),
    "raise": ("响应提升至 {} 级", "Response raised to level {}"),
    "lower": ("响应降至 {} 级", "Response lowered to level {}"),
    "end": ("终止 {} 级响应", "Response at level {} ended"),
}


def measure_lines(ground: Ground) -> Iterator[ReportLine]:
    """Response, plans approved, roads closed, alerts given out, materials that left the shelves."""
    for row in steps(ground.session, ground.incident.id):
        zh, en = STEPS[row.step]
        who = row.approved_by or row.approved_verbally_by or ""
        source = Said(zh=f"{who} 批准", en=f"approved by {who}")
        yield sourced(zh.format(row.level), en.format(row.level), source, row.at)
    orders = _orders(ground)
    held = sum(order.ended_at is None for order in orders)
    yield sourced(
        f"共派出队伍 {len({o.team_id for o in orders})} 支，其中 {held} 支在执行任务",
        f"{len({o.team_id for o in orders})} teams sent in all, {held} of them carry out orders now",
        Said(zh="指令记录", en="orders"),
    )
    for closure in ground.session.scalars(select(ClosureRow).where(ClosureRow.lifted_at.is_(None))):
        what = closure.reason or closure.id
        source = Said(zh="道路封闭记录", en="closures")
        yield sourced(f"封闭道路：{what}", f"Roads closed: {what}", source, closure.reported_at)
    alerts = select(AlertRow).where(AlertRow.incident_id == ground.incident.id, AlertRow.direction == "out")
    for alert in ground.session.scalars(alerts.order_by(AlertRow.id)):
        source = Said(zh=alert.sender, en=alert.sender)
        yield sourced(
            f"发布预警 {alert.identifier}", f"Alert given out: {alert.identifier}", source, alert.sent
        )
    yield from _materials(ground, orders)


def _materials(ground: Ground, orders: Sequence[OrderRow]) -> Iterator[ReportLine]:
    moved: dict[str, float] = {}
    kept = MovementRow.order_id.in_([order.id for order in orders])
    signs = {"reserve": 1.0, "unreserve": -1.0, "out": 1.0}
    for row in ground.session.scalars(select(MovementRow).where(kept)):
        moved[row.item_id] = moved.get(row.item_id, 0.0) + signs.get(row.kind, 0.0) * row.quantity
    for item, quantity in sorted(moved.items()):
        if quantity > 0:
            name = name_of(ground.region, "items", item)
            source = Said(zh="物资台账", en="stock ledger")
            yield sourced(
                f"调拨{name.of('zh')} {quantity:g}", f"{quantity:g} {name.of('en')} supplied", source
            )


def _orders(ground: Ground) -> Sequence[OrderRow]:
    query = select(OrderRow).where(OrderRow.incident_id == ground.incident.id).order_by(OrderRow.id)
    return ground.session.scalars(query).all()


def team_grid(ground: Ground) -> ReportGrid | None:
    """Who was sent, when, and how it stands."""
    teams = {row.id: row for row in ground.session.scalars(select(TeamRow))}
    rows = []
    for order in _orders(ground):
        team, status = teams[order.team_id], STATUSES[order.status]
        slots = [capability_words(slot["capability"], slot["level"]) for slot in order.task["slots"]]
        if order.task["trips"]:
            slots.append(Text(f"运输 {len(order.task['trips'])} 趟", f"{len(order.task['trips'])} trips"))
        until = order.ended_at or order.eta
        rows.append(
            (
                Said(zh=team.name_zh or team.name_en or team.id, en=team.name_en or team.name_zh or team.id),
                Said(zh="、".join(s.zh for s in slots), en=", ".join(s.en for s in slots)),
                same_words(minute(order.issued_at, ground.zone)),
                same_words(minute(until, ground.zone)),
                Said(zh=status.zh, en=status.en),
            )
        )
    header = (("队伍", "Team"), ("任务", "Task"), ("下达", "Ordered"), ("预计到达或结束", "Due or ended"),
              ("状态", "Status"))  # fmt: skip
    return (
        ReportGrid(header=tuple(Said(zh=zh, en=en) for zh, en in header), rows=tuple(rows)) if rows else None
    )
