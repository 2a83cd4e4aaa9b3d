"""A table of the page: typed columns with units, rows that may point at the map."""

from dataclasses import dataclass
from typing import Literal

from scenarios.report.text import UNITS, Format, Text, Value

RowStyle = Literal["plain", "total", "good", "warning", "muted"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it means, how its numbers are written.

    Parameters
    ----------
    format
        How values are written; also decides the unit unless ``unit`` names another.
    bar
        Draw each number also as a bar in its cell; a full cell is the largest value, or 100 % for ``percent``.
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
