"""The computations behind the processes, as a worker runs them; nothing here is imported by the server."""

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from geo.region.region import Region
from optimizer.watch import Progress
from scenarios.board_file import board_from
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import dispatch_json
from scenarios.doctrine import doctrine_from
from scenarios.drill import drill as play
from scenarios.drill_models import DrillScenario
from scenarios.drill_report import drill_json
from scenarios.ensemble import ensemble as run_members
from scenarios.ensemble_base import base_from
from scenarios.ensemble_models import EnsembleScenario
from scenarios.files import scenario_from
from scenarios.incident_models import IncidentScenario
from scenarios.plan import plan_json
from scenarios.reserve_models import ReserveScenario
from scenarios.reserve_plan import reserve_json
from scenarios.scenario_models import Scenario
from scenarios.site import site
from scenarios.stock import stock
from scenarios.task_pool import Processes


class _OfTheMainSearch:
    """A progress callback that passes on figures until the first step that solves another problem."""

    def __init__(self, progress: Progress, *beside: str) -> None:
        self._progress, self._beside, self._passed = progress, beside, False

    def __call__(
        self, phase: str, done: float, bound: float | None = None, incumbent: float | None = None
    ) -> bool | None:
        self._passed = self._passed or phase in self._beside
        if self._passed:
            return self._progress(phase, done)
        return self._progress(phase, done, bound, incumbent)


def siting(region: Region, asked: dict[str, Any], progress: Progress) -> str:
    """The plan file of a siting scenario."""
    main = _OfTheMainSearch(progress, "marginal value", "reasons", "frontier", "pool")
    return plan_json(site(region, scenario_from(asked, where="body", model=Scenario), main))


def reserve(region: Region, asked: dict[str, Any], progress: Progress) -> str:
    """The plan file of a reserve scenario."""
    return reserve_json(stock(region, scenario_from(asked, where="body", model=ReserveScenario), progress))


def refine(region: Region, asked: dict[str, Any], progress: Progress) -> str:
    """The plan file of a dispatch plan refined, from what the first one was computed from."""
    scenario = scenario_from(asked["scenario"], where="plan", model=IncidentScenario)
    board = None if asked["board"] is None else board_from(asked["board"], where="plan")
    doctrine = None if asked["doctrine"] is None else doctrine_from(asked["doctrine"], where="plan")
    return dispatch_json(dispatch(region, scenario, board, progress, doctrine=doctrine, refine=True))


def drill(region: Region, asked: dict[str, Any], progress: Progress) -> str:
    """The report of a drill scenario."""
    return drill_json(play(region, scenario_from(asked, where="body", model=DrillScenario), progress))


def ensemble(region: Region, asked: dict[str, Any], progress: Progress) -> str:
    """The figures of every combination of an ensemble; its members are computed one after the other."""
    scenario = scenario_from(asked["ensemble"], where="body", model=EnsembleScenario)
    base = base_from(region, asked["scenario"], asked["board"], where="body ensemble.scenario")
    with TemporaryDirectory(prefix="muster-ensemble-") as scratch:
        found = run_members(
            region, scenario, beside=base, out=Path(scratch), engine=Processes(1), progress=progress
        )
    document = {
        "muster": 1,
        "kind": "ensemble",
        "name_zh": scenario.name_zh,
        "name_en": scenario.name_en,
        "seed": scenario.seed,
        "base_kind": found.base_kind,
        "members": scenario.ensemble.members,
        "done": found.done,
        "combinations": [{"values": found.values(one.number), **asdict(one)} for one in found.combinations],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False)
