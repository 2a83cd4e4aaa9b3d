"""Roads from a Shapefile, GeoPackage or GeoJSON of somebody else, by a mapping of its columns."""

from pathlib import Path

import geopandas as gpd

from geo.errors import refuse
from geo.region.mapping import TableMapping, mapped, read_mapping
from geo.region.vector_file import read_vector


def read_road_file(path: Path, mapping_path: Path | None = None, *, datum: str = "wgs84") -> gpd.GeoDataFrame:
    """Road records of a map file, one for each single line.

    Without a mapping file the columns must have our names. The datum of the mapping holds where it says one
    other than WGS84. Records without ``id`` are numbered in file order; without ``source`` they carry the
    file's name.

    Raises
    ------
    InputError
        F138 no class of roads, and those of ``read_mapping``, ``mapped`` and ``read_vector``.
    """
    mapping = read_mapping(mapping_path) if mapping_path else TableMapping(layer="roads")
    datum = mapping.datum if mapping.datum != "wgs84" else datum
    table = read_vector(path, layer=mapping.sheet or "roads", datum=datum, encoding=mapping.encoding)
    if mapping_path:
        frame, _ = mapped(table, mapping, where=path.name)
        table = gpd.GeoDataFrame(frame, geometry=table.geometry)
    if "class" not in table:
        raise refuse(
            "F138",
            where=path.name,
            found=f"columns {', '.join(map(str, table.columns.drop('geometry')))}",
            wanted="a column for the class of each road",
            fix="Write a mapping file that names it, or a constant class.",
        )
    return _single_lines(table, path)


def _single_lines(table: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if "id" not in table:
        table = table.assign(id=[f"road-{i}" for i in range(1, len(table) + 1)])
    if "source" not in table:
        table = table.assign(source=path.name)
    parts = table.explode(ignore_index=False)
    part = parts.groupby(level=0).cumcount()
    several = parts.index.duplicated(keep=False)
    ids = parts["id"].astype(str)
    return parts.assign(id=ids.where(~several, ids + "-" + (part + 1).astype(str))).reset_index(drop=True)
