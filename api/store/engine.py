"""The database: opened by its address, read in snapshots, written by one transaction at a time."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from api.store.tables import HeadRow
from geo.errors import refuse

WAIT_S = 20.0
"""Longest wait for another writer or for a free connection, seconds."""
_WRITES = "muster_writes"


class BusyError(RuntimeError):
    """Another writer held the store for longer than ``WAIT_S``."""


def store_url(database: str) -> URL:
    """The address of a database as SQLAlchemy takes it; a path alone is an SQLite file.

    Raises
    ------
    InputError
        A101 an address that cannot be read, or of another kind of database.
    """
    try:
        url = make_url(database) if "://" in database else URL.create("sqlite", database=database)
    except ArgumentError as wrong:
        raise _unusable(database) from wrong
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise _unusable(url.render_as_string(hide_password=True))
    return url


def _unusable(found: str) -> Exception:
    return refuse(
        "A101",
        where="--database",
        found=found,
        wanted="a path, sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
        fix="Correct the address of the database.",
    )


def open_engine(url: URL) -> Engine:
    """An engine for the store; SQLite in write-ahead mode, every acknowledged write on the disk."""
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=16,
            max_overflow=32,
            pool_timeout=WAIT_S,
            isolation_level="REPEATABLE READ",
            connect_args={"connect_timeout": 5},
        )
    Path(str(url.database)).absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=16, max_overflow=32, pool_timeout=WAIT_S)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_image(image: bytes | None) -> Engine:
    """An SQLite database in memory, as ``image_of`` gave it, or empty."""
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    if image is not None:
        memory.deserialize(image)
    engine = create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def image_of(engine: Engine) -> bytes:
    """The whole of a database in memory, between two transactions."""
    with engine.connect() as connection:
        memory: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]  # ours
        return memory.serialize()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions by itself, and too late
    for pragma in (
        "busy_timeout = 20000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Store:
    """An open database.

    Readers see one state from their first to their last statement. Writers follow one after the other, in
    this process by a lock and between processes by the database: SQLite begins writing at once, PostgreSQL
    locks the head of the audit, which every write moves on. ``written`` is called, in the writer's thread,
    after each transaction that was kept.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writes = engine.execution_options(**{_WRITES: True, "isolation_level": "READ COMMITTED"})
        if engine.dialect.name == "sqlite":
            self._writes = engine.execution_options(**{_WRITES: True})
        self._turn = threading.Lock()
        self.written: Callable[[], None] = lambda: None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent state to read; nothing written inside is kept."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, HeadRow]]:
        """The only writer; all of it is kept when the block ends well, nothing after an error.

        Raises
        ------
        BusyError
            Another writer took too long.
        """
        if not self._turn.acquire(timeout=WAIT_S):
            raise BusyError
        try:
            with Session(self._writes, expire_on_commit=False) as session, session.begin():
                if self.engine.dialect.name == "postgresql":
                    session.execute(text(f"SET LOCAL lock_timeout = '{int(WAIT_S)}s'"))
                head = session.scalars(select(HeadRow).where(HeadRow.id == 1).with_for_update()).one()
                yield session, head
        finally:
            self._turn.release()
        self.written()

    def answers(self) -> bool:
        """Whether the database answers now."""
        with self.reading() as session:
            return session.scalar(select(HeadRow.id)) == 1

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
