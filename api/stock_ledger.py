"""Stock as a ledger: movements are written once, and what a depot holds is their sum.

``in`` and ``requisition`` add to the shelf, ``out`` and ``expire`` take from it; ``reserve`` promises what
stands there to an order, ``unreserve`` takes the promise back. Nothing is promised twice: the database
refuses it too.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import Problem
from api.store.tables import DepotRow, MovementRow, StockRow
from api.writing import Writing

Kind = Literal["in", "requisition", "out", "expire", "reserve", "unreserve"]
ON_SHELF: Mapping[Kind, int] = {
    "in": 1,
    "requisition": 1,
    "out": -1,
    "expire": -1,
    "reserve": 0,
    "unreserve": 0,
}
PROMISED: Mapping[Kind, int] = {
    "in": 0,
    "requisition": 0,
    "out": 0,
    "expire": 0,
    "reserve": 1,
    "unreserve": -1,
}
Key = tuple[str, str, str]
"""Depot, item, way of holding."""


def free(row: StockRow) -> float:
    """What may still be promised or taken out."""
    return row.on_hand - row.reserved


def move(
    writing: Writing, kind: Kind, key: Key, quantity: float, *, order_id: str | None = None, note: str = ""
) -> MovementRow:
    """One movement, with what it does to the sum.

    Raises
    ------
    Problem
        A118 the depot never held such an item, A122 more than is free.
    """
    row = writing.session.get(StockRow, key)
    if row is None:
        raise Problem("A118", 404, f"no stock of {key[1]} ({key[2]}) at {key[0]}")
    if quantity > _most(row, kind):
        raise short([(row, quantity)])
    row.on_hand += ON_SHELF[kind] * quantity
    row.reserved += PROMISED[kind] * quantity
    movement = MovementRow(
        at=writing.at,
        kind=kind,
        depot_id=row.depot_id,
        item_id=row.item_id,
        mode=row.mode,
        quantity=quantity,
        order_id=order_id,
        note=note,
        by=writing.actor,
    )
    writing.session.add(movement)
    return movement


def open_shelf(writing: Writing, key: Key, unit: str) -> None:
    """Let a depot hold an item that it never held; does nothing where it does or the depot is unknown."""
    depot, item, mode = key
    known = writing.session.get(DepotRow, depot) is not None
    if known and writing.session.get(StockRow, key) is None:
        row = StockRow(depot_id=depot, item_id=item, mode=mode, unit=unit, stated=0.0)
        row.on_hand = row.reserved = 0.0
        writing.session.add(row)
        writing.session.flush()


def _most(row: StockRow, kind: Kind) -> float:
    if kind == "unreserve":
        return row.reserved
    return free(row) if kind in ("out", "expire", "reserve") else float("inf")


def short(wanted: Iterable[tuple[StockRow, float]]) -> Problem:
    """The refusal that says what is short where, and for which orders it is held."""
    rows = [
        {
            "depot_id": row.depot_id,
            "item_id": row.item_id,
            "mode": row.mode,
            "unit": row.unit,
            "wanted": quantity,
            "free": free(row),
            "reserved": row.reserved,
        }
        for row, quantity in wanted
    ]
    first = rows[0]
    text = (
        f"{first['depot_id']} has {first['free']:g} {first['item_id']} free, {first['wanted']:g} are wanted"
    )
    return Problem("A122", 409, text, stock=rows)


def reserve_for(writing: Writing, order_id: str, wanted: Mapping[Key, float]) -> None:
    """Promise stock to an order; raises ``Problem`` A122 with all that is short."""
    rows = {key: writing.session.get(StockRow, key) for key in wanted}
    missing = [key for key, row in rows.items() if row is None]
    if missing:
        raise Problem("A118", 404, f"no stock of {missing[0][1]} ({missing[0][2]}) at {missing[0][0]}")
    lacking = [(row, wanted[key]) for key, row in rows.items() if row is not None and wanted[key] > free(row)]
    if lacking:
        raise short(lacking)
    for key in sorted(wanted):
        move(writing, "reserve", key, wanted[key], order_id=order_id)


def reserved_for(session: Session, order_id: str) -> dict[Key, float]:
    """What is still promised to an order."""
    held: dict[Key, float] = {}
    for row in session.scalars(select(MovementRow).where(MovementRow.order_id == order_id)):
        key = (row.depot_id, row.item_id, row.mode)
        held[key] = held.get(key, 0.0) + PROMISED[_kind(row.kind)] * row.quantity
    return {key: quantity for key, quantity in held.items() if quantity > 0}


def settle(writing: Writing, order_id: str, *, used: bool) -> None:
    """End the promises to an order; what was used leaves the shelf."""
    for key, quantity in sorted(reserved_for(writing.session, order_id).items()):
        move(writing, "unreserve", key, quantity, order_id=order_id)
        if used:
            move(writing, "out", key, quantity, order_id=order_id)


def stated_anew(writing: Writing, stated: Iterable[StockRow]) -> None:
    """Take over what the region files say: the change against what they said before is a movement.

    What is promised stays: where the files say less than that, the shelf keeps the promised quantity.
    """
    known = {(row.depot_id, row.item_id, row.mode): row for row in writing.session.scalars(select(StockRow))}
    for new in stated:
        key = (new.depot_id, new.item_id, new.mode)
        row = known.pop(key, None)
        if row is None:
            row, new.stated, quantity = new, 0.0, new.stated
            row.on_hand = row.reserved = 0.0
            writing.session.add(row)
            writing.session.flush()
        else:
            quantity, row.unit = new.stated, new.unit
        _restate(writing, row, quantity)
    for row in known.values():
        _restate(writing, row, 0.0)


def _restate(writing: Writing, row: StockRow, quantity: float) -> None:
    change, row.stated = quantity - row.stated, quantity
    key = (row.depot_id, row.item_id, row.mode)
    if change > 0:
        move(writing, "in", key, change, note="region files")
    elif change < 0 and free(row) > 0:
        move(writing, "out", key, min(-change, free(row)), note="region files")


def _kind(text: str) -> Kind:
    assert text in ON_SHELF, text
    return text  # type: ignore[return-value]  # the assertion above says so, mypy cannot see it
