"""OpenStreetMap files read into tables: small files of every kind, damaged ones, and a whole country."""

import bz2
import gzip
from dataclasses import fields
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal
from pyproj import Geod
from shapely import box
from shapely.geometry import Point

from geo.components import main_network
from geo.errors import InputError
from geo.metric import IMPASSABLE, arc_weights_ds
from geo.osm import OsmExtract, read_osm
from geo.osm_places import area_m2
from geo.region.layers import LAYERS
from geo.road_layer import road_graph
from tests.geo.osm_texts import GRID, node, osm_text, read, relation, rows, way
from tests.geo.road_tables import CAR

LINE = [node(i, i, 0) for i in range(1, 6)]


@pytest.fixture(scope="module")
def liechtenstein(shared_data: Path) -> OsmExtract:
    return read_osm(shared_data / "networks" / "liechtenstein-latest.osm.pbf")


def fault_of(path: Path) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        read_osm(path)
    (fault,) = caught.value.faults
    return fault.code, fault.where


def test_roads_have_the_columns_of_their_layer_and_all_that_the_way_says(tmp_path: Path) -> None:
    tags = {
        "highway": "primary", "name": "石嘴山路", "name:en": "Shizuishan Road", "ref": "G109", "oneway": "-1",
        "maxspeed": "60", "surface": "asphalt", "bridge": "yes", "access": "destination", "maxweight": "20",
        "maxheight": "4.5",
    }  # fmt: skip
    roads = read(tmp_path, *LINE, way(7, [1, 2, 3], tags)).roads
    assert list(roads.columns) == [*(column.name for column in LAYERS["roads"].columns), "geometry"]
    (road,) = roads.to_dict("records")
    assert road.pop("geometry").wkt == "LINESTRING (106.501 38.9, 106.502 38.9, 106.503 38.9)"
    assert np.isnan(road.pop("length_m"))
    assert road == {
        "id": "w7-0", "name_zh": "石嘴山路", "name_en": "Shizuishan Road", "class": "primary", "ref": "G109",
        "oneway": "reverse", "maxspeed_kmh": 60.0, "surface": "asphalt", "bridge": "yes", "tunnel": "no",
        "access": "yes", "max_weight_t": 20.0, "max_height_m": 4.5, "status": "existing", "osm_id": "7",
        "source": "OpenStreetMap map.osm", "note": "",
    }  # fmt: skip


def test_ways_are_cut_at_junctions_and_joined_where_nothing_forks(tmp_path: Path) -> None:
    side = node(9, 3, 1)
    roads = read(
        tmp_path, *LINE, side, way(1, [1, 2]), way(2, [2, 3, 4]), way(3, [3, 9]), way(4, [4, 5])
    ).roads
    assert rows(roads, "id", "osm_id") == [("w1-0", "1;2"), ("w2-1", "2;4"), ("w3-0", "3")]


def test_a_bridge_over_a_road_does_not_join_it(tmp_path: Path) -> None:
    across = [node(11, 3, -1), node(12, 3, 1)]
    extract = read(tmp_path, *LINE, *across, way(1, [1, 5]), way(2, [11, 12], bridge="yes"))
    assert road_graph(extract.roads).junctions == 4


def test_footways_fences_and_other_lines_are_left_out(tmp_path: Path) -> None:
    others = [way(2, [2, 3], highway="footway"), way(3, [3, 4], highway="", barrier="fence")]
    assert rows(read(tmp_path, *LINE, way(1, [1, 2]), *others).roads, "id") == [("w1-0",)]


def test_a_bollard_stops_a_car_and_a_gate_does_not(tmp_path: Path) -> None:
    ends = [
        node(1, 1, 0),
        node(2, 2, 0, barrier="bollard"),
        node(3, 3, 0),
        node(4, 4, 0, barrier="gate"),
        node(5, 5, 0),
    ]
    roads = read(tmp_path, *ends, way(1, [1, 2, 3]), way(2, [3, 4, 5])).roads
    assert rows(roads, "access", "note") == [("yes", ""), ("no", "barrier: bollard"), ("yes", "")]
    graph = road_graph(roads)
    assert graph.length_m[1] == pytest.approx(1.0, abs=0.02)
    assert (arc_weights_ds(graph, CAR) < IMPASSABLE).tolist() == [True, True, False, False, True, True]
    assert main_network(graph, arc_weights_ds(graph, CAR)).sum() == 2


