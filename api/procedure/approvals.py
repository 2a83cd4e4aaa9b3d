"""Approval: by the key of somebody who may, or by word and confirmed later. One list says what waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.keys import Principal
from api.problems import Problem
from api.roles import may
from api.store.procedure_tables import ResponseRow
from api.store.tables import OrderRow, PlanRow
from api.writing import Writing


class Approved(Protocol):
    """A row that somebody answers for."""

    id: str
    approved_by: str | None
    approved_verbally_by: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something approved by word that nobody has confirmed yet; ``since``: when it was done."""

    kind: str
    id: str
    incidents: tuple[str, ...]
    approved_verbally_by: str
    since: datetime
    by: str


def approve(row: Approved, principal: Principal, verbally_by: str | None) -> None:
    """Write down who approved; raises ``Problem`` A124 where nobody did."""
    if verbally_by is not None:
        row.approved_verbally_by = verbally_by
    elif may(principal.role, "approve"):
        row.approved_by = principal.actor
    else:
        raise Problem("A124", 403, "this needs an approver's key, or the name of who approved it verbally")


def confirm_row(writing: Writing, row: Approved, kind: str, principal: Principal) -> None:
    """Confirm what somebody approved by word; raises ``Problem`` A136 where nothing waits."""
    if row.approved_verbally_by is None or row.confirmed_at is not None:
        raise Problem("A136", 409, f"{row.id} waits for no confirmation")
    row.confirmed_at, row.confirmed_by = writing.at, principal.actor
    writing.record(f"{kind}.confirmed", row.id, approved_verbally_by=row.approved_verbally_by)


def confirm_order(writing: Writing, order_id: str, principal: Principal) -> OrderRow:
    """Confirm an order that a person gave; raises ``Problem`` A118 or A136."""
    order = writing.session.get(OrderRow, order_id)
    if order is None:
        raise Problem("A118", 404, f"no order {order_id}")
    confirm_row(writing, order, "order", principal)
    return order


def waiting(session: Session) -> list[Waiting]:
    """All that was approved by word and waits to be confirmed, the oldest first."""
    return sorted(
        (*_plans(session), *_orders(session), *_responses(session)), key=lambda one: (one.since, one.id)
    )


def _plans(session: Session) -> Iterator[Waiting]:
    query = select(PlanRow).where(PlanRow.approved_verbally_by.is_not(None), PlanRow.confirmed_at.is_(None))
    for row in session.scalars(query):
        since, by = row.committed_at or row.made_at, row.committed_by or row.made_by
        yield Waiting("plan", row.id, tuple(row.incidents), row.approved_verbally_by or "", since, by)


def _orders(session: Session) -> Iterator[Waiting]:
    query = select(OrderRow).where(OrderRow.approved_verbally_by.is_not(None))
    for row in session.scalars(query.where(OrderRow.confirmed_at.is_(None))):
        verbally = row.approved_verbally_by or ""
        yield Waiting("order", row.id, (row.incident_id,), verbally, row.issued_at, row.issued_by)


def _responses(session: Session) -> Iterator[Waiting]:
    query = select(ResponseRow).where(ResponseRow.approved_verbally_by.is_not(None))
    for row in session.scalars(query.where(ResponseRow.confirmed_at.is_(None))):
        yield Waiting("response", row.id, (row.incident_id,), row.approved_verbally_by or "", row.at, row.by)
