"""People shared between open sites of limited room in the best way, by augmenting paths over the sites.

A few sites and many rows: a path over the sites, each step moving some people of one row from the one to
the next, is found in a table of sites by sites. Successive shortest paths: Ahuja, Magnanti & Orlin (1993),
Network Flows, section 9.7.
"""

from itertools import pairwise

import numpy as np

from optimizer.problem import Bools, Floats, Int64s


def most_shared_people(covers: Bools, people: Int64s, capacity: Int64s) -> int:
    """Most people that sites can serve; ``covers`` (n, k), ``people`` (n,), ``capacity`` (k,), whole."""
    cost = np.column_stack([np.where(covers, -1.0, np.inf), np.zeros(len(people))])
    return -round(least_shared_cost(cost, people, np.append(capacity, people.sum())))


def least_shared_cost(cost: Floats, people: Int64s, capacity: Int64s) -> float:
    """Least cost of serving everybody, ``inf`` where that is impossible.

    Parameters
    ----------
    cost
        Of one person of each row at each site, ``inf`` = cannot, shape (n, k).
    people
        Of each row, whole numbers, shape (n,).
    capacity
        Most people at each site, whole numbers, shape (k,).
    """
    rows = np.flatnonzero(people > 0)
    cost, people = _alike(cost[rows], people[rows])
    if not len(people):
        return 0.0
    if not cost.shape[1] or np.isinf(cost.min(axis=1)).any():
        return float("inf")
    held = np.zeros(cost.shape, np.int64)
    held[np.arange(len(people)), cost.argmin(axis=1)] = people
    return _spread(cost, held, capacity.astype(np.int64))


def _alike(cost: Floats, people: Int64s) -> tuple[Floats, Int64s]:
    """Rows of the same costs made one."""
    found, group = np.unique(cost, axis=0, return_inverse=True)
    return found, np.bincount(group.ravel(), weights=people, minlength=len(found)).astype(np.int64)


def _spread(cost: Floats, held: Int64s, capacity: Int64s) -> float:
    """Move people from crowded sites to others at least cost until none is crowded."""
    k = len(capacity)
    step, mover = np.full((k, k), np.inf), np.zeros((k, k), np.int64)
    for j in range(k):
        _steps_from(j, cost, held, step, mover)
    while (crowd := held.sum(axis=0) - capacity).max() > 0:
        start = int(crowd.argmax())
        path = _cheapest_path(start, step, crowd < 0)
        if path is None:
            return float("inf")
        pairs = list(pairwise(path))
        moved = min(int(crowd[start]), int(-crowd[path[-1]]), *(int(held[mover[a, b], a]) for a, b in pairs))
        for a, b in pairs:
            held[mover[a, b], a] -= moved
            held[mover[a, b], b] += moved
        for j in path:
            _steps_from(j, cost, held, step, mover)
    return float((held * np.where(held > 0, cost, 0.0)).sum())


def _steps_from(j: int, cost: Floats, held: Int64s, step: Floats, mover: Int64s) -> None:
    """The cheapest move of a person from site ``j`` to each other one, and of which row."""
    here = np.flatnonzero(held[:, j])
    step[j] = np.inf
    if len(here):
        change = cost[here] - cost[here, j][:, None]
        mover[j] = here[change.argmin(axis=0)]
        step[j] = change.min(axis=0)
    step[j, j] = np.inf


def _cheapest_path(start: int, step: Floats, roomy: Bools) -> list[int] | None:
    """The cheapest chain of moves from a site to one with room (Bellman & Ford)."""
    k = len(step)
    length, before = np.full(k, np.inf), np.full(k, -1)
    length[start] = 0.0
    for _ in range(k):
        through = length[:, None] + step
        last = through.argmin(axis=0)
        shorter = through[last, np.arange(k)] < length - 1e-9
        if not shorter.any():
            break
        length[shorter], before[shorter] = through[last, np.arange(k)][shorter], last[shorter]
    ends = np.where(roomy, length, np.inf)
    if np.isinf(ends.min()):
        return None
    path = [int(ends.argmin())]
    while path[-1] != start:
        path.append(int(before[path[-1]]))
    return path[::-1]
