"""What a case of the faults says, and where it works."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from api.store.engine import store_url
from tests.api.center.client import Client, Reply, made
from tests.api.center.county import collapse, write_county
from tests.api.center.running import Running, end, start
from tests.scenarios.straight_county import LAT, LONS

LOUD = {"MUSTER_WORKERS": "1", "MUSTER_JOB_WORKERS": "1", "MUSTER_RATE_PER_S": "9000", "MUSTER_BURST": "9000"}
"""A server of one planning process that lets one key ask as often as it likes."""
CLEAR = range(400, 500)
PLACES = (0, 3, 5, 8, 10)


@dataclass(slots=True)
class Outcome:
    """One case: rounds done, single facts that were checked, and what is worth telling."""

    case: str
    rounds: int = 0
    facts: int = 0
    seconds: float = 0.0
    fault: str = ""
    notes: dict[str, int] = field(default_factory=dict)

    def hold(self, true: object, otherwise: object = "") -> None:
        """One fact that must be so."""
        self.facts += 1
        assert true, otherwise

    def note(self, what: str, more: int = 1) -> None:
        """Count something."""
        self.notes[what] = self.notes.get(what, 0) + more


@dataclass(slots=True)
class Ground:
    """A scratch folder with the county, databases of either kind, and servers that cases share.

    ``postgres``: address of a database server, where there is one.
    """

    scratch: Path
    postgres: str | None
    county: Path = field(init=False)
    _shared: dict[str, tuple[Running, str]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.county = write_county(self.scratch / "region", engines=12)

    def database(self, kind: str, folder: Path | None = None) -> str:
        """The address of a new, empty database."""
        name = f"faults_{next(self._numbers)}"
        if kind == "sqlite":
            return str((folder or self.scratch) / f"{name}.db")
        assert self.postgres is not None
        engine = create_engine(store_url(self.postgres), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return make_url(self.postgres).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def server(self, database: str, **environment: str) -> Iterator[Running]:
        """A warm server, ended as an operator ends it."""
        running = start(self.county, database, **{**LOUD, **environment})
        try:
            running.warm()
            yield running
        finally:
            running.process.terminate()
            end(running)

    def shared(self, kind: str) -> tuple[Running, str]:
        """A warm server on a kind of database that goes on until ``close``, and its database."""
        if kind not in self._shared:
            database = self.database(kind)
            self._shared[kind] = start(self.county, database, **LOUD, MUSTER_BODY_S="2"), database
            self._shared[kind][0].warm()
        return self._shared[kind]

    def close(self) -> None:
        """End the servers that cases shared."""
        for running, _ in self._shared.values():
            running.process.terminate()
            end(running)
        self._shared.clear()


def planned(client: Client, place: int) -> Any:
    """A plan for a new incident."""
    incident = made(client.post("/incidents", collapse(where={"lon": LONS[place], "lat": LAT})))
    return made(client.post(f"/incidents/{incident['id']}/plan"))


def refused_clearly(reply: Reply) -> bool:
    """Whether a refusal says what is wrong: a problem document with a code, 4xx or 503."""
    return (reply.status in CLEAR or reply.status == 503) and reply.body["code"].startswith("A")


def soon(true: Callable[[], bool], seconds: float) -> bool:
    """Whether something becomes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return true()
