"""How map layers look: the table ``assets/map_style.json``, and the size of weighted points."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from scenarios.report.map_layer import Feature, MapLayer

SMALLEST_RADIUS_PX = 1.3
MOST_INK_PX2 = 60_000.0  # a tenth of a map of 1000 by 600 pixels


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


@dataclass(frozen=True, slots=True)
class WeightScale:
    """What the weights of one scale are drawn by: the heaviest one has ``largest_px`` as its radius."""

    heaviest: float
    largest_px: float


def weight_scales(layers: Iterable[MapLayer]) -> dict[str, WeightScale]:
    """The scale of each kind of weight on the page.

    The circles together cover at most ``MOST_INK_PX2``: ten thousand equal houses become dots, not a blot.
    """
    weights: dict[str, list[float]] = defaultdict(list)
    sizes: dict[str, float] = {}
    for layer in layers:
        look = style(layer.style)
        sizes[look.scale] = look.size
        weights[look.scale] += [f.weight for f in layer.features if f.weight]
    return {scale: _scale(found, sizes[scale]) for scale, found in sorted(weights.items()) if found}


def radius_px(feature: Feature, look: LayerStyle, scales: dict[str, WeightScale]) -> float:
    """Radius of a point: its area grows with the weight, so twice the people is twice the ink."""
    scale = scales.get(look.scale)
    if feature.weight is None or scale is None:
        return look.size
    radius = scale.largest_px * math.sqrt(feature.weight / scale.heaviest)
    return round(max(SMALLEST_RADIUS_PX, radius), 1)


def _scale(weights: list[float], size: float) -> WeightScale:
    heaviest = max(weights)
    circles = math.fsum(weights) / heaviest
    return WeightScale(heaviest, min(size, math.sqrt(MOST_INK_PX2 / (math.pi * circles))))


@cache
def _table() -> dict[str, Any]:
    text = files("scenarios.report").joinpath("assets/map_style.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
