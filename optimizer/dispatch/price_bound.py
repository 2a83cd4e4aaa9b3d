"""How low the sum of full-complement times can be at best: prices on teams instead of "at most one slot".

With a price on each team that every slot pays, incidents no longer compete, and each finds its best
completion time by trying all of them: w_j L plus the cheapest teams that arrive within L. The sum, less the
prices of all teams, is a lower bound for any prices; subgradient steps with Polyak's length raise it (Held,
Wolfe and Crowder 1974, doi:10.1007/BF01580223; Fisher 1981, doi:10.1287/mnsc.27.1.1). Prices are whole
numbers, so the bound is exact. A completion time whose own best sum lies above the bound by more than the
gap is in no better plan.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.complement import Complement
from optimizer.problem import NEVER_DS, Bools, Floats, Int64s
from optimizer.watch import Watch

_DEAR = 2**50
"""Price of a place where no team stands: above any sum of weighted times."""
_PATIENCE = 15
"""Steps without a better bound before the steps get shorter by ``_SHORTER``."""
_SHORTER = 0.7
_MOMENTUM = 0.7
_AIMS = 6
"""How many of the best steps hand on what the incidents wanted."""


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """What some prices prove.

    Parameters
    ----------
    total
        Least measure of any plan, weighted ds.
    earliest_ds, useful
        By incident the earliest completion, and by arc whether it is in any plan, of those plans that are no
        worse than the known one.
    """

    total: int
    earliest_ds: Int64s
    useful: Bools


class Levels:
    """Completion times that each incident may have, and the teams of each group in order of arrival."""

    def __init__(self, complement: Complement) -> None:
        self.teams, self.arcs = len(complement.choices.aid), len(complement.choices.team)
        self.incidents = len(complement.weight)
        choices, filled = complement.choices, complement.exact.filled
        groups = np.flatnonzero(filled)
        order = np.lexsort((choices.team, choices.arrival_ds, choices.group))
        order = order[filled[choices.group[order]] > 0]
        row = np.searchsorted(groups, choices.group[order])
        place = np.arange(len(order)) - np.searchsorted(row, np.arange(len(groups)))[row]
        shape = (len(groups), int(place.max(initial=-1)) + 1)
        self.team = np.full(shape, len(choices.aid), np.int64)
        self.time = np.full(shape, NEVER_DS, np.int64)
        self.team[row, place], self.time[row, place] = choices.team[order], choices.arrival_ds[order]
        self.arc = np.full(shape, -1, np.int64)
        self.arc[row, place] = order
        self.need = filled[groups]
        self.limited = choices.complement[groups]
        self.incident = choices.incident[groups]
        self._list_levels(complement.weight)

    def _list_levels(self, weight: Int64s) -> None:
        alone = self.time[np.arange(len(self.need)), self.need - 1]
        of, times, rows, places = [], [], [], []
        first = 0
        for incident in np.unique(self.incident[self.limited]):
            groups = np.flatnonzero(self.limited & (self.incident == incident))
            level = np.unique(self.time[groups])
            level = level[(level >= alone[groups].max()) & (level < NEVER_DS)]
            of.append(np.full(len(level), incident))
            times.append(level)
            for group in groups:
                rows.append(np.stack([np.arange(first, first + len(level)), np.full(len(level), group)]))
                places.append(np.searchsorted(self.time[group], level, side="right") - 1)
            first += len(level)
        self.level_incident, self.level_ds = np.concatenate(of), np.concatenate(times)
        self.entry_level, self.entry_group = np.concatenate(rows, axis=1)
        self.entry_place = np.concatenate(places)
        self.level_cost = weight[self.level_incident] * self.level_ds
        self.starts = np.searchsorted(self.level_incident, np.unique(self.level_incident))

    def paid(self, price: Int64s) -> tuple[Int64s, Int64s]:
        """Prices of the cheapest among the first teams, in all and of the dearest, by group and place."""
        by_place = np.append(price, _DEAR)[self.team].T
        cheapest = np.full((int(self.need.max()), len(self.need)), _DEAR)
        counts = np.arange(len(cheapest))[:, None] < self.need
        paid, last = np.empty_like(by_place), np.empty_like(by_place)
        for place, value in enumerate(by_place):
            for rank in range(len(cheapest)):
                value, cheapest[rank] = np.maximum(cheapest[rank], value), np.minimum(cheapest[rank], value)
            paid[place] = (cheapest * counts).sum(axis=0)
            last[place] = cheapest[self.need - 1, np.arange(len(self.need))]
        return paid.T, last.T

    def chosen(self, price: Int64s, limit_ds: Int64s) -> Int64s:
        """How many slots each team fills when every group takes its cheapest teams within the limits."""
        late = self.limited[:, None] & (self.time > limit_ds[self.incident][:, None])
        value = np.where(late, 2 * _DEAR, np.append(price, _DEAR)[self.team])
        best = np.argsort(value, axis=1, kind="stable")[:, : int(self.need.max())]
        wanted = np.arange(best.shape[1]) < self.need[:, None]
        teams = np.take_along_axis(self.team, best, axis=1)[wanted]
        return np.bincount(teams, minlength=len(price) + 1)[:-1]


def raised(levels: Levels, upper: int, *, steps: int, watch: Watch) -> tuple[Int64s, tuple[Int64s, ...]]:
    """Prices by team that prove the best bound found, and what the incidents wanted at the best steps.

    Parameters
    ----------
    upper
        Measure of a known plan, weighted ds.

    Returns
    -------
    Prices, and completion times by incident (ds) that a search for plans may aim at, the best last.
    """
    price = np.zeros(levels.teams)
    direction, length, waited = price.copy(), 1.0, 0
    best, best_price = -1, price.astype(np.int64)
    aims: list[Int64s] = []
    for step in range(steps):
        whole = np.rint(price).astype(np.int64)
        total, least, summed = _priced(levels, whole)
        wanted = _wanted(levels, least, summed)
        waited += 1
        if total > best:
            best, best_price, waited = total, whole, 0
            aims.append(wanted)
        if best >= upper or watch.stopped_by:
            break
        if waited >= _PATIENCE:
            length, waited = length * _SHORTER, 0
        watch.tell("bound", step / steps, best / 10, upper / 10)
        direction = _MOMENTUM * direction + _slope(levels, price, wanted)
        norm = float(direction @ direction)
        if norm == 0:
            break
        price = np.maximum(0.0, price + length * (upper - total) / norm * direction)
    return best_price, tuple(aims[-_AIMS:])


def proven(levels: Levels, price: Int64s, upper: int) -> Bound:
    """What prices prove against a known plan of measure ``upper`` (weighted ds)."""
    total, least, summed = _priced(levels, price)
    above = summed - np.repeat(least, _sizes(levels))
    within = above <= upper - total
    earliest = np.full(levels.incidents, NEVER_DS, np.int64)
    np.minimum.at(earliest, levels.level_incident[within], levels.level_ds[within])
    earliest[earliest == NEVER_DS] = 0
    return Bound(min(total, upper), earliest, _useful(levels, price, above, upper - total))


def _sizes(levels: Levels) -> Int64s:
    return np.diff(np.append(levels.starts, len(levels.level_ds)))


def _priced(levels: Levels, price: Int64s) -> tuple[int, Int64s, Int64s]:
    """The bound at some prices, the best sum of each incident, and the sum of each completion time."""
    paid, _ = levels.paid(price)
    summed = levels.level_cost.copy()
    np.add.at(summed, levels.entry_level, paid[levels.entry_group, levels.entry_place])
    least = np.minimum.reduceat(summed, levels.starts)
    return int(least.sum() + paid[~levels.limited, -1].sum() - price.sum()), least, summed


def _wanted(levels: Levels, least: Int64s, summed: Int64s) -> Int64s:
    """The earliest of the best completion times of each incident."""
    at_best = np.flatnonzero(summed == np.repeat(least, _sizes(levels)))
    limit_ds = np.zeros(levels.incidents, np.int64)
    limit_ds[levels.level_incident[at_best[::-1]]] = levels.level_ds[at_best[::-1]]
    return limit_ds


def _slope(levels: Levels, price: Floats, limit_ds: Int64s) -> Int64s:
    """How many slots too many each team fills at the present prices; idle teams without a price stay so."""
    too_many = levels.chosen(np.rint(price).astype(np.int64), limit_ds) - 1
    return np.where((price <= 0) & (too_many < 0), 0, too_many)


def _useful(levels: Levels, price: Int64s, above: Int64s, gap: int) -> Bools:
    """Arcs whose use alone does not lift the bound by more than the gap."""
    _, last = levels.paid(price)
    extra = np.full(levels.team.shape, _DEAR)
    extra[~levels.limited] = -last[~levels.limited, -1:]
    places = (levels.entry_group, levels.entry_place)
    np.minimum.at(extra, places, above[levels.entry_level] - last[places])
    extra = np.minimum.accumulate(extra[:, ::-1], axis=1)[:, ::-1] + np.append(price, _DEAR)[levels.team]
    useful = np.zeros(levels.arcs, np.bool_)
    useful[levels.arc[(levels.arc >= 0) & (extra <= gap)]] = True
    return useful
