"""A made-up county on one straight road, small enough to follow by hand: eleven villages, 866 m apart."""

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd

from geo.region.region import Region
from geo.region.tables import make_region
from scenarios.scenario_models import Scenario

LAT = 38.9
LONS = [round(106.50 + 0.01 * k, 2) for k in range(11)]
"""Of the villages v0 to v10, from west to east."""
ISLAND_LON = 106.9


def straight_county(**changes: pd.DataFrame) -> Region:
    """A fire station stands at v0; candidates at v2, v5 and v8, one on an island road, one without a place.

    v0 to v3 lie in the town township, the others outside; one village is on the island, one has no place.
    """
    frames = {
        "townships": townships(),
        "demand": demand(),
        "roads": roads(),
        "stations": stations(),
        "teams": teams(),
    }
    return make_region("straight", {**frames, **changes})


def townships() -> pd.DataFrame:
    return _table(
        {"id": "town", "name_zh": "城关镇", "people": 400, "zone": "town", "lon": LONS[1], "lat": LAT},
        {"id": "east", "name_zh": "东乡", "people": 910, "zone": "outskirts", "lon": LONS[7], "lat": LAT},
    )


def demand() -> pd.DataFrame:
    villages = [
        {"id": f"v{k}", "people": 100, "township_id": "town" if k <= 3 else "east", "lon": lon, "lat": LAT}
        for k, lon in enumerate(LONS)
    ]
    island = {"id": "island", "people": 10, "township_id": "east", "lon": ISLAND_LON, "lat": LAT}
    lost = {"id": "lost", "people": 7, "township_id": "east", "lon": None, "lat": None}
    return _table(*villages, island, lost)


def roads() -> pd.DataFrame:
    pieces = [(f"r{k}", a, b) for k, (a, b) in enumerate(pairwise(LONS))]
    pieces.append(("island-road", ISLAND_LON - 0.005, ISLAND_LON + 0.005))
    return _table(
        *({"id": i, "class": "secondary", "wkt": f"LINESTRING ({a} {LAT}, {b} {LAT})"} for i, a, b in pieces)
    )


def stations() -> pd.DataFrame:
    def station(name: str, status: str, lon: float | None, cost: float | None = None) -> dict[str, object]:
        return {
            "id": name, "name_zh": f"{name}站", "kind": "fire_station", "status": status, "lon": lon,
            "lat": None if lon is None else LAT, "opening_cost": cost,
        }  # fmt: skip

    return _table(
        station("s0", "existing", LONS[0]),
        station("c2", "candidate", LONS[2], 100.0),
        station("c5", "planned", LONS[5], 300.0),
        station("c8", "candidate", LONS[8], 200.0),
        station("c-island", "candidate", ISLAND_LON, 900.0),
        station("c-lost", "candidate", None),
    )


def teams() -> pd.DataFrame:
    return _table(
        {
            "id": "t0", "station_id": "s0", "force": "fire_rescue", "people": 20, "capabilities": "fire:2",
            "turnout_s": 45, "lon": LONS[0], "lat": LAT,
        }
    )  # fmt: skip


def scenario(**changes: object) -> Scenario:
    """One new station, town 2 minutes, outskirts 4; ``changes`` are keys of the section ``siting``."""
    section: dict[str, object] = {
        "question": "mclp",
        "open": 1,
        "standards": [
            {"force": "fire", "zone": "town", "within_s": "2 min"},
            {"force": "fire", "zone": "outskirts", "within_s": "4 min"},
        ],
    }
    content = {"muster": 1, "kind": "siting", "region": "straight", "siting": {**section, **changes}}
    return Scenario.model_validate(content)


def _table(*records: Mapping[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{"source": "assumed", **record} for record in records])
