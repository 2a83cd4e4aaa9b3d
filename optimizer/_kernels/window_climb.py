"""Climbing in a small coverage problem where each site has a rent: good choices, many of them, and fast.

The sites of group ``g`` are ``site[start[g]:start[g + 1]]``, ascending; the groups of site ``j`` are
``group[begin[j]:begin[j + 1]]``. What turning each site (opening a closed one, closing an open one) changes
of the people covered is kept up to date, as in Resende & Werneck (2007), doi:10.1007/s10479-006-0154-0.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Lists = NDArray[np.uint32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Choices = NDArray[np.int8]

_ROUNDING = 1e-10
"""Share of all amounts that is no gain but rounding: equal sites would change places for ever."""


@njit(cache=True, nogil=True)
def turned(start: Lists, site: Lists, sites: int) -> tuple[Lists, Lists]:
    """Groups of each site, as lists."""
    begin = np.zeros(sites + 1, np.uint32)
    for s in site:
        begin[s + 1] += 1
    for j in range(sites):
        begin[j + 1] += begin[j]
    at, group = begin[:-1].copy(), np.empty(len(site), np.uint32)
    for g in range(len(start) - 1):
        for q in range(start[g], start[g + 1]):
            group[at[site[q]]] = g
            at[site[q]] += 1
    return begin, group


@njit(cache=True, nogil=True)
def profits(choices: Choices, cover: Floats, rents: Floats) -> Floats:
    """What choices (n, k) make: whom each covers, ``cover`` (n,), less the rents (k,) of its sites."""
    made = cover.copy()
    for i in range(len(choices)):
        for j in range(len(rents)):
            if choices[i, j]:
                made[i] -= rents[j]
    return made


@njit(cache=True, nogil=True)
def covered(start: Lists, site: Lists, people: Floats, choices: Choices) -> Floats:
    """People whom each of the choices (n, k) covers."""
    cover = np.zeros(len(choices))
    for i in range(len(choices)):
        for g in range(len(people)):
            for q in range(start[g], start[g + 1]):
                if choices[i, site[q]]:
                    cover[i] += people[g]
                    break
    return cover


@njit(cache=True, nogil=True)
def _turn(
    j: int, start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, opened: Bools,
    covers: Int64s, change: Floats,
) -> None:  # fmt: skip
    """Open a closed site or close an open one; ``covers`` says how many open sites each group has."""
    opening, own = not opened[j], 0.0
    opened[j] = False
    for q in range(begin[j], begin[j + 1]):
        g = group[q]
        others = covers[g] if opening else covers[g] - 1
        if others == 0:
            own += people[g]
            for s in range(start[g], start[g + 1]):
                change[site[s]] += -people[g] if opening else people[g]
        elif others == 1:
            for s in range(start[g], start[g + 1]):
                if opened[site[s]]:
                    change[site[s]] += people[g] if opening else -people[g]
                    break
        covers[g] = others + 1 if opening else others
    opened[j] = opening
    change[j] = -own if opening else own


@njit(cache=True, nogil=True)
def _chosen(
    start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, first: Bools
) -> tuple[Bools, Int64s, Floats]:
    """The sites open, the open sites of each group, and what turning each site changes."""
    sites = len(first)
    opened, covers, change = np.zeros(sites, np.bool_), np.zeros(len(people), np.int64), np.zeros(sites)
    for g in range(len(people)):
        for s in range(start[g], start[g + 1]):
            change[site[s]] += people[g]
    for j in range(sites):
        if first[j]:
            _turn(j, start, site, begin, group, people, opened, covers, change)
    return opened, covers, change


@njit(cache=True, nogil=True)
def _climb(
    start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, rent: Floats, opened: Bools,
    covers: Int64s, change: Floats,
) -> None:  # fmt: skip
    """Open, close and swap single sites as long as that makes more."""
    sites = len(rent)
    least = _ROUNDING * (people.sum() + np.abs(rent).sum())
    moved = True
    while moved:
        moved, best, pick = False, least, -1
        for j in range(sites):
            more = change[j] + rent[j] if opened[j] else change[j] - rent[j]
            if more > best:
                best, pick = more, j
        if pick >= 0:
            _turn(pick, start, site, begin, group, people, opened, covers, change)
            moved = True
            continue
        for j in range(sites):
            if not opened[j]:
                continue
            best, pick = least - change[j] - rent[j], -1
            _turn(j, start, site, begin, group, people, opened, covers, change)
            for i in range(sites):
                if not opened[i] and i != j and change[i] - rent[i] > best:
                    best, pick = change[i] - rent[i], i
            _turn(pick if pick >= 0 else j, start, site, begin, group, people, opened, covers, change)
            if pick >= 0:
                moved = True
                break


@njit(cache=True, nogil=True)
def _covered(people: Floats, covers: Int64s) -> float:
    total = 0.0
    for g in range(len(people)):
        if covers[g] > 0:
            total += people[g]
    return total


@njit(cache=True, nogil=True)
def climbed(
    start: Lists, site: Lists, begin: Lists, group: Lists, people: Floats, rent: Floats, opened: Bools
) -> float:
    """Improve a choice by opening, closing and swapping single sites; returns its profit."""
    now, covers, change = _chosen(start, site, begin, group, people, opened)
    _climb(start, site, begin, group, people, rent, now, covers, change)
    opened[:] = now
    profit = _covered(people, covers)
    for j in range(len(rent)):
        if opened[j]:
            profit -= rent[j]
    return profit


@njit(cache=True, nogil=True)
def choices_near(
    start: Lists, site: Lists, people: Floats, rents: Floats, factor: Floats, first: Bools,
    choices: Choices, cover: Floats,
) -> None:  # fmt: skip
    """Climb at rents changed by each line of ``factor`` (n, k), then at ``rents`` (k,), from one to the next.

    Sets ``choices`` (2 n, k) and whom each covers, ``cover`` (2 n,). A line starts from the choice that made
    most so far, at first from ``first`` (Charon & Hudry 1993, doi:10.1016/0167-6377(93)90023-A, for climbing
    under noise).
    """
    begin, group = turned(start, site, len(rents))
    opened, covers, change = _chosen(start, site, begin, group, people, first)
    kept, most = opened.copy(), -np.inf
    for i in range(len(factor)):
        for turn in range(2):
            at = rents * factor[i] if turn == 0 else rents
            _climb(start, site, begin, group, people, at, opened, covers, change)
            cover[2 * i + turn] = profit = _covered(people, covers)
            for j in range(len(rents)):
                choices[2 * i + turn, j] = opened[j]
                if opened[j]:
                    profit -= rents[j]
            if profit >= most:
                most = profit
                kept[:] = opened
        for j in range(len(rents)):
            if opened[j] != kept[j]:
                _turn(j, start, site, begin, group, people, opened, covers, change)
