"""Curves and reasons where rules and floors hold, against every choice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.check import recomputed_objective
from optimizer.problem import Question, SitingProblem
from optimizer.siting.coverage_problem import lean
from optimizer.siting.marginal import marginal_curve, replace_places
from optimizer.siting.questions import model_of
from optimizer.siting.reasons import reasons
from optimizer.siting.set_covering import answer_of, least_covering, set_covering
from optimizer.watch import Watch
from tests.optimizer.ruled import allowed, covered, ruled_problems

COVERAGE: Question = "mclp"


def _most(problem: SitingProblem, choices: list[tuple[int, ...]]) -> int | None:
    rows = np.arange(problem.rows)
    return max((covered(problem, opened, rows) for opened in choices), default=None)


@settings(deadline=None, max_examples=60)
@given(ruled_problems())
def test_each_point_of_the_curve_is_the_best_allowed_choice_of_its_number(problem: SitingProblem) -> None:
    """Where rules or floors need more sites the point is infeasible, otherwise it is proven."""
    for point in marginal_curve(problem, model_of(COVERAGE), upto=4):
        places = int(problem.fixed.sum()) + point.opened
        most = _most(problem, allowed(replace_places(problem, places)))
        assert point.answer.objective == most
        assert point.answer.status == ("infeasible" if most is None else "optimal")


@settings(deadline=None, max_examples=60)
@given(ruled_problems(), st.sampled_from(["mclp", "p_center"]))
def test_a_reason_is_the_best_allowed_choice_without_the_site(
    problem: SitingProblem, question: Question
) -> None:
    """A site that a rule or a floor needs has no plan without it."""
    model = model_of(question)
    answer = model(problem, Watch())
    for reason in reasons(problem, answer, model):
        rest = [opened for opened in allowed(problem) if not set(reason.columns) & set(opened)]
        without = reason.without
        if without.objective is None:
            assert without.status == "infeasible"
            assert question == "p_center" or not rest
            continue
        assert without.chosen in rest
        assert answer.objective is not None
        if question == "mclp":
            assert without.objective == _most(problem, rest)
            assert without.objective <= answer.objective
        else:
            assert recomputed_objective(problem, without) == pytest.approx(without.objective)


@settings(deadline=None, max_examples=60)
@given(ruled_problems(), st.sampled_from([1.0, 0.8]))
def test_packed_rows_give_the_set_covering_of_the_whole_problem(problem: SitingProblem, share: float) -> None:
    """The same cost, bound and status from groups as from times."""
    dense = set_covering(problem, share=share)
    packed = answer_of(least_covering(lean(problem), share=share), problem.fixed, None)
    assert (packed.status, packed.objective, packed.bound) == (dense.status, dense.objective, dense.bound)
