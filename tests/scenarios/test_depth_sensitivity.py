"""Floods at half and double depth beside the plan, on the road of a made-up county."""

import json
from pathlib import Path

import pytest
from shapely.geometry import box, mapping

from geo.errors import InputError
from scenarios.dispatch import dispatch
from scenarios.dispatch_check import check_dispatch
from scenarios.dispatch_plan import DispatchPlan, dispatch_json
from scenarios.report.depth_table import depth_table
from scenarios.report.dispatch_page import dispatch_page
from scenarios.report.page import render
from tests.scenarios.incident_county import doctrine, incident_county, incident_scenario, leak, slot
from tests.scenarios.straight_county import LAT, LONS


def flooded(depth_m: float) -> dict[str, object]:
    """The road between v4 and v6 under water; fire engines wade through less than 0.5 m."""
    ground = mapping(box(LONS[5] - 0.002, LAT - 0.01, LONS[5] + 0.002, LAT + 0.01))
    water = [{"id": "w", "polygon": ground, "depth_m": depth_m}]
    return {"id": "f", "hazard": "river_flood", "level": "IV", "water": water}


@pytest.fixture(scope="module")
def plan() -> DispatchPlan:
    asked = doctrine(slot("fire", 1, more=2), hazard="river_flood")
    return dispatch(incident_county(), incident_scenario(flooded(0.35)), doctrine=asked, sensitivity=True)


def test_half_and_double_depth_stand_beside_the_plan(plan: DispatchPlan) -> None:
    """At half the depth both engines come; at 0.7 m the road is cut and one slot stays short."""
    half, same, double = plan.sensitivity
    assert [half.factor, same.factor, double.factor] == [0.5, 1.0, 2.0]
    assert (half.short, double.short) == (0, 1)
    assert half.closed_to_all_m == 0 < double.closed_to_some_m
    assert half.people == double.people
    assert half.people_in_danger <= double.people_in_danger


def test_the_run_at_the_given_depth_is_the_plan_itself(plan: DispatchPlan) -> None:
    same = plan.sensitivity[1]
    assert (same.short, same.shortage, same.changed) == (
        sum(one.count for one in plan.shortages),
        plan.measures.shortage,
        (),
    )
    assert same.last_arrival_s == max(one.arrival_s or 0.0 for one in plan.decisions.slots)
    assert same.people == plan.decisions.incidents[0].people


def test_double_depth_is_the_plan_of_the_deeper_flood(plan: DispatchPlan) -> None:
    """Computed from a scenario of its own."""
    asked = doctrine(slot("fire", 1, more=2), hazard="river_flood")
    deeper = dispatch(incident_county(), incident_scenario(flooded(0.7)), doctrine=asked)
    assert plan.sensitivity[2].shortage == deeper.measures.shortage
    assert plan.sensitivity[2].short == sum(one.count for one in deeper.shortages)


def test_the_page_shows_a_row_for_each_depth(plan: DispatchPlan) -> None:
    (table,) = depth_table(plan)
    assert len(table.rows) == 3
    assert 'id="depth-table"' in render(dispatch_page(plan, incident_county()))


def test_a_leak_has_no_depth() -> None:
    """And a plan in force is not asked other questions."""
    with pytest.raises(InputError, match="S289"):
        dispatch(incident_county(), incident_scenario(leak()), sensitivity=True)
    plan = dispatch(incident_county(), incident_scenario(flooded(0.3)))
    assert plan.sensitivity == ()
    with pytest.raises(InputError, match="S220"):
        dispatch(incident_county(), incident_scenario(flooded(0.3)), present=plan, sensitivity=True)


def test_the_check_computes_people_and_roads_again(plan: DispatchPlan, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(dispatch_json(plan), encoding="utf-8")
    assert check_dispatch(path, incident_county()).holds
    for key, value in (("people", 1), ("closed_to_some_m", 1.0), ("factor", 3.0)):
        content = json.loads(dispatch_json(plan))
        content["sensitivity"][2][key] = value
        path.write_text(json.dumps(content), encoding="utf-8")
        (fault,) = check_dispatch(path, incident_county()).faults
        assert (fault.code, f"sensitivity[2].{key}" in fault.where) == ("P109", True)
    content["sensitivity"] = content["sensitivity"][:2]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert not check_dispatch(path, incident_county()).holds
