"""What a database refuses is told apart: the same twice, a reference to nothing, a rule, a lock, silence."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from api.guard import as_problem
from api.problems import Problem
from api.store.engine import BusyError, Store, open_engine, store_url
from api.store.procedure_tables import LogEntryRow
from api.store.refusals import refusal_of
from api.store.tables import IncidentRow, StockRow

NOON = datetime(2026, 7, 1, 12, 0, 0, 0, UTC)


def _incident() -> IncidentRow:
    return IncidentRow(
        id="i",
        hazard="collapse",
        level="I",
        report={},
        weather={},
        reported_at=NOON,
        reported_by="x",
        version=1,
    )


def _twice(session: Session) -> None:
    session.add(_incident())
    session.flush()
    session.expunge_all()
    session.add(_incident())
    session.flush()


def _of_nothing(session: Session) -> None:
    session.add(LogEntryRow(id="e", incident_id="nobody", at=NOON, written_at=NOON, written_by="x", text="x"))
    session.flush()


def _against_a_rule(session: Session) -> None:
    session.add(
        StockRow(depot_id="d", item_id="i", mode="physical", unit="", stated=0, on_hand=1, reserved=2)
    )
    session.flush()


KINDS: dict[str, tuple[Callable[[Session], None], str, str, int]] = {
    "the same twice": (_twice, "duplicate", "A143", 409),
    "a reference to nothing": (_of_nothing, "missing", "A144", 409),
    "against a rule": (_against_a_rule, "rule", "A145", 409),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_conflict_is_named_and_nothing_is_kept(kind: str, store: Store) -> None:
    """On both kinds of database; the answer repeats nothing of what the database said."""
    act, why, code, status = KINDS[kind]
    with pytest.raises(DBAPIError) as refused, store.writing() as (session, _):
        act(session)
    assert refusal_of(refused.value) == why
    problem = as_problem(refused.value)
    assert (problem.code, problem.status, problem.retry_after_s) == (code, status, None)
    assert str(refused.value.orig) not in problem.detail
    with store.reading() as session:
        assert session.get(IncidentRow, "i") is None


def test_a_database_that_somebody_holds_is_busy(store: Store) -> None:
    """A lock of another connection; so are a writer that takes too long and a pool without a free place."""
    is_sqlite = store.engine.dialect.name == "sqlite"
    impatient = "PRAGMA busy_timeout = 10" if is_sqlite else "SET LOCAL lock_timeout = '10ms'"
    with store.writing() as (session, _):
        session.add(_incident())
        session.flush()
        with store.engine.connect() as other:
            other.execute(text(impatient))
            with pytest.raises(DBAPIError) as refused:
                other.execute(text("UPDATE audit_head SET number = number"))
    assert refusal_of(refused.value) == "busy"
    for error in (refused.value, BusyError(), PoolTimeout()):
        problem = as_problem(error)
        assert (problem.code, problem.status, problem.retry_after_s) == ("A146", 503, 2)


def test_a_database_that_is_gone_is_not_busy(store: Store) -> None:
    """Neither no answer nor no such table is taken for a conflict."""
    with pytest.raises(DBAPIError) as refused, store.reading() as session:
        session.execute(text("SELECT * FROM nowhere"))
    assert refusal_of(refused.value) == "lost"
    gone = open_engine(store_url("postgresql://nobody@127.0.0.1:9/none"))
    with pytest.raises(DBAPIError) as silent:
        gone.connect()
    full = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
    for error in (refused.value, silent.value, full):
        assert as_problem(error).code == "A130"


def test_a_defect_stays_a_defect() -> None:
    assert as_problem(ZeroDivisionError()).code == "A132"
    assert as_problem(Problem("A118", 404, "no")).code == "A118"
