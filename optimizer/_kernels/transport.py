"""What a stock is worth once a scenario is there: one transport problem for each scenario and item.

What is due at a shelter is cut into pieces, each due in one window; a unit that comes later pays for the
windows in between, a unit that never comes for all that follow. That is the cumulative shortage, because the
first to come fills the first that is due.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def _fill(cost: Floats, short: Floats, due: Floats, left: Floats, flow: Floats, worth: Floats) -> None:
    """Least-cost transport by shortest paths, one piece after another (dense Dijkstra, real amounts).

    ``cost`` (s, p) is ``inf`` where no use, ``short`` (p,) what a unit not brought costs, ``due`` (p,) > 0,
    ``left`` (s,) supply, becomes what is left; ``flow`` (s, p) and ``worth`` (p,), zero before, become what
    is brought and the price of one more unit due.
    """
    sources, pieces = cost.shape
    price = np.zeros(sources)
    distance = np.empty(sources)
    settled = np.empty(sources, np.bool_)
    reached = np.empty(pieces, np.bool_)
    came_by = np.empty(sources, np.int64)  # the piece through which a source was reached
    gives = np.empty(pieces, np.int64)  # the source that would give up what it brings to a piece
    tiny = 1e-11 * (1.0 + due.sum())
    for root in range(pieces):
        wanted = due[root]
        while wanted > tiny:
            for i in range(sources):
                distance[i] = cost[i, root] - price[i]
                came_by[i] = root
                settled[i] = False
            reached[:] = False
            reached[root] = True
            least, drop = short[root], root  # the piece that would go without
            end = -1
            while True:
                near = -1
                for i in range(sources):
                    if not settled[i] and distance[i] < least and (near < 0 or distance[i] < distance[near]):
                        near = i
                if near < 0:
                    break
                settled[near] = True
                if left[near] > tiny:
                    end, least = near, distance[near]
                    break
                for p in range(root):
                    if reached[p] or flow[near, p] <= tiny:
                        continue
                    reached[p] = True
                    gives[p] = near
                    without = distance[near] + short[p] - worth[p]
                    if without < least:
                        least, drop = without, p
                    for i in range(sources):
                        if not settled[i]:
                            by = distance[near] + cost[i, p] - worth[p] - price[i]
                            if by < distance[i]:
                                distance[i] = by
                                came_by[i] = p
            for p in range(root):
                if reached[p] and distance[gives[p]] < least:
                    worth[p] += least - distance[gives[p]]
            for i in range(sources):
                if settled[i] and i != end and distance[i] < least:
                    price[i] -= least - distance[i]
            worth[root] = least
            amount = wanted if end < 0 else min(wanted, left[end])
            p = drop if end < 0 else came_by[end]
            while p != root:
                amount = min(amount, flow[gives[p], p])
                p = came_by[gives[p]]
            if end >= 0:
                left[end] -= amount
                p = came_by[end]
                flow[end, p] += amount
            else:
                p = drop
            while p != root:
                flow[gives[p], p] -= amount
                p_next = came_by[gives[p]]
                flow[gives[p], p_next] += amount
                p = p_next
            wanted -= amount


@njit(cache=True, nogil=True)
def transport(
    quantity: Floats,
    source_column: Int64s,
    source_ready_s: Floats,
    source_share: Floats,
    first_source: Int64s,
    depot: Int64s,
    mode: Int64s,
    asked: Bools,
    windows_s: Floats,
    penalty: Floats,
    use_cost: Floats,
    unit_loads: Floats,
    truck_cost_s: float,
    door_s: Floats,
    trip_s: Floats,
    usable: Floats,
    need: Floats,
    truck_price: Floats,
    weight: Floats,
    constant: Floats,
    slope: Floats,
    scenario_cost: Floats,
    truck_used_s: Floats,
    delivered: Floats,
) -> None:
    """Recourse of the scenarios ``asked`` (n,), by item, at prices of truck time.

    ``quantity`` (c,) units held by column, ``weight`` (n,) of each scenario in ``constant`` (k,) and
    ``slope`` (c,): the weighted cost of item k is at least constant + slope x quantity at any quantity, with
    equality at the one given. ``scenario_cost`` (n,) is the unweighted sum over items at
    those prices, ``truck_used_s`` (n, w) what is driven; ``delivered`` (n, s, j, w) is filled where it
    has that length, else left alone.
    """
    windows = len(windows_s)
    shelters = need.shape[1]
    for n in range(len(need)):
        if not asked[n]:
            continue
        for k in range(len(first_source) - 1):
            pieces = 0
            place = np.empty(shelters * windows, np.int64)
            window = np.empty(shelters * windows, np.int64)
            due = np.empty(shelters * windows)
            for j in range(shelters):
                before = 0.0
                for w in range(windows):
                    if need[n, j, k, w] > before:
                        place[pieces], window[pieces] = j, w
                        due[pieces] = need[n, j, k, w] - before
                        before = need[n, j, k, w]
                        pieces += 1
            if not pieces:
                continue
            late = np.zeros(windows + 1)
            for w in range(windows - 1, -1, -1):
                late[w] = late[w + 1] + penalty[k, w]
            short = np.empty(pieces)
            for p in range(pieces):
                short[p] = late[window[p]]
            begin = first_source[k]
            sources = first_source[k + 1] - begin
            cost = np.full((sources, pieces), np.inf)
            at = np.full((sources, pieces), -1)
            left = np.zeros(sources)
            for s in range(sources):
                c = source_column[begin + s]
                d, m = depot[c], mode[c]
                there = usable[n, d, m] * source_share[begin + s]
                if there <= 0.0:
                    continue
                left[s] = max(0.0, quantity[c]) * there
                for p in range(pieces):
                    j = place[p]
                    arrival = source_ready_s[begin + s] + door_s[n, d, j]
                    driven_s = unit_loads[k] * trip_s[n, d, j]
                    for v in range(windows):
                        if arrival > windows_s[v]:
                            continue
                        total = use_cost[k, m] + driven_s * (truck_cost_s + truck_price[n, v])
                        if v > window[p]:
                            total += late[window[p]] - late[v]
                        if total < short[p] and total < cost[s, p]:
                            cost[s, p] = total
                            at[s, p] = v
            flow = np.zeros((sources, pieces))
            worth = np.zeros(pieces)
            _fill(cost, short, due[:pieces], left, flow, worth)
            value = 0.0
            for p in range(pieces):
                constant[k] += weight[n] * due[p] * worth[p]
                value += due[p] * short[p]
            for s in range(sources):
                c = source_column[begin + s]
                d, m = depot[c], mode[c]
                saved = 0.0
                for p in range(pieces):
                    if at[s, p] < 0:
                        continue
                    saved = min(saved, cost[s, p] - worth[p])
                    if flow[s, p] > 0.0:
                        value += flow[s, p] * (cost[s, p] - short[p])
                        v, j = at[s, p], place[p]
                        truck_used_s[n, v] += flow[s, p] * unit_loads[k] * trip_s[n, d, j]
                        if len(delivered):
                            delivered[n, begin + s, j, v] += flow[s, p]
                slope[c] += weight[n] * saved * usable[n, d, m] * source_share[begin + s]
            scenario_cost[n] += value
