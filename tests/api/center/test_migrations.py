"""The tables: made, compared, removed, on SQLite and PostgreSQL with PostGIS; what they hold comes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from shapely.geometry import LineString, Point, Polygon, box
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from api.audit import verify
from api.keys import first_key
from api.store.engine import Store, open_engine, store_url
from api.store.migrate import differences, downgrade, upgrade
from api.store.tables import AuditRow, Base, ClosureRow, IncidentRow, OrderRow, StockRow, TeamRow
from api.writing import write
from geo.errors import InputError

NOON = datetime(2026, 7, 1, 12, 0, 0, 123456, UTC)


def test_up_compared_down_and_up_again(engine: Engine) -> None:
    """Migrations make exactly the tables of the code, and remove all of them."""
    upgrade(engine)
    assert differences(engine) == []
    upgrade(engine)
    downgrade(engine)
    left = set(inspect(engine).get_table_names()) - {"alembic_version", "spatial_ref_sys"}
    assert left == set()
    upgrade(engine)
    assert differences(engine) == []


def test_two_servers_may_start_at_once(engine: Engine) -> None:
    """Both make the tables and the first key; one of them finds the work done."""

    def begin(_: int) -> bool:
        own = open_engine(engine.url)
        try:
            upgrade(own)
            with write(Store(own), actor="start", request_id="r") as writing:
                return first_key(writing) is not None
        finally:
            own.dispose()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(begin, range(4))) == [False, False, False, True]
    assert differences(engine) == []


def test_a_difference_would_be_found(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE region ADD COLUMN surprise INTEGER"))
    assert "surprise" in " ".join(differences(engine))


def test_tables_of_a_newer_version_are_refused(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InputError, match="A102"):
        upgrade(engine)


@pytest.mark.parametrize(
    "address", ["mysql://here/db", "postgresql", "sqlite://", "://", "sqlite:///:memory:"]
)
def test_other_databases_are_refused_by_name(address: str) -> None:
    if address == "postgresql":
        assert store_url(address).get_backend_name() == "sqlite", "a word alone is a file"
        return
    with pytest.raises(InputError, match="A101"):
        store_url(address)


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(InputError) as refused:
        store_url("mysql://me:secret-word@here/db")
    assert "secret-word" not in str(refused.value)


@pytest.mark.parametrize("shape", [Point(106.5, 38.9), box(106, 38, 107, 39), LineString([(1, 2), (3, 4)])])
def test_geometries_instants_and_documents_come_back_as_they_went(store: Store, shape: Polygon) -> None:
    """The same rows mean the same on both databases; an instant keeps its moment in any zone."""
    beijing = NOON.astimezone(timezone(timedelta(hours=8)))
    with store.writing() as (session, _):
        session.add(
            ClosureRow(
                id="c",
                content={"road_ids": ["一"], "none": None, "number": 0.1},
                polygon=shape,
                reason="水",
                reported_at=beijing,
                reported_by="me",
            )
        )
    with store.reading() as session:
        row = session.get_one(ClosureRow, "c")
        assert row.polygon is not None
        assert row.polygon.equals(shape)
        assert row.reported_at == NOON
        assert row.reported_at.utcoffset() == timedelta(0)
        assert row.content == {"road_ids": ["一"], "none": None, "number": 0.1}
        assert row.lifted_at is None


def test_an_instant_without_zone_is_a_defect(store: Store) -> None:
    with pytest.raises(StatementError, match="without time zone"):
        _add(store, _closure("c", datetime(2026, 7, 1, 12, 0)))


def test_postgresql_keeps_geometries_in_postgis(store: Store) -> None:
    """Any GIS may read them: points lie where PostGIS says."""
    with store.writing() as (session, _):
        row = _closure("c", NOON)
        row.polygon = Point(106.5, 38.9)
        session.add(row)
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect() as connection:
            found = connection.execute(
                text("SELECT ST_X(polygon), ST_Y(polygon), ST_SRID(polygon) FROM closures")
            )
            assert tuple(found.one()) == (106.5, 38.9, 4326)


def test_the_database_itself_binds_a_team_once(store: Store) -> None:
    """Whatever a program does wrong: a second order in force for a team is refused."""
    with store.writing() as (session, _):
        _team_and_incident(session)
        session.add(_order("o1"))
    with pytest.raises(IntegrityError):
        _add(store, _order("o2"))
    with store.writing() as (session, _):
        session.get_one(OrderRow, "o1").ended_at = NOON
        session.flush()
        session.add(_order("o2"))


def test_the_database_itself_never_promises_stock_twice(store: Store) -> None:
    row = StockRow(depot_id="d", item_id="i", mode="physical", unit="", stated=1.0)
    row.on_hand, row.reserved = 1.0, 2.0
    with pytest.raises(IntegrityError):
        _add(store, row)


def test_after_an_error_nothing_is_kept_and_the_next_writer_goes_on(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_in_the_middle(store)
    with write(store, actor="me", request_id="r") as writing:
        writing.record("nothing", "c")
    with store.reading() as session:
        assert session.scalars(select(ClosureRow)).all() == []
        assert [row.action for row in session.scalars(select(AuditRow))] == ["nothing"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_audit_cannot_be_changed_by_statements(store: Store, statement: str) -> None:
    with write(store, actor="me", request_id="r") as writing:
        writing.record("something", "s")
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as (session, _):
        session.execute(text(statement))
    with store.reading() as session:
        assert verify(session).faults == ()


def _add(store: Store, row: Base) -> None:
    with store.writing() as (session, _):
        session.add(row)


def _fail_in_the_middle(store: Store) -> None:
    with write(store, actor="me", request_id="r") as writing:
        writing.session.add(_closure("c", NOON))
        writing.record("closure.reported", "c")
        raise ZeroDivisionError


def _closure(name: str, at: datetime) -> ClosureRow:
    return ClosureRow(id=name, content={}, reason="", reported_at=at, reported_by="me")


def _team_and_incident(session: Session) -> None:
    names = dict.fromkeys(
        ("name_zh", "name_en", "station_id", "force", "vehicle_class", "phone", "call_sign"), ""
    )
    session.add(TeamRow(id="t", capabilities={}, listed=True, **names))
    session.add(
        IncidentRow(
            id="i", hazard="collapse", level="I", report={}, weather={}, reported_at=NOON, reported_by=""
        )
    )
    session.flush()


def _order(name: str) -> OrderRow:
    return OrderRow(
        id=name, incident_id="i", team_id="t", status="issued", task={}, issued_at=NOON, issued_by="me"
    )
