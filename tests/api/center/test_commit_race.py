"""Fifty clients commit overlapping plans at the same moment: each team is bound once, by one of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from api.audit import verify
from api.store.engine import Store, open_engine, store_url
from api.store.tables import OrderRow
from tests.api.center.client import Client, Reply, made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse
from tests.scenarios.straight_county import LAT, LONS

CLIENTS = 50
ROUNDS = 5


def test_fifty_commits_at_once_bind_each_team_once(center: Center) -> None:
    """Five rounds; losers are told who holds the team, nothing else ever goes wrong, and the audit holds."""
    admin = center.admin
    plans = [_plan(admin, place) for place in (0, 3, 5, 8, 10)]
    teams = [{slot["team_id"] for slot in plan["document"]["decisions"]["slots"]} - {""} for plan in plans]
    assert any(a & b for a in teams for b in teams if a is not b), "plans overlap"
    for _ in range(ROUNDS):
        plans = [made(admin.post(f"/incidents/{plan['incidents'][0]}/plan")) for plan in plans]
        replies = _at_once([(admin, plans[number % len(plans)]["id"]) for number in range(CLIENTS)])
        won = [reply for reply in replies if reply.status == 201]
        lost = [reply for reply in replies if reply.status != 201]
        assert {(reply.status, reply.body["code"]) for reply in lost} <= {(409, "A120"), (409, "A123")}
        assert len({reply.body["plan"]["id"] for reply in won}) == len(won) >= 1, "a plan is committed once"
        bound = [order["team_id"] for reply in won for order in reply.body["orders"]]
        assert len(bound) == len(set(bound))
        held = made(admin.get("/orders?held=true&limit=1000"))["items"]
        assert sorted(order["team_id"] for order in held) == sorted(bound)
        _named_holders(lost, {order["id"]: order for order in held})
        for order in held:
            made(admin.post(f"/orders/{order['id']}/release"))
    _store_agrees(center)


def _plan(admin: Client, place: int) -> Any:
    incident = made(admin.post("/incidents", collapse(where={"lon": LONS[place], "lat": LAT})))
    return made(admin.post(f"/incidents/{incident['id']}/plan"))


def _at_once(asked: list[tuple[Client, str]]) -> list[Reply]:
    start = Barrier(len(asked))

    def commit(client: Client, plan_id: str) -> Reply:
        start.wait(30)
        return client.post(f"/plans/{plan_id}/commit", {})

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(lambda one: commit(*one), asked))


def _named_holders(lost: list[Reply], held: dict[str, Any]) -> None:
    """Every holder named is a real one."""
    for reply in lost:
        for holder in reply.body.get("holders", ()):
            assert held[holder["order_id"]]["team_id"] == holder["team_id"]


def _store_agrees(center: Center) -> None:
    store = Store(open_engine(store_url(center.database)))
    with store.reading() as session:
        twice = select(OrderRow.team_id).where(OrderRow.ended_at.is_(None)).group_by(OrderRow.team_id)
        assert session.execute(twice.having(func.count() > 1)).all() == []
        assert verify(session).faults == ()
    store.close()
