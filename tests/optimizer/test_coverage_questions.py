"""Coverage once, twice, expected, by capacity; rules and floors; against oracles that try every choice."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.rules import Floor, Rule
from optimizer.siting.backup import backup_covering
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.expected import expected_covering
from optimizer.watch import Watch

TIMES = st.one_of(st.integers(0, 900).map(lambda ds: ds / 10), st.just(float("inf")))


@st.composite
def rules(draw: st.DrawFn, sites: int) -> tuple[Rule, ...]:
    """Up to three lines over some sites, with a limit from either side or both."""
    found = []
    for k in range(draw(st.integers(0, 3))):
        some = draw(st.lists(st.integers(0, sites - 1), unique=True, max_size=sites))
        amount = draw(hnp.arrays(float, len(some), elements=st.integers(-2, 5)))
        least = draw(st.one_of(st.just(-np.inf), st.integers(-2, 4)))
        most = draw(st.one_of(st.just(np.inf), st.integers(0, 6)))
        if least <= most:
            rule = Rule(
                name=str(k), sites=np.array(some, np.int64), amount=amount, at_least=least, at_most=most
            )
            found.append(rule)
    return tuple(found)


@st.composite
def problems(draw: st.DrawFn, *, capacity: bool = False) -> SitingProblem:
    """Up to six rows and five sites with rules and floors that may or may not be kept."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    fixed = draw(hnp.arrays(bool, m))
    people = draw(hnp.arrays(np.int64, n, elements=st.integers(0, 30)))
    rows = draw(st.lists(st.integers(0, n - 1), unique=True))
    floor = Floor(name="f", rows=np.array(rows, np.int64), people=draw(st.integers(0, 40)))
    return SitingProblem(
        response_s=draw(hnp.arrays(float, (n, m), elements=TIMES)),
        people=people,
        limit_s=draw(hnp.arrays(float, n, elements=st.integers(0, 900).map(lambda ds: ds / 10))),
        fixed=fixed,
        places=draw(st.one_of(st.none(), st.integers(0, m).map(lambda more: int(fixed.sum()) + more))),
        rules=draw(rules(m)),
        floors=(floor,) if draw(st.booleans()) else (),
        capacity=draw(hnp.arrays(np.int64, m, elements=st.integers(0, 40))) if capacity else None,
    )


def allowed(problem: SitingProblem, most: int = 1) -> Iterator[tuple[int, ...]]:
    """Units by site of every choice that keeps places, fixed sites, rules and floors."""
    covers = problem.covers()
    for units in product(range(most + 1), repeat=problem.sites):
        opened = [j for j, u in enumerate(units) if u]
        if any(problem.fixed[j] and not units[j] for j in range(problem.sites)):
            continue
        if problem.places is not None and sum(units) > problem.places:
            continue
        if any(rule.beyond(opened) for rule in problem.rules):
            continue
        covered = {i for i in range(problem.rows) for j in opened if covers[i, j]}
        if all(
            sum(int(problem.people[i]) for i in floor.rows if i in covered) >= floor.people
            for floor in problem.floors
        ):
            yield units


def worth(problem: SitingProblem, units: tuple[int, ...], of: list[float]) -> float:
    """People times what their covers are worth, by the plainest loops."""
    covers = problem.covers()
    total = 0.0
    for i in range(problem.rows):
        times = sum(u for j, u in enumerate(units) if covers[i, j])
        total += int(problem.people[i]) * sum(of[:times])
    return total


def is_best(problem: SitingProblem, answer: SitingAnswer, of: list[float], most: int = 1) -> None:
    """The answer is the best of all allowed choices and its bound says so."""
    every = {units: worth(problem, units, of) for units in allowed(problem, most)}
    if not every:
        assert answer.status == "infeasible"
        assert answer.chosen == ()
        return
    assert answer.status == "optimal"
    units = dict(zip(answer.chosen, answer.units or [1] * len(answer.chosen), strict=True))
    chosen = tuple(units.get(j, 0) for j in range(problem.sites))
    assert chosen in every
    best = max(every.values())
    assert answer.objective == pytest.approx(every[chosen], abs=1e-9)
    assert answer.objective == pytest.approx(best, abs=1e-4)
    assert answer.bound == pytest.approx(best, abs=1e-4)


@settings(deadline=None, max_examples=200)
@given(problems())
def test_no_choice_that_keeps_the_rules_covers_more(problem: SitingProblem) -> None:
    is_best(problem, maximal_covering(problem), [1.0] + [0.0] * 9)


@settings(deadline=None, max_examples=120)
@given(problems(), st.sampled_from([0.0, 0.2, 0.5]))
def test_no_choice_is_better_covered_twice(problem: SitingProblem, second: float) -> None:
    is_best(problem, backup_covering(problem, second=second), [1 - second, second] + [0.0] * 9)


@settings(deadline=None, max_examples=120)
@given(problems(), st.sampled_from([0.0, 0.3, 0.6]), st.integers(1, 2))
def test_no_units_can_be_expected_to_cover_more(problem: SitingProblem, busy: float, most: int) -> None:
    answer = expected_covering(problem, busy=busy, most=most)
    is_best(problem, answer, [(1 - busy) * busy**k for k in range(11)], most)
    assert all(1 <= units <= most for units in answer.units)


