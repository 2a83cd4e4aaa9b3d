"""Orders: issued, carried out, ended; what a team does follows from the order it holds."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.keys import Principal
from api.problems import Problem
from api.procedure.approvals import approve
from api.situation import open_incident
from api.stock_ledger import settle
from api.store.tables import OrderRow, PlanRow, TeamRow
from api.writing import Writing

Ending = Literal["completed", "released", "diverted"]
BOUND = ("committed", "en_route", "on_scene")
"""What a team does that holds an order, in this order."""
UNBOUND = ("available", "returning", "off_duty")
"""What a team does that holds none."""


def held_orders(session: Session, plan_id: str | None) -> Sequence[OrderRow]:
    """Orders of a plan that are carried out now; none without a plan, not those that a person gave."""
    if plan_id is None:
        return ()
    query = select(OrderRow).where(OrderRow.plan_id == plan_id, OrderRow.ended_at.is_(None))
    return session.scalars(query.order_by(OrderRow.team_id)).all()


def order_of(session: Session, team_id: str) -> OrderRow | None:
    """The order that a team holds."""
    query = select(OrderRow).where(OrderRow.team_id == team_id, OrderRow.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def issue(
    writing: Writing, team_id: str, incident_id: str, *, plan_id: str | None, task: dict[str, Any]
) -> OrderRow:
    """A new order; a team on the road is under way at once, one at its base has to turn out first."""
    team = writing.session.get_one(TeamRow, team_id)
    team.status = "committed" if team.status in ("available", "committed") else "en_route"
    team.changed_at = writing.at
    order = OrderRow(
        id=writing.next_id("order"),
        plan_id=plan_id,
        incident_id=incident_id,
        team_id=team_id,
        status="issued",
        task=task,
        issued_at=writing.at,
        issued_by=writing.actor,
        why="",
    )
    writing.session.add(order)
    writing.session.flush()
    return order


def held_order(session: Session, order_id: str) -> OrderRow:
    """An order that is carried out now; raises ``Problem`` A118 or A126."""
    order = session.get(OrderRow, order_id)
    if order is None:
        raise Problem("A118", 404, f"no order {order_id}")
    if order.ended_at is not None:
        raise Problem(
            "A126", 409, f"{order_id} was {order.status} by {order.ended_by}", order_status=order.status
        )
    return order


def end_order(writing: Writing, order: OrderRow, ending: Ending, *, why: str) -> None:
    """End an order; unless it is diverted its team is free, on its way back if it had left."""
    order.status, order.ended_at, order.ended_by, order.why = ending, writing.at, writing.actor, why
    if ending != "diverted":
        team = writing.session.get_one(TeamRow, order.team_id)
        team.status = "available" if team.status == "committed" else "returning"
        team.changed_at = writing.at
    writing.record(f"order.{ending}", order.id, team_id=order.team_id, incident_id=order.incident_id, why=why)


def end(writing: Writing, order_id: str, ending: Literal["completed", "released"], *, why: str) -> OrderRow:
    """Complete an order, which uses up its stock, or release its team, which gives the stock free again."""
    order = held_order(writing.session, order_id)
    settle(writing, order.id, used=ending == "completed")
    end_order(writing, order, ending, why=why)
    _end_plan(writing, order.plan_id)
    return order


def divert(
    writing: Writing,
    order_id: str,
    incident_id: str,
    principal: Principal,
    *,
    capability: str,
    level: int,
    why: str,
    approved_verbally_by: str | None = None,
) -> OrderRow:
    """Send a team that holds an order to another incident: the old order ends, a new one begins.

    Raises
    ------
    Problem
        A118 no such order or incident, A124 nobody approved, A126 the order has ended, A127 the incident is
        closed.
    """
    order = held_order(writing.session, order_id)
    incident = open_incident(writing.session, incident_id)
    if incident.id == order.incident_id:
        raise Problem("A126", 409, f"{order_id} is for {incident_id} already", order_status=order.status)
    settle(writing, order.id, used=False)
    end_order(writing, order, "diverted", why=why)
    _end_plan(writing, order.plan_id)
    task = {"slots": [{"capability": capability, "level": level}], "trips": []}
    new = issue(writing, order.team_id, incident.id, plan_id=None, task=task)
    approve(new, principal, approved_verbally_by)
    writing.record(
        "order.issued",
        new.id,
        team_id=new.team_id,
        incident_id=incident.id,
        instead_of=order.id,
        approved_by=new.approved_by,
        approved_verbally_by=new.approved_verbally_by,
    )
    return new


def report_status(writing: Writing, team_id: str, status: str, *, crew: int | None) -> TeamRow:
    """What a team says it does.

    Raises
    ------
    Problem
        A118 no such team, A125 a status that does not fit the order it holds, or that it holds none.
    """
    team = writing.session.get(TeamRow, team_id)
    if team is None:
        raise Problem("A118", 404, f"no team {team_id}")
    order = order_of(writing.session, team_id)
    if status not in (UNBOUND if order is None else BOUND):
        held = "no order" if order is None else f"{order.id} for {order.incident_id}: release or complete it"
        raise Problem("A125", 409, f"{team_id} holds {held}", team_id=team_id, team_status=team.status)
    before, team.status, team.changed_at = team.status, status, writing.at
    team.crew = team.crew if crew is None else crew
    if order is not None and status != "committed":
        order.status = status
    writing.record("team.status", team_id, before=before, after=status, crew=crew)
    return team


def _end_plan(writing: Writing, plan_id: str | None) -> None:
    """A plan ends with its last order."""
    writing.session.flush()
    plan = writing.session.get(PlanRow, plan_id) if plan_id else None
    if plan is not None and plan.status == "committed" and not held_orders(writing.session, plan_id):
        plan.status = "ended"
        writing.record("plan.ended", plan.id)
