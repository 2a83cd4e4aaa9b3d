"""The map of the page with its switches, legend, notice and caption, drawn and (where built) interactive."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.report.map_data import map_json
from scenarios.report.map_frame import EARTH_CIRCUMFERENCE_M, Frame, Projection
from scenarios.report.map_layer import MapLayer
from scenarios.report.svg_map import SHORTEST_PX, TALLEST_PX, WIDTH_PX, svg_map, swatch
from scenarios.report.text import Text, both

TITLE = Text("地图", "Map")
LEGEND = Text("图层与图例", "Layers and legend")
REVIEW = Text("审图号", "Map review number")
NOT_BUILT = Text(
    "本页为静态地图。联网运行 python dev.py web 后重新生成本页，即得可缩放的交互地图。",
    "This is the plain map. Run 'python dev.py web' where the npm registry can be reached and write the page"
    " again for the interactive one.",
)
NO_WEBGL = Text(
    "此浏览器无法使用 WebGL，显示静态地图。", "This browser offers no WebGL; the plain map is shown instead."
)
CLICK = Text("点击表中带 ◎ 的行可在地图上定位。", "Click a table row marked ◎ to find it on the map.")


@dataclass(frozen=True, slots=True)
class MapBlock:
    """The map's HTML, the rules of its switches, and the JSON of the interactive map."""

    html: str
    style: str
    data: str


def map_block(
    layers: Sequence[MapLayer],
    *,
    frame: Frame | None,
    notice: Text | None,
    note: Text | None,
    attribution: Text | None,
    review_number: str,
    interactive: bool,
) -> MapBlock:
    """Everything about the map; ``frame`` is the box around all features unless given."""
    frame = frame or Frame.around(layers)
    projection = Projection.of(frame, width=WIDTH_PX, shortest=SHORTEST_PX, tallest=TALLEST_PX)
    data, tolerance = map_json(layers, frame) if interactive else ("", 0.0)
    notes = [n for n in (note, _thinned_remark(tolerance)) if n]
    hint, kind = (CLICK, "live-only") if interactive else (NOT_BUILT, "screen-only")
    body = (
        f'<section id="map"><h2 id="map-title">{both(TITLE)}</h2><div class="map"><div class="map-view">'
        f'<div id="live-map" hidden></div><div id="drawn-map">{svg_map(layers, projection)}</div>'
        f'<p id="no-webgl" class="note" hidden>{both(NO_WEBGL)}</p></div>{_legend(layers)}</div>'
        f'{_notice(notice)}{"".join(map(_note, notes))}<p class="note {kind}">{both(hint)}</p>'
        f"{_caption(attribution, review_number)}</section>"
    )
    return MapBlock(body, _switch_rules(len(layers)), data)


def _legend(layers: Sequence[MapLayer]) -> str:
    """One switch per layer, topmost layer first, as a map reader expects."""
    lines = "".join(_switch(number, layers[number]) for number in reversed(range(len(layers))))
    return f'<aside class="legend"><h3>{both(LEGEND)}</h3>{lines}</aside>'


def _switch(number: int, layer: MapLayer) -> str:
    checked = " checked" if layer.shown else ""
    # Lines are joined by class before they are drawn: their number would mean nothing to a reader.
    count = "" if layer.kind == "line" else f'<span class="count">{len(layer.features):,}</span>'
    return (
        f'<label class="switch"><input type="checkbox" id="switch-{number}"'
        f' data-switch="{html.escape(layer.id)}"{checked}>{swatch(layer)}<span>{both(layer.title)}</span>'
        f"{count}</label>"
    )


def _switch_rules(count: int) -> str:
    """A layer whose switch is off disappears from the drawing, without any script."""
    return "".join(
        f".map:has(#switch-{n}:not(:checked)) .map-layer-{n}{{display:none}}" for n in range(count)
    )


def _notice(text: Text | None) -> str:
    return f'<p class="notice">{both(text)}</p>' if text else ""


def _note(text: Text) -> str:
    return f'<p class="note">{both(text)}</p>'


def _thinned_remark(tolerance: float) -> Text | None:
    if tolerance == 0.0:
        return None
    metres = f"{tolerance / 360 * EARTH_CIRCUMFERENCE_M:.0f}"
    return Text(
        f"为控制文件大小，交互地图的线和面按 {metres} 米容差概化；计算使用原始数据。",
        f"Lines and areas of the interactive map are generalised by {metres} m to keep the file small;"
        " the computation used the original ones.",
    )


def _caption(attribution: Text | None, review_number: str) -> str:
    number = html.escape(review_number) if review_number else '<span class="blank"></span>'
    owners = f"<span>{both(attribution)}</span>" if attribution else ""
    return f'<p class="caption">{owners}<span class="review">{both(REVIEW)}: {number}</span></p>'
