"""Water on a road: what a vehicle's speed becomes, and when it must stop."""

from typing import Literal

from scenarios.hazards.figures import table
from scenarios.hazards.plume_rise import G_M_S2

Curve = Literal["parabola", "pregnolato"]


def speed_share(depth_m: float, *, wading_limit_m: float, curve: Curve = "parabola") -> float:
    """Share of the free speed left in water of ``depth_m`` >= 0; 0 at and beyond the limit.

    ``parabola``: ``(1 - w / w0)^2`` with the vehicle's wading limit w0 > 0. ``pregnolato``: that curve
    divided by its value in the dry, closed at its own 0.3 m or at the wading limit, whichever is less.
    """
    if not (depth_m >= 0 and wading_limit_m > 0):
        raise ValueError(f"want depth >= 0 m and limit > 0 m, got {depth_m}, {wading_limit_m}")
    if depth_m >= wading_limit_m:
        return 0.0
    if curve == "parabola":
        return (1 - depth_m / wading_limit_m) ** 2
    return pregnolato_kmh(depth_m) / pregnolato_kmh(0.0)


def pregnolato_kmh(depth_m: float) -> float:
    """Highest safe speed of a car: ``0.0009 w^2 - 0.5529 w + 86.9448`` km/h, w in mm, 0 from 300 mm on.

    Pregnolato et al. (2017), doi:10.1016/j.trd.2017.06.020. The parabola itself never reaches 0 and rises
    again beyond 307 mm, so the limit is part of the curve. A vehicle drives the lower of this and its free
    speed.
    """
    curve = table("flood")["pregnolato"]
    depth_mm = depth_m * 1000
    if depth_mm >= curve["closed_from_mm"]:
        return 0.0
    return float(curve["a"] * depth_mm**2 + curve["b"] * depth_mm + curve["c"])


def total_head_m(depth_m: float, *, speed_m_s: float) -> float:
    """Depth plus velocity head, ``d + v^2 / 2g``, metres (Kramer et al. 2016)."""
    return depth_m + speed_m_s**2 / (2 * G_M_S2)


def passable_in_current(depth_m: float, *, speed_m_s: float, vehicle: Literal["car", "emergency"]) -> bool:
    """Whether flowing water may be driven through: total head at most 0.3 m (car) or 0.6 m (emergency)."""
    return total_head_m(depth_m, speed_m_s=speed_m_s) <= float(table("flood")["total_head_m"][vehicle])


def boat_floats(depth_m: float) -> bool:
    """Water deep enough for a rescue boat, the shipped limit included."""
    return depth_m >= float(table("flood")["boat_from_m"]["value"])
