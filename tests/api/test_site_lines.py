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
