"""Published two-stage programs, to the tolerance of the verification file."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.problem import Floats
from optimizer.reserve.two_stage import Stage, TwoStage, mean_and_risk, newsvendor, transport, worth


def farmer() -> TwoStage:
    """Birge & Louveaux, section 1.1: wheat, corn and beets on 500 acres at three yields."""

    def stage(yield_factor: float) -> Stage:
        # bought wheat, corn; sold wheat, corn; sold beets at the quota's price and above it
        crop = np.diag(yield_factor * np.array([2.5, 3.0, 20.0]))
        first: Floats = np.vstack([crop * [1, 1, -1], np.zeros(3)])
        second: Floats = np.array(
            [[1.0, 0, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 0]]
        )
        return Stage(
            cost=np.array([238.0, 210, -170, -150, -36, -10]),
            first=first,
            second=second,
            lower=np.array([200.0, 240, -np.inf, -np.inf]),
            upper=np.array([np.inf, np.inf, 0, 6000.0]),
        )

    return TwoStage(
        cost=np.array([150.0, 230, 260]),
        rows=np.ones((1, 3)),
        lower=np.array([-np.inf]),
        upper=np.array([500.0]),
        stages=(stage(0.8), stage(1.0), stage(1.2)),
        chance=(1 / 3, 1 / 3, 1 / 3),
    )


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
