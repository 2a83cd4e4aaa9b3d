"""What is wrong with the answers that a siting plan states, from the arrays alone."""

from collections.abc import Iterator

from optimizer.check import figure_violations, kept_by, violations
from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.asked import Asked
from optimizer.siting.marginal import replace_places
from optimizer.siting.robust import measured
from scenarios.beside_check import broken_beside
from scenarios.site_asked import asked_of, road_problems
from scenarios.site_inputs import SitingInputs
from scenarios.site_plan import Solved, curve_asked, curve_problem

_RELATIVE = 1e-9


def broken_answers(inputs: SitingInputs, solved: Solved) -> Iterator[tuple[str, str]]:
    """Where an answer of a plan does not hold, and why."""
    section, problem = inputs.ground.section, inputs.problem
    asked = asked_of(section)
    for text in _answer(inputs, problem, solved.answer, asked):
        yield "objective", text
    for point in solved.curve:
        places = int(problem.fixed.sum()) + point.opened
        limited = replace_places(curve_problem(problem), places)
        for text in _answer(inputs, limited, point.answer, curve_asked(asked)):
            yield f"curve.points[{point.opened}]", text
    for _, reason in solved.reasons:
        if set(reason.columns) & set(reason.without.chosen):
            yield "reasons", "a site is chosen in the plan without it"
        for text in _answer(inputs, problem, reason.without, asked):
            yield "reasons", text
    yield from broken_beside(inputs, solved, _answer)
    for text in _without_plan(solved):
        yield "status", text
    for text in _beaten(solved, more=asked.more_is_better):
        yield "bound", text


def _answer(inputs: SitingInputs, problem: SitingProblem, answer: SitingAnswer, asked: Asked) -> list[str]:
    robust, states = inputs.ground.section.robust, road_problems(inputs)
    if answer.status in ("infeasible", "cancelled") and answer.objective is not None:
        return [f"an answer that is {answer.status} has an objective"]
    if answer.status == "infeasible" and answer.bound is not None:
        return ["an answer that is infeasible has a bound"]
    if len(set(answer.chosen)) < len(answer.chosen):
        return ["a site is chosen twice"]
    if robust is None or answer.objective is None:
        return list(violations(problem, answer, asked))
    objective = measured(states, answer.chosen, measure=robust.measure, tail=robust.tail)
    return [*kept_by(problem, answer.chosen), *figure_violations(answer, objective, more=True)]


def _without_plan(solved: Solved) -> Iterator[str]:
    """An answer that ends without a plan and without a proof was stopped by somebody or something."""
    answers = [solved.answer, *(point.answer for point in solved.curve)]
    answers += [reason.without for _, reason in solved.reasons]
    if solved.stopped_by is None and any(answer.status == "cancelled" for answer in answers):
        yield "an answer is called cancelled, but nothing stopped the search"
    unsaid = [answer.status == "feasible" and answer.gap == 0 for answer in answers[:1]]
    if solved.stopped_by is None and any(unsaid):
        yield "the answer is proven, and not called optimal"


def _beaten(solved: Solved, *, more: bool) -> Iterator[str]:
    """A bound is no bound when a choice that the same rules allow is better."""
    answer, sign = solved.answer, 1 if more else -1
    if answer.bound is None:
        return
    others = [reason.without.objective for _, reason in solved.reasons]
    others += [other.objective for other in solved.further.pool.plans[1:]] if solved.further.pool else []
    for value in others:
        if value is not None and sign * value > sign * answer.bound + _RELATIVE * abs(value):
            yield f"another plan under the same rules reaches {value:g}, beyond the bound {answer.bound:g}"
