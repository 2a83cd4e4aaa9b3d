"""What the coverage questions answer alike: sites in the planner's numbers, people, bound, who stays out."""

import numpy as np

from optimizer.problem import Question, SitingAnswer, SitingProblem
from optimizer.siting.coverage_search import Covered
from optimizer.solver import PROVEN_GAP
from optimizer.watch import Watch


def answered(
    problem: SitingProblem,
    question: Question,
    found: Covered | None,
    watch: Watch,
    *,
    stacked: bool = False,
) -> SitingAnswer:
    """The answer to a question from what the search found; ``stacked`` where sites may have several units."""
    unmet = beyond_reach(problem)
    if found is None:
        return nothing_allowed(question, unmet, watch)
    opened = np.flatnonzero(found.units)
    return SitingAnswer(
        question=question,
        status="optimal" if found.bound - found.value <= PROVEN_GAP * max(1.0, found.value) else "feasible",
        chosen=tuple(opened.tolist()),
        objective=found.value,
        bound=found.bound,
        unmet=unmet,
        stopped_by=found.stopped_by,
        units=tuple(found.units[opened].tolist()) if stacked else (),
    )


def nothing_allowed(question: Question, unmet: tuple[int, ...], watch: Watch) -> SitingAnswer:
    """No choice keeps the rules and floors, or none was found before the search had to stop."""
    stopped_by = watch.stopped_by
    return SitingAnswer(
        question=question,
        status="cancelled" if stopped_by else "infeasible",
        chosen=(),
        objective=None,
        bound=None,
        unmet=unmet,
        stopped_by=stopped_by,
    )


def beyond_reach(problem: SitingProblem) -> tuple[int, ...]:
    """Rows that no site covers."""
    return tuple(np.flatnonzero(~problem.covers().any(axis=1)).tolist())
