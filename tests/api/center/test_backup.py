"""Backup and restore: every row and the chain of the audit come back, on either database, under load."""

import gzip
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from api.audit import verify
from api.cli import main
from api.keys import first_key
from api.store.archive import Archive, write_archive
from api.store.engine import Store, open_engine, store_url
from api.store.migrate import differences, upgrade
from api.store.restore import restore
from api.store.tables import Base
from api.writing import write
from geo.errors import InputError
from tests.api.center.client import made
from tests.api.center.conftest import DATABASES, Center
from tests.api.center.county import collapse, leak
from tests.api.center.running import end, start

Said = pytest.CaptureFixture[str]


def _content(store: Store) -> dict[str, list[Any]]:
    """Every row of every table, as one snapshot."""
    with store.engine.connect() as connection, connection.begin():
        return {
            table.name: list(connection.execute(select(table).order_by(*table.primary_key)))
            for table in Base.metadata.sorted_tables
        }


def _night(center: Center) -> None:
    """Something in as many tables as one story fills."""
    admin = center.admin
    incident = made(admin.post("/incidents", leak(), Idempotency_Key=secrets.token_hex(8)))
    plan = made(admin.post(f"/incidents/{incident['id']}/plan"))
    made(admin.post(f"/plans/{plan['id']}/commit", {}))
    drawn = [[[106.5, 38.9], [106.51, 38.9], [106.51, 38.91], [106.5, 38.9]]]
    made(admin.post("/closures", {"polygon": {"type": "Polygon", "coordinates": drawn}, "reason": "mud"}))
    made(admin.post("/teams/positions", {"positions": [
        {"team_id": "t0", "lon": 106.5, "lat": 38.9, "at": "2026-01-01T00:00:00+08:00"}]}))  # fmt: skip
    made(admin.post("/stock/movements", {"kind": "in", "depot_id": "far", "item_id": "mat", "quantity": 0.1}))


@pytest.mark.parametrize("into", DATABASES)
def test_a_served_database_is_backed_up_and_restored_row_by_row(
    center: Center, into: str, new_database: Callable[[str], str], tmp_path: Path, capsys: Said
) -> None:
    """Into an empty database of either kind: every row is there, and the audit, which says so, holds."""
    _night(center)
    file, target = tmp_path / "night.muster", new_database(into)
    assert main(["backup", "--database", center.database, "--to", str(file)]) == 0
    assert main(["restore", str(file), "--database", target]) == 0
    assert "newest" in capsys.readouterr().out
    with _opened(target) as store, _opened(center.database) as served:
        restored, original = _content(store), _content(served)
        with store.reading() as session:
            assert verify(session).faults == ()
        assert differences(store.engine) == []
    last = restored["audit"].pop()
    assert (last.action, json.loads(last.detail)["number"]) == ("store.restored", len(original["audit"]))
    assert restored.pop("audit_head") != original.pop("audit_head")
    assert restored == original
    assert all(original[name] for name in ("incidents", "plans", "orders", "answers", "stock", "api_keys"))


