"""The outline of a region that is being built, and what lies within it."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import refuse
from geo.region.places import CRS
from geo.region.vector_file import read_vector
from geo.snap import ground_scale, project, unproject


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Shape of a region; ``None`` where none is known.

    Parameters
    ----------
    shape
        Polygon or multipolygon, WGS84.
    source
        Where the shape comes from.
    clips
        Whether what lies outside is left out; an outline found in the data itself leaves all in.
    """

    shape: shapely.Geometry | None
    source: str
    clips: bool

    def within(self, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """The records that touch the outline; all of them where it does not clip."""
        return _touching(table, self.shape) if self.clips and self.shape is not None else table

    def near(self, table: gpd.GeoDataFrame, *, beyond_m: float) -> gpd.GeoDataFrame:
        """The records that come within ``beyond_m`` of the outline, whole."""
        if not self.clips or self.shape is None:
            return table
        lat = shapely.get_y(shapely.centroid(self.shape))
        map_m = beyond_m / float(ground_scale(np.array([lat]))[0])
        wider = shapely.buffer(shapely.transform(self.shape, project), map_m)
        return _touching(table, shapely.transform(wider, unproject))

    def frame(self) -> gpd.GeoDataFrame:
        """The layer ``boundary``: one record, or none."""
        known = self.shape is not None
        columns = {"id": ["boundary"] * known, "source": [self.source] * known}
        return gpd.GeoDataFrame(columns, geometry=np.full(int(known), self.shape), crs=CRS)


def _touching(table: gpd.GeoDataFrame, shape: shapely.Geometry) -> gpd.GeoDataFrame:
    shapely.prepare(shape)
    return table[shapely.intersects(shape, table.geometry.to_numpy())].reset_index(drop=True)


def read_outline(path: Path, *, datum: str) -> Outline:
    """The union of all polygons of a file.

    Raises
    ------
    InputError
        F135 no polygon, or one that crosses itself; and those of ``read_vector``.
    """
    shapes = read_vector(path, layer="boundary", datum=datum).geometry.dropna()
    polygons = [shape for shape in shapes if shape.geom_type in ("Polygon", "MultiPolygon")]
    if not polygons or not shapely.is_valid(polygons).all():
        raise refuse(
            "F135",
            where=path.name,
            found="a polygon that crosses itself" if polygons else "no polygon",
            wanted="the outline of the region as a polygon",
            fix="Mend it in QGIS with Fix geometries, or turn lines into polygons.",
        )
    return Outline(shape=shapely.union_all(polygons), source=path.name, clips=True)
