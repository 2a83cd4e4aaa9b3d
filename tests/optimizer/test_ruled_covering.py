"""Covering under rules in one program, against every choice."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from optimizer.check import violations
from optimizer.problem import SitingProblem
from optimizer.siting.ruled_covering import ruled_covering
from tests.optimizer.every_choice import most_covered
from tests.optimizer.ruled import ruled_problems


@settings(deadline=None, max_examples=80)
@given(ruled_problems())
def test_no_other_choice_that_keeps_the_rules_covers_more(problem: SitingProblem) -> None:
    """The optimum by trying all, proven; infeasible just when nothing is allowed."""
    answer = ruled_covering(problem)
    best = most_covered(problem)
    assert answer.status == ("infeasible" if best is None else "optimal")
    assert answer.objective == best
    assert violations(problem, answer) == ()


@settings(deadline=None, max_examples=5)
@given(ruled_problems())
def test_capacities_are_refused(problem: SitingProblem) -> None:
    """One site serves all its rows here."""
    with pytest.raises(ValueError, match="capacity"):
        ruled_covering(replace(problem, capacity=np.ones(problem.sites, np.int64)))
