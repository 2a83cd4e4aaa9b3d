"""Cells of one column, from whatever a file holds to the column's type; wrong ones are listed, not raised."""

import datetime as dt
import math
import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.region.capabilities import format_capabilities, parse_capabilities
from geo.region.layers import CAPABILITIES, Column

TEXT_LIMIT = 32_767
"""Characters in a text cell, inclusive: the limit of a cell of an XLSX sheet."""
DIGITS = 15
"""Significant digits of a number: what a spreadsheet keeps."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
_LINE_END = re.compile("\r\n?")
_FLAGS = {
    "yes": "yes",
    "true": "yes",
    "1": "yes",
    "是": "yes",
    "no": "no",
    "false": "no",
    "0": "no",
    "否": "no",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCell:
    """A cell that the column cannot hold: its position (from 0), the fault's code and its two halves."""

    position: int
    code: str
    found: str
    wanted: str


class _CellError(Exception):
    """One cell is refused; carries code, found, wanted."""


def is_missing(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, NA or blank text."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, (float, np.floating)) and math.isnan(value)


def cell_text(value: Any) -> str:
    """A cell as text: whole numbers without ``.0``, days as ``YYYY-MM-DD``, truth as yes / no."""
    if is_missing(value):
        return ""
    if isinstance(value, str):
        return _LINE_END.sub("\n", value).strip()
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return repr(float(value)).removesuffix(".0")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time.min else value.isoformat(sep=" ")
    return str(value)


def printable(texts: "pd.Series[Any]") -> "pd.Series[Any]":
    """Texts with a blank for each character that no layer holds; for data that nobody here can mend."""
    return texts.str.replace(_UNPRINTABLE, " ", regex=True)


def python_rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows of a table as plain Python values, empty cells as ``None``."""
    columns = [[None if is_missing(v) else v for v in table[name].tolist()] for name in table.columns]
    return zip(*columns, strict=True)


def convert(values: "pd.Series[Any]", column: Column) -> tuple["pd.Series[Any]", list[WrongCell]]:
    """All cells of a column in its type; wrong ones come out empty and are listed.

    ``count`` gives Int64 with NA, ``number`` float64 with NaN, every other kind text with ``""``.
    """
    read = _READERS[column.kind]
    known: dict[Any, Any] = {}
    cells: list[Any] = []
    wrong: list[WrongCell] = []
    for position, value in enumerate(values.tolist()):
        # a JSON field of a GeoPackage holds lists, which are no keys
        key = (type(value), value if isinstance(value, Hashable) else str(value))
        if key not in known:
            known[key] = _cell(value, column, read)
        cell = known[key]
        if isinstance(cell, _CellError):
            code, found, wanted = cell.args
            wrong.append(WrongCell(position=position, code=code, found=found, wanted=wanted))
            cell = None
        cells.append(cell)
    return _typed(cells, column), wrong


def _typed(cells: list[Any], column: Column) -> "pd.Series[Any]":
    if column.kind == "count":
        return pd.Series(pd.array(cells, dtype="Int64"), name=column.name)
    if column.kind == "number":
        return pd.Series(np.array(cells, dtype=np.float64), name=column.name)
    return pd.Series(["" if c is None else c for c in cells], name=column.name, dtype=object).astype("str")


def _cell(value: Any, column: Column, read: Callable[[str, Column], Any]) -> Any:
    text = cell_text(value)
    if not text:
        return _CellError("L103", "an empty cell", column.about) if column.required else None
    try:
        return read(text, column)
    except _CellError as refused:
        return refused


def _text(text: str, column: Column) -> str:
    if strange := _UNPRINTABLE.search(text):
        kind = "a character that was lost," if strange.group() == "\ufffd" else "a control character"
        raise _CellError("L110", f"{kind} U+{ord(strange.group()):04X}", "printable text")
    if len(text) > TEXT_LIMIT:
        raise _CellError("L111", f"{len(text):,} characters", f"at most {TEXT_LIMIT:,}")
    return text


def _number(text: str, column: Column) -> float:
    try:
        number = float(text.replace("_", "?"))  # Python alone would read 1_000
    except ValueError:
        raise _CellError("L104", shown(text), "a number without unit or thousands separator") from None
    if not math.isfinite(number):
        raise _CellError("L104", shown(text), "a finite number")
    _hold_limits(number, column)
    return float(f"{number:.{DIGITS}g}") + 0.0


def _count(text: str, column: Column) -> int:
    number = _number(text, column)
    if number != round(number) or abs(number) >= 10**DIGITS:
        raise _CellError("L105", shown(text), "a whole number")
    return int(number)


def _hold_limits(number: float, column: Column) -> None:
    if column.at_least is not None and number < column.at_least:
        raise _CellError("L106", f"{number:g}", f"at least {column.at_least:g}")
    if column.at_most is not None and number > column.at_most:
        raise _CellError("L106", f"{number:g}", f"at most {column.at_most:g}")


def _date(text: str, column: Column) -> str:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise _CellError("L108", shown(text), "a day as YYYY-MM-DD") from None
    if day.isoformat() != text:
        raise _CellError("L108", shown(text), "a day as YYYY-MM-DD")
    return text


def _flag(text: str, column: Column) -> str:
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise _CellError("L109", shown(text), "yes or no")
    return flag


def _choice(text: str, column: Column) -> str:
    if text not in column.choices:
        raise _CellError("L107", shown(text), f"one of {', '.join(column.choices)}")
    return text


def _capabilities(text: str, column: Column) -> str:
    try:
        return format_capabilities(parse_capabilities(text))
    except ValueError as error:
        raise _CellError(
            "L112",
            shown(str(error)),
            f"capability:level, level 1 to 3, each once, of {', '.join(CAPABILITIES)}",
        ) from None


def shown(text: str) -> str:
    """A cell's text as a message shows it: quoted, on one line, shortened."""
    short = text if len(text) <= 60 else text[:57] + "..."
    return ascii(short) if _UNPRINTABLE.search(short) else repr(short)


_READERS: dict[str, Callable[[str, Column], Any]] = {
    "text": _text,
    "count": _count,
    "number": _number,
    "date": _date,
    "flag": _flag,
    "choice": _choice,
    "capabilities": _capabilities,
}
