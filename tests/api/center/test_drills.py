"""Live drills on the real server: played beside real life, killed, scored, reported."""

import io
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy.orm import Session

from api.audit import verify
from api.drills.clock import elapsed_s, instant, run, stop
from api.drills.world import new_image, newest_revision, reading_world, step
from api.store.drill_tables import DrillRow, DrillWorldRow
from api.store.engine import Store, image_of, open_engine, open_image, store_url
from api.store.migrate import downgrade
from api.writing import write
from geo.region.files import read_region
from geo.region.region import Region
from tests.api.center.client import Client, made, within
from tests.api.center.conftest import Center
from tests.api.center.county import collapse, leak
from tests.api.center.running import end, start

NIGHT = "2026-01-15T02:00:00+08:00"
SLOW = 0.01
"""Exercise seconds a second while somebody decides: whatever the machine does, little time passes."""


def _drill(client: Client, script: list[dict[str, Any]], **changes: Any) -> str:
    asked = {"title": "夜间演练", "starts_at": NIGHT, "speed": SLOW, "script": script, **changes}
    reply = client.post("/drills", asked)
    assert reply.headers["location"] == f"/drills/{made(reply)['id']}"
    return reply.headers["location"]


def _story(team: str) -> list[dict[str, Any]]:
    """A leak at once; then all at a time: a bridge, the wind, a team, a word, and a second call."""
    return [
        {"id": "call", "after_s": 0, "incident": leak(name_zh="氯气泄漏")},
        {"id": "bridge", "after_s": 60, "closure": {"road_ids": ["r9"], "reason": "bridge"}},
        {"id": "wind", "after_s": 90, "wind": {"incident": "call", "weather": {"wind_from_deg": 90}}},
        {"id": "out", "after_s": 120, "team_out": team},
        {"id": "word", "after_s": 150, "message": "县长询问伤亡情况"},
        {"id": "second", "after_s": 180, "incident": collapse()},
    ]


def _sent(plan: Any) -> list[str]:
    return sorted({slot["team_id"] for slot in plan["document"]["decisions"]["slots"]} - {""})


def _real_life(client: Client) -> list[Any]:
    """Everything that a drill must not touch."""
    paths = ("/incidents", "/plans", "/orders", "/closures", "/depots/store/stock", "/stock/movements")
    teams = made(client.get("/teams"))["features"]
    known = [(one["id"], one["properties"]["status"], one["properties"]["order_id"]) for one in teams]
    return [known, *(client.get(f"{path}?limit=1000").raw for path in paths)]


def test_a_drill_is_played_beside_real_life(center: Center) -> None:
    """From the first inject to the after-action report; a real incident meanwhile gets all its teams."""
    dispatcher, approver = center.clients["dispatcher"], center.clients["approver"]
    real = made(dispatcher.post("/incidents", leak()))["id"]
    would = made(dispatcher.post(f"/incidents/{real}/plan"))
    team = _sent(would)[0]
    before = _real_life(center.admin)

    drill = _drill(dispatcher, _story(team))
    assert dispatcher.post(f"{drill}/incidents", leak()).body["code"] == "A302", "its clock stands"
    begun = made(dispatcher.post(f"{drill}/start"))
    assert (begun["status"], begun["exercise"], begun["exercise_words"]) == ("running", True, "演练 Exercise")
    incident = made(dispatcher.get(f"{drill}/incidents"))["features"][0]
    assert incident["id"] == f"{drill.removeprefix('/drills/')}-incident-000001"
    assert incident["properties"]["reported_at"] == "2026-01-14T18:00:00Z", "by the clock of the exercise"

    reply = dispatcher.post(f"{drill}/incidents/{incident['id']}/plan")
    plan = made(reply)
    assert (plan["exercise"], reply.headers["x-exercise"]) == (True, "true")
    assert reply.headers["location"] == f"{drill}/plans/{plan['id']}"
    assert _sent(plan) == _sent(would), "the same dispatch code, on a board of its own"
    assert plan["document"]["inputs"]["scenario"]["content"]["name_zh"] == "演练"
    orders = made(approver.post(f"{drill}/plans/{plan['id']}/commit"))["orders"]
    assert all(order["id"].startswith("drill-") for order in orders)
    sheet = dispatcher.get(f"{drill}/orders/{orders[0]['id']}/sheet").raw.decode()
    assert "演练 Exercise" in sheet

    made(dispatcher.post(f"{drill}/resume", {"speed": 60}))
    within(60, lambda: len(_given(dispatcher, drill)) == 6)
    made(dispatcher.post(f"{drill}/resume", {"speed": SLOW}))
    statuses = {one["id"]: one["properties"]["status"] for one in _teams(dispatcher, drill)}
    assert statuses[team] == "off_duty", "it broke down and lost its order"
    replan = made(dispatcher.post(f"{drill}/plans/{plan['id']}/replan"))
    assert team not in _sent(replan)
    issued = made(dispatcher.post(f"{drill}/incidents/{incident['id']}/reports", {"kind": "first"}))
    assert issued["content"]["title"]["zh"].startswith("【演练】")

    assert _real_life(center.admin) == before, "no real list knows of any of it"
    assert _sent(made(approver.post(f"/plans/{would['id']}/commit"))["plan"] | would) == _sent(would)
    _scored(dispatcher, drill, incident["id"], len(would["document"]["decisions"]["slots"]))
    made(dispatcher.post(f"{drill}/end"))
    assert approver.post(f"{drill}/plans/{replan['id']}/commit").body["code"] == "A302"
    assert dispatcher.post(f"{drill}/start").body["code"] == "A302"
    _reported(center.clients["viewer"], drill)
    assert made(center.admin.get("/audit/verification"))["holds"]


