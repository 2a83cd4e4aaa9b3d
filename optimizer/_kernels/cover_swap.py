"""Swap search for coverage problems whose further covers are worth less and less.

Lists: the columns of group ``i`` are ``site[start[i]:start[i + 1]]``, the groups of column ``j`` are
``group[begin[j]:begin[j + 1]]``. ``worth[k]`` is what cover ``k + 1`` of a person is worth, its last entry
0. A rule ``r`` keeps ``low[r] <= sum of amount over the units <= high[r]``; those of column ``j`` are
``rule[entry[j]:entry[j + 1]]``. Gains, losses and overlaps are kept up to date as in Resende & Werneck
(2007), doi:10.1007/s10479-006-0154-0.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Lists = NDArray[np.uint32]
Int64s = NDArray[np.int64]
Words = NDArray[np.uint64]
Bools = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def _change(
    j: int, step: int, start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, worth: Floats,
    covers: Int64s, gain: Floats, loss: Floats,
) -> float:  # fmt: skip
    """Open (step 1) or close (-1) a unit at a column; returns the change of the value."""
    top = len(worth) - 1
    change = 0.0
    for q in range(begin[j], begin[j + 1]):
        i = group[q]
        before = covers[i]
        after = before + step
        covers[i] = after
        gain_before, gain_after = worth[min(before, top)], worth[min(after, top)]
        loss_before = worth[min(before - 1, top)] if before > 0 else 0.0
        loss_after = worth[min(after - 1, top)] if after > 0 else 0.0
        change += people[i] * (gain_before if step > 0 else -gain_after)
        more, lost = people[i] * (gain_after - gain_before), people[i] * (loss_after - loss_before)
        if more != 0.0 and lost != 0.0:
            for s in range(start[i], start[i + 1]):
                gain[site[s]] += more
                loss[site[s]] += lost
        elif more != 0.0:
            for s in range(start[i], start[i + 1]):
                gain[site[s]] += more
        elif lost != 0.0:
            for s in range(start[i], start[i + 1]):
                loss[site[s]] += lost
    return change


@njit(cache=True, nogil=True)
def _draw(state: Words) -> np.int64:
    """A random whole number from 0 to 2^62, by splitmix64: the same on every machine."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = state[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(2))


@njit(cache=True, nogil=True)
def _begin(
    start: Lists, site: Lists, people: Floats, worth: Floats, covers: Int64s, gain: Floats, loss: Floats
) -> None:
    """Gains and losses of all columns from the covers alone."""
    top = len(worth) - 1
    gain[:] = 0.0
    loss[:] = 0.0
    for i in range(len(covers)):
        more = people[i] * worth[min(covers[i], top)]
        lost = people[i] * worth[min(covers[i] - 1, top)] if covers[i] > 0 else 0.0
        for s in range(start[i], start[i + 1]):
            gain[site[s]] += more
            loss[site[s]] += lost


@njit(cache=True, nogil=True)
def _add_to(j: int, step: int, entry: Int64s, rule: Int64s, amount: Floats, total: Floats) -> None:
    for e in range(entry[j], entry[j + 1]):
        total[rule[e]] += step * amount[e]


@njit(cache=True, nogil=True)
def _broken(total: Floats, low: Floats, high: Floats) -> int:
    count = 0
    for r in range(len(total)):
        if not low[r] <= total[r] <= high[r]:
            count += 1
    return count


@njit(cache=True, nogil=True)
def _mends(
    j: int, broken: int, entry: Int64s, rule: Int64s, amount: Floats, total: Floats, low: Floats, high: Floats
) -> bool:
    """Whether a unit more at a column leaves no rule broken, of which ``broken`` are now."""
    for e in range(entry[j], entry[j + 1]):
        r = rule[e]
        after = total[r] + amount[e]
        if not low[r] <= after <= high[r]:
            return False
        if not low[r] <= total[r] <= high[r]:
            broken -= 1
    return broken == 0


