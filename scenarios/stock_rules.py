"""Least shares of levels and townships, strengthened where roads are poor or risk is high."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.errors import Fault, InputError
from geo.region.region import Region
from optimizer.problem import Bools, Floats
from optimizer.reserve.needs import Relief, needed
from optimizer.reserve.reserve_problem import MODES, PHYSICAL, LeastRule
from scenarios.items import Item
from scenarios.plan import PlanWarning
from scenarios.region_travel import region_travel
from scenarios.reserve_models import ReserveSection, Shares
from scenarios.reserve_rules import ReserveRules
from scenarios.reserve_scenarios import Cases
from scenarios.stock_hand import keeps_on_shelf
from scenarios.stock_sources import Sources

LEVELS = ("county", "township", "village")


@dataclass(frozen=True, slots=True, kw_only=True)
class TownshipShare:
    """What a township must hold, and why more than others.

    ``share``: of the need of its part of the people, at most 1; ``drive_s`` from the nearest county depot,
    ``None`` = no road; ``risk``: its part of the displaced people over its part of the population.
    """

    id: str
    share: float
    poor_roads: bool
    high_risk: bool
    drive_s: float | None
    risk: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """The rules, what each township must hold, and S432 for townships without a depot."""

    rules: tuple[LeastRule, ...]
    townships: tuple[TownshipShare, ...]
    warnings: tuple[PlanWarning, ...]


def least_rules(
    region: Region,
    section: ReserveSection,
    items: Sequence[Item],
    sources: Sources,
    cases: Cases,
    rules: ReserveRules,
) -> Least:
    """Rules on what lies on shelves, in units of the vital and basic items that people at shelters need."""
    need = _whole_need(section, items, rules)
    depots = region.placed("depots")
    level = depots["level"].to_numpy(str)[sources.depot]
    found = [
        _rule(f"level {name}", level == name, share * need)
        for name in LEVELS
        if (share := getattr(section.shares, name)) > 0
    ]
    townships = tuple(_townships(region, section, cases, rules)) if section.shares.each_township else ()
    home = depots["township_id"].to_numpy(str)[sources.depot]
    parts = _parts(region)
    without = [one.id for one in townships if one.id not in home]
    found += [
        _rule(f"township {one.id}", home == one.id, one.share * parts[one.id] * need)
        for one in townships
        if one.id in home
    ]
    return Least(rules=tuple(found), townships=townships, warnings=tuple(_warnings(without)))


def _rule(name: str, depots: Bools, least: Floats) -> LeastRule:
    on_shelves = np.arange(len(MODES)) == PHYSICAL
    return LeastRule(id=name, depots=depots, modes=on_shelves, least=np.floor(least + 1e-9))


def _whole_need(section: ReserveSection, items: Sequence[Item], rules: ReserveRules) -> Floats:
    """Units that all people need, of the items that the shares are about, shape (k,); 0 for the others."""
    relief = Relief(
        people=section.people,
        days=section.days,
        household_size=section.household_size,
        winter=section.season == "winter",
    )
    return np.array(
        [
            needed(item.rule, relief)
            if item.rule
            and item.rule.per != "incident"
            and rules.kind_of(item.id)[0] != "useful"
            and keeps_on_shelf(item, rules)
            else 0
            for item in items
        ],
        np.float64,
    )


def _parts(region: Region) -> dict[str, float]:
    """Part of the population in each township."""
    table = region.table("townships")
    people = table["people"].fillna(0).to_numpy(np.float64)
    parts = people / people.sum() if people.sum() else np.full(len(people), 1 / max(1, len(people)))
    return dict(zip(map(str, table["id"]), parts.tolist(), strict=True))


def _townships(
    region: Region, section: ReserveSection, cases: Cases, rules: ReserveRules
) -> Iterator[TownshipShare]:
    said, parts = section.shares, _parts(region)
    _refuse_unknown(said, parts)
    drives = _drives(region, section.trucks.vehicle_class)
    chance = cases.scenarios.probability
    for name, part in parts.items():
        gone = sum(p * one.by_township.get(name, 0) for p, one in zip(chance, cases.displaced, strict=True))
        risk = float(gone) / section.people / part if part else 0.0
        drive = drives.get(name, np.inf)
        poor = drive > rules.levels.poor_roads_beyond if said.poor_roads is None else name in said.poor_roads
        high = risk >= rules.levels.high_risk_times if said.high_risk is None else name in said.high_risk
        factor = rules.levels.strengthened if poor or high else 1.0
        yield TownshipShare(
            id=name,
            share=min(1.0, said.each_township * factor),
            poor_roads=poor,
            high_risk=high,
            drive_s=drive if np.isfinite(drive) else None,
            risk=risk,
        )


def _refuse_unknown(said: Shares, parts: Mapping[str, float]) -> None:
    faults = [
        Fault(
            code="S423",
            where=f"reserve.shares.{key}",
            found=f"{name!r}, which is no record of townships",
            wanted="ids of townships",
            fix="Correct the id.",
        )
        for key in ("poor_roads", "high_risk")
        for name in getattr(said, key) or ()
        if name not in parts
    ]
    if faults:
        raise InputError(faults)


def _drives(region: Region, vehicle: str) -> dict[str, float]:
    """Seconds from the nearest county depot to the farthest depot of each township; missing without one."""
    depots = region.placed("depots")
    lonlat = np.column_stack([depots.geometry.x, depots.geometry.y])
    county = (depots["level"] == "county").to_numpy(np.bool_)
    if not county.any():
        return {}
    seconds = region_travel(region, vehicle).matrix_s(lonlat[county], lonlat).min(axis=0)
    homes = depots["township_id"].to_numpy(str)
    return {home: float(seconds[homes == home].max()) for home in sorted(set(homes)) if home}


def _warnings(without: Sequence[str]) -> Iterator[PlanWarning]:
    if without:
        yield PlanWarning(
            code="S432",
            text_zh="没有储备点的乡镇，最低份额无处落实",
            text_en="townships without a depot: their least share lies nowhere",
            layer="townships",
            records=tuple(without),
        )
