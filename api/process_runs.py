"""The computations behind the processes, as a worker runs them; nothing here is imported by the server."""

from typing import Any

from geo.region.region import Region
from optimizer.watch import Progress
from scenarios.board_file import board_from
from scenarios.dispatch import dispatch
from scenarios.dispatch_plan import dispatch_json
from scenarios.doctrine import doctrine_from
from scenarios.files import scenario_from
from scenarios.incident_models import IncidentScenario
from scenarios.plan import plan_json
from scenarios.reserve_models import ReserveScenario
from scenarios.reserve_plan import reserve_json
from scenarios.scenario_models import Scenario
from scenarios.site import site
from scenarios.stock import stock


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
