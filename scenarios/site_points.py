"""Whom a siting question serves: demand points with their people, and places such as plants or gullies."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import refuse
from geo.region.region import Region
from optimizer.problem import Bools, Floats, Int64s
from scenarios.model_base import Records
from scenarios.scenario_models import SitingSection, Standard
from scenarios.where import read_condition

Words = np.ndarray
DEMAND = "demand"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Demand points first, then the places of other layers; ``k`` in all.

    Parameters
    ----------
    id, layer, name_zh, name_en, township, zone
        Of each, shape (k,); empty = none.
    people
        People that a demand point stands for; 1 for every other place, shape (k,).
    lonlat
        WGS84, shape (k, 2).
    row_point, row_standard
        Point and standard of each row of the problem, by standard, shape (n,).
    """

    id: Words
    layer: Words
    name_zh: Words
    name_en: Words
    township: Words
    zone: Words
    people: Int64s
    lonlat: Floats
    row_point: Int64s
    row_standard: Int64s

    @property
    def demand(self) -> Bools:
        """Which points are demand, shape (k,)."""
        return np.asarray(self.layer == DEMAND)


def points_of(region: Region, section: SitingSection) -> Points:
    """The points that the standards of a scenario speak of, and their rows.

    Raises
    ------
    InputError
        S126 a standard that holds for no point, S130 no demand at all.
    """
    others = list(dict.fromkeys(s.of.layer for s in section.standards if s.of is not None))
    tables = [_demand(region, section), *(_places(region, layer) for layer in others)]
    both = pd.concat(tables, ignore_index=True)
    township = both["township_id"].to_numpy(dtype=object)
    zones = region.table("townships")
    zone_of = dict(zip(zones["id"], zones["zone"], strict=True))
    zone = np.array([zone_of.get(one, "") for one in township], dtype=object)
    layer = both["layer"].to_numpy(dtype=object)
    held = [_held(region, number, s, layer, zone, both) for number, s in enumerate(section.standards)]
    return Points(
        id=both["id"].astype(str).to_numpy(dtype=object),
        layer=layer,
        name_zh=both["name_zh"].to_numpy(dtype=object),
        name_en=both["name_en"].to_numpy(dtype=object),
        township=np.where(zone == "", "", township),
        zone=zone,
        people=both["people"].to_numpy(np.int64),
        lonlat=both[["lon", "lat"]].to_numpy(np.float64),
        row_point=np.concatenate(held),
        row_standard=np.repeat(np.arange(len(held)), [len(rows) for rows in held]),
    )


def _demand(region: Region, section: SitingSection) -> pd.DataFrame:
    points = region.placed(DEMAND)
    if not len(points) and any(standard.of is None for standard in section.standards):
        raise refuse(
            "S130",
            where=f"region {region.name}, layer demand",
            found="no placed record",
            wanted="places where people live",
            fix="Add demand points, or build the region with demand.",
        )
    return _table(points, DEMAND, points["people"], points["township_id"])


def _places(region: Region, layer: str) -> pd.DataFrame:
    """One point for each placed record; areas by a point inside, lines by their middle."""
    table = region.placed(layer)
    kinds = table.geometry.geom_type.isin(["LineString", "MultiLineString"])
    inside = table.geometry.representative_point()
    if kinds.any():
        inside = inside.where(~kinds, table.geometry.interpolate(0.5, normalized=True))
    placed = table.set_geometry(inside)
    if "township_id" in placed.columns:
        return _table(placed, layer, 1, placed["township_id"])
    towns = region.table("townships")
    assert isinstance(towns, gpd.GeoDataFrame)
    drawn = towns[towns.geometry.notna() & ~towns.geometry.is_empty]
    found = gpd.sjoin(placed[["geometry"]], drawn[["id", "geometry"]], how="left", predicate="within")
    first = found["id"][~found.index.duplicated()].fillna("")
    return _table(placed, layer, 1, first)


def _table(
    placed: gpd.GeoDataFrame, layer: str, people: "pd.Series[int] | int", township: "pd.Series[str]"
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": placed["id"],
            "layer": layer,
            "name_zh": placed["name_zh"],
            "name_en": placed["name_en"],
            "people": people,
            "township_id": township,
            "lon": placed.geometry.x,
            "lat": placed.geometry.y,
        }
    )


def _held(
    region: Region, number: int, standard: Standard, layer: Words, zone: Words, points: pd.DataFrame
) -> Int64s:
    """Points that a standard holds for, ascending."""
    held = layer == (DEMAND if standard.of is None else standard.of.layer)
    if standard.zone:
        held &= zone == standard.zone
    if standard.of is not None:
        held &= points["id"].isin(_meeting(region, standard.of)).to_numpy()
    if not held.any():
        what = "demand point" if standard.of is None else f"placed record of {standard.of.layer}"
        raise refuse(
            "S126",
            where=f"siting.standards[{number}]",
            found=f"no {what} that it holds for"
            + (f" in zone {standard.zone!r}" if standard.zone else "")
            + (f" that meets {standard.of.where!r}" if standard.of and standard.of.where else ""),
            wanted="at least one point that the standard holds for",
            fix="Give townships their zone and points their township, correct the condition, or drop it.",
        )
    return np.flatnonzero(held)


def _meeting(region: Region, of: Records) -> Sequence[str]:
    """Ids of the records that meet a condition."""
    table = region.table(of.layer)
    if of.where is None or not len(table):
        return list(table["id"])
    meets = read_condition(of.where).test
    records = table.to_dict("records")
    return [str(record["id"]) for record in records if meets({str(k): v for k, v in record.items()})]
