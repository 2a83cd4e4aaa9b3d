"""Depots that may be opened, shelters that a scenario names, rules that exclude each other."""

from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError
from scenarios.reserve_check import check_reserve
from scenarios.reserve_plan import ReservePlan, reserve_json
from scenarios.stock import stock
from scenarios.stock_conflict import conflicting, keeps_rules
from scenarios.stock_problem import stock_inputs
from tests.scenarios.reserve_county import (
    depots,
    flood,
    items,
    quake,
    reserve_county,
    reserve_scenario,
    shelters,
    village_of,
)
from tests.scenarios.reserve_county import stock as stock_layer


def opened(plan: ReservePlan) -> dict[str, bool | None]:
    return {one.id: one.opened for one in plan.decisions.depots}


@pytest.mark.parametrize(("cost", "opens"), [(1_000.0, True), (1_000_000.0, False)])
def test_a_depot_is_opened_where_that_costs_less_than_the_shortage_that_it_ends(
    cost: float, opens: bool, tmp_path: Path
) -> None:
    """Sixty people behind the water: only the village depot reaches them, and it does not stand yet."""
    county = reserve_county(shelters=shelters(west=40, east=60))
    plan = stock(county, reserve_scenario(flood(probability=1.0), opening={"far": cost}))
    assert opened(plan) == {"store": None, "far": opens}
    assert plan.cost is not None
    assert plan.cost.opening == (cost if opens else 0.0)
    assert plan.scenarios[0].served_whole == (100 if opens else 40)
    held = {one.depot_id for one in plan.decisions.held if one.after > 0}
    assert ("far" in held) == opens
    path = tmp_path / "plan.json"
    path.write_text(reserve_json(plan), encoding="utf-8")
    assert check_reserve(path, county).holds


@pytest.mark.parametrize(("name", "found"), [("attic", "no depot"), ("store", "holds stock already")])
def test_only_a_known_empty_depot_can_be_opened(name: str, found: str) -> None:
    with pytest.raises(InputError) as refused:
        stock(reserve_county(), reserve_scenario(opening={name: 5.0}))
    (fault,) = refused.value.faults
    assert (fault.code, found in fault.found) == ("S434", True)


def test_people_go_to_the_shelters_that_the_scenario_names_and_each_way_is_told() -> None:
    county = reserve_county(shelters=shelters(150, 150))
    plan = stock(county, reserve_scenario(quake(probability=1.0, shelters=["east"])))
    (result,) = plan.scenarios
    assert {one.place_id: one.people for one in result.places if one.people} == {"east": 100}
    assert {one.shelter_id for one in result.sheltered} == {"east"}
    by_township: dict[str, int] = {}
    for one in result.sheltered:
        by_township[one.township_id] = by_township.get(one.township_id, 0) + one.people
    assert by_township == result.displaced
    assert sum(by_township.values()) == 100


def test_an_unknown_shelter_is_refused_and_so_is_a_scenario_without_any() -> None:
    """Nobody's needs may vanish because nobody can take them in: in winter neither shelter is heated."""
    with pytest.raises(InputError) as refused:
        stock(reserve_county(), reserve_scenario(quake(probability=1.0, shelters=["barn"])))
    assert [fault.code for fault in refused.value.faults] == ["S423"]
    cold = shelters().assign(heated="no")
    with pytest.raises(InputError) as refused:
        stock(reserve_county(shelters=cold), reserve_scenario(season="winter"))
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [
        ("S428", "reserve.scenarios flood"),
        ("S428", "reserve.scenarios quake"),
    ]


def test_an_item_line_is_the_row_of_the_catalogue_with_what_is_held() -> None:
    plan = stock(reserve_county(), reserve_scenario(season="winter"))
    quilt = next(one for one in plan.items if one.id == "quilt")
    assert (quilt.need, quilt.per, quilt.quantity_per, quilt.winter_factor) == (200, "person", 1, 2)
    assert (quilt.mass_kg, quilt.volume_m3, quilt.unit_cost, quilt.source) == (3.0, 0.02, 100, "assumed")
    assert quilt.in_hand == {"physical": 40, "agreement": 0, "capacity": 0}
    held = dict.fromkeys(quilt.held, 0.0)
    for one in plan.decisions.held:
        if one.item_id == "quilt":
            held[one.mode] += one.after
    assert quilt.held == held


CONFLICTS = [
    ({"budget": 0, "shares": {"village": 0.5}}, {"budget", "least level village"}),
    ({"shares": {"village": 1.0}}, {"room", "least level village"}),
    ({"budget": 0, "agreement_share": 0.9}, {"budget", "agreement_share"}),
    ({"budget": 100_000, "shares": {"village": 0.1}, "agreement_share": 0.2}, set()),
]


