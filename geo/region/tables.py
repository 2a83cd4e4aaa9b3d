"""Tables in the columns and types that ``LAYERS`` says; every wrong cell is a coded fault, all at once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.errors import Fault, InputError
from geo.region import places
from geo.region.cell_faults import cell_faults, doubled_ids
from geo.region.cells import WrongCell, convert, is_missing, shown
from geo.region.headers import LON_LAT, WKT, english_headers, header_faults, unknown_layer
from geo.region.layers import LAYERS, Column
from geo.region.origin import Origin
from geo.region.region import Region


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
    return _blank(layer).copy()


@cache
def _blank(layer: str) -> pd.DataFrame:
    return _settled(layer, pd.DataFrame(), Origin(file=layer))[0]


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
    if not len(frame):
        return empty_table(layer), tuple(faults)
    table, wrong = _settled(layer, frame.loc[:, ~frame.columns.duplicated()], origin)
    return table, (*faults, *wrong)


def _settled(layer: str, frame: pd.DataFrame, origin: Origin) -> tuple[pd.DataFrame, list[Fault]]:
    spec, faults = LAYERS[layer], list[Fault]()
    ids = ["" if is_missing(v) else str(v) for v in frame["id"]] if "id" in frame else [""] * len(frame)
    columns: dict[str, Any] = {}
    for column in spec.columns:
        columns[column.name], wrong = _column(frame, column)
        faults += cell_faults(wrong, origin, column.name, ids)
    faults += doubled_ids(columns["id"], origin)
    if spec.geometry is None:
        return pd.DataFrame(columns, index=frame.index), faults
    shapes, wrong = _shapes(frame)
    settled, refused = places.settle(shapes, spec.geometry_types)
    faults += cell_faults([*wrong, *refused], origin, "geometry", ids)
    return gpd.GeoDataFrame(columns, index=frame.index, geometry=settled, crs=places.CRS), faults


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
            faults += cell_faults(wrong, origin, column.name, list(table["id"]))
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
