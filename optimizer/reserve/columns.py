"""Where and how an item can be held at all, and the batches in which what is held becomes ready."""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.reserve.reserve_problem import ReserveProblem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """The quantities to choose, by item, then depot, then way of holding.

    Parameters
    ----------
    item, depot, mode
        Of each column, shape (c,).
    most
        Units, > 0, shape (c,).
    first
        Where the columns of each item begin, and where the last end, shape (k + 1,).
    source_column, source_batch, source_ready_s, source_share
        The batches of the columns, in their order, shape (s,).
    first_source
        Where the batches of each item begin, and where the last end, shape (k + 1,).
    """

    item: Int64s
    depot: Int64s
    mode: Int64s
    most: Floats
    first: Int64s
    source_column: Int64s
    source_batch: Int64s
    source_ready_s: Floats
    source_share: Floats
    first_source: Int64s

    def __len__(self) -> int:
        return len(self.item)

    def taken(self, quantity: Floats) -> Floats:
        """The columns' values of quantities of shape (d, k, m)."""
        return np.ascontiguousarray(quantity[self.depot, self.item, self.mode])

    def spread(self, values: Floats, shape: tuple[int, int, int]) -> Floats:
        """Quantities of shape (d, k, m) with the columns' values, 0 elsewhere."""
        quantity = np.zeros(shape)
        quantity[self.depot, self.item, self.mode] = values
        return quantity


def columns(problem: ReserveProblem) -> Columns:
    """All columns with a limit above 0."""
    item, depot, mode = (at.astype(np.int64) for at in np.nonzero(problem.most.transpose(1, 0, 2)))
    batches = problem.ready_share[mode] > 0
    column, batch = (at.astype(np.int64) for at in np.nonzero(batches))
    items = np.arange(problem.shape[1] + 1)
    return Columns(
        item=item,
        depot=depot,
        mode=mode,
        most=problem.most[depot, item, mode],
        first=np.searchsorted(item, items),
        source_column=column,
        source_batch=batch,
        source_ready_s=problem.ready_s[depot[column], mode[column], batch],
        source_share=problem.ready_share[mode[column], batch],
        first_source=np.searchsorted(item[column], items),
    )
