"""People and places: who is harmed, who lives inside the zones, how far these reach."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from api.planning_records import ALERT_ZONE
from api.reports.ground import Ground, sourced
from api.schemas.reports import ReportContent, ReportLine, Said
from api.store.procedure_tables import ReportRow
from api.store.tables import (
    ZoneRow,
)
from scenarios.dispatch_plan import IncidentPlan, Zone
from scenarios.report.dispatch_words import ACTIONS, ZONES
from scenarios.report.text import Text

HARMED = (("dead", "死亡", "dead"), ("injured", "受伤", "injured"), ("missing", "失联", "missing"),
          ("trapped", "被困", "trapped"))  # fmt: skip


def people_lines(ground: Ground) -> Iterator[ReportLine]:
    """People harmed, people and key places inside the zones."""
    yield _casualties(ground)
    drawn = ground.drawn
    if drawn is None or ground.plan is None:
        return
    at = ground.plan[0].made_at
    yield sourced(
        f"危险区内常住人口 {drawn.people} 人", f"{drawn.people} people live inside the zones",
        ground.from_plan, at,
    )  # fmt: skip
    yield from _key_places(drawn, ground.from_plan, at)


def _casualties(ground: Ground) -> ReportLine:
    """As counted now, else as an earlier report of the incident counted them."""
    harmed = ground.asked.casualties
    if harmed is None:
        return _counted_before(ground) or sourced("人员伤亡：正在核实", "Casualties: being checked")
    counts = [(zh, en, getattr(harmed, key)) for key, zh, en in HARMED]
    zh = "，".join(f"{word} {n} 人" for word, _, n in counts if n is not None) or "无"
    en = ", ".join(f"{n} {word}" for _, word, n in counts if n is not None) or "none"
    source = Said(zh=harmed.source, en=harmed.source)
    return sourced(f"人员伤亡：{zh}", f"Casualties: {en}", source, harmed.at)


def _counted_before(ground: Ground) -> ReportLine | None:
    """The casualties of the newest report that somebody counted for."""
    query = select(ReportRow.content).where(ReportRow.incident_id == ground.incident.id)
    for text in ground.session.scalars(query.order_by(ReportRow.number.desc())):
        content = ReportContent.model_validate_json(text)
        line = next(one.lines[0] for one in content.sections if one.key == "people")
        if line.source is not None:
            return line
    return None


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
        yield sourced(
            f"区内重点目标{zh}：{'、'.join(name.zh for name in names)}",
            f"Key places inside{en}: {', '.join(name.en for name in names)}",
            source,
            at,
        )


def area_lines(ground: Ground) -> Iterator[ReportLine]:
    """The zones of plans and of alerts."""
    drawn = ground.drawn
    if drawn is not None and ground.plan is not None:
        for zone in drawn.zones:
            yield _zone(zone, ground.from_plan, ground.plan[0].made_at)
    rows = select(ZoneRow).where(ZoneRow.incident_id == ground.incident.id, ZoneRow.kind == ALERT_ZONE)
    for row in ground.session.scalars(rows):
        source = Said(zh=f"预警 {row.plan_id}", en=row.plan_id)
        yield sourced(f"预警区域：区内 {row.people} 人", f"Alert area: {row.people} people inside", source)


def _zone(zone: Zone, source: Said, at: datetime) -> ReportLine:
    kind = ZONES[zone.kind]
    reach = "" if zone.reach_m is None else f"{zone.reach_m:.0f}"
    depth = "" if zone.depth_m is None else f"{zone.depth_m:g}"
    zh = "".join((kind.zh, f"，最远 {reach} 米" if reach else "", f"，水深 {depth} 米" if depth else ""))
    en = "".join((kind.en, f", reaching {reach} m" if reach else "", f", {depth} m deep" if depth else ""))
    said = f"{en[0].upper()}{en[1:]}, {zone.people} people inside"
    return sourced(f"{zh}，区内 {zone.people} 人", said, source, at)
