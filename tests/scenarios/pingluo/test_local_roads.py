"""Reconstructed local roads."""

from typing import Any

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.pingluo.local_roads import Surroundings, local_road_records
from scenarios.pingluo.plane import rounded, shape_to_plane
from scenarios.pingluo.river import River
from scenarios.pingluo.sources import facts
from scenarios.pingluo.trunk_roads import Piece

SIDE_M = 10_000.0


def _around(*trunk: Piece, river_x: float = 9_000.0) -> Surroundings:
    """A county of 20 km by 20 km, a river from south to north, a trunk road from west to east."""
    centre = shapely.LineString([(river_x, -9e4), (river_x, 9e4)])
    road = [_piece(f"t{i}", [(x, 0), (x + 1000, 0)]) for i, x in enumerate(range(-8000, 8000, 1000))]
    return Surroundings(
        river=River(
            centre=centre,
            west=shapely.box(-9e4, -9e4, river_x, 9e4),
            east=shapely.box(river_x, -9e4, 9e4, 9e4),
        ),
        county=shapely.box(-SIDE_M, -SIDE_M, SIDE_M, SIDE_M),
        trunk=[*road, *trunk],
        seats=[rounded([-3000, 500])],
        towns=shapely.Point(-3000, 500).buffer(800),
    )


def _piece(number: str, places: list[tuple[float, float]], kind: str = "trunk") -> Piece:
    shape = shapely.LineString(rounded(places))
    return Piece(id=number, shape=shape, length_m=None, told={"class": kind})


def _network(around: Surroundings, records: list[dict[str, Any]]) -> "nx.Graph[Any]":
    shapes = [p.shape for p in around.trunk] + [shape_to_plane(r["geometry"]) for r in records]
    network: nx.Graph[Any] = nx.Graph()
    for shape in shapes:
        a, b = (tuple(np.round(c, 3)) for c in shape.coords)
        network.add_edge(a, b, length_m=shape.length)
    return network


PLACE = st.tuples(st.integers(-70, 70), st.integers(-60, 60)).map(lambda p: (100.0 * p[0], 100.0 * p[1]))


@settings(deadline=None, max_examples=25)
@given(st.lists(PLACE, min_size=1, max_size=25, unique=True))
def test_every_place_off_the_trunk_road_has_a_road_to_it(found: list[tuple[float, float]]) -> None:
    around = _around()
    places = rounded(found)
    network = _network(around, local_road_records(places, around))
    assert nx.is_connected(network)
    for x, y in places:
        if abs(y) > facts("local_roads")["on_trunk_m"]:
            assert (round(x, 3), round(y, 3)) in network


def test_no_pieces_are_longer_than_a_kilometre_and_all_say_reconstructed() -> None:
    records = local_road_records(rounded([(500, 4500), (500, -3500)]), _around())
    assert max(shape_to_plane(r["geometry"]).length for r in records) <= 1000
    assert {r["source"] for r in records} == {"assumed"}
    assert all(r["note"].startswith("reconstructed") for r in records)
    assert len({r["id"] for r in records}) == len(records)


def test_places_within_a_few_steps_share_a_road() -> None:
    near = local_road_records(rounded([(500, 1500), (530, 1510)]), _around())
    assert len(near) == len(local_road_records(rounded([(500, 1500)]), _around()))


def test_a_road_under_the_motorway_says_so_and_joins_nothing() -> None:
    """Places on both sides of a motorway that ends nowhere near the trunk road."""
    motorway = _piece("m", [(0, 300), (0, 9000)], "motorway")
    around = _around(motorway)
    records = local_road_records(rounded([(-400, 6000), (400, 6000)]), around)
    crossing = [r for r in records if shape_to_plane(r["geometry"]).crosses(motorway.shape)]
    assert len(crossing) == 1
    assert "under the motorway" in crossing[0]["note"]
    ends = {c for r in records for c in shape_to_plane(r["geometry"]).coords}
    assert not ends & set(motorway.shape.coords)


def test_no_road_crosses_the_river() -> None:
    """A place across the river, with no trunk road there, is refused rather than reached."""
    with pytest.raises(ValueError, match="no road reaches 1 places"):
        local_road_records(rounded([(500, 2000), (2500, 2000)]), _cut())


def _cut() -> Surroundings:
    """The county with the river in the middle and the trunk road on the west bank only."""
    whole = _around(river_x=1500.0)
    west = [p for p in whole.trunk if p.shape.bounds[2] <= 1000]
    return Surroundings(
        river=whole.river, county=whole.county, trunk=west, seats=whole.seats, towns=whole.towns
    )


def test_main_roads_lead_from_a_seat_to_the_county_town() -> None:
    around = _around()
    far = Surroundings(
        river=around.river,
        county=around.county,
        trunk=around.trunk,
        seats=[rounded([-3000, 500]), rounded([2000, 4000])],
        towns=around.towns,
    )
    records = local_road_records(rounded([(-3000, 500), (2000, 4000), (2000, -4000)]), far)
    tertiary = [shape_to_plane(r["geometry"]) for r in records if r["class"] == "tertiary"]
    assert any(np.allclose(s.coords[i], rounded([2000, 4000])) for s in tertiary for i in (0, -1))
    assert not any(np.allclose(s.coords[i], rounded([2000, -4000])) for s in tertiary for i in (0, -1))
