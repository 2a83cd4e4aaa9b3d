"""The command center: the real server on loopback, clients in processes of their own, answers checked."""

import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
import yaml

from benchmarks import api_page as api_page  # its case belongs to this suite
from benchmarks.api_load import Done
from benchmarks.api_server import Served, finished, serving
from benchmarks.registry import Options, Row, case
from geo.region.files import read_region
from scenarios.dispatch_check import check_dispatch
from scenarios.shipped import DATA, PINGLUO

SAMPLES = 1_000
"""Requests that a 99th percentile needs at least."""
TEAMS, INCIDENTS = 50, 5
MOVES = 6_000
"""More than there are plans in 30 s: a position that is not newer would change nothing."""


def _row(name: str, metric: str, done: Done, **more: Any) -> Row:
    """A row of latencies' 99th percentile, or of what ``more`` says instead."""
    p99_ms = float(np.percentile(done.latency_s, 99)) * 1e3
    note = f"median {median(done.latency_s) * 1e3:.1f} ms, worst {max(done.latency_s) * 1e3:.1f} ms"
    facts: dict[str, Any] = {
        "unit": "ms",
        "ours": p99_ms,
        "verified": not done.wrong,
        "runs": len(done.latency_s),
        **more,
    }
    said = "; ".join(part for part in (note, more.get("note", ""), *done.wrong[:1]) if part)
    return Row(suite="api", case=name, metric=metric, **{**facts, "note": said})


def _calibrated(served: Served, name: str, options: Options) -> Row:
    """What the machine and the clients cost: an endpoint that does nothing, in the same run."""
    done = finished(
        served.load(
            requests=[("GET", "/health", None)],
            check="health",
            rate_per_s=100.0,
            count=200 if options.quick else SAMPLES,
        )
    )
    return _row(name, "calibration: GET /health alone, p99", done, quick=True)


def _situation(served: Served, incidents: int) -> list[str]:
    """50 teams free, the others off duty; incidents at random places where people live."""
    teams = sorted(team["id"] for team in served.ask("GET", "/teams")["features"])
    for name in teams[TEAMS:]:
        served.ask("POST", f"/teams/{name}/status", {"status": "off_duty"})
    places = shapely.get_coordinates(read_region(PINGLUO).placed("demand").geometry.to_numpy())
    chance = random.Random(0)
    names = []
    for number in range(incidents):
        lon, lat = places[chance.randrange(len(places))].tolist()
        leak = {"distances": {"isolate_m": 200, "protect_m": 800, "source": "assumed"}} if number % 2 else {}
        report = {
            "hazard": "toxic_gas" if number % 2 else "collapse",
            "level": "IV" if number % 2 else "III",
            "where": {"lon": lon, "lat": lat},
            "weather": {"wind_from_deg": 315, "wind_m_s": 2.0, "cloud_tenths": 2},
            **leak,
        }
        names.append(served.ask("POST", "/incidents", report)["id"])
    return names


def _plan_requests(names: list[str]) -> list[tuple[str, str, Any]]:
    """One plan for all incidents, asked for from each of them in turn."""
    return [
        ("POST", f"/incidents/{name}/plan", {"also": [other for other in names if other != name]})
        for name in names
    ]


def _plans_hold(done: Done) -> bool:
    """Whether plans that came back stand the check of plan files, which solves nothing."""
    region = read_region(PINGLUO)
    plans = [body["document"] for body in done.kept.values()]
    return bool(plans) and all(_holds(region, plan) for plan in plans)


def _holds(region: Any, plan: Any) -> bool:
    with TemporaryDirectory() as scratch:
        file = Path(scratch, "plan.json")
        file.write_text(json.dumps(plan), encoding="utf-8")
        return not check_dispatch(file, region).faults


@case("api", "plan-open", quick=True)
def plan_open(options: Options) -> Iterator[Row]:
    """Plans of 50 teams for 5 incidents, 10 requests a second whatever the answers do."""
    with serving(MUSTER_WORKERS="2") as served:
        yield _calibrated(served, "plan-open", options)
        requests = _plan_requests(_situation(served, INCIDENTS))
        count = 100 if options.quick else SAMPLES
        finished(served.load(requests=requests, check="plan", rate_per_s=5.0, count=20))
        before = served.cpu_s()
        done = finished(served.load(requests=requests, check="plan", rate_per_s=10.0, count=count))
        cost = _cost(served, before, count)
        good = not done.wrong and _plans_hold(done)
        asked = 200.0 if count >= SAMPLES else None
        yield _row(
            "plan-open",
            "plan 50x5 on Pingluo at 10/s, p99",
            done,
            asked=asked,
            verified=good,
            quick=True,
            note=cost,
        )


def _cost(served: Served, before: float | None, requests: int) -> str:
    now = served.cpu_s()
    if before is None or now is None:
        return ""
    return f"{(now - before) / max(1, requests) * 1e3:.1f} ms CPU a request, server and processes"


