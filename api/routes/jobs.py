"""Jobs: how they stand, what they found, and their end. A key sees its own; an admin sees all."""

import asyncio
import json
import math
from collections.abc import AsyncGenerator
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api import jobs
from api.deps import Answer, Caller, Reading, Served, Writes, needs
from api.event_stream import MEDIA_TYPE, STILL_HERE, EventStream, message
from api.jobs import Known
from api.keys import Principal
from api.listeners import KEY_ENDED
from api.problems import Problem
from api.roles import may
from api.schemas.edge import RecordId, Rows, problems
from api.schemas.jobs import JobList, JobShown, JobStatus, Link
from api.service import Service
from api.store.job_tables import JobRow

router = APIRouter(prefix="/jobs", tags=["jobs"], dependencies=[needs("read")])
JSON = "application/json"
RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"
STREAMED: dict[int | str, dict[str, Any]] = {
    **problems(404),
    200: {
        "description": "Server-Sent Events: `status` whenever something is new, each the whole job as JSON;"
        " `end` after the last",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    },
}
RESULT: dict[int | str, dict[str, Any]] = {
    **problems(404),
    200: {"description": "The plan file, byte for byte", "content": {JSON: {"schema": {"type": "object"}}}},
}


@router.get("", responses=problems())
def job_list(
    session: Reading,
    caller: Caller,
    service: Served,
    before: Annotated[
        str | None,
        Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="the last id of the page before"),
    ] = None,
    limit: Rows = 100,
    status: Annotated[JobStatus | None, Query(description="only jobs that stand so")] = None,
) -> JobList:
    """Jobs of this key (all for an admin), newest first."""
    query = select(JobRow).order_by(JobRow.id.desc()).limit(limit + 1)
    if not may(caller.role, "administer"):
        query = query.where(JobRow.key_id == caller.key_id)
    if status is not None:
        query = query.where(JobRow.status == status)
    if before is not None:
        query = query.where(JobRow.id < before)
    rows = session.scalars(query).all()
    return JobList(
        jobs=tuple(job_shown(row, service.jobs.known(row.id)) for row in rows[:limit]),
        links=(Link(href="/jobs", rel="self", type=JSON),),
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.get("/{job_id}", responses=problems(404))
def job(job_id: RecordId, session: Reading, caller: Caller, service: Served) -> JobShown:
    """How a job stands."""
    return job_shown(jobs.visible(session, job_id, caller), service.jobs.known(job_id))


@router.get("/{job_id}/results", responses=RESULT, response_class=Response)
def job_result(job_id: RecordId, session: Reading, caller: Caller) -> Response:
    """What a job found. 404 while there is nothing; where it failed, the reason."""
    return Response(jobs.result(session, jobs.visible(session, job_id, caller)), media_type=JSON)


@router.delete(
    "/{job_id}", dependencies=[needs("plan")], responses=problems(404, 409), response_model=JobShown
)
def cancel(job_id: RecordId, caller: Caller, service: Served, write: Writes) -> Response:
    """Cancel a job: it leaves the queue, or its process is ended at once."""
    answer = write.do(lambda writing: Answer(body=job_shown(jobs.dismiss(writing, job_id, caller), None)))
    service.jobs.end(job_id)
    service.jobs.tell()
    return answer


@router.get("/{job_id}/events", responses=STREAMED, response_class=Response)
async def job_events(job_id: RecordId, caller: Caller, service: Served) -> Response:
    """Progress and improving bounds as they come, until the job ends."""
    if service.feed.listeners.count >= service.settings.streams:
        raise Problem("A212", 429, "too many event streams are open", retry_after_s=5)
    first = await run_in_threadpool(_now, service, job_id, caller)
    return EventStream(_followed(service, job_id, caller, first), service.metrics)


async def _followed(
    service: Service, job_id: str, caller: Principal, shown: JobShown
) -> AsyncGenerator[bytes, None]:
    loop = asyncio.get_running_loop()
    until, said = loop.time() + service.settings.stream_s, ""
    with service.feed.listeners.one_more(caller):
        while True:
            text = shown.model_dump_json()
            if text != said:
                said = text
                yield message("status", text)
            if shown.status not in jobs.UNFINISHED:
                yield message("end", f'{{"status":"{shown.status}"}}')
                return
            if loop.time() >= until or service.feed.ended:
                yield message("end", '{"code":"A211","detail":"come back to go on"}')
                return
            if not await _new(service, caller, min(service.settings.heartbeat_s, until - loop.time())):
                yield STILL_HERE
            if service.feed.listeners.is_over(caller):
                yield message("end", f'{{"code":"{KEY_ENDED}","detail":"the key is no longer in force"}}')
                return
            try:
                shown = await run_in_threadpool(_now, service, job_id, caller)
            except Problem as gone:  # the job went with the key that was turned over
                yield message("end", json.dumps({"code": gone.code, "detail": gone.detail}))
                return


async def _new(service: Service, caller: Principal, within_s: float) -> bool:
    """Whether some job got on, the key ended, or the server ends, within a time."""
    waited = [
        asyncio.ensure_future(one)
        for one in (service.jobs.news.wait(), service.feed.ending.wait(), service.feed.until_over(caller))
    ]
    try:
        done, _ = await asyncio.wait(waited, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waited:
            one.cancel()
    return bool(done)


def _now(service: Service, job_id: str, caller: Principal) -> JobShown:
    with service.store.reading() as session:
        return job_shown(jobs.visible(session, job_id, caller), service.jobs.known(job_id))


def job_shown(row: JobRow, known: Known | None) -> JobShown:
    """A job as it is shown; ``known``: how far it is, if it runs now."""
    if known is None or row.status != "running":
        known = Known(row.phase, row.done, row.bound, row.value, row.gap)
    problem = None if row.problem is None else json.loads(row.problem)
    own = f"/jobs/{row.id}"
    links = [
        Link(href=own, rel="self", type=JSON),
        Link(href=f"{own}/events", rel="monitor", type=MEDIA_TYPE),
    ]
    if row.status == "successful":
        links.append(Link(href=f"{own}/results", rel=RESULTS, type=JSON))
    return JobShown(
        jobID=row.id,
        processID=row.process,
        status=cast(JobStatus, row.status),
        message=known.phase if problem is None else problem["detail"],
        progress=math.floor(100 * known.done),
        created=row.made_at,
        started=row.started_at,
        finished=row.ended_at,
        updated=row.changed_at,
        by=row.made_by,
        attempts=row.attempts,
        handed_back=row.handed_back,
        value=known.value,
        bound=known.bound,
        gap=known.gap,
        problem=problem,
        plan_id=row.plan_id,
        links=tuple(links),
    )
