"""Where a record came from: the words with which a fault points at a row of a file."""

from dataclasses import dataclass

import pandas as pd

LONGEST_ID = 60
"""Characters of a record's id that a message shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Names the rows of one layer the way its file shows them.

    Parameters
    ----------
    file
        File, and sheet or layer in it, e.g. ``"demand.csv"`` or ``"region.xlsx sheet 需求点"``.
    word
        What one record is called there: ``row`` of a sheet, ``feature`` of a map layer.
    first
        Number of the first record; a sheet has its headers in row 1 and its first record in row 2.
    kept
        Position in the file of each record, from 0, where blank rows were left out; empty where none was.
    """

    file: str
    word: str = "feature"
    first: int = 1
    kept: tuple[int, ...] = ()

    def row(self, position: int, *, column: str = "", record: str = "") -> str:
        """Place of the record at ``position`` (from 0), with its id and column where given."""
        named = f" ({record if len(record) <= LONGEST_ID else record[:LONGEST_ID] + '...'})" if record else ""
        number = self.first + (self.kept[position] if self.kept else position)
        return f"{self.file} {self.word} {number}{named}" + (f", column {column}" if column else "")


def sheet_origin(file: str, frame: pd.DataFrame | None = None, *, header_row: int = 1) -> Origin:
    """Origin of a sheet or CSV table, whose ``frame`` is indexed by the position of its rows, from 0."""
    kept = () if frame is None else tuple(int(position) for position in frame.index)
    return Origin(file=file, word="row", first=header_row + 1, kept=kept)
