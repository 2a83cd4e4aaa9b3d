"""Alerts of others taken in: one becomes an incident with its area as a zone; updates and cancels follow."""

import re
from datetime import datetime
from typing import Any, Literal

import numpy as np
import shapely
from pydantic import ValidationError
from pyproj import Geod
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.cap.events import closes_roads, hazard_of, level_of, table, zone_level_of
from api.cap.reading import Alert, Info, Reference, references_of
from api.incidents import cancel_incident, correct_incident, held_for, report_incident
from api.keys import Principal
from api.planning_records import ALERT_ZONE
from api.problems import Problem, of_faults
from api.procedure.responses import level_in_force
from api.schemas.incidents import IncidentReport
from api.store.procedure_tables import AlertRow
from api.store.tables import IncidentRow, ZoneRow
from api.writing import Writing
from geo.errors import Fault
from geo.region.region import Region
from scenarios.flood_hazards import region_outline
from scenarios.incident_models import FLOODS, RELEASES

Outcome = Literal["reported", "updated", "cancelled", "noted", "unmatched", "superseded"]
"""What became of a message: a new incident, one corrected, one ended, or kept as it is; ``unmatched``: it
goes on from messages that never came; ``superseded``: a message that came before goes on from it."""
FOLLOWING = ("Update", "Cancel")
LONGEST_NAME = 200
FARTHEST_M = 90_000.0
"""Longest distance that an incident takes, a little less than its own limit, metres."""
_EARTH = Geod(ellps="WGS84")


def take_alert(
    writing: Writing, region: Region, alert: Alert, xml: str, principal: Principal
) -> tuple[AlertRow, bool]:
    """Take in a message; the row of it, and whether it is new.

    Messages that are no actual alert, that name no hazard of ours or lie elsewhere are kept and change
    nothing. The same message again is answered with what became of it. Messages are matched by references
    alone (CAP 1.2, section 3.2.1), in whatever order they come: an update that goes on from nothing known is
    a danger all the same and becomes an incident, a cancel of nothing known ends nothing, and what a later
    message of the same sender has updated or cancelled before changes nothing any more.

    Raises
    ------
    Problem
        A253 no area to draw, A255 another message of the same sender and identifier.
    """
    session = writing.session
    known = _message(session, alert.sender, alert.identifier)
    if known is not None:
        if known.xml != xml:
            raise Problem("A255", 409, f"{alert.sender} sent another message {alert.identifier} before")
        return known, False
    row = AlertRow(
        id=writing.next_id("alert"),
        direction="in",
        sender=alert.sender,
        identifier=alert.identifier,
        sent=alert.sent,
        status=alert.status,
        msg_type=alert.msg_type,
        outcome="noted",
        xml=xml,
        taken_at=writing.at,
        taken_by=writing.actor,
    )
    before = _incident_of(session, alert)
    row.incident_id = None if before is None else before.id
    session.add(row)
    session.flush()
    row.outcome = _followed(writing, region, alert, row, before, principal)
    writing.record(
        "alert.taken",
        row.id,
        incident_id=row.incident_id,
        sender=row.sender,
        identifier=row.identifier,
        msg_type=row.msg_type,
        outcome=row.outcome,
    )
    return row, True


def _incident_of(session: Session, alert: Alert) -> IncidentRow | None:
    """The incident of the newest message that this one refers to."""
    for reference in reversed(alert.references):
        message = _message(session, reference.sender, reference.identifier)
        if message is not None and message.incident_id is not None:
            return session.get(IncidentRow, message.incident_id)
    return None


