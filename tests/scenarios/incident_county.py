"""A made-up county for incidents: the road of ``straight_county`` with teams and sites on it."""

from collections.abc import Mapping

import pandas as pd

from geo.region.region import Region
from scenarios.dispatch_plan import DispatchPlan
from scenarios.doctrine import Doctrine, shipped_doctrine
from scenarios.incident_models import IncidentScenario
from scenarios.shipped import DATA
from tests.scenarios.straight_county import LAT, LONS, straight_county


def incident_county(**changes: pd.DataFrame) -> Region:
    """Teams t0 to t4 along the road, one neighbour at its east end, an ammonia tank at v5."""
    return straight_county(
        **{"teams": teams(), "hazard_sites": hazard_sites(), "boundary": boundary(), **changes}
    )


def teams(*more: Mapping[str, object]) -> pd.DataFrame:
    def team(name: str, at: int, capabilities: str, force: str = "professional") -> dict[str, object]:
        return {
            "id": name, "force": force, "people": 10, "capabilities": capabilities, "vehicles": 2,
            "vehicle_class": "fire_engine", "turnout_s": 60, "lon": LONS[at], "lat": LAT, "source": "assumed",
        }  # fmt: skip

    return pd.DataFrame(
        [
            team("t0", 0, "fire:2;hazmat:2", "fire_rescue"),
            team("t1", 1, "hazmat:3"),
            team("t2", 2, "medical:2;evacuation_support:1"),
            team("t3", 9, "fire:1"),
            team("aid", 10, "fire:3;hazmat:3", "neighbour"),
            *more,
        ]
    )


def hazard_sites() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "id": "tank",
                "cas": "7664-41-7",
                "container": "tank",
                "lon": LONS[5],
                "lat": LAT,
                "source": "assumed",
            },
            {"id": "riddle", "cas": "", "container": "", "lon": LONS[5], "lat": LAT, "source": "assumed"},
            {"id": "odd", "cas": "1-1-1", "container": "", "lon": LONS[5], "lat": LAT, "source": "assumed"},
        ]
    )


def boundary() -> pd.DataFrame:
    west, south, east, north = 106.4, 38.8, 107.0, 39.0
    ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
    return pd.DataFrame([{"id": "county", "wkt": f"POLYGON (({ring}))", "source": "assumed"}])


def leak(**changes: object) -> dict[str, object]:
    """A small leak at v5 entered by hand: 300 m in all directions."""
    return {
        "id": "leak",
        "hazard": "toxic_gas",
        "level": "IV",
        "where": {"lon": LONS[5], "lat": LAT},
        "distances": {"isolate_m": 300, "source": "drill"},
        **changes,
    }


def incident_scenario(*incidents: Mapping[str, object], **changes: object) -> IncidentScenario:
    return IncidentScenario.model_validate(
        {
            "muster": 1,
            "kind": "incident",
            "region": "straight",
            "at": "2026-07-01T10:00:00+08:00",
            "weather": {"wind_from_deg": 270, "wind_m_s": 4},
            "incidents": list(incidents) or [leak()],
            **changes,
        }
    )


def doctrine(*slots: Mapping[str, object], hazard: str = "toxic_gas", **changes: object) -> Doctrine:
    """The shipped table with other slots for one hazard."""
    table = shipped_doctrine().model_dump(mode="json")
    table["hazards"][hazard]["slots"] = [
        {"weight": 5, "first_within": 600, "full_within": 1200, "source": "assumed", **slot} for slot in slots
    ] or table["hazards"][hazard]["slots"]
    table["hazards"][hazard].update(changes)
    return Doctrine.model_validate(table)


def slot(capability: str, at: int = 1, first: int = 0, more: int = 0) -> dict[str, object]:
    return {"capability": capability, "at": at, "first": {"IV": first}, "more": {"IV": more}}


SHIPPED_INCIDENTS = sorted((DATA / "incidents").glob("*.yaml"))


def sent(plan: DispatchPlan) -> dict[str, str]:
    """Capability by team."""
    return {one.team_id: one.capability for one in plan.decisions.slots if one.team_id}


def doctrine_with(base: Doctrine, hazard: str, *slots: dict[str, object]) -> Doctrine:
    """``base`` with other slots for a further hazard."""
    table = base.model_dump(mode="json")
    extra = doctrine(*slots, hazard=hazard).model_dump(mode="json")
    table["hazards"][hazard] = extra["hazards"][hazard]
    return Doctrine.model_validate(table)
