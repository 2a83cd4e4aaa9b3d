"""Map tiles of the roads: the same for the same roads, made once, whole or not at all."""

from pathlib import Path

import pyogrio

from geo.region.files import read_region
from geo.region.region import Region
from geo.region.road_tiles import make_tiles, tiles_file
from scenarios.shipped import PINGLUO
from tests.scenarios.relief_county import relief_county


def test_the_same_roads_give_the_same_bytes_and_are_made_once(tmp_path: Path) -> None:
    region = relief_county()
    one, other = (make_tiles(region, folder=tmp_path / name) for name in "ab")
    assert one is not None
    assert other is not None
    assert one.read_bytes() == other.read_bytes()
    assert one == tiles_file(region, folder=tmp_path / "a")
    made_at = one.stat().st_mtime_ns
    assert make_tiles(region, folder=tmp_path / "a") == one
    assert one.stat().st_mtime_ns == made_at
    assert [path.name for path in (tmp_path / "a").iterdir()] == [one.parent.name], "no scratch stays"


def test_tiles_name_every_road_by_its_id(tmp_path: Path) -> None:
    """A click on the map finds the road that is to be closed."""
    region = relief_county()
    file = make_tiles(region, folder=tmp_path)
    found = pyogrio.read_dataframe(file, ZOOM_LEVEL=14)
    assert set(found["id"]) == set(region.table("roads")["id"])
    assert {"class", "name_zh", "bridge"} <= set(found.columns)


def test_other_roads_have_another_file(tmp_path: Path) -> None:
    region = read_region(PINGLUO)
    roads = region.table("roads")
    changed = Region(name="x", tables={**region.tables, "roads": roads.assign(ref=[*roads["ref"][1:], "G9"])})
    assert tiles_file(region, folder=tmp_path) != tiles_file(changed, folder=tmp_path)
    assert tiles_file(region, folder=tmp_path) == tiles_file(read_region(PINGLUO), folder=tmp_path)


def test_a_region_without_roads_has_no_tiles(tmp_path: Path) -> None:
    region = relief_county()
    empty = Region(name="x", tables={**region.tables, "roads": region.table("roads").iloc[:0]})
    assert make_tiles(empty, folder=tmp_path / "none") is None
    assert not (tmp_path / "none").exists()
