"""GeoJSON layers (RFC 7946): one feature a line, so that a change shows as one line in version control."""

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.errors import InputError, refuse
from geo.region.cells import python_rows
from geo.region.delimited import decode

WGS84_NAMES = re.compile(r"CRS84\b|EPSG:[\d.]*:?(4326|4490)\b")
"""Coordinate systems taken as WGS84 longitude and latitude; CGCS2000 (4490) agrees within decimetres."""


def read_geojson(path: Path) -> gpd.GeoDataFrame:
    """Properties and geometries of a FeatureCollection as they stand.

    Raises
    ------
    InputError
        F103 no JSON, F104 encoding, F108 no FeatureCollection or a broken feature, F109 another system.
    """
    text = decode(path)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refuse(
            "F103",
            where=path.name,
            found=f"no readable JSON: {error}",
            wanted="a whole GeoJSON file",
            fix="Export the layer again; the file may have been cut off.",
        ) from error
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise _not_geojson(path.name, "no FeatureCollection")
    _hold_crs(content, path)
    records = [
        _record(feature, f"{path.name} feature {i}") for i, feature in enumerate(content["features"], 1)
    ]
    properties = pd.DataFrame([p for p, _ in records], dtype=object, index=range(len(records)))
    return gpd.GeoDataFrame(properties, geometry=[g for _, g in records], crs="EPSG:4326")


def _record(feature: Any, where: str) -> tuple[dict[str, Any], Any]:
    try:
        geometry = feature.get("geometry")
        properties = {k: _flat(v) for k, v in (feature.get("properties") or {}).items()}
        return properties, None if geometry is None else shapely.geometry.shape(geometry)
    except (
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        shapely.errors.ShapelyError,
    ) as error:
        raise _not_geojson(where, f"a broken feature: {error}") from error


def _flat(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _hold_crs(content: dict[str, Any], path: Path) -> None:
    crs = json.dumps(content.get("crs") or "CRS84")
    if not WGS84_NAMES.search(crs):
        raise refuse(
            "F109",
            where=path.name,
            found=f"coordinates in {crs}",
            wanted="WGS84 longitude and latitude (EPSG:4326)",
            fix="Save the layer as EPSG:4326.",
        )


def _not_geojson(where: str, found: str) -> InputError:
    return refuse(
        "F108",
        where=where,
        found=found,
        wanted="a GeoJSON FeatureCollection",
        fix="Export the layer as GeoJSON again.",
    )


def geojson_bytes(name: str, table: gpd.GeoDataFrame) -> bytes:
    """A layer as GeoJSON text; empty cells are left out, unplaced records have a null geometry."""
    columns = [column for column in table.columns if column != "geometry"]
    rows = zip(python_rows(pd.DataFrame(table[columns])), table.geometry, strict=True)
    features = ",\n".join(_feature(dict(zip(columns, cells, strict=True)), shape) for cells, shape in rows)
    head = f'{{"type": "FeatureCollection", "name": {json.dumps(name)}, "features": ['
    return f"{head}\n{features}\n]}}\n".encode()


def _feature(cells: dict[str, Any], shape: Any) -> str:
    properties = {k: v for k, v in cells.items() if v is not None}
    geometry = None if shape is None else shapely.geometry.mapping(shape)
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps(feature, ensure_ascii=False, allow_nan=False)
