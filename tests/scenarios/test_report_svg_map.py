"""The drawn map: frame, projection, shapes and names."""

import math
import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from scenarios.report.label_point import label_point
from scenarios.report.map_data import LARGEST_BYTES, map_json
from scenarios.report.map_frame import Frame, Projection, parts
from scenarios.report.map_layer import Feature, MapLayer
from scenarios.report.map_style import (
    MOST_INK_PX2,
    WeightScale,
    radius_px,
    style,
    style_keys,
    symbol_path,
    weight_scales,
)
from scenarios.report.svg_labels import FONT_PX, Anchor, Box, place, width_px
from scenarios.report.svg_map import NAMED_FEATURES, svg_map, swatch
from scenarios.report.text import Text
from tests.scenarios.made_up_page import map_layers

FRAME = Frame(106.0, 38.0, 107.0, 39.0)
PROJECTION = Projection.of(FRAME, width=1000, shortest=400, tallest=800)


def points(count: int, *, weight: float | None = None) -> MapLayer:
    features = tuple(
        Feature(
            str(n),
            {"type": "Point", "coordinates": (106.1 + 0.0001 * n, 38.5)},
            Text.same(f"p{n}"),
            (),
            weight,
        )
        for n in range(count)
    )
    return MapLayer("points", Text.same("points"), "point", "demand_covered", features)


def test_the_projection_is_web_mercator() -> None:
    """Pixels are proportional to EPSG:3857 metres of an independent library, north up."""
    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True).transform
    a, b = (106.2, 38.1), (106.9, 38.8)
    metres = [v - u for u, v in zip(to_mercator(*a), to_mercator(*b), strict=True)]
    pixels = [v - u for u, v in zip(PROJECTION.xy(a), PROJECTION.xy(b), strict=True)]
    assert pixels[0] / metres[0] == pytest.approx(-pixels[1] / metres[1])


@settings(deadline=None)
@given(st.floats(73, 135), st.floats(18, 53), st.floats(0.01, 5), st.floats(0.01, 5))
def test_the_whole_frame_lies_in_the_drawing(west: float, south: float, wide: float, high: float) -> None:
    projection = Projection.of(
        Frame(west, south, west + wide, south + high), width=1000, shortest=480, tallest=760
    )
    corners = [(west, south), (west + wide, south + high)]
    assert all(projection.inside(projection.xy(corner), beyond=0.01) for corner in corners)
    assert 480 <= projection.height <= 760


def test_a_pixel_is_as_long_as_the_scale_bar_says() -> None:
    """One degree of latitude is about 111 km."""
    (_, top), (_, bottom) = PROJECTION.xy((106.5, 39.0)), PROJECTION.xy((106.5, 38.0))
    assert (bottom - top) * PROJECTION.metres_per_px == pytest.approx(111_300, rel=0.01)


def test_parts_of_every_geometry_are_runs_of_points() -> None:
    ring = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]
    assert list(parts({"type": "Point", "coordinates": (1, 2)})) == [[(1.0, 2.0)]]
    assert list(parts({"type": "MultiPoint", "coordinates": [(1, 2, 9), (3, 4, 9)]})) == [
        [(1.0, 2.0), (3.0, 4.0)]
    ]
    assert list(parts({"type": "MultiPolygon", "coordinates": [[ring, ring], [ring]]})) == [ring] * 3


def test_twice_the_people_is_twice_the_ink() -> None:
    look = style("demand_covered")
    small, large = (Feature(str(w), {}, Text.same(""), (), w) for w in (50.0, 100.0))
    scales = {"people": WeightScale(100.0, 9.0)}
    ratio = (radius_px(large, look, scales) / radius_px(small, look, scales)) ** 2
    assert ratio == pytest.approx(2.0, rel=0.02)
    assert radius_px(large, look, scales) == 9.0


def test_many_equal_houses_become_dots_and_few_keep_their_size() -> None:
    """Nine thousand circles of the largest size would cover the map several times over."""
    few, many = (weight_scales([points(n, weight=3.0)])["people"].largest_px for n in (20, 9000))
    assert few == style("demand_covered").size
    assert 9000 * math.pi * many**2 <= MOST_INK_PX2 * 1.001


def test_layers_of_one_scale_draw_equal_people_equally() -> None:
    """The heavy point of one layer makes the points of the others small."""
    light, heavy = points(5, weight=10.0), points(5, weight=1000.0)
    uncovered = MapLayer("other", Text.same("other"), "point", "demand_uncovered", heavy.features)
    scales = weight_scales([light, uncovered])
    assert list(scales) == ["people"]
    assert radius_px(light.features[0], style("demand_covered"), scales) < 2


