"""The chart of a suite: how many times as long each peer takes, on a scale of powers of ten."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

_WIDTH, _LEFT, _RIGHT, _LINE, _LEGEND = 760, 300, 20, 16, 22
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a6d3b", "#7a7a7a")
_A_LINE = 5
"""Names of peers beside each other in the legend."""


def ratios_svg(rows: Sequence[dict[str, Any]]) -> str:
    """A line for each case and a mark for each peer at theirs / ours; empty without any peer.

    Marks to the right of 1 are in our favour. A thin upright is what was asked, where a ratio was asked.
    """
    marks = [row for row in rows if row["ratio"] and row["ratio"] > 0 and row["better"] == "lower"]
    if not marks:
        return ""
    cases = list(dict.fromkeys((row["case"], row["metric"]) for row in marks))
    peers = list(dict.fromkeys(row["peer"] for row in marks))
    low = min(-1, math.floor(math.log10(min(row["ratio"] for row in marks))))
    high = max(1, math.ceil(math.log10(max(row["ratio"] for row in marks))))
    scale = (_WIDTH - _LEFT - _RIGHT) / (high - low)
    top = 26 + _LEGEND * -(-len(peers) // _A_LINE)
    height = top + _LINE * len(cases) + 14
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        'font-size="11" role="img" aria-label="Times of peers over ours">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        *_legend(peers),
        *_grid(low, high, scale, top, height),
    ]
    for number, (case, metric) in enumerate(cases):
        mine = [row for row in marks if (row["case"], row["metric"]) == (case, metric)]
        lines += _case(f"{case}, {metric}", mine, peers, top + number * _LINE, low, scale)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _legend(peers: Sequence[str]) -> Iterable[str]:
    step = (_WIDTH - 20) / _A_LINE
    for number, peer in enumerate(peers):
        x, y = 20 + (number % _A_LINE) * step, 14 + (number // _A_LINE) * _LEGEND
        yield _mark(number, x, y)
        yield f'<text x="{x + 9:.1f}" y="{y + 4}" fill="#222">{escape(peer)}</text>'


def _grid(low: int, high: int, scale: float, top: int, height: int) -> Iterable[str]:
    for power in range(low, high + 1):
        x, dark = _LEFT + (power - low) * scale, "#555" if power == 0 else "#ddd"
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top - 4}" y2="{height - 8}" stroke="{dark}"/>'
        yield f'<text x="{x:.1f}" y="{top - 8}" text-anchor="middle" fill="#333">{_power(power)}</text>'


def _power(power: int) -> str:
    return f"{10.0**power:g}" if power < 0 else f"{10**power:,}"


def _case(
    name: str, rows: Sequence[dict[str, Any]], peers: Sequence[str], y: int, low: int, scale: float
) -> Iterable[str]:
    short = name if len(name) <= 48 else name[:47] + "…"
    yield f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end" fill="#222">{escape(short)}</text>'
    yield f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y + 8}" y2="{y + 8}" stroke="#f0f0f0"/>'
    for row in rows:
        if row["asked_on"] == "ratio" and row["asked"]:
            x = _LEFT + (math.log10(row["asked"]) - low) * scale
            upright = f'x1="{x:.1f}" x2="{x:.1f}" y1="{y + 1}" y2="{y + 15}"'
            yield f'<line {upright} stroke="#000" stroke-width="2"/>'
    for row in rows:
        yield _mark(peers.index(row["peer"]), _LEFT + (math.log10(row["ratio"]) - low) * scale, y + 8)


def _mark(number: int, x: float, y: float) -> str:
    """Peers differ in colour and, in turn, in shape: nobody has to tell colours apart."""
    fill = _COLOURS[number % len(_COLOURS)]
    if number % 3 == 0:
        return f'<circle cx="{x:.1f}" cy="{y}" r="4" fill="{fill}"/>'
    if number % 3 == 1:
        return f'<rect x="{x - 3.5:.1f}" y="{y - 3.5}" width="7" height="7" fill="{fill}"/>'
    return f'<path d="M{x:.1f} {y - 5}l4.5 8.5h-9z" fill="{fill}"/>'
