"""kill -9 of the server at random moments under load: nothing acknowledged is lost, nothing is done twice."""

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from sqlalchemy import func, select

from api.audit import verify
from api.store.engine import Store, open_engine, store_url
from api.store.job_tables import JobRow
from api.store.tables import IncidentRow, MovementRow, OrderRow, TeamRow
from tests.api.center.client import Client, Reply, made
from tests.api.center.county import collapse
from tests.api.center.running import Running, end, start
from tests.faults.outcome import LOUD, PLACES, Ground, Outcome, planned, soon
from tests.scenarios.straight_county import LAT

WRITERS = 4
EXPECTED = {
    (409, "A120"),
    (409, "A121"),
    (409, "A123"),
    (409, "A125"),
    (409, "A126"),
    (429, "A203"),
    (429, "A204"),
}
"""Refusals that writers who compete may get."""
NEW_PLANS_EVERY = 8
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """One write, with the key under which it may be asked again."""

    path: str
    body: Any
    name: str


@dataclass(slots=True)
class Load:
    """Writers that go on until the server is gone."""

    port: int
    key: str
    plans: list[str]
    round: int
    answered: list[tuple[Asked, Reply]] = field(default_factory=list)
    unanswered: list[Asked] = field(default_factory=list)

    def write(self, writer: int) -> None:
        client, chance, orders = (
            Client(self.port, self.key),
            random.Random(f"{self.round} {writer}"),
            list[str](),
        )
        for number in range(10_000):
            path, body = self._choose(chance, orders, number)
            asked = Asked(path, body, f"{self.round}-{writer}-{number}")
            try:
                reply = client.post(path, body, Idempotency_Key=asked.name)
            except (OSError, HTTPException):
                self.unanswered.append(asked)
                return
            self.answered.append((asked, reply))
            if path.endswith("/commit") and reply.status == 201:
                orders += [order["id"] for order in reply.body["orders"]]

    def _choose(self, chance: random.Random, orders: list[str], number: int) -> tuple[str, Any]:
        dice = chance.random()
        if dice < 0.25:
            return "/incidents", collapse()
        if dice < 0.5:
            return "/stock/movements", {"kind": "in", "depot_id": "far", "item_id": "mat", "quantity": 1}
        if dice < 0.7:
            return f"/plans/{chance.choice(self.plans)}/commit", {"force": True}
        if dice < 0.8 and orders:
            return f"/orders/{orders.pop(chance.randrange(len(orders)))}/release", {}
        if dice < 0.9:
            at = BEGUN + timedelta(hours=self.round, milliseconds=number)
            seen = {"team_id": "t0", "lon": 106.5, "lat": LAT, "at": at.isoformat()}
            return "/teams/positions", {"positions": [seen]}
        if dice < 0.92:
            return "/processes/refine/execution", {"plan_id": chance.choice(self.plans)}
        return "/closures", {"road_ids": ["r1"]}


def kill_rounds(ground: Ground, kind: str, rounds: int, *, seed: int = 0) -> Outcome:
    """Load, kill, start again, compare, on one database; after every tenth round a kill at the start."""
    outcome, chance = Outcome(f"kill -9, {kind}"), random.Random(f"{kind} {seed}")
    database = ground.database(kind)
    running = start(ground.county, database, **LOUD)
    key, plans = running.key, list[str]()
    try:
        for number in range(rounds):
            client = Client(running.port, key)
            if number % NEW_PLANS_EVERY == 0:
                _quiet(client)
                running.warm()
                plans = [planned(client, place)["id"] for place in PLACES]
            load = Load(running.port, key, plans, number)
            _killed_under(load, running, chance.random())
            if number % 10 == 9:
                _killed_at_start(ground, database, chance.uniform(0.2, 3.0))
            running = start(ground.county, database, **LOUD)
            _holds(Client(running.port, key), load, outcome)
            outcome.rounds += 1
        running.process.terminate()
        outcome.hold(end(running) == 0, "the last server did not end in order")
    finally:
        running.process.kill()
    _store_agrees(database, outcome)
    return outcome


