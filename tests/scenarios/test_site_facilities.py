"""Depots, shelters and landing points sited by the same code: where they stand, which way, what fits."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.region.region import Region
from optimizer.watch import Watch
from scenarios.check import check_plan
from scenarios.files import read_scenario
from scenarios.plan import SitingPlan, plan_json
from scenarios.report.siting_page import siting_page
from scenarios.report.siting_words import response_note, sites_of_plan
from scenarios.shipped import DATA
from scenarios.site import site
from scenarios.site_inputs import siting_inputs
from tests.scenarios.straight_county import LAT, LONS, scenario, stations, straight_county


def places(*records: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([{"source": "assumed", "lat": LAT, **one} for one in records])


def depots() -> pd.DataFrame:
    """One at v0 that loads for a minute, one at v4 whose record does not say."""
    return places(
        {"id": "d0", "name_zh": "库0", "level": "county", "loading_s": 60, "lon": LONS[0]},
        {"id": "d4", "name_zh": "库4", "level": "village", "loading_s": None, "lon": LONS[4]},
    )


def shelters() -> pd.DataFrame:
    """Room for 150 at v0, for 250 at v10."""
    return places(
        {"id": "s-west", "name_zh": "西", "capacity_people": 150, "heated": "yes", "lon": LONS[0]},
        {"id": "s-east", "name_zh": "东", "capacity_people": 250, "heated": "no", "lon": LONS[10]},
    )


def eastward(**changes: pd.DataFrame) -> Region:
    """The straight county with its road one-way from west to east, schools at v3 and v7, nobody elsewhere."""
    county = straight_county()
    roads = pd.DataFrame(county.table("roads").drop(columns="geometry"))
    roads = roads.assign(oneway="yes", wkt=county.table("roads").geometry.to_wkt())
    demand = pd.DataFrame(county.table("demand").drop(columns="geometry"))
    points = county.table("demand").geometry
    demand = demand.assign(lon=points.x, lat=points.y, kind="village")
    demand = demand[~demand["id"].isin(["island", "lost"])]
    demand.loc[demand["id"].isin(["v3", "v7"]), "kind"] = "school"
    return straight_county(roads=roads, demand=demand, **changes)


def solved(region: Region, tmp_path: Path, **changes: Any) -> SitingPlan:
    """The plan, after its file was verified without a solver."""
    plan = site(region, scenario(**changes))
    path = tmp_path / "plan.json"
    path.write_text(plan_json(plan), encoding="utf-8")
    assert check_plan(path, region).faults == ()
    return plan


def asked(force: str, within: str, **changes: Any) -> dict[str, Any]:
    """One new place at a school for one force."""
    return {
        "candidates": {"layer": "demand", "where": "kind == 'school'"},
        "standards": [{"force": force, "within_s": within}],
        **changes,
    }


def test_every_depot_stands_and_loads_as_its_record_says() -> None:
    """d0 loads 60 s, d4 the half hour of the force; at their own villages that is all there is."""
    region = straight_county(depots=depots())
    section = scenario(**asked("relief", "40 min", candidates={"layer": "demand"})).siting
    inputs = siting_inputs(region, section, Watch())
    sites = {place.id: number for number, place in enumerate(inputs.sites.places) if number < 2}
    assert [place.layer for place in inputs.sites.places][:3] == ["depots", "depots", "demand"]
    assert inputs.sites.existing.sum() == 2
    at = {name: row for row, name in enumerate(inputs.points.id.tolist())}
    times = inputs.response_s["relief"]
    assert times[at["v0"], sites["d0"]] == pytest.approx(60)
    assert times[at["v4"], sites["d4"]] == pytest.approx(1800)
    assert times[at["v5"], sites["d4"]] > 1800


def test_people_walk_to_a_shelter_and_trucks_drive_from_a_depot() -> None:
    """On a road that leads east, v3 is before the shelter at v10 and behind it is nobody; depots the reverse.

    Who is on foot may walk against the traffic, so the ride is by bus.
    """
    region = eastward(depots=depots(), shelters=shelters())
    changes = asked("shelter", "1 h", forces={"shelter": {"vehicle_class": "bus"}})
    ride = siting_inputs(region, scenario(**changes).siting, Watch())
    haul = siting_inputs(region, scenario(**asked("relief", "1 h")).siting, Watch())
    v3 = ride.points.id.tolist().index("v3")
    to_east, to_west = ride.response_s["shelter"][v3, 1], ride.response_s["shelter"][v3, 0]
    assert to_east < 3600
    assert to_west == float("inf")
    from_west, from_middle = haul.response_s["relief"][v3, :2]
    assert from_west < 3600
    assert from_middle == float("inf")


def test_on_foot_four_kilometres_take_an_hour() -> None:
    """866 m between villages: 13 minutes, whatever the road allows."""
    region = straight_county(shelters=shelters())
    walk = siting_inputs(
        region, scenario(**asked("shelter", "1 h", candidates={"layer": "demand"})).siting, Watch()
    )
    v1 = walk.points.id.tolist().index("v1")
    assert walk.response_s["shelter"][v1, 0] == pytest.approx(866 / (4 / 3.6), rel=0.01)


def test_shelters_take_in_as_many_as_their_records_say(tmp_path: Path) -> None:
    """An hour on foot reaches v4 from v0; room for 150 and 250 and, at the new one, 120: 520 of the 1,100."""
    region = eastward(shelters=shelters())
    rules = {"capacity_column": "capacity_people", "capacity_people": 120}
    plan = solved(region, tmp_path, **asked("shelter", "1 h", rules=rules))
    assert plan.objective is not None
    assert plan.objective.value == 520
    by_id = {"capacity_column": "capacity_people", "capacity_people": {"v3": 300, "v7": 40}}
    plan = solved(region, tmp_path, **asked("shelter", "1 h", rules=by_id))
    assert [place.id for place in plan.decisions.open] == ["v3"]
    assert plan.objective is not None
    assert plan.objective.value == 700


def test_ambulances_carry_the_injured_to_the_landing_point(tmp_path: Path) -> None:
    """Helipads c2 and c8 on a road that leads east: only c8 lies ahead of most people."""
    pads = stations().query("id in ('c2', 'c8')").assign(kind="helipad", status="candidate")
    region = eastward(stations=pads, teams=pd.DataFrame())
    plan = solved(
        region,
        tmp_path,
        **asked("helicopter", "30 min", candidates={"layer": "stations", "where": "kind == 'helipad'"}),
    )
    assert [place.id for place in plan.decisions.open] == ["c8"]
    assert plan.measures.before.standards[0].covered == 0
    assert sites_of_plan(plan).en == "landing points"
    assert "to the site" in response_note(plan).en


def test_the_page_calls_depots_depots(tmp_path: Path) -> None:
    region = eastward(depots=depots().query("id == 'd4'"))
    plan = solved(region, tmp_path, **asked("relief", "32 min"))
    page = siting_page(plan, region)
    assert page.subtitle is not None
    assert "depots: 1 new, 1 kept" in page.subtitle.en
    assert "新增储备点 1 处" in page.subtitle.zh
    assert "depots" in {layer.layer for layer in plan.provenance}


def test_a_station_and_a_depot_never_stand_in_for_each_other() -> None:
    """Fire engines start at s0 only, relief trucks at the depots only; a school may become either."""
    region = eastward(depots=depots())
    standards = [{"force": "fire", "within_s": "4 min"}, {"force": "relief", "within_s": "1 h"}]
    inputs = siting_inputs(region, scenario(**asked("fire", "4 min", standards=standards)).siting, Watch())
    reach = {name: np.isfinite(times_s).any(axis=0).tolist() for name, times_s in inputs.response_s.items()}
    assert [place.id for place in inputs.sites.places] == ["s0", "d0", "d4", "v3", "v7"]
    assert reach["fire"] == [True, False, False, True, True]
    assert reach["relief"] == [False, True, True, True, True]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (asked("relief", "1 h", candidates={"layer": "depots"}), "S120"),
        (asked("shelter", "1 h", rules={"capacity_column": "capacity_people"}), "S149"),
        (asked("shelter", "1 h", question="p_center", rules={"capacity_people": 5}), "S144"),
        (
            asked("shelter", "1 h", front={"aims": ["covered", "mean"]}, rules={"capacity_people": 5}),
            "S144",
        ),
        (
            asked(
                "relief", "1 h", standards=[{"force": f, "within_s": "1 h"} for f in ("relief", "shelter")]
            ),
            "S148",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_sited_is_refused(changes: dict[str, Any], code: str) -> None:
    """No candidate but what stands, unknown room, room that a model cannot count, one id in two layers."""
    region = eastward(depots=depots(), shelters=shelters().assign(id=["d0", "s-east"]))
    with pytest.raises(InputError) as refused:
        site(region, scenario(**changes))
    assert {fault.code for fault in refused.value.faults} == {code}


@pytest.mark.parametrize("name", ["helipads", "depots"])
def test_shipped_scenarios_are_read(name: str) -> None:
    """Their forces, layers and limits are those that this version knows; plans are made in the documents."""
    section = read_scenario(DATA / f"{name}.yaml").siting
    assert {standard.source for standard in section.standards} == {"assumed"}
