"""A release as zones, from the report to the closures and the advice."""

from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from scenarios.hazards.advice import advise, advise_places
from scenarios.hazards.arrival import cloud_at_places
from scenarios.hazards.chemical import ChemicalHazard, chemical_hazard
from scenarios.hazards.concentration import mg_m3_of_ppm, ppm_of_kg_m3
from scenarios.hazards.erg import entered_distances
from scenarios.hazards.local_plane import LocalPlane
from scenarios.hazards.release import Release
from scenarios.hazards.substances import find_substance
from scenarios.hazards.weather import Weather
from scenarios.hazards.zones import HazardZone, people_in_any, people_inside, places_inside, union_of

AT = datetime(2026, 1, 15, 2, 10, tzinfo=timezone(timedelta(hours=8)))
LON, LAT = 106.76, 38.93
PLANE = LocalPlane(LON, LAT)
NIGHT = Weather(wind_m_s=2, wind_from_deg=270, cloud_tenths=2, temperature_c=-12)


def hazard(weather: Weather = NIGHT, *, name: str = "chlorine", **amounts: float) -> ChemicalHazard:
    release = Release(substance=find_substance(name), lon=LON, lat=LAT, container=None, **amounts)  # type: ignore[arg-type]  # only numbers here
    return chemical_hazard(release, weather, AT)


def zone(found: ChemicalHazard, kind: str) -> HazardZone:
    (one,) = (zone for zone in found.zones if zone.kind == kind)
    return one


def at_metres(east: float, north: float) -> np.ndarray:
    return PLANE.lonlat(np.array([[east, north]], np.float64))


def test_without_a_rate_there_are_the_two_zones_of_the_guidebook() -> None:
    found = hazard()
    assert [zone.kind for zone in found.zones] == ["isolation", "protective"]
    assert (found.cloud, found.dense, found.aegl) == (None, None, None)
    assert not found.day
    assert found.downwind_deg == 90


def test_the_protective_zone_lies_downwind_and_the_isolation_zone_all_round() -> None:
    found = hazard()
    east, west = at_metres(5000, 0), at_metres(-5000, 0)
    assert people_inside(zone(found, "protective"), east, np.array([7])) == 7
    assert people_inside(zone(found, "protective"), west, np.array([7])) == 0
    for angle in range(0, 360, 30):
        near = at_metres(900 * np.cos(angle), 900 * np.sin(angle))
        assert people_inside(zone(found, "isolation"), near, np.array([7])) == 7


def test_a_rate_adds_contours_that_nest_and_name_their_limit() -> None:
    found = hazard(rate_kg_s=1.0, duration_s=1800)
    assert found.aegl is not None
    assert found.aegl.minutes == 30
    grave, middle, mild = (zone(found, f"aegl_{rank}") for rank in (3, 2, 1))
    assert grave.polygon.difference(middle.polygon.buffer(1e-9)).area < 1e-9
    assert middle.polygon.difference(mild.polygon.buffer(1e-9)).area < 1e-9
    assert grave.threshold == "AEGL-3, 30 min: 28 ppm"
    assert grave.certainty == "recalled"
    assert zone(found, "erpg_2").certainty == "high"
    assert (grave.level, middle.level, mild.level) == (3, 2, 1)
    assert mild.capped
    assert any("10 km or 60 minutes" in note for note in found.notes)
    assert [z.level for z in found.zones] == sorted((z.level for z in found.zones), reverse=True)


def test_the_zones_of_a_short_release_end_when_the_cloud_has_passed() -> None:
    found = zone(hazard(rate_kg_s=1.0, duration_s=600), "aegl_3")
    assert found.valid_to is not None
    assert found.reach_m is not None
    assert found.valid_to - AT == timedelta(seconds=round(600 + found.reach_m / 2))
    assert found.in_force(AT)
    assert not found.in_force(found.valid_to + timedelta(seconds=1))
    assert zone(hazard(rate_kg_s=1.0), "aegl_3").valid_to is None


@pytest.mark.parametrize("weather", [Weather(), Weather(wind_m_s=0, wind_from_deg=90), Weather(wind_m_s=4)])
def test_no_wind_or_an_unknown_one_makes_full_circles(weather: Weather) -> None:
    found = hazard(weather, rate_kg_s=0.5)
    for one in found.zones:
        assert one.reach_m is not None
        for angle in range(0, 360, 45):
            place = at_metres(*(0.99 * one.reach_m * np.array([np.cos(angle), np.sin(angle)])))
            assert shapely.intersects_xy(one.polygon, place).all(), one.id
    assert any("full circles" in note for note in found.notes)


@settings(deadline=None, max_examples=15)
@given(st.floats(0, 360))
def test_turning_the_wind_keeps_size_and_reach(wind_from_deg: float) -> None:
    turned = hazard(Weather(wind_m_s=2, wind_from_deg=wind_from_deg, cloud_tenths=2), rate_kg_s=0.5)
    north = hazard(Weather(wind_m_s=2, wind_from_deg=0, cloud_tenths=2), rate_kg_s=0.5)
    for one, other in zip(turned.zones, north.zones, strict=True):
        areas = [shapely.transform(zone.polygon, PLANE.metres).area for zone in (one, other)]
        assert areas[0] == pytest.approx(areas[1], rel=1e-6)
        assert one.reach_m == other.reach_m


