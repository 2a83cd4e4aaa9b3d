"""The one place that talks to CP-SAT: its parameters, hints, bound, time and cancel.

One worker and a fixed seed, so that a run that ends with a proof or with its work gives the same answer each
time. A lone
worker gets a strong linear relaxation only at ``linearization_level`` 2: without it dispatch models take up
to 28 times as long (measured).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from optimizer.solver import SolverError
from optimizer.watch import Watch

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


@dataclass(frozen=True, slots=True, eq=False)
class CpSolution:
    """What CP-SAT found and proved.

    Parameters
    ----------
    status
        ``optimal``; ``feasible`` (stopped with a solution); ``infeasible``; ``unknown`` (stopped without).
    bound
        Proven limit of the objective.
    value
        Value of a variable; ``None`` without a solution.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    objective: float
    bound: float
    value: Callable[[Any], int] | None


def solve_cp(model: "cp_model.CpModel", *, watch: Watch, phase: str, work: float) -> CpSolution:
    """Solve a model until proof, the end of its work, deadline or a request to stop.

    Parameters
    ----------
    work
        CP-SAT's deterministic time: operations counted, near a second each. A search that it ends gives the
        same answer on every machine.

    Raises
    ------
    SolverError
        The model is not valid.
    """
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = work
    solver.parameters.max_time_in_seconds = max(watch.left_s, 0.01)
    status = solver.solve(model, _listener(watch, phase))
    if status == cp_model.MODEL_INVALID:
        raise SolverError(model.validate())
    names: dict[Any, Literal["optimal", "feasible", "infeasible", "unknown"]] = {
        cp_model.OPTIMAL: "optimal",
        cp_model.FEASIBLE: "feasible",
        cp_model.INFEASIBLE: "infeasible",
    }
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return CpSolution(
        status=names.get(status, "unknown"),
        objective=solver.objective_value if found else float("nan"),
        bound=solver.best_objective_bound,
        value=solver.value if found else None,
    )


def _listener(watch: Watch, phase: str) -> Any:
    """Tells each better solution and stops the search when asked to; CP-SAT wants a subclass of its own."""
    from ortools.sat.python import cp_model

    class Listener(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            watch.tell(phase, 0.0, self.best_objective_bound, self.objective_value)
            if watch.stopped_by == "user":
                self.stop_search()

    return Listener()
