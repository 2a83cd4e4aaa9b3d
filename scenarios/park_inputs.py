"""A region and a park scenario made into what the plan rests on: figures, places, points, constraints."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from geo.errors import refuse
from geo.region.region import Region
from optimizer.problem import Floats
from scenarios.model_base import Records
from scenarios.park_figures import ParkFigures, shipped_figures
from scenarios.park_hydrants import HydrantRows, hydrant_rows
from scenarios.park_models import ParkScenario, PlantPoint
from scenarios.park_roads import Places, hydrant_places
from scenarios.plan import PlanWarning
from scenarios.where import read_condition

LISTED = "park"
"""Layer of points that the scenario itself lists."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParkInputs:
    """All that the plan of a park rests on.

    Parameters
    ----------
    points
        Points of plants with the layer that each is from.
    """

    scenario: ParkScenario
    figures: ParkFigures
    places: Places
    points: tuple[tuple[str, PlantPoint], ...]
    rows: HydrantRows
    warnings: tuple[PlanWarning, ...]


def park_inputs(region: Region, scenario: ParkScenario) -> ParkInputs:
    """Read off a region and a scenario all that hydrants, pond and foam station need.

    Raises
    ------
    InputError
        S164 a road without kerbs, S165 a step or an end beyond the spacing, S166 plants that match nothing,
        S168 too many places.
    """
    park = scenario.park
    figures = shipped_figures().with_rules(park.rules.said())
    found, warnings = _records(region, park.plants) if park.plants else ((), ())
    points = (*found, *((LISTED, point) for point in park.points))
    places = hydrant_places(park.roads, figures)
    return ParkInputs(
        scenario=scenario,
        figures=figures,
        places=places,
        points=points,
        rows=hydrant_rows(places, _lonlat(points), figures),
        warnings=warnings,
    )


def _lonlat(points: tuple[tuple[str, PlantPoint], ...]) -> Floats:
    return np.array([(point.lon, point.lat) for _, point in points], float).reshape(-1, 2)


def _records(
    region: Region, asked: Records
) -> tuple[tuple[tuple[str, PlantPoint], ...], tuple[PlanWarning, ...]]:
    """Records of a layer as points, areas by a point inside; a warning of those without a place."""
    table = region.table(asked.layer)
    if asked.where is not None and len(table):
        meets = read_condition(asked.where).test
        table = table[[meets({str(k): v for k, v in one.items()}) for one in table.to_dict("records")]]
    assert isinstance(table, gpd.GeoDataFrame)
    placed = table.geometry.notna() & ~table.geometry.is_empty
    if not placed.any():
        raise refuse(
            "S166",
            where="park.plants",
            found=f"no placed record of {asked.layer} that meets {asked.where!r}",
            wanted="at least one point of a plant",
            fix="Correct the condition, or list the points under park.points.",
        )
    inside = table[placed].geometry.representative_point()
    at = zip(inside.x.round(7).tolist(), inside.y.round(7).tolist(), strict=True)
    points = tuple(
        (
            asked.layer,
            PlantPoint(
                id=str(record["id"]),
                name_zh=str(record["name_zh"]),
                name_en=str(record["name_en"]),
                lon=lon,
                lat=lat,
                source=str(record["source"]),
            ),
        )
        for record, (lon, lat) in zip(table[placed].to_dict("records"), at, strict=True)
    )
    return points, () if placed.all() else (_unplaced(asked.layer, tuple(table.loc[~placed, "id"])),)


def _unplaced(layer: str, ids: tuple[str, ...]) -> PlanWarning:
    return PlanWarning(
        code="S167",
        text_zh="厂区点缺少坐标，未参与计算",
        text_en="points of plants without coordinates were left out",
        layer=layer,
        records=ids,
    )
