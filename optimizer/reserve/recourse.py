"""The second stage: what is driven where once a scenario is there, and what a unit more would be worth.

With q the quantities held, a_c their share that is there, need N and deliveries y from batch s of column c to
shelter j handed over in window v (only where the batch is there in time),

    Q(q) = min  sum y (use cost + truck cost) + sum_jkw penalty_kw short_jkw
           s.t. sum_jv y_sjv <= share_s a_c q_c,    sum_s,v<=w y_sjv + short_jkw >= N_jkw,
                sum over y in window v of truck seconds <= truck seconds there are.

Without the last row Q separates by item into transport problems. With it, a price mu >= 0 of truck time gives
Q(q) >= sum over items of their problems at that price - mu x truck seconds, with equality at the best mu:
Lagrangian duality, Geoffrion (1974), doi:10.1007/BFb0120690.
"""

from dataclasses import dataclass, field

import numpy as np

from optimizer.problem import Bools, Floats
from optimizer.reserve.columns import Columns, columns
from optimizer.reserve.reserve_problem import ReserveProblem, Scenarios


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recourse:
    """Cost of the second stage of some scenarios at some prices, item by item, and how it falls with stock.

    Parameters
    ----------
    constant, slope
        Weighted cost of each item is at least constant + slope x quantity whatever is held, with equality at
        the quantities asked about; shapes (k,) and (c,).
    cost
        Of each scenario, truck prices included but not what they take off, shape (n,).
    truck_used_s
        Seconds driven, shape (n, w).
    delivered
        Units by scenario, batch, shelter and window, shape (n, s, j, w), where asked for.
    """

    constant: Floats
    slope: Floats
    cost: Floats
    truck_used_s: Floats
    delivered: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SecondStage:
    """The part of a question that every scenario shares."""

    problem: ReserveProblem
    columns: Columns
    penalty: Floats
    _contracts: tuple[Floats, ...] = field(init=False)

    def __post_init__(self) -> None:
        items = self.problem.items
        shared = (items.use_cost, self.problem.unit_loads, self.problem.windows_s, self.penalty)
        object.__setattr__(self, "_contracts", tuple(np.ascontiguousarray(a, float) for a in shared))

    @classmethod
    def of(cls, problem: ReserveProblem, penalty: Floats | None = None) -> "SecondStage":
        """The second stage of a question, with other penalties than its own if given, shape (k, w)."""
        return cls(
            problem=problem,
            columns=columns(problem),
            penalty=problem.penalty if penalty is None else penalty,
        )

    def recourse(
        self,
        quantity: Floats,
        scenarios: Scenarios,
        *,
        truck_price: Floats | None = None,
        weight: Floats | None = None,
        asked: Bools | None = None,
        deliveries: bool = False,
    ) -> Recourse:
        """Least cost of the second stage without limits on trucks, at prices of truck time.

        Parameters
        ----------
        quantity
            Units held by column, shape (c,).
        truck_price
            Per truck second by scenario and window, >= 0, shape (n, w); ``None`` = 0.
        weight
            Of each scenario in ``constant`` and ``slope``, shape (n,); ``None`` = its probability.
        asked
            Which scenarios are computed, shape (n,); ``None`` = all.
        """
        from optimizer._kernels.transport import transport

        n, windows = scenarios.truck_s.shape
        use_cost, unit_loads, windows_s, penalty = self._contracts
        c = self.columns
        shelters, batches = scenarios.need.shape[1], len(c.source_column)
        answer = Recourse(
            constant=np.zeros(len(unit_loads)),
            slope=np.zeros(len(c)),
            cost=np.zeros(n),
            truck_used_s=np.zeros((n, windows)),
            delivered=np.zeros((n if deliveries else 0, batches, shelters, windows)),
        )
        transport(
            np.ascontiguousarray(quantity, float), c.source_column, c.source_ready_s, c.source_share,
            c.first_source, c.depot, c.mode,
            np.ones(n, np.bool_) if asked is None else asked, windows_s, penalty, use_cost, unit_loads,
            float(self.problem.truck_cost_s), scenarios.door_s, scenarios.trip_s, scenarios.usable,
            scenarios.need, np.zeros((n, windows)) if truck_price is None else truck_price,
            scenarios.probability if weight is None else weight, answer.constant, answer.slope, answer.cost,
            answer.truck_used_s, answer.delivered,
        )  # fmt: skip
        return answer
