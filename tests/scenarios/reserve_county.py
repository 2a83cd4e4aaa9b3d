"""The straight county as a reserve question to follow by hand: two depots, two shelters, two items."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from geo.region.region import Region
from scenarios.reserve_models import ReserveScenario
from tests.scenarios.straight_county import LAT, LONS, straight_county

WATER = box(LONS[4] + 0.004, LAT - 0.004, LONS[5] + 0.004, LAT + 0.004)
"""v5 alone lies in it; the road from v4 to v6 crosses it."""


def reserve_county(**changes: pd.DataFrame) -> Region:
    """A county depot at v1, a village depot at v10, shelters at v2 (150) and v9 (60), a flood around v5."""
    return straight_county(
        **{
            "shelters": shelters(),
            "depots": depots(),
            "items": items(),
            "stock": stock(),
            "flood_zones": flood_zones(),
            **changes,
        }
    )


def shelters(west: int = 150, east: int = 60) -> pd.DataFrame:
    return _table(
        {"id": "west", "capacity_people": west, "heated": "yes", "lon": LONS[2], "lat": LAT},
        {"id": "east", "capacity_people": east, "heated": "yes", "lon": LONS[9], "lat": LAT},
    )


def depots(**county: object) -> pd.DataFrame:
    """Floors of 100 and 20 m2; the county depot may grow by 40 m2."""
    store = {
        "id": "store", "level": "county", "township_id": "town", "floor_m2": 100, "volume_m3": 300,
        "can_enlarge_m2": 40, "enlarge_cost_m2": 1000, "loading_s": 600, "lon": LONS[1], "lat": LAT,
    }  # fmt: skip
    far = {
        "id": "far", "level": "village", "township_id": "east", "floor_m2": 20, "volume_m3": 60,
        "loading_s": 600, "lon": LONS[10], "lat": LAT,
    }  # fmt: skip
    return _table({**store, **county}, far)


def village_of(floor_m2: float) -> pd.DataFrame:
    """The two depots, the village's with so much floor."""
    table = depots().astype({"floor_m2": float})
    table.loc[table["id"] == "far", "floor_m2"] = floor_m2
    return table


def items(**mat: object) -> pd.DataFrame:
    """A quilt a person (two in winter), a pump an incident with water."""
    quilt = {
        "id": "quilt", "unit": "床 | quilt", "mass_kg": 3.0, "volume_m3": 0.02, "storage_class": "dry",
        "per": "person", "quantity_per": 1, "winter_factor": 2, "unit_cost": 100,
    }  # fmt: skip
    pump = {
        "id": "pump-portable", "unit": "台 | pump", "mass_kg": 45.0, "volume_m3": 0.15,
        "storage_class": "dry", "per": "incident", "quantity_per": 4, "hazards": "river_flood",
        "unit_cost": 3000,
    }  # fmt: skip
    return _table({**quilt, **mat}, pump)


def stock(*more: Mapping[str, object], quilts: int = 40) -> pd.DataFrame:
    return _table(
        {"id": "s1", "depot_id": "store", "item_id": "quilt", "mode": "physical", "quantity": quilts},
        {"id": "s2", "depot_id": "store", "item_id": "pump-portable", "mode": "physical", "quantity": 2},
        *more,
    )


def flood_zones() -> gpd.GeoDataFrame:
    zone = {
        "id": "reach",
        "hazard": "river_flood",
        "return_period_y": 50,
        "depth_m": 2.0,
        "source": "assumed",
    }
    return gpd.GeoDataFrame([zone], geometry=[WATER], crs="EPSG:4326")


def flood(**changes: object) -> dict[str, Any]:
    return {
        "id": "flood",
        "name_en": "Flood",
        "probability": 0.6,
        "hazard": "river_flood",
        "where": {"flood_zones": ["reach"]},
        "at": "2026-07-01T10:00:00+08:00",
        **changes,
    }


def quake(**changes: object) -> dict[str, Any]:
    return {
        "id": "quake",
        "name_en": "Quake",
        "probability": 0.4,
        "hazard": "collapse",
        "where": {"lon": LONS[8], "lat": LAT},
        "at": "2026-07-01T10:00:00+08:00",
        **changes,
    }


def reserve_scenario(*emergencies: Mapping[str, object], **changes: object) -> ReserveScenario:
    """100 people in summer, a flood and an earthquake; ``changes`` are keys of the section ``reserve``."""
    section: dict[str, object] = {
        "people": 100,
        "season": "summer",
        "counted_on": "2026-06-01",
        "scenarios": list(emergencies or (flood(), quake())),
        "validate_on": 0,
        "compare": False,
        "curve": [],
    }
    content = {"muster": 1, "kind": "reserve", "region": "straight", "reserve": {**section, **changes}}
    return ReserveScenario.model_validate(content)


def _table(*records: Mapping[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{"source": "assumed", **record} for record in records])
