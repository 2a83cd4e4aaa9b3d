"""The first stage with what is known of the second: a linear program that grows by cuts.

Each cut says that one item's recourse in one group of scenarios costs at least constant + slope x quantity.
A *round* is a set of prices outside the program (of truck time, of scenarios): its items' recourse sums up to
a lower limit of the whole, so that cuts of one round may be added over items but never mixed with another's.

The program is solved anew each time, presolved and scaled by HiGHS: slopes span the prices of a biscuit and
of a generator, and a warm simplex without scaling was seen to circle over such rows for minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Program, Rows
from optimizer.reserve.first_stage import FirstStage
from optimizer.reserve.recourse import Recourse
from optimizer.solver import solve

ROWS_PER_VARIABLE = 4
"""With more cuts than this for each variable, the half that has been idle longest is left out."""
IDLE = 1
"""A new round begins without the cuts that were not binding in more than so many answers."""
SHORTEST_S = 1.0
"""Time that one solve gets at least."""
NEVER = -(2**40)
"""Answers that a cut has been idle for when it is never to be left out."""
BINDS = 1e-9
"""Dual value, in the program's units, above which a cut binds."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Values of the first stage, what they cost at least, and the dual value of each of its rows.

    ``duals`` is empty where the choices had to be whole.
    """

    values: Floats
    bound: float
    duals: Floats


@dataclass(slots=True, eq=False)
class _Batch:
    """Cuts of one group at one trial: constants by item, slopes by column, the items whose cuts are kept.

    ``idle`` counts for how many answers each of those has not been binding.
    """

    first_theta: int
    constant: Floats
    slope: Floats
    kept: Int64s
    idle: Int64s


@dataclass(slots=True, eq=False)
class _Entries:
    """Rows with a lower limit, as arrays."""

    row: Int64s
    column: Int64s
    value: Floats
    lower: Floats


class CutMaster:
    """Minimize factor x first stage + sum of theta; theta >= each round's sum over items - constant.

    There is a theta for each group of scenarios, or with ``joint`` one for all, where the rounds differ in
    what a group weighs. Quantities count in shares of ``unit`` (k,) and money in ``money``: the simplex
    sees numbers near 1.
    """

    def __init__(
        self,
        first: FirstStage,
        groups: int,
        *,
        unit: Floats,
        money: float,
        factor: float = 1.0,
        joint: bool = False,
    ) -> None:
        self._first, self._groups, self._factor, self._money = first, groups, factor, money
        self._thetas = 1 if joint else groups
        self._items = len(unit)
        columns = first.columns
        of_item = np.concatenate([columns.item, columns.item[first.beside]])
        self._scale = np.ones(len(first))
        self._scale[: len(of_item)] = unit[of_item]
        self._lower, self._upper = np.zeros(len(first)), first.upper / self._scale
        self._constants: list[Floats] = []
        self._batches: list[_Batch] = []
        self._row_size = _row_size(first, self._scale)
        self.infeasible = False

    def start_round(self, constants: Floats) -> None:
        """Begin a round whose recourse counts ``constants`` (by group) less than the sum over its items."""
        self._forget(IDLE)
        self._constants.append(constants / self._money)

    def add(self, found: Sequence[Recourse]) -> None:
        """Add the cuts of a trial to the round."""
        begin = len(self._first) + self._thetas + (len(self._constants) - 1) * self._groups * self._items
        for group, one in enumerate(found):
            kept = np.flatnonzero(one.constant > 0)
            idle = np.zeros(len(kept), np.int64)
            theta = begin + group * self._items
            self._batches.append(_Batch(theta, one.constant / self._money, one.slope, kept, idle))

    def hold(self) -> None:
        """Never leave out the cuts that bind now or did so lately: they prove the bound."""
        for batch in self._batches:
            batch.idle = np.where(batch.idle <= IDLE, NEVER, batch.idle)

    def fix(self, lower: Floats, upper: Floats) -> None:
        """Limit the first stage's variables."""
        self._lower, self._upper = lower / self._scale, upper / self._scale

    def solve(self, limit_s: float, *, whole_gap: float | None = None) -> Trial | None:
        """The cheapest first stage by the cuts; ``None`` when stopped or ``infeasible``.

        Parameters
        ----------
        whole_gap
            Distance from the best, in money, to which the whole choices are made whole; ``None`` = they may
            lie between.
        """
        if sum(len(batch.kept) for batch in self._batches) > ROWS_PER_VARIABLE * self._variables:
            idle = np.concatenate([batch.idle for batch in self._batches])
            self._forget(max(1, int(np.median(idle))))
        whole = whole_gap is not None and bool(self._first.integer.any())
        answer = solve(
            self._program(whole=whole),
            limit_s=max(limit_s, SHORTEST_S),
            absolute_gap=0.0 if whole_gap is None else whole_gap / self._money,
        )
        self.infeasible = answer.status == "infeasible"
        if answer.status != "optimal" and not (whole and answer.status == "feasible"):
            return None
        if not whole:
            self._note_idle(answer.duals)
        return Trial(
            answer.values[: len(self._first)] * self._scale,
            min(answer.bound, answer.objective) * self._money + self._factor * self._first.constant,
            answer.duals[: self._first.rows.count] / self._row_size * self._money
            if len(answer.duals)
            else answer.duals,
        )

    def _program(self, *, whole: bool) -> Program:
        rows = Rows()
        for part in (self._first_rows(), self._links(), self._cuts(self._batches)):
            rows.add(len(part.lower), part.row, part.column, part.value, lower=part.lower, upper=np.inf)
        rows.upper[0] = np.concatenate(self._first.rows.upper) / self._row_size
        objective, more = np.zeros(self._variables), self._variables - len(self._first)
        size = len(self._first)
        objective[:size] = self._factor * self._first.objective * self._scale / self._money
        objective[size : size + self._thetas] = 1.0
        integer = np.zeros(self._variables, np.bool_)
        integer[:size] = self._first.integer & whole
        return rows.program(
            objective,
            lower=np.append(self._lower, np.zeros(more)),
            upper=np.append(self._upper, np.full(more, np.inf)),
            integer=integer,
        )

    @property
    def _variables(self) -> int:
        return len(self._first) + self._thetas + len(self._constants) * self._groups * self._items

    def _first_rows(self) -> _Entries:
        rows, size = self._first.rows, self._row_size
        row, column = np.concatenate(rows.row), np.concatenate(rows.column)
        value = np.concatenate(rows.value) * self._scale[column] / size[row]
        return _Entries(row, column, value, np.concatenate(rows.lower) / size)

    def _links(self) -> _Entries:
        """Each theta is at least each round's sum over its groups' items less their constants."""
        rounds, groups, thetas = len(self._constants), self._groups, self._thetas
        count = rounds * thetas
        row_of = np.arange(rounds * groups) // groups * thetas + np.arange(rounds * groups) % groups % thetas
        behind = len(self._first) + thetas
        items = behind + np.arange(rounds * groups * self._items)
        constants = np.concatenate(self._constants) if rounds else np.empty(0)
        return _Entries(
            np.concatenate([np.arange(count), np.repeat(row_of, self._items)]),
            np.concatenate([len(self._first) + np.arange(count) % thetas, items]),
            np.concatenate([np.ones(count), np.full(len(items), -1.0)]),
            -np.bincount(row_of, constants, minlength=count).astype(float),
        )

    def _cuts(self, batches: Sequence[_Batch]) -> _Entries:
        """Theta of an item - slope x quantity >= constant, each over its largest number."""
        row, column, value, lower = [], [], [], []
        item = self._first.columns.item
        begin = 0
        for batch in batches:
            line = np.full(self._items, -1)
            line[batch.kept] = begin + np.arange(len(batch.kept))
            used = np.flatnonzero((batch.slope != 0) & (line[item] >= 0))
            falls = batch.slope[used] * self._scale[used] / self._money
            size = np.ones(self._items)
            np.maximum.at(size, item[used], np.abs(falls))
            row += [line[batch.kept], line[item[used]]]
            column += [batch.first_theta + batch.kept, used]
            value += [1 / size[batch.kept], -falls / size[item[used]]]
            lower.append(batch.constant[batch.kept] / size[batch.kept])
            begin += len(batch.kept)
        if not batches:
            return _Entries(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))
        return _Entries(
            np.concatenate(row), np.concatenate(column), np.concatenate(value), np.concatenate(lower)
        )

    def _note_idle(self, duals: Floats) -> None:
        """Count for how many answers each cut has not been binding."""
        begin = self._first.rows.count + len(self._constants) * self._thetas
        for batch in self._batches:
            binds = duals[begin : begin + len(batch.kept)] > BINDS
            begin += len(batch.kept)
            batch.idle = np.where(binds & (batch.idle > 0), 0, batch.idle + 1)

    def _forget(self, idle: int) -> None:
        """Leave out the cuts that were not binding in more than so many answers."""
        for batch in self._batches:
            stays = batch.idle <= idle
            batch.kept, batch.idle = batch.kept[stays], batch.idle[stays]
        self._batches = [batch for batch in self._batches if len(batch.kept)]


def _row_size(first: FirstStage, scale: Floats) -> Floats:
    """Largest number of each of the first stage's rows, as its variables are scaled."""
    size = np.full(first.rows.count, 1e-9)
    scaled = np.abs(np.concatenate(first.rows.value)) * scale[np.concatenate(first.rows.column)]
    np.maximum.at(size, np.concatenate(first.rows.row), scaled)
    return size
