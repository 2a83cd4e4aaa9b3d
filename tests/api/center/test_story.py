"""The whole story, on both databases: reported, planned, committed, closed road, replanned, completed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from geo.region.files import read_region
from scenarios.dispatch_check import check_dispatch
from tests.api.center.client import Client, made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse, leak
from tests.scenarios.relief_county import water
from tests.scenarios.straight_county import LAT, LONS


def plan_for(client: Client, report: dict[str, Any]) -> Any:
    """A plan for a new incident."""
    incident = made(client.post("/incidents", report))
    return made(client.post(f"/incidents/{incident['id']}/plan"))


def orders_of(reply: Any) -> dict[str, Any]:
    return {order["team_id"]: order for order in reply["orders"]}


def test_from_the_report_to_the_last_order(center: Center, tmp_path: Any, county: Any) -> None:
    """What a night shift does, step by step; every answer fits the one before."""
    dispatcher, approver = center.clients["dispatcher"], center.clients["approver"]
    reply = dispatcher.post("/incidents", leak(name_en="Leak at v5"))
    incident = made(reply)
    assert reply.headers["location"] == f"/incidents/{incident['id']}"
    assert incident["geometry"]["coordinates"] == [LONS[5], LAT]

    plan = made(dispatcher.post(f"/incidents/{incident['id']}/plan"))
    assert plan["status"] == "proposed"
    sent = {slot["team_id"] for slot in plan["document"]["decisions"]["slots"]}
    assert sent, "somebody comes"
    zones = made(dispatcher.get(f"/incidents/{incident['id']}/zones"))["features"]
    assert [zone["properties"]["plan_id"] for zone in zones] == [plan["id"]]

    file = tmp_path / "plan.json"
    file.write_bytes(dispatcher.get(f"/plans/{plan['id']}/document").raw)
    assert check_dispatch(file, read_region(county)).faults == (), "the plan file holds by itself"

    done = made(approver.post(f"/plans/{plan['id']}/commit"))
    assert set(orders_of(done)) == sent
    assert done["plan"]["approved_by"].startswith("the approver")
    teams = {one["id"]: one["properties"] for one in made(dispatcher.get("/teams"))["features"]}
    assert {name for name, team in teams.items() if team["status"] == "committed"} == sent
    assert {teams[name]["incident_id"] for name in sent} == {incident["id"]}

    first = sorted(sent)[0]
    for status in ("en_route", "on_scene"):
        made(dispatcher.post(f"/teams/{first}/status", {"status": status}))
    replan = made(dispatcher.post(f"/plans/{plan['id']}/replan"))
    held = {order["team_id"] for order in replan["document"]["orders"] if order["order"] == "hold"}
    assert first in held, "a team on the scene stays"
    again = made(approver.post(f"/plans/{replan['id']}/commit"))
    assert orders_of(again)[first]["id"] == orders_of(done)[first]["id"], "its order goes on"
    assert made(dispatcher.get(f"/plans/{plan['id']}"))["status"] == "superseded"

    refused = dispatcher.post(f"/incidents/{incident['id']}/close")
    assert (refused.status, refused.body["code"]) == (409, "A127")
    for order in again["orders"]:
        made(dispatcher.post(f"/orders/{order['id']}/complete", {"why": "done"}))
    assert made(dispatcher.get(f"/plans/{replan['id']}"))["status"] == "ended"
    assert made(dispatcher.get(f"/teams/{first}"))["properties"]["status"] == "returning"
    closed = made(dispatcher.post(f"/incidents/{incident['id']}/close"))
    assert closed["properties"]["status"] == "closed"
    assert made(dispatcher.get(f"/incidents/{incident['id']}/zones"))["features"] == []
    assert made(center.admin.get("/audit/verification"))["holds"]


def test_a_held_team_is_named_with_its_holder(center: Center) -> None:
    """409 says which team, for what, since when and by whom; nothing of the refused plan remains."""
    admin = center.admin
    one, two = plan_for(admin, collapse()), plan_for(admin, collapse())
    won = orders_of(made(admin.post(f"/plans/{one['id']}/commit")))
    refused = admin.post(f"/plans/{two['id']}/commit", {"force": True})
    assert (refused.status, refused.body["code"]) == (409, "A120")
    for holder in refused.body["holders"]:
        assert holder["order_id"] == won[holder["team_id"]]["id"]
        assert holder["incident_id"] == one["incidents"][0]
        assert holder["by"].startswith("the admin")
    assert made(admin.get(f"/orders?incident_id={two['incidents'][0]}"))["items"] == []
    assert made(admin.get(f"/plans/{two['id']}"))["status"] == "proposed"
    fresh = made(admin.post(f"/incidents/{two['incidents'][0]}/plan"))
    other = orders_of(made(admin.post(f"/plans/{fresh['id']}/commit")))
    assert other
    assert set(other).isdisjoint(won), "a plan made now leaves bound teams alone"


def test_a_stale_plan_is_refused_and_says_what_changed(center: Center) -> None:
    """A closed road, a corrected incident, a team off duty: all named; force overrides all but the last."""
    admin = center.admin
    plan = plan_for(admin, collapse())
    sent = sorted({slot["team_id"] for slot in plan["document"]["decisions"]["slots"]} - {""})
    closure = made(admin.post("/closures", {"road_ids": ["r1"], "reason": "bridge"}))
    report = collapse(name_en="Worse than said")
    made(admin.put(f"/incidents/{plan['incidents'][0]}", report))
    made(admin.post(f"/teams/{sent[0]}/status", {"status": "off_duty"}))
    refused = admin.post(f"/plans/{plan['id']}/commit")
    assert (refused.status, refused.body["code"]) == (409, "A121")
    assert {(one["kind"], one["id"]) for one in refused.body["changes"]} == {
        ("closure", closure["id"]),
        ("incident", plan["incidents"][0]),
        ("team", sent[0]),
    }
    forced = admin.post(f"/plans/{plan['id']}/commit", {"force": True})
    assert (forced.status, forced.body["code"]) == (409, "A125"), "nobody forces a team that is off duty"
    made(admin.post(f"/teams/{sent[0]}/status", {"status": "available"}))
    done = made(admin.post(f"/plans/{plan['id']}/commit", {"force": True}))
    assert done["plan"]["forced"] is True


def test_a_team_that_has_become_free_makes_a_plan_stale_and_one_gone_elsewhere_does_not(
    center: Center,
) -> None:
    """The plan might use the first; the second takes nothing from it."""
    admin = center.admin
    made(admin.post("/teams/engine-11/status", {"status": "off_duty"}))
    plan = plan_for(admin, collapse())
    idle = {one["id"] for one in made(admin.get("/teams?status=available"))["features"]}
    idle -= {slot["team_id"] for slot in plan["document"]["decisions"]["slots"]}
    made(admin.post(f"/teams/{min(idle)}/status", {"status": "off_duty"}))
    made(admin.post("/teams/engine-11/status", {"status": "available"}))
    refused = admin.post(f"/plans/{plan['id']}/commit")
    assert [(one["id"], one["what"]) for one in refused.body["changes"]] == [("engine-11", "free now")]


def test_zones_of_one_incident_close_roads_to_the_plans_of_another(center: Center) -> None:
    """The only road leads through v5: while gas is there, nobody from the west is sent to the east."""
    admin = center.admin
    free = plan_for(admin, collapse(where={"lon": LONS[10], "lat": LAT}))
    plan_for(admin, leak(level="IV", distances={"isolate_m": 300, "source": "drill"}))
    shut = made(admin.post(f"/incidents/{free['incidents'][0]}/plan"))
    lons = {
        team["id"]: team["geometry"]["coordinates"][0]
        for team in made(admin.get("/teams"))["features"]
        if team["geometry"] is not None
    }
    for slot in shut["document"]["decisions"]["slots"]:
        assert slot["team_id"] == "" or lons[slot["team_id"]] > LONS[5]
    stale = admin.post(f"/plans/{free['id']}/commit")
    assert [one["kind"] for one in stale.body["changes"]] == ["zones"]


def test_a_team_is_diverted_by_hand(center: Center) -> None:
    """One order ends, another begins, the team is never without and never with two."""
    admin = center.admin
    plan = plan_for(admin, collapse())
    other = made(admin.post("/incidents", collapse()))
    order = made(admin.post(f"/plans/{plan['id']}/commit"))["orders"][0]
    team = order["team_id"]
    made(admin.post(f"/teams/{team}/status", {"status": "en_route"}))
    asked = {"incident_id": other["id"], "capability": "fire", "why": "worse there"}
    new = made(admin.post(f"/orders/{order['id']}/divert", asked))
    assert (new["team_id"], new["incident_id"], new["plan_id"]) == (team, other["id"], None)
    assert made(admin.get(f"/orders/{order['id']}"))["status"] == "diverted"
    assert made(admin.get(f"/teams/{team}"))["properties"]["order_id"] == new["id"]
    assert admin.post(f"/orders/{order['id']}/release").body["code"] == "A126"
    unrelated = plan_for(admin, collapse())
    made(admin.post(f"/plans/{unrelated['id']}/commit"))
    held = made(admin.get(f"/orders?held=true&team_id={team}"))["items"]
    assert [one["id"] for one in held] == [new["id"]], "no other plan takes it away"


def test_an_event_of_the_future_is_refused_and_one_of_this_moment_is_not(center: Center) -> None:
    """Clocks differ by seconds; nobody reports tomorrow's leak."""
    admin, now = center.admin, datetime.now(UTC)
    soon, later = ((now + timedelta(seconds=ahead)).isoformat() for ahead in (60, 600))
    refused = admin.post("/incidents", collapse(event_at=later))
    assert (refused.status, refused.body["code"]) == (422, "A141")
    incident = made(admin.post("/incidents", collapse(event_at=soon, relocate=5)))
    assert made(admin.post(f"/incidents/{incident['id']}/plan"))["status"] == "proposed"


