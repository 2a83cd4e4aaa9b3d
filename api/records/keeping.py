"""Contacts, shifts, responsible units and plan documents: from the region's files, a ledger, or written here.

What was written here is never overwritten by the files: a number learnt in the night outlives a restart.
Removing it brings back what the files say.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import Problem, of_faults
from api.records.shifts import WANTED, is_shift
from api.store.procedure_tables import RecordRow
from api.writing import Writing
from geo.errors import Fault
from geo.region.cells import python_rows
from geo.region.ledger import read_ledger
from geo.region.region import Region

RecordLayer = Literal["contacts", "rosters", "units", "plans"]
RECORD_LAYERS: tuple[RecordLayer, ...] = get_args(RecordLayer)
Content = Mapping[str, Any]
MOST_RECORDS = 2_000
"""Of one ledger, inclusive: while they are written nobody else writes."""
LONGEST_TEXT = 500
"""Of a cell of a ledger, inclusive; as long as over HTTP."""
_ID = re.compile(r"[^\x00-\x1f\x7f/]{1,200}")
"""Ids that an address can name."""


def take_records(writing: Writing, region: Region) -> None:
    """Bring the records that nobody wrote here to what the region's files say."""
    known = {(row.layer, row.id): row for row in writing.session.scalars(select(RecordRow))}
    said = region_records(region)
    for key, content in said.items():
        row = known.get(key)
        if row is None:
            row = RecordRow(layer=key[0], id=key[1], origin="region")
            writing.session.add(row)
        if row.origin == "region" and (row.content, row.listed) != (content, True):
            _write(writing, row, content)
    for key, row in known.items():
        if row.origin == "region" and key not in said:
            row.listed = False


def region_records(region: Region) -> dict[tuple[str, str], dict[str, Any]]:
    """What the files say, by layer and id."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for layer in RECORD_LAYERS:
        table = region.table(layer)
        for row in python_rows(table):
            content = dict(zip(table.columns, row, strict=True))
            found[layer, str(content.pop("id"))] = content
    return found


def records(session: Session, layer: str) -> Sequence[RecordRow]:
    """The records of a layer that hold, by id."""
    query = select(RecordRow).where(RecordRow.layer == layer, RecordRow.listed)
    return session.scalars(query.order_by(RecordRow.id)).all()


def record_of(session: Session, layer: str, name: str) -> RecordRow:
    """One record; raises ``Problem`` A118."""
    row = session.get(RecordRow, (layer, name))
    if row is None or not row.listed:
        raise Problem("A118", 404, f"no record {name} in {layer}")
    return row


def put_record(writing: Writing, layer: str, name: str, content: Content) -> RecordRow:
    """Write a record, new or in the place of the one of that id."""
    row = writing.session.get(RecordRow, (layer, name))
    if row is None:
        row = RecordRow(layer=layer, id=name)
        writing.session.add(row)
    row.origin = "desk"
    _write(writing, row, dict(content))
    writing.record("record.written", name, layer=layer, content=row.content)
    return row


def remove_record(writing: Writing, region: Region, layer: str, name: str) -> RecordRow:
    """Remove what was written here, so that the files hold again; else the record is hidden.

    Raises
    ------
    Problem
        A118 no such record.
    """
    row = record_of(writing.session, layer, name)
    before = region_records(region).get((layer, name))
    if row.origin == "desk" and before is not None:
        row.origin = "region"
        _write(writing, row, before)
    else:
        row.origin, row.listed = "desk", False
        row.changed_at, row.changed_by = writing.at, writing.actor
    writing.record("record.removed", name, layer=layer, back_to_files=row.listed)
    return row


def read_sheet(layer: str, content: bytes) -> dict[str, dict[str, Any]]:
    """The records of an XLSX ledger with Chinese or English headers, by id.

    Raises
    ------
    InputError
        Every fault of the sheet at once, as ``read_ledger``.
    Problem
        A234 records that could not be kept, or too many; A242 shifts of which nobody can tell the time.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        path.write_bytes(content)
        table = read_ledger(path, layer=layer).table
    found = {}
    for row in python_rows(table):
        values = dict(zip(table.columns, row, strict=True))
        found[str(values.pop("id"))] = values
    faults = [*_unkept(found), *(_untold(found) if layer == "rosters" else ())]
    if faults:
        raise of_faults(faults)
    return found


def _unkept(found: Mapping[str, Content]) -> Iterator[Fault]:
    if len(found) > MOST_RECORDS:
        yield _fault("the ledger", f"{len(found)} records", f"at most {MOST_RECORDS} records")
    for name, content in found.items():
        if not _ID.fullmatch(name):
            yield _fault("the ledger, column id", repr(name[:60]), "1 to 200 characters, no slash among them")
        for key, value in content.items():
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                long = f"{len(value)} characters"
                yield _fault(f"the ledger, {name[:60]}, column {key}", long, f"at most {LONGEST_TEXT}")


def _untold(shifts: Mapping[str, Content]) -> Iterator[Fault]:
    for name, content in shifts.items():
        begin, end = str(content.get("from") or ""), str(content.get("to") or "")
        if not is_shift(begin, end):
            yield Fault(
                code="A242",
                where=f"the ledger, {name[:60]}, columns from and to",
                found=f"{begin[:40]!r} to {end[:40]!r}",
                wanted=WANTED,
                fix="Correct the times.",
            )


def _fault(where: str, found: str, wanted: str) -> Fault:
    return Fault(code="A234", where=where, found=found, wanted=wanted, fix="Correct or divide the ledger.")


def _write(writing: Writing, row: RecordRow, content: dict[str, Any]) -> None:
    row.content, row.listed = content, True
    row.changed_at, row.changed_by = writing.at, writing.actor
