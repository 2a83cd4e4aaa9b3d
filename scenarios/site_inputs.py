"""A region and a scenario made into a siting problem: rows, sites, response times, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo.region.region import Region
from optimizer.problem import Bools, Floats, Int64s, SitingProblem
from optimizer.watch import Watch
from scenarios.plan import Assumption, PlanWarning
from scenarios.scenario_models import SitingSection
from scenarios.site_places import Sites, sites_of
from scenarios.site_points import Points, Words, points_of
from scenarios.site_response import asked_forces, limit_assumption, responses


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingInputs:
    """All that a siting question rests on; ``k`` demand points, ``m`` sites, ``n`` rows, ``u`` usable sites.

    Parameters
    ----------
    points
        Whom the standards speak of, with people and township, and the rows of the problem.
    response_s
        By force: order to arrival of each site at each point, s, shape (k, m); ``inf`` = no road, or a site
        that cannot house the force.
    usable
        Sites that the plan may have open; columns of ``problem``, shape (u,).
    problem
        What the models solve.
    """

    points: Points
    sites: Sites
    response_s: Mapping[str, Floats]
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
    points = points_of(region, section)
    response_s, assumptions = responses(region, asked, sites, points, watch)
    usable = np.flatnonzero(sites.kept | sites.closable | ~sites.existing)
    problem = _problem(section, sites, usable, response_s, points)
    inputs = SitingInputs(
        points=points,
        sites=sites,
        response_s=response_s,
        usable=usable,
        problem=problem,
        warnings=(),
        assumptions=(
            *(limit_assumption(standard, asked[standard.force]) for standard in section.standards),
            *assumptions,
        ),
    )
    return replace(inputs, warnings=(*sites.warnings, *_warnings(region, inputs)))


def _problem(
    section: SitingSection,
    sites: Sites,
    usable: Int64s,
    response_s: Mapping[str, Floats],
    points: Points,
) -> SitingProblem:
    by_row = np.empty((len(points.row_point), len(usable)))
    for number, standard in enumerate(section.standards):
        held = points.row_standard == number
        by_row[held] = response_s[standard.force][points.row_point[held]][:, usable]
    limits = np.array([standard.within_s for standard in section.standards])
    weights = np.array([standard.weight for standard in section.standards])
    standing = int(sites.kept.sum() + sites.closable.sum())
    return SitingProblem(
        response_s=by_row,
        people=points.people[points.row_point] * weights[points.row_standard],
        limit_s=limits[points.row_standard],
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
    points = inputs.points
    ids = points.id
    unplaced = ~demand["id"].isin(set(ids[points.demand]))
    reached = np.zeros(len(ids), np.bool_)
    idle = np.ones(len(inputs.sites.places), np.bool_)
    for response_s in inputs.response_s.values():
        reached |= np.isfinite(response_s).any(axis=1)
        idle &= ~np.isfinite(response_s).any(axis=0)
    held = np.zeros(len(ids), np.bool_)
    held[points.row_point] = True
    held |= ~points.demand
    closed = inputs.sites.existing & ~inputs.sites.kept & ~inputs.sites.closable
    names = [place.id for place in inputs.sites.places]
    found = [
        _warning("S150", "demand", demand.loc[unplaced, "id"], int(demand.loc[unplaced, "people"].sum())),
        _warning("S152", "demand", ids[~reached & points.demand], _people(points, ~reached)),
        *(
            _warning("S156", layer, ids[~reached & (points.layer == layer)], None)
            for layer in dict.fromkeys(points.layer[~points.demand])
        ),
        _warning("S153", "", [names[j] for j in np.flatnonzero(idle)], None),
        _warning("S154", "demand", ids[~held], _people(points, ~held)),
        _warning("S155", "stations", [names[j] for j in np.flatnonzero(closed)], None),
    ]
    return [warning for warning in found if warning.records]


def _people(points: Points, chosen: Bools) -> int:
    return int(points.people[chosen & points.demand].sum())


_WORDS = {
    "S150": ("需求点缺少坐标，未参与计算", "demand points without coordinates were left out"),
    "S152": ("需求点无任何道路可达", "demand points that no site reaches by road"),
    "S156": ("以下地点无任何道路可达", "places that no site reaches by road"),
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
