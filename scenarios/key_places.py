"""Who and what lies inside hazard zones: people, and places that need a word of their own."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from geo.region.region import Region
from optimizer.problem import Floats, Int64s
from scenarios.dispatch_plan import PlaceInside
from scenarios.hazards.advice import advise_places
from scenarios.hazards.arrival import cloud_at_places
from scenarios.hazards.chemical import ChemicalHazard
from scenarios.hazards.zones import HazardZone, inside
from scenarios.place_names import place_names

KEY_LAYERS = ("hospitals", "shelters", "hazard_sites", "depots", "stations")
KEY_KINDS = ("school", "hospital", "shelter", "park", "nursing_home")
"""Kinds of the layer ``demand`` that count as key places."""


@lru_cache(maxsize=16)
def people_points(region: Region) -> tuple[Floats, Int64s]:
    """Places where people live, longitude and latitude, shape (n, 2), and people, shape (n,), read-only."""
    table = region.placed("demand")
    lonlat = np.column_stack([table.geometry.x, table.geometry.y])
    people = table["people"].fillna(0).to_numpy(np.int64)
    lonlat.setflags(write=False)
    people.setflags(write=False)
    return lonlat, people


def key_places(
    region: Region, zones: Sequence[HazardZone], chemical: ChemicalHazard | None, *, clearance_s: float
) -> tuple[PlaceInside, ...]:
    """Key places inside any of the zones, by layer in the order of the region, with advice for a release.

    ``clearance_s``: until everybody is out of such a place.
    """
    found: list[PlaceInside] = []
    for layer in (*KEY_LAYERS, "demand"):
        found += _of_layer(region, layer, zones, chemical, clearance_s)
    return tuple(found)


def _of_layer(
    region: Region,
    layer: str,
    zones: Sequence[HazardZone],
    chemical: ChemicalHazard | None,
    clearance_s: float,
) -> list[PlaceInside]:
    table, lonlat = _candidates(region, layer)
    if not len(table) or not zones:
        return []
    gravest = _gravest(zones, lonlat)
    rows = np.flatnonzero(gravest >= 0)
    if not len(rows):
        return []
    advice = advise_places(chemical, lonlat[rows], np.full(len(rows), clearance_s)) if chemical else None
    arrival_s = cloud_at_places(chemical, lonlat[rows]).arrival_s if chemical else np.full(len(rows), np.inf)
    return [
        PlaceInside(
            layer=layer,
            id=str(table["id"].iloc[row]),
            name_zh=names[0],
            name_en=names[1],
            zone=zones[gravest[row]].id,
            level=zones[gravest[row]].level,
            cloud_s=round(float(arrival_s[at]), 1) if np.isfinite(arrival_s[at]) else None,
            action=advice[at].action if advice else "",
            reason_zh=advice[at].reason_zh if advice else "",
            reason_en=advice[at].reason_en if advice else "",
        )
        for at, row in enumerate(rows.tolist())
        for names in [_names(region, layer, row)]
    ]


@lru_cache(maxsize=128)
def _candidates(region: Region, layer: str) -> tuple[pd.DataFrame, Floats]:
    """Records of a layer that count as key places, and where they are, shape (n, 2)."""
    table = region.placed(layer)
    if layer == "demand":
        table = table[table["kind"].isin(KEY_KINDS)].reset_index(drop=True)
    if layer == "stations":
        table = table[table["status"] == "existing"].reset_index(drop=True)
    return table, np.column_stack([table.geometry.x, table.geometry.y])


@lru_cache(maxsize=20_000)
def _names(region: Region, layer: str, row: int) -> tuple[str, str]:
    """Its names, else those of its township with its number."""
    table, _ = _candidates(region, layer)
    names = str(table["name_zh"].iloc[row]), str(table["name_en"].iloc[row])
    if any(names) or "township_id" not in table:
        return names
    return place_names(
        region.table("townships"), str(table["township_id"].iloc[row]), str(table["id"].iloc[row])
    )


def _gravest(zones: Sequence[HazardZone], lonlat: Floats) -> Int64s:
    """Number of the gravest zone that each place lies in, the first of equals; -1 = none."""
    best = np.full(len(lonlat), -1, np.int64)
    level = np.zeros(len(lonlat), np.int64)
    for number, zone in enumerate(zones):
        better = inside(zone, lonlat) & (zone.level > level)
        best[better], level[better] = number, zone.level
    return best
