"""What a unit of room is worth at each open site of a plan that shares rows in the best way.

The dual of the transportation problem: a crowded site is worth what the way costs by which one unit more
would be moved on, from site to site, to one that has room. Ahuja, Magnanti & Orlin (1993), Network Flows,
section 9.4: shortest distances in the residual network are optimal prices.
"""

import numpy as np

from optimizer.problem import Bools, Floats


def room_prices(cost: Floats, served: Bools, full: Bools) -> Floats:
    """Prices v_j >= 0 of a unit of room, shape (k,), under which every row is served where it costs least.

    Sum_i d_i min_j (c_ij + v_j) - sum_j s_j v_j is then the total of the plan. Where every site is full the
    cheapest has price 0.

    Parameters
    ----------
    cost
        Of a unit of each row at each site, ``inf`` = cannot, shape (n, k).
    served
        Whether a site serves any of a row in a plan of least cost, shape (n, k).
    full
        Whether a site has no room left, shape (k,).
    """
    k = len(full)
    step = np.full((k, k), np.inf)
    for j in range(k):
        rows = np.flatnonzero(served[:, j])
        if len(rows):
            step[j] = (cost[rows] - cost[rows, j][:, None]).min(axis=0)
    np.fill_diagonal(step, 0.0)
    price = np.where(full, np.inf, 0.0)
    if full.all():
        price[0] = 0.0
    far = float(np.abs(step[np.isfinite(step)]).sum())
    while True:
        price = _nearest(step, price)
        apart = np.flatnonzero(~np.isfinite(price))
        if not len(apart):
            return np.asarray(price - min(0.0, float(price.min())))
        price[apart[0]] = price[np.isfinite(price)].max() + far  # nothing can be moved from there to room


def _nearest(step: Floats, price: Floats) -> Floats:
    """Prices that no step from site to site undercuts: shortest distances (Bellman and Ford)."""
    for _ in range(len(price)):
        shorter = np.minimum(price, (step + price[None, :]).min(axis=1))
        if not (shorter < price).any():
            break
        price = shorter
    return price
