"""What is worked out beside a reserve plan: other rules, value of knowing, curve, fresh scenarios."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geo.region.region import Region
from optimizer.reserve.compare import Rival, Saving, knowledge, rival_of, rivals, savings
from optimizer.reserve.cost_curve import cost_curve
from optimizer.reserve.reserve_answer import Holding, ReserveAnswer
from optimizer.reserve.reserve_problem import MODES
from optimizer.watch import Progress, Watch
from scenarios.reserve_further import (
    Compared,
    CurvePoint,
    Knowing,
    ReserveFurther,
)
from scenarios.stock_moves import present
from scenarios.stock_problem import StockInputs
from scenarios.stock_renewal import renewal
from scenarios.stock_validation import validation
from scenarios.stock_whole import InUnits

PARTS = 3
"""Comparisons, value of knowing and curve share the time of a plan once more."""
CLOSE = 0.01
"""Gap at which a rival that was solved again counts as solved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a plan, and whether the clock or a person cut some of it off."""

    further: ReserveFurther
    stopped_by: str | None


def beside(
    region: Region,
    inputs: StockInputs,
    answer: ReserveAnswer,
    found: InUnits,
    *,
    seed: int,
    progress: Progress | None,
    workers: int = 1,
) -> Beside:
    """Everything beside the plan that was asked; what is not solved in time is left out."""
    watch, limit_s = Watch(np.inf, progress), inputs.section.time_limit / PARTS
    asked = inputs.section.compare
    rules = tuple(rules_of_thumb(inputs, found.held)) if asked else ()
    modes = _modes(inputs, answer, limit_s, progress, workers) if asked else ()
    knowing = _knowing(inputs, answer, limit_s, progress, workers) if asked else None
    curve = _curve(inputs, limit_s, progress, workers) if inputs.section.curve else ()
    watch.tell("fresh scenarios", 0.0)
    whole = len(modes) == (len(MODES) if asked else 0) and len(curve) == len(inputs.section.curve)
    whole &= knowing is None or None not in (knowing.vss, knowing.evpi)
    return Beside(
        further=ReserveFurther(
            curve=curve,
            compared=(*rules, *modes),
            knowing=knowing,
            validation=validation(inputs, found, seed=seed) if inputs.section.validate_on else None,
            rotation=renewal(region, inputs, found.held),
        ),
        stopped_by=None if whole else watch.stopped_by or "time",
    )


def rules_of_thumb(inputs: StockInputs, held: Holding) -> Iterator[Compared]:
    """What is in hand, all in the county depot, the same everywhere: nothing is solved."""
    problem = inputs.problem
    county, equal = rivals(problem, held)
    yield _compared("present", rival_of(problem, "present", present(inputs)))
    yield _compared("county", county)
    yield _compared("equal", equal)


def _compared(rule: str, rival: Rival) -> Compared:
    return Compared(
        rule=rule,
        status="feasible",
        first_stage=round(rival.cost.first_stage, 2),
        total=round(rival.cost.total, 2),
        penalty=round(rival.cost.penalty, 2),
        met=_shares(rival.service.tolist()),
    )


def _modes(
    inputs: StockInputs, answer: ReserveAnswer, limit_s: float, progress: Progress | None, workers: int
) -> tuple[Compared, ...]:
    """The question solved again without each way of holding; what is not proven close is left out."""
    found = savings(
        inputs.problem, answer, aim=inputs.aim, limit_s=limit_s, workers=workers, progress=progress
    )
    compared = (_without(answer, one) for one in found)
    return tuple(one for one in compared if one is not None)


def _without(answer: ReserveAnswer, saving: Saving) -> Compared | None:
    assert answer.objective is not None
    bound = None if saving.bound is None else saving.bound + answer.objective
    if saving.objective is not None:
        gap = np.inf if bound is None else (saving.objective - bound) / max(1.0, abs(saving.objective))
        if gap > CLOSE:
            return None
    return Compared(
        rule=f"without_{saving.mode}",
        status="infeasible" if saving.objective is None else "optimal",
        first_stage=None,
        total=None if saving.objective is None else round(saving.objective, 2),
        penalty=None,
        met=(),
        bound=None if bound is None else round(bound, 2),
    )


def _knowing(
    inputs: StockInputs, answer: ReserveAnswer, limit_s: float, progress: Progress | None, workers: int
) -> Knowing | None:
    """For expected cost only, where these values are defined."""
    if inputs.aim.kind != "expected":
        return None
    known = knowledge(inputs.problem, answer, limit_s=limit_s, workers=workers, progress=progress)
    return Knowing(
        vss=_money(known.vss),
        evpi=_money(known.evpi),
        mean_value_plan=_money(known.eev),
        wait_and_see=_money(known.ws),
    )


def _curve(
    inputs: StockInputs, limit_s: float, progress: Progress | None, workers: int
) -> tuple[CurvePoint, ...]:
    found = cost_curve(
        inputs.problem, factors=inputs.section.curve, limit_s=limit_s, workers=workers, progress=progress
    )
    return tuple(
        CurvePoint(
            factor=point.factor,
            met=_shares(point.service.tolist()),
            first_stage=round(point.first_stage, 2),
            spent=round(point.spent, 2),
            penalty=round(point.shortage, 2),
            gap=round(point.gap, 9),
        )
        for point in found
        if np.isfinite(point.gap) and point.gap <= CLOSE
    )


def _shares(values: Sequence[float] | Iterator[float]) -> tuple[float, ...]:
    return tuple(round(float(one), 9) for one in values)


def _money(value: float | None) -> float | None:
    return None if value is None else round(float(value), 2)
