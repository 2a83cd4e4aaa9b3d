"""What a report says of an incident, section by section, each line with where and when it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.local_time import clock, minute
from api.planning_records import ALERT_ZONE
from api.procedure.log import log_of
from api.procedure.log_words import STATUSES
from api.procedure.responses import steps
from api.schemas.reports import ReportAsked, ReportGrid, ReportLine, ReportSection, Said
from api.store.procedure_tables import AlertRow, ReportRow
from api.store.tables import (
    ClosureRow,
    IncidentRow,
    MovementRow,
    OrderRow,
    PlanRow,
    TeamRow,
    ZoneRow,
)
from geo.errors import InputError
from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan, IncidentPlan, Zone
from scenarios.hazards.substances import find_substance
from scenarios.report.dispatch_words import ACTIONS, HAZARDS, ZONES, capability_words
from scenarios.report.text import Text

STEPS = {
    "start": ("启动 {} 级响应", "Response started at level {}"),
    "raise": ("响应提升至 {} 级", "Response raised to level {}"),
    "lower": ("响应降至 {} 级", "Response lowered to level {}"),
    "end": ("终止 {} 级响应", "Response at level {} ended"),
}
HARMED = (("dead", "死亡", "dead"), ("injured", "受伤", "injured"), ("missing", "失联", "missing"),
          ("trapped", "被困", "trapped"))  # fmt: skip
_RECORD = Said(zh="接报记录", en="incident record")
_HAND = None
"""Words of whoever wrote the report have no other source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a report is filled from; ``plan``: the newest carried out, else the newest proposed."""

    session: Session
    region: Region
    incident: IncidentRow
    plan: tuple[PlanRow, DispatchPlan] | None
    zone: timezone
    asked: ReportAsked

    @property
    def drawn(self) -> IncidentPlan | None:
        """The incident as the plan knows it."""
        if self.plan is None:
            return None
        named = {one.id: one for one in self.plan[1].decisions.incidents}
        return named.get(self.incident.id)

    @property
    def from_plan(self) -> Said:
        """The plan as a source."""
        assert self.plan is not None
        return Said(zh=f"方案 {self.plan[0].id}", en=self.plan[0].id)


def sections(ground: Ground) -> tuple[ReportSection, ...]:
    """All sections of a report that have something to say; the first ones always stand."""
    event = _section("event", "一、事件概况", "1. What happened", _event(ground))
    people = _section("people", "二、人员情况", "2. People", _people(ground))
    area = _section("area", "三、影响范围", "3. Area", _area(ground))
    measures = _section(
        "measures", "四、已采取的措施", "4. Measures taken", _measures(ground), _teams(ground)
    )
    needs = _section("needs", "五、缺口与需求", "5. What is short and wanted", _needs(ground))
    outlook = _section("outlook", "六、发展趋势与下一步工作", "6. Outlook and next steps", _outlook(ground))
    found = [event, people, area, measures, needs, outlook]
    if ground.asked.kind != "first":
        found.append(_section("timeline", "七、处置经过", "7. Course of events", _timeline(ground)))
    return tuple(found)


def _section(
    key: Any, zh: str, en: str, lines: Iterator[ReportLine], grid: ReportGrid | None = None
) -> ReportSection:
    return ReportSection(key=key, title=Said(zh=zh, en=en), lines=tuple(lines), grid=grid)


def _line(zh: str, en: str, source: Said | None = None, at: datetime | None = None) -> ReportLine:
    return ReportLine(zh=zh, en=en, source=source, at=at)


def _by_hand(words: Sequence[str]) -> Iterator[ReportLine]:
    for one in words:
        yield _line(one, one, _HAND)


def _event(ground: Ground) -> Iterator[ReportLine]:
    """What, when, where, in which weather, of which substance, who reported it, and why it happened."""
    row, report = ground.incident, ground.incident.report
    at = row.reported_at

    def known(zh: str, en: str) -> ReportLine:
        return _line(zh, en, _RECORD, at)

    hazard, name = HAZARDS[row.hazard], Text(report["name_zh"], report["name_en"])
    named = f"{name.of('zh')}（{hazard.zh}）" if name.of("zh") else hazard.zh
    named_en = f"{name.of('en')} ({hazard.en})" if name.of("en") else hazard.en
    yield known(f"事件：{named}，{row.level} 级", f"Incident: {named_en}, level {row.level}")
    event_at = report["event_at"] and datetime.fromisoformat(report["event_at"])
    happened = minute(event_at, ground.zone) or "不详"
    yield known(
        f"发生时间：{happened}；接报时间：{minute(at, ground.zone)}",
        f"Happened: {minute(event_at, ground.zone) or 'not known'}; reported: {minute(at, ground.zone)}",
    )
    yield known(*_where(ground))
    yield from (known(*words) for words in (_weather(row.weather), _substance(report)) if words)
    yield known(f"信息来源：{row.reported_by}", f"Reported by: {row.reported_by}")
    yield from _by_hand([*ground.asked.cause, *ground.asked.situation])


def _where(ground: Ground) -> tuple[str, str]:
    where, place = ground.incident.report["where"], ground.incident.place
    degrees = "" if place is None else f"{place.centroid.x:.5f}, {place.centroid.y:.5f}"
    names = [_name_of(ground.region, "hazard_sites", where["hazard_site"])] if where["hazard_site"] else []
    names += [_name_of(ground.region, "flood_zones", name) for name in where["flood_zones"]]
    zh, en = "、".join(n.of("zh") for n in names), ", ".join(n.of("en") for n in names)
    return (
        f"地点：{zh + '，' if zh else ''}经度、纬度 {degrees}",
        f"Place: {en + ', ' if en else ''}longitude, latitude {degrees}",
    )


def _name_of(region: Region, layer: str, name: str) -> Text:
    table = region.table(layer)
    found = table[table["id"] == name]
    if not len(found) or not (found["name_zh"].iloc[0] or found["name_en"].iloc[0]):
        return Text.same(name)
    return Text(str(found["name_zh"].iloc[0]), str(found["name_en"].iloc[0]))


def _weather(weather: Mapping[str, Any]) -> tuple[str, str] | None:
    if weather.get("wind_from_deg") is None and weather.get("wind_m_s") is None:
        return None
    wind_from, speed = weather.get("wind_from_deg"), weather.get("wind_m_s")
    zh = [f"风向 {wind_from:g}°"] if wind_from is not None else []
    en = [f"wind from {wind_from:g}°"] if wind_from is not None else []
    if speed is not None:
        zh, en = [*zh, f"风速 {speed:g} 米/秒"], [*en, f"{speed:g} m/s"]
    temperature = f"{weather['temperature_c']:g}"
    return f"气象：{'，'.join(zh)}，气温 {temperature} °C", f"Weather: {', '.join(en)}, {temperature} °C"


def _substance(report: Mapping[str, Any]) -> tuple[str, str] | None:
    found = report.get("substance")
    if not found:
        return None
    cas = f" (CAS {found['cas']})" if found.get("cas") else ""
    name = _known_name(found.get("cas") or found.get("name") or "")
    return f"物质：{name.of('zh')}{cas}", f"Substance: {name.of('en')}{cas}"


def _known_name(asked: str) -> Text:
    """The catalogue's name of a substance, or what was reported."""
    try:
        substance = find_substance(asked)
    except InputError:
        return Text.same(asked)
    return Text(substance.name_zh, substance.name_en)


