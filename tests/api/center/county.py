"""The made-up county that the command center serves in tests, and what happens in it."""

from pathlib import Path
from typing import Any

from geo.region.files import write_region
from tests.scenarios.incident_county import teams
from tests.scenarios.relief_county import relief_county, stock, vehicles
from tests.scenarios.straight_county import LAT, LONS


def write_county(folder: Path, *, engines: int = 0) -> Path:
    """The straight county with relief; ``engines`` more fire engines, spread over its villages."""
    far = {"id": "s4", "depot_id": "far", "item_id": "mat", "mode": "physical", "quantity": 1}
    more = [*(_engine(number) for number in range(engines)), *([_lost()] if engines else [])]
    write_region(relief_county(teams=teams(*vehicles(), *more), stock=stock(far)), folder / "county")
    return folder / "county"


def _engine(number: int) -> dict[str, object]:
    return {
        "id": f"engine-{number:02d}", "force": "fire_rescue", "people": 6, "vehicles": 1, "turnout_s": 60,
        "capabilities": "fire:2;hazmat:2;collapse_rescue:2;medical:2;road_rescue:2;command:2",
        "vehicle_class": "fire_engine", "lon": LONS[number % 11], "lat": LAT, "source": "assumed",
    }  # fmt: skip


def _lost() -> dict[str, object]:
    """A team that the ledger gives no coordinates."""
    return {
        "id": "lost-team", "force": "volunteer", "people": 8, "vehicles": 1,
        "capabilities": "evacuation_support:1", "vehicle_class": "car", "source": "assumed",
    }  # fmt: skip


def leak(**changes: Any) -> dict[str, Any]:
    """A small leak at v5, distances entered by hand."""
    return {
        "hazard": "toxic_gas",
        "level": "IV",
        "where": {"lon": LONS[5], "lat": LAT},
        "distances": {"isolate_m": 300, "source": "drill"},
        **changes,
    }


def collapse(**changes: Any) -> dict[str, Any]:
    """A house that fell down at v5: no zones."""
    return {"hazard": "collapse", "level": "IV", "where": {"lon": LONS[5], "lat": LAT}, **changes}
