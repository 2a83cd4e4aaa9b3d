"""Siting plans drawn by hand, measured at once; optimal ones are jobs."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from starlette.concurrency import run_in_threadpool

from api.deps import Served, needs
from api.planning import drawn_text
from api.processes import of_scenario
from api.schemas.edge import problems
from scenarios.files import scenario_from
from scenarios.plan_drawn import DrawnMeasured
from scenarios.scenario_models import Scenario

router = APIRouter(prefix="/siting", tags=["jobs"], dependencies=[needs("read"), needs("plan")])
EXAMPLE = {
    "muster": 1,
    "kind": "siting",
    "siting": {
        "question": "mclp",
        "open": 1,
        "standards": [{"force": "fire", "within_s": "10 min", "source": "assumed"}],
        "drawn": {"places": [{"id": "drawn-1", "lon": 106.7, "lat": 38.9}]},
    },
}


@router.post("/evaluation", responses=problems(404), response_model=DrawnMeasured)
async def evaluation(
    asked: Annotated[
        dict[str, Any], Body(description="a siting scenario with a plan under `drawn`", examples=[EXAMPLE])
    ],
    service: Served,
) -> Response:
    """The service that stands and that of a plan drawn by hand, by township and place. Nothing is kept."""
    content = await run_in_threadpool(_checked, service, asked)
    text = await service.lane.run(drawn_text, content)
    return Response(text, media_type="application/json")


def _checked(service: Served, asked: dict[str, Any]) -> str:
    with service.store.reading() as session:
        content = of_scenario(Scenario)(asked, service.region.name, session)
    return scenario_from(content, where="body").model_dump_json()
