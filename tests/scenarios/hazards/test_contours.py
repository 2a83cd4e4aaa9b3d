"""Contours in closed form against the concentration they are drawn at."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scenarios.hazards.contours import Cloud, contour, half_width_m
from scenarios.hazards.pasquill import STABILITIES

unhurried = settings(deadline=None, max_examples=50)


@st.composite
def clouds(draw: st.DrawFn) -> Cloud:
    """Plumes, releases of some minutes and puffs, at the ground and above it."""
    kind = draw(st.sampled_from(["plume", "minutes", "puff"]))
    return Cloud(
        wind_m_s=draw(st.floats(1, 15)),
        stability=draw(st.sampled_from(STABILITIES)),
        terrain=draw(st.sampled_from(["rural", "urban"])),
        rate_kg_s=None if kind == "puff" else draw(st.floats(1e-3, 50)),
        mass_kg=draw(st.floats(0.1, 1e4)) if kind == "puff" else None,
        duration_s=draw(st.floats(30, 3600)) if kind == "minutes" else None,
        height_m=draw(st.sampled_from([0.0, 0.0, 15.0])),
    )


THRESHOLD = st.floats(1e-7, 1e-2)


@unhurried
@given(clouds(), THRESHOLD)
def test_the_border_has_the_concentration_it_is_drawn_at(cloud: Cloud, threshold: float) -> None:
    found = contour(cloud, threshold)
    assume(found is not None)
    assert found is not None
    x = np.linspace(max(found.from_m, 1.0), found.reach_m, 30)[1:-1]
    width = half_width_m(cloud, threshold, x)
    assert cloud.peak_kg_m3(x, width)[width > 0] == pytest.approx(threshold, rel=1e-9)


@unhurried
@given(clouds(), THRESHOLD, st.floats(1, 10_000), st.floats(-1500, 1500))
def test_a_place_is_inside_only_if_the_threshold_is_reached_there(
    cloud: Cloud, threshold: float, x: float, y: float
) -> None:
    found = contour(cloud, threshold)
    inside = found is not None and bool(shapely.intersects_xy(found.polygon, x, y))
    reached = float(cloud.peak_kg_m3(np.array([x]), y)[0]) >= threshold * (1 - 1e-9)
    assert reached or not inside  # corners lie on the border, so the polygon never overreaches


@unhurried
@given(clouds(), THRESHOLD, THRESHOLD)
def test_a_higher_threshold_lies_inside_a_lower_one(cloud: Cloud, one: float, two: float) -> None:
    low, high = sorted((one, two))
    outer, inner = contour(cloud, low), contour(cloud, high)
    if inner is None:
        return
    assert outer is not None
    assert outer.reach_m >= inner.reach_m
    assert inner.polygon.difference(outer.polygon.buffer(1e-6)).area <= 1e-6


@unhurried
@given(clouds(), THRESHOLD)
def test_outlines_are_valid_and_stay_within_the_limit(cloud: Cloud, threshold: float) -> None:
    found = contour(cloud, threshold)
    if found is None:
        return
    assert found.polygon.is_valid
    assert found.reach_m <= cloud.limit_m() <= 10_000
    assert found.capped == (found.reach_m == cloud.limit_m())


def test_reach_of_chlorine_agrees_with_an_independent_estimate() -> None:
    """1 kg/s, AEGL-2 2 ppm: D 5 m/s rural 2.3 km, urban 0.8 km; F 2 m/s urban 3.5 km, rural capped."""
    threshold = 5.7965e-6
    wanted = {("D", 5, "rural"): 2300, ("D", 5, "urban"): 800, ("F", 2, "urban"): 3500}
    for (stability, wind, terrain), reach_m in wanted.items():
        cloud = Cloud(wind_m_s=wind, stability=stability, terrain=terrain, rate_kg_s=1.0)  # type: ignore[arg-type]  # literals in a table
        found = contour(cloud, threshold)
        assert found is not None
        assert found.reach_m == pytest.approx(reach_m, rel=0.06)
        assert not found.capped
    far = contour(Cloud(wind_m_s=2, stability="F", terrain="rural", rate_kg_s=1.0), threshold)
    assert far is not None
    assert far.capped
    assert far.reach_m == 7200


def test_an_unknown_wind_does_not_shorten_the_reach() -> None:
    known = Cloud(wind_m_s=1, stability="F", terrain="rural", rate_kg_s=1.0)
    unknown = Cloud(wind_m_s=1, stability="F", terrain="rural", rate_kg_s=1.0, wind_known=False)
    assert known.limit_m() == 3600
    assert unknown.limit_m() == 10_000


def test_a_release_of_minutes_reaches_no_farther_than_an_endless_one() -> None:
    endless = contour(Cloud(wind_m_s=3, stability="E", terrain="rural", rate_kg_s=1.0), 1e-5)
    minutes = contour(Cloud(wind_m_s=3, stability="E", terrain="rural", rate_kg_s=1.0, duration_s=60), 1e-5)
    assert endless is not None
    assert minutes is not None
    assert minutes.reach_m < endless.reach_m


def test_a_stack_leaves_the_ground_beside_it_clean() -> None:
    found = contour(Cloud(wind_m_s=3, stability="D", terrain="rural", rate_kg_s=1.0, height_m=30.0), 1e-6)
    assert found is not None
    assert found.from_m > 100


def test_a_threshold_nobody_sees_has_no_contour() -> None:
    assert contour(Cloud(wind_m_s=5, stability="A", terrain="urban", rate_kg_s=1e-6), 1.0) is None


def test_a_threshold_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="> 0"):
        contour(Cloud(wind_m_s=5, stability="A", terrain="urban", rate_kg_s=1.0), 0.0)


def test_a_cloud_wants_a_rate_or_a_mass() -> None:
    with pytest.raises(ValueError, match="either"):
        Cloud(wind_m_s=5, stability="A", terrain="urban")


def test_a_release_as_long_as_two_standard_deviations_has_68_percent_of_the_plume() -> None:
    """erf(1 / sqrt(2)) = 0.6827: the share of a normal curve within one standard deviation of its centre."""
    x = np.array([1000.0])
    steady = Cloud(wind_m_s=4, stability="D", terrain="rural", rate_kg_s=1.0)
    duration_s = 2 * float(steady.sigma_y_m(x)[0]) / 4
    short = Cloud(wind_m_s=4, stability="D", terrain="rural", rate_kg_s=1.0, duration_s=duration_s)
    assert short.peak_kg_m3(x)[0] / steady.peak_kg_m3(x)[0] == pytest.approx(0.682689, rel=1e-5)
