"""People at risk in flood water by the hazard classes H1 to H6 of AIDR."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.hazards.figures import table
from scenarios.hazards.zones import HazardZone, inside

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WaterClass:
    """An AIDR class: number 1 to 6 and what it means."""

    number: int
    meaning_en: str
    meaning_zh: str


def water_class(depth_m: float, *, speed_m_s: float | None) -> WaterClass:
    """Class of water by depth, speed and their product, limits inclusive (AIDR Guideline 7-3, Figure 6).

    An unknown speed counts as still water: the class is then a lower bound. Both >= 0.
    """
    speed = 0.0 if speed_m_s is None else speed_m_s
    if not (depth_m >= 0 and speed >= 0):
        raise ValueError(f"want depth and speed >= 0, got {depth_m}, {speed}")
    for row in table("flood")["aidr"]["rows"]:
        calm_enough = speed <= row["speed_m_s"] and depth_m * speed <= row["product_m2_s"]
        if depth_m <= row["depth_m"] and calm_enough:
            return WaterClass(row["class"], row["en"], row["zh"])
    raise AssertionError("the last row of the AIDR table has no limit")


def level_of_class(number: int) -> int:
    """Zone level of an AIDR class: H1 and H2 discomfort (1), H3 lasting harm (2), H4 and above danger (3)."""
    return 1 if number <= 2 else 2 if number == 3 else 3


def people_by_class(zones: list[HazardZone], lonlat: Floats, people: Int64s) -> Int64s:
    """People in each class, shape (7,): index 0 = dry, 1 to 6 = H1 to H6; sums to all people.

    Each point counts in the gravest class of the zones it lies in, borders included. Zones without a water
    class are ignored.
    """
    worst = np.zeros(len(people), np.int64)
    for zone in zones:
        if zone.water_class is not None:
            worst = np.where(inside(zone, lonlat), np.maximum(worst, zone.water_class), worst)
    counted = np.zeros(7, np.int64)
    np.add.at(counted, worst, people)
    return counted
