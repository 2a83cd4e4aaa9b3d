"""Replications put together into the report of a drill."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from geo.region.region import Region
from optimizer.drill.figures import FIELDS, Figures, Replicated, duty_share
from optimizer.drill.statistics import LEVEL
from optimizer.problem import Floats
from scenarios.dispatch_plan import OtherInput
from scenarios.doctrine import Doctrine, shipped_doctrine
from scenarios.drill_inputs import DrillInputs
from scenarios.drill_models import DrillScenario
from scenarios.drill_report import (
    CallFigures,
    DrillReport,
    KindFigures,
    TeamFigures,
    TownshipFigures,
)
from scenarios.drill_warnings import crowded
from scenarios.files import scenario_digest
from scenarios.intervals import interval
from scenarios.plan import Inputs, PlanWarning, RegionInput, ScenarioInput
from scenarios.provenance import provenance

LAYERS = ("roads", "teams", "stations", "demand", "townships", "rosters", "hospitals", "flood_zones")


def drill_report(
    region: Region,
    scenario: DrillScenario,
    inputs: DrillInputs,
    replications: Sequence[Replicated],
    *,
    doctrine: Doctrine,
    status: Literal["done", "cancelled"] = "done",
) -> DrillReport:
    """The report; intervals over replications, or over the batches of a single one."""
    drill = scenario.drill
    parts = [part for one in replications for part in one.parts]
    batched = len(replications) == 1 and len(parts) > 1
    return DrillReport(
        name_zh=scenario.name_zh,
        name_en=scenario.name_en,
        status=status,
        seed=scenario.seed,
        starts=drill.starts.isoformat(),
        length_s=drill.length,
        warm_up_s=drill.warm_up or 0.0,
        engine=drill.engine,
        dispatch=drill.dispatch,
        move_up=drill.move_up.policy,
        replications=len(replications),
        batches=len(parts) if batched else 0,
        level=LEVEL,
        road_states=len(inputs.problem.drives.tables),
        inputs=Inputs(
            region=RegionInput(name=region.name, digest=region.digest()),
            scenario=ScenarioInput(
                digest=scenario_digest(scenario), content=scenario.model_dump(mode="json")
            ),
        ),
        doctrine=OtherInput(
            digest=doctrine.digest(),
            content=None if doctrine == shipped_doctrine() else doctrine.model_dump(mode="json"),
        ),
        totals=_figures(np.array([part.total for part in parts]), len(parts) if batched else 1),
        kinds=_kinds(scenario, parts, len(parts) if batched else 1),
        townships=_townships(region, inputs, parts, len(parts) if batched else 1),
        teams=_teams(inputs, replications, len(parts) if batched else 1),
        warnings=(*inputs.warnings, *_unreached(inputs), *crowded(sum(one.crowded for one in replications))),
        provenance=provenance(region, LAYERS),
    )


def _figures(observed: Floats, batches: int) -> CallFigures:
    """Figures of rows as ``FIELDS``, shape (n, f); counts of batches are told for the whole run."""
    counts = FIELDS.index("in_time")
    factor = np.where(np.arange(len(FIELDS)) < counts, batches, 1)
    rows = observed.reshape(-1, len(FIELDS)) * factor
    most = {"in_time": 1.0}
    return CallFigures(
        **{
            name: interval(rows[:, column], least=0.0, most=most.get(name, np.inf))
            for column, name in enumerate(FIELDS)
        }
    )


def _kinds(scenario: DrillScenario, parts: Sequence[Figures], batches: int) -> tuple[KindFigures, ...]:
    return tuple(
        KindFigures(
            id=kind.id,
            name_zh=kind.name_zh,
            name_en=kind.name_en,
            within_s=kind.within,
            figures=_figures(np.array([part.kinds[number] for part in parts]), batches),
        )
        for number, kind in enumerate(scenario.drill.kinds)
    )


def _townships(
    region: Region, inputs: DrillInputs, parts: Sequence[Figures], batches: int
) -> tuple[TownshipFigures, ...]:
    records = {str(one["id"]): one for one in region.table("townships").to_dict("records")}
    return tuple(
        TownshipFigures(
            id=name,
            name_zh=str(records[name]["name_zh"]),
            name_en=str(records[name]["name_en"]),
            figures=_figures(np.array([part.areas[number] for part in parts]), batches),
        )
        for number, name in enumerate(inputs.places.townships)
    )


def _teams(inputs: DrillInputs, replications: Sequence[Replicated], batches: int) -> tuple[TeamFigures, ...]:
    """Teams by replication, or by the batches of a single one; jobs of batches are told for the whole run."""
    share = np.concatenate([one.parts_utilisation for one in replications])
    jobs = np.concatenate([one.parts_jobs for one in replications]) * batches
    duty = duty_share(inputs.problem)
    return tuple(
        TeamFigures(
            id=team.id,
            name_zh=team.name_zh,
            name_en=team.name_en,
            mutual_aid=team.mutual_aid,
            on_duty=round(float(duty[number]), 6),
            utilisation=interval(share[:, number], least=0.0, most=1.0),
            utilisation_on_duty=interval(
                share[:, number] / duty[number] if duty[number] > 0 else np.full(len(share), np.nan),
                least=0.0,
            ),
            jobs=interval(jobs[:, number].astype(np.float64), least=0.0),
        )
        for number, team in enumerate(inputs.teams)
    )


def _unreached(inputs: DrillInputs) -> list[PlanWarning]:
    """Places that no team can reach by any road in any state, by township where known."""
    from optimizer.drill.problem import NO_ROAD_DS

    if not inputs.teams:
        return []
    fleet, scenes = inputs.problem.fleet, len(inputs.places.lonlat)
    from_home = inputs.problem.drives.drive_ds[:, fleet.home_mode, :scenes, fleet.home]
    lost = np.flatnonzero((from_home >= NO_ROAD_DS).all(axis=(0, 1)))
    if not len(lost):
        return []
    zh, en = "没有任何队伍有路可达的呼叫地点", "places of calls that no road leads any team to"
    records = tuple(f"{lon:.5f},{lat:.5f}" for lon, lat in inputs.places.lonlat[lost].tolist())
    return [PlanWarning(code="X422", text_zh=zh, text_en=en, layer="demand", records=records)]
