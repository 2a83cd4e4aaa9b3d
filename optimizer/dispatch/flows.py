"""Flows in networks: the one place of dispatch that talks to OR-Tools' graph solvers.

Least-cost flow by cost scaling (Goldberg 1997, doi:10.1006/jagm.1995.0805). Whole numbers throughout, so
the answers are exact and the same each time.
"""

import numpy as np

from optimizer.problem import Int64s
from optimizer.solver import SolverError

_LARGEST_SCALED_COST = 2**61


class TooLargeError(ValueError):
    """Weights and times so large that plans cannot be compared exactly in 64 bits."""


def least_cost_flow(
    tail: Int64s, head: Int64s, *, capacity: Int64s, cost: Int64s, supply: Int64s
) -> Int64s | None:
    """Cheapest flow that ships every supply to the demands.

    Parameters
    ----------
    tail, head, capacity, cost
        By arc, shape (a,); cost of one unit.
    supply
        By node, negative = demand; sums to 0.

    Returns
    -------
    Flow by arc, or ``None`` when the arcs cannot carry all of it.

    Raises
    ------
    TooLargeError
        The costs are too large for exact arithmetic in 64 bits.
    """
    from ortools.graph.python import min_cost_flow

    if len(cost) and int(np.abs(cost).max()) * (len(supply) + 1) >= _LARGEST_SCALED_COST:
        raise TooLargeError("flow costs are too large: want smaller weights or shorter times")
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    flow.set_nodes_supplies(np.arange(len(supply)), supply)
    status = flow.solve()
    if status == flow.INFEASIBLE:
        return None
    if status != flow.OPTIMAL:
        raise SolverError(f"least-cost flow: {status}")
    return np.asarray(flow.flows(np.arange(len(tail))), np.int64)
