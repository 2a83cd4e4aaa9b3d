"""What a reserve plan says of its test by simulation: what was counted against what was driven."""

from scenarios.intervals import Interval
from scenarios.model_base import Strict


class Compared(Strict):
    """One figure: as the plan states it, as it is counted on the fresh scenarios, as it was played there.

    ``lost``: counted less played, scenario by scenario the same.
    """

    stated: float
    counted: Interval
    played: Interval
    lost: Interval


class TownshipSupplied(Strict):
    """When the people of one township have all vital and basic items due by the relief window, s.

    Times run from the event. ``scenarios``: in which it has people to supply; ``whole_share``: of them with
    all handed over in time; ``unmet_share``: with something never handed over by the last
    window. Percentiles over the scenarios in which it was handed over by then, ``None`` where in none.
    """

    id: str
    name_zh: str
    name_en: str
    scenarios: int
    people: float
    whole_share: Interval
    unmet_share: Interval
    p50_s: float | None
    p90_s: float | None
    p95_s: float | None


class DepotQueue(Strict):
    """Trucks at one depot: loaded in a scenario in the mean, and how long they waited for a dock, s."""

    id: str
    docks: int
    loads: Interval
    wait_mean_s: float | None
    wait_p95_s: float | None
    wait_most_s: float | None


class TruckFleet(Strict):
    """Trucks of one team: how many, from when on they roll, share of the relief window that they are out."""

    team_id: str
    name_zh: str
    name_en: str
    vehicle_class: str
    trucks: int
    ready_s: float
    utilisation: Interval
    trips: Interval


class ItemShort(Strict):
    """An item that was short by the end of the relief window: units in the mean, share of scenarios."""

    item_id: str
    counted: Interval
    played: Interval


class ReserveSimulation(Strict):
    """A reserve plan tested by deliveries that were played.

    ``served``: people who have all vital and basic items by the end of the relief window; ``everybody``:
    share of the scenarios in which these are all; ``met``: share of the needs met by the end of each window.
    ``held_up``: loads that stood ready at a depot and found no road by the last window, a scenario.
    """

    scenarios: int
    seed: int
    level: float
    drive_cv: float
    handling_cv: float
    source: str
    road_states: float
    served: Compared
    everybody: Compared
    met: tuple[Compared, ...]
    townships: tuple[TownshipSupplied, ...]
    short: tuple[ItemShort, ...]
    depots: tuple[DepotQueue, ...]
    fleets: tuple[TruckFleet, ...]
    trips: Interval
    held_up: Interval
