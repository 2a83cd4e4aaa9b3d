"""Plans compared, and plans of what might be: told from one state, binding nobody."""

from tests.api.center.client import made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse, leak


def test_two_plans_are_compared_by_what_differs(center: Center) -> None:
    """Against itself nothing differs; against a plan without one of its teams, it and its substitute."""
    admin = center.admin
    incident = made(admin.post("/incidents", collapse()))["id"]
    one = made(admin.post(f"/incidents/{incident}/plan"))
    same = made(admin.get(f"/plans/{one['id']}/compare/{one['id']}"))
    assert same["same"] is True
    assert (same["teams"], same["shortages"]) == ([], [])
    assert same["figures"][0] == same["figures"][1]
    gone = one["document"]["decisions"]["teams"][0]["id"]
    made(admin.post(f"/teams/{gone}/status", {"status": "off_duty"}))
    other = made(admin.post(f"/incidents/{incident}/plan"))
    found = made(admin.get(f"/plans/{one['id']}/compare/{other['id']}"))
    tasks = {team["team_id"]: team["tasks"] for team in found["teams"]}
    assert tasks[gone][0]
    assert tasks[gone][1] == []
    assert found["plans"] == [one["id"], other["id"]]
    sent = [{team["id"] for team in plan["document"]["decisions"]["teams"]} for plan in (one, other)]
    assert {name for name, (was, then) in tasks.items() if was and not then} == sent[0] - sent[1]
    assert {name for name, (was, then) in tasks.items() if then and not was} == sent[1] - sent[0]
    assert found["figures"][1]["filled"] == sum(
        bool(slot["team_id"]) for slot in other["document"]["decisions"]["slots"]
    )
    assert admin.get(f"/plans/{one['id']}/compare/nobody").status == 404


def test_what_if_answers_from_one_state_and_changes_nothing(center: Center) -> None:
    """Wind, road and team; the plan as things are is the one that would be proposed, and nobody is bound."""
    admin = center.admin
    weather = {"wind_from_deg": 270, "wind_m_s": 3.0, "cloud_tenths": 5}
    incident = made(
        admin.post(
            "/incidents",
            leak(weather=weather, distances={"isolate_m": 300, "protect_m": 2000, "source": "drill"}),
        )
    )["id"]
    path = f"/incidents/{incident}/what-if"
    before = made(admin.get("/audit/verification"))["rows"]
    turned = made(admin.post(path, {"wind": {"wind_from_deg": 90}}))
    zones = [
        [zone["polygon"] for zone in turned[name]["decisions"]["incidents"][0]["zones"]]
        for name in ("now", "then")
    ]
    assert zones[0] != zones[1]
    assert turned["in_force"] is None
    assert turned["asked"] == {"wind": {"wind_from_deg": 90}}
    sent = sorted(team["id"] for team in turned["now"]["decisions"]["teams"])
    without = made(admin.post(path, {"without_teams": [sent[0]]}))
    assert sent[0] not in {team["id"] for team in without["then"]["decisions"]["teams"]}
    assert sent[0] in {team["team_id"] for team in without["comparison"]["teams"]}
    closed = made(admin.post(path, {"close_roads": ["r1"]}))["then"]
    assert closed["inputs"]["board"]["content"]["closures"][-1]["road_ids"] == ["r1"]
    assert made(admin.get("/audit/verification"))["rows"] == before, "nothing was written"
    plan = made(admin.post(f"/incidents/{incident}/plan"))
    assert plan["document"]["decisions"]["slots"] == turned["now"]["decisions"]["slots"]
    made(admin.post(f"/plans/{plan['id']}/commit"))
    going = made(admin.post(path, {"without_teams": [sent[0]]}))
    assert going["in_force"] == plan["id"]
    assert {order["order"] for order in going["now"]["orders"]} == {"hold"}


def test_nonsense_is_refused_by_name(sqlite_center: Center) -> None:
    admin = sqlite_center.admin
    incident = made(admin.post("/incidents", collapse()))["id"]
    path = f"/incidents/{incident}/what-if"
    assert admin.post(path, {}).body["code"] == "A235"
    assert admin.post(path, {"wind": {}}).body["code"] == "A235"
    unknown = admin.post(path, {"without_teams": ["ghost"], "close_roads": ["nowhere"]})
    assert [fault["code"] for fault in unknown.body["faults"]] == ["A128", "A128"]
    assert admin.post("/incidents/nobody/what-if", {"close_roads": ["r1"]}).status == 404
