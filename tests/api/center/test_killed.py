"""kill -9 of the real server under load: every acknowledged write is there, no team is bound twice."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from api.audit import verify
from api.store.engine import Store, open_engine, store_url
from api.store.tables import IncidentRow, MovementRow, OrderRow
from tests.api.center.client import Client, Reply, made
from tests.api.center.county import collapse
from tests.api.center.running import end, start
from tests.scenarios.straight_county import LAT, LONS

ROUNDS = {"sqlite": 2, "postgres": 1}
WRITERS = 4


@dataclass(slots=True)
class Load:
    """Writers that go on until the server is gone; what was answered, and what was asked in vain."""

    port: int
    key: str
    plans: list[str]
    round: int
    answered: list[tuple[str, object, str, Reply]] = field(default_factory=list)
    unanswered: list[tuple[str, object, str]] = field(default_factory=list)

    def write(self, writer: int) -> None:
        client, chance = Client(self.port, self.key), random.Random(f"{self.round} {writer}")
        for number in range(10_000):
            path, body = self._ask(chance)
            name = f"{self.round}-{writer}-{number}"
            try:
                reply = client.post(path, body, Idempotency_Key=name)
            except (OSError, HTTPException):
                self.unanswered.append((path, body, name))
                return
            self.answered.append((path, body, name, reply))

    def _ask(self, chance: random.Random) -> tuple[str, object]:
        if chance.random() < 0.4:
            return "/incidents", collapse()
        if chance.random() < 0.6:
            return "/stock/movements", {"kind": "in", "depot_id": "far", "item_id": "mat", "quantity": 1}
        return f"/plans/{chance.choice(self.plans)}/commit", {}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_acknowledged_write_survives(
    kind: str, county: Path, new_database: Callable[[str], str]
) -> None:
    """Killed at a random moment, started again: nothing acknowledged is lost, nothing is done twice."""
    database = new_database(kind)
    loud = {"MUSTER_WORKERS": "1", "MUSTER_RATE_PER_S": "9000", "MUSTER_BURST": "9000"}
    running = start(county, database, **loud)
    key, chance = running.key, random.Random(kind)
    client = running.client()
    _stock(client)
    running.warm()
    plans = [_plan(client, place) for place in (0, 3, 5, 8, 10)]
    for number in range(ROUNDS[kind]):
        load = Load(running.port, key, plans, number)
        writers = [threading.Thread(target=load.write, args=(one,)) for one in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(0.3 + chance.random())
        running.process.kill()
        end(running)
        for writer in writers:
            writer.join(60)
        assert load.answered
        running = start(county, database, **loud)
        _holds(Client(running.port, key), load)
    running.process.terminate()
    assert end(running) == 0
    _store_agrees(database)


def _stock(client: Client) -> None:
    """An entry that writers can add to."""
    rows = made(client.get("/depots/far/stock"))["items"]
    assert [row["item_id"] for row in rows] == ["mat"]


def _plan(client: Client, place: int) -> str:
    incident = made(client.post("/incidents", collapse(where={"lon": LONS[place], "lat": LAT})))
    return str(made(client.post(f"/incidents/{incident['id']}/plan"))["id"])


def _holds(client: Client, load: Load) -> None:
    """Asked again under its key, every acknowledged write gives its answer; every other is done now, once."""
    known = {one["id"] for one in made(client.get("/incidents"))["features"]}
    for path, body, name, reply in load.answered:
        if reply.status != 201:
            assert (reply.status, reply.body["code"]) in ((409, "A120"), (409, "A123")), reply.raw
            continue
        again = client.post(path, body, Idempotency_Key=name)
        assert (again.status, again.raw) == (201, reply.raw)
        assert again.headers["idempotency-replayed"] == "true"
        assert path != "/incidents" or reply.body["id"] in known
    before = _pieces(client)
    moved = [one for one in load.unanswered if one[0] == "/stock/movements"]
    replies = [client.post(path, body, Idempotency_Key=name) for path, body, name in moved * 2]
    done_now = sum("idempotency-replayed" not in reply.headers for reply in replies)
    assert _pieces(client) == before + done_now
    assert done_now <= len(moved)
    assert made(client.get("/audit/verification"))["holds"]


def _pieces(client: Client) -> Any:
    return made(client.get("/depots/far/stock"))["items"][0]["on_hand"]


def _store_agrees(database: str) -> None:
    store = Store(open_engine(store_url(database)))
    with store.reading() as session:
        held = session.scalars(select(OrderRow.team_id).where(OrderRow.ended_at.is_(None))).all()
        assert held, "some plan was committed"
        assert len(held) == len(set(held))
        numbers = session.scalars(select(MovementRow.number)).all()
        assert len(numbers) == len(set(numbers))
        assert session.scalar(select(func.count()).select_from(IncidentRow))
        assert verify(session).faults == ()
    store.close()
