"""What else breaks at night: workers die, disks fill, databases go, clocks jump, clients dawdle.

Each case asserts the same three things: whoever asked is told clearly (4xx, or 503 and when to ask again),
nothing that was acknowledged is lost, and the service recovers by itself.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.api.center.client import Reply, made
from tests.api.center.county import collapse
from tests.api.center.postgres import Cluster
from tests.faults.outcome import Ground, Outcome, refused_clearly, soon

RECOVERY_S = 240.0
"""Within so long everything works again; the machine may be busy."""


def worker_killed(ground: Ground, rounds: int) -> Outcome:
    """Planning processes killed while plans are computed: answered all the same, or told to ask again."""
    outcome = Outcome("worker killed in mid-solve")
    running, _ = ground.shared("sqlite")
    client = running.client()
    incident = made(client.post("/incidents", collapse()))["id"]
    for _ in range(rounds):
        with ThreadPoolExecutor(6) as pool:
            asked = [pool.submit(client.post, f"/incidents/{incident}/plan") for _ in range(6)]
            time.sleep(0.05)
            for child in _workers(running.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                    outcome.note("killed")
            for reply in (one.result() for one in asked):
                outcome.hold(reply.status == 201 or refused_clearly(reply), reply.raw)
        outcome.hold(soon(lambda: client.post(f"/incidents/{incident}/plan").status == 201, RECOVERY_S))
        outcome.rounds += 1
    return outcome


def _workers(pid: int) -> list[int]:
    """Children of a process that were spawned to compute."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            line = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == pid and b"spawn_main" in line:
            found.append(int(stat.parent.name))
    return found


def disk_full(ground: Ground, rounds: int) -> Outcome:
    """A database on a disk of 12 MB that others fill: 503 A130, and on again once there is room."""
    outcome = Outcome("disk full")
    with (
        _small_disk(ground.scratch / "disk") as disk,
        ground.server(ground.database("sqlite", disk)) as running,
    ):
        client = running.client()
        written: dict[str, Reply] = {}
        for number in range(rounds):
            _fill(disk / "others")
            refused = None
            for again in range(2_000):
                name = f"{number}-{again}"
                reply = client.post("/incidents", collapse(name_en="x" * 400), Idempotency_Key=name)
                if reply.status != 201:
                    refused = name, reply
                    break
                written[name] = reply
            assert refused is not None, "the disk never was full"
            outcome.hold((refused[1].status, refused[1].body["code"]) == (503, "A130"), refused[1].raw)
            outcome.hold(client.get("/teams").status == 200, "reading goes on")
            outcome.hold(client.get("/health").status == 200)
            (disk / "others").unlink()
            reply = client.post("/incidents", collapse(name_en="x" * 400), Idempotency_Key=refused[0])
            outcome.hold(reply.status == 201, reply.raw)
            outcome.hold("idempotency-replayed" not in reply.headers, "what was refused was not done")
            written[refused[0]] = reply
            outcome.rounds += 1
        for name, reply in written.items():
            again_reply = client.post("/incidents", collapse(name_en="x" * 400), Idempotency_Key=name)
            outcome.hold(again_reply.raw == reply.raw, name)
        outcome.hold(made(client.get("/audit/verification"))["holds"])
        outcome.note("acknowledged", len(written))
    return outcome


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own; needs the rights of a superuser."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:  # a buffer would not fit either, and closing would say so
        try:
            while True:
                out.write(b"\0" * 65_536)
        except OSError:
            return