def test_every_style_can_be_drawn() -> None:
    for key in style_keys():
        look = style(key)
        if look.symbol not in (None, "circle"):
            assert symbol_path(str(look.symbol)).startswith("M")
        kind = "point" if look.symbol else "line"
        assert "<svg" in swatch(MapLayer("x", Text.same("x"), kind, key, ()))  # type: ignore[arg-type] # two kinds


def test_many_points_become_few_paths() -> None:
    few, many = (svg_map([points(n)], PROJECTION) for n in (NAMED_FEATURES, NAMED_FEATURES + 1))
    assert few.count("<circle") == NAMED_FEATURES
    assert many.count("<circle") == 0
    assert many.count("h0") == NAMED_FEATURES + 1


def test_a_feature_of_another_kind_is_refused() -> None:
    line = Feature("f", {"type": "LineString", "coordinates": [(0, 0), (1, 1)]}, Text.same(""))
    with pytest.raises(ValueError, match="layer l, feature f: a LineString in a point layer"):
        MapLayer("l", Text.same("l"), "point", "seat", (line,))


anchors = st.lists(
    st.builds(
        Anchor,
        st.floats(0, 300),
        st.floats(0, 300),
        st.floats(0, 12),
        st.text("陶乐Taole", min_size=1, max_size=9),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(anchors)
def test_no_name_covers_another_or_a_taken_box_or_leaves_the_drawing(wanted: list[Anchor]) -> None:
    taken, edge = Box(100, 100, 160, 140), Box(0, 0, 300, 300)
    labels = place(wanted, taken=[taken], edge=edge)
    boxes = [
        Box(at.x, at.y - FONT_PX * 0.9, at.x + width_px(at.words), at.y + FONT_PX * 0.2) for at in labels
    ]
    assert not any(a.meets(b) for a, b in combinations([taken, *boxes], 2))
    assert all(box.left >= 0 and box.right <= 300 and box.top >= 0 and box.bottom <= 300 for box in boxes)


def test_a_lone_name_always_finds_room() -> None:
    assert len(place([Anchor(150, 150, 8, "陶乐镇")], taken=[], edge=Box(0, 0, 300, 300))) == 1


def test_all_thirteen_townships_keep_their_names_in_both_languages() -> None:
    layers = map_layers()
    drawn = svg_map(layers, Projection.of(Frame.around(layers), width=1000, shortest=480, tallest=760))
    for tag, name in (("zh-CN", "陶乐镇"), ("en", "Taole")):
        names = re.search(f'<g class="map-names" lang="{tag}".*?</g>', drawn)
        assert names is not None
        assert f">{name}</text>" in names.group()
        assert names.group().count("<text") >= 15


def test_a_map_too_large_for_a_page_is_thinned_and_says_so() -> None:
    wave = [(106 + 0.00002 * n, 38.5 + 0.00003 * (n % 2)) for n in range(200_000)]
    line = Feature("f", {"type": "LineString", "coordinates": wave}, Text.same("wave"))
    layer = MapLayer("l", Text.same("l"), "line", "road_major", (line,))
    text, tolerance = map_json([layer], FRAME)
    assert len(text) <= LARGEST_BYTES
    assert tolerance > 0
    assert map_json([points(3)], FRAME)[1] == 0.0


def test_a_name_stands_where_its_area_is_roomiest() -> None:
    """A square with a thin arm: the middle of its box lies outside, the name belongs to the square."""
    ring = [(0, 0), (2, 0), (2, 1.9), (10, 1.9), (10, 2), (0, 2), (0, 0)]
    lon, lat = label_point({"type": "MultiPolygon", "coordinates": [[ring]]})
    assert (lon, lat) == pytest.approx((1.0, 1.0), abs=0.1)


def test_a_name_stands_halfway_along_the_longest_line() -> None:
    lines = [[(0, 0), (1, 0)], [(0, 5), (1, 5), (10, 5)]]
    assert label_point({"type": "MultiLineString", "coordinates": lines}) == pytest.approx((5.0, 5.0))
    assert label_point({"type": "LineString", "coordinates": [(3, 4), (3, 4)]}) == (3.0, 4.0)
    assert label_point({"type": "Point", "coordinates": (3, 4)}) == (3.0, 4.0)


def test_an_area_with_a_fault_still_gets_its_name() -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]]}
    lon, lat = label_point(bow_tie)
    assert 0 <= lon <= 2
    assert 0 <= lat <= 2


def test_the_map_opens_on_the_boundary_where_there_is_one() -> None:
    far = Feature("far", {"type": "Point", "coordinates": (120.0, 30.0)}, Text.same("far"))
    layers = map_layers()
    lonely = MapLayer("far", Text.same("far"), "point", "neighbour", (far,))
    assert Frame.around((*layers, lonely)) == Frame.around(layers)
    assert Frame.around((*layers[1:], lonely)).east > 120
