"""Alerts of the Common Alerting Protocol 1.2: in and out."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api.cap.giving import drafted, give_alert, newest_given
from api.cap.intake import take_alert
from api.cap.reading import read_alert
from api.clock import now
from api.deps import Answer, Caller, Reading, Served, Writes, needs
from api.problems import Problem
from api.schemas.alerts import AlertRecords, AlertShown
from api.schemas.edge import After, RecordId, Rows, problems
from api.store.procedure_tables import AlertRow
from api.writing import Writing

router = APIRouter(tags=["alerts"], dependencies=[needs("read")])
CAP = "application/cap+xml"
_XML: dict[str, Any] = {CAP: {"schema": {"type": "string"}}}
TAKEN = (CAP, "application/xml", "text/xml")
"""Kinds of body that may hold a message."""
EXAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>flood-1</identifier><sender>weather@example.org</sender>
  <sent>2026-01-15T02:10:00+08:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><category>Met</category><event>flash flood</event><responseType>Evacuate</responseType>
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>
    <area><areaDesc>gully</areaDesc><circle>38.91,106.53 0.5</circle></area></info>
</alert>
"""
_MESSAGE: dict[str, Any] = {"schema": {"type": "string", "examples": [EXAMPLE]}}
_BODY = {"requestBody": {"required": True, "content": dict.fromkeys(TAKEN, _MESSAGE)}}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": _XML}}
_KNOWN: dict[int | str, dict[str, Any]] = {
    200: {"model": AlertShown, "description": "The same message came before; nothing is done again."}
}


@router.post(
    "/cap",
    status_code=201,
    dependencies=[needs("operate")],
    responses={**problems(409, 415), **_KNOWN},
    response_model=AlertShown,
    openapi_extra=_BODY,
)
async def take(request: Request, service: Served, caller: Caller, write: Writes) -> Response:
    """Take in an alert: its area becomes a zone, severity and urgency the level; updates, cancels follow."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TAKEN:
        raise Problem("A258", 415, f"wanted: {' or '.join(TAKEN)}; found {kind or 'no Content-Type'}")
    body = await request.body()

    def work() -> Response:
        alert = read_alert(body)
        xml = body.decode("utf-8-sig")

        def action(writing: Writing) -> Answer:
            row, new = take_alert(writing, service.region, alert, xml, caller)
            return Answer(body=_shown(row), status=201 if new else 200, location=f"/alerts/{row.id}")

        return write.do(action)

    return await run_in_threadpool(work)


@router.get("/alerts", responses=problems())
def alerts(
    session: Reading,
    after: After = "",
    limit: Rows = 200,
    incident_id: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = None,
) -> AlertRecords:
    """Messages that came in and were given out, oldest first."""
    query = select(AlertRow).where(AlertRow.id > after).order_by(AlertRow.id).limit(limit + 1)
    if incident_id is not None:
        query = query.where(AlertRow.incident_id == incident_id)
    rows = session.scalars(query).all()
    following = rows[limit - 1].id if len(rows) > limit else None
    return AlertRecords(items=tuple(map(_shown, rows[:limit])), next=following)


@router.get("/alerts/{alert_id}", responses=problems(404))
def alert(alert_id: RecordId, session: Reading) -> AlertShown:
    """One message."""
    return _shown(_row(session, alert_id))


@router.get("/alerts/{alert_id}/xml", responses={**problems(404), **_FILE}, response_class=Response)
def xml(alert_id: RecordId, session: Reading) -> Response:
    """One message as it was sent."""
    return Response(_row(session, alert_id).xml, media_type=CAP)


@router.get(
    "/incidents/{incident_id}/cap", responses={**problems(404, 409), **_FILE}, response_class=Response
)
def newest(incident_id: RecordId, session: Reading, service: Served) -> Response:
    """The newest message given out for an incident; before the first a draft, which nobody acts upon."""
    row = newest_given(session, incident_id)
    text = drafted(session, service.region, incident_id, now()) if row is None else row.xml
    return Response(text, media_type=CAP)


@router.post(
    "/incidents/{incident_id}/cap",
    status_code=201,
    dependencies=[needs("approve")],
    responses=problems(404, 409),
    response_model=AlertShown,
)
def give(incident_id: RecordId, service: Served, write: Writes) -> Response:
    """Give out the evacuation area: first an alert, then updates, after the incident's end a cancel."""

    def action(writing: Writing) -> Answer:
        row = give_alert(writing, service.region, incident_id)
        return Answer(body=_shown(row), status=201, location=f"/alerts/{row.id}")

    return write.do(action)


def _row(session: Any, alert_id: str) -> AlertRow:
    row: AlertRow | None = session.get(AlertRow, alert_id)
    if row is None:
        raise Problem("A118", 404, f"no alert {alert_id}")
    return row


def _shown(row: AlertRow) -> AlertShown:
    return AlertShown(
        id=row.id,
        direction=cast(Any, row.direction),
        sender=row.sender,
        identifier=row.identifier,
        sent=row.sent,
        status=row.status,
        msg_type=row.msg_type,
        incident_id=row.incident_id,
        outcome=cast(Any, row.outcome),
        taken_at=row.taken_at,
        taken_by=row.taken_by,
    )
