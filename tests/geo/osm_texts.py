"""Small OpenStreetMap files written in the tests: nodes on a grid of about 100 m, ways, relations."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd

from geo.osm import OsmExtract, read_osm

GRID = 0.001
Tags = Mapping[str, str]


def node(number: int, x: float, y: float, **tags: str) -> str:
    """A node at ``x`` steps east and ``y`` north of 106.5 E, 38.9 N."""
    place = f'lon="{106.5 + x * GRID:.7f}" lat="{38.9 + y * GRID:.7f}"'
    return f'<node id="{number}" version="1" {place}>{_tags(tags)}</node>'


def way(number: int, nodes: Sequence[int], tags: Tags | None = None, **more: str) -> str:
    """A way; ``residential`` unless the tags say another ``highway``."""
    tags = {"highway": "residential", **(tags or {}), **more}
    refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
    return f'<way id="{number}" version="1">{refs}{_tags({k: v for k, v in tags.items() if v})}</way>'


def relation(number: int, members: Sequence[tuple[str, int, str]], tags: Tags) -> str:
    """A relation of members (type, number, role)."""
    parts = "".join(f'<member type="{t}" ref="{n}" role="{r}"/>' for t, n, r in members)
    return f'<relation id="{number}" version="1">{parts}{_tags(tags)}</relation>'


def osm_text(*elements: str) -> str:
    """A whole file; nodes first, then ways, then relations, as they are given."""
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(elements)}</osm>'


def read(folder: Path, *elements: str) -> OsmExtract:
    """Write the elements to ``map.osm`` and read them."""
    path = folder / "map.osm"
    path.write_text(osm_text(*elements), encoding="utf-8")
    return read_osm(path)


def rows(table: gpd.GeoDataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Values of some columns, row by row."""
    return list(table[list(columns)].itertuples(index=False, name=None))


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
