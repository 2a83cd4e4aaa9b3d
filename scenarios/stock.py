"""Use case: what to keep in the material reserve, how much, where, held how."""

import math
from collections.abc import Iterator
from dataclasses import replace

from geo.errors import InputError, refuse
from geo.region.region import Region
from optimizer.problem import Status
from optimizer.reserve.cluster import ask_cluster
from optimizer.reserve.in_one_piece import fits_one_piece
from optimizer.reserve.reserve_answer import Binding, Holding, ReserveAnswer
from optimizer.reserve.stochastic import stock_in_units, stock_reserve
from optimizer.watch import Progress, Watch
from scenarios.reserve_models import ReserveScenario
from scenarios.reserve_plan import ReservePlan
from scenarios.rotation import refuse_unrenewable
from scenarios.stock_conflict import conflicting
from scenarios.stock_further import beside
from scenarios.stock_moves import UNITS_DECIMALS
from scenarios.stock_plan import Solved, reserve_plan
from scenarios.stock_problem import StockInputs, stock_inputs
from scenarios.stock_tested import stock_trial, with_simulation
from scenarios.stock_whole import InUnits, at_service, judged, whole

RELATIVE_GAP = 1e-4
"""At which a plan counts as optimal."""


def stock(
    region: Region,
    scenario: ReserveScenario,
    progress: Progress | None = None,
    *,
    workers: int = 1,
    cluster: str | None = None,
) -> ReservePlan:
    """Answer the reserve question of a scenario about a region.

    The plan carries the proven bound and gap, what becomes of it in each scenario, what a service level
    costs, what other rules would cost, how it fares on fresh scenarios, and the calendar that renews it.

    Parameters
    ----------
    progress
        Hears of each step as (phase, share done, bound, best so far); returning ``True`` ends the search with
        what is known by then.
    workers
        Cores that compute scenarios; the plan is the same for any number.
    cluster
        Address of a Dask scheduler whose workers compute them instead (the extra ``cluster``).

    Raises
    ------
    InputError
        A scenario that does not fit the region: see ``stock_inputs``; goods in hand that nobody can
        renew: see ``refuse_unrenewable``; S435 no cluster at the address; S436 no trucks to test it by.
    """
    watch = Watch(math.inf, progress)
    watch.tell("scenarios", 0.0)
    if cluster is not None:
        _refuse_silent(cluster)
    inputs = stock_inputs(region, scenario)
    refuse_unrenewable(region, start=inputs.section.counted_on)
    trucks = stock_trial(region, inputs)
    budget = Watch(inputs.section.time_limit)  # one for amounts and whole units together
    answer = _answered(inputs, budget, progress, workers, cluster)
    solved = _solved(region, inputs, answer, budget, seed=scenario.seed, progress=progress, workers=workers)
    plan = reserve_plan(region, scenario, inputs, solved)
    return with_simulation(region, inputs, plan, solved.held, trucks, watch=Watch(math.inf, progress))


def _refuse_silent(cluster: str) -> None:
    """A cluster that does not answer is told before work begins, also where the work would not need it."""
    try:
        ask_cluster(cluster)
    except (OSError, ModuleNotFoundError, ValueError) as error:
        raise _no_cluster(cluster, error) from error


def _answered(
    inputs: StockInputs, budget: Watch, progress: Progress | None, workers: int, cluster: str | None
) -> ReserveAnswer:
    try:
        return stock_reserve(
            inputs.problem,
            aim=inputs.aim,
            limit_s=budget.left_s,
            relative_gap=RELATIVE_GAP,
            workers=workers,
            cluster=cluster,
            progress=progress,
        )
    except (OSError, ModuleNotFoundError, ValueError) as error:
        if cluster is None:
            raise
        raise _no_cluster(cluster, error) from error


def _no_cluster(address: str, error: Exception) -> InputError:
    missing = isinstance(error, ModuleNotFoundError)
    return refuse(
        "S435",
        where=f"cluster {address}",
        found="the extra cluster is not installed" if missing else f"no answer: {error}",
        wanted="a Dask scheduler, such as tcp://10.0.0.5:8786",
        fix='Install the extra (pip install ".[cluster]").'
        if missing
        else "Start it, or leave --cluster out.",
    )


def _solved(
    region: Region,
    inputs: StockInputs,
    answer: ReserveAnswer,
    budget: Watch,
    *,
    seed: int,
    progress: Progress | None,
    workers: int,
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
            binding=_conflict(inputs, budget) if answer.status == "infeasible" else answer.binding,
            stopped_by=answer.stopped_by,
        )
    found, bound, cut_by = _in_units(inputs, answer, budget, progress)
    more = beside(region, inputs, answer, found, seed=seed, progress=progress, workers=workers)
    return Solved(
        status=_status(answer, found, bound),
        objective=found.objective,
        bound=bound,
        held=found.held,
        cost=found.cost,
        outcome=found.outcome,
        binding=answer.binding,
        further=more.further,
        stopped_by=answer.stopped_by or cut_by or more.stopped_by,
    )


def _in_units(
    inputs: StockInputs, answer: ReserveAnswer, budget: Watch, progress: Progress | None
) -> tuple[InUnits, float | None, str | None]:
    """The best known plan in whole units, the highest bound, and who cut the search for it short.

    Amounts are rounded; where the question is small enough whole units are searched for and proven besides.
    """
    assert answer.held is not None
    problem, aim = inputs.problem, inputs.aim
    rounded = whole(problem, answer.held, aim)
    rounded = rounded and at_service(problem, rounded, aim)
    units = stock_in_units(
        problem,
        aim=aim,
        limit_s=budget.left_s,
        relative_gap=RELATIVE_GAP,
        progress=progress,
    )
    if units is None or units.held is None:
        late = budget.stopped_by if units is None and fits_one_piece(problem) else None
        return rounded or _amounts(inputs, answer.held), answer.bound, late
    better = at_service(problem, judged(problem, units.held, aim), aim)
    bounds = [bound for bound in (answer.bound, units.bound) if bound is not None]
    best = better if rounded is None or better.objective < rounded.objective else rounded
    return best, max(bounds, default=None), units.stopped_by


def _conflict(inputs: StockInputs, budget: Watch) -> tuple[Binding, ...]:
    """The rules that exclude each other; a service level where all the others leave plans."""
    return conflicting(inputs.problem) or tuple(_hindered(inputs, budget))


def _hindered(inputs: StockInputs, budget: Watch) -> Iterator[Binding]:
    """A service level, and the budget where any amount of money would reach it."""
    endless = replace(inputs.problem, budget=math.inf)
    reached = stock_reserve(endless, aim=inputs.aim, limit_s=budget.left_s, relative_gap=0.5)
    yield Binding(kind="service", place="", price=0.0)
    if reached.held is not None:
        yield Binding(kind="budget", place="", price=0.0)


def _status(answer: ReserveAnswer, found: InUnits, bound: float | None) -> Status:
    """Whole units may cost more than the amounts that a bound counts: then nothing is proven optimal."""
    if answer.status != "optimal" or bound is None:
        return answer.status
    gap = (found.objective - bound) / max(1.0, abs(found.objective))
    return "optimal" if gap <= RELATIVE_GAP else "feasible"


def _amounts(inputs: StockInputs, held: Holding) -> InUnits:
    """Where no rounding keeps every rule: the amounts as a plan file can say them."""
    told = Holding(quantity=held.quantity.round(UNITS_DECIMALS), steps=held.steps, opened=held.opened)
    return at_service(inputs.problem, judged(inputs.problem, told, inputs.aim), inputs.aim)
