"""The desk when things go wrong: the line breaks, a key ends, others were faster, nothing can be found."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.api.center.client import made
from tests.browser.desk import desk_visit
from tests.browser.desk_server import Served, served_pingluo

pytestmark = pytest.mark.browser
LEAK = {
    "hazard": "toxic_gas",
    "level": "II",
    "name_zh": "氯气泄漏",
    "name_en": "Chlorine leak",
    "where": {"hazard_site": "fine-chemical-park-tank-3"},
    "substance": {"cas": "7782-50-5", "container": "rail_car", "size": "large"},
    "weather": {"wind_from_deg": 315, "wind_m_s": 2, "cloud_tenths": 2},
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of Pingluo on SQLite."""
    with served_pingluo(tmp_path_factory.mktemp("trouble")) as running:
        yield running


def _named_key(served: Served, name: str) -> dict[str, Any]:
    found: dict[str, Any] = made(served.admin.post("/keys", {"name": name, "role": "dispatcher"}))
    return found


def test_a_key_that_ends_is_asked_for_again_and_nothing_typed_is_lost(
    served: Served, chromium: Browser
) -> None:
    first, second = _named_key(served, "night shift"), _named_key(served, "night shift")
    with desk_visit(chromium, served.address, language="en") as desk:
        desk.sign_in(first["key"])
        desk.press("n")
        desk.at("#report-speed").fill("4.5")
        made(served.admin.delete(f"/keys/{first['id']}"))
        desk.page.wait_for_selector("dialog #key")
        assert "no longer in force" in desk.at("dialog").inner_text()
        desk.at("#key").fill(second["key"])
        desk.at("#login").click()
        desk.page.wait_for_selector("dialog", state="detached")
        desk.page.wait_for_selector(".link.live")
        assert desk.at("#report-speed").input_value() == "4.5"
        assert desk.at("#away").is_hidden()


def test_a_broken_line_is_told_and_taken_up_again(served: Served, chromium: Browser) -> None:
    """Without the feed the desk asks every few seconds; without any answer it says how old its picture is."""
    with desk_visit(chromium, served.address) as desk:
        desk.page.route("**/events", lambda route: route.abort())
        desk.sign_in(served.running.key)
        desk.page.wait_for_selector(".link.asking")
        assert desk.at("#away").is_hidden()
        desk.page.route("**/teams", lambda route: route.abort())
        desk.page.wait_for_selector("#away:not([hidden])")
        assert "连接中断" in desk.at("#away").inner_text()
        made(served.admin.post("/incidents", LEAK))
        desk.page.unroute_all()
        desk.page.wait_for_selector(".link.live")
        desk.page.wait_for_selector(".incident")
        assert desk.at("#away").is_hidden()


def test_who_holds_the_teams_is_told_in_words(served: Served, chromium: Browser) -> None:
    """The other dispatcher was faster: which teams, by which order, for which incident; what to do next."""
    incidents = [made(served.admin.post("/incidents", LEAK))["id"] for _ in range(2)]
    plans = [made(served.admin.post(f"/incidents/{one}/plan"))["id"] for one in incidents]
    with desk_visit(chromium, served.address) as desk:
        desk.sign_in(served.running.key)
        desk.at(f"[data-keep='{incidents[1]}']").click()
        desk.wait_plan("proposed")
        made(served.admin.post(f"/plans/{plans[0]}/commit", {"force": True}))
        desk.press("c")
        desk.at("#commit-send").click()
        desk.page.wait_for_selector("dialog .notice")
        told = desk.at("dialog .notice").inner_text()
        assert "队伍已被其他指令占用" in told
        assert f"氯气泄漏, {incidents[0]}" in told
        desk.at("#commit-replan").click()
        desk.page.wait_for_selector("dialog", state="detached")
        desk.screenshot("desk-held")


def test_a_planner_finds_the_answer_again_and_reads_why_there_is_none(
    served: Served, chromium: Browser
) -> None:
    """A reserve computed while the page was closed; a question that asks for more sites than there are."""
    flood = made(served.admin.get("/region/layers/flood_zones"))["features"][0]
    asked = {
        "people": 3000,
        "days": 1,
        "budget": 500_000,
        "counted_on": "2026-07-01",
        "items": ["tent-family", "blanket", "quilt"],
        "curve": [0.01],
        "compare": False,
        "validate_on": 0,
        "scenarios": [
            {
                "id": "flood",
                "probability": 1.0,
                "hazard": flood["properties"]["hazard"],
                "where": {"flood_zones": [flood["id"]]},
                "at": "2026-07-21T16:00:00+08:00",
            }
        ],
    }
    document = {"muster": 1, "kind": "reserve", "reserve": asked}
    made(served.admin.post("/processes/reserve/execution", document))
    with desk_visit(chromium, served.address, language="en") as desk:
        desk.sign_in(served.running.key)
        desk.press("g")
        desk.at("#planner-reserve").click()
        desk.page.wait_for_selector("#reserve-tables")
        assert desk.at("#reserve-people").input_value() == "3000"
        assert (
            desk.at(".curve .met").count()
            == desk.at("#reserve-tables table").nth(0).locator("tbody tr").count()
        )
        assert "this plan" in desk.at("#reserve-tables").inner_text()
        desk.screenshot("desk-reserve")
        desk.at("#planner-siting").click()
        desk.at("#siting-open").fill("100")
        desk.at("#siting-run").click()
        desk.page.wait_for_selector("#siting-job[data-status=failed]")
        assert "at most the 35 candidates" in desk.at(".notice.bad").inner_text()
        assert desk.complaints == []


def test_letters_twice_as_large_leave_everything_in_reach(served: Served, chromium: Browser) -> None:
    """200 % halves the pixels of a laptop: parts stand one below the other, none covered."""
    made(served.admin.post("/incidents", LEAK))
    with desk_visit(chromium, served.address, screen={"width": 683, "height": 384}) as desk:
        desk.sign_in(served.running.key)
        desk.wait_incident()
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 683
        parts = [desk.box(one) for one in (".top", ".left", ".map", ".right-panel", ".bottom")]
        assert all(one["width"] > 600 for one in parts)
        assert all(above["bottom"] <= below["top"] + 1 for above, below in pairwise(parts))
        assert desk.box("#incidents-title")["bottom"] < desk.box("#layers-title")["top"]
