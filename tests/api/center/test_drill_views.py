"""What-if, comparison, surroundings and zones of a drill: as in real life, marked, never mixed with it."""

from typing import Any

from sqlalchemy import update

from api.store.engine import Store, open_engine, store_url
from api.store.tables import RegionRow
from tests.api.center.client import Client, made, within
from tests.api.center.conftest import Center
from tests.api.center.county import collapse, leak
from tests.scenarios.straight_county import LAT, LONS

SLOW = 0.01
WEATHER = {"wind_from_deg": 270, "wind_m_s": 3.0, "cloud_tenths": 5}
CLOUD = {"weather": WEATHER, "distances": {"isolate_m": 300, "protect_m": 2000, "source": "drill"}}


def _drill(client: Client) -> str:
    """A drill that runs so slowly that nothing happens by itself, with a leak in it."""
    asked = {
        "title": "夜间演练",
        "starts_at": "2026-01-15T02:00:00+08:00",
        "speed": SLOW,
        "script": [{"id": "call", "after_s": 0, "incident": leak(**CLOUD)}],
    }
    drill = f"/drills/{made(client.post('/drills', asked))['id']}"
    made(client.post(f"{drill}/start"))
    return drill


def _incident(client: Client, drill: str) -> str:
    found: str = made(client.get(f"{drill}/incidents"))["features"][0]["id"]
    return found


def _teams(plan: Any) -> set[str]:
    return {team["id"] for team in plan["decisions"]["teams"]}


def test_what_if_in_a_drill_is_that_of_its_world(center: Center) -> None:
    """Real teams that are busy are free there; nothing is written, in the drill or in real life."""
    dispatcher, admin = center.clients["dispatcher"], center.admin
    drill = _drill(dispatcher)
    incident = _incident(dispatcher, drill)
    path = f"{drill}/incidents/{incident}/what-if"
    reply = dispatcher.post(path, {"wind": {"wind_from_deg": 90}})
    turned = made(reply)
    assert (turned["exercise"], reply.headers["x-exercise"]) == (True, "true")
    assert turned["incidents"] == [incident]
    assert turned["at"].startswith("2026-01-14T18:00:")
    assert turned["now"]["inputs"]["scenario"]["content"]["name_zh"] == "演练"
    zones = [turned[name]["decisions"]["incidents"][0]["zones"] for name in ("now", "then")]
    assert zones[0] != zones[1]
    free = _teams(turned["now"])
    team = sorted(free)[0]

    real = made(dispatcher.post("/incidents", leak(**CLOUD)))["id"]
    plan = made(dispatcher.post(f"/incidents/{real}/plan"))
    made(center.clients["approver"].post(f"/plans/{plan['id']}/commit"))
    rows = made(admin.get("/audit/verification"))["rows"]
    again = made(dispatcher.post(path, {"without_teams": [team]}))
    assert _teams(again["now"]) == free, "orders of real life hold nobody back"
    assert again["in_force"] is None
    assert team not in _teams(again["then"])
    assert made(admin.get("/audit/verification"))["rows"] == rows, "nothing was written"

    assert dispatcher.post(f"{drill}/incidents/{real}/what-if", {"without_teams": [team]}).status == 404
    assert dispatcher.post(f"/incidents/{incident}/what-if", {"without_teams": [team]}).status == 404
    assert dispatcher.post(path, {}).body["code"] == "A235"
    assert dispatcher.post(path, {"without_teams": ["ghost"]}).body["code"] == "A128"
    assert center.clients["viewer"].post(path, {"without_teams": [team]}).status == 403
    within = made(dispatcher.post(f"{drill}/incidents/{incident}/plan"))
    made(center.clients["approver"].post(f"{drill}/plans/{within['id']}/commit"))
    going = made(dispatcher.post(path, {"without_teams": [team]}))
    assert going["in_force"] == within["id"]
    made(dispatcher.post(f"{drill}/end"))
    assert made(dispatcher.post(path, {"without_teams": [team]}))["in_force"] == within["id"], "to be read"


