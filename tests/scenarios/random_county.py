"""Counties in two dimensions drawn from a seed: crooked roads, teams, stock, and incidents that overlap."""

from dataclasses import dataclass
from random import Random
from typing import Any

import pandas as pd
from shapely.geometry import box, mapping

from geo.region.region import Region
from geo.region.tables import make_region
from scenarios.board import Board
from scenarios.doctrine import Doctrine, shipped_doctrine
from scenarios.incident_models import IncidentScenario

WEST, SOUTH, STEP_DEG = 106.5, 38.9, 0.012
CAPABILITIES = ("fire", "hazmat", "medical", "transport")
LEVELS = ("I", "II", "III", "IV")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A question with all that it was made of."""

    region: Region
    scenario: IncidentScenario
    board: Board
    doctrine: Doctrine
    records: dict[str, list[Record]]

    def record(self, layer: str, name: str) -> Record:
        return next(one for one in self.records[layer] if one["id"] == name)


def drawn(seed: int) -> Drawn:
    """The same question for the same seed."""
    draw = Random(seed)
    crossings = [
        (round(WEST + STEP_DEG * i + draw.uniform(-0.003, 0.003), 6),
         round(SOUTH + STEP_DEG * j + draw.uniform(-0.003, 0.003), 6))
        for i in range(4) for j in range(4)
    ]  # fmt: skip
    records = {
        "townships": [_at(draw, crossings, id="town", name_zh="镇", people=900, zone="town")],
        "demand": [
            {
                "id": f"v{k}",
                "people": draw.choice([0, 7, 33, 120]),
                "township_id": "town",
                "lon": lon,
                "lat": lat,
            }
            for k, (lon, lat) in enumerate(crossings)
        ],
        "roads": _roads(draw, crossings),
        "teams": _teams(draw, crossings),
        "shelters": [
            _at(draw, crossings, id=f"shelter{k}", capacity_people=draw.choice([5, 40, 200]), heated="yes")
            for k in range(3)
        ],
        "depots": [_at(draw, crossings, id=f"depot{k}", level="county", loading_s=600) for k in range(2)],
        "items": _items(draw),
        "stock": _stock(draw),
    }
    region = make_region("drawn", {layer: _table(rows) for layer, rows in records.items()})
    return Drawn(
        region=region,
        scenario=_scenario(draw, crossings),
        board=_board(draw, records),
        doctrine=_doctrine(draw),
        records=records,
    )


def _at(draw: Random, crossings: list[tuple[float, float]], **record: Any) -> Record:
    lon, lat = draw.choice(crossings)
    return {**record, "lon": lon, "lat": lat}


def _roads(draw: Random, crossings: list[tuple[float, float]]) -> list[Record]:
    return [
        {
            "id": f"r{a}-{b}",
            "class": draw.choice(["primary", "tertiary", "residential"]),
            "oneway": draw.choice(["no"] * 5 + ["yes"]),
            "wkt": "LINESTRING ({} {}, {} {})".format(*crossings[a], *crossings[b]),
        }
        for a in range(16)
        for b in (a + 1, a + 4)
        if b < 16 and (b == a + 4 or b % 4) and draw.random() < 0.9
    ]


def _teams(draw: Random, crossings: list[tuple[float, float]]) -> list[Record]:
    def team(name: str, vehicle: str, capabilities: str, force: str = "professional") -> Record:
        return _at(
            draw, crossings, id=name, force=force, people=9, vehicles=draw.randint(1, 3),
            vehicle_class=vehicle, capabilities=capabilities, turnout_s=draw.choice([0, 60, 600]),
        )  # fmt: skip

    def skills() -> str:
        return ";".join(f"{name}:{draw.randint(1, 3)}" for name in draw.sample(CAPABILITIES, 2))

    forces = ["professional", "professional", "neighbour"]
    crews = [team(f"t{k}", "fire_engine", skills(), draw.choice(forces)) for k in range(5)]
    return [*crews, team("bus", "bus", "transport:1"), team("trucks", "truck", "transport:1")]


def _items(draw: Random) -> list[Record]:
    mass_kg, volume_m3, each = draw.choice([2.0, 400.0]), draw.choice([0.1, 5.0]), draw.choice([1, 1.6667])
    return [
        {
            "id": "mat", "unit": "张 | mat", "mass_kg": mass_kg, "volume_m3": volume_m3, "per": "person",
            "quantity_per": each,
        },
        {"id": "crate", "unit": "箱 | crate", "mass_kg": 10.0, "per": "day", "quantity_per": 0.25},
    ]  # fmt: skip


def _stock(draw: Random) -> list[Record]:
    return [
        {
            "id": f"s{k}",
            "depot_id": f"depot{draw.randint(0, 1)}",
            "item_id": draw.choice(["mat", "crate"]),
            "mode": draw.choice(["physical", "physical", "agreement"]),
            "quantity": draw.choice([5, 60, 500]),
            "lead_time_s": 7200,
            "supplier": draw.choice(["", "Ltd"]),
            "expires_on": draw.choice(["", "", "2026-06-30"]),
        }
        for k in range(6)
    ]


def _scenario(draw: Random, crossings: list[tuple[float, float]]) -> IncidentScenario:
    content = {
        "muster": 1, "kind": "incident", "region": "drawn", "at": "2026-07-01T10:00:00+08:00",
        "weather": draw.choice([{}, {"wind_from_deg": draw.randint(0, 360), "wind_m_s": 3}]),
        "incidents": [_flood(draw, crossings, k) for k in range(draw.randint(1, 2))]
        + [_leak(draw, crossings)] * draw.randint(0, 1),
    }  # fmt: skip
    return IncidentScenario.model_validate(content)


def _flood(draw: Random, crossings: list[tuple[float, float]], number: int) -> Record:
    lon, lat = draw.choice(crossings)
    wide, high = draw.uniform(0.002, 0.01), draw.uniform(0.002, 0.01)
    area = box(round(lon - wide, 6), round(lat - high, 6), round(lon + wide, 6), round(lat + high, 6))
    water = {
        "id": f"w{number}",
        "polygon": mapping(area),
        "depth_m": draw.choice([0.2, 0.6, 2.0]),
        "valid_from": draw.choice([None, "2026-07-01T14:00:00+08:00", "2026-07-01T17:00:00+08:00"]),
    }
    return {
        "id": f"flood{number}", "hazard": "river_flood", "level": draw.choice(LEVELS), "water": [water],
        "relocate": draw.choice(["all", 40, 300]),
    }  # fmt: skip


def _leak(draw: Random, crossings: list[tuple[float, float]]) -> Record:
    lon, lat = draw.choice(crossings)
    return {
        "id": "leak", "hazard": "toxic_gas", "level": draw.choice(LEVELS), "where": {"lon": lon, "lat": lat},
        "distances": {"isolate_m": draw.choice([50, 300]), "protect_m": 900, "source": "drill"},
    }  # fmt: skip


def _board(draw: Random, records: dict[str, list[Record]]) -> Board:
    crews = [team["id"] for team in records["teams"] if draw.random() < 0.3]
    return Board.model_validate(
        {
            "muster": 1,
            "teams": [
                {"id": name, "status": draw.choice(["on_scene", "off_duty", "returning"])} for name in crews
            ],
            "stock": [{"depot_id": "depot0", "item_id": "mat", "quantity": draw.choice([-400, -20, 30])}],
            "closures": [{"id": "c", "road_ids": [draw.choice(records["roads"])["id"]]}],
        }
    )


def _doctrine(draw: Random) -> Doctrine:
    table = shipped_doctrine().model_dump(mode="json")
    for hazard in table["hazards"].values():
        hazard["slots"] = [
            {
                "capability": draw.choice(CAPABILITIES), "at": draw.randint(1, 2),
                "weight": draw.randint(1, 9), "first": dict.fromkeys(LEVELS, draw.randint(0, 1)),
                "first_within": 600,
                "more": dict.fromkeys(LEVELS, draw.randint(0, 1)), "full_within": 1800, "source": "assumed",
            }
            for _ in range(2)
        ]  # fmt: skip
    table["relief"].update({"leave_out": [], "gather_m": 1000, "without_car": draw.choice([0.3, 1.0])})
    return Doctrine.model_validate(table)


def _table(records: list[Record]) -> pd.DataFrame:
    return pd.DataFrame([{"source": "assumed", **record} for record in records])