def _followed(
    writing: Writing,
    region: Region,
    alert: Alert,
    row: AlertRow,
    before: IncidentRow | None,
    principal: Principal,
) -> Outcome:
    if alert.status != "Actual" or alert.msg_type not in ("Alert", "Update", "Cancel"):
        return "noted"
    if later := _gone_on_from(writing.session, alert):
        row.incident_id = later.incident_id
        return "superseded"
    if before is not None and before.closed_at is not None:
        return "noted"
    unmatched = alert.msg_type in FOLLOWING and not _known(writing.session, alert)
    if alert.msg_type == "Cancel":
        if before is None:
            return "unmatched" if unmatched else "noted"
        return _cancel(writing, row, before, principal)
    info = alert.info
    hazard = None if info is None else hazard_of(info)
    if info is None or (before is None and hazard is None):
        return "noted"
    if before is not None and (alert.msg_type == "Update" or alert.references):
        return _update(writing, region, row, before, info)
    outcome = _report(writing, region, row, info, str(hazard))
    return "unmatched" if unmatched and outcome == "reported" else outcome


def _known(session: Session, alert: Alert) -> bool:
    """Whether any of the messages that this one goes on from has come."""
    return any(_message(session, one.sender, one.identifier) is not None for one in alert.references)


def _gone_on_from(session: Session, alert: Alert) -> AlertRow | None:
    """The newest message of the same sender that updates or cancels this one, though it came before it."""
    query = select(AlertRow).where(
        AlertRow.direction == "in",
        AlertRow.sender == alert.sender,
        AlertRow.identifier != alert.identifier,
        AlertRow.sent >= alert.sent,
        AlertRow.status == "Actual",
        AlertRow.msg_type.in_(FOLLOWING),
    )
    this = Reference(sender=alert.sender, identifier=alert.identifier)
    for row in session.scalars(query.order_by(AlertRow.sent.desc(), AlertRow.id.desc())):
        if this in references_of(row.xml):
            return row
    return None


def _message(session: Session, sender: str, identifier: str) -> AlertRow | None:
    query = select(AlertRow).where(AlertRow.sender == sender, AlertRow.identifier == identifier)
    return session.scalars(query).one_or_none()


def _report(writing: Writing, region: Region, row: AlertRow, info: Info, hazard: str) -> Outcome:
    area = _drawn(info)
    if not _touches(region, area):
        return "noted"
    content = {"hazard": hazard, **_said(info), **_placed(region, hazard, area, info, row)}
    incident = report_incident(writing, region, _checked(content))
    writing.session.flush()
    row.incident_id = incident.id
    _draw(writing, region, row, info, area)
    return "reported"


def _update(writing: Writing, region: Region, row: AlertRow, before: IncidentRow, info: Info) -> Outcome:
    """The level and name anew; the place only where the area has changed, so that what people added stays."""
    kept = {key: value for key, value in before.report.items() if key in IncidentReport.model_fields}
    content: dict[str, Any] = {**kept, **_said(info), "weather": before.weather}
    if info.area is not None and not _same_area(writing.session, before.id, info.area):
        content |= _placed(region, before.hazard, info.area, info, row)
    correct_incident(writing, region, before.id, _checked(content))
    if info.area is not None:
        _draw(writing, region, row, info, info.area)
    return "updated"


def _cancel(writing: Writing, row: AlertRow, before: IncidentRow, principal: Principal) -> Outcome:
    """The zone goes; the incident ends with it unless people work on it: then they end it."""
    _erase(writing.session, before.id)
    if held_for(writing.session, before.id) or level_in_force(writing.session, before.id) is not None:
        before.version += 1
        return "noted"
    cancel_incident(writing, before.id, principal, why=f"{row.sender} {row.identifier}")
    return "cancelled"


def _said(info: Info) -> dict[str, Any]:
    name = re.sub(r"[\s\x00-\x1f\x7f]+", " ", info.headline or info.event).strip()[:LONGEST_NAME]
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in name)
    return {"level": level_of(info), ("name_zh" if chinese else "name_en"): name}


