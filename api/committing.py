"""A plan turned into orders, in one transaction: each team bound once, stock promised, approval recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.keys import Principal
from api.orders import end_order, held_orders, issue
from api.problems import Problem
from api.procedure.approvals import approve, confirm_row
from api.snapshot import FREE, Snapshot, changes, snapshot, standing
from api.stock_ledger import Key, reserve_for, settle
from api.store.tables import IncidentRow, OrderRow, PlanRow, TeamRow
from api.writing import Writing
from scenarios.dispatch_plan import DispatchPlan


@dataclass(slots=True)
class Told:
    """What a plan tells one team; ``stock`` it takes along, ``arrival_s`` from the time of the plan."""

    incident_id: str
    arrival_s: float | None = None
    slots: list[dict[str, Any]] = field(default_factory=list)
    trips: list[dict[str, Any]] = field(default_factory=list)
    stock: dict[Key, float] = field(default_factory=dict)

    @property
    def task(self) -> dict[str, Any]:
        """As the order keeps it."""
        return {"slots": self.slots, "trips": self.trips}


def told_by(plan: DispatchPlan) -> dict[str, Told]:
    """What a plan tells each team that it sends."""
    told: dict[str, Told] = {}
    for slot in plan.decisions.slots:
        if slot.team_id:
            mine = told.setdefault(slot.team_id, Told(slot.incident_id, slot.arrival_s))
            mine.slots.append({"capability": slot.capability, "level": slot.level, "alarm": slot.complement})
    _tell_drivers(plan, told)
    return told


def _tell_drivers(plan: DispatchPlan, told: dict[str, Told]) -> None:
    """Buses and trucks of relief; a truck belongs to the first incident that relocates people."""
    if plan.relief is None:
        return
    incident_of = {place.id: place.incident_id for place in plan.relief.places}
    first = next(iter(incident_of.values()), plan.decisions.incidents[0].id)
    for ride in plan.relief.evacuation.rides:
        mine = told.setdefault(ride.team_id, Told(incident_of.get(ride.place_id, first)))
        mine.trips.append({"from": ride.place_id, "to": ride.shelter_id, "people": ride.people})
    for trip in plan.relief.materials.trips if plan.relief.materials else ():
        mine = told.setdefault(trip.team_id, Told(first))
        load = {cargo.item_id: cargo.pieces for cargo in trip.load}
        mine.trips.append({"from": trip.depot_id, "to": trip.shelter_id, "load": load})
        mode = "agreement" if trip.supplier else "physical"
        for item, pieces in load.items():
            key = (trip.depot_id, item, mode)
            mine.stock[key] = mine.stock.get(key, 0.0) + pieces


def commit(
    writing: Writing,
    plan_id: str,
    principal: Principal,
    *,
    force: bool = False,
    approved_verbally_by: str | None = None,
) -> PlanRow:
    """Turn a proposed plan into orders.

    Raises
    ------
    Problem
        A118 no such plan, A120 teams held by other orders, A121 the state has changed since (unless
        ``force``), A122 stock is not free, A123 the plan is not a proposal any more, A124 nobody approved,
        A127 an incident is closed.
    """
    session = writing.session
    plan = proposal(session, plan_id)
    _refuse_closed(session, plan.incidents)
    approve(plan, principal, approved_verbally_by)
    plan.committed_at, plan.committed_by = writing.at, principal.actor
    document = DispatchPlan.model_validate_json(plan.document)
    told = told_by(document)
    present = {order.team_id: order for order in held_orders(session, plan.replaces)}
    _refuse_held(session, told, present)
    _refuse_stale(session, plan, told, force=force)
    _refuse_busy(session, told, present)
    _make_way(writing, told, present)
    orders = [
        _order(writing, plan, document, name, one, present.get(name)) for name, one in sorted(told.items())
    ]
    plan.status, plan.forced = "committed", force
    _supersede(session, plan.replaces)
    writing.record(
        "plan.committed",
        plan.id,
        incidents=plan.incidents,
        orders={order.team_id: order.id for order in orders},
        forced=force,
        replaces=plan.replaces,
        approved_by=plan.approved_by,
        approved_verbally_by=plan.approved_verbally_by,
    )
    return plan


def proposal(session: Session, plan_id: str) -> PlanRow:
    """A plan that may be committed; raises ``Problem`` A118 or A123."""
    plan = session.get(PlanRow, plan_id)
    if plan is None:
        raise Problem("A118", 404, f"no plan {plan_id}")
    if plan.status != "proposed":
        raise Problem("A123", 409, f"{plan_id} is {plan.status}, no proposal", plan_status=plan.status)
    if plan.replaces is not None:
        replaced = session.get(PlanRow, plan.replaces)
        if replaced is None or replaced.status != "committed":
            status = "gone" if replaced is None else replaced.status
            raise Problem(
                "A123", 409, f"{plan.replaces}, which {plan_id} replaces, is {status}", plan_status=status
            )
    return plan


def _refuse_closed(session: Session, incident_ids: Iterable[str]) -> None:
    rows = [session.get(IncidentRow, name) for name in incident_ids]
    closed = [row.id for row in rows if row is not None and row.closed_at is not None]
    if closed:
        raise Problem("A127", 409, f"{closed[0]} is closed", incidents=closed)


def _refuse_held(session: Session, told: dict[str, Told], present: dict[str, OrderRow]) -> None:
    held = [row for row in _orders_of(session, told) if row.team_id not in present]
    if not held:
        return
    holders = [
        {
            "team_id": row.team_id,
            "order_id": row.id,
            "plan_id": row.plan_id,
            "incident_id": row.incident_id,
            "since": row.issued_at.isoformat(),
            "by": row.issued_by,
        }
        for row in held
    ]
    first = held[0]
    text = f"{first.team_id} is held by {first.id} for {first.incident_id}, issued by {first.issued_by}"
    raise Problem("A120", 409, text, holders=holders)


def _orders_of(session: Session, told: dict[str, Told]) -> Sequence[OrderRow]:
    query = select(OrderRow).where(OrderRow.team_id.in_(sorted(told)), OrderRow.ended_at.is_(None))
    return session.scalars(query.order_by(OrderRow.team_id)).all()


def _refuse_stale(session: Session, plan: PlanRow, told: dict[str, Told], *, force: bool) -> None:
    now = snapshot(standing(session, plan.incidents))
    found = changes(cast(Snapshot, plan.snapshot), now, sent=told)
    if found and not force:
        first = found[0]
        text = f"{plan.id} rests on an earlier state: {first['kind']} {first['id']} {first['what']}"
        raise Problem("A121", 409, text, changes=found)


def _refuse_busy(session: Session, told: dict[str, Told], present: dict[str, OrderRow]) -> None:
    """No force sends a team that is off duty or gone."""
    for name in sorted(set(told) - set(present)):
        team = session.get(TeamRow, name)
        if team is None or not team.listed or team.status not in FREE:
            status = team.status if team and team.listed else "gone"
            raise Problem(
                "A125", 409, f"{name} cannot be sent: it is {status}", team_id=name, team_status=status
            )


def _make_way(writing: Writing, told: dict[str, Told], present: dict[str, OrderRow]) -> None:
    """End the orders in force that the new plan does not go on with, and all their promises of stock."""
    for name, order in present.items():
        settle(writing, order.id, used=False)
        mine = told.get(name)
        if mine is None:
            end_order(writing, order, "released", why="plan changed")
        elif (order.incident_id, order.task) != (mine.incident_id, mine.task):
            end_order(writing, order, "diverted", why="plan changed")
    writing.session.flush()


def _order(
    writing: Writing, plan: PlanRow, document: DispatchPlan, team_id: str, told: Told, held: OrderRow | None
) -> OrderRow:
    """A new order, or the one held that goes on under the new plan; with the stock it takes along."""
    order = held if held is not None and held.ended_at is None else None
    if order is None:
        order = issue(writing, team_id, told.incident_id, plan_id=plan.id, task=told.task)
    order.plan_id = plan.id
    if told.arrival_s is not None:
        order.eta = datetime.fromisoformat(document.at) + timedelta(seconds=told.arrival_s)
    reserve_for(writing, order.id, told.stock)
    return order


def _supersede(session: Session, plan_id: str | None) -> None:
    replaced = session.get(PlanRow, plan_id) if plan_id else None
    if replaced is not None:
        replaced.status = "superseded"


def confirm(writing: Writing, plan_id: str, principal: Principal) -> PlanRow:
    """Confirm what somebody approved by word; raises ``Problem`` A118 or A136."""
    plan = writing.session.get(PlanRow, plan_id)
    if plan is None:
        raise Problem("A118", 404, f"no plan {plan_id}")
    confirm_row(writing, plan, "plan", principal)
    return plan
