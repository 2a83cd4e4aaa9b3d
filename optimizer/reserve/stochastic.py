"""What to keep where and how before anybody knows what happens: a two-stage stochastic program.

    min  first stage + expected second stage (or with service levels, or with a risk measure)
    s.t. rows of the first stage (``optimizer.reserve.first_stage``);
         each scenario's deliveries (``optimizer.reserve.recourse``).

Birge & Louveaux (2011), doi:10.1007/978-1-4614-0237-4; pre-positioning after Rawls & Turnquist (2010),
doi:10.1016/j.trb.2009.08.003. Quantities are amounts, not whole units (``optimizer.reserve.whole_units``).
"""

import numpy as np

from optimizer.problem import Floats, Status
from optimizer.reserve.decomposition import Found, decompose
from optimizer.reserve.evaluate import cost_split, counted, outcome
from optimizer.reserve.first_stage import FirstStage
from optimizer.reserve.in_one_piece import InOnePiece, fits_one_piece, in_one_piece
from optimizer.reserve.recourse import SecondStage
from optimizer.reserve.reserve_answer import Aim, Binding, CostSplit, Outcome, ReserveAnswer
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.risk import cvar
from optimizer.reserve.service_level import least_cost_at_service
from optimizer.watch import Progress, Watch

LEAST_PRICE = 1e-6
"""Dual value of a limit, in money for one unit of it, below which it does not count as binding."""


def stock_reserve(
    problem: ReserveProblem,
    *,
    aim: Aim | None = None,
    limit_s: float = 60.0,
    relative_gap: float = 1e-4,
    workers: int = 1,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> ReserveAnswer:
    """The best plan for an aim, with its bound, its cost and what it leaves short in each scenario.

    Parameters
    ----------
    limit_s
        Wall-clock limit, s; ``inf`` = none.
    relative_gap
        Distance of cost and bound at which the plan counts as optimal, > 0.
    workers
        Threads; the answer is the same for any number.
    cluster
        Address of a Dask scheduler whose workers compute the scenarios instead (the extra ``cluster``).

    Raises
    ------
    SolverError
        The solver failed.
    """
    watch, aim = Watch(limit_s, progress), aim or Aim()
    watch.tell("plan", 0.0)
    piece = None
    if watch.stopped_by is None and fits_one_piece(problem):
        piece = in_one_piece(problem, watch, aim=aim, relative_gap=relative_gap)
    if piece is None and aim.kind == "service":
        return least_cost_at_service(
            problem, aim, watch, relative_gap=relative_gap, workers=workers, cluster=cluster
        )
    first, found = (
        (piece.first, piece.found)
        if piece is not None
        else decompose(problem, watch, aim=aim, relative_gap=relative_gap, workers=workers, cluster=cluster)
    )
    if found.values is None:
        status: Status = "infeasible" if found.infeasible else "cancelled"
        return ReserveAnswer(
            status=status, held=None, objective=None, bound=None, stopped_by=watch.stopped_by
        )
    then = _outcome(problem, first, found, piece if aim.kind == "service" else None, workers)
    return _told(first, found, then, aim, relative_gap, watch.stopped_by)


def stock_in_units(
    problem: ReserveProblem,
    *,
    aim: Aim | None = None,
    limit_s: float = 60.0,
    relative_gap: float = 1e-4,
    progress: Progress | None = None,
) -> ReserveAnswer | None:
    """The best plan in whole units with a bound that counts whole units too; ``None`` without one in time.

    Only where the question fits one piece (``optimizer.reserve.in_one_piece``): for many scenarios round the
    amounts (``optimizer.reserve.whole_units``).

    Raises
    ------
    SolverError
        The solver failed.
    """
    watch, aim = Watch(limit_s, progress), aim or Aim()
    watch.tell("whole units", 0.0)
    if watch.stopped_by is not None or not fits_one_piece(problem):
        return None
    piece = in_one_piece(problem, watch, aim=aim, relative_gap=relative_gap, units=True)
    if piece is None or piece.found.values is None:
        return None
    then = _outcome(problem, piece.first, piece.found, piece if aim.kind == "service" else None, 1)
    return _told(piece.first, piece.found, then, aim, relative_gap, watch.stopped_by)


def _outcome(
    problem: ReserveProblem, first: FirstStage, found: Found, piece: InOnePiece | None, workers: int
) -> Outcome:
    """What is delivered in a ``piece``, or the cheapest deliveries, penalties included."""
    if piece is not None and piece.delivered is not None:
        return counted(SecondStage.of(problem), piece.delivered)
    assert found.values is not None
    return outcome(problem, first.holding(found.values), workers=workers)


def _told(
    first: FirstStage, found: Found, then: Outcome, aim: Aim, relative_gap: float, stopped_by: str | None
) -> ReserveAnswer:
    assert found.values is not None
    held = first.holding(found.values)
    cost = cost_split(first.problem, held, then)
    objective = aimed_at(first.problem, aim, cost, then)
    close = objective - found.bound <= relative_gap * max(1.0, abs(objective))
    return ReserveAnswer(
        status="optimal" if close else "feasible",
        held=held,
        objective=objective,
        bound=min(found.bound, objective),
        cost=cost,
        outcome=then,
        binding=binding(first, found.duals),
        stopped_by=None if close else stopped_by,
    )


def aimed_at(problem: ReserveProblem, aim: Aim, cost: CostSplit, then: Outcome) -> float:
    """What a plan comes to in the measure of an aim."""
    if aim.kind == "cvar" and aim.cvar_weight:
        risk = cvar(then.cost, problem.scenarios.probability, aim.cvar_level)
        return cost.total + aim.cvar_weight * (cost.first_stage + risk)
    return cost.total - cost.penalty if aim.kind == "service" else cost.total


def binding(first: FirstStage, duals: Floats) -> tuple[Binding, ...]:
    """The limits that have a price, dearest by what all of the limit is worth first; none without duals."""
    if not len(duals):
        return ()
    prices = np.abs(duals)
    at = np.flatnonzero((prices > LEAST_PRICE) & np.array([bool(kind) for kind, _ in first.limits]))
    limit = np.concatenate(first.rows.upper)
    limit = np.where(np.isfinite(limit), limit, np.concatenate(first.rows.lower))
    order = at[np.argsort(-prices[at] * np.maximum(1.0, np.abs(limit[at])), kind="stable")]
    return tuple(
        Binding(kind=first.limits[row][0], place=first.limits[row][1], price=float(prices[row]))
        for row in order
    )
