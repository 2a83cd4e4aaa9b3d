"""Jobs: asked for, followed, cancelled, killed, restarted; nothing is lost and nobody sees another's."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.audit import verify
from api.job_worker import figures, relative_gap
from api.processes import PROCESSES
from api.store.engine import Store, open_engine, store_url
from tests.api.center.client import Client, Reply, made, messages, within
from tests.api.center.conftest import Center
from tests.api.center.county import collapse
from tests.api.center.running import Running, end, start
from tests.api.center.test_serve import _children

LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")


def siting(**changes: object) -> dict[str, Any]:
    """One more station on the straight road."""
    return {
        "muster": 1,
        "kind": "siting",
        "siting": {
            "question": "mclp",
            "open": 1,
            "standards": [{"force": "fire", "within_s": 300}],
            **changes,
        },
    }


def _asked(client: Client, **changes: object) -> str:
    reply = client.post("/processes/siting/execution", siting(**changes))
    assert reply.headers["location"] == f"/jobs/{made(reply)['jobID']}"
    return reply.headers["location"]


def _ended(client: Client, job: str, within_s: float = 180.0) -> dict[str, Any]:
    """How a job stands once it has ended."""
    found: dict[str, Any] = {}

    def is_so() -> bool:
        found.update(made(client.get(job)))
        return found["status"] not in ("accepted", "running")

    within(within_s, is_so)
    return found


def test_a_job_is_followed_to_its_result(center: Center) -> None:
    """201 with Location, states in order, the plan file as result; the feed tells owner and admin alone."""
    planner, admin = center.clients["planner"], center.admin
    with (
        admin.listening("/events?noun=job") as told,
        center.clients["dispatcher"].listening("/events") as other,
    ):
        hello = next(messages(told))
        assert next(messages(other)).event == "hello"
        job = _asked(planner)
        with planner.listening(f"{job}/events") as answer:
            heard = list(messages(answer))
        states = [one.data["status"] for one in heard]
        assert states == sorted(states, key=["accepted", "running", "successful"].index)
        assert (heard[-1].event, heard[-1].data) == ("end", {"status": "successful"})
        feed = messages(told)
        assert [next(feed).data["what"] for _ in range(3)] == ["asked", "started", "ended"]
        closure = made(admin.post("/closures", {"road_ids": ["r9"]}))["id"]
        assert next(messages(other)).event == "closure", "another key hears nothing of it"
        made(admin.post(f"/closures/{closure}/lift"))
    assert hello.number is not None
    shown = made(planner.get(job))
    plan = made(planner.get(f"{job}/results"))
    assert (plan["kind"], plan["status"]) == ("siting", "optimal")
    assert [site["id"] for site in plan["decisions"]["open"]]
    assert shown["value"] == plan["objective"]["value"]
    assert (shown["bound"], shown["gap"], shown["progress"]) == (plan["bound"]["value"], 0.0, 100)
    _only_its_owner(center, job)


def _only_its_owner(center: Center, job: str) -> None:
    """404 for every other key, as if there was none; an admin sees it."""
    name = job.removeprefix("/jobs/")
    for role, client in center.clients.items():
        mine = role in ("planner", "admin")
        for path in (job, f"{job}/results", f"{job}/events"):
            assert client.get(path).status == (200 if mine else 404), (role, path)
        listed = [one["jobID"] for one in made(client.get("/jobs"))["jobs"]]
        assert (name in listed) is mine
    assert center.clients["dispatcher"].delete(job).status == 404
    gone = center.clients["planner"].delete(job)
    assert (gone.status, gone.body["code"]) == (409, "A208")


def test_everything_wrong_with_a_document_is_told_at_once(sqlite_center: Center) -> None:
    planner = sqlite_center.clients["planner"]
    wrong = {**siting(open=-1, question="which"), "nonsense": 1, "region": "elsewhere"}
    refused = planner.post("/processes/siting/execution", wrong)
    assert (refused.status, refused.body["code"]) == (422, "A200")
    refused = planner.post("/processes/siting/execution", {**wrong, "region": "../county"})
    assert refused.status == 422
    assert {fault["code"] for fault in refused.body["faults"]} == {"S105", "S109", "S110"}
    assert planner.post("/processes/reserve/execution", siting()).status == 422
    assert planner.post("/processes/nothing/execution", siting()).body["code"] == "A118"
    assert planner.post("/processes/siting/execution", b"[1]").status == 422
    assert planner.post("/processes/refine/execution", {"plan": 1}).body["code"] == "A201"
    assert planner.post("/processes/refine/execution", {"plan_id": "none"}).body["code"] == "A118"
    assert made(planner.get("/jobs?status=accepted"))["jobs"] == []


def test_what_does_not_fit_the_region_fails_with_its_code(sqlite_center: Center) -> None:
    """A document may be right and yet not fit: the job fails, says what the command line would say."""
    planner = sqlite_center.clients["planner"]
    job = _asked(planner, candidates={"layer": "stations", "where": "id == 'none'"})
    shown = _ended(planner, job)
    assert shown["status"] == "failed"
    result = planner.get(f"{job}/results")
    assert (result.status, result.body["code"]) == (422, shown["problem"]["code"])
    assert result.body["code"].startswith("S")
    assert result.body["faults"][0]["fix"]


def test_a_plan_is_refined_to_a_proposal_of_its_own(sqlite_center: Center) -> None:
    """The result can be committed like any plan, and is refused like any when the ground changed."""
    admin = sqlite_center.admin
    fire = made(admin.post("/incidents", collapse()))["id"]
    plan = made(admin.post(f"/incidents/{fire}/plan"))
    job = admin.post("/processes/refine/execution", {"plan_id": plan["id"]}).headers["location"]
    shown = _ended(admin, job)
    assert shown["status"] == "successful", shown
    refined = made(admin.get(f"/plans/{shown['plan_id']}"))
    assert refined["document"] == made(admin.get(f"{job}/results"))
    assert refined["document"]["refinement"]["measure"] in ("completion", "headcount")
    made(admin.post(f"/plans/{refined['id']}/commit"))
    late = admin.post("/processes/refine/execution", {"plan_id": refined["id"]})
    assert (late.status, late.body["code"]) == (409, "A202")


def test_processes_are_listed_and_described(sqlite_center: Center) -> None:
    viewer = sqlite_center.clients["viewer"]
    listed = made(viewer.get("/processes"))["processes"]
    assert [one["id"] for one in listed] == list(PROCESSES)
    for one in listed:
        described = made(viewer.get(f"/processes/{one['id']}"))
        assert described["inputs"]["document"]["schema"]["properties"]
        assert "dismiss" in described["jobControlOptions"]


@contextmanager
def _small(
    county: Path, database: str, key: str | None = None, **environment: str
) -> Iterator[tuple[Running, Client]]:
    """A server with one process for jobs; ``key``: of the first start of its database."""
    running = start(county, database, MUSTER_WORKERS="1", MUSTER_JOB_WORKERS="1", **environment)
    try:
        yield running, running.client(key)
    finally:
        running.process.kill()
        end(running)


@LINUX
def test_cancelled_killed_and_refused(county: Path, new_database: Callable[[str], str]) -> None:
    """Cancelling ends the process within a second; one killed is tried again; twice is a coded error."""
    limits = {"MUSTER_JOBS_PER_KEY": "3", "MUSTER_JOBS_WAITING": "2"}
    with _small(county, new_database("sqlite"), **limits) as (running, client):
        running.warm()
        before = set(_children(running.process.pid))
        job = _asked(client)
        worker = _worker(running, before)
        waits = [_asked(client), _asked(client)]
        full = client.post("/processes/siting/execution", siting())
        assert (full.status, full.body["code"]) in ((429, "A203"), (429, "A204"))
        assert int(full.headers["retry-after"]) > 0
        assert client.get(f"{waits[0]}/results").body["code"] == "A205"
        assert made(client.delete(waits[1]))["status"] == "dismissed"
        begun = time.monotonic()
        assert made(client.delete(job))["status"] == "dismissed"
        within(5, lambda: not _is_alive(worker))
        assert time.monotonic() - begun < 1.0 + _slack()
        assert client.get(f"{job}/results").body["code"] == "A206"
        for _ in range(2):
            os.kill(_worker(running, before | {worker}), signal.SIGKILL)
            worker = 0
        shown = _ended(client, waits[0])
        assert (shown["status"], shown["problem"]["code"], shown["attempts"]) == ("failed", "A207", 2)
        assert "muster_job_workers_lost_total 2.0" in client.get("/metrics").raw.decode()


def _slack() -> float:
    """A machine that does other things besides may take longer to take a process off its list."""
    return max(0.0, os.getloadavg()[0] - 2) / 2


def _worker(running: Running, before: set[int]) -> int:
    """The process of the job that runs now."""
    found: list[int] = []

    def is_there() -> bool:
        found[:] = [pid for pid in set(_children(running.process.pid)) - before - _ENDED if _is_worker(pid)]
        return bool(found)

    within(30, is_there)
    _ENDED.add(found[0])
    return found[0]


_ENDED: set[int] = set()
"""Workers seen before."""


def _is_worker(pid: int) -> bool:
    try:
        return b"multiprocessing.spawn" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_no_job_is_lost_by_kill_or_shutdown(
    kind: str, county: Path, new_database: Callable[[str], str]
) -> None:
    """Killed with jobs running and waiting, then ended in order: the next server does all of them."""
    database = new_database(kind)
    with _small(county, database) as (first, client):
        key = first.key
        jobs = [_asked(client) for _ in range(2)]
        cancelled = _asked(client)
        made(client.delete(cancelled))
        within(60, lambda: made(client.get(jobs[0]))["status"] == "running")
        workers = [pid for pid in _children(first.process.pid) if _is_worker(pid)]
    within(20, lambda: not any(map(_is_alive, workers)))
    second = start(county, database, MUSTER_WORKERS="1", MUSTER_JOB_WORKERS="1")
    client = Client(second.port, key)
    assert made(client.get(jobs[0]))["handed_back"] == 1
    within(60, lambda: made(client.get(jobs[0]))["status"] == "running")
    second.process.terminate()
    assert end(second) == 0
    with _small(county, database, key) as (_, client):
        ended = [_ended(client, job) for job in jobs]
        assert [one["status"] for one in ended] == ["successful"] * 2
        assert ended[0]["handed_back"] == 2
        plans = [client.get(f"{job}/results").raw for job in jobs]
        assert plans[0] == plans[1]
        assert made(client.get(cancelled))["status"] == "dismissed"
    with _small(county, database, key) as (_, client):
        assert [client.get(f"{job}/results").raw for job in jobs] == plans, "results outlive the server"
    store = Store(open_engine(store_url(database)))
    with store.reading() as session:
        assert verify(session).faults == ()
    store.close()


def test_a_job_has_a_time(county: Path, new_database: Callable[[str], str]) -> None:
    """A process that goes on for too long is ended, whatever the search itself thinks of limits."""
    with _small(county, new_database("sqlite"), MUSTER_JOB_LIMIT_S="0.2") as (_, client):
        shown = _ended(client, _asked(client))
        assert (shown["status"], shown["problem"]["code"]) == ("failed", "A213")


def test_the_same_request_under_one_key_is_one_job(sqlite_center: Center) -> None:
    planner = sqlite_center.clients["planner"]
    asked = [
        planner.post("/processes/siting/execution", siting(), Idempotency_Key="one job") for _ in range(2)
    ]
    assert asked[0].body["jobID"] == asked[1].body["jobID"]
    assert made(planner.delete(asked[0].headers["location"]))["status"] == "dismissed"


def test_a_refinement_asked_again_is_answered_alike_though_its_plan_is_in_force(
    sqlite_center: Center,
) -> None:
    """What would be refused by now was done before, under the same key."""
    admin = sqlite_center.admin
    incident = made(admin.post("/incidents", collapse()))["id"]
    plan = made(admin.post(f"/incidents/{incident}/plan"))["id"]

    def ask() -> Reply:
        return admin.post("/processes/refine/execution", {"plan_id": plan}, Idempotency_Key=f"refine-{plan}")

    first = ask()
    made(admin.delete(first.headers["location"]))
    made(admin.post(f"/plans/{plan}/commit"))
    again = ask()
    assert (again.status, again.raw) == (201, first.raw)


def test_a_job_goes_with_a_key_that_is_turned_over(sqlite_center: Center) -> None:
    """Who turns a key over still reaches the jobs asked for with the old one."""
    admin = sqlite_center.admin
    one = made(admin.post("/keys", {"name": "night shift", "role": "planner"}))
    job = _asked(admin.using(one["key"]))
    two = made(admin.post(f"/keys/{one['id']}/rotate", {}))
    assert made(admin.using(two["key"]).delete(job))["status"] == "dismissed"


def test_a_stream_of_a_job_ends_in_order_when_its_key_is_turned_over(sqlite_center: Center) -> None:
    """Who follows with the old key is told that the job is out of reach now."""
    admin = sqlite_center.admin
    one = made(admin.post("/keys", {"name": "night shift", "role": "planner"}))
    job = _asked(admin.using(one["key"]))
    with admin.using(one["key"]).listening(f"{job}/events") as answer:
        said = messages(answer)
        assert next(said).event == "status"
        made(admin.post(f"/keys/{one['id']}/rotate", {"overlap_s": 600}))
        made(admin.delete(job))
        last = list(said)[-1]
    assert (last.event, last.data["code"]) == ("end", "A118")


@pytest.mark.parametrize(
    ("value", "bound", "gap"), [(None, 1.0, None), (2.0, None, None), (2.0, 1.0, 0.5), (0.0, 0.0, 0.0)]
)
def test_the_gap_is_relative_to_the_value(
    value: float | None, bound: float | None, gap: float | None
) -> None:
    assert relative_gap(value, bound) == gap


def test_figures_are_those_that_the_plan_states() -> None:
    plan = {"objective": {"name": "n", "unit": "u", "value": 3}, "bound": None, "gap": 0.5}
    assert figures(json.dumps(plan)) == {"value": 3.0, "bound": None, "gap": 0.5}
    assert figures(json.dumps(plan | {"bound": 6, "gap": None}))["gap"] == 1.0
    assert figures("{}") == {"value": None, "bound": None, "gap": None}
