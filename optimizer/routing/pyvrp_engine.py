"""The same question put to PyVRP (Wouda, Lan & Kool 2024, doi:10.1287/ijoc.2023.0055), an optional extra.

PyVRP knows no capabilities: a kind of vehicle that may not make some tasks gets tables of its own, in which
nothing leads to them.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from optimizer.problem import Int64s
from optimizer.routing.answer import Route, RoutingAnswer, scheduled
from optimizer.routing.arrays import dearer_than_any
from optimizer.routing.problem import NO_ROAD, RoutingProblem
from optimizer.watch import Watch

_FINE = 1000
"""PyVRP limits what a unit of overload counts; in finer units of load the limit does not bind."""


class EngineMissingError(RuntimeError):
    """The engine that was asked for is not installed; the message says how to get it."""


def route_with_pyvrp(
    problem: RoutingProblem,
    *,
    seed: int = 0,
    watch: Watch,
    iterations: int | None = None,
    all_served: bool = False,
) -> RoutingAnswer:
    """Routes by PyVRP within what is left of the watch; use ``route_fleet(engine="pyvrp")``.

    Raises
    ------
    EngineMissingError
        PyVRP is not installed.
    """
    if find_spec("pyvrp") is None:
        raise EngineMissingError("PyVRP is not installed: install the extra 'routing', or use the own engine")
    pyvrp, stops = import_module("pyvrp"), import_module("pyvrp.stop")
    data = _data(pyvrp, problem, required=all_served)
    stop = stops.MaxRuntime(watch.left_s) if iterations is None else stops.MaxIterations(iterations)
    result = pyvrp.solve(data, stop, seed=seed, display=False, collect_stats=False)
    routes = _routes(problem, result.best) if result.best.is_feasible() else ()
    served = {task for route in routes for task in route.tasks}
    return RoutingAnswer(
        routes=routes,
        unserved=tuple(k for k in range(len(problem.tasks)) if k not in served),
        status="feasible",
        cost=sum(route.cost for route in routes),
        stopped_by="time" if iterations is None else None,
        iterations=int(result.num_iterations),
    )


def _data(pyvrp: Any, problem: RoutingProblem, *, required: bool) -> Any:
    """Places of depots, then a location for each task, so that tasks at one place stay apart."""
    depots = sorted({place for kind in problem.fleet for place in (kind.start, kind.end)})
    prize = dearer_than_any(problem)
    places = [*depots, *(task.place for task in problem.tasks)]
    carried = np.array([task.load for task in problem.tasks], np.int64).sum(axis=0).tolist()
    profiles = sorted({(kind.table, problem.allowed[:, k].tobytes()) for k, kind in enumerate(problem.fleet)})
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(x=0, y=0) for _ in places],
        depots=[pyvrp.Depot(location=k) for k in range(len(depots))],
        clients=[
            pyvrp.Client(
                location=len(depots) + k,
                delivery=[part * _FINE for part in task.load],
                service_duration=task.service_ticks,
                tw_early=task.earliest_ticks,
                tw_late=task.latest_ticks,
                prize=0 if required else prize * task.weight,
                required=required,
            )
            for k, task in enumerate(problem.tasks)
        ],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=kind.count,
                capacity=[
                    min(most, total) * _FINE for most, total in zip(kind.capacity, carried, strict=True)
                ],
                start_depot=depots.index(kind.start),
                end_depot=depots.index(kind.end),
                fixed_cost=kind.fixed_cost,
                tw_early=kind.from_ticks,
                tw_late=kind.until_ticks,
                shift_duration=kind.longest_ticks,
                unit_distance_cost=kind.cost_per_length,
                unit_duration_cost=kind.cost_per_tick,
                profile=profiles.index((kind.table, problem.allowed[:, k].tobytes())),
            )
            for k, kind in enumerate(problem.fleet)
            if kind.count
        ],
        distance_matrices=[_table(problem.length, places, len(depots), *profile) for profile in profiles],
        duration_matrices=[
            _table(problem.travel_ticks, places, len(depots), *profile) for profile in profiles
        ],
    )


def _table(tables: Int64s, places: list[int], depots: int, table: int, allowed: bytes) -> Int64s:
    """A table between locations; what is no road, or leads to a task that is not allowed, is very long."""
    closed = np.concatenate((np.zeros(depots, np.bool_), ~np.frombuffer(allowed, np.bool_)))
    entries: Int64s = np.minimum(tables[table][np.ix_(places, places)], NO_ROAD)
    entries[:, closed] = NO_ROAD
    np.fill_diagonal(entries, 0)
    return entries


def _routes(problem: RoutingProblem, best: Any) -> tuple[Route, ...]:
    kinds = [k for k, kind in enumerate(problem.fleet) if kind.count]
    found = []
    for route in best.routes():
        visits = tuple(int(activity.idx) for activity in route if activity.is_client())
        scheduled_route = scheduled(problem, kinds[route.vehicle_type()], visits)
        if scheduled_route is not None:
            found.append(scheduled_route)
    return tuple(sorted(found, key=lambda route: (route.kind, route.tasks)))
