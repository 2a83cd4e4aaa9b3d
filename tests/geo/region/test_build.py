"""Regions built from hand-made OpenStreetMap texts, road files and grids, and from a real extract."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.datum import from_wgs84
from geo.errors import InputError
from geo.region import Region, read_region, write_region
from geo.region.build import BuildOptions, build_region
from geo.region.check import check_region
from geo.region.population import apportion, demand_from_buildings, demand_from_grid
from geo.region.townships import in_townships

NODES = {1: (9.50, 47.10), 2: (9.52, 47.10), 3: (9.54, 47.10), 4: (9.58, 47.10)}


def osm_text(*, admin: bool = True) -> str:
    """A road of three pieces, a fire station, a school, two buildings (the second four times the first)."""
    nodes = [_node(i, lon) for i, (lon, _) in NODES.items()]
    ways = [_way(10, (1, 2), highway="primary"), _way(11, (2, 3, 4), highway="primary")]
    ways.append(_way(12, (2, 1), highway="track"))
    nodes += _square(100, 9.510, 47.101, 0.001) + _square(110, 9.530, 47.101, 0.002)
    nodes += _square(120, 9.490, 47.090, 0.040) + _square(130, 9.525, 47.090, 0.040)
    ways += [_ring(20, 100, building="house"), _ring(21, 110, building="yes")]
    if admin:
        for number, first in ((30, 120), (31, 130)):
            ways.append(_ring(number, first, boundary="administrative", admin_level="8", name=f"甲{number}"))
    nodes += [_node(200, 9.511, amenity="fire_station"), _node(201, 9.541, amenity="school")]
    nodes.append(_node(202, 9.511, place="town", name="T"))
    return f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}</osm>'


def _node(number: int, lon: float, lat: float = 47.1, **tags: str) -> str:
    inside = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
    return f'<node id="{number}" lon="{lon:.6f}" lat="{lat:.6f}" version="1">{inside}</node>'


def _square(first: int, lon: float, lat: float, size: float) -> list[str]:
    corners = [(lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size)]
    return [_node(first + i, x, y) for i, (x, y) in enumerate(corners)]


def _way(number: int, nodes: tuple[int, ...], **tags: str) -> str:
    inside = [f'<nd ref="{n}"/>' for n in nodes] + [f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()]
    return f'<way id="{number}" version="1">{"".join(inside)}</way>'


def _ring(number: int, first: int, **tags: str) -> str:
    return _way(number, (first, first + 1, first + 2, first + 3, first), **tags)


@pytest.fixture
def osm(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.osm"
    path.write_text(osm_text(), encoding="utf-8")
    return path


def built(**options: Any) -> Region:
    return build_region(BuildOptions(name="tiny", **options)).region


def refusal(**options: Any) -> str:
    with pytest.raises(InputError) as caught:
        built(**options)
    return caught.value.faults[0].code


def polygon_file(path: Path, *shapes: shapely.Geometry, **columns: Any) -> Path:
    gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326").to_file(path)
    return path


def test_an_extract_becomes_a_region_whose_sums_agree(osm: Path) -> None:
    region = built(osm=osm)
    assert {layer: len(table) for layer, table in region.tables.items() if len(table)} == {
        "about": 4, "boundary": 1, "townships": 2, "demand": 2, "roads": 3, "stations": 1, "shelters": 1,
    }  # fmt: skip
    assert list(region.table("townships")["people"]) == [3, 3]
    assert list(region.table("townships")["zone"]) == ["town", "outskirts"]
    assert list(region.table("demand")["township_id"]) == list(region.table("townships")["id"])
    assert region.table("stations")["source"][0] == "OpenStreetMap tiny.osm"
    assert "assumed" in region.table("demand")["source"][0]
    assert "L222" not in [fault.code for fault in check_region(region)]


def test_the_same_extract_builds_the_same_region_and_survives_writing(osm: Path, tmp_path: Path) -> None:
    region = built(osm=osm)
    write_region(region, tmp_path / "out")
    assert read_region(tmp_path / "out").digest() == region.digest() == built(osm=osm).digest()


def test_without_administrative_areas_there_is_one_township_for_all(osm: Path) -> None:
    osm.write_text(osm_text(admin=False), encoding="utf-8")
    townships = built(osm=osm).table("townships")
    assert list(townships["id"]) == ["all"]
    assert townships["source"][0] == "assumed"


@pytest.mark.parametrize(("spread", "people"), [("equal", [50, 50]), ("area", [20, 80])])
def test_a_given_total_is_spread_over_the_buildings(osm: Path, spread: Any, people: list[int]) -> None:
    assert list(built(osm=osm, people=100, spread=spread).table("demand")["people"]) == people


def test_a_boundary_leaves_out_what_is_outside_but_keeps_roads_that_run_on(osm: Path, tmp_path: Path) -> None:
    outline = polygon_file(tmp_path / "b.geojson", shapely.box(9.49, 47.09, 9.525, 47.11))
    region = built(osm=osm, boundary=outline, people=100, roads_beyond_m=0)
    assert list(region.table("demand")["people"]) == [100]
    assert (len(region.table("roads")), len(region.table("shelters")), len(region.table("townships"))) == (
        3,
        0,
        1,
    )
    far = polygon_file(tmp_path / "far.geojson", shapely.box(9.585, 47.09, 9.60, 47.11))
    assert len(built(osm=osm, boundary=far, roads_beyond_m=500).table("roads")) == 1
    assert refusal(osm=osm, boundary=far, roads_beyond_m=100) == "F134"


def test_a_boundary_in_gcj02_is_moved_by_the_datum(osm: Path, tmp_path: Path) -> None:
    true = shapely.box(106.5, 38.9, 106.6, 39.0)
    shown = shapely.transform(true, lambda c: from_wgs84(c, "gcj02"))
    roads = gpd.GeoDataFrame(
        {"class": ["road"]}, geometry=[shapely.LineString([(106.5, 38.95), (106.6, 38.95)])]
    )
    roads.set_crs("EPSG:4326").to_file(tmp_path / "roads.gpkg")
    shift = np.abs(from_wgs84(np.array([[106.55, 38.95]]), "gcj02") - (106.55, 38.95)).max()
    region = built(
        roads=tmp_path / "roads.gpkg", boundary=polygon_file(tmp_path / "b.gpkg", shown), datum="gcj02"
    )
    assert shift > 0.004
    assert shapely.equals_exact(region.table("boundary").geometry[0], true, tolerance=1e-6)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, "F133"),
        ({"osm": "missing.pbf"}, "N110"),
        ({"osm": "tiny.osm", "boundary": "missing.geojson"}, "F101"),
        ({"osm": "tiny.osm", "boundary": "tiny.osm"}, "F139"),
        ({"osm": "tiny.osm", "boundary": "bow.geojson"}, "F135"),
        ({"osm": "tiny.osm", "boundary": "metres.shp"}, "F109"),
        ({"osm": "tiny.osm", "boundary": "cut.gpkg"}, "F103"),
        ({"osm": "tiny.osm", "admin_level": 4}, "F136"),
        ({"osm": "tiny.osm", "population": "bow.geojson"}, "F130"),
        ({"osm": "tiny.osm", "population": "negative.geojson"}, "F131"),
        ({"osm": "tiny.osm", "boundary": "bow.geojson", "datum": "wgs72"}, "F120"),
    ],
)
def test_what_cannot_be_built_is_refused_with_its_code(osm: Path, options: dict[str, Any], code: str) -> None:
    folder = osm.parent
    bow = shapely.Polygon([(9.5, 47.0), (9.6, 47.1), (9.6, 47.0), (9.5, 47.1)])
    polygon_file(folder / "bow.geojson", bow)
    polygon_file(folder / "negative.geojson", shapely.box(9.5, 47, 9.6, 47.1), people=[-1])
    polygon_file(folder / "metres.shp", shapely.box(456_789, 4_300_000, 466_789, 4_310_000))
    (folder / "metres.prj").unlink()
    (folder / "cut.gpkg").write_bytes(b"SQLite format 3\0" + b"\0" * 50)
    given = {k: folder / v if k in ("osm", "boundary", "population") else v for k, v in options.items()}
    assert refusal(**given) == code


def test_a_place_in_two_townships_belongs_to_the_first_and_one_in_none_to_none() -> None:
    areas = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)])
    points = gpd.GeoDataFrame(geometry=[shapely.Point(x, 1) for x in (1.5, 2.5, 0.5, 9.0)])
    assert list(in_townships(points, areas)["township_id"]) == ["a", "b", "a", ""]


@settings(deadline=None)
@given(st.integers(0, 10**9), st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_shares_sum_to_the_total_and_stay_within_one_of_their_due(total: int, weights: list[float]) -> None:
    shares = apportion(total, np.array(weights))
    due = (
        total * np.array(weights) / sum(weights)
        if any(weights)
        else np.full(len(weights), total / len(weights))
    )
    assert shares.sum() == total
    assert (shares >= 0).all()
    assert (np.abs(shares - due) <= 1 + 1e-6 * total).all()


def test_nobody_can_be_shared_out_over_nothing() -> None:
    assert len(apportion(0, np.zeros(0))) == 0
    with pytest.raises(ValueError, match="at least one"):
        apportion(5, np.zeros(0))


def test_a_region_without_buildings_has_no_demand() -> None:
    columns = ("id", "name_zh", "name_en", "kind", "source")
    none = gpd.GeoDataFrame({c: [] for c in columns}, geometry=[], crs="EPSG:4326")
    assert len(demand_from_buildings(none, people=100)) == 0


def test_grid_cells_become_points_inside_them_and_fractions_keep_their_sum(tmp_path: Path) -> None:
    cells = [shapely.box(9.5 + i / 100, 47.1, 9.51 + i / 100, 47.11) for i in range(4)]
    grid = polygon_file(tmp_path / "g.gpkg", *cells, Population=[1.5, 0.0, 2.25, 3.25])
    demand = demand_from_grid(grid)
    assert list(demand["people"]) == [2, 2, 3]
    assert list(demand["id"]) == ["cell-0", "cell-2", "cell-3"]
    assert shapely.contains(np.array(cells)[[0, 2, 3]], demand.geometry.to_numpy()).all()


def test_a_projected_raster_becomes_a_point_for_each_lived_in_pixel(tmp_path: Path) -> None:
    rasterio = pytest.importorskip("rasterio", reason="the optional part muster[raster] is not installed")
    path = tmp_path / "people.tif"
    band = np.array([[5, -99], [0, 7]], np.float32)
    profile = {"driver": "GTiff", "width": 2, "height": 2, "count": 1, "dtype": "float32", "nodata": -99}
    transform = rasterio.Affine(100, 0, 500_000, 0, -100, 4_300_000)
    with rasterio.open(path, "w", crs="EPSG:32648", transform=transform, **profile) as raster:
        raster.write(band, 1)
    demand = demand_from_grid(path)
    assert list(demand["people"]) == [5, 7]
    where = gpd.GeoSeries(demand.geometry, crs="EPSG:4326").to_crs("EPSG:32648")
    assert np.allclose([where.x, where.y], [[500_050, 500_150], [4_299_950, 4_299_850]], atol=0.5)


@pytest.mark.data
def test_helsinki_grid_keeps_its_people(shared_data: Path) -> None:
    demand = demand_from_grid(shared_data / "networks" / "helsinki_population_grid_2020.gpkg")
    assert (len(demand), demand["people"].sum()) == (92, 71_724)


@pytest.mark.data
def test_liechtenstein_is_built_whole_and_its_checks_find_no_error(shared_data: Path) -> None:
    """6 fire stations, 19 schools, 11 municipalities, 8,994 buildings (8,992 ways and 2 multipolygons)."""
    extract = shared_data / "networks" / "liechtenstein-latest.osm.pbf"
    region = build_region(
        BuildOptions(name="liechtenstein", osm=extract, preset="generic", people=37_366)
    ).region
    layers = ("stations", "shelters", "hospitals", "townships", "demand")
    assert [len(region.table(layer)) for layer in layers] == [6, 19, 1, 11, 8994]
    assert region.table("demand")["people"].sum() == 37_366
    faults = check_region(region)
    assert not [fault for fault in faults if fault.severity == "error"]
    assert {"L213", "L214", "L216"} <= {fault.code for fault in faults}


def test_stray_characters_and_roads_on_one_line_do_not_stop_a_build(tmp_path: Path) -> None:
    """A lost character in one name of the map is blanked; a hull without area becomes a narrow township."""
    nodes = [_node(i, lon, lat) for i, (lon, lat) in NODES.items()]
    ways = [_way(10, (1, 2, 3, 4), highway="primary", name="a&#xFFFD;b&#x85;c")]
    (tmp_path / "line.osm").write_text(f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}</osm>', "utf-8")
    region = build_region(BuildOptions(name="line", osm=tmp_path / "line.osm")).region
    assert list(region.table("roads")["name_en"]) == ["a b c"]
    assert region.table("townships").geometry[0].area > 0
