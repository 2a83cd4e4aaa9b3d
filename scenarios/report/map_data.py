"""What the interactive map reads: the layers as JSON inside the page, kept within a size."""

import json
from collections.abc import Sequence
from typing import Any

from scenarios.report.label_point import label_point
from scenarios.report.map_frame import Frame
from scenarios.report.map_layer import Feature, Geometry, MapLayer
from scenarios.report.map_style import LayerStyle, WeightScale, radius_px, style, symbol_path, weight_scales
from scenarios.report.table import Column
from scenarios.report.text import LANGUAGES, Text, written

DECIMALS = 5  # of a degree: about one metre
TOLERANCES_DEG = (0.0, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002)  # 0 to about 200 m
LARGEST_BYTES = 3_000_000  # beside a bundle of 1.7 MB this keeps the page near 5 MB


def map_json(layers: Sequence[MapLayer], frame: Frame) -> tuple[str, float]:
    """The layers as JSON for a script element, and the tolerance in degrees that they were thinned by.

    Lines and areas are thinned (Douglas-Peucker) by the smallest of ``TOLERANCES_DEG`` that keeps the JSON
    within ``LARGEST_BYTES``, at the last by the largest.
    """
    for tolerance in TOLERANCES_DEG:
        data = {
            "frame": [frame.west, frame.south, frame.east, frame.north],
            "layers": _layers(layers, tolerance),
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        if len(text.encode()) <= LARGEST_BYTES:
            break
    return text.replace("<", "\\u003c"), tolerance


def _layers(layers: Sequence[MapLayer], tolerance: float) -> list[dict[str, Any]]:
    scales = weight_scales(layers)
    return [_layer(layer, scales, tolerance) for layer in layers]


def _layer(layer: MapLayer, scales: dict[str, WeightScale], tolerance: float) -> dict[str, Any]:
    look = style(layer.style)
    return {
        "id": layer.id,
        "title": _words(layer.title),
        "kind": layer.kind,
        "style": _style(look),
        "columns": [_words(_column_title(column)) for column in layer.columns],
        "labels": layer.labels,
        "labelZoom": layer.label_zoom,
        "features": [_feature(f, layer, radius_px(f, look, scales), tolerance) for f in layer.features],
    }


def _style(look: LayerStyle) -> dict[str, Any]:
    path = None if look.symbol in (None, "circle") else symbol_path(str(look.symbol))
    return {
        "fill": look.fill,
        "fillOpacity": look.fill_opacity,
        "stroke": look.stroke,
        "width": look.width,
        "dash": list(look.dash),
        "path": path,
        "size": look.size,
    }


def _feature(feature: Feature, layer: MapLayer, radius: float, tolerance: float) -> list[Any]:
    """A feature as [id, title, geometry, popup values, radius, place of its name or null]."""
    values = [
        _words(written(value, column.format))
        for column, value in zip(layer.columns, feature.values, strict=True)
    ]
    geometry = feature.geometry if layer.kind == "point" else _thinned(feature.geometry, tolerance)
    place = _round(label_point(feature.geometry)) if layer.labels else None
    return [feature.id, _words(feature.title), _rounded(geometry), values, radius, place]


def _words(text: Text) -> str | list[str]:
    zh, en = (text.of(language) for language in LANGUAGES)
    return zh if zh == en else [zh, en]


def _column_title(column: Column) -> Text:
    unit = column.shown_unit
    if not (unit.zh or unit.en):
        return column.title
    return Text(f"{column.title.of('zh')}（{unit.of('zh')}）", f"{column.title.of('en')} ({unit.of('en')})")


def _thinned(geometry: Geometry, tolerance: float) -> Geometry:
    if tolerance == 0.0:
        return geometry
    from shapely.geometry import mapping, shape

    thin: Geometry = mapping(shape(dict(geometry)).simplify(tolerance))
    return thin


def _rounded(geometry: Geometry) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": _round(geometry["coordinates"])}


def _round(coordinates: Any) -> Any:
    if isinstance(coordinates, (int, float)):
        return round(float(coordinates), DECIMALS)
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [round(float(number), DECIMALS) for number in coordinates[:2]]
    return [_round(inner) for inner in coordinates]
