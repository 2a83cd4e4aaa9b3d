"""Plans in the store: proposed, looked at again, and the zones they draw."""

from collections.abc import Sequence
from datetime import datetime

from shapely import make_valid
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.orders import held_orders
from api.problems import Problem
from api.snapshot import Snapshot
from api.store.tables import IncidentRow, PlanRow, ZoneRow
from api.writing import Writing
from scenarios.dispatch_plan import DispatchPlan, SlotFilled, Zone
from scenarios.plan_file import plan_text

ALERT_ZONE = "alert"
"""Kind of the zones that alerts draw; plans do not touch them."""


def propose(
    writing: Writing,
    document: str,
    seen: Snapshot,
    incident_ids: Sequence[str],
    *,
    replaces: str | None,
    draws: bool = True,
) -> PlanRow:
    """Keep a plan as a proposal, and its zones as those of its incidents unless others drew them before."""
    plan = DispatchPlan.model_validate_json(document)
    row = PlanRow(
        id=writing.next_id("plan"),
        status="proposed",
        document=document,
        snapshot=dict(seen),
        incidents=list(incident_ids),
        replaces=replaces,
        made_at=writing.at,
        made_by=writing.actor,
        forced=False,
    )
    writing.session.add(row)
    for incident in plan.decisions.incidents if draws else ():
        _draw(writing, row.id, incident.id, incident.zones)
    writing.record("plan.proposed", row.id, incidents=row.incidents, replaces=replaces, status=plan.status)
    return row


def _draw(writing: Writing, plan_id: str, incident_id: str, zones: Sequence[Zone]) -> None:
    """Zones of an incident that went on while the plan was computed."""
    incident = writing.session.get_one(IncidentRow, incident_id)
    if incident.closed_at is not None:
        return
    of_plans = (ZoneRow.incident_id == incident_id, ZoneRow.kind != ALERT_ZONE)
    writing.session.execute(delete(ZoneRow).where(*of_plans))
    for zone in zones:
        polygon = _drawable(zone)
        if polygon.is_empty:
            continue
        writing.session.add(
            ZoneRow(
                incident_id=incident_id,
                id=zone.id,
                plan_id=plan_id,
                kind=zone.kind,
                level=zone.level,
                depth_m=zone.depth_m,
                people=zone.people,
                closes_roads=zone.closes_roads,
                valid_from=_instant(zone.valid_from),
                valid_to=_instant(zone.valid_to),
                polygon=polygon,
            )
        )


def _drawable(zone: Zone) -> BaseGeometry:
    """The ground of a zone as a valid polygon; empty where it is smaller than a plan's coordinates tell.

    Zones close roads to the plans of other incidents, and one that is not valid would hold them all up.
    """
    return make_valid(shape(zone.polygon), method="structure", keep_collapsed=False)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def in_force(session: Session, plan_id: str) -> PlanRow:
    """A plan that is carried out; raises ``Problem`` A118 or A123."""
    row = session.get(PlanRow, plan_id)
    if row is None:
        raise Problem("A118", 404, f"no plan {plan_id}")
    if row.status != "committed":
        raise Problem(
            "A123", 409, f"{plan_id} is {row.status}: nobody carries it out", plan_status=row.status
        )
    return row


def present_document(session: Session, row: PlanRow) -> str:
    """The plan in force as it is carried out: teams that hold no order of it any more are not in it."""
    plan = DispatchPlan.model_validate_json(row.document)
    held = {order.team_id for order in held_orders(session, row.id)}
    slots = tuple(slot if slot.team_id in held else _emptied(slot) for slot in plan.decisions.slots)
    relief = plan.relief and plan.relief.model_copy(
        update={
            "trucks": tuple(fleet for fleet in plan.relief.trucks if fleet.team_id in held),
            "buses": tuple(fleet for fleet in plan.relief.buses if fleet.team_id in held),
        }
    )
    decisions = plan.decisions.model_copy(update={"slots": slots})
    return plan_text(plan.model_copy(update={"decisions": decisions, "relief": relief}))


def _emptied(slot: SlotFilled) -> SlotFilled:
    return slot.model_copy(update={"team_id": "", "arrival_s": None, "late_s": None})


def open_incidents_of(session: Session, row: PlanRow) -> list[str]:
    """Incidents of a plan that go on."""
    query = select(IncidentRow.id).where(IncidentRow.id.in_(row.incidents), IncidentRow.closed_at.is_(None))
    return sorted(session.scalars(query))