@case("api", "plan-sustained")
def plan_sustained(_options: Options) -> Iterator[Row]:
    """As many plans of 50 teams for 5 incidents as two planning processes give."""
    with serving(MUSTER_WORKERS="2") as served:
        requests = _plan_requests(_situation(served, INCIDENTS))
        finished(served.load(requests=requests, check="plan", rate_per_s=5.0, count=20))
        before = served.cpu_s()
        done = finished(served.load(requests=requests, check="plan", connections=4, seconds=30.0))
        yield _row(
            "plan-sustained",
            "plans 50x5 on Pingluo",
            done,
            unit="1/s",
            better="higher",
            ours=len(done.latency_s) / done.seconds,
            asked=30.0,
            verified=not done.wrong and _plans_hold(done),
            note=_cost(served, before, len(done.latency_s)),
        )


@case("api", "plan-changing")
def plan_changing(_options: Options) -> Iterator[Row]:
    """Plans while teams move: each is asked from another situation than the one before."""
    with serving(MUSTER_WORKERS="2") as served:
        requests = _plan_requests(_situation(served, INCIDENTS))
        finished(served.load(requests=requests, check="plan", rate_per_s=5.0, count=20))
        teams, count = sorted(team["id"] for team in served.ask("GET", "/teams")["features"])[:TEAMS], 300
        places = shapely.get_coordinates(read_region(PINGLUO).placed("demand").geometry.to_numpy())
        moves = [("POST", "/teams/positions", {"positions": rows}) for rows in _moves(teams, places, count)]
        before = served.cpu_s()
        moving = served.load(requests=moves, check="positions", rate_per_s=5.0, count=count)
        done = finished(served.load(requests=requests, check="plan", rate_per_s=5.0, count=count))
        moved = finished(moving)
        yield _row(
            "plan-changing",
            "plan 50x5 on Pingluo at 5/s while a team moves before each, p99",
            done,
            verified=not done.wrong and not moved.wrong and _plans_hold(done),
            note=_cost(served, before, count),
        )


@case("api", "plan-sustained-changing")
def plan_sustained_changing(_options: Options) -> Iterator[Row]:
    """As many plans as two planning processes give when a team has moved before each: none is asked again."""
    with serving(MUSTER_WORKERS="2") as served:
        requests = _plan_requests(_situation(served, INCIDENTS))
        finished(served.load(requests=requests, check="plan", rate_per_s=5.0, count=20))
        teams = sorted(team["id"] for team in served.ask("GET", "/teams")["features"])[:TEAMS]
        places = shapely.get_coordinates(read_region(PINGLUO).placed("demand").geometry.to_numpy())
        moves = [("POST", "/teams/positions", {"positions": rows}) for rows in _moves(teams, places, MOVES)]
        before = served.cpu_s()
        clients = served.load(
            requests=requests,
            check="plan",
            connections=4,
            seconds=30.0,
            before=moves,
            before_check="moved",
        )
        done = finished(clients)
        good = not done.wrong and _plans_hold(done)
        what = "50x5 on Pingluo, a team moved before each"
        yield _row(
            "plan-sustained-changing",
            f"plans {what}",
            done,
            unit="1/s",
            better="higher",
            ours=len(done.latency_s) / done.seconds,
            asked=30.0,
            verified=good,
            note=f"{_cost(served, before, len(done.latency_s))}, moves included",
        )
        yield _row(
            "plan-sustained-changing",
            f"plan {what}, p99",
            done,
            asked=1e3,
            verified=good,
        )


def _moves(teams: list[str], places: Any, count: int) -> Iterator[list[dict[str, Any]]]:
    """One team after the other at places where people live, so lately that a plan counts with it."""
    begun, chance = datetime.now(UTC) - timedelta(minutes=2), random.Random(1)
    for number in range(count):
        lon, lat = places[chance.randrange(len(places))].tolist()
        at = begun + timedelta(milliseconds=number)
        yield [{"team_id": teams[number % len(teams)], "lon": lon, "lat": lat, "at": at.isoformat()}]


@case("api", "health-under-jobs", quick=True)
def health_under_jobs(options: Options) -> Iterator[Row]:
    """Health while 8 reserve plans are computed; then all are cancelled."""
    with serving(MUSTER_WORKERS="1", MUSTER_JOB_WORKERS="8") as served:
        yield _calibrated(served, "health-under-jobs", options)
        names = [served.ask("POST", "/processes/reserve/execution", _reserve())["jobID"] for _ in range(8)]
        while not all(served.ask("GET", f"/jobs/{name}")["message"] for name in names):
            time.sleep(0.5)
        count = 200 if options.quick else SAMPLES
        load = served.load(requests=[("GET", "/health", None)], check="health", rate_per_s=50.0, count=count)
        done = finished(load)
        running = [served.ask("GET", f"/jobs/{name}")["status"] == "running" for name in names]
        asked = 100.0 if count >= SAMPLES else None
        yield _row(
            "health-under-jobs",
            "GET /health during 8 slow jobs, p99",
            done,
            asked=asked,
            verified=not done.wrong and all(running),
            quick=True,
            note=f"{sum(running)} jobs still running at the end",
        )
        yield _cancelled(served, names)


