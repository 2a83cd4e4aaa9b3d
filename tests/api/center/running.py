"""The real server as a process of its own: started, killed, asked."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.api.center.client import Client, within

KEY = re.compile(r"^admin key, shown this once: (\S+)$", re.MULTILINE)
DOOR = re.compile(r"^serving at http://[^:]+:(\d+)$", re.MULTILINE)


@dataclass(slots=True)
class Running:
    """A server that answers; ``said``: what it printed; ``key``: of its first admin, if it made one."""

    process: "subprocess.Popen[str]"
    said: str

    @property
    def port(self) -> int:
        found = DOOR.search(self.said)
        assert found, self.said
        return int(found[1])

    @property
    def key(self) -> str:
        found = KEY.search(self.said)
        assert found, self.said
        return found[1]

    def client(self, key: str | None = None) -> Client:
        return Client(self.port, self.key if key is None else key)

    def warm(self) -> None:
        within(240, lambda: Client(self.port).get("/ready").status == 200)


def start(region: Path, database: str, **environment: str) -> Running:
    """Start ``muster serve`` on a free port and wait until it says where.

    ``MUSTER_TEST_LOG`` names a file that takes what it says on stderr.
    """
    process = launch(region, database, **environment)
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if DOOR.search(line):
            break
    running = Running(process, said)
    assert DOOR.search(said), f"the server ended with {process.wait(10)}: {said}"
    return running


def launch(region: Path, database: str, **environment: str) -> "subprocess.Popen[str]":
    """The process of a server, which may not have got anywhere yet."""
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    with _log(environment.get("MUSTER_TEST_LOG")) as log:
        return subprocess.Popen(
            [*command, "--region", str(region), "--database", database],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=region.parent,
            env={**os.environ, "PYTHONUTF8": "1", **environment},
        )


@contextmanager
def _log(file: str | None) -> Iterator[IO[bytes] | int | None]:
    if file is None:
        yield None if "MUSTER_TEST_LOG" in os.environ else subprocess.DEVNULL
        return
    with Path(file).open("ab") as log:
        yield log


@contextmanager
def serving(region: Path, database: str, **environment: str) -> Iterator[Running]:
    """A server for the time of a block, ended as an operator ends it."""
    running = start(region, database, **environment)
    try:
        yield running
    finally:
        running.process.terminate()
        end(running)


def end(running: Running) -> int:
    """Wait for a server that was told to end, or killed; its exit code."""
    try:
        running.process.communicate(timeout=30)
    finally:
        running.process.kill()
        running.process.communicate()
    return running.process.returncode
