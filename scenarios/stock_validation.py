"""The plan on scenarios that it was not made for: few scenarios flatter a plan."""

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.evaluate import Z_95, outcome, sampled
from optimizer.reserve.evaluate import Estimate as Found
from optimizer.reserve.reserve_answer import Outcome
from scenarios.reserve_further import Estimate, Validation
from scenarios.reserve_scenarios import Cases
from scenarios.stock_problem import StockInputs
from scenarios.stock_served import served_whole
from scenarios.stock_whole import InUnits


def validation(inputs: StockInputs, found: InUnits, *, seed: int) -> Validation:
    """The plan on its own scenarios and on fresh ones, with 95 % confidence intervals.

    Scenarios that the planner wrote down are no sample and have no interval.
    """
    fresh = inputs.fresh(inputs.section.validate_on, seed)
    question = inputs.problem.among(fresh.scenarios)
    then = outcome(question, found.held)
    out = sampled(question, found.held, then, fresh.scenarios)
    inside = sampled(inputs.problem, found.held, found.outcome, inputs.problem.scenarios)
    drawn = inputs.section.generate is not None
    in_people, out_people = _served(inputs, inputs.cases, found.outcome), _served(inputs, fresh, then)
    everybody = inputs.section.people
    return Validation(
        scenarios=len(fresh.scenarios),
        seed=seed,
        in_cost=_told(inside.cost, 2, drawn=drawn),
        out_cost=_told(out.cost, 2),
        in_penalty=_mean(found.outcome.penalty, inputs.cases, 2, drawn=drawn),
        out_penalty=_mean(then.penalty, fresh, 2),
        in_served=_mean(in_people, inputs.cases, 3, drawn=drawn),
        out_served=_mean(out_people, fresh, 3),
        in_everybody=_mean((in_people >= everybody).astype(np.float64), inputs.cases, 9, drawn=drawn),
        out_everybody=_mean((out_people >= everybody).astype(np.float64), fresh, 9),
        in_met=tuple(_told(one, 9, drawn=drawn) for one in inside.service),
        out_met=tuple(_told(one, 9) for one in out.service),
    )


def _served(inputs: StockInputs, cases: Cases, then: Outcome) -> Floats:
    """People of each scenario who have all that they must in time, shape (n,)."""
    numbers = range(len(cases.emergencies))
    return np.array([served_whole(inputs, cases, then, number).sum() for number in numbers], np.float64)


def _told(found: Found, decimals: int, *, drawn: bool = True) -> Estimate:
    """Rounded as a plan says it."""
    mean = round(float(found.mean), decimals)
    if not drawn or not np.isfinite(found.low):
        return Estimate(mean=mean)
    return Estimate(mean=mean, low=round(float(found.low), decimals), high=round(float(found.high), decimals))


def _mean(values: Floats, cases: Cases, decimals: int, *, drawn: bool = True) -> Estimate:
    """Mean over scenarios; drawn ones have the same probability, so their number is that of the draws."""
    chance, draws = cases.scenarios.probability, len(cases.emergencies)
    mean = float(chance @ values)
    if not drawn or draws < 2:
        return Estimate(mean=round(mean, decimals))
    half = Z_95 * float(np.sqrt(chance @ (values - mean) ** 2 / (draws - 1)))
    return Estimate(
        mean=round(mean, decimals), low=round(mean - half, decimals), high=round(mean + half, decimals)
    )
