"""The mean response over scenarios, against every choice and against the scenarios one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingProblem
from optimizer.siting.least_total import least_total
from optimizer.siting.median import p_median
from optimizer.siting.median_scenarios import equal_rows, mean_median, stacked_median
from tests.optimizer.ruled import TIMES, allowed, ruled_problems
from tests.optimizer.test_median_rules import person_s


@settings(deadline=None, max_examples=60)
@given(ruled_problems(most_sites=4), st.data())
def test_no_other_allowed_choice_has_a_better_mean(bare: SitingProblem, data: st.DataObject) -> None:
    first = replace(bare, floors=())
    times = hnp.arrays(float, first.response_s.shape, elements=TIMES)
    scenarios = [first, *(replace(first, response_s=data.draw(times)) for _ in range(2))]
    chance = (0.5, 0.25, 0.25)
    answer = mean_median(scenarios, chance)
    totals = [
        sum(q * person_s(one, opened) for q, one in zip(chance, scenarios, strict=True))
        for opened in allowed(first)
    ]
    least = min(totals, default=np.inf)
    if np.isinf(least):
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.chosen in allowed(first)
    assert answer.objective == pytest.approx(least)
    assert answer.bound == pytest.approx(least, abs=0.11)


def town(factor: float = 1.0) -> SitingProblem:
    g = np.random.default_rng(4)
    points, sites = g.random((80, 2)), g.random((15, 2))
    return SitingProblem(
        response_s=np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)) * 1200 * factor,
        people=g.integers(1, 500, 80),
        limit_s=np.full(80, 300.0),
        fixed=np.arange(15) == 4,
        places=4,
    )


def test_equal_scenarios_are_one_and_a_mean_is_never_below_the_mean_of_the_best() -> None:
    alone, slow = p_median(town()), p_median(town(1.7))
    assert mean_median([town()] * 3, [1 / 3] * 3).objective == pytest.approx(alone.objective)
    both = mean_median([town(), town(1.7)], [0.5, 0.5])
    assert alone.objective is not None
    assert slow.objective is not None
    assert both.objective is not None
    assert both.objective >= (alone.objective + slow.objective) / 2 - 1e-6


def test_a_row_cut_off_in_one_scenario_is_named_and_counts_in_the_others() -> None:
    cut = town().response_s.copy()
    cut[7] = np.inf
    answer = mean_median([town(), replace(town(), response_s=cut)], [0.5, 0.5])
    assert (answer.status, answer.unmet) == ("optimal", (7,))


def test_who_cannot_be_reached_in_one_scenario_is_named() -> None:
    """In the second scenario the last two rows are each reached by one site only, and one place is left."""
    cut = town().response_s.copy()
    cut[78:] = np.inf
    cut[78, 0] = cut[79, 1] = 60.0
    answer = mean_median(
        [replace(one, places=2) for one in (town(), replace(town(), response_s=cut))], [1, 1]
    )
    assert answer.status == "infeasible"
    assert len(answer.unmet) == 1
    assert answer.unmet[0] in (78, 79)


def test_stacked_costs_give_the_same_as_stacked_problems() -> None:
    costs = [one.response_ds.astype(np.float32) for one in (town(), town(1.7), town())]
    median = stacked_median(costs, town().people.astype(float), [0.25, 0.5, 0.25], places=3)
    assert len(median.cost) == 160
    free = replace(town(), fixed=np.zeros(15, bool), places=3)
    ours = mean_median([free, replace(town(1.7), fixed=free.fixed, places=3)], [0.5, 0.5])
    assert ours.objective == pytest.approx(least_total(median).total / 10, rel=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64])
def test_rows_that_are_equal_and_no_others_become_one(dtype: type) -> None:
    g = np.random.default_rng(1)
    cost: np.ndarray = g.integers(0, 3, (500, 4)).astype(dtype)
    alike, group = equal_rows(cost)
    assert (cost[alike][group] == cost).all()
    assert len(alike) == len(np.unique(cost, axis=0))


@pytest.mark.parametrize(
    ("scenarios", "chance", "message"),
    [
        ([], [], "probability"),
        ([town()], [0.0], "probability"),
        ([town()], [1.0, 1.0], "probability"),
        ([town(), replace(town(), places=5)], [0.5, 0.5], "scenarios"),
        ([replace(town(), capacity=np.full(15, 9))], [1.0], "capacity"),
    ],
)
def test_scenarios_that_do_not_fit_are_refused(
    scenarios: list[SitingProblem], chance: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        mean_median(scenarios, chance)
