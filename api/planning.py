"""What a planning process does: it takes the region once, then answers one question after the other.

The models are imported there alone: the server itself starts without a solver.
"""

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from api.orphans import end_with_the_server, step_back
from geo.errors import InputError, refuse

if TYPE_CHECKING:
    from geo.region.region import Region

NICE = 3
"""Plans leave the processor to the server itself, whose answers are short."""
_region: "Region | None" = None


def begin(region: Path, digest: str) -> None:
    """Take the region and compute one plan for nothing, so that the first real one does not wait."""
    from geo.region.files import read_region

    end_with_the_server()
    step_back(NICE)
    global _region  # a process of a pool has no other place for what it keeps
    _region = read_region(region)
    if _region.digest() != digest:
        _region = None
        return
    warm(_region)
    gc.collect()
    gc.freeze()  # what a process keeps for good is not looked through again while somebody waits


def ready() -> int:
    """The id of this process, once it has begun."""
    return os.getpid()


def plan_text(scenario: str, board: str, present: str | None) -> str:
    """The plan file of a scenario, a board and the plan in force, all as JSON.

    Raises
    ------
    InputError
        A107 the region files are not the ones the server took, and whatever ``dispatch`` refuses.
    """
    from scenarios.board import Board
    from scenarios.dispatch import dispatch
    from scenarios.dispatch_plan import DispatchPlan, dispatch_json
    from scenarios.incident_models import IncidentScenario

    plan = dispatch(
        _held(),
        IncidentScenario.model_validate_json(scenario),
        Board.model_validate_json(board),
        present=None if present is None else DispatchPlan.model_validate_json(present),
    )
    return dispatch_json(plan)


def drawn_text(scenario: str) -> str:
    """The service of a siting plan drawn by hand, as JSON; raises ``InputError`` A107 and as ``site``."""
    from scenarios.scenario_models import Scenario
    from scenarios.site_evaluated import measure_drawn

    return measure_drawn(_held(), Scenario.model_validate_json(scenario)).model_dump_json()


def _held() -> "Region":
    if _region is None:
        raise refuse(
            "A107",
            where="the region",
            found="files that changed since the server took them",
            wanted="the region that the server took",
            fix="Start the server again to take the new region.",
        )
    return _region


def warm(region: "Region") -> None:
    """Compute a plan for a made-up leak at the first place where people live."""
    import shapely

    from scenarios.board import Board
    from scenarios.dispatch import dispatch
    from scenarios.incident_models import IncidentScenario

    places = region.placed("demand")
    if not len(places):
        return
    lon, lat = shapely.get_coordinates(places.geometry.iloc[0])[0].tolist()
    content = {
        "muster": 1,
        "kind": "incident",
        "region": region.name,
        "at": "2026-01-01T00:00:00Z",
        "incidents": [
            {
                "id": "warm",
                "hazard": "toxic_gas",
                "level": "III",
                "where": {"lon": lon, "lat": lat},
                "distances": {"isolate_m": 200, "protect_m": 800, "source": "assumed"},
            }
        ],
    }
    try:
        dispatch(region, IncidentScenario.model_validate(content), Board(muster=1))
    except InputError:
        return  # the region's faults are told when somebody asks for a plan
