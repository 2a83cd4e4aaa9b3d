"""Sun, stability class, calm and spread of the wind."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from scenarios.hazards.pasquill import STABILITIES, day_sky, read_stability, stability_class
from scenarios.hazards.sun import is_day, is_pasquill_night, sun_elevation_deg
from scenarios.hazards.weather import Weather
from scenarios.hazards.wind_profile import wind_at_m_s

BEIJING = timezone(timedelta(hours=8))
LON, LAT = 106.54, 38.91


def beijing(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("month", "day", "wanted"), [(6, 21, 90 - LAT + 23.44), (12, 22, 90 - LAT - 23.44), (3, 20, 90 - LAT)]
)
def test_noon_height_of_the_sun_at_solstice_and_equinox(month: int, day: int, wanted: float) -> None:
    """At noon the sun stands 90 - latitude + declination high."""
    noon = max(
        sun_elevation_deg(beijing(month, day, 12) + timedelta(minutes=minute), LON, LAT)
        for minute in range(120)
    )
    assert noon == pytest.approx(wanted, abs=0.25)


def test_sun_of_a_worked_example() -> None:
    """Boulder, 2003-10-17 12:30:30 -07:00, no refraction: 39.87 degrees (NREL/TP-560-34302)."""
    at = datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7)))
    assert sun_elevation_deg(at, -105.1786, 39.742476) == pytest.approx(39.872, abs=0.02)


def test_midwinter_night_and_day_in_pingluo() -> None:
    assert not is_day(beijing(1, 15, 2, 10), LON, LAT)
    assert is_day(beijing(1, 15, 12), LON, LAT)
    assert is_pasquill_night(beijing(1, 15, 9), LON, LAT)  # within an hour after sunrise
    assert is_day(beijing(1, 15, 9), LON, LAT)
    assert not is_pasquill_night(beijing(1, 15, 12), LON, LAT)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(InputError, match="H106"):
        is_day(datetime(2026, 1, 15, 2, 10), LON, LAT)


@pytest.mark.parametrize(
    ("elevation", "cloud", "sky"),
    [(70, 0, "strong"), (60, 0, "moderate"), (35, 0, "slight"), (5, 0, "slight"), (70, 5, "moderate"),
     (40, 9, "slight"), (20, 9, "slight"), (70, 10, "overcast")],
)  # fmt: skip
def test_insolation_by_sun_and_cloud(elevation: float, cloud: float, sky: str) -> None:
    assert day_sky(elevation, cloud) == sky


def test_borders_of_wind_belong_to_the_windier_row() -> None:
    assert stability_class(2.0, "night_clear") == "F"
    assert stability_class(3.0, "night_clear") == "E"
    assert stability_class(2.999, "night_clear") == "F"
    assert stability_class(5.0, "strong") == "C"


@settings(deadline=None)
@given(st.floats(0, 30), st.floats(0, 30))
def test_more_wind_brings_the_air_nearer_to_neutral(one: float, two: float) -> None:
    light, strong = sorted((one, two))
    for sky in ("strong", "moderate", "slight", "night_cloudy", "night_clear"):
        distance = [abs("ABCDEF".index(stability_class(u, sky)) - 3) for u in (light, strong)]
        assert distance[1] <= distance[0]


@settings(deadline=None)
@given(st.sampled_from(STABILITIES), st.floats(0.1, 20))
def test_wind_grows_with_height(stability: str, wind: float) -> None:
    high = wind_at_m_s(wind, measured_at_m=10, height_m=50, stability=stability, exponents="rural")  # type: ignore[arg-type]  # a letter
    assert high > wind
    back = wind_at_m_s(high, measured_at_m=50, height_m=10, stability=stability, exponents="rural")  # type: ignore[arg-type]  # a letter
    assert back == pytest.approx(wind)


def test_what_is_unknown_is_taken_at_its_worst_and_said() -> None:
    night = read_stability(Weather(), beijing(1, 15, 2), lon=LON, lat=LAT)
    assert (night.stability, len(night.notes)) == ("F", 2)
    day = read_stability(Weather(wind_m_s=4), beijing(7, 15, 13), lon=LON, lat=LAT)
    assert (day.stability, day.sky) == ("D", "overcast")


def test_calm_and_spread() -> None:
    assert Weather().calm
    assert Weather(wind_m_s=3).calm
    assert Weather(wind_m_s=0, wind_from_deg=90).calm
    assert not Weather(wind_m_s=1.0, wind_from_deg=90).calm
    assert Weather(wind_m_s=2, wind_from_deg=90).spread_deg == 45
    assert Weather(wind_m_s=3, wind_from_deg=90).spread_deg == 20
    assert Weather(wind_m_s=2, wind_from_deg=90, wind_spread_deg=10).spread_deg == 10


def test_all_faults_of_the_weather_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Weather(wind_m_s=-1, wind_from_deg=400, cloud_tenths=11, temperature_c=200, terrain="forest")  # type: ignore[arg-type]  # wrong on purpose
    assert [fault.code for fault in caught.value.faults] == ["H104"] * 4 + ["H105"]


def test_utc_and_local_time_agree() -> None:
    at = beijing(5, 1, 15)
    assert sun_elevation_deg(at, LON, LAT) == sun_elevation_deg(at.astimezone(UTC), LON, LAT)
