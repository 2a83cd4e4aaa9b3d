"""Charts as drawings: curves with the band up to their proven bound, and grouped horizontal bars."""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scenarios.report.chart import Axis, BarChart, Chart, LineChart, Series, Tone
from scenarios.report.text import UNITS, Text, both, scaled, svg_text, written

WIDTH_PX, LINE_HEIGHT_PX, BAR_PX = 680.0, 300.0, 13.0
TONES: dict[Tone, str] = {
    "before": "#8a94a0",
    "after": "#0072b2",
    "bound": "#d55e00",
    "first": "#0072b2",
    "second": "#e69f00",
    "third": "#007a59",
    "fourth": "#cc79a7",
}
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 18.0, 14.0, 46.0


@dataclass(frozen=True, slots=True)
class Scale:
    """From a stored number to pixels along one axis."""

    low: float
    high: float
    start_px: float
    end_px: float

    def px(self, value: float) -> float:
        """Pixel of a value; ``low`` is at the start."""
        share = (value - self.low) / (self.high - self.low)
        return self.start_px + share * (self.end_px - self.start_px)


def chart_html(chart: Chart) -> str:
    """A chart as a figure with caption, legend, drawing and note."""
    drawing = _line_svg(chart) if isinstance(chart, LineChart) else _bar_svg(chart)
    note = f'<p class="note">{both(chart.note)}</p>' if chart.note else ""
    return (
        f'<figure class="chart" id="{chart.id}"><figcaption>{both(chart.title)}</figcaption>'
        f"{_legend(chart)}{drawing}{note}</figure>"
    )


def nice_ticks(low: float, high: float, *, most: int = 6) -> list[float]:
    """At most ``most`` + 1 round numbers (1, 2 or 5 times a power of ten apart) that enclose the range."""
    if (high - low) / most < sys.float_info.min:  # no span, or one that no step could divide
        high = low + (abs(low) if abs(low) > 1e-9 else 1.0)
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def _line_svg(chart: LineChart) -> str:
    x_ticks = _ticks(chart.x, [x for s in chart.series for x in s.x])
    y_ticks = _ticks(chart.y, [y for s in chart.series for y in (*s.y, *(s.bound or ()))])
    across = Scale(x_ticks[0], x_ticks[-1], _LEFT, WIDTH_PX - _RIGHT)
    up = Scale(y_ticks[0], y_ticks[-1], LINE_HEIGHT_PX - _BOTTOM, _TOP)
    return _svg(
        LINE_HEIGHT_PX,
        chart.title,
        _y_grid(chart.y, y_ticks, up, across),
        _x_ticks(chart.x, x_ticks, across, LINE_HEIGHT_PX - _BOTTOM),
        *(_curve(series, across, up) for series in chart.series),
        _mark(chart, across),
    )


def _bar_svg(chart: BarChart) -> str:
    """Bars grow to the right; names stand left of them, values at their ends."""
    group = BAR_PX * len(chart.bars) + 9
    height = group * len(chart.categories) + 12
    left = 12 + max((_words_px(c) for c in chart.categories), default=0.0)
    values = [v for bars in chart.bars for v in bars.values if v is not None and math.isfinite(v)]
    across = Scale(0.0, max([*values, 0.0]) or 1.0, left, WIDTH_PX - 70)
    return _svg(height, chart.title, *_bar_groups(chart, across, group))


def _bar_groups(chart: BarChart, across: Scale, group: float) -> Iterable[str]:
    for number, category in enumerate(chart.categories):
        top = 6 + number * group
        middle = top + (group - 9) / 2 + 4
        yield svg_text(across.start_px - 8, middle, category, anchor="end")
        for lane, bars in enumerate(chart.bars):
            yield _bar(bars.values[number], chart.value, TONES[bars.tone], across, top + lane * BAR_PX)


def _bar(value: float | None, axis: Axis, colour: str, across: Scale, top: float) -> str:
    words = written(value, axis.format)
    if value is None or not math.isfinite(value):
        return svg_text(across.start_px + 4, top + BAR_PX - 3, words)
    end = across.px(max(value, 0.0))
    bar = f'<rect x="{across.start_px:.1f}" y="{top:.1f}" width="{end - across.start_px:.1f}"'
    return f'{bar} height="{BAR_PX - 2:g}" fill="{colour}"/>' + svg_text(end + 4, top + BAR_PX - 3, words)


def _curve(series: Series, across: Scale, up: Scale) -> str:
    colour = TONES[series.tone]
    line = _run(series.x, series.y, across, up, step=series.step)
    dots = "".join(
        f'<circle cx="{across.px(x):.1f}" cy="{up.px(y):.1f}" r="3" fill="{colour}"/>'
        for x, y in zip(series.x, series.y, strict=True)
    )
    drawn = f'<path class="curve" d="M{line}" stroke="{colour}"/>{"" if series.step else dots}'
    if series.bound is None or series.bound == series.y:
        return drawn
    limit = _run(series.x, series.bound, across, up, step=series.step)
    back = " ".join(reversed(line.split(" ")))
    return (
        f'<path class="band" d="M{limit} {back}Z" fill="{colour}"/>'
        f'<path class="curve bound" d="M{limit}" stroke="{TONES["bound"]}"/>{drawn}'
    )


