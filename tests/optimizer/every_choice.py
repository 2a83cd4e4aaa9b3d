"""The plainest oracle: every choice of sites that keeps to fixed sites, places, rules and floors."""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

import numpy as np

from optimizer.problem import SitingProblem


def subsets(things: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All subsets, small ones first."""
    return chain.from_iterable(combinations(things, size) for size in range(len(things) + 1))


def covered_rows(problem: SitingProblem, chosen: Sequence[int]) -> list[int]:
    """Rows within their limit of one of the sites, by the plainest loops."""
    return [
        i
        for i in range(problem.rows)
        if any(
            problem.response_s[i, j] <= problem.limit_s[i] and np.isfinite(problem.response_s[i, j])
            for j in chosen
        )
    ]


def covered_people(problem: SitingProblem, chosen: Sequence[int]) -> int:
    """People of the covered rows."""
    return sum(int(problem.people[i]) for i in covered_rows(problem, chosen))


def keeps(problem: SitingProblem, chosen: Sequence[int]) -> bool:
    """Whether fixed sites are open, places are enough, and rules and floors hold."""
    if problem.places is not None and len(chosen) > problem.places:
        return False
    if not set(np.flatnonzero(problem.fixed).tolist()) <= set(chosen):
        return False
    for rule in problem.rules:
        total = sum(a for j, a in zip(rule.sites.tolist(), rule.amount.tolist(), strict=True) if j in chosen)
        if not rule.at_least - 1e-6 <= total <= rule.at_most + 1e-6:
            return False
    inside = set(covered_rows(problem, chosen))
    return all(
        sum(int(problem.people[i]) for i in floor.rows.tolist() if i in inside) >= floor.people
        for floor in problem.floors
    )


def allowed(problem: SitingProblem) -> list[tuple[int, ...]]:
    """Every choice that may be made."""
    fixed = tuple(np.flatnonzero(problem.fixed).tolist())
    every = (tuple(sorted(fixed + more)) for more in subsets(problem.free.tolist()))
    return [chosen for chosen in every if keeps(problem, chosen)]


def most_covered(problem: SitingProblem) -> int | None:
    """Most people that an allowed choice covers; ``None`` when nothing is allowed."""
    return max((covered_people(problem, chosen) for chosen in allowed(problem)), default=None)
