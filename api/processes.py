"""The long computations that can be asked for as jobs: a registry, read by the routes and by the workers.

A further process is one entry here, a check of what is asked, and a function that computes; the function is
named by its place and imported in the worker alone, so that the server itself stays light.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.job_refine import REFINE_SCHEMA, check_refine, keep_refined
from api.process_files import check_drill, check_ensemble, ensemble_schema, served
from api.store.job_tables import JobRow
from api.writing import Writing
from scenarios.drill_models import DrillScenario
from scenarios.files import scenario_from
from scenarios.reserve_models import ReserveScenario
from scenarios.scenario_models import Scenario

Content = dict[str, Any]
Check = Callable[[Content, str, Session], Content]
"""From what is asked, the name of the region served and the store: what the worker gets.

Raises ``InputError`` with every fault, or ``Problem``.
"""
Keep = Callable[[Writing, JobRow, str], str | None]
"""What a finished document changes in the store; gives the id of the plan it proposes, if any."""


def _nothing(_writing: Writing, _job: JobRow, _document: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One kind of job.

    Parameters
    ----------
    schema
        JSON Schema of what is asked.
    run
        ``module:function`` of the computation: from the region, what ``check`` gave and a progress callback
        to the text of the result.
    """

    id: str
    title_en: str
    title_zh: str
    description: str
    schema: Callable[[], Content]
    check: Check
    run: str
    keep: Keep = _nothing


def of_scenario(model: type[BaseModel]) -> Check:
    """The check of a process that takes a scenario document, as it would stand in a file."""

    def check(content: Content, region: str, _session: Session) -> Content:
        asked = {**content, "region": served(content, region)}
        scenario_from(asked, where="body", model=model)  # type: ignore[type-var]  # every kind of scenario
        return asked

    return check


PROCESSES: Mapping[str, Process] = {
    one.id: one
    for one in (
        Process(
            id="siting",
            title_en="Where to build the next stations",
            title_zh="站点选址",
            description="Takes a siting scenario, gives a siting plan with its proven bound.",
            schema=Scenario.model_json_schema,
            check=of_scenario(Scenario),
            run="api.process_runs:siting",
        ),
        Process(
            id="reserve",
            title_en="What to keep in the material reserve, and where",
            title_zh="物资储备",
            description="Takes a reserve scenario, gives a reserve plan with its proven bound.",
            schema=ReserveScenario.model_json_schema,
            check=of_scenario(ReserveScenario),
            run="api.process_runs:reserve",
        ),
        Process(
            id="refine",
            title_en="Refine a proposed dispatch plan",
            title_zh="优化调度方案",
            description="Takes the id of a proposed plan; the result is proposed as a plan of its own.",
            schema=lambda: REFINE_SCHEMA,
            check=check_refine,
            run="api.process_runs:refine",
            keep=keep_refined,
        ),
        Process(
            id="drill",
            title_en="Play calls through the region's teams and roads, many times",
            title_zh="推演检验",
            description="Takes a drill scenario that names no file, gives the report of all replications.",
            schema=DrillScenario.model_json_schema,
            check=check_drill,
            run="api.process_runs:drill",
        ),
        Process(
            id="ensemble",
            title_en="One scenario many times, with some of its values changed",
            title_zh="情景集合",
            description="Takes an ensemble whose `ensemble.scenario` (and `ensemble.board`) is the document"
            " itself, no file; gives the figures of every combination.",
            schema=ensemble_schema,
            check=check_ensemble,
            run="api.process_runs:ensemble",
        ),
    )
}
