"""The further parts of a siting plan as it states them, back in columns of the problem."""

from collections.abc import Sequence

from optimizer.problem import SitingAnswer
from optimizer.siting.frontier import Frontier, FrontierPoint
from optimizer.siting.pool import Pool
from scenarios.plan import SitingPlan, UnitsAt
from scenarios.plan_further import FrontOfPlans, OtherPlan, PoolOfPlans
from scenarios.site_choice import Choice, numbers, standing_ids, stated_choice
from scenarios.site_further import AIMS, FurtherSolved
from scenarios.site_inputs import SitingInputs
from scenarios.site_problem import closing_all


def stated_further(plan: SitingPlan, inputs: SitingInputs) -> FurtherSolved:
    """What a plan states of its further parts, back in columns of the problem; raises ``KeyError``."""
    said, objective = plan.further, plan.objective
    nominal = None
    if said.robust is not None and said.robust.nominal_measure is not None:
        columns = inputs.layout.columns(
            stated_beside(inputs, said.robust.nominal_sites, said.robust.nominal_closed)
        )
        nominal = SitingAnswer(question="mclp", status="feasible", chosen=columns, objective=0.0, bound=None)
    return FurtherSolved(
        nominal=nominal,
        pool=None if said.pool is None or objective is None else _stated_pool(plan, said.pool, inputs),
        front=None if said.front is None else _stated_front(said.front, inputs),
        conflicts=said.conflicts,
    )


def stated_beside(
    inputs: SitingInputs, new: Sequence[str], closed: Sequence[str], units: Sequence[UnitsAt] = ()
) -> Choice:
    """A choice by new sites and those usable ones that close; all other usable existing sites stay."""
    usable = set(inputs.ground.usable.tolist())
    number = numbers(inputs.sites)
    gone = [one for one in standing_ids(inputs.sites) if number[False, one] not in usable]
    return stated_choice(inputs.sites, new=new, closed=[*closed, *gone], units=units)


def _stated_pool(plan: SitingPlan, said: PoolOfPlans, inputs: SitingInputs) -> Pool:
    def answer(one: OtherPlan) -> SitingAnswer:
        return SitingAnswer(
            question=plan.question,
            status="feasible",
            **inputs.chosen(stated_beside(inputs, one.sites, one.closed, one.units)),
            objective=one.objective,
            bound=one.bound,
        )

    first = SitingAnswer(question=plan.question, status=plan.status, chosen=(), objective=0.0, bound=0.0)
    plans = (first, *map(answer, said.plans))
    return Pool(plans=plans, differ=said.least_difference, limit=None, complete=said.complete)


def _stated_front(said: FrontOfPlans, inputs: SitingInputs) -> Frontier:
    spent = {"cost": closing_all(inputs.ground)}
    return Frontier(
        lead=AIMS[said.optimized],
        points=tuple(
            FrontierPoint(
                chosen=inputs.layout.columns(stated_beside(inputs, point.sites, point.closed)),
                values={},
                limits={AIMS[aim]: value - spent.get(aim, 0.0) for aim, value in point.limits.items()},
                bound=point.bound,
                exact=point.exact,
            )
            for point in said.points
        ),
    )
