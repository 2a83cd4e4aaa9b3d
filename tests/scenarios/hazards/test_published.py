"""Published input/answer pairs, reproduced to the tolerance that the file states.

Cases whose origin is memory are reported as properties of the test, not asserted.
"""

from collections.abc import Callable
from math import isclose
from typing import Any, get_args

import pytest

from scenarios.hazards.briggs import briggs_sigma_m, isc3_rural_sigma_z_m
from scenarios.hazards.concentration import mg_m3_of_ppm
from scenarios.hazards.dense_gas import correlation, dense_plume_share, dense_puff_share
from scenarios.hazards.erg import M_PER_FT, M_PER_MI, SpillSize, erg_distances
from scenarios.hazards.figures import table
from scenarios.hazards.flood_depth import passable_in_current, pregnolato_kmh, total_head_m
from scenarios.hazards.flood_people import water_class
from scenarios.hazards.gb18218 import HeldSubstance, major_hazard
from scenarios.hazards.indoor import indoor_ratio
from scenarios.hazards.orifice import choked_gas_rate_kg_s, liquid_rate_kg_s
from scenarios.hazards.pasquill import stability_class
from scenarios.hazards.plume import plume_kg_m3
from scenarios.hazards.plume_rise import plume_rise_m, widened_sigma_m
from scenarios.hazards.puff import puff_kg_m3, puff_sigma_m, release_kg_m3
from scenarios.hazards.shapes import downwind_square
from scenarios.hazards.substances import Substance, shipped_substances
from scenarios.hazards.wind_profile import ExponentSet, wind_at_m_s
from tests.scenarios.hazards.conftest import Case, CasesOf

pytestmark = pytest.mark.data

MODELS = {
    "briggs_sigma", "isc3_rural_sigma_z", "power_law", "gaussian_plume", "gaussian_puff", "ccps_puff_sigma",
    "integrated_puff", "gaussian_plume_briggs_rise", "chef_classD_z0_1", "britter_mcquaid_plume",
    "bm_plume_beta", "bm_puff_beta", "britter_mcquaid_puff", "liquid_orifice", "choked_gas_orifice",
    "pasquill", "erg_table1", "erg_table1_small+table3_smallest_container", "erg_table3",
    "erg_protective_zone", "indoor_ratio", "ppm_to_mg_m3", "GB18218_R", "pregnolato2017", "total_head",
    "AIDR_H", "vehicle_limits",
}  # fmt: skip


def close(case: Case, found: float, wanted: float) -> bool:
    tolerance = case["tolerance"]
    if tolerance.get("exact"):
        return found == wanted
    return isclose(found, wanted, rel_tol=tolerance.get("rel", 0.0), abs_tol=tolerance.get("abs", 0.0))


def only(case: Case) -> float:
    (value,) = case["expected"].values()
    return float(value)


def test_every_published_model_has_its_test_here(published: list[Case]) -> None:
    assert {case["inputs"]["model"] for case in published} == MODELS


def test_briggs_sigmas(cases_of: CasesOf) -> None:
    for case in cases_of("briggs_sigma"):
        given = case["inputs"]
        y, z = briggs_sigma_m(given["x_m"], stability=given["stability"], terrain=given["terrain"])
        assert close(case, float(y), case["expected"]["sigma_y_m"]), case["id"]
        assert close(case, float(z), case["expected"]["sigma_z_m"]), case["id"]


def test_isc3_sigma_z(cases_of: CasesOf) -> None:
    for case in cases_of("isc3_rural_sigma_z"):
        given = case["inputs"]
        assert close(case, isc3_rural_sigma_z_m(given["x_m"], stability=given["stability"]), only(case))


def test_wind_profiles(cases_of: CasesOf) -> None:
    sets: dict[str, ExponentSet] = {
        "rural": "rural",
        "urban_ISC3": "urban_isc3",
        "urban_CCPS": "urban_ccps",
    }
    for case in cases_of("power_law"):
        given = case["inputs"]
        u = wind_at_m_s(
            given["u0"],
            measured_at_m=given["z0"],
            height_m=given["z"],
            stability=given["stability"],
            exponents=sets[given["set"]],
        )
        assert close(case, u, only(case)), case["id"]


