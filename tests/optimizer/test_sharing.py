"""Sharing people between sites of limited room, against a linear program and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

from optimizer.siting.sharing import least_shared_cost, most_shared_people


def by_program(cost: np.ndarray, people: np.ndarray, capacity: np.ndarray) -> float:
    """The transport problem as a linear program over all pairs that are possible."""
    n, k = cost.shape
    pairs = [(i, j) for i in range(n) for j in range(k) if np.isfinite(cost[i, j])]
    if not pairs:
        return 0.0 if not people.sum() else np.inf
    each_row = np.array([[float(i == row) for i, _ in pairs] for row in range(n)])
    each_site = np.array([[float(j == site) for _, j in pairs] for site in range(k)])
    found = linprog([cost[pair] for pair in pairs], A_ub=each_site, b_ub=capacity, A_eq=each_row, b_eq=people)
    return np.inf if found.fun is None else float(found.fun)


@settings(deadline=None, max_examples=150)
@given(st.data(), st.integers(1, 6), st.integers(1, 4))
def test_no_other_sharing_costs_less(data: st.DataObject, n: int, k: int) -> None:
    """Equal to the linear program, impossible when it is."""
    times = st.one_of(st.integers(0, 9).map(float), st.just(np.inf))
    cost = data.draw(hnp.arrays(float, (n, k), elements=times))
    people = data.draw(hnp.arrays(np.int64, n, elements=st.integers(0, 9)))
    capacity = data.draw(hnp.arrays(np.int64, k, elements=st.integers(0, 20)))
    assert least_shared_cost(cost, people, capacity) == pytest.approx(by_program(cost, people, capacity))


@settings(deadline=None, max_examples=80)
@given(st.data(), st.integers(1, 6), st.integers(0, 4))
def test_no_other_sharing_serves_more_people(data: st.DataObject, n: int, k: int) -> None:
    """Equal to the linear program with a place that serves nobody."""
    covers = data.draw(hnp.arrays(bool, (n, k)))
    people = data.draw(hnp.arrays(np.int64, n, elements=st.integers(0, 9)))
    capacity = data.draw(hnp.arrays(np.int64, k, elements=st.integers(0, 20)))
    cost = np.column_stack([np.where(covers, -1.0, np.inf), np.zeros(n)])
    wanted = -by_program(cost, people, np.append(capacity, people.sum()))
    assert most_shared_people(covers, people, capacity) == pytest.approx(wanted)


def test_a_chain_of_moves_is_found() -> None:
    """Ten people too many at the first site end at the third, by way of the second."""
    cost = np.array([[0.0, 1.0, np.inf], [np.inf, 0.0, 1.0]])
    assert least_shared_cost(cost, np.array([20, 10]), np.array([10, 10, 10])) == 20.0
