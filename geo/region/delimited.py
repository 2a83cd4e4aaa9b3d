"""CSV tables: UTF-8 or GB18030 in, UTF-8 with byte-order mark out, which spreadsheets open rightly."""

import codecs
import csv
import io
import re
from pathlib import Path

import pandas as pd

from geo.errors import refuse
from geo.region.cells import python_rows

_CONTROL = re.compile("[\x00-\x08]")
_FOREIGN = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08]")
"""Characters that show that a guess at GB18030 was wrong. Text that is whole UTF-8 is taken as such: it may
hold private characters of old Chinese fonts, and a stray U+FFFD is a fault of its cell, not of the file."""
_ENCODINGS = ("utf-8-sig", "gb18030")


def read_csv(path: Path, *, encoding: str | None = None, header_row: int = 1) -> pd.DataFrame:
    """All cells of a CSV file as text, blank rows left out; ``header_row`` counts from 1.

    The index is the position of each row after the headers, from 0.

    Raises
    ------
    InputError
        F103 empty or unreadable, F104 encoding, F111 a row longer than the header row.
    """
    text = decode(path, encoding=encoding)
    if not text.strip():
        raise refuse(
            "F103",
            where=path.name,
            found="an empty file",
            wanted="a row of headers at least",
            fix="Export the table again, or delete the file if there is nothing to say.",
        )
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise refuse(
            "F103",
            where=path.name,
            found=f"no readable CSV: {error}",
            wanted="comma-separated values, quotes in pairs",
            fix="Open the file in a spreadsheet and save it as CSV again.",
        ) from error
    return _frame(rows[header_row - 1 :], path.name, header_row=header_row)


def _frame(rows: list[list[str]], file: str, *, header_row: int) -> pd.DataFrame:
    header = [name.strip() for name in rows[0]] if rows else []
    while header and not header[-1]:
        header.pop()
    body = {position: row for position, row in enumerate(rows[1:]) if any(cell.strip() for cell in row)}
    for position, row in body.items():
        if any(cell.strip() for cell in row[len(header) :]):
            raise refuse(
                "F111",
                where=f"{file} row {header_row + 1 + position}",
                found=f"{len(row)} cells",
                wanted=f"{len(header)}, one for each header",
                fix="Put text that holds a comma in quotes.",
            )
    cells = [(row + [""] * len(header))[: len(header)] for row in body.values()]
    return pd.DataFrame(cells, columns=header, dtype=object, index=list(body))


def decode(path: Path, *, encoding: str | None = None) -> str:
    """Text of a file in ``encoding``, else in UTF-8 or, failing that, in GB18030; raises F104."""
    data = path.read_bytes()
    for name in (encoding,) if encoding else _ENCODINGS:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        guessed = name == "gb18030" and encoding is None
        if not (_FOREIGN if guessed else _CONTROL).search(text):
            return text
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    raise refuse(
        "F104",
        where=path.name,
        found="UTF-16 text" if utf16 else f"text that is not {encoding or 'UTF-8 or GB18030'}",
        wanted=encoding or "UTF-8 or GB18030",
        fix="Save it as CSV UTF-8, or name its encoding in the mapping file.",
    )


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8 with byte-order mark, CRLF between rows, numbers in full."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(frame.columns)
    writer.writerows(python_rows(frame))
    return codecs.BOM_UTF8 + out.getvalue().encode()
