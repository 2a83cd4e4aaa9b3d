"""Why each site: what is lost without it, found by solving again, never by a phrase."""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.problem import SitingAnswer, SitingProblem
from optimizer.siting.questions import Model
from optimizer.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """The best that can be done without one site.

    Parameters
    ----------
    site
        The site, as a column of the problem.
    without
        The question answered again with this site forbidden and all else as before.
    """

    site: int
    without: SitingAnswer


def reasons(
    problem: SitingProblem, answer: SitingAnswer, model: Model, *, watch: Watch | None = None
) -> tuple[Reason, ...]:
    """Solve again without each chosen site that is not fixed; in order of the sites."""
    watch = watch or Watch()
    chosen = [site for site in answer.chosen if not problem.fixed[site]]
    found: list[Reason] = []
    for done, site in enumerate(chosen):
        watch.tell("reasons", done / len(chosen))
        found.append(Reason(site=site, without=_without(problem, site, model, watch)))
        if watch.stopped_by:
            break
    return tuple(found)


def _without(problem: SitingProblem, site: int, model: Model, watch: Watch) -> SitingAnswer:
    """The answer to the same problem without one column, in the columns of the whole."""
    others = np.delete(np.arange(problem.sites), site)
    answer = model(
        SitingProblem(
            response_s=problem.response_s[:, others],
            people=problem.people,
            limit_s=problem.limit_s,
            fixed=problem.fixed[others],
            places=problem.places,
            cost=None if problem.cost is None else problem.cost[others],
        ),
        watch,
    )
    return replace(answer, chosen=tuple(others[list(answer.chosen)].tolist()))
