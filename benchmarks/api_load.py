"""Clients of the command center for its benchmarks: plain HTTP over sockets, in a process of their own.

Reads what to do as JSON on stdin (see ``Load``) and prints what came of it as JSON. Open loop: requests go
out at their appointed times whatever the answers do, and a latency counts from the appointed time, so that a
server that stalls is charged for everybody who had to wait.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a client process does.

    Parameters
    ----------
    rate_per_s
        Appointed requests a second; 0 = each connection asks again as soon as it is answered.
    count, seconds
        Requests in all (open loop), or how long (closed loop).
    requests
        Method, path and body, taken in turn.
    check
        Name of the check that each answer has to pass.
    listeners
        Event streams that are open meanwhile; each request is then an event that all must hear.
    before, before_check
        In a closed loop, what is asked and answered before each request, each once; its time does not count.
    """

    port: int
    key: str
    requests: list[tuple[str, str, Any]]
    check: str
    connections: int = 8
    rate_per_s: float = 0.0
    count: int = 0
    seconds: float = 0.0
    listeners: int = 0
    before: list[tuple[str, str, Any]] = field(default_factory=list)
    before_check: str = ""


@dataclass(slots=True)
class Done:
    """Latencies, s; ``wrong``: what some answers were instead; ``kept``: the last answer by path."""

    latency_s: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


class Wire:
    """One connection that is kept open."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """One request and its whole answer."""
        reader, writer = await self._open()
        writer.write(self._head(method, path, body) + (body or b""))
        status, length = await _answered(reader)
        return status, await reader.readexactly(length)

    async def listen(self) -> asyncio.StreamReader:
        """An event stream, its head read."""
        reader, writer = await self._open()
        writer.write(self._head("GET", "/events", None))
        status, _ = await _answered(reader)
        if status != 200:
            raise ConnectionError(f"no stream: {status}")
        return reader

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self._reader, self._writer

    async def close(self) -> None:
        """End the connection."""
        if self._writer is not None:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()

    def _head(self, method: str, path: str, body: bytes | None) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Authorization: Bearer {self._key}"]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join((*lines, "", "")).encode()


async def _answered(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and length of an answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    length = 0
    for line in head[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    return int(head[0].split()[1]), length


def _is_plan(status: int, body: Any) -> bool:
    """A proposal that is proven best, whose teams are each sent once."""
    plan = body.get("document", {})
    sent = [slot["team_id"] for slot in plan["decisions"]["slots"] if slot["team_id"]]
    good = status == 201 and body["status"] == "proposed" and plan["status"] == "optimal"
    return good and bool(sent) and len(sent) == len(set(sent)) == len(plan["decisions"]["teams"])


CHECKS: dict[str, Callable[[int, Any], bool]] = {
    "plan": _is_plan,
    "health": lambda status, body: status == 200 and body == {"status": "ok"},
    "positions": lambda status, body: status == 200 and not body["unknown"] and not body["future"],
    "moved": lambda status, body: status == 200 and body["taken"] == 1,
    "made": lambda status, body: status in (200, 201),
}


class Clients:
    """Connections that share the requests of a load."""

    def __init__(self, load: Load) -> None:
        self._load, self.done = load, Done()
        self._bodies = [None if b is None else json.dumps(b).encode() for _, _, b in load.requests]
        self._wires = [Wire(load.port, load.key) for _ in range(load.connections)]
        self._free: asyncio.Queue[Wire] = asyncio.Queue()
        for wire in self._wires:
            self._free.put_nowait(wire)

    async def ask(self, number: int, appointed: float) -> None:
        """One request, its latency and its check."""
        at = number % len(self._load.requests)
        method, path, _ = self._load.requests[at]
        status, raw = await self._answer(method, path, self._bodies[at])
        self.done.latency_s.append(time.perf_counter() - appointed)
        self.done.kept[path] = self._checked(self._load.check, status, raw)

    async def _answer(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """By the first connection that is free."""
        wire = await self._free.get()
        try:
            return await wire.ask(method, path, body)
        finally:
            self._free.put_nowait(wire)

    def _checked(self, check: str, status: int, raw: bytes) -> Any:
        body = json.loads(raw)
        if not CHECKS[check](status, body):
            self.done.wrong.append(f"{status} {raw[:300]!r}")
        return body

    async def open_loop(self) -> None:
        """All requests at their appointed times."""
        begun, tasks = time.perf_counter(), []
        for number in range(self._load.count):
            appointed = begun + number / self._load.rate_per_s
            await asyncio.sleep(max(0.0, appointed - time.perf_counter()))
            tasks.append(asyncio.create_task(self.ask(number, appointed)))
        await asyncio.gather(*tasks)

    async def closed_loop(self) -> None:
        """Each connection asks again as soon as it is answered."""
        until, numbers = time.perf_counter() + self._load.seconds, iter(range(10**9))

        async def one() -> None:
            while time.perf_counter() < until:
                number = next(numbers)
                if self._load.before:
                    method, path, body = self._load.before[number]
                    answer = await self._answer(method, path, json.dumps(body).encode())
                    self._checked(self._load.before_check, *answer)
                await self.ask(number, time.perf_counter())

        await asyncio.gather(*(one() for _ in range(self._load.connections)))

    async def close(self) -> None:
        """End all connections."""
        for wire in self._wires:
            await wire.close()

    async def told_to_all(self) -> None:
        """Each request is an event; its latency ends when the last listener has it."""
        wires = [Wire(self._load.port, self._load.key) for _ in range(self._load.listeners)]
        self._wires += wires
        streams = [await wire.listen() for wire in wires]
        await asyncio.gather(*(stream.readuntil(b"\n\n") for stream in streams))
        self.done.latency_s = []
        for number in range(self._load.count):
            begun = time.perf_counter()
            hears = asyncio.gather(*(_next_event(stream) for stream in streams))
            await self.ask(number, begun)
            heard = await hears
            self.done.latency_s[-1] = time.perf_counter() - begun
            if len(set(heard)) != 1:
                self.done.wrong.append(f"{len(set(heard))} different events")
            await asyncio.sleep(0.02)


async def _next_event(stream: asyncio.StreamReader) -> bytes:
    while True:
        text = await stream.readuntil(b"\n\n")
        if b"data: " in text:
            return text[text.index(b"id: ") :]


async def run(load: Load) -> Done:
    """Do it."""
    clients, begun = Clients(load), time.perf_counter()
    if load.listeners:
        await clients.told_to_all()
    elif load.rate_per_s:
        await clients.open_loop()
    else:
        await clients.closed_loop()
    clients.done.seconds = time.perf_counter() - begun
    await clients.close()
    return clients.done


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(run(Load(**json.load(sys.stdin)))))))
