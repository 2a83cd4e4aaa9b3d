"""Prices of capacities: the bound, the plans and what is excluded, against the whole program."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from optimizer.siting.least_total import least_total
from optimizer.siting.median_problem import MedianProblem
from optimizer.siting.room_prices import room_prices
from optimizer.siting.shared_capacity import least_shared_total
from optimizer.siting.shared_prices import Priced, plan_prices, shared_plan
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
    priced.search(least_total(problem), Watch())
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


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("room", [1.0, 1.02, 1.3])
@pytest.mark.parametrize("unserved", [None, 350.0])
def test_prices_of_a_plan_are_worth_its_total(seed: int, room: float, unserved: float | None) -> None:
    """Strong duality of the transport: rows at their cheapest, less what the room is worth, cost the plan."""
    problem, _ = crowded(seed, n=25, m=6)
    if unserved is not None:
        problem = replace(problem, unserved=np.full(25, unserved))
    opened = np.array([0, 2, 3, 5])
    share = np.random.default_rng(seed).dirichlet(np.ones(6))
    capacity = np.floor(problem.weight.sum() * room * share)
    capacity[opened[0]] += problem.weight.sum() * room - capacity[opened].sum()
    capacity = np.floor(capacity)
    plan = shared_plan(problem, capacity, problem.weight, opened)
    assert plan is not None
    price = plan_prices(problem, capacity, problem.weight, plan)
    cheapest = (problem.cost + price)[:, opened].min(axis=1)
    if unserved is not None:
        cheapest = np.minimum(cheapest, unserved)
    assert (price >= 0).all()
    assert problem.weight @ cheapest - capacity @ price == pytest.approx(plan.total)


def test_room_is_worth_the_way_to_where_there_is_some() -> None:
    """A is full; its row moves to B for 3 more, and B's to C, which has room, for 4 more: 7, or 9 at once."""
    cost = np.array([[1.0, 4.0, 10.0], [9.0, 2.0, 6.0], [8.0, 8.0, 1.0]])
    served = np.eye(3, dtype=bool)
    assert room_prices(cost, served, np.array([True, True, False])).tolist() == [7.0, 4.0, 0.0]
    assert room_prices(cost, served, np.array([True, False, False])).tolist() == [3.0, 0.0, 0.0]


def test_a_site_whose_rows_can_go_nowhere_has_a_price_all_the_same() -> None:
    cost = np.array([[1.0, np.inf], [0.0, 5.0], [np.inf, 2.0]])
    served = np.array([[True, False], [True, False], [False, True]])
    for full in ([True, True], [False, True]):
        price = room_prices(cost, served, np.array(full))
        assert np.isfinite(price).all()
        assert price.min() == 0.0
        assert ((cost + price)[served] <= (cost + price).min(axis=1)).all(), "nobody is served too dear"


def test_a_county_crowded_in_a_few_sites_is_proven_by_the_prices_of_its_plan() -> None:
    """5 crowded of 80 sites: no step of prices and no whole program of 240,000 parts is needed."""
    problem, capacity = crowded(5, n=3000, m=80, p=8)
    problem = replace(problem, fixed=np.zeros(80, bool))
    capacity = np.full(80, np.floor(problem.weight.sum() * 1.3 / 8))
    priced = Priced(problem, capacity, problem.weight)
    start = least_total(problem)
    priced.search(start, Watch())
    assert priced.proven
    assert priced.best.total > start.total * (1 + 1e-6), "somebody is crowded"
