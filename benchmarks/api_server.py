"""The real server for the benchmarks of the command center, on a database of its own, and its clients."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.api_load import Done, Load
from scenarios.shipped import PINGLUO

ROOT = Path(__file__).resolve().parent.parent


@dataclass(slots=True)
class Served:
    """A server that is ready."""

    process: "subprocess.Popen[str]"
    port: int
    key: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request that must go well."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read())

    def load(self, **what: Any) -> "subprocess.Popen[str]":
        """Clients in a process of their own, at work."""
        load = Load(port=self.port, key=self.key, **what)
        clients = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.api_load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert clients.stdin is not None
        clients.stdin.write(json.dumps(asdict(load)))
        clients.stdin.close()
        return clients

    def cpu_s(self) -> float | None:
        """Processor time of the server and all its processes so far; ``None`` where /proc is missing."""
        return cpu_of_all_s(self.process.pid)

    def warm(self) -> None:
        """Wait until plans can be made."""
        while True:
            try:
                self.ask("GET", "/ready")
            except urllib.error.HTTPError as early:
                early.close()
                time.sleep(0.2)
            else:
                return


def finished(clients: "subprocess.Popen[str]") -> Done:
    """What clients found, once they have ended."""
    assert clients.stdout is not None
    with clients.stdout:
        text = clients.stdout.read()
    if clients.wait():
        raise RuntimeError("the clients of a benchmark failed")
    return Done(**json.loads(text))


@contextmanager
def serving(**environment: str) -> Iterator[Served]:
    """``muster serve`` on Pingluo with an empty SQLite file, as an operator starts it."""
    with TemporaryDirectory(prefix="muster-bench-", ignore_cleanup_errors=True) as scratch:
        words = ["serve", "--port", "0", "--region", str(PINGLUO), "--database", f"{scratch}/bench.db"]
        loud = {"MUSTER_RATE_PER_S": "100000", "MUSTER_BURST": "100000", **environment}
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1", **loud},
        )
        assert process.stdout is not None
        try:
            said = "".join(process.stdout.readline() for _ in range(3))
            key, port = re.search(r"once: (\S+)", said), re.search(r":(\d+)$", said.strip())
            if key is None or port is None:
                raise RuntimeError(f"the server did not start: {said}")
            served = Served(process, int(port[1]), key[1])
            served.warm()
            yield served
        finally:
            process.terminate()
            process.communicate(timeout=60)


def cpu_of_all_s(pid: int) -> float | None:
    """Processor time of a process and of all below it so far; ``None`` where /proc is missing."""
    try:
        return _cpu_s(pid) + sum(map(_cpu_s, _below(pid, _parents())))
    except OSError:
        return None


def _parents() -> dict[int, int]:
    """The parent of each process that runs now."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            found[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return found


def _below(pid: int, parents: Mapping[int, int]) -> list[int]:
    own = [child for child, parent in parents.items() if parent == pid]
    return [*own, *(far for child in own for far in _below(child, parents))]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
