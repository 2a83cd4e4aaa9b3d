"""The page as a document: whole, safe, self-contained and the same each time."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scenarios.report.bundle import Bundle, built_bundle, inline_script
from scenarios.report.page import Fact, Note, Page, Text, render
from tests.scenarios.made_up_page import made_up_page

VOID = {"meta", "input", "rect", "circle", "br", "link", "img"}


class Balance(HTMLParser):
    """Collects elements that are not closed where they were opened, and all ids."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(tag)


@pytest.fixture(scope="module")
def plain() -> str:
    return render(made_up_page(), bundle=None)


def test_every_element_is_closed_and_every_id_is_unique(plain: str) -> None:
    balance = Balance()
    balance.feed(plain)
    assert balance.wrong == []
    assert balance.open == []
    assert len(balance.ids) == len(set(balance.ids))


def test_the_legend_counts_places_and_not_lines(plain: str) -> None:
    """Lines are joined by class before they are drawn, so "2 roads" would be wrong; points are counted."""
    switches = dict(re.findall(r'data-switch="([^"]+)"(.*?)</label>', plain))
    kinds = {layer.id: layer.kind for layer in made_up_page().map_layers}
    counted = {id_ for id_, switch in switches.items() if 'class="count"' in switch}
    assert counted == {id_ for id_, kind in kinds.items() if kind != "line"} & set(switches)
    assert "line" in {kinds[id_] for id_ in switches}


def test_the_same_page_is_the_same_bytes(plain: str) -> None:
    assert render(made_up_page(), bundle=None) == plain


def test_the_page_refers_to_no_other_file_or_address(plain: str) -> None:
    assert not re.search(r"(?:src|href)\s*=|url\(|@import|https?://", plain)
    assert "default-src 'none'" in plain


def test_the_plain_form_says_how_to_build_the_map_and_carries_no_data(plain: str) -> None:
    assert "python dev.py web" in plain
    assert "map-data" not in plain


def test_a_bundle_stands_in_the_page_with_the_data_of_the_map() -> None:
    html = render(made_up_page(), bundle=Bundle("start()", ".x{}"))
    assert "<script>start()</script>" in html
    assert '<script type="application/json" id="map-data">{"frame":[' in html
    assert "python dev.py web" not in html


def test_a_folder_without_a_build_gives_no_bundle(tmp_path: Path) -> None:
    assert built_bundle(tmp_path) is None
    (tmp_path / "report.js").write_text("a('</script>')", encoding="utf-8")
    assert built_bundle(tmp_path) is None
    (tmp_path / "report.css").write_text(".a{}", encoding="utf-8")
    assert built_bundle(tmp_path) == Bundle("a('<\\/script>')", ".a{}")


def test_code_cannot_end_its_element() -> None:
    assert "</script" not in inline_script("'</script>'")
    assert "<!--" not in inline_script("'<!--'")


def test_names_from_data_cannot_become_markup() -> None:
    nasty = Text.same('</script><script>alert(1)</script><img src=x onerror="alert(1)">')
    page = made_up_page()
    layer = page.map_layers[-1]
    feature = replace(layer.features[0], title=nasty, id=nasty.en)
    page = replace(
        page,
        title=nasty,
        kind=nasty.en,
        map_review_number=nasty.en,
        warnings=(Note(nasty, feature=(nasty.en, nasty.en)),),
        facts=(Fact(nasty, nasty),),
        map_layers=(*page.map_layers[:-1], replace(layer, title=nasty, id=nasty.en, features=(feature,))),
    )
    html = render(page, bundle=Bundle("", ""))
    assert "<script>alert" not in html
    assert "<img" not in html
    balance = Balance()
    balance.feed(html)
    assert balance.wrong == []


def test_a_page_of_words_alone_is_still_a_page() -> None:
    html = render(Page(kind="note", title=Text("标题", "Title"), notice=Text("说明", "Notice")))
    assert "<h1>" in html
    assert 'id="live-map"' not in html
    assert '<p class="notice">' in html


def test_the_review_number_is_printed_or_left_to_be_filled_in(plain: str) -> None:
    assert 'class="blank"' in plain
    numbered = render(replace(made_up_page(), map_review_number="宁S(2026)001号"), bundle=None)
    assert "宁S(2026)001号" in numbered
    assert 'class="blank"' not in numbered


def test_the_first_language_is_the_one_asked_for() -> None:
    html = render(replace(made_up_page(), language="en"), bundle=None)
    assert '<html lang="en">' in html
    assert re.search(r'id="language-en"[^>]*checked', html)
    assert not re.search(r'id="language-zh"[^>]*checked', html)


def test_the_plain_page_of_a_county_is_small(plain: str) -> None:
    assert len(plain.encode()) < 300_000
