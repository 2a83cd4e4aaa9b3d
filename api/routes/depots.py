"""Depots, what they hold, and every movement of it."""

from typing import Annotated, cast

from fastapi import APIRouter, Query, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.deps import Answer, Reading, Served, Writes, needs
from api.problems import Problem
from api.schemas.edge import RecordId, Rows, Shown, problems
from api.schemas.geojson import Feature, FeatureCollection, geometry_of
from api.schemas.resources import DepotShown, MovementReport, MovementShown, StockShown
from api.stock_ledger import Kind, free, move, open_shelf
from api.store.tables import DepotRow, MovementRow, StockRow
from api.writing import Writing

router = APIRouter(tags=["stock"], dependencies=[needs("read")])
Numbers = Annotated[int, Query(ge=0, le=2**31 - 1, description="the last number of the page before")]


class StockRecords(Shown):
    """What depots hold."""

    items: tuple[StockShown, ...]


class MovementRecords(Shown):
    """Movements in order, and the number to go on after (missing at the end)."""

    items: tuple[MovementShown, ...]
    next: int | None


@router.get("/depots", responses=problems())
def depots(session: Reading) -> FeatureCollection[DepotShown]:
    """All depots."""
    rows = session.scalars(select(DepotRow).order_by(DepotRow.id))
    return FeatureCollection[DepotShown](features=tuple(map(_depot, rows)))


@router.get("/depots/{depot_id}", responses=problems(404))
def depot(depot_id: RecordId, session: Reading) -> Feature[DepotShown]:
    """One depot."""
    return _depot(_depot_row(session, depot_id))


@router.get("/depots/{depot_id}/stock", responses=problems(404))
def depot_stock(depot_id: RecordId, session: Reading) -> StockRecords:
    """What a depot holds, what of it is promised, and what is free."""
    _depot_row(session, depot_id)
    rows = select(StockRow).where(StockRow.depot_id == depot_id).order_by(StockRow.item_id, StockRow.mode)
    return StockRecords(items=tuple(map(stock_shown, session.scalars(rows))))


@router.get("/stock/movements", responses=problems())
def movements(
    session: Reading,
    after: Numbers = 0,
    limit: Rows = 200,
    depot_id: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = None,
    order_id: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = None,
) -> MovementRecords:
    """Movements of stock, oldest first: who moved what, when, and for which order."""
    query = select(MovementRow).where(MovementRow.number > after).order_by(MovementRow.number)
    if depot_id is not None:
        query = query.where(MovementRow.depot_id == depot_id)
    if order_id is not None:
        query = query.where(MovementRow.order_id == order_id)
    rows = session.scalars(query.limit(limit + 1)).all()
    following = rows[limit - 1].number if len(rows) > limit else None
    return MovementRecords(items=tuple(map(_movement, rows[:limit])), next=following)


@router.post(
    "/stock/movements",
    status_code=201,
    dependencies=[needs("supply")],
    responses=problems(404, 409),
    response_model=MovementShown,
)
def move_stock(asked: MovementReport, service: Served, write: Writes) -> Response:
    """Stock comes in or goes out. What is promised to orders cannot go out.

    What comes in may be an item of the catalogue that the depot never held.
    """
    items = service.region.table("items")
    unit = dict(zip(items["id"], items["unit"], strict=True)).get(asked.item_id)

    def action(writing: Writing) -> Answer:
        key = (asked.depot_id, asked.item_id, asked.mode)
        if unit is not None and asked.kind in ("in", "requisition"):
            open_shelf(writing, key, str(unit))
        row = move(writing, asked.kind, key, asked.quantity, note=asked.note)
        writing.session.flush()
        writing.record(
            "stock.moved", asked.depot_id, number=row.number, kind=row.kind, item=row.item_id,
            mode=row.mode, quantity=row.quantity, note=row.note,
        )  # fmt: skip
        return Answer(body=_movement(row), status=201)

    return write.do(action)


def _depot_row(session: Session, depot_id: str) -> DepotRow:
    row = session.get(DepotRow, depot_id)
    if row is None:
        raise Problem("A118", 404, f"no depot {depot_id}")
    return row


def _depot(row: DepotRow) -> Feature[DepotShown]:
    properties = DepotShown(
        name_zh=row.name_zh,
        name_en=row.name_en,
        level=row.level,
        township_id=row.township_id,
        listed=row.listed,
    )
    return Feature(id=row.id, geometry=geometry_of(row.place), properties=properties)


def stock_shown(row: StockRow) -> StockShown:
    """A row of stock as it is shown."""
    return StockShown(
        depot_id=row.depot_id,
        item_id=row.item_id,
        mode=row.mode,
        unit=row.unit,
        stated=row.stated,
        on_hand=row.on_hand,
        reserved=row.reserved,
        free=free(row),
    )


def _movement(row: MovementRow) -> MovementShown:
    return MovementShown(
        number=row.number,
        at=row.at,
        kind=cast(Kind, row.kind),
        depot_id=row.depot_id,
        item_id=row.item_id,
        mode=row.mode,
        quantity=row.quantity,
        order_id=row.order_id,
        note=row.note,
        by=row.by,
    )
