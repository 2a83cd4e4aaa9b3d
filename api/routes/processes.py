"""The processes that can be run as jobs, and how to ask for one."""

from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from api import jobs
from api.deps import Answer, Caller, Served, Writes, needs
from api.problems import Problem
from api.processes import PROCESSES, Process
from api.routes.jobs import job_shown
from api.schemas.edge import RecordId, problems
from api.schemas.jobs import JobShown, Link, ProcessDescribed, ProcessList, ProcessShown
from api.writing import Writing

router = APIRouter(prefix="/processes", tags=["jobs"], dependencies=[needs("read")])
JSON = "application/json"
EXECUTE = "http://www.opengis.net/def/rel/ogc/1.0/execute"


@router.get("", responses=problems())
def processes() -> ProcessList:
    """What can be computed as a job."""
    return ProcessList(
        processes=tuple(map(_shown, PROCESSES.values())),
        links=(Link(href="/processes", rel="self", type=JSON),),
    )


@router.get("/{process_id}", responses=problems(404))
def process(process_id: RecordId) -> ProcessDescribed:
    """One process, with the schema of what it takes."""
    found = _process(process_id)
    return ProcessDescribed(
        **_shown(found).model_dump(),
        inputs={"document": {"title": "the body of the request", "schema": found.schema()}},
        outputs={"document": {"title": "a plan file", "schema": {"type": "object"}}},
    )


@router.post(
    "/{process_id}/execution",
    status_code=201,
    dependencies=[needs("plan")],
    responses=problems(404, 409),
    response_model=JobShown,
)
def execute(
    process_id: RecordId,
    asked: Annotated[
        dict[str, Any],
        Body(
            description="the scenario document as in files; for `refine` the id of a plan",
            examples=[{"plan_id": "plan-000001"}],
        ),
    ],
    caller: Caller,
    service: Served,
    write: Writes,
) -> Response:
    """Ask for a job; everything wrong with the document is told at once. ``Location`` leads to the job."""
    found = _process(process_id)
    before = write.done_before()
    if before is not None:
        return before  # what was asked may not fit the present state any more
    with service.store.reading() as session:
        content = found.check(asked, service.region.name, session)
    settings, made = service.settings, []

    def action(writing: Writing) -> Answer:
        row = jobs.ask(
            writing,
            process_id,
            content,
            caller,
            waiting=settings.jobs_waiting,
            each=settings.jobs_per_key,
        )
        made.append(row.id)
        return Answer(body=job_shown(row, None), status=201, location=f"/jobs/{row.id}")

    answer = write.do(action)
    for name in made:
        service.jobs.put(name)
    return answer


def _process(process_id: str) -> Process:
    found = PROCESSES.get(process_id)
    if found is None:
        raise Problem("A118", 404, f"no process {process_id}; there are {', '.join(PROCESSES)}")
    return found


def _shown(found: Process) -> ProcessShown:
    own = f"/processes/{found.id}"
    return ProcessShown(
        id=found.id,
        version=version("muster"),
        title=found.title_en,
        title_zh=found.title_zh,
        description=found.description,
        links=(
            Link(href=own, rel="self", type=JSON),
            Link(href=f"{own}/execution", rel=EXECUTE, type=JSON),
        ),
    )