def _killed_under(load: Load, running: Running, after_s: float) -> None:
    writers = [threading.Thread(target=load.write, args=(one,)) for one in range(WRITERS)]
    for writer in writers:
        writer.start()
    soon(lambda: bool(load.answered), 60.0)
    time.sleep(after_s)
    running.process.kill()
    end(running)
    for writer in writers:
        writer.join(90)


def _killed_at_start(ground: Ground, database: str, after_s: float) -> None:
    """Somewhere between the first import and the first request."""
    from tests.api.center.running import launch

    process = launch(ground.county, database, **LOUD)
    time.sleep(after_s)
    process.kill()
    process.communicate()


def _quiet(client: Client) -> None:
    for order in made(client.get("/orders?held=true&limit=1000"))["items"]:
        made(client.post(f"/orders/{order['id']}/release"))


def _holds(client: Client, load: Load, outcome: Outcome) -> None:
    """Asked again under its key, every acknowledged write gives its answer; every other is done now, once."""
    outcome.hold(load.answered, "nothing was answered before the kill")
    known = _known(client)
    for asked, reply in load.answered:
        if reply.status not in (200, 201):
            outcome.hold((reply.status, reply.body["code"]) in EXPECTED, reply.raw)
            continue
        outcome.note("acknowledged")
        again = client.post(asked.path, asked.body, Idempotency_Key=asked.name)
        outcome.hold((again.status, again.raw) == (reply.status, reply.raw), (asked, reply.raw, again.raw))
        outcome.hold(again.headers.get("idempotency-replayed") == "true", asked)
        for name in _made_by(asked, reply):
            outcome.hold(name in known, f"{name} is gone")
    _done_once(client, load, outcome)
    outcome.hold(made(client.get("/audit/verification"))["holds"], "the audit does not hold")


def _known(client: Client) -> set[str]:
    """Ids of all records that writers make."""
    closed = made(client.get("/closures"))["features"]
    incidents = made(client.get("/incidents"))["features"]
    found = {one["id"] for one in (*closed, *incidents)}
    for path, rows, name in (("/orders", "items", "id"), ("/jobs", "jobs", "jobID")):
        after: str | None = ""
        while after is not None:
            word = "before" if rows == "jobs" else "after"
            page = made(client.get(f"{path}?limit=1000" + (f"&{word}={after}" if after else "")))
            found |= {one[name] for one in page[rows]}
            after = page["next"]
    return found


def _made_by(asked: Asked, reply: Reply) -> list[str]:
    if asked.path in ("/incidents", "/closures"):
        return [reply.body["id"]]
    if asked.path.startswith("/processes"):
        return [reply.body["jobID"]]
    return [order["id"] for order in reply.body["orders"]] if asked.path.endswith("/commit") else []


def _done_once(client: Client, load: Load, outcome: Outcome) -> None:
    """Writes that were cut off: done before or done now, and the shelf shows each once."""
    before = _pieces(client)
    moved = [one for one in load.unanswered if one.path == "/stock/movements"]
    replies = [client.post(one.path, one.body, Idempotency_Key=one.name) for one in moved * 2]
    done_now = sum("idempotency-replayed" not in reply.headers for reply in replies)
    outcome.note("cut off", len(load.unanswered))
    outcome.hold(_pieces(client) == before + done_now)
    outcome.hold(done_now <= len(moved))


def _pieces(client: Client) -> Any:
    return made(client.get("/depots/far/stock"))["items"][0]["on_hand"]


def _store_agrees(database: str, outcome: Outcome) -> None:
    """No team bound twice, no number given twice, shelf and movements agree, jobs all in a known state."""
    store = Store(open_engine(store_url(database)))
    try:
        with store.reading() as session:
            held = session.scalars(select(OrderRow.team_id).where(OrderRow.ended_at.is_(None))).all()
            outcome.hold(len(held) == len(set(held)), held)
            numbers = session.scalars(select(MovementRow.number)).all()
            outcome.hold(len(numbers) == len(set(numbers)))
            outcome.hold(session.scalar(select(func.count()).select_from(IncidentRow)))
            outcome.hold(session.get_one(TeamRow, "t0").position is not None)
            outcome.note("jobs", session.scalar(select(func.count()).select_from(JobRow)) or 0)
            outcome.hold(verify(session).faults == (), verify(session).faults)
    finally:
        store.close()