def _teams(client: Client, drill: str) -> Any:
    return made(client.get(f"{drill}/teams"))["features"]


def _given(client: Client, drill: str) -> list[Any]:
    events = made(client.get(f"{drill}/events"))["items"]
    return [one for one in events if one["action"] == "inject.given"]


def _scored(client: Client, drill: str, incident: str, slots: int) -> None:
    """Times from the injects, whenever they were noticed; the second call was never answered."""
    given = {one["subject"]: one for one in _given(client, drill)}
    assert {name: one["after_s"] for name, one in given.items()} == {
        "call": 0, "bridge": 60, "wind": 90, "out": 120, "word": 150, "second": 180,
    }  # fmt: skip
    assert given["word"]["text"]["zh"].endswith("：县长询问伤亡情况")
    scores = made(client.get(f"{drill}/scores"))
    first, second = scores["incidents"]
    assert (first["incident_id"], first["slots"]) == (incident, slots)
    assert 0 < first["to_plan_s"] < first["to_commit_s"] < 60
    assert 0 < first["slots_in_time"] <= slots
    assert (second["to_plan_s"], second["to_commit_s"], second["slots"]) == (None, None, 0)
    assert [(one["inject"], one["concerned"]) for one in scores["changes"]] == [
        ("bridge", True), ("wind", True), ("out", True),
    ]  # fmt: skip
    assert all(one["to_plan_s"] > 0 for one in scores["changes"]), "one plan answered all three"
    assert scores["missed"] == ["second"]
    assert {rule["key"] for rule in scores["rules"]} >= {"to_plan_s", "slots_in_time", "missed"}


def _reported(client: Client, drill: str) -> None:
    """The same content as JSON, as a file for word processors, and as a page."""
    content = made(client.get(f"{drill}/report"))
    assert [one["key"] for one in content["sections"]] == ["event", "scores", "changes", "rules", "timeline"]
    file = client.get(f"{drill}/report/docx")
    assert file.headers["x-exercise"] == "true"
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(file.raw)).paragraphs)
    assert "【演练】夜间演练评估报告" in text
    assert "未处置的注入：second" in text
    page = client.get(f"{drill}/report/page?language=en").raw.decode()
    assert "after-action report" in page
    assert "演练 Exercise" in page
    events = made(client.get(f"{drill}/events?limit=1000"))["items"]
    assert [one["number"] for one in events] == sorted(one["number"] for one in events)
    times = [one["after_s"] for one in events]
    assert times == sorted(times), "time never goes back"
    assert events[-1]["text"]["zh"] == "演练结束"
    first = made(client.get(f"{drill}/events?limit=2"))
    assert made(client.get(f"{drill}/events?after={first['next']}"))["items"][0] == events[2]


