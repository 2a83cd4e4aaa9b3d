"""kill -9 of the server at random moments under load: nothing acknowledged is lost, nothing is done twice."""

import random
import threading
import time
from typing import Any

from sqlalchemy import func, select

from api.audit import verify
from api.store.engine import Store, open_engine, store_url
from api.store.job_tables import JobRow
from api.store.tables import IncidentRow, MovementRow, OrderRow, TeamRow
from tests.api.center.client import Client, made
from tests.api.center.running import Running, end, launch, start
from tests.faults.load import EXPECTED, SEEDS_APART, Load, made_by
from tests.faults.outcome import LOUD, PLACES, Ground, Outcome, planned, soon

WRITERS = 6
NEW_PLANS_EVERY = 8
MANY_JOBS = {**LOUD, "MUSTER_JOBS_PER_KEY": "40"}
WAITING_JOBS = 2
"""Jobs that are left to the next server; those before them are cancelled, or they would only pile up."""
JOBS_S = 600.0
"""Within so long the last server has ended the jobs that are left; the machine may be busy."""
UNFINISHED = ("accepted", "running")


def kill_rounds(ground: Ground, kind: str, rounds: int, *, seed: int = 0) -> Outcome:
    """Load, kill, start again, compare, on one database; after every tenth round a kill at the start.

    Every other round the load waits until plans can be made; in between it meets a server that only begins.
    """
    outcome, chance = Outcome(f"kill -9, {kind}"), random.Random(f"{kind} {seed}")
    database = ground.database(kind)
    running = start(ground.county, database, **MANY_JOBS)
    key, plans, incidents = running.key, list[str](), list[str]()
    try:
        for number in range(rounds):
            client = Client(running.port, key)
            if number % 2 == 0:
                running.warm()
            if number % NEW_PLANS_EVERY == 0:
                _quiet(client)
                new = [planned(client, place) for place in PLACES]
                plans, incidents = [one["id"] for one in new], [one["incidents"][0] for one in new]
            load = Load(running.port, key, plans, incidents, seed * SEEDS_APART + number)
            _killed_under(load, running, chance.uniform(0.0, 4.0))
            if number % 10 == 9:
                _killed_at_start(ground, database, chance.uniform(0.2, 3.0))
            running = start(ground.county, database, **MANY_JOBS)
            _holds(Client(running.port, key), load, outcome)
            outcome.rounds += 1
        _jobs_end(Client(running.port, key), outcome)
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
    process = launch(ground.county, database, **MANY_JOBS)
    time.sleep(after_s)
    process.kill()
    process.communicate()


def _quiet(client: Client) -> None:
    """Teams are free and roads open for the next plans."""
    for order in made(client.get("/orders?held=true&limit=1000"))["items"]:
        made(client.post(f"/orders/{order['id']}/release"))
    for closure in made(client.get("/closures?lifted=false"))["features"]:
        made(client.post(f"/closures/{closure['id']}/lift"))


def _holds(client: Client, load: Load, outcome: Outcome) -> None:
    """Asked again under its key, every acknowledged write gives its answer; every other is done now, once."""
    outcome.hold(load.answered, "nothing was answered before the kill")
    for asked, reply in load.answered:
        if reply.status not in (200, 201):
            outcome.hold((reply.status, reply.body["code"]) in EXPECTED, (asked, reply.raw))
            continue
        outcome.note("acknowledged")
        outcome.note("jobs asked", asked.path.startswith("/processes"))
        again = asked.ask(client)
        outcome.hold((again.status, again.raw) == (reply.status, reply.raw), (asked, reply.raw, again.raw))
        outcome.hold(again.headers.get("idempotency-replayed") == "true", asked)
        for path in made_by(asked, reply):
            outcome.hold(client.get(path).status == 200, f"{path} is gone")
        if asked.method == "DELETE":
            outcome.hold(made(client.get(asked.path))["status"] == "dismissed", f"{asked.path} goes on")
    _done_once(client, load, outcome)
    held = [order["team_id"] for order in made(client.get("/orders?held=true&limit=1000"))["items"]]
    outcome.hold(len(held) == len(set(held)), held)
    outcome.hold(made(client.get("/audit/verification"))["holds"], "the audit does not hold")
    for job in _unfinished(client)[WAITING_JOBS:]:
        outcome.hold(client.delete(f"/jobs/{job}").status in (200, 409), job)


def _unfinished(client: Client) -> list[str]:
    """Jobs that wait or run, newest first."""
    return [
        job["jobID"]
        for status in UNFINISHED
        for job in made(client.get(f"/jobs?limit=1000&status={status}"))["jobs"]
    ]


def _done_once(client: Client, load: Load, outcome: Outcome) -> None:
    """Writes that were cut off: done before or done now, and the shelf shows each once."""
    before = _pieces(client)
    moved = [one for one in load.unanswered if one.path == "/stock/movements"]
    replies = [one.ask(client) for one in moved * 2]
    done_now = sum("idempotency-replayed" not in reply.headers for reply in replies)
    outcome.note("cut off", len(load.unanswered))
    outcome.hold(_pieces(client) == before + done_now)
    outcome.hold(done_now <= len(moved))


def _pieces(client: Client) -> Any:
    return made(client.get("/depots/far/stock"))["items"][0]["on_hand"]


def _jobs_end(client: Client, outcome: Outcome) -> None:
    """What every server before left is done by the last one: with a result, or with a reason."""
    left = _unfinished(client)
    outcome.note("jobs left to the last server", len(left))
    outcome.hold(soon(lambda: not _unfinished(client), JOBS_S), f"{_unfinished(client)} go on")
    for name in left:
        job = made(client.get(f"/jobs/{name}"))
        reason = (job["problem"] or {}).get("code", "")
        outcome.hold(job["status"] == "successful" or reason == "A202", job)
        if job["status"] == "successful":
            outcome.hold(client.get(f"/jobs/{name}/results").status == 200, name)


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
            outcome.hold(not session.scalars(select(JobRow.id).where(JobRow.status.in_(UNFINISHED))).all())
            outcome.note("jobs", session.scalar(select(func.count()).select_from(JobRow)) or 0)
            outcome.hold(verify(session).faults == (), verify(session).faults)
    finally:
        store.close()
