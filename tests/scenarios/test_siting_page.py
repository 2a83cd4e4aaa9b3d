"""The page of a siting plan: every part is there in both languages, and its figures are the plan's."""

import re

import pytest

from scenarios.plan import SitingPlan
from scenarios.report.chart import LineChart
from scenarios.report.facts import Notes
from scenarios.report.page import Page, render
from scenarios.report.siting_page import siting_page
from scenarios.report.table import Table
from scenarios.report.text import Change
from scenarios.site import site
from tests.scenarios.straight_county import demand, scenario, stations, straight_county

QUESTIONS: dict[str, dict[str, object]] = {
    "mclp": {},
    "p_median": {"question": "p_median"},
    "p_center": {"question": "p_center"},
    "lscp": {"question": "lscp", "open": None, "share": 0.8},
}


@pytest.fixture(scope="module")
def plan() -> SitingPlan:
    return site(straight_county(), scenario(evaluate_at=[300], curve_to=3))


@pytest.fixture(scope="module")
def page(plan: SitingPlan) -> Page:
    return siting_page(plan, straight_county())


def part(page: Page, section: str, number: int = 0) -> object:
    return next(s for s in page.sections if s.id == section).parts[number]


def test_every_part_is_on_the_page(page: Page) -> None:
    """Service, value, reasons, shortages, assumptions, provenance, warnings."""
    assert [s.id for s in page.sections] == ["service", "value", "reasons", "shortages", "assumptions"]
    assert page.provenance is not None
    assert {note.head.en for note in page.warnings if note.head} >= {"S150", "S151"}


def test_demand_points_are_drawn_once_by_what_the_plan_changes(page: Page) -> None:
    """v0 and v1 stay in time, v5 to v10 newly are, v2 to v4 and the island are not."""
    drawn = {layer.id: [f.id for f in layer.features] for layer in page.map_layers}
    assert sorted(drawn["demand-covered"]) == ["v0", "v1"]
    assert sorted(drawn["demand-newly"]) == ["v10", "v5", "v6", "v7", "v8", "v9"]
    assert sorted(drawn["demand-uncovered"]) == ["v2", "v3", "v4"]
    assert drawn["demand-unreachable"] == ["island"]
    assert drawn["sites-open"] == ["c8"]
    assert drawn["sites-keep"] == ["s0"]


def test_tables_and_headline_show_the_figures_of_the_plan(page: Page, plan: SitingPlan) -> None:
    """One row a township, before and after; the share of all people above."""
    table = part(page, "service", 1)
    assert isinstance(table, Table)
    assert [row.cells[3] for row in table.rows] == [Change(200, 200), Change(0, 600)]
    assert plan.objective is not None
    assert plan.objective.value == 800
    assert page.facts[0].value == Change(200 / 1110, 800 / 1110)


def test_the_curve_has_its_bound_and_marks_the_plan(page: Page) -> None:
    """Share in time by new sites, up to the three that were asked for."""
    chart = part(page, "value")
    assert isinstance(chart, LineChart)
    assert list(chart.series[0].x) == [0, 1, 2, 3]
    assert chart.series[0].bound == chart.series[0].y
    assert chart.mark is not None
    assert chart.mark[0] == 1.0


@pytest.mark.parametrize("question", QUESTIONS)
def test_reasons_and_shortages_are_written_in_both_languages(question: str) -> None:
    """No note is empty, none is the same in both languages, no figure is left as a placeholder."""
    region = straight_county(demand=demand().query("id != 'island'"))
    made = siting_page(site(region, scenario(**QUESTIONS[question])), region)
    notes = [p for s in made.sections for p in s.parts if isinstance(p, Notes)]
    items = [note for some in notes for note in some.items]
    assert items
    assert all(note.text.zh != note.text.en and note.text.zh.endswith("。") for note in items)
    assert not any("{" in note.text.zh + note.text.en or "None" in note.text.en for note in items)
    latin_marks = [note.text.zh for note in items if set(note.text.zh) & set(";:,")]
    assert [text for text in latin_marks if not re.search(r"\d,\d", text)] == []


def test_the_page_is_one_file_with_the_same_bytes_each_time(page: Page, plan: SitingPlan) -> None:
    """And it names nothing outside itself."""
    text = render(page, bundle=None)
    assert text == render(siting_page(plan, straight_county()), bundle=None)
    assert "崇岗" not in text
    assert "城关镇" in text
    assert "src=" not in text


def test_a_plan_that_cannot_be_has_a_page_too() -> None:
    """It says so first and shows what stands."""
    region = straight_county(stations=stations().query("id != 'c-island'"))
    made = siting_page(site(region, scenario(question="lscp", open=None)), region)
    assert made.status is not None
    assert made.status.tone == "bad"
    assert [f.id for layer in made.map_layers if layer.id == "sites-keep" for f in layer.features] == ["s0"]
    assert render(made, bundle=None)
