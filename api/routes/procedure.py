"""The procedure of an incident: its response, what waits for confirmation, its log."""

from typing import Any, cast

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from api.deps import Answer, Caller, Reading, Writes, needs
from api.problems import Problem
from api.procedure.approvals import Waiting, waiting
from api.procedure.log import Line, log_of, write_entry
from api.procedure.responses import confirm_response, end_response, level_in_force, set_level, steps
from api.schemas.edge import RecordId, problems
from api.schemas.procedure import (
    EndAsked,
    EntryAsked,
    LevelAsked,
    LogLine,
    LogShown,
    ResponseShown,
    ResponseStep,
    WaitingRecords,
    WaitingShown,
)
from api.store.procedure_tables import ResponseRow
from api.store.tables import IncidentRow
from api.writing import Writing

router = APIRouter(tags=["procedure"], dependencies=[needs("read")])
NOUNS = {"plan": "plans", "order": "orders", "response": "responses"}


@router.get("/approvals", responses=problems())
def approvals(session: Reading) -> WaitingRecords:
    """What was approved by word and waits to be confirmed: plans, orders by hand, response levels."""
    return WaitingRecords(items=tuple(map(_waiting, waiting(session))))


@router.get("/incidents/{incident_id}/response", responses=problems(404))
def response(incident_id: RecordId, session: Reading) -> ResponseShown:
    """At which level an incident is answered, and every step there."""
    return _response(session, incident_id)


@router.post(
    "/incidents/{incident_id}/response",
    status_code=201,
    dependencies=[needs("commit")],
    responses=problems(404, 409),
    response_model=ResponseShown,
)
def set_response(incident_id: RecordId, asked: LevelAsked, caller: Caller, write: Writes) -> Response:
    """Start the response to an incident, or raise or lower its level."""

    def action(writing: Writing) -> Answer:
        set_level(
            writing,
            incident_id,
            asked.level,
            caller,
            why=asked.why,
            approved_verbally_by=asked.approved_verbally_by,
        )
        return Answer(
            body=_response(writing.session, incident_id),
            status=201,
            location=f"/incidents/{incident_id}/response",
        )

    return write.do(action)


@router.post(
    "/incidents/{incident_id}/response/end",
    dependencies=[needs("commit")],
    responses=problems(404, 409),
    response_model=ResponseShown,
)
def end(incident_id: RecordId, asked: EndAsked, caller: Caller, write: Writes) -> Response:
    """End the response to an incident."""

    def action(writing: Writing) -> Answer:
        end_response(
            writing, incident_id, caller, why=asked.why, approved_verbally_by=asked.approved_verbally_by
        )
        return Answer(body=_response(writing.session, incident_id))

    return write.do(action)


@router.post(
    "/responses/{response_id}/confirm",
    dependencies=[needs("approve")],
    responses=problems(404, 409),
    response_model=ResponseStep,
)
def confirm(response_id: RecordId, caller: Caller, write: Writes) -> Response:
    """Confirm a step of a response that was approved by word."""
    return write.do(lambda writing: Answer(body=_step(confirm_response(writing, response_id, caller))))


@router.get("/incidents/{incident_id}/log", responses=problems(404))
def log(incident_id: RecordId, session: Reading) -> LogShown:
    """The log of an incident: what the audit says about it and entries by hand, by the time it happened."""
    lines = tuple(map(line_shown, log_of(session, incident_id)))
    return LogShown(incident_id=incident_id, lines=lines)


@router.post(
    "/incidents/{incident_id}/log",
    status_code=201,
    dependencies=[needs("operate")],
    responses=problems(404),
    response_model=LogLine,
)
def enter(incident_id: RecordId, asked: EntryAsked, write: Writes) -> Response:
    """Write an entry into the log, also after the incident ended; nothing in it is ever changed."""

    def action(writing: Writing) -> Answer:
        row = write_entry(writing, incident_id, asked.text, at=asked.at)
        line = LogLine(
            at=row.at, written_at=row.written_at, by=row.written_by, action="log.entry", subject=row.id,
            by_hand=True, text_zh=row.text, text_en=row.text,
        )  # fmt: skip
        return Answer(body=line, status=201, location=f"/incidents/{incident_id}/log")

    return write.do(action)


def line_shown(line: Line) -> LogLine:
    """A line of a log as it is shown."""
    return LogLine(
        at=line.at,
        written_at=line.written_at,
        by=line.by,
        action=line.action,
        subject=line.subject,
        by_hand=line.by_hand,
        text_zh=line.text.zh,
        text_en=line.text.en,
    )


def _waiting(one: Waiting) -> WaitingShown:
    return WaitingShown(
        kind=cast(Any, one.kind),
        id=one.id,
        incidents=one.incidents,
        approved_verbally_by=one.approved_verbally_by,
        since=one.since,
        by=one.by,
        confirm=f"/{NOUNS[one.kind]}/{one.id}/confirm",
    )


def _response(session: Session, incident_id: str) -> ResponseShown:
    if session.get(IncidentRow, incident_id) is None:
        raise Problem("A118", 404, f"no incident {incident_id}")
    return ResponseShown(
        incident_id=incident_id,
        level=level_in_force(session, incident_id),
        steps=tuple(map(_step, steps(session, incident_id))),
    )


def _step(row: ResponseRow) -> ResponseStep:
    return ResponseStep(
        id=row.id,
        step=cast(Any, row.step),
        level=cast(Any, row.level),
        at=row.at,
        by=row.by,
        why=row.why,
        approved_by=row.approved_by,
        approved_verbally_by=row.approved_verbally_by,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
    )