def test_ferries_with_cars_join_the_banks(tmp_path: Path) -> None:
    ferry = way(2, [2, 4], highway="", route="ferry", motor_vehicle="yes")
    on_foot = way(3, [1, 5], highway="", route="ferry", foot="yes")
    extract = read(tmp_path, *LINE, way(1, [1, 2]), ferry, on_foot, way(4, [4, 5]))
    assert rows(extract.roads, "id", "class") == [
        ("w1-0", "residential"),
        ("w2-0", "ferry"),
        ("w4-0", "residential"),
    ]
    assert road_graph(extract.roads).ferry.tolist() == [False, True, False]


CROSSING = [
    node(1, 1, 1), node(2, 0, 1), node(3, 2, 1), node(4, 1, 0), node(5, 1, 2),
    way(12, [2, 1]), way(13, [1, 3]), way(14, [4, 1]), way(15, [1, 5]),
]  # fmt: skip


def restriction(number: int, kind: str, from_way: int, to_way: int, **tags: str) -> str:
    members = [("way", from_way, "from"), ("node", 1, "via"), ("way", to_way, "to")]
    return relation(number, members, {"type": "restriction", "restriction": kind, **tags})


def test_restrictions_become_turns_and_forbidden_arcs(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        *CROSSING,
        restriction(91, "no_left_turn", 12, 15),
        restriction(90, "only_straight_on", 14, 15),
    )
    assert list(extract.turns.columns) == [*(column.name for column in LAYERS["turns"].columns), "geometry"]
    assert rows(extract.turns, "id", "from_road", "to_road", "kind") == [
        ("r90", "w14-0", "w15-0", "only"),
        ("r91", "w12-0", "w15-0", "no"),
    ]
    assert extract.turns.geometry.iloc[0].wkt == "POINT (106.501 38.901)"
    assert road_graph(extract.roads, extract.turns).turns.tolist() == [[0, 6], [4, 1], [4, 2], [4, 5]]
    assert extract.warnings == ()


def test_a_junction_with_a_restriction_stays_a_junction(tmp_path: Path) -> None:
    """Turning back is forbidden where two equal ways meet: joined, they could not say so."""
    members = [("way", 1, "from"), ("node", 2, "via"), ("way", 1, "to")]
    back = relation(9, members, {"type": "restriction", "restriction": "no_u_turn"})
    extract = read(tmp_path, *LINE, way(1, [1, 2]), way(2, [2, 3]), back)
    assert len(extract.roads) == 2
    assert road_graph(extract.roads, extract.turns).turns.tolist() == [[0, 1]]


def test_restrictions_for_others_are_passed_over_and_unusable_ones_counted(tmp_path: Path) -> None:
    via_way = [("way", 12, "from"), ("way", 13, "via"), ("way", 15, "to")]
    extract = read(
        tmp_path,
        *CROSSING,
        restriction(1, "no_left_turn", 12, 15, **{"except": "psv;motorcar"}),
        restriction(2, "no_left_turn", 12, 99),
        restriction(3, "no_parking", 12, 15),
        relation(4, via_way, {"type": "restriction", "restriction": "no_u_turn"}),
        relation(5, via_way, {"type": "route", "route": "bus"}),
        relation(6, [*via_way, ("node", 1, "via")], {"type": "restriction", "restriction": "no_u_turn"}),
    )
    assert extract.turns.empty
    (warning,) = extract.warnings
    assert (warning.code, warning.severity) == ("N115", "warning")
    assert warning.found.startswith("3 turn restrictions")


def test_a_way_that_goes_on_beyond_the_junction_is_no_clear_restriction(tmp_path: Path) -> None:
    through = [n for n in CROSSING if "<way" not in n] + [way(20, [2, 1, 3]), way(21, [1, 5])]
    extract = read(tmp_path, *through, restriction(1, "no_left_turn", 20, 21))
    assert [warning.code for warning in extract.warnings] == ["N115"]


