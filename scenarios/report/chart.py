"""Charts of the page: curves (with a proven bound where there is one) and grouped bars."""

from dataclasses import dataclass
from typing import Literal

from scenarios.report.text import Format, Text

Tone = Literal["before", "after", "bound", "first", "second", "third", "fourth"]
"""Which colour of the palette a series has; ``before`` and ``after`` mean the same all over the page."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis measures; ``format`` writes its ticks and names the unit unless ``unit`` does."""

    title: Text
    format: Format = "decimal"
    unit: Text | None = None
    from_zero: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """One curve: ``y`` over ``x``, both in the stored unit of their axis.

    ``bound``, as long as ``y``, is the proven limit; the band between it and the curve is not yet proven.
    ``step`` holds each value until the next x.
    """

    title: Text
    x: tuple[float, ...]
    y: tuple[float, ...]
    bound: tuple[float, ...] | None = None
    tone: Tone = "after"
    step: bool = False

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y) or (self.bound is not None and len(self.bound) != len(self.y)):
            raise ValueError(f"series {self.title.en}: x, y and bound must have one length")


@dataclass(frozen=True, slots=True)
class LineChart:
    """Curves over one x axis; ``mark`` is the (x, words) of a vertical line, such as the chosen plan."""

    id: str
    title: Text
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    mark: tuple[float, Text] | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """One set of bars: a value per category of its chart; None draws no bar."""

    title: Text
    values: tuple[float | None, ...]
    tone: Tone = "after"


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars, one group per category."""

    id: str
    title: Text
    categories: tuple[Text, ...]
    value: Axis
    bars: tuple[Bars, ...]
    note: Text | None = None

    def __post_init__(self) -> None:
        for bars in self.bars:
            if len(bars.values) != len(self.categories):
                raise ValueError(
                    f"chart {self.id}: {len(bars.values)} bars for {len(self.categories)} categories"
                )


Chart = LineChart | BarChart
