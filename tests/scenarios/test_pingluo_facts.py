"""The shipped Pingluo region against the facts it was written from."""

import re
from collections.abc import Collection, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.region.check import check_region
from geo.region.layers import LAYERS
from geo.region.region import Region
from geo.road_layer import road_graph
from geo.roads import RoadGraph
from scenarios.pingluo.sources import facts
from scenarios.pingluo.times import Drive, drives_to_county_town, shipped_region, with_table

ROOT = Path(__file__).resolve().parents[2]
EAST_BANK = {"taole", "gaoren", "hongyazi"}
BRIDGES = {"bridge-binggou", "bridge-hongyazi", "bridge-shizuishan", "bridge-taole"}
EXITS = {told["name_zh"] for told in facts("trunk")["exits"]}
METRES = np.array([86_500.0, 111_200.0])  # of a degree of longitude and latitude here, good to 1 %


@pytest.fixture(scope="module")
def region() -> Region:
    return shipped_region()


@pytest.fixture(scope="module")
def roads(region: Region) -> RoadGraph:
    return road_graph(region.placed("roads"))


@pytest.fixture(scope="module")
def drives(region: Region) -> list[Drive]:
    return drives_to_county_town(region)


def _network(region: Region, roads: RoadGraph, *, without: Collection[str] = ()) -> "nx.MultiGraph[int]":
    ids = region.table("roads")["id"].to_numpy()[roads.road]
    network: nx.MultiGraph[int] = nx.MultiGraph()
    network.add_nodes_from(range(roads.junctions))
    ends = zip(roads.edge_from.tolist(), roads.edge_to.tolist(), ids.tolist(), strict=True)
    network.add_edges_from((u, v) for u, v, i in ends if i not in without)
    return network


def _seat_junctions(roads: RoadGraph) -> dict[str, int]:
    """The junction nearest to each seat."""
    return {
        t["id"]: int(np.argmin(np.hypot(*((roads.junction_lonlat - t["seat"]) * METRES).T)))
        for t in facts("townships")["townships"]
    }


def test_people_of_the_townships_sum_to_the_census(region: Region) -> None:
    townships = region.table("townships")
    assert len(townships) == 13
    assert townships["people"].sum() == 274_206


def test_demand_sums_exactly_per_township(region: Region) -> None:
    demand, townships = region.table("demand"), region.table("townships")
    assert len(demand) >= 1000
    sums = demand.groupby("township_id")["people"].sum()
    assert sums.to_dict() == townships.set_index("id")["people"].to_dict()
    assert demand["people"].min() >= 1


def test_demand_lies_in_its_township(region: Region) -> None:
    areas = region.table("townships").set_index("id").geometry
    for township, points in region.placed("demand").groupby("township_id"):
        assert shapely.dwithin(areas[str(township)], points.geometry.to_numpy(), 1e-5).all()


def _in_metres(shapes: Any) -> Any:
    return shapely.transform(shapes.to_numpy(), lambda lonlat: lonlat * METRES)


@pytest.mark.parametrize(
    ("layer", "most_m"),
    [
        ("demand", 100),
        ("stations", 100),
        ("depots", 100),
        ("shelters", 100),
        ("hospitals", 100),
        ("hazard_sites", 100),
        ("neighbours", 1000),
    ],
)
def test_every_place_has_an_ordinary_road(region: Region, layer: str, most_m: float) -> None:
    """The motorway does not count; the seats of neighbours lie off the trunk roads that are shown there."""
    table = region.placed("roads")
    ordinary = _in_metres(table[~table["class"].isin(["motorway", "motorway_link"])].geometry)
    places = _in_metres(region.placed(layer).geometry)
    _, away_m = shapely.STRtree(ordinary).query_nearest(places, return_distance=True, all_matches=False)
    assert away_m.max() <= most_m


@pytest.mark.parametrize("gully", ["汝箕沟", "大水沟", "小水沟", "上马道", "中马道", "下马道"])
def test_every_gully_meets_a_road(region: Region, gully: str) -> None:
    zones = region.placed("flood_zones")
    area = zones.loc[zones["gully"] == gully].geometry.iloc[0]
    assert region.placed("roads").intersects(area).any()


