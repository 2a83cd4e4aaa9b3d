"""Plans: computed, looked at, committed, looked at again."""

from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import APIRouter, Query, Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.committing import commit, confirm
from api.deps import Answer, Caller, Reading, Served, Write, Writes, needs
from api.orders import held_orders
from api.planning import plan_text
from api.planning_records import in_force, open_incidents_of, present_document, propose
from api.problems import Problem
from api.routes.orders import order_shown
from api.schemas.edge import After, RecordId, Rows, problems
from api.schemas.plans import CommitAsked, Committed, PlanRecord, PlanRecords, PlanShown, PlanStatus
from api.service import Service
from api.situation import Situation, situation
from api.store.tables import PlanRow
from api.writing import Writing
from scenarios.dispatch_plan import DispatchPlan

router = APIRouter(prefix="/plans", tags=["plans"], dependencies=[needs("read")])


@router.get("", responses=problems())
def plans(
    session: Reading,
    after: After = "",
    limit: Rows = 200,
    status: Annotated[PlanStatus | None, Query(description="only plans that stand so")] = None,
    to_confirm: Annotated[bool, Query(description="only those approved by word and not confirmed")] = False,
) -> PlanRecords:
    """Plans, oldest first, without their documents."""
    query = select(PlanRow).where(PlanRow.id > after).order_by(PlanRow.id).limit(limit + 1)
    if status is not None:
        query = query.where(PlanRow.status == status)
    if to_confirm:
        query = query.where(PlanRow.approved_verbally_by.is_not(None), PlanRow.confirmed_at.is_(None))
    rows = session.scalars(query).all()
    following = rows[limit - 1].id if len(rows) > limit else None
    return PlanRecords(items=tuple(map(record, rows[:limit])), next=following)


@router.get("/{plan_id}", responses=problems(404), response_model=PlanShown)
def plan(plan_id: RecordId, session: Reading) -> Response:
    """One plan with its document."""
    return Response(shown(_row(session, plan_id)), media_type="application/json")


@router.get("/{plan_id}/document", responses=problems(404), response_model=DispatchPlan)
def document(plan_id: RecordId, session: Reading) -> Response:
    """The plan file itself, byte for byte, as ``muster check`` takes it."""
    return Response(_row(session, plan_id).document, media_type="application/json")


@router.post(
    "/{plan_id}/commit",
    status_code=201,
    dependencies=[needs("commit")],
    responses=problems(404, 409),
    response_model=Committed,
)
def commit_plan(plan_id: RecordId, asked: CommitAsked, caller: Caller, write: Writes) -> Response:
    """Turn a plan into orders: all of them or none, no team twice, stock reserved, in one transaction."""

    def action(writing: Writing) -> Answer:
        row = commit(
            writing, plan_id, caller, force=asked.force, approved_verbally_by=asked.approved_verbally_by
        )
        writing.session.flush()
        orders = tuple(map(order_shown, held_orders(writing.session, row.id)))
        return Answer(
            body=Committed(plan=record(row), orders=orders), status=201, location=f"/plans/{row.id}"
        )

    return write.do(action)


@router.post(
    "/{plan_id}/confirm",
    dependencies=[needs("approve")],
    responses=problems(404, 409),
    response_model=PlanRecord,
)
def confirm_plan(plan_id: RecordId, caller: Caller, write: Writes) -> Response:
    """Confirm a plan that was approved by word."""
    return write.do(lambda writing: Answer(body=record(confirm(writing, plan_id, caller))))


@router.post(
    "/{plan_id}/replan",
    status_code=201,
    dependencies=[needs("plan")],
    responses=problems(404, 409),
    response_model=PlanShown,
)
async def replan(plan_id: RecordId, service: Served, write: Writes) -> Response:
    """Look at a plan in force again, and change it only where that gains enough; commit the answer."""
    before = await run_in_threadpool(write.done_before)  # the plan may be out of force by what was answered
    if before is not None:
        return before
    names = await run_in_threadpool(_incidents_now, write, plan_id)
    return await answer_with_plan(service, write, names, replaces=plan_id)


async def answer_with_plan(
    service: Service, write: Write, names: Sequence[str], *, replaces: str | None
) -> Response:
    """Compute a plan in the fast lane from one state of the store, and keep it as a proposal."""
    before = await run_in_threadpool(write.done_before)
    if before is not None:
        return before
    seen, present = await run_in_threadpool(_seen, write, names, replaces)
    scenario, board = seen.scenario.model_dump_json(), seen.board.model_dump_json()
    text = await service.lane.run(plan_text, scenario, board, present)

    def action(writing: Writing) -> Answer:
        row = propose(writing, text, seen.snapshot, names, replaces=replaces)
        writing.session.flush()
        return Answer(body=shown(row), status=201, location=f"/plans/{row.id}")

    return await run_in_threadpool(write.do, action)


def _seen(write: Write, names: Sequence[str], replaces: str | None) -> tuple[Situation, str | None]:
    with write.reading() as session:
        present = None if replaces is None else present_document(session, in_force(session, replaces))
        return situation(session, names), present


def _incidents_now(write: Write, plan_id: str) -> list[str]:
    with write.reading() as session:
        names = open_incidents_of(session, in_force(session, plan_id))
    if not names:
        raise Problem("A127", 409, f"every incident of {plan_id} is closed")
    return names


def _row(session: Session, plan_id: str) -> PlanRow:
    row = session.get(PlanRow, plan_id)
    if row is None:
        raise Problem("A118", 404, f"no plan {plan_id}")
    return row


def shown(row: PlanRow) -> str:
    """A plan with its document, which is not parsed and written again."""
    return f'{record(row).model_dump_json()[:-1]},"document":{row.document.strip()}}}'


def record(row: PlanRow) -> PlanRecord:
    """A plan without its document."""
    return PlanRecord(
        id=row.id,
        status=cast(PlanStatus, row.status),
        incidents=tuple(row.incidents),
        replaces=row.replaces,
        made_at=row.made_at,
        made_by=row.made_by,
        committed_at=row.committed_at,
        committed_by=row.committed_by,
        forced=row.forced,
        approved_by=row.approved_by,
        approved_verbally_by=row.approved_verbally_by,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
    )
