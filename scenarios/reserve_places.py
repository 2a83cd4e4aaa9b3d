"""Where the people of a region live, read once for many scenarios."""

from dataclasses import dataclass

import numpy as np

from geo.region.region import Region
from optimizer.problem import Floats, Int64s
from scenarios.hazards.local_plane import LocalPlane


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Homes:
    """Demand points and townships.

    Parameters
    ----------
    townships
        Ids in the order of the layer.
    seats
        Longitude and latitude of a point of each township, shape (t, 2).
    lonlat
        Of the demand points, shape (p, 2).
    living
        People at each, shape (p,).
    township
        Number of the township of each, -1 = none, shape (p,).
    """

    townships: tuple[str, ...]
    seats: Floats
    lonlat: Floats
    living: Floats
    township: Int64s

    def by_township(self, values: Floats) -> Floats:
        """Sums over the points of each township, shape (t,)."""
        known = self.township >= 0
        sums = np.bincount(self.township[known], values[known], len(self.townships))
        return np.asarray(sums, np.float64)

    def gathering(self, threat: Floats) -> Floats:
        """Where the people of each township set out, shape (t, 2).

        Its most threatened point, of several the one with most people; its seat where it has no point.
        """
        found = self.seats.copy()
        order = np.lexsort((self.living, threat))  # the last of a township is its most threatened
        known = order[self.township[order] >= 0]
        found[self.township[known]] = self.lonlat[known]
        return found


def homes_of(region: Region) -> Homes:
    """Placed demand points of a region, and its townships."""
    points, townships = region.placed("demand"), region.table("townships")
    ids = tuple(map(str, townships["id"]))
    row = {name: number for number, name in enumerate(ids)}
    placed = region.placed("townships")
    seats = np.zeros((len(ids), 2))
    for name, shape in zip(placed["id"], placed.geometry, strict=True):
        point = shape.representative_point()
        seats[row[str(name)]] = point.x, point.y
    return Homes(
        townships=ids,
        seats=seats,
        lonlat=np.column_stack([points.geometry.x, points.geometry.y]),
        living=points["people"].fillna(0).to_numpy(np.float64),
        township=np.array([row.get(str(name), -1) for name in points["township_id"]], np.int64),
    )


def metres_apart(one: tuple[float, float], places: Floats) -> Floats:
    """Straight from one place to others, m, shape (p,)."""
    return np.hypot(*LocalPlane(*one).metres(places).T) if len(places) else np.empty(0)


def apportioned(total: int, weights: Floats) -> Int64s:
    """A whole number split by weights, the largest remainders first; equally where all weights are 0."""
    share = weights / weights.sum() if weights.sum() > 0 else np.full(len(weights), 1 / max(1, len(weights)))
    parts = np.floor(total * share + 1e-9).astype(np.int64)
    order = np.lexsort((np.arange(len(parts)), -np.round(total * share - parts, 9)))
    parts[order[: total - int(parts.sum())]] += 1
    return parts
