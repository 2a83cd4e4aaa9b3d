"""The calendar that renews what a reserve plan lays on shelves."""

from datetime import date

from geo.region.region import Region
from optimizer.reserve.reserve_answer import Holding
from optimizer.reserve.reserve_problem import PHYSICAL
from scenarios.items import region_items
from scenarios.reserve_further import Renewal, Rotation
from scenarios.rotation import RotationPlan, rotation, shipped_rules
from scenarios.stock_problem import StockInputs


def renewal(region: Region, inputs: StockInputs, held: Holding) -> Rotation:
    """First expiry first out from the month of the count on, with the plan's shelves as targets.

    Goods outside the question are kept at what is in hand. Raises ``InputError`` as ``rotation``.
    """
    found = rotation(region, start=inputs.section.counted_on, targets=_targets(region, inputs, held))
    calendar, named = found.calendar, {item.id: item for item in found.items}
    return Rotation(
        start=found.start.isoformat(),
        months=len(calendar.shelves[0].held) if calendar.shelves else 0,
        years_cny=tuple(round(float(one), 2) for one in calendar.periods),
        years_donated_cny=_by_year(found, "donated"),
        years_written_off_cny=_by_year(found, "written_off"),
        dearest_just_in_time_cny=round(float(calendar.dearest_just_in_time), 2),
        bought_cny=round(found.bought_cny, 2),
        donated_cny=round(found.donated_cny, 2),
        written_off_cny=round(found.written_off_cny, 2),
        renewals=tuple(
            Renewal(
                month=one.month.isoformat(),
                item_id=one.item_id,
                name_zh=named[one.item_id].name_zh,
                name_en=named[one.item_id].name_en,
                bought=one.bought,
                donated=one.donated,
                written_off=one.written_off,
            )
            for one in found.renewals
        ),
    )


def _by_year(found: RotationPlan, kind: str) -> tuple[float, ...]:
    """What leaves the shelves in each budget year, CNY."""
    items = {item.id: item.unit_cost or 0.0 for item in found.items}
    years, each = [0.0] * len(found.calendar.periods), shipped_rules().budget_months.value
    for one in found.renewals:
        month = 12 * (one.month.year - found.start.year) + one.month.month - found.start.month
        years[month // each] += items[one.item_id] * getattr(one, kind)
    return tuple(round(one, 2) for one in years)


def _targets(region: Region, inputs: StockInputs, held: Holding) -> dict[str, int]:
    """Units to keep on shelves by item, > 0: what is never there needs no renewal."""
    day = inputs.section.counted_on
    targets = {item.id: 0 for item in region_items(region)}
    for record in region.table("stock").to_dict("records"):
        last = str(record["expires_on"])
        if record["mode"] == "physical" and not (last and date.fromisoformat(last) < day):
            targets[str(record["item_id"])] = targets.get(str(record["item_id"]), 0) + int(record["quantity"])
    on_shelves = held.quantity[:, :, PHYSICAL].sum(axis=0)
    targets |= {item.id: round(float(n)) for item, n in zip(inputs.items, on_shelves, strict=True)}
    return {name: units for name, units in targets.items() if units > 0}
