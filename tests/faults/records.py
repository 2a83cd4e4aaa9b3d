"""Records of every kind on a server, made through its own API: what generated requests ask about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.api.center.client import Client, made
from tests.api.center.county import collapse, leak
from tests.api.center.test_alerts import message, send
from tests.faults.load import SITING
from tests.scenarios.straight_county import LAT, LONS

SPARE = 8
"""Records of a kind that requests may end, while the others live on."""
LEDGERS: Mapping[str, dict[str, Any]] = {
    "contacts": {"unit": "Water office", "duty_phone": "0952-0000000"},
    "rosters": {"team_id": "t0", "from": "08:00", "to": "20:00"},
    "units": {"unit": "Water office", "hazard": "collapse"},
    "plans": {"document": "flood.pdf", "hazard": "collapse"},
}
VERBALLY = {"approved_verbally_by": "Director Ma"}


@dataclass(slots=True)
class World:
    """Ids by the name of the path parameter they stand for; ``ending``: those that requests may end."""

    known: dict[str, list[str]] = field(default_factory=dict)
    ending: dict[str, list[str]] = field(default_factory=dict)


def real_world(client: Client) -> World:
    """Everything the center keeps: places, an alert, jobs, and what a response makes."""
    world = World()
    jobs = [_job(client) for _ in range(2 + SPARE)]
    alert = made(send(client, message("faults-1")))
    _respond(client, "", world)
    first = world.known["incident_id"][0]
    made(client.post(f"/incidents/{first}/cap"))
    for layer, record in LEDGERS.items():
        made(client.put(f"/records/{layer}/desk-1", {"layer": layer, **record}))
    world.known |= {
        "job_id": jobs[:2],
        "alert_id": [alert["id"]],
        "station_id": _features(client, "/stations"),
        "place_id": _features(client, "/places"),
        "record_id": ["desk-1"],
        "process_id": [process["id"] for process in made(client.get("/processes"))["processes"]],
    }
    world.ending["job_id"] = jobs[2:]
    return world


def exercise_world(client: Client) -> World:
    """A drill that runs, with what a response makes in it, and others that may be started and ended."""
    world, drills = World(), [_drill(client, number) for number in range(1 + SPARE)]
    for drill in drills[: 1 + SPARE // 2]:
        made(client.post(f"/drills/{drill}/start"))
    _respond(client, f"/drills/{drills[0]}", world)
    world.known["drill_id"], world.ending["drill_id"] = drills[:1], drills[1:]
    return world


def _respond(client: Client, under: str, world: World) -> None:
    """Incidents with plans in force and proposed, orders, a response, a report, closures, stock moved."""
    live = [made(client.post(f"{under}/incidents", leak()))["id"]]
    live += [_incident(client, under, place) for place in (0, 10)]
    plans = [made(client.post(f"{under}/incidents/{name}/plan")) for name in live]
    orders = []
    for plan in plans[:2]:
        orders += made(client.post(f"{under}/plans/{plan['id']}/commit", {"force": True, **VERBALLY}))[
            "orders"
        ]
    proposed = [made(client.post(f"{under}/incidents/{live[2]}/plan")) for _ in range(3)]
    steps = made(client.post(f"{under}/incidents/{live[0]}/response", {"level": "III", **VERBALLY}))["steps"]
    report = made(client.post(f"{under}/incidents/{live[0]}/reports", {"kind": "first"}))
    made(client.post(f"{under}/incidents/{live[0]}/log", {"text": "Valve closed"}))
    moved = {"kind": "in", "depot_id": "far", "item_id": "mat", "quantity": 40}
    made(client.post(f"{under}/stock/movements", moved))
    world.known |= {
        "incident_id": live,
        "plan_id": [plan["id"] for plan in (*plans, *proposed)],
        "order_id": [order["id"] for order in orders],
        "response_id": [step["id"] for step in steps],
        "report_id": [report["id"]],
        "closure_id": [_closure(client, under, number) for number in range(SPARE)],
        "team_id": _features(client, f"{under}/teams"),
        "depot_id": _features(client, f"{under}/depots"),
    }
    world.ending["incident_id"] = [_incident(client, under, number) for number in range(SPARE)]


def _incident(client: Client, under: str, place: int) -> str:
    where = {"lon": LONS[place], "lat": LAT}
    return str(made(client.post(f"{under}/incidents", collapse(where=where)))["id"])


def _closure(client: Client, under: str, number: int) -> str:
    slowed = {"road_ids": ["r9"], "speed_factor": 0.9, "reason": f"works {number}"}
    return str(made(client.post(f"{under}/closures", slowed))["id"])


def _job(client: Client) -> str:
    return str(made(client.post("/processes/siting/execution", SITING))["jobID"])


def _drill(client: Client, number: int) -> str:
    script = [
        {"id": "call", "after_s": 0, "incident": collapse()},
        {"id": "wind", "after_s": 30, "wind": {"incident": "call", "weather": {"wind_from_deg": 90}}},
        {"id": "word", "after_s": 60, "message": "县长询问伤亡情况"},
    ]
    asked = {"title": f"夜间演练 {number}", "starts_at": "2026-01-15T02:00:00+08:00", "script": script}
    return str(made(client.post("/drills", asked))["id"])


def _features(client: Client, path: str) -> list[str]:
    return [str(one["id"]) for one in made(client.get(path))["features"]]
