"""The report page in a real browser: opened from disk, with and without WebGL and scripts, and on paper."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scenarios.report.page import render
from tests.browser.conftest import Visit, Visitor, visitor
from tests.scenarios.made_up_page import made_up_page

pytestmark = pytest.mark.browser

TITLES = {"zh": "示例县消防站选址方案", "en": "Where to open fire stations: an example county"}


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory, built: None) -> Path:
    """The made-up page with the interactive map in it."""
    return written(tmp_path_factory.mktemp("page") / "县 plan.html", render(made_up_page()))


@pytest.fixture(scope="module")
def plain_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up page as it is where the map package could not be built."""
    return written(tmp_path_factory.mktemp("plain") / "plan.html", render(made_up_page(), bundle=None))


@pytest.fixture(scope="module")
def live(chromium: Browser, page_file: Path) -> Iterator[Visit]:
    """One window for the tests of the interactive map; each leaves language and switches as they were."""
    for open_file in visitor(chromium):
        seen = open_file(page_file, viewport={"width": 1000, "height": 600})
        seen.wait_for_map()
        yield seen


def written(file: Path, html: str) -> Path:
    file.write_text(html, encoding="utf-8", newline="\n")
    return file


def drawn(visit: Visit, layer: str) -> int:
    """Features of one layer that the interactive map has on the screen."""
    count = visit.page.evaluate(
        "id => map.queryRenderedFeatures({layers: ['point', 'line', 'fill'].map(part => `${id}:${part}`)"
        ".filter(name => map.getLayer(name))}).length",
        layer,
    )
    return int(count)


def names(visit: Visit) -> set[str]:
    """Names that the interactive map has drawn, in the language it draws them."""
    found = visit.page.evaluate(
        "() => map.queryRenderedFeatures().filter(f => f.layer.id.endsWith(':names'))"
        ".map(f => f.properties[map.getLayoutProperty(f.layer.id, 'text-field')[1]])"
    )
    return set(found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_layer_is_drawn_and_nothing_is_loaded(visit: Visitor, page_file: Path, language: str) -> None:
    seen = visit(page_file, language=language)
    seen.wait_for_map()
    seen.screenshot(f"report-{language}")
    assert seen.text("h1") == TITLES[language]
    for layer in made_up_page().map_layers:
        assert drawn(seen, layer.id) > 0, layer.id
    assert ("崇岗镇" if language == "zh" else "Chonggang") in names(seen)
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(("file:", "blob:"))] == []
    assert len([url for url in seen.requests if url.startswith("file:")]) == 1


def test_the_switch_changes_the_language_of_words_names_and_popup(live: Visit) -> None:
    seen = live
    seen.page.locator("tr[data-feature='seat-6']").click()
    assert "人口" in seen.text(".popup")
    seen.page.locator("label[for='language-en']").click()
    seen.wait_for_map()
    assert seen.text("h1") == TITLES["en"]
    assert "Taole" in seen.text(".popup")
    assert "10,300" in seen.text(".popup")
    assert "Taole station" in names(seen)
    assert "陶乐镇消防站" not in names(seen)
    assert seen.page.evaluate("document.documentElement.lang") == "en"
    seen.page.locator("label[for='language-zh']").click()
    assert "陶乐镇" in seen.text(".popup")


def test_a_row_brings_its_place_into_view_by_keyboard(live: Visit) -> None:
    seen = live
    seen.page.locator("tr[data-feature='seat-6']").focus()
    seen.page.keyboard.press("Enter")
    seen.wait_for_map()
    lon, lat = seen.page.evaluate("map.getCenter().toArray()")
    assert (lon, lat) == pytest.approx((106.74, 38.81), abs=1e-4)
    assert seen.text(".popup h4") == "陶乐镇"
    seen.screenshot("report-zh-popup")


def test_a_click_on_a_symbol_opens_its_popup(live: Visit) -> None:
    live.page.evaluate("void map.jumpTo({center: [106.668, 38.866], zoom: 13})")
    live.wait_for_map()
    live.page.locator("#live-map canvas").click()  # in its middle
    assert live.text(".popup h4") == "渠口乡消防站"
    assert live.text(".popup .layer") == "新选站址"


def test_a_switch_takes_its_layer_off_the_map(live: Visit) -> None:
    live.page.evaluate("void map.jumpTo({center: [106.62, 38.91], zoom: 9.5})")
    live.wait_for_map()
    assert "黄渠桥镇消防站" in names(live)
    live.page.locator("[data-switch='chosen']").uncheck()
    live.wait_for_map()
    assert drawn(live, "chosen") == 0
    assert drawn(live, "existing") > 0
    assert "黄渠桥镇消防站" not in names(live)
    live.page.locator("[data-switch='chosen']").check()


def test_without_webgl_the_drawn_map_stays_and_says_why(
    visit_without_webgl: Visitor, page_file: Path
) -> None:
    seen = visit_without_webgl(page_file)
    assert seen.page.locator("svg.drawn-map").is_visible()
    assert seen.page.locator("#no-webgl").is_visible()
    assert not seen.page.locator("#live-map").is_visible()
    assert seen.complaints == []
    seen.screenshot("report-zh-without-webgl")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_plain_page_says_how_to_build_the_map(visit: Visitor, plain_file: Path, language: str) -> None:
    seen = visit(plain_file, language=language)
    assert seen.page.locator("svg.drawn-map").is_visible()
    assert "python dev.py web" in seen.text("#map")
    assert seen.text("h1") == TITLES[language]
    assert seen.complaints == []
    assert len(seen.requests) == 1
    seen.screenshot(f"report-{language}-plain", full=True)


def test_without_scripts_language_and_layers_still_switch(visit: Visitor, page_file: Path) -> None:
    """Style rules alone do it; the page's own language is the first."""
    seen = visit(page_file, java_script_enabled=False)
    seen.page.locator("label[for='language-en']").click()
    assert seen.text("h1") == TITLES["en"]
    group = seen.page.locator("svg.drawn-map g.map-layer-8")
    assert group.is_visible()
    seen.page.locator("#switch-8").uncheck()
    assert not group.is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_on_the_drawn_map_do_not_touch(visit: Visitor, plain_file: Path, language: str) -> None:
    """Measured by the browser with the fonts of this machine, not by our own estimate."""
    seen = visit(plain_file, language=language)
    boxes = seen.page.evaluate(
        "[...document.querySelectorAll('.map-names text')].filter(t => t.getClientRects().length)"
        ".map(t => { const b = t.getBBox(); return [b.x, b.y + 2, b.x + b.width, b.y + b.height - 2] })"
    )
    assert len(boxes) >= 15
    for a, b in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def test_on_paper_the_map_is_the_drawing_and_the_page_is_short(live: Visit, tmp_path: Path) -> None:
    seen = live
    seen.page.emulate_media(media="print")
    assert seen.page.locator("svg.drawn-map").is_visible()
    assert not seen.page.locator("#live-map").is_visible()
    assert not seen.page.locator(".languages").is_visible()
    pdf = seen.page.pdf(prefer_css_page_size=True, path=tmp_path / "plan.pdf")
    seen.page.emulate_media(media="screen")
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") in (3, 4)
    assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf


def test_a_small_screen_needs_no_sideways_scrolling(visit: Visitor, page_file: Path) -> None:
    for width in (1366, 1024, 768):
        seen = visit(page_file, viewport={"width": width, "height": 768})
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_whole_page_is_within_five_megabytes(page_file: Path) -> None:
    assert page_file.stat().st_size < 5_000_000