def test_gaussian_plume_and_recalled_problems_of_turner(
    cases_of: CasesOf, record_property: Callable[[str, object], None]
) -> None:
    asserted = 0
    for case in cases_of("gaussian_plume"):
        given = case["inputs"]
        c = plume_kg_m3(
            given.get("Q_kg_s", given.get("Q_g_s")),
            wind_m_s=given["u_m_s"],
            sigma_y_m=given["sigma_y_m"],
            sigma_z_m=given["sigma_z_m"],
            y_m=given.get("y_m", 0.0),
            z_m=given.get("z_m", 0.0),
            height_m=given["h_m"],
        )
        if case["origin"] == "memory":
            record_property(f"recalled {case['id']}", f"found {float(c):.3g}, recalled {only(case):.3g}")
        else:
            asserted += 1
            assert close(case, float(c), only(case)), case["id"]
    assert asserted


def test_plume_with_published_power_laws(cases_of: CasesOf) -> None:
    """CHEF eq. 12-14: sigma_y = 0.128 x^0.905 and sigma_z = 0.395 x^0.701 give c = 6.3 Q / (u x^1.61)."""
    for case in cases_of("chef_classD_z0_1"):
        given = case["inputs"]
        x = given["x_m"]
        c = plume_kg_m3(
            given["Q_kg_s"],
            wind_m_s=given["u_m_s"],
            sigma_y_m=0.128 * x**0.905,
            sigma_z_m=0.395 * x**0.701,
        )
        assert close(case, float(c), only(case))


def test_plume_with_briggs_rise(cases_of: CasesOf) -> None:
    """The source's test: 0.1 kg/s from a 1 m vent at 10 m, 1 m/s, air 298 K, wind 2 m/s, class F, x 500 m."""
    for case in cases_of("gaussian_plume_briggs_rise"):
        rise_m = plume_rise_m(
            500, diameter_m=1, exit_m_s=1, release_k=298, air_k=298, wind_m_s=2, stability="F"
        )
        c = plume_kg_m3(
            0.1,
            wind_m_s=2,
            sigma_y_m=widened_sigma_m(18.10226425693628, rise_m),
            sigma_z_m=widened_sigma_m(8.4973632732228, rise_m),
            z_m=10,
            height_m=10 + rise_m,
        )
        assert close(case, float(c), only(case))


def test_gaussian_puff(cases_of: CasesOf) -> None:
    for case in cases_of("gaussian_puff"):
        given = case["inputs"]
        c = puff_kg_m3(
            given["m_kg"],
            x_m=given["x_m"],
            t_s=given["t_s"],
            wind_m_s=given["u_m_s"],
            sigma_x_m=given["sigma_x_m"],
            sigma_y_m=given["sigma_y_m"],
            sigma_z_m=given["sigma_z_m"],
            height_m=given["h_m"],
        )
        assert close(case, float(c), only(case))


def test_puff_sigmas(cases_of: CasesOf) -> None:
    for case in cases_of("ccps_puff_sigma"):
        across, vertical = puff_sigma_m(case["inputs"]["x_m"], stability=case["inputs"]["stability"])
        assert close(case, float(across), case["expected"]["sigma_xy_m"])
        assert close(case, float(vertical), case["expected"]["sigma_z_m"])


def test_integrated_puff(cases_of: CasesOf) -> None:
    for case in cases_of("integrated_puff"):
        given = case["inputs"]
        c = release_kg_m3(
            given["Q_kg_s"],
            duration_s=given["duration_s"],
            x_m=given["x_m"],
            t_s=given["t_s"],
            wind_m_s=given["u_m_s"],
            stability=given["stability"],
            y_m=given["y_m"],
            z_m=given["z_m"],
            height_m=given["h_m"],
        )
        assert close(case, c, only(case))


def test_britter_mcquaid_plume(cases_of: CasesOf) -> None:
    for case in cases_of("britter_mcquaid_plume"):
        given = case["inputs"]
        share = dense_plume_share(
            given["x_m"],
            flow_m3_s=given["liquid_spill_m3_s"] * given["liquid_density"] / given["gas_density"],
            gas_kg_m3=given["gas_density"],
            gas_k=given["T_release_K"],
            air_k=given["T_ambient_K"],
            wind_m_s=given["u10_m_s"],
        )
        assert close(case, share, only(case)), case["id"]


