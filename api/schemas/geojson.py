"""GeoJSON (RFC 7946) in and out: longitude before latitude, WGS84, of bounded size."""

import math
from typing import Annotated, Any, Generic, Literal, TypeVar

import shapely
from pydantic import AfterValidator, Field, model_validator
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from api.schemas.edge import Shown, Strict
from scenarios.model_base import wrong

MOST_VERTICES = 10_000
"""Of one drawn area, inclusive."""
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-85, le=85)]
Position = tuple[Longitude, Latitude]


def _closed(ring: tuple[Position, ...]) -> tuple[Position, ...]:
    if ring[0] != ring[-1]:
        raise wrong("A134", "a ring that ends where it begins", "Repeat the first position at the end.")
    return ring


Ring = Annotated[tuple[Position, ...], Field(min_length=4, max_length=MOST_VERTICES), AfterValidator(_closed)]
Rings = Annotated[tuple[Ring, ...], Field(min_length=1, max_length=1_000)]


class PolygonDrawn(Strict):
    """A GeoJSON polygon: outline, then holes; rings are closed."""

    type: Literal["Polygon"]
    coordinates: Rings

    @model_validator(mode="after")
    def _can_be_used(self) -> "PolygonDrawn":
        return _usable(self)


class MultiPolygonDrawn(Strict):
    """Several GeoJSON polygons."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[tuple[Rings, ...], Field(min_length=1, max_length=1_000)]

    @model_validator(mode="after")
    def _can_be_used(self) -> "MultiPolygonDrawn":
        return _usable(self)


Area = Annotated[PolygonDrawn | MultiPolygonDrawn, Field(discriminator="type")]
Drawn = TypeVar("Drawn", PolygonDrawn, MultiPolygonDrawn)


def _usable(area: Drawn) -> Drawn:
    """The area, if it encloses some ground and does not cross itself."""
    try:
        drawn = shape(area.model_dump(mode="json"))
    except (ValueError, shapely.errors.ShapelyError) as broken:
        raise _crooked(str(broken)) from broken
    if shapely.get_num_coordinates(drawn) > MOST_VERTICES:
        raise wrong("A134", f"at most {MOST_VERTICES} vertices", "Draw it simpler.")
    if not drawn.is_valid:
        raise _crooked(str(shapely.is_valid_reason(drawn)))
    if not drawn.area > 0 or not math.isfinite(drawn.area):
        raise _crooked("no area")
    return area


def _crooked(why: str) -> Exception:
    return wrong("A134", f"an area whose outline does not cross itself ({why})", "Draw it again.")


class Geometry(Shown):
    """A GeoJSON geometry."""

    type: str
    coordinates: Annotated[list[Any], Field(description="longitude before latitude")]


Properties = TypeVar("Properties")


class Feature(Shown, Generic[Properties]):
    """One record on the map; no geometry where it has no place yet."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: Geometry | None
    properties: Properties


class FeatureCollection(Shown, Generic[Properties]):
    """Records on the map."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[Feature[Properties], ...]


def geometry_of(found: BaseGeometry | None) -> Geometry | None:
    """A geometry as GeoJSON, to seven decimals of a degree (about a centimetre)."""
    if found is None or found.is_empty:
        return None
    return Geometry.model_validate(mapping(shapely.set_precision(found, 1e-7, mode="pointwise")))
