"""Requests refused before their body is whole: answers arrive, nobody waits long, the log stays readable."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.center.client import within
from tests.api.center.running import Running, serving

QUICK_S = 5.0
LENGTH, PIECES = "Content-Length: 6000000", "Transfer-Encoding: chunked"


@dataclass(frozen=True)
class Heard:
    """A server, and the file of what it logs."""

    running: Running
    log: Path

    def door(self, key: str, *headers: str) -> socket.socket:
        """A connection on which the head of a request stands."""
        door = socket.create_connection(("127.0.0.1", self.running.port), timeout=30)
        head = ("POST /incidents HTTP/1.1", "Host: x", f"Authorization: Bearer {key}", *headers, "", "")
        door.sendall("\r\n".join(head).encode())
        return door


@pytest.fixture
def heard(county: Path, new_database: Callable[[str], str], tmp_path: Path) -> Iterator[Heard]:
    log = tmp_path / "log"
    with serving(county, new_database("sqlite"), MUSTER_TEST_LOG=str(log), MUSTER_WORKERS="1") as running:
        running.warm()
        yield Heard(running, log)


def answer_of(door: socket.socket) -> tuple[int, str]:
    """Status and code."""
    answer = http.client.HTTPResponse(door)
    answer.begin()
    return answer.status, json.loads(answer.read())["code"]


def test_a_refusal_reaches_a_client_that_sends_its_body_first(heard: Heard) -> None:
    """A server that closed with parts of a body unread would reset the connection, and its answer with it."""
    for key, want in ((heard.running.key, (413, "A113")), ("nobody", (401, "A110"))):
        with heard.door(key, LENGTH) as door:
            time.sleep(0.3)
            for _ in range(60):
                door.sendall(b" " * 100_000)
            assert answer_of(door) == want


def test_a_body_in_pieces_that_was_asked_for_is_refused_in_whole_words(heard: Heard) -> None:
    """Leave to send has been given: the rest comes, and the answer has to outlive it."""
    with heard.door(heard.running.key, PIECES, "Expect: 100-continue") as door:
        assert door.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        for _ in range(60):
            door.sendall(b"186a0\r\n" + b" " * 100_000 + b"\r\n")
        assert answer_of(door) == (413, "A113")


def test_who_waits_for_leave_to_send_is_let_go_at_once(heard: Heard) -> None:
    begun = time.monotonic()
    with heard.door("nobody", LENGTH, "Expect: 100-continue") as door:
        assert answer_of(door) == (401, "A110")
        assert door.recv(1) == b""
    assert time.monotonic() - begun < 1.5


def test_waiting_for_the_rest_of_a_body_is_not_time_to_answer(heard: Heard) -> None:
    """A stranger that sends nothing after its head is answered at once, and let go in seconds."""
    begun = time.monotonic()
    with heard.door("nobody", LENGTH, "X-Request-ID: slow-one") as door:
        assert answer_of(door) == (401, "A110")
        assert door.recv(1) == b""
    assert time.monotonic() - begun < QUICK_S
    within(5, lambda: "slow-one" in heard.log.read_text(encoding="utf-8"))
    [line] = [one for one in heard.log.read_text(encoding="utf-8").splitlines() if "slow-one" in one]
    assert json.loads(line)["milliseconds"] < 1_000


def test_wrong_pieces_of_a_stranger_leave_no_page_in_the_log(heard: Heard) -> None:
    with heard.door("nobody", PIECES) as door:
        assert answer_of(door) == (401, "A110")
        with suppress(OSError):
            door.sendall(b"zzzz\r\n")
            door.recv(100)
    assert heard.running.client().get("/keys/me").status == 200
    assert all(json.loads(line) for line in heard.log.read_text(encoding="utf-8").splitlines())


def test_what_is_thrown_away_is_not_kept(heard: Heard) -> None:
    """Thirty strangers with eight megabytes each cost the server nothing that lasts."""
    status = Path(f"/proc/{heard.running.process.pid}/status")
    if not status.exists():
        pytest.skip("memory of a process is read from /proc")

    def megabytes() -> float:
        [line] = [one for one in status.read_text().splitlines() if one.startswith("VmRSS")]
        return int(line.split()[1]) / 1024

    before = megabytes()
    doors = [heard.door("nobody", "Content-Length: 7900000") for _ in range(30)]
    for door in doors:
        with suppress(OSError):
            door.sendall(b" " * 7_800_000)
    most = megabytes()
    for door in doors:
        door.close()
    assert most - before < 60
