"""Which rules of a question a holding breaks, recomputed from the question alone."""

from collections.abc import Iterator

import numpy as np

from optimizer.problem import Floats
from optimizer.reserve.evaluate import first_stage_costs
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import AGREEMENT, PHYSICAL, ReserveProblem

SLACK = 1e-5
"""Units, and share of a limit, that a solver may be over."""


def broken_rules(problem: ReserveProblem, held: Holding) -> Iterator[str]:
    """Each rule that the holding breaks, in words; nothing when all are kept."""
    yield from _quantities(problem, held)
    yield from _room(problem, held)
    yield from _least(problem, held)
    yield from _money(problem, held)


def _quantities(problem: ReserveProblem, held: Holding) -> Iterator[str]:
    over = (held.quantity > problem.most + SLACK) | (held.quantity < -SLACK)
    for d, k, m in np.argwhere(over).tolist():
        where = f"{problem.depots.ids[d]}, {problem.items.ids[k]}"
        yield f"{where}: {held.quantity[d, k, m]:g} units, at most {problem.most[d, k, m]:g}"
    if ((held.steps < 0) | (held.steps > problem.depots.most_steps)).any():
        yield "a depot is enlarged by more than it can be"
    thrown = (problem.in_hand - held.quantity)[:, :, PHYSICAL].sum(axis=0)
    for k in np.flatnonzero(thrown > SLACK * len(held.quantity)).tolist():
        yield f"{problem.items.ids[k]}: {thrown[k]:g} units in hand are gone"


def _room(problem: ReserveProblem, held: Holding) -> Iterator[str]:
    depots, items, goods = problem.depots, problem.items, held.quantity[:, :, PHYSICAL]
    floor = depots.floor_m2 + held.steps * depots.step_m2
    with np.errstate(invalid="ignore"):
        bears = np.where(depots.load_kg_m2 == 0, 0.0, depots.load_kg_m2 * floor)
    for name, limit, taken in (
        ("floor, m2", floor, goods @ items.floor_m2),
        ("room, m3", depots.volume_m3 + held.steps * depots.step_m3, goods @ items.volume_m3),
        ("load, kg", bears, goods @ items.mass_kg),
    ):
        for d in np.flatnonzero(_over(taken, limit)).tolist():
            yield f"{depots.ids[d]}: {name}: {taken[d]:g} of {limit[d]:g}"


def _least(problem: ReserveProblem, held: Holding) -> Iterator[str]:
    for rule in problem.least:
        has = held.quantity[rule.depots][:, :, rule.modes].sum(axis=(0, 2))
        for k in np.flatnonzero(has < rule.least - SLACK * (1 + len(held.quantity))).tolist():
            yield f"{rule.id}, {problem.items.ids[k]}: {has[k]:g} units, at least {rule.least[k]:g}"


def _money(problem: ReserveProblem, held: Holding) -> Iterator[str]:
    spent = sum(first_stage_costs(problem, held).values())
    if spent > problem.budget + SLACK * max(1.0, problem.budget):
        yield f"budget: {spent:,.2f} of {problem.budget:,.2f} CNY"
    value = np.einsum("dkm,k->m", held.quantity, problem.items.value)
    if value[AGREEMENT] < problem.agreement_share * value.sum() * (1 - SLACK) - SLACK:
        yield f"agreement share: {value[AGREEMENT] / value.sum():.4f}, at least {problem.agreement_share:g}"


def _over(taken: Floats, limit: Floats) -> Floats:
    return np.asarray(taken > limit + SLACK * np.maximum(1.0, np.where(np.isfinite(limit), limit, 1.0)))
