"""Use case: where to open the next stations."""

import math

from geo.region.region import Region
from optimizer.problem import SitingAnswer
from optimizer.siting.marginal import CurvePoint, marginal_curve
from optimizer.siting.questions import model_of
from optimizer.siting.reasons import reasons
from optimizer.watch import Progress, Watch
from scenarios.plan import SitingPlan
from scenarios.scenario_models import Scenario
from scenarios.site_asked import asked_of, scenario_model
from scenarios.site_beside import solve_further
from scenarios.site_inputs import SitingInputs, siting_inputs
from scenarios.site_plan import Solved, curve_asked, curve_length, curve_problem, explained, siting_plan
from scenarios.site_test_drill import with_test
from scenarios.site_tested import simulation
from scenarios.site_trial import SiteTrial, site_trial


def site(region: Region, scenario: Scenario, progress: Progress | None = None) -> SitingPlan:
    """Answer the siting question of a scenario about a region.

    Response counts from the order: turnout and travel. The plan carries the proven bound and gap, the service
    before and after, the value of each further site, what is lost without each chosen one, who stays without
    service and why, and where each input comes from.

    Parameters
    ----------
    progress
        Hears of each step as (phase, share done, bound, best so far); returning ``True`` ends the search with
        what is known by then.

    Raises
    ------
    InputError
        A scenario that does not fit the region: S120 to S131, S143, S144, and faults of the roads; S170 and
        S171 a test that cannot be played, and the faults of its drill.
    """
    reading = Watch(math.inf, progress)  # travel times are no search: a slow first run must not cut the plan
    scenario = with_test(scenario, beside=None)
    inputs = siting_inputs(region, scenario.siting, reading)
    trial = site_trial(region, scenario, inputs)
    watch = reading.restarted(scenario.siting.time_limit)
    solved = solve(scenario, inputs, watch)
    plan = siting_plan(region, scenario, inputs, solved)
    return with_simulation(region, plan, inputs, solved, trial, watch.restarted(math.inf))


def with_simulation(
    region: Region,
    plan: SitingPlan,
    inputs: SitingInputs,
    solved: Solved,
    trial: SiteTrial | None,
    watch: Watch,
    *,
    replications: int | None = None,
) -> SitingPlan:
    """The plan with its test by simulation, where one is asked for and there is a plan to test."""
    if trial is None or solved.answer.objective is None:
        return plan
    found = simulation(
        region,
        inputs,
        trial,
        inputs.choice(solved.answer),
        plan.measures,
        watch=watch,
        replications=replications,
    )
    return plan.model_copy(update={"simulation": found})


def solve(scenario: Scenario, inputs: SitingInputs, watch: Watch) -> Solved:
    """The answer, its curve and its reasons."""
    problem, model = inputs.problem, scenario_model(inputs)
    answer = model(problem, watch)
    curve = _curve(scenario, inputs, answer, watch)
    numbers = explained(inputs, answer)
    columns = [inputs.layout.of_site(number) for number in numbers]
    why = reasons(problem, answer, model, sites=columns, watch=watch)
    cut = _cut_by(answer, *(point.answer for point in curve), *(reason.without for reason in why))
    whole = len(curve) >= curve_length(scenario, inputs, answer) and len(why) == len(numbers)
    beside = solve_further(inputs, answer, model, watch)
    return Solved(
        answer=answer,
        curve=curve,
        reasons=tuple(zip(numbers, why, strict=False)),
        stopped_by=cut or beside.stopped_by or (None if whole else watch.stopped_by),
        further=beside,
    )


def _cut_by(*answers: SitingAnswer) -> str | None:
    """Who cut one of the answers short; a search that ends late but whole was not stopped."""
    return next((answer.stopped_by for answer in answers if answer.stopped_by), None)


def _curve(
    scenario: Scenario, inputs: SitingInputs, answer: SitingAnswer, watch: Watch
) -> tuple[CurvePoint, ...]:
    points = curve_length(scenario, inputs, answer)
    if not points:
        return ()
    plain = scenario.siting.question == "lscp"
    model = model_of(curve_asked(asked_of(scenario.siting))) if plain else scenario_model(inputs)
    return marginal_curve(curve_problem(inputs.problem), model, upto=points - 1, watch=watch)