def _placed(region: Region, hazard: str, area: BaseGeometry, info: Info, row: AlertRow) -> dict[str, Any]:
    """Where it is, in the way that its hazard wants: a point, distances, or water as deep as it is said."""
    if hazard in FLOODS:
        depth_m = info.parameters.get("depth_m") or table()["depth_m"]
        water = {"id": row.id, "polygon": dict(mapping(area)), "depth_m": depth_m}
        begins, ends = _holds(info)
        if begins is not None and ends is not None:
            water |= {"valid_from": begins, "valid_to": ends}
        return {"where": {}, "water": [water]}
    here = _here(region, area)
    spot = here.centroid if here.contains(here.centroid) else here.representative_point()
    where = {"lon": round(float(spot.x), 6), "lat": round(float(spot.y), 6)}
    if hazard not in RELEASES:
        return {"where": where}
    source = f"CAP {row.sender} {row.identifier}: radius of equal area"
    return {"where": where, "distances": {"isolate_m": _radius_m(area), "source": source}}


def _holds(info: Info) -> tuple[datetime | None, datetime | None]:
    """From when to when it holds; a message that ends before it begins says nothing about time."""
    if info.begins is not None and info.expires is not None and info.begins > info.expires:
        return None, None
    return info.begins, info.expires


def _radius_m(area: BaseGeometry) -> float:
    """Radius of the circle of the same area; of a circle it is its own, within a hundredth."""
    square_m = abs(float(_EARTH.geometry_area_perimeter(area)[0]))
    return round(min(max(float(np.sqrt(square_m / np.pi)), 10.0), FARTHEST_M), 1)


def _checked(content: dict[str, Any]) -> IncidentReport:
    try:
        return IncidentReport.model_validate(content)
    except ValidationError as error:
        faults = [
            Fault(
                code="A254",
                where=f"the alert as an incident, {'.'.join(map(str, one['loc']))}",
                found=repr(one.get("input"))[:80],
                wanted=one["msg"],
                fix="Correct the alert, or report the incident by hand.",
            )
            for one in error.errors()
        ]
        raise of_faults(faults) from error


def _drawn(info: Info) -> BaseGeometry:
    if info.area is None:
        raise Problem("A253", 422, "the alert draws no area: no polygon and no circle")
    return info.area


def _touches(region: Region, area: BaseGeometry) -> bool:
    """Whether an area meets the region, or the box around its roads where its boundary is not known."""
    return not _here(region, area).is_empty


def _here(region: Region, area: BaseGeometry) -> BaseGeometry:
    """The part of an area that lies in the region: an alert for a province is about this county here."""
    outline = region_outline(region)
    roads = region.placed("roads")
    if outline is None and len(roads):
        outline = shapely.box(*roads.total_bounds)
    return area if outline is None else area.intersection(outline)


def _same_area(session: Session, incident_id: str, area: BaseGeometry) -> bool:
    query = select(ZoneRow).where(ZoneRow.incident_id == incident_id, ZoneRow.kind == ALERT_ZONE)
    return any(row.polygon.equals_exact(area, 1e-7) for row in session.scalars(query))


def _draw(writing: Writing, region: Region, row: AlertRow, info: Info, area: BaseGeometry) -> None:
    assert row.incident_id is not None
    _erase(writing.session, row.incident_id)
    begins, ends = _holds(info)
    writing.session.add(
        ZoneRow(
            incident_id=row.incident_id,
            id=row.id,
            plan_id=row.id,
            kind=ALERT_ZONE,
            level=zone_level_of(info),
            people=_people(region, area),
            closes_roads=closes_roads(info),
            valid_from=begins,
            valid_to=ends,
            polygon=area,
        )
    )


def _erase(session: Session, incident_id: str) -> None:
    session.execute(delete(ZoneRow).where(ZoneRow.incident_id == incident_id, ZoneRow.kind == ALERT_ZONE))


def _people(region: Region, area: BaseGeometry) -> int:
    places = region.placed("demand")
    inside = shapely.contains_xy(area, places.geometry.x, places.geometry.y)
    return int(places["people"].fillna(0).to_numpy(np.int64)[inside].sum())
