"""The plan of a park put together from its inputs and the chosen places; nothing here searches.

The check puts a plan together a second time from the hydrants it states, so every figure has one origin.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from geo.region.region import Region
from geo.region.show import is_assumed
from optimizer.problem import Int64s, SitingAnswer
from scenarios.files import scenario_digest
from scenarios.park_figures import Branches, ParkFigures
from scenarios.park_hydrants import longest_end_m, longest_gap_m
from scenarios.park_inputs import LISTED, ParkInputs
from scenarios.park_models import ParkRoad, ParkSection
from scenarios.park_plan import Hydrant, OnRoad, ParkPlan, PointServed, RoadServed
from scenarios.park_roads import KerbRow
from scenarios.park_water import foam_of, pond_of
from scenarios.plan import (
    Assumption,
    Figure,
    Inputs,
    LayerProvenance,
    PlanWarning,
    RegionInput,
    ScenarioInput,
)
from scenarios.provenance import provenance


def park_plan(region: Region, inputs: ParkInputs, answer: SitingAnswer) -> ParkPlan:
    """The plan of these hydrants."""
    scenario, figures = inputs.scenario, inputs.figures
    park, chosen = scenario.park, np.array(answer.chosen, np.int64)
    decided = answer.objective is not None
    hydrants = _hydrants(inputs, chosen)
    return ParkPlan(
        name_zh=scenario.name_zh,
        name_en=scenario.name_en,
        status=answer.status,
        objective=_count(answer.objective),
        bound=_count(answer.bound),
        gap=None if answer.gap is None else round(answer.gap, 9),
        stopped_by=answer.stopped_by,
        seed=scenario.seed,
        inputs=Inputs(
            region=RegionInput(name=region.name, digest=region.digest()),
            scenario=ScenarioInput(
                digest=scenario_digest(scenario), content=scenario.model_dump(mode="json")
            ),
        ),
        hydrants=hydrants,
        roads=_roads(inputs, chosen) if decided else (),
        points=_points(inputs, chosen, hydrants) if decided else (),
        pond=pond_of(park.fire_areas, park.tanks, figures),
        foam=foam_of(park.tanks, figures),
        warnings=(*inputs.warnings, *_of_the_plan(inputs, answer)),
        provenance=_provenance(region, inputs),
        assumptions=_assumptions(figures),
    )


def beyond_reach(inputs: ParkInputs) -> list[str]:
    """Ids of points that no place along a road reaches: with one of them there is no plan."""
    if not inputs.points:
        return []
    alone = ~inputs.rows.covers[-inputs.rows.of_points :].any(axis=1)
    return [inputs.points[number][1].id for number in np.flatnonzero(alone).tolist()]


def _count(value: float | None) -> Figure | None:
    return None if value is None else Figure(name="hydrants", unit="hydrants", value=value)


def _hydrants(inputs: ParkInputs, chosen: Int64s) -> tuple[Hydrant, ...]:
    digits = max(3, len(str(len(chosen))))
    on: dict[int, list[OnRoad]] = {place: [] for place in chosen.tolist()}
    for row in inputs.places.rows:
        for at_m, place in zip(row.at_m.tolist(), row.place.tolist(), strict=True):
            if place in on:
                on[place].append(OnRoad(road=row.road, side=row.side, at_m=round(at_m, 2)))
    return tuple(
        Hydrant(id=f"H{number:0{digits}d}", lon=lon, lat=lat, on=tuple(on[place]))
        for number, (place, (lon, lat)) in enumerate(
            zip(chosen.tolist(), inputs.places.lonlat[chosen].tolist(), strict=True), start=1
        )
    )


def _roads(inputs: ParkInputs, chosen: Int64s) -> tuple[RoadServed, ...]:
    roads = {road.id: road for road in inputs.scenario.park.roads}
    return tuple(_row(roads[row.road], row, chosen) for row in inputs.places.rows)


def _row(road: ParkRoad, row: KerbRow, chosen: Int64s) -> RoadServed:
    return RoadServed(
        road=road.id,
        name_zh=road.name_zh,
        name_en=road.name_en,
        side=row.side,
        width_m=road.width_m,
        length_m=round(row.length_m, 2),
        hydrants=int(np.isin(row.place, chosen).sum()),
        longest_gap_m=round(longest_gap_m(row, chosen), 2),
        end_m=round(longest_end_m(row, chosen), 2),
        source=road.source,
    )


def _points(inputs: ParkInputs, chosen: Int64s, hydrants: tuple[Hydrant, ...]) -> tuple[PointServed, ...]:
    found = []
    for (layer, point), away_m in zip(inputs.points, inputs.rows.away_m[:, chosen], strict=True):
        nearest = int(away_m.argmin())
        found.append(
            PointServed(
                **point.model_dump(),
                layer=layer,
                hydrant=hydrants[nearest].id,
                distance_m=round(float(away_m[nearest]), 2),
            )
        )
    return tuple(found)


def _of_the_plan(inputs: ParkInputs, answer: SitingAnswer) -> list[PlanWarning]:
    found = []
    if far := beyond_reach(inputs):
        within = f"{inputs.figures.radius_m.value:g}"
        found.append(
            PlanWarning(
                code="X120",
                text_zh=f"以下厂区点距所有道路备选点超过 {within} 米，无可行方案",
                text_en=f"no plan: these points lie beyond {within} m of every place on a road",
                records=tuple(far),
            )
        )
    if answer.stopped_by is not None:
        found.append(
            PlanWarning(
                code="X121",
                text_zh="搜索提前结束：消火栓数量附已证明的下界，可能不是最少",
                text_en=f"the search was ended by {answer.stopped_by}: fewer hydrants may do",
            )
        )
    return found


def _provenance(region: Region, inputs: ParkInputs) -> tuple[LayerProvenance, ...]:
    park = inputs.scenario.park
    layers = tuple(dict.fromkeys(layer for layer, _ in inputs.points if layer != LISTED))
    return (*provenance(region, layers), *_of_the_scenario(park))


def _of_the_scenario(park: ParkSection) -> Iterable[LayerProvenance]:
    for key in ("roads", "points", "fire_areas", "tanks"):
        sources = Counter(one.source or "unstated" for one in getattr(park, key))
        if sources:
            yield LayerProvenance(
                layer=f"park.{key}",
                records=sum(sources.values()),
                assumed=sum(n for source, n in sources.items() if source == "unstated" or is_assumed(source)),
                sources=dict(sorted(sources.items())),
            )


def _assumptions(figures: ParkFigures) -> tuple[Assumption, ...]:
    single = (
        Assumption(
            name=name,
            text_zh=figure.name_zh,
            text_en=figure.name_en,
            value=figure.value,
            unit=figure.unit,
            source=figure.source,
            certainty=figure.certainty,
        )
        for name, figure in figures.single().items()
    )
    return (*single, _branches(figures.branches))


def _branches(branches: Branches) -> Assumption:
    rows = "; ".join(f"<= {row.up_to_m:g} m: {row.number} x {row.minutes:g} min" for row in branches.rows)
    return Assumption(
        name="branches",
        text_zh=branches.name_zh,
        text_en=branches.name_en,
        value=rows,
        unit="",
        source=branches.source,
        certainty=branches.certainty,
    )
