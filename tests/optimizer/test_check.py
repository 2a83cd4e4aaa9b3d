"""The checker passes what models answer to every question, and finds what is changed in it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.check import recomputed_objective, violations
from optimizer.check_layouts import (
    hosted_violations,
    phased_violations,
    relocation_violations,
    robust_violations,
)
from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.rules import Floor
from optimizer.siting.asked import Asked
from optimizer.siting.backup import backup_covering
from optimizer.siting.center import p_center
from optimizer.siting.coverage import maximal_covering
from optimizer.siting.decay import decay_covering
from optimizer.siting.expected import expected_covering
from optimizer.siting.force_rules import Force, Room
from optimizer.siting.forces import hosted
from optimizer.siting.median import p_median
from optimizer.siting.mix import weighted_mix
from optimizer.siting.phased import Phase, phased
from optimizer.siting.planning_rules import apart, group
from optimizer.siting.relocation import relocatable
from optimizer.siting.robust import RoadState, RobustAnswer, robust_covering
from optimizer.siting.set_covering import set_covering
from tests.optimizer.ruled import ruled_problems

TABLE = ((10.0, 1.0), (30.0, 0.6), (80.0, 0.25))
QUESTIONS: dict[str, tuple[Asked, Callable[[SitingProblem], SitingAnswer]]] = {
    "lscp": (Asked(question="lscp", share=0.7), lambda p: set_covering(p, share=0.7)),
    "mclp": (Asked(question="mclp"), maximal_covering),
    "backup": (Asked(question="backup", second=0.3), lambda p: backup_covering(p, second=0.3)),
    "mexclp": (Asked(question="mexclp", busy=0.4, units=2), lambda p: expected_covering(p, busy=0.4, most=2)),
    "decay": (Asked(question="decay", worth=TABLE), lambda p: decay_covering(p, worth=TABLE)),
    "p_median": (Asked(question="p_median"), p_median),
    "p_center": (Asked(question="p_center"), p_center),
    "mix": (
        Asked(question="mix", uncovered=2.0, mean=1.0, worst=0.5, per_s=60.0),
        lambda p: weighted_mix(p, uncovered=2.0, mean=1.0, worst=0.5, per_s=60.0),
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
@settings(deadline=None, max_examples=25)
@given(problem=ruled_problems(costs=True))
def test_answers_of_all_models_hold(question: str, problem: SitingProblem) -> None:
    """Under drawn rules and floors nothing is found wrong, and a better figure is believed of none."""
    asked, model = QUESTIONS[question]
    answer = model(problem)
    assert violations(problem, answer, asked) == ()
    if answer.objective is None:
        return
    assert recomputed_objective(problem, answer, asked) == pytest.approx(answer.objective)
    more = 1 if asked.more_is_better else -1
    assert violations(problem, replace(answer, objective=answer.objective + more), asked)
    bound = answer.objective - more
    assert any("bound" in text for text in violations(problem, replace(answer, bound=bound), asked))


@pytest.mark.parametrize("question", ["mclp", "p_median", "decay"])
@settings(deadline=None, max_examples=30)
@given(problem=ruled_problems(), data=st.data())
def test_answers_under_capacities_hold(question: str, problem: SitingProblem, data: st.DataObject) -> None:
    """The best sharing of people between the open sites gives the model's own figure."""
    asked, model = QUESTIONS[question]
    room = data.draw(hnp.arrays(np.int64, problem.sites, elements=st.integers(0, 200)))
    tight = replace(problem, capacity=room)
    assert violations(tight, model(tight), asked) == ()


def line() -> SitingProblem:
    """Three villages with a site in each; 10, 20, 30 people; nobody covers a neighbour."""
    return SitingProblem(
        response_s=np.where(np.eye(3, dtype=bool), 0.0, 60.0),
        people=np.array([10, 20, 30]),
        limit_s=np.full(3, 30.0),
        fixed=np.zeros(3, bool),
        places=2,
    )


def covering(chosen: tuple[int, ...], people: float) -> SitingAnswer:
    return SitingAnswer(question="mclp", status="feasible", chosen=chosen, objective=people, bound=60.0)


def test_a_broken_rule_and_a_missed_floor_are_named_with_their_amounts() -> None:
    """Two sites of a pair that must be apart; a village of ten people left out."""
    problem = replace(
        line(),
        rules=(apart("apart: 1, 2", [1, 2]),),
        floors=(Floor(name="village 0", rows=np.array([0]), people=10.0),),
    )
    found = violations(problem, covering((1, 2), 50.0))
    assert "rule apart: 1, 2 is broken by 1" in found
    assert "floor village 0: 0 people are covered, want 10" in found


