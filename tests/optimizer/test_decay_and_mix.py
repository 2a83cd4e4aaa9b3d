"""Coverage that wears off, and the weighted mix, against every choice that keeps to the rules."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingProblem
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.decay import decay_covering
from optimizer.siting.median import p_median
from optimizer.siting.mix import weighted_mix
from optimizer.watch import Watch
from tests.optimizer.ruled import allowed, ruled_problems

TABLE = ((10.0, 1.0), (30.0, 0.75), (60.0, 0.25))


def step(seconds: float, table: tuple[tuple[float, float], ...] = TABLE) -> float:
    """What stands at the first time that is not below."""
    return next((value for time, value in table if seconds <= time), 0.0)


def straight(seconds: float) -> float:
    """The same table on straight lines."""
    if seconds <= 10:
        return 1.0
    if seconds <= 30:
        return 1.0 - 0.25 * (seconds - 10) / 20
    return 0.75 - 0.5 * (seconds - 30) / 30 if seconds <= 60 else 0.0


@settings(deadline=None, max_examples=100)
@given(ruled_problems(), st.booleans())
def test_no_other_allowed_choice_is_worth_more(problem: SitingProblem, linear: bool) -> None:
    worth = straight if linear else step

    def value(opened: tuple[int, ...]) -> float:
        return sum(
            int(a) * max((worth(float(row[j])) for j in opened), default=0.0)
            for a, row in zip(problem.people, problem.response_s, strict=True)
        )

    answer = decay_covering(problem, worth=TABLE, linear=linear)
    values = [value(opened) for opened in allowed(problem)]
    if not values:
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.chosen in allowed(problem)
    assert answer.objective == pytest.approx(max(values))
    assert value(answer.chosen) == pytest.approx(max(values))
    assert answer.bound == pytest.approx(max(values), abs=1.0)


@settings(deadline=None, max_examples=30)
@given(ruled_problems(most_sites=3), st.data())
def test_decay_with_capacities_shares_people_and_leaves_the_rest(
    bare: SitingProblem, data: st.DataObject
) -> None:
    """One row alone: what a site can serve of it is worth what the table says, the rest nothing."""
    one = replace(
        bare,
        response_s=bare.response_s[:1],
        people=bare.people[:1],
        limit_s=bare.limit_s[:1],
        floors=(),
        capacity=data.draw(hnp.arrays(np.int64, bare.sites, elements=st.integers(0, 60))),
    )
    answer = decay_covering(one, worth=TABLE)
    assert one.capacity is not None

    def value(opened: tuple[int, ...]) -> float:
        left, total = float(one.people[0]), 0.0
        for j in sorted(opened, key=lambda j: -step(one.response_s[0, j])):
            part = min(left, float(one.capacity[j]))  # type: ignore[index]  # set above
            left, total = left - part, total + part * step(one.response_s[0, j])
        return total

    values = [value(opened) for opened in allowed(one)]
    if not values:
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(max(values), abs=1e-3)


def test_a_table_of_one_step_is_maximal_covering() -> None:
    problem = county(floor_s=300.0)
    decay, cover = decay_covering(problem, worth=((300.0, 1.0),)), maximal_covering(problem)
    assert decay.objective == cover.objective
    assert decay.unmet == cover.unmet


def test_worth_counts_its_time_and_is_nothing_beyond_the_last() -> None:
    at = np.array([[10.0, 10.1, 30.0, 60.0, 60.1, np.inf]])
    for column, worth in enumerate([1.0, 0.75, 0.75, 0.25, 0.0, 0.0]):
        problem = SitingProblem(
            response_s=at[:, [column]],
            people=np.array([100]),
            limit_s=np.zeros(1),
            fixed=np.ones(1, bool),
            places=1,
        )
        answer = decay_covering(problem, worth=TABLE)
        assert answer.objective == pytest.approx(100 * worth)
        assert answer.unmet == (() if worth else (0,))


@pytest.mark.parametrize(
    "worth", [(), ((10.0, 0.5), (20.0, 0.6)), ((20.0, 0.6), (10.0, 0.5)), ((10.0, -0.1),), ((10.0, np.inf),)]
)
def test_a_table_that_rises_or_is_out_of_order_is_refused(worth: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="worth"):
        decay_covering(county(floor_s=300.0), worth=worth)


WEIGHTS = st.sampled_from([0.0, 0.0, 0.3, 1.0, 4.0])


@settings(deadline=None, max_examples=100)
@given(ruled_problems(), WEIGHTS, WEIGHTS, WEIGHTS)
def test_no_other_allowed_choice_has_a_better_mix(
    problem: SitingProblem, u: float, v: float, w: float
) -> None:
    if u == v == w == 0:
        return
    answer = weighted_mix(problem, uncovered=u, mean=v, worst=w, per_s=60.0)
    totals = [mixed(problem, opened, u, v, w) for opened in allowed(problem)]
    least = min(totals, default=np.inf)
    if np.isinf(least):
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.chosen in allowed(problem)
    assert answer.objective == pytest.approx(least)
    assert mixed(problem, answer.chosen, u, v, w) == pytest.approx(least)
    assert answer.bound == pytest.approx(least, rel=1e-5, abs=1e-9)


def mixed(problem: SitingProblem, opened: tuple[int, ...], u: float, v: float, w: float) -> float:
    """The measure by plain loops, a minute for ``per_s``; ``inf`` when somebody is not reached."""
    people = late = total = longest = 0.0
    for a, row, limit in zip(problem.people, problem.response_s, problem.limit_s, strict=True):
        if a and np.isfinite(row).any():
            nearest = min((row[j] for j in opened), default=np.inf)
            people += a
            late += a * (nearest > limit)
            total += a * nearest
            longest = max(longest, nearest)
    if np.isinf(longest):
        return float("inf")
    return float((u * late + v * total / 60) / max(1.0, people) + w * longest / 60)


def county(*, floor_s: float, n: int = 300, m: int = 25, p: int = 5) -> SitingProblem:
    g = np.random.default_rng(3)
    points, sites = g.random((n, 2)), g.random((m, 2))
    return SitingProblem(
        response_s=np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)) * 1800,
        people=g.integers(1, 500, n),
        limit_s=np.full(n, floor_s),
        fixed=np.arange(m) == 4,
        places=p,
    )


def test_a_mix_of_one_part_is_that_question() -> None:
    problem = county(floor_s=300.0)
    median, cover = p_median(problem).objective, maximal_covering(problem).objective
    people = float(problem.people.sum())
    assert median is not None
    assert cover is not None
    assert weighted_mix(problem, mean=1.0, per_s=60.0).objective == pytest.approx(median / people / 60)
    assert weighted_mix(problem, uncovered=1.0).objective == pytest.approx(1 - cover / people)


def test_a_longest_response_that_counts_more_is_never_longer() -> None:
    problem = county(floor_s=300.0)
    longest = []
    for weight in (0.0, 0.05, 0.3, 2.0):
        answer = weighted_mix(problem, mean=1.0, worst=weight)
        assert answer.status == "optimal"
        longest.append(float(problem.response_s[:, list(answer.chosen)].min(axis=1).max()))
    assert longest == sorted(longest, reverse=True)
    assert longest[-1] < longest[0]


def test_a_mix_stopped_at_once_says_so() -> None:
    answer = weighted_mix(county(floor_s=300.0), mean=1.0, worst=1.0, watch=Watch(60, lambda *_: True))
    assert answer.stopped_by == "user"
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.bound <= answer.objective


@pytest.mark.parametrize("weights", [{}, {"mean": -1.0}, {"mean": 1.0, "per_s": 0.0}])
def test_weights_of_nonsense_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        weighted_mix(county(floor_s=300.0), **weights)  # type: ignore[arg-type]  # weights only, no watch


def test_a_mix_with_capacities_is_refused() -> None:
    with pytest.raises(ValueError, match="capacity"):
        weighted_mix(replace(county(floor_s=300.0), capacity=np.full(25, 10**6)), mean=1.0)