def test_britter_mcquaid_puff(cases_of: CasesOf) -> None:
    """Potchefstroom: pairs of place and time, air at 293.15 K as in the source, first diluted 16.4 times."""
    for case in cases_of("britter_mcquaid_puff"):
        given = case["inputs"]
        for (x_m, t_s), wanted in zip(given["points"], case["expected"]["c_vol_frac"], strict=True):
            share = dense_puff_share(
                t_s,
                x_m=x_m,
                volume_m3=given["V0_m3"],
                gas_kg_m3=given["rho0"],
                air_k=293.15,
                wind_m_s=given["u10_m_s"],
            )
            assert close(case, share / given["initial_dilution"], wanted)


@pytest.mark.parametrize("kind", ["plume", "puff"])
def test_britter_mcquaid_correlations(cases_of: CasesOf, kind: Any) -> None:
    for case in cases_of(f"bm_{kind}_beta"):
        shares, betas = correlation(kind, case["inputs"]["alpha"])
        assert shares == case["inputs"]["conc"]
        for found, wanted in zip(betas, case["expected"]["beta"], strict=True):
            assert close(case, found, wanted), case["id"]


def test_release_through_a_hole(cases_of: CasesOf) -> None:
    """The published pressure is at the hole: its ``h`` is the height of the jet, not of the liquid."""
    for case in cases_of("liquid_orifice"):
        given = case["inputs"]
        rate = liquid_rate_kg_s(
            given["d_m"], density_kg_m3=given["rho"], pressure_pa=given["p_pa"], coefficient=given["cd"]
        )
        assert close(case, rate, case["expected"]["mdot_kg_s"])
    for case in cases_of("choked_gas_orifice"):
        given = case["inputs"]
        rate = choked_gas_rate_kg_s(
            given["d_m"],
            density_kg_m3=given["rho"],
            pressure_pa=given["p_pa"],
            heat_capacity_ratio=given["k"],
            coefficient=given["cd"],
        )
        assert close(case, rate, case["expected"]["mdot_kg_s"])


def test_pasquill_classes(cases_of: CasesOf) -> None:
    for case in cases_of("pasquill"):
        given = case["inputs"]
        assert stability_class(given["wind10_m_s"], given["sky"]) == case["expected"]["stability"], case["id"]


def substance_of(un: int) -> Substance:
    """The catalogue's substance of that UN number, or one that has nothing but the number."""
    known = [substance for substance in shipped_substances() if substance.un == un]
    if known:
        return known[0]
    chlorine = shipped_substances()[0]
    return Substance(
        id="x",
        cas="0",
        name_zh="",
        name_en="x",
        un=un,
        guide=None,
        molar_mass_g_mol=chlorine.molar_mass_g_mol,
        boiling_point_k=chlorine.boiling_point_k,
        dense_aerosol=False,
        aegl=(),
        erpg2_ppm=None,
        idlh_ppm=None,
        gb18218_t=None,
    )


def test_erg_table1_rows(cases_of: CasesOf) -> None:
    for case in [*cases_of("erg_table1"), *cases_of("erg_table1_small+table3_smallest_container")]:
        for size in get_args(SpillSize):
            row = case["expected"].get(size)
            if row is None:
                continue
            for day, km in ((True, row["day_km"]), (False, row["night_km"])):
                found = erg_distances(substance_of(case["inputs"]["un"]), size=size, day=day)
                assert found.basis == "table1"
                assert (found.isolate_m, found.protect_m) == (row["isolate_m"], km * 1000), case["id"]


def test_erg_table3_rows_stand_in_the_data_as_published(cases_of: CasesOf) -> None:
    names = {
        "rail tank car": "rail_tank_car",
        "highway tank truck": "highway_tank_truck",
        "multiple small cylinders": "small_cylinders",
        "multiple ton cylinders": "multiple_ton_cylinders",
        "small cylinders/single ton": "small_cylinders",
    }
    rows = table("erg")["table3"]
    for case in cases_of("erg_table3"):
        given, wanted = case["inputs"], case["expected"]
        (row,) = (
            row
            for row in rows
            if row["un"] == given["un"]
            and row["container"] == names[given["container"]]
            and "isolate_ft" in row
        )
        assert row["isolate_ft"] == wanted["isolate_ft"], case["id"]
        assert row["day_mi"] == wanted["day_mi_low_mod_high"], case["id"]
        assert row["night_mi"] == wanted["night_mi_low_mod_high"], case["id"]
    for case in cases_of("erg_table1_small+table3_smallest_container"):
        wanted = case["expected"]["table3"]
        (row,) = (row for row in rows if row["un"] == case["inputs"]["un"] and "isolate_m" in row)
        assert row["isolate_m"] == wanted["isolate_m"]
        assert row["day_km"] == wanted["day_km_low_mod_high"]
        assert row["night_km"] == wanted["night_km_low_mod_high"]


