"""Boards, doctrines and incidents that make no sense: a code or a named shortage, never a traceback."""

from dataclasses import replace
from pathlib import Path

import pytest
from shapely.geometry import box, mapping

from geo.errors import InputError
from geo.region.region import Region
from geo.vehicle_file import read_vehicle_classes
from scenarios.board_file import board_from
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from scenarios.doctrine import Doctrine, read_doctrine
from scenarios.files import scenario_from
from scenarios.incident_models import IncidentScenario
from scenarios.report.dispatch_page import dispatch_page
from scenarios.report.page import render
from tests.scenarios.incident_county import doctrine, incident_county, incident_scenario, leak, sent, slot
from tests.scenarios.straight_county import LAT, LONS


def on(board: dict[str, object], *, county: Region | None = None) -> DispatchPlan:
    """The small leak with this board; hazmat 2 and fire wanted."""
    asked = doctrine(slot("hazmat", 2, first=1), slot("fire", 1, first=1))
    said = board_from({"muster": 1, **board}, where="board")
    return dispatch(county or incident_county(), incident_scenario(), said, doctrine=asked)


def test_a_receiver_without_fix_sends_nobody_from_the_gulf_of_guinea() -> None:
    """t0 and t1 at 0, 0: named, not sent; the others' plan stands."""
    lost = [{"id": name, "status": "available", "position": [0, 0]} for name in ("t0", "t1")]
    plan = on({"teams": lost})
    assert not {"t0", "t1"} & sent(plan).keys()
    assert [w.records for w in plan.warnings if w.code == "S254"] == [("t0", "t1")]


CROSSED = [[106, 38], [107, 39], [107, 38], [106, 39], [106, 38]]
CLOSURES = {
    "in metres": ({"polygon": mapping(box(500_000, 4_300_000, 501_000, 4_301_000))}, "S214"),
    "of an unknown vehicle class": ({"road_ids": ["a0"], "vehicle_classes": ["tank"]}, "S292"),
    "of an unknown road": ({"road_ids": ["nowhere"]}, "N207"),
    "of no place": ({}, "N205"),
    "that crosses itself": (
        {"polygon": {"type": "Polygon", "coordinates": [CROSSED]}},
        "N205",
    ),
    "of an empty polygon": ({"polygon": {"type": "Polygon", "coordinates": []}}, "N205"),
}  # fmt: skip


@pytest.mark.parametrize(("closure", "code"), CLOSURES.values(), ids=CLOSURES.keys())
def test_a_closure_that_makes_no_sense_is_refused(closure: dict[str, object], code: str) -> None:
    """It would otherwise close nothing, and nobody would know."""
    with pytest.raises(InputError, match=code):
        on({"closures": [{"id": "c", **closure}]})


def test_a_team_twice_on_the_board_is_refused() -> None:
    """Which of the two holds, nobody can say."""
    twice = [{"id": "t0", "status": "available"}, {"id": "t0", "status": "on_scene"}]
    with pytest.raises(InputError, match=r"S217.*t0 stands twice"):
        on({"teams": twice})


def test_a_position_at_the_pole_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"S217.*teams\.0\.position\.1"):
        on({"teams": [{"id": "t0", "status": "available", "position": [0, 90]}]})


@pytest.mark.parametrize("status", ["on_scene", "off_duty", "committed", "en_route"])
def test_when_everybody_is_busy_the_whole_complement_is_short(status: str) -> None:
    """Named, with the reason, and the page still stands."""
    busy = [{"id": name, "status": status} for name in ("t0", "t1", "t2", "t3", "aid")]
    plan = on({"teams": busy})
    assert plan.decisions.teams == ()
    assert sum(one.count for one in plan.shortages) == 2
    assert render(dispatch_page(plan, incident_county()))


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "1949-12-31T00:00:00Z"]
)
def test_a_year_that_cannot_be_meant_is_refused(at: str) -> None:
    content = incident_scenario().model_dump(mode="json") | {"at": at}
    with pytest.raises(InputError, match="S290"):
        scenario_from(content, where="x", model=IncidentScenario)


