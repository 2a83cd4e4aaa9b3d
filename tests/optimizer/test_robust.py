"""Robust covering against an oracle that tries every choice, and what must hold whatever the roads do."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingProblem
from optimizer.rules import Floor
from optimizer.siting.planning_rules import apart, budget, group, requires
from optimizer.siting.robust import (
    Measure,
    RoadState,
    measured,
    price_of_robustness,
    robust_covering,
    stacked,
    whole_weights,
)
from optimizer.watch import Watch
from tests.optimizer.every_choice import allowed, covered_people, covered_rows

TIMES = st.sampled_from([5.0, 10.0, 20.0, np.inf])
TENTHS = st.lists(st.integers(1, 9), min_size=1, max_size=3)


@st.composite
def states(draw: st.DrawFn) -> list[RoadState]:
    """Up to three states of the roads over the same sites, rules in the first, a floor in the last."""
    parts = draw(TENTHS)
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    fixed = draw(hnp.arrays(bool, m))
    rules = [
        (),
        (apart("apart", range(m)),),
        (group("some", range(m), at_least=1),),
        requires("needs", 0, [m - 1]) if m > 1 else (),
        (budget(4, opening=np.arange(1.0, m + 1), closing=np.ones(m), existing=np.arange(m) == 0),),
    ]
    kept = draw(st.sampled_from(rules))
    places = draw(st.one_of(st.none(), st.integers(int(fixed.sum()), m)))
    found = []
    for s, part in enumerate(parts):
        rows = draw(st.integers(1, 4)) if s else n
        floor = Floor(name="floor", rows=np.array([0]), people=float(draw(st.integers(0, 9))))
        problem = SitingProblem(
            response_s=draw(
                hnp.arrays(float, (rows, m), elements=st.sampled_from([5.0, 10.0, 20.0, np.inf]))
            ),
            people=draw(hnp.arrays(np.int64, rows, elements=st.integers(0, 9))),
            limit_s=np.full(rows, 10.0),
            fixed=fixed,
            places=places,
            rules=kept,
            floors=(floor,) if s == len(parts) - 1 and draw(st.booleans()) else (),
        )
        found.append(RoadState(name=str(s), problem=problem, probability=part / sum(parts)))
    return found


def choices(found: list[RoadState]) -> list[tuple[int, ...]]:
    """Every choice that keeps the rules of the first state and the floors of all."""
    return [
        chosen
        for chosen in allowed(found[0].problem)
        if all(
            sum(int(state.problem.people[i]) for i in floor.rows if i in covered_rows(state.problem, chosen))
            >= floor.people
            for state in found
            for floor in state.problem.floors
        )
    ]


def plainly(found: list[RoadState], chosen: tuple[int, ...], measure: Measure, tail: float) -> float:
    """The measure by its definition: states from the worst up, until their probability makes up the tail."""
    covered = sorted((covered_people(state.problem, chosen), state.probability) for state in found)
    if measure == "worst":
        return covered[0][0]
    left = share = 1.0 if measure == "mean" else tail
    total = 0.0
    for people, probability in covered:
        part = min(left, probability)
        total, left = total + part * people, left - part
    return total / share


@settings(deadline=None, max_examples=150)
@given(states(), st.sampled_from(["mean", "worst", "cvar"]), st.sampled_from([0.05, 0.3, 0.5, 1.0]))
def test_no_other_choice_has_a_higher_measure(found: list[RoadState], measure: Measure, tail: float) -> None:
    """The answer keeps all rules and floors, is the best by trying all, and its bound proves it."""
    best = max((plainly(found, chosen, measure, tail) for chosen in choices(found)), default=None)
    robust = robust_covering(found, measure=measure, tail=tail)
    if best is None:
        assert robust.answer.status == "infeasible"
        return
    assert robust.answer.status == "optimal"
    assert robust.answer.chosen in choices(found)
    assert robust.answer.objective == pytest.approx(best)
    assert robust.answer.bound == pytest.approx(best, abs=1e-4)
    assert plainly(found, robust.answer.chosen, measure, tail) == pytest.approx(best)
    assert robust.covered == tuple(covered_people(s.problem, robust.answer.chosen) for s in found)


def test_half_a_person_more_is_nobody_more() -> None:
    """One place, one site in reach in each of two states: the relaxation covers half, a whole site nobody."""
    found = [
        RoadState(
            name=name,
            problem=SitingProblem(
                response_s=np.array([times]),
                people=np.ones(1, np.int64),
                limit_s=np.full(1, 10.0),
                fixed=np.zeros(2, bool),
                places=1,
            ),
            probability=0.5,
        )
        for name, times in (("dry", [20.0, 5.0]), ("wet", [5.0, 20.0]))
    ]
    answer = robust_covering(found, measure="worst").answer
    assert (answer.status, answer.objective, answer.bound) == ("optimal", 0.0, 0.0)


@settings(deadline=None, max_examples=60)
@given(states(), st.sampled_from([0.1, 0.6]))
def test_worst_is_below_tail_is_below_mean(found: list[RoadState], tail: float) -> None:
    """For any plan, and so for the best ones, one measure never exceeds the next."""
    answers = [robust_covering(found, measure=m, tail=tail).answer for m in ("worst", "cvar", "mean")]
    values = [answer.objective for answer in answers if answer.objective is not None]
    assert values == pytest.approx(sorted(values))


def square(*, closed: int, places: int = 4) -> list[RoadState]:
    """A hundred and fifty points, fourteen sites; each closed state takes a strip of roads away."""
    g = np.random.default_rng(5)
    points, sites = g.random((150, 2)), g.random((14, 2))
    away = np.hypot(*(points[:, None] - sites[None]).transpose(2, 0, 1)) * 1000
    ordinary = SitingProblem(
        response_s=away,
        people=g.integers(1, 99, 150),
        limit_s=np.full(150, 250.0),
        fixed=np.zeros(14, bool),
        places=places,
    )
    found = [RoadState(name="ordinary", problem=ordinary, probability=1 / (closed + 1))]
    for s in range(closed):
        line = (s + 1) / (closed + 1)
        cut = (points[:, 0] < line)[:, None] != (sites[:, 0] < line)[None, :]
        problem = replace(ordinary, response_s=np.where(cut, np.inf, away))
        found.append(RoadState(name=f"cut {s}", problem=problem, probability=1 / (closed + 1)))
    return found


def test_robust_is_never_above_nominal_and_both_prices_are_paid_the_right_way() -> None:
    """Closed roads only take away; each plan is best by its own measure."""
    found = square(closed=4)
    nominal = robust_covering([replace(found[0], probability=1.0)]).answer
    for measure in ("mean", "worst", "cvar"):
        robust = robust_covering(found, measure=measure, tail=0.4)
        assert robust.answer.objective is not None
        assert nominal.objective is not None
        assert robust.answer.objective <= nominal.objective
        price = price_of_robustness(found, robust, nominal)
        assert price.price >= 0
        assert price.gain >= -1e-6
        assert price.nominal_covered == nominal.objective
        assert price.robust_measure == pytest.approx(robust.answer.objective)


def test_equal_states_change_nothing() -> None:
    """Three copies of the ordinary day are the ordinary day by every measure."""
    one = square(closed=0)
    three = [replace(one[0], name=str(k), probability=1 / 3) for k in range(3)]
    nominal = robust_covering(one).answer
    for measure in ("mean", "worst", "cvar"):
        assert robust_covering(three, measure=measure).answer.objective == pytest.approx(nominal.objective)


def test_the_mean_is_the_coverage_of_the_stacked_problem() -> None:
    """Any coverage model gives the same plan worth, people counted in tenths here."""
    found = square(closed=3)
    found = [replace(s, probability=p) for s, p in zip(found, (0.4, 0.3, 0.2, 0.1), strict=True)]
    robust = robust_covering(found, measure="mean")
    assert whole_weights(np.array([0.4, 0.3, 0.2, 0.1])) == [4, 3, 2, 1]
    tenths = covered_people(stacked(found), robust.answer.chosen)
    assert robust.answer.objective == pytest.approx(tenths / 10)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=6))
def test_whole_weights_are_the_proportions_exactly(parts: list[int]) -> None:
    """Probabilities with a common denominator below ten thousand lose nothing."""
    weights = whole_weights(np.array(parts) / sum(parts))
    assert [Fraction(w, sum(weights)) for w in weights] == [Fraction(p, sum(parts)) for p in parts]


def test_a_deadline_leaves_a_bound_that_holds() -> None:
    """Stopped at once, the answer says so, and its bound is no less than the best."""
    found = square(closed=4)
    best = robust_covering(found, measure="worst").answer
    robust = robust_covering(found, measure="worst", watch=Watch(0.0)).answer
    assert best.objective is not None
    if robust.status == "feasible":
        assert robust.stopped_by == "time"
    if robust.bound is not None:
        assert robust.bound >= best.objective
    else:
        assert robust.status == "cancelled"


@pytest.mark.parametrize("tail", [0.0, -0.1, 1.5])
def test_a_tail_outside_0_to_1_is_refused(tail: float) -> None:
    with pytest.raises(ValueError, match="tail"):
        robust_covering(square(closed=1), measure="cvar", tail=tail)


def test_states_that_do_not_fit_are_refused() -> None:
    """Probabilities, sites and capacities are checked by name."""
    found = square(closed=1)
    with pytest.raises(ValueError, match="sum to 1"):
        robust_covering(found[:1] * 3)
    other = replace(found[1], problem=replace(found[1].problem, fixed=np.arange(14) < 1))
    with pytest.raises(ValueError, match="cut 0"):
        robust_covering([found[0], other])
    full = replace(found[1], problem=replace(found[1].problem, capacity=np.ones(14, np.int64)))
    with pytest.raises(ValueError, match="can serve"):
        robust_covering([found[0], full])


def test_the_measure_of_a_plan_by_hand() -> None:
    """Covered 100, 40, 10 with probabilities 0.5, 0.3, 0.2: the worst 0.4 average (2 + 8) / 0.4."""
    people = np.array([60, 30, 10])
    found = [
        RoadState(
            name=str(k),
            probability=probability,
            problem=SitingProblem(
                response_s=np.where(np.arange(3) >= k, 1.0, np.inf)[:, None],
                people=people,
                limit_s=np.ones(3),
                fixed=np.zeros(1, bool),
                places=1,
            ),
        )
        for k, probability in enumerate((0.5, 0.3, 0.2))
    ]
    assert measured(found, (0,), measure="cvar", tail=0.4) == pytest.approx((0.2 * 10 + 0.2 * 40) / 0.4)
    assert measured(found, (0,), measure="mean", tail=0.4) == pytest.approx(64)
    assert measured(found, (0,), measure="worst", tail=0.4) == 10
