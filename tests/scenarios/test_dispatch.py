"""dispatch(): who goes where by which road, on a county small enough to follow by hand and on Pingluo."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, box, mapping, shape

from geo.errors import InputError
from geo.metric import IMPASSABLE
from geo.region.files import read_region
from geo.region.region import Region
from scenarios.board import Board
from scenarios.dispatch import dispatch
from scenarios.dispatch_inputs import dispatch_inputs
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from scenarios.dispatch_routes import route_of
from scenarios.doctrine import shipped_doctrine
from scenarios.files import read_scenario
from scenarios.hazards.local_plane import LocalPlane
from scenarios.incident_models import IncidentScenario
from scenarios.shipped import DATA, PINGLUO
from tests.scenarios.incident_county import (
    SHIPPED_INCIDENTS,
    doctrine,
    doctrine_with,
    incident_county,
    incident_scenario,
    leak,
    sent,
    slot,
    teams,
)
from tests.scenarios.straight_county import LAT, LONS


def test_the_hand_solved_case() -> None:
    """The closed road cuts the county in two: t0 comes to the fire and t1 as hazmat; t3 cannot."""
    asked = doctrine(slot("fire", 1, first=1, more=1), slot("hazmat", 3, first=1))
    plan = dispatch(incident_county(), incident_scenario(), doctrine=asked)
    assert sent(plan) == {"t0": "fire", "t1": "hazmat"}
    short = plan.shortages[0]
    assert short.nearest is not None
    assert (short.count, short.nearest.team_id, short.nearest.why) == (1, "t3", "no_road")
    assert plan.measures.aid_teams == 0
    place = plan.decisions.incidents[0].staging
    assert place is not None
    assert place.lon == LONS[4]  # the nearest junction 400 m or more from v5 on the upwind, western side
    assert place.side == "upwind"


def test_times_run_from_the_order() -> None:
    """Arrival is turnout and drive; the drive is the length of the route at the speed of the road."""
    plan = dispatch(incident_county(), incident_scenario(), doctrine=doctrine(slot("hazmat", 3, first=1)))
    team = plan.decisions.teams[0]
    assert team.arrival_s == pytest.approx(team.turnout_s + team.travel_s, abs=0.05)
    assert team.route.length_m == pytest.approx(3 * 868, abs=10)  # v1 to v4


def test_a_neighbour_fills_only_what_the_county_cannot() -> None:
    """One hazmat 3 slot: own team, though farther; two slots: the neighbour takes the second."""
    here = incident_scenario(leak(where={"lon": LONS[9], "lat": LAT}), weather={})
    one = dispatch(incident_county(), here, doctrine=doctrine(slot("hazmat", 3, more=1)))
    two = dispatch(incident_county(), here, doctrine=doctrine(slot("hazmat", 3, more=2)))
    assert sent(one) == {"t1": "hazmat"}
    assert sent(two).keys() == {"t1", "aid"} or two.shortages
    alone = here.model_copy(update={"mutual_aid": False})
    assert dispatch(incident_county(), alone, doctrine=doctrine(slot("hazmat", 3, more=2))).shortages


def test_a_capability_nobody_has_is_a_named_shortage() -> None:
    """No source is made up: the nearest is missing."""
    plan = dispatch(incident_county(), incident_scenario(), doctrine=doctrine(slot("pumping", 2, more=2)))
    short = plan.shortages[0]
    assert (short.code, short.capability, short.count, short.nearest) == ("X301", "pumping", 2, None)
    assert plan.exit_code == 0


def test_a_shortage_names_the_nearest_source_and_why() -> None:
    """Three teams with hazmat 3 wanted: t0 is one level below, or the neighbour has no road."""
    plan = dispatch(incident_county(), incident_scenario(), doctrine=doctrine(slot("hazmat", 3, more=3)))
    assert [(one.count, one.nearest and one.nearest.team_id) for one in plan.shortages]
    assert all(one.nearest and one.nearest.why in ("level_below", "no_road") for one in plan.shortages)


def test_hazmat_is_not_spent_on_a_fire_slot() -> None:
    """A fire slot and a hazmat slot: t0 could fill either, and is kept for the one that only it can fill."""
    county = incident_county(teams=teams().drop(index=[1, 4]))
    west = incident_scenario(leak(where={"lon": LONS[9], "lat": LAT}), weather={})
    plan = dispatch(county, west, doctrine=doctrine(slot("fire", 1, more=1), slot("hazmat", 2, more=1)))
    assert sent(plan)["t0"] == "hazmat"


def test_the_board_moves_and_removes_teams() -> None:
    """A busy team stays where it is; one on the road starts from there without turnout."""
    board = Board.model_validate(
        {
            "muster": 1,
            "teams": [
                {"id": "t1", "status": "on_scene"},
                {"id": "t0", "status": "returning", "position": [LONS[3], LAT]},
                {"id": "ghost", "status": "available"},
            ],
        }
    )
    plan = dispatch(
        incident_county(), incident_scenario(), board, doctrine=doctrine(slot("hazmat", 2, first=1))
    )
    assert sent(plan) == {"t0": "hazmat"}
    assert plan.decisions.teams[0].turnout_s == 0
    assert [warning.records for warning in plan.warnings if warning.code == "S251"] == [("ghost",)]


def test_a_closure_of_the_board_is_kept() -> None:
    """The staging area moves to this side of the shut road, and no route passes it."""
    shut = {"id": "c", "road_ids": ["r2"]}
    board = Board.model_validate({"muster": 1, "closures": [shut]})
    plan = dispatch(
        incident_county(),
        incident_scenario(mutual_aid=False),
        board,
        doctrine=doctrine(slot("hazmat", 2, first=2)),
    )
    assert sent(plan).keys() == {"t0", "t1"}
    assert all(lon <= LONS[2] for team in plan.decisions.teams for lon, _ in team.route.geometry)


def test_a_team_inside_the_zone_leaves_by_the_road() -> None:
    """A team at the very place of the leak can still be sent to the staging area."""
    inside = {
        "id": "in", "force": "enterprise", "people": 5, "capabilities": "hazmat:3",
        "vehicle_class": "hazmat_truck",
        "turnout_s": 30, "lon": LONS[5], "lat": LAT, "source": "assumed",
    }  # fmt: skip
    county = incident_county(teams=teams(inside))
    plan = dispatch(county, incident_scenario(), doctrine=doctrine(slot("hazmat", 3, first=1)))
    assert sent(plan) == {"in": "hazmat"}


@pytest.mark.parametrize("weather", [{}, {"wind_m_s": 0, "wind_from_deg": 90}, {"wind_m_s": 3}])
def test_unknown_or_calm_wind_makes_full_circles(weather: dict[str, float]) -> None:
    """No direction, and zones that reach equally far to all sides."""
    far = leak(distances={"isolate_m": 200, "protect_m": 600, "source": "drill"})
    plan = dispatch(incident_county(), incident_scenario(far, weather=weather))
    incident = plan.decisions.incidents[0]
    assert incident.downwind_deg is None
    metres = LocalPlane(LONS[5], LAT).metres(shapely.get_coordinates(shape(incident.zones[1].polygon)))
    reach = np.hypot(metres[:, 0], metres[:, 1])
    assert reach.min() == pytest.approx(reach.max(), rel=0.01)
    assert reach.min() >= 599


def test_staging_lies_outside_every_zone_and_not_downwind(
    shipped: tuple[IncidentScenario, DispatchPlan],
) -> None:
    """At least the margin of the doctrine away from each zone that closes roads."""
    for incident in shipped[1].decisions.incidents:
        place = incident.staging
        assert place is not None
        if place.off_downwind_deg is not None:
            assert place.off_downwind_deg >= 60
        plane = LocalPlane(place.lon, place.lat)
        for other in shipped[1].decisions.incidents:
            for zone in (zone for zone in other.zones if zone.closes_roads):
                area = shapely.transform(shape(zone.polygon), plane.metres)
                assert area.distance(shapely.Point(0, 0)) >= 99


def test_no_team_is_in_two_places_or_below_its_level(
    shipped: tuple[IncidentScenario, DispatchPlan], pingluo: Region
) -> None:
    """Each team fills one slot, with the capability at the level asked or above."""
    plan = shipped[1]
    names = [one.team_id for one in plan.decisions.slots if one.team_id]
    assert len(names) == len(set(names)) == len(plan.decisions.teams)
    able = dict(zip(pingluo.table("teams")["id"], pingluo.table("teams")["capabilities"], strict=True))
    for one in plan.decisions.slots:
        if one.team_id:
            levels = dict(part.split(":") for part in able[one.team_id].split(";"))
            assert int(levels[one.capability]) >= one.level


def test_routes_use_no_closed_road_and_take_as_long_as_said(
    shipped: tuple[IncidentScenario, DispatchPlan], pingluo: Region
) -> None:
    """Only a team that stands inside a zone drives in it, to get out; the line ends at the staging area."""
    scenario, plan = shipped
    inputs = dispatch_inputs(pingluo, scenario, None, shipped_doctrine())
    number = {incident.id: at for at, incident in enumerate(scenario.incidents)}
    at = {team.id: row for row, team in enumerate(inputs.teams)}
    for team in plan.decisions.teams:
        driven = route_of(inputs, at[team.id], number[team.incident_id])
        assert driven.reached
        assert driven.travel_s == pytest.approx(team.travel_s, abs=0.05)
        conditions = inputs.travel[team.vehicle_class].conditions
        closed = conditions.now_ds[driven.arcs] >= IMPASSABLE
        opened = np.flatnonzero(~closed)
        assert not len(opened) or not closed[opened[0] :].any(), "once out, never in again"
        place = plan.decisions.incidents[number[team.incident_id]].staging
        assert place is not None
        assert team.route.geometry[-1] == pytest.approx((place.lon, place.lat), abs=2e-5)


def test_gas_zones_are_not_crossed(pingluo: Region) -> None:
    """Lines of teams from outside do not enter the zones of the chlorine leak."""
    plan = dispatch(pingluo, read_scenario(DATA / "incidents" / "chlorine-leak.yaml", IncidentScenario))
    zones = shapely.union_all([shape(zone.polygon) for zone in plan.decisions.incidents[0].zones])
    shapely.prepare(zones)
    for team in plan.decisions.teams:
        if not shapely.intersects_xy(zones, team.lon, team.lat):
            assert not any(
                LineString(pair).intersects(zones.buffer(-0.0005)) for pair in pairwise(team.route.geometry)
            )


def test_the_same_plan_twice_byte_for_byte(pingluo: Region) -> None:
    """Another region object, another run: the same text."""
    scenario = read_scenario(DATA / "incidents" / "flash-flood.yaml", IncidentScenario)
    again = read_region(PINGLUO)
    assert dispatch_json(dispatch(pingluo, scenario)) == dispatch_json(dispatch(again, scenario))


def test_each_reason_is_a_plan_without_the_team() -> None:
    """t1 alone has hazmat 3 in the county; without it the neighbour comes."""
    plan = dispatch(incident_county(), incident_scenario(), doctrine=doctrine(slot("hazmat", 3, first=1)))
    reason = plan.reasons[0]
    assert (reason.team_id, reason.nearest) == ("t1", True)
    assert reason.instead in ("aid", "")
    assert reason.aid_teams == (1 if reason.instead == "aid" else 0)


def test_an_incident_does_not_change_when_another_comes_with_its_own_teams() -> None:
    """A collapse in the east asks for what only a new team has; the leak's teams stay."""
    digger = {
        "id": "digger", "force": "professional", "people": 9, "capabilities": "collapse_rescue:3",
        "turnout_s": 60,
        "vehicle_class": "truck", "lon": LONS[9], "lat": LAT, "source": "assumed",
    }  # fmt: skip
    county = incident_county(teams=teams(digger))
    asked = doctrine(slot("hazmat", 2, first=1, more=1))
    asked = doctrine_with(asked, "collapse", slot("collapse_rescue", 2, more=1))
    other = {"id": "house", "hazard": "collapse", "level": "IV", "where": {"lon": LONS[8], "lat": LAT}}
    before = dispatch(county, incident_scenario(), doctrine=asked)
    after = dispatch(county, incident_scenario(leak(), other), doctrine=asked)
    assert sent(before).items() <= sent(after).items()
    assert sent(after)["digger"] == "collapse_rescue"


