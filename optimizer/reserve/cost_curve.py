"""What is spent against how well needs are met: one plan for each weight of the penalties.

Each point is the cheapest plan for the service that it gives, measured in penalties, so that no plan is both
cheaper and better; between two points a mixture of both is possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import ReserveProblem
from optimizer.reserve.service import service_met
from optimizer.reserve.stochastic import stock_reserve
from optimizer.watch import Progress, Watch

FACTORS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Weights of the penalties that show the bend of the curve."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurvePoint:
    """One plan of the curve.

    Parameters
    ----------
    factor
        Weight of the penalties.
    first_stage, spent
        What the budget limits; the same with the expected cost of use and driving.
    shortage
        Expected penalties at their own weight, 1.
    service
        Share of needs met by the end of each window, mean over items, shape (w,).
    gap
        Relative gap of the point's own question.
    """

    factor: float
    first_stage: float
    spent: float
    shortage: float
    service: Floats
    gap: float
    held: Holding


def cost_curve(
    problem: ReserveProblem,
    *,
    factors: Sequence[float] = FACTORS,
    limit_s: float = 60.0,
    relative_gap: float = 2e-3,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[CurvePoint, ...]:
    """Points of the curve by ascending factor; those not found in time are left out."""
    watch, points = Watch(limit_s, progress), []
    for done, factor in enumerate(sorted(factors)):
        watch.tell("curve", done / len(factors))
        if watch.stopped_by:
            break
        weighed = replace(problem, penalty=factor * problem.penalty)
        answer = stock_reserve(weighed, limit_s=watch.left_s, relative_gap=relative_gap, workers=workers)
        if answer.held is None or answer.cost is None or answer.outcome is None:
            continue
        cost, gap = answer.cost, answer.gap
        points.append(
            CurvePoint(
                factor=factor,
                first_stage=cost.first_stage,
                spent=cost.total - cost.penalty,
                shortage=cost.penalty / factor if factor else np.nan,
                service=service_met(problem.scenarios, answer.outcome.shortage),
                gap=np.inf if gap is None else gap,
                held=answer.held,
            )
        )
    return tuple(points)
