"""What is searched for beside the answer of a siting question: other plans, the front, the ordinary plan."""

from optimizer.problem import SitingAnswer
from optimizer.siting.frontier import frontier
from optimizer.siting.pool import pool
from optimizer.siting.questions import Model, model_of
from optimizer.watch import Watch
from scenarios.site_asked import asked_of
from scenarios.site_conflicts import conflicts
from scenarios.site_further import AIMS, FurtherSolved
from scenarios.site_inputs import SitingInputs
from scenarios.site_problem import priced


def solve_further(inputs: SitingInputs, answer: SitingAnswer, model: Model, watch: Watch) -> FurtherSolved:
    """All that the scenario asks for beside its answer, one after the other, while there is time."""
    section, problem = inputs.ground.section, inputs.problem
    if answer.objective is None:
        return FurtherSolved(conflicts=conflicts(inputs, watch) if answer.status == "infeasible" else ())
    nominal = model_of(asked_of(section))(problem, watch) if section.robust else None
    others = (
        pool(problem, model, plans=section.pool.plans + 1, gap=section.pool.within, watch=watch)
        if section.pool
        else None
    )
    front = None
    if section.front:
        aims = tuple(AIMS[aim] for aim in section.front.aims)
        asked = priced(inputs.ground, problem) if "cost" in section.front.aims else problem
        front = frontier(asked, aims, points=section.front.points, watch=watch)
    cut = (
        *(part.stopped_by for part in (others, front) if part is not None),
        nominal.stopped_by if nominal else None,
    )
    return FurtherSolved(
        nominal=nominal,
        pool=others,
        front=front,
        stopped_by=next((one for one in cut if one), None),
    )
