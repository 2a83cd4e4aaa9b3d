"""Needs by catalogue rules: bases, rounding, seasons, places."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.reserve.needs import NeedRule, Per, Relief, needed, needs, needs_by_place, whole_units

EASY = settings(deadline=None, max_examples=200)


@pytest.mark.parametrize(
    ("per", "units"), [("person", 11 * 3), ("household", 4 * 3), ("day", 11 * 2 * 3), ("incident", 2 * 3)]
)
def test_each_base_is_counted_by_hand(per: Per, units: int) -> None:
    """11 people in households of 3 (the fourth has two), 2 days, 2 incidents; 3 units each."""
    relief = Relief(people=11, days=2, household_size=3, incidents=("ice_jam", "collapse"))
    assert needed(NeedRule(id="x", per=per, quantity=3), relief) == units


def test_an_item_of_some_hazards_is_needed_for_their_incidents_only() -> None:
    rule = NeedRule(id="x", per="incident", quantity=4, hazards=frozenset({"ice_jam"}))
    relief = Relief(people=1, days=1, household_size=1, incidents=("ice_jam", "collapse", "ice_jam"))
    assert needed(rule, relief) == 8
    assert needed(rule, Relief(people=1, days=1, household_size=1)) == 0


def test_winter_multiplies_before_rounding_and_may_leave_an_item_out() -> None:
    winter = Relief(people=3, days=1, household_size=1, winter=True)
    assert needed(NeedRule(id="x", per="person", quantity=0.5, winter_factor=1.2), winter) == 2
    assert needed(NeedRule(id="x", per="person", quantity=0.5, winter_factor=0), winter) == 0
    summer = Relief(people=3, days=1, household_size=1)
    assert needed(NeedRule(id="x", per="person", quantity=0.5, winter_factor=0), summer) == 2


def test_digits_that_a_table_leaves_out_add_no_unit() -> None:
    """One blanket for 0.6 persons, written with the fifteen digits that a spreadsheet keeps."""
    rule = NeedRule(id="x", per="person", quantity=1.66666666666667)
    assert needed(rule, Relief(people=1200, days=1, household_size=5)) == 2000
    assert whole_units(2000.001) == 2001
    assert whole_units(0.0) == 0


@EASY
@given(st.integers(0, 5000), st.integers(1, 400))
def test_one_for_so_many_is_whole_number_division_rounded_up(people: int, one_for: int) -> None:
    rule = NeedRule(id="x", per="person", quantity=1 / one_for)
    assert needed(rule, Relief(people=people, days=1, household_size=1)) == -(-people // one_for)


@EASY
@given(st.integers(0, 3000), st.integers(0, 500), st.floats(0, 50), st.floats(0, 9), st.floats(0.5, 9))
def test_more_people_never_need_less(
    people: int, more: int, quantity: float, days: float, household: float
) -> None:
    for per in ("person", "household", "day"):
        rule = NeedRule(id="x", per=per, quantity=quantity)
        few, many = (
            needed(rule, Relief(people=n, days=days, household_size=household))
            for n in (people, people + more)
        )
        assert few <= many


@EASY
@given(st.lists(st.integers(0, 300), min_size=1, max_size=8), st.booleans())
def test_places_need_together_what_all_need_and_a_little_rounding(people: list[int], winter: bool) -> None:
    rules = [
        NeedRule(id="third", per="person", quantity=1 / 3),
        NeedRule(id="pair", per="household", quantity=2, winter_factor=1.3),
        NeedRule(id="daily", per="day", quantity=0.21, winter_factor=0),
    ]
    relief = Relief(people=sum(people), days=3, household_size=5, winter=winter)
    total = needs(rules, relief)
    there = needs_by_place(rules, relief, np.array(people, np.int64))
    assert there.shape == (len(people), len(rules))
    most = [whole_units(max(1.0, rule.quantity * rule.winter_factor)) + 1 for rule in rules]
    assert (there.sum(axis=0) >= total).all()
    assert (there.sum(axis=0) <= total + np.array(most) * len(people)).all()
    assert not there[np.array(people) == 0].any()


def test_what_an_incident_needs_is_not_multiplied_by_places() -> None:
    rule = NeedRule(id="x", per="incident", quantity=5)
    relief = Relief(people=4, days=1, household_size=1, incidents=("collapse",))
    assert needs([rule], relief).tolist() == [5]
    assert needs_by_place([rule], relief, np.array([2, 2])).tolist() == [[0], [0]]


def test_places_whose_people_do_not_sum_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to 5"):
        needs_by_place([], Relief(people=5, days=1, household_size=1), np.array([2, 2]))


@pytest.mark.parametrize(
    ("field", "value"), [("people", -1), ("days", -1), ("days", nan), ("household_size", 0), ("days", inf)]
)
def test_impossible_reliefs_are_refused(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=field):
        Relief(**{"people": 1, "days": 1, "household_size": 1, field: value})  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("field", "value"), [("quantity", -1), ("quantity", nan), ("winter_factor", -1), ("per", "week")]
)
def test_impossible_rules_are_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        NeedRule(**{"id": "x", "per": "person", "quantity": 1, field: value})  # type: ignore[arg-type]  # wrong on purpose
