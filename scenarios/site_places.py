"""The sites of a siting question: stations that stand, and places where new ones may open."""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import Fault, InputError, refuse
from geo.region.region import Region
from optimizer.problem import Bools, Floats, Int64s
from scenarios.forces import Force
from scenarios.plan import PlanWarning, Site
from scenarios.scenario_models import SitingSection
from scenarios.spread import spread
from scenarios.where import read_condition

STATIONS = "stations"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sites:
    """Existing stations first, then candidates; ``m`` sites.

    Parameters
    ----------
    places
        What the plan says of each.
    kind
        Kind of station; empty for candidates of other layers, which may house every force.
    existing, kept, closable
        Which stand, which stay, which may give up their place, shape (m,). An existing site that is neither
        kept nor closable is closed by the plan.
    drawn
        Places that the planner drew, which only the plan drawn by hand has open, shape (m,).
    room
        Teams that each place can house, -1 = its record does not say, shape (m,).
    closing, opening
        Cost of closing an existing site and of opening a new one, 0 where no record says, CNY, shape (m,).
    warnings
        Records left out.
    """

    places: tuple[Site, ...]
    kind: tuple[str, ...]
    existing: Bools
    kept: Bools
    closable: Bools
    drawn: Bools
    room: Int64s
    closing: Floats
    opening: Floats
    warnings: tuple[PlanWarning, ...]

    def houses(self, force: Force) -> Bools:
        """Which sites may house a force, shape (m,)."""
        return np.array([kind == "" or kind in force.station_kinds for kind in self.kind], np.bool_)


def sites_of(region: Region, section: SitingSection, forces: Iterable[Force]) -> Sites:
    """Stations that stand and house one of the forces, and the candidates of the scenario.

    Records without a place are left out with a warning; an existing station is never a candidate.

    Raises
    ------
    InputError
        S120 no candidate, S121 more to open than there are places, S122 unknown stations under keep or
        closable, S127 candidates without cost where the cheapest are asked for.
    """
    kinds = {kind for force in forces for kind in force.station_kinds}
    stations = region.placed(STATIONS)
    standing = stations[(stations["status"] == "existing") & stations["kind"].isin(kinds)]
    offered, warnings = _candidates(region, section, kinds)
    _refuse_unknown(section, standing)
    places = (
        *_sites(_named(standing, region), STATIONS, "closing_cost"),
        *_sites(_named(offered, region), section.candidates.layer, "opening_cost"),
        *_drawn(section),
    )
    drawn = np.arange(len(places)) >= len(standing) + len(offered)
    existing = np.arange(len(places)) < len(standing)
    movable = section.rules.movable
    closable = np.array([p.id in section.closable or p.id in movable for p in places], np.bool_) & existing
    listed = np.array([section.keep == "existing" or place.id in section.keep for place in places], np.bool_)
    price = np.array(
        [
            section.closable.get(p.id, p.cost or 0.0) if c else p.cost or 0.0
            for p, c in zip(places, closable.tolist(), strict=True)
        ]
    )
    sites = Sites(
        places=tuple(
            place.model_copy(update={"cost": section.closable.get(place.id, place.cost)}) if closes else place
            for place, closes in zip(places, closable.tolist(), strict=True)
        ),
        kind=(
            *standing["kind"],
            *(offered["kind"] if section.candidates.layer == STATIONS else [""] * len(offered)),
            *([""] * int(drawn.sum())),
        ),
        existing=existing,
        kept=existing & listed & ~closable,
        closable=closable,
        drawn=drawn,
        room=np.concatenate([_room(standing), _room(offered), np.full(int(drawn.sum()), -1)]),
        closing=np.where(existing, price, 0.0),
        opening=np.where(existing, 0.0, price),
        warnings=warnings,
    )
    _refuse_impossible(section, sites)
    return sites


def _candidates(
    region: Region, section: SitingSection, kinds: set[str]
) -> tuple[gpd.GeoDataFrame, tuple[PlanWarning, ...]]:
    rule = section.candidates
    table = region.table(rule.layer)
    if rule.where is not None and len(table):
        meets = read_condition(rule.where).test
        table = table[[meets({str(k): v for k, v in record.items()}) for record in table.to_dict("records")]]
    if rule.layer == STATIONS:
        table = table[(table["status"] != "existing") & table["kind"].isin(kinds)]
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


def _named(table: gpd.GeoDataFrame, region: Region) -> gpd.GeoDataFrame:
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


def _sites(table: gpd.GeoDataFrame, layer: str, cost: str) -> list[Site]:
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


def _drawn(section: SitingSection) -> list[Site]:
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


def _room(table: gpd.GeoDataFrame) -> Int64s:
    if "team_places" not in table.columns:
        return np.full(len(table), -1)
    return table["team_places"].fillna(-1).to_numpy(np.int64)


def _refuse_unknown(section: SitingSection, standing: pd.DataFrame) -> None:
    known = set(standing["id"])
    named = [("keep", one) for one in (section.keep if section.keep != "existing" else ())]
    named += [("closable", one) for one in section.closable]
    named += [("rules.movable", one) for one in section.rules.movable]
    named += [("drawn.close", one) for one in (section.drawn.close if section.drawn else ())]
    if wrong := [(key, one) for key, one in named if one not in known]:
        raise InputError(
            Fault(
                code="S122",
                where=f"siting.{key}",
                found=f"the station {one!r}",
                wanted=f"an existing station of the forces asked for: {', '.join(sorted(known)) or 'none'}",
                fix="Correct the id, or remove it.",
            )
            for key, one in wrong
        )


def _refuse_impossible(section: SitingSection, sites: Sites) -> None:
    offered = int((~sites.existing & ~sites.drawn).sum())
    if offered == 0:
        raise refuse(
            "S120",
            where="siting.candidates",
            found=f"no placed record of {section.candidates.layer} that meets {section.candidates.where!r}",
            wanted="at least one candidate",
            fix="Correct the condition, or add candidates to the region.",
        )
    if section.open is not None and section.open > offered:
        raise refuse(
            "S121",
            where="siting.open",
            found=str(section.open),
            wanted=f"at most the {offered} candidates",
            fix="Open fewer, or offer more candidates.",
        )
    unpriced = [
        p.id
        for p, other in zip(sites.places, sites.existing | sites.drawn, strict=True)
        if p.cost is None and not other
    ]
    if (section.cheapest or section.rules.budget is not None) and unpriced:
        raise refuse(
            "S127",
            where="siting.cheapest" if section.cheapest else "siting.rules.budget",
            found=f"{len(unpriced)} candidates without opening_cost, such as {unpriced[0]!r}",
            wanted="a cost for each candidate",
            fix="Fill in opening_cost, narrow the candidates, or ask without costs.",
        )
