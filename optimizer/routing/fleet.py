"""Routes for a mixed fleet from several depots: least weight left out, then least cost.

The cost is the sum over the vehicles that drive of their fixed cost, and of the length and the time away at
the rates of their kind. Search: ruin and recreate under simulated annealing (``_kernels.ruin``). A task that
is left out presses the more the longer it waits, so that others make room for it, as the absence counts of
Christiaens & Vanden Berghe (2020) do.
"""

from typing import Literal

import numpy as np

from optimizer.problem import Floats
from optimizer.routing.answer import RoutingAnswer
from optimizer.routing.arrays import dearer_than_any, first_state, refresh_all, routes_of, work_arrays
from optimizer.routing.bound import assignment_bound
from optimizer.routing.problem import RoutingProblem
from optimizer.watch import Watch

ITERATIONS = 200_000
"""Measured: 2 s for 50 tasks, 6 s for 400 (processor time)."""
_HOTTEST, _COLDEST = 0.5, 0.005
"""First and last temperature over the mean cost of a task: the best of those tried on published instances."""
_PRESSURE, _GROWTH = 5, 100
"""What leaving a task out counts at first, in mean costs of a task; it grows by one part in so many."""
BOUNDED = 500
"""Up to so many tasks a bound is computed; beyond, it would take seconds."""
_BETWEEN_LOOKS = 100_000
"""Iterations times tasks between two looks at the clock: some hundredths of a second."""


def route_fleet(
    problem: RoutingProblem,
    *,
    iterations: int | None = ITERATIONS,
    seed: int = 0,
    watch: Watch | None = None,
    engine: Literal["own", "pyvrp"] = "own",
) -> RoutingAnswer:
    """Routes that leave the least weight of tasks out and then cost least, as far as the search finds them.

    Parameters
    ----------
    iterations
        After so many the search ends: the same seed gives the same routes. ``None`` = the clock of ``watch``
        alone decides, and the answer says ``stopped_by``.
    watch
        60 s without one.
    engine
        ``pyvrp`` hands the search to PyVRP (extra ``routing``), which only knows the clock.

    Raises
    ------
    ValueError
        Costs or weights so large that they overflow whole numbers of 64 bits.
    EngineMissingError
        PyVRP is asked for and not installed.
    """
    watch = watch or Watch(limit_s=60.0)
    if not problem.tasks:
        return RoutingAnswer(routes=(), unserved=(), status="optimal", cost=0, bound=0)
    if not any(kind.count for kind in problem.fleet):
        return RoutingAnswer(routes=(), unserved=tuple(range(len(problem.tasks))), status="optimal", cost=0)
    if engine == "pyvrp":
        from optimizer.routing.pyvrp_engine import route_with_pyvrp

        return route_with_pyvrp(problem, seed=seed, watch=watch)
    search = _Search(problem, seed)
    done, stopped_by = search.run(iterations, watch)
    return search.answer(done, stopped_by)


class _Search:
    """States, costs and pressure of one search."""

    def __init__(self, problem: RoutingProblem, seed: int) -> None:
        self.problem, self.work = problem, work_arrays(problem)
        state, left = first_state(problem)
        refresh_all(state, self.work)
        self.states, self.lefts = np.stack([state] * 3), np.stack([left] * 3)
        self.costs = np.full(3, self.work.penalty.sum(), np.int64)
        self.pressure = np.stack((self.work.penalty, np.zeros_like(self.work.penalty)))
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self.bound = assignment_bound(problem) if len(problem.tasks) <= BOUNDED else None
        self.dear = dearer_than_any(problem)  # a part for each weight left out, the rest is cost

    def run(self, iterations: int | None, watch: Watch) -> tuple[int, str | None]:
        """Put all tasks in greedily, then anneal; iterations done and what ended them early."""
        self._improve(np.zeros(1))
        mean = self._press()
        done, limit_s = 0, max(watch.left_s, 1e-9)
        few = max(10, _BETWEEN_LOOKS // len(self.problem.tasks))
        while iterations is None or done < iterations:
            if watch.stopped_by:
                return done, watch.stopped_by
            steps = few if iterations is None else min(few, iterations - done)
            spent = 1 - watch.left_s / limit_s if iterations is None else 0.0
            shares = spent if iterations is None else (done + np.arange(steps)) / iterations
            self._improve(mean * _HOTTEST * (_COLDEST / _HOTTEST) ** (np.zeros(steps) + shares))
            done += steps
            watch.tell("route", spent if iterations is None else done / iterations, self.bound, self._cost())
        return done, None

    def _improve(self, heats: Floats) -> None:
        from optimizer._kernels.ruin import improve

        improve(self.states, self.lefts, self.costs, self.pressure, self.work, heats, self.rng)

    def _cost(self) -> float:
        return float(self.costs[2] % self.dear)

    def _press(self) -> float:
        """Set the pressure by the mean cost of a task in the first routes; that mean."""
        mean = self._cost() / len(self.problem.tasks)
        weights = self.work.penalty // self.dear
        self.pressure[0] = weights * max(1, round(_PRESSURE * mean))
        self.pressure[1] = -(-self.pressure[0] // _GROWTH)
        left = self.lefts[2, 1 : self.lefts[2, 0] + 1]
        self.states[:2], self.lefts[:2] = self.states[2], self.lefts[2]
        self.costs[:2] = round(self._cost()) + self.pressure[0, left].sum()
        return max(mean, 1e-9)

    def answer(self, iterations: int, stopped_by: str | None) -> RoutingAnswer:
        """The best routes found."""
        routes = routes_of(self.problem, self.states[2])
        unserved = tuple(sorted(self.lefts[2, 1 : self.lefts[2, 0] + 1].tolist()))
        cost = sum(route.cost for route in routes)
        return RoutingAnswer(
            routes=routes,
            unserved=unserved,
            status="optimal" if not unserved and cost == self.bound else "feasible",
            cost=cost,
            bound=self.bound,
            stopped_by=stopped_by,
            iterations=iterations,
        )
