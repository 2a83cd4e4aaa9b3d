"""Order sheets: one page a team, with what it does, where it goes, whom it calls, what it must not enter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.local_time import minute
from api.problems import Problem
from api.records.hazards import about
from api.records.keeping import records
from api.reports.form import form, grid, heading, section, signatures
from api.store.tables import IncidentRow, OrderRow, PlanRow, TeamRow, ZoneRow
from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan, IncidentPlan, TeamSent
from scenarios.report.dispatch_words import COMPLEMENTS, HAZARDS, SIDES, ZONES, capability_words
from scenarios.report.text import Text


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a sheet is filled from."""

    order: OrderRow
    team: TeamRow
    incident: IncidentRow
    sent: TeamSent | None
    drawn: IncidentPlan | None
    approved: str


def order_sheet(session: Session, region: Region, order_id: str, zone: timezone) -> str:
    """The sheet of one order; raises ``Problem`` A118."""
    order = session.get(OrderRow, order_id)
    if order is None:
        raise Problem("A118", 404, f"no order {order_id}")
    return _html(session, region, _filled(session, order, {}), zone)


def order_sheets(session: Session, region: Region, incident_id: str, zone: timezone) -> str:
    """The sheets of all orders that are carried out for an incident, a page each; raises ``Problem`` A118."""
    if session.get(IncidentRow, incident_id) is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    query = select(OrderRow).where(OrderRow.incident_id == incident_id, OrderRow.ended_at.is_(None))
    plans: dict[str, DispatchPlan] = {}
    orders = session.scalars(query.order_by(OrderRow.id))
    return "".join(_html(session, region, _filled(session, order, plans), zone) for order in orders)


def _filled(session: Session, order: OrderRow, plans: dict[str, DispatchPlan]) -> _Sheet:
    sent = drawn = None
    row = session.get(PlanRow, order.plan_id) if order.plan_id else None
    approved = order.approved_by or order.approved_verbally_by or ""
    if row is not None:
        approved = row.approved_by or row.approved_verbally_by or ""
        if row.id not in plans:
            plans[row.id] = DispatchPlan.model_validate_json(row.document)
        decisions = plans[row.id].decisions
        sent = next((team for team in decisions.teams if team.id == order.team_id), None)
        drawn = next((one for one in decisions.incidents if one.id == order.incident_id), None)
    return _Sheet(
        order=order,
        team=session.get_one(TeamRow, order.team_id),
        incident=session.get_one(IncidentRow, order.incident_id),
        sent=sent,
        drawn=drawn,
        approved=approved,
    )


def _html(session: Session, region: Region, sheet: _Sheet, zone: timezone) -> str:
    return (
        f'<div class="sheet">{heading(Text("出动指令单", "Order sheet"), Text.same(sheet.order.id))}'
        f"{_head(sheet, zone)}{_tasks(sheet)}{_way(sheet)}{_dangers(session, sheet)}"
        f"{_calls(session, region, sheet)}"
        f"{signatures((Text('签发', 'Signed'), Text('受领', 'Received'), Text('时间', 'Time')))}</div>"
    )


def _head(sheet: _Sheet, zone: timezone) -> str:
    order, team, incident = sheet.order, sheet.team, sheet.incident
    report, hazard = incident.report, HAZARDS[incident.hazard]
    name = Text(
        f"{report['name_zh'] or report['name_en']} {hazard.zh}".strip(),
        f"{report['name_en'] or report['name_zh']} {hazard.en}".strip(),
    )
    pairs = (
        (Text("队伍", "Team"), _named(team)),
        (Text("呼号", "Call sign"), Text.same(team.call_sign)),
        (Text("值班电话", "Duty phone"), Text.same(team.phone)),
        (Text("出动人数", "Crew"), Text.same(str(team.crew if team.crew is not None else team.people or ""))),
        (Text("事件", "Incident"), name),
        (Text("级别", "Level"), Text.same(incident.level)),
        (Text("下达时间", "Ordered"), Text.same(minute(order.issued_at, zone))),
        (Text("应到时间", "Due"), Text.same(minute(order.eta, zone))),
        (Text("批准", "Approved by"), Text.same(sheet.approved)),
        (Text("方案", "Plan"), Text.same(order.plan_id or "")),
    )
    return form(pairs)