def _people(ground: Ground) -> Iterator[ReportLine]:
    harmed = ground.asked.casualties
    if harmed is None:
        yield _line("人员伤亡：正在核实", "Casualties: being checked")
    else:
        counts = [(zh, en, getattr(harmed, key)) for key, zh, en in HARMED]
        zh = "，".join(f"{word} {n} 人" for word, _, n in counts if n is not None) or "无"
        en = ", ".join(f"{n} {word}" for _, word, n in counts if n is not None) or "none"
        yield _line(
            f"人员伤亡：{zh}", f"Casualties: {en}", Said(zh=harmed.source, en=harmed.source), harmed.at
        )
    drawn = ground.drawn
    if drawn is None or ground.plan is None:
        return
    at = ground.plan[0].made_at
    yield _line(
        f"危险区内常住人口 {drawn.people} 人", f"{drawn.people} people live inside the zones",
        ground.from_plan, at,
    )  # fmt: skip
    yield from _key_places(drawn, ground.from_plan, at)


def _key_places(drawn: IncidentPlan, source: Said, at: datetime) -> Iterator[ReportLine]:
    """Key places inside the zones, those with the same advice on one line."""
    for action in sorted({place.action for place in drawn.key_places}):
        names = [
            Text(place.name_zh or place.name_en or place.id, place.name_en or place.name_zh or place.id)
            for place in drawn.key_places
            if place.action == action
        ]
        advice = ACTIONS[action]
        zh, en = (f"，建议{advice.zh}", f", advice {advice.en}") if advice.zh else ("", "")
        yield _line(
            f"区内重点目标{zh}：{'、'.join(name.zh for name in names)}",
            f"Key places inside{en}: {', '.join(name.en for name in names)}",
            source,
            at,
        )


