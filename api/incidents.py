"""Incidents: reported, corrected, closed, cancelled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import numpy as np
from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.incident_check import refuse_impossible
from api.keys import Principal
from api.orders import end
from api.positions import AHEAD
from api.problems import Problem, of_faults
from api.procedure.responses import end_response, level_in_force
from api.schemas.incidents import IncidentReport
from api.situation import open_incident
from api.store.tables import IncidentRow, OrderRow, ZoneRow
from api.writing import Writing
from geo.errors import Fault
from geo.region.region import Region


def report_incident(writing: Writing, region: Region, report: IncidentReport) -> IncidentRow:
    """A new incident.

    Raises
    ------
    Problem
        A128 unknown place, A141 of the future, and what ``refuse_impossible`` says.
    """
    _refuse_future(report, writing.at)
    place = place_of(region, report)
    refuse_impossible(region, report, writing.at)
    row = IncidentRow(
        id=writing.next_id("incident"), reported_at=writing.at, reported_by=writing.actor, version=1
    )
    _write_down(row, report, place)
    writing.session.add(row)
    writing.record("incident.reported", row.id, hazard=row.hazard, level=row.level, report=row.report)
    return row


def correct_incident(
    writing: Writing, region: Region, incident_id: str, report: IncidentReport
) -> IncidentRow:
    """An incident reported anew; plans made before rest on an earlier state."""
    _refuse_future(report, writing.at)
    row = open_incident(writing.session, incident_id)
    place = place_of(region, report)
    refuse_impossible(region, report, writing.at)
    _write_down(row, report, place)
    row.version += 1
    writing.record("incident.corrected", row.id, version=row.version, report=row.report, weather=row.weather)
    return row


def close_incident(writing: Writing, incident_id: str, *, why: str) -> IncidentRow:
    """End an incident whose orders and whose response have ended.

    Raises
    ------
    Problem
        A118 no such incident, A127 it is closed or orders go on, A232 its response is in force.
    """
    row = open_incident(writing.session, incident_id)
    orders = [order.id for order in held_for(writing.session, incident_id)]
    if orders:
        raise Problem("A127", 409, f"{incident_id} has {len(orders)} orders that go on", orders=orders)
    level = level_in_force(writing.session, incident_id)
    if level is not None:
        raise Problem("A232", 409, f"the response to {incident_id} is in force at level {level}", level=level)
    _end(writing, row, "closed", why=why)
    return row


def cancel_incident(
    writing: Writing,
    incident_id: str,
    principal: Principal,
    *,
    why: str,
    approved_verbally_by: str | None = None,
) -> IncidentRow:
    """End what was no incident: its orders are released, its response ends, in one transaction.

    Raises
    ------
    Problem
        A118 no such incident, A124 a response is in force and nobody approved its end, A127 it is closed.
    """
    row = open_incident(writing.session, incident_id)
    for order in held_for(writing.session, incident_id):
        end(writing, order.id, "released", why=why)
    if level_in_force(writing.session, incident_id) is not None:
        end_response(writing, incident_id, principal, why=why, approved_verbally_by=approved_verbally_by)
    _end(writing, row, "cancelled", why=why)
    return row


def held_for(session: Session, incident_id: str) -> Sequence[OrderRow]:
    """Orders for an incident that are carried out now."""
    query = select(OrderRow).where(OrderRow.incident_id == incident_id, OrderRow.ended_at.is_(None))
    return session.scalars(query.order_by(OrderRow.id)).all()


def _end(writing: Writing, row: IncidentRow, ended_as: Literal["closed", "cancelled"], *, why: str) -> None:
    row.closed_at, row.ended_as, row.version = writing.at, ended_as, row.version + 1
    writing.session.execute(delete(ZoneRow).where(ZoneRow.incident_id == row.id))
    writing.record(f"incident.{ended_as}", row.id, why=why)


def _refuse_future(report: IncidentReport, at: datetime) -> None:
    if report.event_at is not None and report.event_at > at + AHEAD:
        raise of_faults(
            [
                Fault(
                    code="A141",
                    where="incident event_at",
                    found=report.event_at.isoformat(),
                    wanted=f"not after {at.isoformat(timespec='seconds')}",
                    fix="Correct event_at; say water_after for water that is still to come.",
                )
            ]
        )


def _write_down(row: IncidentRow, report: IncidentReport, place: BaseGeometry | None) -> None:
    row.hazard, row.level = report.hazard, report.level
    row.report = report.incident(row.id).model_dump(mode="json")
    row.weather = report.weather.model_dump(mode="json")
    row.place = place


def place_of(region: Region, report: IncidentReport) -> BaseGeometry | None:
    """Where to show it: its point, its hazard site, or the middle of its water; raises ``Problem`` A128."""
    where = report.where
    if where.lon is not None and where.lat is not None:
        return Point(where.lon, where.lat)
    if where.hazard_site is not None:
        return _record(region, "hazard_sites", where.hazard_site)
    shapes = [_record(region, "flood_zones", name) for name in where.flood_zones]
    drawn = [np.mean(np.asarray(one.bounds).reshape(2, 2), axis=0) for one in shapes if one is not None]
    return Point(*np.mean(drawn, axis=0)) if drawn else _water(report)


def _water(report: IncidentReport) -> BaseGeometry | None:
    from shapely.geometry import shape

    if not report.water:
        return None
    found: BaseGeometry = shape(report.water[0].polygon.model_dump(mode="json")).representative_point()
    return found


def _record(region: Region, layer: str, name: str) -> BaseGeometry | None:
    table = region.table(layer)
    found = table.loc[table["id"] == name, "geometry"]
    if len(found):
        shape: BaseGeometry | None = found.iloc[0]
        return shape
    raise of_faults(
        [
            Fault(
                code="A128",
                where="incident where",
                found=repr(name),
                wanted=f"an id of the layer {layer}",
                fix=f"GET /region/layers/{layer} lists them.",
            )
        ]
    )
