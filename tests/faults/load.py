"""Writers that ask a server for everything at once until it is gone: what a night of work is made of."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from tests.api.center.client import Client, Reply
from tests.api.center.county import collapse
from tests.scenarios.straight_county import LAT

EXPECTED = {
    (409, "A120"), (409, "A121"), (409, "A123"), (409, "A125"), (409, "A126"), (409, "A127"), (409, "A138"),
    (409, "A202"), (409, "A208"), (429, "A129"), (429, "A203"), (429, "A204"),
}  # fmt: skip
"""Refusals that writers who compete may get."""
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
SEEDS_APART = 1_000
"""Rounds of one seed; positions of any seed lie in the past, or they would be refused."""
SITING = {
    "muster": 1,
    "kind": "siting",
    "siting": {"question": "mclp", "open": 1, "standards": [{"force": "fire", "within_s": 300}]},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One write, with the key under which it may be asked again."""

    method: str
    path: str
    body: Any
    name: str

    def ask(self, client: Client) -> Reply:
        return client.ask(self.method, self.path, self.body, {"Idempotency-Key": self.name})


@dataclass(slots=True)
class Load:
    """Writers on one server; ``plans`` and ``incidents`` are known to all of them."""

    port: int
    key: str
    plans: list[str]
    incidents: list[str]
    round: int
    answered: list[tuple[Asked, Reply]] = field(default_factory=list)
    unanswered: list[Asked] = field(default_factory=list)

    def write(self, writer: int) -> None:
        """Ask until there is no answer any more."""
        client, mine = Client(self.port, self.key), _Writer(self, random.Random(f"{self.round} {writer}"))
        for number in range(10_000):
            method, path, body = mine.choose(number)
            asked = Asked(method, path, body, f"{self.round}-{writer}-{number}")
            try:
                reply = asked.ask(client)
            except (OSError, HTTPException):
                self.unanswered.append(asked)
                return
            self.answered.append((asked, reply))
            if reply.status in (200, 201):
                mine.learn(path, reply.body)


@dataclass(slots=True)
class _Writer:
    """What one writer has made and not ended yet."""

    load: Load
    chance: random.Random
    orders: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    closures: list[str] = field(default_factory=list)
    committed: list[str] = field(default_factory=list)

    def choose(self, number: int) -> tuple[str, str, Any]:
        """Plans and their orders are half of the load, jobs a tenth."""
        dice, chance, load = self.chance.random(), self.chance, self.load
        if dice < 0.16:
            return "POST", f"/plans/{chance.choice(load.plans)}/commit", {"force": True}
        if dice < 0.30:
            return "POST", f"/incidents/{chance.choice(load.incidents)}/plan", {}
        if dice < 0.36 and self.committed:
            return "POST", f"/plans/{chance.choice(self.committed)}/replan", {}
        if dice < 0.48 and self.orders:
            how = chance.choice(("release", "complete"))
            return "POST", f"/orders/{self._one(self.orders)}/{how}", {}
        if dice < 0.56:
            return self._job()
        if dice < 0.60 and self.jobs:
            return "DELETE", f"/jobs/{self._one(self.jobs)}", None
        if dice < 0.68:
            at = BEGUN + timedelta(hours=load.round % SEEDS_APART, milliseconds=number)
            seen = {"team_id": "t0", "lon": 106.5, "lat": LAT, "at": at.isoformat()}
            return "POST", "/teams/positions", {"positions": [seen]}
        if dice < 0.74:
            return "POST", "/closures", {"road_ids": ["r1"]}
        if dice < 0.78 and self.closures:
            return "POST", f"/closures/{self._one(self.closures)}/lift", {}
        if dice < 0.90:
            return (
                "POST",
                "/stock/movements",
                {"kind": "in", "depot_id": "far", "item_id": "mat", "quantity": 1},
            )
        return "POST", "/incidents", collapse()

    def _job(self) -> tuple[str, str, Any]:
        if self.chance.random() < 0.5:
            return "POST", "/processes/siting/execution", SITING
        return "POST", "/processes/refine/execution", {"plan_id": self.chance.choice(self.load.plans)}

    def _one(self, names: list[str]) -> str:
        """One of them, which is gone from the list: it is ended once."""
        return names.pop(self.chance.randrange(len(names)))

    def learn(self, path: str, body: Any) -> None:
        """Remember what was made, to go on with it."""
        if path.endswith("/commit"):
            self.orders += [order["id"] for order in body["orders"]]
            self.committed.append(body["plan"]["id"])
        elif path.endswith(("/plan", "/replan")):
            self.load.plans.append(body["id"])
        elif path == "/closures":
            self.closures.append(body["id"])
        elif path.startswith("/processes"):
            self.jobs.append(body["jobID"])


def made_by(asked: Asked, reply: Reply) -> list[str]:
    """Paths of the records that an answer says are there."""
    if asked.path in ("/incidents", "/closures"):
        return [f"{asked.path}/{reply.body['id']}"]
    if asked.path.startswith("/processes"):
        return [f"/jobs/{reply.body['jobID']}"]
    if asked.path.endswith(("/plan", "/replan")):
        return [f"/plans/{reply.body['id']}"]
    if asked.path.endswith("/commit"):
        return [f"/orders/{order['id']}" for order in reply.body["orders"]]
    return []
