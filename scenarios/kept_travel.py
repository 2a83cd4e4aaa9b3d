"""Travel times under closures that keep their last answers: plans that follow each other ask the same."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime

import numpy as np

from geo.closures import Closure
from geo.errors import InputError
from geo.route import Route
from geo.snap import Snapped
from geo.travel import Places, TravelTimes
from optimizer.problem import Floats
from scenarios.kept import Kept

MOST_TIMES = 500_000
"""Times of rows kept for one vehicle class under one set of closures: 4 MB."""
ROW = 50
"""What a row weighs beside its times: its key and its array take as much room."""
MOST_ROUTES = 200


class KeptTravel(TravelTimes):
    """Travel times that never change, with the rows of matrices and the routes asked of them last.

    Parameters
    ----------
    times
        Answers what is asked for the first time.
    """

    def __init__(self, times: TravelTimes) -> None:
        vars(self).update(vars(times))  # whatever travel times are made of
        self._rows: Kept[Floats] = Kept(MOST_TIMES)
        self._routes: Kept[Route] = Kept(MOST_ROUTES)

    def with_closures(self, closures: Sequence[Closure], depart: datetime | None = None) -> "KeptTravel":
        """As ``TravelTimes``: nothing that is kept holds under other closures."""
        return KeptTravel(super().with_closures(closures, depart))

    def matrix_s(self, origins: Places, destinations: Places) -> Floats:
        """As ``TravelTimes``, a fresh array each time; only origins not asked before are looked at.

        Rows are kept whatever the order of the destinations.
        """
        if isinstance(origins, Snapped) or isinstance(destinations, Snapped) or not len(origins):
            return super().matrix_s(origins, destinations)
        begin, goals = np.asarray(origins, np.float64), np.asarray(destinations, np.float64)
        order = np.lexsort(goals.T)
        sorted_goals = goals[order].tobytes()
        keys = [(sorted_goals, place.tobytes()) for place in begin]
        known = {key: self._rows.known(key) for key in keys}
        new = [number for number, key in enumerate(keys) if known[key] is None]
        if new:
            for number, row in zip(new, self._asked(begin, goals, new)[:, order], strict=True):
                known[keys[number]] = self._rows.of(keys[number], row.copy, weight=ROW + len(row))
        times_s = np.empty((len(begin), len(goals)))
        times_s[:, order] = [known[key] for key in keys]
        return times_s

    def _asked(self, origins: Floats, destinations: Floats, new: list[int]) -> Floats:
        """Times from some of the origins."""
        try:
            return super().matrix_s(origins[new], destinations)
        except InputError:  # it numbers the places as they were given
            return super().matrix_s(origins, destinations)[new]

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
