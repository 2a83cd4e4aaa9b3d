"""Fifty clients commit overlapping plans at the same moment: each team is bound once, by one of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from api.audit import verify
from api.store.engine import Store, open_engine, store_url
from api.store.tables import OrderRow
from tests.api.center.client import Client, Reply, made
from tests.faults.outcome import PLACES, Ground, Outcome, planned

CLIENTS = 50
LOST = {(409, "A120"), (409, "A121"), (409, "A123"), (409, "A125")}


def race_rounds(ground: Ground, kind: str, rounds: int) -> Outcome:
    """So many rounds on one server; losers are told who holds the team, and nothing else ever goes wrong."""
    outcome = Outcome(f"50 commits at once, {kind}")
    running, database = ground.shared(kind)
    client = running.client()
    plans = [planned(client, place) for place in PLACES]
    teams = [{slot["team_id"] for slot in plan["document"]["decisions"]["slots"]} - {""} for plan in plans]
    outcome.hold(any(a & b for a in teams for b in teams if a is not b), "plans overlap")
    for _ in range(rounds):
        plans = [made(client.post(f"/incidents/{plan['incidents'][0]}/plan")) for plan in plans]
        _race(client, [plans[number % len(plans)]["id"] for number in range(CLIENTS)], outcome)
        outcome.rounds += 1
    for plan in plans:
        made(client.post(f"/incidents/{plan['incidents'][0]}/close"))
    _store_agrees(database, outcome)
    return outcome


def _race(client: Client, plan_ids: list[str], outcome: Outcome) -> None:
    replies = _at_once(client, plan_ids)
    won = [reply for reply in replies if reply.status == 201]
    lost = [reply for reply in replies if reply.status != 201]
    outcome.note("won", len(won))
    outcome.note("lost", len(lost))
    for reply in lost:
        outcome.hold((reply.status, reply.body["code"]) in LOST, reply.raw)
    outcome.hold(won, "nobody won")
    outcome.hold(len({reply.body["plan"]["id"] for reply in won}) == len(won), "a plan is committed once")
    bound = [order["team_id"] for reply in won for order in reply.body["orders"]]
    outcome.hold(len(bound) == len(set(bound)), bound)
    held = {order["id"]: order for order in made(client.get("/orders?held=true&limit=1000"))["items"]}
    outcome.hold(sorted(order["team_id"] for order in held.values()) == sorted(bound))
    for holder in (holder for reply in lost for holder in reply.body.get("holders", ())):
        outcome.hold(held[holder["order_id"]]["team_id"] == holder["team_id"], holder)
    for name in held:
        made(client.post(f"/orders/{name}/release"))


def _at_once(client: Client, plan_ids: list[str]) -> list[Reply]:
    begin = Barrier(len(plan_ids))

    def commit(plan_id: str) -> Reply:
        begin.wait(60)
        return client.post(f"/plans/{plan_id}/commit", {})

    with ThreadPoolExecutor(len(plan_ids)) as pool:
        return list(pool.map(commit, plan_ids))


def _store_agrees(database: str, outcome: Outcome) -> None:
    store = Store(open_engine(store_url(database)))
    try:
        with store.reading() as session:
            twice: Any = (
                select(OrderRow.team_id).where(OrderRow.ended_at.is_(None)).group_by(OrderRow.team_id)
            )
            outcome.hold(session.execute(twice.having(func.count() > 1)).all() == [])
            outcome.hold(verify(session).faults == ())
    finally:
        store.close()
