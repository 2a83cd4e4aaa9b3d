"""Tiny routing questions and their best plans by trying everything."""

from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
from hypothesis import strategies as st

from optimizer.routing.problem import NO_ROAD, RoutingProblem, Task, VehicleKind

LAST = 24
"""All windows of the drawn questions end by then, so that every departure can be tried."""


@st.composite
def problems(draw: st.DrawFn) -> RoutingProblem:
    """Up to four tasks, two kinds of vehicles, four places, windows, two tables, a skill, missing roads."""

    def table() -> list[list[int]]:
        ways = st.integers(0, 6) | st.just(NO_ROAD)
        drawn = [[0 if i == j else draw(ways) for j in range(4)] for i in range(4)]
        for k, i, j in product(range(4), repeat=3):  # as roads are: no way is longer than a way round
            drawn[i][j] = min(drawn[i][j], drawn[i][k] + drawn[k][j])
        return [[min(way, NO_ROAD) for way in row] for row in drawn]

    travel = np.array([table(), table()], np.int64)
    length = np.where(travel >= NO_ROAD, NO_ROAD, travel * draw(st.integers(1, 3)))
    tasks = []
    for k in range(draw(st.integers(1, 4))):
        opens = draw(st.integers(0, 12))
        tasks.append(
            Task(
                id=f"t{k}",
                place=draw(st.integers(0, 3)),
                load=(draw(st.integers(0, 3)),),
                service_ticks=draw(st.integers(0, 3)),
                earliest_ticks=opens,
                latest_ticks=draw(st.integers(opens, 16)),
                weight=draw(st.integers(1, 3)),
                needs=frozenset(draw(st.sampled_from(["", "", "pump"])).split()),
            )
        )
    fleet = tuple(_kind(draw, k) for k in range(2))
    return RoutingProblem(tasks=tuple(tasks), fleet=fleet, travel_ticks=travel, length=length)


def _kind(draw: st.DrawFn, k: int) -> VehicleKind:
    opens = draw(st.integers(0, 4))
    return VehicleKind(
        id=f"k{k}",
        start=draw(st.integers(0, 1)),
        end=draw(st.integers(0, 1)),
        count=draw(st.integers(0, 2)),
        capacity=(draw(st.integers(1, 6)),),
        fixed_cost=draw(st.integers(0, 5)),
        cost_per_length=draw(st.integers(0, 2)),
        cost_per_tick=draw(st.integers(0, 2)),
        table=draw(st.integers(0, 1)),
        from_ticks=opens,
        until_ticks=draw(st.integers(opens, LAST)),
        longest_ticks=draw(st.integers(4, LAST)),
        offers=frozenset(draw(st.sampled_from(["", "pump"])).split()),
    )


def best(problem: RoutingProblem) -> tuple[int, int]:
    """Least weight left out and then least cost, by trying every plan."""
    found = []
    vehicles = [k for k, kind in enumerate(problem.fleet) for _ in range(kind.count)]
    for places in product(range(-1, len(vehicles)), repeat=len(problem.tasks)):
        left = sum(t.weight for t, v in zip(problem.tasks, places, strict=True) if v < 0)
        costs = [
            _cheapest(problem, kind, [t for t, v in enumerate(places) if v == vehicle])
            for vehicle, kind in enumerate(vehicles)
        ]
        if all(cost is not None for cost in costs):
            found.append((left, sum(cost or 0 for cost in costs)))
    return min(found)


def _cheapest(problem: RoutingProblem, kind: int, tasks: list[int]) -> int | None:
    vehicle = problem.fleet[kind]
    if not tasks:
        return 0
    if any(not problem.tasks[t].needs <= vehicle.offers for t in tasks):
        return None
    if sum(problem.tasks[t].load[0] for t in tasks) > vehicle.capacity[0]:
        return None
    return min((c for order in permutations(tasks) for c in _driven(problem, vehicle, order)), default=None)


def _driven(problem: RoutingProblem, kind: VehicleKind, order: tuple[int, ...]) -> Iterator[int]:
    """Cost of a round for every departure that keeps all windows."""
    for departs in range(kind.from_ticks, kind.until_ticks + 1):
        now, place, length = departs, kind.start, 0
        for task in (problem.tasks[t] for t in order):
            now = max(now + int(problem.travel_ticks[kind.table, place, task.place]), task.earliest_ticks)
            if now > task.latest_ticks:
                break
            length += int(problem.length[kind.table, place, task.place])
            now, place = now + task.service_ticks, task.place
        else:
            now += int(problem.travel_ticks[kind.table, place, kind.end])
            length += int(problem.length[kind.table, place, kind.end])
            if now <= kind.until_ticks and now - departs <= kind.longest_ticks:
                yield kind.fixed_cost + kind.cost_per_length * length + kind.cost_per_tick * (now - departs)
