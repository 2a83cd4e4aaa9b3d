"""Every route by every role, and without a key: who may what stands here once more, written by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.center.client import made, within
from tests.api.center.conftest import Center

ALL = "viewer dispatcher planner approver admin"
WORK = "dispatcher approver admin"
NOT_VIEWER = "dispatcher planner approver admin"
APPROVE = "approver admin"
ADMIN = "admin"

ROUTES = {
    "GET /metrics": ALL,
    "GET /region": ALL,
    "GET /region/layers/{layer}": ALL,
    "GET /region/roads.pmtiles": ALL,
    "GET /vocabulary": ALL,
    "POST /siting/evaluation": NOT_VIEWER,
    "GET /stations": ALL,
    "GET /stations/{station_id}": ALL,
    "GET /teams": ALL,
    "GET /teams/{team_id}": ALL,
    "POST /teams/{team_id}/status": WORK,
    "POST /teams/positions": WORK,
    "GET /depots": ALL,
    "GET /depots/{depot_id}": ALL,
    "GET /depots/{depot_id}/stock": ALL,
    "GET /stock/movements": ALL,
    "POST /stock/movements": NOT_VIEWER,
    "GET /incidents": ALL,
    "POST /incidents": WORK,
    "GET /incidents/{incident_id}": ALL,
    "PUT /incidents/{incident_id}": WORK,
    "POST /incidents/{incident_id}/close": WORK,
    "POST /incidents/{incident_id}/cancel": WORK,
    "GET /incidents/{incident_id}/response": ALL,
    "POST /incidents/{incident_id}/response": WORK,
    "POST /incidents/{incident_id}/response/end": WORK,
    "POST /responses/{response_id}/confirm": APPROVE,
    "GET /approvals": ALL,
    "GET /incidents/{incident_id}/log": ALL,
    "POST /incidents/{incident_id}/log": WORK,
    "GET /incidents/{incident_id}/zones": ALL,
    "POST /incidents/{incident_id}/plan": NOT_VIEWER,
    "GET /incidents/{incident_id}/around": ALL,
    "GET /incidents/{incident_id}/reports": ALL,
    "GET /incidents/{incident_id}/reports/draft": ALL,
    "POST /incidents/{incident_id}/reports": WORK,
    "GET /reports/{report_id}": ALL,
    "GET /reports/{report_id}/docx": ALL,
    "GET /reports/{report_id}/page": ALL,
    "GET /orders/{order_id}/sheet": NOT_VIEWER,
    "GET /incidents/{incident_id}/sheets": NOT_VIEWER,
    "GET /incidents/{incident_id}/roster": NOT_VIEWER,
    "GET /incidents/{incident_id}/map": ALL,
    "POST /cap": WORK,
    "GET /alerts": ALL,
    "GET /alerts/{alert_id}": ALL,
    "GET /alerts/{alert_id}/xml": ALL,
    "GET /incidents/{incident_id}/cap": ALL,
    "POST /incidents/{incident_id}/cap": APPROVE,
    "GET /zones": ALL,
    "GET /places": ALL,
    "PUT /places/{place_id}/position": NOT_VIEWER,
    "GET /records/{layer}": ALL,
    "GET /records/{layer}/{record_id}": ALL,
    "PUT /records/{layer}/{record_id}": NOT_VIEWER,
    "DELETE /records/{layer}/{record_id}": NOT_VIEWER,
    "POST /records/{layer}/import": NOT_VIEWER,
    "GET /closures": ALL,
    "POST /closures": WORK,
    "GET /closures/{closure_id}": ALL,
    "POST /closures/{closure_id}/lift": WORK,
    "GET /plans": ALL,
    "GET /plans/{plan_id}": ALL,
    "GET /plans/{plan_id}/document": ALL,
    "GET /plans/{plan_id}/compare/{other_id}": ALL,
    "POST /incidents/{incident_id}/what-if": NOT_VIEWER,
    "POST /plans/{plan_id}/commit": WORK,
    "POST /plans/{plan_id}/confirm": APPROVE,
    "POST /plans/{plan_id}/replan": NOT_VIEWER,
    "GET /orders": ALL,
    "GET /orders/{order_id}": ALL,
    "POST /orders/{order_id}/complete": WORK,
    "POST /orders/{order_id}/release": WORK,
    "POST /orders/{order_id}/divert": WORK,
    "POST /orders/{order_id}/confirm": APPROVE,
    "GET /processes": ALL,
    "GET /processes/{process_id}": ALL,
    "POST /processes/{process_id}/execution": NOT_VIEWER,
    "GET /jobs": ALL,
    "GET /jobs/{job_id}": ALL,
    "GET /jobs/{job_id}/results": ALL,
    "GET /jobs/{job_id}/events": ALL,
    "DELETE /jobs/{job_id}": NOT_VIEWER,
    "GET /events": ALL,
    "GET /keys/me": ALL,
    "GET /keys": ADMIN,
    "POST /keys": ADMIN,
    "POST /keys/{key_id}/rotate": ADMIN,
    "DELETE /keys/{key_id}": ADMIN,
    "GET /audit": ADMIN,
    "GET /audit/verification": ADMIN,
}
WORLDS = (
    *("/incidents", "/responses", "/approvals", "/reports"),
    *("/closures", "/plans", "/orders", "/teams", "/depots", "/stock", "/zones"),
)
NOT_IN_DRILLS = ("/cap",)
ROUTES |= {
    route.replace(" /", " /drills/{drill_id}/", 1): roles
    for route, roles in ROUTES.items()
    if route.split()[1].startswith(WORLDS) and not any(one in route for one in NOT_IN_DRILLS)
} | {
    "GET /drills": ALL,
    "POST /drills": WORK,
    "GET /drills/scripts": WORK,
    "GET /drills/{drill_id}": ALL,
    "POST /drills/{drill_id}/start": WORK,
    "POST /drills/{drill_id}/pause": WORK,
    "POST /drills/{drill_id}/resume": WORK,
    "POST /drills/{drill_id}/end": WORK,
    "GET /drills/{drill_id}/events": ALL,
    "GET /drills/{drill_id}/scores": ALL,
    "GET /drills/{drill_id}/report": ALL,
    "GET /drills/{drill_id}/report/docx": ALL,
    "GET /drills/{drill_id}/report/page": ALL,
}
OPEN = {"GET /health", "GET /ready"}
ROLES = ALL.split()


def _operations(center: Center) -> dict[str, Any]:
    paths = made(center.admin.get("/openapi.json"))["paths"]
    return {
        f"{method.upper()} {path}": operation
        for path, operations in paths.items()
        for method, operation in operations.items()
    }


def test_every_route_stands_in_the_list(sqlite_center: Center) -> None:
    """A new route fails here until somebody says who may use it; the document says the same."""
    operations = _operations(sqlite_center)
    assert set(operations) == set(ROUTES) | OPEN
    for route, roles in ROUTES.items():
        assert operations[route]["x-roles"] == roles.split()
        assert operations[route]["security"] == [{"key": []}]
    assert all(operations[route]["security"] == [] for route in OPEN)


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_lets_pass_whom_it_should(sqlite_center: Center, route: str) -> None:
    """403 for exactly the roles that may not, before anything else is looked at; 401 without a key."""
    method, path = route.split()
    for name in (
        "layer",
        "station",
        "team",
        "depot",
        "incident",
        "closure",
        "plan",
        "order",
        "key",
        "response",
        "process",
        "job",
        "other",
        "place",
        "record",
        "report",
        "alert",
        "drill",
    ):
        path = path.replace(f"{{{name}_id}}", "nobody").replace(f"{{{name}}}", "nobody")
    body = None if method in ("GET", "DELETE") else {"nonsense": 1}
    for role in ROLES:
        client = sqlite_center.clients[role]
        reply = client.first_of(path) if path == "/events" else client.ask(method, path, body)
        if role in ROUTES[route].split():
            assert reply.status in (200, 404, 415, 422), (role, reply.raw)
        else:
            assert (reply.status, reply.body["code"]) == (403, "A111"), role
    for key in (
        "",
        "mk_nobody_secret",
        "nonsense",
        sqlite_center.admin.key + "x",
        sqlite_center.admin.key[:-1],
    ):
        reply = sqlite_center.admin.using(key).ask(method, path, body)
        assert (reply.status, reply.body["code"]) == (401, "A110")
        assert reply.headers["www-authenticate"].startswith("Bearer")


def test_the_open_routes_need_no_key_and_unknown_ones_do(sqlite_center: Center) -> None:
    """Nobody learns without a key which paths there are."""
    stranger = sqlite_center.admin.using("")
    assert [stranger.get(path).status for path in ("/health", "/ready", "/openapi.json")] == [200] * 3
    assert stranger.get("/nowhere").status == 401
    assert sqlite_center.admin.get("/nowhere").body["code"] == "A117"
    assert sqlite_center.admin.delete("/teams").status == 405


def test_phones_are_for_those_who_may_call(sqlite_center: Center) -> None:
    viewer, dispatcher = sqlite_center.clients["viewer"], sqlite_center.clients["dispatcher"]
    for layer in ("contacts", "rosters", "units"):
        assert viewer.get(f"/region/layers/{layer}").status == 403
        assert dispatcher.get(f"/region/layers/{layer}").status == 200
    assert made(viewer.get("/teams/t0"))["properties"]["phone"] is None
    assert made(dispatcher.get("/teams/t0"))["properties"]["phone"] is not None
    assert "phone" not in made(viewer.get("/region/layers/teams"))["features"][0]["properties"]
    assert "phone" in made(dispatcher.get("/region/layers/teams"))["features"][0]["properties"]


def test_keys_are_made_turned_over_expired_and_revoked(sqlite_center: Center) -> None:
    """A key opens the door exactly as long as it is in force, and the store never holds its secret."""
    admin = sqlite_center.admin
    one = made(admin.post("/keys", {"name": "shift 1", "role": "dispatcher"}))
    client = admin.using(one["key"])
    assert made(client.get("/keys/me"))["role"] == "dispatcher"
    two = made(admin.post(f"/keys/{one['id']}/rotate", {"overlap_s": 600}))
    assert made(client.get("/keys/me"))["key_id"] == one["id"], "the old one for ten minutes more"
    assert made(admin.using(two["key"]).get("/keys/me"))["key_id"] == two["id"]
    made(admin.delete(f"/keys/{one['id']}"))
    assert client.get("/keys/me").status == 401
    assert admin.post(f"/keys/{one['id']}/rotate").status == 404
    end = datetime.now(UTC) + timedelta(seconds=1)
    old = made(admin.post("/keys", {"name": "old", "role": "viewer", "expires_at": end.isoformat()}))
    within(5, lambda: admin.using(old["key"]).get("/keys/me").status == 401)
    shown = admin.get("/keys").raw.decode()
    assert all(secret["key"].split("_", 2)[2] not in shown for secret in (one, two, old))
    kept = sqlite_center.database
    with open(kept, "rb") as file, open(f"{kept}-wal", "rb") as wal:  # noqa: PTH123 - bytes as they lie on disk
        bytes_on_disk = file.read() + wal.read()
    assert two["key"].split("_", 2)[2].encode() not in bytes_on_disk


def test_the_last_admin_cannot_be_shut_out(sqlite_center: Center) -> None:
    admin = sqlite_center.admin
    keys = made(admin.get("/keys"))["items"]
    admins = [one["id"] for one in keys if one["role"] == "admin" and one["in_force"]]
    assert len(admins) == 2, "the first key, and the one of these tests"
    spare = made(
        admin.post("/keys", {"name": "spare", "role": "admin", "expires_at": "2090-01-01T00:00:00Z"})
    )
    me = made(admin.get("/keys/me"))["key_id"]
    first = next(one for one in admins if one != me)
    made(admin.delete(f"/keys/{first}"))
    refused = admin.delete(f"/keys/{me}")
    assert (refused.status, refused.body["code"]) == (409, "A133"), "a key that will expire does not count"
    made(admin.delete(f"/keys/{spare['id']}"))
