"""Use case: whom to send to an incident, by which road, and why."""

from geo.region.region import Region
from optimizer.dispatch.what_if import WhatIf
from optimizer.watch import Progress
from scenarios.board import Board
from scenarios.dispatch_answers import DispatchSolved, dispatch_plan
from scenarios.dispatch_inputs import DispatchInputs, dispatch_inputs
from scenarios.dispatch_plan import DispatchPlan
from scenarios.dispatch_reasons import team_reasons
from scenarios.doctrine import Doctrine, shipped_doctrine
from scenarios.incident_models import IncidentScenario


def dispatch(
    region: Region,
    scenario: IncidentScenario,
    board: Board | None = None,
    progress: Progress | None = None,
    *,
    doctrine: Doctrine | None = None,
) -> DispatchPlan:
    """Answer an incident scenario on a region.

    Hazards become zones, zones close roads, the doctrine asks for teams, each team's way to the staging area
    is timed from the order (turnout and travel), and the exact staged plan of ``optimizer.dispatch.assign``
    says who goes. Teams of a neighbour fill only what the county's own cannot. Each team sent is explained by
    solving again without it.

    Parameters
    ----------
    board
        Where each team is and what it does now; every team is at its base and free without one.
    progress
        Hears of each step as (phase, share done, bound, best so far).
    doctrine
        The county's own table in place of the shipped one.

    Raises
    ------
    InputError
        S209 to S214, H101 to H121 for hazards, and the faults of roads.
    """
    rules = doctrine or shipped_doctrine()
    _tell(progress, "zones, roads, teams", 0.0)
    inputs = dispatch_inputs(region, scenario, board, rules)
    _tell(progress, "whom to send", 0.6)
    solved = solve(inputs)
    _tell(progress, "routes", 0.8)
    return dispatch_plan(region, scenario, board, rules, inputs, solved)


def solve(inputs: DispatchInputs) -> DispatchSolved:
    """The exact plan and its reasons."""
    solved = WhatIf(inputs.problem)
    return DispatchSolved(answer=solved.plan, reasons=team_reasons(solved))


def _tell(progress: Progress | None, phase: str, done: float) -> None:
    if progress is not None:
        progress(phase, done)