BAD = {
    "unknown substance": (leak(substance={"name": "kryptonite"}, distances=None), ["H101"]),
    "unknown site": (leak(where={"hazard_site": "nowhere"}), ["S210"]),
    "site without substance": (leak(where={"hazard_site": "riddle"}, distances=None), ["S211"]),
    "site with an odd substance": (leak(where={"hazard_site": "odd"}, distances=None), ["H101"]),
    "outside the region": (leak(where={"lon": 105.0, "lat": LAT}), ["S212"]),
    "unknown container": (
        leak(substance={"cas": "7664-41-7", "container": "bathtub"}, distances=None),
        ["H110"],
    ),
    "unknown flood zone": (
        {"id": "f", "hazard": "gully_flood", "level": "IV", "where": {"flood_zones": ["x"]}},
        ["H119"],
    ),
}


@pytest.mark.parametrize(("incident", "codes"), BAD.values(), ids=BAD.keys())
def test_bad_incidents_are_refused_with_a_code(incident: dict[str, object], codes: list[str]) -> None:
    """Never a traceback."""
    with pytest.raises(InputError) as refused:
        dispatch(incident_county(), incident_scenario(incident))
    assert [fault.code for fault in refused.value.faults] == codes


def flood(polygon: Mapping[str, object], **changes: object) -> dict[str, object]:
    water = {"id": "w", "polygon": polygon, "depth_m": 0.6, **changes}
    return {"id": "f", "hazard": "river_flood", "level": "IV", "water": [water]}


