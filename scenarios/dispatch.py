"""Use case: whom to send to an incident, by which road, and why."""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from geo.errors import refuse
from geo.region.region import Region
from optimizer.dispatch.flows import TooLargeError
from optimizer.dispatch.what_if import WhatIf
from optimizer.watch import Progress
from scenarios.board import Board
from scenarios.cover import cover_state, cover_trades, moved_up
from scenarios.depth_sensitivity import depth_runs, refuse_without_flood
from scenarios.dispatch_answers import DispatchSolved, dispatch_plan
from scenarios.dispatch_inputs import DispatchInputs, dispatch_inputs
from scenarios.dispatch_plan import DispatchPlan
from scenarios.dispatch_reasons import team_reasons
from scenarios.doctrine import Doctrine, shipped_doctrine
from scenarios.incident_models import IncidentScenario
from scenarios.kept import Kept
from scenarios.kept_travel import closed_ground
from scenarios.refinement import gains, refined_plan, refinement, solved_again
from scenarios.relief import asks_for_relief, solve_relief
from scenarios.replanned import Replanned, engaged_in, refuse_present, replanned
from scenarios.what_if import read_question, what_if


def dispatch(
    region: Region,
    scenario: IncidentScenario,
    board: Board | None = None,
    progress: Progress | None = None,
    *,
    doctrine: Doctrine | None = None,
    what_ifs: Sequence[str] = (),
    present: DispatchPlan | None = None,
    sensitivity: bool = False,
    refine: bool = False,
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
    what_ifs
        Questions such as ``without TEAM``, ``close ROAD`` or ``wind +45``, answered beside the plan.
    present
        The plan in force: it is changed only where that gains enough, and the changes are told as orders.
        Such a plan comes without reasons and trades; its bound is the shortage of the exact plan.
    sensitivity
        Answer floods at half and double depth beside the plan.
    refine
        Refine the plan to the least weighted sum of completion times; where the doctrine wants head counts
        it is refined to these without being asked. A plan that this betters comes without trades, and its
        reasons are refined plans without the team.

    Raises
    ------
    InputError
        S209 to S214, S218 to S220 for what-ifs, S221 for a plan in force elsewhere, S285 to S289 for water,
        S292 and S293 for board and weights, H101 to H122 for hazards, and the faults of roads.
    """
    rules = doctrine or shipped_doctrine()
    questions = [read_question(text) for text in what_ifs]
    if present is not None:
        refuse_present(
            region,
            present,
            (*what_ifs, *(("depth",) if sensitivity else ()), *(("refine",) if refine else ())),
        )
    if sensitivity:
        refuse_without_flood(scenario)
    _tell(progress, "zones, roads, teams", 0.0)
    inputs = dispatch_inputs(region, scenario, board, rules, engaged=engaged_in(present))
    _tell(progress, "whom to send", 0.6)
    with _comparable():
        if present is None:
            solved = solve(region, scenario, rules, inputs, refine=refine)
        else:
            solved = _changed(
                region, rules, inputs, replanned(scenario, board, inputs, present, rules.replan)
            )
        again = solved_again(solved.refinement)
        if questions:
            _tell(progress, "what if", 0.7)
            answers = what_if(region, scenario, board, rules, inputs, solved.answer, questions, again=again)
            solved = replace(solved, what_if=answers)
        if sensitivity:
            _tell(progress, "other depths", 0.75)
            runs = depth_runs(region, scenario, board, rules, inputs, solved.answer, again=again)
            solved = replace(solved, sensitivity=runs)
        if asks_for_relief(scenario):
            _tell(progress, "people and materials", 0.78)
            driving = present.relief.teams if present and present.relief else ()
            relief = solve_relief(region, scenario, rules, inputs, solved.answer, engaged=driving)
            solved = replace(solved, relief=relief)
    _tell(progress, "routes", 0.8)
    return dispatch_plan(region, scenario, board, rules, inputs, solved)


def solve(
    region: Region,
    scenario: IncidentScenario,
    doctrine: Doctrine,
    inputs: DispatchInputs,
    *,
    refine: bool = False,
) -> DispatchSolved:
    """The exact plan or a refined one, its reasons, and what would repair the cover it leaves behind.

    An exact plan by the shipped doctrine is kept: who plans again before anything has changed that matters
    gets it anew without solving.
    """
    if refine or inputs.problem.people_wanted is not None or doctrine is not shipped_doctrine():
        return _solved(region, scenario, doctrine, inputs, refine=refine)
    return _SOLVED.of(
        (region, _asked(inputs)), lambda: _solved(region, scenario, doctrine, inputs, refine=False)
    )


_SOLVED: Kept[DispatchSolved] = Kept(64)


def _asked(inputs: DispatchInputs) -> Hashable:
    """All that an exact plan follows from, on one region and by one doctrine, but for names of incidents."""
    problem = inputs.problem
    return (
        tuple(
            (
                *(one.id, one.turnout_s, one.ready_s, one.available, one.mutual_aid, one.people, one.station),
                *(where.lon, where.lat),
                tuple(one.capabilities.items()),
            )
            for one, where in zip(problem.teams, inputs.teams, strict=True)
        ),
        problem.slots,
        problem.travel_s.tobytes(),
        problem.scarce,
        closed_ground(inputs.closures),
    )


def _solved(
    region: Region, scenario: IncidentScenario, doctrine: Doctrine, inputs: DispatchInputs, *, refine: bool
) -> DispatchSolved:
    exact, rule = WhatIf(inputs.problem), doctrine.cover
    refined = refined_plan(inputs, asked=refine)
    state = refined if refined is not None and gains(refined, exact.plan) else exact
    cover = cover_state(region, rule, inputs)
    return DispatchSolved(
        answer=state.plan,
        reasons=team_reasons(state),
        cover=cover,
        trades=cover_trades(cover, rule, exact) if state is exact else (),
        moves=moved_up(region, cover, rule, inputs, state.plan),
        refinement=None if refined is None else refinement(scenario, inputs, refined, exact.plan),
    )


def _changed(region: Region, doctrine: Doctrine, inputs: DispatchInputs, found: Replanned) -> DispatchSolved:
    """The plan in force with its changes, and who should move up."""
    rule = doctrine.cover
    cover = cover_state(region, rule, inputs)
    return DispatchSolved(
        answer=found.answer,
        reasons=(),
        cover=cover,
        trades=(),
        moves=moved_up(region, cover, rule, inputs, found.answer),
        orders=found.orders,
        least_shortage=found.least_shortage,
    )


@contextmanager
def _comparable() -> Iterator[None]:
    """Say in the words of the doctrine that its weights are too large for exact plans (S293)."""
    try:
        yield
    except TooLargeError as wrong:
        raise refuse(
            "S293",
            where="doctrine, weights",
            found=str(wrong),
            wanted="smaller weights of slots, priorities and arrivals",
            fix="Divide the weights by a common factor; only their ratio counts.",
        ) from wrong


def _tell(progress: Progress | None, phase: str, done: float) -> None:
    if progress is not None:
        progress(phase, done)
