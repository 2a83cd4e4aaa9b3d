"""Tables in the columns and types that ``LAYERS`` says; every wrong cell is a coded fault, all at once."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.errors import Fault, InputError
from geo.region import places
from geo.region.cells import WrongCell, convert, is_missing, shown
from geo.region.headers import LON_LAT, WKT, english_headers, header_faults, unknown_layer
from geo.region.layers import LAYERS, Column
from geo.region.origin import Origin
from geo.region.region import Region

SHOWN_PER_COLUMN = 50
"""Faults listed per column and code; the rest of the same sort are counted in one line."""

_FIXES = {
    "L103": "Fill the cell.",
    "L104": "Write the number alone; the unit stands in the column's description.",
    "L105": "Write a whole number.",
    "L106": "Correct the value; limits are inclusive.",
    "L107": "Write one of the values exactly as listed.",
    "L108": "Write the day like 2026-01-15.",
    "L109": "Write yes or no.",
    "L110": "Delete the character; it often comes from a wrong encoding.",
    "L111": "Shorten the text or refer to a document.",
    "L112": "Write it like hazmat:3;fire:2.",
    "L114": "Store it as that kind; in QGIS use Multipart to singleparts for a line of several parts.",
    "L115": "Correct the coordinates.",
    "L116": "Exchange the two columns.",
    "L117": "Save the layer as EPSG:4326 (WGS84 longitude, latitude).",
    "L118": "Fill both cells, or leave both empty until the place is known.",
    "L119": "Write it like POINT (106.54 38.91), or leave it empty until the place is known.",
}


def make_region(
    name: str,
    frames: Mapping[str, pd.DataFrame],
    *,
    origins: Mapping[str, Origin] | None = None,
    path: Path | None = None,
) -> Region:
    """A region of checked tables; layers not given are empty.

    A frame may carry its places as a geometry column (WGS84), as ``lon`` and ``lat``, or as ``wkt``.

    Raises
    ------
    InputError
        L101 to L121, every fault of every layer.
    """
    origins = origins or {}
    faults = [unknown_layer(n, origins.get(n, Origin(file=n))) for n in frames if n not in LAYERS]
    tables: dict[str, pd.DataFrame] = {}
    for layer in LAYERS:
        frame = frames.get(layer)
        if frame is None:
            tables[layer] = empty_table(layer)
            continue
        tables[layer], found = layer_table(layer, frame, origin=origins.get(layer))
        faults += found
    faults += reference_faults(tables, origins)
    if faults:
        raise InputError(faults)
    return Region(name=name, tables=tables, path=path)


def empty_table(layer: str) -> pd.DataFrame:
    """The layer's table without records, with all columns and types."""
    return layer_table(layer, pd.DataFrame({"id": [], "source": []}))[0]


def layer_table(
    layer: str, frame: pd.DataFrame, *, origin: Origin | None = None
) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """One layer in its columns and types, and every fault of it (references excepted).

    Columns may carry their English or Chinese header; missing optional columns come out empty. A wrong
    cell comes out empty beside its fault.
    """
    spec, origin = LAYERS[layer], origin or Origin(file=layer)
    frame = english_headers(spec, frame.reset_index(drop=True))
    faults = header_faults(spec, frame, origin)
    frame = frame.loc[:, ~frame.columns.duplicated()]
    ids = [str(v) for v in frame["id"]] if "id" in frame else [""] * len(frame)
    columns: dict[str, Any] = {}
    for column in spec.columns:
        columns[column.name], wrong = _column(frame, column)
        faults += _cell_faults(wrong, origin, column.name, ids)
    faults += _twice(columns["id"], origin)
    if spec.geometry is None:
        return pd.DataFrame(columns, index=frame.index), tuple(faults)
    shapes, wrong = _shapes(frame)
    settled, refused = places.settle(shapes, spec.geometry_types)
    faults += _cell_faults([*wrong, *refused], origin, "geometry", ids)
    table = gpd.GeoDataFrame(columns, index=frame.index, geometry=settled, crs=places.CRS)
    return table, tuple(faults)


def reference_faults(
    tables: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin] | None = None
) -> list[Fault]:
    """A fault (L121) for each cell that names a record which its layer does not hold."""
    faults: list[Fault] = []
    ids = {layer: set(table["id"]) for layer, table in tables.items()}
    for layer, table in tables.items():
        origin = (origins or {}).get(layer, Origin(file=layer))
        for column in (c for c in LAYERS[layer].columns if c.refers_to):
            known = ids.get(str(column.refers_to), set())
            wrong = [
                WrongCell(
                    position=i, code="L121", found=shown(v), wanted=f"an id of layer {column.refers_to}"
                )
                for i, v in enumerate(table[column.name])
                if v and v not in known
            ]
            faults += _cell_faults(wrong, origin, column.name, list(table["id"]))
    return faults


def _column(frame: pd.DataFrame, column: Column) -> tuple[Any, list[WrongCell]]:
    if column.name in frame:
        return convert(frame[column.name], column)
    cells, _ = convert(pd.Series([None] * len(frame), dtype=object), column)
    return cells, []  # a missing column is one fault, not one a record


def _shapes(frame: pd.DataFrame) -> tuple[list[Any], list[WrongCell]]:
    shapes: list[Any] = [None] * len(frame)
    wrong: list[WrongCell] = []
    given = [places.shapes_from_wkt(list(frame[c])) for c in ("geometry", WKT) if c in frame]
    if set(LON_LAT) & set(frame.columns):
        lon, lat = (list(frame[c]) if c in frame else [None] * len(frame) for c in LON_LAT)
        given.append(places.points_from_cells(lon, lat))
    for found, refused in given:
        shapes = [old if is_missing(new) else new for old, new in zip(shapes, found, strict=True)]
        wrong += refused
    return shapes, wrong


def _cell_faults(wrong: Iterable[WrongCell], origin: Origin, column: str, ids: list[str]) -> list[Fault]:
    faults: list[Fault] = []
    count: dict[str, int] = {}
    for cell in wrong:
        count[cell.code] = count.get(cell.code, 0) + 1
        if count[cell.code] <= SHOWN_PER_COLUMN:
            faults.append(
                _cell_fault(cell, origin.row(cell.position, column=column, record=ids[cell.position]))
            )
    for code, n in count.items():
        if n > SHOWN_PER_COLUMN:
            rest = WrongCell(position=0, code=code, found=f"{n - SHOWN_PER_COLUMN:,} more", wanted="as above")
            faults.append(_cell_fault(rest, f"{origin.file}, column {column}"))
    return faults


def _cell_fault(cell: WrongCell, where: str) -> Fault:
    fix = _FIXES.get(cell.code, "Correct the value, or add the record it names.")
    return Fault(code=cell.code, where=where, found=cell.found, wanted=cell.wanted, fix=fix)


def _twice(ids: Any, origin: Origin) -> list[Fault]:
    again = ids[ids.duplicated() & (ids != "")]
    return [
        Fault(
            code="L120",
            where=origin.row(int(position), column="id"),
            found=f"{shown(str(name))} a second time",
            wanted="each id once",
            fix="Give each record its own id.",
        )
        for position, name in again.items()
    ]
