"""Region as a folder: ``<layer>.geojson`` for layers with places, ``<layer>.csv`` for tables."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.errors import Fault, InputError, refuse
from geo.region.atomic import replacing
from geo.region.delimited import csv_bytes, read_csv
from geo.region.geojson import geojson_bytes, read_geojson
from geo.region.headers import unknown_layer
from geo.region.layers import LAYERS
from geo.region.origin import Origin, sheet_origin

ENDINGS = (".geojson", ".csv")
NEARLY = 0.85
"""Likeness (Ratcliff and Obershelp, 0 to 1) from which a file name counts as a misspelt layer."""
ALWAYS = "about"
"""The layer that is written even when empty, so that the folder is known as a region."""

Frames = tuple[dict[str, pd.DataFrame], dict[str, Origin]]


def read_folder(folder: Path) -> Frames:
    """The layers of a folder as they stand, and where each came from; other files are left alone.

    A layer with places may also stand as CSV with ``lon`` and ``lat``, or with ``wkt``.

    Raises
    ------
    InputError
        F102 no layer at all, F106 a layer as GeoJSON and as CSV, L122 a file nearly named like a layer, and
        the faults of each file.
    """
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    faults = _misspelt(folder)
    for layer in LAYERS:
        files = [file for ending in ENDINGS if (file := folder / f"{layer}{ending}").is_file()]
        try:
            if len(files) > 1:
                raise _twice(layer)
            if files:
                frames[layer], origins[layer] = _read(files[0])
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    if not frames:
        raise refuse(
            "F102",
            where=str(folder),
            found="a folder without any layer",
            wanted="files named like demand.geojson or stock.csv",
            fix="Name the folder that holds the layers.",
        )
    return frames, origins


def _misspelt(folder: Path) -> list[Fault]:
    """Files that would be passed over in silence although they are nearly named like a layer."""
    files = sorted(file for file in folder.iterdir() if file.suffix in ENDINGS and file.stem not in LAYERS)
    return [
        unknown_layer(file.stem, Origin(file=file.name))
        for file in files
        if get_close_matches(file.stem, LAYERS, n=1, cutoff=NEARLY)
    ]


def _read(file: Path) -> tuple[pd.DataFrame, Origin]:
    if file.suffix == ".csv":
        frame = read_csv(file)
        return frame, sheet_origin(file.name, frame)
    return read_geojson(file), Origin(file=file.name)


def _twice(layer: str) -> InputError:
    return refuse(
        "F106",
        where=f"{layer}.geojson, {layer}.csv",
        found="the layer in two files",
        wanted="one file a layer",
        fix="Delete or rename one of the two.",
    )


def write_folder(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write the layers that hold records; files of layers that hold none any more are removed.

    All contents are made before the first file is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        _name(layer, table): _bytes(layer, table) for layer, table in tables.items() if _kept(layer, table)
    }
    for name, content in contents.items():
        with replacing(folder / name) as beside:
            beside.write_bytes(content)
    for layer in LAYERS:
        for ending in ENDINGS:
            if layer + ending not in contents:
                (folder / f"{layer}{ending}").unlink(missing_ok=True)


def _kept(layer: str, table: pd.DataFrame) -> bool:
    return len(table) > 0 or layer == ALWAYS


def _name(layer: str, table: pd.DataFrame) -> str:
    return f"{layer}.geojson" if isinstance(table, gpd.GeoDataFrame) else f"{layer}.csv"


def _bytes(layer: str, table: pd.DataFrame) -> bytes:
    return geojson_bytes(layer, table) if isinstance(table, gpd.GeoDataFrame) else csv_bytes(table)
