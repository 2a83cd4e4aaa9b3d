"""The map as a drawing: what a reader sees on paper, without JavaScript and without WebGL."""

import html
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from scenarios.report.label_point import label_point
from scenarios.report.map_frame import LonLat, Projection, parts
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.map_style import LayerStyle, WeightScale, radius_px, style, symbol_path, weight_scales
from scenarios.report.svg_labels import FONT_PX, Anchor, Box, language_tag, place, symbol_box
from scenarios.report.text import LANGUAGES, Language

WIDTH_PX, SHORTEST_PX, TALLEST_PX = 1000.0, 480.0, 760.0
NAMED_FEATURES = (
    400  # a layer of more features is drawn as one path without a tooltip each: a tenth of the bytes
)
LABEL_ZOOM = 11.0  # labels that the interactive map shows only closer than this are left out of the drawing
_THIN_PX = 0.6
_SYMBOL_UNITS = 9.0


def svg_map(layers: Sequence[MapLayer], projection: Projection) -> str:
    """All layers in order, then the names, then the scale bar, as one SVG element.

    Each layer is a group of class ``map-layer-N``, N its place in ``layers``, which the page's switches hide.
    """
    scales = weight_scales(layers)
    groups = [_group(number, layer, projection, scales) for number, layer in enumerate(layers)]
    names = [_names(layers, projection, scales, language) for language in LANGUAGES]
    size = f"{projection.width:g} {projection.height:g}"
    return (
        f'<svg class="drawn-map" viewBox="0 0 {size}" role="img" aria-labelledby="map-title">'
        f'<rect class="map-ground" width="100%" height="100%"/>{"".join(groups)}{"".join(names)}'
        f"{_scale_bar(projection)}</svg>"
    )


def swatch(layer: MapLayer) -> str:
    """The look of a layer as a small drawing for the legend."""
    look = style(layer.style)
    if layer.kind == "point":
        radius = min(look.size, 6.5)
        mark = _mark(look, 12, 8, radius)
    elif layer.kind == "line":
        mark = f'<path d="M1 8H23" {_paint(look)}/>'
    else:
        mark = f'<path d="M2 2H22V14H2Z" {_paint(look)}/>'
    return f'<svg class="swatch" viewBox="0 0 24 16" aria-hidden="true">{mark}</svg>'


def _group(number: int, layer: MapLayer, projection: Projection, scales: dict[str, WeightScale]) -> str:
    look = style(layer.style)
    if layer.kind == "point":
        drawn = _points(layer, projection, look, scales)
    else:
        drawn = _lines(layer, projection, look)
    return f'<g class="map-layer-{number}">{drawn}</g>'


def _lines(layer: MapLayer, projection: Projection, look: LayerStyle) -> str:
    closed = layer.kind == "polygon"
    paths = [(f, "".join(_path(f, projection, closed=closed))) for f in layer.features]
    if len(paths) > NAMED_FEATURES:
        return f'<path {_paint(look)} d="{"".join(d for _, d in paths)}"/>'
    shapes = "".join(f'<path d="{d}">{_tooltip(feature)}</path>' for feature, d in paths if d)
    return f"<g {_paint(look)}>{shapes}</g>"


def _path(feature: Feature, projection: Projection, *, closed: bool) -> Iterator[str]:
    for run in parts(feature.geometry):
        pixels = [projection.xy(point) for point in run]
        if _outside(pixels, projection):
            continue
        yield "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in _thinned(pixels)) + ("Z" if closed else "")


def _outside(pixels: list[LonLat], projection: Projection) -> bool:
    xs, ys = [p[0] for p in pixels], [p[1] for p in pixels]
    return max(xs) < 0 or max(ys) < 0 or min(xs) > projection.width or min(ys) > projection.height


