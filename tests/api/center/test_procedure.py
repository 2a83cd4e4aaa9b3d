"""Response levels, approval by word, cancelling and the log, as a shift meets them."""

from datetime import UTC, datetime
from typing import Any

from api.feed_events import event_of
from tests.api.center.client import Client, made
from tests.api.center.conftest import Center
from tests.api.center.county import collapse, leak


def _texts(client: Client, incident_id: str, language: str = "en") -> list[str]:
    lines = made(client.get(f"/incidents/{incident_id}/log"))["lines"]
    return [line[f"text_{language}"] for line in lines]


def test_a_response_is_started_raised_lowered_and_ended(center: Center) -> None:
    """Each step is kept with who approved it; the incident shows the level in force."""
    approver = center.clients["approver"]
    incident = made(approver.post("/incidents", leak(name_zh="氯气泄漏", name_en="Leak")))
    path = f"/incidents/{incident['id']}/response"
    assert approver.post(f"{path}/end").body["code"] == "A231"
    for level, step in (("III", "start"), ("I", "raise"), ("II", "lower")):
        shown = made(approver.post(path, {"level": level, "why": "drill"}))
        assert (shown["level"], shown["steps"][-1]["step"]) == (level, step)
        assert shown["steps"][-1]["approved_by"].startswith("the approver")
    again = approver.post(path, {"level": "II"})
    assert (again.status, again.body["code"]) == (409, "A230")
    listed = made(approver.get("/incidents?status=open"))["features"]
    assert listed[0]["properties"]["response_level"] == "II"
    refused = approver.post(f"/incidents/{incident['id']}/close")
    assert (refused.status, refused.body["code"], refused.body["level"]) == (409, "A232", "II")
    assert made(approver.post(f"{path}/end", {"why": "all out"}))["level"] is None
    closed = made(approver.post(f"/incidents/{incident['id']}/close"))
    assert (closed["properties"]["ended_as"], closed["properties"]["response_level"]) == ("closed", None)
    assert _texts(approver, incident["id"], "zh")[0] == "接报“氯气泄漏”：有毒气体泄漏，IV 级"
    assert "Response raised to level I, approved by the approver" in _texts(approver, incident["id"])[2]


def test_what_was_approved_by_word_stays_on_one_list_until_confirmed(center: Center) -> None:
    """Plans, orders by hand and response levels of a dispatcher all wait there; an approver confirms them."""
    dispatcher, approver = center.clients["dispatcher"], center.clients["approver"]
    one, other = (made(dispatcher.post("/incidents", collapse()))["id"] for _ in range(2))
    bare = dispatcher.post(f"/incidents/{one}/response", {"level": "III"})
    assert (bare.status, bare.body["code"]) == (403, "A124")
    blank = dispatcher.post(f"/incidents/{one}/response", {"level": "III", "approved_verbally_by": " "})
    assert (blank.status, blank.body["code"]) == (422, "A116"), "nobody approved"
    word = {"approved_verbally_by": "Director Ma"}
    made(dispatcher.post(f"/incidents/{one}/response", {"level": "III", **word}))
    plan = made(dispatcher.post(f"/incidents/{one}/plan"))
    orders = made(dispatcher.post(f"/plans/{plan['id']}/commit", word))["orders"]
    divert = {"incident_id": other, "capability": "fire"}
    assert dispatcher.post(f"/orders/{orders[0]['id']}/divert", divert).body["code"] == "A124"
    new = made(dispatcher.post(f"/orders/{orders[0]['id']}/divert", divert | word))
    assert new["approved_verbally_by"] == "Director Ma"

    def mine() -> list[Any]:
        items = made(dispatcher.get("/approvals"))["items"]
        return [item for item in items if {one, other} & set(item["incidents"])]

    assert {item["kind"] for item in mine()} == {"plan", "order", "response"}
    for item in mine():
        assert dispatcher.post(item["confirm"]).status == 403
        assert made(approver.post(item["confirm"]))["confirmed_by"].startswith("the approver")
        assert approver.post(item["confirm"]).body["code"] == "A136"
    assert mine() == []
    assert any("confirmed" in text for text in _texts(dispatcher, one))


