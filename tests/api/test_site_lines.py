"""What ``muster site`` says on the terminal."""

import pytest

from api.site_run import site_lines
from scenarios.plan import Figure
from scenarios.site import site
from tests.scenarios.straight_county import scenario, straight_county


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            Figure(name="covered_people", unit="people", value=1_234_567.0),
            "optimal, covered people 1,234,567",
        ),
        (Figure(name="open_sites", unit="sites", value=4.0), "optimal, open sites 4"),
        (Figure(name="cost", unit="CNY", value=12_500_000.5), "optimal, cost 12,500,000.5 CNY"),
    ],
)
def test_the_objective_is_written_with_all_its_digits(figure: Figure, words: str) -> None:
    """A million people keep their last digit, and no word stands twice."""
    plan = site(straight_county(), scenario())
    first = next(iter(site_lines(plan.model_copy(update={"objective": figure}))))
    assert first.endswith(words)


def test_reasons_are_told_in_the_measure_of_the_question() -> None:
    """The median loses seconds, not people: a better median may even serve more people in time."""
    plan = site(straight_county(), scenario(question="p_median"))
    opened = [line for line in site_lines(plan) if line.startswith("  open ")]
    assert len(opened) == len(plan.decisions.open) == 1
    assert "Without it the mean response grows by" in opened[0] or "no plan meets" in opened[0]


def test_a_site_that_another_can_replace_is_not_said_to_be_worth_nothing() -> None:
    """``0 people fewer`` reads like a mistake; that another plan is as good is what was found."""
    plan = site(straight_county(), scenario())
    assert plan.objective is not None
    same = plan.reasons[0].model_copy(update={"without": plan.objective.value, "covered_lost": 0})
    lines = site_lines(plan.model_copy(update={"reasons": (same, *plan.reasons[1:])}))
    assert any("Without it another plan is as good" in line for line in lines)


def test_a_plan_without_a_name_is_called_by_its_question() -> None:
    plan = site(straight_county(), scenario())
    assert next(iter(site_lines(plan.model_copy(update={"name_zh": "", "name_en": ""})))).startswith("mclp: ")