@njit(cache=True, nogil=True)
def _descend(
    start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, worth: Floats, most: Int64s,
    places: int, entry: Int64s, rule: Int64s, amount: Floats, low: Floats, high: Floats, units: Int64s,
    covers: Int64s, gain: Floats, loss: Floats, total: Floats, least: float, look: Bools, close: Bools,
) -> float:  # fmt: skip
    """Add and swap units while that gains more than ``least``; returns the change of the value.

    Only the units that ``look`` names (m,) are tried; a swap names those ``close`` to it (m, m), or all where
    that is empty. Nothing is named in the end.
    """
    m, top = len(most), len(worth) - 1
    change = 0.0
    opened = units.sum()
    overlap = np.empty(m)
    quiet, o = 0, 0
    while opened < places:
        best, pick = least, -1
        for x in range(m):
            better = gain[x] > best and units[x] < most[x]
            if better and _mends(x, 0, entry, rule, amount, total, low, high):
                best, pick = gain[x], x
        if pick < 0:
            break
        change += _change(pick, 1, start, site, begin, group, people, worth, covers, gain, loss)
        _add_to(pick, 1, entry, rule, amount, total)
        units[pick] += 1
        opened += 1
    while quiet < m:
        quiet += 1
        o = o + 1 if o + 1 < m else 0
        if units[o] == 0 or not look[o]:
            continue
        look[o] = False
        overlap[:] = 0.0
        for q in range(begin[o], begin[o + 1]):
            i = group[q]
            both = people[i] * (worth[min(covers[i] - 1, top)] - worth[min(covers[i], top)])
            if both != 0.0:
                for s in range(start[i], start[i + 1]):
                    overlap[site[s]] += both
        _add_to(o, -1, entry, rule, amount, total)
        broken = _broken(total, low, high)
        best, pick = loss[o] + least, -1
        for x in range(m):
            better = gain[x] + overlap[x] > best and units[x] < most[x] and x != o
            if better and _mends(x, broken, entry, rule, amount, total, low, high):
                best, pick = gain[x] + overlap[x], x
        if pick < 0:
            _add_to(o, 1, entry, rule, amount, total)
            continue
        change += _change(o, -1, start, site, begin, group, people, worth, covers, gain, loss)
        change += _change(pick, 1, start, site, begin, group, people, worth, covers, gain, loss)
        _add_to(pick, 1, entry, rule, amount, total)
        units[o] -= 1
        units[pick] += 1
        if len(close) > 0:
            look |= close[o] | close[pick]
        else:
            look[:] = True
        quiet = 0
    return change


@njit(cache=True, nogil=True)
def _kick(
    start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, worth: Floats, most: Int64s,
    entry: Int64s, rule: Int64s, amount: Floats, low: Floats, high: Floats, units: Int64s, covers: Int64s,
    gain: Floats, loss: Floats, total: Floats, count: int, state: Words,
) -> float:  # fmt: skip
    """Close ``count`` random units and open good ones at random instead; returns the change of the value."""
    change = 0.0
    m = len(most)
    closed = np.zeros(count, np.int64)
    for k in range(count):
        skip = _draw(state) % units.sum()
        o = 0
        while skip >= units[o]:
            skip -= units[o]
            o += 1
        change += _change(o, -1, start, site, begin, group, people, worth, covers, gain, loss)
        _add_to(o, -1, entry, rule, amount, total)
        units[o] -= 1
        closed[k] = o
        if len(total) > 0 or k == count - 1:
            broken = _broken(total, low, high)
            for _ in range(1 if len(total) > 0 else count):
                best, pick = -1.0, -1
                for x in range(m):
                    if units[x] < most[x] and gain[x] > best:
                        worthy = gain[x] * (0.8 + 0.2 * (_draw(state) / 2.0**62))
                        if worthy > best and _mends(x, broken, entry, rule, amount, total, low, high):
                            best, pick = worthy, x
                pick = o if pick < 0 else pick
                change += _change(pick, 1, start, site, begin, group, people, worth, covers, gain, loss)
                _add_to(pick, 1, entry, rule, amount, total)
                units[pick] += 1
    return change