def test_a_flood_zone_twice_is_refused() -> None:
    content = incident_scenario().model_dump(mode="json", exclude_defaults=True) | {
        "muster": 1,
        "region": "x",
    }
    content["incidents"] = [
        {"id": "f", "hazard": "ice_jam", "level": "I", "where": {"flood_zones": ["a", "a"]}}
    ]
    with pytest.raises(InputError, match="S291"):
        scenario_from(content, where="x", model=IncidentScenario)


def test_weights_too_large_to_compare_are_refused() -> None:
    """Not a wrong plan, and not a traceback."""
    table = doctrine(*(slot("fire", 1, first=200) for _ in range(100))).model_dump(mode="json")
    table["priority"]["IV"] = 1000
    table["arrival_weight"]["first_alarm"] = 1000
    for row in table["hazards"]["toxic_gas"]["slots"]:
        row["weight"] = 1000
    with pytest.raises(InputError, match="S293"):
        dispatch(incident_county(), incident_scenario(), doctrine=Doctrine.model_validate(table))


def test_a_doctrine_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Also where its name leads to a folder."""
    for path in (tmp_path / "nope.yaml", tmp_path):
        with pytest.raises(InputError, match="S294"):
            read_doctrine(path)


def test_a_doctrine_that_asks_for_nobody_sends_nobody() -> None:
    table = doctrine(slot("fire", 1)).model_dump(mode="json")
    asked = Doctrine.model_validate(table)
    for refine in (False, True):
        plan = dispatch(incident_county(), incident_scenario(), doctrine=asked, refine=refine)
        assert (plan.decisions.teams, plan.shortages, plan.status) == ((), (), "optimal")


def test_water_a_hair_below_the_wading_limit_is_no_road() -> None:
    """Slowed to a crawl of a hundred days: nobody is sent through it, and the numbers stay exact."""
    ground = mapping(box(LONS[5] - 0.002, LAT - 0.01, LONS[5] + 0.002, LAT + 0.01))
    limit_m = read_vehicle_classes()["fire_engine"].wading_limit_m
    for depth_m in (limit_m * (1 - 3e-3), limit_m - 1e-7):
        water = [{"id": "w", "polygon": ground, "depth_m": depth_m}]
        flood = {"id": "f", "hazard": "river_flood", "level": "IV", "water": water}
        asked = doctrine(slot("fire", 1, more=3), hazard="river_flood")
        plan = dispatch(incident_county(), incident_scenario(flood), doctrine=asked)
        assert all((one.arrival_s or 0) < 1e7 for one in plan.decisions.slots)


@pytest.mark.parametrize(
    "layer",
    [
        "teams",
        "stations",
        "demand",
        "hazard_sites",
        "hospitals",
        "shelters",
        "boundary",
        "townships",
        "turns",
    ],
)
def test_a_region_without_a_layer_still_gives_a_plan(layer: str) -> None:
    """Of an empty layer nothing is used; the same bytes twice."""
    county = incident_county()
    bare = replace(county, tables={**county.tables, layer: county.tables[layer].iloc[0:0]})
    plan = dispatch(bare, incident_scenario())
    assert dispatch_json(plan) == dispatch_json(dispatch(bare, incident_scenario()))
    assert render(dispatch_page(plan, bare))


def test_a_region_without_roads_is_refused() -> None:
    county = incident_county()
    bare = replace(county, tables={**county.tables, "roads": county.tables["roads"].iloc[0:0]})
    with pytest.raises(InputError, match="N203"):
        dispatch(bare, incident_scenario())


def test_twenty_incidents_at_once_share_the_teams_there_are() -> None:
    """Each team at one incident; what is missing is named for each."""
    many = [leak(id=f"leak-{k}", where={"lon": LONS[k % 11], "lat": LAT}) for k in range(20)]
    asked = doctrine(slot("hazmat", 2, first=1), slot("fire", 1, first=1))
    plan = dispatch(incident_county(), incident_scenario(*many), doctrine=asked)
    names = [one.team_id for one in plan.decisions.slots if one.team_id]
    assert len(names) == len(set(names))
    assert len(names) + sum(one.count for one in plan.shortages) == 40