def test_ways_end_where_the_file_lacks_their_nodes_and_are_counted(tmp_path: Path) -> None:
    extract = read(tmp_path, *LINE, way(1, [98, 1, 2, 99, 3, 4]), way(2, [97, 5]))
    assert rows(extract.roads, "id") == [("w1-0",), ("w1-1",)]
    (warning,) = extract.warnings
    assert (warning.code, warning.severity) == ("N114", "warning")
    assert warning.found.startswith("2 roads")


SQUARE = [node(21, 0, 5), node(22, 1, 5), node(23, 1, 6), node(24, 0, 6)]
RING = [21, 22, 23, 24, 21]


def test_places_come_from_nodes_and_areas_and_lie_within_them(tmp_path: Path) -> None:
    extract = read(
        tmp_path, *LINE, *SQUARE,
        node(31, 2, 2, amenity="fire_station", name="红崖子消防站"),
        node(32, 3, 2, amenity="hospital", beds="300"),
        node(33, 4, 2, place="village", name="Village", population="1200"),
        node(34, 4, 2, amenity="bench"),
        way(1, [1, 2]),
        way(2, RING, highway="", amenity="fire_station", building="yes"),
        way(3, RING, highway="", amenity="school"),
        way(4, RING, highway="", building="no"),
    )  # fmt: skip
    assert rows(extract.stations, "id", "name_zh", "kind", "status") == [
        ("n31", "红崖子消防站", "fire_station", "existing"),
        ("w2", "", "fire_station", "existing"),
    ]
    assert rows(extract.hospitals, "id", "beds") == [("n32", 300)]
    assert rows(extract.schools, "id") == [("w3",)]
    assert rows(extract.settlements, "id", "name_en", "kind", "people") == [
        ("n33", "Village", "village", 1200)
    ]
    assert rows(extract.buildings, "id", "kind") == [("w2", "yes")]
    middle = Point(106.5 + GRID / 2, 38.9 + 5.5 * GRID)
    assert extract.buildings.geometry.iloc[0].distance(middle) < 1e-9
    assert extract.buildings["area_m2"].iloc[0] == pytest.approx(86.73 * 111.02, rel=0.005)


def test_administrative_areas_are_polygons_with_a_level_and_a_name(tmp_path: Path) -> None:
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "8", "name": "黄渠桥镇"}
    ring = way(2, RING, highway="", boundary="administrative", admin_level="8")
    extract = read(tmp_path, *LINE, *SQUARE, way(1, [1, 2]), ring, relation(9, [("way", 2, "outer")], tags))
    assert rows(extract.admin_areas, "id", "name_zh", "admin_level") == [("r9", "黄渠桥镇", 8)]
    assert extract.admin_areas.geom_type.tolist() == ["MultiPolygon"]


def test_building_storeys_are_numbers_or_missing(tmp_path: Path) -> None:
    high = way(2, RING, {"highway": "", "building": "house", "building:levels": "2.5"})
    odd = way(3, RING, {"highway": "", "building": "house", "building:levels": "two"})
    levels = read(tmp_path, *LINE, *SQUARE, way(1, [1, 2]), high, odd).buildings["levels"]
    assert levels.iloc[0] == 2.5
    assert np.isnan(levels.iloc[1])


def test_areas_against_the_ellipsoid() -> None:
    shapes = [box(106.5, lat, 106.51, lat + 0.01) for lat in (0.0, 20.0, 38.9, 55.0)]
    true_m2 = [abs(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0]) for shape in shapes]
    assert area_m2(np.array(shapes, dtype=object)) == pytest.approx(true_m2, rel=0.005)


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2"])
def test_every_form_of_a_file_reads_alike(tmp_path: Path, ending: str) -> None:
    content = osm_text(*LINE, way(1, [1, 2, 3])).encode()
    packed = {".osm": content, ".osm.gz": gzip.compress(content), ".osm.bz2": bz2.compress(content)}
    (tmp_path / f"map{ending}").write_bytes(packed[ending])
    assert rows(read_osm(tmp_path / f"map{ending}").roads, "id") == [("w1-0",)]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "none.osm.pbf")[0] == "N110"
    assert fault_of(tmp_path)[0] == "N110"


