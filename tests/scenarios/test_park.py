"""Hydrants, pond and foam station of a park: fewest, every distance kept, sizes as computed by hand."""

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.region.region import Region
from scenarios.files import read_scenario
from scenarios.park import park
from scenarios.park_figures import shipped_figures
from scenarios.park_hydrants import hydrant_rows, longest_end_m, longest_gap_m
from scenarios.park_inputs import park_inputs
from scenarios.park_models import ParkRoad, ParkScenario, ParkTank
from scenarios.park_plan import ParkPlan, read_park_plan
from scenarios.park_roads import hydrant_places
from scenarios.park_water import tank_foam
from scenarios.plan_file import plan_text
from scenarios.report.page import render
from scenarios.report.park_files import write_park
from scenarios.report.park_page import park_page
from scenarios.shipped import DATA
from scenarios.verify import verify
from tests.scenarios.small_park import park_scenario, point, road
from tests.scenarios.straight_county import straight_county


@pytest.fixture(scope="module")
def region() -> Region:
    return straight_county()


def solved(region: Region, tmp_path: Path, scenario: ParkScenario) -> ParkPlan:
    """The plan, after its file was verified without a solver."""
    plan = park(region, scenario)
    path = tmp_path / "plan.json"
    path.write_text(plan_text(plan), encoding="utf-8")
    assert verify(path, region).faults == ()
    return plan


def count(plan: ParkPlan) -> int:
    assert plan.objective is not None
    assert plan.status == "optimal"
    return int(plan.objective.value)


@pytest.mark.parametrize(
    ("length_m", "hydrants"), [(50, 1), (120, 1), (130, 2), (240, 2), (250, 3), (360, 3)]
)
def test_a_straight_road_has_one_hydrant_for_each_begun_spacing(
    region: Region, tmp_path: Path, length_m: float, hydrants: int
) -> None:
    """60 m from each end and 120 m between: a road of 120 m needs one, of 240 m two; limits are inclusive."""
    plan = solved(region, tmp_path, park_scenario([road("a", (0, 0), (length_m, 0))]))
    assert count(plan) == hydrants
    assert max(row.longest_gap_m for row in plan.roads) <= 120.01
    assert max(row.end_m for row in plan.roads) <= 60.01


def test_a_road_of_sixty_metres_has_hydrants_on_both_sides(region: Region, tmp_path: Path) -> None:
    """60 m counts as wide, 59 m does not; the rows stand 30 m from the middle."""
    narrow = solved(region, tmp_path, park_scenario([road("a", (0, 0), (240, 0), width_m=59)]))
    wide = solved(region, tmp_path, park_scenario([road("a", (0, 0), (240, 0), width_m=60)]))
    assert [(row.side, row.hydrants) for row in narrow.roads] == [("both", 2)]
    assert [(row.side, row.hydrants) for row in wide.roads] == [("left", 2), ("right", 2)]
    north = [one.lat for one in wide.hydrants if one.on[0].side == "left"]
    south = [one.lat for one in wide.hydrants if one.on[0].side == "right"]
    assert (min(north) - max(south)) * 111_000 == pytest.approx(60, rel=0.01)


def test_a_hydrant_at_a_crossing_serves_both_roads(region: Region, tmp_path: Path) -> None:
    """Two roads of 118 m that cross in their middles need one hydrant, at the crossing."""
    cross = [road("we", (0, 59), (59, 59), (118, 59)), road("sn", (59, 0), (59, 59), (59, 118))]
    plan = solved(region, tmp_path, park_scenario(cross))
    assert count(plan) == 1
    assert [on.road for on in plan.hydrants[0].on] == ["we", "sn"]


def test_a_point_of_a_plant_pulls_a_hydrant_near(region: Region, tmp_path: Path) -> None:
    """145 m north of the road's middle is in reach of the middle alone, where a road of 240 m has none."""
    roads = [road("a", (0, 0), (240, 0))]
    plan = solved(region, tmp_path, park_scenario(roads, points=[point("p", 120, 145)]))
    assert count(plan) == 3
    assert plan.points[0].distance_m <= 150
    assert plan.points[0].hydrant in {one.id for one in plan.hydrants}


def test_a_point_beyond_every_road_is_named(region: Region, tmp_path: Path) -> None:
    """No plan of hydrants; the pond is sized all the same, and the check proves the infeasibility."""
    far = park_scenario(
        [road("a", (0, 0), (240, 0))], points=[point("far", 120, 151), point("near", 120, 20)]
    )
    plan = solved(region, tmp_path, far)
    assert plan.status == "infeasible"
    assert plan.exit_code == 1
    assert [(one.code, one.records) for one in plan.warnings] == [("X120", ("far",))]
    assert plan.hydrants == ()
    assert plan.pond.volume_m3 == 2160


def test_the_park_sets_its_own_spacing(region: Region, tmp_path: Path) -> None:
    """60 m, as GB 50160 asks around process units: 240 m need four instead of two, and the plan says so."""
    rules = {"spacing_m": 60, "end_m": 30}
    plan = solved(region, tmp_path, park_scenario([road("a", (0, 0), (240, 0))], rules=rules))
    assert count(plan) == 4
    certainty = {one.name: one.certainty for one in plan.assumptions}
    assert (certainty["spacing_m"], certainty["radius_m"], certainty["end_m"]) == (
        "scenario",
        "cited",
        "scenario",
    )


