"""Whole units of a plan whose quantities are amounts: what can be bought, counted and signed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.check import reserve_violations
from optimizer.reserve.evaluate import cost_split, outcome
from optimizer.reserve.in_one_piece import cost_at_service
from optimizer.reserve.reserve_answer import Aim, CostSplit, Holding, Outcome
from optimizer.reserve.reserve_problem import PHYSICAL, LeastRule, ReserveProblem
from optimizer.reserve.risk import cvar
from optimizer.reserve.service import service_met
from optimizer.reserve.whole_units import whole_units

LENIENCE = (0.05, 0.5, 0.95)
"""Parts of a unit by which the total of an item may be rounded down; each is tried, the best is kept."""
_MET_SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InUnits:
    """A plan in whole units: cost, outcome, and what the aim measures of it."""

    held: Holding
    cost: CostSplit
    outcome: Outcome
    objective: float


def whole(problem: ReserveProblem, held: Holding, aim: Aim) -> InUnits | None:
    """The best of several roundings that keep every rule, and of those put together item by item.

    Contracts in hand are kept, since that costs nothing, unless the share of agreements forbids it; goods
    keep their total by item, which goes to the depots with the largest parts of a unit. ``None`` when every
    rounding breaks a rule or falls below an asked service level.
    """
    roundings = list(_roundings(_at_open_depots(problem, held), held))
    found = [judged(problem, one, aim) for one in roundings]
    by_item = np.array([item_costs(problem, one.held, one.outcome) for one in found])
    best = by_item.argmin(axis=0)
    columns = [roundings[number].quantity[:, k] for k, number in enumerate(best.tolist())]
    mixed = replace(held, quantity=np.stack(columns, axis=1))
    kept = [one for one in (*found, judged(problem, mixed, aim)) if _holds(problem, one, aim)]
    return min(kept, key=lambda one: one.objective, default=None)


def _at_open_depots(problem: ReserveProblem, held: Holding) -> ReserveProblem:
    """The question in which depots that the plan does not open hold nothing, so that no unit is put there."""
    closed = (problem.depots.opening_cost > 0) & ~held.opened
    return replace(problem, most=np.where(closed[:, None, None], 0.0, problem.most))


def item_costs(problem: ReserveProblem, held: Holding, then: Outcome) -> Floats:
    """Cost of each item, in all but floors: held, moved, used, driven and short, CNY, shape (k,)."""
    items, chance, brought = problem.items, problem.scenarios.probability, then.delivered
    more = np.maximum(held.quantity - problem.in_hand, 0.0).sum(axis=0)
    more[:, PHYSICAL] = (held.quantity - problem.in_hand)[:, :, PHYSICAL].sum(axis=0)
    left = np.maximum(problem.in_hand - held.quantity, 0.0)[:, :, PHYSICAL].sum(axis=0)
    trip_s = problem.scenarios.trip_s[brought.scenario, brought.depot, brought.shelter]
    each = items.use_cost[brought.item, brought.mode]
    each = each + problem.unit_loads[brought.item] * trip_s * problem.truck_cost_s
    used = np.bincount(brought.item, chance[brought.scenario] * brought.units * each, len(items.ids))
    short = np.einsum("n,njkw,kw->k", chance, then.shortage, problem.penalty)
    return np.asarray((more * items.hold_cost).sum(axis=1) + left * items.move_cost + used + short)


def judged(problem: ReserveProblem, held: Holding, aim: Aim) -> InUnits:
    """A holding with its cost, outcome and objective."""
    then = outcome(problem, held)
    cost = cost_split(problem, held, then)
    value = objective_of(problem, aim, cost, then)
    return InUnits(held=held, cost=cost, outcome=then, objective=value)


def at_service(problem: ReserveProblem, one: InUnits, aim: Aim) -> InUnits:
    """A plan for a level of service, measured as its bound is: by what meeting the level costs, and no more.

    The outcome stays what would be brought, which is all that is worth its cost. Plans for other aims, and
    questions too large for it, stay as they are.
    """
    if aim.kind != "service":
        return one
    least = cost_at_service(problem, one.held, aim)
    return one if least is None else replace(one, objective=min(one.objective, least))


def _holds(problem: ReserveProblem, one: InUnits, aim: Aim) -> bool:
    """Whether every rule is kept and every service level reached."""
    met = service_met(problem.scenarios, one.outcome.shortage)
    served = not aim.service or bool((met >= np.array(aim.service) - _MET_SLACK).all())
    return served and not reserve_violations(problem, one.held)


def objective_of(problem: ReserveProblem, aim: Aim, cost: CostSplit, then: Outcome) -> float:
    """What an aim measures of a plan, CNY."""
    if aim.kind == "service":
        return cost.total - cost.penalty
    if aim.kind == "expected":
        return cost.total
    risk = cvar(cost.first_stage + then.cost, problem.scenarios.probability, aim.cvar_level)
    return cost.total + aim.cvar_weight * risk


def _roundings(problem: ReserveProblem, held: Holding) -> Iterator[Holding]:
    """Each with the contracts in hand kept, and without."""
    for units in (whole_units(problem, held), *(_by_totals(problem, held, one) for one in LENIENCE)):
        yield replace(units, quantity=_with_contracts(problem, units.quantity))
        yield units


def _with_contracts(problem: ReserveProblem, quantity: Floats) -> Floats:
    kept = quantity.copy()
    kept[:, :, PHYSICAL + 1 :] = np.maximum(kept, problem.in_hand)[:, :, PHYSICAL + 1 :]
    return kept


def _by_totals(problem: ReserveProblem, held: Holding, lenience: float) -> Holding:
    """Goods by the total of their item, contracts one by one."""
    quantity = np.zeros(problem.shape)
    for k in range(problem.shape[1]):
        quantity[:, k, PHYSICAL] = _goods(problem, k, held.quantity[:, k, PHYSICAL], lenience)
    contracts = np.ceil(held.quantity[:, :, PHYSICAL + 1 :] - lenience)
    quantity[:, :, PHYSICAL + 1 :] = np.clip(contracts, 0, problem.most[:, :, PHYSICAL + 1 :])
    return replace(held, quantity=quantity)


def _goods(problem: ReserveProblem, k: int, amount: Floats, lenience: float) -> Floats:
    """Units of one item by depot: its total rounded, then more where a rule asks for it."""
    units = np.floor(amount + 1e-6)
    in_hand = problem.in_hand[:, k, PHYSICAL].sum()
    total = max(np.ceil(amount.sum() - lenience), np.ceil(in_hand))
    order = np.lexsort((np.arange(len(amount)), -np.round(amount - units, 6)))
    _add(units, order, problem.most[:, k, PHYSICAL], round(total - units.sum()))
    for rule in _rules(problem.least):
        mine = order[rule.depots[order]]
        _add(
            units,
            mine,
            problem.most[:, k, PHYSICAL],
            round(np.ceil(rule.least[k]) - units[rule.depots].sum()),
        )
    return units


def _add(
    units: Floats, order: "np.ndarray[tuple[int], np.dtype[np.int64]]", most: Floats, count: int
) -> None:
    """``count`` units more, one to each depot in order where there is room, and again from the start."""
    while count > 0:
        room = [d for d in order.tolist() if units[d] + 1 <= most[d]]
        if not room:
            return
        for d in room[:count]:
            units[d] += 1
        count -= min(count, len(room))


def _rules(rules: Sequence[LeastRule]) -> list[LeastRule]:
    """Rules on goods, those of few depots first: what they add counts for the wider ones."""
    return sorted((rule for rule in rules if rule.modes[PHYSICAL]), key=lambda rule: int(rule.depots.sum()))
