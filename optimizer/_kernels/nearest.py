"""Loops over rows and their nearest sites: lists, Benders cuts, totals.

``cost`` (n, m) is what a row costs when a site serves it; ``columns`` (f,) are the free sites, which all else
numbers 0 to f - 1; ``cap`` (n,) what a row costs at most whatever is open. ``site`` and ``value`` (n, k) are
the k nearest free sites of a row below its cap, ascending, and ``count`` (n,) how many there are below it,
which may be more than k.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def nearest_lists(cost, columns, cap, site, value, count):  # type: ignore[no-untyped-def]  # compiled
    """Fill ``site``, ``value`` and ``count``; equal costs by site number. Buckets first, then insertion."""
    n, f, k = cost.shape[0], len(columns), site.shape[1]
    bins = 64
    while bins < f:
        bins *= 2
    start = np.empty(bins + 1, np.int64)
    near = np.empty(f, cost.dtype)
    who = np.empty(f, np.int32)
    bucket = np.empty(f, np.int32)
    sorted_near = np.empty(f, cost.dtype)
    sorted_who = np.empty(f, np.int32)
    for i in range(n):
        c = 0
        low, high = np.inf, -np.inf
        for j in range(f):
            v = cost[i, columns[j]]
            if v < cap[i]:
                near[c] = v
                who[c] = j
                c += 1
                low = min(low, v)
                high = max(high, v)
        count[i] = c
        if c == 0:
            continue
        scale = (bins - 1) / (high - low) if high > low else 0.0
        start[:] = 0
        for t in range(c):
            own = np.int32((near[t] - low) * scale)
            bucket[t] = own
            start[own + 1] += 1
        last = bins - 1
        for b in range(bins):
            start[b + 1] += start[b]
            if start[b + 1] >= k:
                last = b
                break
        placed = start[last + 1]
        for t in range(c):
            own = bucket[t]
            if own <= last:
                at = start[own]
                start[own] = at + 1
                sorted_near[at] = near[t]
                sorted_who[at] = who[t]
        for t in range(1, placed):
            v, w = sorted_near[t], sorted_who[t]
            at = t
            while at > 0 and sorted_near[at - 1] > v:
                sorted_near[at] = sorted_near[at - 1]
                sorted_who[at] = sorted_who[at - 1]
                at -= 1
            sorted_near[at] = v
            sorted_who[at] = w
        for t in range(min(k, placed)):
            value[i, t] = sorted_near[t]
            site[i, t] = sorted_who[t]


@njit(cache=True, nogil=True)
def _critical(cost, columns, i, cap, within, x):  # type: ignore[no-untyped-def]  # compiled
    """Cost at which the sites of a row, nearest first, make up one whole, from all of its sites."""
    f = len(columns)
    near = np.empty(f, np.float64)
    share = np.empty(f, np.float64)
    c = 0
    for j in range(f):
        if x[j] > 0 and cost[i, columns[j]] < cap:
            near[c] = cost[i, columns[j]]
            share[c] = x[j]
            c += 1
    total = 0.0
    for t in np.argsort(near[:c]):
        total += share[t]
        if total >= 1 - 1e-9:
            return min(near[t], within)
    return within


@njit(cache=True, nogil=True)
def cut_sums(  # type: ignore[no-untyped-def]  # compiled
    cost, columns, cap, site, value, count, within, weight, group, x, slope, constant
):
    """Add each group's cut at ``x``, theta >= constant - slope x, to ``slope`` (g, f), ``constant`` (g,)."""
    k = site.shape[1]
    f = len(columns)
    for i in range(len(count)):
        g, w = group[i], weight[i]
        listed = min(count[i], k)
        total = 0.0
        at = -1.0
        stop = listed
        for t in range(listed):
            total += x[site[i, t]]
            if total >= 1 - 1e-9:
                at = value[i, t]
                stop = t
                break
        if stop == listed:
            at = within[i]
            if count[i] > k:
                at = _critical(cost, columns, i, cap[i], within[i], x)
        at = min(at, within[i])
        constant[g] += w * at
        if stop == listed and count[i] > k:
            for j in range(f):
                v = cost[i, columns[j]]
                if v < at:
                    slope[g, j] += w * (at - v)
        else:
            for t in range(stop):
                if value[i, t] < at:
                    slope[g, site[i, t]] += w * (at - value[i, t])


@njit(cache=True, nogil=True)
def nearest_open(cost, columns, cap, site, value, count, is_open, chosen, out):  # type: ignore[no-untyped-def]  # compiled
    """Fill ``out`` (n,) with what each row costs when the sites flagged in ``is_open`` (``chosen``) serve."""
    k = site.shape[1]
    for i in range(len(count)):
        best = cap[i]
        found = False
        for t in range(min(count[i], k)):
            if is_open[site[i, t]]:
                best = value[i, t]
                found = True
                break
        if not found and count[i] > k:
            for j in chosen:
                best = min(best, cost[i, columns[j]])
        out[i] = best
