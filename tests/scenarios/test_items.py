"""Items of a region, and the shipped ones against published quantities."""

import json
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError
from optimizer.reserve.needs import NeedRule, Relief, needed
from scenarios.catalogue import shipped_catalogue
from scenarios.items import region_items, shipped_items
from scenarios.pingluo.times import shipped_region
from tests.scenarios.straight_county import straight_county

PUBLISHED = {
    "need_tents_5p": "tent-family",
    "need_blankets": "blanket",
    "need_kitchen_sets": "kitchen-set",
    "need_tarpaulins": "tarpaulin",
    "need_toilets_1_20": "toilet",
    "need_covered_area_m2": "covered-floor",
    "need_kcal_day": "energy",
}
"""Case of the verification file, and the row of the shipped catalogue that must give its answer."""


def one_day_of(people: int) -> Relief:
    size = shipped_catalogue().planning.household_size.value
    return Relief(people=people, days=1, household_size=size)


def shipped_rules() -> dict[str, NeedRule]:
    standards = shipped_catalogue().standards
    rules = {item.id: item.rule for item in shipped_items() if item.rule}
    return rules | {row.id: NeedRule(id=row.id, per=row.per, quantity=row.quantity) for row in standards}


@pytest.mark.data
def test_the_published_quantities_for_1_200_people_are_met_exactly(shared_data: Path) -> None:
    told = json.loads((shared_data / "verification" / "hazard_and_reserve_cases.json").read_text("utf-8"))
    cases = {case["id"]: case for case in told["cases"] if case["inputs"].get("model") == "per_person"}
    assert cases.keys() == PUBLISHED.keys()
    rules = shipped_rules()
    for name, case in cases.items():
        assert case["tolerance"] == {"exact": True}
        quantity = needed(rules[PUBLISHED[name]], one_day_of(case["inputs"]["persons"]))
        assert quantity == case["expected"]["quantity"], name


def test_three_meals_of_the_catalogue_make_a_day_of_food() -> None:
    """Meals and biscuit packs hold 700 kcal each."""
    rules = shipped_rules()
    portions = rules["meal"].quantity + rules["biscuit"].quantity
    assert portions * 700 == rules["energy"].quantity


def test_bottled_water_and_the_tanker_together_make_the_sphere_water() -> None:
    """24 bottles of half a litre in a crate; the tanker counts cubic metres."""
    rules = shipped_rules()
    litres = rules["water-bottled"].quantity * 12 + rules["water-bulk"].quantity * 1000
    assert litres == pytest.approx(rules["water"].quantity)


def a_row(**changes: object) -> dict[str, object]:
    return {
        "id": "tent", "name_zh": "帐篷", "unit": "顶", "mass_kg": 50, "volume_m3": 0.2, "per": "person",
        "quantity_per": 0.2, "source": "assumed", **changes,
    }  # fmt: skip


def items_of(*rows: dict[str, object]) -> tuple[str, ...]:
    """Codes and records of the faults that the layer is refused for."""
    with pytest.raises(InputError) as refused:
        region_items(straight_county(items=pd.DataFrame(rows)))
    return tuple(f"{fault.code} {fault.where.split()[1]}" for fault in refused.value.faults)


def test_the_shipped_region_keeps_the_shipped_catalogue() -> None:
    for kept, shipped in zip(region_items(shipped_region()), shipped_items(), strict=True):
        assert (kept.id, kept.mass_kg, kept.shelf_life_d) == (
            shipped.id,
            shipped.mass_kg,
            shipped.shelf_life_d,
        )
        assert kept.rule
        assert shipped.rule
        assert kept.rule.quantity == pytest.approx(shipped.rule.quantity, rel=1e-14)
        assert kept.rule.hazards == shipped.rule.hazards


def test_a_region_without_items_takes_the_shipped_catalogue() -> None:
    assert region_items(straight_county()) == shipped_items()


def test_cells_left_empty_mean_no_factor_no_shelf_life_and_no_need() -> None:
    county = straight_county(items=pd.DataFrame([a_row(), a_row(id="flag", per="", quantity_per=None)]))
    tent, flag = region_items(county)
    assert tent.rule == NeedRule(id="tent", per="person", quantity=0.2)
    assert tent.shelf_life_d is None
    assert tent.unit_cost is None
    assert flag.rule is None


def test_all_faults_of_the_layer_are_told_at_once() -> None:
    assert items_of(
        a_row(mass_kg=None),
        a_row(id="quilt", volume_m3=0),
        a_row(id="boat", per="incident", hazards="ice_jam; tsunami"),
        a_row(id="lamp", per=""),
        a_row(id="soap", quantity_per=None),
    ) == ("S401 tent", "S401 quilt", "S402 boat", "S403 lamp", "S403 soap")


def test_hazards_are_read_with_or_without_blanks() -> None:
    (boat,) = region_items(
        straight_county(items=pd.DataFrame([a_row(per="incident", hazards="ice_jam; collapse;")]))
    )
    assert boat.rule
    assert boat.rule.hazards == {"ice_jam", "collapse"}
