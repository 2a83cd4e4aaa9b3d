"""The page of the shipped reserve question, as ``muster stock`` writes it, in a real browser."""

from pathlib import Path

import pytest

from geo.region.files import read_region
from scenarios.files import read_scenario
from scenarios.report.reserve_page import reserve_page
from scenarios.report.write import write_page
from scenarios.reserve_models import ReserveScenario, plan_alone
from scenarios.shipped import DATA, PINGLUO
from scenarios.stock import stock
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def plan_page(tmp_path_factory: pytest.TempPathFactory, built: None) -> Path:
    """The page of the reserve for 1,200 people in Pingluo."""
    region = read_region(PINGLUO)
    scenario = plan_alone(read_scenario(DATA / "reserve-1200.yaml", ReserveScenario))
    file = tmp_path_factory.mktemp("reserve") / "plan.html"
    write_page(reserve_page(stock(region, scenario), region), file)
    return file


def test_depots_and_shelters_are_drawn_and_nothing_is_loaded(visit: Visitor, plan_page: Path) -> None:
    seen = visit(plan_page)
    seen.wait_for_map()
    seen.screenshot("reserve-zh")
    drawn = set(seen.page.evaluate("() => map.queryRenderedFeatures().map(f => f.source)"))
    assert {"stock-physical", "stock-agreement", "served-rujigou"} <= drawn
    assert "served-river" not in drawn  # one scenario at a time
    seen.page.locator("[data-switch='served-river']").check()
    seen.wait_for_map()
    drawn = set(seen.page.evaluate("() => map.queryRenderedFeatures().map(f => f.source)"))
    assert "served-river" in drawn
    seen.page.locator("label[for='language-en']").click()
    seen.screenshot("reserve-en", full=True)
    assert "Add, keep, move" in seen.text("#moves caption")
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(("file:", "blob:"))] == []
