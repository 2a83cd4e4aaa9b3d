"""Plans in the store: proposed, looked at again, and the zones they draw."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from shapely import make_valid
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, insert, select
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
    plan = _Proposed.model_validate_json(document)
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
    if draws:
        _draw(writing, row.id, {one.id: one.zones for one in plan.decisions.incidents})
    writing.record("plan.proposed", row.id, incidents=row.incidents, replaces=replaces, status=plan.status)
    return row


class _Partly(BaseModel):
    """The part of a plan that is drawn; the rest, mostly roads, is kept as text and not looked at."""

    model_config = ConfigDict(extra="ignore")


class _Incident(_Partly):
    id: str
    zones: tuple[Zone, ...]


class _Decisions(_Partly):
    incidents: tuple[_Incident, ...]


class _Proposed(_Partly):
    status: str
    decisions: _Decisions


def _draw(writing: Writing, plan_id: str, drawn: Mapping[str, Sequence[Zone]]) -> None:
    """Zones by incident, of those that went on while the plan was computed."""
    goes_on = (IncidentRow.id.in_(list(drawn)), IncidentRow.closed_at.is_(None))
    names = sorted(writing.session.scalars(select(IncidentRow.id).where(*goes_on)))
    of_plans = (ZoneRow.incident_id.in_(names), ZoneRow.kind != ALERT_ZONE)
    writing.session.execute(delete(ZoneRow).where(*of_plans))
    rows = [
        {
            "incident_id": name,
            "id": zone.id,
            "plan_id": plan_id,
            "kind": zone.kind,
            "level": zone.level,
            "depth_m": zone.depth_m,
            "people": zone.people,
            "closes_roads": zone.closes_roads,
            "valid_from": _instant(zone.valid_from),
            "valid_to": _instant(zone.valid_to),
            "polygon": polygon,
        }
        for name in names
        for zone in drawn[name]
        for polygon in [_drawable(zone)]
        if not polygon.is_empty
    ]
    if rows:
        writing.session.execute(insert(ZoneRow), rows)


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
