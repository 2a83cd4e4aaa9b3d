"""What tags mean to a driver, rule by rule."""

import pytest

from geo.osm_tags import Barrier, access, barrier, behind, names, oneway, road_tags


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({}, "no"),
        ({"oneway": "yes"}, "yes"),
        ({"oneway": "1"}, "yes"),
        ({"oneway": "-1"}, "reverse"),
        ({"oneway": "reversible"}, "no"),
        ({"junction": "roundabout"}, "yes"),
        ({"junction": "circular"}, "yes"),
        ({"junction": "roundabout", "oneway": "no"}, "no"),
        ({"junction": "roundabout", "oneway": "-1"}, "reverse"),
        ({"oneway": "yes", "busway": "opposite_lane"}, "yes"),
        ({"oneway:bicycle": "no"}, "no"),
    ],
)
def test_oneway(tags: dict[str, str], direction: str) -> None:
    assert oneway(tags, "residential") == direction


def test_motorways_are_one_way_unless_they_say_otherwise_and_their_links_are_not() -> None:
    assert oneway({}, "motorway") == "yes"
    assert oneway({"oneway": "no"}, "motorway") == "no"
    assert oneway({}, "motorway_link") == "no"


@pytest.mark.parametrize(
    ("tags", "who"),
    [
        ({}, None),
        ({"access": "yes"}, "yes"),
        ({"access": "destination"}, "yes"),
        ({"access": "private"}, "private"),
        ({"access": "agricultural;forestry"}, "private"),
        ({"access": "no"}, "no"),
        ({"access": "no", "vehicle": "yes"}, "yes"),
        ({"access": "yes", "motor_vehicle": "no"}, "no"),
        ({"motor_vehicle": "no", "motorcar": "yes"}, "yes"),
        ({"vehicle": "no", "motor_vehicle": "private"}, "private"),
        ({"motor_vehicle": "forestry;yes"}, "yes"),
        ({"motor_vehicle": "whatever", "access": "private"}, "private"),
        ({"access": "no", "emergency": "yes"}, "private"),
        ({"access": "no", "emergency": "no"}, "no"),
        ({"motor_vehicle": "no", "bus": "yes"}, "private"),
        ({"foot": "no", "bicycle": "no"}, None),
    ],
)
def test_the_most_specific_access_tag_that_is_understood_holds(tags: dict[str, str], who: str | None) -> None:
    assert access(tags) == who


@pytest.mark.parametrize(
    ("tags", "who"),
    [
        ({"barrier": "bollard"}, "no"),
        ({"barrier": "block"}, "no"),
        ({"barrier": "chain"}, "no"),
        ({"barrier": "bollard", "bollard": "rising"}, "private"),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, None),
        ({"barrier": "bollard", "emergency": "yes"}, "private"),
        ({"barrier": "gate"}, None),
        ({"barrier": "gate", "access": "private"}, "private"),
        ({"barrier": "gate", "access": "no"}, "no"),
        ({"barrier": "gate", "locked": "yes"}, "private"),
        ({"barrier": "lift_gate"}, None),
        ({"barrier": "toll_booth"}, None),
        ({"barrier": "cattle_grid"}, None),
        ({"highway": "crossing"}, None),
    ],
)
def test_who_passes_a_barrier(tags: dict[str, str], who: str | None) -> None:
    found = barrier(tags)
    assert (found.access if found else None) == who


def test_a_height_restrictor_lets_low_vehicles_pass() -> None:
    assert barrier({"barrier": "height_restrictor", "maxheight": "2.2"}) == Barrier(
        kind="height_restrictor", access="yes", max_height_m=2.2
    )
    assert barrier({"barrier": "height_restrictor"}) is None


def test_behind_a_barrier_the_stricter_of_road_and_barrier_holds() -> None:
    road = road_tags({"highway": "service", "access": "private", "maxheight": "3"})
    assert road is not None
    low = behind(road, Barrier(kind="gate", access="yes", max_height_m=2.0))
    assert (low.access, low.max_height_m, low.note) == ("private", 2.0, "barrier: gate")
    assert behind(road, Barrier(kind="block", access="no")).access == "no"


@pytest.mark.parametrize(
    "highway", ["footway", "cycleway", "path", "steps", "pedestrian", "busway", "platform", "raceway"]
)
def test_ways_that_are_no_roads_for_cars(highway: str) -> None:
    assert road_tags({"highway": highway}) is None


def test_areas_are_no_roads() -> None:
    assert road_tags({"highway": "service", "area": "yes"}) is None


def test_roads_under_construction_are_planned() -> None:
    planned = road_tags({"highway": "construction", "construction": "primary"})
    assert planned is not None
    assert (planned.road_class, planned.status) == ("primary", "planned")
    proposed = road_tags({"highway": "proposed", "proposed": "trunk"})
    assert proposed is not None
    assert proposed.status == "planned"
    assert road_tags({"highway": "construction"}) is None


def test_ferries_need_to_take_motor_vehicles() -> None:
    assert road_tags({"route": "ferry"}) is None
    assert road_tags({"route": "ferry", "motor_vehicle": "no"}) is None
    ferry = road_tags({"route": "ferry", "motor_vehicle": "yes"})
    assert ferry is not None
    assert ferry.road_class == "ferry"
    assert road_tags({"route": "bus"}) is None


def test_emergency_access_roads_are_private() -> None:
    road = road_tags({"highway": "service", "service": "emergency_access"})
    assert road is not None
    assert road.access == "private"


def test_speeds_by_direction_count_as_the_lower() -> None:
    road = road_tags({"highway": "primary", "maxspeed:forward": "80", "maxspeed:backward": "60"})
    assert road is not None
    assert road.maxspeed_kmh == 60


@pytest.mark.parametrize("value", ["yes", "viaduct", "movable"])
def test_any_bridge_is_a_bridge(value: str) -> None:
    road = road_tags({"highway": "primary", "bridge": value, "tunnel": "no"})
    assert road is not None
    assert (road.bridge, road.tunnel) == ("yes", "no")


@pytest.mark.parametrize(
    ("tags", "zh", "en"),
    [
        ({"name": "人民路"}, "人民路", ""),
        ({"name": "Dorfstrasse"}, "", "Dorfstrasse"),
        ({"name": "人民路", "name:en": "Renmin Road"}, "人民路", "Renmin Road"),
        ({"name": "Main Road", "name:zh": "主路"}, "主路", "Main Road"),
        ({}, "", ""),
    ],
)
def test_names_by_script(tags: dict[str, str], zh: str, en: str) -> None:
    assert names(tags) == (zh, en)
