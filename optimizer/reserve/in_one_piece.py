"""A question with few scenarios solved in one piece, by the extensive form (``optimizer.reserve.extensive``).

Presolve takes out most of a dozen scenarios' deliveries, so that HiGHS proves such a plan before cuts have
come near it; from some dozen scenarios on cuts are quicker and take less memory
(``optimizer.reserve.decomposition``).
"""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Floats
from optimizer.program import Program
from optimizer.reserve.columns import columns
from optimizer.reserve.decomposition import Found
from optimizer.reserve.extensive import extensive_form, possible_deliveries
from optimizer.reserve.first_stage import SNAP, FirstStage, first_stage
from optimizer.reserve.reserve_answer import Aim, Holding
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.solver import Solution, solve
from optimizer.watch import Watch

MOST_DELIVERIES = 100_000
"""Deliveries up to which one piece was measured quicker than cuts, trucks limited or not."""


@dataclass(frozen=True, slots=True, eq=False)
class InOnePiece:
    """The first stage found and, scenario by batch by shelter by window, what is delivered for it.

    ``delivered`` has shape (n, s, j, w); it is ``None`` where nothing was found.
    """

    first: FirstStage
    found: Found
    delivered: Floats | None


def fits_one_piece(problem: ReserveProblem) -> bool:
    """Whether a question is small enough."""
    c, scenarios = columns(problem), problem.scenarios
    asked = (scenarios.need[:, :, :, -1] > 0).sum(axis=1)
    each = np.where(np.isfinite(scenarios.truck_s).any(axis=1), len(problem.windows_s), 1)
    return float((asked @ np.diff(c.first_source)) @ each) <= MOST_DELIVERIES


def in_one_piece(
    problem: ReserveProblem, watch: Watch, *, aim: Aim, relative_gap: float, units: bool = False
) -> InOnePiece | None:
    """The best plan within a relative gap or the time there is; ``None`` when nothing is known by then.

    Parameters
    ----------
    units
        Whether quantities are whole units too.

    Raises
    ------
    SolverError
        The solver failed.
    """
    first = first_stage(problem, columns(problem))
    factor = 1 + aim.cvar_weight if aim.kind == "cvar" else 1.0
    constant = factor * first.constant
    program = extensive_form(first, aim)
    program.integer[: len(first.columns)] = units
    relaxed = solve(_relaxed(program), limit_s=watch.left_s)
    if relaxed.status == "infeasible":
        return InOnePiece(first, Found(None, np.inf, -np.inf, np.empty(0), infeasible=True), None)
    if relaxed.status != "optimal":
        return None
    answer, bound = relaxed, relaxed.objective
    between = relaxed.values[program.integer]
    if np.abs(between - np.rint(between)).max(initial=0.0) > SNAP:
        gap = relative_gap / 2 * max(1.0, abs(relaxed.objective + constant))
        whole = solve(program, limit_s=watch.left_s, absolute_gap=gap)
        if whole.status == "infeasible":
            return InOnePiece(first, Found(None, np.inf, -np.inf, np.empty(0), infeasible=True), None)
        if not len(whole.values):
            return None
        bound = max(bound, whole.bound)
        answer = _with_prices(program, whole)
    values = answer.values.copy()
    values[program.integer] = np.rint(values[program.integer])
    found = Found(
        values[: len(first)],
        answer.objective + constant,
        min(bound, answer.objective) + constant,
        answer.duals[: first.rows.count],
    )
    return InOnePiece(first, found, _delivered(first, answer.values))


def cost_at_service(problem: ReserveProblem, held: Holding, aim: Aim) -> float | None:
    """Least cost, penalties apart, of a plan whose deliveries meet an aim's service and no more than that.

    ``None`` when it cannot meet it, or when the question does not fit one piece.

    Raises
    ------
    SolverError
        The solver failed.
    """
    if not fits_one_piece(problem):
        return None
    first = first_stage(problem, columns(problem))
    program = _relaxed(extensive_form(first, aim))
    begin, size = len(first.columns) + len(first.beside), len(first)
    chosen = np.r_[np.arange(len(first.columns)), np.arange(begin, size)]
    values = np.concatenate([first.columns.taken(held.quantity), held.steps, held.opened[first.charged]])
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[chosen] = upper[chosen] = values
    kept = np.ones(len(program.row_lower), np.bool_)
    kept[: len(first.limits)] = [not kind for kind, _ in first.limits]
    answer = solve(
        replace(
            program,
            lower=lower,
            upper=upper,
            row_lower=np.where(kept, program.row_lower, -np.inf),
            row_upper=np.where(kept, program.row_upper, np.inf),
        ),
        limit_s=np.inf,
    )
    return answer.objective + first.constant if answer.status == "optimal" else None


def _relaxed(program: Program) -> Program:
    return replace(program, integer=np.zeros(len(program.integer), np.bool_))


def _with_prices(program: Program, whole: Solution) -> Solution:
    """The same whole choices with the best of all else, and what each row is worth then."""
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[program.integer] = upper[program.integer] = np.rint(whole.values[program.integer])
    answer = solve(replace(_relaxed(program), lower=lower, upper=upper), limit_s=np.inf)
    return answer if answer.status == "optimal" else whole


def _delivered(first: FirstStage, values: Floats) -> Floats:
    problem, c = first.problem, first.columns
    can = possible_deliveries(problem, c)
    shelters, windows = problem.shelters, len(problem.windows_s)
    delivered = np.zeros((len(problem.scenarios), len(c.source_column), shelters, windows))
    amounts = values[len(first) : len(first) + len(can.source)]
    delivered[can.scenario, can.source, can.shelter, can.window] = np.maximum(0.0, amounts)
    return delivered