def test_entered_distances_replace_the_guidebook() -> None:
    entered = entered_distances(isolate_m=120, protect_m=None, source="plant manual")
    release = Release(substance=find_substance("methanol"), lon=LON, lat=LAT, distances=entered)
    found = chemical_hazard(release, NIGHT, AT)
    (only,) = found.zones
    assert only.reach_m == 120
    assert "plant manual" in only.formula


def test_dense_gases_are_flagged_and_light_ones_not() -> None:
    chlorine = hazard(rate_kg_s=1.0).dense
    assert chlorine is not None
    assert chlorine.dense
    fluorine = hazard(Weather(wind_m_s=12, wind_from_deg=0), name="methanol", rate_kg_s=0.001).dense
    assert fluorine is not None
    assert not fluorine.dense
    ammonia = hazard(rate_kg_s=1.0, name="ammonia").dense
    assert ammonia is not None
    assert ammonia.dense
    assert ammonia.aerosol
    assert ammonia.number == 0


def test_more_gas_never_makes_a_zone_smaller() -> None:
    reaches = [zone(hazard(mass_kg=mass), "aegl_2").reach_m for mass in (10.0, 100.0, 1000.0)]
    assert reaches == sorted(reaches, key=lambda reach: reach or 0)


def test_a_substance_without_limits_says_so() -> None:
    found = hazard(name="dichlorosilane", rate_kg_s=1.0)
    assert {zone.kind for zone in found.zones} == {"isolation", "protective"}
    assert any("no harmful concentration" in note for note in found.notes)


def test_faults_of_the_amount_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Release(
            substance=find_substance("chlorine"),
            lon=LON,
            lat=LAT,
            rate_kg_s=-1,
            mass_kg=5,
            duration_s=0,
            height_m=-2,
            size="huge",  # type: ignore[arg-type]  # wrong on purpose
        )
    assert [fault.code for fault in caught.value.faults] == ["H111"] * 5


def test_a_time_without_zone_and_a_place_in_metres_are_refused() -> None:
    release = Release(substance=find_substance("chlorine"), lon=LON, lat=LAT)
    with pytest.raises(InputError, match="H106"):
        chemical_hazard(release, NIGHT, datetime(2026, 1, 15))
    with pytest.raises(InputError, match="H107"):
        chemical_hazard(Release(substance=find_substance("chlorine"), lon=5e5, lat=4.3e6), NIGHT, AT)


def test_what_was_assumed_about_the_weather_is_said() -> None:
    assumed = "wind may turn 45 degrees either side (assumed)"
    assert assumed in hazard().notes
    given_spread = Weather(wind_m_s=2, wind_from_deg=270, wind_spread_deg=10)
    assert not any("may turn" in note for note in hazard(given_spread).notes)
    release = Release(substance=find_substance("chlorine"), lon=LON, lat=LAT, rate_kg_s=1.0)
    noon = chemical_hazard(release, NIGHT, AT.replace(hour=12))
    assert "insolation by classes recalled, not read" in noon.notes
    assert "insolation by classes recalled, not read" not in hazard(rate_kg_s=1.0).notes


def test_people_in_several_zones_count_once() -> None:
    found = hazard(rate_kg_s=1.0)
    lonlat = np.vstack([at_metres(500, 0), at_metres(3000, 0), at_metres(-30_000, 0)])
    people = np.array([10, 20, 40])
    assert people_in_any(found.zones, lonlat, people) == 30
    assert people_in_any(found.zones[::-1], lonlat, people) == 30
    assert people_in_any([], lonlat, people) == 0
    assert places_inside(zone(found, "isolation"), lonlat, ["a", "b", "c"]) == ("a",)
    assert union_of(found.zones).area >= max(zone.polygon.area for zone in found.zones)


def test_the_cloud_arrives_with_the_wind_and_is_weaker_farther_on() -> None:
    found = hazard(rate_kg_s=1.0)
    lonlat = np.vstack([at_metres(1000, 0), at_metres(4000, 0), at_metres(-1000, 0), at_metres(60_000, 0)])
    cloud = cloud_at_places(found, lonlat)
    assert cloud.arrival_s[:2] == pytest.approx([500, 2000], rel=1e-3)
    assert np.isinf(cloud.arrival_s[2:]).all()
    assert cloud.peak_ppm[0] > cloud.peak_ppm[1] > 0
    assert (cloud.peak_ppm[2:] == 0).all()


