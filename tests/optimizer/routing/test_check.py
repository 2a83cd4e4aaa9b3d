"""The checker of routes finds each kind of wrong route."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimizer.routing.answer import Route, RoutingAnswer, scheduled
from optimizer.routing.check import routing_violations
from optimizer.routing.problem import NO_ROAD, RoutingProblem, Task, VehicleKind

TRAVEL = np.array([[[0, 5, 5], [5, 0, 3], [5, 3, 0]]], np.int64)
PROBLEM = RoutingProblem(
    tasks=(
        Task(id="a", place=1, load=(2,), service_ticks=2, earliest_ticks=20, latest_ticks=25),
        Task(id="b", place=2, load=(2,), service_ticks=1, latest_ticks=40, needs=frozenset(["pump"])),
    ),
    fleet=(
        VehicleKind(
            id="truck", start=0, end=0, capacity=(4,), fixed_cost=7, cost_per_tick=1, until_ticks=60,
            longest_ticks=30, offers=frozenset(["pump"]),
        ),
    ),
    travel_ticks=TRAVEL,
    length=TRAVEL,
)  # fmt: skip
ROUTE = Route(
    kind=0, tasks=(0, 1), begins_ticks=(20, 25), departs_ticks=15, returns_ticks=31, length=13, cost=36
)
RIGHT = RoutingAnswer(routes=(ROUTE,), unserved=(), status="feasible", cost=36)


def test_the_round_by_hand_is_what_the_timetable_gives() -> None:
    """Leave at 15, not at 0: a begins at 20, b at 25, back at 31; 7 + 13 + 16."""
    assert scheduled(PROBLEM, 0, (0, 1)) == ROUTE
    assert routing_violations(PROBLEM, RIGHT) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"departs_ticks": 16}, "cannot begin task a"),
        ({"departs_ticks": -1}, "leaves before"),
        ({"begins_ticks": (26, 31), "returns_ticks": 37}, "cannot begin task a at 26"),
        ({"begins_ticks": (20, 24)}, "cannot begin task b"),
        ({"returns_ticks": 30}, "cannot be back"),
        ({"returns_ticks": 61}, "returns after"),
        ({"returns_ticks": 46}, "away too long"),
        ({"length": 12}, "drives 13"),
        ({"cost": 35}, "at cost 36"),
        ({"kind": 1}, "there are no vehicles 1"),
        ({"tasks": (), "begins_ticks": ()}, "visits nothing"),
        ({"tasks": (0, 5)}, "what does not exist"),
        ({"tasks": (0,), "begins_ticks": (20,)}, "task b stands 0 times"),
        ({"tasks": (0, 1, 1), "begins_ticks": (20, 25, 26)}, "task b stands 2 times"),
    ],
)
def test_a_broken_route_is_found(change: dict[str, Any], words: str) -> None:
    broken = replace(RIGHT, routes=(replace(ROUTE, **change),))
    assert any(words in sentence for sentence in routing_violations(PROBLEM, broken))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cost": 35}, "the routes cost 36"),
        ({"unserved": (1,)}, "task b stands 2 times"),
        ({"unserved": (9,)}, "no tasks \\[9\\]"),
        ({"bound": 40}, "bound 40 is above"),
        ({"routes": (ROUTE, ROUTE)}, "2 vehicles truck drive"),
    ],
)
def test_a_broken_answer_is_found(change: dict[str, Any], words: str) -> None:
    found = routing_violations(PROBLEM, replace(RIGHT, **change))
    assert any(words.replace("\\", "") in sentence for sentence in found)


@pytest.mark.parametrize(
    ("vehicle", "words"),
    [
        ({"capacity": (3,)}, "carries 4 of 3"),
        ({"offers": frozenset()}, "lacks what task b needs"),
        ({"count": 0}, "1 vehicles truck drive, there are 0"),
    ],
)
def test_a_vehicle_that_cannot_is_found(vehicle: dict[str, Any], words: str) -> None:
    problem = replace(PROBLEM, fleet=(replace(PROBLEM.fleet[0], **vehicle),))
    assert any(words in sentence for sentence in routing_violations(problem, RIGHT))


@pytest.mark.parametrize(("way", "words"), [((0, 1), "no road to task a"), ((2, 0), "no road back")])
def test_a_missing_road_is_found(way: tuple[int, int], words: str) -> None:
    travel = TRAVEL.copy()
    travel[0][way] = NO_ROAD
    problem = replace(PROBLEM, travel_ticks=travel, length=travel)
    assert any(words in sentence for sentence in routing_violations(problem, RIGHT))
    assert scheduled(problem, 0, (0, 1)) is None
