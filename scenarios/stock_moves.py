"""What to do about each item at each depot: added, kept, moved, lapsed; and what depots then hold."""

from collections.abc import Iterator

import numpy as np

from geo.region.region import Region
from optimizer.problem import Floats
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import AGREEMENT, CAPACITY, MODES, PHYSICAL
from scenarios.reserve_plan import Action, Decisions, DepotLine, Held, Move
from scenarios.stock_problem import StockInputs

UNITS_DECIMALS = 6
"""Of the quantities in a plan file."""
_DUST = 1e-6


def decisions(region: Region, inputs: StockInputs, plan: Holding | None) -> Decisions:
    """Moves, holdings and depots; without a plan what is in hand."""
    held = plan or present(inputs)
    after = held.quantity
    return Decisions(
        moves=tuple(_moves(inputs, after)),
        held=tuple(_held(inputs, after)),
        depots=tuple(_depots(region, inputs, held)),
    )


def present(inputs: StockInputs) -> Holding:
    """What is in hand, as a plan that changes nothing."""
    sources = inputs.problem.shape[0]
    return Holding(
        quantity=inputs.problem.in_hand,
        steps=np.zeros(sources, np.int64),
        opened=np.zeros(sources, np.bool_),
    )


def _held(inputs: StockInputs, after: Floats) -> Iterator[Held]:
    before = inputs.problem.in_hand
    for d, k, m in np.argwhere((before > _DUST) | (after > _DUST)).tolist():
        yield Held(
            source=inputs.problem.depots.ids[d],
            depot_id=_depot(inputs, d),
            item_id=inputs.items[k].id,
            mode=MODES[m],
            lead_s=_lead_s(inputs, d, m),
            before=_units(before[d, k, m]),
            after=_units(after[d, k, m]),
        )


def _moves(inputs: StockInputs, after: Floats) -> Iterator[Move]:
    for k in range(len(inputs.items)):
        for m in range(len(MODES)):
            held, then = inputs.problem.in_hand[:, k, m], after[:, k, m]
            for action, units in _actions(held, then, goods=m == PHYSICAL).items():
                for d in np.flatnonzero(units > _DUST).tolist():
                    yield Move(
                        action=action,
                        depot_id=_depot(inputs, d),
                        item_id=inputs.items[k].id,
                        mode=MODES[m],
                        lead_s=_lead_s(inputs, d, m),
                        units=_units(units[d]),
                    )


def _actions(held: Floats, then: Floats, *, goods: bool) -> dict[Action, Floats]:
    """Units by source. What leaves a depot goes to those that get more, in order; the rest is bought."""
    more, less = np.maximum(then - held, 0.0), np.maximum(held - then, 0.0)
    kept = np.minimum(held, then)
    if not goods:
        return {"add": more, "keep": kept, "lapse": less}
    before = np.concatenate([[0.0], np.cumsum(more)[:-1]])
    moved_in = np.clip(less.sum() - before, 0.0, more)
    return {"add": more - moved_in, "keep": kept, "move_in": moved_in, "move_out": less}


def _depots(region: Region, inputs: StockInputs, held: Holding) -> Iterator[DepotLine]:
    table, places, problem = region.placed("depots"), inputs.hand.sources, inputs.problem
    after = held.quantity
    floor, room = problem.items.floor_m2, problem.items.volume_m3
    for number, record in enumerate(table.to_dict("records")):
        mine = places.depot == number
        own = int(np.flatnonzero(mine & (places.lead == 0))[0])
        more, opens = int(held.steps[own]), float(problem.depots.opening_cost[own])
        stated = problem.depots.floor_m2[own]
        limit = stated + inputs.hand.taken_m2[own] + more * problem.depots.step_m2[own]
        volume = np.einsum("dkm,k->m", after[mine], room)
        yield DepotLine(
            id=str(record["id"]),
            name_zh=str(record["name_zh"]),
            name_en=str(record["name_en"]),
            level=str(record["level"]),
            township_id=str(record["township_id"]),
            lon=round(record["geometry"].x, 7),
            lat=round(record["geometry"].y, 7),
            enlarged_steps=more,
            enlarged_m2=more * float(problem.depots.step_m2[own]),
            enlarged_cny=more * float(problem.depots.step_cost[own]),
            opened=bool(held.opened[own]) if opens > 0 else None,
            opening_cny=opens if held.opened[own] else 0.0,
            floor_m2=round(float(limit), 3) if np.isfinite(limit) else None,
            taken_before_m2=_taken(inputs, problem.in_hand, own, floor),
            taken_after_m2=_taken(inputs, after, own, floor),
            physical_m3=round(float(volume[PHYSICAL]), 3),
            agreement_m3=round(float(volume[AGREEMENT]), 3),
            capacity_m3=round(float(volume[CAPACITY]), 3),
        )


def _taken(inputs: StockInputs, quantity: Floats, own: int, floor: Floats) -> float:
    return round(float(quantity[own, :, PHYSICAL] @ floor + inputs.hand.taken_m2[own]), 3)


def _depot(inputs: StockInputs, source: int) -> str:
    return inputs.hand.sources.depot_ids[int(inputs.hand.sources.depot[source])]


def _lead_s(inputs: StockInputs, source: int, mode: int) -> float:
    if mode == PHYSICAL:
        return 0.0
    return inputs.rules.lead_classes.value[int(inputs.hand.sources.lead[source])]


def _units(value: float) -> float:
    return round(float(value), UNITS_DECIMALS)
