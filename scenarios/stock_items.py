"""The items of a reserve plan: what is needed of each and why, what is in hand, what the plan holds."""

from collections.abc import Iterator

from optimizer.problem import Floats
from optimizer.reserve.needs import needed
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import MODES
from scenarios.items import Item
from scenarios.reserve_plan import ItemLine, Mode
from scenarios.stock_moves import UNITS_DECIMALS
from scenarios.stock_problem import StockInputs


def item_lines(inputs: StockInputs, held: Holding | None) -> Iterator[ItemLine]:
    """One line an item, in the order of the question; without a plan ``held`` is what is in hand."""
    before = inputs.problem.in_hand.sum(axis=0)
    after = before if held is None else held.quantity.sum(axis=0)
    for number, item in enumerate(inputs.items):
        weight, due = inputs.rules.kind_of(item.id)
        rule = item.rule
        yield ItemLine(
            id=item.id,
            name_zh=item.name_zh,
            name_en=item.name_en,
            unit=item.unit,
            weight=weight,
            due=due,
            need=_need(inputs, item, number),
            per=rule.per if rule else None,
            quantity_per=rule.quantity if rule else None,
            winter_factor=rule.winter_factor if rule else 1.0,
            hazards=tuple(sorted(rule.hazards)) if rule else (),
            mass_kg=item.mass_kg,
            volume_m3=item.volume_m3,
            shelf_life_d=item.shelf_life_d,
            storage_class=item.storage_class,
            gb38565_code=item.gb38565_code,
            unit_cost=item.unit_cost,
            source=item.source,
            certainty=item.certainty,
            in_hand=_by_mode(before[number]),
            held=_by_mode(after[number]),
        )


def _need(inputs: StockInputs, item: Item, number: int) -> float:
    """Of all people; of what is counted by incident the most that any scenario asks for."""
    if item.rule is not None and item.rule.per != "incident":
        return float(needed(item.rule, inputs.maker.relief(inputs.section.people)))
    return float(inputs.cases.scenarios.need[:, :, number, -1].sum(axis=1).max())


def _by_mode(units: Floats) -> dict[Mode, float]:
    return {mode: round(float(one), UNITS_DECIMALS) for mode, one in zip(MODES, units, strict=True)}
