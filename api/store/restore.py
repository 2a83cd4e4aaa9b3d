"""Bring a backup into a database: all of it in one transaction, or nothing."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, inspect, select, text

from api.store.archive import Archive
from api.store.engine import WAIT_S
from api.store.migrate import alone, downgrade_within, revision_of, revisions, upgrade_within
from api.store.tables import Base
from geo.errors import refuse


@dataclass(frozen=True, slots=True)
class Replaced:
    """Where the audit stood that a restore took away: number and hash of its newest row."""

    number: int
    hash: str


def restore(engine: Engine, archive: Archive, *, replace: bool) -> Replaced | None:
    """Fill a database from an archive, bring its tables up to date; what it held before, if anything.

    The archive is read to its end before anything is touched. A server that runs on the database goes on:
    it sees the old state until the new one is whole.

    Raises
    ------
    InputError
        A281 a broken archive, A282 one of a newer version, A283 the database holds something and
        ``replace`` is not set, A102 tables of a newer version in the database.
    """
    archive.check()
    if archive.head.revision not in revisions():
        raise refuse(
            "A282",
            where="the backup",
            found=f"tables of revision {archive.head.revision}",
            wanted=f"one of {', '.join(sorted(revisions()))}",
            fix="Restore it with the version of Muster that wrote it, or a newer one.",
        )
    with alone(engine) as connection:
        held = _held(connection)
        if held is not None and not replace:
            raise refuse(
                "A283",
                where="the database",
                found=f"a command center with {held.number} rows in its audit",
                wanted="an empty database, or --replace",
                fix="Name another database; or say --replace after a backup of this one.",
            )
        if revision_of(connection) is not None:
            downgrade_within(connection)
        upgrade_within(connection, archive.head.revision)
        connection.execute(text("DELETE FROM audit_head"))
        archive.fill(connection)
        upgrade_within(connection)
        _count_on(connection)
    return held


def _held(connection: Connection) -> Replaced | None:
    """What the database holds, after every writer and reader has let go of it."""
    if "audit_head" not in inspect(connection).get_table_names():
        return None
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{int(WAIT_S)}s'"))
        names = [one.name for one in reversed(Base.metadata.sorted_tables) if one.name != "audit_head"]
        there = set(inspect(connection).get_table_names())
        order = ["audit_head", *(name for name in names if name in there)]
        connection.execute(text(f"LOCK TABLE {', '.join(order)} IN ACCESS EXCLUSIVE MODE"))
    heads = Base.metadata.tables["audit_head"]
    row = connection.execute(select(heads.c.number, heads.c.hash)).one_or_none()
    return None if row is None or row.number == 0 else Replaced(row.number, row.hash)


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL give new numbers above those that came with the rows; SQLite looks by itself."""
    if connection.dialect.name != "postgresql":
        return
    for one in Base.metadata.sorted_tables:
        name = one.autoincrement_column
        if name is None:
            continue
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:one, :name)"), {"one": one.name, "name": name.name}
        )
        if sequence is not None:
            # Names are those of our own tables; statements take no names as values.
            newest = f"SELECT max({name.name}) FROM {one.name}"
            connection.execute(
                text(f"SELECT setval(:of, coalesce(({newest}), 1), ({newest}) IS NOT NULL)"), {"of": sequence}
            )