@settings(deadline=None, max_examples=80)
@given(problems(capacity=True))
def test_no_choice_serves_more_people_with_what_the_sites_can_serve(problem: SitingProblem) -> None:
    """The flow between rows and open sites is found by trying, for each set of rows, who could serve it."""
    answer = maximal_covering(problem)
    every = {units: _served(problem, units) for units in allowed(problem)}
    if not every:
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    chosen = tuple(int(j in answer.chosen) for j in range(problem.sites))
    assert answer.objective == answer.bound == every[chosen] == max(every.values())


def _served(problem: SitingProblem, units: tuple[int, ...]) -> int:
    """Smallest cut: rows given up at their people, the others at the capacity of all who reach them."""
    assert problem.capacity is not None
    covers, cuts = problem.covers(), []
    for kept in product((False, True), repeat=problem.rows):
        through = {j for i, k in enumerate(kept) if k for j, u in enumerate(units) if u and covers[i, j]}
        room = sum(int(problem.capacity[j]) for j in through)
        cuts.append(room + sum(int(problem.people[i]) for i, k in enumerate(kept) if not k))
    return min(cuts)


def line(**changes: object) -> SitingProblem:
    """Five villages on a road, 2 minutes apart, a site in each; 10, 20, ... 50 people; limit 2 minutes."""
    at = np.arange(5) * 120.0
    given: dict[str, object] = {
        "response_s": abs(at[:, None] - at[None, :]),
        "people": np.array([10, 20, 30, 40, 50]),
        "limit_s": np.full(5, 120.0),
        "fixed": np.zeros(5, bool),
        "places": 2,
        **changes,
    }
    return SitingProblem(**given)  # type: ignore[arg-type]  # a test's own words


def test_by_hand_two_sites_back_each_other_up() -> None:
    """Sites 2 and 3 (from 0) cover 140 people, 70 of them twice; 3 and 4 cover 120 and 90."""
    answer = backup_covering(line(), second=0.4)
    assert answer.chosen == (2, 3)
    assert answer.objective == pytest.approx(0.6 * 140 + 0.4 * 70)


def test_by_hand_two_units_at_the_best_site_are_expected_to_cover_most() -> None:
    """One site for two units: 1 - 0.5^2 of the 120 people around it; apart, two of four villages have two."""
    answer = expected_covering(line(), busy=0.5)
    assert (answer.chosen, answer.units) == ((3,), (2,))
    assert answer.objective == pytest.approx(0.75 * 120)
    apart = expected_covering(line(), busy=0.5, most=1)
    assert (apart.chosen, apart.units) == ((2, 3), (1, 1))
    assert apart.objective == pytest.approx(0.5 * 20 + 0.75 * 70 + 0.5 * 50)


def test_by_hand_an_exclusion_moves_a_site() -> None:
    apart = Rule(name="apart", sites=np.array([0, 1, 3, 4]), amount=np.ones(4), at_most=1.0)
    assert maximal_covering(line()).objective == 150
    answer = maximal_covering(line(rules=(apart,)))
    assert answer.objective == 140
    assert 2 in answer.chosen


def test_by_hand_a_floor_brings_a_site_to_the_small_villages() -> None:
    """One site for 120 people leaves the first two villages out; their floor costs 30 of them."""
    floor = Floor(name="west", rows=np.array([0, 1]), people=20)
    assert maximal_covering(line(places=1)).objective == 120
    assert maximal_covering(line(places=1, floors=(floor,))).objective == 90


def test_by_hand_capacity_is_shared() -> None:
    answer = maximal_covering(line(capacity=np.full(5, 60)))
    assert answer.objective == 120


def test_rules_that_contradict_each_other_are_infeasible_not_an_error() -> None:
    none = Rule(name="none", sites=np.arange(5), amount=np.ones(5), at_most=0.0)
    some = Rule(name="some", sites=np.array([2]), amount=np.ones(1), at_least=1.0)
    for answer in (
        maximal_covering(line(rules=(none, some))),
        backup_covering(line(rules=(none, some))),
        expected_covering(line(rules=(none, some)), busy=0.3),
        maximal_covering(line(rules=(none, some), capacity=np.full(5, 9))),
    ):
        assert (answer.status, answer.chosen, answer.objective) == ("infeasible", (), None)


def test_impossible_questions_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="second"):
        backup_covering(line(), second=0.6)
    with pytest.raises(ValueError, match="busy"):
        expected_covering(line(), busy=1.0)
    with pytest.raises(ValueError, match="most"):
        expected_covering(line(places=None), busy=0.5)
    with pytest.raises(ValueError, match="most"):
        expected_covering(line(), busy=0.5, most=0)
    for model in (backup_covering, lambda problem: expected_covering(problem, busy=0.5)):
        with pytest.raises(ValueError, match="capacity"):
            model(line(capacity=np.ones(5, np.int64)))


def test_a_request_to_stop_ends_with_a_bound_and_says_so() -> None:
    g = np.random.default_rng(1)
    points, sites = g.random((900, 2)), g.random((80, 2))
    problem = SitingProblem(
        response_s=np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)) * 1000,
        people=g.integers(1, 99, 900),
        limit_s=np.full(900, 130.0),
        fixed=np.zeros(80, bool),
        places=9,
    )
    answer = maximal_covering(problem, watch=Watch(60, lambda *_: True))
    assert (answer.status, answer.stopped_by) == ("feasible", "user")
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.objective < answer.bound <= problem.people.sum()