def test_what_a_team_says_it_does_fits_its_order(center: Center) -> None:
    """A team that holds an order cannot call itself free; one without cannot be on a scene."""
    admin = center.admin
    plan = plan_for(admin, collapse())
    order = made(admin.post(f"/plans/{plan['id']}/commit"))["orders"][0]
    for status in ("available", "returning", "off_duty"):
        refused = admin.post(f"/teams/{order['team_id']}/status", {"status": status})
        assert (refused.status, refused.body["code"]) == (409, "A125")
    made(admin.post(f"/orders/{order['id']}/release"))
    assert made(admin.get(f"/teams/{order['team_id']}"))["properties"]["status"] == "available"
    for status in ("committed", "en_route", "on_scene"):
        assert admin.post(f"/teams/{order['team_id']}/status", {"status": status}).status == 409


def test_an_approval_by_word_stays_on_a_list_until_it_is_confirmed(center: Center) -> None:
    dispatcher, approver = center.clients["dispatcher"], center.clients["approver"]
    plan = plan_for(dispatcher, collapse())
    refused = dispatcher.post(f"/plans/{plan['id']}/commit")
    assert (refused.status, refused.body["code"]) == (403, "A124")
    made(dispatcher.post(f"/plans/{plan['id']}/commit", {"approved_verbally_by": "Director Wang"}))
    listed = [one["id"] for one in made(approver.get("/plans?to_confirm=true"))["items"]]
    assert plan["id"] in listed
    confirmed = made(approver.post(f"/plans/{plan['id']}/confirm"))
    assert confirmed["approved_verbally_by"] == "Director Wang"
    assert confirmed["confirmed_by"].startswith("the approver")
    assert plan["id"] not in [one["id"] for one in made(approver.get("/plans?to_confirm=true"))["items"]]
    assert approver.post(f"/plans/{plan['id']}/confirm").body["code"] == "A136"


