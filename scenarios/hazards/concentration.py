"""Parts per million, milligrams and densities of gases by the ideal gas law."""

GAS_CONSTANT_J_MOL_K = 8.31446261815324
ATMOSPHERE_PA = 101_325.0
DRY_AIR_G_MOL = 28.9652
ZERO_CELSIUS_K = 273.15


def mg_m3_of_ppm(ppm: float, *, molar_mass_g_mol: float, temperature_c: float = 25.0) -> float:
    """Mass concentration of a volume share at one atmosphere, mg/m3."""
    return ppm * 1e-6 * density_kg_m3(molar_mass_g_mol, temperature_k=temperature_c + ZERO_CELSIUS_K) * 1e6


def ppm_of_kg_m3(kg_m3: float, *, molar_mass_g_mol: float, temperature_c: float = 25.0) -> float:
    """Volume share of a mass concentration at one atmosphere, ppm."""
    return kg_m3 / density_kg_m3(molar_mass_g_mol, temperature_k=temperature_c + ZERO_CELSIUS_K) * 1e6


def density_kg_m3(molar_mass_g_mol: float, *, temperature_k: float) -> float:
    """Density of a gas at one atmosphere, kg/m3; ``DRY_AIR_G_MOL`` gives that of dry air."""
    return molar_mass_g_mol / 1000 * ATMOSPHERE_PA / (GAS_CONSTANT_J_MOL_K * temperature_k)
