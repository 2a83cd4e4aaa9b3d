"""``/health``, ``/ready``, ``/metrics``: whether the server lives, can work, and how it does."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from api.deps import Served, needs
from api.metrics import CONTENT_TYPE
from api.problems import Problem
from api.schemas.edge import Shown, problems

router = APIRouter(tags=["health"])


class Alive(Shown):
    """The server answers."""

    status: Annotated[str, Field(examples=["ok"])]


@router.get("/health", responses=problems())
async def health() -> Alive:
    """Whether the process answers; needs no key and touches nothing else."""
    return Alive(status="ok")


@router.get("/ready", responses=problems())
async def ready(service: Served) -> Alive:
    """Whether plans can be made now: the database answers and planning processes are warm; needs no key."""
    if not service.lane.warm:
        raise Problem("A131", 503, "planning processes are warming up", retry_after_s=2)
    await run_in_threadpool(service.store.answers)
    return Alive(status="ready")


@router.get(
    "/metrics",
    dependencies=[needs("read")],
    responses={**problems(), 200: {"content": {CONTENT_TYPE.split(";")[0]: {"schema": {"type": "string"}}}}},
    response_class=Response,
)
async def metrics(service: Served) -> Response:
    """Figures for Prometheus."""
    return Response(service.metrics.text(), media_type=CONTENT_TYPE)
