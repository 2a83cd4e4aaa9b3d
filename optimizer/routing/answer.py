"""Routes, when each visit begins, and what they cost."""

from dataclasses import dataclass
from typing import Literal

from optimizer.routing.problem import RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One vehicle's round.

    Parameters
    ----------
    kind
        Position in the fleet.
    tasks
        Positions in the problem's tasks, in the order of visits.
    begins_ticks
        When each service begins.
    departs_ticks, returns_ticks
        The earliest departure of those that make the round shortest, and the return.
    """

    kind: int
    tasks: tuple[int, ...]
    begins_ticks: tuple[int, ...]
    departs_ticks: int
    returns_ticks: int
    length: int
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingAnswer:
    """Routes and how good they are.

    Parameters
    ----------
    unserved
        Tasks left out, ascending; ``stranded`` tells which of them no vehicle could make at all.
    cost
        Sum over the routes.
    bound
        Least cost that any plan that leaves nothing out can have; ``None`` where none was proven.
    stopped_by
        ``time`` or ``user`` when the search ended before its iterations were done.
    """

    routes: tuple[Route, ...]
    unserved: tuple[int, ...]
    status: Literal["optimal", "feasible"]
    cost: int
    bound: int | None = None
    stopped_by: str | None = None
    iterations: int = 0

    @property
    def gap(self) -> float | None:
        """Distance of bound and cost over cost; ``None`` without a bound."""
        return None if self.bound is None else (self.cost - self.bound) / max(1, self.cost)


def scheduled(problem: RoutingProblem, kind: int, tasks: tuple[int, ...]) -> Route | None:
    """The round of a vehicle over tasks in this order, or ``None`` when time or roads forbid it.

    The departure is the earliest of those that keep the vehicle away for the least time.
    """
    vehicle, visits = problem.fleet[kind], [problem.tasks[task] for task in tasks]
    places = [vehicle.start, *(task.place for task in visits), vehicle.end]
    ways = problem.travel_ticks[vehicle.table, places[:-1], places[1:]].tolist()
    windows = [
        (vehicle.from_ticks, vehicle.until_ticks),
        *((task.earliest_ticks, task.latest_ticks) for task in visits),
        (vehicle.from_ticks, vehicle.until_ticks),
    ]
    stays = [0, *(task.service_ticks for task in visits), 0]
    soonest = _clock(vehicle.from_ticks, windows, ways, stays)
    if soonest is None:
        return None
    waits = [begin - arrival for begin, arrival in soonest]
    slack = min(
        sum(waits[: i + 1]) + windows[i][1] - soonest[i][0] for i in range(len(windows))
    )  # later departure that still keeps every window
    departs = vehicle.from_ticks + min(sum(waits), slack)
    clock = _clock(departs, windows, ways, stays)
    assert clock is not None, "a departure within the slack keeps every window"
    returns = clock[-1][0]
    if returns - departs > vehicle.longest_ticks:
        return None
    length = int(problem.length[vehicle.table, places[:-1], places[1:]].sum())
    cost = vehicle.fixed_cost + vehicle.cost_per_length * length + vehicle.cost_per_tick * (returns - departs)
    begins = tuple(begin for begin, _ in clock[1:-1])
    return Route(
        kind=kind,
        tasks=tasks,
        begins_ticks=begins,
        departs_ticks=departs,
        returns_ticks=returns,
        length=length,
        cost=cost,
    )


def stranded(problem: RoutingProblem) -> tuple[int, ...]:
    """Tasks that no vehicle could make even alone: load, capability, road or time forbid it."""

    def alone(task: int, kind: int) -> bool:
        vehicle, load = problem.fleet[kind], problem.tasks[task].load
        if not vehicle.count or not problem.allowed[task, kind]:
            return False
        fits = all(part <= most for part, most in zip(load, vehicle.capacity, strict=True))
        return fits and scheduled(problem, kind, (task,)) is not None

    kinds = range(len(problem.fleet))
    return tuple(task for task in range(len(problem.tasks)) if not any(alone(task, kind) for kind in kinds))


def _clock(
    departs: int, windows: list[tuple[int, int]], ways: list[int], stays: list[int]
) -> list[tuple[int, int]] | None:
    """Begin and arrival at each stop of a round, ``None`` when a window is missed."""
    seen, now = [], departs
    for i, (earliest, latest) in enumerate(windows):
        arrival = now + (ways[i - 1] if i else 0)
        begin = max(arrival, earliest)
        if begin > latest:
            return None
        seen.append((begin, arrival))
        now = begin + stays[i]
    return seen