def test_another_format_is_refused_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "roads.shp").write_bytes(b"no map")
    assert fault_of(tmp_path / "roads.shp") == ("N111", "roads.shp")


@pytest.mark.parametrize("ending", [".osm", ".osm.pbf", ".osm.gz", ".osm.bz2"])
@pytest.mark.parametrize("content", [b"", b"neither here nor there" * 20])
def test_empty_files_and_rubbish_are_refused(tmp_path: Path, ending: str, content: bytes) -> None:
    (tmp_path / f"map{ending}").write_bytes(content)
    assert fault_of(tmp_path / f"map{ending}") == ("N112", f"map{ending}")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, share: float) -> None:
    content = osm_text(*LINE, way(1, [1, 2, 3])).encode()
    (tmp_path / "map.osm").write_bytes(content[: int(len(content) * share)])
    packed = gzip.compress(content)
    (tmp_path / "map.osm.gz").write_bytes(packed[: int(len(packed) * share)])
    assert fault_of(tmp_path / "map.osm") == ("N112", "map.osm")
    assert fault_of(tmp_path / "map.osm.gz") == ("N112", "map.osm.gz")


def test_impossible_coordinates_are_refused(tmp_path: Path) -> None:
    (tmp_path / "map.osm").write_text(osm_text(node(1, 1e6, 0), way(1, [1, 1])), encoding="utf-8")
    assert fault_of(tmp_path / "map.osm") == ("N112", "map.osm")


def test_a_file_without_roads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.osm").write_text(osm_text(*LINE, way(1, [1, 2], highway="footway")), encoding="utf-8")
    assert fault_of(tmp_path / "map.osm") == ("N113", "map.osm")


@pytest.mark.data
def test_a_country_cut_off_is_refused(shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / "networks" / "liechtenstein-latest.osm.pbf").read_bytes()
    for share in (0.1, 0.6, 0.95):
        (tmp_path / "cut.osm.pbf").write_bytes(whole[: int(len(whole) * share)])
        assert fault_of(tmp_path / "cut.osm.pbf") == ("N112", "cut.osm.pbf")


@pytest.mark.data
def test_liechtenstein_has_its_stations_hospital_schools_buildings_and_municipalities(
    liechtenstein: OsmExtract,
) -> None:
    assert len(liechtenstein.stations) == 6
    assert len(liechtenstein.hospitals) == 1
    assert len(liechtenstein.schools) == 19
    assert (
        len(liechtenstein.buildings) == 8994
    )  # 8,992 ways, of which 2 do not close and 1 is none; 5 relations
    assert (liechtenstein.admin_areas["admin_level"] == 8).sum() == 11
    assert liechtenstein.warnings == ()


@pytest.mark.data
def test_liechtenstein_is_one_network_of_believable_size(liechtenstein: OsmExtract) -> None:
    graph = road_graph(liechtenstein.roads, liechtenstein.turns, preset="generic")
    assert graph.length_m.sum() / 1000 == pytest.approx(863, abs=1)
    open_roads = arc_weights_ds(graph, CAR)
    assert main_network(graph, open_roads).sum() / graph.junctions > 0.9
    no_track = np.array([name not in ("track", "service") for name in graph.road_classes])[graph.road_class]
    points = np.diff(graph.shape_start)[no_track & (graph.access == 0)]
    arcs = 2 * (points - 1).sum()
    assert arcs == pytest.approx(28_100, rel=0.03)


@pytest.mark.data
def test_reading_twice_gives_the_same_tables(shared_data: Path, liechtenstein: OsmExtract) -> None:
    again = read_osm(shared_data / "networks" / "liechtenstein-latest.osm.pbf")
    for name in (field.name for field in fields(OsmExtract)):
        if isinstance(table := getattr(again, name), gpd.GeoDataFrame):
            assert_geodataframe_equal(table, getattr(liechtenstein, name))