def test_plans_of_a_drill_are_compared_with_each_other_alone(sqlite_center: Center) -> None:
    """A plan of real life is unknown in the drill, and the other way round."""
    admin = sqlite_center.admin
    drill = _drill(admin)
    incident = _incident(admin, drill)
    one = made(admin.post(f"{drill}/incidents/{incident}/plan"))
    gone = sorted(_teams(one["document"]))[0]
    made(admin.post(f"{drill}/teams/{gone}/status", {"status": "off_duty"}))
    other = made(admin.post(f"{drill}/incidents/{incident}/plan"))
    found = made(admin.get(f"{drill}/plans/{one['id']}/compare/{other['id']}"))
    assert (found["exercise"], found["plans"], found["same"]) == (True, [one["id"], other["id"]], False)
    assert gone in {team["team_id"] for team in found["teams"]}
    house = made(admin.post("/incidents", collapse()))["id"]
    real = made(admin.post(f"/incidents/{house}/plan"))["id"]
    for path in (
        f"{drill}/plans/{one['id']}/compare/{real}",
        f"/plans/{one['id']}/compare/{real}",
        f"/plans/{real}/compare/{one['id']}",
    ):
        assert admin.get(path).body["code"] == "A118", path


def test_what_is_around_is_where_the_teams_of_the_drill_are(sqlite_center: Center) -> None:
    """What a team does in the drill is shown there alone; zones are those that its plans drew."""
    dispatcher, viewer = sqlite_center.clients["dispatcher"], sqlite_center.clients["viewer"]
    drill = _drill(dispatcher)
    incident = _incident(dispatcher, drill)
    path = f"{drill}/incidents/{incident}/around"
    before = made(dispatcher.get(f"{path}?radius_m=500"))
    assert (before["exercise"], before["incident_id"]) == (True, incident)
    names = {one["id"] for one in before["vehicles"]}
    at = made(dispatcher.get("/incidents"))["features"]
    assert incident not in {one["id"] for one in at}
    status = made(dispatcher.post(f"{drill}/teams/t3/status", {"status": "off_duty"}))
    assert status["exercise"] is True
    around = {one["id"]: one for one in made(dispatcher.get(f"{path}?radius_m=200000"))["vehicles"]}
    assert around["t3"]["status"] == "off_duty"
    assert names <= set(around)
    house = made(dispatcher.post("/incidents", collapse(where={"lon": LONS[5], "lat": LAT})))["id"]
    real = made(dispatcher.get(f"/incidents/{house}/around?radius_m=200000"))
    assert "exercise" not in real
    assert next(one for one in real["vehicles"] if one["id"] == "t3")["status"] == "available"
    phones = [one["phone"] for one in made(viewer.get(f"{path}?radius_m=200000"))["vehicles"]]
    assert set(phones) == {None}

    assert made(dispatcher.get(f"{drill}/zones"))["features"] == []
    made(dispatcher.post(f"{drill}/incidents/{incident}/plan"))
    drawn = made(dispatcher.get(f"{drill}/zones"))
    assert drawn["exercise"] is True
    assert {one["properties"]["incident_id"] for one in drawn["features"]} == {incident}
    assert made(dispatcher.get("/zones"))["features"] == []
    made(dispatcher.post(f"{drill}/end"))
    assert made(dispatcher.get(path))["incident_id"] == incident, "it stays to be read"
    assert dispatcher.get(f"{drill}/incidents/{house}/around").status == 404


def test_no_what_if_on_a_region_that_the_drill_does_not_know(sqlite_center: Center) -> None:
    """Its teams and roads may be gone since."""
    admin = sqlite_center.admin
    drill = _drill(admin)
    incident = _incident(admin, drill)
    store = Store(open_engine(store_url(sqlite_center.database)))
    with store.reading() as session:
        digest = session.query(RegionRow).one().digest
    try:
        _name_digest(store, "0" * 64)
        refused = admin.post(f"{drill}/incidents/{incident}/what-if", {"close_roads": ["r9"]})
        assert (refused.status, refused.body["code"]) == (409, "A303")
    finally:
        _name_digest(store, digest)
        store.close()


def _name_digest(store: Store, digest: str) -> None:
    with store.writing() as (session, _):
        session.execute(update(RegionRow).values(digest=digest))


def test_requests_of_a_drill_are_counted_as_such(center: Center) -> None:
    """Figures of the server tell what an exercise asks from what real life asks, without a series an id."""
    dispatcher = center.clients["dispatcher"]
    drill = _drill(dispatcher)
    made(dispatcher.get(f"{drill}/incidents"))
    made(dispatcher.get(drill))
    routes = ("/drills/{drill_id}/incidents", "/drills/{drill_id}", "/drills/{drill_id}/start")

    def counted() -> bool:  # a request is counted once its answer was sent
        text = center.admin.get("/metrics").raw.decode()
        assert drill.rpartition("/")[2] not in text
        return all(f'route="{route}",status="200"' in text for route in routes)

    within(10, counted)
