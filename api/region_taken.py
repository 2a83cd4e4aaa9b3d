"""The region of the files taken into the store: records are renewed, the state of teams and stock stays."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.records.keeping import take_records
from api.records.placing import show_placements
from api.stock_ledger import stated_anew
from api.store.tables import DepotRow, RegionRow, StationRow, StockRow, TeamRow
from api.writing import Writing
from geo.errors import refuse
from geo.region.capabilities import parse_capabilities
from geo.region.region import Region

Placed = type[StationRow] | type[TeamRow] | type[DepotRow]


def take_region(writing: Writing, region: Region) -> bool:
    """Bring the store to the records of a region; whether anything changed.

    Records that the region no longer names stay, unlisted: orders and movements refer to them.

    Raises
    ------
    InputError
        A105 the store serves another region.
    """
    row = _region_row(writing.session, region)
    take_records(writing, region)
    if row is not None and row.digest == region.digest():
        return False
    if row is None:
        row = RegionRow(name=region.name)
        writing.session.add(row)
    row.name_zh, row.name_en = region.about("name_zh"), region.about("name_en")
    row.digest, row.taken_at = region.digest(), writing.at
    stations = _renew(writing.session, StationRow, region.table("stations"), _station)
    teams = _renew(writing.session, TeamRow, region.table("teams"), _team)
    depots = _renew(writing.session, DepotRow, region.table("depots"), _depot)
    writing.session.flush()
    show_placements(writing.session)
    writing.record(
        "region.taken", region.name, digest=row.digest, stations=stations, teams=teams, depots=depots
    )
    stated_anew(writing, _stated(region))
    return True


def _region_row(session: Session, region: Region) -> RegionRow | None:
    row = session.scalars(select(RegionRow)).one_or_none()
    if row is not None and row.name != region.name:
        raise refuse(
            "A105",
            where="--database",
            found=f"the state of the region {row.name!r}",
            wanted=f"that of {region.name!r}, or an empty database",
            fix="Name another database with --database, or the region that it belongs to.",
        )
    return row


def _renew(session: Session, kind: Placed, table: pd.DataFrame, content: Any) -> int:
    """Write a layer's records into its table; how many."""
    rows: Sequence[Any] = session.scalars(select(kind)).all()
    known = {row.id: row for row in rows}
    named = set()
    for record in table.to_dict("records"):
        row = known.get(str(record["id"]))
        if row is None:
            row = kind(id=str(record["id"]))
            session.add(row)
        for column, value in content(record).items():
            setattr(row, column, value)
        named.add(row.id)
        row.listed = True
    for name, row in known.items():
        row.listed = name in named
    return len(named)


def _named(record: Mapping[Any, Any]) -> dict[str, str]:
    return {"name_zh": str(record["name_zh"]), "name_en": str(record["name_en"])}


def _station(record: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        **_named(record),
        "kind": str(record["kind"]),
        "status": str(record["status"]),
        "township_id": str(record["township_id"]),
        "place": _place(record),
    }


def _team(record: Mapping[Any, Any]) -> dict[str, Any]:
    texts = ("station_id", "force", "vehicle_class", "phone", "call_sign")
    return {
        **_named(record),
        **{column: str(record[column]) for column in texts},
        "people": _number(record["people"], int),
        "vehicles": _number(record["vehicles"], int),
        "turnout_s": _number(record["turnout_s"], float),
        "capabilities": dict(parse_capabilities(str(record["capabilities"]))),
        "base": _place(record),
    }


def _depot(record: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        **_named(record),
        "level": str(record["level"]),
        "township_id": str(record["township_id"]),
        "place": _place(record),
    }


def _place(record: Mapping[Any, Any]) -> Any:
    shape = record["geometry"]
    return None if shape is None or shape.is_empty else shape


def _number(cell: Any, kind: type[Any]) -> Any:
    return None if pd.isna(cell) else kind(cell)


def _stated(region: Region) -> Iterator[StockRow]:
    """What the region files say is held, summed by depot, item and way of holding."""
    units = dict(zip(region.table("items")["id"], region.table("items")["unit"], strict=True))
    sums: dict[tuple[str, str, str], float] = {}
    for record in region.table("stock").to_dict("records"):
        key = (str(record["depot_id"]), str(record["item_id"]), str(record["mode"]))
        sums[key] = sums.get(key, 0.0) + float(record["quantity"])
    for (depot, item, mode), quantity in sorted(sums.items()):
        yield StockRow(
            depot_id=depot, item_id=item, mode=mode, unit=str(units.get(item, "")), stated=quantity
        )
