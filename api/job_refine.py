"""Refining a proposed plan as a job: what is handed to the worker, and what becomes of its answer."""

import json
from collections.abc import Mapping
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy.orm import Session

from api.planning_records import propose
from api.problems import Problem
from api.schemas.edge import Named, Strict
from api.snapshot import Snapshot
from api.store.job_tables import JobRow
from api.store.tables import PlanRow
from api.writing import Writing
from geo.errors import Fault, InputError


class RefineAsked(Strict):
    """A plan to refine to the least weighted sum of completion times."""

    plan_id: Named


REFINE_SCHEMA = RefineAsked.model_json_schema()


def check_refine(content: dict[str, Any], _region: str, session: Session) -> dict[str, Any]:
    """What a plan was computed from.

    Raises
    ------
    InputError
        A201 no readable ``plan_id``.
    Problem
        A118 no such plan, A202 it cannot be refined: no proposal, or a change of a plan in force.
    """
    try:
        name = RefineAsked.model_validate(content).plan_id
    except ValidationError as wrong:
        raise InputError([_fault(error) for error in wrong.errors()]) from wrong
    row = session.get(PlanRow, name)
    if row is None:
        raise Problem("A118", 404, f"no plan {name}")
    if row.status != "proposed" or row.replaces is not None:
        why = row.status if row.replaces is None else f"a change of {row.replaces}"
        raise Problem("A202", 409, f"{name} is {why}; only new proposals are refined", plan_status=row.status)
    inputs = json.loads(row.document)["inputs"]
    return {"plan_id": name, **{part: inputs[part]["content"] for part in ("scenario", "board", "doctrine")}}


def keep_refined(writing: Writing, job: JobRow, document: str) -> str | None:
    """Propose the refined plan on the state that the first one was computed from."""
    first = writing.session.get_one(PlanRow, json.loads(job.asked)["plan_id"])
    seen = cast(Snapshot, first.snapshot)
    row = propose(writing, document, seen, list(first.incidents), replaces=None, draws=False)
    return row.id


def _fault(error: Mapping[str, Any]) -> Fault:
    return Fault(
        code="A201",
        where=f"body {'.'.join(map(str, error['loc']))}".rstrip(),
        found=repr(error["input"])[:60],
        wanted=str(error["msg"]),
        fix='Send {"plan_id": "plan-000001"} with the id of a proposed plan.',
    )
