"""Major hazard installations: limits, and what the shipped excerpt knows."""

import pytest

from geo.errors import InputError
from scenarios.hazards.gb18218 import HeldSubstance, alpha, beta, major_hazard


def chlorine(quantity_t: float) -> HeldSubstance:
    return HeldSubstance(name="chlorine", quantity_t=quantity_t, critical_t=5, beta=4)


def test_exactly_the_critical_quantity_is_a_major_hazard() -> None:
    assert major_hazard([chlorine(5)], people_exposed=0).level == 4
    below = major_hazard([chlorine(4.99)], people_exposed=500)
    assert (below.level, below.level_zh) == (None, None)


@pytest.mark.parametrize(("quantity_t", "level"), [(62.5, 1), (62.4, 2), (31.25, 2), (6.25, 3), (6.2, 4)])
def test_limits_of_r_are_inclusive(quantity_t: float, level: int) -> None:
    """With alpha = 2, beta = 4, Q = 5: R = 1.6 q, so 62.5 t make R = 100."""
    assert major_hazard([chlorine(quantity_t)], people_exposed=100).level == level


def test_alpha_by_people_exposed() -> None:
    assert [alpha(people) for people in (0, 1, 29, 30, 49, 50, 99, 100)] == [0.5, 1, 1, 1.2, 1.2, 1.5, 1.5, 2]


def test_beta_is_matched_by_cas_number_only() -> None:
    assert beta("7782-50-5") == 4
    assert beta("67-56-1") is None


def test_impossible_quantities_are_refused() -> None:
    with pytest.raises(InputError, match="H113"):
        major_hazard([chlorine(-1)], people_exposed=0)


def test_an_empty_site_is_no_major_hazard() -> None:
    assert major_hazard([], people_exposed=10).level is None
