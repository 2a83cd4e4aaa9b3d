"""Where people live: demand points from buildings, from the cells of a population grid, or from a raster."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import yaml
from numpy.typing import NDArray

from geo.datum import to_wgs84
from geo.errors import InputError, refuse
from geo.region.places import CRS
from geo.region.vector_file import read_vector
from geo.roads import Floats, Int64s

Spread = Literal["equal", "area"]
RASTERS = (".tif", ".tiff", ".vrt", ".asc")


@cache
def figures() -> dict[str, Any]:
    """Values of ``geo/data/population.yaml`` by name."""
    text = (files("geo") / "data" / "population.yaml").read_text(encoding="utf-8")
    return {name: entry["value"] for name, entry in yaml.safe_load(text).items()}


def apportion(total: int, weights: Floats) -> Int64s:
    """Whole shares of ``total`` in proportion to ``weights``, shape (n,), >= 0, with exactly that sum.

    Largest remainders (Hamilton); on equal remainders the earlier share gets the unit. All weights zero
    count as equal. No weight at all takes no total: ``ValueError`` unless ``total`` is 0.
    """
    weights = np.asarray(weights, np.float64)
    if not len(weights):
        if total:
            raise ValueError(f"weights: want at least one to share out {total}")
        return np.zeros(0, np.int64)
    if not weights.any():
        weights = np.ones(len(weights))
    exact = total * (weights / weights.sum())
    shares: Int64s = np.floor(exact).astype(np.int64)
    left = int(total - shares.sum())
    shares[np.argsort(-(exact - shares), kind="stable")[:left]] += 1
    return shares


def demand_from_buildings(
    buildings: gpd.GeoDataFrame, *, people: int | None = None, spread: Spread = "equal"
) -> gpd.GeoDataFrame:
    """A demand point at each building.

    ``people`` are shared out over all buildings, equally or by floor area (ground area times storeys, one
    where unknown); without a total each building has the ``people_per_building`` of the data file.
    """
    weights = np.ones(len(buildings))
    if spread == "area":
        weights = buildings["area_m2"].to_numpy(np.float64) * buildings["levels"].fillna(1).clip(1).to_numpy(
            np.float64
        )
    total = len(buildings) * figures()["people_per_building"] if people is None else people
    counts = apportion(total if len(buildings) else 0, weights)
    return gpd.GeoDataFrame(
        {
            "id": buildings["id"],
            "name_zh": buildings["name_zh"],
            "name_en": buildings["name_en"],
            "people": pd.array(counts, "Int64"),
            "kind": buildings["kind"].replace("yes", "building"),
            "source": buildings["source"].astype("str") + "; people assumed",
        },
        geometry=buildings.geometry,
    )


def demand_from_grid(path: Path, *, column: str | None = None, datum: str = "wgs84") -> gpd.GeoDataFrame:
    """A demand point within each cell that has people, of a file of cells or of a raster.

    Fractions of people are rounded so that the sum stays the rounded sum of the file.

    Raises
    ------
    InputError
        F130 no column of people, F131 people that are no numbers or negative, F132 rasterio not installed,
        and those of ``read_vector``.
    """
    places, people = _raster(path, datum) if path.suffix.lower() in RASTERS else _cells(path, column, datum)
    lived_in = people > 0
    counts = apportion(round(float(people[lived_in].sum())), people[lived_in])
    shapes = places[lived_in]
    return gpd.GeoDataFrame(
        {
            "id": [f"cell-{i}" for i in np.flatnonzero(lived_in)],
            "people": pd.array(counts, "Int64"),
            "kind": "cell",
            "source": path.name,
        },
        geometry=shapes,
        crs=CRS,
    )


def _cells(path: Path, column: str | None, datum: str) -> tuple[NDArray[np.object_], Floats]:
    table = read_vector(path, layer="population", datum=datum)
    table = table[table.geometry.notna()]
    name = _people_column(table, path, column)
    people = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)
    if not (np.isfinite(people).all() and (people >= 0).all()):
        wrong = int(np.flatnonzero(~(np.isfinite(people) & (people >= 0)))[0])
        raise refuse(
            "F131",
            where=f"{path.name} feature {wrong + 1}, column {name}",
            found=repr(table[name].iloc[wrong]),
            wanted="people, 0 or more",
            fix="Correct the cell, or write 0 where nobody lives or the number is withheld.",
        )
    return shapely.point_on_surface(table.geometry.to_numpy()), people


def _people_column(table: gpd.GeoDataFrame, path: Path, column: str | None) -> str:
    wanted = [column] if column else figures()["population_columns"]
    for name in table.columns:
        if str(name).lower() in wanted or name == column:
            return str(name)
    raise refuse(
        "F130",
        where=path.name,
        found=f"columns {', '.join(map(str, table.columns.drop('geometry')))}",
        wanted=f"a column {column}" if column else f"a column named like {', '.join(wanted[:4])}",
        fix="Name the column that holds the people.",
    )


def _raster(path: Path, datum: str) -> tuple[NDArray[np.object_], Floats]:
    try:
        import rasterio
        from rasterio.warp import transform
    except ImportError as error:
        raise _no_rasterio(path) from error
    try:
        with rasterio.open(path) as raster:
            band = raster.read(1, masked=True).astype(np.float64).filled(0.0)
            rows, columns = np.nonzero(band > 0)
            place, right, down = raster.transform, columns + 0.5, rows + 0.5
            x = place.c + place.a * right + place.b * down
            y = place.f + place.d * right + place.e * down
            lon, lat = transform(raster.crs or CRS, CRS, x, y)
    except rasterio.errors.RasterioError as error:
        raise refuse(
            "F103",
            where=path.name,
            found=f"no readable raster: {error}",
            wanted="a whole GeoTIFF",
            fix="Download or export it again.",
        ) from error
    lonlat = to_wgs84(np.column_stack([lon, lat]), datum)
    return np.asarray(shapely.points(lonlat), np.object_), band[rows, columns]


def _no_rasterio(path: Path) -> InputError:
    return refuse(
        "F132",
        where=path.name,
        found="a raster, and the package rasterio is not installed",
        wanted="the optional part `raster` of Muster",
        fix="Install muster[raster], or give the grid as polygons in a GeoPackage.",
    )