def _thinned(pixels: list[LonLat]) -> list[LonLat]:
    """Points nearer to the last kept one than the eye can tell are left out; both ends stay."""
    kept = [pixels[0]]
    for x, y in pixels[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _THIN_PX:
            kept.append((x, y))
    return [*kept, pixels[-1]]


def _points(layer: MapLayer, projection: Projection, look: LayerStyle, scales: dict[str, WeightScale]) -> str:
    placed = list(_placed(layer.features, projection))
    if len(placed) > NAMED_FEATURES:
        return _dots([(xy, radius_px(f, look, scales)) for f, xy in placed], look)
    marks = (
        f"<g>{_mark(look, x, y, radius_px(feature, look, scales))}{_tooltip(feature)}</g>"
        for feature, (x, y) in placed
    )
    return "".join(marks)


def _placed(features: Iterable[Feature], projection: Projection) -> Iterator[tuple[Feature, LonLat]]:
    for feature in features:
        for run in parts(feature.geometry):
            xy = projection.xy(run[0])
            if projection.inside(xy, beyond=10):
                yield feature, xy


def _dots(dots: list[tuple[LonLat, float]], look: LayerStyle) -> str:
    """Many circles as one path per size: a line of no length with round ends is a dot."""
    sizes: dict[float, list[str]] = defaultdict(list)
    for (x, y), radius in dots:
        sizes[max(1.0, round(radius * 2) / 2)].append(f"M{x:.1f} {y:.1f}h0")
    return "".join(
        f'<path d="{"".join(sizes[radius])}" fill="none" stroke="{look.fill}" stroke-linecap="round"'
        f' stroke-opacity="{look.fill_opacity:g}" stroke-width="{2 * radius:g}"/>'
        for radius in sorted(sizes)
    )


def _mark(look: LayerStyle, x: float, y: float, radius: float) -> str:
    if look.symbol in (None, "circle"):
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {_paint(look)}/>'
    zoom = radius / _SYMBOL_UNITS
    place_ = f"translate({x:.1f} {y:.1f}) scale({zoom:.3g})"
    path = symbol_path(str(look.symbol))
    return f'<path transform="{place_}" d="{path}" {_paint(look, line=look.width / zoom)}/>'


def _paint(look: LayerStyle, *, line: float | None = None) -> str:
    fill = f'fill="{look.fill}" fill-opacity="{look.fill_opacity:g}"' if look.fill else 'fill="none"'
    dash = f' stroke-dasharray="{" ".join(f"{d:g}" for d in look.dash)}"' if look.dash else ""
    return (
        f'{fill} stroke="{look.stroke}" stroke-width="{line or look.width:.3g}" stroke-linejoin="round"{dash}'
    )


def _tooltip(feature: Feature) -> str:
    zh, en = feature.title.of("zh"), feature.title.of("en")
    words = zh if zh == en else f"{zh} {en}"
    return f"<title>{html.escape(words)}</title>" if words else ""


def _names(
    layers: Sequence[MapLayer], projection: Projection, scales: dict[str, WeightScale], language: Language
) -> str:
    edge = Box(4, 4, projection.width - 4, projection.height - 4)
    labels = place(
        _anchors(layers, projection, scales, language), taken=_symbols(layers, projection), edge=edge
    )
    texts = "".join(
        f'<text class="map-layer-{at.layer} {layers[at.layer].kind}" x="{at.x:.1f}" y="{at.y:.1f}">'
        f"{html.escape(at.words)}</text>"
        for at in labels
    )
    return f'<g class="map-names" lang="{language_tag(language)}" font-size="{FONT_PX:g}">{texts}</g>'


def _anchors(
    layers: Sequence[MapLayer], projection: Projection, scales: dict[str, WeightScale], language: Language
) -> Iterator[Anchor]:
    """Names in order of rank: the layer drawn last first, in it the heaviest first, then by id."""
    for number, layer in reversed(list(enumerate(layers))):
        if not (layer.labels and layer.shown and layer.label_zoom <= LABEL_ZOOM):
            continue
        look = style(layer.style)
        for feature in sorted(layer.features, key=lambda f: (-(f.weight or 0.0), f.id)):
            x, y = projection.xy(label_point(feature.geometry))
            words = feature.title.of(language)
            if words and projection.inside((x, y)):
                radius = radius_px(feature, look, scales) if layer.kind == "point" else 0.0
                yield Anchor(x, y, radius, words, number)


def _symbols(layers: Sequence[MapLayer], projection: Projection) -> list[Box]:
    """What names must not cover: symbols; circles of demand are too many to avoid."""
    boxes = []
    for layer in layers:
        look = style(layer.style)
        if layer.kind == "point" and layer.shown and look.scale != "people":
            boxes += [symbol_box(x, y, look.size) for _, (x, y) in _placed(layer.features, projection)]
    return boxes


def _scale_bar(projection: Projection) -> str:
    length_m = _round_length(projection.width * 0.2 * projection.metres_per_px)
    long = length_m / projection.metres_per_px
    words = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    x, y = 16.0, projection.height - 16
    return (
        f'<g class="scale-bar"><path d="M{x:g} {y - 6:.1f}v6h{long:.1f}v-6"/>'
        f'<text x="{x + long / 2:.1f}" y="{y - 6:.1f}" text-anchor="middle">{words}</text></g>'
    )


def _round_length(longest_m: float) -> float:
    """The longest of 1, 2, 5 times a power of ten that is not longer than asked."""
    power = 10.0 ** (len(str(int(longest_m))) - 1)
    return max(step * power for step in (1, 2, 5) if step * power <= longest_m or step == 1)
