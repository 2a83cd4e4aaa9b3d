"""Plumes and puffs: what must hold whatever the numbers."""

from itertools import pairwise
from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.hazards.briggs import briggs_sigma_m
from scenarios.hazards.pasquill import STABILITIES, Stability
from scenarios.hazards.plume import plume_kg_m3
from scenarios.hazards.plume_rise import plume_rise_m
from scenarios.hazards.puff import puff_kg_m3, puff_sigma_m, release_kg_m3
from scenarios.hazards.weather import Terrain

STABILITY = st.sampled_from(STABILITIES)
TERRAIN: st.SearchStrategy[Terrain] = st.sampled_from(["rural", "urban"])
METRES = st.floats(1, 10_000)
unhurried = settings(deadline=None, max_examples=60)


@unhurried
@given(STABILITY, TERRAIN, METRES, METRES)
def test_spreads_grow_with_distance(stability: Stability, terrain: Terrain, one: float, two: float) -> None:
    near, far = sorted((one, two))
    for sigma in (
        briggs_sigma_m([near, far], stability=stability, terrain=terrain),
        puff_sigma_m([near, far], stability=stability),
    ):
        for curve in sigma:
            assert curve[0] <= curve[1]


@pytest.mark.parametrize("terrain", ["rural", "urban"])
def test_more_stable_air_spreads_less(terrain: Terrain) -> None:
    x = np.geomspace(10, 10_000, 20)
    for one, two in pairwise(STABILITIES):
        wider = briggs_sigma_m(x, stability=one, terrain=terrain)
        narrower = briggs_sigma_m(x, stability=two, terrain=terrain)
        assert (wider[0] >= narrower[0]).all()
        assert (wider[1] >= narrower[1]).all()


@unhurried
@given(STABILITY, TERRAIN, METRES, st.floats(0, 500), st.floats(0, 500))
def test_concentration_falls_with_distance_off_the_axis(
    stability: Stability, terrain: Terrain, x: float, one: float, two: float
) -> None:
    inner, outer = sorted((one, two))
    y, z = briggs_sigma_m(x, stability=stability, terrain=terrain)
    c = plume_kg_m3(1.0, wind_m_s=2, sigma_y_m=y, sigma_z_m=z, y_m=np.array([inner, outer, -inner]))
    assert c[0] >= c[1]
    assert c[0] == c[2]


@unhurried
@given(st.floats(1, 200), st.floats(1, 200), st.floats(0, 50), st.floats(0.5, 10))
def test_a_plume_carries_its_rate_through_every_cross_section(
    sigma_y: float, sigma_z: float, height: float, wind: float
) -> None:
    """The integral of u c over the half plane above the ground is the release rate."""
    y = np.linspace(-6 * sigma_y, 6 * sigma_y, 201)
    z = np.linspace(0, height + 6 * sigma_z, 401)
    c = plume_kg_m3(
        3.0,
        wind_m_s=wind,
        sigma_y_m=sigma_y,
        sigma_z_m=sigma_z,
        y_m=y[:, None],
        z_m=z[None, :],
        height_m=height,
    )
    carried = np.trapezoid(np.trapezoid(wind * c, z, axis=1), y)
    assert carried == pytest.approx(3.0, rel=1e-3)


def test_a_puff_holds_its_mass() -> None:
    x, y, z = np.linspace(-60, 60, 81), np.linspace(-60, 60, 81), np.linspace(0, 60, 81)
    c = puff_kg_m3(
        5.0,
        x_m=x[:, None, None],
        t_s=0,
        wind_m_s=1,
        sigma_x_m=10,
        sigma_y_m=10,
        sigma_z_m=8,
        y_m=y[None, :, None],
        z_m=z[None, None, :],
    )
    assert np.trapezoid(np.trapezoid(np.trapezoid(c, z), y), x) == pytest.approx(5.0, rel=1e-3)


def test_a_long_release_is_a_plume_of_puff_spreads() -> None:
    """Hours after the start and far from the first puff the integral is the steady plume."""
    across, vertical = puff_sigma_m(200.0, stability="D")
    steady = plume_kg_m3(1.0, wind_m_s=3, sigma_y_m=across, sigma_z_m=vertical)
    long = release_kg_m3(1.0, duration_s=1e5, x_m=200, t_s=1e4, wind_m_s=3, stability="D")
    assert long == pytest.approx(float(steady), rel=1e-6)


def test_a_short_release_is_a_puff() -> None:
    across, vertical = puff_sigma_m(500.0, stability="D")
    puff = puff_kg_m3(
        1.0, x_m=500, t_s=100, wind_m_s=5, sigma_x_m=across, sigma_y_m=across, sigma_z_m=vertical
    )
    short = release_kg_m3(10.0, duration_s=0.1, x_m=500, t_s=100, wind_m_s=5, stability="D")
    assert short == pytest.approx(float(puff), rel=0.01)


def test_nothing_is_there_upwind_or_before_the_start() -> None:
    for x_m, t_s in ((-10.0, 100.0), (0.0, 100.0), (100.0, 0.0), (100.0, -5.0)):
        assert release_kg_m3(1, duration_s=60, x_m=x_m, t_s=t_s, wind_m_s=2, stability="D") == 0


def test_a_plume_refuses_no_wind() -> None:
    with pytest.raises(ValueError, match="wind > 0"):
        plume_kg_m3(1.0, wind_m_s=0.0, sigma_y_m=1, sigma_z_m=1)


def test_ground_concentration_on_the_axis_by_hand() -> None:
    """Q / (pi u sy sz) with 1 kg/s, 2 m/s, 10 m, 5 m."""
    c = plume_kg_m3(1.0, wind_m_s=2, sigma_y_m=10, sigma_z_m=5)
    assert float(c) == pytest.approx(1 / (pi * 2 * 10 * 5))


@pytest.mark.parametrize("stability", ["A", "D", "E", "F"])
@pytest.mark.parametrize(
    ("exit_m_s", "release_k"), [(1.0, 290.0), (15.0, 400.0), (40.0, 600.0), (10.0, 290.0)]
)
def test_plume_rise_grows_to_its_final_height(
    stability: Stability, exit_m_s: float, release_k: float
) -> None:
    rises = [
        plume_rise_m(
            x,
            diameter_m=2,
            exit_m_s=exit_m_s,
            release_k=release_k,
            air_k=285,
            wind_m_s=4,
            stability=stability,
        )
        for x in np.geomspace(1, 20_000, 60)
    ]
    assert rises[0] >= 0
    assert all(one <= two + 1e-9 for one, two in pairwise(rises))
    assert rises[-1] == rises[-2]
