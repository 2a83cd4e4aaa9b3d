"""How map layers look: the table ``assets/map_style.json``, and the size of weighted points."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from scenarios.report.map_layer import Feature, MapLayer

SMALLEST_RADIUS_PX = 1.3


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """One look. ``size`` is the radius of a point, of the heaviest one where points have weights; pixels.

    ``scale`` names the weights that share one scale, so that equal people are equal circles in every layer.
    """

    stroke: str
    width: float
    fill: str | None = None
    fill_opacity: float = 1.0
    dash: tuple[float, ...] = ()
    symbol: str | None = None
    size: float = 0.0
    scale: str = ""


@cache
def style(key: str) -> LayerStyle:
    """The look of a key; a key that is not in the table is a mistake of the caller (``KeyError``)."""
    row = _table()["styles"][key]
    return LayerStyle(**{"scale": key, **row, "dash": tuple(row.get("dash", ()))})


def symbol_path(name: str) -> str:
    """Outline of a symbol as an SVG path around (0, 0), about 9 units to each side."""
    return str(_table()["symbols"][name])


def style_keys() -> tuple[str, ...]:
    """All keys a layer may name."""
    return tuple(_table()["styles"])


def heaviest(layers: Iterable[MapLayer]) -> dict[str, float]:
    """The largest weight of each scale on the page."""
    most: dict[str, float] = {}
    for layer in layers:
        scale = style(layer.style).scale
        for feature in layer.features:
            most[scale] = max(most.get(scale, 0.0), feature.weight or 0.0)
    return most


def radius_px(feature: Feature, look: LayerStyle, most: dict[str, float]) -> float:
    """Radius of a point: its area grows with the weight, so twice the people is twice the ink."""
    if feature.weight is None or not most.get(look.scale):
        return look.size
    return round(max(SMALLEST_RADIUS_PX, look.size * math.sqrt(feature.weight / most[look.scale])), 1)


@cache
def _table() -> dict[str, Any]:
    text = files("scenarios.report").joinpath("assets/map_style.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
