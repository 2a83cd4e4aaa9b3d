"""What a plan costs and leaves short, on the scenarios it was made for or on others."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import sqrt

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.driven import driven
from optimizer.reserve.recourse import SecondStage
from optimizer.reserve.reserve_answer import CostSplit, Delivered, Holding, Outcome
from optimizer.reserve.reserve_problem import PHYSICAL, ReserveProblem, Scenarios
from optimizer.reserve.service import service_weight

AT_ONCE = 20
"""Scenarios whose deliveries are in memory at once."""
Z_95 = 1.959963984540054
"""Half-width of the middle 95 % of the normal distribution, in standard deviations."""
DUST = 1e-9
"""Units that are the last digits of a sum and no delivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over scenarios with its 95 % confidence interval (normal approximation)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampled:
    """A plan over scenarios that stand for all that may happen.

    Parameters
    ----------
    cost
        First and second stage, penalties included.
    spent
        The same without penalties.
    service
        Share of needs met by the end of each window, mean over items (``service_weight``).
    shortage
        Units short by item and window, mean over scenarios, shape (k, w).
    """

    cost: Estimate
    spent: Estimate
    service: tuple[Estimate, ...]
    shortage: Floats


def outcome(problem: ReserveProblem, held: Holding, *, workers: int = 1) -> Outcome:
    """What is brought and what is short in each scenario of a question when this is held.

    The deliveries are the cheapest, penalties included. How many ``workers`` (threads) changes no figure.
    """
    numbers = range(0, len(problem.scenarios), AT_ONCE)
    if len(numbers) == 1:
        return _outcome(problem, held, 0, workers)
    with ThreadPoolExecutor(max(1, workers)) as threads:
        parts = list(threads.map(lambda begin: _outcome(problem, held, begin, 1), numbers))
    sparse = {
        name: np.concatenate([getattr(part.delivered, name) for part in parts])
        for name in Delivered.__dataclass_fields__
    }
    return Outcome(
        use=np.concatenate([part.use for part in parts]),
        driving=np.concatenate([part.driving for part in parts]),
        penalty=np.concatenate([part.penalty for part in parts]),
        shortage=np.concatenate([part.shortage for part in parts]),
        delivered=Delivered(**sparse),
    )


def _outcome(problem: ReserveProblem, held: Holding, begin: int, workers: int) -> Outcome:
    """The same for the scenarios from ``begin`` on, as many as fit at once."""
    some = np.arange(begin, min(begin + AT_ONCE, len(problem.scenarios)))
    part = problem.among(problem.scenarios.only(some, probability=np.full(len(some), 1 / len(some))))
    stage = SecondStage.of(part)
    return counted(stage, driven(stage, held, workers=workers), first_scenario=begin)


def counted(stage: SecondStage, units: Floats, *, first_scenario: int = 0) -> Outcome:
    """What deliveries by scenario, batch, shelter and window, shape (n, s, j, w), cost and leave short."""
    problem, c = stage.problem, stage.columns
    scenarios = problem.scenarios
    item, depot = c.item[c.source_column], c.depot[c.source_column]
    mode = c.mode[c.source_column]
    brought = np.zeros(scenarios.need.shape)
    for k in range(scenarios.need.shape[2]):
        brought[:, :, k] = units[:, c.first_source[k] : c.first_source[k + 1]].sum(axis=1)
    shortage = np.maximum(0.0, scenarios.need - brought.cumsum(axis=3))
    shortage[shortage < DUST * (1 + scenarios.need)] = 0.0
    n, source, shelter, window = np.nonzero(units > DUST)
    amount = units[n, source, shelter, window]
    driven_s = amount * problem.unit_loads[item[source]] * scenarios.trip_s[n, depot[source], shelter]
    used = amount * problem.items.use_cost[item[source], mode[source]]
    return Outcome(
        use=np.bincount(n, used, minlength=len(scenarios)).astype(float),
        driving=np.bincount(n, driven_s * problem.truck_cost_s, minlength=len(scenarios)).astype(float),
        penalty=np.einsum("njkw,kw->n", shortage, problem.penalty),
        shortage=shortage,
        delivered=Delivered(
            scenario=n + first_scenario,
            depot=depot[source],
            item=item[source],
            mode=mode[source],
            batch=c.source_batch[source],
            shelter=shelter,
            window=window,
            units=amount,
        ),
    )