def test_ten_seats_lie_west_of_the_river_and_three_east(region: Region) -> None:
    """Going due west from a seat meets the river an odd number of times on the east bank only."""
    river = shapely.union_all(region.placed("rivers").geometry.to_numpy())
    for told in facts("townships")["townships"]:
        lon, lat = told["seat"]
        westward = shapely.LineString([(lon - 2, lat), (lon, lat)])
        crossings = shapely.get_num_coordinates(westward.intersection(river))
        assert (crossings % 2 == 1) == (told["id"] in EAST_BANK), told["name_zh"]


def test_each_road_over_the_river_is_a_listed_bridge(region: Region) -> None:
    river = shapely.union_all(region.placed("rivers").geometry.to_numpy())
    table = region.placed("roads")
    assert set(table.loc[table.crosses(river), "id"]) <= BRIDGES
    bridges = table[table["bridge"] == "yes"]
    assert set(bridges["id"]) == BRIDGES
    assert bridges["name_zh"].str.endswith("黄河大桥").all()


def test_closing_the_bridges_separates_the_banks_and_no_part_of_them_does(
    region: Region, roads: RoadGraph
) -> None:
    seats = _seat_junctions(roads)
    assert nx.is_connected(_network(region, roads))
    for count in range(len(BRIDGES)):
        for closed in combinations(sorted(BRIDGES), count):
            assert nx.is_connected(_network(region, roads, without=set(closed)))
    banks = list(nx.connected_components(_network(region, roads, without=BRIDGES)))
    assert len(banks) == 2
    sides = [{name for name, junction in seats.items() if junction in bank} for bank in banks]
    assert EAST_BANK in sides
    assert set(seats) - EAST_BANK in sides


def test_no_other_road_alone_cuts_a_seat_off(region: Region, roads: RoadGraph) -> None:
    """Any one road that is no bridge may close: all 13 seats still reach each other, so the banks do."""
    network: nx.Graph[Any] = nx.Graph(_network(region, roads))
    seats = set(_seat_junctions(roads).values())
    cuts: list[tuple[int, int]] = list(nx.bridges(network))
    for cut in cuts:
        network.remove_edge(*cut)
        assert seats <= nx.node_connected_component(network, min(seats)), cut
        network.add_edge(*cut)


@pytest.mark.parametrize("ref", ["G6", "G109", "G110", "G244", "S301"])
def test_closing_a_whole_trunk_road_but_its_bridge_leaves_the_banks_joined(
    region: Region, roads: RoadGraph, ref: str
) -> None:
    table = region.table("roads")
    closed = set(table.loc[(table["ref"] == ref) & (table["bridge"] != "yes"), "id"])
    seats = _seat_junctions(roads)
    network = _network(region, roads, without=closed)
    assert nx.has_path(network, seats["taole"], seats["chengguan"])
    assert nx.has_path(network, seats["hongyazi"], seats["baofeng"])


def _ends(shape: Any) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return shape.coords[0], shape.coords[-1]


def test_the_motorway_is_entered_at_its_named_exits_only(region: Region) -> None:
    table = region.placed("roads")
    slip = table["class"] == "motorway_link"
    motorway, ordinary = table["class"] == "motorway", ~table["class"].isin(["motorway", "motorway_link"])
    on = {place for shape in table[motorway].geometry for place in shape.coords}
    off = {place for shape in table[ordinary].geometry for place in shape.coords}
    assert not on & off
    assert set(table.loc[slip, "name_zh"]) == EXITS
    assert {"惠农出口", "红果子出口", "黄渠桥出口"} <= EXITS
    for shape in table[slip].geometry:
        a, b = _ends(shape)
        assert (a in on and b in off) or (b in on and a in off)


def test_trunk_pieces_are_one_kilometre_at_most(region: Region, roads: RoadGraph) -> None:
    assert roads.length_m.max() <= 1000
    assert shapely.length(_in_metres(region.placed("roads").geometry)).max() <= 1010


def test_the_skeleton_keeps_its_true_length(region: Region) -> None:
    """Link 614 of the skeleton, bent along the river, counts its 32.366 km."""
    table = region.table("roads")
    length_m = table.loc[table["id"].str.startswith("t614-"), "length_m"].sum()
    assert length_m == pytest.approx(32_366, abs=2)


def test_every_drive_to_the_county_town_is_believable(drives: list[Drive]) -> None:
    """Roads are longer than the straight line but not twice, and speeds lie between lanes and motorway."""
    assert len(drives) == 12
    for drive in drives:
        assert drive.straight_m <= drive.road_m * 1.02 <= 1.8 * drive.straight_m, drive.name_zh
        assert 30 <= drive.mean_kmh <= 80, drive.name_zh
        assert drive.travel_s <= 3600, drive.name_zh


