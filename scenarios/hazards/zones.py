"""A hazard zone: where, how grave, when, and by which formula; who is inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from scenarios.hazards.figures import Certainty
from scenarios.hazards.shapes import Area, as_area

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

Hazard = Literal["toxic_gas", "flammable_liquid", "gully_flood", "river_flood", "ice_jam"]
ZoneKind = Literal["isolation", "protective", "aegl_1", "aegl_2", "aegl_3", "erpg_2", "idlh", "flood"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HazardZone:
    """One area of a hazard.

    Parameters
    ----------
    level
        3 = life-threatening, 2 = lasting harm or no escape, 1 = discomfort; for water the AIDR class
        stands in ``water_class`` and the level follows from it.
    polygon
        Longitude and latitude, WGS84.
    valid_from, valid_to
        In force from and to these instants, inclusive; ``None`` = until further notice.
    formula
        Name of the formula or table row and its source.
    certainty
        The weakest of the distances or limits drawn; what was assumed about the weather stands in the notes
        of the hazard.
    threshold
        Limit drawn, in words with its averaging time, e.g. ``"AEGL-2, 60 min: 2 ppm"``; ``""`` if none.
    reach_m
        Farthest extent from the source along the wind, metres; ``None`` for floods.
    capped
        The zone was cut at the limit of the formula: harm may reach farther.
    depth_m, speed_m_s
        Water; ``None`` for gas, speed ``None`` where not known.
    water_class
        AIDR hazard class 1 to 6; ``None`` for gas.
    """

    id: str
    hazard: Hazard
    kind: ZoneKind
    level: int
    polygon: Area
    valid_from: datetime | None
    valid_to: datetime | None
    formula: str
    certainty: Certainty
    threshold: str = ""
    reach_m: float | None = None
    capped: bool = False
    depth_m: float | None = None
    speed_m_s: float | None = None
    water_class: int | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"zone {self.id}: want level 1, 2 or 3, got {self.level}")

    def in_force(self, at: datetime) -> bool:
        """Whether the zone holds at an instant, both ends included."""
        begun = self.valid_from is None or self.valid_from <= at
        return begun and (self.valid_to is None or at <= self.valid_to)


def inside(zone: HazardZone, lonlat: Floats) -> Bools:
    """Which points lie in the zone or on its border, shape (n,); ``lonlat`` of shape (n, 2)."""
    shapely.prepare(zone.polygon)
    return np.asarray(shapely.intersects_xy(zone.polygon, lonlat), np.bool_)


def people_inside(zone: HazardZone, lonlat: Floats, people: Int64s) -> int:
    """People of the points in the zone, border included; ``people`` of shape (n,)."""
    return int(people[inside(zone, lonlat)].sum())


def people_in_any(zones: Sequence[HazardZone], lonlat: Floats, people: Int64s) -> int:
    """People of the points in at least one zone, each counted once."""
    hit = np.zeros(len(people), np.bool_)
    for zone in zones:
        hit |= inside(zone, lonlat)
    return int(people[hit].sum())


def places_inside(zone: HazardZone, lonlat: Floats, ids: Sequence[str]) -> tuple[str, ...]:
    """Ids of the places in the zone, border included, in the order given."""
    return tuple(name for name, hit in zip(ids, inside(zone, lonlat), strict=True) if hit)


def union_of(zones: Sequence[HazardZone]) -> Area:
    """The common area of several zones; raises ``ValueError`` for none."""
    if not zones:
        raise ValueError("zones: want at least one")
    return as_area(shapely.union_all([zone.polygon for zone in zones]))
