"""Rents of sites by window: one step of a proximal bundle method, solved in its dual.

Every window ``w`` knows some choices of its columns, and what each covers. With the rents of now as center,

    min  sum_w max_i (cover of i - rents of its sites)  +  places rent  +  sum_j over_j
         +  1 / (2 step) (sum (r - center)^2 / ease + (rent - rent of now)^2),

where site ``j`` pays ``rent + over_j`` in all, ``over_j >= 0`` (Kiwiel 1990, doi:10.1007/BF01585731, for the
method). The dual mixes the choices of each window; exchanges between two choices at a time raise it, as in
sequential minimal optimization (Platt 1998). All choices are looked through now and then only, those of the
mix at every sweep.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Lists = NDArray[np.uint32]
Choices = NDArray[np.int8]

_EXCHANGES, _LOOK = 6, 10
"""Exchanges of a window in one sweep; every so many sweeps all choices are looked through."""
_NEWTON, _ROOT = 60, 1e-9
_LEAST = 1e-9
"""What is left of a choice in the mix and counts as nothing."""


@njit(cache=True, nogil=True)
def _rent(
    wanted: Floats, ease: Floats, paid: Floats, step: float, before: float, places: int, rent: float
) -> float:
    """The rent at which as many sites are open as there are places; open are at most the whole of each.

    What is free rises with the rent in pieces that get steeper, so that Newton's steps end at the root.
    """
    for _ in range(_NEWTON):
        free, slope = places + (rent - before) / step, 1.0 / step
        for j in range(len(wanted)):
            if ease[j] > 0:
                share = wanted[j] - (rent - paid[j]) / (ease[j] * step)
                if share >= 1.0:
                    free -= 1.0
                else:
                    free -= share
                    slope += 1.0 / (ease[j] * step)
        if abs(free) < _ROOT * (1.0 + places):
            break
        rent -= free / slope
    return rent


@njit(cache=True, nogil=True)
def _listed(choices: Choices) -> tuple[Lists, Lists]:
    """Open columns of each choice, as lists: few of many."""
    start = np.zeros(len(choices) + 1, np.uint32)
    for i in range(len(choices)):
        start[i + 1] = start[i] + (choices[i] > 0).sum()
    column, at = np.empty(start[-1], np.uint32), 0
    for i in range(len(choices)):
        for j in range(len(choices[i])):
            if choices[i, j]:
                column[at] = j
                at += 1
    return start, column


@njit(cache=True, nogil=True)
def _extremes(
    some: Int64s, start: Lists, column: Lists, cover: Floats, mix: Floats, rents: Floats
) -> tuple[float, int, float, int]:
    """Profit and number of the best of some choices, and of the worst that is in the mix."""
    high, low, best, worst = -np.inf, np.inf, some[0], some[0]
    for i in some:
        profit = cover[i]
        for q in range(start[i], start[i + 1]):
            profit -= rents[column[q]]
        if profit > high:
            high, best = profit, i
        if mix[i] > 0 and profit < low:
            low, worst = profit, i
    return high, best, low, worst


@njit(cache=True, nogil=True)
def _share(wanted: float, ease: float, paid: float, step: float, rent: float) -> float:
    """How much of a site is open: what the windows want, less where it pays less than the rent."""
    return min(1.0, wanted - (rent - paid) / (ease * step))


@njit(cache=True, nogil=True)
def steered(
    begin: Int64s, column: Lists, ease: Floats, center: Floats, first: Int64s, choices: Choices,
    cover: Floats, mix: Floats, sites: int, places: int, before: float, step: float, sweeps: int,
    near: float, rents: Floats, shares: Floats,
) -> float:  # fmt: skip
    """Set ``rents``, the ``mix`` and ``shares`` of sites that go with them, and return the rent in all.

    Pairs of window and column stand one window after another, those of ``w`` from ``begin[w]``: ``column``,
    ``ease``, ``center`` and ``rents``. Choices of ``w`` stand from ``first[w]``, over its own columns, the
    ``mix`` of a window comes to 1. Ends where no exchange of two choices promises more than
    ``near``. ``before`` is the rent in all that goes with ``center``.
    """
    windows, pairs = len(begin) - 1, len(column)
    x, eased, paid, wanted = np.zeros(pairs), np.zeros(sites), np.zeros(sites), np.zeros(sites)
    for w in range(windows):
        for a in range(begin[w], begin[w + 1]):
            eased[column[a]] += ease[a]
            paid[column[a]] += center[a]
            for i in range(first[w], first[w + 1]):
                x[a] += mix[i] * choices[i, a - begin[w]]
    for a in range(pairs):
        wanted[column[a]] += ease[a] * x[a] / eased[column[a]]
    rent, used = before, mix > 0
    lists, listed = _listed(choices)
    for sweep in range(sweeps):
        rent = _rent(wanted, eased, paid, step, before, places, rent)
        give = 1.0
        for j in range(sites):
            if eased[j] > 0 and _share(wanted[j], eased[j], paid[j], step, rent) < 1.0:
                give += 1.0 / eased[j]
        whole, most = sweep % _LOOK == 0, 0.0
        for w in range(windows):
            own = slice(begin[w], begin[w + 1])
            sites_of, ease_of, open_of = column[own], ease[own], np.empty(begin[w + 1] - begin[w])
            for turn in range(_EXCHANGES):
                for a in range(len(sites_of)):
                    j = sites_of[a]
                    open_of[a] = _share(wanted[j], eased[j], paid[j], step, rent)
                    at = begin[w] + a
                    rents[at] = center[at] + step * ease_of[a] * (x[at] - open_of[a])
                some = np.arange(first[w], first[w + 1])
                if not whole or turn > 0:
                    some = some[used[first[w] : first[w + 1]]]
                high, best, low, worst = _extremes(some, lists, listed, cover, mix, rents[own])
                if whole and turn == 0:
                    used[first[w] : first[w + 1]] = mix[first[w] : first[w + 1]] > 0
                    used[best] = True
                    most = max(most, high - low)
                if high - low <= near or best == worst:
                    break
                bend, more = 0.0, 0.0
                for a in range(len(sites_of)):
                    change = choices[best, a] - choices[worst, a]
                    if change != 0:
                        part = ease_of[a] / eased[sites_of[a]] if open_of[a] < 1.0 else 0.0
                        bend += ease_of[a] * (1.0 - part)
                        more += part * change
                bend += more * more / give
                by = min(mix[worst], (high - low) / max(1e-12, step * bend))
                if mix[worst] - by < _LEAST:
                    by = mix[worst]
                mix[best] += by
                mix[worst] -= by
                rent += step * by * more / give
                for a in range(len(sites_of)):
                    change = choices[best, a] - choices[worst, a]
                    if change != 0:
                        x[begin[w] + a] += by * change
                        wanted[sites_of[a]] += ease_of[a] * by * change / eased[sites_of[a]]
        if whole and most <= near:
            break
    rent = _rent(wanted, eased, paid, step, before, places, rent)
    for j in range(sites):
        if eased[j] > 0:
            shares[j] = _share(wanted[j], eased[j], paid[j], step, rent)
    for a in range(pairs):
        rents[a] = center[a] + step * ease[a] * (x[a] - shares[column[a]])
    return rent
