"""Where a record came from: the words with which a fault points at a row of a file."""

from dataclasses import dataclass


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
    """

    file: str
    word: str = "feature"
    first: int = 1

    def row(self, position: int, *, column: str = "", record: str = "") -> str:
        """Place of the record at ``position`` (from 0), with its id and column where given."""
        named = f" ({record})" if record else ""
        return f"{self.file} {self.word} {position + self.first}{named}" + (
            f", column {column}" if column else ""
        )


def sheet_origin(file: str) -> Origin:
    """Origin of a sheet or CSV table: headers in row 1, records from row 2."""
    return Origin(file=file, word="row", first=2)
