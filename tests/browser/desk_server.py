"""Pingluo's command center on SQLite, for the desk in the browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.desk_files import desk_page
from scenarios.shipped import PINGLUO
from tests.api.center.client import Client, made
from tests.api.center.running import Running, serving
from tests.browser.conftest import missing


@dataclass(frozen=True)
class Served:
    """A server, and the client of its first admin."""

    running: Running
    admin: Client

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.running.port}"

    def key(self, role: str) -> str:
        return str(made(self.admin.post("/keys", {"name": f"the {role}", "role": role}))["key"])


@contextmanager
def served_pingluo(folder: Path) -> Iterator[Served]:
    """A server of Pingluo whose desk was built."""
    if b"dev.py web" in desk_page().content:
        missing("the desk was not built (python dev.py web)")
    with serving(Path(PINGLUO), str(folder / "desk.db"), MUSTER_WORKERS="1") as running:
        running.warm()
        yield Served(running, running.client())
