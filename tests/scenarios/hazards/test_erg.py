"""Guidebook distances: which row is taken, and what is refused."""

from dataclasses import replace

import pytest

from geo.errors import InputError
from scenarios.hazards.erg import M_PER_MI, entered_distances, erg_distances, spill_size
from scenarios.hazards.substances import find_substance

CHLORINE = find_substance("chlorine")


def test_an_unknown_or_fixed_container_takes_the_largest_row() -> None:
    largest = erg_distances(CHLORINE, size="large", day=False, wind_m_s=1, container="rail_car")
    for container in (None, "tank", "pipeline"):
        found = erg_distances(CHLORINE, size="large", day=False, wind_m_s=1, container=container)
        assert (found.isolate_m, found.protect_m) == (largest.isolate_m, largest.protect_m)
        assert found.notes


def test_an_unknown_wind_is_a_low_wind() -> None:
    unknown = erg_distances(CHLORINE, size="large", day=True, container="rail_car")
    low = erg_distances(CHLORINE, size="large", day=True, wind_m_s=1, container="rail_car")
    assert unknown == low
    assert low.protect_m == pytest.approx(6.0 * M_PER_MI)


def test_borders_of_wind_classes_are_moderate() -> None:
    for kmh in (10, 20):
        found = erg_distances(CHLORINE, size="large", day=True, wind_m_s=kmh / 3.6, container="rail_car")
        assert found.protect_m == pytest.approx(3.9 * M_PER_MI)


def test_of_two_transcriptions_the_larger_figure_is_taken() -> None:
    found = erg_distances(CHLORINE, size="large", day=True, wind_m_s=1, container="cylinder")
    assert found.isolate_m == pytest.approx(152.4)
    assert found.protect_m == pytest.approx(0.9 * M_PER_MI)


def test_a_drum_is_a_small_spill() -> None:
    found = erg_distances(CHLORINE, size="large", day=True, container="drum")
    assert found.basis == "table1"
    assert (found.isolate_m, found.protect_m) == (60, 300)


def test_a_whole_container_at_once_doubles_the_protective_distance() -> None:
    once = erg_distances(CHLORINE, size="large", day=True, container="rail_car", instantaneous=True)
    slow = erg_distances(CHLORINE, size="large", day=True, container="rail_car")
    assert slow.protect_m is not None
    assert once.protect_m == 2 * slow.protect_m
    assert once.isolate_m == slow.isolate_m


def test_a_substance_without_a_row_has_the_isolation_of_its_guide_page() -> None:
    for name, isolate_m in (("methanol", 50), ("nitrogen dioxide", 100), ("sulphur dioxide", 100)):
        found = erg_distances(find_substance(name), size="small", day=True)
        assert (found.basis, found.isolate_m, found.protect_m) == ("guide_page", isolate_m, None)


def test_a_substance_without_row_and_guide_is_refused_not_guessed() -> None:
    with pytest.raises(InputError, match="H102"):
        erg_distances(replace(CHLORINE, un=None, guide=None), size="large", day=True)


def test_an_unknown_container_is_refused() -> None:
    with pytest.raises(InputError, match=r"H110.*rail_car"):
        erg_distances(CHLORINE, size="large", day=True, container="bucket")


def test_entered_distances_need_a_source() -> None:
    found = entered_distances(isolate_m=200, protect_m=1500, source="plant manual p. 12")
    assert (found.basis, found.source) == ("entered", "plant manual p. 12")
    with pytest.raises(InputError) as caught:
        entered_distances(isolate_m=-5, protect_m=0, source=" ")
    assert [fault.code for fault in caught.value.faults] == ["H103"] * 3


def test_208_litres_are_a_small_spill() -> None:
    assert (spill_size(208), spill_size(208.1)) == ("small", "large")


def test_night_is_never_shorter_than_day() -> None:
    for name in ("chlorine", "ammonia", "hydrogen fluoride", "hydrogen chloride", "hydrogen cyanide"):
        for size in ("small", "large"):
            day = erg_distances(find_substance(name), size=size, day=True)
            night = erg_distances(find_substance(name), size=size, day=False)
            assert (night.protect_m or 0) >= (day.protect_m or 0)
