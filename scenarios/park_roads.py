"""Rows of places for hydrants along park roads: one on a narrow road, one on each kerb of a wide one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from geo.errors import Fault, InputError, refuse
from optimizer.problem import Floats, Int64s
from scenarios.hazards.local_plane import LocalPlane
from scenarios.park_figures import ParkFigures
from scenarios.park_models import ParkRoad, Side

DECIMALS = 7
"""Of a degree, a centimetre: places that agree so far are one place."""


MOST_PLACES = 6_000
"""60 km of rows at 10 m: the covering table, constraints by places, stays below half a gigabyte."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KerbRow:
    """One row of hydrants to be, along one side or the middle of a road; ``k`` places.

    Parameters
    ----------
    side
        ``both`` = one row serves both sides; ``left`` and ``right`` as the road's line is drawn.
    at_m
        How far along the row each place lies, ascending from 0 to its length, shape (k,).
    place
        Number of each place in ``Places``, shape (k,).
    """

    road: str
    side: Side
    at_m: Floats
    place: Int64s

    @property
    def length_m(self) -> float:
        """Length of the row."""
        return float(self.at_m[-1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Where hydrants may stand; ``m`` places.

    Parameters
    ----------
    lonlat
        WGS84 to a centimetre, shape (m, 2).
    plane
        The plane in which the park is measured.
    """

    lonlat: Floats
    rows: tuple[KerbRow, ...]
    plane: LocalPlane


def hydrant_places(roads: Sequence[ParkRoad], figures: ParkFigures) -> Places:
    """Places along all roads, at each vertex and at most ``step_m`` apart; crossings are one place.

    Raises
    ------
    InputError
        S164 roads too wide to have a kerb on the inside of their bends, S168 too many places.
    """
    plane = LocalPlane(*np.mean([point for road in roads for point in road.line], axis=0).tolist())
    number: dict[tuple[float, float], int] = {}
    rows, faults = [], []
    for road in roads:
        for side, line_m in _kerbs(road, plane, figures.both_sides_m.value):
            if line_m is None:
                faults.append(_no_kerb(road))
                continue
            at_m, xy = _along(line_m, figures.step_m.value)
            lonlat = np.round(plane.lonlat(xy), DECIMALS)
            place = [number.setdefault((lon, lat), len(number)) for lon, lat in lonlat.tolist()]
            rows.append(KerbRow(road=road.id, side=side, at_m=at_m, place=np.array(place, np.int64)))
    if faults:
        raise InputError(faults)
    if len(number) > MOST_PLACES:
        raise refuse(
            "S168",
            where="park.roads",
            found=f"{len(number):,} places for hydrants",
            wanted=f"at most {MOST_PLACES:,}",
            fix="Raise rules.step_m, or plan the parts of the park one by one.",
        )
    return Places(lonlat=np.array(list(number), float).reshape(-1, 2), rows=tuple(rows), plane=plane)


def _kerbs(road: ParkRoad, plane: LocalPlane, wide_m: float) -> list[tuple[Side, Floats | None]]:
    """Lines along which hydrants of a road stand, m east and north; ``None`` where there is none."""
    middle = plane.metres(np.array(road.line, float))
    if road.width_m < wide_m:
        return [("both", middle)]
    half_m = road.width_m / 2
    return [("left", _offset(middle, half_m)), ("right", _offset(middle, -half_m))]


def _offset(line_m: Floats, by_m: float) -> Floats | None:
    kerb = shapely.offset_curve(shapely.LineString(line_m), by_m, join_style="mitre")
    if kerb.geom_type != "LineString" or kerb.is_empty:
        return None
    found: Floats = shapely.get_coordinates(kerb)
    # Which end comes first is GEOS's affair; the row runs the way the road does.
    ahead = np.hypot(*(found[0] - line_m[0])) <= np.hypot(*(found[-1] - line_m[0]))
    return found if ahead else found[::-1].copy()


def _along(line_m: Floats, step_m: float) -> tuple[Floats, Floats]:
    """Distance along a line and position of its vertices and of even steps between them."""
    pieces, start_m = [line_m[:1]], 0.0
    at_m = [np.zeros(1)]
    for one, other in pairwise(line_m):
        length_m = float(np.hypot(*(other - one)))
        steps = max(1, int(np.ceil(length_m / step_m - 1e-9)))
        share = np.arange(1, steps + 1) / steps
        pieces.append(one + share[:, None] * (other - one))
        at_m.append(start_m + share * length_m)
        start_m += length_m
    return np.concatenate(at_m), np.concatenate(pieces)


def _no_kerb(road: ParkRoad) -> Fault:
    return Fault(
        code="S164",
        where=f"park.roads {road.id}",
        found=f"bends too tight for a road {road.width_m:g} m wide",
        wanted="a line that has a kerb on both sides",
        fix="Draw the line with fewer, wider bends, or correct width_m.",
    )
