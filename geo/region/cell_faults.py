"""Faults of the cells of a table: where each stands, and what to do about it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.errors import Fault
from geo.region.cells import WrongCell, shown
from geo.region.origin import Origin

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


def cell_faults(wrong: Iterable[WrongCell], origin: Origin, column: str, ids: list[str]) -> list[Fault]:
    """The faults of a column's wrong cells, the first ``SHOWN_PER_COLUMN`` of each code one by one."""
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


def doubled_ids(ids: pd.Series, origin: Origin) -> list[Fault]:
    """A fault (L120) for each record whose id an earlier one has."""
    return [
        Fault(
            code="L120",
            where=origin.row(position, column="id"),
            found=f"{shown(str(ids.iloc[position]))} a second time",
            wanted="each id once",
            fix="Give each record its own id.",
        )
        for position in np.flatnonzero(ids.duplicated() & (ids != "")).tolist()
    ]
