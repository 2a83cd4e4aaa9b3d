"""A region: every layer of one county as a validated table, immutable by agreement."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.region.layers import LAYERS


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """All layers of a region; layers that the files lack are empty tables.

    Parameters
    ----------
    name
        Name of the file or folder it came from, without its ending.
    tables
        One table a layer, columns and types as ``LAYERS`` says, in file order. Layers with a geometry are
        ``GeoDataFrame`` in WGS84 longitude and latitude; a record not yet placed has no geometry.
        Tables are shared, not copied: whoever changes one works on a copy.
    path
        Where it was read from.
    """

    name: str
    tables: Mapping[str, pd.DataFrame]
    path: Path | None = None

    def table(self, layer: str) -> pd.DataFrame:
        """The table of a layer, unplaced records included."""
        return self.tables[layer]

    def placed(self, layer: str) -> gpd.GeoDataFrame:
        """Records of a layer that have a place, index renewed; the others are left out of computing.

        Looked up once: a plan asks for the same layers dozens of times.
        """
        if layer not in self._placed:
            table = self.tables[layer]
            assert isinstance(table, gpd.GeoDataFrame), f"layer {layer} has no places"
            there = table.geometry.notna() & ~table.geometry.is_empty
            self._placed[layer] = table[there].reset_index(drop=True)
        return self._placed[layer]

    def about(self, key: str, default: str = "") -> str:
        """A fact about the region itself, from the ``about`` layer."""
        table = self.tables["about"]
        found = table.loc[table["id"] == key, "value"]
        return str(found.iloc[0]) if len(found) else default

    def digest(self) -> str:
        """SHA-256 of all tables: the same content has the same digest in every file form."""
        return self._digest

    @cached_property
    def _placed(self) -> dict[str, gpd.GeoDataFrame]:
        return {}

    @cached_property
    def _digest(self) -> str:
        total = hashlib.sha256()
        for layer in LAYERS:
            table = self.tables[layer]
            total.update(f"{layer}\0{len(table)}\0".encode())
            for column in table.columns:
                total.update(f"{column}\0".encode() + "\0".join(_texts(table[column])).encode())
        return total.hexdigest()


def _texts(values: pd.Series) -> list[str]:
    """Each value as text, empty where it is missing; geometries as well-known binary."""
    if values.name == "geometry":
        shapes = values.to_numpy()
        texts = shapely.to_wkb(shapes, hex=True)
        return [
            "" if none else str(text)
            for none, text in zip(shapely.is_missing(shapes) | shapely.is_empty(shapes), texts, strict=True)
        ]
    return ["" if none else str(value) for none, value in zip(values.isna(), values, strict=True)]
