"""Where displaced people go: from their townships to the shelters that are quickest to reach."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimizer.dispatch.flows import least_cost_flow
from optimizer.problem import Floats, Int64s
from scenarios.reserve_ground import Grounds
from scenarios.reserve_models import Emergency
from scenarios.reserve_places import apportioned

_BEYOND_S = 1_000_000
"""What a place beyond a shelter's capacity counts: used only when every shelter is full."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Displaced:
    """Who leaves home and where to.

    Parameters
    ----------
    by_township
        People, in the order of the townships; those without any are left out.
    to_shelter
        People of each township with any at each shelter of the ground, shape (t, s).
    beyond
        People over the capacity of the shelters.
    """

    by_township: Mapping[str, int]
    to_shelter: Int64s
    beyond: int

    @property
    def at_shelter(self) -> Int64s:
        """People at each shelter of the ground, shape (s,)."""
        return np.asarray(self.to_shelter.sum(axis=0), np.int64)


def displaced_by_township(grounds: Grounds, emergency: Emergency) -> dict[str, int]:
    """People of each township that leave home; as the emergency says, else by threat."""
    if emergency.displaced:
        return {name: n for name, n in emergency.displaced.items() if n}
    threat = grounds.homes.by_township(grounds.of(emergency).threat)
    parts = apportioned(grounds.people, threat)
    return {name: int(n) for name, n in zip(grounds.homes.townships, parts, strict=True) if n}


def displaced(grounds: Grounds, emergency: Emergency) -> Displaced:
    """Least time on the way in all, within the capacities; nobody stays without a place."""
    ground = grounds.of(emergency)
    people = displaced_by_township(grounds, emergency)
    rows = [grounds.homes.townships.index(name) for name in people]
    capacity = np.array([shelter.capacity for shelter in ground.shelters], np.int64)
    numbers = np.array(list(people.values()), np.int64)
    to, beyond = _spread(numbers, capacity, grounds.way_s(emergency)[rows])
    return Displaced(by_township=people, to_shelter=to, beyond=beyond)


def _spread(numbers: Int64s, capacity: Int64s, seconds: Floats) -> tuple[Int64s, int]:
    """People of each home at each shelter, and how many of them over its capacity."""
    homes, shelters = seconds.shape
    total = int(numbers.sum())
    cost = np.tile(np.rint(seconds).astype(np.int64).ravel(), 2)
    cost[homes * shelters :] += _BEYOND_S
    tail = np.repeat(np.arange(homes), shelters)
    within, over = homes + np.arange(shelters), homes + shelters + np.arange(shelters)
    head = np.concatenate([np.tile(within, homes), np.tile(over, homes)])
    sink = homes + 2 * shelters
    leave = np.concatenate([within, over])
    flow = least_cost_flow(
        np.concatenate([tail, tail, leave]),
        np.concatenate([head, np.full(len(leave), sink)]),
        capacity=np.concatenate([np.full(len(cost), total), capacity, np.full(shelters, total)]),
        cost=np.concatenate([cost, np.zeros(len(leave), np.int64)]),
        supply=np.concatenate([numbers, np.zeros(2 * shelters, np.int64), [-total]]),
    )
    assert flow is not None, "whoever finds no place goes beyond capacity"
    to = flow[: 2 * homes * shelters].reshape(2, homes, shelters).sum(axis=0)
    return to, int(flow[-shelters:].sum())
