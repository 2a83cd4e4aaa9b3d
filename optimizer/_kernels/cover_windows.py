"""The best sites of a small coverage problem where each site has a rent: branch and bound on prices.

max sum_g people_g [g covered] - sum of the rents of the open sites. The groups of a node buy cover at prices:
sum_g (people_g - price_g) + sum_j max(0, prices of the groups of j - rent_j) is an upper limit for any prices
between 0 and ``people`` (Lagrangian dual of the covering rows; Galvao & ReVelle 1996,
doi:10.1016/0377-2217(94)00159-6). Each node lowers it by a few deflected subgradient steps, drops and opens
the sites that it decides, and counts groups together that the rest no longer tells apart. Lists: the sites
of group ``g`` are ``site[start[g]:start[g + 1]]``, ascending. The name under which numba keeps the loop
carries what climbing was compiled from: numba itself looks at this file only.
"""

import hashlib
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer._kernels import window_climb
from optimizer._kernels.window_climb import climbed, turned

Floats = NDArray[np.float64]
Lists = NDArray[np.uint32]
Int64s = NDArray[np.int64]
Words = NDArray[np.uint64]
Bools = NDArray[np.bool_]

_NEWEST = 0.4
"""Share of the newest subgradient in the direction."""
_PATIENCE, _SHORTER = 6, 0.6
"""The step shrinks after so many rounds without a lower limit, to this share."""
_TRIED = 16
"""Every so many nodes the open sites on the way are tried as a choice."""


@njit(cache=True, nogil=True)
def overlaps(start: Lists, site: Lists, sites: int) -> Floats:
    """How many groups two sites share, each group with one over its sites, shape (sites, sites)."""
    shared = np.zeros((sites, sites))
    for g in range(len(start) - 1):
        for a in range(start[g], start[g + 1]):
            for b in range(start[g], start[g + 1]):
                shared[site[a], site[b]] += 1.0 / (start[g + 1] - start[g])
    return shared


@njit(cache=True, nogil=True)
def _same(start: Lists, site: Lists, group: int, fixed: NDArray[np.int8], number: Lists, row: Lists) -> bool:
    """Whether the undecided sites of a group are those of ``row``, which has as many."""
    at = 0
    for q in range(start[group], start[group + 1]):
        if fixed[site[q]] == 0:
            if number[site[q]] != row[at]:
                return False
            at += 1
    return True