def _named(team: TeamRow) -> Text:
    return Text(team.name_zh or team.name_en or team.id, team.name_en or team.name_zh or team.id)


def _tasks(sheet: _Sheet) -> str:
    rows = [_slot(slot) for slot in sheet.order.task["slots"]]
    rows += [[Text("运输", "transport"), _trip(trip)] for trip in sheet.order.task["trips"]]
    header = (Text("任务", "Task"), Text("说明", "Details"))
    return section(Text("任务", "Tasks"), grid(header, rows, name=f"tasks-{sheet.order.id}") if rows else "")


def _slot(slot: dict[str, Any]) -> list[Text]:
    return [
        capability_words(slot["capability"], slot["level"]),
        COMPLEMENTS.get(slot.get("alarm", ""), Text("", "")),
    ]


def _trip(trip: dict[str, Any]) -> Text:
    load = trip.get("load")
    what = f"{trip.get('people', '')}" if load is None else ", ".join(f"{k} {v:g}" for k, v in load.items())
    unit = Text("人", "people") if load is None else Text("", "")
    way = f"{trip['from']} → {trip['to']}"
    return Text(f"{way}：{what}{unit.zh}", f"{way}: {what} {unit.en}".strip())


def _way(sheet: _Sheet) -> str:
    """Where the team waits, and by which roads it comes."""
    pairs: list[tuple[Text, Text | None]] = []
    staging = None if sheet.drawn is None else sheet.drawn.staging
    if staging is not None:
        side, at = SIDES[staging.side], f"{staging.lon:.5f}, {staging.lat:.5f} {staging.street}".strip()
        pairs.append((Text("集结点", "Staging area"), Text(f"{at}（{side.zh}）", f"{at} ({side.en})")))
    if sheet.sent is not None:
        route, minutes = sheet.sent.route, f"{sheet.sent.arrival_s / 60:.0f}"
        length = f"{route.length_m / 1000:.1f}"
        pairs.append(
            (
                Text("路线", "Route"),
                Text(
                    f"{'、'.join(route.streets) or '—'}，{length} 公里，约 {minutes} 分钟到达",
                    f"{', '.join(route.streets) or '—'}; {length} km, about {minutes} min from the order",
                ),
            )
        )
    return section(Text("去向", "Where to"), form((), whole=pairs) if pairs else "")


def _dangers(session: Session, sheet: _Sheet) -> str:
    rows = session.scalars(
        select(ZoneRow).where(ZoneRow.incident_id == sheet.incident.id).order_by(ZoneRow.level.desc())
    )
    cells = [
        [
            ZONES.get(row.kind, Text("预警区", "alert area")),
            Text.same(str(row.level)),
            Text("不得穿行", "do not enter") if row.closes_roads else Text("注意防护", "protect yourselves"),
        ]
        for row in rows
    ]
    header = (Text("危险区", "Zone"), Text("等级", "Level"), Text("要求", "Rule"))
    inner = grid(header, cells, name=f"zones-{sheet.order.id}") if cells else ""
    return section(Text("危险区", "Hazard zones"), inner)


def _calls(session: Session, region: Region, sheet: _Sheet) -> str:
    """Units responsible for this hazard, and contacts of the same units."""
    rows = list(_numbers(session, sheet.incident.hazard))
    header = (Text("单位", "Unit"), Text("负责人", "Leader"), Text("电话", "Phone"), Text("频道", "Channel"))
    return section(
        Text("联络", "Whom to call"), grid(header, rows, name=f"calls-{sheet.order.id}") if rows else ""
    )


def _numbers(session: Session, hazard: str) -> Iterator[list[Text]]:
    contacts = {str(row.content.get("unit")): row.content for row in records(session, "contacts")}
    for row in records(session, "units"):
        if about(str(row.content.get("hazard") or ""), hazard):
            unit = str(row.content.get("unit") or "")
            contact = contacts.get(unit, {})
            leader = row.content.get("leader") or contact.get("leader")
            phone = row.content.get("phone") or contact.get("duty_phone")
            yield [Text.same(str(x or "")) for x in (unit, leader, phone, contact.get("channel"))]
