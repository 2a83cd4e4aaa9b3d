"""Warehouse location: published optima, and every choice of depots on small cases."""

from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

from benchmarks.orlib import CAPACITY_OPTIMA, WAREHOUSE_OPTIMA, read_cap
from optimizer.siting.warehouse import WarehouseAnswer, WarehouseProblem, warehouse_location


@pytest.mark.data
@pytest.mark.parametrize("name", WAREHOUSE_OPTIMA)
def test_without_capacities_the_published_optimum_is_proven(shared_data: Path, name: str) -> None:
    problem = read_cap(shared_data / f"siting/cap/{name}.txt", capacitated=False)
    answer = warehouse_location(problem)
    assert answer.status == "optimal"
    assert answer.cost == pytest.approx(WAREHOUSE_OPTIMA[name], abs=0.001)
    assert answer.bound == pytest.approx(WAREHOUSE_OPTIMA[name], rel=1e-6)
    holds(problem, answer)


@pytest.mark.data
@pytest.mark.parametrize("name", CAPACITY_OPTIMA)
def test_with_capacities_the_published_optimum_is_proven(shared_data: Path, name: str) -> None:
    problem = read_cap(shared_data / f"siting/cap/{name}.txt", capacitated=True)
    answer = warehouse_location(problem)
    assert answer.status == "optimal"
    assert answer.cost == pytest.approx(CAPACITY_OPTIMA[name], abs=0.001)
    holds(problem, answer)


@pytest.mark.data
def test_a_file_without_capacities_is_not_read_as_if_it_had_some(shared_data: Path) -> None:
    with pytest.raises(ValueError, match="no capacities"):
        read_cap(shared_data / "siting/cap/capa.txt", capacitated=True)


def holds(problem: WarehouseProblem, answer: WarehouseAnswer) -> None:
    """The parts add up, come from open depots, keep to the capacities and cost what is said."""
    part = np.zeros(problem.supply_cost.shape)
    for place, depot, share in answer.parts:
        part[place, depot] += share
    assert part.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert set(np.flatnonzero(part.sum(axis=0))) <= set(answer.chosen)
    if problem.capacity is not None and problem.demand is not None:
        assert (problem.demand @ part <= problem.capacity * (1 + 1e-6) + 1e-6).all()
    supply = np.where(part > 0, problem.supply_cost, 0.0)
    cost = problem.opening_cost[list(answer.chosen)].sum() + (supply * part).sum()
    assert answer.cost == pytest.approx(float(cost), rel=1e-5, abs=1e-4)


@st.composite
def warehouses(draw: st.DrawFn) -> WarehouseProblem:
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    costs = st.one_of(st.integers(0, 50).map(float), st.just(float("inf")))
    return WarehouseProblem(
        supply_cost=draw(hnp.arrays(float, (n, m), elements=costs)),
        opening_cost=draw(hnp.arrays(float, m, elements=st.integers(-5, 60))),
        demand=draw(hnp.arrays(float, n, elements=st.integers(0, 9))),
        capacity=draw(st.one_of(st.none(), hnp.arrays(float, m, elements=st.integers(0, 30)))),
    )


def supplied(problem: WarehouseProblem, opened: tuple[int, ...]) -> float:
    """Least cost with these depots open; ``inf`` = impossible."""
    cost = problem.supply_cost[:, list(opened)]
    if not opened or np.isinf(cost).all(axis=1).any():
        return float("inf")
    opening = float(problem.opening_cost[list(opened)].sum())
    if problem.capacity is None or problem.demand is None:
        return opening + float(cost.min(axis=1).sum())
    n, k = cost.shape
    found = linprog(
        np.where(np.isinf(cost), 0.0, cost).ravel(),
        A_eq=np.kron(np.eye(n), np.ones((1, k))),
        b_eq=np.ones(n),
        A_ub=np.kron(problem.demand[None, :], np.eye(k)),
        b_ub=problem.capacity[list(opened)],
        bounds=[(0, 0 if np.isinf(c) else 1) for c in cost.ravel()],
    )
    return opening + float(found.fun) if found.success and found.fun is not None else float("inf")


@settings(deadline=None, max_examples=120)
@given(warehouses())
def test_no_other_depots_cost_less(problem: WarehouseProblem) -> None:
    answer = warehouse_location(problem)
    m = len(problem.opening_cost)
    every = chain.from_iterable(combinations(range(m), k) for k in range(m + 1))
    least = min(supplied(problem, opened) for opened in every)
    if np.isinf(least):
        assert answer.status == "infeasible"
        return
    assert answer.status == "optimal"
    assert answer.cost == pytest.approx(least, abs=1e-4)
    assert answer.bound == pytest.approx(least, abs=1.0)
    holds(problem, answer)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"opening_cost": np.array([np.inf, 1.0])}, "opening_cost"),
        ({"supply_cost": np.full((1, 2), -1.0)}, "supply_cost"),
        ({"capacity": np.ones(2)}, "demand"),
        ({"demand": np.ones(3)}, "demand"),
        ({"demand": np.array([-1.0])}, "demand"),
    ],
)
def test_impossible_warehouses_are_refused_by_name(changes: dict[str, object], message: str) -> None:
    good: dict[str, object] = {"supply_cost": np.ones((1, 2)), "opening_cost": np.ones(2)}
    with pytest.raises(ValueError, match=message):
        WarehouseProblem(**{**good, **changes})  # type: ignore[arg-type]  # the dictionary mixes kinds on purpose
