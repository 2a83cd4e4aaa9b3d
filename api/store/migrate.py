"""Bring a database to the tables of this version, compare it with them, or step back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from api.store.tables import Base
from geo.errors import refuse

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_ONE_AT_A_TIME = 7_301_662
"""Number of the advisory lock that PostgreSQL holds while tables change."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision; does nothing where they are.

    Raises
    ------
    InputError
        A102 tables of a newer version, A103 PostgreSQL without PostGIS.
    """
    with alone(engine) as connection:
        upgrade_within(connection, revision)


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """As ``upgrade``, as a part of a transaction of the caller."""
    _refuse_newer(connection)
    _need_postgis(connection)
    command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Step back to a revision; ``base`` removes every table of Muster."""
    with alone(engine) as connection:
        downgrade_within(connection, revision)


def downgrade_within(connection: Connection, revision: str = "base") -> None:
    """As ``downgrade``, as a part of a transaction of the caller; raises ``InputError`` A102."""
    _refuse_newer(connection)
    command.downgrade(_config(connection), revision)


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables; none where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> frozenset[str]:
    """Those that this version of Muster knows."""
    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def newest() -> str:
    """The revision that ``upgrade`` brings tables to."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def differences(engine: Engine) -> list[str]:
    """How the database differs from the tables of this version; empty when it does not."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def ours(thing: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    """Whether a database object is one of ours: PostGIS brings tables of its own."""
    return not (kind == "table" and reflected and compared is None and name not in Base.metadata.tables)


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else changes tables: two servers may start at once."""
    options: dict[str, Any] = {"muster_writes": True}
    if (
        engine.dialect.name == "postgresql"
    ):  # else who waited for the lock would not see what was made meanwhile
        options["isolation_level"] = "READ COMMITTED"
    with engine.execution_options(**options).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _ONE_AT_A_TIME})
        yield connection


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection) -> None:
    known, found = revisions(), revision_of(connection)
    if found is not None and found not in known:
        raise refuse(
            "A102",
            where="the database",
            found=f"tables of revision {found}",
            wanted=f"one of {', '.join(sorted(known))}",
            fix="Use the version of Muster that wrote this database, or a newer one.",
        )


def _need_postgis(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    known = connection.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'"))
    if not known:
        raise refuse(
            "A103",
            where="the database",
            found="PostgreSQL without PostGIS",
            wanted="the extension postgis",
            fix="Install PostGIS on the database server (Debian: postgresql-postgis).",
        )
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
