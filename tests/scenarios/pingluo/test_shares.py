"""Whole people out of shares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.pingluo.shares import largest_remainder, people_of_townships

WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=20).filter(lambda w: sum(w) > 0)


def test_the_largest_remainders_get_one_more() -> None:
    """10 over 1, 1 and 1: quotas 3 1/3, the first of the equals gets the tenth."""
    assert largest_remainder(10, [1, 1, 1]).tolist() == [4, 3, 3]
    assert largest_remainder(7, [5, 1, 1]).tolist() == [5, 1, 1]
    assert largest_remainder(10, [1.4, 2.6, 6]).tolist() == [1, 3, 6]


@settings(deadline=None)
@given(total=st.integers(0, 1_000_000), weights=WEIGHTS)
def test_the_sum_is_exact_and_no_part_is_off_by_one_or_more(total: int, weights: list[float]) -> None:
    parts = largest_remainder(total, weights)
    quota = total * np.array(weights) / sum(weights)
    assert parts.sum() == total
    assert (np.abs(parts - quota) < 1 + 1e-6 * total).all()
    assert (parts >= 0).all()


def test_the_county_town_takes_what_the_others_leave() -> None:
    """1,000 people: 100 each on the east bank, half of 400 and 200 in the countryside, the rest in town."""
    people = people_of_townships(
        {"town": 300, "b": 400, "c": 200},
        townships=["town", "b", "e", "c"],
        east_bank=["e"],
        county_people=1000,
        east_bank_people=100,
        countryside_keeps=0.5,
        grows="town",
    )
    assert people == {"town": 600, "b": 200, "e": 100, "c": 100}
    assert list(people) == ["town", "b", "e", "c"]


@pytest.mark.parametrize("keeps", [0.3, 0.7, 1.0])
def test_the_county_sum_holds_whatever_the_countryside_keeps(keeps: float) -> None:
    people = people_of_townships(
        {"town": 311, "b": 407, "c": 199},
        townships=["town", "b", "c"],
        east_bank=[],
        county_people=1234,
        east_bank_people=0,
        countryside_keeps=keeps,
        grows="town",
    )
    assert sum(people.values()) == 1234
