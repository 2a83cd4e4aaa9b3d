"""A backup: every row of every table in one file that means the same for both databases.

A gzip file of JSON lines: a head (format, revision of the tables, columns with their kinds), a line
``[table, [values ...]]`` for each row, parents before children, and an end with the numbers of rows and the
SHA-256 of all lines before it. All of it is one snapshot: readers of either database see one state from
their first statement to their last, and hold up nobody who writes.
"""

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import JSON, Connection, LargeBinary, Table, column, insert, select, table
from sqlalchemy.types import TypeEngine

from api.store.column_kinds import Shape, UtcTime
from api.store.engine import Store
from api.store.migrate import newest, revision_of
from api.store.tables import Base
from geo.errors import InputError, refuse
from geo.region.atomic import replacing

FORMAT = 1
ENDING = ".muster"
_PAGE = 1_000
_LONGEST_LINE = 1 << 26


@dataclass(frozen=True, slots=True)
class Archived:
    """What an archive holds: rows of all tables, and number and hash of the newest row of the audit."""

    rows: int
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The first line: revision of the tables, and each table's columns with their kinds."""

    revision: str
    tables: dict[str, dict[str, str]]


def write_archive(store: Store, path: Path) -> Archived:
    """Write one snapshot of a database; the file appears whole, readable by its owner alone.

    Raises
    ------
    InputError
        A280 tables of another revision than this version of Muster writes.
    """
    with replacing(path) as beside, store.engine.connect() as connection, connection.begin():
        _refuse_other_revision(connection)
        with (
            os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file,
            gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
        ):
            rows = _write_rows(connection, packed)
        audit_head = Base.metadata.tables["audit_head"]
        newest_row = connection.execute(select(audit_head.c.number, audit_head.c.hash)).one()
    return Archived(rows, newest_row.number, newest_row.hash)


def _refuse_other_revision(connection: Connection) -> None:
    found = revision_of(connection)
    if found != newest():
        raise refuse(
            "A280",
            where="the database",
            found="no tables of Muster" if found is None else f"tables of revision {found}",
            wanted=f"tables of revision {newest()}",
            fix="Back it up with the version of Muster that serves it.",
        )


def _write_rows(connection: Connection, packed: gzip.GzipFile) -> int:
    digest = hashlib.sha256()

    def put(content: Any) -> None:
        line = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        digest.update(line)
        packed.write(line)

    tables = Base.metadata.sorted_tables
    kinds = {one.name: {c.name: _kind(c.type) for c in one.columns} for one in tables}
    put({"muster_backup": FORMAT, "revision": newest(), "tables": kinds})
    counts = {}
    for one in tables:
        counts[one.name] = 0
        for row in _rows(connection, one):
            put([one.name, [_out(value) for value in row]])
            counts[one.name] += 1
    put({"end": counts, "sha256": digest.hexdigest()})
    return sum(counts.values())


def _rows(connection: Connection, one: Table) -> Iterator[Any]:
    query = select(one).order_by(*one.primary_key.columns).execution_options(yield_per=_PAGE)
    yield from connection.execute(query)


def _kind(of: TypeEngine[Any]) -> str:
    for kind, name in ((UtcTime, "instant"), (Shape, "shape"), (JSON, "json"), (LargeBinary, "bytes")):
        if isinstance(of, kind):
            return name
    return "plain"


def _out(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkb(value, hex=True)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


class Archive:
    """An archive to read; raises ``InputError`` A281 wherever it is not what was written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._opened() as packed:
            self.head = self._read_head(self._line(packed))

    def check(self) -> int:
        """Read it to its end, and give the number of rows; a file cut short or altered is found here."""
        digest, counts = hashlib.sha256(), dict.fromkeys(self.head.tables, 0)
        with self._opened() as packed:
            line, before = self._line(packed), digest.copy()
            while line:
                content = self._parsed(line)
                before = digest.copy()
                digest.update(line)
                if isinstance(content, list):
                    counts[content[0]] = counts.get(content[0], 0) + 1
                line = self._line(packed)
        if not isinstance(content, dict) or content.get("end") != counts:
            raise self._refused("no end, or other numbers of rows than were written")
        if content.get("sha256") != before.hexdigest():
            raise self._refused("other content than was written")
        return sum(counts.values())

    def fill(self, connection: Connection) -> None:
        """Put all rows into empty tables of the archive's revision."""
        with self._opened() as packed:
            self._line(packed)
            name, page = "", list[dict[str, Any]]()
            while isinstance(content := self._parsed(self._line(packed)), list):
                if page and (content[0] != name or len(page) >= _PAGE):
                    self._insert(connection, name, page)
                    page = []
                name = content[0]
                page.append(self._row(name, content[1]))
            if page:
                self._insert(connection, name, page)

    def _insert(self, connection: Connection, name: str, page: list[dict[str, Any]]) -> None:
        columns = (column(c, _TYPES[kind]) for c, kind in self.head.tables[name].items())
        connection.execute(insert(table(name, *columns)), page)

    def _row(self, name: str, values: list[Any]) -> dict[str, Any]:
        kinds = self.head.tables[name]
        return {
            c: None if value is None else _in(value, kind)
            for (c, kind), value in zip(kinds.items(), values, strict=True)
        }

    def _opened(self) -> gzip.GzipFile:
        return gzip.open(self._path, "rb")

    def _line(self, packed: gzip.GzipFile) -> bytes:
        try:
            return packed.readline(_LONGEST_LINE)
        except (OSError, EOFError) as broken:
            raise self._refused(str(broken)) from broken

    def _parsed(self, line: bytes) -> Any:
        try:
            return json.loads(line)
        except (ValueError, RecursionError) as broken:
            raise self._refused("a line that is no JSON") from broken

    def _read_head(self, line: bytes) -> Head:
        content = self._parsed(line)
        if not isinstance(content, dict) or content.get("muster_backup") != FORMAT:
            raise self._refused("no backup of this format")
        if not isinstance(content.get("tables"), dict) or not isinstance(content.get("revision"), str):
            raise self._refused("a head without tables")
        return Head(content["revision"], content["tables"])

    def _refused(self, found: str) -> InputError:
        return refuse(
            "A281",
            where=str(self._path),
            found=found,
            wanted="a file that 'muster backup' wrote, whole",
            fix="Take another copy of the backup, or an earlier one.",
        )


_TYPES: dict[str, TypeEngine[Any] | None] = {
    "instant": UtcTime(),
    "shape": Shape(),
    "json": JSON(none_as_null=True),
    "bytes": LargeBinary(),
    "plain": None,
}


def _in(value: Any, kind: str) -> Any:
    match kind:
        case "instant":
            return datetime.fromisoformat(value)
        case "shape":
            return shapely.from_wkb(value)
        case "bytes":
            return base64.b64decode(value)
    return value
