"""What a question about the reserve is made of: depots, items, ways of holding, rules, scenarios, as arrays.

Letters of shapes: d depots, k items, m ways of holding (``MODES``), b batches, j shelters, w windows, n
scenarios, r rules. The first stage says how much of each item each depot holds in which way, before anybody
knows what happens; the second what is driven where once a scenario is there (``optimizer.reserve.recourse``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from optimizer.problem import Bools, Floats, Int64s

Mode = Literal["physical", "agreement", "capacity"]
MODES: tuple[Mode, ...] = ("physical", "agreement", "capacity")
PHYSICAL, AGREEMENT, CAPACITY = range(3)

PROBABILITY_SLACK = 1e-6
"""Distance from 1 that the sum of written probabilities may have: 12 twelfths of four digits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Depots:
    """Where goods may lie; ``enlarge`` and ``open`` are whole choices.

    Parameters
    ----------
    floor_m2, volume_m3
        For physical stock, >= 0; ``inf`` = no limit. Shape (d,).
    load_kg_m2
        What the floor bears, times floor and enlargement; ``inf`` = no limit. Shape (d,).
    step_m2, step_m3, most_steps, step_cost
        Floor and volume of one step of enlargement, how many steps at most, cost of one. Shape (d,).
    opening_cost
        Of holding anything at all, physical stock or a contract; 0 for one that stands. Shape (d,).
    """

    ids: tuple[str, ...]
    floor_m2: Floats
    volume_m3: Floats
    load_kg_m2: Floats
    step_m2: Floats
    step_m3: Floats
    most_steps: Int64s
    step_cost: Floats
    opening_cost: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Items:
    """What is kept; all per unit, >= 0.

    Parameters
    ----------
    volume_m3, mass_kg, floor_m2
        Shape (k,); ``floor_m2`` is the floor that one unit takes as it is stacked.
    hold_cost
        Of holding one more than is in hand over the time planned for, by way of holding, shape (k, m).
    use_cost
        Of each unit handed over from each way of holding (price at exercise), shape (k, m).
    move_cost
        Of moving one physical unit in hand to another depot, shape (k,).
    value
        Price of one; only the agreement share is counted in it, shape (k,).
    """

    ids: tuple[str, ...]
    volume_m3: Floats
    mass_kg: Floats
    floor_m2: Floats
    hold_cost: Floats
    use_cost: Floats
    move_cost: Floats
    value: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeastRule:
    """Some depots together hold at least so much: a level's or a township's share.

    Parameters
    ----------
    depots, modes
        Who and how counts, shapes (d,) and (m,).
    least
        Units by item, >= 0, shape (k,).
    """

    id: str
    depots: Bools
    modes: Bools
    least: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenarios:
    """What may happen.

    Parameters
    ----------
    probability
        >= 0, sum 1, shape (n,).
    door_s
        Order at the depot to hand-over at the shelter (loading, drive, unloading), s, shape (n, d, j);
        ``inf`` = cut. What is not ready at once (``ReserveProblem.ready_s``) starts later by that.
    trip_s
        What one load occupies a truck, way back included, s, > 0, shape (n, d, j); any value where cut.
    usable
        Share of what a depot holds that is there, 0 to 1, by way of holding, shape (n, d, m): 0 for physical
        stock of a lost depot, less than 1 where a supplier delivers part.
    need
        Units asked for up to the end of each window, never falling with it, shape (n, j, k, w).
    truck_s
        Seconds of all trucks together between the end of the window before and the end of each window;
        ``inf`` = unlimited. Goods count in the window in which they are handed over. Shape (n, w).
    """

    ids: tuple[str, ...]
    probability: Floats
    door_s: Floats
    trip_s: Floats
    usable: Floats
    need: Floats
    truck_s: Floats

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, chosen: Sequence[int] | Int64s, *, probability: Floats | None = None) -> "Scenarios":
        """These scenarios alone, with their probabilities scaled to 1 unless others are given."""
        at = np.asarray(chosen, np.int64)
        share = self.probability[at]
        return Scenarios(
            ids=tuple(self.ids[number] for number in at),
            probability=share / share.sum() if probability is None else probability,
            door_s=self.door_s[at],
            trip_s=self.trip_s[at],
            usable=self.usable[at],
            need=self.need[at],
            truck_s=self.truck_s[at],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReserveProblem:
    """What to keep where and how.

    Parameters
    ----------
    in_hand
        Units held now, >= 0, shape (d, k, m). Physical units may move at a cost, none is thrown away;
        contracts in hand may lapse.
    most
        Units that each depot may hold of each item in each way, shape (d, k, m); 0 = not so.
    ready_s, ready_share
        After how long each batch of what a way of holding gives stands ready for loading, s, shape (d, m, b),
        and what share of the quantity it is, shape (m, b), sum 1 by way. Batches of share 0 do not exist.
    windows_s
        Ends of the windows from the event to hand-over, ascending, inclusive, shape (w,).
    penalty
        Per unit short at the end of each window, >= 0, shape (k, w).
    truck_m3, truck_kg
        What one truck takes.
    truck_cost_s
        Per second of a truck.
    budget
        Most that holding, moving, enlarging and opening may cost; ``inf`` = no limit.
    agreement_share
        Least share by value of what is held in agreement, 0 to 1.
    """

    depots: Depots
    items: Items
    scenarios: Scenarios
    in_hand: Floats
    most: Floats
    ready_s: Floats
    ready_share: Floats
    windows_s: Floats
    penalty: Floats
    truck_m3: float
    truck_kg: float
    truck_cost_s: float = 0.0
    budget: float = np.inf
    agreement_share: float = 0.0
    least: tuple[LeastRule, ...] = field(default=())

    def __post_init__(self) -> None:
        from optimizer.reserve.reserve_faults import refuse_reserve

        refuse_reserve(self)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Depots, items, ways of holding."""
        return self.in_hand.shape[0], self.in_hand.shape[1], self.in_hand.shape[2]

    @property
    def shelters(self) -> int:
        """Number of shelters."""
        return int(self.scenarios.need.shape[1])

    @property
    def unit_loads(self) -> Floats:
        """Truckloads of one unit, by volume or by mass, whichever is more, shape (k,)."""
        loads: Floats = np.maximum(self.items.volume_m3 / self.truck_m3, self.items.mass_kg / self.truck_kg)
        return loads

    def among(self, scenarios: Scenarios) -> "ReserveProblem":
        """The same question asked of other scenarios."""
        return replace(self, scenarios=scenarios)
