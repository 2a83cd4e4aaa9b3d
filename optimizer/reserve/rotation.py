"""When to buy what, so that a reserve stays whole for years and each year costs about the same.

Goods leave the shelf in the order in which they expire (``optimizer.reserve.shelf``). With P_t and W_t the
units of an item bought and left unused up to month t, C_t those whose time on the shelf is over by then, U_t
the use and S_0 the lots, an item stays whole when

    S_0 + P_t - U_t - W_t >= target_t,    W_t >= C_t - U_{t-1},    P and W never fall,

because first-expiring-first-out wastes exactly max over s <= t of (C_s - U_{s-1})+. Buying just in time costs
least life, where a unit's cost counts by the share of its time on the shelf that lies within the months
planned: else buying early, which replaces goods before their time, would look free. The calendar is the one

    min  the dearest budget period, then the next dearest, ...
    s.t. cost of life <= (1 + dearer) of the least,    then least cost of life with those periods.

All rows of an item are differences of two variables, so rounding P up to whole units keeps every one of them;
it adds less than one unit of each item to the sum of any months. Own formulation; spreading by turns as in
Ogryczak & Sliwinski (2006), On direct methods for lexicographic min-max optimization, LNCS 3982.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isinf

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Rows
from optimizer.reserve.shelf import ShelfItem, ShelfYears, just_in_time, kept_whole
from optimizer.solver import Solution, SolverError, solve

ROUNDING = 1e-4
"""Units that the solver may leave over without meaning one more."""
DUAL = 1e-9
"""A period with a price below this may still be made cheaper at no other's expense."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """What to buy when, and what becomes of it.

    Parameters
    ----------
    shelves
        By item, as asked.
    periods
        Spending by budget period, shape (b,).
    dearest, dearest_bound
        Highest of them; what no calendar within the allowed cost of life can go below.
    life_cost, least_life_cost
        Cost of the time on the shelf, here and when buying just in time. Whole units may carry the first over
        the allowed share by less than one unit of each item.
    dearest_just_in_time
        Highest spending of a budget period when buying just in time.
    """

    shelves: tuple[ShelfYears, ...]
    periods: Floats
    dearest: float
    dearest_bound: float
    life_cost: float
    least_life_cost: float
    dearest_just_in_time: float


def rotate(items: Sequence[ShelfItem], *, budget_months: int = 12, dearer: float = 0.05) -> Calendar:
    """The calendar of purchases that spreads spending most evenly over budget periods.

    Parameters
    ----------
    items
        All with the same number of months.
    budget_months
        Length of a budget period, >= 1; the last one may be shorter.
    dearer
        Share of the least cost of life, >= 0, that spreading may add to it.

    Raises
    ------
    ValueError
        Lengths or limits that make no sense.
    SolverError
        The solver failed.
    """
    months = {len(item.target) for item in items}
    if len(months) > 1:
        raise ValueError(f"items: want one number of months, got {sorted(months)}")
    if budget_months < 1 or not 0 <= dearer < inf:
        raise ValueError("want budget_months >= 1 and dearer >= 0")
    in_time = [just_in_time(item) for item in items]
    if not items or not months.pop():
        return _calendar(items, in_time, in_time, budget_months, bound=0.0)
    program = _Spread(items, budget_months, most_life_cost=(1 + dearer) * _life_cost(items, in_time))
    dearest = program.even_out()
    shelves = [kept_whole(item, units) for item, units in zip(items, program.bought(), strict=True)]
    return _calendar(items, shelves, in_time, budget_months, bound=dearest)


def _calendar(
    items: Sequence[ShelfItem],
    shelves: Sequence[ShelfYears],
    in_time: Sequence[ShelfYears],
    budget_months: int,
    *,
    bound: float,
) -> Calendar:
    periods = _spending(items, shelves, budget_months)
    return Calendar(
        shelves=tuple(shelves),
        periods=periods,
        dearest=float(periods.max(initial=0.0)),
        dearest_bound=bound,
        life_cost=_life_cost(items, shelves),
        least_life_cost=_life_cost(items, in_time),
        dearest_just_in_time=float(_spending(items, in_time, budget_months).max(initial=0.0)),
    )


def _spending(items: Sequence[ShelfItem], shelves: Sequence[ShelfYears], budget_months: int) -> Floats:
    if not items:
        return np.zeros(0)
    by_month = np.zeros(len(items[0].target))
    for item, shelf in zip(items, shelves, strict=True):
        by_month += item.cost * shelf.bought
    starts = np.arange(0, len(items[0].target), budget_months)
    spent: Floats = np.add.reduceat(by_month, starts) if len(starts) else np.zeros(0)
    return spent


def _life_cost(items: Sequence[ShelfItem], shelves: Sequence[ShelfYears]) -> float:
    return float(sum(life_share(i) @ shelf.bought * i.cost for i, shelf in zip(items, shelves, strict=True)))


def life_share(item: ShelfItem) -> Floats:
    """Share of a unit's time on the shelf within the months planned, by month of purchase, shape (t,)."""
    left = np.arange(len(item.target), 0, -1)
    return np.ones(len(left)) if item.stays is None else np.minimum(left, item.stays) / item.stays


