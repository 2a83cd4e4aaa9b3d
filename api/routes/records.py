"""Contacts, shifts, responsible units and plan documents: read, written, removed, imported from ledgers."""

from datetime import datetime, timezone
from typing import Annotated, Any, cast

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.clock import now
from api.deps import Answer, Caller, Reading, Served, Writes, needs
from api.keys import Principal
from api.local_time import zone_of
from api.problems import Problem, of_faults
from api.records.hazards import about
from api.records.keeping import (
    RecordLayer,
    put_record,
    read_sheet,
    record_of,
    records,
    remove_record,
)
from api.records.shifts import on_duty
from api.roles import may
from api.schemas.edge import RecordId, problems
from api.schemas.records import Imported, RecordAsked, RecordShown, RecordsShown
from api.store.procedure_tables import RecordRow
from api.store.tables import TeamRow
from api.writing import Writing
from geo.errors import Fault
from scenarios.incident_models import IncidentHazard

router = APIRouter(prefix="/records", tags=["records"], dependencies=[needs("read")])
Layer = Annotated[RecordLayer, Path()]
TO_CALL = ("contacts", "rosters", "units")
"""Layers that only those see who may call."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET = {
    "requestBody": {"required": True, "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/{layer}", responses=problems(404))
def listed(
    layer: Layer,
    session: Reading,
    service: Served,
    caller: Caller,
    hazard: Annotated[IncidentHazard | None, Query(description="only records about this hazard")] = None,
    team_id: Annotated[str | None, Query(max_length=200, description="only shifts of this team")] = None,
) -> RecordsShown:
    """The records of a layer; contacts, shifts and units only for those who may call."""
    _refuse_secret(caller, layer)
    found = [
        row
        for row in records(session, layer)
        if (hazard is None or about(str(row.content.get("hazard") or ""), hazard))
        and (team_id is None or row.content.get("team_id") == team_id)
    ]
    at, zone = now(), zone_of(service.region)
    return RecordsShown(items=tuple(record_shown(row, at, zone) for row in found))


@router.get("/{layer}/{record_id}", responses=problems(404))
def one(layer: Layer, record_id: RecordId, session: Reading, service: Served, caller: Caller) -> RecordShown:
    """One record."""
    _refuse_secret(caller, layer)
    return record_shown(record_of(session, layer, record_id), now(), zone_of(service.region))


@router.put(
    "/{layer}/{record_id}",
    dependencies=[needs("supply")],
    responses=problems(404),
    response_model=RecordShown,
)
def put(layer: Layer, record_id: RecordId, asked: RecordAsked, service: Served, write: Writes) -> Response:
    """Write a record, new or in the place of another; the region's files do not change it again."""
    if asked.layer != layer:
        raise of_faults([_fault("layer", asked.layer, layer)])
    content = asked.model_dump(mode="json", by_alias=True, exclude={"layer"})

    def action(writing: Writing) -> Answer:
        _refuse_unknown_team(writing, content)
        row = put_record(writing, layer, record_id, content)
        return Answer(body=record_shown(row, writing.at, zone_of(service.region)))

    return write.do(action)


@router.delete(
    "/{layer}/{record_id}",
    dependencies=[needs("supply")],
    responses=problems(404),
    response_model=RecordShown,
)
def remove(layer: Layer, record_id: RecordId, service: Served, write: Writes) -> Response:
    """Remove what was written here, so that the region's files hold again; else hide the record."""

    def action(writing: Writing) -> Answer:
        row = remove_record(writing, service.region, layer, record_id)
        return Answer(body=record_shown(row, writing.at, zone_of(service.region)))

    return write.do(action)


@router.post(
    "/{layer}/import",
    dependencies=[needs("supply")],
    responses=problems(404, 415),
    response_model=Imported,
    openapi_extra=_SHEET,
)
async def take_ledger(layer: Layer, request: Request, write: Writes) -> Response:
    """Take the records of an XLSX ledger (Chinese or English headers), all or none of them."""
    content = await request.body()
    if not content.startswith(b"PK"):
        raise Problem("A238", 415, "wanted: an .xlsx workbook as the body")

    def work() -> Response:
        found = read_sheet(layer, content)
        return write.do(lambda writing: Answer(body=_take(writing, layer, found)))

    return await run_in_threadpool(work)


def _take(writing: Writing, layer: RecordLayer, found: dict[str, dict[str, Any]]) -> Imported:
    written, same = [], []
    with writing.session.no_autoflush:  # all rows go to the database at once: others wait for this writer
        for name, content in found.items():
            row = writing.session.get(RecordRow, (layer, name))
            if row is not None and row.listed and row.content == content:
                same.append(name)
                continue
            _refuse_unknown_team(writing, content)
            put_record(writing, layer, name, content)
            written.append(name)
    return Imported(layer=layer, written=tuple(written), same=tuple(same))


def record_shown(row: RecordRow, at: datetime, zone: timezone) -> RecordShown:
    """A record as it is shown at an instant."""
    duty = None
    if row.layer == "rosters":
        duty = on_duty(str(row.content.get("from") or ""), str(row.content.get("to") or ""), at, zone)
    return RecordShown(
        layer=cast(Any, row.layer),
        id=row.id,
        origin=cast(Any, row.origin),
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        on_duty=duty,
        values=row.content,
    )


def _refuse_secret(caller: Principal, layer: str) -> None:
    if layer in TO_CALL and not may(caller.role, "call"):
        raise Problem("A111", 403, f"a key of the role {caller.role} may not see {layer}", right="call")


def _refuse_unknown_team(writing: Writing, content: dict[str, Any]) -> None:
    name = content.get("team_id")
    if name is not None and writing.session.get(TeamRow, str(name)) is None:
        raise of_faults([_fault("team_id", name, "an id of the layer teams")])


def _fault(key: str, found: object, wanted: str) -> Fault:
    return Fault(
        code="A128", where=f"record {key}", found=repr(found), wanted=wanted, fix="Correct the name."
    )
