"""The pool of plans against every choice, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.check import recomputed_objective
from optimizer.problem import SitingProblem
from optimizer.siting.pool import pool
from optimizer.siting.questions import model_of
from tests.optimizer.ruled import allowed, ruled_problems


@settings(deadline=None, max_examples=60)
@given(ruled_problems(), st.sampled_from(["mclp", "p_center", "p_median"]), st.sampled_from([0.0, 0.2, 0.5]))
def test_plans_differ_stay_within_the_gap_and_completeness_is_true(
    problem: SitingProblem, question: str, gap: float
) -> None:
    """Every plan is allowed, within the gap and different; a complete pool leaves out no allowed plan."""
    found = pool(problem, model_of(question), plans=4, gap=gap)  # type: ignore[arg-type]  # a question by name
    if not found.plans:
        assert found.complete
        return
    best, limit = found.plans[0], found.limit
    assert best.objective is not None
    assert limit is not None
    sign = -1 if question == "mclp" else 1
    assert sign * limit == pytest.approx(sign * best.objective + gap * abs(best.objective))
    free = [set(plan.chosen) - set(np.flatnonzero(problem.fixed).tolist()) for plan in found.plans]
    assert all(plan.chosen in allowed(problem) for plan in found.plans)
    assert all(sign * (plan.objective or 0.0) <= sign * limit + 1e-6 for plan in found.plans)
    assert all(len(free[a] - free[b]) >= found.differ for b in range(len(free)) for a in range(b))
    if found.complete:
        for opened in allowed(problem):
            worth = recomputed_objective(problem, replace(best, chosen=opened))
            different = all(len(plan - set(opened)) >= found.differ for plan in free)
            assert not different or sign * worth > sign * limit - 1e-6


def _pairs(**changes: object) -> SitingProblem:
    """Two villages, two sites at each: either of a pair will do."""
    near = np.array([[0.0, 10.0, 900.0, 900.0], [900.0, 900.0, 0.0, 10.0]])
    base = SitingProblem(
        response_s=near,
        people=np.array([50, 50]),
        limit_s=np.full(2, 60.0),
        fixed=np.zeros(4, np.bool_),
        places=2,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # any field by name


def test_by_hand_all_four_pairs_cover_everybody_and_no_fifth() -> None:
    found = pool(_pairs(), model_of("mclp"), plans=9, gap=0.0)
    assert {plan.chosen for plan in found.plans} == {(0, 2), (0, 3), (1, 2), (1, 3)}
    assert (found.differ, found.complete) == (1, True)
    apart = pool(_pairs(), model_of("mclp"), plans=9, gap=0.0, part=1.0)
    assert len(apart.plans) == apart.differ == 2
    assert apart.complete


def test_a_full_pool_claims_nothing_about_what_else_there_is() -> None:
    found = pool(_pairs(), model_of("mclp"), plans=2, gap=0.0)
    assert len(found.plans) == 2
    assert not found.complete


def test_a_question_without_a_plan_has_an_empty_complete_pool() -> None:
    found = pool(_pairs(places=1), model_of("lscp"))
    assert (found.plans, found.complete) == ((), True)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="plans >= 1"):
        pool(_pairs(), model_of("mclp"), plans=0)
