"""What exactly a siting scenario asks, and the model that answers it."""

from dataclasses import replace

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.questions import Model, model_of
from optimizer.siting.robust import RoadState, robust_covering
from optimizer.siting.ruled_covering import ruled_covering
from optimizer.watch import Watch
from scenarios.scenario_models import SitingSection
from scenarios.site_inputs import SitingInputs
from scenarios.site_problem import plain_problem


def asked_of(section: SitingSection) -> Asked:
    """The question of a scenario with its figures."""
    mix = {} if section.mix is None else section.mix.model_dump(exclude={"per"}) | {"per_s": section.mix.per}
    return Asked(
        question=section.question,
        share=section.share,
        second=section.second_cover,
        busy=section.busy or 0.0,
        units=1 if section.teams else section.units_per_site,
        worth=section.worth,
        **mix,
    )


def scenario_model(inputs: SitingInputs) -> Model:
    """The model of a scenario's question, over all states of the roads where it has several."""
    section = inputs.ground.section
    robust, states = section.robust, road_problems(inputs)
    if robust is None and section.question == "mclp" and (section.teams or section.phases):
        return lambda problem, watch: ruled_covering(problem, watch=watch)
    if robust is None:
        return model_of(asked_of(section))

    def model(problem: SitingProblem, watch: Watch) -> SitingAnswer:
        first = (replace(states[0], problem=problem), *states[1:])
        return robust_covering(first, measure=robust.measure, tail=robust.tail, watch=watch).answer

    return model


def road_problems(inputs: SitingInputs) -> tuple[RoadState, ...]:
    """The problem in each state of the roads; floors hold in the first alone."""
    return tuple(
        RoadState(
            name=state.name_en or state.name_zh,
            problem=inputs.problem
            if number == 0
            else replace(plain_problem(inputs.ground, state.response_s), floors=()),
            probability=state.probability,
        )
        for number, state in enumerate(inputs.states)
    )
