"""What a server takes in and gives out at its edges: bodies of bounded size and depth, headers, logs."""

import http.client
import json
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.api.center.client import Client, made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse
from tests.api.center.running import end, start
from tests.scenarios.straight_county import LAT

QUICK_S = 5.0
"""No body, however made, takes longer to be refused; the machine may be busy."""


def _ring(vertices: int) -> list[list[float]]:
    """A comb of so many vertices that does not cross itself."""
    teeth = [[106.5 + 1e-6 * n, LAT + (0.001 if n % 2 else 0.002)] for n in range(vertices - 3)]
    return [[106.5, LAT], *teeth, [teeth[-1][0], LAT], [106.5, LAT]]


def _area(*rings: list[list[float]]) -> dict[str, Any]:
    return {"polygon": {"type": "Polygon", "coordinates": list(rings)}, "reason": "drill"}


BODIES: dict[str, bytes] = {
    "nested lists": b'{"polygon":' + b"[" * 300_000,
    "nested closed": b'{"polygon":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "nested objects": b'{"a":' * 150_000,
    "a number beyond all": b'{"crew": 1e999, "lon": -1e999}',
    "a number of many digits": b'{"crew": ' + b"9" * 100_000 + b"}",
    "no number": b'{"crew": NaN, "lon": Infinity}',
    "half a surrogate": b'{"reason": "\\ud800", "road_ids": ["\\udfff"]}',
    "no text": b'{"reason": "\xff\xfe"}',
    "a zero byte": b'{"reason": "a\\u0000b", "road_ids": ["r1"]}',
    "many vertices": json.dumps(_area(_ring(10_001))).encode(),
    "many rings": json.dumps(_area(*([_ring(6)] * 1_001))).encode(),
    "a list": b"[]",
    "many keys": json.dumps({f"k{n}": n for n in range(50_000)}).encode(),
    "a wide string": b'{"reason": "' + b"x" * 1_900_000 + b'"}',
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("path", ["/closures", "/incidents", "/teams/positions", "/stock/movements"])
def test_a_hostile_body_is_refused_at_once(kind: str, path: str, sqlite_center: Center) -> None:
    """A clear 4xx problem within seconds, and the server goes on."""
    begun = time.monotonic()
    reply = sqlite_center.admin.ask("POST", path, BODIES[kind])
    assert reply.status in (400, 413, 422), reply.raw[:300]
    assert reply.headers["content-type"] == "application/problem+json"
    assert len(reply.raw) < 60_000
    assert time.monotonic() - begun < QUICK_S


def test_as_many_vertices_as_are_allowed_are_taken(sqlite_center: Center) -> None:
    """The limit is inclusive."""
    made(sqlite_center.admin.post("/closures", _area(_ring(10_000))))


@pytest.mark.parametrize("stated", [True, False])
def test_a_body_that_is_too_large_is_not_read_to_its_end(stated: bool, sqlite_center: Center) -> None:
    """Told by its length, or while it comes in pieces without one."""
    door = http.client.HTTPConnection("127.0.0.1", sqlite_center.running.port, timeout=30)
    headers = {"Authorization": f"Bearer {sqlite_center.admin.key}", "Content-Type": "application/json"}
    if stated:
        headers["Content-Length"] = str(10**12)
    door.putrequest("POST", "/incidents")
    for name, value in headers.items():
        door.putheader(name, value)
    if not stated:
        door.putheader("Transfer-Encoding", "chunked")
    door.endheaders()
    sent = 0
    try:
        while not stated and sent < 8_000_000:
            door.send(b"10000\r\n" + b" " * 65_536 + b"\r\n")
            sent += 65_536
    except OSError:
        pass
    answer = door.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["code"] == "A113"
    door.close()


def test_every_answer_carries_safe_headers(sqlite_center: Center) -> None:
    """Good ones, refused ones, those that no route ever sees, and pages."""
    admin, stranger = sqlite_center.admin, sqlite_center.admin.using("")
    for reply in (
        admin.get("/teams"),
        admin.get("/nowhere"),
        admin.delete("/teams"),
        admin.post("/incidents", {"nonsense": 1}),
        admin.ask("POST", "/incidents", b"{"),
        admin.ask("POST", "/incidents", b" " * 2_000_001),
        stranger.get("/teams"),
        stranger.get("/health"),
        stranger.get("/"),
        stranger.get("/openapi.json"),
    ):
        headers = reply.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") or "default-src 'self'" in policy
        assert "unsafe-eval" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-request-id"]
        assert "server" not in headers


def test_no_page_of_others_may_call_unless_named(sqlite_center: Center) -> None:
    """No CORS header at all by default, neither for a request nor for the question before it."""
    asked = {"Origin": "https://evil.example", "Access_Control_Request_Method": "POST"}
    for reply in (
        sqlite_center.admin.get("/teams", Origin="https://evil.example"),
        sqlite_center.admin.ask("OPTIONS", "/teams", None, asked),
        sqlite_center.admin.using("").ask("OPTIONS", "/teams", None, asked),
    ):
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_half_a_head_and_nonsense_end_in_a_refusal(sqlite_center: Center) -> None:
    """What is no HTTP is told 400 and hung up on; a head that is too large as well."""
    port = sqlite_center.running.port
    for sent in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as door:
            door.sendall(sent)
            assert door.recv(100).startswith(b"HTTP/1.1 400")
    assert Client(port).get("/health").status == 200


def test_strangers_are_held_to_a_rate(county: Path, new_database: Callable[[str], str]) -> None:
    """Guessing keys is slow: one address without a key has one bucket, whatever it guesses; owners go on."""
    running = start(
        county, new_database("sqlite"), MUSTER_RATE_PER_S="2", MUSTER_BURST="20", MUSTER_WORKERS="1"
    )
    try:
        admin = running.client()
        replies = [admin.using(f"mk_{n:08x}_guess").get("/keys/me") for n in range(40)]
        assert {reply.status for reply in replies} == {401, 429}
        assert replies[-1].body["code"] == "A112"
        assert int(replies[-1].headers["retry-after"]) >= 1
        assert admin.get("/keys/me").status == 200
    finally:
        running.process.terminate()
        end(running)


def test_no_secret_stands_in_the_log(
    county: Path, new_database: Callable[[str], str], tmp_path: Path
) -> None:
    """Keys, words of bodies and queries, passwords of addresses: the log has none of them."""
    log = tmp_path / "log"
    running = start(county, new_database("postgres"), MUSTER_TEST_LOG=str(log), MUSTER_WORKERS="1")
    admin = running.client()
    two = made(admin.post("/keys", {"name": "shift", "role": "dispatcher"}))["key"]
    other = admin.using(two)
    made(other.post("/incidents", collapse(name_en="WORDS-OF-A-BODY"), Idempotency_Key="IDEMPOTENCY-1"))
    other.get("/plans?after=WORDS-OF-A-QUERY")
    other.get("/plans?limit=WORDS-OF-A-QUERY")
    other.ask("POST", "/incidents", b'{"WORDS-OF-A-BODY": ')
    other.post("/incidents", {"hazard": "WORDS-OF-A-BODY"})
    admin.using("mk_00000000_WRONG-SECRET").get("/teams")
    admin.using("WRONG-SECRET").get("/teams")
    running.process.terminate()
    assert end(running) == 0
    text = log.read_text(encoding="utf-8")
    assert text.count('"answered"') >= 8
    assert all(json.loads(line) for line in text.splitlines())
    secrets = [key.split("_", 2)[2] for key in (running.key, two)]
    for secret in (*secrets, "WORDS-OF", "WRONG-SECRET", "IDEMPOTENCY", "drill:drill", "Bearer"):
        assert secret not in text, secret
    assert "drill:drill" not in running.said
