"""Orders: who was told what, and how it ended."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from api.deps import Answer, Caller, Reading, Writes, needs
from api.orders import divert, end
from api.problems import Problem
from api.procedure.approvals import confirm_order
from api.schemas.edge import After, RecordId, Rows, problems
from api.schemas.plans import DivertAsked, OrderRecords, OrderShown, Why
from api.store.tables import OrderRow
from api.writing import Writing

router = APIRouter(prefix="/orders", tags=["orders"], dependencies=[needs("read")])
OneOf = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


@router.get("", responses=problems())
def orders(
    session: Reading,
    after: After = "",
    limit: Rows = 200,
    held: Annotated[bool, Query(description="only those carried out now")] = False,
    incident_id: OneOf = None,
    team_id: OneOf = None,
) -> OrderRecords:
    """Orders, oldest first."""
    query = select(OrderRow).where(OrderRow.id > after).order_by(OrderRow.id).limit(limit + 1)
    if held:
        query = query.where(OrderRow.ended_at.is_(None))
    if incident_id is not None:
        query = query.where(OrderRow.incident_id == incident_id)
    if team_id is not None:
        query = query.where(OrderRow.team_id == team_id)
    rows = session.scalars(query).all()
    following = rows[limit - 1].id if len(rows) > limit else None
    return OrderRecords(items=tuple(map(order_shown, rows[:limit])), next=following)


@router.get("/{order_id}", responses=problems(404))
def order(order_id: RecordId, session: Reading) -> OrderShown:
    """One order."""
    row = session.get(OrderRow, order_id)
    if row is None:
        raise Problem("A118", 404, f"no order {order_id}")
    return order_shown(row)


@router.post(
    "/{order_id}/complete",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=OrderShown,
)
def complete(order_id: RecordId, asked: Why, write: Writes) -> Response:
    """The task is done: the team is free, on its way back, and the stock it took along is used up."""
    return write.do(
        lambda writing: Answer(body=order_shown(end(writing, order_id, "completed", why=asked.why)))
    )


@router.post(
    "/{order_id}/release",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=OrderShown,
)
def release(order_id: RecordId, asked: Why, write: Writes) -> Response:
    """The team is not needed any more: it is free, and the stock promised to it as well."""
    return write.do(
        lambda writing: Answer(body=order_shown(end(writing, order_id, "released", why=asked.why)))
    )


@router.post(
    "/{order_id}/divert",
    status_code=201,
    dependencies=[needs("commit")],
    responses=problems(404, 409),
    response_model=OrderShown,
)
def divert_team(order_id: RecordId, asked: DivertAsked, caller: Caller, write: Writes) -> Response:
    """Send the team to another incident by hand, approved as a plan is; the answer is its new order."""

    def action(writing: Writing) -> Answer:
        new = divert(
            writing,
            order_id,
            asked.incident_id,
            caller,
            capability=asked.capability,
            level=asked.level,
            why=asked.why,
            approved_verbally_by=asked.approved_verbally_by,
        )
        return Answer(body=order_shown(new), status=201, location=f"/orders/{new.id}")

    return write.do(action)


@router.post(
    "/{order_id}/confirm",
    dependencies=[needs("approve")],
    responses=problems(404, 409),
    response_model=OrderShown,
)
def confirm(order_id: RecordId, caller: Caller, write: Writes) -> Response:
    """Confirm an order by hand that was approved by word."""
    return write.do(lambda writing: Answer(body=order_shown(confirm_order(writing, order_id, caller))))


def order_shown(row: OrderRow) -> OrderShown:
    """An order as it is shown."""
    return OrderShown(
        id=row.id,
        plan_id=row.plan_id,
        incident_id=row.incident_id,
        team_id=row.team_id,
        status=cast(Any, row.status),
        task=row.task,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        eta=row.eta,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        why=row.why,
        approved_by=row.approved_by,
        approved_verbally_by=row.approved_verbally_by,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
    )
