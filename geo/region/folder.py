"""Region as a folder: ``<layer>.geojson`` for layers with places, ``<layer>.csv`` for tables."""

from collections.abc import Collection, Mapping
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
        F102 no layer at all, F106 a layer as GeoJSON and as CSV, F113 a layer's name on what is no such file,
        L122 a file nearly named like a layer, and the faults of each file.
    """
    frames: dict[str, pd.DataFrame] = {}
    origins: dict[str, Origin] = {}
    faults = _misspelt(folder) + _unreadable(folder)
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
    files = sorted(
        file
        for file in folder.iterdir()
        if file.suffix in ENDINGS and file.stem not in LAYERS and not file.name.startswith(".")
    )  # hidden files are leftovers of other programs, macOS's ._demand.csv among them
    return [
        unknown_layer(file.stem, Origin(file=file.name))
        for file in files
        if get_close_matches(file.stem, LAYERS, n=1, cutoff=NEARLY)
    ]


def _unreadable(folder: Path) -> list[Fault]:
    """What is named like a layer and would be passed over: folders, dangling links, other endings."""
    return [
        Fault(
            code="F113",
            where=file.name,
            found="a file of another ending" if file.is_file() else "no file",
            wanted=f"a file named {file.stem}.geojson or {file.stem}.csv",
            fix="Rename it, or move it out of the folder if it is no layer.",
        )
        for file in sorted(folder.iterdir())
        if file.stem in LAYERS
        and file.suffix.lower() in (*ENDINGS, ".json")
        and not (file.suffix in ENDINGS and file.is_file())
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

    Raises
    ------
    InputError
        F114 a folder that Muster did not write, with files that would be removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        _name(layer, table): _bytes(layer, table) for layer, table in tables.items() if _kept(layer, table)
    }
    _refuse_foreign_files(folder, contents)
    for name, content in contents.items():
        with replacing(folder / name) as beside:
            beside.write_bytes(content)
    for layer in LAYERS:
        for ending in ENDINGS:
            if layer + ending not in contents:
                (folder / f"{layer}{ending}").unlink(missing_ok=True)


def _refuse_foreign_files(folder: Path, contents: Collection[str]) -> None:
    """Somebody's own ``contacts.csv`` is not a layer that became empty."""
    names = [layer + ending for layer in LAYERS for ending in ENDINGS]
    foreign = [name for name in names if name not in contents and (folder / name).exists()]
    if foreign and not (folder / f"{ALWAYS}.csv").exists():
        raise refuse(
            "F114",
            where=str(folder),
            found=f"{', '.join(foreign)}, no part of this region",
            wanted="an empty folder, or one that holds a region",
            fix="Choose another folder, or move these files away; they would be removed.",
        )


def _kept(layer: str, table: pd.DataFrame) -> bool:
    return len(table) > 0 or layer == ALWAYS


def _name(layer: str, table: pd.DataFrame) -> str:
    return f"{layer}.geojson" if isinstance(table, gpd.GeoDataFrame) else f"{layer}.csv"


def _bytes(layer: str, table: pd.DataFrame) -> bytes:
    return geojson_bytes(layer, table) if isinstance(table, gpd.GeoDataFrame) else csv_bytes(table)
