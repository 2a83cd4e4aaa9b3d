"""The page of a drill in a real browser: hours of its trace played on the map."""

from pathlib import Path

import pytest

from api.drill_run import run_drill
from scenarios.shipped import DATA
from tests.browser.conftest import Visit, Visitor

pytestmark = pytest.mark.browser
MOST_BYTES = 3_500_000


@pytest.fixture(scope="module")
def drill_page(tmp_path_factory: pytest.TempPathFactory, built: None) -> Path:
    """A year of calls, played twice; its busiest day is replayed."""
    folder = tmp_path_factory.mktemp("drill") / "year"
    return run_drill(DATA / "drill-year.yaml", None, folder, None, replications=2).page


def states(seen: Visit) -> list[str]:
    """What the replay draws: calls that wait or are answered, teams out or free."""
    seen.wait_for_map()
    found: list[str] = seen.page.evaluate(
        "map.querySourceFeatures('replay').filter(f => f.geometry.type === 'Point')"
        ".map(f => f.properties.state)"
    )
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_call_of_the_table_is_replayed_on_the_map(visit: Visitor, drill_page: Path, language: str) -> None:
    assert drill_page.stat().st_size < MOST_BYTES
    seen = visit(drill_page, language=language)
    seen.wait_for_map()
    row = seen.page.locator("#replay-table tr[data-feature]").nth(3)
    row.click()
    first = states(seen)
    assert "waits" in first
    assert "free" in first
    at = seen.text("#replay-clock")
    assert at == row.locator("td").first.inner_text().split(" ◎")[0].strip()
    seen.page.evaluate(
        "(() => { const s = document.querySelector('#replay-time'); s.value = Number(s.value) + 600;"
        " s.dispatchEvent(new Event('input')); })()"
    )
    assert "out" in states(seen)
    seen.page.locator("#replay").scroll_into_view_if_needed()
    seen.screenshot(f"drill-replay-{language}")
    seen.page.locator("#replay-play").click()
    seen.page.evaluate(
        "at => new Promise(done => { const look = setInterval(() => {"
        " if (document.querySelector('#replay-clock').textContent <= at) return;"
        " clearInterval(look); done(true); }, 50); })",
        at,
    )
    seen.page.locator("#replay-play").click()
    still = seen.text("#replay-clock")
    seen.page.wait_for_timeout(300)
    assert seen.text("#replay-clock") == still, "stopped"
    seen.screenshot(f"drill-page-{language}", full=True)
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(("file:", "blob:"))] == []


def test_without_webgl_the_page_reads_as_before(visit_without_webgl: Visitor, drill_page: Path) -> None:
    seen = visit_without_webgl(drill_page)
    assert seen.page.locator("#replay").is_hidden()
    assert seen.page.locator("#replay-table tbody tr").count() > 3
