"""An open event stream ends within seconds of the end of its key, whatever ended it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.api.center.client import Client, made, messages
from tests.api.center.conftest import Center
from tests.api.center.issuer import AUDIENCE, issuing
from tests.api.center.running import serving
from tests.api.center.test_jobs import siting

SECONDS = 8.0
"""Two at an idle machine; tests run on busy ones."""


def _revoke(admin: Client, key_id: str) -> None:
    made(admin.delete(f"/keys/{key_id}"))


def _turn_over(admin: Client, key_id: str) -> None:
    made(admin.post(f"/keys/{key_id}/rotate", {"overlap_s": 1}))


def _wait(admin: Client, key_id: str) -> None:
    """It expires by itself."""


ENDS: dict[str, Callable[[Client, str], None]] = {
    "revoked": _revoke,
    "turned over": _turn_over,
    "expired": _wait,
}


@pytest.mark.parametrize("how", ENDS)
def test_a_stream_ends_with_its_key(how: str, center: Center) -> None:
    """Nobody writes anything more; who listens with another key goes on listening."""
    admin = center.admin
    end = datetime.now(UTC) + timedelta(seconds=2)
    asked = {"name": how, "role": "viewer", **({"expires_at": end.isoformat()} if how == "expired" else {})}
    key = made(admin.post("/keys", asked))
    with admin.using(key["key"]).listening("/events") as mine, admin.listening("/events") as other:
        heard, others = messages(mine), messages(other)
        assert (next(heard).event, next(others).event) == ("hello", "hello")
        ENDS[how](admin, key["id"])
        begun = time.monotonic()
        last = list(heard)[-1]
        assert (last.event, last.data["code"]) == ("end", "A110")
        assert time.monotonic() - begun < 2 + SECONDS
        assert admin.using(key["key"]).get("/keys/me").status == 401
        closure = made(admin.post("/closures", {"road_ids": ["r9"]}))["id"]
        assert next(others).event == "closure"
    made(admin.post(f"/closures/{closure}/lift"))


def test_a_stream_of_a_job_ends_with_its_key(sqlite_center: Center) -> None:
    """Of a job that waits behind others: nothing is told of it meanwhile, and an admin still sees it."""
    admin = sqlite_center.admin
    key = made(admin.post("/keys", {"name": "night shift", "role": "planner"}))
    client = admin.using(key["key"])
    waiting = [made(client.post("/processes/siting/execution", siting()))["jobID"] for _ in range(6)]
    with client.listening(f"/jobs/{waiting[-1]}/events") as answer:
        heard = messages(answer)
        assert next(heard).event == "status"
        _revoke(admin, key["id"])
        last = list(heard)[-1]
    assert (last.event, last.data.get("code")) == ("end", "A110")
    for job in reversed(waiting):
        assert admin.delete(f"/jobs/{job}").status in (200, 409)


def test_a_stream_ends_with_its_login(county: Path, new_database: Callable[[str], str]) -> None:
    """A token that ends while its holder listens ends the stream: half a minute of grace included."""
    with issuing() as issuer:
        names = {
            "MUSTER_OIDC_ISSUER": issuer.address,
            "MUSTER_OIDC_AUDIENCE": AUDIENCE,
            "MUSTER_WORKERS": "1",
        }
        with serving(county, new_database("sqlite"), **names) as running:
            login = running.client().using(issuer.token(exp=int(time.time()) - 26))
            with login.listening("/events") as answer:
                heard = messages(answer)
                assert next(heard).event == "hello"
                begun = time.monotonic()
                assert [one.data["code"] for one in heard] == ["A110"]
                assert time.monotonic() - begun < 4 + SECONDS


def test_a_stream_ends_soon_though_much_is_written(sqlite_center: Center) -> None:
    """Writes one after the other do not keep the look at the keys away."""
    admin = sqlite_center.admin
    key = made(admin.post("/keys", {"name": "busy", "role": "viewer"}))
    with admin.using(key["key"]).listening("/events?noun=alert") as answer:
        heard = messages(answer)
        assert next(heard).event == "hello"
        _revoke(admin, key["id"])
        begun = time.monotonic()
        closure = made(admin.post("/closures", {"road_ids": ["r9"]}))["id"]
        made(admin.post(f"/closures/{closure}/lift"))
        assert [one.data["code"] for one in heard] == ["A110"]
        assert time.monotonic() - begun < SECONDS


def test_a_key_that_would_be_over_is_not_made(sqlite_center: Center) -> None:
    """Its end must lie ahead; the same request without it is good."""
    admin = sqlite_center.admin
    for end in ("2020-01-01T00:00:00Z", datetime.now(UTC).isoformat()):
        refused = admin.post("/keys", {"name": "over", "role": "viewer", "expires_at": end})
        assert (refused.status, refused.body["code"]) == (422, "A142")
        assert refused.body["faults"][0]["where"] == "key expires_at"
    before = made(admin.get("/keys"))["items"]
    assert not [one for one in before if one["name"] == "over"]
    made(admin.post("/keys", {"name": "over", "role": "viewer"}))
