"""Databases and running servers that the tests of the command center share."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from api.roles import ROLES
from api.store.engine import Store, open_engine, store_url
from api.store.migrate import upgrade
from tests.api.center.client import Client, made
from tests.api.center.county import write_county
from tests.api.center.postgres import found_programs, postgres_server
from tests.api.center.running import Running, serving

DATABASES = ("sqlite", "postgres")
TEMPLATE = "with_postgis"
"""Making the extension anew for each database would take most of the time of the tests."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server with PostGIS; a visible skip without one, a failure where required."""
    programs = found_programs()
    if programs is None:
        reason = "needs PostgreSQL with PostGIS (Debian: postgresql postgresql-postgis)"
        if os.environ.get("MUSTER_REQUIRE_DATA") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres_server(programs) as address:
        _run_sql(address, f"CREATE DATABASE {TEMPLATE}")
        _run_sql(make_url(address).set(database=TEMPLATE).render_as_string(False), "CREATE EXTENSION postgis")
        yield address


def _run_sql(address: str, statement: str) -> None:
    engine = create_engine(store_url(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Makes an empty database of a kind and gives its address."""
    made_before = iter(range(1_000))

    def make(kind: str) -> str:
        name = f"drill_{next(made_before)}"
        if kind == "sqlite":
            return str(tmp_path_factory.mktemp("store") / f"{name}.db")
        address = str(request.getfixturevalue("postgres"))
        _run_sql(address, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return make_url(address).set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Engine]:
    """An empty database of each kind."""
    opened = open_engine(store_url(new_database(request.param)))
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    """A database of each kind with its tables."""
    upgrade(engine)
    return Store(engine)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region that the servers of the tests serve."""
    return write_county(tmp_path_factory.mktemp("region"), engines=12)


@dataclass(frozen=True, slots=True)
class Center:
    """A running command center, and a client for each role; ``database``: its address."""

    running: Running
    database: str
    clients: dict[str, Client]

    @property
    def admin(self) -> Client:
        return self.clients["admin"]


@pytest.fixture(scope="session")
def centers(
    county: Path, new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Center]]:
    """Command centers by kind of database, started when first asked for."""
    started: dict[str, Center] = {}
    open_blocks = []

    def center(kind: str) -> Center:
        if kind not in started:
            database = new_database(kind)
            block = serving(
                county, database, MUSTER_WORKERS="1", MUSTER_RATE_PER_S="5000", MUSTER_BURST="5000"
            )
            running = block.__enter__()
            open_blocks.append(block)
            started[kind] = Center(running, database, _clients(running))
            running.warm()
        return started[kind]

    yield center
    for block in open_blocks:
        block.__exit__(None, None, None)


def _clients(running: Running) -> dict[str, Client]:
    admin = running.client()
    asked = {role: {"name": f"the {role}", "role": role} for role in ROLES}
    return {role: admin.using(made(admin.post("/keys", body))["key"]) for role, body in asked.items()}


@pytest.fixture(params=DATABASES)
def center(request: pytest.FixtureRequest, centers: Callable[[str], Center]) -> Center:
    """A command center on each kind of database, with nothing going on."""
    return _quiet(centers(request.param))


@pytest.fixture
def sqlite_center(centers: Callable[[str], Center]) -> Center:
    """A command center on SQLite, with nothing going on."""
    return _quiet(centers("sqlite"))


def _quiet(center: Center) -> Center:
    """Whatever an earlier test left going on is ended."""
    admin = center.admin
    for order in made(admin.get("/orders?held=true&limit=1000"))["items"]:
        made(admin.post(f"/orders/{order['id']}/release"))
    for incident in made(admin.get("/incidents?status=open"))["features"]:
        if incident["properties"]["response_level"] is not None:
            made(admin.post(f"/incidents/{incident['id']}/response/end"))
        made(admin.post(f"/incidents/{incident['id']}/close"))
    for closure in made(admin.get("/closures"))["features"]:
        made(admin.post(f"/closures/{closure['id']}/lift"))
    for team in made(admin.get("/teams"))["features"]:
        if team["properties"]["status"] != "available":
            made(admin.post(f"/teams/{team['id']}/status", {"status": "available"}))
    return center
