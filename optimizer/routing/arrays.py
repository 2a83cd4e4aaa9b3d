"""A routing problem as the arrays of the compiled search, and the search's state as routes."""

from typing import TYPE_CHECKING

import numpy as np

from optimizer.problem import Int64s
from optimizer.routing.answer import Route, scheduled
from optimizer.routing.problem import NO_ROAD, RoutingProblem

if TYPE_CHECKING:
    from optimizer._kernels.ruin import Work

CLOSE = 40
"""Neighbours beside which a task may be put back; all of them up to so many tasks."""
AROUND = 300
"""Neighbours among which strings are taken out."""
WAIT_SHARE = 0.2
"""What a tick of waiting counts against a tick on the road when neighbours are ranked (Vidal et al. 2013,
doi:10.1016/j.cor.2012.07.018)."""
NEAREST = 2**62


def work_arrays(problem: RoutingProblem) -> "Work":
    """Kinds of vehicles, neighbours, orders of insertion and penalties."""
    from optimizer._kernels.ruin import Work

    n = len(problem.tasks)
    near = _ranked(_apart(problem, windows=True))
    close = np.ascontiguousarray(near if n <= CLOSE + 1 else near[:, :CLOSE])
    is_close = np.zeros((n, n), np.bool_)
    np.put_along_axis(is_close, close.astype(np.int64), values=True, axis=1)
    by_road = _ranked(_apart(problem, windows=False))[:, :AROUND]
    return Work(
        kinds=_kinds(problem),
        allowed=problem.allowed,
        around=np.hstack((np.arange(n, dtype=np.int32)[:, None], by_road)),
        close=close,
        is_close=is_close,
        keys=_orders(problem),
        penalty=np.array([task.weight for task in problem.tasks], np.int64) * dearer_than_any(problem),
        travel=np.ascontiguousarray(problem.travel_ticks),
        length=np.ascontiguousarray(problem.length),
    )


def _kinds(problem: RoutingProblem) -> Int64s:
    """A row a kind, columns as the kernel names them; of a kind no more vehicles than there are tasks."""
    groups: dict[tuple[object, ...], int] = {}
    rows, first = [], 0
    for k, kind in enumerate(problem.fleet):
        last = first + min(kind.count, len(problem.tasks))
        window = (kind.from_ticks, kind.until_ticks, kind.longest_ticks)
        alike = (kind.start, kind.end, kind.table, *window, problem.allowed[:, k].tobytes())
        group = groups.setdefault(alike, len(groups))
        costs = (kind.fixed_cost, kind.cost_per_length, kind.cost_per_tick)
        rows.append([first, last, *costs, kind.longest_ticks, kind.table, group, *kind.capacity])
        first = last
    return np.array(rows, np.int64).reshape(len(problem.fleet), -1)


def dearer_than_any(problem: RoutingProblem) -> int:
    """A cost above that of every plan: leaving less weight out comes first.

    Raises
    ------
    ValueError
        Costs so large that weights times this would overflow.
    """
    tasks, kinds = problem.tasks, problem.fleet
    real = problem.travel_ticks < NO_ROAD
    farthest = int(problem.length[real].max(initial=0))
    away = max((min(k.longest_ticks, k.until_ticks - k.from_ticks) for k in kinds), default=0)
    busy = sum(t.service_ticks for t in tasks) + 2 * len(tasks) * int(
        problem.travel_ticks[real].max(initial=0)
    )
    away = min(away * len(tasks), busy + max((t.latest_ticks for t in tasks), default=0) * len(tasks))
    most = 1 + len(tasks) * max((k.fixed_cost for k in kinds), default=0)
    most += 2 * len(tasks) * farthest * max((k.cost_per_length for k in kinds), default=0)
    most += away * max((k.cost_per_tick for k in kinds), default=0)
    if most * max(1, sum(t.weight for t in tasks)) >= 2**61:
        raise ValueError("costs times weights: too large for whole numbers of 64 bits; use coarser units")
    return most


