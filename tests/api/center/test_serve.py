"""``muster serve`` itself: what it refuses to start with, what it survives, how it ends."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api import planning
from api.cli import main
from api.fast_lane import FastLane
from api.limits import RateLimit
from api.metrics import Metrics
from api.problems import Problem
from api.settings import Settings, read_settings
from geo.errors import InputError
from geo.region.files import read_region
from tests.api.center.client import Client, made
from tests.api.center.running import end, start

DESK = "https://desk.example"
"""A page of another server that may call."""


def test_a_port_that_is_taken_is_told_at_once(
    county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = str(door.getsockname()[1])
        arguments = ["--region", str(county), "--database", str(tmp_path / "x.db"), "--port", port]
        assert main(["serve", *arguments]) == 2
    assert capsys.readouterr().err.startswith("A109")
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize(
    ("database", "code"),
    [
        ("mysql://here/there", "A101"),
        ("postgresql://nobody:secret-word@127.0.0.1:9/none", "A108"),
        ("/proc/nowhere/x.db", "A108" if sys.platform == "linux" else "A1"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_coded_line(
    database: str, code: str, county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--region", str(county), "--database", database, "--port", "0"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith(code)
    assert "secret-word" not in said[0]


def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the packages of the server are not installed, one line says how to get them."""
    from importlib import util

    real = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name, *of: None if name == "uvicorn" else real(name, *of))
    assert main(["serve"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("A106")
    assert "muster[server]" in said


def test_settings_come_from_options_then_environment_then_defaults(tmp_path: Path) -> None:
    found = read_settings(port=9, environment={"MUSTER_WORKERS": "5", "MUSTER_DATABASE": "d.db"})
    assert (found.port, found.workers, found.database, found.host) == (9, 5, "d.db", "127.0.0.1")
    assert read_settings(database="e.db", environment={"MUSTER_DATABASE": "d.db"}).database == "e.db"
    own = read_settings(region=tmp_path / "pingluo.gpkg", environment={})
    assert Path(own.database).name == "pingluo.db"
    for wrong in ("0", "-1", "many", "nan", "inf"):
        with pytest.raises(InputError, match="A104"):
            read_settings(environment={"MUSTER_WORKERS": wrong})


def test_the_admin_key_is_shown_at_the_first_start_only_and_a_signal_ends_in_order(
    county: Path, new_database: Callable[[str], str]
) -> None:
    """The second start on the same database says no key; SIGTERM ends with 0 and leaves no process behind."""
    database = new_database("sqlite")
    first = start(
        county, database, MUSTER_WORKERS="1", MUSTER_RATE_PER_S="1", MUSTER_BURST="3", MUSTER_BODY_S="1"
    )
    client = first.client()
    assert made(client.get("/keys/me"))["role"] == "admin"
    _slow_clients_do_not_matter(client)
    _a_key_asks_too_often(client)
    children = _children(first.process.pid)
    first.process.send_signal(signal.SIGTERM)
    assert end(first) == 0
    _gone(children)
    second = start(county, database, MUSTER_WORKERS="1", MUSTER_ORIGINS=DESK)
    assert "admin key" not in second.said
    assert made(second.client(first.key).get("/keys/me"))["name"] == "first admin"
    _only_named_pages_may_call(second.client(first.key))
    children = _children(second.process.pid)
    second.process.kill()
    end(second)
    _gone(children)


def _slow_clients_do_not_matter(client: Client) -> None:
    """Half a body holds nobody up and is told 408."""
    with socket.create_connection(("127.0.0.1", client.port), timeout=20) as half:
        head = f"POST /incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.key}\r\n"
        half.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
        assert Client(client.port).get("/health").status == 200
        answer = half.recv(4_096)
    assert answer.startswith(b"HTTP/1.1 408")


def _a_key_asks_too_often(client: Client) -> None:
    replies = [client.get("/keys/me") for _ in range(8)]
    refused = [reply for reply in replies if reply.status != 200]
    assert refused
    assert {(reply.status, reply.body["code"]) for reply in refused} == {(429, "A112")}
    assert int(refused[0].headers["retry-after"]) >= 1
    assert Client(client.port).get("/health").status == 200


def _only_named_pages_may_call(client: Client) -> None:
    """Strict by default; an origin that was named is answered, another is not."""
    asked = {"Access_Control_Request_Method": "GET"}
    good = client.ask("OPTIONS", "/teams", None, {"Origin": DESK, **asked})
    assert good.headers["access-control-allow-origin"] == DESK
    bad = client.ask("OPTIONS", "/teams", None, {"Origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in bad.headers


def _children(pid: int) -> list[int]:
    if not Path("/proc/self/stat").exists():
        return []
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def _gone(pids: list[int]) -> None:
    """A server that is ended or killed leaves no process that computes for nobody."""
    for _ in range(200):
        if not any(_alive(pid) for pid in pids):
            return
        time.sleep(0.1)
    raise AssertionError(f"still there: {[pid for pid in pids if _alive(pid)]}")


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_bucket_of_requests_fills_with_time() -> None:
    """Three at once, then one every half second; a name that was quiet is forgotten."""
    at = [0.0]
    limit = RateLimit(2.0, 3, clock=lambda: at[0])
    assert [limit.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.wait_s("b") == 0
    at[0] = 0.5
    assert [limit.wait_s("a") for _ in range(2)] == [0, 0.5]
    at[0] = 1_000.0
    for number in range(1_500):
        limit.wait_s(f"n{number}")
    assert [limit.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_planning_processes_that_die_are_replaced_and_a_full_queue_is_told(county: Path) -> None:
    """A process killed in mid-work: its question is asked again; more than may wait is refused."""
    settings = Settings(region=county, workers=1, waiting=1, plan_limit_s=120.0)
    lane = FastLane(settings, read_region(county).digest(), Metrics())

    async def story() -> None:
        first = await lane.run(os.getpid)
        killed = asyncio.create_task(lane.run(time.sleep, 2.0))
        await asyncio.sleep(0.5)
        os.kill(first, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        waiting = asyncio.create_task(lane.run(os.getpid))
        await asyncio.sleep(0.1)
        with pytest.raises(Problem) as full:
            await lane.run(os.getpid)
        assert (full.value.code, full.value.status) == ("A129", 429)
        assert full.value.retry_after_s is not None
        await killed
        assert await waiting != first

    try:
        asyncio.run(story())
    finally:
        lane.close()


def test_work_that_takes_too_long_is_ended(county: Path) -> None:
    settings = Settings(region=county, workers=1, plan_limit_s=0.5)
    lane = FastLane(settings, read_region(county).digest(), Metrics())

    async def hang() -> None:
        await lane.run(time.sleep, 30.0)

    begun = time.monotonic()
    try:
        with pytest.raises(Problem) as late:
            asyncio.run(hang())
    finally:
        lane.close()
    assert (late.value.code, late.value.status) == ("A131", 503)
    assert time.monotonic() - begun < 20


def test_region_files_that_changed_under_the_server_are_not_used(county: Path) -> None:
    """A plan never rests on other roads than those the server shows."""
    planning.begin(county, "0" * 64)
    with pytest.raises(InputError, match="A107"):
        planning.plan_text("{}", "{}", None)
