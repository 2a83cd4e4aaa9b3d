"""The straight county with shelters, depots, stock and vehicles, and a flood around v5 that comes later."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from shapely.geometry import box, mapping

from geo.region.region import Region
from scenarios.doctrine import Doctrine
from scenarios.incident_models import IncidentScenario
from tests.scenarios.incident_county import doctrine, incident_county, incident_scenario, slot, teams
from tests.scenarios.straight_county import LAT, LONS

WATER = box(LONS[4] + 0.004, LAT - 0.004, LONS[5] + 0.004, LAT + 0.004)
"""v5 alone lies in it; the road from v4 to v6 crosses it."""


def relief_county(**changes: pd.DataFrame) -> Region:
    """Buses and trucks at v0, a depot at v1 with tents and water, shelters at v2 (50) and v9 (60)."""
    return incident_county(
        **{
            "teams": teams(*vehicles()),
            "shelters": shelters(),
            "depots": depots(),
            "items": items(),
            "stock": stock(),
            **changes,
        }
    )


def vehicles(buses: int = 2, trucks: int = 2) -> list[dict[str, object]]:
    return [
        _vehicles("bus-team", "bus", buses),
        _vehicles("truck-team", "truck", trucks),
    ]


def _vehicles(name: str, vehicle: str, count: int) -> dict[str, object]:
    return {
        "id": name, "force": "professional", "people": 10, "capabilities": "transport:1", "vehicles": count,
        "vehicle_class": vehicle, "turnout_s": 600, "lon": LONS[0], "lat": LAT, "source": "assumed",
    }  # fmt: skip


def shelters(*more: Mapping[str, object], heated: str = "yes") -> pd.DataFrame:
    return _table(
        {"id": "west", "capacity_people": 50, "heated": heated, "lon": LONS[2], "lat": LAT},
        {"id": "east", "capacity_people": 60, "heated": "yes", "lon": LONS[9], "lat": LAT},
        {"id": "wet", "capacity_people": 500, "heated": "yes", "lon": LONS[5], "lat": LAT},
        *more,
    )


def depots() -> pd.DataFrame:
    return _table(
        {"id": "store", "level": "county", "loading_s": 600, "lon": LONS[1], "lat": LAT},
        {"id": "far", "level": "village", "loading_s": 600, "lon": LONS[10], "lat": LAT},
    )


def items(**changes: object) -> pd.DataFrame:
    """A mat a person (two in winter), a quarter crate of water a person and day, a pump an incident."""
    mat = {
        "id": "mat", "unit": "张 | mat", "mass_kg": 2.0, "volume_m3": 0.01, "per": "person",
        "quantity_per": 1, "winter_factor": 2,
    }  # fmt: skip
    crate = {"id": "crate", "unit": "箱 | crate", "mass_kg": 10.0, "per": "day", "quantity_per": 0.25}
    pump = {"id": "pump", "unit": "台 | pump", "per": "incident", "quantity_per": 3}
    return _table({**mat, **changes}, crate, pump)


def stock(*more: Mapping[str, object], mats: int = 150, crates: int = 60) -> pd.DataFrame:
    return _table(
        {"id": "s1", "depot_id": "store", "item_id": "mat", "mode": "physical", "quantity": mats},
        {"id": "s2", "depot_id": "store", "item_id": "crate", "mode": "physical", "quantity": crates},
        {"id": "s3", "depot_id": "store", "item_id": "pump", "mode": "physical", "quantity": 9},
        *more,
    )


def flood(**changes: object) -> dict[str, object]:
    """Two metres of water around v5 from two hours after the order on; v5 is relocated."""
    return {
        "id": "flood",
        "hazard": "river_flood",
        "level": "IV",
        "water": [water("2026-07-01T12:00:00+08:00")],
        "relocate": "all",
        **changes,
    }


def water(begins: str | None) -> dict[str, Any]:
    return {"id": "w", "polygon": mapping(WATER), "depth_m": 2.0, "valid_from": begins}


def flood_scenario(*incidents: Mapping[str, object], **changes: object) -> IncidentScenario:
    return incident_scenario(*(incidents or (flood(),)), **changes)


def relief_doctrine(**changes: object) -> Doctrine:
    """One team for the flood; the relief rules of the shipped table with ``changes``."""
    table = doctrine(slot("fire", 1, first=1), hazard="river_flood").model_dump(mode="json")
    table["relief"].update({"items_within": {}, "leave_out": [], **changes})
    return Doctrine.model_validate(table)


def _table(*records: Mapping[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{"source": "assumed", **record} for record in records])
