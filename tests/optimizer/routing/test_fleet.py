"""Routes for a fleet: best on tiny questions, valid on all, alike for one seed, honest about their end."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from benchmarks.routing_instances import round_of_tasks
from optimizer.routing.answer import stranded
from optimizer.routing.bound import assignment_bound
from optimizer.routing.check import routing_violations
from optimizer.routing.fleet import route_fleet
from optimizer.routing.problem import RoutingProblem, Task, VehicleKind
from optimizer.watch import Watch
from tests.optimizer.routing.drawn import best, problems


@given(problems())
@settings(deadline=None, max_examples=80)
def test_no_other_plan_leaves_less_out_or_costs_less(problem: RoutingProblem) -> None:
    answer = route_fleet(problem, iterations=400)
    left, cost = best(problem)
    assert routing_violations(problem, answer) == ()
    assert (sum(problem.tasks[t].weight for t in answer.unserved), answer.cost) == (left, cost)
    assert set(stranded(problem)) <= set(answer.unserved)


@given(problems())
@settings(deadline=None, max_examples=80)
def test_the_bound_is_never_above_the_best_plan(problem: RoutingProblem) -> None:
    left, cost = best(problem)
    bound = assignment_bound(problem)
    if left == 0:
        assert bound is not None
        assert bound <= cost


def test_the_same_seed_gives_the_same_routes_and_another_seed_may_not() -> None:
    problem = round_of_tasks(60, 1)
    first = route_fleet(problem, iterations=300, seed=3)
    assert route_fleet(problem, iterations=300, seed=3) == first
    assert any(route_fleet(problem, iterations=300, seed=seed).routes != first.routes for seed in range(4, 8))
    assert (first.stopped_by, first.iterations) == (None, 300)


def test_more_iterations_find_cheaper_rounds_that_hold() -> None:
    problem = round_of_tasks(50, 0)
    few, many = route_fleet(problem, iterations=1), route_fleet(problem, iterations=20_000)
    assert routing_violations(problem, few) == routing_violations(problem, many) == ()
    assert many.unserved == ()
    assert many.cost < 0.97 * few.cost
    assert many.bound is not None
    assert many.bound <= many.cost


def test_the_clock_and_a_person_end_the_search_and_are_named() -> None:
    problem = round_of_tasks(30, 0)
    assert route_fleet(problem, iterations=None, watch=Watch(0.05)).stopped_by == "time"
    stopped = route_fleet(problem, watch=Watch(60.0, lambda *_: True))
    assert stopped.stopped_by == "user"
    assert routing_violations(problem, stopped) == ()


def line(*, capacity: int, loads: tuple[int, ...], count: int = 1) -> RoutingProblem:
    """Tasks 10, 20, ... from a depot on a straight road."""
    at = np.arange(len(loads) + 1) * 10
    tasks = tuple(Task(id=f"t{k}", place=k + 1, load=(load,)) for k, load in enumerate(loads))
    table = np.abs(at[:, None] - at[None])[None].astype(np.int64)
    fleet = (VehicleKind(id="truck", start=0, end=0, count=count, capacity=(capacity,)),)
    return RoutingProblem(tasks=tasks, fleet=fleet, travel_ticks=table, length=table)


def test_one_round_along_a_line_by_hand() -> None:
    """There and back is twice the farthest place; the bound of free pairs proves it."""
    answer = route_fleet(line(capacity=9, loads=(1, 1, 1)), iterations=100)
    assert (answer.cost, len(answer.routes), answer.unserved) == (60, 1, ())


def test_a_large_load_finds_room_though_small_ones_sit_everywhere() -> None:
    """3 trucks of 6 must carry 5 + 1, 4 + 2, 3 + 3: others make room for what is left out."""
    answer = route_fleet(line(capacity=6, loads=(1, 2, 3, 3, 4, 5), count=3), iterations=2_000)
    assert answer.unserved == ()


def test_what_no_vehicle_can_carry_is_left_out_and_named() -> None:
    problem = line(capacity=6, loads=(1, 7))
    assert route_fleet(problem, iterations=50).unserved == stranded(problem) == (1,)


def test_the_heavier_task_is_served_when_only_one_can_be() -> None:
    problem = line(capacity=3, loads=(3, 3))
    heavier = replace(problem, tasks=(problem.tasks[0], replace(problem.tasks[1], weight=2)))
    assert route_fleet(heavier, iterations=200).unserved == (0,)


def test_no_tasks_and_no_vehicles_are_plans_too() -> None:
    problem = line(capacity=3, loads=(1, 1))
    assert route_fleet(replace(problem, tasks=())).status == "optimal"
    assert route_fleet(replace(problem, fleet=())).unserved == (0, 1)


def test_a_larger_vehicle_takes_a_route_over_when_that_is_cheaper_than_a_second_one() -> None:
    problem = line(capacity=2, loads=(1, 1, 1, 1), count=2)
    large = VehicleKind(id="large", start=0, end=0, capacity=(4,), fixed_cost=10)
    answer = route_fleet(replace(problem, fleet=(*problem.fleet, large)), iterations=200)
    assert [route.kind for route in answer.routes] == [1]
    assert answer.cost == 90


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"travel_ticks": np.zeros((1, 2, 3), np.int64)}, "one shape"),
        ({"travel_ticks": np.zeros((1, 3, 3))}, "int64"),
        ({"travel_ticks": np.full((1, 3, 3), -1)}, ">= 0"),
        ({"tasks": (Task(id="x", place=7, load=(1,)),)}, "place below 3"),
        ({"tasks": (Task(id="x", place=1),)}, "same dimensions"),
        ({"tasks": (Task(id="x", place=1, load=(1,), earliest_ticks=5, latest_ticks=4),)}, "earliest_ticks"),
        ({"tasks": (Task(id="x", place=1, load=(-1,)),)}, "load >= 0"),
        ({"fleet": (VehicleKind(id="v", start=9, end=0, capacity=(1,)),)}, "start and end"),
        ({"fleet": (VehicleKind(id="v", start=0, end=0, capacity=(1,), until_ticks=-1),)}, "until_ticks"),
        ({"fleet": (VehicleKind(id="v", start=0, end=0, capacity=(1,), count=-1),)}, "count"),
        (
            {"fleet": (VehicleKind(id="v", start=0, end=0, capacity=(1,), cost_per_tick=-1),)},
            "costs of a unit",
        ),
    ],
)
def test_impossible_questions_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(line(capacity=3, loads=(1, 1)), **change)  # type: ignore[arg-type]  # wrong on purpose


def test_costs_that_would_overflow_are_refused() -> None:
    problem = line(capacity=3, loads=(1, 1))
    dear = replace(problem.fleet[0], fixed_cost=2**36)
    tasks = tuple(replace(task, weight=2**30) for task in problem.tasks)
    with pytest.raises(ValueError, match="coarser units"):
        route_fleet(replace(problem, fleet=(dear,), tasks=tasks))
