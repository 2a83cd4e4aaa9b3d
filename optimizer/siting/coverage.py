"""Maximal covering: how many people a few sites cover (MCLP)."""

from dataclasses import replace

import numpy as np

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.capacitated import capacitated_covering
from optimizer.siting.coverage_answer import answered
from optimizer.siting.coverage_problem import lean
from optimizer.siting.coverage_search import most_covered
from optimizer.siting.equals import quickest_of_equals
from optimizer.watch import Watch


def maximal_covering(problem: SitingProblem, *, watch: Watch | None = None) -> SitingAnswer:
    """Choose at most ``places`` sites so that the most people are covered (MCLP).

    max sum_g a_g y_g  s.t.  y_g <= sum_{j covers g} x_j,  sum_j x_j <= p,  rules, floors,  x binary,
    0 <= y <= 1  over groups g of rows with equal cover sets; Church & ReVelle (1974),
    doi:10.1111/j.1435-5597.1974.tb00902.x, there with ``= p``; fixed sites have x = 1. ``objective`` and
    ``bound`` are people, fixed coverage included; ``unmet`` are the rows that no site covers. Of choices that
    cover the same people the quicker is taken (``quickest_of_equals``). With ``capacity`` a site covers so
    many people at most, and a row may be shared (``capacitated_covering``). Infeasible when no choice keeps
    the rules and floors.
    """
    watch = watch or Watch()
    if problem.capacity is not None:
        return capacitated_covering(problem, watch=watch)
    watch.tell("maximal covering", 0.0)
    answer = answered(problem, "mclp", most_covered(lean(problem), watch=watch), watch)
    if answer.objective is None:
        return answer
    opened = quickest_of_equals(problem, answer.chosen)
    people = float(problem.people[problem.covers()[:, np.array(opened, np.int64)].any(axis=1)].sum())
    return replace(answer, chosen=opened, objective=people, bound=max(answer.bound or 0.0, people))
