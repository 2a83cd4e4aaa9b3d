"""Candidate places for township fire stations, in every township that has no station yet."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from scenarios.pingluo.plane import rounded, shape_to_lonlat
from scenarios.pingluo.townships import Township


def candidate_records(
    townships: list[Township],
    demand: list[dict[str, Any]],
    *,
    with_station: set[str],
    hazards: NDArray[np.float64],
    points_m: NDArray[np.float64],
    told: dict[str, Any],
) -> list[dict[str, Any]]:
    """Records of the layer ``stations`` with status ``candidate``, ``per_township`` in each such township.

    ``points_m`` are the places of ``demand`` in plane metres, ``hazards`` those of dangerous sites, which
    candidates keep away from.
    """
    owner = np.array([record["township_id"] for record in demand])
    people = np.array([record["people"] for record in demand], np.float64)
    near = shapely.distance(shapely.points(points_m), shapely.multipoints(hazards)) < told["from_hazards_m"]
    records = []
    for township in townships:
        if township.id not in with_station:
            mine = (owner == township.id) & ~near
            places = _spread(rounded(township.seat_m), points_m[mine], people[mine], told["per_township"])
            records += [_record(township, n, at, told) for n, at in enumerate(places, 1)]
    return records


def _spread(
    seat: NDArray[np.float64], points: NDArray[np.float64], people: NDArray[np.float64], count: int
) -> list[NDArray[np.float64]]:
    """The seat, then each time the point whose choice shortens the people's straight ways most."""
    chosen = [seat]
    between = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    nearest = np.hypot(*(points - seat).T)
    while len(chosen) < count:
        gain = (people[:, None] * np.maximum(nearest[:, None] - between, 0)).sum(axis=0)
        best = int(np.argmax(gain))
        chosen.append(points[best])
        nearest = np.minimum(nearest, between[best])
    return chosen


def _record(township: Township, n: int, at: NDArray[np.float64], told: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"candidate-{township.id}-{n}",
        "name_zh": f"{township.name_zh}备选点{n}",
        "name_en": f"{township.name_en} candidate {n}",
        "kind": "fire_station",
        "status": "candidate",
        "opening_cost": told["opening_cost"],
        "team_places": 2,
        "township_id": township.id,
        "source": told["source"],
        "note": told["note"],
        "geometry": shape_to_lonlat(shapely.Point(at)),
    }
