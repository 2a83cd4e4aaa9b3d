"""Region as one XLSX workbook: a sheet a layer with Chinese headers, and one that explains the columns."""

import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from geo.errors import Fault, InputError, refuse
from geo.region.atomic import replacing
from geo.region.cells import TEXT_LIMIT, is_missing, python_rows
from geo.region.layers import LAYERS, Column, Kind, Layer
from geo.region.origin import Origin, sheet_origin
from geo.region.places import wkt_of
from geo.steady_files import workbook_bytes

GUIDE = "说明"
"""Sheet that explains the columns; not read."""
_WKT = "WKT"
_KINDS: dict[Kind, str] = {
    "text": "文本",
    "count": "整数",
    "number": "数值",
    "date": "日期 YYYY-MM-DD",
    "flag": "yes / no",
    "choice": "选项",
    "capabilities": "能力:等级;能力:等级",
}
_NO_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_DAMAGED = (*_NO_ZIP, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError, AttributeError)
"""What openpyxl lets through from a damaged file; it has no error of its own for it. Broken XML is a
``SyntaxError`` from both readers of XML that it may use."""
MOST_UNPACKED = 100
"""Times its packed size to which a sheet may unpack, inclusive; sheets that people fill stay below 30."""
SMALL_BYTES = 10_000_000
"""Unpacked size up to which a sheet is read whatever its packing, inclusive."""
MOST_CELLS = 20_000_000
"""Rows times columns of a sheet, inclusive."""
_FORMULA = re.compile(b"<f[ />]")


def read_workbook(path: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Origin]]:
    """The layers of a workbook as they stand, sheets named in Chinese or English, and where each came from.

    Raises
    ------
    InputError
        F103 damaged or no XLSX, F106 a layer in two sheets, F112 a cell that shows an error.
    """
    by_title = {title: layer.name for layer in LAYERS.values() for title in (layer.zh, layer.name)}
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    faults: list[Fault] = []
    for title, rows in read_sheets(path):
        if title == GUIDE or (len(rows) == 0 and title not in by_title):
            continue
        layer, origin = by_title.get(title, title), sheet_origin(f"{path.name} sheet {title}")
        if layer in frames:
            faults.append(_twice(layer, origin))
        faults += error_cells(rows, origin)
        frames[layer] = _one_wkt(sheet_frame(rows))
        origins[layer] = sheet_origin(origin.file, frames[layer])
    if faults:
        raise InputError(faults)
    return frames, origins


class ErrorCell(str):
    """What a cell shows whose formula fails, e.g. ``#N/A``; not the same as that text typed in."""

    __slots__ = ()


def _value(cell: Any, uncomputed: Collection[str]) -> Any:
    if cell.data_type == "e":
        return ErrorCell(cell.value)
    return ErrorCell("of a formula never computed") if cell.coordinate in uncomputed else cell.value


def read_sheets(path: Path) -> list[tuple[str, list[list[Any]]]]:
    """Every sheet of a workbook as its title and rows of values; raises F103."""
    try:
        formulas = _sound(path)
        book = openpyxl.load_workbook(path, data_only=True)
        _hold_extent(book)
        uncomputed = _uncomputed(path, book) if formulas else {}
        return [
            (
                s.title.strip(),
                [[_value(c, uncomputed.get(s.title, ())) for c in row] for row in s.iter_rows()],
            )
            for s in book.worksheets
        ]
    except _DAMAGED as error:
        raise refuse(
            "F103",
            where=path.name,
            found=f"no readable workbook: {error}",
            wanted="a whole .xlsx file",
            fix="Open it in a spreadsheet and save it again; an old .xls must be saved as .xlsx.",
        ) from error


def _sound(path: Path) -> bool:
    """Whether a sheet holds a formula; raises for a file that would unpack to a size nobody filled in."""
    with zipfile.ZipFile(path) as packed:
        for part in packed.infolist():
            if part.file_size > max(SMALL_BYTES, MOST_UNPACKED * part.compress_size):
                raise zipfile.BadZipFile(f"{part.filename} unpacks to {part.file_size:,} bytes")
            if part.header_offset < 0:  # reading it would be an error of the disk, which this is not
                raise zipfile.BadZipFile(f"{part.filename} begins before the file")
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(packed.read(name)) for name in sheets if not name.endswith("/"))


def _hold_extent(book: Any) -> None:
    """A single cell far out would make millions of empty ones between."""
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise ValueError(
                f"sheet {sheet.title} reaches to row {sheet.max_row}, column {sheet.max_column}:"
                " delete the rows and columns beyond the table"
            )


