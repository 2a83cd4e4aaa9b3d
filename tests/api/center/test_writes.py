"""Writes asked twice are done once; positions, closures and stock say what they did; nonsense is named."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.api.center.client import made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse, leak
from tests.scenarios.straight_county import LAT, LONS


def test_a_write_asked_twice_is_done_once_and_answered_alike(center: Center) -> None:
    """The same key and body: the same answer, marked; another body under it: refused."""
    admin = center.admin
    one = admin.post("/incidents", collapse(), Idempotency_Key="k-1")
    two = admin.post("/incidents", collapse(), Idempotency_Key="k-1")
    assert (one.status, one.raw) == (two.status, two.raw)
    assert "idempotency-replayed" not in one.headers
    assert two.headers["idempotency-replayed"] == "true"
    assert two.headers["location"] == one.headers["location"]
    other = admin.post("/incidents", leak(), Idempotency_Key="k-1")
    assert (other.status, other.body["code"]) == (422, "A119")
    foreign = center.clients["dispatcher"].post("/incidents", collapse(), Idempotency_Key="k-1")
    assert foreign.body["id"] != one.body["id"], "keys of different callers do not meet"
    operation = made(admin.get("/openapi.json"))["paths"]["/incidents"]["post"]
    told = next(one["schema"] for one in operation["parameters"] if one["name"] == "idempotency-key")
    for key in ("", "x" * 201, "caf\u00e9", "k" * 200):
        assert Draft202012Validator(told).is_valid(key) == (len(key) == 200), "the document says which"
    for key in ("", "x" * 201):
        assert admin.post("/incidents", collapse(), Idempotency_Key=key).body["code"] == "A137"


def test_a_write_asked_many_times_at_once_is_done_once(center: Center) -> None:
    """Impatient clients ask again before the first answer is there; plans too, which take their time."""
    admin = center.admin
    with ThreadPoolExecutor(12) as pool:
        replies = list(
            pool.map(lambda _: admin.post("/incidents", collapse(), Idempotency_Key="many"), range(12))
        )
        assert len({reply.raw for reply in replies}) == 1
        path = f"/incidents/{replies[0].body['id']}/plan"
        plans = list(pool.map(lambda _: admin.post(path, {}, Idempotency_Key="many-plans"), range(6)))
    assert {reply.status for reply in plans} == {201}
    assert len({reply.body["id"] for reply in plans}) == 1
    commit = f"/plans/{plans[0].body['id']}/commit"
    one, two = (admin.post(commit, {}, Idempotency_Key="commit") for _ in range(2))
    assert (one.status, one.raw) == (two.status, two.raw)


def test_what_was_refused_may_be_asked_again_under_the_same_key(center: Center) -> None:
    """Nothing was done, so nothing is kept."""
    admin = center.admin
    incident = made(admin.post("/incidents", collapse()))
    plan = made(admin.post(f"/incidents/{incident['id']}/plan"))
    closure = made(admin.post("/closures", {"road_ids": ["r1"]}))
    asked = {"Idempotency_Key": f"again-{plan['id']}"}
    assert admin.post(f"/plans/{plan['id']}/commit", {}, **asked).body["code"] == "A121"
    made(admin.post(f"/closures/{closure['id']}/lift"))
    assert admin.post(f"/plans/{plan['id']}/commit", {}, **asked).status == 201


def test_a_key_is_shown_once_also_when_it_is_asked_for_twice(sqlite_center: Center) -> None:
    admin, asked = sqlite_center.admin, {"name": "wall", "role": "viewer"}
    one = made(admin.post("/keys", asked, Idempotency_Key="wall"))
    two = made(admin.post("/keys", asked, Idempotency_Key="wall"))
    assert one["key"].startswith(f"mk_{one['id']}_")
    assert two == {**one, "key": None}


def test_positions_come_in_any_order_and_only_the_newest_counts(center: Center) -> None:
    admin, now = center.admin, datetime.now(UTC)

    def seen(team: str, lon: float, ago_s: float) -> dict[str, object]:
        return {"team_id": team, "lon": lon, "lat": LAT, "at": (now - timedelta(seconds=ago_s)).isoformat()}

    batch = [seen("t0", 106.51, 30), seen("t0", 106.53, 10), seen("t0", 106.52, 20), seen("ghost", 106.5, 0),
             seen("t1", 106.5, -3600)]  # fmt: skip
    taken = made(admin.post("/teams/positions", {"positions": batch}))
    assert taken == {"taken": 1, "older": 2, "unknown": ["ghost"], "future": ["t1"]}
    late = made(admin.post("/teams/positions", {"positions": [seen("t0", 106.5, 15)]}))
    assert late["taken"] == 0
    team = made(admin.get("/teams/t0"))
    assert team["geometry"]["coordinates"] == [106.53, LAT]
    assert 10 <= team["properties"]["position_age_s"] < 70
    assert team["properties"]["seen"] is True


def test_a_plan_starts_where_a_team_was_seen(center: Center) -> None:
    """A free team counts where it was seen; one whose position is old is taken to be at home."""
    admin = center.admin
    where = {"lon": LONS[10], "lat": LAT}
    at = datetime.now(UTC)

    def arrival(age: timedelta) -> float:
        seen = {"team_id": "t3", "lon": LONS[10], "lat": LAT, "at": (at - age).isoformat()}
        made(admin.post("/teams/positions", {"positions": [seen]}))
        incident = made(admin.post("/incidents", collapse(where=where)))
        document = made(admin.post(f"/incidents/{incident['id']}/plan"))["document"]
        board = document["inputs"]["board"]["content"]["teams"]
        mine = next(team for team in board if team["id"] == "t3")
        return 0.0 if mine["position"] is None else mine["position"][0]

    assert arrival(timedelta(minutes=20)) == 0.0
    assert arrival(timedelta(minutes=5)) == LONS[10]


BOX = [[106.54, 38.89], [106.56, 38.89], [106.56, 38.91], [106.54, 38.91], [106.54, 38.89]]
BOW = [[106.54, 38.89], [106.56, 38.91], [106.56, 38.89], [106.54, 38.91], [106.54, 38.89]]


def _area(ring: object) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


WRONG: dict[str, tuple[str, object, int, str]] = {
    "an unknown hazard": ("/incidents", leak(hazard="dragon"), 422, "A116"),
    "no place": ("/incidents", leak(where={}), 422, "S201"),
    "an unknown key": ("/incidents", leak(colour="red"), 422, "A116"),
    "files of the server": ("/incidents", {**leak(), "water_file": "/etc/passwd"}, 422, "A116"),
    "an unknown hazard site": ("/incidents", leak(where={"hazard_site": "nowhere"}), 422, "A128"),
    "an unknown flood zone": (
        "/incidents", {"hazard": "river_flood", "level": "I", "where": {"flood_zones": ["z"]}}, 422, "A128",
    ),
    "control characters": ("/incidents", leak(name_en="a\u0000b"), 422, "S107"),
    "half a character": ("/incidents", b'{"hazard": "collapse", "name_zh": "\\ud800"}', 422, ""),
    "not a number": ("/incidents", b'{"hazard": "collapse", "where": {"lon": NaN}}', 422, "A116"),
    "no JSON": ("/incidents", b"{", 400, "A115"),
    "not UTF-8": ("/incidents", b'{"a": "\xff"}', 400, "A115"),
    "nested too deep": ("/incidents", b'{"water":' + b"[" * 200_000, 400, "A115"),
    "a crossing outline": ("/closures", {"polygon": _area(BOW)}, 422, "A134"),
    "an open outline": ("/closures", {"polygon": _area(BOX[:4])}, 422, "A134"),
    "degrees beyond the earth": ("/closures", {"polygon": _area([[999, 0]] * 4)}, 422, "A116"),
    "too many vertices": ("/closures", {"polygon": _area([[106, 38]] * 10_001)}, 422, "A116"),
    "no area": ("/closures", {"polygon": _area([[106, 38]] * 5)}, 422, "A134"),
    "a road nobody knows": ("/closures", {"road_ids": ["nowhere"]}, 422, "A128"),
    "a vehicle nobody knows": ("/closures", {"road_ids": ["r1"], "vehicle_classes": ["sled"]}, 422, "A128"),
    "two ways at once": ("/closures", {"road_ids": ["r1"], "polygon": _area(BOX)}, 422, "A135"),
    "no way at all": ("/closures", {}, 422, "A135"),
    "an end before the beginning": (
        "/closures",
        {"road_ids": ["r1"], "valid_from": "2026-01-02T00:00:00Z", "valid_to": "2026-01-01T00:00:00Z"},
        422, "A135",
    ),
    "a time without zone": ("/closures", {"road_ids": ["r1"], "valid_to": "2026-01-01T00:00"}, 422, "A116"),
    "a negative quantity": (
        "/stock/movements",
        {"kind": "in", "depot_id": "store", "item_id": "mat", "quantity": -1},
        422, "A116",
    ),
    "an item nobody has": (
        "/stock/movements",
        {"kind": "in", "depot_id": "store", "item_id": "gold", "quantity": 1},
        404, "A118",
    ),
    "promising by hand": (
        "/stock/movements",
        {"kind": "reserve", "depot_id": "store", "item_id": "mat", "quantity": 1},
        422, "A116",
    ),
    "a plan of nothing": ("/incidents/nobody/plan", {}, 404, "A118"),
    "a body too large": ("/incidents", b" " * 2_000_001, 413, "A113"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_nonsense_is_refused_by_name(center: Center, wrong: str) -> None:
    """A problem document with a code, and faults where there are several; never a defect, nothing kept."""
    path, body, status, code = WRONG[wrong]
    reply = center.admin.post(path, body)
    assert reply.status == status, reply.raw[:500]
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.body
    assert problem["code"].startswith(code)
    assert problem["instance"] == f"urn:muster:request:{reply.headers['x-request-id']}"
    assert problem["status"] == status
    if status == 422 and "faults" in problem:
        assert all(fault["where"] and fault["wanted"] and fault["fix"] for fault in problem["faults"])


@pytest.mark.parametrize("name", ["%00", "%ff%fe", "../../etc/passwd", "x" * 300, "%27%20OR%201=1--", "队伍"])
def test_odd_ids_are_not_found(center: Center, name: str) -> None:
    path = "/teams/" + (json.dumps(name)[1:-1] if name.isascii() else "%E9%98%9F%E4%BC%8D")
    assert center.admin.get(path).status in (404, 422)


def _released(**substance: object) -> dict[str, Any]:
    return {
        "hazard": "toxic_gas",
        "level": "III",
        "where": {"lon": LONS[5], "lat": LAT},
        "substance": substance,
    }


def test_what_is_not_known_yet_is_told_with_the_plan(center: Center) -> None:
    """A gas that nobody has named may be reported at once; the plan asks for it, the report follows."""
    admin = center.admin
    incident = made(admin.post("/incidents", _released(release_kg_s=1.0)))
    refused = admin.post(f"/incidents/{incident['id']}/plan")
    assert (refused.status, refused.body["code"]) == (422, "S211")
    made(admin.put(f"/incidents/{incident['id']}", leak()))
    assert admin.post(f"/incidents/{incident['id']}/plan").status == 201


WET = {"hazard": "river_flood", "level": "II", "water": [{"id": "w", "polygon": _area(BOX), "depth_m": 1}]}
FAR = [[lon - 60, lat] for lon, lat in BOX]
IMPOSSIBLE: dict[str, tuple[dict[str, Any], str]] = {
    "off the map": (leak(where={"lon": 10.0, "lat": 50.0}), "S212"),
    "longitude and latitude the other way round": (collapse(where={"lon": LAT, "lat": 80.0}), "S212"),
    "an unknown CAS number": (_released(cas="0000-00-0"), "H101"),
    "an unknown substance": (_released(name="kryptonite"), "H101"),
    "an unknown container": (_released(cas="7782-50-5", container="teapot"), "H110"),
    "water off the map": (WET | {"water": [{"id": "w", "polygon": _area(FAR), "depth_m": 1}]}, "S286"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_an_incident_that_no_plan_could_answer_is_refused_when_it_is_reported(
    what: str, sqlite_center: Center
) -> None:
    """With the code that planning would give, at POST, at PUT, and in the script of a drill."""
    admin = sqlite_center.admin
    report, code = IMPOSSIBLE[what]
    good = made(admin.post("/incidents", leak()))["id"]
    before = len(made(admin.get("/incidents"))["features"])
    script = [{"id": "a", "after_s": 0, "incident": report}]
    for reply in (
        admin.post("/incidents", report),
        admin.put(f"/incidents/{good}", report),
        admin.post("/drills", {"title": "x", "script": script}),
    ):
        assert (reply.status, reply.body["code"]) == (422, code), reply.raw
        assert "incidents[0]" not in reply.body["faults"][0]["where"]
    assert len(made(admin.get("/incidents"))["features"]) == before
    assert made(admin.get(f"/incidents/{good}"))["properties"]["version"] == 1


def test_answers_carry_safe_headers_and_the_id_of_their_request(sqlite_center: Center) -> None:
    reply = sqlite_center.admin.get("/teams", X_Request_ID="shift-7.call-3")
    assert reply.headers["x-request-id"] == "shift-7.call-3"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in reply.headers
    odd = sqlite_center.admin.get("/teams", X_Request_ID="a b")
    assert odd.headers["x-request-id"] != "a b"


def test_a_replan_asked_again_is_answered_alike_though_its_answer_is_in_force(sqlite_center: Center) -> None:
    """The plan that was looked at is out of force by then; what was done before is told again."""
    admin = sqlite_center.admin
    incident = made(admin.post("/incidents", collapse()))["id"]
    plan = made(admin.post(f"/incidents/{incident}/plan"))["id"]
    made(admin.post(f"/plans/{plan}/commit"))
    first = admin.post(f"/plans/{plan}/replan", Idempotency_Key=f"replan-{plan}")
    made(admin.post(f"/plans/{made(first)['id']}/commit", {"force": True}))
    again = admin.post(f"/plans/{plan}/replan", Idempotency_Key=f"replan-{plan}")
    assert (again.status, again.raw) == (201, first.raw)
    assert admin.post(f"/plans/{plan}/replan").body["code"] == "A123"


def test_every_change_stands_in_the_audit_with_who_and_which_request(sqlite_center: Center) -> None:
    dispatcher = sqlite_center.clients["dispatcher"]
    incident = made(dispatcher.post("/incidents", collapse(), X_Request_ID="call-911"))
    rows = made(sqlite_center.admin.get(f"/audit?subject={incident['id']}"))["items"]
    assert [(row["action"], row["request_id"]) for row in rows] == [("incident.reported", "call-911")]
    assert rows[0]["actor"].startswith("the dispatcher (")
    assert rows[0]["detail"]["report"]["hazard"] == "collapse"


def test_pages_of_a_list_join_without_gap(sqlite_center: Center) -> None:
    admin = sqlite_center.admin
    for _ in range(5):
        made(admin.post("/closures", {"road_ids": ["r1"]}))
    whole = [row["number"] for row in made(admin.get("/audit?limit=1000"))["items"]]
    pages: list[int] = []
    after: int | None = 0
    while after is not None:
        page = made(admin.get(f"/audit?limit=7&after={after}"))
        pages += [row["number"] for row in page["items"]]
        after = page["next"]
    assert pages[: len(whole)] == whole


def test_figures_are_counted_by_route(sqlite_center: Center) -> None:
    admin = sqlite_center.admin
    admin.get("/teams/t0")
    text = admin.get("/metrics").raw.decode()
    assert 'muster_requests_total{method="GET",route="/teams/{team_id}",status="200"}' in text
    assert "/nobody" not in text, "no path of a client makes a series"


def test_no_zone_of_one_incident_holds_up_the_plans_of_others(sqlite_center: Center) -> None:
    """A zone smaller than coordinates tell is not kept, and two zones of water do not share an id."""
    admin = sqlite_center.admin
    speck = made(admin.post("/incidents", leak(distances={"isolate_m": 1e-9, "source": "slip of the hand"})))
    made(admin.post(f"/incidents/{speck['id']}/plan"))
    assert made(admin.get(f"/incidents/{speck['id']}/zones"))["features"] == []
    other = made(admin.post("/incidents", collapse()))["id"]
    made(admin.post(f"/incidents/{other}/plan"))
    corners = [(106.5, LAT), (106.51, LAT), (106.51, LAT + 0.01), (106.5, LAT)]
    water = {"id": "w", "polygon": {"type": "Polygon", "coordinates": [corners]}, "depth_m": 1}
    flood = {"hazard": "river_flood", "level": "III", "water": [water, water]}
    twice = admin.post("/incidents", flood)
    assert (twice.status, twice.body["code"]) == (422, "A116")
    once = made(admin.post("/incidents", flood | {"water": [water, water | {"id": "w2"}]}))
    made(admin.post(f"/incidents/{once['id']}/plan"))
