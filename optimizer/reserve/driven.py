"""What is driven in each scenario when it is known what is held: the cheapest deliveries.

Where the trucks there are suffice for the cheapest deliveries of each item alone, those are the answer. Where
they do not, the items compete for truck time and the scenario is a linear program of its own.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Rows
from optimizer.reserve.extensive import possible_deliveries
from optimizer.reserve.recourse import SecondStage
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import Scenarios
from optimizer.solver import SolverError, solve

ENOUGH = 1e-9
"""Share of truck time by which a limit may be passed: the last digits of a sum."""


def driven(stage: SecondStage, held: Holding, *, workers: int = 1) -> Floats:
    """Units by scenario, batch, shelter and window, shape (n, s, j, w).

    Raises
    ------
    SolverError
        The solver failed.
    """
    scenarios, quantity = stage.problem.scenarios, stage.columns.taken(held.quantity)
    found = stage.recourse(quantity, scenarios, deliveries=True)
    short = np.flatnonzero((found.truck_used_s > scenarios.truck_s * (1 + ENOUGH)).any(axis=1))
    with ThreadPoolExecutor(max(1, workers)) as pool:
        for number, units in zip(short, pool.map(lambda n: _shared(stage, quantity, n), short), strict=True):
            found.delivered[number] = units
    return found.delivered


def _shared(stage: SecondStage, quantity: Floats, number: int) -> Floats:
    """Deliveries of one scenario whose items share the trucks, shape (s, j, w)."""
    one = _OneScenario(stage, quantity, stage.problem.scenarios.only([number], probability=np.ones(1)))
    return one.units()


class _OneScenario:
    def __init__(self, stage: SecondStage, quantity: Floats, scenario: Scenarios) -> None:
        self._c, self._s = stage.columns, scenario
        self._p, self._penalty = stage.problem, stage.penalty
        column = self._c.source_column
        self._depot, self._item = self._c.depot[column], self._c.item[column]
        there = scenario.usable[0, self._depot, self._c.mode[column]] * self._c.source_share
        self._there = there * quantity[column]
        can = possible_deliveries(self._p.among(scenario), self._c)
        held = self._there[can.source] > 0
        self._source, self._shelter, self._window = can.source[held], can.shelter[held], can.window[held]
        self._need = scenario.need[0].reshape(-1)
        self._asked = np.flatnonzero(self._need)
        loads = self._p.unit_loads[self._item[self._source]]
        self._truck_s = loads * scenario.trip_s[0, self._depot[self._source], self._shelter]

    def units(self) -> Floats:
        """Amounts by batch, shelter and window."""
        rows, y = Rows(), len(self._source)
        self._supply(rows)
        self._needs(rows)
        self._trucks(rows)
        mode = self._c.mode[self._c.source_column[self._source]]
        use = self._p.items.use_cost[self._item[self._source], mode]
        penalty = np.broadcast_to(self._penalty, self._s.need[0].shape).reshape(-1)
        objective = np.concatenate([use + self._truck_s * self._p.truck_cost_s, penalty[self._asked]])
        upper = np.concatenate([np.full(y, np.inf), self._need[self._asked]])
        continuous = np.zeros(len(objective), np.bool_)
        answer = solve(rows.program(objective, upper=upper, integer=continuous), limit_s=np.inf)
        if answer.status != "optimal":
            raise SolverError(f"deliveries of {self._s.ids[0]}: the solver ended {answer.status}")
        found = np.zeros((len(self._there), *self._s.need.shape[1::2]))
        found[self._source, self._shelter, self._window] = np.maximum(0.0, answer.values[:y])
        return found

    def _supply(self, rows: Rows) -> None:
        used, row = np.unique(self._source, return_inverse=True)
        ones = np.ones(len(row))
        rows.add(len(used), row, np.arange(len(row)), ones, lower=-np.inf, upper=self._there[used])

    def _needs(self, rows: Rows) -> None:
        """What has come up to the end of a window, and what is short, make up the need."""
        row_of = np.full(len(self._need), -1)
        row_of[self._asked] = np.arange(len(self._asked))
        items, windows = self._s.need.shape[2:]
        row: list[Int64s] = [np.arange(len(self._asked))]
        column: list[Int64s] = [len(self._source) + np.arange(len(self._asked))]
        for window in range(windows):
            come = np.flatnonzero(self._window <= window)
            place = self._shelter[come] * items + self._item[self._source[come]]
            line = row_of[place * windows + window]
            row.append(line[line >= 0])
            column.append(come[line >= 0])
        ones = np.ones(sum(len(part) for part in row))
        rows.add(
            len(self._asked),
            np.concatenate(row),
            np.concatenate(column),
            ones,
            lower=self._need[self._asked],
            upper=np.inf,
        )

    def _trucks(self, rows: Rows) -> None:
        limit_s = self._s.truck_s[0]
        for window in np.flatnonzero(np.isfinite(limit_s)):
            mine = np.flatnonzero((self._window == window) & (self._truck_s > 0))
            scale = max(1.0, float(limit_s[window]))
            upper = float(limit_s[window]) / scale
            rows.add_one(mine, self._truck_s[mine] / scale, lower=-np.inf, upper=upper)
