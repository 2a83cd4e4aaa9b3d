"""What is wrong with what a plan states beside its answer: other plans, the front, the plan for every day."""

import math
from collections.abc import Callable, Iterator

from optimizer.check import kept_by
from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.frontier import Frontier, FrontierPoint, better, leading
from optimizer.siting.pool import Pool
from optimizer.siting.robust import covered_by_state
from scenarios.site_asked import asked_of, road_problems
from scenarios.site_conflicts import wrong_conflicts
from scenarios.site_further import AIMS, aims_of
from scenarios.site_inputs import SitingInputs
from scenarios.site_plan import Solved

Check = Callable[[SitingInputs, SitingProblem, SitingAnswer, Asked], list[str]]
_ROUNDING = 1e-6
_DIFFERENT = 0.2
"""Share of the new sites of a plan in which the others differ, as ``pool`` has it."""


def broken_beside(inputs: SitingInputs, solved: Solved, check: Check) -> Iterator[tuple[str, str]]:
    """Where a further part does not hold, and why; ``check`` finds what is wrong with one answer."""
    beside = solved.further
    if beside.pool is not None:
        for text in _pool(inputs, solved, beside.pool, check):
            yield "further.pool", text
    if beside.front is not None:
        for text in _front(inputs, beside.front):
            yield "further.front", text
    if beside.nominal is not None:
        for text in _nominal(inputs, solved, beside.nominal):
            yield "further.robust", text
    if beside.conflicts and solved.answer.status != "infeasible":
        yield "further.conflicts", "rules are said to exclude each other, and there is a plan"
    for text in wrong_conflicts(inputs, beside.conflicts):
        yield "further.conflicts", text


def _pool(inputs: SitingInputs, solved: Solved, found: Pool, check: Check) -> Iterator[str]:
    """Other plans are allowed, worth what they say, near the best and different from those before."""
    rule, asked = inputs.ground.section.pool, asked_of(inputs.ground.section)
    assert rule is not None
    plans = (solved.answer, *found.plans[1:])
    fixed = inputs.problem.fixed
    free = [{site for site in plan.chosen if not fixed[site]} for plan in plans]
    differ = max(1, math.ceil(_DIFFERENT * len(free[0]) - _ROUNDING))
    if found.differ != differ:
        yield f"plans must differ in {differ} sites, not {found.differ}"
    if len(plans) - 1 > rule.plans or (found.complete and len(plans) - 1 == rule.plans):
        yield f"{len(plans) - 1} other plans, at most {rule.plans} are asked for; none can be left unseen"
    for number, plan in enumerate(plans[1:], start=1):
        yield from check(inputs, inputs.problem, plan, asked)
        if not _near(solved.answer, plan, rule.within, more=asked.more_is_better):
            yield f"plan {number} is worse than the best by more than {rule.within:.1%}"
        if any(len(before - free[number]) < differ for before in free[:number]):
            yield f"plan {number} differs from one before it in fewer than {differ} sites"


def _near(best: SitingAnswer, plan: SitingAnswer, within: float, *, more: bool) -> bool:
    limit = best.bound if best.bound is not None else best.objective
    if limit is None or plan.objective is None:
        return False
    worse = limit - plan.objective if more else plan.objective - limit
    return worse <= within * abs(limit) + _ROUNDING * max(1.0, abs(limit))


def _front(inputs: SitingInputs, found: Frontier) -> Iterator[str]:
    """Points keep the rules and their limits, no one beats another, and bounds do not contradict them."""
    rule = inputs.ground.section.front
    assert rule is not None
    lead = leading(tuple(AIMS[aim] for aim in rule.aims))
    if found.lead != lead:
        yield f"{lead} is optimized, not {found.lead}"
        return
    names = [AIMS[aim] for aim in rule.aims]
    values = [{name: aims_of(inputs, point.chosen)[name] for name in names} for point in found.points]
    if len(found.points) > rule.points:
        yield f"{len(found.points)} points, at most {rule.points} are asked for"
    for number, (point, own) in enumerate(zip(found.points, values, strict=True)):
        yield from kept_by(inputs.problem, point.chosen)
        if any(
            better(name, limit, own[name]) and not _same(limit, own[name])
            for name, limit in point.limits.items()
        ):
            yield f"point {number} does not keep its limits"
        yield from _bound(number, point, own[lead], more=lead == "coverage")
        for other in values[:number] + values[number + 1 :]:
            if not any(better(name, own[name], other[name]) for name in names):
                yield f"point {number} is no better than another in any aim"
                break


def _bound(number: int, point: FrontierPoint, value: float, *, more: bool) -> Iterator[str]:
    beyond = point.bound - value if more else value - point.bound
    if beyond < 0 and not _same(point.bound, value):
        yield f"point {number}: the bound {point.bound:g} is worse than the value {value:g}"
    if point.exact and not _same(point.bound, value):
        yield f"point {number} is called proven with the bound {point.bound:g} and the value {value:g}"


def _same(one: float, other: float) -> bool:
    return one == other or abs(one - other) <= _ROUNDING * max(1.0, abs(one), abs(other))


def _nominal(inputs: SitingInputs, solved: Solved, nominal: SitingAnswer) -> Iterator[str]:
    """The plan for every day is allowed, and covers no fewer on such a day than the robust one."""
    if len(set(nominal.chosen)) < len(nominal.chosen):
        yield "a site of the plan for every day is named twice"
    yield from kept_by(inputs.problem, nominal.chosen)
    if solved.answer.objective is None or solved.stopped_by is not None:
        return
    states = road_problems(inputs)
    own, other = (
        covered_by_state(states, nominal.chosen)[0],
        covered_by_state(states, solved.answer.chosen)[0],
    )
    if own < other:
        yield f"the plan for every day covers {own} people on such a day, the robust one {other}"