def _area(ground: Ground) -> Iterator[ReportLine]:
    drawn = ground.drawn
    if drawn is not None and ground.plan is not None:
        for zone in drawn.zones:
            yield _zone(zone, ground.from_plan, ground.plan[0].made_at)
    rows = select(ZoneRow).where(ZoneRow.incident_id == ground.incident.id, ZoneRow.kind == ALERT_ZONE)
    for row in ground.session.scalars(rows):
        source = Said(zh=f"预警 {row.plan_id}", en=row.plan_id)
        yield _line(f"预警区域：区内 {row.people} 人", f"Alert area: {row.people} people inside", source)


def _zone(zone: Zone, source: Said, at: datetime) -> ReportLine:
    kind = ZONES[zone.kind]
    reach = "" if zone.reach_m is None else f"{zone.reach_m:.0f}"
    depth = "" if zone.depth_m is None else f"{zone.depth_m:g}"
    zh = "".join((kind.zh, f"，最远 {reach} 米" if reach else "", f"，水深 {depth} 米" if depth else ""))
    en = "".join((kind.en, f", reaching {reach} m" if reach else "", f", {depth} m deep" if depth else ""))
    return _line(f"{zh}，区内 {zone.people} 人", f"{en}, {zone.people} people inside", source, at)


def _measures(ground: Ground) -> Iterator[ReportLine]:
    """Response, plans approved, roads closed, alerts given out, materials that left the shelves."""
    for row in steps(ground.session, ground.incident.id):
        zh, en = STEPS[row.step]
        who = row.approved_by or row.approved_verbally_by or ""
        source = Said(zh=f"{who} 批准", en=f"approved by {who}")
        yield _line(zh.format(row.level), en.format(row.level), source, row.at)
    orders = _orders(ground)
    held = sum(order.ended_at is None for order in orders)
    yield _line(
        f"共派出队伍 {len({o.team_id for o in orders})} 支，其中 {held} 支在执行任务",
        f"{len({o.team_id for o in orders})} teams sent in all, {held} of them carry out orders now",
        Said(zh="指令记录", en="orders"),
    )
    for closure in ground.session.scalars(select(ClosureRow).where(ClosureRow.lifted_at.is_(None))):
        what = closure.reason or closure.id
        source = Said(zh="道路封闭记录", en="closures")
        yield _line(f"封闭道路：{what}", f"Roads closed: {what}", source, closure.reported_at)
    alerts = select(AlertRow).where(AlertRow.incident_id == ground.incident.id, AlertRow.direction == "out")
    for alert in ground.session.scalars(alerts.order_by(AlertRow.id)):
        source = Said(zh=alert.sender, en=alert.sender)
        yield _line(
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
            name = _name_of(ground.region, "items", item)
            source = Said(zh="物资台账", en="stock ledger")
            yield _line(f"调拨{name.of('zh')} {quantity:g}", f"{quantity:g} {name.of('en')} supplied", source)


def _orders(ground: Ground) -> Sequence[OrderRow]:
    query = select(OrderRow).where(OrderRow.incident_id == ground.incident.id).order_by(OrderRow.id)
    return ground.session.scalars(query).all()


def _teams(ground: Ground) -> ReportGrid | None:
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
                _same(minute(order.issued_at, ground.zone)),
                _same(minute(until, ground.zone)),
                Said(zh=status.zh, en=status.en),
            )
        )
    header = (("队伍", "Team"), ("任务", "Task"), ("下达", "Ordered"), ("预计到达或结束", "Due or ended"),
              ("状态", "Status"))  # fmt: skip
    return (
        ReportGrid(header=tuple(Said(zh=zh, en=en) for zh, en in header), rows=tuple(rows)) if rows else None
    )


def _same(words: str) -> Said:
    return Said(zh=words, en=words)


def _needs(ground: Ground) -> Iterator[ReportLine]:
    if ground.plan is not None:
        row, plan = ground.plan
        for short in plan.shortages:
            if short.incident_id == ground.incident.id:
                what = capability_words(short.capability, short.level)
                yield _line(
                    f"缺 {what.zh} {short.count} 支", f"{short.count} short: {what.en}",
                    ground.from_plan, row.made_at,
                )  # fmt: skip
    yield from _by_hand(ground.asked.needs)


def _outlook(ground: Ground) -> Iterator[ReportLine]:
    yield from _by_hand([*ground.asked.trend, *ground.asked.next_steps])


def _timeline(ground: Ground) -> Iterator[ReportLine]:
    """Since the report before; all of it in the final one."""
    since = None
    if ground.asked.kind == "follow_up":
        query = select(ReportRow.issued_at).where(ReportRow.incident_id == ground.incident.id)
        since = ground.session.scalars(query.order_by(ReportRow.number.desc()).limit(1)).first()
    for line in log_of(ground.session, ground.incident.id):
        if since is None or line.written_at > since:
            time = clock(line.at, ground.zone)
            yield _line(f"{time} {line.text.zh}", f"{time} {line.text.en}", _same(line.by), line.at)
