"""The supply of shelters as a problem: what they need, which depots hold it, which trucks bring it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.deliver import deliver
from optimizer.dispatch.delivery import Delivery, DeliveryProblem, Good, Truck
from optimizer.problem import Bools, Floats, Int64s
from optimizer.watch import Watch
from scenarios.doctrine import ReliefRule
from scenarios.relief_fleet import Fleet
from scenarios.relief_needs import Item
from scenarios.relief_places import Shelter
from scenarios.relief_roads import ReliefRoads
from scenarios.relief_stock import Stock

Seconds = Callable[[str, Floats, Floats], Floats]
"""Of a vehicle class from places to places."""
Start = tuple[float, float, float]
"""Longitude, latitude and seconds from the order: where a truck is free, and from when."""
MOST_NODES = 2_000
"""Of the search tree for each time tried: the same end on every machine; the clock guards against a hang."""
GUARD_S = 300.0
_WHOLE_NEED = 10_000
"""What an item that is missing altogether counts: scarce items with few pieces weigh as much as others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaterialsCase:
    """Shelters with people, items, stock, trucks and the problem that they make.

    ``fleets``: those that count, ``truck_of`` the fleet and number in it of each truck of the problem;
    ``goods`` the items that some depot holds, by number; ``demand`` pieces of every item, shape (s, g).
    """

    shelters: tuple[Shelter, ...]
    people: Int64s
    items: tuple[Item, ...]
    stock: Stock
    fleets: tuple[Fleet, ...]
    left_out: tuple[Fleet, ...]
    truck_of: tuple[tuple[int, int], ...]
    goods: tuple[int, ...]
    roads_later: bool
    demand: Int64s
    problem: DeliveryProblem


def materials_case(
    shelters: Sequence[Shelter],
    people: Int64s,
    items: Sequence[Item],
    stock: Stock,
    fleets: Sequence[Fleet],
    roads: ReliefRoads,
    rule: ReliefRule,
    *,
    since_event_s: float,
    roads_later: bool,
) -> MaterialsCase:
    """What people in shelters need, from the stock of the depots.

    ``people``: at each shelter, shape (s,); ``since_event_s``: how much of the time for relief is gone;
    ``roads_later``: on roads that stay, else on those of now.
    """
    demand = np.array([[item.pieces(int(n), rule) for item in items] for n in people], np.int64)
    return supply_case(
        shelters,
        people,
        items,
        stock,
        fleets,
        roads,
        demand=demand.reshape(len(shelters), len(items)),
        unloading_s=rule.unloading,
        deadline_s=max(0.0, rule.within - since_event_s),
        roads_later=roads_later,
        busy={},
    )


def supply_case(
    shelters: Sequence[Shelter],
    people: Int64s,
    items: Sequence[Item],
    stock: Stock,
    fleets: Sequence[Fleet],
    roads: ReliefRoads,
    *,
    demand: Int64s,
    unloading_s: float,
    deadline_s: float,
    roads_later: bool,
    busy: Mapping[tuple[str, int], Start],
) -> MaterialsCase:
    """The problem; trucks drive at the pace of the slowest class among them.

    ``busy``: where and when single trucks (team, number from 0) are free again, if not at their base.
    """
    seconds = roads.later_s if roads_later else roads.now_s
    kept, left_out, travel_s = _at_one_pace(shelters, stock, fleets, seconds)
    goods = tuple(np.flatnonzero(stock.pieces.any(axis=0) & demand.any(axis=0)).tolist())
    trucks, truck_of = _trucks(kept, stock, seconds, busy)
    return MaterialsCase(
        shelters=tuple(shelters),
        people=people,
        items=tuple(items),
        stock=stock,
        fleets=kept,
        left_out=left_out,
        truck_of=truck_of,
        goods=goods,
        roads_later=roads_later,
        demand=demand,
        problem=DeliveryProblem(
            goods=tuple(_good(items[number], int(demand[:, number].sum())) for number in goods),
            trucks=trucks,
            stock=stock.pieces[:, goods],
            demand=demand[:, goods],
            travel_s=travel_s,
            loading_s=np.array([depot.loading_s for depot in stock.depots], np.float64),
            unloading_s=np.full(len(shelters), unloading_s),
            deadline_s=deadline_s,
        ),
    )


def solve_materials(case: MaterialsCase) -> Delivery:
    """Trips that leave least unmet by the deadline, then hand over last as early as possible."""
    return deliver(case.problem, watch=Watch(limit_s=GUARD_S), most_nodes=MOST_NODES)


def _good(item: Item, wanted: int) -> Good:
    return Good(
        id=item.id,
        mass_kg=item.mass_kg,
        volume_m3=item.volume_m3,
        weight=max(1, round(_WHOLE_NEED / max(1, wanted))),
    )


def _at_one_pace(
    shelters: Sequence[Shelter], stock: Stock, fleets: Sequence[Fleet], seconds: Seconds
) -> tuple[tuple[Fleet, ...], tuple[Fleet, ...], Floats]:
    """Fleets that can go wherever any can, the others, and seconds by depot and shelter at a common pace."""
    origins = np.array([(depot.lon, depot.lat) for depot in stock.depots], np.float64).reshape(-1, 2)
    goals = np.array([(shelter.lon, shelter.lat) for shelter in shelters], np.float64).reshape(-1, 2)
    classes = sorted({fleet.vehicle.id for fleet in fleets})
    by_class = {name: seconds(name, origins, goals) for name in classes}
    reached: dict[str, Bools] = {name: np.isfinite(seconds) for name, seconds in by_class.items()}
    most = max((int(road.sum()) for road in reached.values()), default=0)
    kept = [name for name in classes if int(reached[name].sum()) == most]
    shape = (len(origins), len(goals))
    pace_s = np.max([by_class[name] for name in kept], axis=0) if kept else np.full(shape, np.inf)
    return (
        tuple(fleet for fleet in fleets if fleet.vehicle.id in kept),
        tuple(fleet for fleet in fleets if fleet.vehicle.id not in kept),
        np.asarray(pace_s, np.float64),
    )


def _trucks(
    fleets: Sequence[Fleet], stock: Stock, seconds: Seconds, busy: Mapping[tuple[str, int], Start]
) -> tuple[tuple[Truck, ...], tuple[tuple[int, int], ...]]:
    """Single trucks with the depots that they can be at, nearest first; some may reach none."""
    places = np.array([(depot.lon, depot.lat) for depot in stock.depots], np.float64).reshape(-1, 2)
    held_s = np.array([depot.ready_s for depot in stock.depots], np.float64)
    trucks: list[Truck] = []
    truck_of: list[tuple[int, int]] = []
    for number, fleet in enumerate(fleets):
        for one in range(fleet.vehicles):
            lon, lat, free_s = busy.get((fleet.team_id, one), (fleet.lon, fleet.lat, fleet.ready_s))
            drive_s = seconds(fleet.vehicle.id, np.array([[lon, lat]]), places)[0]
            ready_s = np.round(np.maximum(free_s + drive_s, held_s), 1)
            order = [d for d in np.argsort(drive_s, kind="stable").tolist() if np.isfinite(drive_s[d])]
            if not order:
                continue
            trucks.append(
                Truck(
                    id=f"{fleet.team_id} {one + 1}",
                    depot=order[0],
                    load_kg=fleet.vehicle.load_kg,
                    load_m3=fleet.vehicle.load_m3 or float("inf"),
                    ready_s=float(ready_s[order[0]]),
                    elsewhere=tuple((d, float(ready_s[d])) for d in order[1:]),
                )
            )
            truck_of.append((number, one))
    return tuple(trucks), tuple(truck_of)
