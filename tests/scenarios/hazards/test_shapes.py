"""Zones in the wind's frame, turned and swept, and placed on the earth."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import affinity
from shapely.geometry import Point, Polygon

from geo.errors import InputError
from scenarios.hazards.contours import Cloud, contour
from scenarios.hazards.local_plane import LocalPlane
from scenarios.hazards.shapes import circle, downwind_square, reach_m, swept

unhurried = settings(deadline=None, max_examples=40)


def plume() -> Polygon:
    found = contour(Cloud(wind_m_s=2, stability="F", terrain="rural", rate_kg_s=0.3), 1e-5)
    assert found is not None
    return found.polygon


SHAPES = [plume(), downwind_square(1500.0)]


@unhurried
@given(st.sampled_from(SHAPES), st.floats(0.1, 179), st.floats(-1, 1))
def test_the_union_over_directions_contains_the_zone_at_each(
    shape: Polygon, spread_deg: float, part: float
) -> None:
    union = swept(shape, spread_deg=spread_deg)
    turned = affinity.rotate(shape, part * spread_deg, origin=(0, 0))
    assert union.is_valid
    assert turned.difference(union).area <= 1e-9 * shape.area


@unhurried
@given(st.sampled_from(SHAPES), st.floats(0, 180), st.floats(0, 180))
def test_a_wider_spread_contains_a_narrower_one(shape: Polygon, one: float, two: float) -> None:
    narrow, wide = sorted((one, two))
    inner, outer = swept(shape, spread_deg=narrow), swept(shape, spread_deg=wide)
    assert inner.difference(outer).area <= 2e-3 * inner.area  # each is widened by its own step


def test_no_spread_changes_nothing() -> None:
    assert swept(SHAPES[0], spread_deg=0) is SHAPES[0]


def test_a_full_turn_is_a_circle() -> None:
    shape = swept(SHAPES[1], spread_deg=180)
    assert shape.contains(Point(0, -reach_m(SHAPES[1])))
    assert shape.equals(circle(reach_m(SHAPES[1])))


@settings(deadline=None)
@given(st.floats(1, 20_000), st.floats(0, 360))
def test_no_place_within_the_radius_is_outside_the_circle(radius_m: float, angle: float) -> None:
    place = Point(radius_m * np.cos(np.radians(angle)), radius_m * np.sin(np.radians(angle)))
    assert circle(radius_m).buffer(1e-6).intersects(place)


@unhurried
@given(st.floats(0, 360), st.floats(-60, 60), st.floats(10, 20_000))
def test_a_place_downwind_lies_at_its_bearing_and_distance(bearing: float, lat: float, metres: float) -> None:
    """The oracle is the geodesic on the ellipsoid."""
    placed = LocalPlane(106.5, lat).placed(Point(metres, 0), bearing_deg=bearing)
    azimuth, _, distance = Geod(ellps="WGS84").inv(106.5, lat, placed.x, placed.y)
    assert distance == pytest.approx(metres, rel=6e-3)
    assert (azimuth - bearing + 180) % 360 - 180 == pytest.approx(0, abs=0.4)


@unhurried
@given(st.floats(0, 360))
def test_turning_the_wind_turns_the_zone_and_nothing_else(bearing: float) -> None:
    """In metres on the plane the zone has the same area, and turning it back gives the same zone."""
    plane = LocalPlane(106.7, 38.9)
    placed = plane.placed(SHAPES[0], bearing_deg=bearing)
    metres = shapely.transform(placed, plane.metres)
    assert metres.area == pytest.approx(SHAPES[0].area, rel=1e-9)
    back = affinity.rotate(metres, bearing - 90, origin=(0, 0))
    assert shapely.hausdorff_distance(back, affinity.scale(SHAPES[0], 1, -1, origin=(0, 0))) < 1e-4


def test_right_of_the_wind_is_right() -> None:
    """Wind to the north: y to its right is east."""
    east = LocalPlane(106.7, 38.9).placed(Point(0, 1000), bearing_deg=0)
    assert east.x > 106.7
    assert east.y == pytest.approx(38.9)


@pytest.mark.parametrize(("lon", "lat"), [(500_000.0, 4_300_000.0), (38.9, 106.5), (float("nan"), 0.0)])
def test_a_place_in_metres_or_swapped_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(InputError, match="H107"):
        LocalPlane(lon, lat)
