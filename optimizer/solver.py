"""The one place that talks to OR-Tools (MathOpt): programs in, values, bound and status out.

Whole programs go to HiGHS or GSCIP in one piece; cut loops keep a warm ``CutLoop`` on GLOP. HiGHS is run
without a thread count (MathOpt refuses one) and heeds no interrupt, so a caller that must stop it ends the
process; the seam for a gentle stop lies between solves (``optimizer.watch``).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from optimizer.problem import Floats
from optimizer.program import Program, Rows

if TYPE_CHECKING:
    from ortools.math_opt import model_pb2

Engine = Literal["highs", "gscip", "glop"]

PROVEN_GAP = 1e-6
"""Relative gap at and below which an answer counts as proven: the solvers' own tolerance."""


class SolverError(RuntimeError):
    """The solver failed for a reason of its own; the message is the solver's."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What a solver found and proved.

    Parameters
    ----------
    status
        ``optimal``; ``feasible`` (stopped with a solution); ``infeasible``; ``unknown`` (stopped without).
    values
        By variable; empty without a solution.
    bound
        Proven limit of the objective, infinite where nothing is proven.
    duals
        By row, of a linear program solved to the end; else empty.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    values: Floats
    objective: float
    bound: float
    duals: Floats = field(default_factory=lambda: np.empty(0))


def solve(
    program: Program,
    *,
    limit_s: float,
    engine: Engine = "highs",
    absolute_gap: float = 0.0,
    most_nodes: int | None = None,
    cuts: bool = True,
) -> Solution:
    """Solve a program; ``limit_s`` by wall clock, ``inf`` = none.

    Parameters
    ----------
    absolute_gap
        Distance of bound and objective that ends the search; 0.999 is exact for whole-number objectives.
    most_nodes
        Nodes of the search tree after which it ends: a limit that gives the same answer on every machine.
    cuts
        Whether the engine looks for general cutting planes: where the relaxation is tight already they cost
        more than they save.

    Raises
    ------
    SolverError
        With the solver's own words, where MathOpt 9.15 would raise a misleading ``AttributeError``.
    """
    from ortools.math_opt.python import mathopt

    exact = (
        {} if engine == "glop" else {"relative_gap_tolerance": 0.0, "absolute_gap_tolerance": absolute_gap}
    )
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(limit_s, 0.01)) if isfinite(limit_s) else None,
        node_limit=most_nodes,
        random_seed=0 if engine != "highs" else None,
        cuts=None if cuts else mathopt.Emphasis.OFF,
        **exact,
    )
    return _solution(_solved(_proto(program), _engine(engine), parameters), program)


def _solved(model: "model_pb2.ModelProto", engine: Any, parameters: Any) -> Any:
    """The solver's answer as it sends it.

    MathOpt's own model keeps a Python object for each variable and hands the answer out as a dictionary of
    them: as long again as the solve for programs of some ten thousand variables that are nearly linear.
    """
    from ortools.math_opt.core.python import solver
    from ortools.math_opt.python import mathopt

    return _said_plainly(
        solver.solve,
        model,
        engine.value,
        mathopt.StreamableSolverInitArguments().to_proto(),
        parameters.to_proto(),
        mathopt.ModelSolveParameters().to_proto(),
        None,
        mathopt.CallbackRegistration().to_proto(),
        None,
        None,
    )


def _engine(name: Engine) -> Any:
    from ortools.math_opt.python import mathopt

    return {
        "highs": mathopt.SolverType.HIGHS,
        "gscip": mathopt.SolverType.GSCIP,
        "glop": mathopt.SolverType.GLOP,
    }[name]


def _said_plainly(call: Any, *arguments: Any, **keywords: Any) -> Any:
    """Call the solver; MathOpt 9.15 hides the text of a failure in the context of an AttributeError."""
    from pybind11_abseil.status import StatusNotOk  # type: ignore[import-untyped]  # ships no types

    try:
        return call(*arguments, **keywords)
    except AttributeError as hidden:
        raise SolverError(str(hidden.__context__ or hidden)) from hidden
    except (RuntimeError, ValueError, StatusNotOk) as failed:
        raise SolverError(str(failed)) from failed


def _proto(program: Program) -> "model_pb2.ModelProto":
    from ortools.math_opt import model_pb2

    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(len(program.objective)))
    proto.variables.lower_bounds.extend(program.lower.tolist())  # lists: protobuf walks arrays slowly
    proto.variables.upper_bounds.extend(program.upper.tolist())
    proto.variables.integers.extend(program.integer.tolist())
    proto.objective.maximize = program.maximize
    used = np.flatnonzero(program.objective)
    proto.objective.linear_coefficients.ids.extend(used.tolist())
    proto.objective.linear_coefficients.values.extend(program.objective[used].tolist())
    proto.linear_constraints.ids.extend(range(len(program.row_lower)))
    proto.linear_constraints.lower_bounds.extend(program.row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend(program.row_upper.tolist())
    order = np.lexsort((program.column, program.row))
    proto.linear_constraint_matrix.row_ids.extend(program.row[order].tolist())
    proto.linear_constraint_matrix.column_ids.extend(program.column[order].tolist())
    proto.linear_constraint_matrix.coefficients.extend(program.value[order].tolist())
    return proto


def _solution(result: Any, program: Program) -> Solution:
    from ortools.math_opt import result_pb2, solution_pb2

    reason, known = result.termination.reason, solution_pb2.SOLUTION_STATUS_FEASIBLE
    bound = float(result.termination.objective_bounds.dual_bound)
    if reason in (
        result_pb2.TERMINATION_REASON_INFEASIBLE,
        result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED,
    ):
        return Solution("infeasible", np.empty(0), np.nan, bound)
    best = result.solutions[0] if result.solutions else None
    if best is None or best.primal_solution.feasibility_status != known:
        return Solution("unknown", np.empty(0), np.nan, bound)
    values = _dense(best.primal_solution.variable_values, np.arange(len(program.objective)))
    duals = np.empty(0)
    if best.dual_solution.feasibility_status == known:
        duals = _dense(best.dual_solution.dual_values, np.arange(len(program.row_lower)))
    proven = reason == result_pb2.TERMINATION_REASON_OPTIMAL
    status: Literal["optimal", "feasible"] = "optimal" if proven else "feasible"
    return Solution(status, values, float(best.primal_solution.objective_value), bound, duals)


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """A linear program's answer: values by variable, dual values (>= 0) by cut row."""

    values: Floats
    duals: Floats


