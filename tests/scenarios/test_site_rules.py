"""Rules, teams, years, road states, other plans and drawn plans: the plan does what the scenario asks."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.errors import InputError
from geo.region.region import Region
from scenarios.check import check_plan
from scenarios.plan import SitingPlan, plan_json
from scenarios.site import site
from tests.scenarios.straight_county import LAT, LONS, scenario, stations, straight_county


@pytest.fixture(scope="module")
def region() -> Region:
    return straight_county(stations=no_island())


def no_island() -> pd.DataFrame:
    return stations().query("id != 'c-island'")


def solved(region: Region, tmp_path: Path, **changes: Any) -> SitingPlan:
    """The plan of a scenario, after its file was verified without a solver."""
    plan = site(region, scenario(**changes))
    path = tmp_path / "plan.json"
    path.write_text(plan_json(plan), encoding="utf-8")
    report = check_plan(path, region)
    assert report.faults == ()
    return plan


def value(plan: SitingPlan) -> float:
    """The objective of a plan that there must be."""
    assert plan.objective is not None
    return plan.objective.value


def opened(plan: SitingPlan) -> list[str]:
    return [place.id for place in plan.decisions.open]


def test_a_budget_is_kept_and_buys_the_best_it_can(region: Region, tmp_path: Path) -> None:
    """c2 and c8 cost 300 together; with 250 only one of them can be had, and c8 serves more."""
    rich = solved(region, tmp_path, open=2, rules={"budget": 300})
    poor = solved(region, tmp_path, open=2, rules={"budget": 250})
    assert opened(rich) == ["c2", "c8"]
    assert opened(poor) == ["c8"]
    assert value(poor) < value(rich)


def test_rules_between_sites_hold(region: Region, tmp_path: Path) -> None:
    assert opened(solved(region, tmp_path, open=2, rules={"apart": [["c5", "c8"]]})) != ["c5", "c8"]
    assert "c2" in opened(solved(region, tmp_path, open=1, rules={"must_open": ["c2"]}))
    assert "c5" not in opened(solved(region, tmp_path, open=2, rules={"bar": ["c5"]}))
    needed = opened(solved(region, tmp_path, open=2, rules={"needs": {"c8": ["c2"], "c5": ["c2"]}}))
    assert "c2" in needed
    pair = opened(solved(region, tmp_path, open=2, rules={"together": [["c2", "c8"]], "bar": ["c5"]}))
    assert pair in (["c2", "c8"], [])
    group = {"name": "east", "sites": ["c5", "c8"], "at_most": 0}
    assert opened(solved(region, tmp_path, open=2, rules={"groups": [group]})) == ["c2"]


def test_candidates_near_a_danger_or_downwind_of_it_are_barred(tmp_path: Path) -> None:
    """Danger 40 m from c5, wind from the west: c5 is too near, c8 lies 2.6 km downwind."""
    danger = pd.DataFrame(
        [{"id": "tank", "name_zh": "储罐", "lon": LONS[5] + 0.0005, "lat": LAT, "source": "assumed"}]
    )
    region = straight_county(stations=no_island(), hazard_sites=danger)
    near = {"least_m": 200}
    plan = solved(region, tmp_path, open=2, rules={"away_from": [near]})
    assert opened(plan) == ["c2", "c8"]
    assert [w.records for w in plan.warnings if w.code == "S157"] == [("c5",)]
    wind = near | {"wind_from_deg": 270, "downwind_m": 5000}
    assert opened(solved(region, tmp_path, open=2, rules={"away_from": [wind]})) == ["c2"]
    calm = near | {"wind_from_deg": 90, "downwind_m": 5000}
    assert opened(solved(region, tmp_path, open=2, rules={"away_from": [calm]})) == ["c8"]


def test_a_floor_for_each_township_moves_the_choice(region: Region, tmp_path: Path) -> None:
    """Without the floor the one station goes east; with three quarters of the town asked it goes to c2."""
    free = solved(region, tmp_path)
    fair = solved(region, tmp_path, rules={"township_share": {"town": 1.0}})
    assert opened(free) != opened(fair)
    assert opened(fair) == ["c2"]
    town = [t for t in (fair.measures.after.townships if fair.measures.after else ()) if t.id == "town"]
    assert [t.share for t in town] == [1.0]


def test_capacities_bind(region: Region, tmp_path: Path) -> None:
    plain = solved(region, tmp_path, open=2)
    full = solved(region, tmp_path, open=2, rules={"capacity_people": 100})
    assert value(full) == 300
    assert value(plain) > 300


def test_a_station_moves_when_that_is_cheaper_than_close_and_open(region: Region, tmp_path: Path) -> None:
    """Opening c8 costs 200: too much for the budget of 60, unless s0 moves there for 50."""
    plan = solved(region, tmp_path, open=0, rules={"budget": 60, "movable": {"s0": 50.0}})
    assert opened(plan) == ["c8"]
    assert plan.decisions.moves == {"s0": "c8"}
    assert [place.id for place in plan.decisions.close] == ["s0"]


@pytest.mark.parametrize(
    "changes",
    [
        {"question": "backup", "open": 2, "second_cover": 0.3},
        {"question": "mexclp", "open": 2, "busy": 0.3},
        {"question": "mexclp", "open": 3, "busy": 0.6, "units_per_site": 3},
        {"question": "decay", "open": 1, "worth": [["2 min", 1.0], ["4 min", 0.5], ["10 min", 0.1]]},
        {"question": "mix", "open": 1, "mix": {"uncovered": 1, "mean": 0.5, "worst": 0.5}},
        {"question": "p_median", "open": 2, "rules": {"apart": [["c5", "c8"]]}},
        {"question": "p_center", "open": 1, "rules": {"must_open": ["c2"]}},
        {"question": "lscp", "open": None, "share": 0.5, "rules": {"bar": ["c5"]}},
    ],
    ids=str,
)
def test_every_question_is_proven_and_verified(
    region: Region, tmp_path: Path, changes: dict[str, Any]
) -> None:
    plan = solved(region, tmp_path, **changes)
    assert plan.status == "optimal"
    assert plan.reasons


def test_units_are_placed_where_the_people_are(region: Region, tmp_path: Path) -> None:
    """With one candidate only, three units stand at it and at the old station."""
    plan = solved(
        region, tmp_path, question="mexclp", open=3, busy=0.5, units_per_site=4, rules={"bar": ["c2", "c8"]}
    )
    units = {one.site: one.units for one in plan.decisions.units}
    assert sum(units.values()) == 4
    assert units["c5"] >= 2


def test_teams_stand_only_where_they_are_told_to_and_in_their_number(tmp_path: Path) -> None:
    """Two fire teams to place: c2 and c8 serve most; a third place stays closed."""
    region = straight_county(stations=no_island())
    plan = solved(region, tmp_path, open=3, teams={"fire": 2})
    assert [(t.site, t.force, t.teams) for t in plan.decisions.teams] == [
        ("c2", "fire", 1),
        ("c8", "fire", 1),
    ]
    assert opened(plan) == ["c2", "c8"]
    assert {reason.site for reason in plan.reasons} == {"c2", "c8"}


def test_each_year_opens_what_serves_most_over_the_years(region: Region, tmp_path: Path) -> None:
    """Greedy alone would not need years; here the numbers grow and each site keeps its year."""
    plan = solved(region, tmp_path, open=None, phases=[{"year": 2024, "open": 1}, {"year": 2025, "open": 2}])
    assert sorted(plan.decisions.years.values()) == [2024, 2025]
    first, second = plan.further.phases
    assert first.covered < second.covered
    assert value(plan) == first.covered + second.covered
    alone = solved(region, tmp_path)
    assert first.covered == value(alone)


def test_a_cut_road_changes_the_choice_for_the_worst_case(region: Region, tmp_path: Path) -> None:
    """With the road east of v7 cut, nothing but c8 serves the far east; the mean prefers c5."""
    cut = {"name_en": "bridge out", "probability": 0.1, "roads": ["r6"]}
    worst = solved(region, tmp_path, robust={"measure": "worst", "states": [cut]})
    assert worst.further.robust is not None
    states = worst.further.robust.states
    assert [state.probability for state in states] == [0.9, 0.1]
    assert value(worst) == min(state.covered or 0 for state in states)
    assert worst.further.robust.nominal_measure is not None
    assert value(worst) >= worst.further.robust.nominal_measure
    assert worst.further.robust.price is not None
    assert worst.further.robust.price >= 0


def test_other_plans_differ_and_stay_within_the_gap(region: Region, tmp_path: Path) -> None:
    plan = solved(region, tmp_path, open=2, pool={"plans": 5, "within": 0.3})
    pool = plan.further.pool
    assert pool is not None
    assert pool.complete
    assert pool.plans
    for other in pool.plans:
        assert other.gap <= 0.3
        assert set(other.sites) != set(opened(plan))
        assert other.differs >= pool.least_difference


def test_no_point_of_the_front_beats_another(region: Region, tmp_path: Path) -> None:
    plan = solved(region, tmp_path, open=2, front={"aims": ["covered", "mean"], "points": 6})
    front = plan.further.front
    assert front is not None
    aims = [point.model_dump()["values"] for point in front.points]
    points = [(aim["covered"], -aim["mean"]) for aim in aims]
    assert len(points) == len(set(points))
    assert not any(a != b and a[0] >= b[0] and a[1] >= b[1] for a in points for b in points)


def test_a_drawn_plan_is_measured_like_the_best(region: Region, tmp_path: Path) -> None:
    """The planner's c2 covers less than the optimum; a place off the list counts as well."""
    drawn = {"sites": ["c2"], "places": [{"id": "mine", "lon": LONS[9], "lat": LAT}]}
    plan = solved(region, tmp_path, drawn=drawn)
    found = plan.further.drawn
    assert found is not None
    assert found.sites == ("c2", "mine")
    assert found.objective == sum(standard.covered for standard in found.measures.standards)
    assert any("at most" in one.text_en for one in found.breaks)
    best = solved(region, tmp_path, drawn={"sites": opened(plan)})
    assert best.further.drawn is not None
    assert best.further.drawn.objective == value(plan)
    assert best.further.drawn.breaks == ()