def test_the_pond_lasts_six_hours_of_the_largest_fire(region: Region, tmp_path: Path) -> None:
    """100 L/s for 6 h are 2,160 m3; a tank of 20 m: 50.3 L/s for 6 h, 1,085.7 m3, and the water of its foam.

    Foam on 314.16 m2: 12 x 30 min = 113.1 m3, one branch 240 L/min x 20 min = 4.8, pipes 3: 120.9 m3, of
    which 94 % water: 113.6 m3; 1,199.4 m3 in all.
    """
    tank = {"id": "t", "diameter_m": 20, "liquid": "soluble", "source": "assumed"}
    plan = solved(region, tmp_path, park_scenario([road("a", (0, 0), (100, 0))], tanks=[tank]))
    assert (plan.pond.volume_m3, plan.pond.largest, plan.pond.ponds) == (2160, "units", 2)
    fire = next(one for one in plan.pond.fires if one.kind == "tank")
    assert fire.flow_l_s == pytest.approx(50.3, abs=0.05)
    assert fire.foam_m3 == pytest.approx(113.6, abs=0.1)
    assert fire.volume_m3 == pytest.approx(1085.7 + 113.6, abs=0.3)
    assert plan.foam is not None
    assert plan.foam.solution_m3 == pytest.approx(120.9, abs=0.01)
    assert plan.foam.concentrate_m3 == pytest.approx(0.06 * 120.9, abs=0.001)
    assert plan.foam.flow_l_s == pytest.approx((314.16 * 12 + 240) / 60, abs=0.1)


def test_solution_and_concentrate_may_be_those_of_two_tanks(region: Region, tmp_path: Path) -> None:
    """Both liquids take 360 L on each m2; the wider oil tank most solution, the alcohol most concentrate."""
    tanks = [
        {"id": "oil", "diameter_m": 32, "liquid": "insoluble", "neighbours": 3},
        {"id": "alcohol", "diameter_m": 31, "liquid": "soluble"},
    ]
    plan = solved(region, tmp_path, park_scenario([road("a", (0, 0), (100, 0))], tanks=tanks))
    assert plan.foam is not None
    assert (plan.foam.largest, plan.foam.largest_concentrate) == ("oil", "alcohol")
    oil = next(one for one in plan.pond.fires if one.id == "oil")
    assert oil.flow_l_s == pytest.approx(np.pi * 32 * (0.8 + 3 * 0.7 / 2), abs=0.05)
    assert plan.pond.largest == "oil"


@given(
    diameter_m=st.floats(1, 60), more_m=st.floats(0.1, 10), liquid=st.sampled_from(["soluble", "insoluble"])
)
@settings(deadline=None)
def test_a_wider_tank_never_takes_less_foam(diameter_m: float, more_m: float, liquid: str) -> None:
    """Surface, branches and flow all grow with the diameter."""
    one, other = (
        tank_foam(ParkTank.model_validate({"id": "t", "diameter_m": d, "liquid": liquid}), shipped_figures())
        for d in (diameter_m, diameter_m + more_m)
    )
    assert other.solution_m3 >= one.solution_m3
    assert other.flow_l_s >= one.flow_l_s


@given(
    pieces=st.lists(st.integers(5, 90), min_size=1, max_size=4),
    chosen=st.sets(st.integers(0, 12)),
    spacing_m=st.integers(60, 120),
    step_m=st.integers(30, 60),
)
@settings(deadline=None, max_examples=150)
def test_covering_constraints_say_exactly_what_the_distances_say(
    pieces: list[int], chosen: set[int], spacing_m: int, step_m: int
) -> None:
    """For any choice of places: all constraints are covered when, and only when, no way is too long."""
    ends = np.concatenate([[0], np.cumsum(pieces)])
    line = ParkRoad.model_validate(road("a", *[(float(x), 0.0) for x in ends]))
    figures = shipped_figures().with_rules({"spacing_m": spacing_m, "end_m": spacing_m / 2, "step_m": step_m})
    places = hydrant_places([line], figures)
    row = places.rows[0]
    some = np.array(sorted(one for one in chosen if one < len(places.lonlat)), np.int64)
    rows = hydrant_rows(places, np.empty((0, 2)), figures)
    kept = longest_gap_m(row, some) <= spacing_m + 1e-6 and longest_end_m(row, some) <= spacing_m / 2 + 1e-6
    assert bool(rows.covers[:, some].any(axis=1).all()) == kept


def test_no_smaller_choice_keeps_the_distances(region: Region) -> None:
    """Every choice of fewer places, tried one by one, breaks a distance."""
    scenario = park_scenario(
        [road("a", (0, 0), (150, 0), (300, 0)), road("b", (150, 0), (150, 200))],
        points=[point("p", 290, 100)],
        rules={"step_m": 50},
    )
    fewest = count(park(region, scenario))
    covers = park_inputs(region, scenario).rows.covers
    smaller = combinations(range(covers.shape[1]), fewest - 1)
    assert fewest > 1
    assert not any(covers[:, list(choice)].any(axis=1).all() for choice in smaller)