CROSSED = {
    "type": "Polygon",
    "coordinates": [[[106.5, 38.8], [106.6, 38.9], [106.6, 38.8], [106.5, 38.9], [106.5, 38.8]]],
}
METRES = mapping(box(500_000, 4_300_000, 501_000, 4_301_000))
GOOD = mapping(box(LONS[5] - 0.004, LAT - 0.01, LONS[5] + 0.004, LAT + 0.01))


@pytest.mark.parametrize(
    ("incident", "codes"),
    [
        (flood(CROSSED), ["H115"]),
        (flood(METRES), ["H107"]),
        (flood({"type": "Polygon", "coordinates": "nowhere"}), ["H118"]),
        (flood(GOOD, depth_m=-1), ["H116"]),
    ],
    ids=["crosses itself", "in metres", "no polygon", "below nought"],
)
def test_bad_water_is_refused_with_a_code(incident: dict[str, object], codes: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        dispatch(incident_county(), incident_scenario(incident))
    assert [fault.code for fault in refused.value.faults] == codes


def test_all_faults_of_a_scenario_at_once() -> None:
    """One fault for each of two wrong incidents."""
    with pytest.raises(InputError) as refused:
        dispatch(
            incident_county(),
            incident_scenario(leak(where={"hazard_site": "x"}), leak(id="b", where={"lon": 1, "lat": 1})),
        )
    assert [fault.code for fault in refused.value.faults] == ["S210", "S212"]


def test_water_closes_the_road_for_fire_engines() -> None:
    """The road under 0.6 m of water cuts the west off from the east."""
    there = {**flood(GOOD), "level": "IV"}
    asked = doctrine(slot("fire", 1, more=3), hazard="river_flood")
    plan = dispatch(incident_county(), incident_scenario(there), doctrine=asked)
    west = {"t0"} <= sent(plan).keys()
    east = {"t3", "aid"} & sent(plan).keys()
    assert not (west and east)
    assert plan.shortages


def test_an_unknown_vehicle_class_is_refused() -> None:
    table = teams()
    table["vehicle_class"] = "hovercraft"
    with pytest.raises(InputError, match="S213"):
        dispatch(incident_county(teams=table), incident_scenario())


def test_a_team_without_road_is_named() -> None:
    """A team on the island road is listed, not sent."""
    lost = {
        "id": "castaway", "force": "township", "people": 5, "capabilities": "pumping:3", "turnout_s": 60,
        "vehicle_class": "truck", "lon": 106.9, "lat": LAT, "source": "assumed",
    }  # fmt: skip
    plan = dispatch(
        incident_county(teams=teams(lost)), incident_scenario(), doctrine=doctrine(slot("pumping", more=1))
    )
    assert any(w.code == "S253" and "castaway" in w.records for w in plan.warnings)
    assert plan.shortages[0].nearest is not None
    assert plan.shortages[0].nearest.why == "no_road"


def test_shipped_incidents_name_no_machine_path() -> None:
    """Regions lie relative to the file."""
    assert len(SHIPPED_INCIDENTS) == 5
    for path in SHIPPED_INCIDENTS:
        assert not Path(read_scenario(path, IncidentScenario).region).is_absolute()
