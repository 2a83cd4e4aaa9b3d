"""site(): the plan of a county on one road, followed by hand; shipped scenarios; what cannot be done."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.errors import InputError
from geo.region import read_region
from scenarios.files import read_scenario, region_path
from scenarios.plan import SitingPlan, plan_json
from scenarios.scenario_models import Scenario
from scenarios.site import site
from tests.conftest import ROOT
from tests.scenarios.straight_county import demand, scenario, stations, straight_county

THREE = ROOT / "scenarios" / "data" / "three-stations.yaml"


def opened(plan: SitingPlan) -> list[str]:
    return [place.id for place in plan.decisions.open]


def test_one_station_goes_where_it_adds_most_and_the_proof_is_in_the_plan() -> None:
    """v0 and v1 are served; c8 reaches v5 to v10 in four minutes, c5 fewer, c2 the rest of the town."""
    plan = site(straight_county(), scenario())
    assert (plan.status, plan.gap, plan.exit_code) == ("optimal", 0.0, 0)
    assert opened(plan) == ["c8"]
    assert [place.id for place in plan.decisions.keep] == ["s0"]
    assert plan.objective is not None
    assert plan.bound is not None
    assert plan.objective.value == plan.bound.value == 200 + 600


def test_response_counts_turnout_and_travel_from_the_order() -> None:
    """The team at s0 leaves after its own 45 s, a new station after the stated default of 60 s."""
    plan = site(straight_county(), scenario(evaluate_at=[45, 44.9, 60]))
    before = {limit.within_s: limit.covered for limit in plan.measures.before.limits}
    assert before == {45.0: 100, 44.9: 0, 60.0: 100}
    quick = site(straight_county(), scenario(forces={"fire": {"turnout_s": 30}}))
    assert plan.measures.after is not None
    assert quick.measures.after is not None
    slower, quicker = (p.measures.after.standards[1].mean_response_s for p in (plan, quick))  # type: ignore[union-attr]  # checked above
    assert slower is not None
    assert quicker is not None
    assert slower > quicker
    assert {a.name: a.value for a in quick.assumptions}["turnout_s.fire"] == 30


def test_measures_by_township_add_up_to_the_standards() -> None:
    """People are counted once, before and after."""
    plan = site(straight_county(), scenario())
    assert plan.measures.after is not None
    for measures in (plan.measures.before, plan.measures.after):
        assert sum(t.covered for t in measures.townships) == sum(s.covered for s in measures.standards)
        assert sum(t.people for t in measures.townships) == 1110
    assert [s.unreached for s in plan.measures.after.standards] == [0, 10]


def test_the_reason_is_the_best_plan_without_the_site() -> None:
    """Without c8 the best is c5, and the plan says how many people that leaves behind."""
    plan = site(straight_county(), scenario())
    (reason,) = plan.reasons
    assert (reason.site, reason.instead, reason.alone) == ("c8", ("c5",), 200)
    assert plan.objective is not None
    assert reason.without is not None
    assert reason.covered_lost == plan.objective.value - reason.without > 0


def test_who_stays_without_service_is_named_with_the_cause() -> None:
    """The island has no road to it but for the candidate there; v2 to v4 wait for a site not chosen."""
    plan = site(straight_county(), scenario())
    causes = {
        s.township_id: (s.people, s.no_road, s.too_far, s.not_chosen, s.best_site) for s in plan.shortages
    }
    assert causes == {"town": (200, 0, 0, 200, "c2"), "east": (110, 0, 0, 110, "c2")}
    without = stations().query("id != 'c-island'")
    plan = site(straight_county(stations=without), scenario())
    assert {s.township_id: s.no_road for s in plan.shortages} == {"town": 0, "east": 10}


def test_records_without_a_place_or_a_road_are_listed_not_lost() -> None:
    """Village and candidate without coordinates, and the candidate that reaches nobody else."""
    plan = site(straight_county(), scenario())
    listed = {warning.code: warning.records for warning in plan.warnings}
    assert listed["S150"] == ("lost",)
    assert listed["S151"] == ("c-lost",)
    no_island = demand().query("id != 'island'")
    listed = {w.code: w.records for w in site(straight_county(demand=no_island), scenario()).warnings}
    assert listed["S153"] == ("c-island",)


@pytest.mark.parametrize("question", ["mclp", "p_median", "p_center"])
def test_the_curve_starts_with_what_stands_and_never_gets_worse(question: str) -> None:
    """One point a number of new sites, each with its bound."""
    region = straight_county(demand=demand().query("id != 'island'"))
    plan = site(region, scenario(question=question, curve_to=3))
    values = [point.objective or 0.0 for point in plan.curve.points]
    assert [point.open for point in plan.curve.points] == [0, 1, 2, 3]
    assert values == sorted(values, reverse=question != "mclp")
    assert all(point.bound == point.objective for point in plan.curve.points)


def test_lscp_finds_the_fewest_and_the_cheapest() -> None:
    """All on the main road in seven minutes: one further station does it; c8 is the cheapest that does."""
    region = straight_county(demand=demand().query("id != 'island'"))
    limits = [{"force": "fire", "within_s": "7 min"}]
    fewest = site(region, scenario(question="lscp", open=None, standards=limits))
    cheapest = site(region, scenario(question="lscp", open=None, standards=limits, cheapest=True))
    assert (fewest.objective and fewest.objective.value, fewest.status) == (2.0, "optimal")
    assert (cheapest.objective and cheapest.objective.name, cheapest.bound and cheapest.bound.value) == (
        "cost",
        200.0,
    )
    assert opened(cheapest) == ["c8"]


def test_an_impossible_demand_is_an_infeasible_plan_that_names_the_people() -> None:
    """Exit code 1, no decision, the points and the causes listed; not an error."""
    without = stations().query("id != 'c-island'")
    plan = site(straight_county(stations=without), scenario(question="lscp", open=None))
    assert (plan.status, plan.exit_code, plan.objective, plan.measures.after) == ("infeasible", 1, None, None)
    assert opened(plan) == []
    assert {warning.code: warning.records for warning in plan.warnings}["X104"] == ("island",)
    assert {shortage.township_id: shortage.no_road for shortage in plan.shortages} == {"town": 0, "east": 10}


def test_a_center_that_cannot_reach_the_island_names_it() -> None:
    """The one site to open must be the island's, for no other reaches it."""
    plan = site(straight_county(), scenario(question="p_center", open=1))
    assert opened(plan) == ["c-island"]
    plan = site(straight_county(), scenario(question="p_center", open=0))
    assert (plan.status, plan.exit_code) == ("infeasible", 1)
    assert {w.code: w.records for w in plan.warnings}["X104"] == ("island",)


