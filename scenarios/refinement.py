"""Refinement in a dispatch plan: where head counts are wanted by the doctrine, or where it is asked for."""

from collections.abc import Callable

from optimizer.dispatch.assign import assign
from optimizer.dispatch.check import people_sent
from optimizer.dispatch.plan import DispatchPlan as Answer
from optimizer.dispatch.problem import DispatchProblem
from optimizer.dispatch.refined import RefinedPlan
from scenarios.dispatch_inputs import DispatchInputs
from scenarios.incident_models import IncidentScenario
from scenarios.refinement_plan import PeopleAt, Refinement


def refined_plan(inputs: DispatchInputs, *, asked: bool) -> RefinedPlan | None:
    """The refined plan where the doctrine wants head counts, or where it is ``asked`` for; else ``None``."""
    wanted = inputs.problem.people_wanted
    return RefinedPlan(inputs.problem) if asked or (wanted is not None and wanted.any()) else None


def gains(refined: RefinedPlan, exact: Answer) -> bool:
    """Whether the refined plan is better than the exact one in what it refines."""
    return refined.refined.objective < refined.measure(exact.team_of)


def solved_again(found: Refinement | None) -> Callable[[DispatchProblem], Answer]:
    """How a like question is solved: refined where that bettered the plan, else exactly."""
    bettered = found is not None and found.objective < found.exact
    return (lambda problem: RefinedPlan(problem).plan) if bettered else assign


def refinement(
    scenario: IncidentScenario, inputs: DispatchInputs, refined: RefinedPlan, exact: Answer
) -> Refinement:
    """What was gained and proved; an exact plan that nothing betters stands as it is."""
    before = refined.measure(exact.team_of)
    objective = min(before, refined.refined.objective)
    bound = min(refined.refined.bound, objective)
    answer = refined.plan if gains(refined, exact) else exact
    return Refinement(
        measure="headcount" if refined.by_headcount else "completion",
        exact=before,
        objective=objective,
        bound=bound,
        gap=round((objective - bound) / max(1.0, objective), 9),
        stopped_by=refined.refined.stopped_by,
        people=people_at(scenario, inputs, answer),
    )


def people_at(scenario: IncidentScenario, inputs: DispatchInputs, answer: Answer) -> tuple[PeopleAt, ...]:
    """Heads wanted and sent, of incidents that want any."""
    wanted = inputs.problem.people_wanted
    if wanted is None:
        return ()
    sent = people_sent(inputs.problem, answer.team_of)
    return tuple(
        PeopleAt(incident_id=incident.id, wanted=heads, sent=came)
        for incident, heads, came in zip(scenario.incidents, wanted.tolist(), sent, strict=True)
        if heads
    )
