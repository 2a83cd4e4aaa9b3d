"""The solver's answers as a plan states them, back in columns of the problem."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.problem import Question, SitingAnswer, Status
from optimizer.siting.marginal import CurvePoint
from optimizer.siting.reasons import Reason
from scenarios.plan import SitingPlan
from scenarios.site_inputs import SitingInputs
from scenarios.site_plan import Solved


def columns_of(inputs: SitingInputs) -> dict[tuple[bool, str], int]:
    """Column of each usable site by whether it is new, and id."""
    sites = inputs.sites
    return {
        (not sites.existing[number], sites.places[number].id): column
        for column, number in enumerate(inputs.usable.tolist())
    }


def stated_answers(plan: SitingPlan, inputs: SitingInputs) -> Solved:
    """Answer, curve and reasons of a plan; every site it names must be known to ``columns_of``."""
    names = _Names(columns_of(inputs))
    question: Question = plan.question
    answer = SitingAnswer(
        question=question,
        status=plan.status,
        chosen=tuple(
            sorted(
                [names.new(site.id) for site in plan.decisions.open]
                + [names.standing[site.id] for site in plan.decisions.keep]
            )
        ),
        objective=None if plan.objective is None else plan.objective.value,
        bound=None if plan.bound is None else plan.bound.value,
        unmet=_unmet(plan, inputs),
    )
    of_curve: Question = "mclp" if question == "lscp" else question
    curve = [
        CurvePoint(
            opened=p.open,
            answer=_answer(of_curve, p.status, p.objective, p.bound, names.opened(p.sites, p.closed)),
        )
        for p in plan.curve.points
    ]
    reasons = []
    for r in plan.reasons:
        site = names.standing.get(r.site, -1) if (True, r.site) not in names.columns else names.new(r.site)
        opened = [column for column in names.opened(r.sites, r.closed) if column != site]
        reasons.append(Reason(site=site, without=_answer(question, r.status, r.without, r.bound, opened)))
    return Solved(answer=answer, curve=tuple(curve), reasons=tuple(reasons), stopped_by=plan.stopped_by)


@dataclass(frozen=True, slots=True)
class _Names:
    """Columns by whether the site is new, and id."""

    columns: dict[tuple[bool, str], int]

    @property
    def standing(self) -> dict[str, int]:
        return {one: column for (new, one), column in self.columns.items() if not new}

    def new(self, one: str) -> int:
        return self.columns[True, one]

    def opened(self, new: Sequence[str], closed: Collection[str]) -> list[int]:
        """Columns of these new sites and of the existing ones that are not closed."""
        kept = [column for one, column in self.standing.items() if one not in closed]
        return [*map(self.new, new), *kept]


def _answer(
    question: Question, status: Status, objective: float | None, bound: float | None, opened: Sequence[int]
) -> SitingAnswer:
    chosen = () if objective is None else tuple(sorted(opened))
    return SitingAnswer(question=question, status=status, chosen=chosen, objective=objective, bound=bound)


def _unmet(plan: SitingPlan, inputs: SitingInputs) -> tuple[int, ...]:
    """Rows of the points that an infeasible plan names."""
    named = {record for warning in plan.warnings if warning.code == "X104" for record in warning.records}
    ids = inputs.points.id[inputs.points.row_point].astype(str)
    return tuple(np.flatnonzero(np.isin(ids, sorted(named))).tolist())
