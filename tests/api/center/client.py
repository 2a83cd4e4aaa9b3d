"""A client of the command center in tests: plain HTTP, a connection for each request."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass(slots=True)
class Client:
    """Asks a server under one key."""

    port: int
    key: str = ""

    def using(self, key: str) -> "Client":
        return Client(self.port, key)

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: object = None, **headers: str) -> Reply:
        return self.ask("POST", path, {} if body is None else body, headers)

    def put(self, path: str, body: object, **headers: str) -> Reply:
        return self.ask("PUT", path, body, headers)

    def delete(self, path: str, **headers: str) -> Reply:
        return self.ask("DELETE", path, None, headers)

    def ask(self, method: str, path: str, body: object, headers: dict[str, str] | None = None) -> Reply:
        """One request; ``_`` in names of headers stands for ``-``."""
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.key:
            sent.setdefault("Authorization", f"Bearer {self.key}")
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def first_of(self, path: str) -> Reply:
        """The first line of an answer that would go on for ever."""
        with self.listening(path) as answer:
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, headers, answer.readline() if answer.status == 200 else answer.read())

    @contextmanager
    def listening(self, path: str, **headers: str) -> Iterator[http.client.HTTPResponse]:
        """An answer that streams, for the time of a block."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}", **sent})
            yield connection.getresponse()
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an event stream; ``number`` is missing where it has none."""

    event: str
    data: Any
    number: int | None


def messages(answer: http.client.HTTPResponse) -> Iterator[Message]:
    """The messages of a stream, until it ends; comments are left out."""
    fields: dict[str, str] = {}
    while line := answer.readline():
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "event" in fields:
            number = fields.get("id")
            yield Message(
                fields["event"], json.loads(fields["data"]), None if number is None else int(number)
            )
            fields = {}


def made(reply: Reply) -> Any:
    """The body of an answer that must be good."""
    assert reply.status in (200, 201), (reply.status, reply.raw[:500])
    return reply.body


def within(seconds: float, true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)
