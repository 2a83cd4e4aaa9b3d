"""Travel times under closures that keep their last answers: plans that follow each other ask the same."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime

import numpy as np

from geo.closures import Closure
from geo.route import Route
from geo.snap import Snapped
from geo.travel import Places, TravelTimes
from optimizer.problem import Floats
from scenarios.kept import Kept

MOST_TIMES = 100_000
"""Times of matrices kept for one vehicle class under one set of closures: 1 MB."""
MOST_ROUTES = 200


class KeptTravel(TravelTimes):
    """Travel times that never change, with the matrices and routes asked of them last.

    Parameters
    ----------
    times
        Answers what is asked for the first time.
    """

    def __init__(self, times: TravelTimes) -> None:
        vars(self).update(vars(times))  # whatever travel times are made of
        self._matrices: Kept[Floats] = Kept(MOST_TIMES)
        self._routes: Kept[Route] = Kept(MOST_ROUTES)

    def with_closures(self, closures: Sequence[Closure], depart: datetime | None = None) -> "KeptTravel":
        """As ``TravelTimes``: nothing that is kept holds under other closures."""
        return KeptTravel(super().with_closures(closures, depart))

    def matrix_s(self, origins: Places, destinations: Places) -> Floats:
        """As ``TravelTimes``, a fresh array each time."""
        if isinstance(origins, Snapped) or isinstance(destinations, Snapped):
            return super().matrix_s(origins, destinations)
        key = _key(origins), _key(destinations)
        size = max(1, len(origins)) * max(1, len(destinations))
        ask = super().matrix_s
        return self._matrices.of(key, lambda: ask(origins, destinations), weight=size).copy()

    def route(self, origin: Places, destination: Places, alternatives: int = 0) -> Route:
        """As ``TravelTimes``."""
        if isinstance(origin, Snapped) or isinstance(destination, Snapped):
            return super().route(origin, destination, alternatives)
        ask = super().route
        key = _key(origin), _key(destination), alternatives
        return self._routes.of(key, lambda: ask(origin, destination, alternatives))


def _key(places: Floats) -> Hashable:
    array = np.asarray(places, np.float64)
    return array.shape, array.tobytes()


def closed_ground(closures: Iterable[Closure]) -> Hashable:
    """What closures do to the roads, whatever their names, times and order: the strictest holds."""
    return frozenset(
        (
            None if one.polygon is None else one.polygon.wkb,
            one.road_ids,
            one.edges,
            one.closed,
            one.speed_factor,
            one.depth_m,
            one.vehicle_classes,
        )
        for one in closures
    )
