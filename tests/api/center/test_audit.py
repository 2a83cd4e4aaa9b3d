"""The chain of the audit: whatever is altered, removed or inserted is found, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import text

from api.audit import verify
from api.cli import main
from api.store.engine import Store
from api.writing import write

TAMPERED: dict[str, tuple[str, str]] = {
    "a word": ("UPDATE audit SET actor = 'nobody' WHERE number = 3", "row 3 was changed"),
    "an hour": (
        "UPDATE audit SET at = '2020-01-01T00:00:00.000000+00:00' WHERE number = 2",
        "row 2 was changed",
    ),
    "the last row removed": ("DELETE FROM audit WHERE number = 5", "the chain ends at row 4"),
    "a row inside removed": ("DELETE FROM audit WHERE number = 2", "row 2 is missing"),
    "the first row removed": ("DELETE FROM audit WHERE number = 1", "row 1 is missing"),
    "the head set back": ("UPDATE audit_head SET number = 4", "the head at row 4"),
}


@pytest.fixture
def chain(store: Store) -> Store:
    """Five rows."""
    for number in range(1, 6):
        with write(store, actor="me", request_id=f"r{number}") as writing:
            writing.record("something", f"s{number}", number=number, words="字\n")
    return store


def unsealed(store: Store, *statements: str) -> None:
    """What somebody does who may do anything with the database."""
    sealed = {
        "sqlite": ("DROP TRIGGER audit_sealed_update", "DROP TRIGGER audit_sealed_delete"),
        "postgresql": ("ALTER TABLE audit DISABLE TRIGGER sealed",),
    }
    with store.engine.begin() as connection:
        for statement in (*sealed[store.engine.dialect.name], *statements):
            connection.execute(text(statement))


def faults(store: Store, expected: tuple[int, str] | None = None) -> tuple[str, ...]:
    with store.reading() as session:
        return verify(session, expected=expected).faults


def test_an_untouched_chain_holds(chain: Store) -> None:
    with chain.reading() as session:
        found = verify(session)
        assert (found.rows, found.number, found.faults) == (5, 5, ())
        assert verify(session, expected=(found.number, found.hash)).faults == ()


@pytest.mark.parametrize("what", TAMPERED)
def test_every_kind_of_tampering_is_found(chain: Store, what: str) -> None:
    statement, fault = TAMPERED[what]
    unsealed(chain, statement)
    assert fault in " ".join(faults(chain))


def test_a_chain_written_anew_is_found_by_a_row_noted_elsewhere(chain: Store) -> None:
    """A forger who computes every hash again cannot know what was noted on paper."""
    with chain.reading() as session:
        noted = verify(session)
    unsealed(chain, "DELETE FROM audit", f"UPDATE audit_head SET number = 0, hash = '{'0' * 64}'")
    for _ in range(5):
        with write(chain, actor="forger", request_id="r") as writing:
            writing.record("nothing", "s")
    assert faults(chain) == ()
    assert "row 5 is not the one that was noted" in faults(chain, (noted.number, noted.hash))[0]
    assert "row 9, which was noted, is missing" in faults(chain, (9, noted.hash))[0]


def test_the_command_says_whether_it_holds(chain: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 and a line to note, 2 and a coded line, 2 for a note that cannot be read."""
    database = chain.engine.url.render_as_string(hide_password=False)
    assert main(["audit", "verify", "--database", database]) == 0
    noted = capsys.readouterr().out.split()[-1]
    assert main(["audit", "verify", "--database", database, "--noted", "seven"]) == 2
    assert capsys.readouterr().err.startswith("A140")
    assert main(["audit", "verify", "--database", database, "--noted", f"7:{noted}"]) == 2
    assert capsys.readouterr().err.startswith("A139")


def test_a_database_that_is_not_there_does_not_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped path is told and stays absent: an audit of nothing would hold, and comfort nobody."""
    assert main(["audit", "verify", "--database", str(tmp_path / "typo.db")]) == 2
    assert capsys.readouterr().err.startswith("A280")
    assert list(tmp_path.iterdir()) == []
