"""The first stage as rows of a program: what may be held, and what holding it costs.

With q the quantities, h what is in hand, e steps of enlargement and o depots opened,

    min  hold cost x (q - h, per contract and per item in all for goods) + moving + enlarging + opening
    s.t. floor, volume and load of each depot; the whole cost within the budget; agreements worth their share;
         each rule's depots hold its least; no goods are thrown away; nothing is held where it is not open.

Own formulation.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Bools, Floats, Int64s
from optimizer.program import Rows
from optimizer.reserve.columns import Columns
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import AGREEMENT, PHYSICAL, ReserveProblem

SNAP = 1e-6
"""Distance from a whole number, and units of a quantity, that are the solver's tolerance and no choice."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstStage:
    """Variables: quantities by column, what is moved or new beside what is in hand, steps, openings.

    Parameters
    ----------
    objective, upper, integer
        By variable, shape (v,).
    rows
        Over these variables only.
    limits
        Kind and place of each row, as ``Binding`` says them.
    constant
        Cost that no choice changes: goods in hand are not bought again.
    beside
        Columns that have a variable for what is moved away (goods) or added (contracts), shape (b,).
    charged
        Depots that cost something to open, shape (o,).
    """

    problem: ReserveProblem
    columns: Columns
    objective: Floats
    upper: Floats
    integer: Bools
    rows: Rows
    limits: tuple[tuple[str, str], ...]
    constant: float
    beside: Int64s
    charged: Int64s

    def __len__(self) -> int:
        return len(self.objective)

    @property
    def whole(self) -> Int64s:
        """Variables that must be whole."""
        return np.flatnonzero(self.integer)

    def quantity(self, values: Floats) -> Floats:
        """What the variables hold by column, without the solver's dust, shape (c,)."""
        held = np.clip(values[: len(self.columns)], 0, self.columns.most)
        return np.where(held < SNAP, 0.0, held)

    def holding(self, values: Floats) -> Holding:
        """The plan that the variables are."""
        behind = len(self.columns) + len(self.beside)
        depots = len(self.problem.depots.ids)
        opened = np.zeros(depots, np.bool_)
        opened[self.charged] = values[behind + depots : behind + depots + len(self.charged)] > 0.5
        return Holding(
            quantity=self.columns.spread(self.quantity(values), self.problem.shape),
            steps=np.ceil(values[behind : behind + depots] - SNAP).astype(np.int64),
            opened=opened,
        )


def first_stage(problem: ReserveProblem, columns: Columns) -> FirstStage:
    """Rows, limits and costs of a question's first stage."""
    return _Builder(problem, columns).built()


