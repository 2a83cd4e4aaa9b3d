"""A region and a scenario made into a siting problem: rows, sites, response times, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import refuse
from geo.region.region import Region
from optimizer.problem import Floats, Int64s, SitingProblem
from optimizer.watch import Watch
from scenarios.plan import Assumption, PlanWarning
from scenarios.scenario_models import SitingSection
from scenarios.site_places import Sites, sites_of
from scenarios.site_response import asked_forces, limit_assumption, responses

Words = np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingInputs:
    """All that a siting question rests on; ``k`` demand points, ``m`` sites, ``n`` rows, ``u`` usable sites.

    Parameters
    ----------
    points
        Placed demand points; ``people``, ``township`` and ``zone`` of each (empty = none), shape (k,).
    response_s
        By force: order to arrival of each site at each point, s, shape (k, m); ``inf`` = no road, or a site
        that cannot house the force.
    row_point, row_standard
        Point and standard of each row, shape (n,).
    usable
        Sites that the plan may have open; columns of ``problem``, shape (u,).
    problem
        What the models solve.
    """

    points: gpd.GeoDataFrame
    people: Int64s
    township: Words
    zone: Words
    sites: Sites
    response_s: Mapping[str, Floats]
    row_point: Int64s
    row_standard: Int64s
    usable: Int64s
    problem: SitingProblem
    warnings: tuple[PlanWarning, ...]
    assumptions: tuple[Assumption, ...]


def siting_inputs(region: Region, section: SitingSection, watch: Watch) -> SitingInputs:
    """Read off a region all that a siting question needs, travel times included.

    Raises
    ------
    InputError
        S120 to S127 as ``sites_of``, S126 a standard that holds for no point, S130 no demand, S131 unknown
        vehicle class, and the faults of roads and travel times.
    """
    asked = asked_forces(section)
    sites = sites_of(region, section, asked.values())
    points = _points(region)
    township, zone = _zones(region, points)
    response_s, assumptions = responses(region, asked, sites, watch)
    row_point, row_standard = _rows(section, zone)
    usable = np.flatnonzero(sites.kept | sites.closable | ~sites.existing)
    people = points["people"].to_numpy(np.int64)
    problem = _problem(section, sites, usable, response_s, people, row_point, row_standard)
    inputs = SitingInputs(
        points=points,
        people=people,
        township=township,
        zone=zone,
        sites=sites,
        response_s=response_s,
        row_point=row_point,
        row_standard=row_standard,
        usable=usable,
        problem=problem,
        warnings=(),
        assumptions=(
            *(limit_assumption(standard, asked[standard.force]) for standard in section.standards),
            *assumptions,
        ),
    )
    return replace(inputs, warnings=(*sites.warnings, *_warnings(region, inputs)))


def _points(region: Region) -> gpd.GeoDataFrame:
    points = region.placed("demand")
    if not len(points):
        raise refuse(
            "S130",
            where=f"region {region.name}, layer demand",
            found="no placed record",
            wanted="places where people live",
            fix="Add demand points, or build the region with demand.",
        )
    return points


def _zones(region: Region, points: gpd.GeoDataFrame) -> tuple[Words, Words]:
    """Township and zone of each point; empty where it names no township."""
    townships = region.table("townships")
    zone_of = dict(zip(townships["id"], townships["zone"], strict=True))
    township = points["township_id"].to_numpy(dtype=object)
    zone = np.array([zone_of.get(one, "") for one in township], dtype=object)
    return np.where(zone == "", "", township), zone


def _rows(section: SitingSection, zone: Words) -> tuple[Int64s, Int64s]:
    """Point and standard of each row, by standard."""
    row_point: list[Int64s] = []
    row_standard: list[Int64s] = []
    for number, standard in enumerate(section.standards):
        held = np.flatnonzero(zone == standard.zone) if standard.zone else np.arange(len(zone))
        if not len(held):
            raise refuse(
                "S126",
                where=f"siting.standards[{number}]",
                found=f"no demand point in zone {standard.zone!r}",
                wanted="at least one point that the standard holds for",
                fix="Give townships their zone and demand points their township, or drop the standard.",
            )
        row_point.append(held)
        row_standard.append(np.full(len(held), number))
    return np.concatenate(row_point), np.concatenate(row_standard)


def _problem(
    section: SitingSection,
    sites: Sites,
    usable: Int64s,
    response_s: Mapping[str, Floats],
    people: Int64s,
    row_point: Int64s,
    row_standard: Int64s,
) -> SitingProblem:
    by_row = np.empty((len(row_point), len(usable)))
    for number, standard in enumerate(section.standards):
        held = row_standard == number
        by_row[held] = response_s[standard.force][row_point[held]][:, usable]
    limits = np.array([standard.within_s for standard in section.standards])
    standing = int(sites.kept.sum() + sites.closable.sum())
    return SitingProblem(
        response_s=by_row,
        people=people[row_point],
        limit_s=limits[row_standard],
        fixed=sites.kept[usable],
        places=None if section.open is None else standing + section.open,
        cost=_costs(sites)[usable] if section.cheapest else None,
    )


def _costs(sites: Sites) -> Floats:
    """Cost of having each site open rather than not: minus the cost of closing for one that may close."""
    price = np.array([place.cost or 0.0 for place in sites.places])
    return np.where(sites.closable, -price, np.where(sites.existing, 0.0, price))


def _warnings(region: Region, inputs: SitingInputs) -> list[PlanWarning]:
    demand = region.table("demand")
    ids = inputs.points["id"].to_numpy(dtype=object)
    unplaced = ~demand["id"].isin(set(ids))
    reached = np.zeros(len(ids), np.bool_)
    idle = np.ones(len(inputs.sites.places), np.bool_)
    for response_s in inputs.response_s.values():
        reached |= np.isfinite(response_s).any(axis=1)
        idle &= ~np.isfinite(response_s).any(axis=0)
    held = np.zeros(len(ids), np.bool_)
    held[inputs.row_point] = True
    closed = inputs.sites.existing & ~inputs.sites.kept & ~inputs.sites.closable
    names = [place.id for place in inputs.sites.places]
    found = [
        _warning("S150", "demand", demand.loc[unplaced, "id"], int(demand.loc[unplaced, "people"].sum())),
        _warning("S152", "demand", ids[~reached], int(inputs.people[~reached].sum())),
        _warning("S153", "", [names[j] for j in np.flatnonzero(idle)], None),
        _warning("S154", "demand", ids[~held], int(inputs.people[~held].sum())),
        _warning("S155", "stations", [names[j] for j in np.flatnonzero(closed)], None),
    ]
    return [warning for warning in found if warning.records]


_WORDS = {
    "S150": ("需求点缺少坐标，未参与计算", "demand points without coordinates were left out"),
    "S152": ("需求点无任何道路可达", "demand points that no site reaches by road"),
    "S153": ("站址无法到达任何需求点", "sites that reach no demand point by road"),
    "S154": ("需求点没有适用的到场时限", "demand points for which no standard holds"),
    "S155": ("现有站点未列入保留，按关闭计算", "existing stations that are not kept count as closed"),
}


def _warning(
    code: str, layer: str, records: "pd.Series[str] | list[str] | Words", people: int | None
) -> PlanWarning:
    zh, en = _WORDS[code]
    return PlanWarning(
        code=code, text_zh=zh, text_en=en, layer=layer, records=tuple(map(str, records)), people=people
    )
