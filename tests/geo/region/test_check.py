"""Each check finds its fault, and a sound region has none."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.datum import from_wgs84
from geo.errors import Fault
from geo.region import Region
from geo.region.check import check_region
from geo.region.finding import LISTED, shipped_limits
from geo.region.tables import make_region
from tests.geo.region.making import frame

WEST, EAST, LAT = 106.50, 106.60, 38.90
START = shapely.Point(WEST, LAT)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


def place(record: str, lon: float, lat: float, **cells: Any) -> dict[str, Any]:
    return {"id": record, "people": 0, "township_id": "t", "at": shapely.Point(lon, lat), **cells}


def road(record: str, *points: tuple[float, float]) -> dict[str, Any]:
    return {"id": record, "class": "road", "at": line(*points)}


def sound() -> dict[str, pd.DataFrame]:
    return {
        "boundary": frame("boundary", {"id": "b", "at": shapely.box(106.4, 38.8, 106.8, 39.0)}),
        "townships": frame("townships", {"id": "t", "people": 30, "zone": "town", "at": START}),
        "roads": frame("roads", {"id": "r", "class": "primary", "at": line((WEST, LAT), (EAST, LAT))}),
        "demand": frame("demand", place("d", 106.55, 38.901, people=30)),
        "stations": frame("stations", {"id": "s", "kind": "fire_station", "status": "existing", "at": START}),
        "teams": frame(
            "teams",
            {"id": "e", "station_id": "s", "force": "fire_rescue", "people": 6, "capabilities": "fire:2"},
            {"id": "f", "force": "volunteer", "people": 6, "capabilities": "fire:1", "at": START},
        ),
    }


def region(**changed: Any) -> Region:
    return make_region("r", {**sound(), **changed})


def more(layer: str, *records: dict[str, Any]) -> pd.DataFrame:
    return pd.concat([sound()[layer], frame(layer, *records)], ignore_index=True)


def codes(checked: Region) -> list[str]:
    return [fault.code for fault in check_region(checked)]


def only(checked: Region, code: str) -> Fault:
    (fault,) = check_region(checked)
    assert fault.code == code
    assert fault.fix
    return fault


def test_a_sound_region_has_no_fault_but_the_team_that_stands_at_its_station() -> None:
    assert only(region(), "L202").where == "teams e"


def checked_codes(**changed: Any) -> list[str]:
    """Codes beside the one of the sound region."""
    found = codes(region(**changed))
    found.remove("L202")
    return found


def test_a_datum_declared_as_shifted_is_an_error() -> None:
    assert checked_codes(about=frame("about", {"id": "datum", "value": "gcj02"})) == ["L201"]


def test_a_polygon_that_crosses_itself_is_an_error() -> None:
    bow = shapely.Polygon([(106.5, 38.9), (106.6, 39.0), (106.6, 38.9), (106.5, 39.0)])
    zones = frame("flood_zones", {"id": "z", "hazard": "river_flood", "at": bow})
    assert checked_codes(flood_zones=zones) == ["L203"]


def test_the_same_name_at_the_same_place_is_a_double() -> None:
    twice = more("demand", place("x", 106.55, LAT, name_zh="甲"), place("y", 106.55, LAT, name_zh="甲"))
    assert checked_codes(demand=twice) == ["L204"]


@pytest.mark.parametrize(
    ("lon", "lat", "fix"), [(120.0, 36.0, "Check the coordinates"), (38.9, 66.0, "Check the coordinates")]
)
def test_a_place_outside_the_boundary_is_listed_with_its_distance(lon: float, lat: float, fix: str) -> None:
    """A demand point in the Yellow Sea, 1,200 km off; it is far from every road as well."""
    found = check_region(region(demand=more("demand", place("sea", lon, lat))))
    outside = next(fault for fault in found if fault.code == "L205")
    assert outside.where == "demand sea"
    assert outside.fix.startswith(fix)
    assert "L215" in [fault.code for fault in found]


def test_swapped_coordinates_inside_the_legal_range_are_recognised_by_the_boundary() -> None:
    """In Liechtenstein both orders are legal degrees: 47.1, 9.5 is a point in the Arabian Sea."""
    outline = frame("boundary", {"id": "b", "at": shapely.box(9.4, 47.0, 9.7, 47.3)})
    roads = frame("roads", {"id": "r", "class": "primary", "at": line((9.5, 47.1), (9.6, 47.1))})
    swapped = frame("demand", {"id": "d", "people": 1, "at": shapely.Point(47.1, 9.5)})
    found = check_region(make_region("r", {"boundary": outline, "roads": roads, "demand": swapped}))
    assert next(f for f in found if f.code == "L205").fix == "Exchange longitude and latitude."


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_places_in_a_shifted_datum_are_recognised_by_the_roads_they_should_stand_at(datum: str) -> None:
    grid = [(106.5 + i * 0.05, 38.8 + j * 0.05) for i in range(4) for j in range(4)]
    roads = [
        {"id": f"{k}{i}", "class": "primary", "at": line(*[p for p in grid if p[k] == v])}
        for k in (0, 1)
        for i, v in enumerate(sorted({p[k] for p in grid}))
    ]
    shown = from_wgs84(np.array(grid) + 1e-5, datum)
    shelters = frame("shelters", *({"id": str(i), "at": shapely.Point(p)} for i, p in enumerate(shown)))
    found = check_region(make_region("r", {"roads": frame("roads", *roads), "shelters": shelters}))
    assert [f.found.split(" ")[-1] for f in found if f.code == "L206"] == [datum]


def test_no_roads_is_an_error_and_planned_ones_are_none() -> None:
    planned = frame("roads", {"id": "r", "class": "road", "status": "planned", "at": line((1, 2), (3, 4))})
    assert checked_codes(roads=frame("roads", {"id": "r", "class": "road"})) == ["L202", "L210"]
    assert checked_codes(roads=planned) == ["L210"]


def test_roads_without_length_and_roads_drawn_twice_are_listed() -> None:
    same = {"id": "q", "class": "primary", "at": line((WEST, LAT), (EAST, LAT))}
    point = {"id": "p", "class": "primary", "at": line((WEST, LAT), (WEST, LAT))}
    assert checked_codes(roads=more("roads", same, point)) == ["L212", "L211"]


@pytest.mark.parametrize(("gap_m", "listed"), [(4.5, True), (5.5, False)])
def test_a_road_end_just_short_of_another_road_is_listed(gap_m: float, listed: bool) -> None:
    near = LAT + gap_m / 111_016
    side = {"id": "side", "class": "service", "at": line((106.55, near), (106.55, LAT + 0.01))}
    found = checked_codes(roads=more("roads", side))
    assert ("L213" in found) is listed
    assert "L214" in found


def test_a_place_on_an_island_is_listed_with_its_distance_to_the_main_network() -> None:
    island = [road("i1", (106.50, 38.95), (106.51, 38.95)), road("i2", (106.51, 38.95), (106.52, 38.95))]
    main = [road("m1", (EAST, LAT), (106.7, LAT)), road("m2", (106.7, LAT), (106.8, LAT))]
    roads = more("roads", *island, *main)
    found = check_region(region(roads=roads, demand=more("demand", place("cut-off", 106.515, 38.9501))))
    reached = next(fault for fault in found if fault.code == "L216")
    assert reached.where == "demand cut-off"
    distance_m = int(reached.found.split("is ")[1].split(" m")[0].replace(",", ""))
    assert distance_m == pytest.approx(0.0501 * 111_020, rel=0.01)


def test_a_one_way_dead_end_cuts_its_places_off() -> None:
    dead_end = {"id": "o", "class": "road", "oneway": "yes", "at": line((EAST, LAT), (106.65, LAT))}
    found = checked_codes(roads=more("roads", dead_end), demand=more("demand", place("x", 106.65, LAT)))
    assert found == ["L214", "L216"]


def test_a_place_far_from_every_road_is_listed() -> None:
    """0.018 degrees north are 1,998 m, 0.0181 are 2,009 m; the limit is 2,000 m inclusive."""
    near, far = place("near", 106.55, LAT + 0.018), place("far", 106.55, LAT + 0.0181)
    found = check_region(region(demand=more("demand", near, far)))
    assert [fault.where for fault in found if fault.code == "L215"] == ["demand far"]


def test_what_the_road_graph_refuses_is_reported_not_raised() -> None:
    turn = {"id": "t", "from_road": "r", "to_road": "r", "kind": "no", "at": shapely.Point(0, 0)}
    about = frame("about", {"id": "speed_preset", "value": "mars"})
    assert any(code.startswith("N1") for code in checked_codes(about=about))
    assert any(code.startswith("N1") for code in checked_codes(turns=frame("turns", turn)))


def test_sums_of_people_are_compared_by_township() -> None:
    assert checked_codes(demand=more("demand", place("x", 106.55, LAT, people=1))) == ["L222"]
    assert checked_codes(demand=more("demand", place("x", 106.55, LAT, township_id=""))) == ["L221"]
    assert checked_codes(demand=frame("demand")) == ["L220", "L222"]


def test_teams_without_start_class_or_capability_are_listed() -> None:
    lost = {"id": "l", "force": "volunteer", "people": 3, "vehicle_class": "flying_carpet"}
    found = [f.code for f in check_region(region(teams=more("teams", lost))) if f.where == "teams l"]
    assert found == ["L202", "L223", "L224", "L225"]


def test_capacity_without_a_rate_is_listed() -> None:
    found = checked_codes(
        items=frame("items", {"id": "i", "unit": "piece"}),
        depots=frame("depots", {"id": "d", "level": "county", "at": shapely.Point(WEST, LAT)}),
        stock=frame("stock", {"id": "s", "depot_id": "d", "item_id": "i", "mode": "capacity", "quantity": 5}),
    )
    assert found == ["L226"]


def test_tables_made_without_reading_are_looked_at_again() -> None:
    """Someone who builds a region in memory may skip the reader."""
    checked = region()
    demand = checked.table("demand").assign(township_id="nowhere", source="")
    broken = Region(name="b", tables={**checked.tables, "demand": demand})
    assert {"L121", "L227"} <= set(codes(broken))


def test_many_like_findings_are_counted() -> None:
    lost = frame("demand", *({"id": str(i), "people": 1, "township_id": "t"} for i in range(LISTED + 7)))
    found = [
        f for f in check_region(region(demand=lost)) if f.code == "L202" and f.where.startswith("demand")
    ]
    assert len(found) == LISTED + 1
    assert found[-1].found == "7 more such records"


def test_limits_come_from_their_file() -> None:
    assert shipped_limits().far_from_road_m == 2000