class _Builder:
    def __init__(self, problem: ReserveProblem, columns: Columns) -> None:
        self._p, self._c = problem, columns
        in_hand = columns.taken(problem.in_hand)
        goods = columns.mode == PHYSICAL
        self._in_hand, self._goods = in_hand, goods
        self._beside = np.flatnonzero(in_hand > 0)
        self._charged = np.flatnonzero(problem.depots.opening_cost > 0)
        self._q = np.arange(len(columns))
        self._extra = len(columns) + np.arange(len(self._beside))
        self._steps = len(columns) + len(self._beside) + np.arange(len(problem.depots.ids))
        self._open = self._steps[-1] + 1 + np.arange(len(self._charged)) if len(self._steps) else self._steps
        self._number = np.full(len(problem.depots.ids), -1)
        self._number[self._charged] = np.arange(len(self._charged))
        self._rows = Rows()
        self._limits: list[tuple[str, str]] = []

    def built(self) -> FirstStage:
        p, c = self._p, self._c
        objective, constant = self._costs()
        self._room()
        self._budget(objective, constant)
        self._agreements()
        self._least()
        self._stays()
        self._beside_hand()
        self._opened()
        upper = np.concatenate([c.most, np.full(len(self._beside), np.inf), p.depots.most_steps,
                                np.ones(len(self._charged))])  # fmt: skip
        integer = np.arange(len(objective)) >= len(c) + len(self._beside)
        return FirstStage(
            problem=p,
            columns=c,
            objective=objective,
            upper=upper,
            integer=integer & (upper > 0),
            rows=self._rows,
            limits=tuple(self._limits),
            constant=constant,
            beside=self._beside,
            charged=self._charged,
        )

    def _costs(self) -> tuple[Floats, float]:
        items, c = self._p.items, self._c
        hold = items.hold_cost[c.item, c.mode]
        contract_in_hand = ~self._goods & (self._in_hand > 0)
        beside = np.where(self._goods, items.move_cost[c.item], hold)[self._beside]
        objective = np.concatenate(
            [np.where(contract_in_hand, 0.0, hold), beside, self._p.depots.step_cost,
             self._p.depots.opening_cost[self._charged]]
        )  # fmt: skip
        in_hand = self._p.in_hand[:, :, PHYSICAL]
        homeless = np.where(self._p.most[:, :, PHYSICAL] > 0, 0.0, in_hand).sum(axis=0)
        constant = float(homeless @ items.move_cost - in_hand.sum(axis=0) @ items.hold_cost[:, PHYSICAL])
        return objective, constant

    def _room(self) -> None:
        """Floor, volume and load of each depot, as far as they are limited; none before it is opened."""
        number = self._number
        depots, items = self._p.depots, self._p.items
        goods = np.flatnonzero(self._goods)
        for kind, limit, each, step in (
            ("floor", depots.floor_m2, items.floor_m2, depots.step_m2),
            ("volume", depots.volume_m3, items.volume_m3, depots.step_m3),
            ("load", _product(depots.load_kg_m2, depots.floor_m2), items.mass_kg,
             _product(depots.load_kg_m2, depots.step_m2)),
        ):  # fmt: skip
            limited = np.flatnonzero(np.isfinite(limit))
            row_of = np.full(len(limit), -1)
            row_of[limited] = np.arange(len(limited))
            closed = limited[number[limited] >= 0]
            mine = goods[row_of[self._c.depot[goods]] >= 0]
            mine = mine[each[self._c.item[mine]] > 0]
            self._rows.add(
                len(limited),
                np.concatenate([row_of[self._c.depot[mine]], np.arange(len(limited)), row_of[closed]]),
                np.concatenate([mine, self._steps[limited], self._open[number[closed]]]),
                np.concatenate([each[self._c.item[mine]], -step[limited], -limit[closed]]),
                lower=-np.inf,
                upper=np.where(number[limited] < 0, limit[limited], 0.0),
            )
            self._limits += [(kind, depots.ids[depot]) for depot in limited]

    def _budget(self, objective: Floats, constant: float) -> None:
        if np.isfinite(self._p.budget):
            used = np.flatnonzero(objective)
            self._rows.add_one(used, objective[used], lower=-np.inf, upper=self._p.budget - constant)
            self._limits.append(("budget", ""))

    def _agreements(self) -> None:
        share = self._p.agreement_share
        if share > 0:
            value = self._p.items.value[self._c.item]
            weight = value * ((self._c.mode == AGREEMENT) - share)
            self._rows.add_one(self._q, weight, lower=0.0, upper=np.inf)
            self._limits.append(("agreement_share", ""))

    def _least(self) -> None:
        for rule in self._p.least:
            asked = np.flatnonzero(rule.least > 0)
            row_of = np.full(len(rule.least), -1)
            row_of[asked] = np.arange(len(asked))
            mine = rule.depots[self._c.depot] & rule.modes[self._c.mode] & (row_of[self._c.item] >= 0)
            columns = np.flatnonzero(mine)
            self._rows.add(
                len(asked),
                row_of[self._c.item[columns]],
                columns,
                np.ones(len(columns)),
                lower=rule.least[asked],
                upper=np.inf,
            )
            self._limits += [("least", f"{rule.id}/{self._p.items.ids[item]}") for item in asked]

    def _stays(self) -> None:
        """Goods in hand stay somewhere."""
        in_hand = self._p.in_hand[:, :, PHYSICAL].sum(axis=0)
        asked = np.flatnonzero(in_hand > 0)
        row_of = np.full(len(in_hand), -1)
        row_of[asked] = np.arange(len(asked))
        columns = np.flatnonzero(self._goods & (row_of[self._c.item] >= 0))
        self._rows.add(
            len(asked),
            row_of[self._c.item[columns]],
            columns,
            np.ones(len(columns)),
            lower=in_hand[asked],
            upper=np.inf,
        )
        self._limits += [("in_hand", self._p.items.ids[item]) for item in asked]

    def _beside_hand(self) -> None:
        """Goods: moved >= in hand - held. Contracts: new >= held - in hand."""
        at, count = self._beside, len(self._beside)
        sign = np.where(self._goods[at], 1.0, -1.0)
        self._rows.add(
            count,
            np.tile(np.arange(count), 2),
            np.concatenate([at, self._extra]),
            np.concatenate([sign, np.ones(count)]),
            lower=sign * self._in_hand[at],
            upper=np.inf,
        )
        self._limits += [("", "")] * count

    def _opened(self) -> None:
        """Nothing is held and no floor added at a depot that is not opened."""
        number = self._number
        for variables, depot, most in (
            (self._q, self._c.depot, self._c.most),
            (self._steps, np.arange(len(number)), self._p.depots.most_steps.astype(float)),
        ):
            at = np.flatnonzero((number[depot] >= 0) & (most > 0))
            self._rows.add(
                len(at),
                np.tile(np.arange(len(at)), 2),
                np.concatenate([variables[at], self._open[number[depot[at]]]]),
                np.concatenate([np.ones(len(at)), -most[at]]),
                lower=-np.inf,
                upper=0.0,
            )
            self._limits += [("opening", self._p.depots.ids[d]) for d in depot[at]]


def _product(per_m2: Floats, m2: Floats) -> Floats:
    """What the floor bears, 0 where there is no floor and ``inf`` where there is no limit."""
    with np.errstate(invalid="ignore"):
        found = per_m2 * m2
    return np.where(np.isinf(per_m2), np.inf, np.where(m2 == 0, 0.0, found))
