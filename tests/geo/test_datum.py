"""Datums: known pairs, round trips, and what may not be asked."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.datum import DATUMS, from_wgs84, shapes_to_wgs84, to_wgs84
from geo.errors import InputError

GEOD = Geod(ellps="WGS84")


def apart_m(a: np.ndarray, b: np.ndarray) -> float:
    return float(GEOD.inv(*a.T, *b.T)[2].max())


def test_beijing_is_shifted_as_web_maps_show_it() -> None:
    """Tiananmen: WGS84 116.391305 39.906945 is shown by GCJ-02 maps at 116.39755 39.90835 (within 10 m)."""
    assert (
        apart_m(from_wgs84(np.array([[116.391305, 39.906945]]), "gcj02"), np.array([[116.39755, 39.90835]]))
        < 10
    )


@pytest.mark.data
def test_township_seats_agree_with_their_published_pairs(shared_data: Path) -> None:
    text = (shared_data / "pingluo" / "township_seats_wgs84.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    wgs84 = np.array([f["geometry"]["coordinates"] for f in features])
    gcj02 = np.array([[f["properties"]["lon_gcj"], f["properties"]["lat_gcj"]] for f in features])
    assert apart_m(to_wgs84(gcj02, "gcj02"), wgs84) < 0.5
    assert apart_m(gcj02, wgs84) > 300


@settings(deadline=None)
@given(st.tuples(st.floats(73.5, 134.7), st.floats(18.2, 53.5)), st.sampled_from(DATUMS))
def test_there_and_back_is_the_same_place_all_over_china(place: tuple[float, float], datum: str) -> None:
    at = np.array([place])
    assert apart_m(to_wgs84(from_wgs84(at, datum), datum), at) < 0.001
    assert apart_m(from_wgs84(to_wgs84(at, datum), datum), at) < 0.001


def test_gcj02_leaves_other_countries_alone_and_cgcs2000_is_taken_as_wgs84() -> None:
    vaduz, pingluo = np.array([[9.52, 47.14]]), np.array([[106.54, 38.91]])
    assert (to_wgs84(vaduz, "gcj02") == vaduz).all()
    assert (to_wgs84(pingluo, "cgcs2000") == pingluo).all()


def test_bd09_is_some_hundred_metres_beyond_gcj02() -> None:
    at = np.array([[106.54, 38.91]])
    assert 500 < apart_m(from_wgs84(at, "bd09"), from_wgs84(at, "gcj02")) < 1200


def test_lines_and_polygons_move_vertex_by_vertex_and_nothing_stays_nothing() -> None:
    line = shapely.LineString([(106.5, 38.9), (106.6, 38.95)])
    moved = shapes_to_wgs84([line, None, shapely.box(106, 38, 107, 39)], "gcj02")
    assert moved[1] is None
    assert np.allclose(shapely.get_coordinates(moved[0]), to_wgs84(shapely.get_coordinates(line), "gcj02"))
    assert moved[2].is_valid


def test_an_unknown_datum_is_f120() -> None:
    with pytest.raises(InputError) as caught:
        to_wgs84(np.zeros((1, 2)), "gcj2")
    assert caught.value.faults[0].code == "F120"


def test_points_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(n, 2\)"):
        to_wgs84(np.zeros(2), "gcj02")