def test_places_to_reach_count_beside_people(tmp_path: Path) -> None:
    """A tank at v10 counts as 5,000 people: the station goes where it reaches it."""
    danger = pd.DataFrame(
        [{"id": "tank", "name_zh": "储罐", "lon": LONS[10], "lat": LAT, "source": "assumed"}]
    )
    region = straight_county(stations=no_island(), hazard_sites=danger)
    tank = {"force": "fire", "of": {"layer": "hazard_sites"}, "within_s": "4 min", "weight": 5000}
    plan = solved(region, tmp_path, standards=[{"force": "fire", "zone": "town", "within_s": "2 min"}, tank])
    assert opened(plan) == ["c8"]
    assert plan.measures.after is not None
    served = plan.measures.after.standards[1]
    assert (served.of, served.people, served.covered) == ("hazard_sites", 1, 1)
    assert [t.id for t in plan.measures.after.townships if t.of == "hazard_sites"] == [""]


def test_rules_that_exclude_each_other_are_named_with_amounts(region: Region, tmp_path: Path) -> None:
    """c2 and c8 must open, which costs 300; the budget is 250: 50 more, or one of them less."""
    plan = solved(region, tmp_path, open=2, rules={"budget": 250, "must_open": ["c2", "c8"]})
    assert plan.status == "infeasible"
    named = {one.rule: one.amount for one in plan.further.conflicts if one.group == 1}
    assert named == {"budget": 50.0, "must open: c2": 1.0, "must open: c8": 1.0}
    assert [one.group for one in plan.further.conflicts].count(0) >= 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rules": {"apart": [["c2", "nowhere"]]}}, "S143"),
        ({"rules": {"must_open": ["c-island"], "bar": ["c2"]}}, "S143"),
        ({"rules": {"capacity_people": 5}, "teams": {"fire": 1}}, "S144"),
        ({"robust": {"states": [{"name_en": "x", "probability": 0.1, "roads": ["no-road"]}]}}, "S145"),
        ({"standards": [{"force": "fire", "of": {"layer": "hazard_sites"}, "within_s": 60}]}, "S126"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_rules_that_do_not_fit_are_refused(region: Region, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        site(region, scenario(**changes))
    assert {fault.code for fault in refused.value.faults} == {code}
