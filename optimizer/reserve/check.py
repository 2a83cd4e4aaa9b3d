"""Verify a plan of the reserve and all its deliveries by adding up, without a solver and without the models.

What is held is checked against floors, loads, budget, shares and rules; each delivery against what the plan
holds in that scenario, against the time at which it can be there, and against the trucks; then what is
short and what everything costs is added up afresh.
"""

from collections.abc import Iterator

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.reserve_answer import CostSplit, Delivered, Holding, Outcome
from optimizer.reserve.reserve_problem import AGREEMENT, PHYSICAL, ReserveProblem

TOLERANCE = 1e-5
"""Relative distance from a limit, and units, that are the solver's tolerance and no violation."""


def reserve_violations(
    problem: ReserveProblem, held: Holding, found: Outcome | None = None, stated: CostSplit | None = None
) -> tuple[str, ...]:
    """What is wrong with a plan, in words; empty = nothing.

    Parameters
    ----------
    found
        Deliveries with what they leave short and cost; ``None`` = only what is held is checked.
    stated
        Costs that the plan says it has.
    """
    wrong = [*_held(problem, held)]
    if found is not None:
        wrong += [*_deliveries(problem, held, found.delivered), *_counted(problem, found)]
    if stated is not None:
        wrong += [*_stated(problem, held, found, stated)]
    return tuple(wrong)


def first_stage_spending(problem: ReserveProblem, held: Holding) -> dict[str, float]:
    """Holding, moving, enlarging and opening, entry by entry."""
    spent = dict.fromkeys(("holding", "moving", "enlarging", "opening"), 0.0)
    depots, items, modes = problem.shape
    for k in range(items):
        for m in range(modes):
            now, then = problem.in_hand[:, k, m], held.quantity[:, k, m]
            if m == PHYSICAL:
                spent["holding"] += float(problem.items.hold_cost[k, m] * (then.sum() - now.sum()))
                gone = sum(max(0.0, float(now[d] - then[d])) for d in range(depots))
                spent["moving"] += float(problem.items.move_cost[k]) * gone
            else:
                more = sum(max(0.0, float(then[d] - now[d])) for d in range(depots))
                spent["holding"] += float(problem.items.hold_cost[k, m]) * more
    for d in range(depots):
        spent["enlarging"] += float(held.steps[d] * problem.depots.step_cost[d])
        spent["opening"] += float(problem.depots.opening_cost[d]) if held.opened[d] else 0.0
    return spent


def _over(found: float, limit: float) -> bool:
    return found > limit + TOLERANCE * max(1.0, abs(limit))


def _held(problem: ReserveProblem, held: Holding) -> Iterator[str]:
    depots, items = problem.depots, problem.items
    if held.quantity.shape != problem.shape:
        yield f"quantity: want shape {problem.shape}, got {held.quantity.shape}"
        return
    if held.quantity.min(initial=0) < 0:
        yield "quantity: want units >= 0"
    for d, k, m in np.argwhere(held.quantity > problem.most * (1 + TOLERANCE) + TOLERANCE):
        quantity, most = held.quantity[d, k, m], problem.most[d, k, m]
        yield f"{depots.ids[d]} holds {quantity:g} of {items.ids[k]}, may {most:g}"
    goods = held.quantity[:, :, PHYSICAL]
    for d, name in enumerate(depots.ids):
        yield from _room(problem, held, d, name)
        used = held.quantity[d].sum() > TOLERANCE or held.steps[d] > 0
        if depots.opening_cost[d] > 0 and not held.opened[d] and used:
            yield f"{name} is not opened and holds or is enlarged"
    for k, name in enumerate(items.ids):
        if _over(float(problem.in_hand[:, k, PHYSICAL].sum()), float(goods[:, k].sum())):
            yield f"{name}: {problem.in_hand[:, k, PHYSICAL].sum():g} in hand, {goods[:, k].sum():g} kept"
    spent = sum(first_stage_spending(problem, held).values())
    if _over(spent, problem.budget):
        yield f"budget: {spent:.2f} spent of {problem.budget:.2f}"
    worth = np.einsum("dkm,k->m", held.quantity, items.value)
    if _over(problem.agreement_share * float(worth.sum()), float(worth[AGREEMENT])):
        share = problem.agreement_share
        yield f"agreements are {worth[AGREEMENT]:.2f} of {worth.sum():.2f}, want {share:.0%}"
    for rule in problem.least:
        there = np.einsum("dkm,d,m->k", held.quantity, rule.depots, rule.modes)
        for k in np.flatnonzero(rule.least > there + TOLERANCE * np.maximum(1.0, rule.least)):
            yield f"{rule.id}: {there[k]:g} of {items.ids[k]}, want {rule.least[k]:g}"


def _room(problem: ReserveProblem, held: Holding, d: int, name: str) -> Iterator[str]:
    depots, items = problem.depots, problem.items
    goods, steps = held.quantity[d, :, PHYSICAL], int(held.steps[d])
    if not 0 <= steps <= depots.most_steps[d]:
        yield f"{name}: {steps} steps of enlargement, may {depots.most_steps[d]}"
    floor = float(depots.floor_m2[d] + steps * depots.step_m2[d])
    volume = float(depots.volume_m3[d] + steps * depots.step_m3[d])
    bears = float(depots.load_kg_m2[d])
    load = np.inf if np.isinf(bears) else (bears * floor if floor else 0.0)
    for kind, each, limit in (
        ("floor m2", items.floor_m2, floor),
        ("volume m3", items.volume_m3, volume),
        ("load kg", items.mass_kg, load),
    ):
        if _over(float(goods @ each), limit):
            yield f"{name}: {goods @ each:g} {kind} taken, there are {limit:g}"


