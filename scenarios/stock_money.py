"""What items and depots cost and take: the arrays of a reserve question that speak of goods."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.problem import Floats
from optimizer.reserve.reserve_problem import MODES, PHYSICAL, Depots, Items
from scenarios.items import Item
from scenarios.reserve_rules import ReserveRules
from scenarios.stock_hand import InHand, floor_m2, keeps_on_shelf
from scenarios.stock_sources import number_or

DAYS_A_YEAR = 365.25


def item_arrays(items: Sequence[Item], rules: ReserveRules) -> Items:
    """Volumes, masses and costs over the years of the plan, CNY.

    What lies on a shelf is bought as often as it runs out within these years, at least once, and kept up; a
    promise costs a share of the price, and another one when it is used.

    Raises
    ------
    InputError
        S404 for each item without a price.
    """
    if faults := [_no_price(item) for item in items if item.unit_cost is None]:
        raise InputError(faults)
    price = np.array([item.unit_cost or 0.0 for item in items])
    years, fee, use = rules.years.value, rules.reserve_fee, rules.price_at_use
    bought = np.array([_times_bought(item, years) for item in items])
    volume = np.array([item.volume_m3 for item in items])
    shelf = bought + rules.upkeep_a_year.value * years
    ones = np.ones(len(items))
    return Items(
        ids=tuple(item.id for item in items),
        volume_m3=volume,
        mass_kg=np.array([item.mass_kg for item in items]),
        floor_m2=np.array([floor_m2(item, rules) for item in items]),
        hold_cost=price[:, None] * np.column_stack([shelf, ones * fee.agreement, ones * fee.capacity]),
        use_cost=price[:, None] * np.array([getattr(use, mode) for mode in MODES]),
        move_cost=volume * rules.moving_cny_m3.value,
        value=price,
    )


def depot_arrays(
    region: Region, hand: InHand, rules: ReserveRules, *, opening: Mapping[str, float]
) -> Depots:
    """Room of the sources, less what goods outside the question take; suppliers need none.

    ``opening``: CNY to open each depot that does not stand yet.

    Raises
    ------
    InputError
        S434 a depot to open that the region does not know or that holds something already.
    """
    _refuse_opening(region, hand, opening)
    table, places = region.placed("depots"), hand.sources
    own = places.lead == 0
    to_open = np.array([opening.get(places.depot_ids[d], 0.0) for d in places.depot])
    columns = {name: table[name].to_numpy(np.float64)[places.depot] for name in _COLUMNS}
    step_m2 = rules.storage.enlarge_step_m2
    steps = np.floor(np.nan_to_num(columns["can_enlarge_m2"]) / step_m2).astype(np.int64)
    cost = np.array([number_or(one, 0.0) for one in columns["enlarge_cost_m2"]]) * step_m2
    size = len(places)
    return Depots(
        ids=tuple(
            _source_id(places.depot_ids[d], int(lead))
            for d, lead in zip(places.depot, places.lead, strict=True)
        ),
        floor_m2=np.where(own, _room(columns["floor_m2"], hand.taken_m2), 0.0),
        volume_m3=np.where(own, _room(columns["volume_m3"], hand.taken_m3), 0.0),
        load_kg_m2=np.full(size, rules.storage.load_kg_m2),
        step_m2=np.full(size, step_m2),
        step_m3=np.full(size, step_m2 * rules.storage.height_m),
        most_steps=np.where(own, steps, 0),
        step_cost=cost,
        opening_cost=np.where(own, to_open, 0.0),
    )


def most(
    region: Region,
    items: Sequence[Item],
    hand: InHand,
    rules: ReserveRules,
    *,
    largest: Floats,
    opening: Collection[str],
) -> Floats:
    """Units that each source may hold, shape (d, k, m).

    ``largest``: the largest need of a scenario by item, shape (k,). Shelves hold up to that each; new
    agreements as ``AgreementRule`` allows by level and lead time, makers up to the growth they can promise.
    Depots that are in ``opening`` get suppliers of the soonest lead class only: those share their opening.
    """
    places = hand.sources
    level = region.placed("depots")["level"].to_numpy(str)[places.depot]
    limit = np.zeros(hand.quantity.shape)
    shelf = np.array([keeps_on_shelf(item, rules) for item in items])
    limit[:, :, PHYSICAL] = np.where((places.lead == 0)[:, None] & shelf, np.ceil(largest), 0.0)
    lead = [rules.lead_class(one) if (one := rules.lead_s(item.id)) is not None else None for item in items]
    share = np.array([[rules.agreement.share(one, each) for each in lead] for one in level])
    signs = places.lead[:, None] == np.array([-1 if one is None else one for one in lead])
    stands = np.array([places.depot_ids[d] not in opening for d in places.depot])
    signs &= (stands | (places.lead == 0))[:, None]
    limit[:, :, 1] = np.where(signs, np.ceil(share * largest), 0.0)
    limit[:, :, 2] = np.floor(rules.capacity.growth * hand.quantity[:, :, 2])
    return np.maximum(limit, hand.quantity)


def ready_arrays(hand: InHand, rules: ReserveRules) -> tuple[Floats, Floats]:
    """When the batches of each source are ready for loading, s, and their shares; makers give several."""
    batches = rules.capacity.batches
    lead_s = np.array(rules.lead_classes.value)[hand.sources.lead]
    made = np.arange(1, batches + 1) / batches
    ready = np.empty((len(hand.sources), len(MODES), batches))
    ready[:, 0] = rules.order.value
    ready[:, 1] = (rules.order.value + lead_s)[:, None]
    ready[:, 2] = ready[:, 1] + np.maximum(0.0, rules.capacity.until - lead_s)[:, None] * made
    share = np.zeros((len(MODES), batches))
    share[:2, 0], share[2] = 1.0, 1 / batches
    return ready, share


def penalty(items: Sequence[Item], windows: Sequence[float], rules: ReserveRules) -> Floats:
    """CNY per unit short at the end of each window, shape (k, w).

    The weight of a window is that of all times of the rule since the window before.
    """
    told = rules.shortage.windows
    begins = (0.0, *windows[:-1])
    weight = [
        sum(one for at, one in told.items() if begin < at <= end)
        for begin, end in zip(begins, windows, strict=True)
    ]
    counts = np.array([getattr(rules.counts, rules.kind_of(item.id)[0]) for item in items])
    price = np.array([item.unit_cost or 0.0 for item in items])
    found: Floats = (rules.shortage.times_price * price * counts)[:, None] * np.array(weight)
    return found


_COLUMNS = ("floor_m2", "volume_m3", "can_enlarge_m2", "enlarge_cost_m2")


def _times_bought(item: Item, years: float) -> float:
    return 1.0 if item.shelf_life_d is None else max(1.0, years * DAYS_A_YEAR / item.shelf_life_d)


def _room(stated: Floats, taken: Floats) -> Floats:
    """What is left; a depot that states no limit has none."""
    return np.maximum(0.0, np.where(np.isnan(stated), np.inf, stated) - taken)


def _source_id(depot_id: str, lead: int) -> str:
    return depot_id if lead == 0 else f"{depot_id} / {lead}"


def _refuse_opening(region: Region, hand: InHand, opening: Mapping[str, float]) -> None:
    places = hand.sources
    holding = {places.depot_ids[d] for d in places.depot[hand.quantity.any(axis=(1, 2))].tolist()}
    faults = [
        Fault(
            code="S434",
            where=f"reserve.opening {name}",
            found="holds stock already" if name in holding else f"{name!r}, which is no depot with a place",
            wanted="a depot of the layer depots that does not stand yet",
            fix="Correct the id, take its stock out of the layer stock, or leave it out of opening.",
        )
        for name in opening
        if name in holding or name not in places.depot_ids
    ]
    if faults:
        raise InputError(faults)


def _no_price(item: Item) -> Fault:
    return Fault(
        code="S404",
        where=f"layer items, {item.id}, column unit_cost",
        found="no price",
        wanted="CNY each",
        fix="Fill in unit_cost; without it no budget can be kept.",
    )
