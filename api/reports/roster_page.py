"""The roster of an incident on paper: who is sent, who is on duty now, whom to call."""

from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.local_time import minute
from api.problems import Problem
from api.procedure.log_words import STATUSES
from api.records.keeping import records
from api.records.shifts import on_duty
from api.reports.form import grid, heading, section
from api.store.tables import IncidentRow, OrderRow, TeamRow
from scenarios.report.text import Text


def roster(session: Session, incident_id: str, at: datetime, zone: timezone) -> str:
    """Teams with an order for the incident first, then those on duty now; raises ``Problem`` A118."""
    incident = session.get(IncidentRow, incident_id)
    if incident is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    held = select(OrderRow.team_id).where(OrderRow.incident_id == incident_id, OrderRow.ended_at.is_(None))
    sent = set(session.scalars(held))
    teams = session.scalars(select(TeamRow).where(TeamRow.listed).order_by(TeamRow.id)).all()
    shifts = _shifts(session, at, zone)
    name = Text(
        incident.report["name_zh"] or incident.report["name_en"] or incident_id,
        incident.report["name_en"] or incident.report["name_zh"] or incident_id,
    )
    number = Text(f"{name.zh} {minute(at, zone)}", f"{name.en} {minute(at, zone)}")
    return (
        f'<div class="sheet">{heading(Text("值班与联络表", "Roster and calls"), number)}'
        + section(Text("已派出", "Sent"), _table([t for t in teams if t.id in sent], shifts, "sent"))
        + section(
            Text("其他队伍", "Other teams"),
            _table([t for t in teams if t.id not in sent], shifts, "others"),
        )
        + section(Text("联系人", "Contacts"), _contacts(session))
        + "</div>"
    )


def _shifts(session: Session, at: datetime, zone: timezone) -> dict[str, str]:
    """The shift that holds now, by team."""
    found: dict[str, list[str]] = {}
    for row in records(session, "rosters"):
        begin, end = str(row.content.get("from") or ""), str(row.content.get("to") or "")
        if on_duty(begin, end, at, zone):
            people = row.content.get("people")
            words = f"{begin}-{end}" + ("" if people is None else f" ({people})")
            found.setdefault(str(row.content.get("team_id")), []).append(words)
    return {team: ", ".join(words) for team, words in found.items()}


def _table(teams: list[TeamRow], shifts: dict[str, str], name: str) -> str:
    header = (
        Text("队伍", "Team"),
        Text("状态", "Status"),
        Text("人数", "People"),
        Text("当班", "Shift"),
        Text("值班电话", "Duty phone"),
        Text("呼号", "Call sign"),
    )
    rows = [
        (
            Text(team.name_zh or team.name_en or team.id, team.name_en or team.name_zh or team.id),
            STATUSES[team.status],
            Text.same(str(team.crew if team.crew is not None else team.people or "")),
            Text.same(shifts.get(team.id, "")),
            Text.same(team.phone),
            Text.same(team.call_sign),
        )
        for team in teams
    ]
    return grid(header, rows, name=name) if rows else ""


def _contacts(session: Session) -> str:
    header = (
        Text("单位", "Unit"),
        Text("负责人", "Leader"),
        Text("值班电话", "Duty phone"),
        Text("呼号", "Call sign"),
        Text("370 MHz 频道", "370 MHz channel"),
    )
    columns = ("unit", "leader", "duty_phone", "call_sign", "channel")
    rows = [
        [Text.same(str(row.content.get(column) or "")) for column in columns]
        for row in records(session, "contacts")
    ]
    return grid(header, rows, name="contacts") if rows else ""
