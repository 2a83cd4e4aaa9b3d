"""Ground under water as an incident file says it: drawn by hand, or named files of it."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from scenarios.scenario_models import Id, Strict

FileName = Annotated[str, Field(min_length=1, description="relative to this file")]


class WaterArea(Strict):
    """Ground under water: a GeoJSON polygon, its depth, and when, always or from one instant to another."""

    id: Id
    polygon: Annotated[dict[str, Any], Field(description="GeoJSON Polygon or MultiPolygon")]
    depth_m: float
    speed_m_s: float | None = None
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None


class DepthRaster(Strict):
    """A GeoTIFF of depths in metres, in force from ``valid_from`` until the next one begins."""

    file: FileName
    valid_from: AwareDatetime


class FileDigest(Strict):
    """A file that was read and the SHA-256 of its bytes."""

    file: str
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class WaterRead(Strict):
    """What the named files of water said when they were read; Muster fills it in, nobody writes it."""

    files: Annotated[tuple[FileDigest, ...], Field(min_length=1)]
    areas: Annotated[tuple[WaterArea, ...], Field(min_length=1)]
