"""Roads for relief: as they are now for what arrives before the water, closed for everything after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from geo.closures import Closure
from geo.region.region import Region
from geo.route import Route
from geo.travel import TravelTimes
from optimizer.problem import Floats
from scenarios.dispatch_hazards import closing_zones
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.hazards.zone_closures import closures_of
from scenarios.region_travel import region_roads, travel_under


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliefRoads:
    """Travel times by vehicle class before and after the first further road is closed.

    Parameters
    ----------
    now
        Under the closures in force at the order.
    later
        Under all closures until the relief is due, whenever they begin: what is possible here stays so.
    until_s
        From the order until the first further closure begins, s; ``inf`` = none does.
    """

    now: Mapping[str, TravelTimes]
    later: Mapping[str, TravelTimes]
    until_s: float

    def now_s(self, vehicle: str, origins: Floats, destinations: Floats) -> Floats:
        """Seconds on the roads of now, shape (n, m)."""
        return _matrix_s(self.now[vehicle], origins, destinations)

    def later_s(self, vehicle: str, origins: Floats, destinations: Floats) -> Floats:
        """Seconds on the roads that stay, shape (n, m)."""
        return _matrix_s(self.later[vehicle], origins, destinations)

    def route(self, vehicle: str, origin: Floats, destination: Floats, arrival_s: float) -> Route:
        """The way of a trip that arrives so long after the order."""
        roads = self.now if arrival_s <= self.until_s else self.later
        return roads[vehicle].route(origin, destination)


def relief_roads(
    region: Region, inputs: DispatchInputs, vehicles: Iterable[str], *, at: datetime, within_s: float
) -> ReliefRoads:
    """Roads for these vehicle classes; ``within_s``: until when the relief is due, from the order."""
    zones = closing_zones(inputs.hazards, inputs.rules, at, within_s=within_s)
    known = {zone.id for zone in inputs.closing}
    further = [zone for zone in zones if zone.id not in known]
    more = closures_of(further, gas_from_level=1, roads=region_roads(region)) if further else []
    closures = (*inputs.closures, *more)
    now = tuple(closure for closure in closures if closure.in_force(at))
    classes = sorted(set(vehicles))
    return ReliefRoads(
        now=travel_under(region, classes, now),
        later=travel_under(region, classes, closures),
        until_s=_first_s(closures, at),
    )


def _first_s(closures: Iterable[Closure], at: datetime) -> float:
    """When the first closure after the order begins, s from the order."""
    begins = [one.valid_from for one in closures if one.valid_from is not None and one.valid_from > at]
    return min(((begin - at).total_seconds() for begin in begins), default=float("inf"))


def _matrix_s(travel: TravelTimes, origins: Floats, destinations: Floats) -> Floats:
    if not len(origins) or not len(destinations):
        return np.full((len(origins), len(destinations)), np.inf)
    return travel.matrix_s(origins, destinations)
