"""What the store knows now, as the dispatch takes it: incidents, the board, a snapshot to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shapely import Point
from shapely.geometry import mapping
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from api.exercise import EXERCISE, exercise_of, instant_of
from api.problems import Problem
from api.snapshot import Snapshot, Standing, snapshot, standing
from api.stock_ledger import free
from api.store.tables import ClosureRow, IncidentRow, OrderRow, StockRow, ZoneRow
from scenarios.board import Board, RoadClosure, StockMovement, TeamStatus
from scenarios.incident_models import IncidentScenario

FRESH = timedelta(minutes=15)
"""Age up to which, inclusive, the position of a free team counts; after it the team is at its base."""
ROLLING = ("en_route", "on_scene", "returning")
"""What teams do away from their base: their last position counts whatever its age."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a plan is computed from."""

    scenario: IncidentScenario
    board: Board
    snapshot: Snapshot


def situation(session: Session, incident_ids: Sequence[str]) -> Situation:
    """The situation for a plan of these incidents.

    Raises
    ------
    Problem
        A118 no such incident, A127 one that is closed.
    """
    at = instant_of(session).replace(microsecond=0)
    now = standing(session, incident_ids)
    incidents = [_going_on(now.incidents.get(name), name) for name in incident_ids]
    return Situation(
        scenario=_scenario(session, now.region.name, incidents, at),
        board=_board(session, now, at),
        snapshot=snapshot(now),
    )


def open_incident(session: Session, name: str) -> IncidentRow:
    """An incident that goes on; raises ``Problem`` A118 or A127."""
    return _going_on(session.get(IncidentRow, name), name)


def _going_on(row: IncidentRow | None, name: str) -> IncidentRow:
    if row is None:
        raise Problem("A118", 404, f"no incident {name}")
    if row.closed_at is not None:
        raise Problem("A127", 409, f"{name} was closed at {row.closed_at.isoformat(timespec='seconds')}")
    return row


def _scenario(
    session: Session, region: str, incidents: Sequence[IncidentRow], at: datetime
) -> IncidentScenario:
    marked = {} if exercise_of(session) is None else {"name_zh": EXERCISE.zh, "name_en": EXERCISE.en}
    return IncidentScenario.model_validate(
        {
            "muster": 1,
            "kind": "incident",
            "region": region,
            **marked,
            "at": at,
            "weather": incidents[0].weather,
            "incidents": [_reported(row.report, at) for row in incidents],
        }
    )


def _reported(report: dict[str, Any], at: datetime) -> dict[str, Any]:
    """A report whose event is not after the order: clocks of those who report are a little ahead."""
    event = report["event_at"]
    return report | {"event_at": event and min(datetime.fromisoformat(event), at)}


def _board(session: Session, now: Standing, at: datetime) -> Board:
    """Every team, the stock that is free, and all that closes roads now, zones of other incidents too."""
    orders = {
        row.team_id: row for row in session.scalars(select(OrderRow).where(OrderRow.ended_at.is_(None)))
    }
    return Board(
        muster=1,
        at=at,
        teams=tuple(_team(row, orders.get(row.id), at) for row in now.teams),
        stock=tuple(_stock(session)),
        closures=(*_closures(now.closures), *_zones(now.zones)),
    )


def _team(
    row: Row[str, str, Point | None, datetime | None], order: OrderRow | None, at: datetime
) -> TeamStatus:
    content: dict[str, Any] = {"id": row.id, "status": row.status}
    if row.position is not None and row.position_at is not None and _counts(row.status, at - row.position_at):
        content |= {"position": (row.position.x, row.position.y), "at": row.position_at}
    if order is not None:
        content |= {"incident_id": order.incident_id, "eta": order.eta}
    return TeamStatus.model_validate(content)


def _counts(status: str, age: timedelta) -> bool:
    return status in ROLLING or age <= FRESH


def _stock(session: Session) -> list[StockMovement]:
    """How what is free differs from what the region files say."""
    rows = session.scalars(
        select(StockRow)
        .where(StockRow.on_hand - StockRow.reserved != StockRow.stated)
        .order_by(StockRow.depot_id, StockRow.item_id, StockRow.mode)
    )
    return [
        StockMovement.model_validate(
            {
                "depot_id": row.depot_id,
                "item_id": row.item_id,
                "mode": row.mode,
                "quantity": free(row) - row.stated,
            }
        )
        for row in rows
    ]


def _closures(rows: Sequence[ClosureRow]) -> list[RoadClosure]:
    return [RoadClosure.model_validate({"id": row.id, **row.content}) for row in rows]


def _zones(rows: Sequence[ZoneRow]) -> list[RoadClosure]:
    """Zones of other open incidents, as closures: no road leads through a cloud that another plan drew."""
    return [
        RoadClosure(
            id=f"{row.incident_id} {row.id}",
            polygon=dict(mapping(row.polygon)),
            depth_m=row.depth_m,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    ]
