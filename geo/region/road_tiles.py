"""Vector tiles of a region's roads: one PMTiles file of which a map reads byte ranges, kept in a cache."""

import hashlib
import os
import tempfile
from pathlib import Path

import geopandas as gpd
import platformdirs
import shapely

from geo.region.region import Region

LAYER = "roads"
COLUMNS = ("id", "class", "name_zh", "name_en", "ref", "bridge", "geometry")
"""What a map shows of a road, and by which it names one that is closed."""
ZOOMS = (8, 14)
"""Smallest and largest zoom of the tiles, inclusive; a map draws those of 14 when it is closer."""
_FORM = "1"
"""Of the tiles: another one makes them anew."""


def tiles_file(region: Region, *, folder: Path | None = None) -> Path:
    """Where the tiles of these roads are kept, made or not; the same roads have the same file.

    The name of the file stands inside it, so only its folder tells one road network from another.
    """
    return (folder or _cache()) / _digest(region.placed(LAYER)) / "roads.pmtiles"


def make_tiles(region: Region, *, folder: Path | None = None) -> Path | None:
    """The tiles of a region's roads, made unless they are there; None for a region without roads.

    The same roads give the same bytes with one version of GDAL. Programs that make them at once do not
    disturb each other.
    """
    roads = region.placed(LAYER)
    if not len(roads):
        return None
    file = tiles_file(region, folder=folder)
    if not file.is_file():
        file.parent.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent.parent, prefix=".making-") as scratch:
            _write(roads, Path(scratch, file.name))
            file.parent.mkdir(exist_ok=True)
            Path(scratch, file.name).replace(file)
    return file


def _write(roads: gpd.GeoDataFrame, file: Path) -> None:
    import pyogrio

    lowest, highest = ZOOMS
    table = roads[list(COLUMNS)].sort_values("id", kind="stable", ignore_index=True)
    pyogrio.write_dataframe(
        table, file, driver="PMTiles", layer=LAYER, MINZOOM=lowest, MAXZOOM=highest, NAME=LAYER
    )


def _digest(roads: gpd.GeoDataFrame) -> str:
    total = hashlib.sha256(f"{_FORM} {ZOOMS}".encode())
    for name in COLUMNS[:-1]:
        total.update("\0".join(map(str, roads[name])).encode())
    total.update(b"".join(shapely.to_wkb(roads.geometry.to_numpy())))
    return total.hexdigest()[:32]


def _cache() -> Path:
    """The user's cache folder; a fresh temporary one where it cannot be written."""
    folder = platformdirs.user_cache_path("muster", appauthor=False) / "tiles"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="muster-tiles-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="muster-tiles-"))
