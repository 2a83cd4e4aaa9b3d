"""Charts of a page."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.report.chart import Axis, BarChart, Bars, LineChart, Series
from scenarios.report.svg_chart import chart_html, nice_ticks
from scenarios.report.text import Text

PLAIN = Axis(Text.same("n"), "integer")


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(3, 10))
def test_ticks_are_few_even_and_enclose_the_range(low: float, span: float, most: int) -> None:
    ticks = nice_ticks(low, low + span, most=most)
    slack = 1e-6 * max(1.0, abs(low), span)
    assert 2 <= len(ticks) <= most + 2
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + span - slack
    steps = [b - a for a, b in pairwise(ticks)]
    assert max(steps) - min(steps) <= slack


def test_ticks_of_a_known_range() -> None:
    assert nice_ticks(0, 8) == [0, 2, 4, 6, 8]
    assert nice_ticks(70, 96.7) == [70, 75, 80, 85, 90, 95, 100]


def line_path(chart: LineChart) -> str:
    found = re.search(r'<path class="curve" d="M([^"]+)"', chart_html(chart))
    assert found is not None
    return found.group(1)


def test_a_step_holds_its_value_until_the_next_x() -> None:
    series = Series(Text.same("s"), (0.0, 1.0, 2.0), (0.0, 1.0, 2.0), step=True)
    xy = [p.split(",") for p in line_path(LineChart("c", Text.same("c"), PLAIN, PLAIN, (series,))).split(" ")]
    assert len(xy) == 6
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(xy))


def test_higher_values_are_drawn_higher() -> None:
    series = Series(Text.same("s"), (0.0, 1.0, 2.0), (1.0, 5.0, 3.0))
    ys = [
        float(p.split(",")[1])
        for p in line_path(LineChart("c", Text.same("c"), PLAIN, PLAIN, (series,))).split(" ")
    ]
    assert ys[1] < ys[2] < ys[0]


def test_a_bound_is_drawn_as_a_band_with_its_key() -> None:
    axis = Axis(Text.same("y"), "percent")
    bare = Series(Text.same("s"), (0.0, 1.0), (0.1, 0.2))
    bound = Series(Text.same("s"), (0.0, 1.0), (0.1, 0.2), bound=(0.1, 0.3))
    drawn = [chart_html(LineChart("c", Text.same("c"), PLAIN, axis, (s,))) for s in (bare, bound)]
    assert ['class="band"' in d for d in drawn] == [False, True]
    assert ["proven bound" in d for d in drawn] == [False, True]


def test_bars_are_as_long_as_their_values_and_missing_ones_are_named() -> None:
    chart = BarChart(
        "c",
        Text.same("c"),
        tuple(Text.same(n) for n in "abc"),
        PLAIN,
        (Bars(Text.same("b"), (10.0, 5.0, None)),),
    )
    html = chart_html(chart)
    widths = [float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)"', html)]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert len(widths) == 2
    assert ">–</text>" in html


def test_curves_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        Series(Text.same("s"), (0.0, 1.0), (1.0,))
