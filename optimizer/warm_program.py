"""A linear program that grows by rows and changes its limits, kept warm between solves by GLOP (MathOpt).

Rows and limits go in as arrays, values and duals come out as arrays: the documented calls of MathOpt 9.15
take and give one Python object per number, which costs more than the solve itself in a cut loop. The array
calls are not documented, so that this is the one file to change when OR-Tools changes.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import numpy as np

from optimizer.problem import Floats, Int64s
from optimizer.solver import SolverError


@dataclass(frozen=True, slots=True, eq=False)
class WarmSolution:
    """Values by variable, duals by row (>= 0 where a lower limit binds, <= 0 where an upper one does).

    ``status`` is ``stopped`` when the time ran out; without ``optimal`` both arrays are empty.
    """

    status: Literal["optimal", "infeasible", "stopped"]
    values: Floats
    duals: Floats


class WarmProgram:
    """Minimize c x, row_lower <= A x <= row_upper, lower <= x <= upper.

    Dual simplex without presolve and without scaling, measured 4 times faster here than GLOP's defaults; the
    caller scales its rows so that values are near 1.
    """

    def __init__(self, objective: Floats, *, lower: Floats, upper: Floats) -> None:
        from ortools.math_opt.elemental.python import enums
        from ortools.math_opt.python import mathopt

        self._enums = enums
        self._model = mathopt.Model()
        self._store: Any = self._model._elemental
        ids = self._store.add_elements(enums.ElementType.VARIABLE, len(objective))
        self._variables = ids[:, None]
        self._set(enums.DoubleAttr1.OBJECTIVE_LINEAR_COEFFICIENT, self._variables, objective)
        self.limit(lower, upper)
        self._rows: list[Int64s] = []
        self._solver: Any = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        self._parameters = mathopt.SolveParameters(
            presolve=mathopt.Emphasis.OFF,
            scaling=mathopt.Emphasis.OFF,
            lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX,
        )
        self._nothing = mathopt.ModelSolveParameters().to_proto(), mathopt.CallbackRegistration().to_proto()

    def limit(self, lower: Floats, upper: Floats) -> None:
        """Set the limits of all variables."""
        kind = self._enums.DoubleAttr1
        self._set(kind.VARIABLE_LOWER_BOUND, self._variables, lower)
        self._set(kind.VARIABLE_UPPER_BOUND, self._variables, upper)

    def add(
        self, row: Int64s, column: Int64s, value: Floats, *, row_lower: Floats, row_upper: Floats
    ) -> None:
        """Add rows; ``row`` counts from 0 within them, no place twice."""
        kind = self._enums
        ids = self._store.add_elements(kind.ElementType.LINEAR_CONSTRAINT, len(row_lower))
        self._set(kind.DoubleAttr1.LINEAR_CONSTRAINT_LOWER_BOUND, ids[:, None], row_lower)
        self._set(kind.DoubleAttr1.LINEAR_CONSTRAINT_UPPER_BOUND, ids[:, None], row_upper)
        places = np.column_stack([ids[row], column]).astype(np.int64)
        self._set(kind.DoubleAttr2.LINEAR_CONSTRAINT_COEFFICIENT, places, value)
        self._rows.append(ids)

    def drop(self, kept: np.ndarray) -> None:
        """Keep only these rows, shape (rows,); the next solve starts nearly cold."""
        ids = np.concatenate(self._rows)
        self._store.delete_elements(self._enums.ElementType.LINEAR_CONSTRAINT, ids[~kept])
        self._rows = [ids[kept]]

    def solve(self, limit_s: float) -> WarmSolution:
        """Solve from where the last solve ended.

        Raises
        ------
        SolverError
            With the solver's own words, when it fails for numerical reasons.
        """
        from ortools.math_opt import result_pb2

        self._parameters.time_limit = timedelta(seconds=max(limit_s, 0.01))
        try:
            result = self._solved()
        except (AttributeError, RuntimeError, ValueError) as failed:
            raise SolverError(str(failed.__context__ or failed)) from failed
        empty = np.empty(0)
        if result.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL:
            found = result.solutions[0]
            values = np.array(found.primal_solution.variable_values.values)
            return WarmSolution("optimal", values, np.array(found.dual_solution.dual_values.values))
        if result.termination.reason in (
            result_pb2.TERMINATION_REASON_INFEASIBLE,
            result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED,
        ):
            return WarmSolution("infeasible", empty, empty)
        return WarmSolution("stopped", empty, empty)

    def _solved(self) -> Any:
        tracker, solver = self._solver._update_tracker, self._solver._proto_solver
        update = tracker.export_update()
        if update is not None:
            if not solver.update(update):
                raise SolverError("GLOP refused to change the program in place")
            tracker.advance_checkpoint()
        asked, heard = self._nothing
        return solver.solve(self._parameters.to_proto(), asked, None, heard, None, None)

    def _set(self, attribute: Any, keys: np.ndarray, values: Floats) -> None:
        self._store.set_attrs(attribute, keys, np.ascontiguousarray(values, dtype=float))

    def close(self) -> None:
        """Give the solver's memory back."""
        self._solver.close()