def test_a_false_alarm_is_cancelled_as_a_whole(center: Center) -> None:
    """Orders are released, stock is free again, the response ends, zones are gone; all or nothing."""
    dispatcher, approver = center.clients["dispatcher"], center.clients["approver"]
    incident = made(dispatcher.post("/incidents", leak()))["id"]
    made(approver.post(f"/incidents/{incident}/response", {"level": "IV"}))
    plan = made(dispatcher.post(f"/incidents/{incident}/plan"))
    made(approver.post(f"/plans/{plan['id']}/commit"))
    refused = dispatcher.post(f"/incidents/{incident}/cancel", {"why": "a drill of the plant"})
    assert refused.body["code"] == "A124", "ending a response needs an approval"
    assert len(made(dispatcher.get(f"/orders?held=true&incident_id={incident}"))["items"]) > 0, "nothing done"
    asked = {"why": "a drill of the plant", "approved_verbally_by": "Director Ma"}
    gone = made(dispatcher.post(f"/incidents/{incident}/cancel", asked))["properties"]
    assert (gone["status"], gone["ended_as"], gone["response_level"]) == ("closed", "cancelled", None)
    assert made(dispatcher.get(f"/orders?held=true&incident_id={incident}"))["items"] == []
    assert made(dispatcher.get(f"/incidents/{incident}/zones"))["features"] == []
    assert made(dispatcher.get(f"/plans/{plan['id']}"))["status"] == "ended"
    assert dispatcher.post(f"/incidents/{incident}/cancel", asked).body["code"] == "A127"
    assert _texts(dispatcher, incident)[-1] == "Incident cancelled: a drill of the plant"


def test_the_log_tells_the_night_in_order(center: Center) -> None:
    """Records and entries by hand stand where they happened; nothing of another incident is in it."""
    dispatcher, approver = center.clients["dispatcher"], center.clients["approver"]
    incident = made(dispatcher.post("/incidents", leak(name_en="Leak at v5")))["id"]
    foreign = made(dispatcher.post("/incidents", collapse(name_en="Elsewhere")))["id"]
    made(dispatcher.post(f"/incidents/{foreign}/log", {"text": "not ours"}))
    early = made(dispatcher.post("/incidents", collapse()))["properties"]["reported_at"]
    made(
        dispatcher.post(
            f"/incidents/{incident}/log", {"text": "caller: white smoke", "at": "2026-01-01T00:00:00Z"}
        )
    )
    plan = made(dispatcher.post(f"/incidents/{incident}/plan"))
    orders = made(approver.post(f"/plans/{plan['id']}/commit"))["orders"]
    team = orders[0]["team_id"]
    made(dispatcher.post(f"/teams/{team}/status", {"status": "en_route"}))
    made(dispatcher.post("/closures", {"road_ids": ["r1"], "reason": "Bridge closed"}))
    entry = dispatcher.post(f"/incidents/{incident}/log", {"text": "阀门已关闭"}, Idempotency_Key="valve")
    assert (
        entry.raw
        == dispatcher.post(f"/incidents/{incident}/log", {"text": "阀门已关闭"}, Idempotency_Key="valve").raw
    )
    made(dispatcher.post(f"/orders/{orders[0]['id']}/complete", {"why": "done"}))
    made(dispatcher.post(f"/teams/{team}/status", {"status": "available"}))
    texts = _texts(dispatcher, incident)
    wanted = [
        "caller: white smoke",
        'Reported "Leak at v5"',
        f"Plan {plan['id']} proposed",
        f"Plan {plan['id']} committed",
        "en route",
        "Roads closed",
        "阀门已关闭",
        "completed its task: done",
    ]
    places = [next(i for i, text in enumerate(texts) if one in text) for one in wanted]
    assert places == sorted(places)
    assert texts.count("阀门已关闭") == 1
    assert not any("not ours" in text or "available" in text for text in texts)
    lines = made(dispatcher.get(f"/incidents/{incident}/log"))["lines"]
    assert lines[0]["by_hand"]
    assert lines[0]["at"] < early < lines[0]["written_at"]
    late = dispatcher.post(f"/incidents/{incident}/log", {"text": "x", "at": "2150-01-01T00:00:00Z"})
    assert (late.status, late.body["code"]) == (422, "A233")
    for year in ("0001", "9999"):
        odd = {"text": "x", "at": f"{year}-01-01T00:00:00+14:00"}
        assert dispatcher.post(f"/incidents/{incident}/log", odd).body["code"] == "A116"


def test_the_feed_tells_steps_of_the_procedure_but_nothing_of_contacts() -> None:
    """Whoever listens knows what to ask for again; who may be called is not told."""
    at = datetime(2026, 1, 15, tzinfo=UTC)
    raised = event_of(1, at, "response.raise", "response-1", {"incident_id": "i", "level": "II", "why": "x"})
    assert raised is not None
    assert '"facts":{"incident_id":"i","level":"II"}' in raised.data
    for action in ("log.entry", "report.issued", "alert.taken", "alert.given", "place.placed"):
        assert event_of(1, at, action, "s", {}) is not None
    assert event_of(1, at, "record.written", "water", {"content": {"duty_phone": "1"}}) is None