def _apart(problem: RoutingProblem, *, windows: bool) -> Int64s:
    """How far two tasks are apart in their better order, waiting and lateness included; a table."""
    tasks = problem.tasks
    place = [task.place for task in tasks]
    way = problem.travel_ticks.min(axis=0)[np.ix_(place, place)].astype(float)
    if windows:
        service, earliest, latest = (
            np.array([getattr(task, name) for task in tasks], float)
            for name in ("service_ticks", "earliest_ticks", "latest_ticks")
        )
        wait = earliest[None, :] - way - service[:, None] - latest[:, None]
        late = earliest[:, None] + service[:, None] + way - latest[None, :]
        way = way + WAIT_SHARE * np.maximum(wait, 0) + np.maximum(late, 0)
    apart: Int64s = np.rint(np.minimum(way, way.T)).astype(np.int64)
    return apart


def _ranked(apart: Int64s) -> "np.ndarray[tuple[int, int], np.dtype[np.int32]]":
    """The other tasks, nearest first, shape (tasks, tasks - 1)."""
    n = len(apart)
    np.fill_diagonal(apart, -1)
    return np.argsort(apart, axis=1, kind="stable")[:, 1:].astype(np.int32).reshape(n, max(n - 1, 0))


def _orders(problem: RoutingProblem) -> Int64s:
    """Keys of orders in which tasks are put back, lowest first; rules of more weight stand repeatedly."""
    tasks = problem.tasks
    depots = sorted({kind.start for kind in problem.fleet})
    places = [task.place for task in tasks]
    far = problem.travel_ticks.min(axis=0)[np.ix_(depots, places)].min(axis=0, initial=NEAREST)
    load = np.array([task.load for task in tasks], np.int64).reshape(len(tasks), -1)
    share = load / np.maximum(load.max(axis=0, initial=1), 1)
    heavy = -np.rint(share.sum(axis=1) * 1_000_000).astype(np.int64)
    earliest = np.array([task.earliest_ticks for task in tasks], np.int64)
    latest = np.array([task.latest_ticks for task in tasks], np.int64)
    rules = [heavy] * 4 + [-far] * 2 + [far]
    if np.ptp(latest) or np.ptp(earliest):
        rules += [latest - earliest] * 2 + [earliest] * 2 + [-latest] * 2
    return np.ascontiguousarray(rules)


def first_state(problem: RoutingProblem) -> tuple[Int64s, Int64s]:
    """Every vehicle stays and every task is left out: state and list of the tasks left out."""
    from optimizer._kernels import ruin as column

    tasks = problem.tasks
    kinds = [k for k, kind in enumerate(problem.fleet) for _ in range(min(kind.count, len(tasks)))]
    n, vehicles, dimensions = len(tasks), len(kinds), len(tasks[0].load)
    state = np.zeros((n + 2 * vehicles, column.LOAD + dimensions), np.int64)
    for k, task in enumerate(tasks):
        window = (task.earliest_ticks, task.latest_ticks)
        state[k, column.PLACE : column.KIND] = (task.place, task.service_ticks, *window)
        state[k, column.LOAD :] = task.load
    state[:n, column.VEHICLE] = -1
    for vehicle, k in enumerate(kinds):
        kind, start, end = problem.fleet[k], n + vehicle, n + vehicles + vehicle
        state[start, column.PLACE : column.SIZE] = (kind.start, 0, kind.from_ticks, kind.until_ticks, k)
        state[end, column.PLACE : column.SIZE] = (kind.end, 0, kind.from_ticks, kind.until_ticks, k)
        state[start, column.AFTER], state[end, column.BEFORE] = end, start
    return state, np.array([n, *range(n)], np.int64)


def refresh_all(state: Int64s, work: "Work") -> None:
    """Let the kernel compute every route from its chain."""
    from optimizer._kernels.ruin import refresh

    tasks = len(work.penalty)
    for start in range(tasks, tasks + (len(state) - tasks) // 2):
        refresh(state, start, tasks, work.kinds, work.travel, work.length)


def routes_of(problem: RoutingProblem, state: Int64s) -> tuple[Route, ...]:
    """The rounds of a state, by kind of vehicle, then by first task."""
    from optimizer._kernels.ruin import AFTER, KIND

    found, n = [], len(problem.tasks)
    for start in range(n, n + (len(state) - n) // 2):
        at, visits = int(state[start, AFTER]), []
        while at < n:
            visits.append(at)
            at = int(state[at, AFTER])
        if visits:
            route = scheduled(problem, int(state[start, KIND]), tuple(visits))
            assert route is not None, "the search keeps every window"
            found.append(route)
    return tuple(sorted(found, key=lambda route: (route.kind, route.tasks)))
