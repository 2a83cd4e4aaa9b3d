"""A whole exercise at the desk, marked as one all along, with real life beside it untouched."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Browser

from tests.api.center.client import made
from tests.browser.conftest import missing
from tests.browser.desk import AXE, LAPTOP, WALL, DeskVisit, desk_visit
from tests.browser.desk_server import Served, served_pingluo

pytestmark = pytest.mark.browser
LEAK: dict[str, Any] = {
    "name_zh": "液氯槽车泄漏",
    "name_en": "Chlorine leak",
    "hazard": "toxic_gas",
    "level": "II",
    "where": {"hazard_site": "fine-chemical-park-tank-3"},
    "substance": {"cas": "7782-50-5", "container": "rail_car"},
    "weather": {"wind_from_deg": 315, "wind_m_s": 2.0, "cloud_tenths": 2},
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of Pingluo on SQLite."""
    with served_pingluo(tmp_path_factory.mktemp("drill")) as running:
        yield running


def real_life(served: Served) -> list[Any]:
    """Everything that an exercise must not touch."""
    paths = ("/incidents", "/plans", "/orders", "/closures")
    return [made(served.admin.get(path)) for path in paths] + [
        [team["properties"]["status"] for team in made(served.admin.get("/teams"))["features"]]
    ]


def settle(desk: DeskVisit) -> None:
    """Until the map has drawn what it was given."""
    desk.page.evaluate("new Promise(done => { map.once('idle', done); map.triggerRepaint(); })")


def clock_is(desk: DeskVisit, status: str) -> None:
    desk.page.wait_for_selector(f"#drill-status[data-status={status}]")


