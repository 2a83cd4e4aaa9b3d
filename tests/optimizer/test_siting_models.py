"""Each siting model against an oracle that tries every choice, and against examples solved by hand."""

from collections.abc import Callable, Sequence
from itertools import chain, combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.check import recomputed_objective, violations
from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.center import p_center
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.median import p_median
from optimizer.siting.set_covering import set_covering
from optimizer.watch import Watch

TIMES = st.one_of(st.integers(0, 900).map(lambda ds: ds / 10), st.just(float("inf")))


@st.composite
def problems(draw: st.DrawFn, *, limited: bool = True, costs: bool = False) -> SitingProblem:
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    fixed = draw(hnp.arrays(bool, m))
    return SitingProblem(
        response_s=draw(hnp.arrays(float, (n, m), elements=TIMES)),
        people=draw(hnp.arrays(np.int64, n, elements=st.integers(0, 99))),
        limit_s=draw(hnp.arrays(float, n, elements=st.integers(0, 900).map(lambda ds: ds / 10))),
        fixed=fixed,
        places=int(fixed.sum()) + draw(st.integers(0, m)) if limited else None,
        cost=draw(hnp.arrays(float, m, elements=st.integers(0, 9))) if costs else None,
    )


def choices(problem: SitingProblem) -> list[tuple[int, ...]]:
    """Every allowed set of open sites."""
    fixed = tuple(np.flatnonzero(problem.fixed).tolist())
    free = problem.free.tolist()
    most = problem.may_open
    return [
        fixed + more for more in chain.from_iterable(combinations(free, size) for size in range(most + 1))
    ]


def worth(problem: SitingProblem, question: str, chosen: Sequence[int]) -> float | None:
    """The question's measure of a choice, by the plainest loops; ``None`` = not allowed."""
    best = [min((problem.response_s[i, j] for j in chosen), default=np.inf) for i in range(problem.rows)]
    anyone = np.isfinite(problem.response_s).any(axis=1)
    if question == "mclp":
        return sum(int(a) for a, b, r in zip(problem.people, best, problem.limit_s, strict=True) if b <= r)
    if question == "lscp":
        met = all(b <= r for b, r in zip(best, problem.limit_s, strict=True))
        cost = np.ones(problem.sites) if problem.cost is None else problem.cost
        return sum(cost[j] for j in chosen) if met else None
    count = anyone & ((problem.people > 0) | (question == "p_center"))
    served = [(int(a), b) for a, b, c in zip(problem.people, best, count, strict=True) if c]
    if any(np.isinf(b) for _, b in served):
        return None
    return sum(a * b for a, b in served) if question == "p_median" else max((b for _, b in served), default=0)


def agrees(problem: SitingProblem, answer: SitingAnswer, best: Callable[[list[float]], float]) -> None:
    """The answer is the best choice with its own bound as proof, and the checker agrees."""
    allowed = [v for v in (worth(problem, answer.question, c) for c in choices(problem)) if v is not None]
    if not allowed:
        assert answer.status == "infeasible"
        assert answer.unmet
        return
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(best(allowed), abs=1e-6)
    assert answer.bound == pytest.approx(answer.objective, abs=0.11)
    assert worth(problem, answer.question, answer.chosen) == pytest.approx(answer.objective, abs=1e-6)
    assert violations(problem, answer) == ()


@settings(deadline=None, max_examples=100)
@given(problems())
def test_no_other_choice_covers_more_people(problem: SitingProblem) -> None:
    agrees(problem, maximal_covering(problem), max)


@settings(deadline=None, max_examples=100)
@given(problems(limited=False, costs=True))
def test_no_other_choice_covers_everybody_for_less(problem: SitingProblem) -> None:
    agrees(problem, set_covering(problem), min)


@settings(deadline=None, max_examples=80)
@given(problems(limited=True))
def test_no_fewer_sites_cover_everybody_within_the_places(problem: SitingProblem) -> None:
    agrees(problem, set_covering(problem), min)


@settings(deadline=None, max_examples=100)
@given(problems())
def test_no_other_choice_makes_people_wait_less_in_all(problem: SitingProblem) -> None:
    agrees(problem, p_median(problem), min)


@settings(deadline=None, max_examples=100)
@given(problems())
def test_no_other_choice_has_a_shorter_longest_response(problem: SitingProblem) -> None:
    agrees(problem, p_center(problem), min)


@settings(deadline=None, max_examples=60)
@given(problems(limited=False, costs=True), st.sampled_from([0.25, 0.5, 0.9]))
def test_partial_covering_is_the_cheapest_that_reaches_the_share(
    problem: SitingProblem, share: float
) -> None:
    assert problem.cost is not None
    answer = set_covering(problem, share=share)
    people = {c: worth(problem, "mclp", c) for c in choices(problem)}
    enough = [sum(problem.cost[list(c)]) for c, a in people.items() if a >= share * problem.people.sum()]
    if not enough:
        assert answer.status == "infeasible"
    else:
        assert answer.objective == pytest.approx(min(enough))
        assert violations(problem, answer, share=share) == ()


