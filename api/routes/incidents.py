"""Incidents: what happened, where, and the plans that answer them."""

from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from api.deps import Answer, Caller, Reading, Served, Writes, needs
from api.incidents import cancel_incident, close_incident, correct_incident, report_incident
from api.problems import Problem
from api.procedure.responses import level_in_force, levels_in_force
from api.routes.plans import answer_with_plan
from api.schemas.edge import RecordId, problems
from api.schemas.geojson import Feature, FeatureCollection, geometry_of
from api.schemas.incidents import IncidentReport, IncidentShown, ZoneShown
from api.schemas.plans import PlanAsked, PlanShown, Why
from api.schemas.procedure import EndAsked
from api.store.tables import IncidentRow, ZoneRow
from api.writing import Writing
from scenarios.incident_models import IncidentLevel

router = APIRouter(prefix="/incidents", tags=["incidents"], dependencies=[needs("read")])


@router.get("", responses=problems())
def incidents(
    session: Reading,
    status: Annotated[Literal["open", "closed"] | None, Query(description="both when left out")] = None,
) -> FeatureCollection[IncidentShown]:
    """Incidents, newest first."""
    query = select(IncidentRow).order_by(IncidentRow.id.desc())
    if status is not None:
        ended = IncidentRow.closed_at
        query = query.where(ended.is_(None) if status == "open" else ended.is_not(None))
    rows = session.scalars(query).all()
    levels = levels_in_force(session, [row.id for row in rows])
    shown = (incident_shown(row, levels.get(row.id)) for row in rows)
    return FeatureCollection[IncidentShown](features=tuple(shown))


@router.post(
    "",
    status_code=201,
    dependencies=[needs("operate")],
    responses=problems(),
    response_model=Feature[IncidentShown],
)
def report(asked: IncidentReport, service: Served, write: Writes) -> Response:
    """Report an incident."""

    def action(writing: Writing) -> Answer:
        row = report_incident(writing, service.region, asked)
        return Answer(body=incident_shown(row, None), status=201, location=f"/incidents/{row.id}")

    return write.do(action)


@router.get("/{incident_id}", responses=problems(404))
def incident(incident_id: RecordId, session: Reading) -> Feature[IncidentShown]:
    """One incident."""
    row = session.get(IncidentRow, incident_id)
    if row is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    return incident_shown(row, level_in_force(session, incident_id))


@router.put(
    "/{incident_id}",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=Feature[IncidentShown],
)
def correct(incident_id: RecordId, asked: IncidentReport, service: Served, write: Writes) -> Response:
    """Report an incident anew; plans made before are stale from now on."""

    def action(writing: Writing) -> Answer:
        row = correct_incident(writing, service.region, incident_id, asked)
        return Answer(body=incident_shown(row, level_in_force(writing.session, incident_id)))

    return write.do(action)


@router.post(
    "/{incident_id}/close",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=Feature[IncidentShown],
)
def close(incident_id: RecordId, asked: Why, write: Writes) -> Response:
    """End an incident, once every order for it and its response have ended."""
    return write.do(
        lambda writing: Answer(body=incident_shown(close_incident(writing, incident_id, why=asked.why), None))
    )


@router.post(
    "/{incident_id}/cancel",
    dependencies=[needs("commit")],
    responses=problems(404, 409),
    response_model=Feature[IncidentShown],
)
def cancel(incident_id: RecordId, asked: EndAsked, caller: Caller, write: Writes) -> Response:
    """End what was no incident: every order is released and its response ends, all at once."""

    def action(writing: Writing) -> Answer:
        row = cancel_incident(
            writing,
            incident_id,
            caller,
            why=asked.why,
            approved_verbally_by=asked.approved_verbally_by,
        )
        return Answer(body=incident_shown(row, None))

    return write.do(action)


@router.get("/{incident_id}/zones", responses=problems(404))
def zones(incident_id: RecordId, session: Reading) -> FeatureCollection[ZoneShown]:
    """The hazard zones of an incident, as its newest plan drew them; none before the first plan."""
    if session.get(IncidentRow, incident_id) is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    rows = session.scalars(select(ZoneRow).where(ZoneRow.incident_id == incident_id).order_by(ZoneRow.id))
    return FeatureCollection[ZoneShown](features=tuple(map(zone_shown, rows)))


@router.post(
    "/{incident_id}/plan",
    status_code=201,
    dependencies=[needs("plan")],
    responses=problems(404, 409),
    response_model=PlanShown,
)
async def plan(incident_id: RecordId, asked: PlanAsked, service: Served, write: Writes) -> Response:
    """Whom to send, computed at once from the present state; nobody is bound until it is committed."""
    names = list(dict.fromkeys((incident_id, *asked.also)))
    return await answer_with_plan(service, write, names, replaces=None)


def incident_shown(row: IncidentRow, response: IncidentLevel | None) -> Feature[IncidentShown]:
    """An incident as it is shown; ``response``: the level at which it is answered."""
    properties = IncidentShown(
        status="open" if row.closed_at is None else "closed",
        ended_as=cast(Any, row.ended_as),
        response_level=response,
        hazard=row.hazard,
        level=row.level,
        name_zh=row.report["name_zh"],
        name_en=row.report["name_en"],
        report=row.report,
        weather=row.weather,
        reported_at=row.reported_at,
        reported_by=row.reported_by,
        closed_at=row.closed_at,
        version=row.version,
    )
    return Feature(id=row.id, geometry=geometry_of(row.place), properties=properties)


def zone_shown(row: ZoneRow) -> Feature[ZoneShown]:
    """A zone as it is shown."""
    properties = ZoneShown(
        incident_id=row.incident_id,
        plan_id=row.plan_id,
        kind=row.kind,
        level=row.level,
        depth_m=row.depth_m,
        people=row.people,
        closes_roads=row.closes_roads,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
    return Feature(id=row.id, geometry=geometry_of(row.polygon), properties=properties)
