"""Use case: what to keep in the material reserve, how much, where, held how."""

import math

from geo.region.region import Region
from optimizer.problem import Status
from optimizer.reserve.reserve_answer import Holding, ReserveAnswer
from optimizer.reserve.stochastic import stock_reserve
from optimizer.watch import Progress, Watch
from scenarios.reserve_models import ReserveScenario
from scenarios.reserve_plan import ReservePlan
from scenarios.stock_further import beside
from scenarios.stock_moves import UNITS_DECIMALS
from scenarios.stock_plan import Solved, reserve_plan
from scenarios.stock_problem import StockInputs, stock_inputs
from scenarios.stock_whole import InUnits, judged, whole

RELATIVE_GAP = 1e-4
"""At which a plan counts as optimal."""


def stock(region: Region, scenario: ReserveScenario, progress: Progress | None = None) -> ReservePlan:
    """Answer the reserve question of a scenario about a region.

    The plan carries the proven bound and gap, what becomes of it in each scenario, what a service level
    costs, what other rules would cost, how it fares on fresh scenarios, and the calendar that renews it.

    Parameters
    ----------
    progress
        Hears of each step as (phase, share done, bound, best so far); returning ``True`` ends the search with
        what is known by then.

    Raises
    ------
    InputError
        A scenario that does not fit the region: see ``stock_inputs``.
    """
    watch = Watch(math.inf, progress)
    watch.tell("scenarios", 0.0)
    inputs = stock_inputs(region, scenario)
    answer = stock_reserve(
        inputs.problem,
        aim=inputs.aim,
        limit_s=inputs.section.time_limit,
        relative_gap=RELATIVE_GAP,
        progress=progress,
    )
    return reserve_plan(
        region, scenario, inputs, _solved(region, inputs, answer, seed=scenario.seed, progress=progress)
    )


def _solved(
    region: Region, inputs: StockInputs, answer: ReserveAnswer, *, seed: int, progress: Progress | None
) -> Solved:
    """The answer in whole units, as the plan file will say it, and everything beside it."""
    if answer.held is None:
        return Solved(
            status=answer.status,
            objective=None,
            bound=answer.bound,
            held=None,
            cost=None,
            outcome=None,
            binding=answer.binding,
            stopped_by=answer.stopped_by,
        )
    found = whole(inputs.problem, answer.held, inputs.aim) or _amounts(inputs, answer.held)
    more = beside(region, inputs, answer, found, seed=seed, progress=progress)
    return Solved(
        status=_status(answer, found),
        objective=found.objective,
        bound=answer.bound,
        held=found.held,
        cost=found.cost,
        outcome=found.outcome,
        binding=answer.binding,
        further=more.further,
        stopped_by=answer.stopped_by or more.stopped_by,
    )


def _status(answer: ReserveAnswer, found: InUnits) -> Status:
    """Whole units may cost more than the amounts that the bound counts: then nothing is proven optimal."""
    if answer.status != "optimal" or answer.bound is None:
        return answer.status
    gap = (found.objective - answer.bound) / max(1.0, abs(found.objective))
    return "optimal" if gap <= RELATIVE_GAP else "feasible"


def _amounts(inputs: StockInputs, held: Holding) -> InUnits:
    """Where no rounding keeps every rule: the amounts as a plan file can say them."""
    told = Holding(quantity=held.quantity.round(UNITS_DECIMALS), steps=held.steps, opened=held.opened)
    return judged(inputs.problem, told, inputs.aim)
