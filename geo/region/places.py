"""Geometry of a layer: longitude and latitude to seven decimals, of the right kind; wrong ones are listed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.region.cells import WrongCell, is_missing, shown

DECIMALS = 7
"""Decimals of a degree kept in every file form: about one centimetre."""
CRS = "EPSG:4326"


def settle(geometries: Sequence[Any], kinds: tuple[str, ...]) -> tuple[NDArray[np.object_], list[WrongCell]]:
    """Geometries in their stored form, ``None`` where there is none, and the ones refused.

    Heights are dropped, coordinates rounded to ``DECIMALS``, collections of one part unpacked.
    """
    shapes = np.array([None if is_missing(g) else g for g in geometries], dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    shapes = _unpacked(_rounded(shapely.force_2d(shapes)))
    wrong = []
    for position in _suspects(shapes, kinds).tolist():
        code, found, wanted = _fault_of(shapes[position], kinds)
        wrong.append(WrongCell(position=position, code=code, found=found, wanted=wanted))
        shapes[position] = None
    return shapes, wrong


def _suspects(shapes: NDArray[np.object_], kinds: tuple[str, ...]) -> NDArray[np.int64]:
    """Positions of the shapes that are of another kind or have a coordinate that is none."""
    types = [int(shapely.GeometryType[kind.upper()]) for kind in kinds]
    foreign = ~np.isin(shapely.get_type_id(shapes), [-1, *types])  # -1 stands for no shape
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    sane = (np.abs(coordinates) <= (180.0, 90.0)).all(axis=1)
    return np.union1d(np.flatnonzero(foreign), owner[~sane]).astype(np.int64)


def _rounded(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    rounded: NDArray[np.object_] = shapely.transform(shapes, lambda c: np.round(c, DECIMALS) + 0.0)
    return rounded


def _unpacked(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    for position in np.flatnonzero(
        (shapely.get_type_id(shapes) > 3) & (shapely.get_num_geometries(shapes) == 1)
    ):
        shapes[position] = shapely.get_geometry(shapes[position], 0)
    return shapes


def _fault_of(shape: Any, kinds: tuple[str, ...]) -> tuple[str, str, str]:
    if shape.geom_type not in kinds:
        return "L114", f"a {shape.geom_type}", f"a {' or '.join(kinds)}"
    coordinates = shapely.get_coordinates(shape)
    if not np.isfinite(coordinates).all():
        return "L115", "coordinates that are not numbers", "longitude and latitude in degrees"
    outside = (np.abs(coordinates) > (180.0, 90.0)).any(axis=1)
    lon, lat = coordinates[outside.argmax()].tolist()
    found = f"({lon:.10g}, {lat:.10g})"
    if abs(lon) <= 90 and 90 < abs(lat) <= 180:
        return "L116", f"{found}, which looks like latitude, longitude", "longitude, latitude"
    if max(abs(lon), abs(lat)) > 1000:
        return "L117", f"{found}, which looks like metres", "longitude and latitude in degrees, WGS84"
    return "L115", found, "longitude -180 to 180 and latitude -90 to 90"


def points_from_cells(lon: Sequence[Any], lat: Sequence[Any]) -> tuple[list[Any], list[WrongCell]]:
    """Points from two columns of a table; both cells empty is a record without a place."""
    points: list[Any] = []
    wrong: list[WrongCell] = []
    for position, pair in enumerate(zip(lon, lat, strict=True)):
        empty = [is_missing(value) for value in pair]
        if all(empty):
            points.append(None)
            continue
        try:
            points.append(shapely.Point([float("nan" if e else v) for e, v in zip(empty, pair, strict=True)]))
            found = "one of the two cells empty" if any(empty) else ""
        except (ValueError, TypeError):
            points.append(None)
            found = f"{shown(str(pair[0]))}, {shown(str(pair[1]))}"
        if found:
            points[-1] = None
            wrong.append(
                WrongCell(position=position, code="L118", found=found, wanted="two numbers in degrees")
            )
    return points, wrong


def shapes_from_wkt(texts: Sequence[Any]) -> tuple[list[Any], list[WrongCell]]:
    """Geometries from a column of well-known text or of geometries; an empty cell is an unplaced record."""
    shapes: list[Any] = []
    wrong: list[WrongCell] = []
    for position, text in enumerate(texts):
        try:
            shapes.append(_shape_of(text))
        except shapely.errors.GEOSException:
            shapes.append(None)
            wrong.append(
                WrongCell(
                    position=position, code="L119", found=shown(str(text)), wanted="well-known text (WKT)"
                )
            )
    return shapes, wrong


def _shape_of(cell: Any) -> Any:
    if is_missing(cell) or isinstance(cell, shapely.Geometry):
        return None if is_missing(cell) else cell
    return shapely.from_wkt(str(cell))


def wkt_of(shape: Any) -> str:
    """Well-known text that reads back to the very same coordinates; ``""`` for no geometry."""
    return "" if shape is None else str(shapely.to_wkt(shape, rounding_precision=DECIMALS, trim=True))