def test_drives_agree_with_road_distance_at_class_speeds(roads: RoadGraph, drives: list[Drive]) -> None:
    """An independent shortest path by class speeds differs by the way to the nearest junction at most."""
    network: nx.Graph[int] = nx.Graph()
    seconds = roads.length_m / roads.speed_kmh * 3.6
    for u, v, s in zip(roads.edge_from.tolist(), roads.edge_to.tolist(), seconds.tolist(), strict=True):
        if not network.has_edge(u, v) or network.edges[u, v]["s"] > s:
            network.add_edge(u, v, s=s)
    seats = _seat_junctions(roads)
    town = seats.pop("chengguan")
    for drive, junction in zip(drives, seats.values(), strict=True):
        alone_s = nx.dijkstra_path_length(network, junction, town, weight="s")
        assert drive.travel_s == pytest.approx(alone_s, abs=180), drive.name_zh


def test_the_page_shows_these_drives(drives: list[Drive]) -> None:
    page = (ROOT / "docs" / "pingluo.md").read_text("utf-8")
    assert with_table(page, drives) == page


def test_the_page_counts_the_records_as_they_are(region: Region) -> None:
    """Rows like ``| `shelters`, `hospitals` | 15, 7 | ...`` of the table of layers."""
    page = (ROOT / "docs" / "pingluo.md").read_text("utf-8")
    told: dict[str, int] = {}
    for names, counts in re.findall(r"^\| (`[a-z_`, ]+) \| ([\d, ]+) \|", page, re.MULTILINE):
        layers = re.findall(r"`([a-z_]+)`", names)
        numbers = [int(n.replace(",", "")) for n in re.split(r", ", counts)]
        told |= dict(zip(layers, numbers, strict=True))
    held = {layer: len(region.table(layer)) for layer in LAYERS if layer != "about"}
    assert told == {layer: count for layer, count in held.items() if count}


def test_teams_are_those_of_the_plan(region: Region) -> None:
    teams = region.table("teams")
    force = teams.groupby("force")["people"].agg(["count", "sum"])
    assert tuple(force.loc["professional"]) == (35, 1293)
    assert tuple(force.loc["township"]) == (13, 390)
    companies = teams[(teams["force"] == "enterprise") & teams["capabilities"].str.contains("hazmat")]
    assert set(companies["id"]) == {"company-dadi", "company-gerui", "company-xinan"}
    assert force.loc["neighbour", "count"] == 5
    names = " ".join(region.table("teams")["name_zh"])
    assert all(name in names for name in ("大地公司", "格瑞化工", "新安科技", "蓝天救援队"))
    assert all(name in names for name in ("顺丰", "京东", "天豹"))


def test_the_county_moves_material_with_twenty_trucks_and_people_with_buses(region: Region) -> None:
    teams = region.table("teams").set_index("id")
    assert tuple(teams.loc["transport", ["vehicle_class", "vehicles"]]) == ("truck", 20)
    assert tuple(teams.loc["buses", ["vehicle_class", "vehicles"]]) == ("bus", 12)


def test_stations_and_candidates_are_those_of_the_plan(region: Region) -> None:
    stations = region.table("stations")
    by_status = stations.groupby("status")["id"].agg(set)
    assert by_status["existing"] == {"hanlin", "hongyazi"}
    assert by_status["under_construction"] == {"taole"}
    assert by_status["planned"] == {"huangquqiao"}
    fire = stations["kind"] == "fire_station"
    open_ones = stations[(stations["status"] != "existing") & fire]
    assert len(open_ones) >= 30
    without = set(region.table("townships")["id"]) - {"chengguan", "hongyazi"}
    assert set(open_ones["township_id"]) == without


def test_seventeen_depots_stand_on_three_levels(region: Region) -> None:
    depots = region.table("depots").set_index("id")
    assert depots["level"].value_counts().to_dict() == {"township": 13, "village": 3, "county": 1}
    assert depots.loc[["county-depot", "depot-hongyazi"], "floor_m2"].sum() == 1326
    assert set(depots.loc[depots["level"] == "township", "township_id"]) == set(
        region.table("townships")["id"]
    )


