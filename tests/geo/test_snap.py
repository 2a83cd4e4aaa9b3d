"""Snapping: truly the nearest point, the same whatever else is asked, ties to the lowest edge."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.roads import Floats, RoadGraph
from geo.snap import distance_m, ground_scale, project, snap, unproject
from tests.geo.drawn_roads import drawn_points, drawn_roads, roads_of

EVERY = np.ones(1, np.bool_)


@settings(deadline=None)
@given(drawn_roads(), drawn_points(), st.data())
def test_no_point_of_a_usable_edge_is_nearer(roads: RoadGraph, points: Floats, data: st.DataObject) -> None:
    usable = np.array(data.draw(st.lists(st.booleans(), min_size=roads.edges, max_size=roads.edges)))
    usable[0] = True
    place = snap(roads, points, usable=usable)
    lines = [shapely.LineString(project(roads.shape_of(edge))) for edge in np.flatnonzero(usable).tolist()]
    for i, point in enumerate(project(points)):
        nearest = min(line.distance(shapely.Point(point)) for line in lines)
        assert usable[place.edge[i]]
        assert place.access_m[i] == pytest.approx(nearest * ground_scale(points[i, 1]), rel=1e-4, abs=1e-6)
        line = shapely.LineString(project(roads.shape_of(int(place.edge[i]))))
        at = line.interpolate(place.fraction[i], normalized=True)
        assert np.allclose(unproject(np.array(at.coords))[0], place.lonlat[i], atol=1e-6)


@settings(deadline=None)
@given(drawn_roads(), drawn_points(most=8))
def test_a_point_snaps_the_same_alone_and_among_others(roads: RoadGraph, points: Floats) -> None:
    usable = np.ones(roads.edges, np.bool_)
    together = snap(roads, points, usable=usable)
    for i in range(len(points)):
        alone = snap(roads, points[i : i + 1], usable=usable)
        assert (alone.edge[0], alone.fraction[0]) == (together.edge[i], together.fraction[i])


def test_ties_go_to_the_lowest_edge_then_the_lowest_fraction() -> None:
    """At a junction of three edges of which one is not usable, and beside two edges in one place."""
    star = roads_of([(0, 0), (0, 4), (4, 0), (-4, -4)], [(3, 0), (0, 1), (2, 0)])
    place = snap(star, np.array([[106.0, 39.0]]), usable=np.array([False, True, True]))
    assert (place.edge[0], place.fraction[0]) == (1, 0.0)
    assert place.access_m[0] == pytest.approx(0, abs=1e-6)
    twins = roads_of([(0, 0), (4, 0)], [(0, 1), (0, 1)])
    assert snap(twins, np.array([[106.001, 39.0]]), usable=np.ones(2, np.bool_)).edge[0] == 0


def test_fraction_is_exactly_0_and_1_at_the_ends() -> None:
    """Places beyond the ends of a road stand at its junctions."""
    road = roads_of([(0, 0), (3, 1)], [(0, 1)])
    place = snap(road, np.array([[105.9, 38.9], [106.1, 39.1]]), usable=EVERY)
    assert place.fraction.tolist() == [0.0, 1.0]


def test_a_place_within_centimetres_of_a_junction_stands_there() -> None:
    road = roads_of([(0, 0), (4, 0)], [(0, 1)])
    metre = 1 / 86_500
    steps = np.array([0.04, 0.1])
    points = np.stack((np.concatenate((106.0 + steps * metre, 106.004 - steps * metre)), [39.0] * 4), axis=1)
    fraction = snap(road, points, usable=EVERY).fraction
    assert fraction[[0, 2]].tolist() == [0.0, 1.0]
    assert not np.isin(fraction[[1, 3]], (0.0, 1.0)).any()


def test_an_edge_of_no_length_is_a_point() -> None:
    road = roads_of([(0, 0)], [(0, 0)])
    place = snap(road, np.array([[106.001, 39.0]]), usable=EVERY)
    assert (place.edge[0], place.fraction[0]) == (0, 0.0)
    assert place.access_m[0] == pytest.approx(86.6, rel=1e-3)


@given(st.floats(-80, 80), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_metres_agree_with_the_ellipsoid(lat: float, east: float, north: float) -> None:
    """Within a kilometre, metres are those of the geodesic to a part in ten thousand."""
    here, there = np.array([[106.0, lat]]), np.array([[106.0 + east, lat + north]])
    geodesic_m = pyproj.Geod(ellps="WGS84").inv(*here[0], *there[0])[2]
    assert distance_m(here, there)[0] == pytest.approx(geodesic_m, rel=1e-4, abs=1e-3)


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_unproject_undoes_project(lon: float, lat: float) -> None:
    lonlat = np.array([[lon, lat]])
    assert np.allclose(unproject(project(lonlat)), lonlat, atol=1e-10)
