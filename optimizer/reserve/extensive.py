"""All scenarios in one program: the extensive form (Birge & Louveaux 2011, doi:10.1007/978-1-4614-0237-4)."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.reserve.columns import Columns
from optimizer.reserve.first_stage import FirstStage
from optimizer.reserve.reserve_answer import Aim
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.service import service_weight


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deliveries:
    """The deliveries that can be made at all, each a variable; arrays of one length."""

    scenario: Int64s
    source: Int64s
    shelter: Int64s
    window: Int64s


def possible_deliveries(problem: ReserveProblem, columns: Columns) -> Deliveries:
    """In time for some window, from what is there, to where something is needed.

    Where trucks are unlimited the first window in reach is as good as any later one and stands alone.
    """
    scenarios = problem.scenarios
    depot, mode = columns.depot[columns.source_column], columns.mode[columns.source_column]
    item = columns.item[columns.source_column]
    arrival_s = scenarios.door_s[:, depot, :] + columns.source_ready_s[None, :, None]
    first: Int64s = np.searchsorted(problem.windows_s, arrival_s)
    windows = len(problem.windows_s)
    asked: Bools = scenarios.need[:, :, :, -1].transpose(0, 2, 1)[:, item, :] > 0
    there = scenarios.usable[:, depot, mode][:, :, None]
    possible = first < windows
    possible &= asked
    possible &= there > 0
    scenario, source, shelter = np.nonzero(possible)
    earliest = first[possible]
    free = np.isinf(scenarios.truck_s.min(axis=1))
    choices = np.where(free[scenario], 1, windows - earliest)
    at = np.repeat(np.arange(len(scenario)), choices)
    later = np.arange(len(at)) - np.repeat(np.cumsum(choices) - choices, choices)
    return Deliveries(
        scenario=scenario[at], source=source[at], shelter=shelter[at], window=earliest[at] + later
    )


def extensive_form(first: FirstStage, aim: Aim) -> Program:
    """The whole question as one program; the first variables are those of the first stage.

    Behind them stand the deliveries, then what is short, scenario by shelter by item by window, then for
    ``cvar`` the value at risk and what each scenario costs more than that.
    """
    return _Extensive(first, aim).program()


class _Extensive:
    def __init__(self, first: FirstStage, aim: Aim) -> None:
        self._first, self._aim = first, aim
        self._p = first.problem
        self._s = self._p.scenarios
        self._deliveries = possible_deliveries(self._p, first.columns)
        self._y = len(first) + np.arange(len(self._deliveries.scenario))
        self._need = self._s.need.reshape(-1)
        self._short_from = len(first) + len(self._y)
        column = first.columns.source_column[self._deliveries.source]
        self._item, self._mode = first.columns.item[column], first.columns.mode[column]
        self._depot = first.columns.depot[column]
        self._truck_s = (
            self._p.unit_loads[self._item]
            * self._s.trip_s[self._deliveries.scenario, self._depot, self._deliveries.shelter]
        )

    def program(self) -> Program:
        rows = Rows(
            list(self._first.rows.row), list(self._first.rows.column), list(self._first.rows.value),
            list(self._first.rows.lower), list(self._first.rows.upper), self._first.rows.count,
        )  # fmt: skip
        self._supply(rows)
        self._needs(rows)
        self._trucks(rows)
        if self._aim.kind == "service":
            self._service(rows)
        recourse = self._costs()
        objective = np.concatenate([self._first.objective, recourse * self._chance(self._s.probability)])
        upper = np.concatenate([self._first.upper, np.full(len(self._y), np.inf), self._need])
        if self._aim.kind == "cvar":
            objective, upper = self._at_risk(rows, objective, upper, recourse)
        integer = np.zeros(len(objective), np.bool_)
        integer[: len(self._first)] = self._first.integer
        lower = np.zeros(len(objective))
        if self._aim.kind == "cvar":
            lower[len(self._first) + len(recourse)] = -np.inf
        return rows.program(objective, upper=upper, integer=integer, lower=lower)

    def _supply(self, rows: Rows) -> None:
        """What a batch gives is no more than what is there of it."""
        c, d = self._first.columns, self._deliveries
        key = d.scenario * len(c.source_column) + d.source
        used = np.flatnonzero(np.bincount(key))
        row_of = np.zeros(int(key.max(initial=0)) + 1, np.int64)
        row_of[used] = np.arange(len(used))
        row = row_of[key]
        scenario, source = np.divmod(used, len(c.source_column))
        column = c.source_column[source]
        there = self._s.usable[scenario, c.depot[column], c.mode[column]] * c.source_share[source]
        rows.add(
            len(used),
            np.concatenate([row, np.arange(len(used))]),
            np.concatenate([self._y, column]),
            np.concatenate([np.ones(len(row)), -there]),
            lower=-np.inf,
            upper=0.0,
        )

    def _needs(self, rows: Rows) -> None:
        """What has come up to the end of a window, and what is short, make up the need."""
        asked = np.flatnonzero(self._need)
        row_of = np.full(len(self._need), -1)
        row_of[asked] = np.arange(len(asked))
        d, windows = self._deliveries, self._s.need.shape[3]
        place = (d.scenario * self._s.need.shape[1] + d.shelter) * self._s.need.shape[2] + self._item
        row, column = [np.arange(len(asked))], [self._short_from + asked]
        for window in range(windows):
            come = np.flatnonzero(d.window <= window)
            line = row_of[place[come] * windows + window]
            row.append(line[line >= 0])
            column.append(self._y[come[line >= 0]])
        row_all = np.concatenate(row)
        rows.add(
            len(asked),
            row_all,
            np.concatenate(column),
            np.ones(len(row_all)),
            lower=self._need[asked],
            upper=np.inf,
        )

    def _trucks(self, rows: Rows) -> None:
        limit = self._s.truck_s.reshape(-1)
        limited = np.flatnonzero(np.isfinite(limit))
        row_of = np.full(len(limit), -1)
        row_of[limited] = np.arange(len(limited))
        line = row_of[self._deliveries.scenario * self._s.truck_s.shape[1] + self._deliveries.window]
        mine = (line >= 0) & (self._truck_s > 0)
        scale = np.maximum(limit[limited], 1.0)
        rows.add(
            len(limited),
            line[mine],
            self._y[mine],
            self._truck_s[mine] / scale[line[mine]],
            lower=-np.inf,
            upper=limit[limited] / scale,
        )

    def _service(self, rows: Rows) -> None:
        """The expected share short by the end of each window, mean over items, is at most what may be."""
        weight = service_weight(self._s)
        per_short = self._s.probability[:, None, None, None] * weight[None, None]
        share = np.broadcast_to(per_short, self._s.need.shape).reshape(-1)
        for window, least in enumerate(self._aim.service):
            mine = np.flatnonzero((self._need > 0) & (np.arange(len(share)) % len(weight[0]) == window))
            rows.add_one(self._short_from + mine, share[mine], lower=-np.inf, upper=1 - least)

    def _costs(self) -> Floats:
        """Of deliveries and of what is short, unweighted."""
        driven = self._p.items.use_cost[self._item, self._mode] + self._truck_s * self._p.truck_cost_s
        penalty = 0.0 if self._aim.kind == "service" else self._p.penalty
        short = np.broadcast_to(penalty, self._s.need.shape).reshape(-1)
        return np.concatenate([driven, short])

    def _chance(self, by_scenario: Floats) -> Floats:
        each = self._s.need[0].size
        return np.concatenate([by_scenario[self._deliveries.scenario], np.repeat(by_scenario, each)])

    def _at_risk(
        self, rows: Rows, objective: Floats, upper: Floats, recourse: Floats
    ) -> tuple[Floats, Floats]:
        """Value at risk t, excess e_n >= first stage + recourse_n - t; CVaR = t + E e / (1 - level)."""
        n = len(self._s)
        first = np.flatnonzero(self._first.objective)
        at_risk = len(objective)
        used = np.flatnonzero(recourse)
        scenario = np.concatenate(
            [self._deliveries.scenario, np.repeat(np.arange(n), self._s.need[0].size)]
        )[used]  # fmt: skip
        rows.add(
            n,
            np.concatenate([scenario, np.repeat(np.arange(n), len(first)), np.tile(np.arange(n), 2)]),
            np.concatenate([len(self._first) + used, np.tile(first, n), np.full(n, at_risk),
                            at_risk + 1 + np.arange(n)]),
            np.concatenate([-recourse[used], np.tile(-self._first.objective[first], n), np.ones(2 * n)]),
            lower=0.0,
            upper=np.inf,
        )  # fmt: skip
        weight = self._aim.cvar_weight
        excess = weight / (1 - self._aim.cvar_level) * self._s.probability
        return (
            np.concatenate([objective, [weight], excess]),
            np.concatenate([upper, np.full(n + 1, np.inf)]),
        )