def may_mount() -> bool:
    """Whether a small disk can be made here."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def database_gone(ground: Ground, cluster: Cluster, rounds: int) -> Outcome:
    """PostgreSQL stopped in order and killed, and started again: 503 meanwhile, nothing lost."""
    outcome = Outcome("database gone and back")
    running, _ = ground.shared("postgres")
    client = running.client()
    kept: dict[str, Reply] = {}
    before = len(made(client.get("/incidents"))["features"])
    for number in range(rounds):
        kept[f"before {number}"] = reply = client.post(
            "/incidents", collapse(), Idempotency_Key=f"before {number}"
        )
        made(reply)
        cluster.stop(signal.SIGINT if number % 2 else signal.SIGQUIT)
        for path in ("/teams", "/incidents", "/keys/me"):
            gone = client.get(path)
            outcome.hold((gone.status, gone.body["code"]) == (503, "A130"), gone.raw)
            outcome.hold("retry-after" in gone.headers)
        name = f"while {number}"
        cut = client.post("/incidents", collapse(), Idempotency_Key=name)
        outcome.hold((cut.status, cut.body["code"]) == (503, "A130"), cut.raw)
        outcome.hold(client.get("/health").status == 200, "the process itself is well")
        outcome.hold(client.get("/ready").status == 503)
        cluster.begin()
        outcome.hold(soon(lambda: client.get("/ready").status == 200, RECOVERY_S))
        kept[name] = client.post("/incidents", collapse(), Idempotency_Key=name)
        outcome.hold(kept[name].status == 201, kept[name].raw)
        outcome.rounds += 1
    for name, reply in kept.items():
        again = client.post("/incidents", collapse(), Idempotency_Key=name)
        outcome.hold(again.raw == reply.raw, name)
    outcome.hold(len(made(client.get("/incidents"))["features"]) == before + len(kept))
    outcome.hold(made(client.get("/audit/verification"))["holds"])
    return outcome


def clock_jumps(ground: Ground, rounds: int, library: str) -> Outcome:
    """The clock of the server jumps back a day and forward again: keys, writes, plans do not mind."""
    outcome, clock = Outcome("clock jumps back"), ground.scratch / "clock"
    clock.write_text("+0")
    fake = {
        "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1",
    }  # fmt: skip
    with ground.server(ground.database("sqlite"), **fake) as running:
        client = running.client()
        for number in range(rounds):
            shift = made(client.post("/keys", {"name": f"shift {number}", "role": "dispatcher"}))
            first = client.post("/incidents", collapse(), Idempotency_Key=f"k{number}")
            incident = made(first)["id"]
            made(client.delete(f"/keys/{shift['id']}"))
            clock.write_text("-1d")
            outcome.hold(client.get("/keys/me").status == 200, "keys open the door on the day before")
            refused = client.using(shift["key"]).get("/teams")
            outcome.hold(refused.status == 401, "a key that was revoked stays so")
            again = client.post("/incidents", collapse(), Idempotency_Key=f"k{number}")
            outcome.hold(again.raw == first.raw, again.raw)
            plan = made(client.post(f"/incidents/{incident}/plan"))
            committed = client.post(f"/plans/{plan['id']}/commit", {})
            outcome.hold(committed.status == 201, committed.raw)
            clock.write_text("+0")
            for order in committed.body["orders"]:
                outcome.hold(client.post(f"/orders/{order['id']}/complete", {}).status == 200, order["id"])
            closed = client.post(f"/incidents/{incident}/close", {})
            outcome.hold(closed.status == 200, closed.raw)
            outcome.hold(made(client.get("/audit/verification"))["holds"])
            outcome.rounds += 1
    return outcome


def slow_clients(ground: Ground, rounds: int) -> Outcome:
    """Sixty clients that send a byte a second, and sixty that never read: the others do not notice."""
    outcome = Outcome("slow clients")
    running, _ = ground.shared("sqlite")
    with ExitStack() as open_doors:
        client = running.client()
        head = f"Host: x\r\nAuthorization: Bearer {running.key}\r\n"
        for _ in range(rounds):
            dawdlers = [_door(running.port, open_doors) for _ in range(60)]
            deaf = [_door(running.port, open_doors) for _ in range(60)]
            for door in dawdlers:
                door.sendall(f"POST /incidents HTTP/1.1\r\n{head}Content-Length: 90\r\n\r\n{{".encode())
            for door in deaf:
                door.sendall(f"GET /region/layers/roads HTTP/1.1\r\n{head}\r\n".encode() * 3)
            slowest = 0.0
            for _ in range(40):
                begun = time.monotonic()
                outcome.hold(client.get("/teams/t0").status == 200)
                slowest = max(slowest, time.monotonic() - begun)
            outcome.hold(slowest < 5.0, f"{slowest:.1f} s for a small request")
            outcome.hold(client.post("/incidents", collapse()).status == 201)
            for door in dawdlers:
                outcome.hold(door.recv(100).startswith(b"HTTP/1.1 408"))
            outcome.rounds += 1
    return outcome


def half_bodies(ground: Ground, rounds: int) -> Outcome:
    """Clients that leave in the middle of a write: nothing was done, nobody else is held up."""
    outcome = Outcome("half-sent bodies")
    running, _ = ground.shared("sqlite")
    client = running.client()
    before = len(made(client.get("/incidents"))["features"])
    for number in range(rounds):
        with ExitStack() as open_doors:
            for cut in (0, 1, 20, 60):
                door = _door(running.port, open_doors)
                body = b'{"hazard":"collapse","level":"IV","where":{"lon":106.5,"lat":38.9}}'
                head = f"POST /incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {running.key}\r\n"
                length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                door.sendall((head + length).encode() + body[:cut])
                if number % 2:
                    door.shutdown(socket.SHUT_WR)
        outcome.hold(client.get("/health").status == 200)
        outcome.rounds += 1
    outcome.hold(len(made(client.get("/incidents"))["features"]) == before, "half a report was taken")
    outcome.hold(client.post("/incidents", collapse()).status == 201)
    return outcome


def _door(port: int, doors: ExitStack) -> socket.socket:
    return doors.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
