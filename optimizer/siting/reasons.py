"""Why each site: what is lost without it, found by solving again, never by a phrase."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import NEVER_DS, Question, SitingAnswer, SitingProblem
from optimizer.rules import Rule
from optimizer.siting.questions import Model
from optimizer.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """The best that can be done without one site.

    Parameters
    ----------
    columns
        What stands for the site: its column, or all that do (by year, by team).
    without
        The question answered again with these columns forbidden and all else as before. Where p-median and
        p-center must serve rows that no other site reaches, there is no plan without it: infeasible, with
        these rows as ``unmet``.
    """

    columns: tuple[int, ...]
    without: SitingAnswer


def reasons(
    problem: SitingProblem,
    answer: SitingAnswer,
    model: Model,
    *,
    sites: Iterable[tuple[int, ...]] | None = None,
    watch: Watch | None = None,
) -> tuple[Reason, ...]:
    """Solve again without each chosen site that is not fixed; in order of the sites.

    Parameters
    ----------
    sites
        Columns of each site to be explained, where several stand for one; each chosen free column otherwise.
    """
    watch = watch or Watch()
    explained = [(j,) for j in answer.chosen if not problem.fixed[j]] if sites is None else list(sites)
    found: list[Reason] = []
    for done, columns in enumerate(explained):
        watch.tell("reasons", done / len(explained))
        lost = _only_by(problem, columns, answer.question)
        without = _nobody_else(answer, lost) if lost else _without(problem, columns, model, watch)
        found.append(Reason(columns=columns, without=without))
        if watch.stopped_by:
            break
    return tuple(found)


def _only_by(problem: SitingProblem, columns: tuple[int, ...], question: Question) -> tuple[int, ...]:
    """Rows that this site reaches and no other, where the question must serve them."""
    if question not in ("p_median", "p_center"):
        return ()
    reached = problem.response_ds < NEVER_DS
    mine = reached[:, list(columns)]
    only = mine.any(axis=1) & (reached.sum(axis=1) == mine.sum(axis=1))
    counts = (problem.people > 0) | (question == "p_center")
    return tuple(np.flatnonzero(only & counts).tolist())


def _nobody_else(answer: SitingAnswer, lost: tuple[int, ...]) -> SitingAnswer:
    return replace(
        answer, status="infeasible", chosen=(), objective=None, bound=None, unmet=lost, stopped_by=None
    )


def _without(problem: SitingProblem, columns: tuple[int, ...], model: Model, watch: Watch) -> SitingAnswer:
    """The answer to the same problem with some columns forbidden by a rule."""
    shut = Rule(name="without", sites=np.array(columns, np.int64), amount=np.ones(len(columns)), at_most=0.0)
    return model(replace(problem, rules=(*problem.rules, shut)), watch)
