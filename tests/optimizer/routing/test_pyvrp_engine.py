"""PyVRP as an engine: the same question, the same checker; a clear word when it is not installed."""

import importlib.util

import pytest
from hypothesis import given, settings

from optimizer.routing import pyvrp_engine
from optimizer.routing.check import routing_violations
from optimizer.routing.fleet import route_fleet
from optimizer.routing.problem import RoutingProblem
from optimizer.watch import Watch
from tests.optimizer.routing.drawn import best, problems

installed = pytest.mark.skipif(importlib.util.find_spec("pyvrp") is None, reason="needs the extra 'routing'")


def test_without_pyvrp_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyvrp_engine, "find_spec", lambda _: None)
    with pytest.raises(pyvrp_engine.EngineMissingError, match="extra 'routing'"):
        pyvrp_engine.route_with_pyvrp(_some(), watch=Watch(1.0))


@installed
def test_the_product_can_ask_it_and_hears_that_the_clock_ended_it() -> None:
    problem = _some()
    answer = route_fleet(problem, engine="pyvrp", watch=Watch(0.2))
    assert (answer.stopped_by, routing_violations(problem, answer)) == ("time", ())
    assert answer.routes


@installed
@given(problems())
@settings(deadline=None, max_examples=40)
def test_its_routes_hold_and_are_never_better_than_the_best_plan(problem: RoutingProblem) -> None:
    if not any(kind.count for kind in problem.fleet):
        return
    answer = pyvrp_engine.route_with_pyvrp(problem, watch=Watch(5.0), iterations=30)
    assert routing_violations(problem, answer) == ()
    left = sum(problem.tasks[t].weight for t in answer.unserved)
    assert (left, answer.cost) >= best(problem)


def _some() -> RoutingProblem:
    from benchmarks.routing_instances import round_of_tasks

    return round_of_tasks(12, 0)
