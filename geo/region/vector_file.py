"""Map files that others made (Shapefile, GeoPackage, GeoJSON), brought to WGS84."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj

from geo.datum import shapes_to_wgs84
from geo.errors import refuse
from geo.region.places import CRS

_UNREADABLE = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)


def read_vector(
    path: Path, *, layer: str, datum: str = "wgs84", encoding: str | None = None
) -> gpd.GeoDataFrame:
    """All records of the layer of that name, or of the only one, in WGS84 longitude and latitude.

    A projected file is converted by its own coordinate system, then ``datum`` is undone. A file that names no
    system must hold degrees.

    Raises
    ------
    InputError
        F101 missing, F103 unreadable, F109 metres without a coordinate system, F120 unknown datum, F139
        several layers, none of that name.
    """
    if not path.exists():
        raise refuse(
            "F101",
            where=str(path),
            found="nothing",
            wanted="a map file",
            fix="Check the path for a typing error.",
        )
    try:
        name = _layer_name(path, layer)
        table = pyogrio.read_dataframe(path, layer=name, encoding=encoding, force_2d=True)
    except (*_UNREADABLE, UnicodeDecodeError, LookupError) as error:
        raise refuse(
            "F103",
            where=path.name,
            found=f"no readable map file: {error}",
            wanted="a whole Shapefile, GeoPackage or GeoJSON file, in the encoding named",
            fix="Export it again; a Shapefile needs its .shx, .dbf and .prj beside it.",
        ) from error
    if not isinstance(table, gpd.GeoDataFrame):
        table = gpd.GeoDataFrame(table, geometry=np.full(len(table), None), crs=CRS)
    return _wgs84(table, path, datum)


def _layer_name(path: Path, wanted: str) -> str:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if wanted in names or len(names) == 1:
        return wanted if wanted in names else names[0]
    raise refuse(
        "F139",
        where=path.name,
        found=f"the layers {', '.join(names) or 'none'}",
        wanted=f"one layer, or one named {wanted}",
        fix="Export the layer into a file of its own.",
    )


def _wgs84(table: gpd.GeoDataFrame, path: Path, datum: str) -> gpd.GeoDataFrame:
    system = table.crs
    if system is None:
        _hold_degrees(table, path)
        table = table.set_crs(CRS)
    elif not system.is_geographic:
        try:
            table = table.to_crs(CRS)
        except pyproj.exceptions.ProjError as error:
            raise _not_degrees(path, f"coordinates in {system.name}: {error}") from error
    moved = shapes_to_wgs84(table.geometry.to_numpy(), datum)
    return table.set_geometry(gpd.GeoSeries(moved, index=table.index, crs=CRS))


def _hold_degrees(table: gpd.GeoDataFrame, path: Path) -> None:
    extent = np.nan_to_num(np.abs(table.total_bounds))
    if (extent > (180, 90, 180, 90)).any():
        raise _not_degrees(path, f"coordinates up to {extent.max():,.0f} and no coordinate system")


def _not_degrees(path: Path, found: str) -> Exception:
    return refuse(
        "F109",
        where=path.name,
        found=found,
        wanted="WGS84 longitude and latitude, or a named coordinate system",
        fix="Save it as EPSG:4326, or add its .prj file.",
    )