@njit(cache=True, nogil=True)
def search(
    start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, done: Int64s, worth: Floats,
    most: Int64s, places: int, entry: Int64s, rule: Int64s, amount: Floats, low: Floats, high: Floats,
    first: Int64s, restarts: int, seed: int, least: float, enough: float,
) -> tuple[float, Int64s]:  # fmt: skip
    """Improve each start, then the best of them ``restarts`` times from a random change of it.

    ``first`` holds units by start and column and keeps the rules. Stops early at a gain of ``enough``.
    Returns what the best units add to the value, and the units.
    """
    state = np.array([seed], np.uint64)
    m = len(most)
    best, best_units = -1.0, np.zeros(m, np.int64)
    best_covers, best_gain, best_loss = done.copy(), np.zeros(m), np.zeros(m)
    covers, gain, loss = done.copy(), np.zeros(m), np.zeros(m)
    units, total = np.zeros(m, np.int64), np.zeros(len(low))
    look, every = np.ones(m, np.bool_), np.zeros((0, 0), np.bool_)
    for attempt in range(len(first) + restarts):
        if best >= enough:
            break
        if attempt < len(first):
            covers[:] = done
            _begin(start, site, people, worth, covers, gain, loss)
            units[:] = 0
            total[:] = 0.0
            value = 0.0
            for j in range(m):
                for _ in range(first[attempt, j]):
                    value += _change(j, 1, start, site, begin, group, people, worth, covers, gain, loss)
                    _add_to(j, 1, entry, rule, amount, total)
                    units[j] += 1
        else:
            opened = best_units.sum()
            if opened == 0:
                break
            covers[:], gain[:], loss[:], units[:] = best_covers, best_gain, best_loss, best_units
            total[:] = 0.0
            for j in range(m):
                _add_to(j, units[j], entry, rule, amount, total)
            count = min(opened, 2 + _draw(state) % max(1, opened // 2))
            value = best + _kick(
                start, site, begin, group, people, worth, most, entry, rule, amount, low, high, units, covers,
                gain, loss, total, count, state,
            )  # fmt: skip
        look[:] = True
        value += _descend(
            start, site, begin, group, people, worth, most, places, entry, rule, amount, low, high, units,
            covers, gain, loss, total, least, look, every,
        )  # fmt: skip
        if value > best + (least if best >= 0 else 0.0):
            best = value
            best_covers[:], best_gain[:], best_loss[:], best_units[:] = covers, gain, loss, units
    return best, best_units


@njit(cache=True, nogil=True)
def _close_near(
    center: int, count: int, near: Floats, start: Lists, site: Lists, begin: Lists, group: Lists,
    people: Floats, worth: Floats, units: Int64s, covers: Int64s, gain: Floats, loss: Floats, state: Words,
) -> float:  # fmt: skip
    """Close units that lie near a column, as far as chance has it; returns the change of the value."""
    change = 0.0
    for _ in range(count):
        most, pick = -1.0, -1
        for x in range(len(units)):
            if units[x] > 0:
                close = (near[center, x] + 1e-9) * (0.5 + 0.5 * (_draw(state) / 2.0**62))
                if close > most:
                    most, pick = close, x
        change += _change(pick, -1, start, site, begin, group, people, worth, covers, gain, loss)
        units[pick] -= 1
    return change


@njit(cache=True, nogil=True)
def wander(
    start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, done: Int64s, worth: Floats,
    most: Int64s, places: int, near: Floats, close: Bools, first: Int64s, rounds: int, seed: int, heat: float,
    least: float,
) -> tuple[float, Int64s]:  # fmt: skip
    """Empty a neighbourhood, fill it by greed and chance, swap, and go on from there unless much is lost.

    Without rules. ``near`` says how much the people of two columns are the same, shape (k, k), ``close``
    whether that is enough to try a unit again when the other changed; ``first`` are units by column. A loss
    up to ``heat`` (a share of the value, falling to 0) is taken. Returns what the best units add to the
    value, and the units.
    """
    state = np.array([seed], np.uint64)
    m = len(most)
    entry, none, nothing = np.zeros(m + 1, np.int64), np.zeros(0, np.int64), np.zeros(0)
    covers, gain, loss, units = done.copy(), np.zeros(m), np.zeros(m), np.zeros(m, np.int64)
    look = np.ones(m, np.bool_)
    _begin(start, site, people, worth, covers, gain, loss)
    value = 0.0
    for j in range(m):
        for _ in range(first[j]):
            value += _change(j, 1, start, site, begin, group, people, worth, covers, gain, loss)
            units[j] += 1
    value += _descend(
        start, site, begin, group, people, worth, most, places, entry, none, nothing, nothing, nothing, units,
        covers, gain, loss, nothing, least, look, close,
    )  # fmt: skip
    now, now_units = value, units.copy()
    now_covers, now_gain, now_loss = covers.copy(), gain.copy(), loss.copy()
    best, best_units = value, units.copy()
    opened = int(units.sum())
    for done_rounds in range(rounds if opened > 0 else 0):
        count = int(min(opened, 3 + int(_draw(state) % 6)))
        center = int(_draw(state) % m)
        look[:] = close[center]
        value = now + _close_near(
            center, count, near, start, site, begin, group, people, worth, units, covers, gain,
            loss, state,
        )  # fmt: skip
        for _ in range(count):
            high, pick = -1.0, -1
            for x in range(m):
                if units[x] < most[x] and gain[x] > high:
                    worthy = gain[x] * (0.8 + 0.2 * (_draw(state) / 2.0**62))
                    if worthy > high:
                        high, pick = worthy, x
            value += _change(pick, 1, start, site, begin, group, people, worth, covers, gain, loss)
            units[pick] += 1
            look |= close[pick]
        value += _descend(
            start, site, begin, group, people, worth, most, places, entry, none, nothing, nothing, nothing,
            units, covers, gain, loss, nothing, least, look, close,
        )  # fmt: skip
        if value > best + least:
            best = value
            best_units[:] = units
        if value >= now - heat * now * (1.0 - done_rounds / rounds):
            now = value
            now_covers[:], now_gain[:], now_loss[:], now_units[:] = covers, gain, loss, units
        else:
            covers[:], gain[:], loss[:], units[:] = now_covers, now_gain, now_loss, now_units
    return best, best_units