def flood(**changes: Any) -> dict[str, Any]:
    """Two metres of water around v5 always; the people of v5 are relocated."""
    return {
        "hazard": "river_flood",
        "level": "IV",
        "water": [water(None)],
        "relocate": "all",
        "weather": {"temperature_c": 20},
        **changes,
    }


def stock_of(client: Client) -> dict[str, Any]:
    return {row["item_id"]: row for row in made(client.get("/depots/store/stock"))["items"]}


def test_stock_is_promised_with_the_orders_and_used_or_given_back(center: Center) -> None:
    """Reserve, give back, reserve again, use: every piece can be traced, the sums are the ledger's."""
    admin = center.admin
    before = stock_of(admin)
    plan = plan_for(admin, flood())
    trips = [
        trip for stage in plan["document"]["relief"]["materials"]["deliveries"] for trip in stage["trips"]
    ]
    mats = sum(one["pieces"] for trip in trips for one in trip["load"] if one["item_id"] == "mat")
    assert mats > 0
    orders = orders_of(made(admin.post(f"/plans/{plan['id']}/commit")))
    truck = orders["truck-team"]
    promised = stock_of(admin)
    assert promised["mat"]["reserved"] == before["mat"]["reserved"] + mats
    assert promised["mat"]["on_hand"] == before["mat"]["on_hand"]
    over = {"kind": "out", "depot_id": "store", "item_id": "mat", "quantity": promised["mat"]["free"] + 1}
    refused = admin.post("/stock/movements", over)
    assert (refused.status, refused.body["code"]) == (409, "A122")
    made(admin.post(f"/orders/{truck['id']}/release"))
    assert stock_of(admin)["mat"] == before["mat"]
    kinds = [row["kind"] for row in made(admin.get(f"/stock/movements?order_id={truck['id']}"))["items"]]
    assert set(kinds) == {"reserve", "unreserve"}

    for order in orders.values():
        if order["id"] != truck["id"]:
            made(admin.post(f"/orders/{order['id']}/release"))
    fresh = made(admin.post(f"/incidents/{plan['incidents'][0]}/plan"))
    truck = orders_of(made(admin.post(f"/plans/{fresh['id']}/commit")))["truck-team"]
    made(admin.post(f"/orders/{truck['id']}/complete"))
    after = stock_of(admin)
    assert after["mat"]["on_hand"] == before["mat"]["on_hand"] - mats
    assert after["mat"]["reserved"] == before["mat"]["reserved"]
    made(admin.post("/stock/movements", {**over, "kind": "in", "quantity": mats}))
    assert_ledger_adds_up(admin)