def test_units_are_counted_and_limited() -> None:
    """Two units at one site are two of the places; three are one too many."""
    asked = Asked(question="mexclp", busy=0.5, units=2)
    answer = SitingAnswer(
        question="mexclp", status="feasible", chosen=(2,), objective=22.5, bound=60.0, units=(2,)
    )
    assert violations(line(), answer, asked) == ()
    assert violations(line(), replace(answer, units=(3,)), asked)
    assert violations(replace(line(), places=1), answer, asked)
    assert violations(line(), replace(answer, units=(1, 1)), asked)


def test_an_answer_to_another_question_is_refused() -> None:
    assert violations(line(), covering((2,), 30.0), Asked(question="p_median"))


def test_years_are_checked_in_a_planners_terms() -> None:
    """Twenty in the second year count once, thirty from the first count twice."""
    programme = phased(
        replace(line(), floors=(Floor(name="village 1", rows=np.array([1]), people=20.0),)),
        [Phase(name="2023", places=1), Phase(name="2024", places=2)],
    )
    answer = maximal_covering(programme.problem)
    assert programme.covered(answer).tolist() == [30, 50]
    assert phased_violations(programme, answer) == ()
    assert phased_violations(programme, replace(answer, objective=110.0))
    early = tuple(np.flatnonzero(programme.phase == 0).tolist())
    assert any("2023" in text for text in phased_violations(programme, replace(answer, chosen=early[:2])))


def test_teams_are_checked_in_a_planners_terms() -> None:
    """A team more than there are is found, and so is a place too many."""
    fire = Force(
        name="fire",
        response_s=line().response_s,
        people=line().people,
        limit_s=line().limit_s,
        teams=2,
        hosts=np.ones(3, bool),
        standing=np.zeros(3, np.int64),
    )
    room = Room(existing=np.zeros(3, bool), places=1)
    both = hosted([fire], room)
    answer = maximal_covering(both.problem)
    assert answer.objective == 30
    assert hosted_violations(both, room, answer) == ()
    wider = hosted([fire], replace(room, places=2))
    two = maximal_covering(wider.problem)
    assert hosted_violations(wider, replace(room, places=2), two) == ()
    assert any("new places" in text for text in hosted_violations(wider, room, two))
    fewer = replace(wider, forces=(replace(fire, teams=1),))
    assert any("teams of fire" in text for text in hosted_violations(fewer, replace(room, places=2), two))


def test_moves_are_checked_in_a_planners_terms() -> None:
    """Moving the station of the smallest village to the largest costs 5; a budget of 4 is broken by it."""
    moves = relocatable(
        replace(line(), places=1),
        existing=np.arange(3) < 1,
        opening=np.full(3, 9.0),
        closing=np.full(3, 9.0),
        moving={0: 5.0},
        budget=6.0,
    )
    answer = maximal_covering(moves.problem)
    assert moves.moves(answer) == ((0, 2),)
    assert relocation_violations(moves, answer, budget=6.0) == ()
    assert any("budget" in text for text in relocation_violations(moves, answer, budget=4.0))


@pytest.mark.parametrize(
    "changes",
    [
        {"covered": (60, 30)},
        {"measure": "worst"},
        {"answer": {"chosen": (0, 1)}},
        {"answer": {"objective": 41.0}},
        {"answer": {"bound": 30.0}},
    ],
)
def test_changed_robust_answers_are_found(changes: dict[str, Any]) -> None:
    """Coverage by state, measure, sites and bound are all recomputed."""
    cut = replace(line(), response_s=np.where(np.arange(3) == 2, np.inf, line().response_s))
    states = [
        RoadState(name="ordinary", problem=line(), probability=0.5),
        RoadState(name="cut", problem=cut, probability=0.5),
    ]
    robust = robust_covering(states, measure="mean")
    assert robust.answer.objective == 35.0
    assert robust_violations(states, robust) == ()
    answer = replace(robust.answer, **changes.pop("answer", {}))
    changed: RobustAnswer = replace(robust, answer=answer, **changes)
    assert robust_violations(states, changed)


def test_a_floor_of_one_group_of_sites_is_kept_by_the_models_too() -> None:
    """At least one of the first two sites, though the third covers most."""
    problem = replace(line(), places=1, rules=(group("first two", [0, 1], at_least=1),))
    answer = maximal_covering(problem)
    assert (answer.chosen, violations(problem, answer)) == ((1,), ())
