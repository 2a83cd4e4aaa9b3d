"""Flood depths from rasters (GeoTIFF), one file per time step; needs the extra ``raster``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, refuse
from scenarios.hazards.figures import table
from scenarios.hazards.flood_zones import FloodArea
from scenarios.hazards.shapes import as_area

Floats = NDArray[np.float64]

MOST_CELLS = 25_000_000
"""Most cells of one raster: 5,000 by 5,000, a county of 50 km at 10 m; 1 GB while it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthStep:
    """One raster of depths in metres and the time from which on it holds (with time zone)."""

    path: Path
    valid_from: datetime


def read_depth_rasters(steps: Sequence[DepthStep], *, until: datetime | None) -> tuple[FloodArea, ...]:
    """Areas of equal depth band per step; a step holds until the next one, the last until ``until``.

    Cells are grouped into the shipped bands (lower edge inclusive); each area takes the deepest cell of its
    band in that step. Cells without data, below the first band or not finite are dry.

    Raises ``InputError``: H120 without rasterio, H121 for a file that cannot be read or has no coordinate
    system, H122 for one too large, H117 for steps that are not in order of time.
    """
    times = [step.valid_from for step in steps]
    ends = [*times[1:], until]
    if any(end is not None and end <= start for start, end in zip(times, ends, strict=True)):
        raise refuse(
            "H117",
            where="depth rasters",
            found=" , ".join(time.isoformat() for time in times),
            wanted="steps in order of time, each once, ending before `until`",
            fix="Sort the rasters by time.",
        )
    return tuple(
        area
        for number, (step, end) in enumerate(zip(steps, ends, strict=True), 1)
        for area in _areas(step, end, number)
    )


def _areas(step: DepthStep, end: datetime | None, number: int) -> Iterator[FloodArea]:
    rasterio = _rasterio()
    from rasterio.warp import transform as to_crs

    try:
        with rasterio.open(step.path) as raster:
            if raster.width * raster.height > MOST_CELLS:
                raise _too_large(step.path, raster.width, raster.height)
            crs, transform = raster.crs, raster.transform
            depth_m = raster.read(1, masked=True).astype(np.float64).filled(0.0)
    except rasterio.errors.RasterioError as error:
        raise _unreadable(step.path, str(error)) from error
    if crs is None:
        raise _unreadable(step.path, "no coordinate system")

    def lonlat(xy: Floats) -> Floats:
        lon, lat = to_crs(crs, "EPSG:4326", xy[:, 0], xy[:, 1])
        return np.column_stack([lon, lat])

    bands = np.digitize(np.nan_to_num(depth_m, posinf=0.0), table("flood")["raster_bands_m"])
    for band in np.unique(bands[bands > 0]):
        outline = _outline(bands == band, transform)
        yield FloodArea(
            id=f"step-{number}-band-{band}",
            polygon=as_area(shapely.transform(outline, lonlat)),
            depth_m=float(depth_m[bands == band].max()),
            valid_from=step.valid_from,
            valid_to=end,
        )


def _outline(cells: NDArray[np.bool_], transform: Any) -> Any:
    from rasterio.features import shapes

    found = shapes(cells.astype(np.uint8), mask=cells, transform=transform)
    return shapely.union_all([shapely.geometry.shape(geometry) for geometry, _ in found])


def _rasterio() -> Any:
    try:
        import rasterio
    except ImportError as error:
        raise refuse(
            "H120",
            where="depth rasters",
            found="rasterio is not installed",
            wanted="the optional extra `raster`",
            fix="Install muster[raster], or give the flood as GeoJSON polygons.",
        ) from error
    return rasterio


def _too_large(path: Path, width: int, height: int) -> InputError:
    return refuse(
        "H122",
        where=path.name,
        found=f"{width:,} by {height:,} cells",
        wanted=f"at most {MOST_CELLS:,} cells",
        fix="Cut the raster to the region, or make its cells larger.",
    )


def _unreadable(path: Path, found: str) -> InputError:
    return refuse(
        "H121",
        where=path.name,
        found=found[:120],
        wanted="a GeoTIFF of depths in metres with its coordinate system",
        fix="Export the raster again with its projection.",
    )
