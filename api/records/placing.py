"""Records of the region without coordinates: listed, and placed on the map.

The files stay the master: plans use a place once the files have it, maps and lists at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from pyproj import Geod
from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import Problem
from api.store.procedure_tables import PlacementRow
from api.store.tables import DepotRow, StationRow, TeamRow
from api.writing import Writing
from geo.region.layers import LAYERS
from geo.region.region import Region

PLACED_LAYERS = tuple(name for name, layer in LAYERS.items() if layer.geometry in ("point", "area"))
"""Layers whose records are placed by a point."""
_ON_MAP: Mapping[str, tuple[Any, str]] = {
    "stations": (StationRow, "place"),
    "teams": (TeamRow, "base"),
    "depots": (DepotRow, "place"),
}
FARTHEST_M = 100_000.0
"""Farthest outside the box around the region that a place may lie, metres."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A record that the files give no coordinates, and where somebody placed it."""

    layer: str
    id: str
    name_zh: str
    name_en: str
    place: Point | None
    placed_at: datetime | None
    placed_by: str | None


def unplaced(session: Session, region: Region) -> Iterator[Unplaced]:
    """All records without coordinates in the files, by layer in the order of the region."""
    rows = {(row.layer, row.id): row for row in session.scalars(select(PlacementRow))}
    for layer in PLACED_LAYERS:
        for record in _bare(region.table(layer)).to_dict("records"):
            row = rows.get((layer, str(record["id"])))
            yield Unplaced(
                layer=layer,
                id=str(record["id"]),
                name_zh=str(record["name_zh"]),
                name_en=str(record["name_en"]),
                place=None if row is None else row.place,
                placed_at=None if row is None else row.placed_at,
                placed_by=None if row is None else row.placed_by,
            )


def placements(session: Session, layer: str) -> Mapping[str, Point]:
    """Where records of a layer were placed, by id."""
    rows = session.scalars(select(PlacementRow).where(PlacementRow.layer == layer))
    return {row.id: row.place for row in rows}


def place_record(
    writing: Writing, region: Region, layer: str, name: str, lon: float, lat: float
) -> PlacementRow:
    """Place a record that has no coordinates in the files.

    Raises
    ------
    Problem
        A118 no such record, A236 the files say where it is, A237 far outside the region.
    """
    table = region.table(layer)
    if not (table["id"] == name).any():
        raise Problem("A118", 404, f"no record {name} in {layer}")
    if not (_bare(table)["id"] == name).any():
        raise Problem("A236", 409, f"the region's files say where {name} is; change them there")
    _refuse_far(region, lon, lat)
    row = writing.session.get(PlacementRow, (layer, name))
    before = None if row is None else [row.place.x, row.place.y]
    if row is None:
        row = PlacementRow(layer=layer, id=name)
        writing.session.add(row)
    row.place, row.placed_at, row.placed_by = Point(lon, lat), writing.at, writing.actor
    _show(writing.session, row, anew=True)
    writing.record("place.placed", name, layer=layer, lon=lon, lat=lat, before=before)
    return row


def show_placements(session: Session) -> None:
    """Put placed records onto the map: stations, teams and depots that the files leave without a place."""
    for row in session.scalars(select(PlacementRow).where(PlacementRow.layer.in_(_ON_MAP))):
        _show(session, row, anew=False)


def _show(session: Session, row: PlacementRow, *, anew: bool) -> None:
    if row.layer not in _ON_MAP:
        return
    kind, column = _ON_MAP[row.layer]
    shown = session.get(kind, row.id)
    if shown is not None and (anew or getattr(shown, column) is None):
        setattr(shown, column, row.place)


def _bare(table: pd.DataFrame) -> pd.DataFrame:
    return table[[_missing(shape) for shape in table["geometry"]]]


def _missing(shape: BaseGeometry | None) -> bool:
    return shape is None or shape.is_empty


def _refuse_far(region: Region, lon: float, lat: float) -> None:
    boxes = [
        region.placed(layer).total_bounds for layer in ("boundary", "roads") if len(region.placed(layer))
    ]
    if not boxes:
        return
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    near_lon, near_lat = min(max(lon, west), east), min(max(lat, south), north)
    away_m = Geod(ellps="WGS84").inv(lon, lat, near_lon, near_lat)[2]
    if away_m > FARTHEST_M:
        raise Problem("A237", 422, f"{lon}, {lat} lies {away_m / 1000:.0f} km outside the region")
