"""What is in stock where: the layer ``stock`` of a region, and what the board says was moved since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import floor
from typing import Any

import numpy as np
import pandas as pd

from geo.region.region import Region
from optimizer.problem import Int64s
from scenarios.board import Board, StockMovement
from scenarios.doctrine import ReliefRule
from scenarios.items import has_items
from scenarios.plan import PlanWarning
from scenarios.relief_needs import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A depot on the map; ``loading_s`` of one truck.

    Where a supplier brings stock under an agreement to it, that is a depot of its own for the trucks:
    ``ready_s`` from the order until the stock is there, from ``supplier``.
    """

    id: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    loading_s: float
    ready_s: float = 0.0
    supplier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a supplier has to bring: agreement stock or production.

    ``lead_time_s``: from the order until the first of it is at the depot; ``None`` if not stated.
    """

    item_id: str
    depot_id: str
    mode: str
    pieces: int
    lead_time_s: float | None
    supplier: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stock:
    """Whole pieces on the shelf, shape (d, g), and what suppliers promise."""

    depots: tuple[Depot, ...]
    pieces: Int64s
    promises: tuple[Promise, ...]
    warnings: tuple[PlanWarning, ...]


def stock_of(
    region: Region, items: Sequence[Item], rule: ReliefRule, board: Board | None = None, *, on: date
) -> Stock:
    """Stock that has not expired on a day, by depot and item, with what the board moved in or out.

    Warnings: S255 movements of a depot or item that the region does not know, S256 movements that take out
    more than there is, S261 no catalogue, S263 expired stock.
    """
    depots = _depots(region, rule)
    shelf = _Shelf(
        row={depot.id: number for number, depot in enumerate(depots)},
        column={item.id: number for number, item in enumerate(items)},
        pieces=np.zeros((len(depots), len(items)), np.int64),
        promises=[],
    )
    expired: list[str] = []
    for record in region.table("stock").to_dict("records"):
        said = str(record["expires_on"])
        if str(record["item_id"]) not in shelf.column:
            continue
        if said and date.fromisoformat(said) < on:
            expired.append(str(record["id"]))
        else:
            shelf.enter(record)
    moved = _summed(board.stock if board else ())
    known = [one for one in moved if _is_known(region, one)]
    short = [one for one in known if one.item_id in shelf.column and not shelf.move(one)]
    return Stock(
        depots=depots,
        pieces=shelf.pieces,
        promises=tuple(promise for promise in shelf.promises if promise.pieces > 0),
        warnings=tuple(
            _warnings(region, expired, unknown=[one for one in moved if one not in known], short=short)
        ),
    )


def _summed(movements: Sequence[StockMovement]) -> list[StockMovement]:
    """One movement for each depot, item and way of holding, so that their order does not count."""
    total: dict[tuple[str, str, str], StockMovement] = {}
    for one in movements:
        before = total.get(_place(one))
        quantity = one.quantity + (before.quantity if before else 0.0)
        total[_place(one)] = one.model_copy(update={"quantity": quantity})
    return list(total.values())


def _is_known(region: Region, moved: StockMovement) -> bool:
    """Whether depot and item stand in the region; without a catalogue any item may."""
    depots, items = set(region.table("depots")["id"]), set(region.table("items")["id"])
    return moved.depot_id in depots and (moved.item_id in items or not has_items(region))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shelf:
    """Pieces and promises while they are counted."""

    row: Mapping[str, int]
    column: Mapping[str, int]
    pieces: Int64s
    promises: list[Promise]

    def enter(self, record: Mapping[Any, Any]) -> None:
        """Add a record of the layer; what lies in a depot without a place cannot be fetched."""
        if record["mode"] != "physical":
            self.promises.append(_promise(record))
        elif (depot := str(record["depot_id"])) in self.row:
            self.pieces[self.row[depot], self.column[str(record["item_id"])]] += int(record["quantity"])

    def move(self, moved: StockMovement) -> bool:
        """Enter a movement, whole pieces that are surely there; whether as much was there as it takes out."""
        change = floor(moved.quantity)
        if moved.mode == "physical":
            return moved.depot_id not in self.row or self._on_shelf(moved, change)
        if change > 0:
            self.promises.append(
                Promise(
                    item_id=moved.item_id, depot_id=moved.depot_id, mode=moved.mode, pieces=change,
                    lead_time_s=None, supplier="",
                )
            )  # fmt: skip
        return change >= 0 or self._promised(moved, -change)

    def _on_shelf(self, moved: StockMovement, change: int) -> bool:
        at = self.row[moved.depot_id], self.column[moved.item_id]
        after = int(self.pieces[at]) + change
        self.pieces[at] = max(0, after)
        return after >= 0

    def _promised(self, moved: StockMovement, taken: int) -> bool:
        """Take from the promises for this depot and item, in the order of the region."""
        for number, promise in enumerate(self.promises):
            if _place(promise) == _place(moved):
                part = min(taken, promise.pieces)
                self.promises[number] = replace(promise, pieces=promise.pieces - part)
                taken -= part
        return taken == 0


def _depots(region: Region, rule: ReliefRule) -> tuple[Depot, ...]:
    return tuple(
        Depot(
            id=str(record["id"]),
            name_zh=str(record["name_zh"]),
            name_en=str(record["name_en"]),
            lon=round(record["geometry"].x, 7),
            lat=round(record["geometry"].y, 7),
            loading_s=rule.loading if pd.isna(record["loading_s"]) else float(record["loading_s"]),
        )
        for record in region.placed("depots").to_dict("records")
    )


def _promise(record: Mapping[Any, Any]) -> Promise:
    lead_s = record["lead_time_s"]
    return Promise(
        item_id=str(record["item_id"]),
        depot_id=str(record["depot_id"]),
        mode=str(record["mode"]),
        pieces=int(record["quantity"]),
        lead_time_s=None if pd.isna(lead_s) else float(lead_s),
        supplier=str(record["supplier"]),
    )


def _place(one: Promise | StockMovement) -> tuple[str, str, str]:
    return one.depot_id, one.item_id, one.mode


_WORDS = {
    "S255": (
        "态势板上的出入库涉及未知的储备库或物资，未计入",
        "stock moved on the board at an unknown depot or of an unknown item, not counted",
    ),
    "S256": (
        "态势板上的出库多于在库数量，按零计",
        "more stock taken out on the board than was there: none is left",
    ),
    "S261": (
        "区域数据没有物资目录，按随附目录计算",
        "the region has no catalogue of items: the shipped one counts",
    ),
    "S263": ("已过期、不计入的库存", "stock past its day of use, not counted"),
}


def _warnings(
    region: Region,
    expired: Sequence[str],
    *,
    unknown: Sequence[StockMovement],
    short: Sequence[StockMovement],
) -> Iterator[PlanWarning]:
    if not has_items(region):
        yield _warning("S261", "items", ())
    for code, layer, records in (
        ("S263", "stock", expired),
        ("S255", "depots", [f"{one.depot_id} {one.item_id}" for one in unknown]),
        ("S256", "depots", [f"{one.depot_id} {one.item_id}" for one in short]),
    ):
        if records:
            yield _warning(code, layer, tuple(dict.fromkeys(records)))


def _warning(code: str, layer: str, records: tuple[str, ...]) -> PlanWarning:
    zh, en = _WORDS[code]
    return PlanWarning(code=code, text_zh=zh, text_en=en, layer=layer, records=records)
