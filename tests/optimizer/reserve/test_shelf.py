"""Goods on a shelf: by hand, and unit by unit."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.problem import Int64s
from optimizer.reserve.shelf import Lot, ShelfItem, first_expiring_first_out, just_in_time, kept_whole

EASY = settings(deadline=None, max_examples=300)


def units(*numbers: int) -> Int64s:
    return np.array(numbers, np.int64)


def an_item(**changes: object) -> ShelfItem:
    told = {
        "id": "meal", "life_months": 3, "cost": 2.0, "target": units(4, 4, 4, 4, 4),
        "use": units(0, 1, 0, 0, 0), "lots": (Lot(quantity=3, months=2), Lot(quantity=2, months=1)),
        **changes,
    }  # fmt: skip
    return ShelfItem(**told)  # type: ignore[arg-type]  # keywords of one dict


def test_five_months_followed_by_hand() -> None:
    """Two units go after a month, three after two, of which the use of the second month takes one first."""
    shelf = first_expiring_first_out(an_item(), units(0, 2, 0, 5, 0))
    assert shelf.written_off.tolist() == [0, 2, 2, 0, 2]
    assert shelf.used.tolist() == [0, 1, 0, 0, 0]
    assert shelf.held.tolist() == [5, 4, 2, 7, 5]
    assert not shelf.unmet.any()
    assert not shelf.donated.any()


def test_buying_just_in_time_by_hand() -> None:
    shelf = just_in_time(an_item())
    assert shelf.bought.tolist() == [0, 2, 2, 0, 2]
    assert shelf.held.tolist() == [5, 4, 4, 4, 4]


def test_goods_that_are_given_away_leave_earlier_and_count_as_donated() -> None:
    """Handed over with one month left: the lot of one month at once, the other after its first."""
    shelf = first_expiring_first_out(an_item(hand_over_months=1), units(4, 0, 4, 0, 4))
    assert shelf.donated.tolist() == [2, 3, 3, 0, 4]
    assert not shelf.written_off.any()


def test_what_expired_before_the_start_is_written_off_even_if_the_rest_is_given_away() -> None:
    shelf = just_in_time(an_item(hand_over_months=1, lots=(Lot(quantity=7, months=0),)))
    assert shelf.written_off.tolist() == [7, 0, 0, 0, 0]


def test_goods_without_shelf_life_never_leave() -> None:
    shelf = just_in_time(an_item(life_months=None, lots=(Lot(quantity=1, months=None),)))
    assert shelf.bought.tolist() == [3, 1, 0, 0, 0]
    assert not (shelf.donated + shelf.written_off).any()


def test_use_that_finds_an_empty_shelf_is_told() -> None:
    shelf = first_expiring_first_out(an_item(use=units(9, 0, 0, 0, 0)), units(0, 0, 0, 0, 0))
    assert shelf.unmet.tolist() == [4, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"lots": (Lot(quantity=1, months=4),)}, "lots that last 3"),
        ({"lots": (Lot(quantity=1, months=None),)}, "lots that last 3"),
        ({"lots": (Lot(quantity=-1, months=1),)}, "lots of 0 units"),
        ({"hand_over_months": 3}, "hand_over_months"),
        ({"target": units(-1, 0, 0, 0, 0)}, ">= 0"),
        ({"use": units(0)}, "one shape"),
        ({"cost": float("nan")}, "cost"),
    ],
)
def test_impossible_items_are_refused(change: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        an_item(**change)


@st.composite
def items(draw: st.DrawFn, *, months: int | None = None, most_months: int = 6, most: int = 4) -> ShelfItem:
    months = months or draw(st.integers(1, most_months))
    life = draw(st.none() | st.integers(1, 4))
    numbers = st.lists(st.integers(0, most), min_size=months, max_size=months)
    last = st.integers(-1, life or 5) | (st.none() if life is None else st.nothing())
    return an_item(
        life_months=life,
        hand_over_months=0 if life is None else draw(st.integers(0, life - 1)),
        target=units(*draw(numbers)),
        use=units(*draw(numbers)),
        lots=tuple(
            Lot(quantity=draw(st.integers(0, most)), months=draw(last))
            for _ in range(draw(st.integers(0, 3)))
        ),
    )


@dataclass
class Unit:
    leaves: float
    since: int


def unit_by_unit(item: ShelfItem, bought: Int64s) -> list[tuple[int, int, int]]:
    """Left, used and held by month, one unit at a time."""

    def leaves(months: int | None) -> float:
        return np.inf if months is None else max(0, months - item.hand_over_months)

    shelf = [Unit(leaves(lot.months), -1) for lot in item.lots for _ in range(lot.quantity)]
    told = []
    for month, count in enumerate(bought.tolist()):
        stay = [unit for unit in shelf if unit.leaves > month]
        left = len(shelf) - len(stay)
        end = leaves(item.life_months) + month
        shelf = sorted([*stay, *(Unit(end, month) for _ in range(count))], key=lambda unit: unit.leaves)
        used = min(int(item.use[month]), len(shelf))
        shelf = shelf[used:]
        told.append((left, used, len(shelf)))
    return told


@EASY
@given(st.data(), items())
def test_lots_together_do_what_units_do_one_by_one(data: st.DataObject, item: ShelfItem) -> None:
    months = len(item.target)
    bought = units(*data.draw(st.lists(st.integers(0, 4), min_size=months, max_size=months)))
    shelf = first_expiring_first_out(item, bought)
    left = shelf.donated + shelf.written_off
    assert list(zip(left.tolist(), shelf.used.tolist(), shelf.held.tolist(), strict=True)) == unit_by_unit(
        item, bought
    )


@EASY
@given(items())
def test_nothing_is_lost_and_nothing_is_made(item: ShelfItem) -> None:
    shelf = just_in_time(item)
    came = sum(lot.quantity for lot in item.lots) + shelf.bought.sum()
    assert came == (shelf.used + shelf.donated + shelf.written_off).sum() + shelf.held[-1]


@EASY
@given(st.data(), items())
def test_a_shelf_kept_whole_is_never_short(data: st.DataObject, item: ShelfItem) -> None:
    months = len(item.target)
    wanted = units(*data.draw(st.lists(st.integers(0, 4), min_size=months, max_size=months)))
    shelf = kept_whole(item, wanted)
    assert (shelf.held >= item.target).all()
    assert not shelf.unmet.any()
    assert (shelf.bought >= wanted).all()