class CutLoop:
    """A linear program over variables >= 0, minimized, that grows by rows ``a x >= b`` and stays warm.

    GLOP, dual simplex, no presolve and no scaling: measured 4 times faster in cut loops than its defaults,
    which re-solve by the primal simplex. The caller scales its rows so that values are near 1. Rows go in and
    values come out as whole arrays, below MathOpt's objects, which would take longer than the simplex.

    Attributes
    ----------
    infeasible
        Whether the last solve found that nothing keeps the rows.
    """

    def __init__(self, objective: Floats, upper: Floats) -> None:
        from ortools.math_opt import model_update_pb2
        from ortools.math_opt.core.python import solver
        from ortools.math_opt.python import mathopt

        start = Rows().program(objective, upper=upper, integer=np.zeros(len(upper), np.bool_))
        self._variables = len(upper)
        self._ids = np.empty(0, np.int64)
        self._next = 0
        self.infeasible = False
        self._update_type = model_update_pb2.ModelUpdateProto
        self._update = self._update_type()
        self._solver = _said_plainly(
            solver.new,
            mathopt.SolverType.GLOP.value,
            _proto(start),
            mathopt.StreamableSolverInitArguments().to_proto(),
        )

    def add(self, columns: np.ndarray, values: Floats, at_least: float) -> None:
        """Add a row ``sum values x[columns] >= at_least``."""
        self.add_many(np.zeros(len(columns), np.int64), columns, values, np.array([at_least]))

    def add_many(self, row: np.ndarray, columns: np.ndarray, values: Floats, at_least: Floats) -> None:
        """Add rows; entry ``k`` stands in row ``row[k]``, counted from 0 within them, ascending."""
        ids = np.arange(self._next, self._next + len(at_least))
        self._next += len(ids)
        self._ids = np.concatenate([self._ids, ids])
        fresh, entries = self._update.new_linear_constraints, self._update.linear_constraint_matrix_updates
        fresh.ids.extend(ids.tolist())
        fresh.lower_bounds.extend(np.asarray(at_least, float).tolist())
        fresh.upper_bounds.extend([np.inf] * len(ids))
        order = np.lexsort((columns, row))
        entries.row_ids.extend(ids[row[order]].tolist())
        entries.column_ids.extend(columns[order].tolist())
        entries.coefficients.extend(np.asarray(values, float)[order].tolist())

    def set_at_least(self, row: int, at_least: float) -> None:
        """Change the right side of a row."""
        self._flush()
        lower = self._update.linear_constraint_updates.lower_bounds
        lower.ids.append(int(self._ids[row]))
        lower.values.append(float(at_least))
        self._flush()

    def drop(self, rows: np.ndarray) -> None:
        """Take rows away, by their present numbers; those after them move up."""
        self._flush()
        self._update.deleted_linear_constraint_ids.extend(np.sort(self._ids[rows]).tolist())
        self._ids = np.delete(self._ids, rows)
        self._flush()

    def solve(self, limit_s: float) -> Relaxed | None:
        """Values and duals, or ``None`` without an optimum: infeasible, out of time, or numbers too bad."""
        from ortools.math_opt import result_pb2
        from ortools.math_opt.python import mathopt

        self._flush()
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(limit_s, 0.01)),
            presolve=mathopt.Emphasis.OFF,
            scaling=mathopt.Emphasis.OFF,
            lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX,
        )
        result = _said_plainly(
            self._solver.solve,
            parameters.to_proto(),
            mathopt.ModelSolveParameters().to_proto(),
            None,
            mathopt.CallbackRegistration().to_proto(),
            None,
            None,
        )
        self.infeasible = result.termination.reason == result_pb2.TERMINATION_REASON_INFEASIBLE
        if result.termination.reason != result_pb2.TERMINATION_REASON_OPTIMAL:
            return None
        found = result.solutions[0]
        values = _dense(found.primal_solution.variable_values, np.arange(self._variables))
        return Relaxed(values, np.maximum(0.0, _dense(found.dual_solution.dual_values, self._ids)))

    def _flush(self) -> None:
        """Hand the waiting changes to the solver."""
        if not _said_plainly(self._solver.update, self._update):
            raise SolverError("GLOP did not take a change of its program")
        self._update = self._update_type()

    def close(self) -> None:
        """Give the solver's memory back."""
        del self._solver


def _dense(vector: Any, ids: np.ndarray) -> Floats:
    """The values of a sparse vector at ascending ids, 0 where it has none."""
    found = np.zeros(len(ids))
    found[np.searchsorted(ids, np.array(vector.ids, np.int64))] = vector.values
    return found