def _run(xs: Sequence[float], ys: Sequence[float], across: Scale, up: Scale, *, step: bool) -> str:
    """Points ``x,y`` of a path, separated by blanks; a step holds its value until the next x."""
    pixels = [(across.px(x), up.px(y)) for x, y in zip(xs, ys, strict=True)]
    if step:
        held = [(pixels[i + 1][0], pixels[i][1]) for i in range(len(pixels) - 1)]
        pixels = [p for pair in zip(pixels, [*held, pixels[-1]], strict=True) for p in pair]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pixels)


def _y_grid(axis: Axis, ticks: list[float], up: Scale, across: Scale) -> str:
    lines = "".join(
        f'<path class="grid" d="M{across.start_px:g} {up.px(t):.1f}H{across.end_px:g}"/>' for t in ticks
    )
    words = "".join(svg_text(_LEFT - 7, up.px(t) + 4, _tick(t, axis, ticks), anchor="end") for t in ticks)
    middle = (up.start_px + up.end_px) / 2
    return lines + words + svg_text(13, middle, _axis_title(axis), anchor="middle", turned=True)


def _x_ticks(axis: Axis, ticks: list[float], across: Scale, base: float) -> str:
    line = f'<path class="axis" d="M{across.start_px:g} {base:g}H{across.end_px:g}"/>'
    words = "".join(svg_text(across.px(t), base + 17, _tick(t, axis, ticks), anchor="middle") for t in ticks)
    middle = (across.start_px + across.end_px) / 2
    return line + words + svg_text(middle, base + 37, _axis_title(axis), anchor="middle")


def _mark(chart: LineChart, across: Scale) -> str:
    if chart.mark is None:
        return ""
    x = across.px(chart.mark[0])
    late = x > WIDTH_PX * 0.6
    line = f'<path class="mark" d="M{x:.1f} {_TOP:g}V{LINE_HEIGHT_PX - _BOTTOM:g}"/>'
    words = svg_text(
        x - 6 if late else x + 6,
        LINE_HEIGHT_PX - _BOTTOM - 8,
        chart.mark[1],
        anchor="end" if late else "start",
    )
    return line + words


def _ticks(axis: Axis, values: list[float]) -> list[float]:
    """Round numbers in the unit shown, given back in the stored unit; counts get whole numbers."""
    unit = scaled(1.0, axis.format)
    shown = [v * unit for v in values if math.isfinite(v)] or [0.0]
    low = min(*shown, 0.0) if axis.from_zero else min(shown)
    ticks = nice_ticks(low, max(shown))
    if axis.format == "integer":
        ticks = [t for t in ticks if t == int(t)]
    return [t / unit for t in ticks]


def _tick(value: float, axis: Axis, ticks: list[float]) -> Text:
    whole = all(abs(scaled(t, axis.format) - round(scaled(t, axis.format))) < 1e-6 for t in ticks)
    return Text.same(f"{scaled(value, axis.format):,.{0 if whole else 1}f}")


def _axis_title(axis: Axis) -> Text:
    unit = axis.unit or UNITS[axis.format]
    if not (unit.zh or unit.en):
        return axis.title
    return Text(f"{axis.title.zh}（{unit.of('zh')}）", f"{axis.title.en} ({unit.of('en')})")


def _legend(chart: Chart) -> str:
    if isinstance(chart, LineChart):
        keys = [(TONES[s.tone], s.title) for s in chart.series]
        if any(s.bound is not None and s.bound != s.y for s in chart.series):
            keys.append((TONES["bound"], Text("已证明的界", "proven bound")))
    else:
        keys = [(TONES[b.tone], b.title) for b in chart.bars]
    items = "".join(f'<span class="key"><i style="background:{c}"></i>{both(t)}</span>' for c, t in keys)
    return f'<div class="chart-legend">{items}</div>'


def _svg(height: float, title: Text, *drawn: str) -> str:
    words = (
        f"{title.of('zh')} {title.of('en')}".replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    )
    return (
        f'<svg viewBox="0 0 {WIDTH_PX:g} {height:g}" role="img" aria-label="{words}">{"".join(drawn)}</svg>'
    )


def _words_px(text: Text) -> float:
    """Room for words in the wider language at the size charts are written in."""
    return max(
        sum(12.5 if ord(sign) > 0x2E7F else 6.9 for sign in words) for words in (text.of("zh"), text.of("en"))
    )
