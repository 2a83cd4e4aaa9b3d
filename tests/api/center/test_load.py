"""The clients that the benchmarks use: they hear every answer, and say when one is not what it should be."""

import asyncio

from benchmarks.api_load import Load, run
from tests.api.center.client import made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse


def _load(center: Center, **what: object) -> Load:
    return Load(**{"port": center.admin.port, "key": center.admin.key, "connections": 2, **what})  # type: ignore[arg-type]  # by name


def test_open_and_closed_loops_check_every_answer(sqlite_center: Center) -> None:
    """As many latencies as requests; a wrong answer is told; a closed loop ends when its time is over."""
    health = [("GET", "/health", None)]
    done = asyncio.run(run(_load(sqlite_center, requests=health, check="health", rate_per_s=200.0, count=10)))
    assert (len(done.latency_s), done.wrong) == (10, [])
    assert all(seconds > 0 for seconds in done.latency_s)
    seen = [("POST", "/teams/positions", {"positions": [_seen("t0"), _seen("nobody")]})]
    done = asyncio.run(run(_load(sqlite_center, requests=seen, check="positions", rate_per_s=50.0, count=2)))
    assert len(done.wrong) == 2
    done = asyncio.run(run(_load(sqlite_center, requests=health, check="health", seconds=0.3)))
    assert 0.3 <= done.seconds < 30
    assert len(done.latency_s) >= 2


def _seen(team: str) -> dict[str, object]:
    return {"team_id": team, "lon": 106.5, "lat": 38.9, "at": "2026-01-01T00:00:00Z"}


def test_a_plan_is_checked_and_an_event_waits_for_the_last_listener(sqlite_center: Center) -> None:
    fire = made(sqlite_center.admin.post("/incidents", collapse()))["id"]
    plan: list[object] = [("POST", f"/incidents/{fire}/plan", {})]
    done = asyncio.run(run(_load(sqlite_center, requests=plan, check="plan", rate_per_s=5.0, count=2)))
    assert done.wrong == []
    closure = [("POST", "/closures", {"road_ids": ["r9"]})]
    done = asyncio.run(run(_load(sqlite_center, requests=closure, check="made", count=3, listeners=5)))
    assert (len(done.latency_s), done.wrong) == (3, [])
