"""Service at each demand point before and after a plan, for maps and tables."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geo.region.region import Region
from optimizer.problem import NEVER_DS, Bools, Floats, Int64s
from optimizer.watch import Watch
from scenarios.files import scenario_from
from scenarios.plan import SitingPlan
from scenarios.site_choice import decided, standing
from scenarios.site_inputs import siting_inputs
from scenarios.site_points import Points
from scenarios.site_problem import limits_s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointService:
    """One row per point and standard that holds for it, by standard.

    Parameters
    ----------
    points
        The points of the rows: id, layer, names, people (1 for places that are no demand), geometry.
    force, within_s
        The standard of each row.
    before_s, after_s
        Response of the first station, s; ``inf`` = none arrives. ``after_s`` repeats ``before_s`` without a
        plan.
    covered_before, covered_after
        Whether it is within the limit, inclusive.
    """

    points: gpd.GeoDataFrame
    force: tuple[str, ...]
    within_s: Floats
    before_s: Floats
    after_s: Floats
    covered_before: Bools
    covered_after: Bools


def point_service(plan: SitingPlan, region: Region) -> PointService:
    """Compute the service at each point again from the inputs of a plan."""
    scenario = scenario_from(plan.inputs.scenario.content, where="inputs.scenario.content")
    standards = scenario.siting.standards
    inputs = siting_inputs(region, scenario.siting, Watch())
    before = standing(inputs.sites)
    after = decided(plan, inputs.sites) if plan.measures.after is not None else before
    force = tuple(standards[number].force for number in inputs.points.row_standard.tolist())
    limit = limits_s(inputs.ground)
    before_s, after_s = (_seconds(inputs.row_ds(choice)) for choice in (before, after))
    return PointService(
        points=_table(inputs.points),
        force=force,
        within_s=limit,
        before_s=before_s,
        after_s=after_s,
        covered_before=before_s <= limit,
        covered_after=after_s <= limit,
    )


def _table(points: Points) -> gpd.GeoDataFrame:
    row = points.row_point
    lon, lat = points.lonlat[row].T
    return gpd.GeoDataFrame(
        {
            "id": points.id[row],
            "layer": points.layer[row],
            "name_zh": points.name_zh[row],
            "name_en": points.name_en[row],
            "people": points.people[row],
            "township_id": points.township[row],
        },
        geometry=gpd.points_from_xy(lon, lat, crs="EPSG:4326"),
    )


def _seconds(response_ds: Int64s) -> Floats:
    return np.where(response_ds >= NEVER_DS, np.inf, response_ds / 10)
