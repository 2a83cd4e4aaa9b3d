"""The calendar of purchases: by hand, against every calendar there is, and its promises."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.problem import Int64s
from optimizer.reserve.rotation import life_share, rotate
from optimizer.reserve.shelf import Lot, ShelfItem, first_expiring_first_out, just_in_time
from tests.optimizer.reserve.test_shelf import an_item, items, units

EASY = settings(deadline=None, max_examples=60)


def steady(
    item: str, *, quantity: int, cost: float, life: int | None, left: int | None, months: int
) -> ShelfItem:
    """An item kept at one level, all of it in hand at the start with ``left`` months to go."""
    return ShelfItem(
        id=item,
        life_months=life,
        cost=cost,
        target=np.full(months, quantity, np.int64),
        use=np.zeros(months, np.int64),
        lots=(Lot(quantity=quantity, months=left),),
    )


def test_two_items_that_expire_together_are_bought_in_different_years() -> None:
    """Both last through month 13, so both are due in the second year; buying one early costs little life."""
    both = [steady(name, quantity=10, cost=5, life=24, left=13, months=24) for name in ("a", "b")]
    calendar = rotate(both, dearer=0.6)
    assert calendar.dearest_just_in_time == 100
    assert calendar.dearest == calendar.dearest_bound == 50
    assert calendar.periods.tolist() == [50, 50]


def test_no_life_may_be_given_up_for_even_years_when_none_is_allowed() -> None:
    both = [steady(name, quantity=10, cost=5, life=24, left=13, months=24) for name in ("a", "b")]
    calendar = rotate(both, dearer=0)
    assert calendar.life_cost == pytest.approx(calendar.least_life_cost)
    assert calendar.dearest == calendar.dearest_just_in_time


def test_a_unit_counts_for_the_part_of_its_time_that_is_planned() -> None:
    assert life_share(an_item()).tolist() == [1, 1, 1, 2 / 3, 1 / 3]
    assert life_share(an_item(hand_over_months=1)).tolist() == [1, 1, 1, 1, 1 / 2]
    assert life_share(an_item(life_months=None, lots=())).tolist() == [1, 1, 1, 1, 1]


def test_a_reserve_of_goods_that_last_needs_nothing() -> None:
    calendar = rotate([steady("kit", quantity=9, cost=5, life=None, left=None, months=60)])
    assert calendar.dearest == calendar.dearest_bound == 0
    assert calendar.periods.tolist() == [0] * 5


def test_no_items_and_no_months_are_a_calendar_too() -> None:
    assert rotate([]).dearest == 0
    assert rotate([an_item(target=units(), use=units())]).periods.tolist() == []


def test_questions_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="one number of months"):
        rotate([an_item(), an_item(target=units(1), use=units(0))])
    with pytest.raises(ValueError, match="budget_months"):
        rotate([an_item()], budget_months=0)
    with pytest.raises(ValueError, match="dearer"):
        rotate([an_item()], dearer=-0.1)


def life_cost(item: ShelfItem, bought: Int64s) -> float:
    return float(item.cost * (life_share(item) @ bought))


def whole_calendars(item: ShelfItem, most: int) -> list[Int64s]:
    """Every way to buy at most so many a month that leaves the item whole."""
    ways = (units(*way) for way in product(range(most + 1), repeat=len(item.target)))
    found = []
    for way in ways:
        shelf = first_expiring_first_out(item, way)
        if (shelf.held >= item.target).all() and not shelf.unmet.any():
            found.append(way)
    return found


@EASY
@given(items(most_months=4, most=2))
def test_nothing_costs_less_life_than_buying_just_in_time(item: ShelfItem) -> None:
    in_time = just_in_time(item).bought
    least = min(life_cost(item, way) for way in whole_calendars(item, 4))
    assert life_cost(item, in_time) == pytest.approx(least)


@EASY
@given(items(most_months=4, most=2), st.integers(1, 3), st.sampled_from([0.0, 0.3, 5.0]))
def test_no_calendar_within_the_allowed_life_has_a_cheaper_dearest_period(
    item: ShelfItem, budget_months: int, dearer: float
) -> None:
    calendar = rotate([item], budget_months=budget_months, dearer=dearer)
    allowed = (1 + dearer) * calendar.least_life_cost + 1e-6
    starts = np.arange(0, len(item.target), budget_months)
    best = min(
        float(np.add.reduceat(way * item.cost, starts).max())
        for way in whole_calendars(item, 4)
        if life_cost(item, way) <= allowed
    )
    assert calendar.dearest_bound <= best + 1e-6
    assert calendar.dearest < calendar.dearest_bound + item.cost + 1e-6
    assert calendar.life_cost < allowed + item.cost


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 3).flatmap(lambda months: st.tuples(*[items(months=months, most=1)] * 2)),
    st.integers(1, 9),
)
def test_no_two_calendars_together_have_a_cheaper_dearest_month(
    pair: tuple[ShelfItem, ShelfItem], cost: int
) -> None:
    one, other = replace(pair[0], cost=float(cost)), pair[1]
    calendar = rotate([one, other], budget_months=1, dearer=0.5)
    ways = [
        (way * item.cost, life_cost(item, way)) for item in (one, other) for way in whole_calendars(item, 2)
    ]
    split = len(whole_calendars(one, 2))
    best = min(
        float((spent + more).max())
        for spent, life in ways[:split]
        for more, rest in ways[split:]
        if life + rest <= 1.5 * calendar.least_life_cost + 1e-6
    )
    assert calendar.dearest_bound <= best + 1e-6
    assert calendar.dearest < calendar.dearest_bound + one.cost + other.cost + 1e-6


def some_items(months: int) -> st.SearchStrategy[list[ShelfItem]]:
    return st.lists(items(months=months, most=9), min_size=2, max_size=3)


@EASY
@given(st.integers(1, 5).flatmap(some_items), st.integers(1, 4))
def test_items_stay_whole_and_spending_within_a_unit_each_of_the_bound(
    some: list[ShelfItem], budget_months: int
) -> None:
    calendar = rotate(some, budget_months=budget_months)
    units_each = sum(item.cost for item in some)
    assert calendar.dearest < calendar.dearest_bound + units_each + 1e-5
    if calendar.life_cost <= 1.05 * calendar.least_life_cost:
        assert calendar.dearest_bound - 1e-5 <= calendar.dearest
    assert calendar.life_cost < 1.05 * calendar.least_life_cost + units_each + 1e-5
    assert calendar.dearest_bound <= calendar.dearest_just_in_time + 1e-5
    for item, shelf in zip(some, calendar.shelves, strict=True):
        assert (shelf.held >= item.target).all()
        assert not shelf.unmet.any()


@EASY
@given(items(most_months=6, most=9))
def test_allowing_more_life_never_makes_the_dearest_period_dearer(item: ShelfItem) -> None:
    bounds = [rotate([item], budget_months=2, dearer=share).dearest_bound for share in (0, 0.1, 1, 9)]
    assert all(more <= less + 1e-6 for less, more in pairwise(bounds))


def county(months: int = 60) -> list[ShelfItem]:
    """54 items, each whole at the start in three lots of different ages."""
    rng = np.random.default_rng(3)
    return [
        ShelfItem(
            id=f"i{k}",
            life_months=int(life),
            cost=float(rng.uniform(5, 500)),
            target=np.full(months, 3 * quantity, np.int64),
            use=rng.integers(0, 2, months),
            lots=tuple(
                Lot(quantity=quantity, months=int(left)) for left in rng.integers(life // 3 + 1, life + 1, 3)
            ),
            hand_over_months=int(rng.integers(0, life // 3)),
        )
        for k, (life, quantity) in enumerate(
            zip(rng.integers(9, 120, 54).tolist(), rng.integers(3, 900, 54).tolist(), strict=True)
        )
    ]


def test_five_years_of_a_county_are_spread_and_the_same_each_time() -> None:
    calendar = rotate(county())
    assert calendar.dearest < 0.9 * calendar.dearest_just_in_time
    assert calendar.dearest < 1.01 * calendar.dearest_bound
    assert calendar.life_cost < 1.051 * calendar.least_life_cost
    again = rotate(county())
    for one, other in zip(calendar.shelves, again.shelves, strict=True):
        assert one.bought.tolist() == other.bought.tolist()


def test_a_dear_first_year_does_not_let_the_others_go() -> None:
    """A hundred units lack at once and cannot wait; of two lots due in the third year one moves forward."""
    lack = steady("lack", quantity=100, cost=5, life=None, left=None, months=36)
    lack = replace(lack, lots=())
    both = [steady(name, quantity=10, cost=5, life=36, left=25, months=36) for name in ("a", "b")]
    calendar = rotate([lack, *both], dearer=0.1)
    assert calendar.periods.tolist() == [500, 50, 50]
