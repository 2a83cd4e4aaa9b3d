"""A cost that no plan can stay below: the assignment bound, and the least fleet that carries the load.

Every task has one predecessor and one successor, a task or the end of a route: the least cost of such pairs
(an assignment problem), each pair at the rates of the vehicle that is cheapest for it, without pairs that no
window allows. Added: the service times and, for the loads, the least fixed costs of capacities that hold them
(fractional vehicles). Routes may fall into circles here, so the bound is weak: it tells the scale, it seldom
proves. Time O(tasks^3); ``scipy.optimize.linear_sum_assignment`` (Crouse 2016,
doi:10.1109/TAES.2016.140952).
"""

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.routing.problem import NO_ROAD, RoutingProblem, VehicleKind

_NEVER = 1e15


def assignment_bound(problem: RoutingProblem) -> int | None:
    """Least cost of any plan that leaves nothing out can have; ``None`` when some task is in no such plan."""
    from scipy.optimize import linear_sum_assignment

    n = len(problem.tasks)
    if not n:
        return 0
    pairs, first, last = np.full((n, n), _NEVER), np.full(n, _NEVER), np.full(n, _NEVER)
    for k, kind in enumerate(problem.fleet):
        if kind.count:
            between, out, back = _costs(problem, kind, problem.allowed[:, k])
            pairs, first, last = np.minimum(pairs, between), np.minimum(first, out), np.minimum(last, back)
    # Where one route ends another begins: as many first tasks as last ones, in any pairs.
    pairs = np.minimum(pairs, last[:, None] + first[None, :])
    rows, columns = linear_sum_assignment(pairs)
    total = float(pairs[rows, columns].sum())
    if total >= _NEVER / 2:
        return None
    rate = min(kind.cost_per_tick for kind in problem.fleet if kind.count)
    served = rate * sum(task.service_ticks for task in problem.tasks)
    return round(total) + served + _fleet_cost(problem)


def _costs(problem: RoutingProblem, kind: VehicleKind, allowed: np.ndarray) -> tuple[Floats, Floats, Floats]:
    """Cost of each pair of tasks, of each first and of each last task for one kind of vehicle."""
    tasks = problem.tasks
    place = [task.place for task in tasks]
    earliest, latest, service = (
        np.array([getattr(task, name) for task in tasks], np.int64)
        for name in ("earliest_ticks", "latest_ticks", "service_ticks")
    )
    soonest = np.maximum(earliest, kind.from_ticks + problem.travel_ticks[kind.table, kind.start, place])
    between = _price(problem, kind, np.ix_([kind.table], place, place))[0]
    late = soonest[:, None] + service[:, None] + problem.travel_ticks[kind.table][np.ix_(place, place)]
    between[(late > latest[None, :]) | ~allowed[:, None] | ~allowed[None, :]] = _NEVER
    np.fill_diagonal(between, _NEVER)
    out = _price(problem, kind, np.ix_([kind.table], [kind.start], place))[0, 0]
    out[(soonest > latest) | ~allowed] = _NEVER
    back = _price(problem, kind, np.ix_([kind.table], place, [kind.end]))[0, :, 0]
    returns = soonest + service + problem.travel_ticks[kind.table, place, kind.end]
    back[(returns > kind.until_ticks) | ~allowed] = _NEVER
    return between, out, back


def _price(problem: RoutingProblem, kind: VehicleKind, where: tuple[Int64s, ...]) -> Floats:
    travel = problem.travel_ticks[where]
    price = (kind.cost_per_length * problem.length[where] + kind.cost_per_tick * travel).astype(float)
    return np.where(travel >= NO_ROAD, _NEVER, price)


def _fleet_cost(problem: RoutingProblem) -> int:
    """Least fixed costs of fractional vehicles that hold the load of the dimension that needs most."""
    least = float(min(kind.fixed_cost for kind in problem.fleet if kind.count))
    for d in range(len(problem.tasks[0].load)):
        load, cost = float(sum(task.load[d] for task in problem.tasks)), 0.0
        kinds = [kind for kind in problem.fleet if kind.count and kind.capacity[d]]
        for kind in sorted(kinds, key=lambda kind: kind.fixed_cost / kind.capacity[d]):
            taken = min(load, float(kind.capacity[d]) * kind.count)
            cost, load = cost + taken / kind.capacity[d] * kind.fixed_cost, load - taken
        least = max(least, cost)
    return int(np.ceil(least - 1e-6))
