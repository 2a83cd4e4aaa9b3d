"""Phases: columns and rules mean what a planner means by years, against every way of opening sites."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.rules import Floor
from optimizer.siting.phased import Phase, Phased, phased
from optimizer.siting.planning_rules import group, requires
from tests.optimizer.every_choice import allowed, covered_people, covered_rows


def answer_of(chosen: tuple[int, ...]) -> SitingAnswer:
    return SitingAnswer(question="mclp", status="feasible", chosen=chosen, objective=None, bound=None)


@st.composite
def programmes(draw: st.DrawFn) -> Phased:
    n, m = draw(st.integers(1, 4)), 3
    problem = SitingProblem(
        response_s=draw(hnp.arrays(float, (n, m), elements=st.sampled_from([5.0, 10.0, 20.0, np.inf]))),
        people=draw(hnp.arrays(np.int64, n, elements=st.integers(0, 9))),
        limit_s=np.full(n, 10.0),
        fixed=np.arange(m) < draw(st.integers(0, 1)),
        rules=draw(st.sampled_from([(), requires("needs", 2, [1]), (group("one", [1, 2], at_least=1),)])),
        floors=draw(st.sampled_from([(), (Floor(name="row 0", rows=np.array([0]), people=5.0),)])),
    )
    first = draw(st.integers(int(problem.fixed.sum()), 3))
    phases = (
        Phase(name="2023", places=first, weight=draw(st.integers(1, 3))),
        Phase(name="2024", places=draw(st.integers(first, 3)), weight=draw(st.integers(1, 3))),
    )
    return phased(problem, phases)


def plans(programme: Phased) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every pair (open by the first year, open by the second) that the planner's words allow."""
    whole, (one, two) = programme.whole, programme.phases
    fixed = np.flatnonzero(whole.fixed).tolist()
    for opening in product([0, 1, 2], repeat=whole.sites):
        first = tuple(j for j, t in enumerate(opening) if t == 0 or j in fixed)
        second = tuple(j for j, t in enumerate(opening) if t <= 1 or j in fixed)
        if len(first) > one.places or len(second) > two.places:
            continue
        if any(rule.beyond(second) for rule in whole.rules):
            continue
        if any(rule.beyond(first) for rule in whole.rules if rule.name == "needs"):
            continue
        inside = set(covered_rows(whole, second))
        if all(
            sum(int(whole.people[i]) for i in floor.rows if i in inside) >= floor.people
            for floor in whole.floors
        ):
            yield first, second


@settings(deadline=None, max_examples=60)
@given(programmes())
def test_the_columns_allow_every_plan_by_years_and_no_other(programme: Phased) -> None:
    """Choices of columns, mapped back, are exactly the plans, each worth its weighted coverage."""
    found = set()
    for chosen in allowed(programme.problem):
        answer = answer_of(chosen)
        plan = programme.open_by(answer, 0), programme.open_by(answer, 1)
        worth = [
            phase.weight * covered_people(programme.whole, sites)
            for phase, sites in zip(programme.phases, plan, strict=True)
        ]
        assert covered_people(programme.problem, chosen) == sum(worth)
        assert programme.covered(answer).tolist() == [
            covered_people(programme.whole, sites) for sites in plan
        ]
        found.add(plan)
    assert found == set(plans(programme))


def line(**changes: object) -> SitingProblem:
    """Three villages with a site in each; 10, 20, 30 people; nobody covers a neighbour."""
    fields: dict[str, object] = {
        "response_s": np.where(np.eye(3, dtype=bool), 0.0, 60.0),
        "people": np.array([10, 20, 30]),
        "limit_s": np.full(3, 30.0),
        "fixed": np.zeros(3, bool),
    }
    return SitingProblem(**(fields | changes))  # type: ignore[arg-type]  # the dictionary mixes kinds on purpose


def test_people_of_a_year_and_rules_of_a_year_hold_in_that_year() -> None:
    """In 2024 the first village has 90 people; site 2 may open in 2024 alone."""
    late = group("not yet", [2], at_most=0)
    programme = phased(
        line(),
        [
            Phase(name="2023", places=1, rules=(late,)),
            Phase(name="2024", places=2, people=np.array([90, 20, 30])),
        ],
    )
    best = max(allowed(programme.problem), key=lambda chosen: covered_people(programme.problem, chosen))
    assert covered_people(programme.problem, best) == 10 + 90 + 30
    assert programme.opened(answer_of(best)).tolist() == [0, -1, 1]


def test_what_stands_stays_from_the_start_or_closes() -> None:
    """A standing site that is not fixed has one column, in the first phase."""
    programme = phased(
        line(),
        [Phase(name="a", places=1), Phase(name="b", places=1)],
        standing=np.array([True, False, False]),
    )
    assert (programme.phase[programme.site == 0]).tolist() == [0]


@pytest.mark.parametrize(
    ("phases", "message"),
    [
        ([], "at least one"),
        ([Phase(name="a", places=1), Phase(name="a", places=1)], "each name once"),
        ([Phase(name="a", places=2), Phase(name="b", places=1)], "do not shrink"),
        ([Phase(name="a", places=2, weight=0)], "weights"),
    ],
)
def test_phases_of_nonsense_are_refused(phases: list[Phase], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        phased(line(), phases)


def test_capacities_are_refused() -> None:
    """People of different years would fill one room."""
    with pytest.raises(ValueError, match="capacity"):
        phased(line(capacity=np.ones(3, np.int64)), [Phase(name="a", places=1)])