def prepare(desk: DeskVisit, script: Path) -> None:
    """Real life's page of exercises: a script from a file, then into the exercise."""
    desk.press("e")
    desk.at("#drill-script").select_option("file")
    desk.at("#drill-file").set_input_files(script)
    desk.at("#drill-prepare").click()
    desk.page.wait_for_url("**/?drill=drill-*")
    clock_is(desk, "planned")
    desk.page.wait_for_selector("html[data-ready]")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A leak at once, wind and a word in the sixth minute."""
    steps = [
        {"id": "leak", "after_s": 0, "incident": LEAK},
        {"id": "wind", "after_s": 360, "wind": {"incident": "leak", "weather": {"wind_from_deg": 225}}},
        {"id": "mayor", "after_s": 400, "message": "需疏散多少人？ / How many are to leave?"},
    ]
    asked = {"title": "夜间演练", "starts_at": "2026-01-15T02:10:00+08:00", "speed": 1, "script": steps}
    file = tmp_path / "script.json"
    file.write_text(json.dumps(asked), encoding="utf-8")
    return file


def test_an_exercise_from_script_to_replay(served: Served, chromium: Browser, script: Path) -> None:
    before, language = real_life(served), "zh"
    with desk_visit(chromium, served.address) as desk:
        desk.sign_in(served.running.key)
        assert desk.at("#exercise-banner").count() == 0
        prepare(desk, script)
        assert "演练 EXERCISE" in desk.page.title()
        assert "演练 EXERCISE" in desk.at("#exercise-banner").inner_text()
        assert desk.at("#report").count() == 0, "nothing can be done before the clock runs"
        desk.press("s")
        desk.wait_incident()
        desk.screenshot(f"drill-{language}-1-inject")
        desk.press("p")
        desk.wait_plan("proposed")
        settle(desk)
        desk.screenshot(f"drill-{language}-2-plan")
        desk.press("c")
        assert "演练 EXERCISE" in desk.at("dialog h2").inner_text()
        desk.screenshot(f"drill-{language}-3-commit")
        desk.at("#commit-send").click()
        desk.wait_plan("committed")
        desk.at("#drill-speed").select_option("60")
        desk.page.wait_for_selector("[data-inject=mayor]")
        assert "How many" in desk.at(".inject-news").inner_text()
        desk.press("s")
        clock_is(desk, "paused")
        stood = desk.at("#exercise-clock").inner_text()
        assert desk.at("#complete-all, #plan, #close-road").count() == 0
        desk.screenshot(f"drill-{language}-4-paused")
        desk.press("i")
        assert desk.at(".inject-news").is_hidden()
        assert desk.at("#exercise-clock").inner_text() == stood
        desk.press("o")
        assert desk.at(".sheet-mark").count() == desk.at(".sheet").count() > 5
        desk.screenshot(f"drill-{language}-5-orders")
        desk.press("Escape", "s")
        clock_is(desk, "running")
        desk.at("#complete-all").click()
        desk.at("#end-incident").click()
        desk.page.wait_for_selector("#end-incident", state="detached")
        desk.at("#drill-end").click()
        desk.at("#drill-end-send").click()
        desk.page.wait_for_selector("#scores")
        look_back(desk, language)
        assert desk.complaints == []
        assert desk.abroad == []
    assert real_life(served) == before


def look_back(desk: DeskVisit, language: str) -> None:
    """After-action report as sheet, file and page; then the replay on the map."""
    desk.screenshot(f"drill-{language}-6-review")
    with desk.page.expect_download() as taken:
        desk.at("#after-action-docx").click()
    file = docx.Document(str(taken.value.path()))
    assert any("演练" in one.text or "Exercise" in one.text for one in file.paragraphs)
    desk.at("#after-action").click()
    desk.page.wait_for_selector("#report-sheet")
    assert "演练 EXERCISE" in desk.at(".sheet-mark").inner_text()
    desk.screenshot(f"drill-{language}-7-after-action")
    desk.press("Escape")
    with desk.page.expect_download() as saved:
        desk.at("#after-action-page").click()
    assert "演练 Exercise" in Path(saved.value.path()).read_text(encoding="utf-8")
    desk.page.wait_for_selector("#replay[data-ready]")
    slide(desk, 0)
    assert desk.drawn("routes") == 0
    slide(desk, 240)
    assert desk.drawn("routes") > 0
    assert desk.drawn("zones") >= 2
    going = team_places(desk)
    desk.screenshot(f"drill-{language}-8-replay")
    slide(desk, 300)
    assert team_places(desk) != going, "teams drive while time passes"
    desk.at("#replay-play").click()
    desk.page.evaluate(
        "new Promise(done => { const look = setInterval(() => {"
        " if (Number(document.querySelector('#replay-time').value) <= 320) return;"
        " clearInterval(look); done(true); }, 50); })"
    )
    desk.press("Space")
    desk.at("#course tbody button").first.click()
    assert float(desk.at("#replay-time").input_value()) < 1


def slide(desk: DeskVisit, at_s: int) -> None:
    """Move the slider of the replay."""
    desk.at("#replay-time").evaluate(
        f"slider => {{ slider.value = '{at_s}'; slider.dispatchEvent(new Event('input')); }}"
    )
    settle(desk)


def team_places(desk: DeskVisit) -> Any:
    return desk.page.evaluate(
        "map.querySourceFeatures('teams').map(f => f.geometry.coordinates.join()).sort()"
    )


def played(served: Served) -> str:
    """An exercise with a plan in force, made without the desk."""
    admin = served.admin
    step = {"id": "leak", "after_s": 0, "incident": LEAK}
    asked = {"title": "Evening exercise", "starts_at": "2026-01-15T18:00:00+08:00", "script": [step]}
    drill = f"/drills/{made(admin.post('/drills', asked))['id']}"
    made(admin.post(f"{drill}/start"))
    incident = made(admin.get(f"{drill}/incidents"))["features"][0]["id"]
    plan = made(admin.post(f"{drill}/incidents/{incident}/plan"))["id"]
    made(admin.post(f"{drill}/plans/{plan}/commit"))
    return drill


def test_every_screen_of_an_exercise_can_be_read_by_everybody(served: Served, chromium: Browser) -> None:
    """No serious fault of accessibility, nothing beside the screen: laptop by night, wall by day."""
    if not AXE.is_file():
        missing("the map package was not set up (python dev.py web)")
    drill = played(served)
    found: dict[str, list[str]] = {}
    for theme, screen in (("dark", LAPTOP), ("light", WALL)):
        with desk_visit(chromium, served.address, language="en", theme=theme, screen=screen) as desk:
            desk.sign_in(served.running.key)
            desk.press("e")
            desk.page.wait_for_selector("#drill-prepare")
            found[f"{theme} exercises"] = desk.serious_faults()
            desk.screenshot(f"drill-en-{theme}-exercises")
            desk.at(f"[data-enter='{drill.removeprefix('/drills/')}']").click()
            desk.page.wait_for_url("**/?drill=drill-*")
            desk.page.wait_for_selector("html[data-ready]")
            desk.wait_plan("committed")
            found[f"{theme} dispatch"] = desk.serious_faults()
            desk.screenshot(f"drill-en-{theme}-dispatch")
            if theme == "light":
                made(served.admin.post(f"{drill}/end"))
                clock_is(desk, "ended")
            desk.press("e")
            desk.page.wait_for_selector("#scores")
            found[f"{theme} review"] = desk.serious_faults()
            if theme == "light":
                desk.page.wait_for_selector("#replay[data-ready]")
                slide(desk, 120)
            desk.screenshot(f"drill-en-{theme}-review")
            assert desk.page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
            desk.at("#leave-drill").click()
            found[f"{theme} leaving"] = desk.serious_faults()
            assert desk.page.evaluate("document.activeElement.id") == "stay"
            desk.at("#to-real").click()
            desk.page.wait_for_selector("#report")
            assert desk.at("#exercise-banner").count() == 0
            assert desk.complaints == []
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_an_address_of_no_exercise_never_shows_real_life(served: Served, chromium: Browser) -> None:
    with desk_visit(chromium, served.address, language="en") as desk:
        desk.sign_in(served.running.key)
        for name in ("drill-999999", "..", ""):
            desk.page.goto(f"{served.address}/?drill={name}")
            desk.page.wait_for_selector("#to-real")
            assert desk.at("#exercise-banner").count() == 1
            assert desk.at("#report, #plan, .map-canvas").count() == 0
