"""A table of the page: typed columns with units, rows that may point at the map."""

import html
import math
from dataclasses import dataclass
from typing import Literal

from scenarios.report.text import UNITS, Change, Format, Text, Value, both, feature_attribute, written

RowStyle = Literal["plain", "total", "good", "warning", "muted"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it means, how its numbers are written.

    Parameters
    ----------
    format
        How values are written; also decides the unit unless ``unit`` names another.
    bar
        Draw each number also as a bar; a full cell is the largest value, or 100 % for ``percent``.
    better
        Which way of a ``Change`` is an improvement; None colours nothing.
    """

    id: str
    title: Text
    format: Format = "text"
    unit: Text | None = None
    bar: bool = False
    better: Literal["higher", "lower"] | None = None

    @property
    def shown_unit(self) -> Text:
        """The unit that stands in the header; empty for words and plain counts."""
        return self.unit or UNITS[self.format]


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``feature`` is (layer id, feature id) of what the map shows when the row is clicked."""

    cells: tuple[Value, ...]
    style: RowStyle = "plain"
    feature: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under typed columns; ``note`` says what a reader must know to read the numbers."""

    id: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text | None = None

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"table {self.id}, row {number}: {len(row.cells)} cells for {len(self.columns)} columns"
                )


def table_html(table: Table) -> str:
    """The table with its caption, units under the headings and bars in the cells that want them."""
    longest = [
        _longest(column, [row.cells[i] for row in table.rows]) for i, column in enumerate(table.columns)
    ]
    head = "".join(map(_heading, table.columns))
    body = "".join(_row(row, table.columns, longest) for row in table.rows)
    note = f'<p class="note">{both(table.note)}</p>' if table.note else ""
    return (
        f'<div class="table"><table id="{html.escape(table.id)}"><caption>{both(table.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{note}"
    )


def _heading(column: Column) -> str:
    unit = column.shown_unit
    small = f'<span class="unit">{both(unit)}</span>' if unit.zh or unit.en else ""
    return f'<th scope="col" class="{_kind(column)}">{both(column.title)}{small}</th>'


def _row(row: Row, columns: tuple[Column, ...], longest: list[float]) -> str:
    cells = "".join(map(_cell, columns, row.cells, longest))
    return f'<tr class="row-{row.style}"{feature_attribute(row.feature)}>{cells}</tr>'


def _cell(column: Column, value: Value, longest: float) -> str:
    words = _change(column, value) if isinstance(value, Change) else both(written(value, column.format))
    bar = _bar(value, longest) if column.bar and longest > 0 else ""
    return f'<td class="{_kind(column)}">{words}{bar}</td>'


def _change(column: Column, value: Change) -> str:
    before, after = (written(number, column.format) for number in (value.before, value.after))
    verdict = "same" if before == after else _verdict(column, value)  # nobody believes a better 5.9 -> 5.9
    return (
        f'<span class="before">{both(before)}</span><span class="arrow">→</span>'
        f'<span class="{verdict}">{both(after)}</span>'
    )


def _verdict(column: Column, value: Change) -> str:
    """Whether a change is for the better, for the worse, or none."""
    if column.better is None or value.before is None or value.after is None or value.before == value.after:
        return "same"
    return "better" if (value.after > value.before) == (column.better == "higher") else "worse"


def _bar(value: Value, longest: float) -> str:
    if isinstance(value, Change):
        pieces = _piece(value.after, longest, "after") + _piece(value.before, longest, "before")
        return f'<span class="bar">{pieces}</span>'
    number = value if isinstance(value, (int, float)) else None
    return f'<span class="bar">{_piece(number, longest, "after")}</span>'


def _piece(number: float | None, longest: float, which: str) -> str:
    if number is None or not math.isfinite(number) or number <= 0:
        return ""
    return f'<i class="{which}" style="width:{100 * min(number / longest, 1):.1f}%"></i>'


def _longest(column: Column, cells: list[Value]) -> float:
    """The number that fills a cell."""
    if column.format == "percent":
        return 1.0
    return max((abs(n) for cell in cells for n in _numbers(cell) if math.isfinite(n)), default=0.0)


def _numbers(cell: Value) -> list[float]:
    if isinstance(cell, Change):
        return [n for n in (cell.before, cell.after) if n is not None]
    return [float(cell)] if isinstance(cell, (int, float)) else []


def _kind(column: Column) -> str:
    return "words" if column.format == "text" else "number"
