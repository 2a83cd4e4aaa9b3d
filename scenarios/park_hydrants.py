"""Hydrants as a covering question: the fewest places that keep every distance of the rules.

A row of places at s_1 < ... < s_k, in which no two neighbouring hydrants may be more than D apart, is a set
of covering constraints without conditions: for each place a with a first place b beyond s_a + D, at least
one hydrant strictly between a and b. Were there none, the hydrants on both sides would be more than D apart;
and where two neighbours are, the constraint of the one before fails. An end counts by constraints of its
own: a hydrant within E of it, E at most D. A point of a plant asks for a hydrant within the radius. The
fewest hydrants are then a set covering (``optimizer.siting.set_covering``).
"""

from dataclasses import dataclass

import numpy as np

from geo.errors import refuse
from optimizer.problem import Bools, Floats, Int64s, SitingProblem
from scenarios.park_figures import ParkFigures
from scenarios.park_roads import KerbRow, Places

SLACK_M = 1e-6
"""A micrometre: limits are inclusive, and sums of lengths round."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HydrantRows:
    """What hydrants must cover; ``n`` constraints over ``m`` places, ``p`` points of plants.

    Parameters
    ----------
    covers
        Constraints by place, shape (n, m): those of the rows first, those of the points last.
    away_m
        Straight distance of each point from each place, shape (p, m).
    """

    covers: Bools
    away_m: Floats

    @property
    def of_points(self) -> int:
        """How many of the constraints, the last ones, are points of plants."""
        return len(self.away_m)

    @property
    def problem(self) -> SitingProblem:
        """The covering problem, as ``set_covering`` takes it."""
        n, m = self.covers.shape
        return SitingProblem(
            response_s=np.where(self.covers, 0.0, np.inf),
            people=np.ones(n, np.int64),
            limit_s=np.zeros(n),
            fixed=np.zeros(m, np.bool_),
        )


def hydrant_rows(places: Places, points_lonlat: Floats, figures: ParkFigures) -> HydrantRows:
    """All that hydrants must keep to; ``points_lonlat`` of shape (p, 2).

    Raises
    ------
    InputError
        S165 a step or an end longer than the spacing: the rule cannot be kept exactly.
    """
    spacing_m, end_m = figures.spacing_m.value, figures.end_m.value
    for key in ("step_m", "end_m"):
        if getattr(figures, key).value > spacing_m:
            raise refuse(
                "S165",
                where=f"park.rules.{key}",
                found=f"{getattr(figures, key).value:g} m",
                wanted=f"at most the spacing, {spacing_m:g} m",
                fix=f"Shorten {key}, or widen spacing_m.",
            )
    m = len(places.lonlat)
    found = [_flags(one, m) for row in places.rows for one in _constraints(row, spacing_m, end_m)]
    away_m = _apart_m(places, points_lonlat)
    near = away_m <= figures.radius_m.value + SLACK_M
    return HydrantRows(covers=np.vstack([*found, near]) if len(near) else np.array(found), away_m=away_m)


def longest_gap_m(row: KerbRow, chosen: Int64s) -> float:
    """Longest way along a row between neighbouring hydrants; ``inf`` where it has none."""
    at_m = row.at_m[np.isin(row.place, chosen)]
    if not len(at_m):
        return float("inf")
    return float(np.diff(at_m).max(initial=0.0))


def longest_end_m(row: KerbRow, chosen: Int64s) -> float:
    """Longest way from an end of a row to its nearest hydrant; ``inf`` where it has none."""
    at_m = row.at_m[np.isin(row.place, chosen)]
    return float(max(at_m[0], row.length_m - at_m[-1])) if len(at_m) else float("inf")


def _constraints(row: KerbRow, spacing_m: float, end_m: float) -> list[Int64s]:
    """Places of each constraint of a row."""
    at_m, place = row.at_m, row.place
    beyond = np.searchsorted(at_m, at_m + spacing_m + SLACK_M, side="right")
    between = [place[a + 1 : b] for a, b in enumerate(beyond.tolist()) if b < len(at_m)]
    ends = [place[at_m <= end_m + SLACK_M], place[at_m >= row.length_m - end_m - SLACK_M]]
    return [*ends, *between]


def _flags(of: Int64s, places: int) -> Bools:
    flags = np.zeros(places, np.bool_)
    flags[of] = True
    return flags


def _apart_m(places: Places, points_lonlat: Floats) -> Floats:
    here, there = places.plane.metres(points_lonlat), places.plane.metres(places.lonlat)
    apart_m: Floats = np.hypot(*np.moveaxis(here[:, None, :] - there[None, :, :], 2, 0))
    return apart_m
