"""What a drill says of those who took part: times from inject to decision, and what came in time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.drills.script import given_injects, injects
from api.exercise import instant_of
from api.schemas.drills import ChangeScore, DrillScores, IncidentScore, Inject, Rule
from api.schemas.reports import Said
from api.store.drill_tables import DrillRow
from api.store.tables import IncidentRow, OrderRow, PlanRow
from scenarios.dispatch_plan import DispatchPlan, SlotFilled

RULES = (
    Rule(
        key="to_plan_s",
        text=Said(
            zh="从情况注入到首个包含该事件的方案算出的演练时间；对于道路、队伍、风的变化，到变化后首个方案算出的时间。",
            en="Exercise time from the inject to the first plan that answers the incident; after a change of"
            " roads, teams or wind, to the next plan for what was under way.",
        ),
    ),
    Rule(
        key="to_commit_s",
        text=Said(
            zh="从情况注入到首个方案下达的演练时间。",
            en="Exercise time from the inject to the first plan for the incident that was committed.",
        ),
    ),
    Rule(
        key="slots_in_time",
        text=Said(
            zh="首个下达的方案中，队伍预计到达（下达时刻加行程）不晚于注入时刻加规定时限的任务位数；时限含端点。",
            en="Slots of the first plan committed whose team is expected (commit and travel) no later than"
            " the inject and the slot's limit, inclusive.",
        ),
    ),
    Rule(
        key="late_orders",
        text=Said(
            zh="首个下达的方案中，所担任的任务位全部超过时限的队伍数。",
            en="Teams of that plan that are late for every slot they fill.",
        ),
    ),
    Rule(
        key="missed",
        text=Said(
            zh="始终未下达方案的事件，以及涉及正在处置的事件而其后未再计算方案的变化；通知类信息不计分。",
            en="Incidents for which no plan was committed, and changes that concerned something under way"
            " after which no plan was computed; messages are not scored.",
        ),
    ),
)


def scores(session: Session, drill: DrillRow) -> DrillScores:
    """Scores of a drill until now, from its world."""
    given = given_injects(session)
    plans = session.scalars(select(PlanRow).order_by(PlanRow.id)).all()
    told = [(inject, given[inject.id]) for inject in injects(drill) if inject.id in given]
    incidents = tuple(_incident(session, one, facts, plans) for one, facts in told if one.kind == "incident")
    changes = tuple(
        _change(session, one, facts, plans) for one, facts in told if one.kind not in ("incident", "message")
    )
    return DrillScores(
        drill_id=drill.id,
        as_of=instant_of(session),
        incidents=incidents,
        changes=changes,
        missed=tuple(_missed(incidents, changes)),
        rules=RULES,
    )


def _missed(incidents: Sequence[IncidentScore], changes: Sequence[ChangeScore]) -> Iterator[str]:
    yield from (one.inject for one in incidents if one.incident_id and one.to_commit_s is None)
    yield from (one.inject for one in changes if one.concerned and one.to_plan_s is None)


def _incident(
    session: Session, inject: Inject, facts: dict[str, Any], plans: Sequence[PlanRow]
) -> IncidentScore:
    at = datetime.fromisoformat(facts["at"])
    name = facts["made"]
    mine = [row for row in plans if name in row.incidents]
    committed = min(
        (row for row in mine if row.committed_at), key=lambda row: (row.committed_at, row.id), default=None
    )
    slots = _slots(committed, name)
    in_time = [slot for slot in slots if committed is not None and _is_in_time(slot, committed, at)]
    sent = {slot.team_id for slot in slots if slot.team_id}
    return IncidentScore(
        inject=inject.id,
        incident_id=name,
        given_at=at,
        to_plan_s=_since(at, [row.made_at for row in mine]),
        to_commit_s=None if committed is None else _since(at, [committed.committed_at]),
        orders=len(session.scalars(select(OrderRow.id).where(OrderRow.incident_id == name)).all()),
        late_orders=len(sent - {slot.team_id for slot in in_time}),
        slots=len(slots),
        slots_in_time=len(in_time),
    )


def _slots(plan: PlanRow | None, incident_id: str) -> list[SlotFilled]:
    if plan is None:
        return []
    slots = DispatchPlan.model_validate_json(plan.document).decisions.slots
    return [slot for slot in slots if slot.incident_id == incident_id]


def _is_in_time(slot: SlotFilled, plan: PlanRow, reported: datetime) -> bool:
    if slot.arrival_s is None or plan.committed_at is None:
        return False
    return (plan.committed_at - reported).total_seconds() + slot.arrival_s <= slot.within_s


def _change(session: Session, inject: Inject, facts: dict[str, Any], plans: Sequence[PlanRow]) -> ChangeScore:
    at = datetime.fromisoformat(facts["at"])
    names = _concerned(session, inject, facts, at, plans)
    later = [row.made_at for row in plans if row.made_at >= at and names & set(row.incidents)]
    return ChangeScore(
        inject=inject.id,
        kind=inject.kind,
        given_at=at,
        concerned=bool(names),
        to_plan_s=_since(at, later),
    )


def _concerned(
    session: Session, inject: Inject, facts: dict[str, Any], at: datetime, plans: Sequence[PlanRow]
) -> set[str]:
    """Incidents under way that a change could touch: a plan for them was in force, and they went on."""
    if "without_effect" in facts:
        return set()
    planned = {name for row in plans if row.committed_at and row.committed_at <= at for name in row.incidents}
    ended = select(IncidentRow.id).where(IncidentRow.closed_at.is_not(None), IncidentRow.closed_at <= at)
    going_on = planned - set(session.scalars(ended))
    if inject.kind == "wind":
        return going_on & {facts["incident_id"]}
    if inject.kind == "team_out":
        order = session.get(OrderRow, facts["order_id"]) if facts["order_id"] else None
        return going_on & ({order.incident_id} if order else set())
    return going_on


def _since(at: datetime, instants: Sequence[datetime | None]) -> float | None:
    found = [(one - at).total_seconds() for one in instants if one is not None]
    return min(found, default=None)