@settings(deadline=None, max_examples=40)
@given(problems(), st.integers(0, 899).map(lambda ds: ds / 10))
def test_a_further_candidate_never_hurts(problem: SitingProblem, time_s: float) -> None:
    more = SitingProblem(
        response_s=np.column_stack([problem.response_s, np.full(problem.rows, time_s)]),
        people=problem.people,
        limit_s=problem.limit_s,
        fixed=np.append(problem.fixed, False),
        places=problem.places,
    )
    assert (maximal_covering(more).objective or 0) >= (maximal_covering(problem).objective or 0)


def line(*, places: int | None, limit_s: float = 300.0, fixed: tuple[int, ...] = ()) -> SitingProblem:
    """Five villages on a road, 2 minutes apart, a site in each; 10, 20, 30, 40, 50 people."""
    at = np.arange(5) * 120.0
    return SitingProblem(
        response_s=abs(at[:, None] - at[None, :]),
        people=np.array([10, 20, 30, 40, 50]),
        limit_s=np.full(5, limit_s),
        fixed=np.isin(np.arange(5), fixed),
        places=places,
    )


def test_by_hand_coverage_on_a_line_counts_the_limit_itself() -> None:
    assert maximal_covering(line(places=1, limit_s=240)).objective == 150
    assert maximal_covering(line(places=1, limit_s=239.9)).objective == 120
    assert maximal_covering(line(places=1, limit_s=119)).objective == 50


def test_by_hand_existing_site_is_kept_and_counted() -> None:
    answer = maximal_covering(line(places=2, limit_s=120, fixed=(0,)))
    assert answer.chosen == (0, 3)
    assert answer.objective == 150


def test_by_hand_two_sites_cover_the_line() -> None:
    answer = set_covering(line(places=None, limit_s=120))
    assert (answer.objective, answer.bound) == (2, 2)


def test_by_hand_median_and_center_of_the_line() -> None:
    median, center = p_median(line(places=1)), p_center(line(places=1))
    assert (median.chosen, median.objective) == ((3,), 120 * (30 + 40 + 30 + 50))
    assert (center.chosen, center.objective) == ((2,), 240)


def test_points_that_nobody_reaches_are_named_not_hidden() -> None:
    base = line(places=1)
    response_s = base.response_s.copy()
    response_s[4] = np.inf
    cut = SitingProblem(
        response_s=response_s, people=base.people, limit_s=base.limit_s, fixed=base.fixed, places=1
    )
    assert maximal_covering(cut).unmet == (4,)
    assert p_median(cut).unmet == p_center(cut).unmet == (4,)
    assert p_median(cut).status == "optimal"
    answer = set_covering(cut)
    assert (answer.status, answer.unmet) == ("infeasible", (4,))


def test_too_few_places_name_who_stays_out() -> None:
    answer = set_covering(line(places=1, limit_s=120))
    assert answer.status == "infeasible"
    assert len(answer.unmet) == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("chosen", (0, 0)),
        ("chosen", (0, 9)),
        ("chosen", (1, 2, 3)),
        ("objective", 151.0),
        ("bound", 100.0),
        ("status", "optimal"),
    ],
)
def test_the_checker_finds_a_changed_answer(field: str, value: Any) -> None:
    problem = line(places=2, limit_s=120, fixed=(0,))
    good: dict[str, Any] = {
        "question": "mclp",
        "status": "feasible",
        "chosen": (0, 3),
        "objective": 150.0,
        "bound": 152.0,
    }
    assert violations(problem, SitingAnswer(**good)) == ()
    assert violations(problem, SitingAnswer(**{**good, field: value}))


def test_the_checker_knows_when_somebody_is_never_reached() -> None:
    problem = line(places=1)
    answer = SitingAnswer(question="p_center", status="optimal", chosen=(), objective=0.0, bound=0.0)
    assert recomputed_objective(problem, answer) == float("inf")
    assert violations(problem, answer)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"people": np.array([-1, 1, 1, 1, 1])}, "people"),
        ({"people": np.array([1])}, "people"),
        ({"places": 0, "fixed": np.array([True] * 5)}, "places"),
        ({"response_s": np.full((5, 5), np.nan)}, "NaN"),
        ({"response_s": np.full((5, 5), -1.0)}, "negative"),
        ({"cost": np.full(5, np.inf)}, "cost"),
    ],
)
def test_impossible_problems_are_refused_by_name(changes: dict[str, Any], message: str) -> None:
    base = line(places=2)
    fields = ("response_s", "people", "limit_s", "fixed", "places", "cost")
    with pytest.raises(ValueError, match=message):
        SitingProblem(**{**{name: getattr(base, name) for name in fields}, **changes})


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_outside_0_to_1_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        set_covering(line(places=2), share=share)


def stop_at_once(phase: str, done: float, bound: float | None = None, incumbent: float | None = None) -> bool:
    return True


def test_a_request_to_stop_ends_with_a_bound_and_says_so() -> None:
    g = np.random.default_rng(1)
    places, sites = g.random((400, 2)), g.random((60, 2))
    problem = SitingProblem(
        response_s=np.hypot(*(places[:, None] - sites[None]).transpose(2, 0, 1)) * 1000,
        people=g.integers(1, 99, 400),
        limit_s=np.full(400, 300.0),
        fixed=np.zeros(60, bool),
        places=9,
    )
    answer = p_median(problem, watch=Watch(60, stop_at_once))
    assert answer.stopped_by == "user"
    assert answer.bound is not None
    assert answer.objective is not None
    assert answer.bound <= answer.objective
    assert violations(problem, answer) == ()