@pytest.mark.parametrize(("asked", "wanted"), CONFLICTS)
def test_the_rules_that_exclude_each_other_are_the_fewest_that_do(
    asked: dict[str, object], wanted: set[str]
) -> None:
    """The village's floor takes 22 quilts."""
    county = reserve_county(depots=village_of(0.25))
    problem = stock_inputs(county, reserve_scenario(**asked)).problem
    found = conflicting(problem)
    assert {f"{one.kind} {one.place}".strip() for one in found} == wanted
    assert keeps_rules(problem) == (not wanted)


def test_a_plan_without_an_answer_names_rules_in_both_languages() -> None:
    plan = stock(reserve_county(), reserve_scenario(budget=0, shares={"village": 0.5}))
    (short,) = plan.shortages
    assert short.code == "X402"
    assert short.text_en.endswith(": least share of the village level, budget")
    assert short.text_zh.endswith("：村级最低份额、预算")


def test_a_service_level_that_nothing_reaches_is_named() -> None:
    """By water cut off, the east has no depot: no money brings it quilts."""
    county = reserve_county(depots=depots().head(1), shelters=shelters(west=40, east=60))
    objective = {"least": "service", "service": [0.0, 1.0, 1.0, 1.0]}
    plan = stock(county, reserve_scenario(flood(probability=1.0), objective=objective))
    assert plan.status == "infeasible"
    assert plan.shortages[0].text_en == "no plan keeps these rules together: service level asked for"


@pytest.mark.parametrize("trucks", [None, 1])
def test_a_plan_for_a_level_of_service_is_measured_by_what_the_level_costs(
    trucks: int | None, tmp_path: Path
) -> None:
    """All that lies there is brought in the end, which costs more than the level: no gap of the plan."""
    levels = [0.0, 0.2, 0.5, 0.5]
    objective = {"least": "service", "service": levels}
    asked = {"objective": objective, "agreement_share": 0.5, "people": 3, "trucks": {"number": trucks}}
    plan = stock(reserve_county(), reserve_scenario(flood(probability=1.0), **asked))
    assert plan.status == "optimal"
    assert plan.objective is not None
    assert plan.cost is not None
    assert plan.objective.value < plan.cost.total - plan.cost.penalty
    assert all(met >= least for met, least in zip(plan.service, levels, strict=True))
    path = tmp_path / "plan.json"
    path.write_text(reserve_json(plan), encoding="utf-8")
    assert check_reserve(path, reserve_county()).holds


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"items": []}, "S426"), ({"shares": {"each_township": 0.2, "poor_roads": ["nowhere"]}}, "S423")],
)
def test_no_item_and_unknown_townships_are_refused(asked: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as refused:
        stock_inputs(reserve_county(), reserve_scenario(**asked))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_goods_that_cannot_be_renewed_are_refused_before_anything_is_computed() -> None:
    told: list[str] = []
    with pytest.raises(InputError) as refused:
        stock(
            reserve_county(items=items(shelf_life_d=400)),
            reserve_scenario(),
            lambda phase, *_, **__: told.append(phase),
        )
    assert [fault.code for fault in refused.value.faults] == ["S406"]
    assert "plan" not in told


def test_what_spoils_within_a_month_is_never_laid_on_shelves_and_may_be_made() -> None:
    maker = {"id": "m", "depot_id": "store", "item_id": "quilt", "mode": "capacity", "quantity": 500}
    table = stock_layer({**maker, "rate_per_day": 400, "lead_time_s": 7200}).query("id != 's1'")
    county = reserve_county(items=items(shelf_life_d=5), stock=table)
    plan = stock(county, reserve_scenario(shares={"county": 0.5}))
    modes = {one.mode for one in plan.decisions.held if one.item_id == "quilt" and one.after > 0}
    assert modes
    assert "physical" not in modes


def test_years_of_renewal_add_up_to_what_is_given_away_and_written_off() -> None:
    county = reserve_county(items=items(shelf_life_d=400), stock=lots())
    plan = stock(county, reserve_scenario())
    found = plan.further.rotation
    assert found is not None
    assert sum(found.years_cny) == pytest.approx(found.bought_cny)
    assert sum(found.years_donated_cny) == pytest.approx(found.donated_cny)
    assert sum(found.years_written_off_cny) == pytest.approx(found.written_off_cny)
    assert found.donated_cny + found.written_off_cny > 0


def lots() -> pd.DataFrame:
    table = stock_layer()
    table["expires_on"] = ["2027-03-31", ""]
    return table


def test_a_scenario_that_cannot_happen_changes_nothing() -> None:
    plain = stock(reserve_county(), reserve_scenario())
    never = {**quake(), "id": "never", "probability": 0.0, "lost_depots": ["store"]}
    more = stock(reserve_county(), reserve_scenario(flood(), quake(), never))
    assert plain.objective is not None
    assert more.objective is not None
    assert more.objective.value == pytest.approx(plain.objective.value, rel=1e-3)
    assert more.bound is not None
    assert plain.bound is not None
    assert more.bound.value == pytest.approx(plain.bound.value, rel=1e-3)
