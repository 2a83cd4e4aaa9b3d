"""``muster serve``: the command center of one county."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.terminal import say

if TYPE_CHECKING:
    import socket
    from types import FrameType

    import uvicorn

    from api.settings import Settings

BACKLOG = 512
"""Connections that may wait while the server is busy or starts."""


def serve(
    region: Annotated[Path | None, typer.Option(help="Region to serve; the shipped one by default.")] = None,
    database: Annotated[
        str | None, typer.Option(help="SQLite file, or postgresql://...; one file a region by default.")
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen at; this machine only by default.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="8000; 0 takes any free one.")] = None,
) -> int:
    """Serve incidents, plans and orders over HTTP. 指挥中心服务."""
    need_server()
    import uvicorn

    from api.app import create_app
    from api.log_lines import log_to_stderr
    from api.service import open_service
    from api.settings import read_settings

    settings = read_settings(region=region, database=database, host=host, port=port)
    with _listen(settings) as door:
        service = open_service(settings)
        log_to_stderr()
        if service.first is not None:
            say(f"admin key, shown this once: {service.first.text}")
        address, number = door.getsockname()[:2]
        say(f"region {service.region.name}, database {service.store.engine.url.render_as_string()}")
        say(f"serving at http://{f'[{address}]' if ':' in address else address}:{number}")
        app = create_app(service)
        gc.collect()
        gc.freeze()  # what a server keeps for good is not looked through again while somebody waits
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=20,
            h11_max_incomplete_event_size=65_536,
            backlog=BACKLOG,
        )
        server = uvicorn.Server(config)
        server.capture_signals = lambda: _ended_in_order(server, service.feed.end)  # type: ignore[method-assign]  # see there
        server.run(sockets=[door])
    return 0


@contextmanager
def _ended_in_order(server: "uvicorn.Server", ending: Callable[[], None]) -> Iterator[None]:
    """A signal ends the server and then the program, with exit code 0; ``ending`` ends what streams.

    Uvicorn's own way raises the signal once more at the end, and what should run at exit would not.
    """
    import signal

    def end(number: int, frame: "FrameType | None") -> None:
        ending()
        server.handle_exit(number, frame)

    before = {one: signal.signal(one, end) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def need_server() -> None:
    """Say what to install where the extra ``server`` is missing; raises ``InputError`` A106."""
    from importlib.util import find_spec

    from geo.errors import refuse

    missing = [
        name
        for name in ("alembic", "fastapi", "prometheus_client", "sqlalchemy", "uvicorn")
        if find_spec(name) is None
    ]
    if missing:
        raise refuse(
            "A106",
            where="muster serve",
            found=f"no {', '.join(missing)}",
            wanted="the extra 'server'",
            fix="Install it: pip install 'muster[server]'; python dev.py installs it by itself.",
        )


def _listen(settings: "Settings") -> "socket.socket":
    """The door, open before anything else: a port that is taken is told at once."""
    import socket

    from geo.errors import refuse

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            door.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((settings.host, settings.port))
        door.listen(BACKLOG)
    except OSError as taken:
        door.close()
        raise refuse(
            "A109",
            where=f"{settings.host}:{settings.port}",
            found=taken.strerror or str(taken),
            wanted="an address and a port where this machine may listen",
            fix="Choose another with --port, or end the program that holds it.",
        ) from taken
    return door
