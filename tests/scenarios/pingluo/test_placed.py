"""Records put in their place."""

import numpy as np
import pytest
import shapely

from scenarios.pingluo.placed import flooded, placed, told_records
from scenarios.pingluo.plane import shape_to_plane, to_plane
from scenarios.pingluo.river import River

STRAIGHT = River(
    centre=shapely.LineString([(0, -5e4), (0, 5e4)]),
    west=shapely.box(-5e4, -5e4, 0, 5e4),
    east=shapely.box(0, -5e4, 5e4, 5e4),
)


def test_defaults_give_way_to_what_a_record_says() -> None:
    told = {"defaults": {"a": 1, "b": 2}, "records": [{"b": 3}]}
    assert told_records(told) == [{"a": 1, "b": 3}]


def test_a_record_stands_at_its_coordinates_or_beside_an_anchor() -> None:
    at = placed({"id": "x", "lonlat": [106.6, 38.8]}, {})
    beside = placed({"id": "y", "at": "seat", "offset_m": [100, -50]}, {"seat": np.array([1000.0, 2000.0])})
    assert at["geometry"].coords[0] == (106.6, 38.8)
    assert to_plane(beside["geometry"].coords[0]) == pytest.approx([1100, 1950], abs=1)
    assert set(beside) == {"id", "geometry"}


def test_a_flood_zone_is_as_wide_as_told() -> None:
    gully = flooded({"id": "g", "course": [[106.5, 38.9], [106.6, 38.9]], "width_m": 400}, STRAIGHT)
    _, south, _, north = shape_to_plane(gully["geometry"]).bounds
    assert north - south == pytest.approx(400, abs=15)


def test_a_river_zone_lies_between_its_latitudes_along_the_river() -> None:
    zone = flooded({"id": "r", "along_river": [38.85, 38.95], "width_m": 2000}, STRAIGHT)
    west, _, east, _ = shape_to_plane(zone["geometry"]).bounds
    assert (west, east) == pytest.approx((-1000, 1000), abs=15)
    assert zone["geometry"].bounds[3] == pytest.approx(38.95 + 1000 / 111_195, abs=1e-3)