def mixed_outcome(problem: ReserveProblem, parts: Sequence[tuple[float, Outcome]]) -> Outcome:
    """What becomes of a mixture of plans when their deliveries are mixed alike; shares sum to 1."""
    total = sum(share for share, _ in parts)
    sparse = {
        name: np.concatenate([getattr(part.delivered, name) for _, part in parts])
        for name in Delivered.__dataclass_fields__
    }
    sparse["units"] = np.concatenate([share / total * part.delivered.units for share, part in parts])
    sent = Delivered(**sparse)
    come = np.zeros(problem.scenarios.need.shape)
    np.add.at(come, (sent.scenario, sent.shelter, sent.item, sent.window), sent.units)
    shortage = np.maximum(0.0, problem.scenarios.need - come.cumsum(axis=3))
    shortage[shortage < DUST * (1 + problem.scenarios.need)] = 0.0
    return Outcome(
        use=sum((share / total * part.use for share, part in parts), np.zeros(1)),
        driving=sum((share / total * part.driving for share, part in parts), np.zeros(1)),
        penalty=np.einsum("njkw,kw->n", shortage, problem.penalty),
        shortage=shortage,
        delivered=sent,
    )


def first_stage_costs(problem: ReserveProblem, held: Holding) -> dict[str, float]:
    """Holding, moving, enlarging and opening, straight from the plan."""
    items, depots = problem.items, problem.depots
    more = np.maximum(0.0, held.quantity - problem.in_hand)
    contracts = (more[:, :, PHYSICAL + 1 :] * items.hold_cost[:, PHYSICAL + 1 :]).sum()
    goods = (held.quantity - problem.in_hand)[:, :, PHYSICAL].sum(axis=0)
    left = np.maximum(0.0, problem.in_hand - held.quantity)[:, :, PHYSICAL].sum(axis=0)
    return {
        "holding": float(contracts + goods @ items.hold_cost[:, PHYSICAL]),
        "moving": float(left @ items.move_cost),
        "enlarging": float(held.steps @ depots.step_cost),
        "opening": float(held.opened @ depots.opening_cost),
    }


def cost_split(problem: ReserveProblem, held: Holding, found: Outcome) -> CostSplit:
    """What a plan costs, part by part."""
    chance = problem.scenarios.probability
    return CostSplit(
        **first_stage_costs(problem, held),
        use=float(chance @ found.use),
        driving=float(chance @ found.driving),
        penalty=float(chance @ found.penalty),
    )


def sampled(problem: ReserveProblem, held: Holding, found: Outcome, scenarios: Scenarios) -> Sampled:
    """Means and intervals of a plan's outcome over ``scenarios``, the ones that ``found`` is about.

    The shares of service count against the expected need of the same scenarios.
    """
    chance = scenarios.probability
    first = sum(first_stage_costs(problem, held).values())
    spent = first + found.use + found.driving
    met = 1 - np.einsum("njkw,kw->nw", found.shortage, service_weight(scenarios))
    return Sampled(
        cost=_estimate(spent + found.penalty, chance),
        spent=_estimate(spent, chance),
        service=tuple(_estimate(met[:, window], chance) for window in range(met.shape[1])),
        shortage=np.einsum("n,njkw->kw", chance, found.shortage),
    )


def _estimate(values: Floats, chance: Floats) -> Estimate:
    """Mean and interval; unequal chances count as that many fewer draws (Kish's effective size)."""
    mean = float(chance @ values)
    draws = 1 / float((chance**2).sum())
    variance = float(chance @ (values - mean) ** 2) * draws / max(draws - 1, 1e-9)
    half = Z_95 * sqrt(variance / draws) if draws > 1 + 1e-9 else np.inf
    return Estimate(mean=mean, low=mean - half, high=mean + half)
