"""Renewal of a region's stock."""

from datetime import date

import pandas as pd
import pytest

from geo.errors import InputError
from geo.region.region import Region
from scenarios.pingluo.times import shipped_region
from scenarios.rotation import (
    Months,
    RotationPlan,
    RotationRules,
    Share,
    months_left,
    rotation,
    shipped_rules,
)
from tests.scenarios.straight_county import LAT, LONS, straight_county


@pytest.fixture(scope="module")
def pingluo() -> RotationPlan:
    return rotation(shipped_region(), start=date(2026, 12, 9))


@pytest.mark.parametrize(
    ("expires_on", "months"),
    [("2027-01-31", 2), ("2027-01-30", 1), ("2026-12-31", 1), ("2026-12-30", 0), ("2028-02-29", 15)],
)
def test_only_whole_months_are_left(expires_on: str, months: int) -> None:
    assert months_left(date.fromisoformat(expires_on), date(2026, 12, 1)) == months


def test_the_shipped_stock_stays_whole_for_five_years(pingluo: RotationPlan) -> None:
    assert pingluo.start == date(2026, 12, 1)
    assert not pingluo.warnings
    for shelf in pingluo.calendar.shelves:
        assert len(shelf.held) == 60
    in_hand = sum(int(shelf.held.min()) for shelf in pingluo.calendar.shelves)
    assert in_hand == 71_000


def test_the_years_are_evener_than_when_buying_just_in_time(pingluo: RotationPlan) -> None:
    calendar = pingluo.calendar
    assert len(calendar.periods) == 5
    assert calendar.dearest < 0.95 * calendar.dearest_just_in_time
    assert calendar.dearest <= 1.02 * calendar.dearest_bound
    assert calendar.periods.sum() == pytest.approx(pingluo.bought_cny)


def test_renewals_are_what_the_shelves_tell(pingluo: RotationPlan) -> None:
    by_item = {item.id: shelf for item, shelf in zip(pingluo.items, pingluo.calendar.shelves, strict=True)}
    for item, shelf in by_item.items():
        mine = [renewal for renewal in pingluo.renewals if renewal.item_id == item]
        for kind in ("bought", "donated", "written_off"):
            assert sum(getattr(renewal, kind) for renewal in mine) == getattr(shelf, kind).sum()
    months = [renewal.month for renewal in pingluo.renewals]
    assert months == sorted(months)
    assert date(2026, 12, 1) <= months[0]
    assert months[-1] <= date(2031, 11, 1)


def test_meals_are_given_away_and_foam_is_written_off(pingluo: RotationPlan) -> None:
    by_item = {item.id: shelf for item, shelf in zip(pingluo.items, pingluo.calendar.shelves, strict=True)}
    assert by_item["meal"].donated.sum() > 0
    assert not by_item["meal"].written_off.any()
    assert by_item["foam"].written_off.sum() > 0
    assert not by_item["foam"].donated.any()
    assert pingluo.donated_cny > 0


def test_the_same_stock_gives_the_same_calendar(pingluo: RotationPlan) -> None:
    assert rotation(shipped_region(), start=date(2026, 12, 1)).renewals == pingluo.renewals


def a_county(*, stock: dict[str, object] | None = None, item: dict[str, object] | None = None) -> Region:
    """Forty meals that last ten months, kept in one depot, eight months to go in December 2026."""
    items = {
        "id": "meal", "name_zh": "自热食品", "unit": "份", "mass_kg": 0.4, "volume_m3": 0.001,
        "shelf_life_d": 305, "unit_cost": 15, "source": "assumed", **(item or {}),
    }  # fmt: skip
    lot = {
        "id": "lot", "depot_id": "depot", "item_id": "meal", "mode": "physical", "quantity": 40,
        "expires_on": "2027-07-31", "source": "assumed", **(stock or {}),
    }  # fmt: skip
    depot = {"id": "depot", "level": "county", "lon": LONS[0], "lat": LAT, "source": "assumed"}
    return straight_county(
        items=pd.DataFrame([items]), stock=pd.DataFrame([lot]), depots=pd.DataFrame([depot])
    )


def test_forty_meals_by_hand() -> None:
    """Given away two months before their end, so after six months, then each time after eight."""
    plan = rotation(a_county(), start=date(2026, 12, 1), rules=_two_years())
    assert [(str(r.month)[:7], r.bought, r.donated) for r in plan.renewals] == [
        ("2027-06", 40, 40),
        ("2028-02", 40, 40),
        ("2028-10", 40, 40),
    ]
    assert (plan.bought_cny, plan.donated_cny, plan.written_off_cny) == (1800, 1800, 0)


def _two_years() -> RotationRules:
    rules = shipped_rules()
    months, dearer = Months(value=24, source="assumed"), Share(value=0, source="assumed")
    return rules.model_copy(update={"months": months, "dearer": dearer})


def test_a_target_above_what_is_in_hand_is_bought_at_once() -> None:
    plan = rotation(a_county(), start=date(2026, 12, 1), targets={"meal": 50})
    first = plan.renewals[0]
    assert (first.month, first.bought, first.held) == (date(2026, 12, 1), 10, 50)


@pytest.mark.parametrize(
    ("county", "code"),
    [
        (a_county(item={"unit_cost": None}), "S404"),
        (a_county(stock={"expires_on": ""}), "S406"),
        (a_county(item={"shelf_life_d": 20}, stock={"expires_on": "2026-12-20"}), "S407"),
        (a_county(item={"mass_kg": None}), "S401"),
    ],
)
def test_stock_that_cannot_be_planned_is_refused(county: Region, code: str) -> None:
    with pytest.raises(InputError) as refused:
        rotation(county, start=date(2026, 12, 1))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_lot_that_outlives_a_fresh_unit_is_told_and_counted_as_fresh() -> None:
    plan = rotation(a_county(stock={"expires_on": "2029-12-31"}), start=date(2026, 12, 1))
    assert [fault.code for fault in plan.warnings] == ["S405"]
    assert plan.renewals[0].month == date(2027, 8, 1)


def test_what_suppliers_hold_is_not_renewed_by_the_county() -> None:
    plan = rotation(a_county(stock={"mode": "agreement", "expires_on": ""}), start=date(2026, 12, 1))
    assert plan.renewals == ()
