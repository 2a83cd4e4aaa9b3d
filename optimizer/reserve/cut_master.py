"""The first stage with what is known of the second: a linear program that grows by cuts.

Each cut says that one item's recourse in one group of scenarios costs at least constant + slope x quantity.
A *round* is a set of prices outside the program (of truck time, of scenarios): its items' recourse sums up to
a lower limit of the whole, so that cuts of one round may be added over items but never mixed with another's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.program import Rows
from optimizer.reserve.first_stage import FirstStage
from optimizer.reserve.recourse import Recourse
from optimizer.solver import solve
from optimizer.warm_program import WarmProgram

ROWS_PER_VARIABLE = 4
"""With more cuts than this for each variable, the half that has been idle longest is left out."""
IDLE = 1
"""A new round begins without the cuts that were not binding in more than so many answers."""
SHORTEST_S, LONGEST_S = 1.0, 1e6
"""Time that one solve gets at least and at most."""
NEVER = -(2**40)
"""Answers that a cut has been idle for when it is never to be left out."""
BINDS = 1e-9
"""Dual value, in the program's units, above which a cut binds."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Values of the first stage, what they cost by the cuts, and the dual value of each of its rows."""

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
        self._program: WarmProgram | None = None
        self.infeasible = False

    def start_round(self, constants: Floats) -> None:
        """Begin a round whose recourse counts ``constants`` (by group) less than the sum over its items."""
        self._forget(IDLE)
        self._constants.append(constants / self._money)

    def add(self, found: Sequence[Recourse]) -> None:
        """Add the cuts of a trial to the round."""
        begin = len(self._first) + self._thetas + (len(self._constants) - 1) * self._groups * self._items
        fresh = [
            _Batch(
                begin + group * self._items,
                one.constant / self._money,
                one.slope,
                np.arange(self._items),
                np.zeros(self._items, np.int64),
            )
            for group, one in enumerate(found)
        ]
        self._batches += fresh
        if self._program is not None:
            _enter(self._program, self._cuts(fresh))

    def hold(self) -> None:
        """Never leave out the cuts that bind now or did so lately: they prove the bound."""
        for batch in self._batches:
            batch.idle = np.where(batch.idle <= IDLE, NEVER, batch.idle)

    def fix(self, lower: Floats, upper: Floats) -> None:
        """Limit the first stage's variables."""
        self._lower, self._upper = lower / self._scale, upper / self._scale
        if self._program is not None:
            self._program.limit(*self._limits())

    def solve(self, limit_s: float) -> Trial | None:
        """The cheapest first stage by the cuts; ``None`` when stopped or ``infeasible``."""
        if sum(len(batch.kept) for batch in self._batches) > ROWS_PER_VARIABLE * self._variables:
            idle = np.concatenate([batch.idle for batch in self._batches])
            self._forget(max(1, int(np.median(idle))))
        if self._program is None:
            self._program = self._built()
        answer = self._program.solve(min(max(limit_s, SHORTEST_S), LONGEST_S))
        if answer.status == "stopped" and limit_s > SHORTEST_S:
            return self._solved_afresh(limit_s)
        self.infeasible = answer.status == "infeasible"
        if answer.status != "optimal":
            return None
        self._note_idle(answer.duals)
        return self._trial(answer.values, float(self._objective() @ answer.values), answer.duals)

    def _solved_afresh(self, limit_s: float) -> Trial | None:
        """The same program by the engine for whole programs, where the warm one has lost its digits."""
        rows = Rows()
        for part in (self._first_rows(), self._links(), self._cuts(self._batches)):
            rows.add(len(part.lower), part.row, part.column, part.value, lower=part.lower, upper=np.inf)
        rows.upper[0] = self._row_upper()
        lower, upper = self._limits()
        continuous = np.zeros(self._variables, np.bool_)
        program = rows.program(self._objective(), lower=lower, upper=upper, integer=continuous)
        answer = solve(program, limit_s=limit_s)
        self._forget(np.iinfo(np.int64).max)
        self.infeasible = answer.status == "infeasible"
        if answer.status != "optimal":
            return None
        return self._trial(answer.values, min(answer.bound, answer.objective), np.empty(0))

    @property
    def _variables(self) -> int:
        return len(self._first) + self._thetas + len(self._constants) * self._groups * self._items

    def _trial(self, values: Floats, bound: float, duals: Floats) -> Trial:
        return Trial(
            values[: len(self._first)] * self._scale,
            bound * self._money + self._factor * self._first.constant,
            duals[: self._first.rows.count] / self._row_size() * self._money if len(duals) else duals,
        )

    def _objective(self) -> Floats:
        objective = np.zeros(self._variables)
        size = len(self._first)
        objective[:size] = self._factor * self._first.objective * self._scale / self._money
        objective[size : size + self._thetas] = 1.0
        return objective

    def _limits(self) -> tuple[Floats, Floats]:
        more = self._variables - len(self._first)
        return np.append(self._lower, np.zeros(more)), np.append(self._upper, np.full(more, np.inf))

    def _built(self) -> WarmProgram:
        program = WarmProgram(self._objective(), lower=self._limits()[0], upper=self._limits()[1])
        _enter(program, self._first_rows(), upper=self._row_upper())
        _enter(program, self._links())
        _enter(program, self._cuts(self._batches))
        return program

    def _row_size(self) -> Floats:
        rows = self._first.rows
        size = np.full(rows.count, 1e-9)
        scaled = np.abs(np.concatenate(rows.value)) * self._scale[np.concatenate(rows.column)]
        np.maximum.at(size, np.concatenate(rows.row), scaled)
        return size

    def _first_rows(self) -> _Entries:
        rows, size = self._first.rows, self._row_size()
        row, column = np.concatenate(rows.row), np.concatenate(rows.column)
        value = np.concatenate(rows.value) * self._scale[column] / size[row]
        return _Entries(row, column, value, np.concatenate(rows.lower) / size)

    def _row_upper(self) -> Floats:
        upper: Floats = np.concatenate(self._first.rows.upper) / self._row_size()
        return upper

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
        """Theta of an item - slope x quantity >= constant."""
        row, column, value, lower = [], [], [], []
        item = self._first.columns.item
        begin = 0
        for batch in batches:
            line = np.full(self._items, -1)
            line[batch.kept] = begin + np.arange(len(batch.kept))
            used = np.flatnonzero((batch.slope != 0) & (line[item] >= 0))
            row += [line[batch.kept], line[item[used]]]
            column += [batch.first_theta + batch.kept, used]
            value += [np.ones(len(batch.kept)), -batch.slope[used] * self._scale[used] / self._money]
            lower.append(batch.constant[batch.kept])
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
        """Close the program and leave out the cuts that were not binding in more than so many answers."""
        if self._program is not None:
            self._program.close()
            self._program = None
        for batch in self._batches:
            stays = batch.idle <= idle
            batch.kept, batch.idle = batch.kept[stays], batch.idle[stays]
        self._batches = [batch for batch in self._batches if len(batch.kept)]


def _enter(program: WarmProgram, entries: _Entries, *, upper: Floats | None = None) -> None:
    program.add(
        entries.row,
        entries.column,
        entries.value,
        row_lower=entries.lower,
        row_upper=np.full(len(entries.lower), np.inf) if upper is None else upper,
    )
