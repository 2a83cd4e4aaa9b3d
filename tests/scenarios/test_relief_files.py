"""Relief in files: verified without a solver, written whole, readable on the page in both languages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import jsonschema
import pytest

from geo.region.region import Region
from scenarios.dispatch import dispatch
from scenarios.dispatch_check import check_dispatch
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from scenarios.files import read_scenario
from scenarios.incident_models import IncidentScenario
from scenarios.report.dispatch_page import dispatch_page
from scenarios.report.dispatch_tables import write_dispatch
from scenarios.report.page import render
from scenarios.schemas import dispatch_plan_schema
from scenarios.shipped import DATA
from tests.scenarios.relief_county import flood, flood_scenario, relief_county, relief_doctrine


@pytest.fixture(scope="module")
def county() -> Region:
    return relief_county()


@pytest.fixture(scope="module")
def plan(county: Region) -> DispatchPlan:
    """130 people for 110 places, with material that is short."""
    return dispatch(county, flood_scenario(flood(relocate=130)), doctrine=relief_doctrine())


def checked(plan: DispatchPlan, county: Region, folder: Path, change: Callable[[Any], None]) -> list[str]:
    """Codes of what the check finds in a plan with a changed relief."""
    content = json.loads(dispatch_json(plan))
    change(content["relief"])
    file = folder / "plan.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return [fault.code for fault in check_dispatch(file, county).faults]


def test_the_check_passes_what_was_computed(plan: DispatchPlan, county: Region, tmp_path: Path) -> None:
    assert checked(plan, county, tmp_path, lambda relief: None) == []


def test_a_place_that_two_incidents_share_is_counted_for_each(county: Region, tmp_path: Path) -> None:
    """60 of v5 go for the first flood, 30 more for the second: one gathers under a name of its own."""
    second = flood(id="again", relocate=30)
    shared = dispatch(county, flood_scenario(flood(relocate=60), second), doctrine=relief_doctrine())
    assert shared.relief is not None
    assert [(place.id, place.people) for place in shared.relief.places] == [("v5", 60), ("v5 (again)", 30)]
    assert checked(shared, county, tmp_path, lambda relief: None) == []


def more_people(relief: Any) -> None:
    relief["evacuation"]["rides"][0]["people"] += 10


def one_fewer(relief: Any) -> None:
    relief["evacuation"]["cars"][0]["people"] -= 1


def sooner(relief: Any) -> None:
    relief["evacuation"]["rides"][0]["arrival_s"] -= 60


def ghost_bus(relief: Any) -> None:
    relief["evacuation"]["rides"][0]["team_id"] = "ghost"


def ninth_bus(relief: Any) -> None:
    relief["evacuation"]["rides"][0]["bus"] = 9


def wet_shelter(relief: Any) -> None:
    relief["evacuation"]["cars"][0]["shelter_id"] = "wet"


def overloaded(relief: Any) -> None:
    relief["materials"]["deliveries"][0]["trips"][0]["load"][0]["pieces"] += 10_000


def made_up(relief: Any) -> None:
    relief["materials"]["deliveries"][0]["trips"][0]["load"][0]["item_id"] = "gold"


def at_once(relief: Any) -> None:
    relief["materials"]["deliveries"][0]["trips"][0]["handed_over_s"] -= 100


def smooth_shortage(relief: Any) -> None:
    relief["materials"]["shortages"][0]["short"] -= 1


def nothing_left(relief: Any) -> None:
    relief["places"][0]["left"] = 0


def no_delivery(relief: Any) -> None:
    relief["materials"]["deliveries"] = []


def no_materials(relief: Any) -> None:
    relief["materials"] = None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (more_people, "P108"),
        (one_fewer, "P108"),
        (sooner, "P108"),
        (ghost_bus, "P107"),
        (ninth_bus, "P108"),
        (wet_shelter, "P107"),
        (overloaded, "P108"),
        (made_up, "P107"),
        (at_once, "P108"),
        (smooth_shortage, "P109"),
        (nothing_left, "P109"),
        (no_delivery, "P108"),
        (no_materials, "P108"),
    ],
)
def test_the_check_finds_what_was_changed(
    plan: DispatchPlan, county: Region, tmp_path: Path, change: Callable[[Any], None], code: str
) -> None:
    found = checked(plan, county, tmp_path, change)
    assert found
    assert set(found) == {code}


def test_a_plan_whose_relief_was_taken_out_is_not_the_plan(
    plan: DispatchPlan, county: Region, tmp_path: Path
) -> None:
    content = json.loads(dispatch_json(plan))
    content["relief"] = None
    (tmp_path / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    assert [fault.code for fault in check_dispatch(tmp_path / "plan.json", county).faults] == ["P108"]


def test_files_hold_every_trip_and_everybody(plan: DispatchPlan, tmp_path: Path) -> None:
    """CSV tables and GeoPackage layers, and JSON that keeps its schema."""
    assert plan.relief is not None
    assert plan.relief.materials is not None
    write_dispatch(plan, tmp_path)
    jsonschema.validate(json.loads((tmp_path / "plan.json").read_text("utf-8")), dispatch_plan_schema())
    places = (tmp_path / "plan-places.csv").read_text("utf-8-sig").splitlines()
    assert places[1].split(",")[0] == "v5"
    loads = (tmp_path / "plan-loads.csv").read_text("utf-8-sig").splitlines()
    assert len(loads) - 1 == sum(len(trip.load) for trip in plan.relief.materials.trips)
    convoys = gpd.read_file(tmp_path / "plan.gpkg", layer="convoys")
    assert len(convoys) == len(plan.relief.convoys)
    assert convoys["people"].sum() == plan.relief.evacuation.people - plan.relief.evacuation.left
    assert gpd.read_file(tmp_path / "plan.gpkg", layer="assembly")["left"].tolist() == [20]


def test_the_page_says_who_stays_and_what_is_short(plan: DispatchPlan, county: Region) -> None:
    page = render(dispatch_page(plan, county))
    for words in ("20 人未能转移", "20 people cannot be relocated", "避难场所已满", "shelters full"):
        assert words in page
    for table in ("evacuation-table", "shelters-table", "buses-table", "items-table", "trips-table"):
        assert f'id="{table}"' in page


def test_the_shipped_ice_jam_relocates_1200_people_within_ten_hours(pingluo: Region) -> None:
    """Proven; everybody counted; everything that is brought is there in time; what is short is named."""
    scenario = read_scenario(DATA / "incidents" / "ice-jam.yaml", IncidentScenario)
    relief = dispatch(pingluo, scenario).relief
    assert relief is not None
    assert relief.materials is not None
    assert (relief.evacuation.people, relief.evacuation.left) == (1200, 0)
    assert (relief.evacuation.status, relief.materials.status) == ("optimal", "optimal")
    assert relief.materials.last_s is not None
    assert relief.materials.last_s <= relief.due_s == 36_000
    assert all(shelter.heated and shelter.people <= shelter.capacity for shelter in relief.shelters)
    short = {one.item_id for one in relief.materials.shortages}
    assert short == {item.item_id for item in relief.materials.items if item.short}


def test_a_preset_of_a_gully_is_relocated_too(pingluo: Region) -> None:
    """The retention area with six hours of warning: everybody that lives there is counted."""
    lake = {
        "id": "lake", "hazard": "gully_flood", "level": "III", "where": {"flood_zones": ["zhenshuo-20y"]},
        "water_after": "6 h", "relocate": "all",
    }  # fmt: skip
    plan = dispatch(pingluo, flood_scenario(lake, weather={"temperature_c": 22}))
    assert plan.relief is not None
    found = plan.relief.evacuation
    assert found.people == plan.decisions.incidents[0].people == 141
    assert (found.by_bus + found.driving, found.left) == (141, 0)
