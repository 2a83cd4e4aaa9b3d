"""The layers of a region as layers of a page's map, and what a page says of where they come from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from geo.region.layers import LAYERS
from geo.region.region import Region
from geo.region.show import LayerSummary, summary
from scenarios.report.map_layer import Feature, GeometryKind, MapLayer
from scenarios.report.table import Column, Row, Table
from scenarios.report.text import Text

SOURCE = Column("source", Text("来源", "Source"))
_DECIMALS = 5  # a metre: the pages are for looking, the region files for computing
_CLASSES = {
    "motorway": ("motorway", "motorway_link"),
    "road_major": ("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"),
}
_ROAD_TITLES = {
    "motorway": Text("高速公路", "Motorways"),
    "road_major": Text("干线公路", "Main roads"),
    "road_minor": Text("一般道路", "Local roads"),
    "road_reconstructed": Text("推定道路", "Reconstructed roads"),
}
_SOURCE_ROW = "source "
_RECONSTRUCTED = "reconstructed"
"""Word in the note of a road that no source draws."""


@dataclass(frozen=True, slots=True)
class _Look:
    layer: str
    style: str
    kind: GeometryKind
    labels: bool = False
    label_zoom: float = 0.0
    shown: bool = True


_GROUND = (
    _Look("boundary", "boundary", "polygon"),
    _Look("townships", "township", "polygon", labels=True),
    _Look("flood_zones", "flood", "polygon", shown=False),
    _Look("rivers", "river", "line", labels=True),
    _Look("railways", "railway", "line"),
)
_PLACES = (
    _Look("hospitals", "hospital", "point", label_zoom=12, shown=False),
    _Look("shelters", "shelter", "point", label_zoom=12, shown=False),
    _Look("depots", "depot", "point", label_zoom=12, shown=False),
    _Look("hazard_sites", "hazard_site", "point", label_zoom=12),
    _Look("teams", "team", "point", label_zoom=12, shown=False),
    _Look("neighbours", "neighbour", "point", labels=True),
)


def ground_layers(region: Region) -> tuple[MapLayer, ...]:
    """What lies under everything: boundary, townships, flood zones, rivers, railways, roads."""
    found = [_layer(region, look) for look in _GROUND]
    return (*(layer for layer in found if layer is not None), *road_layers(region))


def place_layers(region: Region) -> tuple[MapLayer, ...]:
    """What stands on it: hospitals, shelters, depots, hazard sites, teams, neighbours."""
    found = [_layer(region, look) for look in _PLACES]
    return tuple(layer for layer in found if layer is not None)


def road_layers(region: Region) -> tuple[MapLayer, ...]:
    """Roads by how they are drawn; each layer is a few features, since nobody clicks a single road piece."""
    roads = region.placed("roads")
    drawn = np.full(len(roads), "road_minor", dtype=object)
    for style, classes in _CLASSES.items():
        drawn[roads["class"].isin(classes)] = style
    drawn[roads["note"].str.contains(_RECONSTRUCTED, case=False) & (drawn == "road_minor")] = (
        "road_reconstructed"
    )
    return tuple(
        MapLayer(
            id=f"roads-{style}",
            title=title,
            kind="line",
            style=style,
            features=_named_roads(roads[drawn == style]),
        )
        for style, title in _ROAD_TITLES.items()
        if (drawn == style).any()
    )


def _named_roads(roads: gpd.GeoDataFrame) -> tuple[Feature, ...]:
    """One feature a road number or name, lines joined, so that the page stays small."""
    name = roads["name_zh"].where(roads["name_zh"] != "", roads["name_en"])
    titles = roads["ref"].where(roads["ref"] != "", name).to_numpy(np.str_)
    lines = roads.geometry.to_numpy()
    return tuple(
        Feature(title, _geometry(_joined(lines[titles == title])), Text.same(title))
        for title in np.unique(titles).tolist()
    )


def _joined(lines: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> shapely.Geometry:
    merged: shapely.Geometry = shapely.line_merge(shapely.MultiLineString(list(shapely.get_parts(lines))))
    return merged


def _layer(region: Region, look: _Look) -> MapLayer | None:
    table = region.placed(look.layer)
    if look.kind == "polygon":
        table = table[table.geometry.geom_type.str.contains("Polygon")]
    if not len(table):
        return None
    spec = LAYERS[look.layer]
    return MapLayer(
        id=look.layer,
        title=Text(spec.zh, spec.name.replace("_", " ").capitalize()),
        kind=look.kind,
        style=look.style,
        features=features(table),
        columns=(SOURCE,),
        labels=look.labels,
        label_zoom=look.label_zoom,
        shown=look.shown,
    )


def features(table: gpd.GeoDataFrame, values: Sequence[str] = ("source",)) -> tuple[Feature, ...]:
    """Records of a layer as features; ``values`` names the columns their popup lists."""
    return tuple(
        Feature(
            str(record["id"]),
            _geometry(record["geometry"]),
            Text(str(record["name_zh"]), str(record["name_en"])),
            tuple(record[column] for column in values),
        )
        for record in table.to_dict("records")
    )


def _geometry(shape: shapely.Geometry) -> dict[str, object]:
    """GeoJSON rounded to about a metre."""
    rounded = shapely.set_precision(shape, 10.0**-_DECIMALS, mode="pointwise")
    return dict(json.loads(shapely.to_geojson(rounded)))


def provenance_table(region: Region) -> Table:
    """Records of each layer, how many are assumed, and the sources that most of them name."""
    key = _source_names(region)
    return Table(
        id="provenance-table",
        title=Text("各图层的数据来源", "Sources by layer"),
        columns=(
            Column("layer", Text("图层", "Layer")),
            Column("records", Text("记录数", "Records"), "integer"),
            Column("assumed", Text("推定比例", "Assumed"), "percent", bar=True),
            Column("sources", Text("主要来源", "Main sources")),
        ),
        rows=tuple(map(_provenance_row, summary(region).layers)),
        note=Text(
            f"推定（assumed）指没有文件给出、由推算得到的记录；可以用本地台账替换。{key.zh}",
            f"An assumed record rests on no document; replace it by the county's own ledger. {key.en}",
        ),
    )


def _source_names(region: Region) -> Text:
    """Full names of short ones, from records ``source NAME`` of the layer ``about``: Chinese | English."""
    about = region.table("about")
    rows = about[about["id"].str.startswith(_SOURCE_ROW)]
    named = [(row["id"].removeprefix(_SOURCE_ROW), *row["value"].split("|", 1)) for _, row in rows.iterrows()]
    return Text(
        "".join(f"{name}：{full[0].strip()}。" for name, *full in named),
        " ".join(f"{name}: {full[-1].strip()}." for name, *full in named),
    )


def _provenance_row(layer: LayerSummary) -> Row:
    sources = "; ".join(f"{source} ({n})" for source, n in layer.sources[:4])
    title = Text(layer.zh, layer.layer.replace("_", " "))
    return Row((title, layer.records, layer.assumed_share, sources))
