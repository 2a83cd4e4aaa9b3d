"""Links that stay on their bank, and crossings cut at the river."""

import pytest
import shapely

from scenarios.pingluo.bends import bent_link, cut_at_river
from scenarios.pingluo.river import River

FAR = 50_000.0


def _river(*places: tuple[float, float]) -> River:
    """A river from south to north through the given places."""
    centre = shapely.LineString([(places[0][0], -FAR), *places, (places[-1][0], FAR)])
    west = shapely.Polygon([(-FAR, -FAR), *centre.coords, (-FAR, FAR)])
    east = shapely.Polygon([(FAR, -FAR), *centre.coords, (FAR, FAR)])
    return River(centre=centre, west=west, east=east)


BEND = _river((0, -4000), (1500, 0), (0, 4000))
"""A river that swings 1.5 km to the east."""


def test_a_link_clear_of_the_river_stays_straight() -> None:
    straight = shapely.LineString([(-3000, -5000), (-3000, 5000)])
    assert list(bent_link(straight, BEND, keep_off_m=700).coords) == list(straight.coords)


def test_a_link_on_the_outer_bank_is_bent_round_the_river() -> None:
    """From bank to bank the straight line would cross the bend; the way round keeps its distance and ends."""
    straight = shapely.LineString([(1000, -5000), (1000, 5000)])
    assert straight.crosses(BEND.centre)
    way = bent_link(straight, BEND, keep_off_m=500)
    assert (way.coords[0], way.coords[-1]) == (straight.coords[0], straight.coords[-1])
    assert way.within(BEND.east)
    assert way.distance(BEND.centre) >= 490
    assert straight.length < way.length <= 1.1 * straight.length


def test_a_link_on_the_inner_bank_may_go_straight_across_the_land() -> None:
    straight = shapely.LineString([(-900, -5000), (-900, 5000)])
    assert bent_link(straight, BEND, keep_off_m=500).length == pytest.approx(straight.length, rel=0.01)


def test_an_end_near_the_river_is_reached_all_the_same() -> None:
    straight = shapely.LineString([(200, -5000), (200, 5000)])
    way = bent_link(straight, BEND, keep_off_m=700)
    assert way.within(BEND.east)
    assert way.distance(BEND.centre) == pytest.approx(0.8 * 200, abs=10)


def test_a_crossing_is_cut_into_way_bridge_way() -> None:
    river = _river((0, 0))
    before, bridge, after = cut_at_river(shapely.LineString([(-3000, 0), (2000, 0)]), river, bridge_m=900)
    assert [before.length, bridge.length, after.length] == pytest.approx([2550, 900, 1550])
    assert bridge.crosses(river.centre)
    assert before.coords[-1] == bridge.coords[0]
    assert bridge.coords[-1] == after.coords[0]


def test_a_short_crossing_keeps_a_way_on_both_sides() -> None:
    pieces = cut_at_river(shapely.LineString([(-100, 0), (2000, 0)]), _river((0, 0)), bridge_m=900)
    assert min(piece.length for piece in pieces) == pytest.approx(10)


def test_a_link_that_crosses_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="crosses the river 2 times"):
        cut_at_river(shapely.LineString([(1000, -5000), (1000, 5000)]), BEND, bridge_m=900)
