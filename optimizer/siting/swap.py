"""Starts and swaps for the p-median: add the best site, exchange the best pair.

Teitz & Bart (1968), doi:10.1287/opre.16.5.955, with gains and losses of all pairs evaluated at once as in
Resende & Werneck (2007), doi:10.1007/s10479-006-0154-0. ``time`` is rows by sites (n, m), ``cap`` what a row
costs without any of them (n,), ``people`` its weight (n,).
"""

import numpy as np

from optimizer.problem import Floats, Int64s


def greedy(time: Floats, cap: Floats, people: Floats, p: int) -> Int64s:
    """The site that saves most, p times or until none saves anything; ascending site numbers."""
    best, chosen = cap.copy(), np.zeros(time.shape[1], np.bool_)
    for _ in range(min(p, time.shape[1])):
        gain = people @ np.maximum(0.0, best[:, None] - time)
        gain[chosen] = -1.0
        j = int(gain.argmax())
        if gain[j] <= 0:
            break
        chosen[j] = True
        best = np.minimum(best, time[:, j])
    return np.flatnonzero(chosen)


def improve(time: Floats, cap: Floats, people: Floats, chosen: Int64s) -> Int64s:
    """Exchange one open site for one closed while that saves anything; ascending site numbers."""
    chosen = chosen.copy()
    while len(chosen):
        change = _changes(time, cap, people, chosen)
        out, site = np.unravel_index(int(change.argmin()), change.shape)
        if change[out, site] >= -0.5:
            break
        chosen[out] = site
    return np.sort(chosen)


def _changes(time: Floats, cap: Floats, people: Floats, chosen: Int64s) -> Floats:
    """Change of the total when open site ``r`` gives way to site ``j``, shape (p, m)."""
    open_times = np.column_stack([time[:, chosen], cap])
    owner = open_times.argmin(axis=1)
    first, second = np.partition(open_times, 1, axis=1)[:, :2].T
    gain = people @ np.maximum(0.0, first[:, None] - time)
    order = np.argsort(owner, kind="stable")
    first, second, owner = first[order, None], second[order, None], owner[order]
    loss = (np.clip(time[order], first, second) - first) * people[order, None]
    change = np.zeros((len(chosen) + 1, time.shape[1]))
    owners, start = np.unique(owner, return_index=True)
    change[owners] = np.add.reduceat(loss, start)
    change = np.asarray(change[:-1] - gain)
    change[:, chosen] = 0.0
    return change
