"""What a truck second is worth in each scenario, once it is known what is held.

max over mu >= 0 of T(mu) - mu x seconds there are, T the second stage without limits at price mu. T is
concave and each plan driven at some price is a cut above it (Kelley 1960, doi:10.1137/0108053); the dual
of the program of cuts mixes those plans into one that keeps the limits, which is why its value is reached
and not only a limit.
"""

from dataclasses import dataclass

import numpy as np

from optimizer.problem import Floats
from optimizer.program import Rows
from optimizer.reserve.recourse_pool import Prices, RecoursePool
from optimizer.solver import solve
from optimizer.watch import Watch

TOWARDS = 0.6
"""How far the next price lies from the best known towards the best by the cuts."""


@dataclass(frozen=True, slots=True, eq=False)
class TruckPrices:
    """Prices by scenario and window, and each scenario's cost: at least ``lower``, reached at ``upper``."""

    price: Floats
    lower: Floats
    upper: Floats


def truck_prices(
    pool: RecoursePool,
    quantity: Floats,
    *,
    start: Floats,
    weight: Floats,
    relative_gap: float,
    watch: Watch,
) -> TruckPrices:
    """Best prices, and the second stage's cost under truck limits, of all scenarios.

    Parameters
    ----------
    start
        Prices to begin with, shape (n, w).
    relative_gap
        Weighted sum of upper - lower over that of upper at and below which it ends.
    """
    search = _Search(pool, quantity, weight)
    search.look(np.zeros_like(start))
    if (start > 0).any():
        search.look(start)
    while watch.stopped_by is None and not search.done(relative_gap):
        search.look(search.between())
    return TruckPrices(search.price, search.lower, search.upper)


class _Search:
    def __init__(self, pool: RecoursePool, quantity: Floats, weight: Floats) -> None:
        nothing = pool.nothing_brought()
        self._pool, self._quantity, self._weight = pool, quantity, weight
        self._limit_s = pool.scenarios.truck_s
        self._limited = np.isfinite(self._limit_s)
        n, windows = self._limit_s.shape
        self._scale = np.maximum(1.0, nothing)
        self._seconds = np.where(self._limited, np.maximum(self._limit_s, 1.0), 1.0)
        self.price = np.zeros((n, windows))
        self.lower, self.upper = np.full(n, -np.inf), nothing.copy()
        limits = np.where(self._limited, self._limit_s / self._seconds, 1.0)
        self._objective = np.concatenate([-np.ones(n), limits.ravel()])
        self._rows = Rows()
        self._open = np.ones(n, np.bool_)
        self._enter(np.arange(n), nothing, np.zeros((n, windows)))
        self._values = np.zeros(n * (1 + windows))

    def look(self, price: Floats) -> None:
        """Drive the best plans at a price, and take note of them."""
        found = self._pool.recourse(
            self._quantity, Prices(weight=self._weight, truck=price, asked=self._open)
        )
        cost, used_s = self._pool.by_scenario(found)
        at = np.flatnonzero(self._open)
        priced = (price * np.where(self._limited, self._limit_s, 0.0)).sum(axis=1)
        better = at[cost[at] - priced[at] > self.lower[at]]
        self.lower[better] = (cost - priced)[better]
        self.price[better] = price[better]
        own = cost - (price * used_s).sum(axis=1)
        self._enter(at, own[at], used_s[at])

    def done(self, relative_gap: float) -> bool:
        """Whether the plans mixed are as good as the prices say, as far as asked."""
        n, windows = self._limit_s.shape
        free, priced = np.full(n, np.inf), np.where(self._limited, np.inf, 0.0).ravel()
        program = self._rows.program(
            self._objective,
            lower=np.concatenate([-free, np.zeros(n * windows)]),
            upper=np.concatenate([free, priced]),
            integer=np.zeros(len(self._objective), np.bool_),
        )
        answer = solve(program, limit_s=np.inf)
        if answer.status != "optimal":
            return True
        self._values = answer.values
        reached = self._values[:n] - (
            self._values[n:].reshape(n, windows) * np.where(self._limited, self._limit_s / self._seconds, 0.0)
        ).sum(axis=1)
        self.upper = np.minimum(self.upper, reached * self._scale)
        apart = self._weight * np.maximum(0.0, self.upper - self.lower)
        tolerance = relative_gap * max(1.0, float(self._weight @ self.upper))
        self._open = apart > tolerance / (2 * len(apart))
        return bool(apart.sum() <= tolerance) or not self._open.any()

    def between(self) -> Floats:
        """The next prices."""
        n, windows = self._limit_s.shape
        price = self._values[n:].reshape(n, windows) * self._scale[:, None] / self._seconds
        return self.price + TOWARDS * (price - self.price)

    def _enter(self, at: np.ndarray, cost: Floats, used_s: Floats) -> None:
        """Value - price x seconds used <= cost, of the scenarios ``at``."""
        n, windows = self._limit_s.shape
        count = len(at)
        used = np.where(self._limited[at], used_s / self._seconds[at], 0.0)
        line, window = np.nonzero(used)
        self._rows.add(
            count,
            np.concatenate([np.arange(count), line]),
            np.concatenate([at, n + at[line] * windows + window]),
            np.concatenate([np.ones(count), -used[line, window]]),
            lower=-np.inf,
            upper=cost / self._scale[at],
        )
