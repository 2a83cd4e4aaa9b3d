"""Names on the drawn map, placed so that none covers another name or a symbol."""

from collections.abc import Iterable
from dataclasses import dataclass

from scenarios.report.text import Language

FONT_PX = 13.5
_GAP_PX = 3.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that wants its name: pixel, the radius of its symbol, its words, the number of its layer."""

    x: float
    y: float
    radius: float
    words: str
    layer: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """Words, the left end of their baseline in pixels, the number of their layer."""

    x: float
    y: float
    words: str
    layer: int = 0


def width_px(words: str) -> float:
    """Width of words as drawn: Chinese signs are square, Latin letters a little over half as wide."""
    return sum(FONT_PX if ord(sign) > 0x2E7F else FONT_PX * 0.56 for sign in words)


def place(anchors: Iterable[Anchor], *, taken: Iterable[Box], edge: Box) -> list[Label]:
    """Labels for as many anchors as find room, the first ones first.

    Each tries right, left, above, below, then the four corners of its symbol; an area first its very place.
    The first spot that lies within ``edge`` and meets no box in ``taken`` and no earlier label is its own. A
    name without room is left out.
    """
    boxes = list(taken)
    labels = []
    for anchor in anchors:
        for box in _spots(anchor):
            if _within(box, edge) and not any(box.meets(other) for other in boxes):
                boxes.append(box)
                labels.append(Label(box.left, box.bottom - FONT_PX * 0.22, anchor.words, anchor.layer))
                break
    return labels


def symbol_box(x: float, y: float, radius: float) -> Box:
    """The square around a symbol."""
    return Box(x - radius, y - radius, x + radius, y + radius)


def language_tag(language: Language) -> str:
    """The value of ``lang`` attributes."""
    return "zh-CN" if language == "zh" else "en"


def _spots(anchor: Anchor) -> list[Box]:
    wide, half, high = width_px(anchor.words), width_px(anchor.words) / 2, FONT_PX * 1.15
    out, tilt = anchor.radius + _GAP_PX, anchor.radius * 0.7 + 1
    x, y = anchor.x, anchor.y
    middle = [] if anchor.radius else [(x - half, y - high / 2)]
    corners = [
        *middle,
        (x + out, y - high / 2),
        (x - out - wide, y - high / 2),
        (x - half, y - out - high),
        (x - half, y + out),
        (x + tilt, y - tilt - high),
        (x + tilt, y + tilt),
        (x - tilt - wide, y - tilt - high),
        (x - tilt - wide, y + tilt),
    ]
    return [Box(left, top, left + wide, top + high) for left, top in corners]


def _within(box: Box, edge: Box) -> bool:
    return (
        box.left >= edge.left
        and box.right <= edge.right
        and box.top >= edge.top
        and box.bottom <= edge.bottom
    )
