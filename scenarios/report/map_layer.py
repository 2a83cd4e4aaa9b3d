"""A layer of the page's map: features with geometry, their values for the popup, and one look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from scenarios.report.table import Column
from scenarios.report.text import Text, Value

GeometryKind = Literal["point", "line", "polygon"]
Geometry = Mapping[str, Any]
"""A GeoJSON geometry, WGS84 longitude and latitude."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map.

    Parameters
    ----------
    geometry
        GeoJSON geometry in WGS84 longitude/latitude, of the kind of its layer (Multi... allowed).
    title
        Name in the popup; also its label where the layer has labels.
    values
        What the popup lists, one value per column of the layer.
    weight
        Size of a point (such as its people); the area of the circle grows with it.
    """

    id: str
    geometry: Geometry
    title: Text
    values: tuple[Value, ...] = ()
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class MapLayer:
    """Features that share a look, a legend line and a switch. Later layers are drawn over earlier ones.

    Parameters
    ----------
    style
        Key of ``assets/map_style.json``: colour, symbol, width.
    columns
        What the popup lists of each feature.
    labels
        Write the titles on the map; of two that collide the later layer's, then the heavier one's, stays.
    label_zoom
        Web map zoom from which on the interactive map shows the labels; the printed map shows those up to 11.
    shown
        Whether the layer is switched on at first.
    """

    id: str
    title: Text
    kind: GeometryKind
    style: str
    features: tuple[Feature, ...]
    columns: tuple[Column, ...] = ()
    labels: bool = False
    label_zoom: float = 0.0
    shown: bool = True

    def __post_init__(self) -> None:
        for feature in self.features:
            if len(feature.values) != len(self.columns):
                raise ValueError(
                    f"layer {self.id}, feature {feature.id}:"
                    f" {len(feature.values)} values for {len(self.columns)} columns"
                )
            if self.kind not in str(feature.geometry["type"]).lower().replace("linestring", "line"):
                found = f"a {feature.geometry['type']} in a {self.kind} layer"
                raise ValueError(f"layer {self.id}, feature {feature.id}: {found}")