def test_a_place_on_the_border_of_a_contour_sees_its_limit() -> None:
    found = hazard(Weather(wind_m_s=5, wind_from_deg=270, cloud_tenths=10), rate_kg_s=0.5)
    reach_m = zone(found, "aegl_2").reach_m
    assert reach_m is not None
    assert found.aegl is not None
    cloud = cloud_at_places(found, at_metres(reach_m, 0))
    assert cloud.peak_ppm[0] == pytest.approx(found.aegl.ppm[1], rel=1e-3)


def test_in_a_calm_the_cloud_may_come_from_anywhere() -> None:
    found = hazard(Weather(), rate_kg_s=1.0)
    lonlat = np.vstack([at_metres(1000, 0), at_metres(-1000, 0)])
    assert cloud_at_places(found, lonlat).arrival_s == pytest.approx([1000, 1000], rel=1e-3)


def test_without_a_rate_only_the_direction_is_known() -> None:
    cloud = cloud_at_places(hazard(), np.vstack([at_metres(1000, 0), at_metres(-1000, 0)]))
    assert cloud.arrival_s[0] == pytest.approx(500, rel=1e-3)
    assert np.isinf(cloud.arrival_s[1])
    assert np.isnan(cloud.peak_ppm).all()


def test_shelter_when_leaving_takes_too_long_and_rooms_stay_clean() -> None:
    advice = advise(peak_ppm=6, limit_ppm=2, arrival_s=600, clearance_s=3600, cloud_s=1800)
    assert advice.action == "shelter"
    assert advice.indoor_ppm == pytest.approx(6 * (1 - np.exp(-0.25)))
    assert "10 min" in advice.reason_en
    assert "10 分钟" in advice.reason_zh


def test_evacuate_when_there_is_time_or_when_rooms_are_no_help() -> None:
    early = advise(peak_ppm=6, limit_ppm=2, arrival_s=3600, clearance_s=3600, cloud_s=1800)
    assert early.action == "evacuate"
    late = advise(peak_ppm=60, limit_ppm=2, arrival_s=60, clearance_s=3600, cloud_s=1800)
    assert late.action == "evacuate"
    assert "across the wind" in late.reason_en


def test_nothing_need_be_done_below_the_limit() -> None:
    advice = advise(peak_ppm=1.99, limit_ppm=2, arrival_s=60, clearance_s=3600, cloud_s=1800)
    assert advice.action == "none"


@settings(deadline=None)
@given(st.floats(0.01, 1e5), st.floats(2, 300), st.floats(-40, 40))
def test_ppm_and_milligrams_convert_back(ppm: float, mass: float, air_c: float) -> None:
    kg_m3 = mg_m3_of_ppm(ppm, molar_mass_g_mol=mass, temperature_c=air_c) / 1e6
    assert ppm_of_kg_m3(kg_m3, molar_mass_g_mol=mass, temperature_c=air_c) == pytest.approx(ppm)


def test_the_same_release_gives_the_same_bytes() -> None:
    one, two = (hazard(rate_kg_s=1.0, duration_s=900) for _ in range(2))
    assert [z.polygon.wkb for z in one.zones] == [z.polygon.wkb for z in two.zones]
    assert one.notes == two.notes


def test_a_long_cloud_gets_into_rooms_however_weak_it_is() -> None:
    """At half an air change an hour two hours are one change: rooms no longer protect."""
    short = advise(peak_ppm=3, limit_ppm=2, arrival_s=0, clearance_s=60, cloud_s=7199)
    long = advise(peak_ppm=3, limit_ppm=2, arrival_s=0, clearance_s=60, cloud_s=7200)
    assert (short.action, long.action) == ("shelter", "evacuate")


def test_each_place_gets_its_advice() -> None:
    found = hazard(rate_kg_s=1.0, duration_s=600)
    lonlat = np.vstack([at_metres(3000, 0), at_metres(3000, 0), at_metres(200, 0), at_metres(-3000, 0)])
    advice = advise_places(found, lonlat, np.array([600.0, 7200.0, 7200.0, 7200.0]))
    assert [one.action for one in advice] == ["evacuate", "shelter", "evacuate", "none"]


def test_without_a_rate_the_protective_zone_decides() -> None:
    lonlat = np.vstack([at_metres(3000, 0), at_metres(3000, 0), at_metres(-3000, 0), at_metres(-500, 0)])
    advice = advise_places(hazard(), lonlat, np.array([600.0, 7200.0, 7200.0, 60.0]))
    assert [one.action for one in advice] == ["evacuate", "shelter", "none", "evacuate"]
    assert all(one.indoor_ppm is None for one in advice)


def test_a_puff_passes_in_minutes() -> None:
    found = hazard(mass_kg=10.0)
    (only,) = advise_places(found, at_metres(3000, 0), np.array([7200.0]))
    assert only.action == "shelter"


def test_the_hazard_may_be_a_burning_liquid() -> None:
    release = Release(substance=find_substance("benzene"), lon=LON, lat=LAT)
    found = chemical_hazard(release, NIGHT, AT, kind="flammable_liquid")
    assert {zone.hazard for zone in found.zones} == {"flammable_liquid"}
