"""Roads closed, slowed or flooded."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import select

from api.closures import refuse_unknown, report_closure
from api.deps import Answer, Reading, Served, Writes, needs
from api.problems import Problem
from api.schemas.edge import RecordId, problems
from api.schemas.geojson import Feature, FeatureCollection, geometry_of
from api.schemas.plans import Why
from api.schemas.resources import ClosureReport, ClosureShown
from api.store.tables import ClosureRow
from api.writing import Writing

router = APIRouter(prefix="/closures", tags=["closures"], dependencies=[needs("read")])


@router.get("", responses=problems())
def closures(
    session: Reading,
    lifted: Annotated[bool, Query(description="also those that are over")] = False,
) -> FeatureCollection[ClosureShown]:
    """Closures; those by road have no geometry of their own."""
    query = select(ClosureRow).order_by(ClosureRow.id)
    rows = session.scalars(query if lifted else query.where(ClosureRow.lifted_at.is_(None)))
    return FeatureCollection[ClosureShown](features=tuple(map(_shown, rows)))


@router.get("/{closure_id}", responses=problems(404))
def closure(closure_id: RecordId, session: Reading) -> Feature[ClosureShown]:
    """One closure."""
    row = session.get(ClosureRow, closure_id)
    if row is None:
        raise Problem("A118", 404, f"no closure {closure_id}")
    return _shown(row)


@router.post(
    "",
    status_code=201,
    dependencies=[needs("operate")],
    responses=problems(),
    response_model=Feature[ClosureShown],
)
def close_roads(asked: ClosureReport, service: Served, write: Writes) -> Response:
    """Close, slow or flood roads; plans made before are stale from now on."""
    refuse_unknown(asked, service.region)

    def action(writing: Writing) -> Answer:
        row = report_closure(writing, asked)
        return Answer(body=_shown(row), status=201, location=f"/closures/{row.id}")

    return write.do(action)


@router.post(
    "/{closure_id}/lift",
    dependencies=[needs("operate")],
    responses=problems(404, 409),
    response_model=Feature[ClosureShown],
)
def lift(closure_id: RecordId, asked: Why, write: Writes) -> Response:
    """Open the roads again."""

    def action(writing: Writing) -> Answer:
        row = writing.session.get(ClosureRow, closure_id)
        if row is None:
            raise Problem("A118", 404, f"no closure {closure_id}")
        if row.lifted_at is not None:
            raise Problem("A138", 409, f"{closure_id} was lifted before")
        row.lifted_at = writing.at
        writing.record("closure.lifted", row.id, why=asked.why)
        return Answer(body=_shown(row))

    return write.do(action)


def _shown(row: ClosureRow) -> Feature[ClosureShown]:
    keys = ("road_ids", "speed_factor", "depth_m", "vehicle_classes", "valid_from", "valid_to")
    properties = ClosureShown.model_validate(
        {
            **{key: row.content.get(key) for key in keys},
            "closed": row.content.get("speed_factor") is None and row.content.get("depth_m") is None,
            "reason": row.reason,
            "reported_at": row.reported_at,
            "reported_by": row.reported_by,
            "lifted_at": row.lifted_at,
        }
    )
    return Feature(id=row.id, geometry=geometry_of(row.polygon), properties=properties)
