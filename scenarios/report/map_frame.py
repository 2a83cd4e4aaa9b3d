"""The piece of the earth that a page's map shows, and its projection to the drawing."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scenarios.report.map_layer import Geometry, MapLayer

EARTH_CIRCUMFERENCE_M = 40_075_016.686  # of the sphere that web maps use, EPSG:3857
LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """A box in degrees, WGS84."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, layers: Iterable[MapLayer], *, margin: float = 0.06) -> "Frame":
        """The box around the boundary layers, or all features where there is none, plus a margin.

        ``margin`` is a share of the box's size, added on each side. A region's roads may lead far
        beyond it; the map opens on the region itself.
        """
        wanted = list(layers)
        wanted = [layer for layer in wanted if layer.style == "boundary"] or wanted
        points = [p for layer in wanted for f in layer.features for part in parts(f.geometry) for p in part]
        if not points:
            raise ValueError("a map needs at least one feature")
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        pad_lon = max((max(lons) - min(lons)) * margin, 0.005)
        pad_lat = max((max(lats) - min(lats)) * margin, 0.005)
        return cls(min(lons) - pad_lon, min(lats) - pad_lat, max(lons) + pad_lon, max(lats) + pad_lat)


@dataclass(frozen=True, slots=True)
class Projection:
    """Web Mercator scaled into a drawing of ``width`` by ``height`` pixels, the frame centred in it."""

    centre: LonLat
    px_per_turn: float
    width: float
    height: float

    @classmethod
    def of(cls, frame: Frame, *, width: float, shortest: float, tallest: float) -> "Projection":
        """The largest scale at which the frame fits; the height follows the frame within its two limits."""
        turn_x = (frame.east - frame.west) / 360
        turn_y = _mercator(frame.south) - _mercator(frame.north)
        height = min(max(width * turn_y / turn_x, shortest), tallest)
        lat = _latitude((_mercator(frame.south) + _mercator(frame.north)) / 2)
        return cls(((frame.west + frame.east) / 2, lat), min(width / turn_x, height / turn_y), width, height)

    def xy(self, point: LonLat) -> LonLat:
        """Pixels from the upper left corner."""
        x = self.width / 2 + (point[0] - self.centre[0]) / 360 * self.px_per_turn
        y = self.height / 2 + (_mercator(point[1]) - _mercator(self.centre[1])) * self.px_per_turn
        return x, y

    def inside(self, xy: LonLat, *, beyond: float = 0.0) -> bool:
        """Whether a pixel lies in the drawing, widened by ``beyond`` pixels."""
        return -beyond <= xy[0] <= self.width + beyond and -beyond <= xy[1] <= self.height + beyond

    @property
    def metres_per_px(self) -> float:
        """Ground length of a pixel at the centre."""
        return EARTH_CIRCUMFERENCE_M * math.cos(math.radians(self.centre[1])) / self.px_per_turn


def parts(geometry: Geometry) -> Iterator[list[LonLat]]:
    """The runs of points of any simple GeoJSON geometry: the point, the line, or each ring."""
    yield from _runs(geometry["coordinates"])


def _runs(coordinates: Any) -> Iterator[list[LonLat]]:
    if not coordinates:
        return
    if isinstance(coordinates[0], (int, float)):
        yield [(float(coordinates[0]), float(coordinates[1]))]
    elif isinstance(coordinates[0][0], (int, float)):
        yield [(float(c[0]), float(c[1])) for c in coordinates]
    else:
        for inner in coordinates:
            yield from _runs(inner)


def _mercator(lat: float) -> float:
    return 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def _latitude(mercator: float) -> float:
    return math.degrees(math.atan(math.sinh((0.5 - mercator) * 2 * math.pi)))