def test_the_stock_in_hand_is_the_71_000_items_of_the_plan(region: Region) -> None:
    stock = region.table("stock")
    in_hand = stock[stock["mode"] == "physical"]
    assert in_hand["quantity"].sum() == 71_000
    assert (in_hand["supplier"] != "").all(), "the county depot or a department holds it"
    assert set(stock["mode"]) == {"physical", "agreement", "capacity"}
    assert all(stock["supplier"].str.contains(name).any() for name in ("顺丰", "京东", "天豹"))


def test_promised_stock_says_when_it_is_ready_and_how_fast_it_is_made(region: Region) -> None:
    stock = region.table("stock")
    assert (stock.loc[stock["mode"] != "physical", "lead_time_s"] > 0).all()
    assert (stock.loc[stock["mode"] == "capacity", "rate_per_day"] > 0).all()


def test_every_lot_of_an_item_that_spoils_has_its_last_day(region: Region) -> None:
    stock = region.table("stock").merge(region.table("items"), left_on="item_id", right_on="id")
    in_hand = stock[stock["mode"] == "physical"]
    assert ((in_hand["expires_on"] != "") == in_hand["shelf_life_d"].notna()).all()


def test_what_a_depot_holds_fits_into_it(region: Region) -> None:
    stock = region.table("stock").merge(region.table("items"), left_on="item_id", right_on="id")
    in_hand = stock[stock["mode"] == "physical"]
    held_m3 = (in_hand["quantity"] * in_hand["volume_m3"]).groupby(in_hand["depot_id"]).sum()
    assert (held_m3 <= region.table("depots").set_index("id")["volume_m3"].loc[held_m3.index]).all()


def test_heated_shelters_take_in_the_1_200(region: Region) -> None:
    shelters = region.table("shelters")
    assert shelters.loc[shelters["heated"] == "yes", "capacity_people"].sum() >= 1_200


def test_no_shift_has_more_people_than_its_team(region: Region) -> None:
    shifts = region.table("rosters").merge(region.table("teams"), left_on="team_id", right_on="id")
    assert len(shifts) == 30
    assert (shifts["people_x"] <= shifts["people_y"]).all()


def test_hazards_and_neighbours_are_those_of_the_plan(region: Region) -> None:
    gullies = set(region.table("flood_zones")["gully"])
    assert {"汝箕沟", "大水沟", "小水沟", "上马道", "中马道", "下马道"} <= gullies
    parks = " ".join(region.table("hazard_sites")["park"])
    assert "精细化工产业园" in parks
    assert "医药产业园" in parks
    assert "75-44-5" not in set(region.table("hazard_sites")["cas"]), "phosgene is barred"
    assert set(region.table("neighbours")["county"]) == {
        "大武口区",
        "惠农区",
        "贺兰县",
        "兴庆区",
        "鄂托克前旗",
    }


@pytest.mark.parametrize("gully", ["上马道", "中马道", "下马道"])
def test_each_hongyazi_gully_cuts_the_east_bank_road(region: Region, gully: str) -> None:
    zones, table = region.placed("flood_zones"), region.placed("roads")
    area = zones.loc[zones["gully"] == gully].geometry.iloc[0]
    assert set(table.loc[table.intersects(area), "ref"]) & {"G244"}


def _records(region: Region) -> Iterator[tuple[str, pd.Series]]:
    for layer in LAYERS:
        for _, record in region.table(layer).iterrows():
            yield layer, record


def test_every_record_says_where_it_comes_from(region: Region) -> None:
    assert [f"{layer} {r['id']}" for layer, r in _records(region) if not r["source"].strip()] == []


def test_no_telephone_number_is_shipped(region: Region) -> None:
    for layer, column in (("teams", "phone"), ("contacts", "duty_phone"), ("units", "phone")):
        assert (region.table(layer)[column] == "").all()


def test_the_region_passes_its_own_check(region: Region) -> None:
    assert [str(fault) for fault in check_region(region)] == []


def test_every_page_can_say_what_is_reconstructed(region: Region) -> None:
    assert "重建" in region.about("notice_zh")
    assert "reconstructed" in region.about("notice_en")
    assert "OpenStreetMap" in region.about("attribution")
    assert region.about("speed_preset") == "china"
    assert region.about("utc_offset") == "+08:00"
    assert region.about("map_review_number") == ""


def test_the_region_stays_small(region: Region) -> None:
    assert region.path is not None
    assert sum(file.stat().st_size for file in region.path.iterdir()) <= 2_500_000