@njit(cache=True, nogil=True)
def _left(
    start: Lists, site: Lists, people: Floats, price: Floats, fixed: NDArray[np.int8], key: Words
) -> tuple[Lists, Lists, Floats, Floats, float]:
    """What sites with ``fixed`` 1 (open) and -1 (closed) leave, like groups together, and whom they cover."""
    number, sites = np.empty(len(fixed), np.uint32), 0
    for j in range(len(fixed)):
        number[j] = sites
        sites += fixed[j] == 0
    covered, kept = 0.0, 0
    mark, size = np.zeros(len(people), np.uint64), np.zeros(len(people), np.int64)
    which = np.empty(len(people), np.int64)
    for g in range(len(people)):
        for q in range(start[g], start[g + 1]):
            if fixed[site[q]] == 0:
                size[g] += 1
                mark[g] += key[site[q]]
            elif fixed[site[q]] == 1:
                size[g] = -1
                covered += people[g]
                break
        if size[g] > 0:
            which[kept] = g
            kept += 1
    which = which[:kept]
    which = which[np.argsort(mark[which], kind="mergesort")]
    begin, row = np.zeros(kept + 1, np.uint32), np.empty(size[which].sum(), np.uint32)
    weight, paid = np.zeros(kept), np.zeros(kept)
    last, end = -1, 0
    for a in range(kept):
        g = which[a]
        like = a > 0 and mark[g] == mark[which[a - 1]] and size[g] == end - begin[last]
        if not like or not _same(start, site, g, fixed, number, row[begin[last] : end]):
            last += 1
            for q in range(start[g], start[g + 1]):
                if fixed[site[q]] == 0:
                    row[end] = number[site[q]]
                    end += 1
            begin[last + 1] = end
        weight[last] += people[g]
        paid[last] += price[g]
    groups = last + 1
    return (
        begin[: groups + 1].copy(), row[:end].copy(), weight[:groups].copy(), paid[:groups].copy(), covered
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _lowered(
    start: Lists, site: Lists, people: Floats, rent: Floats, base: float, best: float, enough: float,
    rounds: int, price: Floats, profit: Floats, often: Floats,
) -> float:  # fmt: skip
    """Lower the limit; leaves its prices, the profits of the sites at them, and how often each was open."""
    groups, sites = len(people), len(rent)
    at, now, direction = price.copy(), np.empty(sites), np.zeros(groups)
    taken = np.zeros(sites, np.int8)
    lowest, step, quiet = np.inf, 1.0, 0
    for _ in range(rounds):
        limit = base
        now[:] = -rent
        for g in range(groups):
            limit += people[g] - at[g]
            if at[g] > 0.0:
                for q in range(start[g], start[g + 1]):
                    now[site[q]] += at[g]
        for j in range(sites):
            limit += max(0.0, now[j])
            taken[j] = now[j] > 0
            often[j] = 0.7 * often[j] + (0.3 if now[j] > 0 else 0.0)
        if limit < lowest:
            quiet = 0 if limit < lowest - 0.02 * (lowest - best) else quiet + 1
            lowest = limit
            price[:], profit[:] = at, now
        else:
            quiet += 1
        if lowest <= enough:
            break
        if quiet > _PATIENCE:
            step, quiet = step * _SHORTER, 0
            at[:] = price
        norm = 0.0
        for g in range(groups):
            covers = 0
            for q in range(start[g], start[g + 1]):
                covers += taken[site[q]]
            ahead = covers - 1.0
            if (at[g] <= 0 and ahead > 0) or (at[g] >= people[g] and ahead < 0):
                ahead = 0.0
            direction[g] += _NEWEST * (ahead - direction[g])
            norm += direction[g] * direction[g] * people[g]
        if norm < 1e-12:
            break
        by = step * (limit - best) / norm
        for g in range(groups):
            at[g] = min(max(at[g] - by * direction[g] * people[g], 0.0), people[g])
    return lowest


def _most_profit(
    start: Lists, site: Lists, people: Floats, rent: Floats, key: Words, slack: float, nodes: int,
    first_rounds: int, rounds: int, price: Floats, opened: Bools, others: NDArray[np.int8],
) -> tuple[float, float, int, int]:  # fmt: skip
    """No choice of sites makes more than the first number; ``opened`` makes the second; nodes looked at.

    Nodes within ``slack`` of the best choice are not split, nor any after so many ``nodes``. ``key`` is a
    random number for each site. Changes ``price`` to good ones at the first node, ``opened`` to the best;
    ``others`` (n, k) takes choices met on the way, how many is the last number.
    """
    sites = len(rent)
    begin, group = turned(start, site, sites)
    best = climbed(start, site, begin, group, people, rent, opened)
    limit, looked, seen = best, 0, 0
    none = np.zeros(0, np.int64)
    stack = [(start, site, people, price.copy(), np.arange(sites), none, 0.0, np.inf)]
    while len(stack) > 0:
        rows, cols, weight, paid, left, inside, base, above = stack.pop()
        if above <= best + slack or looked >= nodes:
            limit = max(limit, above)
            continue
        looked += 1
        count, own_rent = len(left), rent[left]
        profit, often = -own_rent, np.zeros(count)
        own = _lowered(
            rows, cols, weight, own_rent, base, best, best + slack, first_rounds if looked == 1 else rounds,
            paid, profit, often,
        )  # fmt: skip
        if looked == 1:
            price[:] = paid
        lowest = min(own, above)
        if lowest <= best + slack or count == 0:
            limit = max(limit, lowest)
            continue
        reach = np.zeros(count)
        for g in range(len(weight)):
            for q in range(rows[g], rows[g + 1]):
                reach[cols[q]] += weight[g]
        fixed = np.zeros(count, np.int8)
        pick, most = -1, -1.0
        for j in range(count):
            if reach[j] <= own_rent[j]:
                fixed[j] = -1
            elif own - abs(profit[j]) <= best + slack:
                fixed[j] = 1 if profit[j] > 0 else -1
                limit = max(limit, own - abs(profit[j]))
            elif reach[j] * (0.05 + min(often[j], 1 - often[j])) > most:
                pick, most = j, reach[j] * (0.05 + min(often[j], 1 - often[j]))
        if looked < 4 or looked % _TRIED == 0 or pick < 0:
            tried = np.zeros(sites, np.bool_)
            tried[inside] = True
            for j in range(count):
                tried[left[j]] = fixed[j] == 1 if pick < 0 else often[j] > 0.5
            found = climbed(start, site, begin, group, people, rent, tried)
            if len(others) > 0:
                for j in range(sites):
                    others[seen % len(others), j] = tried[j]
                seen += 1
            if found > best:
                best = found
                opened[:] = tried
        if pick < 0:  # its one choice is no better than what climbing from it reached
            continue
        for turn in range(2):
            fixed[pick] = 1 if (turn == 1) == (often[pick] >= 0.5) else -1
            more = _left(rows, cols, weight, paid, fixed, key[left])
            newly = left[fixed == 1]
            stack.append((
                more[0], more[1], more[2], more[3], left[fixed == 0], np.append(inside, newly),
                base + more[4] - rent[newly].sum(), lowest,
            ))  # fmt: skip
    return max(limit, best), best, looked, min(seen, len(others))


_most_profit.__qualname__ += hashlib.sha256(Path(window_climb.__file__).read_bytes()).hexdigest()[:16]
most_profit = njit(cache=True, nogil=True)(_most_profit)
