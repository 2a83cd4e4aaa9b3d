"""From amounts to whole units: nobody keeps a third of a tent."""

import numpy as np

from optimizer.reserve.columns import columns
from optimizer.reserve.evaluate import first_stage_costs
from optimizer.reserve.first_stage import first_stage
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import ReserveProblem

NEAR = 1e-6
"""Units, and relative distance from a limit, that are no difference."""
KINDS = ("floor", "volume", "load", "agreement_share", "least", "in_hand")
"""Rows of the first stage that rounding can break, the budget apart."""


def whole_units(problem: ReserveProblem, held: Holding) -> Holding:
    """The plan in whole units, each quantity rounded up or down.

    Down first; then up where a rule, a share or goods in hand ask for it; then up where most was dropped, as
    long as the item's amount in that way of holding stays the nearest whole one and floors and budget
    allow. A row that rounding cannot keep, by less than a unit, stays broken: ``optimizer.reserve.check``
    names it.
    """
    return _Rounding(problem, held).rounded()


class _Rounding:
    def __init__(self, problem: ReserveProblem, held: Holding) -> None:
        first = first_stage(problem, columns(problem))
        self._problem, self._held, self._columns = problem, held, first.columns
        self._wanted = self._columns.taken(held.quantity)
        self._units = np.floor(self._wanted + NEAR)
        kept = np.flatnonzero([kind in KINDS for kind, _ in first.limits])
        matrix = np.zeros((first.rows.count, len(first)))
        at = np.concatenate(first.rows.row), np.concatenate(first.rows.column)
        matrix[at] = np.concatenate(first.rows.value)
        self._matrix = matrix[kept]
        self._lower = np.concatenate(first.rows.lower)[kept]
        self._upper = np.concatenate(first.rows.upper)[kept]
        rest = np.concatenate([np.zeros(len(first.beside)), held.steps, held.opened[first.charged]])
        self._size = len(self._columns)
        self._sum = self._matrix[:, : self._size] @ self._units + self._matrix[:, self._size :] @ rest

    def rounded(self) -> Holding:
        """Round down, then up by need, then up by what was dropped."""
        dropped = self._wanted - self._units
        order = np.argsort(-dropped, kind="stable")
        order = order[dropped[order] > NEAR]
        for at in order:
            if self._asked(at):
                self._raise(at)
        kind = self._columns.item * len(self._problem.in_hand[0, 0]) + self._columns.mode
        left = np.rint(np.bincount(kind, self._wanted - self._units))
        for at in order:
            if self._units[at] < self._wanted[at] and left[kind[at]] >= 1 and self._fits(at):
                self._raise(at)
                left[kind[at]] -= 1
        return self._holding()

    def _asked(self, at: np.intp) -> bool:
        """Whether some row lacks what this column gives."""
        lacks = self._sum < self._lower - NEAR * np.maximum(1.0, np.abs(self._lower))
        return bool((lacks & (self._matrix[:, at] > 0)).any())

    def _fits(self, at: np.intp) -> bool:
        """Whether one unit more breaks no row and not the budget."""
        then = self._sum + self._matrix[:, at]
        slack = NEAR * np.maximum(1.0, np.abs(then))
        worse = self._matrix[:, at] != 0
        if (
            worse & ((then > self._upper + slack) | ((then < self._lower - slack) & (then < self._sum)))
        ).any():
            return False
        self._units[at] += 1
        spent = sum(first_stage_costs(self._problem, self._holding()).values())
        self._units[at] -= 1
        return bool(spent <= self._problem.budget * (1 + NEAR))

    def _raise(self, at: np.intp) -> None:
        self._units[at] += 1
        self._sum += self._matrix[:, at]

    def _holding(self) -> Holding:
        return Holding(
            quantity=self._columns.spread(self._units, self._problem.shape),
            steps=self._held.steps,
            opened=self._held.opened,
        )
