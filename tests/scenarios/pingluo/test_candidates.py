"""Candidate places for township fire stations."""

import numpy as np
import shapely

from scenarios.pingluo.candidates import candidate_records
from scenarios.pingluo.plane import to_plane
from scenarios.pingluo.townships import Township

Places = list[tuple[float, float]]

TOLD = {
    "per_township": 3,
    "opening_cost": 1,
    "source": "assumed",
    "note": "",
    "from_hazards_m": 200,
}


def _township(name: str, x: float) -> Township:
    return Township(
        id=name,
        name_zh=name,
        name_en=name,
        zone="town",
        bank="west",
        people=0,
        seat_m=np.array([x, 0.0]),
        area=shapely.box(x - 5e3, -5e3, x + 5e3, 5e3),
    )


def _candidates(places: Places, people: list[int], hazards: Places) -> list[list[float]]:
    demand = [{"township_id": "a", "people": n} for n in people]
    records = candidate_records(
        [_township("a", 0.0), _township("b", 20e3)],
        demand,
        with_station={"b"},
        hazards=np.array(hazards),
        points_m=np.array(places, np.float64),
        told=TOLD,
    )
    assert {r["township_id"] for r in records} == {"a"}
    return [np.round(to_plane(r["geometry"].coords[0]), -1).tolist() for r in records]


def test_the_seat_comes_first_then_where_most_people_are_brought_nearer() -> None:
    """100 people at 4 km count more than 10 at 5 km, and the third place goes to those left far away."""
    found = _candidates([(4000, 0), (0, 5000), (100, 0)], [100, 10, 10], [(9e3, 9e3)])
    assert found == [[0, 0], [4000, 0], [0, 5000]]


def test_places_near_a_dangerous_site_are_left_out() -> None:
    found = _candidates([(4000, 0), (0, 5000), (1000, 0)], [100, 10, 1], [(4100, 0)])
    assert [4000, 0] not in found
