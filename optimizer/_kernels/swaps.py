"""Loops of the swap search: gains, losses and what pairs have in common, kept up to date (Resende-Werneck).

Arrays as in ``nearest``. Open sites sit in ``slot`` s (``open_slot`` (f,) gives the slot of a site, -1 =
closed; ``chosen`` (s,) the site of a slot, -1 = empty). ``first`` and ``second`` (n,) are the slots that
serve a row best and next, -1 = none beside the cap, at costs ``near`` and ``next_near`` (n,).
"""

from numba import njit


@njit(cache=True, nogil=True)
def _two(cost, columns, cap, site, value, count, open_slot, chosen, i):  # type: ignore[no-untyped-def]  # compiled
    a = b = -1
    va = vb = cap[i]
    k = site.shape[1]
    for t in range(min(count[i], k)):
        s = open_slot[site[i, t]]
        if s >= 0:
            if a < 0:
                a, va = s, value[i, t]
            else:
                b, vb = s, value[i, t]
                break
    if b < 0 and count[i] > k:
        a = b = -1
        va = vb = cap[i]
        for s in range(len(chosen)):
            if chosen[s] >= 0:
                v = cost[i, columns[chosen[s]]]
                if v < va:
                    b, vb = a, va
                    a, va = s, v
                elif v < vb:
                    b, vb = s, v
    return a, b, va, vb


@njit(cache=True, nogil=True)
def _count(  # type: ignore[no-untyped-def]  # compiled
    cost, columns, site, value, count, i, w, first, near, next_near, gain, loss, extra
):
    """Add a row's part, ``w`` its weight (negative to take it back), to the three tables."""
    if first >= 0:
        loss[first] += w * (next_near - near)
    k = site.shape[1]
    listed = min(count[i], k)
    if count[i] > k and value[i, listed - 1] < next_near:
        for j in range(len(columns)):
            v = cost[i, columns[j]]
            if v < next_near:
                if v < near:
                    gain[j] += w * (near - v)
                    if first >= 0:
                        extra[j, first] += w * (next_near - near)
                elif first >= 0:
                    extra[j, first] += w * (next_near - v)
        return
    for t in range(listed):
        v = value[i, t]
        if v >= next_near:
            break
        j = site[i, t]
        if v < near:
            gain[j] += w * (near - v)
            if first >= 0:
                extra[j, first] += w * (next_near - near)
        elif first >= 0:
            extra[j, first] += w * (next_near - v)


@njit(cache=True, nogil=True)
def serve_all(  # type: ignore[no-untyped-def]  # compiled
    cost,
    columns,
    cap,
    site,
    value,
    count,
    weight,
    open_slot,
    chosen,
    first,
    near,
    next_near,
    gain,
    loss,
    extra,
):
    """Fill the tables for the open sites."""
    gain[:] = 0
    loss[:] = 0
    extra[:] = 0
    for i in range(len(count)):
        a, _b, va, vb = _two(cost, columns, cap, site, value, count, open_slot, chosen, i)
        first[i] = a
        near[i] = va
        next_near[i] = vb
        _count(cost, columns, site, value, count, i, weight[i], a, va, vb, gain, loss, extra)


@njit(cache=True, nogil=True)
def exchange(  # type: ignore[no-untyped-def]  # compiled
    cost,
    columns,
    cap,
    site,
    value,
    count,
    weight,
    open_slot,
    chosen,
    first,
    near,
    next_near,
    gain,
    loss,
    extra,
    slot,
    opened,
):
    """Close the site of a slot, if any, and open another in it, -1 = none; redo the rows it touches."""
    closed = chosen[slot]
    chosen[slot] = opened
    if closed >= 0:
        open_slot[closed] = -1
    if opened >= 0:
        open_slot[opened] = slot
    for i in range(len(count)):
        touched = False
        if closed >= 0:
            v = cost[i, columns[closed]]
            touched = v <= next_near[i] and v < cap[i]
        if not touched and opened >= 0:
            touched = cost[i, columns[opened]] < next_near[i]
        if touched:
            a, va, vb = first[i], near[i], next_near[i]
            _count(cost, columns, site, value, count, i, -weight[i], a, va, vb, gain, loss, extra)
            a, _b, va, vb = _two(cost, columns, cap, site, value, count, open_slot, chosen, i)
            first[i] = a
            near[i] = va
            next_near[i] = vb
            _count(cost, columns, site, value, count, i, weight[i], a, va, vb, gain, loss, extra)


@njit(cache=True, nogil=True)
def best_exchange(opening, open_slot, chosen, gain, loss, extra, least_open):  # type: ignore[no-untyped-def]  # compiled
    """The exchange that saves most: saving, slot, site to open (-1 = only close)."""
    best, best_slot, best_site = 0.0, -1, -1
    empty = -1
    opened = 0
    for s in range(len(chosen)):
        opened += chosen[s] >= 0
    for s in range(len(chosen)):
        if chosen[s] < 0:
            empty = s
        elif opened > least_open and opening[chosen[s]] - loss[s] > best:
            best, best_slot, best_site = opening[chosen[s]] - loss[s], s, -1
    for j in range(len(open_slot)):
        if open_slot[j] >= 0:
            continue
        alone = gain[j] - opening[j]
        if empty >= 0 and alone > best:
            best, best_slot, best_site = alone, empty, j
        for s in range(len(chosen)):
            if chosen[s] >= 0:
                saved = alone - loss[s] + extra[j, s] + opening[chosen[s]]
                if saved > best:
                    best, best_slot, best_site = saved, s, j
    return best, best_slot, best_site


@njit(cache=True, nogil=True)
def descend(  # type: ignore[no-untyped-def]  # compiled
    cost,
    columns,
    cap,
    site,
    value,
    count,
    weight,
    opening,
    open_slot,
    chosen,
    first,
    near,
    next_near,
    gain,
    loss,
    extra,
    least,
    steps,
    least_open,
):
    """Take the best exchange again and again while it saves more than ``least``; returns how many."""
    for step in range(steps):
        saved, slot, opened = best_exchange(opening, open_slot, chosen, gain, loss, extra, least_open)
        if slot < 0 or saved <= least:
            return step
        exchange(
            cost,
            columns,
            cap,
            site,
            value,
            count,
            weight,
            open_slot,
            chosen,
            first,
            near,
            next_near,
            gain,
            loss,
            extra,
            slot,
            opened,
        )
    return steps
