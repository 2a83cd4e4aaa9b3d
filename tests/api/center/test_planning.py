"""Plans asked for again: whatever has changed since is in the next one, and nothing else is otherwise."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.api.center.client import made
from tests.api.center.conftest import Center
from tests.api.center.county import leak
from tests.scenarios.straight_county import LAT, LONS


def _plan(center: Center, incident: str) -> str:
    """What a plan says, but for the instant it was asked at."""
    plan: dict[str, Any] = made(center.admin.post(f"/incidents/{incident}/plan"))["document"]
    said = {name: plan[name] for name in ("measures", "shortages", "cover", "warnings")}
    teams = [{**team, "route": team["route"]["length_m"]} for team in plan["decisions"]["teams"]]
    return json.dumps([said, teams, plan["decisions"]["slots"], plan["reasons"]], sort_keys=True)


def test_every_change_is_in_the_next_plan(center: Center) -> None:
    """Roads closed, a team moved or off duty, an incident reported anew; undone, the plan is as before."""
    admin = center.admin
    incident = made(admin.post("/incidents", leak()))["id"]
    first = _plan(center, incident)
    assert _plan(center, incident) == first
    sent = json.loads(first)[1][0]["id"]
    closure = made(admin.post("/closures", {"road_ids": [f"r{at}" for at in range(10)]}))["id"]
    closed = _plan(center, incident)
    made(admin.post(f"/closures/{closure}/lift"))
    made(admin.post(f"/teams/{sent}/status", {"status": "off_duty"}))
    away = _plan(center, incident)
    made(admin.post(f"/teams/{sent}/status", {"status": "available"}))
    assert _plan(center, incident) == first
    seen = {"team_id": sent, "lon": LONS[0], "lat": LAT, "at": datetime.now(UTC).isoformat()}
    made(admin.post("/teams/positions", {"positions": [seen]}))
    moved = _plan(center, incident)
    made(admin.put(f"/incidents/{incident}", leak(level="II")))
    graver = _plan(center, incident)
    assert first not in (closed, away, moved)
    assert graver not in (first, moved)
