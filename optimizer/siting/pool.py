"""Near-optimal plans that differ: what else would do nearly as well, and a proof when nothing else does."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.rules import Rule
from optimizer.siting.questions import Model, more_is_better
from optimizer.watch import Watch

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Plans in the order found, the best first; none is better than the one before when all are proven.

    Parameters
    ----------
    plans
        Each with its own objective and bound: the bound of all plans that differ enough from those before it.
        Empty when the question has no plan.
    differ
        Of two plans the later one does without at least so many of the free sites that the earlier opens.
    limit
        Worst objective that still counts as near the optimum, inclusive.
    complete
        Whether it is proven that no further plan differs so much from all of these and is within the limit.
    """

    plans: tuple[SitingAnswer, ...]
    differ: int
    limit: float | None
    complete: bool
    stopped_by: str | None = None


def pool(
    problem: SitingProblem,
    model: Model,
    *,
    plans: int = 5,
    gap: float = 0.05,
    part: float = 0.2,
    watch: Watch | None = None,
) -> Pool:
    """Find up to ``plans`` plans within ``gap`` of the optimum, each different from all before it.

    The question is answered again with a rule for each plan found: of its free sites A at most |A| - d may
    open again (a cut as in Camm (2014), doi:10.1287/inte.2013.0724, with a distance). d is ``part`` of the
    free sites that the best plan opens, rounded up, and at least 1. Any model that keeps rules can be asked.

    Parameters
    ----------
    gap
        Share of the optimum by which a plan may be worse, inclusive; counted from the best plan's bound, so
        that it holds for the true optimum even when that is not proven.
    part
        Share of the free sites in which plans differ, 0 to 1.

    Raises
    ------
    ValueError
        ``plans`` below 1, a negative gap, or a part outside 0 to 1.
    """
    if plans < 1 or gap < 0 or not 0 <= part <= 1:
        raise ValueError(f"pool: want plans >= 1, gap >= 0 and part from 0 to 1, got {plans}, {gap}, {part}")
    watch = watch or Watch()
    best = model(problem, watch)
    if best.objective is None:
        return Pool(
            plans=(),
            differ=0,
            limit=None,
            complete=best.status == "infeasible",
            stopped_by=best.stopped_by,
        )
    differ = max(1, math.ceil(part * len(_free(problem, best)) - _ROUNDING))
    limit = _limit(best, gap)
    found, complete = [best], False
    while len(found) < plans and not complete and not watch.stopped_by:
        watch.tell("pool", len(found) / plans)
        answer = model(_differing(problem, found, differ), watch)
        complete = _none_within(answer, limit)
        if not _within(answer, limit):
            break
        found.append(answer)
    return Pool(
        plans=tuple(found), differ=differ, limit=limit, complete=complete, stopped_by=watch.stopped_by
    )


def _free(problem: SitingProblem, answer: SitingAnswer) -> list[int]:
    """Free sites that a plan opens, each once."""
    return sorted({site for site in answer.chosen if not problem.fixed[site]})


def _limit(best: SitingAnswer, gap: float) -> float:
    """Worst objective within the gap, counted from the bound."""
    bound = best.bound if best.bound is not None else best.objective
    assert bound is not None
    return bound - gap * abs(bound) if more_is_better(best.question) else bound + gap * abs(bound)


def _within(answer: SitingAnswer, limit: float) -> bool:
    if answer.objective is None:
        return False
    slack = _ROUNDING * max(1.0, abs(limit))
    beyond = limit - answer.objective if more_is_better(answer.question) else answer.objective - limit
    return beyond <= slack


def _none_within(answer: SitingAnswer, limit: float) -> bool:
    """Whether an answer proves that no plan is within the limit."""
    if answer.status == "infeasible":
        return True
    if answer.bound is None:
        return False
    return not _within(replace(answer, objective=answer.bound), limit)


def _differing(problem: SitingProblem, found: Iterable[SitingAnswer], differ: int) -> SitingProblem:
    """The problem with a rule for each plan found."""
    rules = list(problem.rules)
    for number, answer in enumerate(found, start=1):
        free = _free(problem, answer)
        rules.append(
            Rule(
                name=f"different from plan {number}",
                sites=np.array(free, np.int64),
                amount=np.ones(len(free)),
                at_most=float(len(free) - differ),
                structural=True,
            )
        )
    return replace(problem, rules=tuple(rules))