def test_erg_table3_distances_come_out_in_metres(cases_of: CasesOf) -> None:
    """Rail cars and tank trucks: the distance handed out is the published one in feet and miles."""
    containers = {"rail tank car": "rail_car", "highway tank truck": "tank_truck"}
    for case in cases_of("erg_table3"):
        given, wanted = case["inputs"], case["expected"]
        if given["container"] not in containers:
            continue
        for day, miles in ((True, wanted["day_mi_low_mod_high"]), (False, wanted["night_mi_low_mod_high"])):
            for kmh, cell in zip((5, 15, 25), miles, strict=True):
                found = erg_distances(
                    substance_of(given["un"]),
                    size="large",
                    day=day,
                    wind_m_s=kmh / 3.6,
                    container=containers[given["container"]],
                )
                assert found.isolate_m == pytest.approx(wanted["isolate_ft"] * M_PER_FT)
                assert found.protect_m == pytest.approx(float(str(cell).rstrip("+")) * M_PER_MI)
                assert found.may_exceed == str(cell).endswith("+")


def test_erg_protective_zone_is_a_square(cases_of: CasesOf) -> None:
    for case in cases_of("erg_protective_zone"):
        square = downwind_square(case["inputs"]["protective_km"] * 1000)
        assert close(case, square.area / 1e6, case["expected"]["zone_area_km2"])
        west, south, east, north = square.bounds
        assert (west, south, east, north) == (0, -750, 1500, 750)


def test_indoor_ratio(cases_of: CasesOf) -> None:
    for case in cases_of("indoor_ratio"):
        given = case["inputs"]
        assert close(case, indoor_ratio(given["ach_per_h"], hours=given["hours"]), only(case))


def test_ppm(cases_of: CasesOf) -> None:
    for case in cases_of("ppm_to_mg_m3"):
        given = case["inputs"]
        found = mg_m3_of_ppm(given["ppm"], molar_mass_g_mol=given["molar_mass"], temperature_c=given["T_C"])
        assert close(case, found, only(case))


def test_gb18218(cases_of: CasesOf) -> None:
    for case in cases_of("GB18218_R"):
        held = [
            HeldSubstance(name=name, quantity_t=q, critical_t=critical, beta=beta)
            for name, q, critical, beta in case["inputs"]["items"]
        ]
        found = major_hazard(held, people_exposed=100)
        assert close(case, found.r, case["expected"]["R"])
        assert found.level_zh == case["expected"]["level"]


def test_pregnolato(cases_of: CasesOf) -> None:
    for case in cases_of("pregnolato2017"):
        assert close(case, pregnolato_kmh(case["inputs"]["depth_mm"] / 1000), only(case)), case["id"]


def test_total_head(cases_of: CasesOf) -> None:
    for case in cases_of("total_head"):
        given, wanted = case["inputs"], case["expected"]
        assert close(case, total_head_m(given["depth_m"], speed_m_s=given["v_m_s"]), wanted["head_m"])
        passable = passable_in_current(given["depth_m"], speed_m_s=given["v_m_s"], vehicle=given["vehicle"])
        assert passable == wanted["passable"]
        assert table("flood")["total_head_m"][given["vehicle"]] == given["limit_m"]


def test_aidr_classes(cases_of: CasesOf) -> None:
    for case in cases_of("AIDR_H"):
        given = case["inputs"]
        found = water_class(given["depth_m"], speed_m_s=given["v_m_s"])
        assert found.number == case["expected"]["cls"], case["id"]


def test_wading_limits(cases_of: CasesOf) -> None:
    for case in cases_of("vehicle_limits"):
        wading = table("flood")["wading_m"]
        assert wading["standard_fire_engine"] == case["expected"]["standard_fire_engine_m"]
        assert wading["high_water_vehicle"] == case["expected"]["high_water_vehicle_m"]
        assert table("flood")["high_water_max_speed_mph"] == case["expected"]["hwv_max_speed_mph"]
