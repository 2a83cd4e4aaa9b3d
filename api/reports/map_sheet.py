"""The map of an incident on paper: ground, zones, closed roads, routes, staging; with its review number."""

import html
from collections.abc import Sequence
from datetime import datetime, timezone

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.local_time import minute
from api.planning_records import ALERT_ZONE
from api.problems import Problem
from api.reports.form import BLANK, Paper, heading
from api.store.tables import ClosureRow, IncidentRow, PlanRow, ZoneRow
from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan
from scenarios.report.dispatch_map import dispatch_map
from scenarios.report.dispatch_words import HAZARDS
from scenarios.report.map_block import REVIEW
from scenarios.report.map_frame import Frame, Projection
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.region_layers import ground_layers, place_layers
from scenarios.report.svg_map import svg_map, swatch
from scenarios.report.text import Text, both

WIDTH_PX = {"A4": 1000.0, "A3": 1400.0}
_NEAR_DEG = 0.02
"""Half the side of the smallest map, degrees: about two kilometres."""


def map_sheet(
    session: Session, region: Region, incident_id: str, at: datetime, zone: timezone, *, paper: Paper
) -> str:
    """The map; raises ``Problem`` A118, A239 for an incident without place."""
    incident = session.get(IncidentRow, incident_id)
    if incident is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    if incident.place is None:
        raise Problem("A239", 409, f"nobody has said where {incident_id} is")
    plan = _plan(session, incident_id)
    layers = [layer for layer in _layers(session, region, incident, plan) if layer.features and layer.shown]
    width = WIDTH_PX[paper]
    projection = Projection.of(
        _frame(session, incident, plan), width=width, shortest=width * 0.5, tallest=width * 0.6
    )
    return (
        f'<div class="sheet wide">{heading(_title(incident), Text.same(minute(at, zone)))}'
        f'<h2 id="map-title" hidden>{both(_title(incident))}</h2>{svg_map(layers, projection)}'
        f"{_legend(layers)}{_foot(region)}</div>"
    )


def _plan(session: Session, incident_id: str) -> DispatchPlan | None:
    """The newest plan that was carried out, else the newest proposed."""
    rows = session.execute(select(PlanRow.id, PlanRow.status, PlanRow.incidents))
    mine = [(status != "proposed", name) for name, status, incidents in rows if incident_id in incidents]
    if not mine:
        return None
    return DispatchPlan.model_validate_json(session.get_one(PlanRow, max(mine)[1]).document)


def _layers(
    session: Session, region: Region, incident: IncidentRow, plan: DispatchPlan | None
) -> Sequence[MapLayer]:
    """The plan's own map, or the ground with the place alone; with alerts and closed areas on it."""
    if plan is None:
        base: tuple[MapLayer, ...] = (*ground_layers(region), *place_layers(region), _spot(incident))
    else:
        base = dispatch_map(plan, region)
    return (*base, _alerts(session, incident), _closures(session))


def _spot(incident: IncidentRow) -> MapLayer:
    assert incident.place is not None
    point = incident.place.centroid
    feature = Feature(incident.id, dict(mapping(point)), _title(incident))
    title = Text("事件", "Incidents")
    return MapLayer("incidents", title, "point", "incident", (feature,), labels=True)


def _alerts(session: Session, incident: IncidentRow) -> MapLayer:
    query = select(ZoneRow).where(ZoneRow.incident_id == incident.id, ZoneRow.kind == ALERT_ZONE)
    features = tuple(
        Feature(row.id, dict(mapping(row.polygon)), Text("预警区", "Alert area"))
        for row in session.scalars(query)
    )
    return MapLayer("alerts", Text("预警区", "Alert areas"), "polygon", "hazard_zone_outer", features)


def _closures(session: Session) -> MapLayer:
    query = select(ClosureRow).where(ClosureRow.lifted_at.is_(None), ClosureRow.polygon.is_not(None))
    features = tuple(
        Feature(row.id, dict(mapping(row.polygon)), Text.same(row.reason or row.id))
        for row in session.scalars(query)
        if row.polygon is not None
    )
    return MapLayer("closures", Text("封闭区域", "Closed areas"), "polygon", "hazard_zone", features)


def _frame(session: Session, incident: IncidentRow, plan: DispatchPlan | None) -> Frame:
    """Around the zones, the staging area and the last kilometres of the routes."""
    assert incident.place is not None
    shapes: list[BaseGeometry] = [incident.place.centroid.buffer(_NEAR_DEG)]
    shapes += session.scalars(select(ZoneRow.polygon).where(ZoneRow.incident_id == incident.id))
    boxes = [shape.bounds for shape in shapes]
    boxes += [
        (one.staging.lon, one.staging.lat, one.staging.lon, one.staging.lat)
        for one in (plan.decisions.incidents if plan else ())
        if one.id == incident.id and one.staging is not None
    ]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    wide, high = (east - west) / 8, (north - south) / 8
    return Frame(west - wide, south - high, east + wide, north + high)


def _title(incident: IncidentRow) -> Text:
    report, hazard = incident.report, HAZARDS[incident.hazard]
    return Text(
        f"{report['name_zh'] or report['name_en'] or hazard.zh}处置图",
        f"Map: {report['name_en'] or report['name_zh'] or hazard.en}",
    )


def _legend(layers: Sequence[MapLayer]) -> str:
    lines = "".join(f"<span>{swatch(layer)}{both(layer.title)}</span>" for layer in reversed(layers))
    return f'<div class="legend">{lines}</div>'


def _foot(region: Region) -> str:
    """Whose data it is, and the field for the number under which the map may be published."""
    number = html.escape(region.about("map_review_number")) or BLANK
    owners = html.escape(region.about("attribution"))
    return f'<p class="caption"><span>{owners}</span><span class="review">{both(REVIEW)}: {number}</span></p>'
