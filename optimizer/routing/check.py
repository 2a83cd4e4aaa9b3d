"""Verifies routes without the search: loads, windows, roads, capabilities, counts and costs."""

from collections import Counter

from optimizer.routing.answer import Route, RoutingAnswer
from optimizer.routing.problem import NO_ROAD, RoutingProblem


def routing_violations(problem: RoutingProblem, answer: RoutingAnswer) -> tuple[str, ...]:
    """Everything that is wrong with routes, as sentences, from the problem alone; empty when they hold."""
    found: list[str] = []
    for route in answer.routes:
        found += _wrong(problem, route)
    visits = Counter(task for route in answer.routes for task in route.tasks)
    visits.update(answer.unserved)
    for k, task in enumerate(problem.tasks):
        if visits[k] != 1:
            found.append(f"task {task.id} stands {visits[k]} times among routes and unserved tasks")
    if strange := sorted(set(visits) - set(range(len(problem.tasks)))):
        found.append(f"there are no tasks {strange}")
    driven = Counter(route.kind for route in answer.routes)
    for k, kind in enumerate(problem.fleet):
        if driven[k] > kind.count:
            found.append(f"{driven[k]} vehicles {kind.id} drive, there are {kind.count}")
    if answer.cost != (total := sum(route.cost for route in answer.routes)):
        found.append(f"the routes cost {total}, not {answer.cost}")
    if answer.bound is not None and not answer.unserved and answer.bound > answer.cost:
        found.append(f"the bound {answer.bound} is above the cost {answer.cost}")
    return tuple(found)


def _wrong(problem: RoutingProblem, route: Route) -> list[str]:
    if not 0 <= route.kind < len(problem.fleet):
        return [f"there are no vehicles {route.kind}"]
    if not route.tasks or any(not 0 <= task < len(problem.tasks) for task in route.tasks):
        return [f"a route of {problem.fleet[route.kind].id} visits nothing, or what does not exist"]
    return [*_carried(problem, route), *_driven(problem, route)]


def _carried(problem: RoutingProblem, route: Route) -> list[str]:
    kind, visits = problem.fleet[route.kind], [problem.tasks[task] for task in route.tasks]
    found = [f"{kind.id} lacks what task {t.id} needs" for t in visits if not t.needs <= kind.offers]
    for d, most in enumerate(kind.capacity):
        if (load := sum(task.load[d] for task in visits)) > most:
            found.append(f"{kind.id} carries {load} of {most} in dimension {d}")
    return found


def _driven(problem: RoutingProblem, route: Route) -> list[str]:
    """Walk the route by its own times: nothing may begin before the vehicle is there."""
    kind, found = problem.fleet[route.kind], []
    place, free, length = kind.start, route.departs_ticks, 0
    for task, begin in zip((problem.tasks[k] for k in route.tasks), route.begins_ticks, strict=True):
        way = int(problem.travel_ticks[kind.table, place, task.place])
        if way >= NO_ROAD:
            found.append(f"{kind.id} has no road to task {task.id}")
        if begin < free + way or not task.earliest_ticks <= begin <= task.latest_ticks:
            found.append(f"{kind.id} cannot begin task {task.id} at {begin}")
        length += int(problem.length[kind.table, place, task.place])
        place, free = task.place, begin + task.service_ticks
    back = int(problem.travel_ticks[kind.table, place, kind.end])
    length += int(problem.length[kind.table, place, kind.end])
    away = route.returns_ticks - route.departs_ticks
    if back >= NO_ROAD:
        found.append(f"{kind.id} has no road back")
    if route.returns_ticks < free + back or away > kind.longest_ticks:
        found.append(f"{kind.id} cannot be back at {route.returns_ticks}, or is away too long")
    if route.departs_ticks < kind.from_ticks or route.returns_ticks > kind.until_ticks:
        found.append(f"{kind.id} leaves before {kind.from_ticks} or returns after {kind.until_ticks}")
    cost = kind.fixed_cost + kind.cost_per_length * length + kind.cost_per_tick * away
    if (route.length, route.cost) != (length, cost):
        found.append(f"{kind.id} drives {length} at cost {cost}, not {route.length} at {route.cost}")
    return found
