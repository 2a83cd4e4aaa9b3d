"""The page of the shipped siting scenario, as ``muster site`` writes it, in a real browser."""

from pathlib import Path

import pytest

from geo.region.files import read_region
from scenarios.files import read_scenario
from scenarios.report.siting_page import siting_page
from scenarios.report.write import write_page
from scenarios.shipped import DATA, PINGLUO
from scenarios.site import site
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def plan_page(tmp_path_factory: pytest.TempPathFactory, built: None) -> Path:
    """The page of the three township stations in Pingluo."""
    region = read_region(PINGLUO)
    file = tmp_path_factory.mktemp("plan") / "plan.html"
    write_page(siting_page(site(region, read_scenario(DATA / "three-stations.yaml")), region), file)
    return file


def test_the_plan_is_drawn_whole_and_nothing_is_loaded(visit: Visitor, plan_page: Path) -> None:
    seen = visit(plan_page)
    seen.wait_for_map()
    seen.screenshot("siting-zh")
    off_the_map = seen.page.evaluate(
        "() => { const on = [...document.querySelectorAll('[data-switch]:checked')]"
        ".map(input => input.dataset.switch);"
        " const drawn = new Set(map.queryRenderedFeatures().map(f => f.source));"
        " return on.filter(id => !drawn.has(id)) }"
    )
    assert off_the_map == []
    seen.page.locator("label[for='language-en']").click()
    seen.wait_for_map()
    seen.screenshot("siting-en")
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(("file:", "blob:"))] == []


def test_townships_are_named_on_the_drawn_map(visit: Visitor, plan_page: Path) -> None:
    """At most two of thirteen lose their name to the stations beside them."""
    seen = visit(plan_page, java_script_enabled=False)
    seen.screenshot("siting-zh-plain", full=True)
    names = set(seen.page.locator(".map-names[lang='zh-CN'] text.polygon").all_text_contents())
    wanted = set(read_region(PINGLUO).placed("townships")["name_zh"])
    assert len(wanted) == 13
    assert len(names & wanted) >= 11, sorted(wanted - names)


def test_the_page_of_a_county_is_within_five_megabytes(plan_page: Path) -> None:
    assert plan_page.stat().st_size < 5_000_000
