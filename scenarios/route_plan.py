"""A drive as it stands in a plan file."""

from functools import lru_cache
from typing import TYPE_CHECKING

from scenarios.model_base import Strict

if TYPE_CHECKING:
    from geo.route import Route as Driven  # compiled kernels, which nobody needs who only reads plans

DECIMALS = 6
"""Of degrees in a plan: a tenth of a metre."""


class Route(Strict):
    """A drive: WGS84 line, metres, streets in order."""

    geometry: tuple[tuple[float, float], ...]
    length_m: float
    streets: tuple[str, ...]


@lru_cache(maxsize=500)
def written(driven: "Driven") -> Route:
    """A drive rounded as plans write it; kept, since drives that are kept are written again and again."""
    line = tuple((round(float(lon), DECIMALS), round(float(lat), DECIMALS)) for lon, lat in driven.geometry)
    return Route(geometry=line, length_m=round(driven.length_m, 1), streets=driven.streets)
