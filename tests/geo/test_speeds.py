"""Free speeds: the rule, both tables, surfaces."""

from itertools import pairwise

import numpy as np
import pytest

from geo.errors import InputError
from geo.region.layers import ROAD_CLASSES
from geo.speeds import free_speed_kmh, speed_presets, speed_table


def free_kmh(road_class: str, *, maxspeed_kmh: float = np.nan, surface: str = "") -> float:
    speeds = free_speed_kmh(
        speed_table("china"), [road_class], maxspeed_kmh=np.array([maxspeed_kmh]), surface=[surface]
    )
    return float(speeds[0])


def test_without_a_sign_the_class_decides() -> None:
    assert free_kmh("primary") == 60


def test_a_sign_below_or_above_the_class_replaces_its_speed() -> None:
    assert free_kmh("primary", maxspeed_kmh=30) == 30
    assert free_kmh("primary", maxspeed_kmh=70) == 70


def test_a_sign_never_lifts_a_road_beyond_the_most_of_its_class() -> None:
    assert free_kmh("primary", maxspeed_kmh=80) == 80
    assert free_kmh("primary", maxspeed_kmh=120) == 80


def test_the_surface_slows_signed_and_unsigned_roads() -> None:
    assert free_kmh("primary", surface="gravel") == pytest.approx(42)
    assert free_kmh("primary", maxspeed_kmh=50, surface="gravel") == pytest.approx(35)


def test_unknown_surfaces_count_one_and_lists_as_their_slowest() -> None:
    assert free_kmh("primary", surface="moon dust") == 60
    assert free_kmh("primary", surface="asphalt; gravel") == pytest.approx(42)


@pytest.mark.parametrize("preset", speed_presets())
def test_every_table_knows_every_class_with_believable_speeds(preset: str) -> None:
    table = speed_table(preset)
    assert set(table.kmh) == set(table.most_kmh) == set(ROAD_CLASSES)
    assert all(5 <= table.kmh[name] <= table.most_kmh[name] <= 130 for name in ROAD_CLASSES)
    assert all(0 < factor <= 1 for factor in table.surface_factor.values())
    ladder = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "service")
    assert all(table.kmh[a] >= table.kmh[b] for a, b in pairwise(ladder))


def test_no_rows_give_no_speeds() -> None:
    assert free_speed_kmh(speed_table("generic"), [], maxspeed_kmh=np.zeros(0), surface=[]).shape == (0,)


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"N107.*'mars'.*china, generic"):
        speed_table("mars")