def _uncomputed(path: Path, values: Any) -> dict[str, set[str]]:
    """Cells by sheet whose formula no spreadsheet has computed yet, so that no value is in the file."""
    formulas = openpyxl.load_workbook(path)
    return {
        sheet.title: {
            cell.coordinate
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and _no_value(values[sheet.title][cell.coordinate])
        }
        for sheet in formulas.worksheets
    }


def _no_value(cell: Any) -> bool:
    """Whether nothing was stored; the empty text that a formula may give is stored as text."""
    return cell.value is None and cell.data_type == "n"


def sheet_frame(rows: list[list[Any]]) -> pd.DataFrame:
    """A sheet's rows as a table: headers in the first row, blank columns and rows left out.

    The index is the position of each row after the headers, from 0.
    """
    header = ["" if is_missing(name) else str(name).strip() for name in rows[0]] if rows else []
    body = {i: row for i, row in enumerate(rows[1:]) if not all(is_missing(cell) for cell in row)}
    kept = [
        i for i, name in enumerate(header) if name or any(not is_missing(row[i]) for row in body.values())
    ]
    cells = [[row[i] for i in kept] for row in body.values()]
    return pd.DataFrame(cells, columns=[header[i] for i in kept], dtype=object, index=list(body))


def error_cells(rows: list[list[Any]], origin: Origin) -> list[Fault]:
    """A fault (F112) for each cell that shows a spreadsheet error such as ``#N/A``."""
    return [
        Fault(
            code="F112",
            where=origin.row(position),
            found=f"the spreadsheet error {value}",
            wanted="a value",
            fix="Correct the formula or write the value; a spreadsheet computes it on saving.",
        )
        for position, row in enumerate(rows[1:])
        for value in row
        if isinstance(value, ErrorCell)
    ]


def _one_wkt(frame: pd.DataFrame) -> pd.DataFrame:
    """Well-known text longer than a cell goes on in the columns ``WKT 2``, ``WKT 3`` ..."""
    parts = [name for name in frame.columns if name == _WKT or str(name).startswith(f"{_WKT} ")]
    if len(parts) < 2:
        return frame
    whole = frame[parts].apply(lambda row: "".join("" if is_missing(v) else v for v in row), axis=1)
    return frame.drop(columns=parts).assign(**{_WKT: whole})


def write_workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write every layer as a sheet, empty ones too, after the sheet that explains the columns."""
    sheets = [(GUIDE, list(_guide_rows()))]
    sheets += [(LAYERS[layer].zh, list(_rows(LAYERS[layer], table))) for layer, table in tables.items()]
    with replacing(path) as beside:
        book = openpyxl.Workbook(write_only=True)
        for title, rows in sheets:
            _sheet(book, title, rows)
        beside.write_bytes(workbook_bytes(book))  # whole: on a full disk openpyxl leaves generators hanging


def _sheet(book: Any, title: str, rows: Iterable[Iterable[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any) -> Any:
    if is_missing(value):
        return None
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # text that begins with = is no formula, #N/A no error
    return cell


def _rows(spec: Layer, table: pd.DataFrame) -> Iterable[list[Any]]:
    columns = [column.name for column in spec.columns]
    place_header, place_cells = _places(spec, table)
    yield [column.zh for column in spec.columns] + place_header
    for cells, place in zip(python_rows(pd.DataFrame(table[columns])), place_cells, strict=True):
        yield [*cells, *place]


def _places(spec: Layer, table: pd.DataFrame) -> tuple[list[str], list[list[Any]]]:
    if not isinstance(table, gpd.GeoDataFrame):
        return [], [[] for _ in range(len(table))]
    if spec.geometry == "point":
        return ["经度", "纬度"], [[None, None] if g is None else list(g.coords[0]) for g in table.geometry]
    texts = [wkt_of(g) for g in table.geometry]
    width = max([1, *(-(-len(text) // TEXT_LIMIT) for text in texts)])
    header = [_WKT, *(f"{_WKT} {i}" for i in range(2, width + 1))]
    return header, [[t[i * TEXT_LIMIT : (i + 1) * TEXT_LIMIT] for i in range(width)] for t in texts]


def _guide_rows() -> Iterable[list[str]]:
    yield ["工作表", "列", "英文列名", "类型", "必填", "选项", "说明 (English)"]
    for layer in LAYERS.values():
        yield [layer.zh, "", layer.name, "", "", "", layer.about]
        for column in layer.columns:
            yield _guide_row(layer, column)


def _guide_row(layer: Layer, column: Column) -> list[str]:
    required, choices = "是" if column.required else "", ", ".join(column.choices)
    return [layer.zh, column.zh, column.name, _KINDS[column.kind], required, choices, column.about]


def _twice(layer: str, origin: Origin) -> Fault:
    return Fault(
        code="F106",
        where=origin.file,
        found=f"layer {layer} a second time",
        wanted="one sheet a layer",
        fix="Delete or rename one of the two sheets.",
    )
