"""The fewest sites that cover a share of the people, by how many people so many sites can cover at most."""

from dataclasses import replace

import numpy as np

from optimizer.problem import Int64s
from optimizer.siting.cover_task import Choice
from optimizer.siting.coverage_problem import CoverageProblem
from optimizer.siting.coverage_search import most_covered
from optimizer.watch import Watch

_LOOSE, _ENOUGH = 0.01, 0.95
"""Maximal covering is first bounded loosely, then just closely enough to tell, at last exactly."""
_ROUNDING = 1e-6


def fewest_covering(problem: CoverageProblem, people: float, watch: Watch) -> Choice:
    """The fewest free sites that cover so many people, with rules and floors, by bisection over their number.

    k sites are too few when the bound of maximal covering with k is below ``people`` and enough when a choice
    reaches it: the two questions are each other's inverse (Church & ReVelle 1974,
    doi:10.1111/j.1435-5597.1974.tb00902.x), and the second has by far the better bound.
    """
    standing, free = int(problem.fixed.sum()), int((~problem.fixed).sum())
    low, high = 0, free if problem.places is None else min(free, problem.places - standing)
    single = replace(problem, most=None, worth=(1.0,))
    chosen: Int64s | None = None
    tried = high
    while chosen is None or low < high:
        watch.tell("set covering", 0.5, float(low + standing), float(high + standing))
        enough, found = _enough(replace(single, places=tried + standing), people, watch)
        if enough is None:
            break
        if enough:
            chosen, high = found, len(found)
        elif chosen is None:
            return Choice(status="infeasible", chosen=found, cost=np.inf, bound=np.inf)
        else:
            low = tried + 1
        tried = (low + high - 1) // 2
    if chosen is None:
        return Choice(status="unknown", chosen=np.empty(0, np.int64), cost=np.inf, bound=-np.inf)
    return Choice(
        status="optimal" if low >= high else "feasible", chosen=chosen, cost=float(high), bound=float(low)
    )


def _enough(problem: CoverageProblem, people: float, watch: Watch) -> tuple[bool | None, Int64s]:
    """Whether the places suffice, ``None`` = time ran out, with the free sites that show it."""
    none, gap = np.empty(0, np.int64), _LOOSE
    while True:
        covered = most_covered(problem, gap=gap, watch=watch)
        if covered is None:
            return (None if watch.stopped_by else False), none
        if covered.value >= people - _ROUNDING:
            return True, np.flatnonzero((covered.units > 0) & ~problem.fixed)
        if covered.bound < people - _ROUNDING:
            return False, none
        if gap == 0.0 or watch.stopped_by:
            return None, none
        closer = (people - covered.value) / max(1.0, covered.value) * _ENOUGH
        gap = closer if closer < gap * _ENOUGH else 0.0
