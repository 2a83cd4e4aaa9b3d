"""Tiny problems with rules and floors, and every choice that keeps to them: the oracle's half."""

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from optimizer.problem import SitingProblem
from optimizer.rules import Floor, Rule

TIMES = st.one_of(st.integers(0, 900).map(lambda ds: ds / 10), st.just(float("inf")))


@st.composite
def ruled_problems(draw: st.DrawFn, *, costs: bool = False, most_sites: int = 5) -> SitingProblem:
    """Up to 6 rows and 5 sites, up to 2 rules, up to 1 floor, places or none."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, most_sites))
    fixed = draw(hnp.arrays(bool, m, elements=st.sampled_from([False, False, False, True])))
    bare = SitingProblem(
        response_s=draw(hnp.arrays(float, (n, m), elements=TIMES)),
        people=draw(hnp.arrays(np.int64, n, elements=st.integers(0, 99))),
        limit_s=draw(hnp.arrays(float, n, elements=st.integers(200, 900).map(lambda ds: ds / 10))),
        fixed=fixed,
        places=draw(st.one_of(st.none(), st.integers(int(fixed.sum()), m))),
        cost=draw(hnp.arrays(float, m, elements=st.integers(-2, 9))) if costs else None,
    )
    rules = tuple(draw(_rules(f"rule {k}", m)) for k in range(draw(st.integers(0, 2))))
    floors = tuple(draw(_floors(bare)) for _ in range(draw(st.integers(0, 1))))
    return replace(bare, rules=rules, floors=floors)


@st.composite
def _rules(draw: st.DrawFn, name: str, m: int) -> Rule:
    sites = sorted(draw(st.sets(st.integers(0, m - 1), min_size=1)))
    amount = draw(hnp.arrays(float, len(sites), elements=st.integers(-3, 5)))
    low = draw(st.integers(-4, 6))
    return Rule(
        name=name,
        sites=np.array(sites, np.int64),
        amount=amount,
        at_least=float(low) if draw(st.booleans()) else -np.inf,
        at_most=float(low + draw(st.integers(0, 6))) if draw(st.booleans()) else np.inf,
    )


@st.composite
def _floors(draw: st.DrawFn, problem: SitingProblem) -> Floor:
    rows = np.array(sorted(draw(st.sets(st.integers(0, problem.rows - 1), min_size=1))), np.int64)
    return Floor(name="floor", rows=rows, people=float(draw(st.integers(0, int(problem.people[rows].sum())))))


def covered(problem: SitingProblem, opened: tuple[int, ...], rows: np.ndarray) -> int:
    """People of these rows within their limit of an open site, by plain loops."""
    return sum(
        int(problem.people[i])
        for i in rows
        if any(problem.response_s[i, j] <= problem.limit_s[i] for j in opened)
    )


def allowed(problem: SitingProblem) -> list[tuple[int, ...]]:
    """Every set of open sites that keeps to places, rules and floors."""
    fixed, free = np.flatnonzero(problem.fixed).tolist(), problem.free.tolist()
    some = chain.from_iterable(combinations(free, size) for size in range(problem.may_open + 1))
    every = [tuple(sorted([*fixed, *more])) for more in some]
    return [
        opened
        for opened in every
        if all(rule.beyond(opened) == 0 for rule in problem.rules)
        and all(covered(problem, opened, floor.rows) >= floor.people for floor in problem.floors)
    ]
