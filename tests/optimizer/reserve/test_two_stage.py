"""Published two-stage programs, to the tolerance of the verification file."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reserve_instances import farmer
from optimizer.reserve.two_stage import mean_and_risk, newsvendor, transport, worth


@pytest.fixture
def cases(shared_data: Path) -> dict[str, Any]:
    file = shared_data / "verification" / "hazard_and_reserve_cases.json"
    return {case["id"]: case for case in json.loads(file.read_text("utf-8"))["cases"]}


@pytest.mark.data
def test_the_farmer_plans_and_knowledge_is_worth_what_the_book_says(cases: dict[str, Any]) -> None:
    found, case = worth(farmer()), cases["farmer"]
    wanted, within = case["expected"], case["tolerance"]["abs"]
    for name in ("RP", "EV", "EEV", "VSS", "WS", "EVPI"):
        assert getattr(found, name.lower()) == pytest.approx(wanted[name], abs=within)
    assert found.chosen == pytest.approx(wanted["x"], abs=within)
    assert found.chosen_by_mean == pytest.approx(wanted["x_EV"], abs=within)


@pytest.mark.data
def test_the_farmer_who_fears_bad_years_earns_what_is_published(cases: dict[str, Any]) -> None:
    case = cases["farmer_cvar"]
    inputs, wanted, within = case["inputs"], case["expected"], case["tolerance"]["abs"]
    found = mean_and_risk(farmer(), level=inputs["alpha"], weight=inputs["weight"])
    assert found.mean == pytest.approx(wanted["E_cost"], abs=within)
    assert found.costs.max() == pytest.approx(wanted["worst_cost"], abs=within)
    careless = mean_and_risk(farmer(), level=inputs["alpha"], weight=0.0)
    assert careless.costs.max() == pytest.approx(wanted["risk_neutral_worst"], abs=within)


@pytest.mark.data
def test_buckets_travel_the_published_hours(cases: dict[str, Any]) -> None:
    case = cases["esups_bucket_single"]
    supply, hours = zip(*case["inputs"]["supply_time_h"], strict=True)
    wanted = case["expected"]["objective_item_hours"]
    assert transport(supply, hours, case["inputs"]["demand"]) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.data
def test_the_newsvendor_orders_the_closed_form(cases: dict[str, Any]) -> None:
    case = cases["newsvendor"]
    found = newsvendor(mean=1200, deviation=300, under=case["inputs"]["cu"], over=case["inputs"]["co"])
    assert found == pytest.approx(case["expected"]["q"], rel=case["tolerance"]["rel"])
