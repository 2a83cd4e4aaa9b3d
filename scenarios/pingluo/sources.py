"""What the region is written from: the public data folder, and the facts in YAML beside this file."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import shapely
import yaml
from shapely.geometry.base import BaseGeometry

LonLat = tuple[float, float]


@cache
def facts(name: str) -> Any:
    """The content of ``facts/<name>.yaml``; read once, shared, never changed."""
    return yaml.safe_load((files("scenarios.pingluo") / "facts" / f"{name}.yaml").read_text("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of the trunk skeleton: its number in the file, both junctions, and its true length."""

    number: int
    ends: tuple[int, int]
    length_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Public data of the county and its neighbours, WGS84.

    Parameters
    ----------
    counties
        Area by Chinese name.
    seats
        Point of the seat by Chinese name, of Pingluo and its neighbours.
    junctions, links
        The trunk skeleton.
    river_lines, rail_lines
        Lines as they stand in the files.
    people_2000, mergers
        People by unit of the census of 2000, and today's township by those units.
    """

    counties: dict[str, BaseGeometry]
    seats: dict[str, LonLat]
    junctions: dict[int, LonLat]
    links: tuple[Link, ...]
    river_lines: tuple[BaseGeometry, ...]
    rail_lines: tuple[BaseGeometry, ...]
    people_2000: dict[str, int]
    mergers: dict[str, list[str]]


def read_sources(folder: Path) -> Sources:
    """Read the public data folder, ``../shared/data/pingluo`` seen from the project's root."""
    trunk = _features(folder / "highways_osm_simplified.geojson")
    people = json.loads((folder / "population_facts.json").read_text("utf-8"))
    return Sources(
        counties={p["name"]: shape for p, shape in _features(folder / "counties_wgs84.geojson")},
        seats={p["name"]: (s.x, s.y) for p, s in _features(folder / "township_seats_wgs84.geojson")},
        junctions={end: at for p, line in trunk for end, at in zip(_ends(p), line.coords, strict=True)},
        links=tuple(
            Link(number=i, ends=_ends(p), length_m=p["length_km"] * 1000) for i, (p, _) in enumerate(trunk)
        ),
        river_lines=tuple(s for _, s in _features(folder / "yellow_river_gshhg_f.geojson")),
        rail_lines=tuple(s for _, s in _features(folder / "dcw_rails_yinchuan_shizuishan.geojson")),
        people_2000=people["pingluo_2000_old_units"],
        mergers=people["merged_into_today"],
    )


def _features(path: Path) -> list[tuple[dict[str, Any], Any]]:
    features = json.loads(path.read_text("utf-8"))["features"]
    return [(f["properties"], shapely.geometry.shape(f["geometry"])) for f in features]


def _ends(properties: dict[str, Any]) -> tuple[int, int]:
    return properties["u"], properties["v"]
