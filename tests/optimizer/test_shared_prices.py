"""Prices of capacities: the bound, the plans and what is excluded, against the whole program."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from optimizer.siting.median_problem import MedianProblem
from optimizer.siting.shared_capacity import least_shared_total
from optimizer.siting.shared_prices import Priced, shared_plan
from optimizer.watch import Watch


def crowded(seed: int, *, n: int = 40, m: int = 9, p: int = 4) -> tuple[MedianProblem, np.ndarray]:
    """People at random points; p sites together hold a tenth more than all of them."""
    g = np.random.default_rng(seed)
    rows, sites = g.random((n, 2)), g.random((m, 2))
    people = g.integers(1, 60, n).astype(float)
    problem = MedianProblem(
        cost=np.rint(np.hypot(*(rows[:, None] - sites[None]).transpose(2, 0, 1)) * 1000),
        weight=people,
        fixed=np.arange(m) == 3,
        places=p,
    )
    return problem, np.floor(people.sum() * 1.1 / p * g.uniform(0.8, 1.4, m))


@pytest.mark.parametrize("seed", range(8))
def test_prices_bound_the_optimum_and_never_exclude_it(seed: int) -> None:
    problem, capacity = crowded(seed)
    exact = least_shared_total(problem, capacity)
    priced = Priced(problem, capacity, problem.weight)
    priced.search(0.0, Watch())
    if exact.status == "infeasible":
        assert priced.best.status == "infeasible"
        return
    assert exact.status == "optimal"
    assert priced.bound <= exact.total * (1 + 1e-6)
    assert priced.best.total >= exact.total * (1 - 1e-6)
    assert priced.best.total <= exact.total * 1.1
    if priced.best.total > exact.total * (1 + 1e-6):
        assert not priced.closed[list(exact.chosen)].any()


def test_a_plan_shares_rows_within_the_capacities_at_least_cost() -> None:
    """No other pair of sites, shared as well as can be, is cheaper than the best pair is said to be."""
    problem, capacity = crowded(1, n=12, m=5, p=2)
    problem = replace(problem, fixed=np.zeros(5, bool))
    capacity = capacity * 1.3
    totals = {}
    for pair in combinations(range(5), 2):
        plan = shared_plan(problem, capacity, problem.weight, np.array(pair))
        if plan is None:
            continue
        part = np.zeros((12, 5))
        for row, site, share in plan.shared:
            part[row, site] += share
        assert part.sum(axis=1) == pytest.approx(1.0)
        assert (problem.weight @ part <= capacity + 1e-9).all()
        assert plan.total == pytest.approx(float((problem.weight[:, None] * problem.cost * part).sum()))
        totals[pair] = plan.total
    exact = least_shared_total(problem, capacity)
    assert exact.total == pytest.approx(min(totals.values()))
    assert totals[exact.chosen[0], exact.chosen[1]] == pytest.approx(exact.total)


def test_a_town_too_large_for_one_program_still_gets_a_plan_and_a_bound() -> None:
    problem, capacity = crowded(2, n=3000, m=80, p=6)
    answer = least_shared_total(problem, capacity * 1.05, watch=Watch(4))
    load = np.zeros(80)
    for row, site, share in answer.shared:
        load[site] += share * problem.weight[row]
    assert (load <= capacity * 1.05 + 1e-6).all()
    assert load.sum() == pytest.approx(problem.weight.sum())
    assert answer.total == pytest.approx(answer.bound, rel=0.02)
    assert answer.bound <= answer.total