def test_a_backup_under_load_is_one_moment(center: Center, tmp_path: Path) -> None:
    """Rows of the audit and what they speak of are of one snapshot; nobody who writes is held up."""
    stop, made_meanwhile = threading.Event(), []

    def write_on() -> None:
        while not stop.is_set():
            made_meanwhile.append(made(center.admin.post("/incidents", collapse()))["id"])

    writers = [threading.Thread(target=write_on) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        with _opened(center.database) as served:
            for number in range(3):
                write_archive(served, tmp_path / f"{number}.muster")
    finally:
        stop.set()
        for writer in writers:
            writer.join(30)
    assert made_meanwhile
    for number in range(3):
        with _opened(str(tmp_path / f"{number}.db")) as store:
            restore(store.engine, Archive(tmp_path / f"{number}.muster"), replace=False)
            content = _content(store)
            with store.reading() as session:
                assert verify(session).faults == ()
        told = [row.subject for row in content["audit"] if row.action == "incident.reported"]
        assert sorted(told) == [row.id for row in content["incidents"]]


@contextmanager
def _opened(database: str) -> Iterator[Store]:
    store = Store(open_engine(store_url(database)))
    try:
        yield store
    finally:
        store.close()


def test_a_restored_center_serves_and_goes_on(
    sqlite_center: Center, county: Path, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    """Keys open the same doors, numbers go on where they were, also after a move to PostgreSQL."""
    _night(sqlite_center)
    file, target = tmp_path / "move.muster", new_database("postgres")
    assert main(["backup", "--database", sqlite_center.database, "--to", str(file)]) == 0
    assert main(["restore", str(file), "--database", target]) == 0
    movements = made(sqlite_center.admin.get("/stock/movements?limit=1000"))["items"]
    running = start(county, target, MUSTER_WORKERS="1")
    try:
        admin = running.client(sqlite_center.admin.key)
        more = {"kind": "in", "depot_id": "far", "item_id": "mat", "quantity": 1}
        assert made(admin.post("/stock/movements", more))["number"] > movements[-1]["number"]
        assert (
            made(admin.post("/incidents", collapse()))["id"]
            == f"incident-{_incidents(sqlite_center) + 1:06d}"
        )
        assert made(admin.get("/audit/verification"))["holds"]
    finally:
        running.process.terminate()
        assert end(running) == 0


def _incidents(center: Center) -> int:
    return len(made(center.admin.get("/incidents"))["features"])


def test_a_database_in_use_is_replaced_only_when_told(store: Store, tmp_path: Path, capsys: Said) -> None:
    """Refused, untouched; with --replace the audit names what was taken away."""
    file, database = tmp_path / "first.muster", store.engine.url.render_as_string(hide_password=False)
    with write(store, actor="a", request_id="r") as writing:
        first_key(writing)
    write_archive(store, file)
    with write(store, actor="a", request_id="r") as writing:
        writing.record("something.later", "x")
    before = _content(store)
    assert main(["restore", str(file), "--database", database]) == 2
    assert capsys.readouterr().err.startswith("A283")
    assert _content(store) == before
    assert main(["restore", str(file), "--database", database, "--replace"]) == 0
    after = _content(store)
    assert [row.action for row in after["audit"]] == ["key.made", "store.restored"]
    assert json.loads(after["audit"][-1].detail)["replaced_number"] == 2
    assert after["api_keys"] == before["api_keys"]
    assert differences(store.engine) == []


@pytest.mark.parametrize("harm", ["cut", "altered", "row gone", "not gzip", "other", "newer", "empty"])
def test_a_broken_backup_touches_nothing(harm: str, engine: Engine, tmp_path: Path) -> None:
    """Found by reading it to its end before the database is opened for writing."""
    upgrade(engine)
    store, file = Store(engine), tmp_path / "x.muster"
    write_archive(store, file)
    whole = gzip.decompress(file.read_bytes())
    lines = whole.splitlines(keepends=True)
    broken = {
        "cut": gzip.compress(b"".join(lines[:-1])),
        "altered": gzip.compress(whole.replace(b"0000000000", b"0000000001", 1)),
        "row gone": gzip.compress(b"".join([lines[0], *lines[2:]])),
        "not gzip": whole,
        "other": gzip.compress(b'{"muster_backup": 99}\n'),
        "newer": None,
        "empty": b"",
    }[harm]
    if broken is None:
        head = json.loads(lines[0]) | {"revision": "9999"}
        file.write_bytes(gzip.compress(_sealed([head, *map(json.loads, lines[1:-1])], json.loads(lines[-1]))))
    else:
        file.write_bytes(broken)
    before = _content(store)
    with pytest.raises(InputError, match="A282" if harm == "newer" else "A281"):
        restore(engine, Archive(file), replace=True)
    assert _content(store) == before


def _sealed(contents: list[Any], last: dict[str, Any]) -> bytes:
    body = b"".join(json.dumps(one).encode() + b"\n" for one in contents)
    return body + json.dumps(last | {"sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n"


def test_what_is_no_command_center_is_not_backed_up(tmp_path: Path, capsys: Said) -> None:
    """A path that was mistyped stays absent; a file that is no database of ours is told."""
    wrong = tmp_path / "typo.db"
    assert main(["backup", "--database", str(wrong), "--to", str(tmp_path / "x.muster")]) == 2
    assert capsys.readouterr().err.startswith("A280")
    assert list(tmp_path.iterdir()) == []
    wrong.write_bytes(b"")
    assert main(["backup", "--database", str(wrong), "--to", str(tmp_path / "x.muster")]) == 2
    assert capsys.readouterr().err.startswith("A280")
    assert not (tmp_path / "x.muster").exists()
