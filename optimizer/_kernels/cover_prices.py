"""Prices of cover: the Lagrangian dual of a coverage problem by a deflected subgradient.

Groups buy cover at a price of their own, columns earn the prices of their groups, the best ``places`` units
are taken: an upper limit of all choices for any prices. Step towards a known value as in Held, Wolfe &
Crowder (1974), doi:10.1007/BF01580223; direction averaged as in Camerini, Fratta & Maffioli (1975),
doi:10.1007/BFb0120697. Steps are scaled by the weight of each group.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Lists = NDArray[np.uint32]
Int64s = NDArray[np.int64]

_NEWEST = 0.3
"""Share of the newest subgradient in the direction."""


@njit(cache=True, nogil=True)
def _taken(pull: Floats, most: Int64s, places: int, x: Floats) -> float:
    """Give the places to the columns that earn most; returns what they earn."""
    x[:] = 0.0
    earned, left = 0.0, places
    for j in np.argsort(-pull):
        if left <= 0 or pull[j] <= 0.0:
            break
        x[j] = min(left, most[j])
        left -= most[j]
        earned += x[j] * pull[j]
    return earned


@njit(cache=True, nogil=True)
def lower(
    start: Lists, site: Lists, people: Floats, done: Int64s, worth: Floats, most: Int64s, places: int,
    best: float, rounds: int, patience: int, enough: float, price: Floats, relaxed: Floats,
) -> float:  # fmt: skip
    """Lower the limit from the prices given, until it is ``enough``; returns the lowest.

    Changes ``price`` (by group) to those of the lowest limit and ``relaxed`` (by column) to the mean of the
    choices on the way, the later ones counting more: near an optimum of the linear relaxation. The step
    halves after ``patience`` rounds without a lower limit.
    """
    g, k = len(people), len(most)
    pull, x = np.zeros(k), np.zeros(k)
    direction, lowest_price = np.zeros(g), price.copy()
    lowest, step, quiet = np.inf, 1.0, 0
    for _ in range(rounds):
        pull[:] = 0.0
        limit = 0.0
        for i in range(g):
            for level in range(done[i], len(worth)):
                profit = people[i] * worth[level] - price[i]
                if profit <= 0.0:
                    break
                limit += profit
            for s in range(start[i], start[i + 1]):
                pull[site[s]] += price[i]
        limit += _taken(pull, most, places, x)
        relaxed += 0.05 * (x - relaxed)
        if limit < lowest:
            quiet = 0 if limit < lowest - 1e-4 * (lowest - best) else quiet + 1
            lowest = limit
            lowest_price[:] = price
        else:
            quiet += 1
        if lowest <= enough:
            break
        if quiet >= patience:
            step, quiet = 0.5 * step, 0
            price[:] = lowest_price
        norm = 0.0
        for i in range(g):
            ahead = 0.0
            for s in range(start[i], start[i + 1]):
                ahead += x[site[s]]
            for level in range(done[i], len(worth)):
                if people[i] * worth[level] <= price[i]:
                    break
                ahead -= 1.0
            if (price[i] <= 0.0 < ahead) or (price[i] >= people[i] * worth[done[i]] and ahead < 0.0):
                ahead = 0.0
            direction[i] += _NEWEST * (ahead - direction[i])
            norm += direction[i] * direction[i] * people[i]
        if norm <= 1e-12:
            break
        by = step * (limit - best) / norm
        for i in range(g):
            moved = price[i] - by * direction[i] * people[i]
            price[i] = min(max(moved, 0.0), people[i] * worth[done[i]])
    price[:] = lowest_price
    return lowest