def test_a_closable_station_may_give_up_its_place() -> None:
    """With no site to add, the one place moves from s0 to where more people live."""
    plan = site(straight_county(), scenario(open=0, closable=["s0"]))
    assert [place.id for place in plan.decisions.close] == ["s0"]
    assert opened(plan) == ["c5"] or opened(plan) == ["c8"]


def test_a_station_that_is_not_kept_is_closed_and_said_so() -> None:
    """keep: [] leaves nothing standing."""
    plan = site(straight_county(), scenario(keep=[]))
    assert [place.id for place in plan.decisions.close] == ["s0"]
    assert {w.code: w.records for w in plan.warnings}["S155"] == ("s0",)


def test_a_site_without_a_name_is_called_after_its_township() -> None:
    """Buildings of an extract have no names; a bare id would tell a planner nothing."""
    asked = scenario(candidates={"layer": "demand"}, open=1)
    (chosen,) = site(straight_county(), asked).decisions.open
    town = {"town": "城关镇", "east": "东乡"}[chosen.township_id]
    assert chosen.name_zh == f"{town} {chosen.id}"
    assert chosen.name_en == ""


def test_any_layer_of_points_can_give_candidates_thinned_evenly() -> None:
    """Villages as candidates, at most four of them."""
    plan = site(straight_county(), scenario(candidates={"layer": "demand", "at_most": 4}))
    assert len(opened(plan)) == 1
    assert plan.decisions.open[0].layer == "demand"
    assert plan.status == "optimal"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no candidate": ({"candidates": {"where": "status == 'under_construction'"}}, "S120"),
    "p larger than the candidates": ({"open": 5}, "S121"),
    "unknown station kept": ({"keep": ["s0", "nobody"]}, "S122"),
    "unknown station closable": ({"closable": {"nobody": 5}}, "S122"),
    "cheapest without costs": (
        {"question": "lscp", "open": None, "cheapest": True, "candidates": {"layer": "demand"}},
        "S127",
    ),
    "unknown vehicle class": ({"forces": {"fire": {"vehicle_class": "tank"}}}, "S131"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_scenario_that_does_not_fit_the_region_is_refused(case: str) -> None:
    """One coded fault that names what was found."""
    changes, code = REFUSED[case]
    with pytest.raises(InputError) as refused:
        site(straight_county(), scenario(**changes))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_region_without_demand_or_zone_is_refused() -> None:
    """S130 without any point; S126 when no point lies in the zone."""
    with pytest.raises(InputError, match="S130"):
        site(straight_county(demand=pd.DataFrame()), scenario())
    town = demand()
    town["township_id"] = "town"
    with pytest.raises(InputError, match="S126"):
        site(straight_county(demand=town), scenario())


def test_the_same_input_gives_the_same_bytes() -> None:
    """No clock, no machine fact, no order of chance."""
    first, second = (plan_json(site(straight_county(), scenario())) for _ in range(2))
    assert first == second


def test_limits_of_the_scenario_are_inputs_with_a_source() -> None:
    """A reader of the plan can tell a standard from an assumption."""
    limits = [{"force": "fire", "within_s": 100, "source": "GB 51080-2015"}]
    first = site(straight_county(), scenario(standards=limits)).assumptions[0]
    assert (first.name, first.value, first.source) == ("within_s.fire.all", 100, "GB 51080-2015")
    assert first.certainty == "cited"


def test_slow_travel_times_do_not_cut_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is of the search; a machine that compiles first gives the same bytes."""
    clock = [0.0]
    monkeypatch.setattr("optimizer.watch.time.monotonic", lambda: clock[0])

    def slow(phase: str, done: float, bound: float | None = None, incumbent: float | None = None) -> None:
        clock[0] += 1000.0 if phase == "travel times" else 0.0

    assert site(straight_county(), scenario(), slow).stopped_by is None


def test_progress_is_told_and_may_stop_the_search() -> None:
    """Phases come in order; a stop gives a plan that says who stopped it."""
    phases: list[str] = []

    def stop(phase: str, done: float, bound: float | None = None, incumbent: float | None = None) -> bool:
        phases.append(phase)
        return phase == "maximal covering"

    plan = site(straight_county(), scenario(), stop)
    assert phases[:2] == ["travel times", "maximal covering"]
    assert plan.stopped_by == "user"
    assert {warning.code for warning in plan.warnings} >= {"X105"}


@pytest.fixture(scope="module")
def three() -> tuple[Scenario, SitingPlan]:
    """The shipped scenario on the shipped region, solved once."""
    asked = read_scenario(THREE)
    return asked, site(read_region(region_path(asked, THREE)), asked)


def test_the_shipped_county_gets_three_proven_stations(three: tuple[Scenario, SitingPlan]) -> None:
    """Existing stations stay, every chosen one has its reason, everybody is counted."""
    asked, plan = three
    assert (plan.status, len(plan.decisions.open), plan.gap) == ("optimal", 3, 0.0)
    assert {place.id for place in plan.decisions.keep} == {"hanlin", "hongyazi"}
    assert [reason.site for reason in plan.reasons] == opened(plan)
    assert sum(t.people for t in plan.measures.before.townships) == 274_206
    assert plan.measures.after is not None
    assert sum(t.covered for t in plan.measures.after.townships) == (plan.objective and plan.objective.value)
    assert len(plan.curve.points) == (asked.siting.curve_to or 0) + 1


def test_the_shipped_county_offers_at_least_thirty_candidates_of_all_townships_without_a_station() -> None:
    """黄渠桥 and 陶乐 among them."""
    asked = read_scenario(THREE)
    table = read_region(region_path(asked, THREE)).table("stations")
    offered = table[table["status"] != "existing"]
    standing = set(table.loc[table["status"] == "existing", "township_id"])
    assert len(offered) >= 30
    assert len(set(offered["township_id"]) | standing) == 13
    assert {"taole", "huangquqiao"} <= set(offered["township_id"])


def test_shipped_scenarios_name_their_region_by_a_relative_path() -> None:
    """No machine path in what is shipped."""
    for path in (ROOT / "scenarios" / "data").glob("*.yaml"):
        if "kind: siting" in path.read_text(encoding="utf-8"):
            assert not Path(read_scenario(path).region).is_absolute()
