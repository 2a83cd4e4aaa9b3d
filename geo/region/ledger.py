"""A county's own ledger, XLSX or CSV with its own Chinese headers, made into a layer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.datum import to_wgs84
from geo.errors import Fault, InputError, refuse
from geo.region.delimited import read_csv
from geo.region.headers import LON_LAT, english_headers
from geo.region.layers import LAYERS
from geo.region.mapping import TableMapping, mapped, read_mapping
from geo.region.origin import Origin, sheet_origin
from geo.region.region import Region
from geo.region.tables import layer_table, make_region


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ledger:
    """A ledger as a layer of a region.

    Parameters
    ----------
    layer, table
        The layer, and its checked records; those without coordinates are kept.
    warnings
        Headers that were not used (F125) and records that have no place yet (L202).
    """

    layer: str
    table: pd.DataFrame
    warnings: tuple[Fault, ...]


def read_ledger(path: Path, *, mapping: Path | None = None, layer: str | None = None) -> Ledger:
    """Read a ledger through a mapping file or, without one, by the Chinese headers of ``layer``.

    Records without ``id`` are numbered by their row; without ``source`` they carry the file's name.

    Raises
    ------
    InputError
        F101 missing, F102 neither XLSX nor CSV, F103 damaged, F104 encoding, F121 to F124 mapping, F126 sheet
        missing, F127 no layer named, L101 to L119 wrong cells.
    """
    if not path.is_file():
        raise refuse(
            "F101", where=str(path), found="nothing", wanted="an .xlsx or .csv file", fix="Check the path."
        )
    rule = read_mapping(mapping) if mapping else TableMapping(layer=_known_layer(layer))
    frame, origin = _read(path, rule)
    frame, unused = _ours(frame, rule, origin, by_headers=mapping is None)
    frame = _degrees(_numbered(frame, path, rule, origin), rule)
    table, faults = layer_table(rule.layer, frame, origin=origin)
    if faults:
        raise InputError(faults)
    return Ledger(
        layer=rule.layer, table=table, warnings=(*_unused(unused, origin), *_unplaced(rule, table, origin))
    )


def with_ledger(region: Region, ledger: Ledger) -> Region:
    """The region with the ledger in place of that layer; raises ``InputError`` L121 for lost references."""
    return make_region(region.name, {**region.tables, ledger.layer: ledger.table}, path=region.path)


def _known_layer(layer: str | None) -> str:
    if layer in LAYERS:
        return layer
    raise refuse(
        "F127",
        where="ledger",
        found="no layer" if layer is None else f"layer {layer!r}",
        wanted=f"one of {', '.join(LAYERS)}",
        fix="Name the layer, or give a mapping file.",
    )


def _read(path: Path, rule: TableMapping) -> tuple[pd.DataFrame, Origin]:
    match path.suffix.lower():
        case ".csv" | ".txt":
            frame = read_csv(path, encoding=rule.encoding, header_row=rule.header_row)
            return frame, sheet_origin(path.name, frame, header_row=rule.header_row)
        case ".xlsx" | ".xlsm":
            return _sheet(path, rule)
    raise refuse(
        "F102",
        where=path.name,
        found=f"a {path.suffix or 'file without ending'}",
        wanted="an .xlsx or .csv file",
        fix="Open it in a spreadsheet and save it as .xlsx.",
    )


def _sheet(path: Path, rule: TableMapping) -> tuple[pd.DataFrame, Origin]:
    from geo.region.workbook import error_cells, read_sheets, sheet_frame

    sheets = dict(read_sheets(path))
    title = rule.sheet or next(iter(sheets), "")
    if title not in sheets:
        raise refuse(
            "F126",
            where=path.name,
            found=f"no sheet {title!r}",
            wanted=f"one of {', '.join(sheets)}",
            fix="Correct the sheet in the mapping file.",
        )
    rows = sheets[title][rule.header_row - 1 :]
    file = f"{path.name} sheet {title}"
    if faults := error_cells(rows, sheet_origin(file, header_row=rule.header_row)):
        raise InputError(faults)
    frame = sheet_frame(rows)
    return frame, sheet_origin(file, frame, header_row=rule.header_row)


def _ours(
    frame: pd.DataFrame, rule: TableMapping, origin: Origin, *, by_headers: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    if not by_headers:
        return mapped(frame, rule, where=origin.file)
    frame = english_headers(LAYERS[rule.layer], frame)
    known = {column.name for column in LAYERS[rule.layer].columns} | {*LON_LAT, "wkt"}
    return frame[[name for name in frame if name in known]], tuple(
        str(n) for n in frame if n and n not in known
    )


def _numbered(frame: pd.DataFrame, path: Path, rule: TableMapping, origin: Origin) -> pd.DataFrame:
    if "id" not in frame:
        frame = frame.assign(id=[f"{rule.layer}-{origin.first + position}" for position in frame.index])
    return frame if "source" in frame else frame.assign(source=path.name)


def _degrees(frame: pd.DataFrame, rule: TableMapping) -> pd.DataFrame:
    if rule.datum in ("wgs84", "cgcs2000") or not set(LON_LAT) <= set(frame.columns):
        return frame
    given = frame[list(LON_LAT)].apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    moved = to_wgs84(given, rule.datum)
    whole = np.isfinite(moved.sum(axis=1))
    cells: dict[str, list[Any]] = {
        name: [m if ok else old for m, ok, old in zip(moved[:, k], whole, frame[name], strict=True)]
        for k, name in enumerate(LON_LAT)
    }
    return frame.assign(**cells)


def _unused(headers: tuple[str, ...], origin: Origin) -> list[Fault]:
    if not headers:
        return []
    return [
        Fault(
            code="F125",
            where=origin.file,
            found=f"columns that nothing uses: {', '.join(headers)}",
            wanted="a column of ours for each header that matters",
            fix="Name them in the mapping file, or let them be.",
            severity="warning",
        )
    ]


def _unplaced(rule: TableMapping, table: pd.DataFrame, origin: Origin) -> list[Fault]:
    if LAYERS[rule.layer].geometry is None:
        return []
    return [
        Fault(
            code="L202",
            where=f"{origin.file} ({name or number})",
            found="no coordinates",
            wanted="a place",
            fix="Place it on the map or fill its coordinates; until then it is left out of computing.",
            severity="warning",
        )
        for number, name, shape in zip(table["id"], table["name_zh"], table["geometry"], strict=True)
        if shape is None
    ]
