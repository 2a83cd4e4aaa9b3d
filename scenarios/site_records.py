"""Records of a region as sites of a siting question: what stands, what is offered, what they say."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.region.region import Region
from optimizer.problem import Int64s
from scenarios.forces import Force
from scenarios.plan import PlanWarning, Site
from scenarios.scenario_models import SitingSection
from scenarios.spread import spread
from scenarios.where import read_condition

STATIONS = "stations"


def standing_records(region: Region, forces: Iterable[Force], kinds: set[str]) -> dict[str, gpd.GeoDataFrame]:
    """What stands, by layer: existing stations that house a force, all placed records of other layers."""
    found: dict[str, gpd.GeoDataFrame] = {}
    for layer in dict.fromkeys(force.layer for force in forces):
        table = region.placed(layer)
        if layer == STATIONS:
            table = table[(table["status"] == "existing") & table["kind"].isin(kinds)]
        found[layer] = table
    return found


def candidate_records(
    region: Region, section: SitingSection, kinds: set[str], stand: frozenset[str]
) -> tuple[gpd.GeoDataFrame, tuple[PlanWarning, ...]]:
    """Placed records that meet the scenario's condition and do not stand; a warning of those without a place.

    ``kinds`` of stations house a force; of layers in ``stand`` all records stand.
    """
    rule = section.candidates
    table = region.table(rule.layer)
    if rule.where is not None and len(table):
        meets = read_condition(rule.where).test
        table = table[[meets({str(k): v for k, v in record.items()}) for record in table.to_dict("records")]]
    if rule.layer == STATIONS:
        table = table[(table["status"] != "existing") & table["kind"].isin(kinds)]
    elif rule.layer in stand:
        table = table.iloc[:0]
    assert isinstance(table, gpd.GeoDataFrame)
    placed = table.geometry.notna() & ~table.geometry.is_empty
    warnings = () if placed.all() else (_unplaced(rule.layer, table.loc[~placed, "id"]),)
    table = table[placed].reset_index(drop=True)
    if rule.at_most is not None and len(table):
        table = table.iloc[spread(np.column_stack([table.geometry.x, table.geometry.y]), rule.at_most)]
    return table, warnings


def _unplaced(layer: str, ids: "pd.Series[str]") -> PlanWarning:
    return PlanWarning(
        code="S151",
        text_zh="候选站址缺少坐标，未参与计算",
        text_en="candidate sites without coordinates were left out",
        layer=layer,
        records=tuple(ids),
    )


def named(table: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
    """The records, those without any name called after township and id, so that people can find them."""
    if "township_id" not in table.columns:
        return table
    towns = region.table("townships").drop_duplicates("id").set_index("id")
    zh, en = (table["township_id"].map(towns[name]).fillna("") for name in ("name_zh", "name_en"))
    nameless = (table["name_zh"] == "") & (table["name_en"] == "")
    return table.assign(
        name_zh=table["name_zh"].mask(nameless & (zh != ""), zh + " " + table["id"]),
        name_en=table["name_en"].mask(nameless & (en != ""), en + ", " + table["id"]),
    )


def sites_in(table: gpd.GeoDataFrame, layer: str, cost: str) -> list[Site]:
    """The records as sites; ``cost`` is the column of what opening or closing them costs."""
    costs = table[cost] if cost in table.columns else [None] * len(table)
    towns = table["township_id"] if "township_id" in table.columns else [""] * len(table)
    return [
        Site(
            id=str(record),
            layer=layer,
            name_zh=str(zh),
            name_en=str(en),
            lon=round(float(x), 7),
            lat=round(float(y), 7),
            township_id=str(town),
            cost=None if price is None or pd.isna(price) else float(price),
        )
        for record, zh, en, x, y, town, price in zip(
            table["id"],
            table["name_zh"],
            table["name_en"],
            table.geometry.x,
            table.geometry.y,
            towns,
            costs,
            strict=True,
        )
    ]


def drawn_sites(section: SitingSection) -> list[Site]:
    """Places of the scenario's drawn plan."""
    return [
        Site(
            id=place.id,
            layer="drawn",
            name_zh=place.name_zh,
            name_en=place.name_en,
            lon=round(place.lon, 7),
            lat=round(place.lat, 7),
        )
        for place in (section.drawn.places if section.drawn else ())
    ]


def kinds_in(layer: str, table: gpd.GeoDataFrame) -> list[str]:
    """Kind of each station; empty for records of other layers."""
    return list(table["kind"]) if layer == STATIONS else [""] * len(table)


def stated_in(tables: Iterable[tuple[str, gpd.GeoDataFrame]], column: str | None, extra: int) -> Int64s:
    """What the records of the sites say in a column, -1 where they do not, and for ``extra`` sites more."""
    said = [
        table[column].fillna(-1).to_numpy(np.int64) if column in table.columns else np.full(len(table), -1)
        for _, table in tables
    ]
    return np.concatenate([*said, np.full(extra, -1)])