def test_two_plans_never_promise_the_same_stock(center: Center) -> None:
    """The second plan was made before the first was committed: it is told what is short."""
    admin = center.admin
    free = stock_of(admin)["mat"]["free"]
    out = {"kind": "out", "depot_id": "store", "item_id": "mat", "quantity": free - 100}
    made(admin.post("/stock/movements", out))
    one = plan_for(admin, flood())
    made(admin.post("/stock/movements", {**out, "quantity": 60}))
    refused = admin.post(f"/plans/{one['id']}/commit")
    assert (refused.status, refused.body["code"]) == (409, "A122")
    assert refused.body["stock"][0] | {"wanted": 0} == {
        "depot_id": "store", "item_id": "mat", "mode": "physical", "unit": "张 | mat", "wanted": 0,
        "free": 40.0, "reserved": 0.0,
    }  # fmt: skip
    assert made(admin.get("/orders?held=true"))["items"] == [], "no order without its stock"
    fresh = made(admin.post(f"/incidents/{one['incidents'][0]}/plan"))
    made(admin.post(f"/plans/{fresh['id']}/commit"))
    assert stock_of(admin)["mat"]["reserved"] == 40.0, "a plan made now takes what there is"
    for order in made(admin.get("/orders?held=true"))["items"]:
        made(admin.post(f"/orders/{order['id']}/release"))
    made(admin.post("/stock/movements", {**out, "kind": "in", "quantity": free - 40}))
    assert_ledger_adds_up(admin)


def assert_ledger_adds_up(client: Client) -> None:
    """What a depot holds is the sum of its movements."""
    shelf: dict[str, float] = {}
    promised: dict[str, float] = {}
    rows: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = made(client.get(f"/stock/movements?depot_id=store&after={after}&limit=1000"))
        rows, after = rows + page["items"], page["next"]
    signs = {"in": (1, 0), "requisition": (1, 0), "out": (-1, 0), "expire": (-1, 0), "reserve": (0, 1)}
    for row in rows:
        on_shelf, held = signs.get(row["kind"], (0, -1))
        shelf[row["item_id"]] = shelf.get(row["item_id"], 0.0) + on_shelf * row["quantity"]
        promised[row["item_id"]] = promised.get(row["item_id"], 0.0) + held * row["quantity"]
    for item, row in stock_of(client).items():
        assert (shelf[item], promised[item]) == (row["on_hand"], row["reserved"])
