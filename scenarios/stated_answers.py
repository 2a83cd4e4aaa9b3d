"""The solver's answers as a plan states them, back in columns of the problem."""

from collections.abc import Iterator

import numpy as np

from optimizer.problem import Question, SitingAnswer, Status
from optimizer.siting.marginal import CurvePoint
from optimizer.siting.reasons import Reason
from scenarios.plan import CurvePoint as StatedPoint
from scenarios.plan import SiteReason, SitingPlan
from scenarios.site_choice import Choice, decided, numbers, standing_ids, stated_choice
from scenarios.site_inputs import SitingInputs
from scenarios.site_plan import Solved
from scenarios.stated_further import stated_further


def stated_answers(plan: SitingPlan, inputs: SitingInputs) -> Solved:
    """Answer, curve and reasons of a plan; raises ``KeyError`` where ``unknown_sites`` finds something."""
    question: Question = plan.question
    answer = SitingAnswer(
        question=question,
        status=plan.status,
        **(inputs.chosen(decided(plan, inputs.sites)) if plan.objective is not None else {"chosen": ()}),
        objective=None if plan.objective is None else plan.objective.value,
        bound=None if plan.bound is None else plan.bound.value,
        unmet=_unmet(plan, inputs),
    )
    of_curve: Question = "mclp" if question == "lscp" else question
    return Solved(
        answer=answer,
        curve=tuple(
            CurvePoint(opened=p.open, answer=_answer(inputs, of_curve, p.status, p.objective, p.bound, p))
            for p in plan.curve.points
        ),
        reasons=tuple(
            (number, Reason(columns=inputs.layout.of_site(number), without=without))
            for number, without in _reasons(plan, inputs)
        ),
        stopped_by=plan.stopped_by,
        further=stated_further(plan, inputs),
    )


def unknown_sites(plan: SitingPlan, inputs: SitingInputs) -> Iterator[tuple[str, str]]:
    """Where a plan names a site, or a choice, that the scenario does not allow; with what it names."""
    known = numbers(inputs.sites)
    usable = {inputs.sites.places[n].id for n in inputs.ground.usable.tolist()}
    named = [
        *(("decisions.open", site.id, True) for site in plan.decisions.open),
        *(("decisions.keep", site.id, False) for site in plan.decisions.keep),
        *(("decisions.teams", one.site, not one.existing) for one in plan.decisions.teams),
        *(("curve", one, True) for point in plan.curve.points for one in point.sites),
        *(("reasons", reason.site, not reason.existing) for reason in plan.reasons),
        *(("reasons", one, True) for reason in plan.reasons for one in reason.sites),
    ]
    strange = [(key, one) for key, one, new in named if (new, one) not in known or one not in usable]
    yield from strange
    if not strange:
        try:
            stated_answers(plan, inputs)
        except (KeyError, ValueError) as missing:
            yield "decisions", str(missing)


def _reasons(plan: SitingPlan, inputs: SitingInputs) -> Iterator[tuple[int, SitingAnswer]]:
    known = numbers(inputs.sites)
    for reason in plan.reasons:
        answer = _answer(inputs, plan.question, reason.status, reason.without, reason.bound, reason)
        yield known[not reason.existing, reason.site], answer


def _answer(
    inputs: SitingInputs,
    question: Question,
    status: Status,
    objective: float | None,
    bound: float | None,
    said: StatedPoint | SiteReason,
) -> SitingAnswer:
    chosen = {"chosen": ()} if objective is None else inputs.chosen(_choice(inputs, said))
    return SitingAnswer(question=question, status=status, **chosen, objective=objective, bound=bound)


def _choice(inputs: SitingInputs, said: StatedPoint | SiteReason) -> Choice:
    usable = set(inputs.ground.usable.tolist())
    number = numbers(inputs.sites)
    gone = [one for one in standing_ids(inputs.sites) if number[False, one] not in usable]
    return stated_choice(
        inputs.sites,
        new=said.sites,
        closed=[*said.closed, *gone],
        teams=said.teams if isinstance(said, SiteReason) else (),
        years=said.years if isinstance(said, SiteReason) else None,
        moved=said.moves,
        units=said.units,
    )


def _unmet(plan: SitingPlan, inputs: SitingInputs) -> tuple[int, ...]:
    """Rows of the points that an infeasible plan names."""
    named = {record for warning in plan.warnings if warning.code == "X104" for record in warning.records}
    ids = inputs.points.id[inputs.row_points(np.arange(inputs.problem.rows))].astype(str)
    return tuple(np.flatnonzero(np.isin(ids, sorted(named))).tolist())