def _reserve() -> Any:
    """A reserve question that takes minutes; dates as text, as JSON has them."""
    asked = yaml.safe_load((DATA / "reserve-1200.yaml").read_text(encoding="utf-8"))
    asked["reserve"]["time_limit"] = "30 min"
    return json.loads(json.dumps(asked, default=str))


def _cancelled(served: Served, names: list[str]) -> Row:
    """How long until a job is cancelled and its process is gone."""
    took = []
    for name in names:
        begun = time.perf_counter()
        served.ask("DELETE", f"/jobs/{name}")
        took.append(time.perf_counter() - begun)
    good = all(served.ask("GET", f"/jobs/{name}")["status"] == "dismissed" for name in names)
    done = Done(latency_s=took, wrong=[] if good else ["a job that was cancelled goes on"])
    return _row(
        "health-under-jobs",
        "DELETE of a running job, worst",
        done,
        ours=max(took) * 1e3,
        asked=1e3,
        quick=True,
    )


@case("api", "avl-2000")
def avl(_options: Options) -> Iterator[Row]:
    """2,000 positions a second in batches of 100, while plans are asked for twice a second."""
    yield from _avl("avl-2000", batch=100, count=SAMPLES, asked_ms=250.0)


@case("api", "avl-10000")
def avl_aim(_options: Options) -> Iterator[Row]:
    """10,000 positions a second in batches of 500, while plans are asked for twice a second."""
    yield from _avl("avl-10000", batch=500, count=300, asked_ms=None)


def _avl(name: str, *, batch: int, count: int, asked_ms: float | None) -> Iterator[Row]:
    rate = 20.0
    with serving(MUSTER_WORKERS="1") as served:
        plans = _plan_requests(_situation(served, 1))
        teams = sorted(team["id"] for team in served.ask("GET", "/teams")["features"])
        batches = _batches(teams, count, batch)
        requests = [("POST", "/teams/positions", {"positions": rows}) for rows in batches]
        planning = served.load(requests=plans, check="plan", rate_per_s=2.0, count=int(2 * count / rate))
        before = served.cpu_s()
        done = finished(served.load(requests=requests, check="positions", rate_per_s=rate, count=count))
        cost = _cost(served, before, count)
        planned = finished(planning)
        lost = _lost(served, batches)
        yield _row(
            name,
            f"{batch * rate:,.0f} positions/s in batches while planning, p99",
            done,
            asked=asked_ms,
            verified=not done.wrong and not planned.wrong and not lost,
            note=f"{lost} teams not at their newest position; plans p99"
            f" {np.percentile(planned.latency_s, 99) * 1e3:.0f} ms; {cost}",
        )


def _batches(teams: list[str], count: int, size: int) -> list[list[dict[str, Any]]]:
    """Positions of all teams in turn, each a little later and farther; the newest of a team is its last."""
    begun, number, batches = datetime.now(UTC) - timedelta(hours=12), 0, []
    for _ in range(count):
        rows = []
        for _ in range(size):
            at = begun + timedelta(milliseconds=number)
            team = teams[number % len(teams)]
            lon = round(106.3 + (number % 9973) * 1e-5, 7)
            rows.append({"team_id": team, "lon": lon, "lat": 38.9, "at": at.isoformat()})
            number += 1
        batches.append(rows)
    return batches


def _lost(served: Served, batches: list[list[dict[str, Any]]]) -> int:
    """Teams whose newest position is not the one that is shown."""
    newest = {row["team_id"]: row for rows in batches for row in rows}
    shown = {team["id"]: team for team in served.ask("GET", "/teams")["features"]}
    return sum(
        shown[name]["geometry"]["coordinates"][0] != row["lon"]
        or datetime.fromisoformat(shown[name]["properties"]["position_at"])
        != datetime.fromisoformat(row["at"])
        for name, row in newest.items()
    )


@case("api", "events-200", quick=True)
def events_to_all(options: Options) -> Iterator[Row]:
    """A closure reported, until the last of 200 listeners has heard of it."""
    with serving(MUSTER_WORKERS="1") as served:
        requests = [("POST", "/closures", {"polygon": _field(number)}) for number in range(20)]
        done = finished(
            served.load(requests=requests, check="made", listeners=200, count=20 if options.quick else 100)
        )
        worst_ms = max(done.latency_s) * 1e3
        yield _row(
            "events-200",
            "from the request to the last of 200 listeners, worst event",
            done,
            ours=worst_ms,
            asked=500.0,
            quick=True,
        )


def _field(number: int) -> Any:
    west = round(106.50 + 0.001 * number, 4)
    ring = [[west, 38.95], [west + 0.001, 38.95], [west + 0.001, 38.951], [west, 38.951], [west, 38.95]]
    return {"type": "Polygon", "coordinates": [ring]}
