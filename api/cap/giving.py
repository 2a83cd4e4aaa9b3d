"""Alerts given out: the evacuation area of an incident as a CAP 1.2 message, each following those before."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, cast

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.cap.events import table
from api.cap.reading import NAMESPACE, schema
from api.local_time import zone_of
from api.problems import Problem
from api.store.procedure_tables import AlertRow
from api.store.tables import IncidentRow, ZoneRow
from api.writing import Writing
from geo.region.region import Region
from scenarios.report.dispatch_words import ZONES
from scenarios.report.text import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from lxml.etree import _Element

TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en-US"}
SEVERITIES = {"I": "Extreme", "II": "Severe", "III": "Moderate", "IV": "Minor"}
HOLDS = timedelta(hours=6)
"""How long a message holds unless it is followed by another."""
_AREA = Text("预警区", "alert area")
_HEADLINE = Text("{}：请按指示撤离或避险", "{}: leave or take shelter as told")
_INSTRUCTION = Text(
    "隔离区内人员立即沿上风向或高处撤离；其余区内人员听从指挥，撤离或就地避险。不要驶入危险区。",
    "Leave the inner zone at once, against the wind or uphill; elsewhere inside follow instructions to leave"
    " or to shelter. Do not drive into the zones.",
)


def newest_given(session: Session, incident_id: str) -> AlertRow | None:
    """The last message that was given out for an incident."""
    given = _given(session, incident_id)
    return given[-1] if given else None


def drafted(session: Session, region: Region, incident_id: str, at: datetime) -> str:
    """What would be given out now, as a draft that nobody acts upon; raises ``Problem`` A118, A257."""
    incident = _incident(session, incident_id)
    return _message(
        session,
        region,
        incident,
        at,
        identifier=f"{region.name}-{incident_id}-draft",
        status="Draft",
        before=(),
    )


def give_alert(writing: Writing, region: Region, incident_id: str) -> AlertRow:
    """Give out a message: the first is an alert, later ones update it, one after the end cancels it.

    Raises
    ------
    Problem
        A118 no such incident, A256 it was cancelled before, A257 no zone is drawn.
    """
    incident = _incident(writing.session, incident_id)
    before = _given(writing.session, incident_id)
    if before and before[-1].msg_type == "Cancel":
        raise Problem("A256", 409, f"the alert for {incident_id} was cancelled before")
    identifier = f"{region.name}-{incident_id}-{len(before) + 1:03d}"
    sent = writing.at.replace(microsecond=0)
    xml = _message(
        writing.session, region, incident, sent, identifier=identifier, status="Actual", before=before
    )
    row = AlertRow(
        id=writing.next_id("alert"),
        direction="out",
        sender=_sender(region),
        identifier=identifier,
        sent=sent,
        status="Actual",
        msg_type=_msg_type(incident, before),
        incident_id=incident_id,
        outcome="given",
        xml=xml,
        taken_at=writing.at,
        taken_by=writing.actor,
    )
    writing.session.add(row)
    writing.record(
        "alert.given",
        row.id,
        incident_id=incident_id,
        sender=row.sender,
        identifier=identifier,
        msg_type=row.msg_type,
    )
    return row


def _incident(session: Session, incident_id: str) -> IncidentRow:
    incident = session.get(IncidentRow, incident_id)
    if incident is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    return incident


def _given(session: Session, incident_id: str) -> Sequence[AlertRow]:
    query = select(AlertRow).where(AlertRow.incident_id == incident_id, AlertRow.direction == "out")
    return session.scalars(query.order_by(AlertRow.id)).all()


def _sender(region: Region) -> str:
    return f"muster.{''.join(c if c.isalnum() else '-' for c in region.name)}"


def _msg_type(incident: IncidentRow, before: Sequence[AlertRow]) -> str:
    if not before:
        return "Alert"
    return "Update" if incident.closed_at is None else "Cancel"


def _message(
    session: Session,
    region: Region,
    incident: IncidentRow,
    sent: datetime,
    *,
    identifier: str,
    status: str,
    before: Sequence[AlertRow],
) -> str:
    from lxml import etree

    zone, msg_type = zone_of(region), _msg_type(incident, before)
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap=cast(Any, {None: NAMESPACE}))
    _add(root, "identifier", identifier)
    _add(root, "sender", _sender(region))
    _add(root, "sent", _written(sent, zone))
    _add(root, "status", status)
    _add(root, "msgType", msg_type)
    _add(root, "scope", "Public")
    if before:
        old = (f"{row.sender},{row.identifier},{_written(row.sent, zone)}" for row in before)
        _add(root, "references", " ".join(old))
    _add(root, "incidents", incident.id)
    if msg_type != "Cancel":
        zones = _zones(session, incident)
        for language in LANGUAGES:
            _info(root, region, incident, zones, sent, zone, language)
    schema().assertValid(root)
    text: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _zones(session: Session, incident: IncidentRow) -> Sequence[ZoneRow]:
    """Zones that people must leave or shelter in, the gravest first."""
    query = select(ZoneRow).where(ZoneRow.incident_id == incident.id)
    rows = session.scalars(query.order_by(ZoneRow.level.desc(), ZoneRow.id)).all()
    if not rows:
        raise Problem("A257", 409, f"no zone of {incident.id} is drawn; ask for a plan first")
    return [row for row in rows if row.closes_roads] or rows


def _info(
    root: "_Element",
    region: Region,
    incident: IncidentRow,
    zones: Sequence[ZoneRow],
    sent: datetime,
    zone: timezone,
    language: Language,
) -> None:
    about, report = table()["given"][incident.hazard], incident.report
    name = Text(report["name_zh"] or about["zh"], report["name_en"] or about["en"]).of(language)
    info = _add(root, "info")
    _add(info, "language", TAGS[language])
    _add(info, "category", about["category"])
    _add(info, "event", about[language])
    for response in ("Evacuate", "Shelter", "Avoid"):
        _add(info, "responseType", response)
    _add(info, "urgency", "Immediate")
    _add(info, "severity", SEVERITIES[incident.level])
    _add(info, "certainty", "Observed")
    _add(info, "effective", _written(sent, zone))
    _add(info, "expires", _written(sent + HOLDS, zone))
    _add(info, "senderName", Text(region.about("name_zh"), region.about("name_en")).of(language))
    _add(info, "headline", _HEADLINE.of(language).format(name))
    _add(info, "instruction", _INSTRUCTION.of(language))
    for row in zones:
        _area(info, row, language)


def _area(info: "_Element", row: ZoneRow, language: Language) -> None:
    area = _add(info, "area")
    _add(area, "areaDesc", ZONES.get(row.kind, _AREA).of(language))
    for outline in _outlines(row.polygon):
        _add(area, "polygon", outline)


def _outlines(shape: BaseGeometry) -> Iterator[str]:
    """Outer rings as ``latitude,longitude``, to a metre; holes are people's ground as well."""
    for part in shapely.get_parts(shapely.set_precision(shape, 1e-5)):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield " ".join(f"{lat:.5f},{lon:.5f}" for lon, lat in part.exterior.coords)


def _add(parent: "_Element", name: str, text: Any = None) -> "_Element":
    from lxml import etree

    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = None if text is None else str(text)
    return child


def _written(instant: datetime, zone: timezone) -> str:
    """As CAP wants it: to the second, always with an offset in digits."""
    return instant.astimezone(zone).isoformat(timespec="seconds")
