"""Siting scenarios that once broke: keys that do not go together, junk ids, units, costs, huge numbers."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from geo.errors import InputError
from geo.region.region import Region
from scenarios.check import check_plan
from scenarios.drawn_file import with_drawn
from scenarios.plan import SitingPlan, plan_json
from scenarios.site import site
from tests.scenarios.straight_county import LAT, LONS, scenario, stations, straight_county

CUT = {"name_en": "cut", "probability": 0.1, "roads": ["r6"]}


@pytest.fixture(scope="module")
def region() -> Region:
    return straight_county(stations=stations().query("id != 'c-island'"))


def solved(region: Region, tmp_path: Path, **changes: Any) -> SitingPlan:
    """The plan of a scenario, after its file was verified without a solver."""
    plan = site(region, scenario(**changes))
    path = tmp_path / "plan.json"
    path.write_text(plan_json(plan), encoding="utf-8")
    assert check_plan(path, region).faults == ()
    return plan


@pytest.mark.parametrize(
    "changes",
    [
        {"robust": {"states": [CUT]}, "rules": {"movable": {"s0": 5}}},
        {"open": None, "phases": [{"year": 2025, "open": 1}], "rules": {"movable": {"s0": 5}}},
        {"teams": {"fire": 1}, "rules": {"movable": {"s0": 5}}},
        {"teams": {"fire": 1}, "closable": ["s0"]},
        {"teams": {"fire": 1, "hazmat": 1}},
        {"teams": {"fire": 1}, "curve_to": 3},
        {"open": None, "phases": [{"year": 2025, "open": 1}], "curve_to": 3},
        {"rules": {"movable": {"s0": 5}}, "curve_to": 3},
    ],
    ids=str,
)
def test_keys_that_would_be_ignored_together_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        scenario(**changes)
    assert [one["type"] for one in refused.value.errors()] == ["S142"]


@pytest.mark.parametrize(
    "drawn",
    [{"sites": ["nowhere"]}, {"places": [{"id": "c2", "lon": LONS[9], "lat": LAT}]}],
    ids=["unknown site", "place named like a candidate"],
)
def test_drawn_ids_that_are_unknown_or_taken_are_refused(region: Region, drawn: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        site(region, scenario(drawn=drawn))
    assert [fault.code for fault in refused.value.faults] == ["S146"]


def test_all_wrong_ids_of_a_scenario_are_told_at_once(region: Region) -> None:
    """A station that is kept, one that may move, a site of a rule, and one that was drawn."""
    wrong = scenario(
        keep=["nobody"], rules={"must_open": ["nothing"], "bar": ["never"]}, drawn={"sites": ["nowhere"]}
    )
    with pytest.raises(InputError) as refused:
        site(region, wrong)
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [
        ("S122", "siting.keep"),
        ("S143", "siting.rules.bar"),
        ("S143", "siting.rules.must_open"),
        ("S146", "siting.drawn.sites"),
    ]


def test_a_drawing_may_name_what_stands_and_is_told_what_it_breaks(region: Region, tmp_path: Path) -> None:
    """s0 stays when drawn; closing it, opening the barred c5 and one site too many are each said by name."""
    kept = solved(region, tmp_path, drawn={"sites": ["s0", "c2"]}).further.drawn
    assert kept is not None
    assert kept.breaks == ()
    wild = solved(
        region,
        tmp_path,
        rules={"bar": ["c5"], "budget": 100},
        drawn={"sites": ["c2", "c5", "c8"], "close": ["s0"]},
    ).further.drawn
    assert wild is not None
    assert [one.text_en for one in wild.breaks] == [
        "s0 is to be kept open",
        "c5 is barred by the rules",
        "3 sites are open, at most 2 may be",
        "rule budget: beyond by 500",
    ]


def test_units_of_other_plans_are_stated_and_verified(region: Region, tmp_path: Path) -> None:
    """Several units at a site count in the objective of an other plan as well."""
    plan = solved(
        region,
        tmp_path,
        question="mexclp",
        open=3,
        busy=0.5,
        units_per_site=3,
        pool={"plans": 3, "within": 0.9},
    )
    assert plan.further.pool is not None
    assert any(one.units > 1 for other in plan.further.pool.plans for one in other.units)


def test_teams_are_placed_where_units_may_be_busy(region: Region, tmp_path: Path) -> None:
    plan = solved(region, tmp_path, question="mexclp", busy=0.2, open=2, teams={"fire": 2})
    assert sum(one.teams for one in plan.decisions.teams) == 2


@pytest.mark.parametrize("room", [{"c2": 50}, 10**15], ids=["some sites without limit", "absurdly large"])
def test_sites_without_a_limit_serve_everybody(region: Region, tmp_path: Path, room: Any) -> None:
    plan = solved(region, tmp_path, open=2, rules={"capacity_people": room})
    free = solved(region, tmp_path, open=2, rules={"bar": ["c2"] if isinstance(room, dict) else []})
    assert plan.objective is not None
    assert free.objective is not None
    assert plan.objective.value == free.objective.value


def test_capacities_of_very_many_people_do_not_overflow(region: Region, tmp_path: Path) -> None:
    standard = {"force": "fire", "within_s": "4 min", "weight": 10_000_000}
    plan = solved(region, tmp_path, standards=[standard], rules={"capacity_people": 10**9})
    assert plan.objective is not None
    assert plan.objective.value == 2 * 10**9


def test_the_cost_of_a_front_is_money(region: Region, tmp_path: Path) -> None:
    """Closing s0 costs 40, opening c8 200: points state what is spent, not how many sites are open."""
    plan = solved(
        region, tmp_path, open=1, closable={"s0": 40.0}, front={"aims": ["covered", "cost"], "points": 9}
    )
    assert plan.further.front is not None
    points = [point.model_dump() for point in plan.further.front.points]
    costs = {(point["sites"], point["closed"]): point["values"]["cost"] for point in points}
    assert costs[(), ()] == 0
    assert costs[("c8",), ()] == 200
    assert all(len(closed) * 40 <= cost for (_, closed), cost in costs.items())


def test_a_front_of_costs_asks_for_the_cost_of_each_candidate() -> None:
    region = straight_county(stations=stations().assign(opening_cost=None))
    with pytest.raises(InputError) as refused:
        site(region, scenario(front={"aims": ["covered", "cost"]}))
    assert [fault.code for fault in refused.value.faults] == ["S127"]


def test_the_drawn_place_needs_no_stated_room(tmp_path: Path) -> None:
    """Rooms stand in the column of the candidates' layer; a place of one's own has no record."""
    shelters = pd.DataFrame(
        [{"id": "e0", "capacity_people": 100, "lon": LONS[0], "lat": LAT, "source": "assumed"}]
    )
    region = straight_county(shelters=shelters)
    plan = solved(
        region,
        tmp_path,
        standards=[{"force": "shelter", "within_s": "1 h"}],
        candidates={"layer": "demand", "where": "id in ('v5', 'v8')"},
        rules={"capacity_column": "capacity_people", "capacity_people": {"v5": 300, "v8": 300}},
        drawn={"places": [{"id": "mine", "lon": LONS[9], "lat": LAT}]},
    )
    assert plan.further.drawn is not None
    assert plan.further.drawn.objective is not None


@pytest.mark.parametrize(
    "rules", [{"apart": [["c2", "c2"]]}, {"together": [["c2", "c2"]]}, {"needs": {"c2": ["c2"]}}], ids=str
)
def test_a_rule_between_a_site_and_itself_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        scenario(rules=rules)
    assert [one["type"] for one in refused.value.errors()] == ["S136"]


def test_rules_said_twice_are_named_once(region: Region, tmp_path: Path) -> None:
    rules = {"apart": [["c2", "c5"], ["c2", "c5"]], "must_open": ["c2", "c5", "c2"]}
    plan = solved(region, tmp_path, open=3, rules=rules)
    named = [one.rule for one in plan.further.conflicts if one.group == 1]
    assert sorted(named) == ["apart: c2, c5", "must open: c2", "must open: c5"]
    assert {one.group for one in plan.further.conflicts} == {0, 1}


def test_contradictory_rules_are_named_when_roads_close_as_well(region: Region, tmp_path: Path) -> None:
    plan = solved(region, tmp_path, robust={"states": [CUT]}, rules={"must_open": ["c2", "c8"]})
    assert plan.status == "infeasible"
    assert {one.kind for one in plan.further.conflicts if one.group == 1} == {"places", "rule"}


RICH = {
    "open": 2,
    "closable": {"s0": 50},
    "pool": {"plans": 3, "within": 0.3},
    "front": {"aims": ["covered", "mean", "cost"], "points": 8},
}
IMPOSSIBLE = {"open": 2, "rules": {"budget": 250, "must_open": ["c2", "c8"]}}
ROBUST = {"open": 2, "robust": {"measure": "worst", "states": [CUT]}}


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        (RICH, "pool.least_difference", 2),
        (RICH, "pool.complete", True),
        (RICH, "pool.plans.0.bound", 600.0),
        (RICH, "pool.plans.0.sites", ["c2", "c8"]),
        (RICH, "front.optimized", "covered"),
        (RICH, "front.points.0.bound", 0.0),
        (RICH, "front.points.1.limits.covered", 5000.0),
        (RICH, "front.points.1.values.cost", 1.0),
        (ROBUST, "robust.nominal_sites", ["c2"]),
        (ROBUST, "robust.price", 1),
        (ROBUST, "robust.states.0.covered", 1),
        (IMPOSSIBLE, "conflicts.0.amount", 49.0),
        (IMPOSSIBLE, "conflicts.0.unit", "sites"),
        (IMPOSSIBLE, "conflicts.1.kind", "places"),
        (IMPOSSIBLE, "conflicts.1.rule", "no rule"),
        (IMPOSSIBLE, "conflicts.1.group", 2),
        (IMPOSSIBLE, "conflicts.1.text_zh", ""),
        (IMPOSSIBLE, "conflicts.1.example", None),
        (IMPOSSIBLE, "conflicts.1.example.sites", ["c5"]),
    ],
    ids=str,
)
def test_a_changed_figure_beside_the_answer_is_found(
    region: Region, tmp_path: Path, changes: dict[str, Any], path: str, value: Any
) -> None:
    """Other plans, the front, the plan for every day and conflicts are verified like the answer itself."""
    content = json.loads(plan_json(site(region, scenario(**changes))))
    inside: Any = content["further"]
    *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in way:
        inside = inside[key]
    assert inside[last] != value
    inside[last] = value
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert check_plan(file, region).faults != ()


@pytest.mark.parametrize("status", ["infeasible", "cancelled"])
def test_a_figure_of_no_plan_is_found(region: Region, tmp_path: Path, status: str) -> None:
    content = json.loads(plan_json(site(region, scenario(**ROBUST))))
    content["curve"]["points"][0]["status"] = status
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert check_plan(file, region).faults != ()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # the reader warns of the broken point as well
@pytest.mark.parametrize("coordinates", ["[NaN, 38.9]", "[4e7, 3e6]", "[]"])
def test_a_drawn_layer_with_points_nowhere_is_refused(tmp_path: Path, coordinates: str) -> None:
    file = _drawn_file(tmp_path, f'{{"type": "Point", "coordinates": {coordinates}}}')
    with pytest.raises(InputError) as refused:
        with_drawn(scenario(), str(file), frozenset({"c2"}))
    assert [fault.code for fault in refused.value.faults] == ["S147"]


def test_a_layer_of_multipoints_is_drawn_point_by_point(tmp_path: Path) -> None:
    file = _drawn_file(tmp_path, '{"type": "MultiPoint", "coordinates": [[106.55, 38.9], [106.56, 38.9]]}')
    drawn = with_drawn(scenario(), str(file), frozenset({"c2"})).siting.drawn
    assert drawn is not None
    assert [place.lon for place in drawn.places] == [106.55, 106.56]


def _drawn_file(folder: Path, geometry: str) -> Path:
    file = folder / "drawn.geojson"
    feature = f'{{"type": "Feature", "properties": {{}}, "geometry": {geometry}}}'
    file.write_text(f'{{"type": "FeatureCollection", "features": [{feature}]}}', encoding="utf-8")
    return file