def test_the_same_scenario_gives_the_same_bytes(region: Region, tmp_path: Path) -> None:
    scenario = park_scenario([road("a", (0, 0), (500, 0)), road("b", (0, 0), (0, 400))])
    plan = park(region, scenario)
    assert plan_text(plan) == plan_text(park(region, scenario))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_park(plan, tmp_path / folder)
    names = sorted(file.name for file in (tmp_path / "one").glob("*.csv"))
    assert "plan-hydrants.csv" in names
    for name in [*names, "plan.json"]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert read_park_plan(tmp_path / "one" / "plan.json") == plan


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda plan: {"hydrants": plan.hydrants[:-1]}, "P108"),
        (lambda plan: {"pond": plan.pond.model_copy(update={"volume_m3": 1.0})}, "P109"),
        (lambda plan: {"roads": (plan.roads[0].model_copy(update={"longest_gap_m": 1.0}),)}, "P109"),
        (lambda plan: {"hydrants": (plan.hydrants[0].model_copy(update={"lon": 1.0}),)}, "P107"),
        (lambda plan: {"status": "infeasible", "hydrants": ()}, "P108"),
        (lambda plan: {"objective": None, "bound": None, "gap": None}, "P108"),
        (lambda plan: {"hydrants": (*plan.hydrants, plan.hydrants[0])}, "P109"),
    ],
    ids=["left out", "smaller pond", "shorter gap", "moved", "called infeasible", "no number", "twice"],
)
def test_the_check_finds_what_was_changed(region: Region, tmp_path: Path, change: Any, code: str) -> None:
    plan = park(region, park_scenario([road("a", (0, 0), (240, 0))]))
    path = tmp_path / "plan.json"
    path.write_text(plan_text(plan.model_copy(update=change(plan))), encoding="utf-8")
    assert code in {fault.code for fault in verify(path, region).faults}


@pytest.mark.parametrize(
    ("roads", "changes", "code"),
    [
        ([road("a", (0, 0), (100, 0), (100, 0))], {}, "S161"),
        ([road("a", (0, 0), (100, 0)), road("a", (0, 0), (0, 100))], {}, "S162"),
        ([road("a", (0, 0), (100, 0))], {"fire_areas": []}, "S163"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_contradict_themselves_are_refused(
    tmp_path: Path, roads: list[dict[str, Any]], changes: dict[str, Any], code: str
) -> None:
    """Each fault is found when the file is read, with its line."""
    import json

    section = {"roads": roads, "fire_areas": [{"id": "u", "flow_l_s": 1}], **changes}
    file = tmp_path / "park.yaml"
    file.write_text(
        json.dumps({"muster": 1, "kind": "park", "region": "x", "park": section}), encoding="utf-8"
    )
    with pytest.raises(InputError) as refused:
        read_scenario(file, ParkScenario)
    assert {fault.code for fault in refused.value.faults} == {code}


@pytest.mark.parametrize(
    ("roads", "changes", "code"),
    [
        ([road("a", (0, 0), (20, 0), (0, 5), (0, 0.5), width_m=100)], {}, "S164"),
        ([road("a", (0, 0), (100, 0))], {"rules": {"end_m": 130}}, "S165"),
        ([road("a", (0, 0), (100, 0))], {"rules": {"spacing_m": 50}}, "S165"),
        ([road("a", (0, 0), (100, 0))], {"plants": {"layer": "hazard_sites"}}, "S166"),
        ([road("a", (0, 0), (7000, 0))], {"rules": {"step_m": 1}}, "S168"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_parks_that_cannot_be_planned_are_refused(
    region: Region, roads: list[dict[str, Any]], changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(InputError) as refused:
        park(region, park_scenario(roads, **changes))
    assert {fault.code for fault in refused.value.faults} == {code}


def test_the_shipped_park_is_proven_and_its_page_tells_facts_from_assumptions(
    pingluo: Region, tmp_path: Path
) -> None:
    """Nine tanks of the region in reach; 120, 150, 60 m and 6 h are cited, rates recalled, roads assumed."""
    scenario = read_scenario(DATA / "fine-chemical-park.yaml", ParkScenario)
    plan = solved(pingluo, tmp_path, scenario)
    assert count(plan) == 37
    assert len(plan.points) == 9
    assert {row.side for row in plan.roads if row.width_m >= 60} == {"left", "right"}
    cited = {one.name for one in plan.assumptions if one.certainty == "cited"}
    assert cited == {"spacing_m", "radius_m", "both_sides_m", "hours"}
    roads = next(one for one in plan.provenance if one.layer == "park.roads")
    assert (roads.records, roads.assumed) == (6, 6)
    text = render(park_page(plan, pingluo), bundle=None)
    for words in (
        "消防水池",
        "Fire-water pond",
        "泡沫站",
        "待核对原文",
        "to be checked against the original",
    ):
        assert words in text
