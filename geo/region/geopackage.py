"""Region as one GeoPackage (OGC 12-128): feature tables for layers with places, plain tables else."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.errors import Fault, InputError, refuse
from geo.region.atomic import replacing
from geo.region.layers import LAYERS
from geo.region.origin import Origin
from geo.steady_files import steady_geopackages

_WGS84 = ("EPSG:4326", "EPSG:4490", "OGC:CRS84")
_SYNCHRONOUS = "OGR_SQLITE_SYNCHRONOUS"
_SYSTEM_TABLES = ("layer_styles", "qgis_projects")
"""Tables that QGIS adds beside the layers."""


def read_geopackage(path: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Origin]]:
    """The layers of a GeoPackage as they stand, and where each came from.

    Raises
    ------
    InputError
        F103 damaged or no GeoPackage, F109 a layer in another coordinate system.
    """
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        frames = {n: pyogrio.read_dataframe(path, layer=n) for n in names if n not in _SYSTEM_TABLES}
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError) as error:
        raise refuse(
            "F103",
            where=path.name,
            found=f"no readable GeoPackage: {error}",
            wanted="a whole GeoPackage file",
            fix="Copy or export the file again; it may have been cut off.",
        ) from error
    if faults := [fault for n, frame in frames.items() if (fault := _crs_fault(path, n, frame))]:
        raise InputError(faults)
    return frames, {name: Origin(file=f"{path.name} layer {name}") for name in frames}


def _crs_fault(path: Path, layer: str, frame: pd.DataFrame) -> Fault | None:
    crs = frame.crs if isinstance(frame, gpd.GeoDataFrame) else None
    if crs is None or ":".join(crs.to_authority() or ("", "")) in _WGS84:
        return None
    return Fault(
        code="F109",
        where=f"{path.name} layer {layer}",
        found=f"coordinates in {crs.name}",
        wanted="WGS84 longitude and latitude (EPSG:4326)",
        fix="Save the layer as EPSG:4326.",
    )


def write_geopackage(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write every layer, empty ones too, so that a planner can fill them in QGIS."""
    with replacing(path) as beside, disk_errors(path), _written_at_once(), steady_geopackages():
        beside.unlink(missing_ok=True)
        for layer, table in tables.items():
            if isinstance(table, gpd.GeoDataFrame):
                pyogrio.write_dataframe(table, beside, layer=layer, geometry_type=_kind(layer, table))
            else:
                pyogrio.write_dataframe(table, beside, layer=layer, driver="GPKG")


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Errors of the writer, such as a full disk or a locked folder, as the ``OSError`` they stem from."""
    try:
        yield
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
    ) as error:
        raise OSError(errno.EIO, str(error), str(path)) from error


@contextmanager
def _written_at_once() -> Iterator[None]:
    """Leave out SQLite's waiting for the disk after each layer, which takes most of the time.

    Nothing is risked: the file is a temporary one, and ``replacing`` waits for the disk once, at the end.
    """
    before = pyogrio.get_gdal_config_option(_SYNCHRONOUS)
    pyogrio.set_gdal_config_options({_SYNCHRONOUS: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_SYNCHRONOUS: before})


def _kind(layer: str, table: gpd.GeoDataFrame) -> str:
    if LAYERS[layer].geometry == "area":
        return "Unknown"  # so that QGIS lets a planner draw an area where a point stood
    present = set(table.geom_type.dropna()) or {LAYERS[layer].geometry_types[0]}
    return str(present.pop()) if len(present) == 1 else "Unknown"
