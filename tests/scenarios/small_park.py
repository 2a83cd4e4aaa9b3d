"""A made-up park, small enough to follow by hand: straight roads on a grid of metres."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from scenarios.hazards.local_plane import LocalPlane
from scenarios.park_models import ParkScenario

PLANE = LocalPlane(106.9, 39.0)


def lonlat(*metres: tuple[float, float]) -> list[tuple[float, float]]:
    """Longitude and latitude of metres east and north of the park's corner."""
    return [(lon, lat) for lon, lat in PLANE.lonlat(np.array(metres, float)).tolist()]


def road(name: str, *metres: tuple[float, float], width_m: float = 12) -> dict[str, Any]:
    """A road through these points."""
    return {"id": name, "width_m": width_m, "line": lonlat(*metres), "source": "assumed"}


def point(name: str, east_m: float, north_m: float) -> dict[str, Any]:
    """A point of a plant."""
    ((lon, lat),) = lonlat((east_m, north_m))
    return {"id": name, "name_en": name, "lon": lon, "lat": lat, "source": "assumed"}


def park_scenario(roads: Sequence[dict[str, Any]], **changes: Any) -> ParkScenario:
    """A park with these roads and one fire area of 100 L/s; ``changes`` are keys of the section ``park``."""
    area = {"id": "units", "flow_l_s": 100, "source": "assumed"}
    section = {"roads": list(roads), "fire_areas": [area], **changes}
    content = {"muster": 1, "kind": "park", "region": "straight", "name_en": "small", "park": section}
    return ParkScenario.model_validate(content)
