"""The Pareto front against every choice, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.problem import SitingProblem
from optimizer.siting.frontier import better, frontier, measured
from optimizer.siting.frontier_solve import Measure
from optimizer.watch import Watch
from tests.optimizer.ruled import allowed, ruled_problems

PAIRS: list[tuple[Measure, ...]] = [
    ("coverage", "mean_time"),
    ("coverage", "cost"),
    ("worst_time", "mean_time"),
    ("worst_time", "cost"),
    ("coverage", "worst_time"),
    ("mean_time", "cost", "coverage"),
    ("coverage", "worst_time", "cost"),
]


@settings(deadline=None, max_examples=60)
@given(ruled_problems(costs=True, most_sites=4), st.sampled_from(PAIRS))
def test_no_allowed_choice_beats_a_point(problem: SitingProblem, measures: tuple[Measure, ...]) -> None:
    """Points are allowed, told by their true values, within their limits, and efficient among all choices."""
    front = frontier(problem, measures, points=6)
    every = [measured(problem, opened) for opened in allowed(problem)]
    for point in front.points:
        assert point.exact
        assert point.chosen in allowed(problem)
        true = measured(problem, point.chosen)
        assert point.values == {measure: true[measure] for measure in point.values}
        assert point.bound == pytest.approx(point.values[front.lead], abs=0.11)
        assert not any(
            better(m, limit - 1e-6, true[m]) and m == "coverage" for m, limit in point.limits.items()
        )
        for other in every:
            no_worse = all(not better(m, value - 1e-9, other[m]) for m, value in point.values.items())
            assert not no_worse or not any(
                better(m, other[m], value) and abs(other[m] - value) > 1e-3
                for m, value in point.values.items()
            )
    if any(np.isfinite(values[front.lead]) for values in every) or front.lead == "coverage":
        assert bool(front.points) == bool(every)


def _road(**changes: object) -> SitingProblem:
    """Five villages on a road, 2 minutes apart, a site in each, the middle one dear."""
    at = np.arange(5) * 120.0
    base = SitingProblem(
        response_s=abs(at[:, None] - at[None, :]),
        people=np.array([10, 20, 30, 40, 50]),
        limit_s=np.full(5, 120.0),
        fixed=np.zeros(5, np.bool_),
        cost=np.array([1.0, 1.0, 3.0, 1.0, 1.0]),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # any field by name


def test_by_hand_coverage_against_cost() -> None:
    front = frontier(_road(), ("coverage", "cost"), points=5)
    assert front.lead == "coverage"
    shown = [(point.values["coverage"], point.values["cost"]) for point in front.points]
    assert shown == [(150, 2), (120, 1), (0, 0)]
    assert all(point.exact for point in front.points)


def test_by_hand_mean_against_the_longest_response() -> None:
    front = frontier(_road(places=1), ("mean_time", "worst_time"), points=4)
    shown = [(point.chosen, point.values["worst_time"]) for point in front.points]
    assert shown == [((3,), 360), ((2,), 240)]


def test_the_same_question_gives_the_same_front() -> None:
    assert frontier(_road(), ("coverage", "worst_time")) == frontier(_road(), ("coverage", "worst_time"))


@pytest.mark.parametrize("measures", [("coverage",), ("cost", "cost")])
def test_fewer_than_two_measures_are_refused(measures: tuple[Measure, ...]) -> None:
    with pytest.raises(ValueError, match="two or more"):
        frontier(_road(), measures)


def test_dear_sites_do_not_bring_the_same_plan_again() -> None:
    """A cost of millions is asked to be better by more than a rule's slack: the search ends at once."""
    cost = np.array([3.0, 3.0, 8.0, 3.0, 3.0]) * 1e6
    front = frontier(_road(cost=cost), ("mean_time", "cost"), points=4, watch=Watch(20.0))
    assert front.stopped_by is None
    assert all(point.exact for point in front.points)
    assert min(point.values["cost"] for point in front.points) == 3e6
