"""Warehouse location: open depots so that opening them and supplying everybody costs least."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Status
from optimizer.rules import Rule
from optimizer.siting.least_total import least_total
from optimizer.siting.median_problem import MedianProblem
from optimizer.siting.shared_capacity import least_shared_total
from optimizer.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WarehouseProblem:
    """``n`` places to supply, ``m`` depots that stand or may open.

    Parameters
    ----------
    supply_cost
        Cost of supplying all that a place needs from a depot, >= 0, ``inf`` = cannot, shape (n, m).
    opening_cost
        Cost of having a depot open, any sign, shape (m,).
    demand, capacity
        What each place needs and each depot can give, >= 0, one unit, shapes (n,) and (m,); without
        ``capacity`` a depot can supply everybody. A place may be supplied by several depots in parts, each
        part at its part of the cost.
    fixed
        Depots that are open, shape (m,); ``None`` = none.
    places
        Most depots that may be open; ``None`` = no limit.
    """

    supply_cost: Floats
    opening_cost: Floats
    demand: Floats | None = None
    capacity: Floats | None = None
    fixed: Bools | None = None
    places: int | None = None
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        n, m = self.supply_cost.shape
        shapes = {"opening_cost": m, "demand": n, "capacity": m, "fixed": m}
        for name, size in shapes.items():
            given = getattr(self, name)
            if given is not None and given.shape != (size,):
                raise ValueError(f"{name}: want shape {(size,)}, got {given.shape}")
        if np.isnan(self.supply_cost).any() or (self.supply_cost < 0).any():
            raise ValueError("supply_cost: want numbers >= 0 or inf")
        if not np.isfinite(self.opening_cost).all():
            raise ValueError("opening_cost: want finite numbers")
        if self.capacity is not None and self.demand is None:
            raise ValueError("demand: want it where there is a capacity")
        for name in ("demand", "capacity"):
            given = getattr(self, name)
            if given is not None and not (np.isfinite(given).all() and (given >= 0).all()):
                raise ValueError(f"{name}: want finite numbers >= 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseAnswer:
    """Which depots are open and who is supplied from where.

    Parameters
    ----------
    chosen
        Open depots, ascending; empty when infeasible.
    cost, bound
        Opening and supply together, and what no other choice can go below; ``None`` without a plan.
    parts
        (place, depot, part of what the place needs), by place, parts of a place add up to 1.
    """

    status: Status
    chosen: tuple[int, ...]
    cost: float | None
    bound: float | None
    parts: tuple[tuple[int, int, float], ...] = ()
    stopped_by: str | None = None

    @property
    def gap(self) -> float | None:
        """Distance of bound and cost over the cost (over 1 below that); 0 = proven optimal."""
        if self.cost is None or self.bound is None:
            return None
        return abs(self.cost - self.bound) / max(1.0, abs(self.cost))


def warehouse_location(problem: WarehouseProblem, *, watch: Watch | None = None) -> WarehouseAnswer:
    """Open depots so that opening them and supplying everybody costs least, with or without capacities.

    min sum_j f_j x_j + sum_ij c_ij z_ij,  sum_j z_ij = 1,  0 <= z_ij <= x_j,  sum_i d_i z_ij <= s_j x_j,
    x binary; Balinski (1965), doi:10.1287/mnsc.12.3.253; with capacities Sridharan (1995),
    doi:10.1016/0377-2217(95)00042-O. Without capacities it is a p-median with opening costs and no number
    (``least_total``), with them ``least_shared_total``.
    """
    n, m = problem.supply_cost.shape
    median = MedianProblem(
        cost=problem.supply_cost,
        weight=np.ones(n),
        fixed=np.zeros(m, np.bool_) if problem.fixed is None else problem.fixed,
        places=problem.places,
        opening=problem.opening_cost,
        rules=problem.rules,
    )
    if problem.capacity is None or problem.demand is None:
        found = least_total(median, watch=watch)
        parts = _whole_parts(problem, found.chosen)
    else:
        found = least_shared_total(median, problem.capacity, load=problem.demand, watch=watch)
        parts = found.shared
    planned = found.status in ("optimal", "feasible")
    return WarehouseAnswer(
        status=found.status,
        chosen=found.chosen,
        cost=found.total if planned else None,
        bound=found.bound if planned else None,
        parts=parts if planned else (),
        stopped_by=found.stopped_by,
    )


def _whole_parts(problem: WarehouseProblem, chosen: tuple[int, ...]) -> tuple[tuple[int, int, float], ...]:
    if not chosen:
        return ()
    home = np.array(chosen)[problem.supply_cost[:, list(chosen)].argmin(axis=1)]
    return tuple((place, int(depot), 1.0) for place, depot in enumerate(home))