def _deliveries(problem: ReserveProblem, held: Holding, sent: Delivered) -> Iterator[str]:
    scenarios = problem.scenarios
    if len(sent.units) and sent.units.min() < 0:
        yield "deliveries: want units >= 0"
    ready_s = problem.ready_s[sent.depot, sent.mode, sent.batch]
    arrival_s = ready_s + scenarios.door_s[sent.scenario, sent.depot, sent.shelter]
    for at in np.flatnonzero(arrival_s > problem.windows_s[sent.window]):
        yield f"{_of(problem, sent, int(at))} arrives after {arrival_s[at]:g} s, too late for its window"
    yield from _stock(problem, held, sent)
    yield from _trucks(problem, sent)


def _stock(problem: ReserveProblem, held: Holding, sent: Delivered) -> Iterator[str]:
    """No batch gives more than the plan holds of it in that scenario."""
    shape = (*problem.shape, problem.ready_share.shape[1])
    for n, name in enumerate(problem.scenarios.ids):
        mine = sent.scenario == n
        given = np.zeros(shape)
        at = (sent.depot[mine], sent.item[mine], sent.mode[mine], sent.batch[mine])
        np.add.at(given, at, sent.units[mine])
        there = held.quantity * problem.scenarios.usable[n][:, None, :]
        limit = there[..., None] * problem.ready_share[None, None]
        for d, k, m, b in np.argwhere(given > limit + TOLERANCE * np.maximum(1.0, limit)):
            yield (
                f"{name}: {problem.depots.ids[d]} sends {given[d, k, m, b]:g} of {problem.items.ids[k]}, "
                f"has {limit[d, k, m, b]:g}"
            )


def _trucks(problem: ReserveProblem, sent: Delivered) -> Iterator[str]:
    used_s = np.zeros(problem.scenarios.truck_s.shape)
    np.add.at(used_s, (sent.scenario, sent.window), _driven_s(problem, sent))
    limit_s = problem.scenarios.truck_s
    finite = np.where(np.isfinite(limit_s), limit_s, np.inf)
    for n, w in np.argwhere(used_s > finite + TOLERANCE * np.maximum(1.0, used_s)):
        yield f"{problem.scenarios.ids[n]}: window {w}: {used_s[n, w]:g} truck seconds of {limit_s[n, w]:g}"


def _driven_s(problem: ReserveProblem, sent: Delivered) -> Floats:
    items = problem.items
    loads = np.maximum(items.volume_m3 / problem.truck_m3, items.mass_kg / problem.truck_kg)[sent.item]
    driven: Floats = sent.units * loads * problem.scenarios.trip_s[sent.scenario, sent.depot, sent.shelter]
    return driven


def _counted(problem: ReserveProblem, found: Outcome) -> Iterator[str]:
    """What is short and what it costs follows from the deliveries."""
    scenarios, sent = problem.scenarios, found.delivered
    come = np.zeros(scenarios.need.shape)
    np.add.at(come, (sent.scenario, sent.shelter, sent.item, sent.window), sent.units)
    short = np.maximum(0.0, scenarios.need - np.cumsum(come, axis=3))
    for n, j, k, w in np.argwhere(np.abs(short - found.shortage) > TOLERANCE * (1 + scenarios.need)):
        yield (
            f"{scenarios.ids[n]}: shelter {j}: {found.shortage[n, j, k, w]:g} of {problem.items.ids[k]} "
            f"short by the end of window {w}, the deliveries leave {short[n, j, k, w]:g}"
        )
    count = len(scenarios)
    use = np.bincount(
        sent.scenario, sent.units * problem.items.use_cost[sent.item, sent.mode], minlength=count
    )
    driving = np.bincount(sent.scenario, _driven_s(problem, sent) * problem.truck_cost_s, minlength=count)
    penalty = (found.shortage * problem.penalty).sum(axis=(1, 2, 3))
    for kind, added, said in (
        ("use", use, found.use),
        ("driving", driving, found.driving),
        ("penalty", penalty, found.penalty),
    ):
        for n in np.flatnonzero(np.abs(added - said) > TOLERANCE * np.maximum(1.0, np.abs(added))):
            yield f"{scenarios.ids[n]}: {kind} is {added[n]:.2f}, stated {said[n]:.2f}"


def _stated(
    problem: ReserveProblem, held: Holding, found: Outcome | None, stated: CostSplit
) -> Iterator[str]:
    costs = first_stage_spending(problem, held)
    if found is not None:
        chance = problem.scenarios.probability
        costs |= {name: float(chance @ getattr(found, name)) for name in ("use", "driving", "penalty")}
    for name, cost in costs.items():
        if abs(cost - getattr(stated, name)) > TOLERANCE * max(1.0, abs(cost)):
            yield f"{name} costs {cost:.2f}, stated {getattr(stated, name):.2f}"


def _of(problem: ReserveProblem, sent: Delivered, at: int) -> str:
    return (
        f"{problem.scenarios.ids[sent.scenario[at]]}: {problem.items.ids[sent.item[at]]} from "
        f"{problem.depots.ids[sent.depot[at]]} to shelter {sent.shelter[at]}"
    )
