"""The whole story at the desk, in both languages, on the real server: from the leak to the final report."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.api.center.client import made
from tests.browser.conftest import missing
from tests.browser.desk import AXE, LAPTOP, WALL, DeskVisit, desk_visit
from tests.browser.desk_server import Served, served_pingluo

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of Pingluo on SQLite."""
    with served_pingluo(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture(autouse=True)
def _quiet(served: Served) -> Iterator[None]:
    """Whatever a test left going on is ended."""
    yield
    admin = served.admin
    for order in made(admin.get("/orders?held=true&limit=1000"))["items"]:
        made(admin.post(f"/orders/{order['id']}/release"))
    for incident in made(admin.get("/incidents?status=open"))["features"]:
        made(admin.post(f"/incidents/{incident['id']}/close"))
    for closure in made(admin.get("/closures"))["features"]:
        made(admin.post(f"/closures/{closure['id']}/lift"))
    for team in made(admin.get("/teams?status=returning"))["features"]:
        made(admin.post(f"/teams/{team['id']}/status", {"status": "available"}))


def bridge_on(served: Served) -> tuple[str, float, float]:
    """A bridge that a team of the plan in force crosses, and a point on it."""
    roads = made(served.admin.get("/region/layers/roads"))["features"]
    plan = made(served.admin.get("/plans?status=committed"))["items"][-1]["id"]
    teams = made(served.admin.get(f"/plans/{plan}/document"))["decisions"]["teams"]
    driven = {
        tuple(round(part, 4) for part in place) for team in teams for place in team["route"]["geometry"]
    }
    for road in roads:
        line = road["geometry"]["coordinates"]
        if road["properties"]["bridge"] == "yes" and all(
            tuple(round(part, 4) for part in place[:2]) in driven for place in line
        ):
            (x0, y0), (x1, y1) = line[0][:2], line[1][:2]
            return str(road["id"]), (x0 + x1) / 2, (y0 + y1) / 2
    raise AssertionError("no team crosses a bridge")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_leak_from_report_to_final_report(served: Served, chromium: Browser, language: str) -> None:
    with desk_visit(chromium, served.address, language=language) as desk:
        desk.sign_in(served.running.key)
        desk.screenshot(f"desk-{language}-1-quiet")
        desk.report_chlorine()
        assert int(desk.at("#people-inside").inner_text().replace(",", "")) > 1_000
        assert desk.at(".incident-head .zones li").count() == 2
        desk.page.evaluate("new Promise(done => { map.once('idle', done); map.triggerRepaint(); })")
        assert desk.drawn("zones") >= 2
        assert desk.drawn("routes") > 0
        assert desk.drawn("roads") > 0
        desk.screenshot(f"desk-{language}-2-proposed")
        desk.commit()
        out = int(desk.at("#figure-out b").inner_text())
        assert out == desk.at("#tab-body tbody tr").count() > 5
        desk.screenshot(f"desk-{language}-3-committed")
        desk.press("6")
        desk.issue_report("first")
        desk.screenshot(f"desk-{language}-3-first-report")
        desk.press("Escape")
        road, lon, lat = bridge_on(served)
        desk.close_road_at(lon, lat, road)
        desk.screenshot(f"desk-{language}-4-bridge")
        desk.press("p")
        desk.wait_plan("proposed")
        assert (
            desk.at("#tab-body thead th").filter(has_text="Order" if language == "en" else "指令").count()
            == 1
        )
        desk.screenshot(f"desk-{language}-5-replanned")
        desk.commit()
        desk.at("#complete-all").click()
        desk.at("#end-incident").click()
        desk.page.wait_for_selector("#end-incident", state="detached")
        desk.issue_report("final")
        desk.screenshot(f"desk-{language}-6-final-report")
        assert desk.complaints == []
        assert desk.abroad == []
    incident = made(served.admin.get("/incidents"))["features"][0]
    assert incident["properties"]["status"] == "closed"
    reports = made(served.admin.get(f"/incidents/{incident['id']}/reports"))["items"]
    assert [one["kind"] for one in reports] == ["first", "final"]


def test_axe_finds_no_serious_fault(served: Served, chromium: Browser) -> None:
    """Sign-in, a proposed plan with every tab, dialogs, the planner's page, paper; by night and by day."""
    if not AXE.is_file():
        missing("the map package was not set up (python dev.py web)")
    found: dict[str, list[str]] = {}
    for theme in ("dark", "light"):
        with desk_visit(chromium, served.address, theme=theme) as desk:
            found[f"{theme} sign-in"] = desk.serious_faults()
            desk.sign_in(served.running.key)
            if theme == "dark":
                desk.press("n")
                found["form"] = desk.serious_faults()
                desk.press("Escape")
                desk.report_chlorine()
            for tab in "123456":
                desk.press(tab)
                desk.page.wait_for_timeout(300)
                found[f"{theme} tab {tab}"] = desk.serious_faults()
            desk.press("c")
            found[f"{theme} commit"] = desk.serious_faults()
            desk.press("Escape", "g")
            found[f"{theme} planner"] = desk.serious_faults()
            desk.press("g", "o")
            desk.page.wait_for_selector(".sheet")
            found[f"{theme} paper"] = desk.serious_faults()
    assert {where: faults for where, faults in found.items() if faults} == {}


@pytest.mark.parametrize("screen", [LAPTOP, WALL], ids=["laptop", "wall"])
def test_what_matters_is_on_the_screen_without_scrolling(
    served: Served, chromium: Browser, screen: dict[str, int]
) -> None:
    with desk_visit(chromium, served.address, language="en", theme="light", screen=screen) as desk:
        desk.sign_in(served.running.key)
        desk.report_chlorine()
        for selector in (
            "#people-inside",
            "#plan-status",
            "#commit",
            ".timeline",
            ".map-canvas",
            "#report",
            ".measures",
        ):
            box = desk.box(selector)
            assert box["x"] >= 0, selector
            assert box["x"] + box["width"] <= screen["width"] + 1, selector
            assert box["y"] + box["height"] <= screen["height"] + 1, selector
        last = desk.box(".timeline .row:last-of-type")
        assert last["y"] + last["height"] <= screen["height"], "every team's arrival is seen"
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
        desk.screenshot(f"desk-{screen['width']}")


def test_a_dispatcher_names_who_approved_and_a_viewer_changes_nothing(
    served: Served, chromium: Browser
) -> None:
    with desk_visit(chromium, served.address) as desk:
        desk.sign_in(served.key("dispatcher"))
        desk.report_chlorine()
        desk.press("c")
        assert desk.page.evaluate("document.activeElement.id") == "approved-by"
        desk.at("#approved-by").fill("马副县长")
        desk.at("#commit-send").click()
        desk.wait_plan("committed")
        assert desk.at("#figure-confirm b").inner_text() == "1"
        desk.screenshot("desk-verbal")
    with desk_visit(chromium, served.address) as desk:
        desk.sign_in(served.key("viewer"))
        desk.wait_plan("committed")
        assert [
            desk.at(f"#{one}").count() for one in ("report", "plan", "commit", "close-road", "complete-all")
        ] == [0] * 5
        assert "tel:" not in desk.page.content()
        desk.press("n", "c", "x")
        assert desk.at("form, dialog").count() == 0
    with desk_visit(chromium, served.address) as desk:
        desk.sign_in(served.running.key)
        desk.at("#confirm").click()
        desk.page.wait_for_selector("#figure-confirm", state="detached")


def test_a_wrong_key_is_told_and_the_right_one_is_gone_after_signing_out(
    served: Served, chromium: Browser
) -> None:
    with desk_visit(chromium, served.address, language="en") as desk:
        desk.at("#key").fill("mk_nobody_secret")
        desk.at("#login").click()
        desk.page.wait_for_selector("#key-fault:not([hidden])")
        assert desk.complaints == [
            "error: Failed to load resource: the server responded with a status of 401 (Unauthorized)"
        ]
        desk.sign_in(served.running.key)
        assert desk.page.evaluate("sessionStorage.length") == 1
        desk.at("[data-keep=logout]").click()
        desk.page.wait_for_selector("#key")
        assert desk.page.evaluate("sessionStorage.length") == 0
        assert served.running.key not in str(desk.page.evaluate("JSON.stringify(localStorage)"))


def siting_covered(desk: DeskVisit) -> list[str]:
    return desk.at(".after-covered").all_inner_texts()


def test_a_station_is_dragged_and_the_table_changes(served: Served, chromium: Browser) -> None:
    with desk_visit(chromium, served.address) as desk:
        desk.sign_in(served.running.key)
        desk.press("g")
        desk.at("#siting-run").click()
        desk.page.wait_for_selector("#siting-job[data-status=successful]", timeout=150_000)
        desk.page.wait_for_selector("#siting-tables")
        desk.page.evaluate("new Promise(done => { map.once('idle', done); map.triggerRepaint(); })")
        desk.screenshot("desk-siting")
        before = siting_covered(desk)
        x, y = desk.page.evaluate(
            "() => { const box = map.getCanvas().getBoundingClientRect();"
            " const star = map.queryRenderedFeatures({layers: ['siting']})[0];"
            " const at = map.project(star.geometry.coordinates); return [at.x + box.x, at.y + box.y] }"
        )
        desk.page.mouse.move(x, y)
        desk.page.mouse.down()
        desk.page.mouse.move(x + 60, y + 60, steps=3)
        desk.page.mouse.up()
        desk.page.wait_for_selector(".drawn button[data-keep^='move-']")
        desk.page.wait_for_timeout(1500)
        after = siting_covered(desk)
        assert before != after
        assert desk.drawn("siting") > 100
        desk.screenshot("desk-siting-dragged")
        assert desk.complaints == []
        assert desk.abroad == []
