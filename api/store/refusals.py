"""Why a database refused a statement, in the same words on SQLite and PostgreSQL."""

import sqlite3
from typing import Literal

from sqlalchemy.exc import DBAPIError, IntegrityError

Refusal = Literal["duplicate", "missing", "rule", "busy", "lost"]
"""A record of that key is there; one that is referred to is not; a rule of a table; somebody else holds it;
anything else: no answer, no room, no right to write."""

_SQLITE: dict[str, Refusal] = {
    "SQLITE_CONSTRAINT_UNIQUE": "duplicate",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "duplicate",
    "SQLITE_CONSTRAINT_ROWID": "duplicate",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "missing",
}
_POSTGRES: dict[str, Refusal] = {
    "23505": "duplicate",
    "23P01": "duplicate",
    "23503": "missing",
    "40001": "busy",
    "40P01": "busy",
    "55P03": "busy",
    "57014": "busy",
}
"""Class 23 and others of PostgreSQL's appendix A, SQLSTATE."""


def refusal_of(error: DBAPIError) -> Refusal:
    """What a database meant."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return "busy"
        found = _SQLITE.get(name)
    else:
        found = _POSTGRES.get(getattr(cause, "sqlstate", None) or "")
    return found or ("rule" if isinstance(error, IntegrityError) else "lost")