def test_a_paused_clock_stands_and_a_bad_script_is_refused(sqlite_center: Center) -> None:
    """Nothing happens while it stands; what the script cannot mean is told before it is kept."""
    client = sqlite_center.clients["dispatcher"]
    drill = _drill(client, [{"id": "later", "after_s": 0.5, "message": "x"}], speed=60)
    made(client.post(f"{drill}/start"))
    stood = made(client.post(f"{drill}/pause"))
    assert made(client.get(drill))["elapsed_s"] == stood["elapsed_s"]
    assert client.post(f"{drill}/incidents", leak()).body["code"] == "A302"
    assert client.post(f"{drill}/pause").body["code"] == "A302"
    made(client.post(f"{drill}/resume"))
    within(30, lambda: len(_given(client, drill)) == 1)
    made(client.post(f"{drill}/end"))
    known = len(made(client.get("/drills"))["items"])
    for script, code in (
        ([{"id": "a", "after_s": 1}], "A301"),
        ([{"id": "a", "after_s": 1, "message": "x", "team_out": "t0"}], "A301"),
        ([{"id": "a", "after_s": 1, "message": "x"}] * 2, "A301"),
        ([{"id": "a", "after_s": 1, "wind": {"incident": "b", "weather": {}}}], "A301"),
        ([{"id": "a", "after_s": 1, "team_out": "nobody"}], "A128"),
        ([{"id": "a", "after_s": 1, "closure": {"road_ids": ["nowhere"]}}], "A128"),
        ([{"id": "a", "after_s": 1, "incident": leak(where={"hazard_site": "nowhere"})}], "A128"),
    ):
        refused = client.post("/drills", {"title": "x", "script": script})
        assert (refused.status, refused.body["code"]) == (422, code), refused.raw
    refused = client.post("/drills", {"title": "x", "starts_at": "2100-12-31T23:59:59Z"})
    assert refused.body["code"] == "A301", "its clock would run into years that no plan is made for"
    assert len(made(client.get("/drills"))["items"]) == known
    assert client.get("/drills/drill-999999/teams").body["code"] == "A118"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_killed_server_loses_nothing_of_a_drill(
    kind: str, county: Path, new_database: Callable[[str], str]
) -> None:
    """Killed while people write: every acknowledged line is there, and the script goes on in time."""
    database = new_database(kind)
    loud = {"MUSTER_WORKERS": "1", "MUSTER_RATE_PER_S": "9000", "MUSTER_BURST": "9000"}
    running = start(county, database, **loud)
    client = running.client()
    late = {"id": "late", "after_s": 40, "message": "while nobody was there"}
    drill = _drill(client, [{"id": "call", "after_s": 0, "incident": collapse()}, late], speed=1)
    made(client.post(f"{drill}/start"))
    log = f"{drill}/incidents/{drill.removeprefix('/drills/')}-incident-000001/log"
    kept: list[str] = []
    writers = [threading.Thread(target=_write, args=(client, log, kept, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    within(60, lambda: len(kept) >= 20)
    running.process.kill()
    end(running)
    for writer in writers:
        writer.join(60)
    running = start(county, database, **loud)
    client = Client(running.port, client.key)
    told = {one["text_zh"] for one in made(client.get(log))["lines"]}
    assert told >= set(kept)
    made(client.post(f"{drill}/resume", {"speed": 60}))
    within(60, lambda: len(_given(client, drill)) == 2)
    assert [one["after_s"] for one in _given(client, drill)] == [0, 40]
    running.process.terminate()
    assert end(running) == 0
    store = Store(open_engine(store_url(database)))
    with store.reading() as session:
        assert verify(session).faults == ()
        with reading_world(session, drill.removeprefix("/drills/")) as world:
            assert verify(world).faults == (), "the world has a chain of its own"
    store.close()


def _write(client: Client, path: str, kept: list[str], name: str) -> None:
    for number in range(10_000):
        text = f"{name} {number}"
        try:
            if client.post(path, {"text": text}).status != 201:
                return
        except (OSError, HTTPException):
            return
        kept.append(text)


def test_a_clock_runs_stands_and_never_goes_back() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    drill = DrillRow(starts_at=at, elapsed_s=0.0, ran_from=None, speed=1.0)
    run(drill, at, 4.0)
    assert elapsed_s(drill, at + timedelta(seconds=10)) == 40.0
    assert elapsed_s(drill, at - timedelta(hours=1)) == 0.0
    stop(drill, at + timedelta(seconds=10))
    assert instant(drill, at + timedelta(days=1)) == at + timedelta(seconds=40)


def test_a_world_of_older_tables_is_brought_up_to_date(store: Store, county: Path) -> None:
    """A world sleeps through new versions; one that failed half-way is as it was before."""
    region, at = read_region(county), datetime(2026, 1, 1, tzinfo=UTC)
    sleeping = open_image(_unpacked(new_image(region, at)))
    downgrade(sleeping, "0003")
    with write(store, actor="a", request_id="r") as writing:
        _keep(writing.session, image_of(sleeping), at)
    with pytest.raises(RuntimeError):
        _fail(store, region)
    with write(store, actor="a", request_id="r") as writing:
        with step(writing, region, writing.session.get_one(DrillRow, "d")) as world:
            assert world.next_id("order") == "d-order-000001"
        assert writing.session.get_one(DrillWorldRow, "d").revision == newest_revision()


def _fail(store: Store, region: Region) -> None:
    with (
        write(store, actor="a", request_id="r") as writing,
        step(writing, region, writing.session.get_one(DrillRow, "d")) as world,
    ):
        assert world.next_id("order") == "d-order-000001"
        raise RuntimeError


def _unpacked(image: bytes) -> bytes:
    return zlib.decompress(image)


def _keep(session: Session, image: bytes, at: datetime) -> None:
    session.add(
        DrillRow(
            id="d", title="d", region="r", digest="", script=[], status="planned", elapsed_s=0.0, speed=1.0,
            made_at=at, made_by="a",
        )
    )  # fmt: skip
    session.flush()
    session.add(DrillWorldRow(drill_id="d", revision="0003", image=zlib.compress(image)))
