"""Teams: where they are, what they do, how old that knowledge is."""

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from api.deps import Answer, Caller, Reading, Served, Writes, needs
from api.exercise import instant_of
from api.orders import order_of, report_status
from api.positions import take_positions
from api.problems import Problem
from api.roles import may
from api.schemas.edge import RecordId, problems
from api.schemas.geojson import Feature, FeatureCollection, geometry_of
from api.schemas.resources import PositionBatch, PositionsTaken, TeamReport, TeamShown, TeamStatusWord
from api.store.tables import OrderRow, TeamRow
from api.writing import Writing

router = APIRouter(prefix="/teams", tags=["teams"], dependencies=[needs("read")])


@router.get("", responses=problems())
def teams(
    session: Reading,
    caller: Caller,
    status: Annotated[TeamStatusWord | None, Query(description="only teams that do this now")] = None,
) -> FeatureCollection[TeamShown]:
    """All teams, each where it was last seen, else at its base."""
    query = select(TeamRow).order_by(TeamRow.id)
    rows = session.scalars(query if status is None else query.where(TeamRow.status == status))
    orders = {
        row.team_id: row for row in session.scalars(select(OrderRow).where(OrderRow.ended_at.is_(None)))
    }
    at, calls = instant_of(session), may(caller.role, "call")
    features = tuple(team_shown(row, orders.get(row.id), at, calls=calls) for row in rows)
    return FeatureCollection[TeamShown](features=features)


@router.get("/{team_id}", responses=problems(404))
def team(team_id: RecordId, session: Reading, caller: Caller) -> Feature[TeamShown]:
    """One team."""
    row = session.get(TeamRow, team_id)
    if row is None:
        raise Problem("A118", 404, f"no team {team_id}")
    return team_shown(row, order_of(session, team_id), instant_of(session), calls=may(caller.role, "call"))


@router.post(
    "/{team_id}/status",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=Feature[TeamShown],
)
def team_status(team_id: RecordId, asked: TeamReport, write: Writes) -> Response:
    """Report what a team does. A team that holds an order is released or completes it first."""

    def action(writing: Writing) -> Answer:
        row = report_status(writing, team_id, asked.status, crew=asked.crew)
        return Answer(body=team_shown(row, order_of(writing.session, team_id), writing.at, calls=True))

    return write.do(action)


@router.post(
    "/positions",
    dependencies=[needs("operate")],
    responses=problems(),
    response_model=PositionsTaken,
)
def positions(asked: PositionBatch, service: Served, write: Writes) -> Response:
    """Positions of vehicles, in batches; an older position never takes the place of a newer one."""
    answer = write.do(lambda writing: Answer(body=take_positions(writing, asked.positions)))
    service.metrics.positions.inc(len(asked.positions))
    return answer


def team_shown(row: TeamRow, order: OrderRow | None, at: datetime, *, calls: bool) -> Feature[TeamShown]:
    """A team as it is shown; phones only to those who may call."""
    age = None if row.position_at is None else max(0.0, (at - row.position_at).total_seconds())
    properties = TeamShown(
        name_zh=row.name_zh,
        name_en=row.name_en,
        station_id=row.station_id,
        force=row.force,
        people=row.people,
        capabilities=row.capabilities,
        vehicle_class=row.vehicle_class,
        vehicles=row.vehicles,
        turnout_s=row.turnout_s,
        phone=row.phone if calls else None,
        call_sign=row.call_sign if calls else None,
        listed=row.listed,
        status=cast(TeamStatusWord, row.status),
        crew=row.crew,
        changed_at=row.changed_at,
        seen=row.position is not None,
        position_at=row.position_at,
        position_age_s=age,
        order_id=None if order is None else order.id,
        incident_id=None if order is None else order.incident_id,
        eta=None if order is None else order.eta,
    )
    place = row.base if row.position is None else row.position
    return Feature(id=row.id, geometry=geometry_of(place), properties=properties)