class _Spread:
    """The program of all items. Costs are scaled by the highest, so that limits are numbers near 1."""

    def __init__(self, items: Sequence[ShelfItem], budget_months: int, *, most_life_cost: float) -> None:
        self._items = items
        self._months = len(items[0].target)
        self._starts = range(0, self._months, budget_months)
        self._ends = [min(start + budget_months, self._months) - 1 for start in self._starts]
        self._scale = max(item.cost for item in items) or 1.0
        self._most_life_cost = most_life_cost / self._scale
        self._limits = np.full(len(self._starts), inf)

    def even_out(self) -> float:
        """Limit the dearest periods to their least, then the next dearest, and so on; returns the first."""
        dearest: list[float] = []
        while np.isinf(self._limits).any():
            answer = self._solved(spread=True)
            dearest.append(max(0.0, answer.objective))
            free = np.isinf(self._limits)
            binding = free & (answer.duals[-len(self._limits) :] < -DUAL)
            self._limits[binding if binding.any() else free] = dearest[-1]
        return dearest[0] * self._scale

    def bought(self) -> Int64s:
        """Units of least cost of life within the limits of the periods, shape (i, t)."""
        answer = self._solved(spread=False)
        levels = answer.values[:-1].reshape(len(self._items), 2, self._months)[:, 0]
        whole = np.ceil(levels - ROUNDING).astype(np.int64)
        return np.diff(np.maximum.accumulate(whole, axis=1), axis=1, prepend=0)

    def _solved(self, *, spread: bool) -> Solution:
        """``spread``: the least highest of the periods without a limit; else the least cost of life."""
        life = self._life_by_level()
        rows = Rows()
        for number, item in enumerate(self._items):
            _stays_whole(rows, item, first=2 * number * self._months)
        used = np.flatnonzero(life)
        rows.add_one(used, life[used], lower=-inf, upper=_a_hair_more(self._most_life_cost))
        self._add_periods(rows, dearest=len(life))
        objective = np.append(np.zeros(len(life)), 1.0) if spread else np.append(life, 0.0)
        continuous = np.zeros(len(objective), np.bool_)
        answer = solve(
            rows.program(objective, upper=np.full(len(objective), inf), integer=continuous), limit_s=inf
        )
        if answer.status != "optimal":
            raise SolverError(f"rotation: the solver ended {answer.status}")
        return answer

    def _life_by_level(self) -> Floats:
        """Coefficients of the cost of life, items by P and W by month."""
        life = np.zeros((len(self._items), 2, self._months))
        for number, item in enumerate(self._items):
            share = life_share(item) * item.cost / self._scale
            life[number, 0] = share - np.append(share[1:], 0.0)
        return life.reshape(-1)

    def _add_periods(self, rows: Rows, *, dearest: int) -> None:
        """Spending of each period is within its limit, or at most the variable ``dearest``; the last rows."""
        first = 2 * np.arange(len(self._items)) * self._months
        cost = np.array([item.cost / self._scale for item in self._items])
        for start, end, limit in zip(self._starts, self._ends, self._limits, strict=True):
            columns, values = [first + end], [cost]
            if start:
                columns.append(first + start - 1)
                values.append(-cost)
            if isinf(limit):
                columns.append(np.array([dearest]))
                values.append(np.array([-1.0]))
            rows.add_one(
                np.concatenate(columns),
                np.concatenate(values),
                lower=-inf,
                upper=0.0 if isinf(limit) else _a_hair_more(limit),
            )


def _a_hair_more(limit: float) -> float:
    """A limit that the last digit of a sum does not turn into a contradiction."""
    return limit + 1e-9 * max(1.0, limit)


def _stays_whole(rows: Rows, item: ShelfItem, *, first: int) -> None:
    """Rows of one item; its P stand from variable ``first``, its W behind them."""
    months = len(item.target)
    t = np.arange(months)
    bought, left = first + t, first + months + t
    pairs = np.concatenate([t, t])
    signs = np.repeat([1.0, -1.0], months)
    used = np.cumsum(item.use).astype(np.float64)
    held = float(sum(lot.quantity for lot in item.lots))
    rows.add(months, pairs, np.concatenate([bought, left]), signs, lower=item.target + used - held, upper=inf)
    over = _lots_over(item) - np.concatenate([[0], used])[:months]
    back = t if item.stays is None else t - item.stays
    fresh = back[(back >= 0) & (back < t)]
    rows.add(
        months,
        np.concatenate([t, t[months - len(fresh) :]]),
        np.concatenate([left, first + fresh]),
        np.concatenate([np.ones(months), -np.ones(len(fresh))]),
        lower=over,
        upper=inf,
    )
    for level in (bought, left):
        rows.add(
            months - 1,
            np.concatenate([t[:-1], t[:-1]]),
            np.concatenate([level[1:], level[:-1]]),
            np.repeat([1.0, -1.0], months - 1),
            lower=0.0,
            upper=inf,
        )


def _lots_over(item: ShelfItem) -> Floats:
    """Units of the lots that have left the shelf by each month unless they were used, shape (t,)."""
    over = np.zeros(len(item.target))
    for lot in item.lots:
        if (stays := item.lot_stays(lot)) is not None:
            over[stays:] += lot.quantity
    return over
